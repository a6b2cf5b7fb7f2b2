"""Incidents in classes of like reach, and the pairs of them that may be near: the candidates of `pairs`."""

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

from gazetteer.borderlines import GEOD, earth_centred_m
from incidents.spillover.eligibility import (
    ENDS_BEFORE,
    NO_COUNTRY,
    NO_DATE,
    NO_GROUP,
    coordinate_faults,
    radius_fault,
)

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.intp]
Flags = npt.NDArray[np.bool_]

#: What rounding may take from a chord.
SLACK_KM: Final = 1e-6

#: Candidates that are looked at together.
_AT_ONCE: Final = 2_000_000

#: Fewer incidents than this are searched together with others of a larger reach.
_FEW: Final = 128

#: Longer than any chord of the Earth; families lie this far apart, so that no search meets two of them.
_ASIDE_KM: Final = 1e5
_DIAMETER_KM: Final = 2 * GEOD.a / 1000


@dataclass(frozen=True, slots=True, eq=False)
class Incidents:
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
    ) -> Incidents:
        """Take columns as `near_pairs` does; what cannot take part is counted by the first reason that applies."""
        east, north = np.asarray(longitudes, dtype=float), np.asarray(latitudes, dtype=float)
        nothing = np.zeros(east.shape)
        radii = nothing if radii_km is None else np.asarray(radii_km, dtype=float)
        begun = nothing if starts is None else in_days(starts)
        ended = begun if ends is None else in_days(ends)
        countries, kin = (_codes(labels, size=east.size) for labels in (country_codes, families))
        if {column.shape for column in (east, north, radii, begun, ended, countries, kin)} != {(east.size,)}:
            message = "the columns of incidents differ in length"
            raise ValueError(message)
        faults = [
            *coordinate_faults(east, north),
            radius_fault(radii),
            (~(np.isfinite(begun) & np.isfinite(ended)), NO_DATE),
            (ended < begun, ENDS_BEFORE),
            (countries < 0, NO_COUNTRY),
            (kin < 0, NO_GROUP),
        ]
        eligible = np.ones(east.shape, dtype=bool)
        counts: dict[str, int] = {}
        for fault, reason in faults:
            number = int((fault & eligible).sum())
            if number:
                counts[reason] = number
            eligible &= ~fault
        xyz_km = earth_centred_m(np.where(eligible, east, 0.0), np.where(eligible, north, 0.0)) / 1000
        return cls(east, north, xyz_km, radii, begun, ended, countries, kin, eligible, counts)


def in_days(dates: ArrayLike) -> Floats:
    """Give dates as days since 1970, NaN for a missing one; numbers are days already."""
    values = np.asarray(dates)
    if values.dtype.kind not in "iuf":
        values = np.asarray(pd.to_datetime(pd.Series(values)), dtype="datetime64[s]")
        return np.where(np.isnat(values), np.nan, values.astype("datetime64[D]").astype(float))
    return values.astype(float)


def _codes(labels: ArrayLike | None, *, size: int) -> Integers:
    if labels is None:
        return np.zeros(size, dtype=np.intp)
    return np.asarray(pd.factorize(pd.Series(labels, dtype=object), sort=True)[0], dtype=np.intp)


class Class:
    """Incidents of one country that reach about equally far, in space and in time."""

    def __init__(self, whole: Incidents, members: Integers, *, timed: bool) -> None:
        self._whole, self.members, self._timed = whole, members, timed
        self.country = int(whole.countries[members[0]])
        self.reach_km = float(whole.radii_km[members].max())
        self.half_days = float((whole.ends[members] - whole.starts[members]).max()) / 2
        self._tree = cache(self._built)

    def tree(self, *, km_per_day: float) -> Any:
        """Give the tree over x, y, z, the middle of the interval in scaled time, and the family."""
        return self._tree(km_per_day)

    def halves(self) -> tuple[Class, Class]:
        """Cut across where it is widest, into two classes of the same size."""
        xyz_km = self._whole.xyz_km[self.members]
        order = np.argsort(xyz_km[:, np.ptp(xyz_km, axis=0).argmax()], kind="stable")
        cut = order.size // 2
        first, second = (
            Class(self._whole, self.members[part], timed=self._timed) for part in (order[:cut], order[cut:])
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


def _classes(whole: Incidents, *, distance_km: float, days: float | None) -> list[Class]:
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
    classes: list[Class] = []
    few: Integers = members[:0]
    for part in np.split(members, cuts) if members.size else []:
        if few.size and whole.countries[few[0]] != whole.countries[part[0]]:
            classes.append(Class(whole, few, timed=days is not None))
            few = few[:0]
        few = np.concatenate([few, part])
        if few.size >= _FEW:
            classes.append(Class(whole, few, timed=days is not None))
            few = few[:0]
    return [*classes, Class(whole, few, timed=days is not None)] if few.size else classes


def _step(shares: Floats) -> Integers:
    return np.ceil(np.log2(np.maximum(shares, 0.25)) / 2).astype(np.intp)


def candidates(
    whole: Incidents, *, distance_km: float, days: float | None, across: bool
) -> Iterator[tuple[Integers, Integers]]:
    """Give what may be near, as positions of incidents, in lots; with `across` only of different countries."""
    return _gathered(_meeting(_classes(whole, distance_km=distance_km, days=days), distance_km, days, across=across))


def _meeting(
    classes: list[Class], distance_km: float, days: float | None, *, across: bool
) -> Iterator[tuple[Integers, Integers]]:
    """Give what may be near, class against class."""
    if not classes:
        return
    bounds = np.stack([each.bounds() for each in classes])
    reach = np.array([each.reach_km for each in classes])
    half = np.array([each.half_days for each in classes])
    countries = np.array([each.country for each in classes])
    for number, one in enumerate(classes):
        window = np.full((len(classes) - number, 4), np.inf)
        window[:, :3] = (distance_km + reach[number:] + reach[number] + SLACK_KM)[:, None]
        if days is not None:
            window[:, 3] = days + half[number:] + half[number]
        between = np.maximum(bounds[number:, 0] - bounds[number, 1], bounds[number, 0] - bounds[number:, 1])
        meets = (between <= window).all(axis=1)
        if across:
            meets &= countries[number:] != countries[number]
        for other in np.flatnonzero(meets) + number:
            yield from _near(one, classes[other], distance_km=distance_km, days=days)


def _near(one: Class, other: Class, *, distance_km: float, days: float | None) -> Iterator[tuple[Integers, Integers]]:
    reach_km = min(max(distance_km + one.reach_km + other.reach_km, 0.001), _DIAMETER_KM) + SLACK_KM
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
