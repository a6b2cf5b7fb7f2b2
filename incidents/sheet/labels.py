"""Labels: names and numbers set on the map so that none covers another or a mark."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import compress
from math import cos, hypot, radians, sin
from typing import Any, Final

import numpy as np
import shapely
from matplotlib.patches import PathPatch
from matplotlib.path import Path
from matplotlib.textpath import TextPath
from matplotlib.transforms import Affine2D

from incidents.sheet.marks import path_of
from incidents.sheet.paper import MM_PER_POINT, Box, Paper, Type

# East first, then around by how easily the eye connects a number with its mark.
_BEARINGS: Final = (90, 45, 135, 270, 315, 225, 0, 180, 68, 112, 292, 248, 22, 158, 338, 202)

# Between two candidates for the place of a country's name, in millimetres.
_GRID_MM: Final = 2.5

# How high capitals and figures are in sizes of the text, and how wide a halo around letters is, in millimetres.
_CAPITAL_SHARE: Final = 0.714
_HALO_MM: Final = 0.28

# So many candidates are held against an area at once.
_AT_A_TIME: Final = 64

# A letter that a line only touches is hard to read too.
_CLEAR_MM: Final = 0.15

# From the first free place on, so many more are looked at for one that is clear: twice around a mark. One that is
# farther away would need a line to its mark, and that hides more than the label.
_PATIENCE: Final = 2 * len(_BEARINGS)


class Obstacles:
    """What a label had better not lie on, in millimetres: lines that would strike it through, and areas.

    Parameters
    ----------
    lines
        Lines, or areas whose outlines are drawn.
    areas
        Where incidents may have happened, and dots of towns.
    """

    __slots__ = ("_areas", "_found", "_lines")

    def __init__(self, *, lines: Sequence[shapely.Geometry] = (), areas: Sequence[shapely.Geometry] = ()) -> None:
        self._lines = shapely.STRtree(_pieces(lines))
        self._areas = list(areas)
        self._found = shapely.STRtree(self._areas)

    def with_lines(self, lines: Sequence[shapely.Geometry]) -> Obstacles:
        """Give the same with more lines."""
        more = Obstacles(lines=lines, areas=self._areas)
        more._lines = shapely.STRtree(np.concatenate([self._lines.geometries, more._lines.geometries]))
        return more

    def weight(self, box: Box, *, own: shapely.Geometry | None = None) -> int:
        """How much a label in `box` would suffer or hide: 0 is nothing, and a line is worse than an area.

        Parameters
        ----------
        own
            The area that the label speaks of, on which it may lie.
        """
        hidden = self._found.query(_outline(box), predicate="intersects")
        return (2 if self.crosses(box) else 0) + (1 if any(self._areas[at] is not own for at in hidden) else 0)

    def crosses(self, box: Box) -> bool:
        """Whether a line runs through `box`, or touches it."""
        return bool(self._lines.query(_outline(box), predicate="intersects").size)


def _outline(box: Box) -> shapely.Polygon:
    wide = box.grown(_CLEAR_MM)
    return shapely.box(wide.left, wide.bottom, wide.right, wide.top)


def _pieces(lines: Sequence[shapely.Geometry]) -> Any:
    """Give every stretch between two corners for itself: an index of whole borders would find most of them anywhere."""
    outlines = [line.boundary if shapely.get_dimensions(line) == 2 else line for line in lines]
    points, part = shapely.get_coordinates(shapely.get_parts(outlines), return_index=True)
    follows = part[1:] == part[:-1]
    return shapely.linestrings(np.stack([points[:-1][follows], points[1:][follows]], axis=1))


@dataclass(slots=True)
class Labels:
    """What is taken on a map, and where the next label finds room.

    Attributes
    ----------
    box : Box
        The map: no label leaves it.
    taken : list of Box
        Marks and labels that are there already.
    obstacles : Obstacles
        What a label lies on only where no place is clear of it.
    """

    box: Box
    taken: list[Box] = field(default_factory=list)
    obstacles: Obstacles = field(default_factory=Obstacles)

    def is_free(self, box: Box) -> bool:
        """Whether a label in `box` covers nothing and stays on the map."""
        return self.box.holds(box) and not any(box.overlaps(other) for other in self.taken)

    def place(
        self, candidates: Iterable[Box], *, own: shapely.Geometry | None = None, must_be_clear: bool = False
    ) -> Box | None:
        """Take the first free candidate that is clear of obstacles; else, of the first free ones, the least bad.

        Parameters
        ----------
        own
            The area that the label speaks of.
        must_be_clear
            Take none that is not clear.
        """
        best: tuple[int, Box] | None = None
        looked = 0
        for box in candidates:
            looked += best is not None
            if looked > _PATIENCE:
                break
            if not self.is_free(box):
                continue
            weight = self.obstacles.weight(box, own=own)
            if not must_be_clear and (best is None or weight < best[0]):
                best = weight, box
            if weight == 0:
                best = weight, box
                break
        if best is None:
            return None
        self.taken.append(best[1])
        return best[1]


def centred(across: float, up: float, *, width: float, height: float) -> Box:
    """Give the box of this size around a point, in millimetres."""
    return Box(across - width / 2, up - height / 2, across + width / 2, up + height / 2)


def around(across: float, up: float, *, width: float, height: float, clear: float, reach: float) -> Iterator[Box]:
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
    # Some at a time: the first one is often free, and asking one by one is slow where none is.
    for start in range(0, len(grid), _AT_A_TIME):
        boxes = [centred(x, y, width=width, height=height) for x, y in grid[start : start + _AT_A_TIME]]
        outlines = shapely.box(*np.array([(box.left, box.bottom, box.right, box.top) for box in boxes]).T)
        fits = shapely.contains(area, outlines)
        if share < 1:
            fits |= shapely.area(shapely.intersection(area, outlines)) >= share * shapely.area(outlines)
        yield from compress(boxes, fits)


def heart(area: shapely.Geometry) -> tuple[float, float]:
    """Give the point of an area that is farthest from its edge."""
    largest = max(shapely.get_parts(area), key=lambda part: part.area)
    circle = shapely.maximum_inscribed_circle(largest, tolerance=0.3)
    across, up = shapely.get_coordinates(circle)[0]
    return float(across), float(up)


def baseline_in(box: Box, face: Type) -> float:
    """Give where the baseline of capitals and figures runs that stand in the middle of a box."""
    return (box.bottom + box.top - _CAPITAL_SHARE * face.size_pt * MM_PER_POINT) / 2


def draw_halo(paper: Paper, words: str, left: float, baseline: float, *, face: Type, layer: float) -> None:
    """Draw what keeps a line away from letters and hides no more than that.

    It is a shape underneath: an effect on the text itself would make outlines of it, in which nobody finds a word.
    """
    halo = _halo(words, face).transformed(Affine2D().translate(left, baseline))
    paper.draw(PathPatch(halo, facecolor="white", edgecolor="none"), layer=layer)


@lru_cache(maxsize=1000)
def _halo(words: str, face: Type) -> Path:
    """Give what surrounds letters closely, in millimetres from where their baseline begins; with few corners."""
    letters = TextPath((0, 0), words, size=face.size_pt * MM_PER_POINT, prop=face.font(words)).to_polygons()
    grown = shapely.buffer([shapely.LineString(letter) for letter in letters], _HALO_MM, quad_segs=2)
    shapes = [shapely.Polygon(part.exterior) for part in shapely.get_parts(shapely.union_all(grown))]
    return path_of(shapely.simplify(shapely.union_all(shapes), _HALO_MM / 7))


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
