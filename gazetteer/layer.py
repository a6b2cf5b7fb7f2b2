"""A layer of the gazetteer, kept in one SQLite file: its tables, how it is written, and what it is asked."""

from __future__ import annotations

import os
import sqlite3
import zlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from hashlib import blake2b
from itertools import islice
from math import cos, radians
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final
from urllib.parse import quote

import numpy as np
from numpy.typing import NDArray

from gazetteer.names import fold
from gazetteer.place import (
    DamagedDataError,
    Name,
    NameKind,
    Place,
    Precision,
    RadiusBasis,
    default_radius_km,
)

#: Raised whenever the tables change, so that a file of another form is built anew and never misread.
FORM: Final = 1

# What many places share stands once, in `kinds`, `holders` and `sources`; the view `whole` puts it together again.
_TABLES: Final = """
CREATE TABLE about (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE kinds (
    kind INTEGER PRIMARY KEY, feature_class TEXT NOT NULL, feature_code TEXT NOT NULL, placetype TEXT NOT NULL,
    geo_precision TEXT NOT NULL
);
CREATE TABLE holders (holder INTEGER PRIMARY KEY, country_code TEXT, admin1 TEXT, admin2 TEXT);
CREATE TABLE sources (source INTEGER PRIMARY KEY, text TEXT NOT NULL);
CREATE TABLE places (
    number INTEGER PRIMARY KEY,
    name TEXT NOT NULL,
    spellings BLOB,         -- variants of which only the text is known, one per line, deflated
    kind INTEGER NOT NULL, holder INTEGER NOT NULL,
    longitude, latitude,    -- degrees as REAL, or hundred thousandths as INTEGER where that is the same, see `_degrees`
    population INTEGER
);
CREATE TABLE particulars (  -- of the places that have any
    number INTEGER PRIMARY KEY,
    place_id TEXT,          -- null: the layer's prefix and the number
    uncertainty_km REAL, uncertainty_basis TEXT,  -- null: the default of the kind and the population
    footprint TEXT, geonames_id INTEGER, wof_id INTEGER, wikidata_id TEXT, valid_from TEXT, valid_to TEXT,
    source INTEGER          -- null: the layer's
);
CREATE VIEW whole AS
    SELECT p.number, m.place_id, p.name, k.feature_class, k.feature_code, k.placetype, h.country_code, h.admin1,
        h.admin2, p.longitude, p.latitude, k.geo_precision, m.uncertainty_km, m.uncertainty_basis, m.footprint,
        m.geonames_id, m.wof_id, m.wikidata_id, p.population, m.valid_from, m.valid_to, s.text AS source
    FROM places p JOIN kinds k ON k.kind = p.kind JOIN holders h ON h.holder = p.holder
        LEFT JOIN particulars m ON m.number = p.number LEFT JOIN sources s ON s.source = m.source;
CREATE TABLE names (
    key INTEGER NOT NULL,     -- the folded name's hash, see `_key`
    number INTEGER NOT NULL,
    detail INTEGER NOT NULL,  -- 0: a spelling, 1: the place's own name, else a row of details
    PRIMARY KEY (key, number, detail)
) WITHOUT ROWID;
CREATE TABLE details (
    detail INTEGER PRIMARY KEY,
    number INTEGER NOT NULL,
    text TEXT NOT NULL, language TEXT NOT NULL, kind TEXT NOT NULL, valid_from TEXT, valid_to TEXT
);
CREATE TABLE outlines (footprint TEXT PRIMARY KEY, wkb BLOB NOT NULL) WITHOUT ROWID;
"""
_INDEXES: Final = """
CREATE INDEX places_by_id ON particulars (place_id) WHERE place_id IS NOT NULL;
CREATE INDEX places_by_geonames ON particulars (geonames_id) WHERE geonames_id IS NOT NULL;
CREATE INDEX details_by_number ON details (number);
"""
#: Which identifier a layer's own numbers are, by its prefix.
_IMPLIED: Final[Mapping[str, str]] = MappingProxyType({"geonames": "geonames_id", "wof": "wof_id"})
_STEPS: Final = 100_000
_FIRST_DETAIL: Final = 2
_SPELLING: Final = 0
_OWN: Final = 1
_BATCH: Final = 5_000


