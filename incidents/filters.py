"""Filters: the one answer to "what is shown", for screen, link, export and sheet.

A `Filters` says what is asked; `apply` gives the incidents that answer. Everything that shows or counts incidents
takes what `apply` returned, so that no two of them can disagree.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final, TypeVar

import geopandas as gpd
import pandas as pd

from gazetteer.names import fold
from incidents.schema import ATTRIBUTION_WORDS, EVENT_TYPES, GEO_PRECISION_WORDS, Attribution, GeoPrecision

Value = TypeVar("Value")

#: More characters than this are no words to look for.
LONGEST_TEXT: Final = 200

#: Days that a filter may ask for, and an incident may have.
EARLIEST: Final = date(1900, 1, 1)
LATEST: Final = date(2100, 12, 31)

#: How the filter calls incidents of no named group.
UNATTRIBUTED: Final = "Unattributed"


@dataclass(frozen=True, slots=True)
class Filters:
    """What is asked of a set of incidents; an empty field asks nothing.

    Attributes
    ----------
    families : tuple of str
        Groups, by `actor_family`; `UNATTRIBUTED` stands for incidents of no named group.
    date_from, date_to : datetime.date or None
        First and last day, both included. An incident counts if its interval touches them.
    countries : tuple of str
        ISO 3166-1 alpha-2 codes.
    event_types : tuple of str
        ACLED event types.
    attributions : tuple of Attribution
        Grades of attribution that count.
    coarsest : GeoPrecision or None
        The coarsest place that still counts.
    text : str
        Words that must all occur in the incident's text, accents and case aside.
    impossible : tuple of (str, str)
        What a link asks for and no incident of any dataset can answer, as the link's key and value: a grade or a
        precision that there is not, a day that cannot be read, days that end before they begin, a text that is
        too long. It stays asked for, so that a link never shows more than it asks for.
    """

    families: tuple[str, ...] = ()
    date_from: date | None = None
    date_to: date | None = None
    countries: tuple[str, ...] = ()
    event_types: tuple[str, ...] = ()
    attributions: tuple[Attribution, ...] = ()
    coarsest: GeoPrecision | None = None
    text: str = ""
    impossible: tuple[tuple[str, str], ...] = ()

    def __bool__(self) -> bool:
        """Whether anything is asked."""
        return self != Filters()


@dataclass(frozen=True, slots=True)
class Facets:
    """The values that a dataset offers to its filters, each in the order to show it."""

    families: tuple[str, ...]
    countries: Mapping[str, str]
    event_types: tuple[str, ...]
    attributions: tuple[Attribution, ...]
    first_day: date | None
    last_day: date | None


def facets(incidents: gpd.GeoDataFrame) -> Facets:
    """List what can be asked of `incidents`: groups by number of incidents, countries by name."""
    families = family_labels(incidents["actor_family"]).value_counts()
    ordered = sorted(families.index, key=lambda family: (family == UNATTRIBUTED, -families[family], family))
    named = incidents.dropna(subset=["country_code"]).drop_duplicates("country_code")
    names = named["country"].fillna(named["country_code"])
    countries = dict(sorted(zip(named["country_code"], names, strict=True), key=lambda pair: pair[1]))
    first, last = incidents["date_start"].min(), incidents["date_end"].max()
    return Facets(
        families=tuple(ordered),
        countries=countries,
        event_types=tuple(event for event in EVENT_TYPES if (incidents["event_type"] == event).any()),
        attributions=tuple(grade for grade in Attribution if (incidents["attribution"] == grade).any()),
        first_day=None if pd.isna(first) else first.date(),
        last_day=None if pd.isna(last) else last.date(),
    )


def family_labels(families: pd.Series) -> pd.Series:
    """Give each incident's group as the filter offers it; no group is `UNATTRIBUTED`."""
    return families.fillna(UNATTRIBUTED)


