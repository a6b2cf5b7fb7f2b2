"""First incidents of a group in a country: the first of all, and the first in a number of days."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd

from incidents.geocode import records
from incidents.schema import MILIEUS, Attribution
from incidents.spillover.links import incident_words


@dataclass(frozen=True, slots=True)
class Arrival:
    """An incident that is, or may be, the first of its group in its country.

    Attributes
    ----------
    incident_id, actor_family, country_code : str
        The incident, its group and its country.
    proven : bool
        True for "first": every other incident of the group there began after this one ended. False for "first
        or equal first": the dates of another leave the order open.
    reason : str
        What was known of the group before, and of the order, as a sentence.
    quiet_days : int or None
        For the first in a number of days, that number; None for the first of all.
    """

    incident_id: str
    actor_family: str
    country_code: str
    proven: bool
    reason: str
    quiet_days: int | None = None


def first_in_country(incidents: gpd.GeoDataFrame, *, within: gpd.GeoDataFrame) -> tuple[Arrival, ...]:
    """Mark the shown incidents with which a group appears in a country after it was active in another.

    An incident counts for its group if there is any attribution. It is marked if no other incident of the
    group in its country ended before it began, and one of the group in another country did: a group seen in
    one country only, or in several with no order proven between them, has arrived nowhere as far as these
    incidents tell. A milieu (`schema.MILIEUS`) is no group: that two people who know nothing of each other share a view
    brings nothing from one country to the other.

    Parameters
    ----------
    incidents
        What is shown (`filters.apply`).
    within
        The whole dataset: what a filter hides is no reason to call another incident the first.

    Returns
    -------
    tuple of Arrival
        In date order.
    """
    counted = _of_groups(within)
    dated = counted.dropna(subset=["date_start", "date_end"]).sort_values(["date_start", "date_end", "incident_id"])
    arrivals: list[Arrival] = []
    # Whatever began after another of its group there had ended is not the first: few are left to be looked at.
    ended = dated.groupby(["actor_family", "country_code"])["date_end"].transform("min")
    early = dated["incident_id"].isin(set(incidents["incident_id"])) & (dated["date_start"] <= ended)
    for row in records(dated.loc[early]):
        family = counted.loc[counted["actor_family"] == row["actor_family"]]
        here = family["country_code"] == row["country_code"]
        before = family["date_end"] < row["date_start"]
        if (before & here).any() or not (before & ~here).any():
            continue
        after = family["date_start"] > row["date_end"]
        unordered = int((here & ~after).sum()) - 1  # itself
        latest = family.loc[before & ~here].sort_values(["date_end", "date_start", "incident_id"]).tail(1)
        arrivals.append(
            Arrival(
                incident_id=row["incident_id"],
                actor_family=row["actor_family"],
                country_code=row["country_code"],
                proven=unordered == 0,
                reason=_reason(row, elsewhere=records(latest)[0], unordered=unordered),
            )
        )
    return tuple(arrivals)


#: A group that was silent in a country for so long is news there again: a year, unless the desk says otherwise.
QUIET_DAYS: Final = 365


def first_in_days(
    incidents: gpd.GeoDataFrame, *, within: gpd.GeoDataFrame, days: int = QUIET_DAYS
) -> tuple[Arrival, ...]:
    """Mark the shown incidents with which a group is back in a country after a number of days.

    An incident counts for its group as in `first_in_country`. It is marked if an incident of the group in the country
    ended more than `days` before it began, and none is known to have happened in between. A dataset that has nothing
    of anybody in that country and time is silent, and its silence is no one's absence: then nothing is marked.

    Parameters
    ----------
    incidents
        What is shown (`filters.apply`).
    within
        The whole dataset: what a filter hides is no absence either.
    days
        How long the group was not seen there.

    Returns
    -------
    tuple of Arrival
        In date order, each with `quiet_days`.
    """
    counted = _of_groups(within)
    dated = counted.dropna(subset=["date_start", "date_end"]).sort_values(["date_start", "date_end", "incident_id"])
    length = pd.Timedelta(days=days)
    found: list[Arrival] = []
    shown = dated.loc[dated["incident_id"].isin(set(incidents["incident_id"]))]
    for row in records(shown.loc[_silent_before(shown, dated, days=days)]):
        start, end, code = row["date_start"], row["date_end"], row["country_code"]
        others = counted.loc[(counted["incident_id"] != row["incident_id"]) & (counted["country_code"] == code)]
        others = others.loc[others["actor_family"] == row["actor_family"]]
        before = others["date_end"] < start
        long_before = others["date_end"] < start - length
        surely_between = before & (others["date_start"] >= end - length)
        if not long_before.any() or surely_between.any():
            continue
        reported = within.loc[(within["country_code"] == code) & (within["incident_id"] != row["incident_id"])]
        heard = int(((reported["date_end"] < start) & (reported["date_start"] >= start - length)).sum())
        if not heard:
            continue
        unordered = int((~long_before & ~(others["date_start"] > end)).sum())
        latest = others.loc[long_before].sort_values(["date_end", "date_start", "incident_id"]).tail(1)
        found.append(
            Arrival(
                incident_id=row["incident_id"],
                actor_family=row["actor_family"],
                country_code=code,
                proven=unordered == 0,
                reason=_back(row, latest=records(latest)[0], unordered=unordered, heard=heard, days=days),
                quiet_days=days,
            )
        )
    return tuple(found)


def _silent_before(shown: gpd.GeoDataFrame, dated: gpd.GeoDataFrame, *, days: int) -> npt.NDArray[np.bool_]:
    """Tell which incidents could be the first in some days, by the last of their group there that ended before."""
    length = np.timedelta64(days, "D")
    could = np.zeros(len(shown), dtype=bool)
    groups = dict(iter(dated.groupby(["actor_family", "country_code"])))
    for key, here in shown.groupby(["actor_family", "country_code"]).indices.items():
        others = groups[key].sort_values("date_end")
        starts, ends = (others[column].to_numpy(dtype="datetime64[D]") for column in ("date_start", "date_end"))
        began, over = (shown[name].to_numpy(dtype="datetime64[D]")[here] for name in ("date_start", "date_end"))
        last = np.searchsorted(ends, began) - 1
        could[here] = (last >= 0) & (ends[0] < began - length) & (starts[last] < over - length)
    return could


def _of_groups(within: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Give the incidents that are put down to a group, in a country."""
    of_a_group = (within["attribution"] != Attribution.NONE) & ~within["actor_family"].isin(MILIEUS)
    return within.loc[of_a_group & within["actor_family"].notna() & within["country_code"].notna()]


def _back(row: Mapping[str, Any], *, latest: Mapping[str, Any], unordered: int, heard: int, days: int) -> str:
    place = row["country"] or row["country_code"]
    sure = "First" if not unordered else "First or equal first"
    said = f"{sure} incident of {row['actor_family']} in {place} in {days} days in this dataset"
    if unordered:
        one = unordered == 1
        said += f": the dates of {'another' if one else f'{unordered} others'} leave{'s' if one else ''} it open"
    others = "1 other incident" if heard == 1 else f"{heard} other incidents"
    return f"{said}; the one before was {incident_words(latest)}, and the dataset has {others} there in that time."


def _reason(row: Mapping[str, Any], *, elsewhere: Mapping[str, Any], unordered: int) -> str:
    place = row["country"] or row["country_code"]
    order = f"First incident of {row['actor_family']} in {place} in this dataset"
    if unordered:
        one = unordered == 1
        others = "another incident there leaves" if one else f"{unordered} other incidents there leave"
        order = f"First or equal first incident of {row['actor_family']} in {place}: {others} the order open"
    there = elsewhere["country"] or elsewhere["country_code"]
    return f"{order}; the group was active in {there} before, latest at {incident_words(elsewhere)}."
