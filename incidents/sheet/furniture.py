"""Furniture of a map: graticule, scale bar and north arrow."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil, floor, hypot, log10
from typing import Final

import numpy as np
from matplotlib.patches import Polygon, Rectangle
from pyproj import Geod

from incidents.sheet.paper import FAINT_INK, INK, Box, Paper, Type, width_mm
from incidents.sheet.plate import Plate

_GEOD: Final = Geod(ellps="WGS84")
_GRID: Final = "#bfcad3"
_SMALL: Final = Type(5.2, colour=FAINT_INK)

# A scale bar is read best at about this length; on a small map a third of its width.
_BAR_MM: Final = 36.0
_BAR_SHARE: Final = 0.34

# Room for the north arrow.
_ARROW_MM: Final = 10.0

# A point of the page that comes back from the globe farther away than this was not on it.
_THERE_AND_BACK_MM: Final = 0.01

# Above the names, and below every area, mark and link: where no corner is free, an incident is still to be seen.
_LAYER: Final = 16


@dataclass(frozen=True, slots=True)
class ScaleBar:
    """A round distance and its length on paper, at the middle of the map."""

    distance_km: float
    length_mm: float
    latitude: float


def scale_bar(plate: Plate) -> ScaleBar:
    """Choose the round distance (1, 2 or 5 and zeros) that fits the bar, and measure it.

    The length is that between the two ends of a geodesic of this distance, laid east and west through the
    middle of the map; at another latitude of the same map it is another.
    """
    longitude, latitude = plate.centre

    def length_mm(distance_km: float) -> float:
        half = distance_km * 500
        ends = [_GEOD.fwd(longitude, latitude, azimuth, half)[:2] for azimuth in (270.0, 90.0)]
        (left, bottom), (right, top) = (plate.to_mm(*end) for end in ends)
        return hypot(right - left, top - bottom)

    longest_mm = min(_BAR_MM, plate.box.width * _BAR_SHARE)
    rough_km = longest_mm * plate.metres_per_mm / 1000
    size = 10.0 ** floor(log10(rough_km))
    rounds = [step * size for step in (0.5, 1.0, 2.0, 5.0)]
    fitting = [distance for distance in rounds if length_mm(distance) <= longest_mm]
    distance_km = fitting[-1] if fitting else rounds[0]
    return ScaleBar(distance_km=distance_km, length_mm=length_mm(distance_km), latitude=latitude)


def corner_mm(plate: Plate) -> tuple[float, float]:
    """Give the room for scale bar and north arrow: width and height in millimetres."""
    bar = scale_bar(plate)
    true = width_mm(_true_words(bar, plate), _SMALL)
    words = max(bar.length_mm + width_mm(_distance_words(bar), _SMALL) / 2, true)
    return words + 3.0 + (_ARROW_MM if _has_one_north(plate) else 3.0), 11.5


def draw_corner(paper: Paper, *, plate: Plate, box: Box) -> None:
    """Draw the scale bar on a plain ground, and the north arrow where the map has one north."""
    ground = Rectangle((box.left, box.bottom), box.width, box.height, facecolor="white", edgecolor=_GRID, linewidth=0.5)
    paper.draw(ground, layer=_LAYER)
    _draw_scale_bar(paper, plate, left=box.left + 3, bottom=box.bottom + 5.0)
    if _has_one_north(plate):
        _draw_north(paper, plate, across=box.right - 4.5, up=box.bottom + box.height / 2 - 0.6)


def _has_one_north(plate: Plate) -> bool:
    """Whether an arrow in a corner means anything; on a map of half the world north follows the meridians."""
    return not plate.frame.is_wide


def _distance_words(bar: ScaleBar) -> str:
    return f"{bar.distance_km:,g} km"


def _true_words(bar: ScaleBar, plate: Plate) -> str:
    """Where the bar holds: in the middle, and on a map of half the world only along the parallel."""
    where = f"{abs(bar.latitude):.0f}° {'N' if bar.latitude >= 0 else 'S'}"
    return f"true along {where} only" if plate.frame.is_wide else f"true at {where}, mid-map"


def _draw_scale_bar(paper: Paper, plate: Plate, *, left: float, bottom: float) -> None:
    bar = scale_bar(plate)
    half = bar.length_mm / 2
    for start, colour in ((left, INK), (left + half, "white")):
        piece = Rectangle((start, bottom), half, 1.1, facecolor=colour, edgecolor=INK, linewidth=0.5)
        paper.draw(piece, layer=_LAYER)
    paper.write("0", left, bottom + 2.1, face=_SMALL, align="center", layer=_LAYER)
    middle = f"{bar.distance_km / 2:,g}"
    if half > width_mm(middle, _SMALL) / 2 + width_mm(_distance_words(bar), _SMALL) / 2 + 1:
        paper.write(middle, left + half, bottom + 2.1, face=_SMALL, align="center", layer=_LAYER)
    paper.write(_distance_words(bar), left + bar.length_mm, bottom + 2.1, face=_SMALL, align="center", layer=_LAYER)
    paper.write(_true_words(bar, plate), left, bottom - 2.9, face=_SMALL, layer=_LAYER)


def north_at(plate: Plate, *, across: float, up: float) -> tuple[float, float]:
    """Give the direction of true north at a point of the page, as a unit vector; off the globe that of mid-map."""
    longitude, latitude = plate.to_degrees(across, up)
    if not _is_on_the_globe(plate, across=across, up=up):
        longitude, latitude = plate.centre
    (x0, y0), (x1, y1) = (plate.to_mm(longitude, min(latitude + step, 90.0)) for step in (0.0, 0.05))
    length = hypot(x1 - x0, y1 - y0)
    return float((x1 - x0) / length), float((y1 - y0) / length)


def _is_on_the_globe(plate: Plate, *, across: float, up: float) -> bool:
    """Whether a point of the page is a place: beyond the globe's edge a projection may give one that is elsewhere."""
    x, y = plate.to_mm(*plate.to_degrees(across, up))
    return bool(hypot(x - across, y - up) < _THERE_AND_BACK_MM)


