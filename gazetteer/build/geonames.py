"""Country packs out of GeoNames: a country dump, as `.txt` or `.zip`, with the alternate names beside it, if any."""

from __future__ import annotations

import csv
import io
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

from gazetteer.build.archive import members
from gazetteer.kinds import bare
from gazetteer.layer import About, Record
from gazetteer.place import (
    DamagedDataError,
    Name,
    NameKind,
    Place,
    Precision,
    RadiusBasis,
    default_radius_km,
)
from gazetteer.space import great_circle_km

#: The dump's columns, as GeoNames' readme names them.
COLUMNS: Final = [
    "geonameid",
    "name",
    "asciiname",
    "alternatenames",
    "latitude",
    "longitude",
    "feature_class",
    "feature_code",
    "country_code",
    "cc2",
    "admin1_code",
    "admin2_code",
    "admin3_code",
    "admin4_code",
    "population",
    "elevation",
    "dem",
    "timezone",
    "modification_date",
]
_ALTERNATE: Final = [
    "alternateNameId",
    "geonameid",
    "isolanguage",
    "name",
    "preferred",
    "short",
    "colloquial",
    "historic",
    "from",
    "to",
]
#: Files of alternate names that may lie beside a dump.
_BESIDE: Final = ("alternateNamesV2.txt", "alternateNamesV2.zip")
# Roads, waters, heights and areas have no extent in the dump, and a point would claim one.
_CLASSES: Final = frozenset("APS")
# Codes of what is no longer there.
_GONE: Final = frozenset(
    {"ADM1H", "ADM2H", "ADM3H", "ADM4H", "ADM5H", "ADMDH", "PCLH", "PPLH", "PPLCH", "PPLQ", "PPLW"}
)
# Not languages but links, codes and postcodes.
_NO_LANGUAGES: Final = frozenset({"link", "post", "iata", "icao", "faac", "fr_1793", "unlc", "phon", "piny", "tcid"})
#: How far beyond its outermost known settlement a unit may reach, as in `gazetteer.build.admin`.
_BEYOND: Final = 1.3


@dataclass(frozen=True, slots=True)
class Dump:
    """A country dump, read and checked."""

    about: About
    rows: tuple[dict[str, str], ...]
    names: dict[int, tuple[Name, ...]]
    wikidata: dict[int, str]


def read(path: Path, *, progress: Callable[[float], None] = lambda _: None) -> Dump:
    """Read a dump, without what is no longer there.

    Raises
    ------
    MissingDataError
        If there is no such file.
    DamagedDataError
        If it is broken, or no dump of GeoNames; the message says the member and the line.
    """
    rows: list[dict[str, str]] = []
    for name, lines in _texts(path):
        if name.lower() != "readme.txt":
            rows += _checked(lines, name=name, columns=COLUMNS)
        progress(0.5)
    rows = [row for row in rows if row["feature_code"] not in _GONE]
    countries = sorted({row["country_code"] for row in rows if row["country_code"]})
    if not countries:
        message = f"{path.name} holds no places of GeoNames"
        raise DamagedDataError(message)
    wanted = {int(row["geonameid"]) for row in rows}
    names, wikidata = _alternates(path.parent, wanted)
    progress(1.0)
    about = About(
        name="geonames-" + "-".join(countries).lower(),
        prefix="geonames",
        title=f"GeoNames: {', '.join(countries)}",
        licence="GeoNames, CC BY 4.0, geonames.org",
        source="GeoNames {number}, CC BY 4.0",
        edition=max(row["modification_date"] for row in rows),
        countries=tuple(countries),
    )
    return Dump(about, tuple(rows), names, wikidata)


def records(dump: Dump) -> Iterator[Record]:
    """Give the units, settlements and spots of a dump; whole countries are left to the world base."""
    units = {
        (row["feature_code"], row["admin1_code"], row["admin2_code"] if row["feature_code"] == "ADM2" else ""): row
        for row in dump.rows
        if row["feature_code"] in {"ADM1", "ADM2"}
    }
    reach = _reach(dump.rows)
    for row in sorted(dump.rows, key=lambda row: int(row["geonameid"])):
        if row["feature_class"] in _CLASSES and not row["feature_code"].startswith(("PCL", "ZN", "TERR")):
            record = _record(row, dump, units, reach)
            if record is not None:
                yield record


def _texts(path: Path) -> Iterator[tuple[str, io.TextIOBase]]:
    if path.suffix == ".txt" and path.is_file():
        with path.open(encoding="utf-8", newline="") as lines:
            yield path.name, lines
        return
    for member in members(path, suffix=".txt"):
        yield member.name, io.StringIO(_decoded(member.content, f"{path.name}: {member.name}"), newline="")


def _decoded(content: bytes, where: str) -> str:
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        message = f"{where} is not UTF-8 ({error}); nothing was installed"
        raise DamagedDataError(message) from error


