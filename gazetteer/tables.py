"""The tables of a layer's SQLite file, and how names and positions are kept small in them."""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from hashlib import blake2b
from types import MappingProxyType
from typing import Any, Final

#: Raised whenever the tables change, so that a file of another form is built anew and never misread.
FORM: Final = 1

# What many places share stands once, in `kinds`, `holders` and `sources`; the view `whole` puts it together again.
TABLES: Final = """
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
    longitude, latitude,    -- degrees as REAL, or hundred thousandths as INTEGER where that is the same, see `degrees`
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
    key INTEGER NOT NULL,     -- the folded name's hash, see `key_of`
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
INDEXES: Final = """
CREATE INDEX places_by_id ON particulars (place_id) WHERE place_id IS NOT NULL;
CREATE INDEX places_by_geonames ON particulars (geonames_id) WHERE geonames_id IS NOT NULL;
CREATE INDEX details_by_number ON details (number);
"""
#: Which identifier a layer's own numbers are, by its prefix.
IMPLIED: Final[Mapping[str, str]] = MappingProxyType({"geonames": "geonames_id", "wof": "wof_id"})
_STEPS: Final = 100_000
FIRST_DETAIL: Final = 2
SPELLING: Final = 0
OWN: Final = 1


def key_of(folded: str) -> int:
    """A number of 47 bits for a folded name, half the size of the text; one in 100 million names meets another's."""
    return int.from_bytes(blake2b(folded.encode(), digest_size=6).digest(), "big") >> 1


def compact(value: float | None) -> float | int | None:
    """Hundred thousandths of a degree if that loses nothing: half the bytes, since most sources give five decimals."""
    if value is None:
        return None
    steps = round(value * _STEPS)
    return steps if steps / _STEPS == value else value


def degrees(stored: Any) -> float | None:
    """Give a coordinate as it was before `compact`."""
    return stored / _STEPS if isinstance(stored, int) else stored


def deflated(lines: list[str]) -> bytes | None:
    """Put lines into few bytes; None if there are none."""
    if not lines:
        return None
    squeezer = zlib.compressobj(9, wbits=-zlib.MAX_WBITS)
    return squeezer.compress("\n".join(lines).encode()) + squeezer.flush()


def lines_of(deflated: bytes | None) -> list[str]:
    """Give the lines that `deflated` was given."""
    return zlib.decompress(deflated, wbits=-zlib.MAX_WBITS).decode().split("\n") if deflated else []
