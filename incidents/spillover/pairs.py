"""Pairs of incidents that are near each other, found by a k-d tree and each confirmed on the ellipsoid."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd
from numpy.typing import ArrayLike
from scipy.spatial import cKDTree

from incidents.errors import TooManyPairsError
from incidents.spillover.plane import GEOD, Floats

Integers = npt.NDArray[np.intp]
Flags = npt.NDArray[np.bool_]

#: More pairs than this are an error: they would fill 700 MB, and nobody reads them.
MOST_PAIRS: Final = 20_000_000

NO_COORDINATES: Final = "no coordinates"
OUT_OF_RANGE: Final = "coordinates out of range"
NO_RADIUS: Final = "no radius"
NO_DATE: Final = "no date"
ENDS_BEFORE: Final = "ends before it starts"
NO_COUNTRY: Final = "no country"
NO_GROUP: Final = "no group"

#: Candidates that are looked at together.
_AT_ONCE: Final = 2_000_000

#: Fewer incidents than this are searched together with others of a larger reach.
_FEW: Final = 128

#: Longer than any chord of the Earth; families lie this far apart, so that no search meets two of them.
_ASIDE_KM: Final = 1e5
_DIAMETER_KM: Final = 2 * GEOD.a / 1000

#: What rounding may take from a chord.
_SLACK_KM: Final = 1e-6


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
        If arrays differ in length, or `days` is given without `starts`.

    Examples
    --------
    >>> found = near_pairs([0.72, 0.61, 69.2], [11.08, 10.85, 34.5], distance_km=50, country_codes=["BF", "TG", "AF"])
    >>> found.first.tolist(), found.second.tolist(), found.distance_km.round(1).tolist()
    ([0], [1], [28.1])
    """
    if days is not None and starts is None:
        message = "days between incidents are asked for, so starts must be given"
        raise ValueError(message)
    whole = _Incidents.of(
        longitudes,
        latitudes,
        radii_km=radii_km,
        starts=starts,
        ends=ends,
        country_codes=country_codes,
        families=families,
    )
    classes = _classes(whole, distance_km=distance_km, days=days)
    candidates = _candidates(classes, distance_km=distance_km, days=days, across=country_codes is not None)
    found: list[tuple[Integers, Integers, Floats]] = []
    total = 0
    for first, second in _gathered(candidates):
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


@dataclass(frozen=True, slots=True, eq=False)
class _Incidents:
    """Columns of n incidents; `eligible` says of which there is enough."""

    longitudes: Floats
    latitudes: Floats
    xyz_km: Floats  # Earth-centred, shape (n, 3)
    radii_km: Floats
    starts: Floats
    ends: Floats
    countries: Integers
    families: Integers
    eligible: Flags
    not_eligible: Mapping[str, int]

    @classmethod
    def of(
        cls,
        longitudes: ArrayLike,
        latitudes: ArrayLike,
        *,
        radii_km: ArrayLike | None,
        starts: ArrayLike | None,
        ends: ArrayLike | None,
        country_codes: ArrayLike | None,
        families: ArrayLike | None,
    ) -> _Incidents:
        east, north = np.asarray(longitudes, dtype=float), np.asarray(latitudes, dtype=float)
        nothing = np.zeros(east.shape)
        radii = nothing if radii_km is None else np.asarray(radii_km, dtype=float)
        begun = nothing if starts is None else in_days(starts)
        ended = begun if ends is None else in_days(ends)
        countries, kin = (_codes(labels, size=east.size) for labels in (country_codes, families))
        if {column.shape for column in (east, north, radii, begun, ended, countries, kin)} != {(east.size,)}:
            message = "the columns of incidents differ in length"
            raise ValueError(message)
        faults = {
            NO_COORDINATES: np.isnan(east) | np.isnan(north),
            OUT_OF_RANGE: ~((np.abs(east) <= 180) & (np.abs(north) <= 90)),
            NO_RADIUS: ~((radii >= 0) & (radii < np.inf)),
            NO_DATE: ~(np.isfinite(begun) & np.isfinite(ended)),
            ENDS_BEFORE: ended < begun,
            NO_COUNTRY: countries < 0,
            NO_GROUP: kin < 0,
        }
        eligible = np.ones(east.shape, dtype=bool)
        counts: dict[str, int] = {}
        for reason, fault in faults.items():
            number = int((fault & eligible).sum())
            if number:
                counts[reason] = number
            eligible &= ~fault
        xyz_km = earth_centred_km(np.where(eligible, east, 0.0), np.where(eligible, north, 0.0))
        return cls(east, north, xyz_km, radii, begun, ended, countries, kin, eligible, counts)


