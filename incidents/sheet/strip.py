"""The timeline strip: under the maps, how many incidents there were when, and what no single period holds."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from math import ceil
from typing import Final

import geopandas as gpd
import pandas as pd
from matplotlib.patches import Rectangle

from incidents.filters import day_words
from incidents.sheet.paper import FAINT_INK, Box, Paper, Type, width_mm, wrap
from incidents.timeline import FREQUENCIES, Period, counts, fitting_period, intervals, undated

#: Millimetres that a strip takes, with its words and the space below it.
STRIP_MM: Final = 19.0

_WORDS: Final = Type(5.4, colour=FAINT_INK)
_BARS_MM: Final = 7.4
_LANES: Final = 3
_LANE_MM: Final = 0.95
_AXIS: Final = "#9aa3ad"

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
    def of(cls, shown: gpd.GeoDataFrame, *, period: Period | None = None) -> Strip | None:
        """Arrange what is shown in time; None if nothing of it has a date."""
        first, last = shown["date_start"].min(), shown["date_end"].max()
        if pd.isna(first) or pd.isna(last):
            return None
        period = period or fitting_period(first.date(), last.date())
        return cls(
            period=period,
            first=first.date(),
            last=last.date(),
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
    def words(self) -> str:
        """What the strip shows, in a line."""
        parts = [f"All incidents shown, per {self.period}, {day_words(self.first)} to {day_words(self.last)}"]
        if len(self.spans):
            parts.append(f"lines: {len(self.spans)} known only to a longer span")
        if self.undated:
            parts.append(f"{self.undated} undated, not shown here")
        return "; ".join(parts)


def draw_strip(paper: Paper, strip: Strip, *, box: Box, colours: Mapping[str, str]) -> None:
    """Draw bars, spans and axis into a box `STRIP_MM` high.

    Parameters
    ----------
    colours
        Of the groups that a map shows; the others are grey.
    """
    first = pd.Timestamp(strip.first).to_period(FREQUENCIES[strip.period]).start_time
    last = pd.Timestamp(strip.last).to_period(FREQUENCIES[strip.period]).end_time
    left, right = box.left + 6.0, box.right
    days = max((last - first).total_seconds(), 1.0)

    def across(moment: pd.Timestamp) -> float:
        return float(left + (right - left) * (moment - first).total_seconds() / days)

    words = wrap(strip.words, width=box.width, face=_WORDS)[0]
    paper.write(words, box.left, box.top - 2.2, face=_WORDS)
    floor = box.top - 3.4 - _BARS_MM
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
    paper.line([(left, floor), (right, floor)], colour=_AXIS, width_pt=0.5, layer=21)
    if highest:
        paper.write(str(highest), left - 1, floor + _BARS_MM, face=_WORDS, align="right", upright="center")
        paper.write("0", left - 1, floor, face=_WORDS, align="right", upright="center")
    _draw_spans(paper, strip, floor=floor, across=across, colours=colours)
    _draw_axis(paper, strip, up=floor - 0.6 - _LANES * _LANE_MM, left=left, right=right, across=across)


def _draw_spans(paper: Paper, strip: Strip, *, floor: float, across: Across, colours: Mapping[str, str]) -> None:
    """Draw each span as a line in the first lane that is free; what finds none is drawn fainter over the last."""
    lanes = [float("-inf")] * _LANES
    for row in strip.spans.to_dict("records"):
        start, end = across(row["date_start"]), across(row["date_end"] + pd.Timedelta(days=1))
        lane = next((number for number, taken in enumerate(lanes) if taken < start), _LANES - 1)
        lanes[lane] = max(lanes[lane], end)
        up = floor - 0.9 - lane * _LANE_MM
        line = [(start, up), (max(end, start + 0.6), up)]
        paper.line(line, colour=colours.get(row["actor_family"], ELSEWHERE), width_pt=1.2, layer=20)


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