@dataclass(frozen=True, slots=True)
class About:
    """What a layer says of itself: `prefix` starts the identifiers of its places, `source` cites their coordinates."""

    name: str
    prefix: str
    title: str
    licence: str
    source: str
    edition: str = ""
    countries: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Record:
    """A place as it is written into a layer, with its names and, if the layer keeps it, its outline.

    `number` identifies the place in the layer; None gives it the next one. `spellings` are variants of which only the
    text is known. A place that is not `listed` is found by its identifier and by no name.
    """

    place: Place
    names: tuple[Name, ...] = ()
    spellings: tuple[str, ...] = ()
    number: int | None = None
    outline_wkb: bytes | None = None
    listed: bool = True


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
        self.path = path
        told = dict(connection.execute("SELECT key, value FROM about"))
        self.about = About(
            **{key: told[key] for key in ("name", "prefix", "title", "licence", "source", "edition")},
            countries=tuple(filter(None, told["countries"].split(" "))),
        )

    @classmethod
    def open(cls, path: Path) -> Layer:
        """Open a finished file, to be read and never written.

        Raises
        ------
        DamagedDataError
            If it is no layer, or of another form than this release reads.
        """
        connection = sqlite3.connect(f"file:{quote(str(path))}?mode=ro&immutable=1", uri=True, check_same_thread=False)
        try:
            (form,) = connection.execute("PRAGMA user_version").fetchone()
            if form == FORM:
                return cls(connection, path=path)
        except sqlite3.DatabaseError as error:
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

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()

    def __len__(self) -> int:
        """Count the places."""
        (count,) = self._connection.execute("SELECT count(*) FROM places").fetchone()
        return int(count)

    def __iter__(self) -> Iterator[Place]:
        """Give every place, in the order in which they were written."""
        rows = self._connection.execute("SELECT * FROM whole ORDER BY number > 0, abs(number)")
        return map(self._place, rows)

    def bearers(self, key: str, *, country: str | None = None) -> list[Hit]:
        """Give every place that bears a folded name, in a country or in the world."""
        rows = self._connection.execute(
            "SELECT n.detail, d.text, d.language, d.kind, d.valid_from, d.valid_to, w.* FROM names n "
            "JOIN whole w ON w.number = n.number LEFT JOIN details d ON d.detail = n.detail WHERE n.key = ?"
            " AND (? IS NULL OR w.country_code = ?)",
            (_key(key), country, country),
        )
        places: dict[int, Place] = {}  # a place bears one name in many languages
        return [self._hit(row, key, places) for row in rows]

    def place(self, place_id: str) -> Place | None:
        """Give a place by its identifier, None if the layer does not have it."""
        prefix, _, number = place_id.partition(":")
        if prefix == self.about.prefix and number.isascii() and number.isdigit():
            row = self._one("number = ?", int(number))
        else:
            row = self._one("place_id = ?", place_id)
        return self._place(row) if row else None

    def of_geonames(self, geonames_id: int) -> Place | None:
        """Give the place that has a GeoNames identifier, None if the layer does not have it."""
        implied = _IMPLIED.get(self.about.prefix) == "geonames_id"
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
        places = map(self._place, self._connection.execute("SELECT * FROM whole WHERE feature_code = 'PCLI'"))
        return {place.country_code: place for place in places if place.country_code}

    def names(self, place_id: str) -> tuple[Name, ...]:
        """Give every name of a place, its own name first; empty if the layer does not have it."""
        place = self.place(place_id)
        if place is None:
            return ()
        number = self._number(place)
        details = self._connection.execute(
            "SELECT text, language, kind, valid_from, valid_to FROM details WHERE number = ? ORDER BY detail", (number,)
        )
        named = [_name(*row) for row in details]
        (spellings,) = self._connection.execute("SELECT spellings FROM places WHERE number = ?", (number,)).fetchone()
        if not any(name.text == place.name for name in named):
            named.insert(0, Name(place.name))
        return (*named, *(Name(text, kind=NameKind.VARIANT) for text in _lines(spellings)))

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
        rows = self._connection.execute(f"SELECT name, spellings FROM places WHERE {where}", (value,))  # noqa: S608
        for name, spellings in rows:
            yield name
            if country:
                yield from _lines(spellings)
        details = f"SELECT text FROM details WHERE number IN (SELECT number FROM places WHERE {where})"  # noqa: S608
        for (text,) in self._connection.execute(details, (value,)):
            yield text

    def around(self, longitude: float, latitude: float) -> list[Place]:
        """Give the places within a degree of latitude, and as far in longitude, of a point, but for whole countries."""
        numbers, east, north = self._positions
        low, high = np.searchsorted(north, (latitude - 1, latitude + 1))
        wide = 1 / max(cos(radians(latitude)), 0.02)
        away = np.abs((east[low:high] - longitude + 180) % 360 - 180)
        found = numbers[low:high][away <= wide]
        rows = (
            self._connection.execute("SELECT * FROM whole WHERE number = ?", (int(number),)).fetchone()
            for number in found
        )
        return [self._place(row) for row in rows]

    @cached_property
    def _positions(self) -> tuple[NDArray[np.int64], NDArray[np.float64], NDArray[np.float64]]:
        """Numbers, longitudes and latitudes of all places but countries, by latitude."""
        rows = self._connection.execute(
            "SELECT number, longitude, latitude FROM whole WHERE latitude IS NOT NULL AND feature_code <> 'PCLI'"
        )
        table = [(number, _degrees(east), _degrees(north)) for number, east, north in rows]
        numbers = np.array([row[0] for row in table], dtype=np.int64)
        degrees = np.array([row[1:] for row in table], dtype=np.float64).reshape(-1, 2)
        order = np.argsort(degrees[:, 1], kind="stable")
        return numbers[order], degrees[order, 0], degrees[order, 1]

    def units(self, country: str) -> list[Place]:
        """Give the first- and second-level units of a country."""
        rows = self._connection.execute(
            "SELECT * FROM whole WHERE country_code = ? AND feature_code IN ('ADM1', 'ADM2')", (country,)
        )
        return [self._place(row) for row in rows]

    def outline(self, footprint: str) -> bytes | None:
        """Give an outline that the layer keeps, as well-known binary in EPSG:4326; None if it keeps none."""
        row = self._connection.execute("SELECT wkb FROM outlines WHERE footprint = ?", (footprint,)).fetchone()
        return bytes(row[0]) if row else None

    def _one(self, where: str, value: object) -> tuple[Any, ...] | None:
        row: tuple[Any, ...] | None = self._connection.execute(
            f"SELECT * FROM whole WHERE {where} LIMIT 1",  # noqa: S608  the callers' constants
            (value,),
        ).fetchone()
        return row

    def _number(self, place: Place) -> int:
        prefix, _, number = place.place_id.partition(":")
        if prefix == self.about.prefix and number.isascii() and number.isdigit():
            return int(number)
        row = self._one("place_id = ?", place.place_id)
        return int(row[0]) if row else -1

    def _hit(self, row: tuple[Any, ...], key: str, places: dict[int, Place]) -> Hit:
        detail, text, language, kind, first, last = row[:6]
        place = places.get(row[6]) or places.setdefault(row[6], self._place(row[6:]))
        if detail >= _FIRST_DETAIL:
            return Hit(place, _name(text, language, kind, first, last))
        if detail == _OWN:
            return Hit(place, Name(place.name))
        return Hit(place, Name(key, kind=NameKind.VARIANT))

    def _place(self, row: tuple[Any, ...]) -> Place:
        number, place_id, name, feature_class, code, placetype, country, admin1, admin2, longitude, latitude = row[:11]
        precision, radius_km, basis, footprint, geonames_id, wof_id, wikidata_id, population, first, last, source = row[
            11:
        ]
        implied = _IMPLIED.get(self.about.prefix) if number > 0 else None
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
            longitude=_degrees(longitude),
            latitude=_degrees(latitude),
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


