"""The curated layer: the places that this project vouches for, each with the source of its coordinates."""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Final, TypeVar

from gazetteer.layer import About, Layer, Record
from gazetteer.place import DamagedDataError, MissingDataError, Name, NameKind, Place, Precision, RadiusBasis

CURATED: Final = "curated"

#: The name of the pack of the places that a desk adds itself (`gazetteer.own`).
OWN: Final = "desk"

#: The layers that a desk vouches for, the one of more authority first.
VOUCHED: Final = (OWN, CURATED)

ABOUT: Final = About(
    name=CURATED,
    prefix=CURATED,
    title="curated gazetteer (GeoNames, CC BY 4.0; Who's On First; ACLED; Wikipedia; Natural Earth)",
    licence="Each place cites its source; see SOURCES.md",
    source="",
)

_Value = TypeVar("_Value")


def layer(directory: Path) -> Layer:
    """Read the curated layer, `places.csv` and `names.csv` of a directory, into memory.

    Raises
    ------
    MissingDataError, DamagedDataError
        If a file is not there, or a row says what cannot be; the message names the row.
    """
    return Layer.of(ABOUT, _records(directory))


def _records(directory: Path) -> Iterator[Record]:
    names: defaultdict[str, list[Name]] = defaultdict(list)
    for where, row in _rows(directory / "names.csv"):
        names[row["place_id"]].append(_checked(_name, row, where))
    for where, row in _rows(directory / "places.csv"):
        own = tuple(names.pop(row["place_id"], ()))
        if not own:
            message = f"{where}: {row['place_id']} has no name in names.csv"
            raise DamagedDataError(message)
        yield Record(_checked(_place, row, where), own)
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


def _name(row: dict[str, str]) -> Name:
    return Name(row["text"], row["language"], NameKind(row["kind"]), _day(row["valid_from"]), _day(row["valid_to"]))


def _place(row: dict[str, str]) -> Place:
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
        population=_whole(row["population"]),
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
