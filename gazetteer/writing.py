"""How a layer is written into its file: whole or not at all, names in order, what many places share once."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from itertools import islice
from pathlib import Path
from typing import Final

from gazetteer.names import fold
from gazetteer.place import Name, Place, RadiusBasis, default_radius_km
from gazetteer.tables import FIRST_DETAIL, FORM, IMPLIED, INDEXES, OWN, SPELLING, TABLES, compact, deflated, key_of

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
        "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA page_size = 4096;" + TABLES
    )
    told = _told(about)
    connection.executemany("INSERT INTO about VALUES (?, ?)", told.items())
    writing = _Writing(connection, about.prefix)
    feed = iter(records)
    while batch := list(islice(feed, _BATCH)):
        writing.write(batch)
    writing.finish()
    connection.executescript(INDEXES + f"PRAGMA user_version = {FORM};")
    connection.commit()


class _Writing:
    """A layer while it is written: what has been numbered so far."""

    def __init__(self, connection: sqlite3.Connection, prefix: str) -> None:
        self.connection = connection
        self.prefix = prefix
        self.implied = IMPLIED.get(prefix)
        self.last_number = 0
        self.next_detail = FIRST_DETAIL
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
        detail = OWN
        if name != Name(place.name):
            detail = self.next_detail
            self.next_detail += 1
            first, last = _iso(name.valid_from), _iso(name.valid_to)
            yield detail, number, name.text, name.language, str(name.kind), first, last
        ways = seen.setdefault(key, set())
        way = (name.kind, name.valid_from, name.valid_to)
        if key and way not in ways:
            ways.add(way)
            self.entries.append((key_of(key), number, detail))

    def spellings(self, record: Record, number: int, seen: set[str]) -> Iterator[str]:
        """Enter the spellings; of those that fold to one key the first stands for all."""
        for text in record.spellings if record.listed else ():
            key = fold(text)
            if key and key not in seen and "\n" not in text:
                seen.add(key)
                self.entries.append((key_of(key), number, SPELLING))
                yield text

    def share(self, table: str, *cells: object) -> int:
        known = self.shared[table]
        return known.setdefault(cells, len(known) + 1)

    def row(self, place: Place, number: int, spellings: list[str]) -> tuple[object, ...]:
        kind = (place.feature_class, place.feature_code, place.placetype, str(place.geo_precision))
        return (
            number,
            place.name,
            deflated(spellings),
            self.share("kinds", *kind),
            self.share("holders", place.country_code, place.admin1, place.admin2),
            compact(place.longitude),
            compact(place.latitude),
            place.population,
        )

    def particulars(self, record: Record, number: int) -> tuple[object, ...]:
        place = record.place
        by_default = place.uncertainty_basis is RadiusBasis.DEFAULT and place.uncertainty_km == default_radius_km(
            place.feature_code, population=place.population
        )
        return (
            None if place.place_id == f"{self.prefix}:{number}" else place.place_id,
            None if by_default else place.uncertainty_km,
            None if by_default or place.uncertainty_basis is None else str(place.uncertainty_basis),
            place.footprint,
            None if self.implied == "geonames_id" and place.geonames_id == number else place.geonames_id,
            None if self.implied == "wof_id" and place.wof_id == number else place.wof_id,
            place.wikidata_id,
            _iso(place.valid_from),
            _iso(place.valid_to),
            self.share("sources", place.source) if place.source else None,
        )


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


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