def in_days(dates: ArrayLike) -> Floats:
    """Give dates as days since 1970, NaN for a missing one; numbers are days already."""
    values = np.asarray(dates)
    if values.dtype.kind not in "iuf":
        values = np.asarray(pd.to_datetime(pd.Series(values)), dtype="datetime64[s]")
        return np.where(np.isnat(values), np.nan, values.astype("datetime64[D]").astype(float))
    return values.astype(float)


def earth_centred_km(longitudes: Floats, latitudes: Floats) -> Floats:
    """Give points of the WGS 84 ellipsoid as Earth-centred x, y, z in kilometres, shape (n, 3)."""
    east, north = np.radians(longitudes), np.radians(latitudes)
    normal = GEOD.a / 1000 / np.sqrt(1 - GEOD.es * np.sin(north) ** 2)
    flat = normal * np.cos(north)
    return np.stack([flat * np.cos(east), flat * np.sin(east), normal * (1 - GEOD.es) * np.sin(north)], axis=1)


def _codes(labels: ArrayLike | None, *, size: int) -> Integers:
    if labels is None:
        return np.zeros(size, dtype=np.intp)
    return np.asarray(pd.factorize(pd.Series(labels, dtype=object), sort=True)[0], dtype=np.intp)


class _Class:
    """Incidents of one country that reach about equally far, in space and in time."""

    def __init__(self, whole: _Incidents, members: Integers, *, timed: bool) -> None:
        self._whole, self.members, self._timed = whole, members, timed
        self.country = int(whole.countries[members[0]])
        self.reach_km = float(whole.radii_km[members].max())
        self.half_days = float((whole.ends[members] - whole.starts[members]).max()) / 2
        self._tree = cache(self._built)

    def tree(self, *, km_per_day: float) -> Any:
        """Give the tree over x, y, z, the middle of the interval in scaled time, and the family."""
        return self._tree(km_per_day)

    def halves(self) -> tuple[_Class, _Class]:
        """Cut across where it is widest, into two classes of the same size."""
        xyz_km = self._whole.xyz_km[self.members]
        order = np.argsort(xyz_km[:, np.ptp(xyz_km, axis=0).argmax()], kind="stable")
        cut = order.size // 2
        first, second = (
            _Class(self._whole, self.members[part], timed=self._timed) for part in (order[:cut], order[cut:])
        )
        return first, second

    def bounds(self) -> Floats:
        """Lowest and highest x, y, z, and first and last day, shape (2, 4)."""
        corners = np.column_stack([self._whole.xyz_km[self.members], self._middles()])
        return np.stack([corners.min(axis=0), corners.max(axis=0)])

    def _middles(self) -> Floats:
        return (self._whole.starts[self.members] + self._whole.ends[self.members]) / 2

    def _built(self, km_per_day: float) -> Any:
        columns: list[npt.NDArray[Any]] = [self._whole.xyz_km[self.members]]
        if self._timed:
            columns.append(self._middles()[:, None] * km_per_day)
        families = self._whole.families[self.members]
        if self._whole.families.any():
            columns.append(families[:, None] * _ASIDE_KM)
        return cKDTree(np.hstack(columns))


def _classes(whole: _Incidents, *, distance_km: float, days: float | None) -> list[_Class]:
    """Part the eligible incidents by country, radius and duration; factors of four make a class."""
    members = np.flatnonzero(whole.eligible)
    reach = _step(whole.radii_km[members] / max(distance_km, 1.0))
    lasts = _step((whole.ends - whole.starts)[members] / 2 / max(days or 0, 1.0))
    if days is None:
        lasts[:] = 0
    order = np.lexsort((lasts, reach, whole.countries[members]))
    keys = np.stack([whole.countries[members], reach, lasts])[:, order]
    members = members[order]
    cuts = np.flatnonzero((keys[:, 1:] != keys[:, :-1]).any(axis=0)) + 1
    classes: list[_Class] = []
    few: Integers = members[:0]
    for part in np.split(members, cuts) if members.size else []:
        if few.size and whole.countries[few[0]] != whole.countries[part[0]]:
            classes.append(_Class(whole, few, timed=days is not None))
            few = few[:0]
        few = np.concatenate([few, part])
        if few.size >= _FEW:
            classes.append(_Class(whole, few, timed=days is not None))
            few = few[:0]
    return [*classes, _Class(whole, few, timed=days is not None)] if few.size else classes


