"""The timeline as a chart: bars of counts per period and group, and a bar of its own for every longer interval."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from textwrap import wrap
from typing import Any, Final

import altair as alt
import geopandas as gpd
import pandas as pd

from incidents.symbols import OTHERS, OTHERS_LABEL, Symbol, Tint
from incidents.timeline import Period, counts, intervals

#: Name of the chart's selection.
BRUSH: Final = "brush"

#: As SVG, Vega gives every mark, the brush among them, a role without a name, which a screen reader stumbles over. The
#: chart as a whole has its text, and the list has what it shows.
_ON_CANVAS: Final = {"embedOptions": {"renderer": "canvas"}}

#: Letters in a line of the caption that fit a phone.
_CAPTION: Final = 50

_LANE_PX: Final = 9
_COUNTS_PX: Final = 84

#: Appended to a colour, it is nearly transparent: the middle of an outlined bar.
_FAINT: Final = "24"

#: Width of one entry of the legend, which has as many columns as there is room for.
_LEGEND_PX: Final = 170

#: More days than this are too many to be named on the axis.
_MOST_TICKS: Final = 8

_COARSEST: Final = "25YS"

#: From day to day, from Monday to Monday, from month to month or from year to year, and how a tick is named.
_STEPS: Final = {
    **dict.fromkeys(("D", "2D", "W-MON", "2W-MON"), "%d %b"),
    **dict.fromkeys(("MS", "2MS", "3MS", "6MS"), "%b %Y"),
    **dict.fromkeys(("YS", "2YS", "5YS", "10YS", _COARSEST), "%Y"),
}


def timeline_chart(
    shown: gpd.GeoDataFrame,
    left_out: gpd.GeoDataFrame,
    *,
    period: Period,
    span: tuple[date, date],
    symbols: Mapping[str, Symbol],
    caption: str,
) -> alt.Chart | alt.VConcatChart:
    """Draw incidents over time; a range can be brushed.

    Parameters
    ----------
    shown
        What is shown.
    left_out
        What the date filter alone leaves out; it stays in sight, faded, on top of what is shown in the same period.
    period
        Step of the counts.
    span
        First and last day of the time axis.
    symbols
        Symbol of each group.
    caption
        What is shown, in words: the page lets a reader save the chart as a picture, which has to say it.
    """
    counted = _both(counts(shown, period=period), counts(left_out, period=period))
    longer = _both(intervals(shown, period=period), intervals(left_out, period=period))
    visible = _stacked(counted.loc[_touches(counted, "period_start", "period_end", span)], list(symbols))
    lanes = _in_lanes(longer.loc[_touches(longer, "date_start", "date_end", span)])
    paint = _Paint(symbols, {*visible["actor_family"], *lanes["actor_family"]})
    time = _time_scale(span)
    title = alt.TitleParams(
        text=wrap(caption, _CAPTION), orient="bottom", anchor="start", fontSize=12, fontWeight="normal", offset=6
    )
    bars = _bars(paint.labelled(visible), period=period, span=span, time=time, paint=paint)
    if lanes.empty:
        alone: alt.Chart = bars.properties(usermeta=_ON_CANVAS, title=title)
        return alone
    both: alt.VConcatChart = alt.vconcat(bars, _spans(paint.labelled(lanes), time=time, paint=paint), spacing=4)
    return both.properties(usermeta=_ON_CANVAS, title=title)


class _Paint:
    """How the groups in sight are painted, and the legend that says so."""

    def __init__(self, symbols: Mapping[str, Symbol], families: set[str]) -> None:
        looks = {family: symbol.flat for family, symbol in symbols.items() if family in families}
        self._label = {family: OTHERS_LABEL if look == OTHERS else family for family, look in looks.items()}
        by_label = {self._label[family]: look for family, look in looks.items()}
        self._names = list(by_label)
        self._colours = [look.colour for look in by_label.values()]
        self._middles = [look.colour + (_FAINT if look.tint is Tint.OUTLINED else "") for look in by_label.values()]

    def labelled(self, table: pd.DataFrame) -> pd.DataFrame:
        """Give each row the name under which its group stands in the legend."""
        return table.assign(look=table["actor_family"].map(self._label))

    def channels(self, *, legend: bool) -> dict[str, Any]:
        """Give the channels that paint a mark by its group; what the date filter leaves out is faded."""
        room = "(containerSize()[0] || 640)"
        columns = f"max(1, floor({room} / {_LEGEND_PX}))"
        shown = alt.Legend(
            orient="top",
            title=None,
            columns=alt.ExprRef(columns),
            symbolType="square",
            symbolSize=90,
            symbolStrokeWidth=1.5,
            labelFontSize=12,
            labelLimit=alt.ExprRef(f"{room} / {columns} - 30"),
            rowPadding=2,
            offset=8,
        )
        edges = alt.Scale(domain=self._names, range=self._colours)
        middles = alt.Scale(domain=self._names, range=self._middles)
        return {
            "fill": alt.Fill("look:N", scale=middles, legend=shown if legend else None),
            "stroke": alt.Stroke("look:N", scale=edges, legend=shown if legend else None),
            "opacity": alt.Opacity("left_out:N", scale=alt.Scale(domain=[False, True], range=[1, 0.25]), legend=None),
        }


def _bars(table: pd.DataFrame, *, period: Period, span: tuple[date, date], time: alt.Scale, paint: _Paint) -> alt.Chart:
    """Draw the counts per period, the groups on top of each other."""
    edge = 0.75  # half the width of the stroke: a bar keeps within its days, and two bars do not run into each other
    chart: alt.Chart = (
        alt.Chart(_drawn(table, "period_end"))
        .mark_rect(strokeWidth=2 * edge, xOffset=edge, x2Offset=-edge, yOffset=-edge, y2Offset=edge)
        .encode(
            x=alt.X("period_start:T", scale=time, title=None, axis=_axis(span)),
            x2="end:T",
            y=alt.Y("floor:Q", title=f"per {period}", axis=alt.Axis(tickMinStep=1, tickCount=3, format="d")),
            y2="top:Q",
            tooltip=[
                alt.Tooltip("actor_family:N", title="Group"),
                alt.Tooltip("incidents:Q", title="Incidents"),
                alt.Tooltip("filter:N", title="Date filter"),
                alt.Tooltip("period_start:T", title="From", format="%d %b %Y"),
                alt.Tooltip("period_end:T", title="To", format="%d %b %Y"),
            ],
            **paint.channels(legend=True),
        )
        .properties(height=_COUNTS_PX, width="container")
        .add_params(alt.selection_interval(name=BRUSH, encodings=["x"]))
    )
    return chart


def _spans(table: pd.DataFrame, *, time: alt.Scale, paint: _Paint) -> alt.Chart:
    """Draw a bar of its own for every incident whose interval no period holds."""
    rows = int(table["lane"].max()) + 1
    chart: alt.Chart = (
        alt.Chart(_drawn(table, "date_end"))
        .mark_bar(height=_LANE_PX - 4, cornerRadius=2, strokeWidth=1.2)
        .encode(
            x=alt.X("date_start:T", scale=time, title=None, axis=None),
            x2="end:T",
            y=alt.Y("lane:O", axis=None, title=None),
            tooltip=[
                alt.Tooltip("label:N", title="Incident"),
                alt.Tooltip("actor_family:N", title="Group"),
                alt.Tooltip("filter:N", title="Date filter"),
                alt.Tooltip("date_start:T", title="Not before", format="%d %b %Y"),
                alt.Tooltip("date_end:T", title="Not after", format="%d %b %Y"),
            ],
            **paint.channels(legend=False),
        )
        .properties(height=rows * _LANE_PX, width="container")
    )
    return chart


def brushed(event: Mapping[str, Any]) -> tuple[date, date] | None:
    """Read the days that a reader brushed; both ends included. None if nothing is brushed."""
    edges = (event.get("selection", {}).get(BRUSH) or {}).get("period_start")
    if not edges:
        return None
    first, last = (pd.Timestamp(edge, unit="ms").date() for edge in sorted(edges))
    return first, last


def _both(shown: pd.DataFrame, left_out: pd.DataFrame) -> pd.DataFrame:
    """Put what is shown and what is left out into one table that says which is which."""
    tables = [shown.assign(left_out=False), left_out.assign(left_out=True)]
    return pd.concat([table for table in tables if len(table)] or tables, ignore_index=True)


def _touches(table: pd.DataFrame, start: str, end: str, span: tuple[date, date]) -> pd.Series:
    first, last = (pd.Timestamp(day) for day in span)
    return (table[end] >= first) & (table[start] <= last)


def _drawn(table: pd.DataFrame, end: str) -> pd.DataFrame:
    """Give each bar the instant after its last day, and its days as midnights of UTC."""
    words = table["left_out"].map({False: "shown", True: "left out"})
    table = table.assign(end=table[end] + pd.Timedelta(days=1), filter=words)
    days = table.select_dtypes("datetime").columns
    return table.assign(**{column: table[column].dt.tz_localize("UTC") for column in days})


def _stacked(counted: pd.DataFrame, families: list[str]) -> pd.DataFrame:
    """Put the groups of each period on top of each other as the legend lists them, what is left out above the rest."""
    seen = counted.loc[counted["incidents"] > 0]
    rank = seen["actor_family"].map(families.index)
    ordered = seen.assign(rank=rank).sort_values(["period_start", "left_out", "rank"]).drop(columns="rank")
    top = ordered.groupby("period_start")["incidents"].cumsum()
    return ordered.assign(top=top, floor=top - ordered["incidents"])


def _in_lanes(spans: pd.DataFrame) -> pd.DataFrame:
    """Put each interval into the first lane that is free, longest kept together by their start."""
    ends: list[pd.Timestamp] = []
    lanes = []
    ordered = spans.sort_values(["date_start", "date_end", "incident_id"])
    for start, end in zip(ordered["date_start"], ordered["date_end"], strict=True):
        lane = next((number for number, taken in enumerate(ends) if taken < start), len(ends))
        ends[lane : lane + 1] = [end]
        lanes.append(lane)
    return ordered.assign(lane=lanes)


def _time_scale(span: tuple[date, date]) -> alt.Scale:
    """Give the scale of the time axis.

    Days are local to the incident. In UTC throughout, no reader's time zone moves one to the day before.
    """
    ends = [pd.Timestamp(span[0]), pd.Timestamp(span[1]) + pd.Timedelta(days=1)]
    return alt.Scale(type="utc", domain=[end.tz_localize("UTC").isoformat() for end in ends], clamp=True)


def _axis(span: tuple[date, date]) -> alt.Axis:
    """Name days, months or years, as finely as the axis can carry, each of them once."""

    def ticks(step: str) -> pd.DatetimeIndex:
        return pd.date_range(*span, freq=step, tz="UTC")

    step = next((step for step in _STEPS if len(ticks(step)) <= _MOST_TICKS), _COARSEST)
    values = [day.isoformat() for day in ticks(step)]
    return alt.Axis(
        values=values, format=_STEPS[step], labelOverlap=True, labelBound=True, labelAlign="left", labelFlush=False
    )