def _checked(lines: io.TextIOBase, *, name: str, columns: list[str]) -> Iterator[dict[str, str]]:
    for number, cells in enumerate(csv.reader(lines, delimiter="\t", quoting=csv.QUOTE_NONE), start=1):
        if not cells:
            continue
        try:
            row = dict(zip(columns, cells, strict=True))
            _ = int(row["geonameid"]), float(row["latitude"]), float(row["longitude"]), int(row["population"] or 0)
        except ValueError as error:
            message = f"{name}, line {number}: no row of a GeoNames dump ({error}); nothing was installed"
            raise DamagedDataError(message) from error
        yield row


def _alternates(folder: Path, wanted: set[int]) -> tuple[dict[int, tuple[Name, ...]], dict[int, str]]:
    """The names with language and kind, and the Wikidata items, of the places that are wanted."""
    path = next((folder / name for name in _BESIDE if (folder / name).is_file()), None)
    names: defaultdict[int, list[Name]] = defaultdict(list)
    wikidata: dict[int, str] = {}
    if path is None:
        return {}, wikidata
    for name, lines in _texts(path):
        if "iso-language" in name.lower():
            continue
        for number, cells in enumerate(csv.reader(lines, delimiter="\t", quoting=csv.QUOTE_NONE), start=1):
            # The last columns are left out where they are empty.
            row = dict(zip(_ALTERNATE, [*cells, *[""] * len(_ALTERNATE)], strict=False))
            if not row["geonameid"].isdigit():
                message = f"{name}, line {number}: no row of alternate names; nothing was installed"
                raise DamagedDataError(message)
            place = int(row["geonameid"])
            if place not in wanted:
                continue
            if row["isolanguage"] == "wkdt":
                wikidata[place] = row["name"]
            elif row["isolanguage"] not in _NO_LANGUAGES and row["name"]:
                names[place].append(_name(row))
    return {place: tuple(dict.fromkeys(found)) for place, found in names.items()}, wikidata


def _name(row: dict[str, str]) -> Name:
    kind = NameKind.CONVENTIONAL if row["preferred"] == "1" else NameKind.VARIANT
    if row["historic"] == "1":
        kind = NameKind.HISTORIC
    return Name(row["name"], row["isolanguage"] or "und", kind, _day(row["from"]), _day(row["to"]))


def _day(text: str) -> date | None:
    """A whole day; the source also writes years and words, which are no day."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _reach(rows: tuple[dict[str, str], ...]) -> dict[tuple[str, str, str], float]:
    """How far the known settlements of each unit lie from the unit's point, with a margin, in km."""
    units: dict[tuple[str, str, str], tuple[float, float]] = {}
    for row in rows:
        code = row["feature_code"]
        if code in {"ADM1", "ADM2"}:
            second = row["admin2_code"] if code == "ADM2" else ""
            units[code, row["admin1_code"], second] = float(row["longitude"]), float(row["latitude"])
    reach: defaultdict[tuple[str, str, str], float] = defaultdict(float)
    for row in rows:
        if row["feature_class"] != "P":
            continue
        for key in (("ADM1", row["admin1_code"], ""), ("ADM2", row["admin1_code"], row["admin2_code"])):
            if key in units:
                km = great_circle_km(*units[key], float(row["longitude"]), float(row["latitude"]))
                reach[key] = max(reach[key], _BEYOND * km)
    return reach


def _record(
    row: dict[str, str],
    dump: Dump,
    units: dict[tuple[str, str, str], dict[str, str]],
    reach: dict[tuple[str, str, str], float],
) -> Record | None:
    number, code, feature_class = int(row["geonameid"]), row["feature_code"] or "PPL", row["feature_class"]
    population = int(row["population"] or 0) or None
    radius_km, basis = default_radius_km(code, population=population), RadiusBasis.DEFAULT
    precision = Precision.SETTLEMENT if feature_class == "P" else Precision.EXACT
    if feature_class == "A":
        key = (code, row["admin1_code"], row["admin2_code"] if code == "ADM2" else "")
        radius_km, basis = reach.get(key, 0.0), RadiusBasis.MEMBERS
        if not radius_km:
            return None  # nothing says how large it is
        precision = Precision.ADMIN1 if code == "ADM1" else Precision.ADMIN2
    first = units.get(("ADM1", row["admin1_code"], ""))
    second = units.get(("ADM2", row["admin1_code"], row["admin2_code"]))
    listed = dump.names.get(number, ())
    place = Place(
        place_id=f"geonames:{number}",
        name=row["name"],
        feature_class=feature_class,
        feature_code=code,
        placetype={"A": "region" if code == "ADM1" else "county", "P": "locality", "S": "venue"}[feature_class],
        country_code=row["country_code"] or None,
        admin1=first["name"] if first else None,
        admin2=second["name"] if second and code != "ADM1" else None,
        longitude=float(row["longitude"]),
        latitude=float(row["latitude"]),
        geo_precision=precision,
        uncertainty_km=round(radius_km, 1),
        uncertainty_basis=basis,
        geonames_id=number,
        wikidata_id=dump.wikidata.get(number),
        population=population,
    )
    known = {name.text for name in listed} | {row["name"]}
    spellings = [row["asciiname"], *row["alternatenames"].split(","), *([bare(row["name"])] * (feature_class == "A"))]
    return Record(
        place,
        (Name(row["name"]), *listed),
        spellings=tuple(dict.fromkeys(text for text in spellings if text and text not in known)),
        number=number,
    )