def apply(incidents: gpd.GeoDataFrame, filters: Filters) -> gpd.GeoDataFrame:
    """Give the incidents that `filters` asks for, in date order.

    An imprecise date counts where its interval overlaps the days asked for; an incident without any date is shown
    only while no days are asked for, and so is one of unknown place while no precision is. Nothing answers what is
    impossible; beside a grade that there is not, the grades that there are still count, as groups do.

    Parameters
    ----------
    incidents
        A located table (`schema.COLUMNS`, EPSG:4326).

    Returns
    -------
    geopandas.GeoDataFrame
        Rows of `incidents` with their index, ordered by `date_start`, `date_end`, `incident_id`.
    """
    impossible = {KEYS[key] for key, _ in filters.impossible}
    keep: pd.Series[bool] = pd.Series(data=not impossible - {"attributions"}, index=incidents.index)
    if filters.families:
        keep &= family_labels(incidents["actor_family"]).isin(filters.families)
    if filters.date_from:
        keep &= incidents["date_end"] >= pd.Timestamp(filters.date_from)
    if filters.date_to:
        keep &= incidents["date_start"] <= pd.Timestamp(filters.date_to)
    if filters.countries:
        keep &= incidents["country_code"].isin(filters.countries)
    if filters.event_types:
        keep &= incidents["event_type"].isin(filters.event_types)
    if filters.attributions or "attributions" in impossible:
        keep &= incidents["attribution"].isin(filters.attributions)
    if filters.coarsest:
        fine_enough = [precision for precision in GeoPrecision if precision.rank <= filters.coarsest.rank]
        keep &= incidents["geo_precision"].isin(fine_enough)
    if filters.text.strip():
        words = fold(filters.text).split()
        cells = incidents[list(_SEARCHED)].fillna("").itertuples(index=False)
        texts = [fold(" ".join(row)) for row in cells]
        found = [bool(words) and all(word in text for word in words) for text in texts]
        keep &= pd.Series(found, index=incidents.index, dtype=bool)
    return incidents.loc[keep].sort_values(["date_start", "date_end", "incident_id"], na_position="last")


#: The columns that free text looks into.
_SEARCHED: Final = (
    "incident_id",
    "summary",
    "notes",
    "target",
    "actor_primary",
    "actor_secondary",
    "actor_family",
    "place_as_reported",
    "place_name",
    "admin1",
    "admin2",
    "country",
)


@dataclass(frozen=True, slots=True)
class Chip:
    """One thing that is asked, in words, and the filters without it."""

    label: str
    without: Filters


def chips(filters: Filters, facets: Facets) -> tuple[Chip, ...]:
    """Say each thing that is asked, so that it can be shown, printed, or taken away.

    Examples
    --------
    >>> none = Facets((), {}, (), (), None, None)
    >>> [chip.label for chip in chips(Filters(families=("JNIM",), date_from=date(2021, 11, 1)), none)]
    ['Group: JNIM', 'From 1 Nov 2021']
    """
    found: list[Chip] = []
    for name, label in _MANY.items():
        values: tuple[str, ...] = getattr(filters, name)
        for value in values:
            rest = tuple(other for other in values if other != value)
            without: dict[str, Any] = {name: rest}
            found.append(Chip(f"{label}: {_words(name, value, facets)}", replace(filters, **without)))
    if filters.date_from:
        found.append(Chip(f"From {day_words(filters.date_from)}", replace(filters, date_from=None)))
    if filters.date_to:
        found.append(Chip(f"To {day_words(filters.date_to)}", replace(filters, date_to=None)))
    if filters.coarsest:
        words = GEO_PRECISION_WORDS[filters.coarsest]
        found.append(Chip(f"Place at least: {words}", replace(filters, coarsest=None)))
    if filters.text.strip():
        found.append(Chip(f"Text: {filters.text.strip()}", replace(filters, text="")))
    for number, (key, value) in enumerate(filters.impossible):
        left = replace(filters, impossible=filters.impossible[:number] + filters.impossible[number + 1 :])
        words = value if len(value) <= _LONGEST_LABEL else f"{value[:_LONGEST_LABEL]}…"
        # What is left is read again: of two days that could not both be, one alone can.
        found.append(Chip(f"{key.capitalize()}: {words} (nothing answers it)", from_query(to_query(left), facets)[0]))
    return tuple(found)


# A value that a link made up may be as long as a page.
_LONGEST_LABEL: Final = 40

_MANY: Final = {
    "families": "Group",
    "countries": "Country",
    "event_types": "Event",
    "attributions": "Attribution",
}


def _words(name: str, value: str, facets: Facets) -> str:
    if name == "countries":
        return facets.countries.get(value, value)
    if name == "attributions":
        return ATTRIBUTION_WORDS[Attribution(value)]
    return value


def day_words(day: date) -> str:
    """Write a day so that no reader takes it for another: 1 Nov 2021."""
    return f"{day.day} {day:%b %Y}"


#: The parameters of a link and the field that each stands for; short, since people send links to each other.
KEYS: Final = {
    "group": "families",
    "from": "date_from",
    "to": "date_to",
    "country": "countries",
    "event": "event_types",
    "attribution": "attributions",
    "precision": "coarsest",
    "text": "text",
}


