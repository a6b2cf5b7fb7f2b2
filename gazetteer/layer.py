"""A layer of the gazetteer, kept in one SQLite file, and what it is asked."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from hashlib import file_digest, sha256
from math import cos, radians
from pathlib import Path
from threading import Lock
from typing import Any, Final
from urllib.parse import quote
from weakref import finalize

import numpy as np
from numpy.typing import NDArray

from gazetteer.names import fold
from gazetteer.place import (
    DamagedDataError,
    MissingDataError,
    Name,
    NameKind,
    Place,
    Precision,
    RadiusBasis,
    default_radius_km,
)
from gazetteer.tables import FIRST_DETAIL, FORM, IMPLIED, OWN, degrees, key_of, lines_of
from gazetteer.writing import About, Record, fill, write

#: Numbers of more digits are none of SQLite's.
_LONGEST_NUMBER: Final = 18

#: Rows that a long question reads at once.
_AT_ONCE: Final = 1_000

_AXES: Final = ("longitude", "latitude")

__all__ = ["About", "Hit", "Layer", "Record", "write"]


@dataclass(frozen=True, slots=True)
class Hit:
    """A place, and the one of its names that was asked for."""

    place: Place
    name: Name


class Layer:
    """A layer that can be asked; made by `Layer.open`, or `Layer.of` for a few places in memory.

    Threads may share one: it is only read.
    """

    def __init__(self, connection: sqlite3.Connection, *, path: Path | None) -> None:
        """Take an open connection to a finished layer."""
        self._connection = connection
        # Statements are cached with the connection, and threads that run one at the same time mix up their rows.
        self._lock = Lock()
        self._closed = finalize(self, connection.close)
        self.path = path
        told = dict(self._ask("SELECT key, value FROM about"))
        self.about = About(
            **{key: told[key] for key in ("name", "prefix", "title", "licence", "source", "edition")},
            countries=tuple(filter(None, told["countries"].split(" "))),
        )

    @classmethod
    def open(cls, path: Path) -> Layer:
        """Open a finished file, to be read and never written.

        Raises
        ------
        MissingDataError
            If there is no such file.
        DamagedDataError
            If it is no layer, or of another form than this release reads.
        """
        if not path.is_file():
            message = f"there is no layer {path}"
            raise MissingDataError(message)
        connection = _reading(path)
        try:
            (form,) = connection.execute("PRAGMA user_version").fetchone()
            if form == FORM:
                return cls(connection, path=path)
        except (sqlite3.DatabaseError, KeyError) as error:
            connection.close()
            message = f"{path.name} is no layer of the gazetteer ({error}): remove it and install or build it again"
            raise DamagedDataError(message) from error
        connection.close()
        message = f"{path.name} was made by another release: remove it and install or build it again"
        raise DamagedDataError(message)

    @classmethod
    def of(cls, about: About, records: Iterable[Record]) -> Layer:
        """Make a layer of a few places in memory."""
        connection = sqlite3.connect(":memory:", check_same_thread=False)
        fill(connection, about, records)
        return cls(connection, path=None)

    @cached_property
    def sha256(self) -> str:
        """Hash of the layer's file, or of its places where it has none."""
        if self.path is None:
            return sha256("\n".join(map(repr, self)).encode()).hexdigest()
        with self.path.open("rb") as file:
            return file_digest(file, "sha256").hexdigest()

    def close(self) -> None:
        """Let go of the file."""
        self._closed()

    def _ask(self, question: str, values: tuple[object, ...] = ()) -> list[tuple[Any, ...]]:
        with self._lock:
            return self._connection.execute(question, values).fetchall()

    def _scan(self, question: str, values: tuple[object, ...] = ()) -> Iterator[tuple[Any, ...]]:
        """Give many rows, some at a time."""
        with self._lock:
            cursor = self._connection.execute(question, values)
        while True:
            with self._lock:
                rows = cursor.fetchmany(_AT_ONCE)
            if not rows:
                return
            yield from rows

    def __len__(self) -> int:
        """Count the places."""
        ((count,),) = self._ask("SELECT count(*) FROM places")
        return int(count)

    def __iter__(self) -> Iterator[Place]:
        """Give every place, in the order in which they were written."""
        return map(self._place, self._scan("SELECT * FROM whole ORDER BY number > 0, abs(number)"))

    def bearers(self, key: str, *, country: str | None = None) -> list[Hit]:
        """Give every place that bears a folded name, in a country or in the world."""
        rows = self._ask(
            "SELECT n.detail, d.text, d.language, d.kind, d.valid_from, d.valid_to, w.* FROM names n "
            "JOIN whole w ON w.number = n.number LEFT JOIN details d ON d.detail = n.detail WHERE n.key = ?"
            " AND (? IS NULL OR w.country_code = ?)",
            (key_of(key), country, country),
        )
        places: dict[int, Place] = {}  # a place bears one name in many languages
        return [self._hit(row, key, places) for row in rows]

    def place(self, place_id: str) -> Place | None:
        """Give a place by its identifier, None if the layer does not have it."""
        row = self._row_of(place_id)
        return self._place(row) if row else None

    def of_geonames(self, geonames_id: int) -> Place | None:
        """Give the place that has a GeoNames identifier, None if the layer does not have it."""
        implied = IMPLIED.get(self.about.prefix) == "geonames_id"
        row = (self._one("number = ?", geonames_id) if implied else None) or self._one("geonames_id = ?", geonames_id)
        return self._place(row) if row else None

    def country(self, country_code: str) -> Place | None:
        """Give the country of an ISO 3166-1 alpha-2 code, None if the layer does not have it."""
        return self._countries.get(country_code)

    def countries(self) -> dict[str, str]:
        """Give the names of the countries that the layer has, by ISO 3166-1 alpha-2 code."""
        return {code: place.name for code, place in self._countries.items()}

    @cached_property
    def _countries(self) -> dict[str, Place]:
        places = map(self._place, self._ask("SELECT * FROM whole WHERE feature_code = 'PCLI'"))
        return {place.country_code: place for place in places if place.country_code}

    def names(self, place_id: str) -> tuple[Name, ...]:
        """Give every name of a place, its own name first; empty if the layer does not have it."""
        row = self._row_of(place_id)
        if row is None:
            return ()
        number, own = row[0], Name(row[2])
        details = self._ask(
            "SELECT text, language, kind, valid_from, valid_to FROM details WHERE number = ? ORDER BY detail", (number,)
        )
        named = [_name(*cells) for cells in details]
        plain = self._ask(
            "SELECT 1 FROM names WHERE key = ? AND number = ? AND detail = ?", (key_of(fold(own.text)), number, OWN)
        )
        if plain or all(name.text != own.text for name in named):
            named.insert(0, own)
        named.sort(key=lambda name: name.text != own.text)
        ((spellings,),) = self._ask("SELECT spellings FROM places WHERE number = ?", (number,))
        return (*named, *(Name(text, kind=NameKind.VARIANT) for text in lines_of(spellings)))

    def spelt(self, *, country: str | None = None, least_population: int = 0) -> Iterator[str]:
        """Give the texts of the names of a country, all of them.

        Without a country, those of the world's units and of its towns of a least population, but for plain spellings:
        among a million of these, any slip finds one.
        """
        if country:
            where, value = "holder IN (SELECT holder FROM holders WHERE country_code = ?)", country
        else:
            where = "population >= ? OR kind IN (SELECT kind FROM kinds WHERE feature_class = 'A')"
            value = least_population  # type: ignore[assignment]
        rows = self._scan(f"SELECT name, spellings FROM places WHERE {where}", (value,))  # noqa: S608
        for name, spellings in rows:
            yield name
            if country:
                yield from lines_of(spellings)
        details = f"SELECT text FROM details WHERE number IN (SELECT number FROM places WHERE {where})"  # noqa: S608
        for (text,) in self._scan(details, (value,)):
            yield text

    def towns(self, bounds: tuple[float, float, float, float], *, count: int) -> list[Place]:
        """Give the towns within west, south, east and north in degrees, capitals first, then the most populous."""
        at = {axis: f"{axis} * CASE typeof({axis}) WHEN 'integer' THEN 1e-5 ELSE 1 END" for axis in _AXES}
        rows = self._ask(
            "SELECT * FROM whole WHERE feature_class = 'P' AND population > 0 "  # noqa: S608  nothing of this is data
            f"AND {at['longitude']} BETWEEN ? AND ? AND {at['latitude']} BETWEEN ? AND ? "
            "ORDER BY feature_code = 'PPLC' DESC, population DESC, number LIMIT ?",
            (bounds[0], bounds[2], bounds[1], bounds[3], count),
        )
        return [self._place(row) for row in rows]

    def around(self, longitude: float, latitude: float) -> list[Place]:
        """Give the places within a degree of latitude, and as far in longitude, of a point, but for whole countries."""
        numbers, east, north = self._positions
        low, high = np.searchsorted(north, (latitude - 1, latitude + 1))
        wide = 1 / max(cos(radians(latitude)), 0.02)
        away = np.abs((east[low:high] - longitude + 180) % 360 - 180)
        found = numbers[low:high][away <= wide]
        rows = (self._one("number = ?", int(number)) for number in found)
        return [self._place(row) for row in rows if row]

    @cached_property
    def _positions(self) -> tuple[NDArray[np.int64], NDArray[np.float64], NDArray[np.float64]]:
        """Numbers, longitudes and latitudes of all places but countries, by latitude."""
        rows = self._scan(
            "SELECT number, longitude, latitude FROM whole WHERE latitude IS NOT NULL AND feature_code <> 'PCLI'"
        )
        table = [(number, degrees(east), degrees(north)) for number, east, north in rows]
        numbers = np.array([row[0] for row in table], dtype=np.int64)
        positions = np.array([row[1:] for row in table], dtype=np.float64).reshape(-1, 2)
        order = np.argsort(positions[:, 1], kind="stable")
        return numbers[order], positions[order, 0], positions[order, 1]

    def units(self, country: str) -> list[Place]:
        """Give the first- and second-level units of a country."""
        rows = self._ask("SELECT * FROM whole WHERE country_code = ? AND feature_code IN ('ADM1', 'ADM2')", (country,))
        return [self._place(row) for row in rows]

    def outline(self, footprint: str) -> bytes | None:
        """Give an outline that the layer keeps, as well-known binary in EPSG:4326; None if it keeps none."""
        rows = self._ask("SELECT wkb FROM outlines WHERE footprint = ?", (footprint,))
        return bytes(rows[0][0]) if rows else None

    def _one(self, where: str, value: object) -> tuple[Any, ...] | None:
        rows = self._ask(f"SELECT * FROM whole WHERE {where} LIMIT 1", (value,))  # noqa: S608  the callers' constants
        return rows[0] if rows else None

    def _row_of(self, place_id: str) -> tuple[Any, ...] | None:
        try:
            place_id.encode()
        except UnicodeEncodeError:
            return None  # half a letter is nobody's identifier
        number = self._own_number(place_id)
        row = self._one("number = ?", number) if number is not None else None
        # A number under which a place with an identifier of its own stands is not this one.
        if row is not None and row[1] in (None, place_id):
            return row
        return self._one("place_id = ?", place_id)

    def _own_number(self, place_id: str) -> int | None:
        """The number in an identifier that the layer's prefix and a number make up."""
        prefix, _, number = place_id.partition(":")
        own = prefix == self.about.prefix and number.isascii() and number.isdigit() and len(number) <= _LONGEST_NUMBER
        return int(number) if own else None

    def _hit(self, row: tuple[Any, ...], key: str, places: dict[int, Place]) -> Hit:
        detail, text, language, kind, first, last = row[:6]
        place = places.get(row[6]) or places.setdefault(row[6], self._place(row[6:]))
        if detail >= FIRST_DETAIL:
            return Hit(place, _name(text, language, kind, first, last))
        if detail == OWN:
            return Hit(place, Name(place.name))
        return Hit(place, Name(key, kind=NameKind.VARIANT))

    def _place(self, row: tuple[Any, ...]) -> Place:
        number, place_id, name, feature_class, code, placetype, country, admin1, admin2, longitude, latitude = row[:11]
        precision, radius_km, basis, footprint, geonames_id, wof_id, wikidata_id, population, first, last, source = row[
            11:
        ]
        implied = IMPLIED.get(self.about.prefix) if number > 0 else None
        if radius_km is None and longitude is not None:
            radius_km, basis = default_radius_km(code, population=population), RadiusBasis.DEFAULT
        return Place(
            place_id=place_id or f"{self.about.prefix}:{number}",
            name=name,
            feature_class=feature_class,
            feature_code=code,
            placetype=placetype,
            country_code=country,
            admin1=admin1,
            admin2=admin2,
            longitude=degrees(longitude),
            latitude=degrees(latitude),
            geo_precision=Precision(precision),
            uncertainty_km=radius_km,
            uncertainty_basis=RadiusBasis(basis) if basis else None,
            footprint=footprint,
            geonames_id=number if implied == "geonames_id" else geonames_id,
            wof_id=number if implied == "wof_id" else wof_id,
            wikidata_id=wikidata_id,
            population=population,
            valid_from=date.fromisoformat(first) if first else None,
            valid_to=date.fromisoformat(last) if last else None,
            source=source or self.about.source.format(number=number),
            layer=self.about.name,
        )


def _reading(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"file:{quote(str(path))}?mode=ro&immutable=1", uri=True, check_same_thread=False)


def _name(text: str, language: str, kind: str, first: str | None, last: str | None) -> Name:
    return Name(
        text,
        language,
        NameKind(kind),
        date.fromisoformat(first) if first else None,
        date.fromisoformat(last) if last else None,
    )
