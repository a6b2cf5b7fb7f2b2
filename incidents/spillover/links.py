"""Inferred links: incidents in different countries, near in space and time, and why each link is drawn."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any, Final

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from incidents.filters import day_words
from incidents.geocode import records
from incidents.schema import ATTRIBUTION_WORDS, MILIEUS, Attribution, GeoPrecision
from incidents.spillover.plane import GEOD, LocalPlane

Integers = npt.NDArray[np.int64]

#: Grades that a link can be built on without any other word for it.
SURE: Final = (Attribution.CLAIMED, Attribution.OFFICIAL)

#: Places that say no more than a country, or none: their distance to anything would be invented.
_NO_PLACE: Final = (GeoPrecision.COUNTRY, GeoPrecision.SEA_OR_AIR, GeoPrecision.UNKNOWN)


@dataclass(frozen=True, slots=True)
class Preset:
    """How near two incidents must be to be linked, and who says so.

    Attributes
    ----------
    name : str
        What the desk calls it.
    distance_km : float
        Largest distance between the two places.
    days : int
        Largest number of days between the two dates.
    source : str
        Where the two figures come from.
    """

    name: str
    distance_km: float
    days: int
    source: str


_NEAR_REPEAT: Final = "near-repeat attacks by one group, PNAS 2019 (PMC6800342)"

NEAR_REPEAT_4_WEEKS: Final = Preset("near-repeat, 4 weeks", 20, 28, _NEAR_REPEAT)
NEAR_REPEAT_10_WEEKS: Final = Preset("near-repeat, 10 weeks", 20, 70, _NEAR_REPEAT)
BORDERLAND: Final = Preset("borderland", 50, 30, "50 km cell, OECD/SWAC, Borders and Conflicts, 2022")

#: What the desk offers, in the order to show it.
PRESETS: Final = (NEAR_REPEAT_4_WEEKS, NEAR_REPEAT_10_WEEKS, BORDERLAND)


class Rule(StrEnum):
    """What must be known of the groups behind two incidents before they are linked, strictest first.

    strict: the same group, claimed or named by authorities both times. probable: the same group, with any
    grade of attribution. open: any two incidents, also of nobody, or of different groups. Each rule shows
    what the stricter ones show.
    """

    STRICT = "strict"
    PROBABLE = "probable"
    OPEN = "open"

    @property
    def rank(self) -> int:
        """Position on the scale; 0 is the strictest."""
        return list(Rule).index(self)


class Strength(StrEnum):
    """Whether the uncertainties could undo a link: a firm one holds wherever and whenever the two were."""

    FIRM = "firm"
    POSSIBLE = "possible"


@dataclass(frozen=True, slots=True)
class Link:
    """Two incidents in different countries that are near each other: an association, not a route.

    Attributes
    ----------
    first_id, second_id : str
        The two incidents; if `directed`, the first ended before the second began.
    distance_min_km, distance_max_km : float
        Bounds of the geodesic distance, given both places' uncertainty.
    gap_min_days, gap_max_days : int
        Bounds of the time between them, given both dates' intervals.
    strength : Strength
        firm if both upper bounds keep within the preset.
    directed : bool
        Whether the dates prove which came first.
    rule : Rule
        The strictest rule under which the two are linked.
    reason : str
        Why the link is drawn, as a sentence.
    """

    first_id: str
    second_id: str
    distance_min_km: float
    distance_max_km: float
    gap_min_days: int
    gap_max_days: int
    strength: Strength
    directed: bool
    rule: Rule
    reason: str


def links(incidents: gpd.GeoDataFrame, *, preset: Preset, rule: Rule) -> tuple[Link, ...]:
    """Link incidents in different countries that may be within the preset's distance and days of each other.

    The distance is the geodesic between the two places' points, less and plus both radii (`uncertainty_km`);
    an area takes part with its outline, from its nearest to its farthest point. Incidents without country, date
    or point, and those of which only the country is known, are linked to nothing.

    Parameters
    ----------
    incidents
        What is shown (`filters.apply`).
    preset
        Largest distance and time.
    rule
        The loosest rule of attribution that still counts.

    Returns
    -------
    tuple of Link
        In the order of the earlier incident's date, then of the later one's; the same for the same incidents
        in whatever order they come.
    """
    placed = incidents.loc[linkable(incidents)].sort_values(["date_start", "date_end", "incident_id"])
    longitude, latitude, radius_km = (
        placed[column].to_numpy(dtype=float) for column in ("longitude", "latitude", "uncertainty_km")
    )
    start, end = (placed[column].to_numpy(dtype="datetime64[D]").astype(int) for column in ("date_start", "date_end"))
    country = pd.factorize(placed["country_code"])[0]

    first, second = _near_in_time(start, end, days=preset.days)
    strictest = _strictest(placed, first, second)
    kept = (country[first] != country[second]) & (strictest <= rule.rank)
    first, second, strictest = first[kept], second[kept], strictest[kept]
    between_km = GEOD.inv(longitude[first], latitude[first], longitude[second], latitude[second])[2] / 1000
    radii_km = radius_km[first] + radius_km[second]

    area = shapely.get_dimensions(placed.geometry.to_numpy()) == 2
    rows = records(placed)
    found: list[Link] = []
    for pair in np.flatnonzero(between_km - radii_km <= preset.distance_km):
        one, other = first[pair], second[pair]
        if area[one] or area[other]:
            distance_min_km, distance_max_km = _between_outlines(placed.iloc[[one, other]])
        else:
            distance_min_km = max(0.0, float(between_km[pair] - radii_km[pair]))
            distance_max_km = float(between_km[pair] + radii_km[pair])
        if distance_min_km > preset.distance_km:
            continue
        gap_max_days = int(max(end[other] - start[one], end[one] - start[other]))
        firm = distance_max_km <= preset.distance_km and gap_max_days <= preset.days
        link = Link(
            first_id=rows[one]["incident_id"],
            second_id=rows[other]["incident_id"],
            distance_min_km=distance_min_km,
            distance_max_km=distance_max_km,
            gap_min_days=max(0, int(start[other] - end[one])),
            gap_max_days=gap_max_days,
            strength=Strength.FIRM if firm else Strength.POSSIBLE,
            directed=bool(end[one] < start[other]),
            rule=list(Rule)[strictest[pair]],
            reason="",
        )
        found.append(replace(link, reason=_reason(link, rows[one], rows[other], preset)))
    return tuple(found)


def linkable(incidents: gpd.GeoDataFrame) -> pd.Series:
    """Say of each incident whether enough is known of it to be linked: country, date, and a place that is drawn."""
    known = incidents[["country_code", "date_start", "date_end", "longitude", "latitude", "uncertainty_km"]].notna()
    drawn = incidents.geometry.notna() & ~incidents["geo_precision"].isin(_NO_PLACE)
    enough: pd.Series = known.all(axis="columns") & drawn
    return enough


def _between_outlines(pair: gpd.GeoDataFrame) -> tuple[float, float]:
    """Bound the distance between two places of which at least one is an area, in km.

    The covering circles have let the pair through; a province that is long and thin fills little of its own.
    """
    longitude, latitude = (pair[column].astype(float).mean() for column in ("longitude", "latitude"))
    shapes = LocalPlane(longitude, latitude).project(pair.geometry.to_numpy())
    is_point = shapely.get_dimensions(shapes) == 0
    radii_km = float(pair["uncertainty_km"].to_numpy(dtype=float)[is_point].sum())
    corners = [shapely.get_coordinates(shapely.convex_hull(shape)) for shape in shapes]
    apart = np.hypot(*(corners[0][:, None, :] - corners[1][None, :, :]).transpose(2, 0, 1))
    nearest_km = float(shapely.distance(*shapes))
    return max(0.0, nearest_km - radii_km), float(apart.max()) + radii_km


def _near_in_time(start: Integers, end: Integers, *, days: int) -> tuple[Integers, Integers]:
    """Pair each incident with every later one that begins within `days` of its end; `start` is ascending."""
    here = np.arange(start.size)
    stop = np.searchsorted(start, end + days, side="right")
    partners = np.maximum(stop - here - 1, 0)
    first = np.repeat(here, partners)
    step = np.arange(first.size) - np.repeat(np.cumsum(partners) - partners, partners)
    return first, first + 1 + step


def _strictest(placed: gpd.GeoDataFrame, first: Integers, second: Integers) -> Integers:
    """Rank of the strictest rule that each pair satisfies."""
    family = pd.factorize(placed["actor_family"])[0]
    graded = (placed["attribution"] != Attribution.NONE).to_numpy()
    sure = placed["attribution"].isin(SURE).to_numpy()
    group = ~placed["actor_family"].isin(MILIEUS).to_numpy()  # people of one view are no group
    same = (family[first] == family[second]) & (family[first] >= 0) & graded[first] & graded[second] & group[first]
    return np.where(
        same & sure[first] & sure[second],
        Rule.STRICT.rank,
        np.where(same, Rule.PROBABLE.rank, Rule.OPEN.rank),
    )


def _reason(link: Link, one: Mapping[str, Any], other: Mapping[str, Any], preset: Preset) -> str:
    distance = _range(link.distance_min_km, link.distance_max_km, "km")
    gap = _range(link.gap_min_days, link.gap_max_days, "day" if link.gap_max_days == 1 else "days")
    within = f"within {preset.distance_km:g} km and {preset.days} days"
    firmly = f"{within} whatever the uncertainty" if link.strength is Strength.FIRM else f"possibly {within}"
    both = f"{incident_words(one)} and {incident_words(other)}"
    return f"{both} are {distance} and {gap} apart, {firmly}; {_tie(link, one, other)}."


def _tie(link: Link, one: Mapping[str, Any], other: Mapping[str, Any]) -> str:
    """Say what joins the two groups, or that nothing does."""
    graded = [(incident_words(row), row["actor_family"], Attribution(row["attribution"])) for row in (one, other)]
    if link.rule is not Rule.OPEN:
        (name, family, grade), (other_name, _, other_grade) = graded
        if grade is other_grade:
            return f"both are put down to {family} ({ATTRIBUTION_WORDS[grade]})"
        grades = f"{name} is {ATTRIBUTION_WORDS[grade]}, {other_name} {ATTRIBUTION_WORDS[other_grade]}"
        return f"both are put down to {family}: {grades}"
    unclaimed = [name for name, _, grade in graded if grade is Attribution.NONE]
    if unclaimed:
        return f"no claim is known for {' or '.join(unclaimed)}, so that only nearness joins them"
    if one["actor_family"] == other["actor_family"]:
        return f"both are put down to {one['actor_family']}, who are no group, so that only nearness joins them"
    families = f"one is put down to {one['actor_family']}, the other to {other['actor_family']}"
    return f"{families}, so that only nearness joins them"


def incident_words(incident: Mapping[str, Any]) -> str:
    """Name an incident in a sentence: its place as reported, and its days."""
    start, end = incident["date_start"], incident["date_end"]
    if start is None:
        return f"{incident['place_as_reported']} (undated)"
    days = day_words(start) if start == end else f"{day_words(start)} to {day_words(end)}"
    return f"{incident['place_as_reported']} ({days})"


def _range(low: float, high: float, unit: str) -> str:
    low, high = round(low), round(high)
    return f"{low} {unit}" if low == high else f"{low} to {high} {unit}"