def _step(shares: Floats) -> Integers:
    return np.ceil(np.log2(np.maximum(shares, 0.25)) / 2).astype(np.intp)


def _candidates(
    classes: list[_Class], *, distance_km: float, days: float | None, across: bool
) -> Iterator[tuple[Integers, Integers]]:
    """Give what may be near, class against class, as positions of incidents."""
    if not classes:
        return
    bounds = np.stack([each.bounds() for each in classes])
    reach = np.array([each.reach_km for each in classes])
    half = np.array([each.half_days for each in classes])
    countries = np.array([each.country for each in classes])
    for number, one in enumerate(classes):
        window = np.full((len(classes) - number, 4), np.inf)
        window[:, :3] = (distance_km + reach[number:] + reach[number] + _SLACK_KM)[:, None]
        if days is not None:
            window[:, 3] = days + half[number:] + half[number]
        between = np.maximum(bounds[number:, 0] - bounds[number, 1], bounds[number, 0] - bounds[number:, 1])
        meets = (between <= window).all(axis=1)
        if across:
            meets &= countries[number:] != countries[number]
        for other in np.flatnonzero(meets) + number:
            yield from _near(one, classes[other], distance_km=distance_km, days=days)


def _near(one: _Class, other: _Class, *, distance_km: float, days: float | None) -> Iterator[tuple[Integers, Integers]]:
    reach_km = min(max(distance_km + one.reach_km + other.reach_km, 0.001), _DIAMETER_KM) + _SLACK_KM
    km_per_day, radius = 0.0, reach_km
    if days is not None:
        window = days + one.half_days + other.half_days + 0.25
        km_per_day = 2.0 ** round(np.log2(reach_km / window))  # few scales, so that a class has few trees
        radius = float(np.hypot(reach_km, window * km_per_day))
    here, there = one.tree(km_per_day=km_per_day), other.tree(km_per_day=km_per_day)
    if here.n * there.n > _AT_ONCE and here.count_neighbors(there, radius) > _AT_ONCE:
        if one is other:
            left, right = one.halves()
            parts = [(left, left), (left, right), (right, right)]
        elif here.n >= there.n:
            parts = [(half, other) for half in one.halves()]
        else:
            parts = [(one, half) for half in other.halves()]
        for part in parts:
            yield from _near(*part, distance_km=distance_km, days=days)
        return
    if one is other:
        found = here.query_pairs(radius, p=np.inf, output_type="ndarray")
        yield one.members[found[:, 0]], other.members[found[:, 1]]
    else:
        matrix = here.sparse_distance_matrix(there, radius, output_type="ndarray")
        yield one.members[matrix["i"]], other.members[matrix["j"]]


def _gathered(parts: Iterator[tuple[Integers, Integers]]) -> Iterator[tuple[Integers, Integers]]:
    """Join small lots to larger ones, so that each is worth a pass."""
    lot: list[tuple[Integers, Integers]] = []
    size = 0
    for part in parts:
        lot.append(part)
        size += part[0].size
        if size >= _AT_ONCE // 4:
            yield np.concatenate([one for one, _ in lot]), np.concatenate([other for _, other in lot])
            lot, size = [], 0
    if size:
        yield np.concatenate([one for one, _ in lot]), np.concatenate([other for _, other in lot])


def _confirmed(
    whole: _Incidents, one: Integers, other: Integers, *, distance_km: float, days: float | None
) -> tuple[Integers, Integers, Floats]:
    """Keep the candidates that are near by the calendar and by the geodesic, the smaller position first."""
    first, second = np.minimum(one, other), np.maximum(one, other)
    if days is not None:
        gap = np.maximum(whole.starts[second] - whole.ends[first], whole.starts[first] - whole.ends[second])
        kept = gap <= days
        first, second = first[kept], second[kept]
    most_km = distance_km + whole.radii_km[first] + whole.radii_km[second]
    kept = np.linalg.norm(whole.xyz_km[first] - whole.xyz_km[second], axis=1) <= most_km + _SLACK_KM
    first, second, most_km = first[kept], second[kept], most_km[kept]
    east, north = whole.longitudes, whole.latitudes
    metres = GEOD.inv(east[first], north[first], east[second], north[second], return_back_azimuth=False)[2]
    apart_km = np.asarray(metres) / 1000
    kept = apart_km <= most_km
    return first[kept], second[kept], apart_km[kept]


def _nothing() -> tuple[Integers, Integers, Floats]:
    return np.zeros(0, dtype=np.intp), np.zeros(0, dtype=np.intp), np.zeros(0)
