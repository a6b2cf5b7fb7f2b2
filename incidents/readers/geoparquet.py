"""GeoParquet, and Parquet without geometry, in this project's own columns."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from typing import Final

import pyarrow as pa
import pyarrow.parquet as pq
import shapely
from shapely.geometry.base import BaseGeometry

from incidents.errors import NotADatasetError
from incidents.readers.features import read_features
from incidents.readers.rows import Reading, check_size
from incidents.readers.sources import with_listed
from incidents.schema import COLUMNS

#: The key of the list of sources in the metadata of the file.
SOURCES_KEY: Final = b"incident_desk_sources"

# What a file says of itself is believed only as far as these.
_ROWS: Final = 1_000_000
_UNPACKED_BYTES: Final = 500_000_000


def read_geoparquet(content: bytes, *, name: str = "The file") -> Reading:
    """Read a GeoParquet file of incidents; see `features.read_features`.

    Its metadata may list what they cite, as JSON under `SOURCES_KEY`; see `sources.with_listed`.

    Raises
    ------
    NotADatasetError
        If this is no Parquet, holds more than a curated dataset, or lacks the columns that every incident needs.
    """
    check_size(content, name=name)
    try:
        file = pq.ParquetFile(io.BytesIO(content))
        about = file.metadata
        size = sum(about.row_group(number).total_byte_size for number in range(about.num_row_groups))
        if about.num_rows > _ROWS or size > _UNPACKED_BYTES:
            msg = f"{name} unpacks to more than any curated dataset holds, and is not opened."
            raise NotADatasetError(msg)
        geometry = _geometry_column(file)
        here = [column for column in (*COLUMNS, geometry) if column in file.schema_arrow.names]
        table = file.read(columns=here)
        table.validate(full=True)
        parts = list(_parts(table, geometry))
    except (pa.ArrowException, OSError, UnicodeDecodeError, ArithmeticError) as error:
        msg = f"{name} is not an incident dataset: it is no Parquet that can be read."
        raise NotADatasetError(msg) from error
    others = [column for column in file.schema_arrow.names if column not in (*here, "bbox")]
    read = [column for column in here if column != geometry]
    reading = read_features(parts, name=name, columns=[*read, *others])
    return with_listed(reading, _json(file, SOURCES_KEY))


def _geometry_column(file: pq.ParquetFile) -> str:
    """The column of the geometry, `geometry` where the file does not say."""
    about = _json(file, b"geo")
    named = about.get("primary_column") if isinstance(about, dict) else None
    return named if isinstance(named, str) else "geometry"


def _json(file: pq.ParquetFile, key: bytes) -> object:
    """What the file's metadata has under a key, None where there is nothing that can be read."""
    try:
        return json.loads((file.schema_arrow.metadata or {}).get(key, b"null"))
    except (ValueError, RecursionError):
        return None


def _parts(table: pa.Table, geometry: str) -> Iterator[tuple[int, dict[str, object], BaseGeometry | None]]:
    for number, row in enumerate(table.to_pylist(), start=2):
        drawn = row.pop(geometry, None)
        yield number, row, shapely.from_wkb(drawn, on_invalid="ignore") if isinstance(drawn, bytes) else None
