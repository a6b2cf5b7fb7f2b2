"""The strips along land borders, on both sides, that the borderland is divided into."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

import geopandas as gpd
import numpy as np
import shapely
from shapely.geometry import MultiLineString
from shapely.geometry.base import BaseGeometry

from gazetteer.boundaries import Boundaries
from incidents.spillover.borders import BANDS_KM, band_words
from incidents.spillover.plane import LocalPlane, steps

#: The outline of a drawn strip is within this distance of the true one: less than what a border line itself
#: may be off.
DRAWN_WITHIN_KM: Final = 1.0

#: Borders are buffered group by group, each in a plane of its own; a group's points share a cell of this many
#: degrees, so that nothing in its plane, strips included, is farther than 510 km from the centre, where
#: distances err by 0.11 %.
_CELL_DEGREES: Final = 5

#: Corners lie on a grid of this many degrees, 11 m.
_GRID_DEGREES: Final = 1e-4

#: A strip's straight edges are cut to this length before they are drawn in degrees.
_EDGE_KM: Final = 25


def border_bands(country_codes: Iterable[str], *, boundaries: Boundaries) -> gpd.GeoDataFrame:
    """Draw the strips along some countries' land borders, on both sides: 0-10, 10-20, 20-50 and 50-100 km.

    A strip is what lies nearer to any of these borders than its upper end and farther than its lower one, at
    sea too where a border meets the coast. It is for drawing only: its outline is simplified within
    `DRAWN_WITHIN_KM`. What an incident's distance is, `measure_borders` says.

    Returns
    -------
    geopandas.GeoDataFrame
        `band` (as `band_words` names it), `upper_km` and `geometry` (EPSG:4326), nearest strip first; empty
        if none of the countries has a land border.
    """
    borders, codes = boundaries.land_borders, set(country_codes)
    ours = borders.loc[borders["country_a"].isin(codes) | borders["country_b"].isin(codes)]
    reached: list[list[BaseGeometry]] = [[] for _ in BANDS_KM]
    for group in _groups(ours):
        west, south, east, north = group.bounds
        plane = LocalPlane((west + east) / 2, (south + north) / 2)
        line = plane.project(group).simplify(DRAWN_WITHIN_KM * 0.4)
        for upper_km, areas in zip(BANDS_KM, reached, strict=True):
            area = line.buffer(upper_km, quad_segs=16).simplify(DRAWN_WITHIN_KM * 0.4)
            areas.append(plane.unproject(area.segmentize(_EDGE_KM)))
    within = [shapely.set_precision(shapely.union_all(areas), _GRID_DEGREES) for areas in reached]
    strips = shapely.difference(within, [shapely.Polygon(), *within[:-1]])
    table = {"band": [band_words(upper, upper) for upper in BANDS_KM], "upper_km": list(BANDS_KM)}
    drawn = gpd.GeoDataFrame(table, geometry=strips, crs="EPSG:4326")
    return drawn.loc[~drawn.geometry.is_empty]


def _groups(borders: gpd.GeoDataFrame) -> Iterator[MultiLineString]:
    """Cut borders into steps, and gather the steps of each cell."""
    points, line = shapely.get_coordinates(shapely.get_parts(steps(borders)), return_index=True)
    joined = line[:-1] == line[1:]
    starts, ends = points[:-1][joined], points[1:][joined]
    cells = np.floor((starts + ends) / 2 / _CELL_DEGREES)
    _, group = np.unique(cells, axis=0, return_inverse=True)
    for number in range(group.max(initial=-1) + 1):
        pairs = np.stack([starts[group == number], ends[group == number]], axis=1)
        yield shapely.line_merge(shapely.multilinestrings(shapely.linestrings(pairs)))
