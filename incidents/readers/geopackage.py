"""GeoPackage in this project's own columns, read as the SQLite file that it is, and never through GDAL."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from typing import Final

import shapely
from shapely.geometry.base import BaseGeometry

from incidents.errors import NotADatasetError
from incidents.readers.features import read_features
from incidents.readers.rows import Reading, check_size
from incidents.readers.sources import lists_sources, with_sources
from incidents.schema import REQUIRED

_MAGIC: Final = b"SQLite format 3\x00"
_MOST_ROWS: Final = 100_000
# A curated dataset takes thousandths of this. What a hostile file makes SQLite do ends here.
_STEPS: Final = 200_000_000
_STEPS_AT_ONCE: Final = 100_000

# Bytes of the envelope in the header of a geometry, by its code (GeoPackage 1.3, 2.1.3).
_ENVELOPES: Final = {0: 0, 1: 32, 2: 48, 3: 48, 4: 64}


def read_geopackage(content: bytes, *, name: str = "The file") -> Reading:
    """Read a GeoPackage of incidents: the first layer with the columns that every incident needs.

    The first layer with the columns of a source lists what the incidents cite.
    Only plain tables that the file lists among its contents are read, with nothing of the file's own schema trusted.

    Raises
    ------
    NotADatasetError
        If this is no GeoPackage, none of its layers has those columns, or that layer has more rows than are read.
    """
    check_size(content, name=name)
    if not content.startswith(_MAGIC):
        msg = f"{name} is not an incident dataset: it is no GeoPackage."
        raise NotADatasetError(msg)
    found = None
    sources: list[tuple[int, dict[str, object]]] | None = None
    with closing(sqlite3.connect(":memory:")) as connection:
        left = _STEPS // _STEPS_AT_ONCE

        def is_too_long() -> bool:
            nonlocal left
            left -= 1
            return left < 0

        try:
            # A file that was open elsewhere says that a log stands beside it, which a file in memory cannot have.
            connection.deserialize(content[:18] + b"\x01\x01" + content[20:])
            connection.set_progress_handler(is_too_long, _STEPS_AT_ONCE)
            for pragma in ("trusted_schema=OFF", "query_only=ON", "cell_size_check=ON"):
                connection.execute(f"PRAGMA {pragma}")
            for table, geometry in _layers(connection):
                columns, cursor = _opened(connection, table)
                if found is None and set(REQUIRED) <= set(columns):
                    own = [column for column in columns if column not in (geometry, "fid")]
                    found = list(_parts(columns, _rows(cursor, name), geometry)), own
                elif sources is None and lists_sources(columns):
                    sources = [(number, cells) for number, cells, _ in _parts(columns, _rows(cursor, name), geometry)]
        except (sqlite3.Error, UnicodeDecodeError, OverflowError) as error:
            msg = f"{name} is not an incident dataset: it is no GeoPackage that can be read."
            raise NotADatasetError(msg) from error
    if found is not None:
        features, own = found
        reading = read_features(features, name=name, columns=own)
        return reading if sources is None else with_sources(reading, sources)
    msg = f"{name} is not an incident dataset: no layer has the columns {', '.join(REQUIRED)}."
    raise NotADatasetError(msg)


def _layers(connection: sqlite3.Connection) -> list[tuple[str, str | None]]:
    """Plain tables among the contents, with the column of their geometry."""
    return connection.execute(
        "SELECT c.table_name, g.column_name FROM gpkg_contents c "
        "JOIN sqlite_master m ON m.name = c.table_name AND m.type = 'table' AND m.sql NOT LIKE 'CREATE VIRTUAL%' "
        "LEFT JOIN gpkg_geometry_columns g ON g.table_name = c.table_name "
        "WHERE c.data_type IN ('features', 'attributes') ORDER BY c.rowid"
    ).fetchall()


def _opened(connection: sqlite3.Connection, table: str) -> tuple[list[str], sqlite3.Cursor]:
    """Give the columns of a table, and its rows to be fetched."""
    quoted = table.replace('"', '""')
    cursor = connection.execute(f'SELECT * FROM "{quoted}"')  # noqa: S608  a name from the file, quoted
    return [str(column[0]) for column in cursor.description], cursor


def _rows(cursor: sqlite3.Cursor, name: str) -> list[tuple[object, ...]]:
    rows = cursor.fetchmany(_MOST_ROWS + 1)
    if len(rows) > _MOST_ROWS:
        msg = f"{name} holds more rows than any curated dataset, and is not opened."
        raise NotADatasetError(msg)
    return rows


def _parts(
    columns: list[str], rows: list[tuple[object, ...]], geometry: str | None
) -> Iterator[tuple[int, dict[str, object], BaseGeometry | None]]:
    for number, row in enumerate(rows, start=2):
        cells = dict(zip(columns, row, strict=True))
        cells.pop("fid", None)
        yield number, cells, _geometry(cells.pop(geometry, None) if geometry else None)


def _geometry(blob: object) -> BaseGeometry | None:
    """A geometry out of its GeoPackage wrapping, None where there is none that can be read."""
    if not isinstance(blob, bytes) or blob[:2] != b"GP" or len(blob) < 8:
        return None
    envelope = _ENVELOPES.get((blob[3] >> 1) & 0b111)
    return None if envelope is None else shapely.from_wkb(blob[8 + envelope :], on_invalid="ignore")
