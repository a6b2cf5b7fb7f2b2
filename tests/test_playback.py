"""The timeline played: every stop ends a period, and none lies past the last day."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from incidents.playback import WINDOWS_DAYS, asked, earlier, later, nearest, stops
from incidents.timeline import Period

DAYS = st.dates(date(1990, 1, 1), date(2040, 1, 1))
SPANS = st.tuples(DAYS, st.integers(0, 2000)).map(lambda span: (span[0], span[0] + timedelta(days=span[1])))


@given(SPANS, st.sampled_from(Period))
def test_stops_rise_from_the_first_period_to_the_last_day(span, period):
    found = stops(*span, period=period)
    assert list(found) == sorted(set(found))
    assert found[-1] == span[1]
    assert found[0] >= span[0]


@given(SPANS, DAYS)
def test_stepping_on_and_back_passes_every_stop(span, day):
    found = stops(*span, period=Period.MONTH)
    on, back = later(found, day), earlier(found, day)
    assert {stop for stop in found if stop > day} == set(found[on:] if on is not None else ())
    assert {stop for stop in found if stop < day} == set(found[: back + 1] if back is not None else ())
    assert found[nearest(found, day)] == min((stop for stop in found if stop >= day), default=found[-1])


@pytest.mark.parametrize("days", WINDOWS_DAYS)
def test_a_window_has_as_many_days_as_it_says_both_ends_included(days):
    first, last = asked(date(2021, 11, 14), days=days)
    assert (last - first).days + 1 == days


def test_without_a_day_the_play_begins_at_the_first_stop_and_the_step_back_leads_before_the_last():
    found = stops(date(2021, 11, 1), date(2021, 11, 21), period=Period.WEEK)
    assert (later(found, None), earlier(found, None), nearest(found, None)) == (0, 1, 2)
