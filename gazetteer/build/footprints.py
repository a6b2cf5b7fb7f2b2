"""Take the outlines that the curated places name out of Who's On First's country archives.

`python -m gazetteer.build.footprints ARCHIVE...`

An archive is `whosonfirst-data-admin-xx.tar.xz`, a country's repository. What is taken is every `wof:` key
in the `footprint` column of `places.csv`; a record that is deprecated, superseded or missing stops the build.
"""

from __future__ import annotations

import argparse
import csv
import json
import re
import tarfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import geopandas as gpd
import shapely
from shapely.geometry import shape

from gazetteer.build.naturalearth import rounded, write
from gazetteer.data import DATA

# Who drew the outline (the record's `src:geom`), and on what terms.
_LICENCES: Final = {
    "meso": ("Mesoshapes", "CC0 1.0"),
    "whosonfirst": ("Who's On First", "CC0 1.0"),
}


def wanted(places: Path) -> frozenset[int]:
    """Give the identifiers of the outlines that the curated places name."""
    with places.open(encoding="utf-8", newline="") as lines:
        keys = " ".join(row["footprint"] for row in csv.DictReader(lines))
    return frozenset(int(number) for number in re.findall(r"\bwof:(\d+)", keys))


def outlines(archives: list[Path], identifiers: frozenset[int]) -> gpd.GeoDataFrame:
    """Read the records out of the archives, in order of their identifiers."""
    records = {record["id"]: record for archive in archives for record in _records(archive, identifiers)}
    missing = identifiers - records.keys()
    if missing:
        message = f"no archive has these records: {', '.join(map(str, sorted(missing)))}"
        raise LookupError(message)
    return gpd.GeoDataFrame([_row(records[number]) for number in sorted(records)], crs="EPSG:4326")


def main(arguments: list[str] | None = None) -> None:
    """Read the archives and write `footprints.parquet`."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("archives", type=Path, nargs="+")
    parser.add_argument("--to", type=Path, default=DATA, help="folder that has places.csv, and is written to")
    given = parser.parse_args(arguments)
    write(outlines(given.archives, wanted(given.to / "places.csv")), given.to / "footprints.parquet")


def _records(archive: Path, identifiers: frozenset[int]) -> Iterator[dict[str, Any]]:
    names = {f"{number}.geojson" for number in identifiers}
    with tarfile.open(archive) as members:
        for member in members:
            if member.name.rpartition("/")[2] not in names:
                continue
            file = members.extractfile(member)
            if file is not None:
                yield json.load(file)


def _row(record: dict[str, Any]) -> dict[str, Any]:
    properties = record["properties"]
    number = properties["wof:id"]
    if properties.get("edtf:deprecated") not in {None, "", "uuuu", ".."} or properties.get("wof:superseded_by"):
        message = f"record {number}, {properties['wof:name']}, is deprecated or superseded"
        raise ValueError(message)
    author, licence = _LICENCES[properties["src:geom"]]
    outline = shapely.transform(shape(record["geometry"]), rounded)
    if not shapely.is_valid(outline):
        message = f"rounding broke the outline of record {number}"
        raise ValueError(message)
    return {
        "key": f"wof:{number}",
        "name": properties["wof:name"],
        "placetype": properties["wof:placetype"],
        "country_code": properties["wof:country"],
        "author": author,
        "licence": licence,
        "last_modified": datetime.fromtimestamp(properties["wof:lastmodified"], UTC).date().isoformat(),
        "geometry": outline,
    }


if __name__ == "__main__":
    main()
