"""Exports: the shown incidents in every format, exactly what the filters give, and the name of every file."""

from incidents.export.geojson import to_geojson
from incidents.export.naming import MEDIA_TYPES, Format, file_name
from incidents.export.table import to_csv, to_sidecar

__all__ = ["MEDIA_TYPES", "Format", "file_name", "to_csv", "to_geojson", "to_sidecar"]
