"""Writing: an export in whatever format, from the same few inputs."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from gazetteer.boundaries import Boundaries
from incidents.dataset import Dataset
from incidents.errors import ExportError
from incidents.export.citations import to_bibtex, to_citations, to_csl_json
from incidents.export.geojson import to_geojson
from incidents.export.geopackage import to_gpkg
from incidents.export.geoparquet import to_geoparquet
from incidents.export.kml import to_kml
from incidents.export.table import to_csv
from incidents.export.webpage import to_html
from incidents.export.workbook import to_xlsx
from incidents.filters import Filters
from incidents.statement import Overlay

#: What makes each format, but for the CSV, which says nothing of itself.
_MAKERS: Final[Mapping[str, Callable[..., bytes]]] = {
    "xlsx": to_xlsx,
    "geojson": to_geojson,
    "gpkg": to_gpkg,
    "parquet": to_geoparquet,
    "kml": to_kml,
    "html": to_html,
    "txt": to_citations,
    "bib": to_bibtex,
    "csl.json": to_csl_json,
}

#: The formats that `write` makes, in the order to offer them.
WRITTEN: Final = ("csv", *_MAKERS)
#: Formats with room for a row of HXL tags.
TAGGED: Final = ("csv", "xlsx")


def write(
    dataset: Dataset,
    filters: Filters,
    *,
    format: str,  # noqa: A002  the word of matplotlib and pandas
    boundaries: Boundaries,
    overlays: Sequence[Overlay] = (),
    hxl: bool = False,
) -> bytes:
    """Write the shown incidents in a format of `WRITTEN`; the same input gives the same bytes.

    Parameters
    ----------
    boundaries
        The borders that the incidents were located with.
    overlays
        What the desk draws besides the incidents, to be told with them.
    hxl
        With a row of HXL tags, in a format of `TAGGED`.

    Raises
    ------
    ExportError
        If there is no such format, or if it has no room for HXL tags.
    """
    if format not in WRITTEN:
        msg = f"There is no export as {format!r}; choose one of {', '.join(WRITTEN)}."
        raise ExportError(msg)
    if hxl and format not in TAGGED:
        msg = f"HXL tags are a row of a table: {' and '.join(TAGGED)} have room for them, {format} has not."
        raise ExportError(msg)
    if format == "csv":
        return to_csv(dataset, filters, hxl=hxl)
    tags = {"hxl": True} if hxl else {}
    return _MAKERS[format](dataset, filters, boundaries=boundaries, overlays=overlays, **tags)
