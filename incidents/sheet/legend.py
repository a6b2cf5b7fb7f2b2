"""The legend: what is drawn on the maps and nothing else, each sample exactly as it is drawn there."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import floor
from typing import Final

import shapely
from matplotlib.patches import Circle, Rectangle
from matplotlib.path import Path

from incidents.sheet.ground import BORDER, DIVISION, Lines, draw_lines
from incidents.sheet.marks import Style, draw_area, draw_mark
from incidents.sheet.names import TOWN, TOWN_MM
from incidents.sheet.paper import INK, Paper, Type, wrap
from incidents.sheet.printed_map import Spot
from incidents.sheet.strip import ELSEWHERE
from incidents.sheet.ties import Ties, draw_crossing, draw_link
from incidents.spillover import Strength
from incidents.symbols import SEVERAL, Symbol

_FACE: Final = Type(6.2)
_INDENT_MM: Final = 7.0
_COLUMN_MM: Final = 43.0


@dataclass(frozen=True, slots=True)
class LegendEntry:
    """A sample, drawn as on the map around a point in millimetres, and what it stands for."""

    sample: Callable[[Paper, float, float], None]
    words: str


def legend(
    found: Sequence[Spot],
    *,
    groups: Mapping[str, Symbol],
    lines: Lines,
    ties: Sequence[Ties],
    towns: bool,
    elsewhere: bool = False,
) -> list[LegendEntry]:
    """List what is drawn: groups in their order, precisions finest first, overlays, towns, lines.

    Parameters
    ----------
    found
        The marks and areas of all maps.
    groups
        Every group's symbol, in the order of the legend.
    lines
        Which lines the maps have.
    ties
        The links and crossings that each map draws.
    towns
        Whether towns are marked.
    elsewhere
        Whether the timeline counts groups that no map shows.
    """
    used = {entry.symbol for spot in found for entry in spot.entries}
    entries = [
        LegendEntry(_sample(symbol, style=Style.FILLED), name) for name, symbol in groups.items() if symbol in used
    ]
    if any(spot.symbol == SEVERAL for spot in found):
        entries.append(LegendEntry(_sample(SEVERAL, style=Style.FILLED), "several groups in one mark"))
    if elsewhere:
        entries.append(LegendEntry(_elsewhere_sample, "in the timeline: groups that no map here shows"))
    styles = {spot.style for spot in found}
    plain = Symbol(INK, "circle")
    entries.extend(LegendEntry(_sample(plain, style=style), style.value) for style in Style if style in styles)
    if any(tie.crossings for tie in ties):
        entries.append(LegendEntry(_crossing_sample, "documented crossing: the side it came from, not a route"))
    for strength in Strength:
        if any(link.strength is strength for tie in ties for link in tie.links):
            sample = _link_sample(strength)
            entries.append(LegendEntry(sample, f"inferred link, {strength}: an association, not a route"))
    if towns:
        entries.append(LegendEntry(_town_sample, "town"))
    if lines.borders:
        entries.append(LegendEntry(_line_sample(BORDER, width_pt=0.7), "country border or coast"))
    if lines.divisions:
        words = "division of first level" + (", of second in some countries" if lines.second_level else "")
        entries.append(LegendEntry(_line_sample(DIVISION, width_pt=0.6), words))
    if lines.disputed:
        entries.append(LegendEntry(_line_sample(BORDER, width_pt=0.7, dashed=True), "claimed or disputed line"))
    return entries


def _sample(symbol: Symbol, *, style: Style) -> Callable[[Paper, float, float], None]:
    def draw(paper: Paper, across: float, up: float) -> None:
        if style is Style.TINTED:
            draw_area(paper, area=shapely.box(across - 2.4, up - 1.4, across + 2.4, up + 1.4), symbol=symbol)
        else:
            draw_mark(paper, across=across, up=up, symbol=symbol, style=style)

    return draw


def _elsewhere_sample(paper: Paper, across: float, up: float) -> None:
    paper.draw(Rectangle((across - 1.2, up - 1.0), 2.4, 2.0, facecolor=ELSEWHERE, edgecolor="none"), layer=30)


def _link_sample(strength: Strength) -> Callable[[Paper, float, float], None]:
    def draw(paper: Paper, across: float, up: float) -> None:
        draw_link(paper, (across - 2.8, up - 0.5), (across + 2.8, up - 0.5), strength=strength)

    return draw


def _crossing_sample(paper: Paper, across: float, up: float) -> None:
    draw_crossing(paper, (across - 2.8, up), (across + 2.8, up))


def _town_sample(paper: Paper, across: float, up: float) -> None:
    paper.draw(Circle((across, up), TOWN_MM, facecolor="white", edgecolor=TOWN, linewidth=0.6), layer=30)


def _line_sample(colour: str, *, width_pt: float, dashed: bool = False) -> Callable[[Paper, float, float], None]:
    def draw(paper: Paper, across: float, up: float) -> None:
        line = Path([(across - 2.4, up), (across + 2.4, up)])
        draw_lines(paper, line, colour=colour, width_pt=width_pt, layer=30, dashed=dashed)

    return draw


def legend_height(entries: Sequence[LegendEntry], *, width: float) -> float:
    """Measure the legend, in millimetres."""
    return sum(height for height, _ in _rows(entries, width=width))


def draw_legend(paper: Paper, *, entries: Sequence[LegendEntry], left: float, top: float, width: float) -> None:
    """Draw what is on the map and what it means, in columns, row by row."""
    column = width / _columns(width)
    for height, row in _rows(entries, width=width):
        for place, (entry, lines) in enumerate(row):
            across = left + place * column
            entry.sample(paper, across + 3.0, top - height / 2)
            first = top - height / 2 + (len(lines) - 1) * _FACE.line_mm / 2
            for number, line in enumerate(lines):
                middle = first - number * _FACE.line_mm
                paper.write(line, across + _INDENT_MM, middle, face=_FACE, upright="center")
        top -= height


_Row = tuple[float, list[tuple[LegendEntry, tuple[str, ...]]]]


def _columns(width: float) -> int:
    return max(1, floor(width / _COLUMN_MM))


def _rows(entries: Sequence[LegendEntry], *, width: float) -> list[_Row]:
    columns = _columns(width)
    room = width / columns - _INDENT_MM - 2
    wrapped = [(entry, wrap(entry.words, width=room, face=_FACE)) for entry in entries]
    rows = [wrapped[start : start + columns] for start in range(0, len(wrapped), columns)]
    return [(max(4.8, max(len(lines) for _, lines in row) * _FACE.line_mm + 0.8), row) for row in rows]
