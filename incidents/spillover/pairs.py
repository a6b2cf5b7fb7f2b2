"""Pairs of incidents that are near each other, found by a k-d tree and each confirmed on the ellipsoid."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import ArrayLike

from gazetteer.borderlines import GEOD
from incidents.errors import TooManyPairsError
from incidents.spillover.reach import SLACK_KM, Floats, Incidents, Integers, candidates

#: More pairs than this are an error: they would fill 700 MB, and nobody reads them.
MOST_PAIRS: Final = 20_000_000


@dataclass(frozen=True, slots=True, eq=False)
class Pairs:
    """Pairs of incidents, one per position of the arrays.

    Attributes
    ----------
    first, second : numpy.ndarray of int
        Positions in what was given; `first` is the smaller one. Ordered by both.
    distance_km : numpy.ndarray of float
        Geodesic between the two points, whatever their radii.
    not_eligible : mapping of str to int
        How many incidents took no part, by reason; an incident counts under the first that applies.
    """

    first: Integers
    second: Integers
    distance_km: Floats
    not_eligible: Mapping[str, int]

    def __len__(self) -> int:
        return self.first.size


def near_pairs(
    longitudes: ArrayLike,
    latitudes: ArrayLike,
    *,
    distance_km: float,
    radii_km: ArrayLike | None = None,
    starts: ArrayLike | None = None,
    ends: ArrayLike | None = None,
    days: float | None = None,
    country_codes: ArrayLike | None = None,
    families: ArrayLike | None = None,
) -> Pairs:
    """Find all pairs of incidents that are, or may be, within a distance and, if asked, a time of each other.

    A pair is near if the geodesic between its points, less both radii, is at most `distance_km`, and the days
    between its two intervals, 0 if they overlap, are at most `days`. None is missed and none invented: the
    search goes by chords through the ellipsoid, which are never longer than geodesics, and every candidate is
    then measured. What costs is candidates, so incidents are searched in classes of like radius and duration:
    a place of 200 km radius is compared with all that it may be near, and makes no other search wider.

    Parameters
    ----------
    longitudes, latitudes
        Points, EPSG:4326 degrees, shape (n,).
    distance_km
        Largest distance.
    radii_km
        Radius of each place; none has one if not given.
    starts, ends
        First and last day of each incident, as dates or as numbers of days; one day each if only `starts` is given.
    days
        Largest number of days between two incidents; time does not matter if not given.
    country_codes
        If given, only pairs of two different countries are found.
    families
        If given, only pairs of one and the same family are found.

    Returns
    -------
    Pairs
        An incident without a value that is asked for, or with one that cannot be, takes no part and is counted.

    Raises
    ------
    TooManyPairsError
        If there are more than `MOST_PAIRS`.
    ValueError
        If arrays differ in length, `days` is given without `starts`, or a distance or time is negative or no number.

    Examples
    --------
    >>> found = near_pairs([0.72, 0.61, 69.2], [11.08, 10.85, 34.5], distance_km=50, country_codes=["BF", "TG", "AF"])
    >>> found.first.tolist(), found.second.tolist(), found.distance_km.round(1).tolist()
    ([0], [1], [28.1])
    """
    if not 0 <= distance_km < np.inf or not (days is None or 0 <= days < np.inf):
        message = f"no two incidents are within {distance_km} km and {days} days: both must be numbers, 0 or more"
        raise ValueError(message)
    if days is not None and starts is None:
        message = "days between incidents are asked for, so starts must be given"
        raise ValueError(message)
    whole = Incidents.of(
        longitudes,
        latitudes,
        radii_km=radii_km,
        starts=starts,
        ends=ends,
        country_codes=country_codes,
        families=families,
    )
    across = country_codes is not None
    found: list[tuple[Integers, Integers, Floats]] = []
    total = 0
    for first, second in candidates(whole, distance_km=distance_km, days=days, across=across):
        pairs = _confirmed(whole, first, second, distance_km=distance_km, days=days)
        total += pairs[0].size
        if total > MOST_PAIRS:
            message = (
                f"More than {MOST_PAIRS:,} pairs of incidents are within {distance_km:g} km of each other. "
                "Ask for a smaller distance or fewer days, or filter the incidents first."
            )
            raise TooManyPairsError(message)
        found.append(pairs)
    first, second, apart_km = (np.concatenate(column) for column in zip(*found, strict=True)) if found else _nothing()
    order = np.argsort(first * np.int64(len(whole.xyz_km)) + second, kind="stable")
    return Pairs(first[order], second[order], apart_km[order], whole.not_eligible)


def _confirmed(
    whole: Incidents, one: Integers, other: Integers, *, distance_km: float, days: float | None
) -> tuple[Integers, Integers, Floats]:
    """Keep the candidates that are near by the calendar and by the geodesic, the smaller position first."""
    first, second = np.minimum(one, other), np.maximum(one, other)
    if days is not None:
        gap = np.maximum(whole.starts[second] - whole.ends[first], whole.starts[first] - whole.ends[second])
        kept = gap <= days
        first, second = first[kept], second[kept]
    most_km = distance_km + whole.radii_km[first] + whole.radii_km[second]
    kept = np.linalg.norm(whole.xyz_km[first] - whole.xyz_km[second], axis=1) <= most_km + SLACK_KM
    first, second, most_km = first[kept], second[kept], most_km[kept]
    east, north = whole.longitudes, whole.latitudes
    metres = GEOD.inv(east[first], north[first], east[second], north[second], return_back_azimuth=False)[2]
    apart_km = np.asarray(metres) / 1000
    kept = apart_km <= most_km
    return first[kept], second[kept], apart_km[kept]


def _nothing() -> tuple[Integers, Integers, Floats]:
    return np.zeros(0, dtype=np.intp), np.zeros(0, dtype=np.intp), np.zeros(0)