def write(path: Path, about: About, records: Iterable[Record]) -> None:
    """Write a layer into a file, whole or not at all.

    It is written beside its place under a name of this process's own, brought to the disk, and then put into its
    place in one step; whoever reads it meanwhile keeps what was there before.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        draft.unlink(missing_ok=True)
        with closing(sqlite3.connect(draft)) as connection:
            fill(connection, about, records)
        with draft.open("rb") as file:
            os.fsync(file.fileno())
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)


def fill(connection: sqlite3.Connection, about: About, records: Iterable[Record]) -> None:
    """Write a layer into an empty database."""
    connection.executescript(
        # A draft that a power cut breaks is thrown away, so that no journal is needed.
        "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA page_size = 4096;" + _TABLES
    )
    told = _told(about)
    connection.executemany("INSERT INTO about VALUES (?, ?)", told.items())
    writing = _Writing(connection)
    feed = iter(records)
    while batch := list(islice(feed, _BATCH)):
        writing.write(batch)
    writing.finish()
    connection.executescript(_INDEXES + f"PRAGMA user_version = {FORM};")
    connection.commit()


class _Writing:
    """A layer while it is written: what has been numbered so far."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.connection = connection
        self.last_number = 0
        self.next_detail = _FIRST_DETAIL
        self.entries: list[tuple[int, int, int]] = []
        self.shared: dict[str, dict[tuple[object, ...], int]] = {"kinds": {}, "holders": {}, "sources": {}}

    def write(self, batch: list[Record]) -> None:
        """Write places, and keep their names for the end."""
        places: list[tuple[object, ...]] = []
        particulars: list[tuple[object, ...]] = []
        details: list[tuple[object, ...]] = []
        outlines: list[tuple[object, ...]] = []
        for record in batch:
            number = self.number(record)
            seen: dict[str, set[tuple[object, ...]]] = {}
            if record.listed:
                for name in record.names or (Name(record.place.name),):
                    details += self.name(name, record.place, number, seen)
            spellings = list(self.spellings(record, number, set(seen)))
            places.append(self.row(record.place, number, spellings))
            particular = self.particulars(record, number)
            if any(cell is not None for cell in particular):
                particulars.append((number, *particular))
            if record.outline_wkb is not None:
                outlines.append((record.place.footprint, record.outline_wkb))
        self.connection.executemany("INSERT INTO places VALUES (?, ?, ?, ?, ?, ?, ?, ?)", places)
        self.connection.executemany("INSERT INTO particulars VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", particulars)
        self.connection.executemany("INSERT INTO details VALUES (?, ?, ?, ?, ?, ?, ?)", details)
        self.connection.executemany("INSERT OR IGNORE INTO outlines VALUES (?, ?)", outlines)

    def finish(self) -> None:
        """Write the names in order, so that their tree grows from left to right and its pages are full."""
        self.entries.sort()
        self.connection.executemany("INSERT OR IGNORE INTO names VALUES (?, ?, ?)", self.entries)
        for table, rows in self.shared.items():
            for cells, number in rows.items():
                marks = ", ".join("?" * (len(cells) + 1))
                self.connection.execute(f"INSERT INTO {table} VALUES ({marks})", (number, *cells))  # noqa: S608

    def number(self, record: Record) -> int:
        if record.number is not None:
            return record.number
        self.last_number -= 1  # below every identifier of a source
        return self.last_number

    def name(
        self, name: Name, place: Place, number: int, seen: dict[str, set[tuple[object, ...]]]
    ) -> Iterator[tuple[object, ...]]:
        """Enter a name; of a place's own name nothing need be kept but that it is one.

        A place is found once by a name that it bears alike in many languages.
        """
        key = fold(name.text)
        detail = _OWN
        if name != Name(place.name):
            detail = self.next_detail
            self.next_detail += 1
            first, last = _iso(name.valid_from), _iso(name.valid_to)
            yield detail, number, name.text, name.language, str(name.kind), first, last
        ways = seen.setdefault(key, set())
        way = (name.kind, name.valid_from, name.valid_to)
        if key and way not in ways:
            ways.add(way)
            self.entries.append((_key(key), number, detail))

    def spellings(self, record: Record, number: int, seen: set[str]) -> Iterator[str]:
        """Enter the spellings; of those that fold to one key the first stands for all."""
        for text in record.spellings if record.listed else ():
            key = fold(text)
            if key and key not in seen and "\n" not in text:
                seen.add(key)
                self.entries.append((_key(key), number, _SPELLING))
                yield text

    def share(self, table: str, *cells: object) -> int:
        known = self.shared[table]
        return known.setdefault(cells, len(known) + 1)

    def row(self, place: Place, number: int, spellings: list[str]) -> tuple[object, ...]:
        kind = (place.feature_class, place.feature_code, place.placetype, str(place.geo_precision))
        return (
            number,
            place.name,
            _deflated(spellings),
            self.share("kinds", *kind),
            self.share("holders", place.country_code, place.admin1, place.admin2),
            _compact(place.longitude),
            _compact(place.latitude),
            place.population,
        )

    def particulars(self, record: Record, number: int) -> tuple[object, ...]:
        place = record.place
        by_default = place.uncertainty_basis is RadiusBasis.DEFAULT and place.uncertainty_km == default_radius_km(
            place.feature_code, population=place.population
        )
        return (
            None if place.place_id.endswith(f":{number}") else place.place_id,
            None if by_default else place.uncertainty_km,
            None if by_default or place.uncertainty_basis is None else str(place.uncertainty_basis),
            place.footprint,
            None if place.geonames_id == number else place.geonames_id,
            None if place.wof_id == number else place.wof_id,
            place.wikidata_id,
            _iso(place.valid_from),
            _iso(place.valid_to),
            self.share("sources", place.source) if place.source else None,
        )


