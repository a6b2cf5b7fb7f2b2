"""Features of any format as incidents: their properties are columns, and a point says where, if no column does."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from shapely.geometry.base import BaseGeometry

from incidents.readers.rows import Reading, read_rows
from incidents.readers.values import text_of


def read_features(
    features: Iterable[tuple[int, Mapping[str, object], BaseGeometry | None]], *, name: str, columns: Iterable[str] = ()
) -> Reading:
    """Read features as incidents.

    An area is what is drawn of an incident, and is drawn again from its place; only a point of a feature without
    columns `longitude` and `latitude` is taken for its coordinates, in EPSG:4326.

    Parameters
    ----------
    features
        Number, properties and geometry of each; the first feature has the number 2, like the first row of a table.
    name
        How an error calls the file.
    columns
        The columns of the file, where it names them even without a feature.

    Raises
    ------
    NotADatasetError
        If a column that every incident needs is missing.
    """
    rows: list[tuple[int, dict[str, str]]] = []
    for number, properties, geometry in features:
        cells = {str(key).strip(): text_of(value) for key, value in properties.items()}
        is_placed = "longitude" in cells or "latitude" in cells
        if geometry is not None and geometry.geom_type == "Point" and not geometry.is_empty and not is_placed:
            cells |= {"longitude": text_of(float(geometry.x)), "latitude": text_of(float(geometry.y))}
        rows.append((number, cells))
    header = list(dict.fromkeys([*columns, *(column for _, cells in rows for column in cells)]))
    table = [(number, [cells.get(column, "") for column in header]) for number, cells in rows]
    return read_rows(header, table, name=name, is_spreadsheet=False)
