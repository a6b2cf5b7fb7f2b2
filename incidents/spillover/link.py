"""A link between two incidents, the presets and rules by which it is drawn, and why it is drawn, in words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, Final

from incidents.filters import day_words
from incidents.schema import ATTRIBUTION_WORDS, Attribution
from incidents.spillover.families import Membership, family_path


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

#: The name of a distance and a number of days of the reader's own, and how far both go.
CUSTOM: Final = "custom"
MOST_KM: Final = 1000
MOST_DAYS: Final = 3650


def preset_of(name: str, *, distance_km: float = BORDERLAND.distance_km, days: int = BORDERLAND.days) -> Preset:
    """Give the preset of a name, or under the name `CUSTOM` the distance and days of the reader's own.

    Raises
    ------
    ValueError
        If there is no preset of the name, or the reader's own go too far.

    Examples
    --------
    >>> preset_of("borderland").days, preset_of("custom", distance_km=70, days=12).distance_km
    (30, 70.0)
    """
    named = {preset.name: preset for preset in PRESETS}
    if name in named:
        return named[name]
    if name != CUSTOM:
        message = f"there is no preset {name!r}; choose one of {', '.join([*named, CUSTOM])}"
        raise ValueError(message)
    if not (0 < distance_km <= MOST_KM and 0 < days <= MOST_DAYS):
        message = f"a link is within up to {MOST_KM} km and {MOST_DAYS} days, not {distance_km} km and {days} days"
        raise ValueError(message)
    return Preset(CUSTOM, float(distance_km), days, "chosen at the desk")


class Rule(StrEnum):
    """What must be known of the groups behind two incidents before they are linked, strictest first.

    strict: the same group, claimed or named by authorities both times. probable: the same group, with any
    grade of attribution. open: any two incidents, also of nobody, or of different groups. Each rule shows
    what the stricter ones show. Groups are the same if they are one family (`families`).
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


def reason_words(link: Link, one: Mapping[str, Any], other: Mapping[str, Any], *, preset: Preset) -> str:
    """Say why a link is drawn, from its two incidents."""
    distance = _range(link.distance_min_km, link.distance_max_km, "km")
    gap = _range(link.gap_min_days, link.gap_max_days, "day" if link.gap_max_days == 1 else "days")
    within = f"within {preset.distance_km:g} km and {preset.days} days"
    firmly = f"{within} whatever the uncertainty" if link.strength is Strength.FIRM else f"possibly {within}"
    both = f"{incident_words(one)} and {incident_words(other)}"
    return f"{both} are {distance} and {gap} apart, {firmly}; {_tie(link, one, other)}."


def _tie(link: Link, one: Mapping[str, Any], other: Mapping[str, Any]) -> str:
    """Say what joins the two groups, or that nothing does."""
    graded = [
        (incident_words(row), row["actor_family"], Attribution(row["attribution"] or Attribution.NONE))
        for row in (one, other)
    ]
    if link.rule is not Rule.OPEN:
        (name, _, grade), (other_name, _, other_grade) = graded
        grades = f"{name} is {ATTRIBUTION_WORDS[grade]}, {other_name} {ATTRIBUTION_WORDS[other_grade]}"
        said = f" ({ATTRIBUTION_WORDS[grade]})" if grade is other_grade else f": {grades}"
        family, path = _kinship(one, other)
        return f"both are put down to {family}{said}{_because(path)}"
    unclaimed = [name for name, _, grade in graded if grade is Attribution.NONE]
    if unclaimed:
        return f"no claim is known for {' or '.join(unclaimed)}, so that only nearness joins them"
    if one["actor_family"] == other["actor_family"]:
        return f"both are put down to {one['actor_family']}, who are no group, so that only nearness joins them"
    families = f"one is put down to {one['actor_family']}, the other to {other['actor_family']}"
    return f"{families}, so that only nearness joins them"


def _kinship(one: Mapping[str, Any], other: Mapping[str, Any]) -> tuple[str, tuple[Membership, ...]]:
    """Name the nearest family of two groups, and the lines of the table by which they are of it."""
    (group, path), (other_group, other_path) = ((row["actor_family"], _path(row)) for row in (one, other))
    names = [group, *(line.family for line in path)]
    other_names = [other_group, *(line.family for line in other_path)]
    steps = next(((names.index(name), step) for step, name in enumerate(other_names) if name in names), None)
    if steps is None:  # two spellings of one name
        return group, ()
    here, there = steps
    return names[here], tuple(dict.fromkeys((*path[:here], *other_path[:there])))


def _path(row: Mapping[str, Any]) -> tuple[Membership, ...]:
    start, end = (_day(row[column]) for column in ("date_start", "date_end"))
    return family_path(row["actor_family"], start=start, end=end)


def _day(moment: Any) -> date | None:
    return None if moment is None else moment.date()


def _because(path: tuple[Membership, ...]) -> str:
    return "".join(f"; {line}" for line in path)


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
