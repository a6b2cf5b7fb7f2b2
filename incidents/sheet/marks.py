"""Marks: how an incident is drawn, its group by shape and colour, its precision by fill, ring and tint."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from enum import Enum
from typing import Final

import numpy as np
import shapely
from matplotlib.colors import to_rgba
from matplotlib.markers import MarkerStyle
from matplotlib.patches import Circle, PathPatch
from matplotlib.path import Path
from matplotlib.transforms import Affine2D

from incidents.schema import GeoPrecision
from incidents.sheet.paper import Box, Paper
from incidents.symbols import SEVERAL, Symbol

#: Radius of a mark, and the least radius of the ring around it, in millimetres.
MARK_MM: Final = 1.25
RING_MM: Final = 2.1

_MARKERS: Final = {
    "circle": "o",
    "square": "s",
    "triangle": "^",
    "diamond": "D",
    "star": "*",
    "pentagon": "p",
    "cross": "P",
    "ring": "o",
}

# Marks of equal area look equally important; a unit marker of matplotlib has radius 0.5.
_SIZES: Final = {"square": 0.9, "triangle": 1.15, "diamond": 0.8, "star": 1.35, "pentagon": 1.1, "cross": 1.1}

_TINT: Final = 0.20
_RING_TINT: Final = 0.10


class Style(Enum):
    """How a precision is drawn; the value is what the legend says of it."""

    FILLED = "exact place"
    RINGED = "settlement; the ring is its radius of uncertainty, never drawn smaller than here"
    HOLLOW = "near a settlement; ring as above"
    TOGETHER = "places too near to be drawn apart; the ring holds all of them"
    TINTED = "district, province, road or loosely named area: somewhere in it"

    @classmethod
    def of(cls, precision: str) -> Style:
        """Give the style of a `GeoPrecision` that can be drawn."""
        match GeoPrecision(precision):
            case GeoPrecision.EXACT:
                return cls.FILLED
            case GeoPrecision.SETTLEMENT:
                return cls.RINGED
            case GeoPrecision.NEAR_SETTLEMENT:
                return cls.HOLLOW
            case _:
                return cls.TINTED


def draw_mark(
    paper: Paper,
    *,
    across: float,
    up: float,
    symbol: Symbol,
    style: Style = Style.FILLED,
    ring: shapely.Polygon | None = None,
    layer: float = 30,
    within: Box | None = None,
) -> None:
    """Draw an incident at a point of the page.

    Parameters
    ----------
    across, up
        Millimetres.
    ring
        The circle of uncertainty, in millimetres; without one, or where it is smaller, the least ring.
    """
    if style in (Style.RINGED, Style.HOLLOW, Style.TOGETHER):
        dashed = style is Style.TOGETHER
        _draw_ring(paper, across, up, symbol=symbol, ring=ring, dashed=dashed, layer=layer - 1, within=within)
    marker = MarkerStyle(_MARKERS[symbol.shape])
    size = 2 * MARK_MM * _SIZES.get(symbol.shape, 1.0)
    place = Affine2D().scale(size).translate(across, up)
    outline = marker.get_path().transformed(marker.get_transform() + place)
    open_mark = style is Style.HOLLOW or symbol == SEVERAL
    paper.draw(
        PathPatch(
            outline,
            facecolor="white" if open_mark else symbol.colour,
            edgecolor=symbol.colour if open_mark else "white",
            linewidth=1.1 if open_mark else 0.5,
            joinstyle="miter",
        ),
        layer=layer,
        within=within,
    )
    if symbol == SEVERAL:
        centre = Circle((across, up), MARK_MM * 0.4, facecolor=symbol.colour, edgecolor="none")
        paper.draw(centre, layer=layer + 0.1, within=within)


def _draw_ring(
    paper: Paper,
    across: float,
    up: float,
    *,
    symbol: Symbol,
    ring: shapely.Polygon | None,
    dashed: bool,
    layer: float,
    within: Box | None,
) -> None:
    colours = {
        "facecolor": to_rgba(symbol.colour, _RING_TINT),
        "edgecolor": symbol.colour,
        "linewidth": 0.6,
        "linestyle": (0, (3.0, 2.0)) if dashed else "solid",
    }
    if ring is None or min(half_widths(ring)) < RING_MM:
        paper.draw(Circle((across, up), RING_MM, **colours), layer=layer, within=within)
    else:
        paper.draw(PathPatch(path_of(ring), **colours), layer=layer, within=within)


def draw_area(
    paper: Paper,
    *,
    area: shapely.Polygon | shapely.MultiPolygon,
    symbol: Symbol,
    layer: float = 20,
    within: Box | None = None,
) -> None:
    """Draw an incident that happened somewhere in an area, in millimetres of the page."""
    paper.draw(
        PathPatch(
            path_of(area),
            facecolor=to_rgba(symbol.colour, _TINT),
            edgecolor=symbol.colour,
            linewidth=0.9,
            joinstyle="round",
        ),
        layer=layer,
        within=within,
    )


def half_widths(area: shapely.Geometry) -> tuple[float, float]:
    """Give half the extent of a shape, across and up."""
    left, bottom, right, top = area.bounds
    return (right - left) / 2, (top - bottom) / 2


def path_of(*shapes: shapely.Geometry) -> Path:
    """Turn polygons, with their holes, or lines into one path."""
    vertices: list[np.ndarray] = []
    codes: list[np.ndarray] = []
    for ring in (ring for shape in shapes for ring in _strings(shape)):
        points = shapely.get_coordinates(ring)
        vertices.append(points)
        steps = np.full(len(points), Path.LINETO, dtype=Path.code_type)
        steps[0] = Path.MOVETO
        if isinstance(ring, shapely.LinearRing):
            steps[-1] = Path.CLOSEPOLY
        codes.append(steps)
    if not vertices:
        return Path(np.empty((0, 2)))
    return Path(np.concatenate(vertices), np.concatenate(codes))


def _strings(area: shapely.Geometry) -> Iterator[shapely.LineString]:
    parts: Sequence[shapely.Geometry] = shapely.get_parts(area)
    for part in parts:
        if isinstance(part, shapely.Polygon):
            # One direction for shells and the other for holes: the filling rule leaves holes empty.
            turned = shapely.geometry.polygon.orient(part)
            yield from (turned.exterior, *turned.interiors)
        elif isinstance(part, shapely.LineString):
            yield part
