"""The timeline played: the days at which it stops, and which dates are asked for at each of them."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

import pandas as pd

from incidents.timeline import FREQUENCIES, Period

#: How many days are shown at a stop, beside all up to it (None).
WINDOWS_DAYS: Final = (7, 30, 90)


@dataclass(slots=True)
class Play:
    """How the timeline is played.

    Attributes
    ----------
    days : int or None
        How many days are shown at once; None for all up to the day.
    on : bool
        Whether it runs.
    fresh : bool
        Whether the page has been drawn since the last step.
    asked : int
        What `Desk.asked` was after the last step: anything else that is asked stops the play.
    turns : int
        How often something else was asked.
    before : datetime.date or None
        The stop that was shown before the last step.
    stepped_at : float
        When that step was made, by the monotonic clock.
    linked, arisen : frozenset
        Pairs of incidents that were linked before the last step; `arisen` are those that are now.
    """

    days: int | None = 30
    on: bool = False
    fresh: bool = False
    asked: int = -1
    turns: int = 0
    before: date | None = None
    stepped_at: float = 0.0
    linked: frozenset[tuple[str, str]] = frozenset()
    arisen: frozenset[tuple[str, str]] = frozenset()


def stops(first: date, last: date, *, period: Period) -> tuple[date, ...]:
    """Give the last day of every period that days from `first` to `last` lie in; the last stop is `last` itself.

    Examples
    --------
    >>> [str(stop) for stop in stops(date(2021, 10, 20), date(2021, 12, 5), period=Period.MONTH)]
    ['2021-10-31', '2021-11-30', '2021-12-05']
    """
    ends = pd.period_range(first, last, freq=FREQUENCIES[period]).end_time.date
    return (*(end for end in ends if end < last), last)


def asked(stop: date, *, days: int | None) -> tuple[date | None, date]:
    """Give the dates to ask for at a stop: the last `days` up to it, or all up to it.

    Examples
    --------
    >>> [str(day) for day in asked(date(2021, 11, 30), days=30)]
    ['2021-11-01', '2021-11-30']
    >>> asked(date(2021, 11, 30), days=None)[0] is None
    True
    """
    return (None if days is None else stop - timedelta(days=days - 1)), stop


def nearest(stops: Sequence[date], day: date | None) -> int:
    """Position of the first stop that is not before a day; of the last one if there is none, or no day."""
    return len(stops) - 1 if day is None else min(bisect_left(stops, day), len(stops) - 1)


def later(stops: Sequence[date], day: date | None) -> int | None:
    """Position of the first stop after a day, of the first of all after no day; None after the last.

    Examples
    --------
    >>> days = [date(2021, 11, 7), date(2021, 11, 14)]
    >>> later(days, date(2021, 11, 1)), later(days, date(2021, 11, 7)), later(days, date(2021, 11, 14))
    (0, 1, None)
    """
    at = 0 if day is None else bisect_right(stops, day)
    return at if at < len(stops) else None


def earlier(stops: Sequence[date], day: date | None) -> int | None:
    """Position of the last stop before a day, of the one before the last where no day is asked for; None if none."""
    at = (len(stops) - 1 if day is None else bisect_left(stops, day)) - 1
    return at if at >= 0 else None
