"""Ties: documented crossings and inferred links between incidents, each in a pattern that no border has."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import hypot
from typing import Final

import numpy as np
from matplotlib.patches import FancyArrowPatch, PathPatch
from matplotlib.path import Path

from incidents.sheet.marks import MARK_MM
from incidents.sheet.paper import MM_PER_POINT, Box, Paper
from incidents.sheet.plate import Plate
from incidents.spillover import Crossing, Link, Strength

_INFERRED: Final = "#9b51d0"
_DOCUMENTED: Final = "#d1345b"

# Round dots; what the uncertainties could undo has them farther apart. Dashes are for disputed borders.
_LINK_PT: Final = 1.3
_DOT: Final = 0.01
_LAST: Final = 0.05  # before the end, where some programs would leave the last dot out
_DOTS: Final[Mapping[Strength, float]] = {Strength.FIRM: 1.9, Strength.POSSIBLE: 3.6}

# How far a link bows out, as a share of its length, so that two between two places do not hide each other. A short one
# bows by so many millimetres, to be seen beside its marks, but never steeply: it would lead through a third country.
_BOW: Final = 0.18
_LEAST_BOW_MM: Final = 2.5
_STEEPEST_BOW: Final = 0.4

# A crossing is seen from this length on. Only its direction means anything: a shorter one begins farther away, but
# never so far that it would begin in another part of the country.
_LEAST_CROSSING_MM: Final = 5.0
_FARTHEST_KM: Final = 150.0

# From the middle of a mark to where an arrow ends.
_CLEAR_MM: Final = MARK_MM + 0.5

# More links than these are counted, not named.
_MOST_NAMED: Final = 8

# Labels keep clear of so many links, at these shares of their length.
_MOST_KEPT_CLEAR: Final = 60
_ALONG: Final = (0.2, 0.35, 0.5, 0.65, 0.8)

# So finely a link is measured.
_ALL_ALONG: Final = tuple(step / 16 for step in range(17))

# Above the rings of the marks, and below the marks.
_LAYER: Final = 29.5

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
        crossings = [crossing for crossing in self.crossings if _arrow(crossing, plate=plate, places=places)]
        links = [
            link
            for link in self.links
            if link.first_id in places
            and link.second_id in places
            and _apart(places[link.first_id], places[link.second_id])
        ]
        return Ties(tuple(crossings), tuple(links))

    def words(self, drawn: Sequence[Ties], *, numbers: Mapping[str, int]) -> str:
        """Name by their numbers what `drawn` tie, if these are few, and say what of these ties is no line."""
        said = _linked_words(drawn, numbers), _crossed_words(drawn, numbers), self.unseen_words(drawn)
        return " ".join(filter(None, said))

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


def _crossed_words(drawn: Sequence[Ties], numbers: Mapping[str, int]) -> str:
    """Say to which incident each arrow leads: at its end may be the mark of another."""
    crossed = sorted({numbers[crossing.incident_id] for ties in drawn for crossing in ties.crossings})
    if not 0 < len(crossed) <= _MOST_NAMED:
        return ""
    one = len(crossed) == 1
    return (
        f"{'The arrow leads' if one else 'Arrows lead'} to {'no.' if one else 'nos.'} {', '.join(map(str, crossed))}."
    )


def _linked_words(drawn: Sequence[Ties], numbers: Mapping[str, int]) -> str:
    """Name the ends of each link."""
    strengths = {
        tuple(sorted((numbers[link.first_id], numbers[link.second_id]))): link.strength
        for ties in drawn
        for link in ties.links
    }
    if not 0 < len(strengths) <= _MOST_NAMED:
        return ""
    joined = ", ".join(f"{one} and {other} ({strength})" for (one, other), strength in sorted(strengths.items()))
    return f"Linked here: {joined}."


def _apart(one: Point, other: Point) -> bool:
    return hypot(one[0] - other[0], one[1] - other[1]) > 1.0


def draw_ties(paper: Paper, ties: Ties, *, plate: Plate, places: Mapping[str, Point]) -> None:
    """Draw what `Ties.within` kept, under the marks."""
    for link in ties.links:
        ends = places[link.first_id], places[link.second_id]
        draw_link(paper, *ends, strength=link.strength, directed=link.directed, within=plate.box)
    for crossing in ties.crossings:
        if arrow := _arrow(crossing, plate=plate, places=places):
            draw_crossing(paper, *arrow, within=plate.box)


def _arrow(crossing: Crossing, *, plate: Plate, places: Mapping[str, Point]) -> tuple[Point, Point] | None:
    """Give where the arrow of a crossing begins and ends, in millimetres; None where the map has no room for it."""
    if crossing.line is None or crossing.incident_id not in places:
        return None
    across, up = (float(value) for value in plate.to_mm(*crossing.line.coords[0]))
    x, y = places[crossing.incident_id]
    length, least = hypot(x - across, y - up), _LEAST_CROSSING_MM + _CLEAR_MM
    too_far = length < least and least * plate.metres_per_mm > _FARTHEST_KM * 1000
    if length == 0 or too_far or not plate.box.holds(Box(across, up, across, up)):
        return None
    east, north = (x - across) / length, (y - up) / length
    start = (x - east * least, y - north * least) if length < least else (across, up)
    return start, (x - east * _CLEAR_MM, y - north * _CLEAR_MM)


def boxes_of(ties: Ties, *, plate: Plate, places: Mapping[str, Point]) -> list[Box]:
    """Give small boxes along the lines of a map, for labels to keep clear of; none where lines are everywhere."""
    if len(ties.links) > _MOST_KEPT_CLEAR:
        return []
    found = []
    for link in ties.links:
        start, end = places[link.first_id], places[link.second_id]
        found += list(_points(start, _control(start, end), end, shares=_ALONG))
    for crossing in ties.crossings:
        if arrow := _arrow(crossing, plate=plate, places=places):
            found += [(1 - at) * np.array(arrow[0]) + at * np.array(arrow[1]) for at in _ALONG]
    return [Box(float(x) - 0.5, float(y) - 0.5, float(x) + 0.5, float(y) + 0.5) for x, y in found]


def _control(start: Point, end: Point) -> Point:
    """Give the point that a link bows towards."""
    (x0, y0), (x1, y1) = start, end
    bow = max(_BOW, min(_LEAST_BOW_MM / max(hypot(x1 - x0, y1 - y0), 1e-9), _STEEPEST_BOW))
    return (x0 + x1) / 2 - bow * (y1 - y0), (y0 + y1) / 2 + bow * (x1 - x0)


def _points(start: Point, control: Point, end: Point, *, shares: Sequence[float]) -> np.ndarray:
    """Give the points of a bowed line at these shares of its way."""
    at = np.array(shares)[:, None]
    return np.asarray((1 - at) ** 2 * np.array(start) + 2 * at * (1 - at) * np.array(control) + at**2 * np.array(end))


def _gap(points: np.ndarray, *, strength: Strength) -> float:
    """Give the distance of dots, in widths of the line, at which one is at each end and at least one between them."""
    widths = float(np.hypot(*np.diff(points, axis=0).T).sum()) / (_LINK_PT * MM_PER_POINT)
    return (widths - _LAST) / max(2, round(widths / _DOTS[strength]))


def draw_link(
    paper: Paper, start: Point, end: Point, *, strength: Strength, directed: bool = False, within: Box | None = None
) -> None:
    """Draw an inferred link as a bowed line of dots; with an open head where the dates prove what came first."""
    control = _control(start, end) if within else start  # the legend's sample has no marks to be seen beside
    curve = Path([start, control, end], [Path.MOVETO, Path.CURVE3, Path.CURVE3])
    line = PathPatch(curve, facecolor="none", edgecolor=_INFERRED, linewidth=_LINK_PT, capstyle="round")
    gap = _gap(_points(start, control, end, shares=_ALL_ALONG), strength=strength)
    line.set_linestyle((0.0, (_DOT, gap - _DOT)))
    paper.draw(line, layer=_LAYER, within=within)
    if directed:
        _draw_head(paper, control, end, within=within)


def _draw_head(paper: Paper, control: Point, end: Point, *, within: Box | None) -> None:
    """Draw two short strokes at the end of a link, clear of the mark."""
    way = np.array(end) - np.array(control)
    along = way / max(float(np.hypot(*way)), 1e-9)
    tip = np.array(end) - along * 1.6
    side = np.array((-along[1], along[0]))
    strokes = [tuple(tip - along * 1.3 + side * 0.8), tuple(tip), tuple(tip - along * 1.3 - side * 0.8)]
    paper.line([(float(x), float(y)) for x, y in strokes], colour=_INFERRED, width_pt=0.9, layer=_LAYER, within=within)


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
    paper.draw(arrow, layer=_LAYER, within=within)
