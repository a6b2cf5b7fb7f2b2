"""Small multiples: maps of one extent, one for each period of which it shows an incident."""

from __future__ import annotations

from itertools import groupby
from string import ascii_uppercase

import geopandas as gpd
import numpy as np
import pandas as pd

from incidents.errors import ExportError
from incidents.frames import Frame, in_view
from incidents.sheet.layout import MapOf
from incidents.sheet.order import MOST_MAPS
from incidents.sheet.strip import period_words
from incidents.timeline import Period, counts, intervals


def maps_by_period(shown: gpd.GeoDataFrame, *, frame: Frame, by: Period) -> tuple[tuple[MapOf, ...], str]:
    """Give a map for each period in which the frame shows an incident, and say which periods between them have none.

    Without a single dated incident there is one map of all.

    Raises
    ------
    ExportError
        If there would be more maps than a page holds.
    """
    seen = in_view(shown, frame.bounds)
    periods = counts(seen, period=by)[["period_start", "period_end"]].drop_duplicates(ignore_index=True)
    touched = _touched(seen, periods)
    drawn = periods.loc[touched]
    if len(drawn) > MOST_MAPS:
        msg = (
            f"These incidents spread over {len(drawn)} {by}s, and a sheet has room for {MOST_MAPS} maps. "
            "Choose longer periods or fewer days."
        )
        raise ExportError(msg)
    if drawn.empty:
        return (MapOf(frame),), ""
    imprecise = frozenset(intervals(shown, period=by)["incident_id"])
    maps = []
    for letter, start, end in zip(ascii_uppercase, drawn["period_start"], drawn["period_end"], strict=False):
        touching = (shown["date_end"] >= start) & (shown["date_start"] <= end)
        ids = frozenset(shown.loc[touching, "incident_id"])
        maps.append(MapOf(frame, letter, period_words(start.date(), by), ids, ids & imprecise))
    return tuple(maps), _empty_words(periods["period_start"], touched, by=by)


def _touched(incidents: gpd.GeoDataFrame, periods: pd.DataFrame) -> np.ndarray:
    """Whether the interval of an incident touches each of some periods, which follow each other."""
    dated = incidents.dropna(subset=["date_start", "date_end"])
    first = np.searchsorted(periods["period_end"], dated["date_start"])
    after = np.searchsorted(periods["period_start"], dated["date_end"], side="right")
    steps = np.zeros(len(periods) + 1, dtype=int)
    np.add.at(steps, first, 1)
    np.add.at(steps, after, -1)
    return np.asarray(steps.cumsum()[:-1] > 0)


def _empty_words(starts: pd.Series, touched: np.ndarray, *, by: Period) -> str:
    """Name the periods that have no map, those that follow each other from the first to the last."""
    runs = []
    for is_touched, run in groupby(zip(starts, touched, strict=True), key=lambda one: one[1]):
        if not is_touched:
            names = [period_words(start.date(), by) for start, _ in run]
            runs.append(names[0] if len(names) == 1 else f"{names[0]} to {names[-1]}")
    return f"No incident to show, and so no map: {', '.join(runs)}." if runs else ""
