"""Labels: names and numbers set on the map so that none covers another or a mark."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from math import cos, hypot, radians, sin
from typing import Final

import numpy as np
import shapely

from incidents.sheet.paper import Box

# East first, then around by how easily the eye connects a number with its mark.
_BEARINGS: Final = (90, 45, 135, 270, 315, 225, 0, 180, 68, 112, 292, 248, 22, 158, 338, 202)

# Between two candidates for the place of a country's name, in millimetres.
_GRID_MM: Final = 2.5


@dataclass(slots=True)
class Labels:
    """What is taken on a map, and where the next label finds room.

    Attributes
    ----------
    box : Box
        The map: no label leaves it.
    taken : list of Box
        Marks and labels that are there already.
    """

    box: Box
    taken: list[Box] = field(default_factory=list)

    def is_free(self, box: Box) -> bool:
        """Whether a label in `box` covers nothing and stays on the map."""
        return self.box.holds(box) and not any(box.overlaps(other) for other in self.taken)

    def place(self, candidates: Iterable[Box]) -> Box | None:
        """Take the first free candidate."""
        found = next((box for box in candidates if self.is_free(box)), None)
        if found is not None:
            self.taken.append(found)
        return found


def centred(across: float, up: float, *, width: float, height: float) -> Box:
    """Give the box of this size around a point, in millimetres."""
    return Box(across - width / 2, up - height / 2, across + width / 2, up + height / 2)


def around(
    across: float, up: float, *, width: float, height: float, clear: float, reach: float = 60.0
) -> Iterator[Box]:
    """Give boxes of this size around a point, nearest first, from `clear` to `reach` millimetres from it."""
    for gap in np.arange(clear, reach, 1.2):
        for bearing in _BEARINGS:
            east, north = sin(radians(bearing)), cos(radians(bearing))
            half = min(
                width / 2 / abs(east) if abs(east) > 1e-9 else np.inf,
                height / 2 / abs(north) if abs(north) > 1e-9 else np.inf,
            )
            away = float(gap) + float(half)
            yield centred(across + east * away, up + north * away, width=width, height=height)


def inside(area: shapely.Geometry, *, width: float, height: float, share: float = 1.0) -> Iterator[Box]:
    """Give boxes of this size in an area, from its widest part outwards, at least `share` of each inside."""
    if area.is_empty:
        return
    across, up = heart(area)
    left, bottom, right, top = area.bounds
    columns, rows = np.arange(left, right, _GRID_MM), np.arange(bottom, top, _GRID_MM)
    grid = [(across, up), *((float(x), float(y)) for y in rows for x in columns)]
    grid.sort(key=lambda point: (hypot(point[0] - across, 2 * (point[1] - up)), point))
    shapely.prepare(area)
    for x, y in grid:
        box = centred(x, y, width=width, height=height)
        outline = shapely.box(box.left, box.bottom, box.right, box.top)
        if area.contains(outline) or (share < 1 and area.intersection(outline).area >= share * outline.area):
            yield box


def heart(area: shapely.Geometry) -> tuple[float, float]:
    """Give the point of an area that is farthest from its edge."""
    largest = max(shapely.get_parts(area), key=lambda part: part.area)
    circle = shapely.maximum_inscribed_circle(largest, tolerance=0.3)
    across, up = shapely.get_coordinates(circle)[0]
    return float(across), float(up)


def nearest_edge(box: Box, *, across: float, up: float) -> tuple[float, float]:
    """Give the point of a box that is nearest to another point."""
    return min(max(across, box.left), box.right), min(max(up, box.bottom), box.top)


def number_runs(numbers: Iterable[int]) -> list[str]:
    """Write numbers as briefly as can be: three and more that follow each other as a range.

    Examples
    --------
    >>> number_runs([3, 1, 2, 7, 9, 10])
    ['1–3', '7', '9, 10']
    """
    runs: list[list[int]] = []
    for number in sorted(numbers):
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return [f"{run[0]}–{run[-1]}" if len(run) > 2 else ", ".join(map(str, run)) for run in runs]


def numbers_named(numbers: Iterable[int]) -> str:
    """Name incidents by their numbers, all of them.

    Examples
    --------
    >>> numbers_named([7]), numbers_named([1, 2, 3])
    ('No. 7', 'Nos. 1–3')
    """
    words = ", ".join(number_runs(numbers))
    return f"{'No.' if words.isdecimal() else 'Nos.'} {words}"


def number_words(numbers: Iterable[int]) -> str:
    """Write the numbers at one place, runs as ranges; of many, the first, the last and how many.

    Examples
    --------
    >>> number_words([3, 5, 6, 7, 9, 10])
    '3, 5–7, 9, 10'
    >>> number_words(range(1, 200, 2))
    '1 … 199 (100 incidents)'
    """
    ordered = sorted(numbers)
    runs = number_runs(ordered)
    if len(runs) > 8:
        return f"{ordered[0]} … {ordered[-1]} ({len(ordered)} incidents)"
    return ", ".join(runs)
