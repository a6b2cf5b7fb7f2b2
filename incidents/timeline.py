"""Incidents in time: counts per period and group, intervals that no single period holds, and the undated.

Each incident is in exactly one of the three. One whose interval lies within one period is counted there; one
whose interval spans several is a bar from its first day to its last, since to count it in one of them would
be to invent a date; one without a date is listed.
"""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Final

import geopandas as gpd
import pandas as pd

from incidents.filters import day_words, family_labels

#: More bars than this beside each other cannot be told apart on a page.
_MOST_PERIODS: Final = 62


class Period(StrEnum):
    """A step of the timeline, finest first; a week starts on Monday, and quarters with the year."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"


#: What pandas calls them; its weeks are named after the day they end on.
FREQUENCIES: Final = {
    Period.DAY: "D",
    Period.WEEK: "W-SUN",
    Period.MONTH: "M",
    Period.QUARTER: "Q-DEC",
    Period.YEAR: "Y-DEC",
}


def counts(incidents: gpd.GeoDataFrame, *, period: Period) -> pd.DataFrame:
    """Count, per period and group, the incidents whose interval lies within one period.

    Parameters
    ----------
    incidents
        What is shown (`filters.apply`).
    period
        Step of the timeline.

    Returns
    -------
    pandas.DataFrame
        `period_start`, `period_end` (first and last day, both included), `actor_family` (as the filter offers
        it) and `incidents`. One row for every counted group in every period from the first counted one to the
        last, so that a gap is a row of 0; ordered by period and group.
    """
    counted = incidents.loc[_within_one(incidents, period)]
    periods = counted["date_start"].dt.to_period(FREQUENCIES[period])
    families = family_labels(counted["actor_family"])
    if counted.empty:
        grid = pd.MultiIndex.from_arrays([periods, families])
    else:
        span = pd.period_range(periods.min(), periods.max(), freq=FREQUENCIES[period])
        grid = pd.MultiIndex.from_product([span, sorted(families.unique())])
    sizes = counted.groupby([periods, families]).size().reindex(grid, fill_value=0)
    steps = pd.PeriodIndex(sizes.index.get_level_values(0), freq=FREQUENCIES[period])
    return pd.DataFrame(
        {
            "period_start": steps.start_time.astype("datetime64[s]"),
            "period_end": steps.end_time.normalize().astype("datetime64[s]"),
            "actor_family": pd.array(sizes.index.get_level_values(1), dtype="str"),
            "incidents": sizes.to_numpy(dtype="int64"),
        }
    )


def intervals(incidents: gpd.GeoDataFrame, *, period: Period) -> pd.DataFrame:
    """List the incidents whose interval spans more than one period: bars, never points.

    Returns
    -------
    pandas.DataFrame
        `incident_id`, `actor_family` (as the filter offers it), `date_start`, `date_end` and `label` (place
        and days in words), with the index of `incidents`; ordered by `date_start`, `date_end`, `incident_id`.
    """
    spanning = incidents.loc[_dated(incidents) & ~_within_one(incidents, period)]
    spanning = spanning.sort_values(["date_start", "date_end", "incident_id"])
    places = spanning["place_name"].fillna(spanning["place_as_reported"])
    labels = [
        f"{place}: {day_words(start)} to {day_words(end)}"
        for place, start, end in zip(places, spanning["date_start"], spanning["date_end"], strict=True)
    ]
    return pd.DataFrame(
        {
            "incident_id": spanning["incident_id"],
            "actor_family": family_labels(spanning["actor_family"]),
            "date_start": spanning["date_start"],
            "date_end": spanning["date_end"],
            "label": pd.Series(labels, index=spanning.index, dtype="str"),
        }
    )


def undated(incidents: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Give the incidents that no timeline can hold, since the source dates them nowhere."""
    return incidents.loc[~_dated(incidents)]


def newest_first(incidents: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Order incidents for a reader who wants the news: the latest day first, the undated at the end.

    Parameters
    ----------
    incidents
        What is shown, in date order (`filters.apply`).
    """
    backwards = incidents.iloc[::-1]
    dated = _dated(backwards)
    return pd.concat([backwards.loc[dated], backwards.loc[~dated].iloc[::-1]])


def fitting_period(first_day: date, last_day: date) -> Period:
    """Give the finest period that divides these days, both included, into bars that can be told apart.

    Examples
    --------
    >>> fitting_period(date(2021, 10, 1), date(2021, 11, 19))
    <Period.DAY: 'day'>
    >>> fitting_period(date(2016, 1, 1), date(2021, 11, 19))
    <Period.QUARTER: 'quarter'>
    """
    for period, frequency in FREQUENCIES.items():
        first, last = (pd.Period(day, freq=frequency) for day in (first_day, last_day))
        if last.ordinal - first.ordinal < _MOST_PERIODS:
            return period
    return Period.YEAR


def _dated(incidents: gpd.GeoDataFrame) -> pd.Series:
    dated: pd.Series = incidents["date_start"].notna() & incidents["date_end"].notna()
    return dated


def _within_one(incidents: gpd.GeoDataFrame, period: Period) -> pd.Series:
    frequency = FREQUENCIES[period]
    starts, ends = (incidents[column].dt.to_period(frequency) for column in ("date_start", "date_end"))
    within_one: pd.Series = _dated(incidents) & (starts == ends)
    return within_one
