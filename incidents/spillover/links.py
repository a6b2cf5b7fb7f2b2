"""Inferred links: incidents in different countries that are near each other in space and time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import Final, overload

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd

from incidents.geocode import records
from incidents.schema import MILIEUS, Attribution
from incidents.spillover.eligibility import ENDS_BEFORE, NO_COUNTRY, NO_DATE, place_faults, radius_fault, reasons
from incidents.spillover.families import family_codes
from incidents.spillover.link import (
    BORDERLAND,
    NEAR_REPEAT_4_WEEKS,
    NEAR_REPEAT_10_WEEKS,
    PRESETS,
    Link,
    Preset,
    Rule,
    Strength,
    incident_words,
    reason_words,
)
from incidents.spillover.memory import Kept, fingerprint
from incidents.spillover.outlines import Outlines
from incidents.spillover.pairs import near_pairs
from incidents.spillover.reach import Flags, Floats, Integers

__all__ = [
    "BORDERLAND",
    "NEAR_REPEAT_4_WEEKS",
    "NEAR_REPEAT_10_WEEKS",
    "PRESETS",
    "SURE",
    "Link",
    "Links",
    "Preset",
    "Rule",
    "Strength",
    "incident_words",
    "linkable",
    "links",
    "not_linkable",
]

#: Grades that a link can be built on without any other word for it.
SURE: Final = (Attribution.CLAIMED, Attribution.OFFICIAL)

_GRADED: Final = tuple(grade for grade in Attribution if grade is not Attribution.NONE)

#: What the words of a link are made from.
_TOLD: Final = ("incident_id", "place_as_reported", "date_start", "date_end", "actor_family", "attribution")
_AT_ONCE: Final = 2_000

#: The columns that links, and their chance rate, are found from.
READ: Final = (*_TOLD, "country_code", "longitude", "latitude", "geo_precision", "uncertainty_km")


@dataclass(frozen=True, slots=True, eq=False)
class Links(Sequence[Link]):
    """Links as columns, and as a sequence of `Link`, each of which is made, with its words, when it is asked for.

    Attributes
    ----------
    first, second : numpy.ndarray of int
        Positions of the two incidents of each link in the table that was given.
    distance_min_km, distance_max_km : numpy.ndarray of float
        As in `Link`; so are the next columns.
    gap_min_days, gap_max_days : numpy.ndarray of int
    firm, directed : numpy.ndarray of bool
    rule_rank : numpy.ndarray of int
        `Rule.rank` of the strictest rule that links the two.
    preset : Preset
        What was asked.
    not_eligible : mapping of str to int
        How many incidents took no part, by reason.
    told : pandas.DataFrame
        What the words are made from, a row for each incident that was given.
    """

    first: Integers
    second: Integers
    distance_min_km: Floats
    distance_max_km: Floats
    gap_min_days: npt.NDArray[np.int64]
    gap_max_days: npt.NDArray[np.int64]
    firm: Flags
    directed: Flags
    rule_rank: npt.NDArray[np.int64]
    preset: Preset
    not_eligible: Mapping[str, int]
    told: pd.DataFrame

    @property
    def ids(self) -> frozenset[tuple[str, str]]:
        """The identifiers of the two incidents of each link."""
        ids = self.told["incident_id"].to_numpy(dtype=object)
        return frozenset(zip(ids[self.first], ids[self.second], strict=True))

    def __len__(self) -> int:
        return self.first.size

    @overload
    def __getitem__(self, at: int) -> Link: ...
    @overload
    def __getitem__(self, at: slice) -> Links: ...
    def __getitem__(self, at: int | slice) -> Link | Links:
        if isinstance(at, slice):
            columns = [field.name for field in fields(self)]
            cut = {name: getattr(self, name)[at] for name in columns if name not in ("preset", "not_eligible", "told")}
            return replace(self, **cut)
        position = range(len(self))[at]
        return next(self._made(position, position + 1))

    def __iter__(self) -> Iterator[Link]:
        for start in range(0, len(self), _AT_ONCE):
            yield from self._made(start, min(start + _AT_ONCE, len(self)))

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Sequence) or isinstance(other, str):
            return NotImplemented
        return len(self) == len(other) and tuple(self) == tuple(other)

    __hash__ = None  # type: ignore[assignment]

    def _made(self, start: int, stop: int) -> Iterator[Link]:
        used = np.unique(np.concatenate([self.first[start:stop], self.second[start:stop]]))
        rows = dict(zip(used.tolist(), records(self.told.iloc[used]), strict=True))
        for at in range(start, stop):
            one, other = rows[int(self.first[at])], rows[int(self.second[at])]
            link = Link(
                first_id=one["incident_id"],
                second_id=other["incident_id"],
                distance_min_km=float(self.distance_min_km[at]),
                distance_max_km=float(self.distance_max_km[at]),
                gap_min_days=int(self.gap_min_days[at]),
                gap_max_days=int(self.gap_max_days[at]),
                strength=Strength.FIRM if self.firm[at] else Strength.POSSIBLE,
                directed=bool(self.directed[at]),
                rule=list(Rule)[self.rule_rank[at]],
                reason="",
            )
            yield replace(link, reason=reason_words(link, one, other, preset=self.preset))


_KEPT: Final = Kept[Links](8)


def links(incidents: gpd.GeoDataFrame, *, preset: Preset, rule: Rule) -> Links:
    """Link incidents in different countries that may be within the preset's distance and days of each other.

    The distance is the geodesic between the two places' points, less and plus both radii (`uncertainty_km`);
    an area takes part with its outline, from its nearest to its farthest point. No radius is too large: a place
    that may be anywhere within 200 km is possibly near all that this brings within reach, and firmly near
    nothing. Incidents of which too little is known (`not_linkable`) are linked to nothing, and counted. The last
    few results are kept, by the content of the incidents.

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
    Links
        In the order of the earlier incident's date, then of the later one's; the same for the same incidents
        in whatever order they come.

    Raises
    ------
    TooManyPairsError
        If there are so many that they would fill the memory.
    """
    key = fingerprint(incidents, columns=READ), preset, rule
    return _KEPT.get(key, lambda: _found(incidents, preset=preset, rule=rule))


def _found(incidents: gpd.GeoDataFrame, *, preset: Preset, rule: Rule) -> Links:
    why_not = not_linkable(incidents)
    told = pd.DataFrame(incidents[list(_TOLD)])
    ordered = told.reset_index(drop=True).sort_values(["date_start", "date_end", "incident_id"]).index.to_numpy()
    kept = ordered[why_not.isna().to_numpy()[ordered] & _takes_part(told, rule)[ordered]]
    placed = incidents.iloc[kept]
    longitude, latitude, radius_km = (
        placed[column].to_numpy(dtype=float) for column in ("longitude", "latitude", "uncertainty_km")
    )
    start, end = (
        placed[column].to_numpy(dtype="datetime64[D]").astype(np.int64) for column in ("date_start", "date_end")
    )
    family = family_codes(placed["actor_family"], starts=placed["date_start"], ends=placed["date_end"])
    outlines = Outlines.of(placed.geometry.to_numpy(), longitudes=longitude, latitudes=latitude)
    found = near_pairs(
        longitude,
        latitude,
        distance_km=preset.distance_km,
        radii_km=np.maximum(radius_km, outlines.covering_km()),
        starts=start,
        ends=end,
        days=preset.days,
        country_codes=placed["country_code"],
        families=None if rule is Rule.OPEN else family,
    )
    first, second = found.first, found.second
    radii_km = np.where(outlines.area >= 0, 0.0, radius_km)
    nearest_km, farthest_km = found.distance_km, found.distance_km.copy()
    wide = (outlines.area[first] >= 0) | (outlines.area[second] >= 0)
    nearest_km[wide], farthest_km[wide] = outlines.distances_km(first[wide], second[wide])
    nearest_km = np.maximum(nearest_km - radii_km[first] - radii_km[second], 0.0)
    near = nearest_km <= preset.distance_km
    first, second, nearest_km, farthest_km = first[near], second[near], nearest_km[near], farthest_km[near]
    farthest_km = farthest_km + radii_km[first] + radii_km[second]
    gap_max_days = np.maximum(end[second] - start[first], end[first] - start[second])
    return Links(
        first=kept[first],
        second=kept[second],
        distance_min_km=nearest_km,
        distance_max_km=farthest_km,
        gap_min_days=np.maximum(start[second] - end[first], 0),
        gap_max_days=gap_max_days,
        firm=(farthest_km <= preset.distance_km) & (gap_max_days <= preset.days),
        directed=end[first] < start[second],
        rule_rank=_strictest(placed, family, first, second),
        preset=preset,
        not_eligible={str(reason): int(number) for reason, number in why_not.value_counts().sort_index().items()},
        told=told,
    )


def not_linkable(incidents: gpd.GeoDataFrame) -> pd.Series:
    """Say of each incident why too little is known of it to be linked; null if enough is known.

    To be linked it needs a country, a date, and a place with a radius that is drawn. The index is theirs.
    """
    start, end = incidents["date_start"], incidents["date_end"]
    return reasons(
        incidents,
        [
            (incidents["country_code"].isna(), NO_COUNTRY),
            *place_faults(incidents),
            radius_fault(incidents["uncertainty_km"].to_numpy(dtype=float, na_value=np.nan)),
            (start.isna() | end.isna(), NO_DATE),
            (end < start, ENDS_BEFORE),
        ],
    )


def linkable(incidents: gpd.GeoDataFrame) -> pd.Series:
    """Say of each incident whether enough is known of it to be linked: country, date, and a place that is drawn."""
    enough: pd.Series = not_linkable(incidents).isna()
    return enough


def eligible(incidents: gpd.GeoDataFrame, rule: Rule) -> pd.Series:
    """Say of each incident whether it could be linked under a rule, were another like it near."""
    enough: pd.Series = linkable(incidents) & _takes_part(incidents, rule)
    return enough


def _takes_part(told: pd.DataFrame, rule: Rule) -> Flags:
    """Tell which incidents the rule lets be linked to another."""
    if rule is Rule.OPEN:
        return np.ones(len(told), dtype=bool)
    grade = told["attribution"].isin(SURE if rule is Rule.STRICT else _GRADED)
    group = told["actor_family"].notna() & ~told["actor_family"].isin(MILIEUS)  # people of one view are no group
    return np.asarray(grade & group, dtype=bool)


def _strictest(placed: gpd.GeoDataFrame, family: Integers, first: Integers, second: Integers) -> npt.NDArray[np.int64]:
    """Rank of the strictest rule that each pair satisfies."""
    strict, probable = (_takes_part(placed, rule) for rule in (Rule.STRICT, Rule.PROBABLE))
    same = family[first] == family[second]
    return np.where(
        same & strict[first] & strict[second],
        Rule.STRICT.rank,
        np.where(same & probable[first] & probable[second], Rule.PROBABLE.rank, Rule.OPEN.rank),
    )
