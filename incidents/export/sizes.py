"""Sizes: about how large a file will be, told before it is made."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

import geopandas as gpd
import numpy as np
import shapely

from incidents.schema import COLUMNS, DTYPES

# Bytes of a file for each thing that is counted in a selection (`_counted`): measured on the curated dataset, on 300
# incidents of another kind, and on parts of both (tests/test_sizes.py holds them to it).
_MEASURED: Final[Mapping[str, Mapping[str, float]]] = MappingProxyType(
    {
        "csv": {"file": 475, "incidents": 65, "text": 1.0},
        "csv.json": {"file": 1_320, "undrawn": 100},
        "xlsx": {"file": 8_450, "text": 0.37, "sources": 84},
        "geojson": {"file": 1_170, "incidents": 990, "text": 1.15, "corners": 24, "sources": 190},
        "gpkg": {"file": 104_600, "text": 2.1, "corners": 21},
        "parquet": {"file": 15_800, "filled": 7_600, "text": 0.1, "corners": 13, "citations": 540},
        "kml": {"file": 1_580, "incidents": 3_500, "text": 1.8, "corners": 17},
        "html": {"file": 235_000, "text": 2.9, "corners": 19, "degrees": 2_560},
        "txt": {"file": 1_060, "incidents": 11, "undrawn": 70, "citations": 55},
        "bib": {"file": 1_030, "incidents": 17, "undrawn": 60, "sources": 87, "citations": 66},
        "csl.json": {"file": 1_150, "incidents": 17, "undrawn": 60, "sources": 250, "citations": 64},
    }
)

_TEXTS: Final = tuple(column for column in COLUMNS if DTYPES[column] == "str")

# A base map of more than this is no larger: it is simplified for its scale.
_WORLD_DEGREES: Final = 200.0


def about_bytes(shown: gpd.GeoDataFrame, *, format: str) -> int:  # noqa: A002  the word of matplotlib and pandas
    """Estimate how large an export of these incidents will be, in bytes, without making it.

    Parameters
    ----------
    shown
        What `filters.apply` returned.
    """
    counted = _counted(shown)
    return round(sum(each * counted[thing] for thing, each in _MEASURED[format].items()))


def _counted(shown: gpd.GeoDataFrame) -> dict[str, float]:
    """What the size of a file depends on: text in bytes, corners of outlines, the width of the base map in degrees."""
    drawn = shown.geometry.dropna().to_numpy()
    citations = {entry.strip() for cell in shown["sources"].dropna() for entry in cell.split(";") if entry.strip()}
    width = _WORLD_DEGREES
    if len(drawn):
        west, _, east, _ = shapely.total_bounds(drawn)
        width = float(np.clip((east - west) * 1.5, 5, _WORLD_DEGREES))
    return {
        "file": 1,
        "filled": min(len(shown), 1),
        "incidents": len(shown),
        "undrawn": len(shown) - len(drawn),
        "text": sum(len("".join(shown[column].dropna()).encode()) for column in _TEXTS),
        "corners": int(shapely.get_num_coordinates(drawn).sum()) - int((shapely.get_type_id(drawn) == 0).sum()),
        "sources": len({entry.partition("#")[0] for entry in citations}),
        "citations": len(citations),
        "degrees": width,
    }


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
