"""Ties: documented crossings and inferred links between incidents, each in a pattern that no border has."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import hypot
from typing import Final

import numpy as np
from matplotlib.patches import FancyArrowPatch, PathPatch
from matplotlib.path import Path

from incidents.sheet.paper import Box, Paper
from incidents.sheet.plate import Plate
from incidents.spillover import Crossing, Link, Strength

_INFERRED: Final = "#9b51d0"
_DOCUMENTED: Final = "#d1345b"

# Round dots; what the uncertainties could undo has them farther apart. Dashes are for disputed borders.
_DOTS: Final[Mapping[Strength, float]] = {Strength.FIRM: 1.9, Strength.POSSIBLE: 3.6}

#: How far a link bows out, as a share of its length: two links between two places do not hide each other.
_BOW: Final = 0.18

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Ties:
    """The crossings and links of which a map shows both ends."""

    crossings: tuple[Crossing, ...] = ()
    links: tuple[Link, ...] = ()

    def within(self, plate: Plate, places: Mapping[str, Point]) -> Ties:
        """Keep what the map shows as a line: two ends on it, apart from each other.

        Parameters
        ----------
        places
            Where each incident that is on the map has its mark, in millimetres, by `incident_id`.
        """
        box = plate.box
        crossings = []
        for crossing in self.crossings:
            if crossing.line is not None and crossing.incident_id in places:
                across, up = plate.to_mm(*crossing.line.coords[0])
                start = Box(float(across), float(up), float(across), float(up))
                if box.holds(start) and _apart(((float(across), float(up))), places[crossing.incident_id]):
                    crossings.append(crossing)
        links = [
            link
            for link in self.links
            if link.first_id in places
            and link.second_id in places
            and _apart(places[link.first_id], places[link.second_id])
        ]
        return Ties(tuple(crossings), tuple(links))

    def unseen_words(self, drawn: Sequence[Ties]) -> str:
        """Say how many of these are a line on none of the maps that `drawn` are on, and why; empty if all are."""
        crossings = {crossing.incident_id for crossing in self.crossings}
        links = {(link.first_id, link.second_id) for link in self.links}
        for ties in drawn:
            crossings -= {crossing.incident_id for crossing in ties.crossings}
            links -= {(link.first_id, link.second_id) for link in ties.links}
        counted = ((len(crossings), "documented crossing"), (len(links), "inferred link"))
        unseen = [f"{number:,} {noun}{'' if number == 1 else 's'}" for number, noun in counted if number]
        if not unseen:
            return ""
        return f"Not drawn here: {' and '.join(unseen)}, with ends in one place at this scale, off the map or unmapped."


def _apart(one: Point, other: Point) -> bool:
    return hypot(one[0] - other[0], one[1] - other[1]) > 1.0


def draw_ties(paper: Paper, ties: Ties, *, plate: Plate, places: Mapping[str, Point]) -> None:
    """Draw what `Ties.within` kept, under the marks."""
    for link in ties.links:
        ends = places[link.first_id], places[link.second_id]
        draw_link(paper, *ends, strength=link.strength, directed=link.directed, within=plate.box)
    for crossing in ties.crossings:
        if crossing.line is not None:
            across, up = plate.to_mm(*crossing.line.coords[0])
            draw_crossing(paper, (float(across), float(up)), places[crossing.incident_id], within=plate.box)


def draw_link(
    paper: Paper, start: Point, end: Point, *, strength: Strength, directed: bool = False, within: Box | None = None
) -> None:
    """Draw an inferred link as a bowed line of dots; with an open head where the dates prove what came first."""
    (x0, y0), (x1, y1) = start, end
    control = (x0 + x1) / 2 - _BOW * (y1 - y0), (y0 + y1) / 2 + _BOW * (x1 - x0)
    curve = Path([start, control, end], [Path.MOVETO, Path.CURVE3, Path.CURVE3])
    line = PathPatch(curve, facecolor="none", edgecolor=_INFERRED, linewidth=1.3, capstyle="round")
    line.set_linestyle((0.0, (0.01, _DOTS[strength])))
    paper.draw(line, layer=27, within=within)
    if directed:
        _draw_head(paper, control, end, within=within)


def _draw_head(paper: Paper, control: Point, end: Point, *, within: Box | None) -> None:
    """Draw two short strokes at the end of a link, clear of the mark."""
    way = np.array(end) - np.array(control)
    along = way / max(float(np.hypot(*way)), 1e-9)
    tip = np.array(end) - along * 1.6
    side = np.array((-along[1], along[0]))
    strokes = [tuple(tip - along * 1.3 + side * 0.8), tuple(tip), tuple(tip - along * 1.3 - side * 0.8)]
    paper.line([(float(x), float(y)) for x, y in strokes], colour=_INFERRED, width_pt=0.9, layer=27.5, within=within)


def draw_crossing(paper: Paper, start: Point, end: Point, *, within: Box | None = None) -> None:
    """Draw a documented crossing as a solid arrow from the border to the place."""
    arrow = FancyArrowPatch(
        start,
        end,
        arrowstyle="-|>,head_length=3.2,head_width=1.6",
        mutation_scale=1,
        shrinkA=0,
        shrinkB=0,
        linewidth=1.3,
        color=_DOCUMENTED,
        capstyle="round",
    )
    paper.draw(arrow, layer=28, within=within)
