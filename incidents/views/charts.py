"""The timeline as a chart: bars of counts per period and group, and a bar of its own for every longer interval."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

import altair as alt
import geopandas as gpd
import pandas as pd

from incidents.symbols import Symbol
from incidents.timeline import Period, counts, intervals

#: Name of the chart's selection.
BRUSH: Final = "brush"

#: As SVG, Vega gives every mark, the brush among them, a role without a name, which a screen reader stumbles over. The
#: chart as a whole has its text, and the list has what it shows.
_ON_CANVAS: Final = {"embedOptions": {"renderer": "canvas"}}

_LANE_PX: Final = 7
_COUNTS_PX: Final = 84


def timeline_chart(
    incidents: gpd.GeoDataFrame,
    *,
    period: Period,
    span: tuple[date, date],
    chosen: tuple[date | None, date | None],
    symbols: Mapping[str, Symbol],
) -> alt.Chart | alt.VConcatChart:
    """Draw incidents over time; a range can be brushed.

    Parameters
    ----------
    incidents
        What is shown but for the date filter, so that what lies outside it stays in sight, faded.
    period
        Step of the counts.
    span
        First and last day of the time axis.
    chosen
        First and last day of the date filter.
    symbols
        Colour of each group.
    """
    counted = counts(incidents, period=period)
    longer = intervals(incidents, period=period)
    colours = alt.Scale(domain=list(symbols), range=[symbol.colour for symbol in symbols.values()])
    first, last = span
    # Days are local to the incident. In UTC throughout, no reader's time zone moves one to the day before.
    axis_ends = [_utc(pd.Timestamp(first)), _utc(pd.Timestamp(last) + pd.Timedelta(days=1))]
    time = alt.Scale(type="utc", domain=[end.isoformat() for end in axis_ends], clamp=True)
    brush = alt.selection_interval(name=BRUSH, encodings=["x"])
    visible = _stacked(counted.loc[_touches(counted, "period_start", "period_end", span)], list(symbols))
    bars = (
        alt.Chart(_in_utc(_exclusive_end(visible, "period_end", chosen, start="period_start")))
        .mark_rect(stroke="white", strokeWidth=0.4)
        .encode(
            x=alt.X("period_start:T", scale=time, title=None, axis=alt.Axis(labelOverlap=True, format=_axis(span))),
            x2="end:T",
            y=alt.Y("floor:Q", title=f"per {period}", axis=alt.Axis(tickMinStep=1, tickCount=3, format="d")),
            y2="top:Q",
            color=alt.Color("actor_family:N", scale=colours, legend=None),
            opacity=alt.Opacity("faded:N", scale=alt.Scale(domain=[False, True], range=[1, 0.25]), legend=None),
            tooltip=[
                alt.Tooltip("actor_family:N", title="Group"),
                alt.Tooltip("incidents:Q", title="Incidents"),
                alt.Tooltip("period_start:T", title="From", format="%d %b %Y"),
                alt.Tooltip("period_end:T", title="To", format="%d %b %Y"),
            ],
        )
        .properties(height=_COUNTS_PX, width="container")
        .add_params(brush)
    )
    lanes = longer.loc[_touches(longer, "date_start", "date_end", span)]
    if lanes.empty:
        alone: alt.Chart = bars.properties(usermeta=_ON_CANVAS)
        return alone
    lanes = _in_lanes(lanes)
    rows = int(lanes["lane"].max()) + 1
    spans = (
        alt.Chart(_in_utc(_exclusive_end(lanes, "date_end", chosen, start="date_start")))
        .mark_bar(height=_LANE_PX - 2, cornerRadius=2)
        .encode(
            x=alt.X("date_start:T", scale=time, title=None, axis=None),
            x2="end:T",
            y=alt.Y("lane:O", axis=None, title=None),
            color=alt.Color("actor_family:N", scale=colours, legend=None),
            opacity=alt.Opacity("faded:N", scale=alt.Scale(domain=[False, True], range=[0.85, 0.2]), legend=None),
            tooltip=[
                alt.Tooltip("label:N", title="Incident"),
                alt.Tooltip("actor_family:N", title="Group"),
                alt.Tooltip("date_start:T", title="Not before", format="%d %b %Y"),
                alt.Tooltip("date_end:T", title="Not after", format="%d %b %Y"),
            ],
        )
        .properties(height=rows * _LANE_PX, width="container")
    )
    both: alt.VConcatChart = alt.vconcat(bars, spans, spacing=4).properties(usermeta=_ON_CANVAS)
    return both


def brushed(event: Mapping[str, Any]) -> tuple[date, date] | None:
    """Read the days that a reader brushed; both ends included. None if nothing is brushed."""
    edges = (event.get("selection", {}).get(BRUSH) or {}).get("period_start")
    if not edges:
        return None
    first, last = (pd.Timestamp(edge, unit="ms").date() for edge in sorted(edges))
    return first, last


def _touches(table: pd.DataFrame, start: str, end: str, span: tuple[date, date]) -> pd.Series:
    first, last = (pd.Timestamp(day) for day in span)
    return (table[end] >= first) & (table[start] <= last)


def _exclusive_end(
    table: pd.DataFrame, end: str, chosen: tuple[date | None, date | None], *, start: str
) -> pd.DataFrame:
    """Give each bar the instant after its last day, and whether the date filter leaves it out."""
    first, last = chosen
    faded = pd.Series(data=False, index=table.index)
    if first:
        faded |= table[end] < pd.Timestamp(first)
    if last:
        faded |= table[start] > pd.Timestamp(last)
    return table.assign(end=table[end] + pd.Timedelta(days=1), faded=faded)


def _utc(moment: pd.Timestamp) -> pd.Timestamp:
    return moment.tz_localize("UTC")


def _in_utc(table: pd.DataFrame) -> pd.DataFrame:
    """Give the table's days as midnights of UTC."""
    days = table.select_dtypes("datetime").columns
    return table.assign(**{column: table[column].dt.tz_localize("UTC") for column in days})


def _stacked(counted: pd.DataFrame, families: list[str]) -> pd.DataFrame:
    """Put the groups of each period on top of each other, in the order of the legend."""
    seen = counted.loc[counted["incidents"] > 0]
    ordered = seen.sort_values("actor_family", key=lambda names: names.map(families.index)).sort_values(
        "period_start", kind="stable"
    )
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


def _axis(span: tuple[date, date]) -> str:
    days = (span[1] - span[0]).days
    return "%Y" if days > 4 * 365 else "%b %Y" if days > 150 else "%d %b"
