"""Names on a map: countries, towns by their rank and divisions, each only where it covers nothing."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product
from math import hypot
from typing import Final

import shapely
from matplotlib.patches import Circle

from gazetteer.place import Place
from incidents.sheet.ground import rectangle
from incidents.sheet.labels import Labels, around, baseline_in, centred, draw_halo, inside
from incidents.sheet.marks import RING_MM
from incidents.sheet.paper import Box, Paper, Type, one_line, width_mm
from incidents.sheet.plate import Plate

_COUNTRY_NAME: Final = "#69707a"
_DIVISION_NAME: Final = Type(4.4, colour="#8d8a7d")
_TOWN_NAME: Final = Type(5.4, colour="#3c434c")
TOWN: Final = "#3c434c"
# Above the outlines of areas and the lines to numbers, below rings and marks.
_ABOVE_AREAS: Final = 26.0
TOWN_MM: Final = 0.42

#: Towns nearer to each other than this on the page are one for a reader, and the larger is named.
_APART_MM: Final = 5.0

#: Square millimetres of map to a town that is named.
_AREA_MM2: Final = 850.0


def town_count(plate: Plate) -> int:
    """How many towns a map of this size names at most."""
    most = round(plate.box.width * plate.box.height / _AREA_MM2)
    return min(max(most, 3), 12 if plate.frame.is_wide else 30)


def name_countries(
    paper: Paper, countries: Sequence[tuple[str, shapely.Geometry]], *, labels: Labels, least_share: float
) -> None:
    """Name each country where its name fits; one too small for its name stays without."""
    visible = [(name, shapely.intersection(shape, rectangle(labels.box))) for name, shape in countries]
    for name, area in sorted(visible, key=lambda pair: (-pair[1].area, pair[0])):
        spaced = "\u200a".join(one_line(name).upper())
        sizes = ((7.0, 1.0), (5.6, 1.0), (4.8, least_share))
        # Rather small than struck through by the outline of an area or by a disputed line.
        for must_be_clear, (size_pt, share) in product((True, False), sizes):
            face = Type(size_pt, colour=_COUNTRY_NAME)
            width, height = width_mm(spaced, face), size_pt * 0.36
            if width * height > area.area:
                continue
            places = inside(area, width=width + 0.6, height=height, share=share)
            box = labels.place(places, must_be_clear=must_be_clear)
            if box is not None:
                _write(paper, spaced, box, face=face, labels=labels, layer=12)
                break


def _write(paper: Paper, words: str, box: Box, *, face: Type, labels: Labels, layer: float) -> None:
    """Write a name in the middle of its box; where no place was clear of lines, with a halo that keeps them off."""
    left, baseline = (box.left + box.right - width_mm(words, face)) / 2, baseline_in(box, face)
    if labels.obstacles.crosses(box):
        layer = _ABOVE_AREAS
        draw_halo(paper, words, left, baseline, face=face, layer=layer - 0.5)
    paper.write(words, left, baseline, face=face, layer=layer)


def name_towns(
    paper: Paper, towns: Sequence[Place], *, plate: Plate, labels: Labels, marks: Sequence[Box]
) -> tuple[Place, ...]:
    """Mark and name towns in the order of their rank; give those that found room.

    Parameters
    ----------
    marks
        Where incidents are marked. What else is taken would hide a town.
    """
    named: list[tuple[float, float]] = []
    found: list[Place] = []
    for town in towns:
        if town.longitude is None or town.latitude is None or len(found) >= town_count(plate):
            continue
        across, up = (float(value) for value in plate.to_mm(town.longitude, town.latitude))
        dot = centred(across, up, width=2 * TOWN_MM, height=2 * TOWN_MM)
        if not labels.box.holds(dot) or any(hypot(across - x, up - y) < _APART_MM for x, y in named):
            continue
        words = one_line(town.name)
        # Where an incident is marked on the town, its mark stands for both, and the name keeps clear of it.
        marked = any(dot.overlaps(other) for other in marks)
        if not marked and not labels.is_free(dot):
            continue
        clear = RING_MM + 0.4 if marked else TOWN_MM + 0.35
        size = {"width": width_mm(words, _TOWN_NAME) + 0.4, "height": 1.9}
        box = labels.place(around(across, up, clear=clear, reach=clear + 1.3, **size))
        if box is None:
            continue
        if not marked:
            labels.taken.append(dot)
            paper.draw(Circle((across, up), TOWN_MM, facecolor="white", edgecolor=TOWN, linewidth=0.6), layer=13)
        _write(paper, words, box, face=_TOWN_NAME, labels=labels, layer=14)
        named.append((across, up))
        found.append(town)
    return tuple(found)


def name_divisions(paper: Paper, divisions: Sequence[tuple[str, shapely.Geometry]], *, labels: Labels) -> None:
    """Name each division whose name fits into it clear of all else, the largest first."""
    visible = [(name, shapely.intersection(shape, rectangle(labels.box))) for name, shape in divisions]
    for name, area in sorted(visible, key=lambda pair: (-pair[1].area, pair[0])):
        words = one_line(name)
        width, height = width_mm(words, _DIVISION_NAME) + 0.6, 1.7
        if width * height * 2 > area.area:
            continue
        box = labels.place(inside(area, width=width, height=height), must_be_clear=True)
        if box is not None:
            _write(paper, words, box, face=_DIVISION_NAME, labels=labels, layer=11)