def to_query(filters: Filters) -> dict[str, list[str]]:
    """Write filters as the parameters of a link; what is not asked is not written.

    Examples
    --------
    >>> to_query(Filters(families=("JNIM", "ISKP"), date_to=date(2021, 11, 19)))
    {'group': ['JNIM', 'ISKP'], 'to': ['2021-11-19']}
    """
    query: dict[str, list[str]] = {}
    for key, name in KEYS.items():
        value = getattr(filters, name)
        if value:
            query[key] = [str(item) for item in value] if isinstance(value, tuple) else [str(value)]
    for key, text in filters.impossible:
        query.setdefault(key, []).append(text)
    return query


def from_query(query: Mapping[str, Sequence[str]], facets: Facets) -> tuple[Filters, tuple[str, ...]]:
    """Read filters from the parameters of a link.

    A key without a value asks nothing. What a key asks twice must hold twice, where one incident can answer both:
    the later of two first days, all words of two texts.

    Returns
    -------
    tuple of Filters and tuple of str
        What is asked, and a sentence for each value that cannot be had. A group, country, event or grade that the
        dataset does not have stays asked for, and nothing answers it; what no dataset can answer stays asked for as
        `Filters.impossible`: a link never shows more than it asks for.

    Examples
    --------
    >>> offered = Facets(("JNIM",), {"TG": "Togo"}, ("Battles",), (Attribution.NONE,), None, None)
    >>> filters, problems = from_query({"group": ["AQIM"]}, offered)
    >>> filters.families, problems
    (('AQIM',), ("The link asks for group 'AQIM', which this dataset does not have.",))
    >>> filters, problems = from_query({"from": ["19/11/2021"]}, offered)
    >>> filters.date_from, filters.impossible
    (None, (('from', '19/11/2021'),))
    """
    problems: list[str] = []
    impossible: dict[str, list[str]] = {}

    def asked(key: str) -> tuple[str, ...]:
        return tuple(dict.fromkeys(value for value in query.get(key, ()) if value))

    def several(key: str, offered: Iterable[str]) -> tuple[str, ...]:
        strange = [value for value in asked(key) if value not in set(offered)]
        problems.extend(
            f"The link asks for {key} {_short(name)}, which this dataset does not have." for name in strange
        )
        return asked(key)

    def single(key: str, convert: Callable[[str], Value], expected: str) -> list[Value]:
        found: list[Value] = []
        for value in asked(key):
            try:
                found.append(convert(value))
            except ValueError:
                problems.append(f"The link says {key} {_short(value)}; expected {expected}. Nothing answers it.")
                impossible.setdefault(key, []).append(value)
        return found

    families, countries = several("group", facets.families), several("country", facets.countries)
    event_types, grades = several("event", facets.event_types), several("attribution", facets.attributions)
    impossible["attribution"] = [grade for grade in grades if grade not in set(Attribution)]
    starts = single("from", _day, "a day like 2021-11-19, from 1900 to 2100")
    ends = single("to", _day, "a day like 2021-11-19, from 1900 to 2100")
    if starts and ends and max(starts) > min(ends):
        problems.append("The link's dates end before they begin. Nothing answers them.")
        impossible |= {"from": list(asked("from")), "to": list(asked("to"))}
        starts, ends = [], []
    precisions = single("precision", GeoPrecision, "one of " + ", ".join(GeoPrecision))
    text = " ".join(asked("text"))
    if len(text) > LONGEST_TEXT:
        problems.append(f"The link's text is longer than {LONGEST_TEXT} characters. Nothing answers it.")
        impossible["text"], text = [text], ""
    filters = Filters(
        families=families,
        date_from=max(starts, default=None),
        date_to=min(ends, default=None),
        countries=countries,
        event_types=event_types,
        attributions=tuple(Attribution(grade) for grade in grades if grade in set(Attribution)),
        coarsest=min(precisions, key=lambda precision: precision.rank, default=None),
        text=text,
        impossible=tuple((key, value) for key in KEYS for value in impossible.get(key, ())),
    )
    return filters, tuple(problems)


def _day(text: str) -> date:
    """Read a day that a filter may ask for."""
    asked = date.fromisoformat(text)
    if not EARLIEST <= asked <= LATEST:
        raise ValueError(text)
    return asked


def _short(value: str) -> str:
    """A value of a link as a sentence quotes it."""
    return repr(value if len(value) <= LONGEST_TEXT else f"{value[:LONGEST_TEXT]}…")
