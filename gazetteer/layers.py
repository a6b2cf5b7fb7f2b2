"""From the committed files to places: the curated layer, and the units of the boundary layer."""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any, Final, TypeVar

import pandas as pd

from gazetteer.place import DamagedDataError, MissingDataError, Name, NameKind, Place, Precision, RadiusBasis

CURATED: Final = "curated"
NATURALEARTH: Final = "naturalearth"

_Value = TypeVar("_Value")


def curated(directory: Path) -> Iterator[Place]:
    """Read the curated layer, `places.csv` and `names.csv` of a directory.

    Raises
    ------
    MissingDataError, DamagedDataError
        If a file is not there, or a row says what cannot be; the message names the row.
    """
    names: defaultdict[str, list[Name]] = defaultdict(list)
    for where, row in _rows(directory / "names.csv"):
        names[row["place_id"]].append(_checked(_name, row, where))
    for where, row in _rows(directory / "places.csv"):
        own = tuple(names.pop(row["place_id"], ()))
        if not own:
            message = f"{where}: {row['place_id']} has no name in names.csv"
            raise DamagedDataError(message)
        yield _checked(partial(_place, names=own), row, where)
    if names:
        message = f"names.csv names places that places.csv has not: {', '.join(sorted(names))}"
        raise DamagedDataError(message)


def replaced(directory: Path) -> frozenset[str]:
    """Give the identifiers of the places of other layers that a curated place stands for."""
    keys: set[str] = set()
    for _, row in _rows(directory / "places.csv"):
        keys.add(row["same_as"])
        if row["feature_class"] == "A":
            keys.add(row["footprint"])
    return frozenset(keys - {""})


def naturalearth(directory: Path) -> Iterator[Place]:
    """Read the countries and first-level divisions of the boundary layer, without their outlines."""
    columns = ["key", "country_code", "name", "variants", "longitude", "latitude", "uncertainty_km"]
    for file, more in (("countries.parquet", []), ("divisions.parquet", ["feature_code"])):
        path = directory / file
        if not path.is_file():
            message = f"the boundary layer is incomplete, there is no {path.name} in {path.parent}"
            raise MissingDataError(message)
        table = pd.read_parquet(path, columns=columns + more)
        for row in table.to_dict("records"):
            yield _unit({str(column): value for column, value in row.items()})


def _unit(row: dict[str, Any]) -> Place:
    code = row.get("feature_code", "PCLI")
    precision = {"PCLI": Precision.COUNTRY, "ADM1": Precision.ADMIN1, "ADM2": Precision.ADMIN2}[code]
    variants = (Name(text, kind=NameKind.VARIANT) for text in row["variants"])
    return Place(
        place_id=row["key"],
        name=row["name"],
        names=(Name(row["name"], kind=NameKind.CONVENTIONAL), *variants),
        feature_class="A",
        feature_code=code,
        placetype={"PCLI": "country", "ADM1": "region", "ADM2": "county"}[code],
        country_code=row["country_code"] if isinstance(row["country_code"], str) else None,
        admin1=row["name"] if code == "ADM1" else None,
        admin2=row["name"] if code == "ADM2" else None,
        longitude=row["longitude"],
        latitude=row["latitude"],
        geo_precision=precision,
        uncertainty_km=row["uncertainty_km"],
        uncertainty_basis=RadiusBasis.POLYGON,
        footprint=row["key"],
        source="Natural Earth 4.1.0, point inside the outline, public domain",
        layer=NATURALEARTH,
    )


def _name(row: dict[str, str]) -> Name:
    return Name(row["text"], row["language"], NameKind(row["kind"]), _day(row["valid_from"]), _day(row["valid_to"]))


def _place(row: dict[str, str], *, names: tuple[Name, ...]) -> Place:
    longitude, latitude = _number(row["longitude"]), _number(row["latitude"])
    radius_km = _number(row["uncertainty_km"])
    if len({longitude is None, latitude is None, radius_km is None}) != 1:
        message = "longitude, latitude and uncertainty_km go together"
        raise ValueError(message)
    if longitude is not None and latitude is not None and not (abs(longitude) <= 180 and abs(latitude) <= 90):
        message = f"longitude {longitude}, latitude {latitude} is not a position in degrees"
        raise ValueError(message)
    if radius_km is not None and not radius_km > 0:
        message = f"uncertainty_km is {radius_km}"
        raise ValueError(message)
    return Place(
        place_id=row["place_id"],
        name=row["name"],
        names=names,
        feature_class=row["feature_class"],
        feature_code=row["feature_code"],
        placetype=row["placetype"],
        country_code=row["country_code"] or None,
        admin1=row["admin1"] or None,
        admin2=row["admin2"] or None,
        longitude=longitude,
        latitude=latitude,
        geo_precision=Precision(row["geo_precision"]),
        uncertainty_km=radius_km,
        uncertainty_basis=RadiusBasis(row["uncertainty_basis"]) if row["uncertainty_basis"] else None,
        footprint=row["footprint"] or None,
        geonames_id=_whole(row["geonames_id"]),
        wof_id=_whole(row["wof_id"]),
        wikidata_id=row["wikidata_id"] or None,
        valid_from=_day(row["valid_from"]),
        valid_to=_day(row["valid_to"]),
        source=row["source"],
        layer=CURATED,
    )


def _rows(path: Path) -> Iterator[tuple[str, dict[str, str]]]:
    """Rows with what to call them in a message."""
    if not path.is_file():
        message = f"the curated layer is incomplete, there is no {path.name} in {path.parent}"
        raise MissingDataError(message)
    with path.open(encoding="utf-8", newline="") as lines:
        for number, row in enumerate(csv.DictReader(lines), start=2):
            if None in row or None in row.values():
                message = f"{path.name}, line {number}: wrong number of cells"
                raise DamagedDataError(message)
            yield f"{path.name}, line {number}", row


def _checked(make: Callable[[dict[str, str]], _Value], row: dict[str, str], where: str) -> _Value:
    try:
        return make(row)
    except (KeyError, ValueError) as error:
        message = f"{where}: {error}"
        raise DamagedDataError(message) from error


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def _number(text: str) -> float | None:
    return float(text) if text else None


def _whole(text: str) -> int | None:
    return int(text) if text else None
