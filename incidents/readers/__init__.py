"""Files in, accepted and rejected rows out: one module per format."""

from collections.abc import Callable, Mapping
from pathlib import PurePath
from typing import Final

from incidents.readers.geojson import read_geojson
from incidents.readers.geopackage import read_geopackage
from incidents.readers.geoparquet import read_geoparquet
from incidents.readers.rows import MAX_BYTES, Reading, read_rows
from incidents.readers.table import read_sources, read_table
from incidents.readers.workbook import read_workbook

__all__ = [
    "MAX_BYTES",
    "READERS",
    "Reading",
    "read",
    "read_geojson",
    "read_geopackage",
    "read_geoparquet",
    "read_rows",
    "read_sources",
    "read_table",
    "read_workbook",
]

#: The reader of each ending; any other file is read as CSV.
READERS: Final[Mapping[str, Callable[..., Reading]]] = {
    ".csv": read_table,
    ".xlsx": read_workbook,
    ".geojson": read_geojson,
    ".json": read_geojson,
    ".gpkg": read_geopackage,
    ".parquet": read_geoparquet,
}


def read(content: bytes, *, name: str = "The file") -> Reading:
    """Read a file of incidents in any format, which the ending of its name tells.

    Raises
    ------
    NotADatasetError
        If its content is not what the ending says, or no dataset of incidents.
    """
    return READERS.get(PurePath(name).suffix.lower(), read_table)(content, name=name)
