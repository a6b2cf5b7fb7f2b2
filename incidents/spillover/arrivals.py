"""First incidents of a group in a country: the first of all, and the first in a number of days."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd

from incidents.geocode import records
from incidents.schema import MILIEUS, Attribution
from incidents.spillover.families import family_names
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
    shown = counted["incident_id"].isin(set(incidents["incident_id"])).to_numpy()
    found: list[tuple[int, int, int]] = []
    for _, members in _positions(counted, "actor_family"):
        days = _Days.of(counted, members)
        for at in np.flatnonzero(shown[days.members] & days.dated):
            here = days.country == days.country[at]
            before = days.end < days.start[at]
            elsewhere = np.flatnonzero(before & ~here)
            if (before & here).any() or not elsewhere.size:
                continue
            unordered = int((here & ~(days.start > days.end[at])).sum()) - 1  # itself
            found.append((days.members[at], days.members[elsewhere[-1]], unordered))
    rows = _rows(counted, found)
    arrivals = [
        Arrival(
            incident_id=rows[first]["incident_id"],
            actor_family=rows[first]["actor_family"],
            country_code=rows[first]["country_code"],
            proven=unordered == 0,
            reason=_reason(rows[first], elsewhere=rows[latest], unordered=unordered),
        )
        for first, latest, unordered in _in_date_order(counted, found)
    ]
    return tuple(arrivals)


#: A group that was silent in a country for so long, a year, is news there again.
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
    shown = counted["incident_id"].isin(set(incidents["incident_id"])).to_numpy()
    everybody = pd.DataFrame(within.drop(columns="geometry"))
    reported = {code: _Days.of(everybody, at) for code, at in _positions(everybody, "country_code")}
    length = np.timedelta64(days, "D")
    found: list[tuple[int, int, int]] = []
    heard_of: dict[int, int] = {}
    for _, members in _positions(counted, ["actor_family", "country_code"]):
        group = _Days.of(counted, members)
        anybody = reported[group.country[0]]
        for at in np.flatnonzero(shown[group.members] & group.dated):
            start, end = group.start[at], group.end[at]
            long_before = group.end < start - length
            surely_between = (group.end < start) & (group.start >= end - length)
            heard = int(((anybody.end < start) & (anybody.start >= start - length)).sum())
            if not long_before.any() or surely_between.any() or not heard:
                continue
            unordered = int((~long_before & ~(group.start > end)).sum()) - 1  # itself
            first = int(group.members[at])
            heard_of[first] = heard
            found.append((first, int(group.members[np.flatnonzero(long_before)[-1]]), unordered))
    rows = _rows(counted, found)
    return tuple(
        Arrival(
            incident_id=rows[first]["incident_id"],
            actor_family=rows[first]["actor_family"],
            country_code=rows[first]["country_code"],
            proven=unordered == 0,
            reason=_back(rows[first], latest=rows[latest], unordered=unordered, heard=heard_of[first], days=days),
            quiet_days=days,
        )
        for first, latest, unordered in _in_date_order(counted, found)
    )


def _positions(table: pd.DataFrame, by: Any) -> Iterator[tuple[Any, npt.NDArray[np.intp]]]:
    """Give the positions of the rows of each group."""
    for key, members in table.groupby(by, sort=False).indices.items():
        yield key, np.asarray(members, dtype=np.intp)


@dataclass(frozen=True, slots=True)
class _Days:
    """Some rows of a table, by their last day, then their first day and identifier; the undated last."""

    members: npt.NDArray[np.intp]
    start: npt.NDArray[np.datetime64]
    end: npt.NDArray[np.datetime64]
    country: npt.NDArray[np.object_]

    @classmethod
    def of(cls, table: pd.DataFrame, members: npt.NDArray[np.intp]) -> _Days:
        some = table.iloc[members]
        start, end = (some[name].to_numpy(dtype="datetime64[D]") for name in ("date_start", "date_end"))
        order = np.lexsort((some["incident_id"].to_numpy(dtype=object).astype(str), start, end))  # NaT comes last
        country = some["country_code"].to_numpy(dtype=object)
        return cls(np.asarray(members)[order], start[order], end[order], country[order])

    @property
    def dated(self) -> npt.NDArray[np.bool_]:
        """Whether the days of each row are known."""
        known: npt.NDArray[np.bool_] = ~(np.isnat(self.start) | np.isnat(self.end))
        return known


def _rows(table: pd.DataFrame, found: list[tuple[int, int, int]]) -> dict[int, dict[str, Any]]:
    """Give the rows that are told of, by their position."""
    positions = sorted({position for first, latest, _ in found for position in (first, latest)})
    return dict(zip(positions, records(table.iloc[positions]), strict=True))


def _in_date_order(table: pd.DataFrame, found: list[tuple[int, int, int]]) -> list[tuple[int, int, int]]:
    columns = [table[name].to_list() for name in ("date_start", "date_end", "incident_id")]
    return sorted(found, key=lambda one: tuple(column[one[0]] for column in columns))


def _of_groups(within: gpd.GeoDataFrame) -> pd.DataFrame:
    """Give the incidents that are put down to a group, in a country, each under the name of the group's family."""
    of_a_group = (within["attribution"] != Attribution.NONE) & ~within["actor_family"].isin(MILIEUS)
    counted = pd.DataFrame(within.drop(columns="geometry")).loc[
        of_a_group & within["actor_family"].notna() & within["country_code"].notna()
    ]
    starts, ends = counted["date_start"], counted["date_end"]
    names = family_names(counted["actor_family"], starts=starts, ends=ends, with_affiliates=False)
    named: pd.DataFrame = counted.assign(actor_family=names)
    return named


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
