"""Sizes: about how large a file will be, told before it is made."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

import geopandas as gpd
import numpy as np
import shapely

# Bytes of a file without incidents, per incident, per corner of an outline, and per degree of width of a base map:
# measured on the curated dataset and on parts of it (tests/test_sizes.py holds them to it).
_MEASURED: Final[Mapping[str, tuple[int, int, int, int]]] = MappingProxyType(
    {
        "csv": (600, 620, 0, 0),
        "csv.json": (2_500, 20, 0, 0),
        "xlsx": (10_000, 260, 0, 0),
        "geojson": (1_300, 2_000, 22, 0),
        "gpkg": (110_000, 900, 17, 0),
        "parquet": (22_000, 500, 12, 0),
        "kml": (1_700, 5_200, 21, 0),
        "html": (225_000, 1_700, 9, 3_000),
        "txt": (1_000, 150, 0, 0),
        "bib": (1_000, 230, 0, 0),
        "csl.json": (1_200, 380, 0, 0),
    }
)

# A base map of more than this is no larger: it is simplified for its scale.
_WORLD_DEGREES: Final = 200.0


def about_bytes(shown: gpd.GeoDataFrame, *, format: str) -> int:  # noqa: A002  the word of matplotlib and pandas
    """Estimate how large an export of these incidents will be, in bytes, without making it.

    Parameters
    ----------
    shown
        What `filters.apply` returned.
    """
    empty, per_incident, per_corner, per_degree = _MEASURED[format]
    drawn = shown.geometry.dropna().to_numpy()
    corners = int(shapely.get_num_coordinates(drawn).sum()) - int((shapely.get_type_id(drawn) == 0).sum())
    width = _WORLD_DEGREES
    if len(drawn):
        west, _, east, _ = shapely.total_bounds(drawn)
        width = float(np.clip((east - west) * 1.5, 5, _WORLD_DEGREES))
    return round(empty + per_incident * len(shown) + per_corner * corners + per_degree * width)


def size_words(number: int) -> str:
    """Write an estimated size with no more digits than it deserves.

    Examples
    --------
    >>> size_words(740), size_words(17_400), size_words(698_200), size_words(1_240_000)
    ('about 1 KB', 'about 17 KB', 'about 700 KB', 'about 1.2 MB')
    """
    rounded = float(f"{max(number, 1000):.2g}")
    if rounded >= 1_000_000:
        return f"about {rounded / 1_000_000:.1f} MB"
    return f"about {rounded / 1000:.0f} KB"
