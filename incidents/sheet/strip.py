"""The timeline strip: under the maps, how many incidents there were when, and what no single period holds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from math import ceil
from typing import Final

import geopandas as gpd
import pandas as pd
from matplotlib.patches import Polygon, Rectangle

from incidents.filters import day_words
from incidents.sheet.paper import FAINT_INK, Box, Paper, Type, width_mm, wrap
from incidents.timeline import FREQUENCIES, Period, counts, fitting_period, intervals, undated

_WORDS: Final = Type(5.4, colour=FAINT_INK)
_BARS_MM: Final = 7.4
_AXIS: Final = "#9aa3ad"

# What a strip takes without lines: its words, the bars, the dates, and the space below.
_BARE_MM: Final = 16.2

# Lines stand below each other, far enough apart for the numbers before them; more lanes would be a map of their own.
_LANE_MM: Final = 1.6
_MOST_LANES: Final = 5

# Between the highest number and the bars, and between two lines in a lane.
_LEFT_MM: Final = 6.0
_APART_MM: Final = 0.4
_ARROW_MM: Final = 1.1
_SHORTEST_MM: Final = 1.2

#: The colour of groups that no map of the sheet shows.
ELSEWHERE: Final = "#cdd3d9"

Across = Callable[[pd.Timestamp], float]


@dataclass(frozen=True, slots=True)
class Strip:
    """Counts per period and group, spans and the undated of what is shown; made by `Strip.of`."""

    period: Period
    first: date
    last: date
    bars: pd.DataFrame
    spans: pd.DataFrame
    undated: int

    @classmethod
    def of(
        cls,
        shown: gpd.GeoDataFrame,
        *,
        period: Period | None = None,
        since: date | None = None,
        until: date | None = None,
    ) -> Strip | None:
        """Arrange what is shown in time; None if nothing of it has a date.

        Parameters
        ----------
        since, until
            The days that were asked for. Beyond them nobody looked, and a baseline there would say that nothing
            happened: the strip ends with them, and what is known only to a longer span goes on beyond its edge.
        """
        start, end = shown["date_start"].min(), shown["date_end"].max()
        if pd.isna(start) or pd.isna(end):
            return None
        first = max(start.date(), since or date.min)
        last = min(end.date(), until or date.max)
        period = period or fitting_period(first, last)
        return cls(
            period=period,
            first=first,
            last=last,
            bars=counts(shown, period=period),
            spans=intervals(shown, period=period),
            undated=len(undated(shown)),
        )

    @property
    def groups(self) -> frozenset[str]:
        """The groups that a bar or a line stands for."""
        counted = self.bars.loc[self.bars["incidents"] > 0, "actor_family"]
        return frozenset(counted) | frozenset(self.spans["actor_family"])

    @property
    def edges(self) -> tuple[pd.Timestamp, pd.Timestamp]:
        """From when the axis goes, and to when: whole periods, the second excluded."""
        first, last = (pd.Timestamp(day).to_period(FREQUENCIES[self.period]) for day in (self.first, self.last))
        return first.start_time, (last + 1).start_time

    def words(self, lanes: Sequence[Sequence[Span]]) -> str:
        """Say in a line what the strip shows, with these lines."""
        parts = [f"All incidents shown, per {self.period}, {day_words(self.first)} to {day_words(self.last)}"]
        drawn = [span for lane in lanes for span in lane]
        if len(self.spans):
            lines = f"lines: {len(self.spans)} known only to a longer span"
            if any(span.number > 1 for span in drawn):
                lines += ", × how many where several are alike"
            if any(span.before or span.after for span in drawn):
                lines += ", an arrow where it goes on"
            if missing := len(self.spans) - sum(span.number for span in drawn):
                lines += f", {missing} of them not drawn for want of room"
            parts.append(lines)
        if self.undated:
            parts.append(f"{self.undated} undated, not shown here")
        return "; ".join(parts)


@dataclass(frozen=True, slots=True)
class Span:
    """A line of the strip: incidents of one group known only to the same longer span.

    Attributes
    ----------
    left, right : float
        Where it begins and ends, in millimetres of the page.
    before, after : bool
        Whether it goes on beyond the beginning, or the end, of the axis.
    number : int
        How many incidents it stands for.
    """

    family: str
    left: float
    right: float
    before: bool
    after: bool
    number: int

    @property
    def number_words(self) -> str:
        """What stands before it; nothing before a line of one incident."""
        return f"×{self.number}" if self.number > 1 else ""

    @property
    def reach(self) -> float:
        """How far to the left it reaches with its number."""
        return self.left - (width_mm(self.number_words, _WORDS) + _APART_MM if self.number_words else 0.0)


def lanes_of(strip: Strip, *, left: float, right: float) -> list[list[Span]]:
    """Arrange the lines of a strip between two edges so that none covers another; the latest find room first."""
    first, last = strip.edges
    across = _across(strip, left=left, right=right)
    alike: Counter[tuple[pd.Timestamp, pd.Timestamp, str, bool, bool]] = Counter()
    for row in strip.spans.to_dict("records"):
        start, end = row["date_start"], row["date_end"] + pd.Timedelta(days=1)
        alike[min(end, last), max(start, first), row["actor_family"], start < first, end > last] += 1
    lanes: list[list[Span]] = []
    for (end, start, family, before, after), number in sorted(alike.items(), reverse=True):
        begins = across(start)
        span = Span(family, begins, max(across(end), begins + _SHORTEST_MM), before, after, number)
        free = next((lane for lane in lanes if span.right + _APART_MM <= lane[-1].reach), None)
        if free is not None:
            free.append(span)
        elif len(lanes) < _MOST_LANES:
            lanes.append([span])
    return lanes


def strip_mm(strip: Strip, *, left: float, right: float) -> float:
    """Measure a strip between two edges of the page, with its words and the space below it, in millimetres."""
    return _BARE_MM + len(lanes_of(strip, left=left + _LEFT_MM, right=right)) * _LANE_MM


def _across(strip: Strip, *, left: float, right: float) -> Across:
    """Give where a moment stands on an axis between two edges, in millimetres."""
    first, last = strip.edges

    def across(moment: pd.Timestamp) -> float:
        return float(left + (right - left) * ((moment - first) / (last - first)))

    return across


def draw_strip(paper: Paper, strip: Strip, *, box: Box, colours: Mapping[str, str]) -> None:
    """Draw bars, spans and axis into a box `strip_mm` high.

    Parameters
    ----------
    colours
        Of the groups that a map shows; the others are grey.
    """
    left, right = box.left + _LEFT_MM, box.right
    across = _across(strip, left=left, right=right)
    lanes = lanes_of(strip, left=left, right=right)
    words = wrap(strip.words(lanes), width=box.width, face=_WORDS)[0]
    paper.write(words, box.left, box.top - 2.2, face=_WORDS)
    floor = box.top - 3.4 - _BARS_MM
    _draw_bars(paper, strip, floor=floor, left=left, across=across, colours=colours)
    paper.line([(left, floor), (right, floor)], colour=_AXIS, width_pt=0.5, layer=21)
    for number, lane in enumerate(lanes, start=1):
        for span in lane:
            _draw_span(paper, span, up=floor - number * _LANE_MM, colour=colours.get(span.family, ELSEWHERE))
    _draw_axis(paper, strip, up=floor - 1.0 - len(lanes) * _LANE_MM, left=left, right=right, across=across)


def _draw_bars(
    paper: Paper, strip: Strip, *, floor: float, left: float, across: Across, colours: Mapping[str, str]
) -> None:
    """Draw a bar for each period, group upon group, and how many the highest stands for."""
    highest = int(strip.bars.groupby("period_start")["incidents"].sum().max()) if len(strip.bars) else 0
    step = _BARS_MM / max(highest, 1)
    stacked: dict[pd.Timestamp, float] = {}
    for row in strip.bars.to_dict("records"):
        if row["incidents"]:
            start = across(row["period_start"])
            end = across(row["period_end"] + pd.Timedelta(days=1))
            bottom = stacked.get(row["period_start"], floor)
            height = row["incidents"] * step
            wide = max(end - start - 0.25, 0.35)
            colour = colours.get(row["actor_family"], ELSEWHERE)
            bar = Rectangle((start, bottom), wide, height, facecolor=colour, edgecolor="white", linewidth=0.3)
            paper.draw(bar, layer=20)
            stacked[row["period_start"]] = bottom + height
    if highest:
        paper.write(str(highest), left - 1, floor + _BARS_MM, face=_WORDS, align="right", upright="center")
        paper.write("0", left - 1, floor, face=_WORDS, align="right")


def _draw_span(paper: Paper, span: Span, *, up: float, colour: str) -> None:
    """Draw a line with how many it stands for before it, and with a head where it goes on."""
    begin, end = span.left + _ARROW_MM * span.before, span.right - _ARROW_MM * span.after
    paper.line([(begin, up), (end, up)], colour=colour, width_pt=1.2, layer=20)
    for goes_on, tip, back in ((span.before, span.left, begin), (span.after, span.right, end)):
        if goes_on:
            head = [(tip, up), (back, up + _ARROW_MM / 2), (back, up - _ARROW_MM / 2)]
            paper.draw(Polygon(head, closed=True, facecolor=colour, edgecolor="none"), layer=20)
    if span.number_words:
        paper.write(
            span.number_words, span.left - _APART_MM, up, face=_WORDS, align="right", upright="center", layer=21
        )


def _draw_axis(paper: Paper, strip: Strip, *, up: float, left: float, right: float, across: Across) -> None:
    """Write as many dates as have room, each at the beginning of its period."""
    starts = pd.period_range(pd.Timestamp(strip.first), pd.Timestamp(strip.last), freq=FREQUENCIES[strip.period])
    words = [_period_words(start.start_time, strip.period) for start in starts]
    widest = max(width_mm(word, _WORDS) for word in words) + 3
    every = max(1, ceil(widest / ((right - left) / len(starts))))
    for start, word in list(zip(starts, words, strict=True))[::every]:
        at = across(start.start_time)
        paper.line([(at, up + 0.3), (at, up - 0.3)], colour=_AXIS, width_pt=0.5, layer=21)
        if at + width_mm(word, _WORDS) <= right:
            paper.write(word, at, up - 2.3, face=_WORDS)


def _period_words(start: pd.Timestamp, period: Period) -> str:
    """Name a period by its beginning."""
    match period:
        case Period.YEAR:
            return f"{start:%Y}"
        case Period.QUARTER:
            return f"Q{start.quarter} {start:%Y}"
        case Period.MONTH:
            return f"{start:%b %Y}"
        case _:
            return day_words(start.date())


def period_words(first: date, period: Period) -> str:
    """Name the period that holds a day.

    Examples
    --------
    >>> period_words(date(2021, 11, 2), Period.MONTH)
    'Nov 2021'
    """
    start = pd.Timestamp(first).to_period(FREQUENCIES[period]).start_time
    return f"week from {day_words(start.date())}" if period is Period.WEEK else _period_words(start, period)
