"""The chance rate: how many links there would be if dates and places had nothing to do with each other."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import permutations
from math import perm
from typing import Final

import geopandas as gpd
import numpy as np
import numpy.typing as npt

from incidents.spillover.families import family_codes
from incidents.spillover.links import Preset, Rule, eligible, links

Integers = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

#: Fewer eligible incidents than this bear no p-value.
LEAST_FOR_P: Final = 30

#: How often dates are shuffled where not every order can be counted.
SHUFFLES: Final = 999

# Knox's year: any fixed number gives the same figures each time.
_SEED: Final = 1964

# Every order is counted where no more than this many differ.
_MOST_ORDERS: Final = 50_000

# Dates are shuffled so many times at once that no array holds more entries than this.
_AT_ONCE: Final = 4_000_000

# With more near pairs than this the expected number is still exact, but nothing is shuffled.
_MOST_PAIRS: Final = 1_000_000

# More days than any two incidents can be apart.
_ANY_DAYS: Final = 1_000_000


@dataclass(frozen=True, slots=True)
class ChanceRate:
    """How many links a preset and a rule would find by chance, beside how many they found.

    Attributes
    ----------
    preset, rule : Preset, Rule
        What was asked.
    shown, eligible : int
        How many incidents there were, and of how many enough is known to be linked under the rule.
    near_pairs : int
        Pairs in different countries that the rule ties and that may be within the preset's distance, whatever
        their dates.
    found : int
        Those that may be within its days as well: the links.
    expected : float
        The mean number of links over all ways to deal the dates out again, exact however many there are.
    low, high : int or None
        95 % of the ways that were looked at give from `low` to `high` links; None if none was.
    orders : int
        How many ways were looked at.
    exact : bool
        Whether these were all ways that differ, each of them once.
    p_value : float or None
        The share of ways with at least `found` links (Knox 1964, one-sided); None under `LEAST_FOR_P` eligible
        incidents, without near pairs, or if no way was looked at.
    """

    preset: Preset
    rule: Rule
    shown: int
    eligible: int
    near_pairs: int
    found: int
    expected: float
    low: int | None
    high: int | None
    orders: int
    exact: bool
    p_value: float | None

    @property
    def share(self) -> float | None:
        """Share of the near pairs that is expected to be linked; None without near pairs."""
        return self.expected / self.near_pairs if self.near_pairs else None

    @property
    def ratio(self) -> float | None:
        """Found links per expected one; None if none is expected."""
        return self.found / self.expected if self.expected else None


def chance_rate(
    incidents: gpd.GeoDataFrame, *, preset: Preset, rule: Rule, shuffles: int = SHUFFLES, seed: int = _SEED
) -> ChanceRate:
    """Say how many of the links would be there if dates had been dealt out among the incidents anew.

    Places, groups and grades stay. The date intervals, first and last day together, are dealt out among the incidents
    that are eligible: those that are `linkable` and, under strict and probable, whose attribution the rule takes. These
    two rules only ever link incidents of one group, so dates are dealt out within each group, and a group's busy and
    quiet months count as no evidence; under open they are dealt out among all.

    Where few enough ways to deal differ, each is counted once. Elsewhere dates are shuffled `shuffles` times. The
    expected number needs neither: it is the near pairs times the share of date pairs within the preset's days.

    Parameters
    ----------
    incidents
        What is shown (`filters.apply`).
    preset, rule
        As for `links`; the number found is theirs.
    shuffles
        At least 999.
    seed
        Of the shuffling.

    Raises
    ------
    ValueError
        If `shuffles` is less than 999.
    """
    if shuffles < SHUFFLES:
        message = f"dates are shuffled at least {SHUFFLES} times, not {shuffles}"
        raise ValueError(message)
    placed = incidents.loc[eligible(incidents, rule)].sort_values(["date_start", "date_end", "incident_id"])
    pairs = _Pairs.of(placed, preset=preset, rule=rule)
    together = np.zeros(len(placed), dtype=np.int64)
    families = family_codes(placed["actor_family"], starts=placed["date_start"], ends=placed["date_end"])
    stratum = together if rule is Rule.OPEN else families
    strata = [_Stratum(pairs, stratum == which, days=preset.days) for which in np.unique(stratum[pairs.first])]
    found = pairs.within(preset.days)
    exact = all(one.orders <= _MOST_ORDERS for one in strata)
    spread = _Spread.nowhere()
    if exact:
        spread = _Spread.of_all(strata)
    elif pairs.first.size <= _MOST_PAIRS:
        spread = _Spread.of_some(strata, shuffles=shuffles, seed=seed)
    low, high = spread.middle()
    return ChanceRate(
        preset=preset,
        rule=rule,
        shown=len(incidents),
        eligible=len(placed),
        near_pairs=pairs.first.size,
        found=found,
        expected=sum(one.expected for one in strata),
        low=low,
        high=high,
        orders=spread.orders,
        exact=exact,
        p_value=spread.at_least(found) if strata and len(placed) >= LEAST_FOR_P else None,
    )


@dataclass(frozen=True, slots=True)
class _Pairs:
    """Days of the eligible incidents, and the pairs of them that would be links whatever their days."""

    start: Integers
    end: Integers
    first: Integers
    second: Integers

    @classmethod
    def of(cls, placed: gpd.GeoDataFrame, *, preset: Preset, rule: Rule) -> _Pairs:
        start, end = (
            placed[column].to_numpy(dtype="datetime64[D]").astype(np.int64) for column in ("date_start", "date_end")
        )
        near = links(placed, preset=replace(preset, days=_ANY_DAYS), rule=rule)
        return cls(start, end, near.first, near.second)

    def within(self, days: int) -> int:
        """How many of the pairs may be within some days of each other."""
        gap = np.maximum(self.start[self.second] - self.end[self.first], self.start[self.first] - self.end[self.second])
        return int(np.count_nonzero(gap <= days))


class _Stratum:
    """Incidents among which dates may be dealt out, and the near pairs among them."""

    def __init__(self, pairs: _Pairs, members: npt.NDArray[np.bool_], *, days: int) -> None:
        inside = members[pairs.first]
        # Only who is in a near pair matters: to the others any of the dates left over can be dealt.
        paired, seats = np.unique(np.concatenate([pairs.first[inside], pairs.second[inside]]), return_inverse=True)
        self._one, self._other = seats.reshape(2, -1)
        self._start, self._end = pairs.start[members], pairs.end[members]  # ascending, as the incidents are
        self._days = days
        self.size, self.seats = self._start.size, paired.size

    @property
    def orders(self) -> int:
        """How many ways there are to give the paired incidents dates."""
        return perm(self.size, self.seats)

    @property
    def expected(self) -> float:
        """Mean number of links: every pair gets any two dates with equal chance."""
        here = np.arange(self.size)
        later = np.searchsorted(self._start, self._end + self._days, side="right") - here - 1
        share = float(np.maximum(later, 0).sum()) / (self.size * (self.size - 1) / 2)
        return float(self._one.size * share)

    def counted(self) -> Floats:
        """Share of the orders that give 0, 1, 2 ... links, over all of them."""
        dealt = np.array(list(permutations(range(self.size), self.seats)), dtype=np.int64)
        totals = np.bincount(self._links(dealt), minlength=self._one.size + 1)
        shares: Floats = totals / totals.sum()
        return shares

    def shuffled(self, times: int, random: np.random.Generator) -> Integers:
        """Links under each of so many random orders."""
        step = max(1, _AT_ONCE // max(self.size, self._one.size))
        totals = []
        for done in range(0, times, step):
            deck = np.tile(np.arange(self.size), (min(step, times - done), 1))
            totals.append(self._links(random.permuted(deck, axis=1)[:, : self.seats]))
        return np.concatenate(totals)

    def _links(self, dealt: Integers) -> Integers:
        """Count the links of each order; a row gives the dates of the paired incidents by their position."""
        start, end = self._start[dealt], self._end[dealt]
        gap = np.maximum(start[:, self._other] - end[:, self._one], start[:, self._one] - end[:, self._other])
        return np.asarray(np.count_nonzero(gap <= self._days, axis=1), dtype=np.int64)


@dataclass(frozen=True, slots=True)
class _Spread:
    """Numbers of links and the weight of each, over the orders that were looked at."""

    orders: int
    exact: bool
    weights: Floats

    @classmethod
    def nowhere(cls) -> _Spread:
        return cls(0, exact=False, weights=np.empty(0))

    @classmethod
    def of_all(cls, strata: list[_Stratum]) -> _Spread:
        """Put together what every order of every stratum gives: strata do not know of each other."""
        weights, orders = np.ones(1), 1
        for stratum in strata:
            weights = np.convolve(weights, stratum.counted())
            orders *= stratum.orders
        return cls(orders, exact=True, weights=weights)

    @classmethod
    def of_some(cls, strata: list[_Stratum], *, shuffles: int, seed: int) -> _Spread:
        random = np.random.default_rng(seed)
        totals = sum((stratum.shuffled(shuffles, random) for stratum in strata), start=np.zeros(shuffles, dtype=int))
        return cls(shuffles, exact=False, weights=np.bincount(totals) / shuffles)

    def middle(self) -> tuple[int | None, int | None]:
        """Give the bounds of 95 % of the orders."""
        if not self.orders:
            return None, None
        reached = np.cumsum(self.weights)
        low, high = (int(np.searchsorted(reached, share * (1 - 1e-12))) for share in (0.025, 0.975))
        return low, high

    def at_least(self, found: int) -> float | None:
        """Share of orders that give so many links or more; of a sample, with the found order among them."""
        if not self.orders:
            return None
        share = float(self.weights[found:].sum())
        return share if self.exact else (share * self.orders + 1) / (self.orders + 1)
