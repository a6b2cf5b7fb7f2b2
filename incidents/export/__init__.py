"""Exports: the shown incidents in every format, exactly what the filters give, and the name of every file."""

from incidents.export.citations import to_bibtex, to_citations, to_csl_json
from incidents.export.geojson import to_geojson
from incidents.export.geopackage import to_gpkg
from incidents.export.geoparquet import to_geoparquet
from incidents.export.kml import to_kml
from incidents.export.naming import MEDIA_TYPES, Format, file_name
from incidents.export.sizes import about_bytes, size_words
from incidents.export.table import to_csv, to_sidecar
from incidents.export.webpage import to_html
from incidents.export.workbook import to_xlsx
from incidents.export.writing import TAGGED, WRITTEN, write

__all__ = [
    "MEDIA_TYPES",
    "TAGGED",
    "WRITTEN",
    "Format",
    "about_bytes",
    "file_name",
    "size_words",
    "to_bibtex",
    "to_citations",
    "to_csl_json",
    "to_csv",
    "to_geojson",
    "to_geoparquet",
    "to_gpkg",
    "to_html",
    "to_kml",
    "to_sidecar",
    "to_xlsx",
    "write",
]
