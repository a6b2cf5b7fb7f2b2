"""Countries, first-level divisions and disputed lines, packed for the browser's base map."""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import lru_cache
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from shapely.geometry.base import BaseGeometry

from gazetteer.boundaries import Boundaries
from incidents.safety import safe_text

#: Coordinates travel as whole thousandths of a degree: 111 m of latitude, less than the boundaries' own error.
UNITS_PER_DEGREE: Final = 1000


def pack(geometry: BaseGeometry) -> list[list[int]]:
    """Pack every ring or line of a geometry as `[x0, y0, dx, dy, ...]`, in thousandths of a degree.

    Parameters
    ----------
    geometry
        Polygons or lines, EPSG:4326.

    Examples
    --------
    >>> pack(shapely.LineString([(1, 2), (1.5, 2.25)]))
    [[1000, 2000, 500, 250]]
    """
    lines = shapely.get_parts(geometry)
    polygons = shapely.get_type_id(lines) == shapely.GeometryType.POLYGON
    rings = [*shapely.get_rings(lines[polygons]), *lines[~polygons]]
    packed = []
    for ring in rings:
        steps = np.rint(shapely.get_coordinates(ring) * UNITS_PER_DEGREE).astype(int)
        moved = np.r_[True, np.any(np.diff(steps, axis=0) != 0, axis=1)]
        steps = steps[moved]
        if len(steps) > 1:
            packed.append(np.r_[steps[:1], np.diff(steps, axis=0)].ravel().tolist())
    return packed


@lru_cache(maxsize=16)
def basemap(country_codes: tuple[str, ...]) -> bytes:
    """Build the base map: every country, and the first-level divisions of some.

    Parameters
    ----------
    country_codes
        ISO 3166-1 alpha-2 codes of the countries whose divisions are drawn.

    Returns
    -------
    bytes
        JSON as `assets/desk.js` reads it: `countries` and `divisions` with `name` (safe as HTML), `at` (latitude,
        longitude of the label), `size` (width of the largest part, degrees of longitude) and `rings`; `disputed`
        lines with `rings`.
    """
    boundaries = Boundaries.load()
    divisions = boundaries.divisions
    wanted = divisions.loc[divisions["country_code"].isin(country_codes)]
    content = {
        "countries": _units(boundaries.countries),
        "divisions": _units(wanted),
        # two of them are shorter than the step, and vanish
        "disputed": [{"rings": rings} for line in boundaries.disputed_borders.geometry if (rings := pack(line))],
    }
    return json.dumps(content, separators=(",", ":")).encode()


# A map to take along shows this much around what is drawn, and no detail finer than this share of its width.
_AROUND: Final = 0.6
_LEAST_AROUND_DEGREES: Final = 4.0
_FINEST: Final = 1 / 4000


def clipped_basemap(
    bounds: tuple[float, float, float, float] | None, *, boundaries: Boundaries, country_codes: tuple[str, ...]
) -> dict[str, Any]:
    """Build the base map around what is drawn, clipped and simplified for its scale; the content is `basemap`'s.

    Parameters
    ----------
    bounds
        West, south, east and north edge of what is drawn, degrees in EPSG:4326; None for the whole world.
    boundaries
        Whose outlines are drawn.
    country_codes
        ISO 3166-1 alpha-2 codes of the countries whose divisions are drawn.
    """
    west, south, east, north = bounds or (-180.0, -90.0, 180.0, 90.0)
    around = max((east - west) * _AROUND, (north - south) * _AROUND, _LEAST_AROUND_DEGREES)
    box = (max(west - around, -180.0), max(south - around, -90.0), min(east + around, 180.0), min(north + around, 90.0))
    finest = max((box[2] - box[0]) * _FINEST, 1 / UNITS_PER_DEGREE)
    divisions = boundaries.divisions
    wanted = divisions.loc[divisions["country_code"].isin(country_codes)]
    lines = shapely.simplify(shapely.clip_by_rect(boundaries.disputed_borders.geometry.to_numpy(), *box), finest)
    return {
        "countries": _units(_clipped(boundaries.countries, box, finest=finest)),
        "divisions": _units(_clipped(wanted, box, finest=finest)),
        "disputed": [{"rings": rings} for line in lines if not line.is_empty and (rings := pack(line))],
    }


def _clipped(units: gpd.GeoDataFrame, box: tuple[float, float, float, float], *, finest: float) -> gpd.GeoDataFrame:
    """Units as far as they lie in a box, simplified together, so that neighbours keep their border in common."""
    near = units.loc[units.intersects(shapely.box(*box))]
    clipped = near.set_geometry(shapely.make_valid(shapely.clip_by_rect(near.geometry.to_numpy(), *box)), crs=units.crs)
    clipped = clipped.loc[clipped.geometry.geom_type.isin(["Polygon", "MultiPolygon"]) & ~clipped.geometry.is_empty]
    simple = shapely.coverage_simplify(clipped.geometry.to_numpy(), finest)
    kept = clipped.set_geometry(simple, crs=units.crs)
    return kept.loc[~kept.geometry.is_empty]


def countries_with_divisions(incidents: gpd.GeoDataFrame) -> tuple[str, ...]:
    """Name the countries whose divisions help to read a map of these incidents, in a fixed order."""
    return tuple(sorted(incidents["country_code"].dropna().unique()))


def _units(units: gpd.GeoDataFrame) -> list[dict[str, Any]]:
    return [_unit(name, geometry) for name, geometry in zip(units["name"], units.geometry, strict=True)]


def _unit(name: str | None, geometry: BaseGeometry) -> dict[str, Any]:
    parts: Sequence[BaseGeometry] = shapely.get_parts(geometry)
    largest = max(parts, key=lambda part: part.area)
    inside = largest.centroid if largest.contains(largest.centroid) else largest.representative_point()
    west, _, east, _ = largest.bounds
    return {
        "name": "" if pd.isna(name) else safe_text(name),
        "at": [round(inside.y, 3), round(inside.x, 3)],
        "size": round(east - west, 2),
        "rings": pack(geometry),
    }