def _draw_north(paper: Paper, plate: Plate, *, across: float, up: float) -> None:
    east, north = north_at(plate, across=across, up=up)

    def turned(x: float, y: float) -> tuple[float, float]:
        return across + x * north + y * east, up - x * east + y * north

    for side, colour in ((-1.5, INK), (1.5, "white")):
        half = [turned(0, 2.2), turned(side, -3.6), turned(0, -2.4)]
        paper.draw(Polygon(half, closed=True, facecolor=colour, edgecolor=INK, linewidth=0.5), layer=_LAYER)
    letter = turned(0, 3.9)
    paper.write("N", *letter, face=Type(6.5, bold=True), align="center", upright="center", layer=_LAYER)


def draw_graticule(paper: Paper, *, plate: Plate) -> None:
    """Draw meridians and parallels lightly, and name them outside the map."""
    west, south, east, north = plate.window
    step = _step(min(east - west, 2 * (north - south)))
    box = plate.box
    for longitude in np.arange(ceil(west / step) * step, east, step):
        up = np.linspace(max(south, -89.5), min(north, 89.5), 181)
        line = np.column_stack(plate.to_mm(np.full_like(up, longitude), up))
        _draw_grid_line(paper, line, box)
        at = _crossing(line, level=box.bottom, axis=1)
        if at is not None and box.left + 3 < at < box.right - 3:
            words = _degree_words((longitude + 180) % 360 - 180, "E", "W")
            paper.write(words, at, box.bottom - 2.5, face=_SMALL, align="center")
    for latitude in np.arange(ceil(south / step) * step, north, step):
        along = np.linspace(west, east, 181)
        line = np.column_stack(plate.to_mm(along, np.full_like(along, latitude)))
        _draw_grid_line(paper, line, box)
        at = _crossing(line, level=box.left, axis=0)
        if at is not None and box.bottom + 2 < at < box.top - 2:
            words = _degree_words(latitude, "N", "S")
            paper.write(words, box.left - 0.8, at, face=_SMALL, align="right", upright="center")


def _draw_grid_line(paper: Paper, line: np.ndarray, box: Box) -> None:
    points = [(float(x), float(y)) for x, y in line if np.isfinite([x, y]).all()]
    if len(points) > 1:
        paper.line(points, colour=_GRID, width_pt=0.35, layer=6, within=box)


def _step(degrees: float) -> float:
    return next((step for step in (0.25, 0.5, 1, 2, 5, 10, 20) if degrees / step <= 9), 30)


def _crossing(line: np.ndarray, *, level: float, axis: int) -> float | None:
    """Where a line first crosses a horizontal (axis 1) or vertical (axis 0) edge, along that edge."""
    side = line[:, axis] - level
    for before in np.flatnonzero(np.diff(np.sign(side)) != 0):
        share = side[before] / (side[before] - side[before + 1])
        if np.isfinite(share):
            other = line[:, 1 - axis]
            return float(other[before] + share * (other[before + 1] - other[before]))
    return None


def _degree_words(degrees: float, positive: str, negative: str) -> str:
    sign = "" if degrees == 0 else f" {positive if degrees > 0 else negative}"
    return f"{abs(degrees):g}°{sign}"
