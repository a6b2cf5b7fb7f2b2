"""Incidents in time: each is counted, drawn as a bar, or listed as undated, and never two of these."""

from datetime import date, timedelta

import geopandas as gpd
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from incidents.filters import UNATTRIBUTED
from incidents.timeline import Period, counts, fitting_period, intervals, newest_first, undated

DAY = timedelta(days=1)


def incidents(*spans: tuple[str | None, ...]) -> gpd.GeoDataFrame:
    """Incidents of (first day, last day, group); JNIM if no group is given."""
    rows = [(*span, "JNIM")[:3] for span in spans]
    table = pd.DataFrame(rows, columns=["date_start", "date_end", "actor_family"])
    table["date_start"] = pd.to_datetime(table["date_start"]).astype("datetime64[s]")
    table["date_end"] = pd.to_datetime(table["date_end"]).astype("datetime64[s]")
    table["actor_family"] = table["actor_family"].astype("str")
    table["incident_id"] = pd.array([f"i{row}" for row in range(len(rows))], dtype="str")
    table["place_name"] = pd.array([None] * len(rows), dtype="str")
    table["place_as_reported"] = pd.array(["Inata"] * len(rows), dtype="str")
    return gpd.GeoDataFrame(table, geometry=[None] * len(rows), crs="EPSG:4326")


def rows(counted: pd.DataFrame) -> list[tuple[str, str, str, int]]:
    return [
        (f"{row.period_start:%Y-%m-%d}", f"{row.period_end:%Y-%m-%d}", row.actor_family, row.incidents)
        for row in counted.itertuples()
    ]


days = st.dates(date(1996, 1, 1), date(2026, 12, 31))
spans = st.one_of(
    st.tuples(days, st.integers(0, 800)).map(lambda span: (str(span[0]), str(span[0] + span[1] * DAY))),
    st.just((None, None)),
)
some_incidents = st.lists(st.tuples(spans, st.sampled_from(["JNIM", "ISKP", None])), max_size=20).map(
    lambda drawn: incidents(*((*span, family) for span, family in drawn))
)


@pytest.mark.parametrize(
    ("day", "period", "start", "end"),
    [
        ("2021-11-14", Period.DAY, "2021-11-14", "2021-11-14"),
        ("2021-11-14", Period.WEEK, "2021-11-08", "2021-11-14"),
        ("2021-11-15", Period.WEEK, "2021-11-15", "2021-11-21"),
        ("2020-02-29", Period.MONTH, "2020-02-01", "2020-02-29"),
        ("2021-11-14", Period.QUARTER, "2021-10-01", "2021-12-31"),
        ("2021-11-14", Period.YEAR, "2021-01-01", "2021-12-31"),
    ],
)
def test_a_day_is_counted_in_its_period_and_a_week_starts_on_monday(day, period, start, end):
    assert rows(counts(incidents((day, day)), period=period)) == [(start, end, "JNIM", 1)]


def test_a_gap_is_a_row_of_zero_for_every_group():
    shown = incidents(
        ("2021-11-01", "2021-11-01"), ("2021-11-03", "2021-11-03", None), ("2021-11-03", "2021-11-03", None)
    )
    assert rows(counts(shown, period=Period.DAY)) == [
        ("2021-11-01", "2021-11-01", "JNIM", 1),
        ("2021-11-01", "2021-11-01", UNATTRIBUTED, 0),
        ("2021-11-02", "2021-11-02", "JNIM", 0),
        ("2021-11-02", "2021-11-02", UNATTRIBUTED, 0),
        ("2021-11-03", "2021-11-03", "JNIM", 0),
        ("2021-11-03", "2021-11-03", UNATTRIBUTED, 2),
    ]


@pytest.mark.parametrize(
    ("period", "is_a_bar"),
    [
        (Period.DAY, True),
        (Period.WEEK, True),
        (Period.MONTH, False),
        (Period.QUARTER, False),
        (Period.YEAR, False),
    ],
)
def test_a_date_known_to_the_month_is_a_bar_until_the_periods_are_months(period, is_a_bar):
    shown = incidents(("2020-02-01", "2020-02-29"))
    assert len(intervals(shown, period=period)) == is_a_bar
    assert counts(shown, period=period)["incidents"].sum() == (not is_a_bar)


def test_an_interval_of_two_days_that_straddles_a_month_is_a_bar_even_among_months():
    shown = incidents(("2021-10-31", "2021-11-01"))
    assert len(intervals(shown, period=Period.MONTH)) == 1
    assert counts(shown, period=Period.MONTH).empty


def test_a_bar_says_its_place_and_days_and_keeps_the_index_of_the_incident():
    shown = incidents(("2021-11-02", "2021-11-02"), ("2021-08-01", "2021-08-31", None))
    (bar,) = intervals(shown, period=Period.WEEK).itertuples()
    assert (bar.Index, bar.incident_id, bar.actor_family) == (1, "i1", UNATTRIBUTED)
    assert bar.label == "Inata: 1 Aug 2021 to 31 Aug 2021"


def test_an_incident_without_a_date_is_listed_and_nowhere_else():
    shown = incidents((None, None))
    assert list(undated(shown)["incident_id"]) == ["i0"]
    assert counts(shown, period=Period.DAY).empty
    assert intervals(shown, period=Period.DAY).empty


def test_the_newest_come_first_and_the_undated_last():
    shown = incidents(("2017-01-01", "2017-12-31"), ("2021-11-02", "2021-11-02"), (None, None), (None, None))
    assert list(newest_first(shown)["incident_id"]) == ["i1", "i0", "i2", "i3"]
    assert newest_first(incidents()).empty


@settings(max_examples=40)
@given(some_incidents, st.sampled_from(Period))
def test_counts_bars_and_undated_together_are_all_incidents(shown, period):
    counted, bars, without = counts(shown, period=period), intervals(shown, period=period), undated(shown)
    assert counted["incidents"].sum() + len(bars) + len(without) == len(shown)
    assert set(bars["incident_id"]).isdisjoint(without["incident_id"])


@settings(max_examples=40)
@given(some_incidents, st.sampled_from(Period))
def test_periods_follow_each_other_without_a_gap_and_without_overlap(shown, period):
    periods = counts(shown, period=period)[["period_start", "period_end"]].drop_duplicates()
    starts, days_after = periods["period_start"].iloc[1:], periods["period_end"].iloc[:-1] + DAY
    assert starts.tolist() == days_after.tolist()


def test_tables_have_the_same_columns_and_types_when_nothing_is_shown():
    some, none = incidents(("2021-11-02", "2021-11-02"), ("2021-08-01", "2021-08-31")), incidents()
    for table in (counts, intervals):
        assert table(none, period=Period.DAY).dtypes.equals(table(some, period=Period.DAY).dtypes)


@pytest.mark.parametrize(
    ("first", "last", "period"),
    [
        (date(2021, 11, 19), date(2021, 11, 19), Period.DAY),
        (date(2021, 10, 1), date(2021, 12, 1), Period.DAY),
        (date(2021, 10, 1), date(2021, 12, 2), Period.WEEK),
        (date(2020, 2, 1), date(2021, 11, 19), Period.MONTH),
        (date(2012, 1, 1), date(2021, 11, 19), Period.QUARTER),
        (date(1996, 1, 1), date(2021, 11, 19), Period.YEAR),
    ],
)
def test_the_fitting_period_is_the_finest_that_can_be_told_apart(first, last, period):
    assert fitting_period(first, last) is period