def _key(folded: str) -> int:
    """A number of 47 bits for a folded name, half the size of the text; one in 100 million names meets another's."""
    return int.from_bytes(blake2b(folded.encode(), digest_size=6).digest(), "big") >> 1


def _compact(degrees: float | None) -> float | int | None:
    """Hundred thousandths of a degree if that loses nothing: half the bytes, since most sources give five decimals."""
    if degrees is None:
        return None
    steps = round(degrees * _STEPS)
    return steps if steps / _STEPS == degrees else degrees


def _degrees(stored: Any) -> float | None:
    return stored / _STEPS if isinstance(stored, int) else stored


def _deflated(lines: list[str]) -> bytes | None:
    if not lines:
        return None
    squeezer = zlib.compressobj(9, wbits=-zlib.MAX_WBITS)
    return squeezer.compress("\n".join(lines).encode()) + squeezer.flush()


def _lines(deflated: bytes | None) -> list[str]:
    return zlib.decompress(deflated, wbits=-zlib.MAX_WBITS).decode().split("\n") if deflated else []


def _told(about: About) -> Mapping[str, str]:
    return {
        "name": about.name,
        "prefix": about.prefix,
        "title": about.title,
        "licence": about.licence,
        "source": about.source,
        "edition": about.edition,
        "countries": " ".join(about.countries),
    }


def _name(text: str, language: str, kind: str, first: str | None, last: str | None) -> Name:
    return Name(
        text,
        language,
        NameKind(kind),
        date.fromisoformat(first) if first else None,
        date.fromisoformat(last) if last else None,
    )


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
