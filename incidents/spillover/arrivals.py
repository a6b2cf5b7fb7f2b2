"""First incidents of a group in a country, where the group was active elsewhere before."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import geopandas as gpd

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
    """

    incident_id: str
    actor_family: str
    country_code: str
    proven: bool
    reason: str


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
    of_a_group = (within["attribution"] != Attribution.NONE) & ~within["actor_family"].isin(MILIEUS)
    counted = within.loc[of_a_group & within["country_code"].notna()]
    dated = counted.dropna(subset=["date_start", "date_end"]).sort_values(["date_start", "date_end", "incident_id"])
    arrivals: list[Arrival] = []
    for row in records(dated.loc[dated["incident_id"].isin(set(incidents["incident_id"]))]):
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


def _reason(row: Mapping[str, Any], *, elsewhere: Mapping[str, Any], unordered: int) -> str:
    place = row["country"] or row["country_code"]
    order = f"First incident of {row['actor_family']} in {place} in this dataset"
    if unordered:
        one = unordered == 1
        others = "another incident there leaves" if one else f"{unordered} other incidents there leave"
        order = f"First or equal first incident of {row['actor_family']} in {place}: {others} the order open"
    there = elsewhere["country"] or elsewhere["country_code"]
    return f"{order}; the group was active in {there} before, latest at {incident_words(elsewhere)}."
