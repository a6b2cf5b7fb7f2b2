"""An incident in words: its date, place, group and figures, the same on every list and sheet."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from incidents.filters import UNATTRIBUTED, day_words
from incidents.schema import ATTRIBUTION_WORDS, GEO_PRECISION_WORDS, Attribution, GeoPrecision


def interval_words(start: date | None, end: date | None) -> str:
    """Write an inclusive interval of days as shortly as it can be read.

    Examples
    --------
    >>> interval_words(date(2021, 11, 2), date(2021, 11, 2))
    '2 Nov 2021'
    >>> interval_words(date(2021, 11, 2), date(2021, 11, 10))
    '2–10 Nov 2021'
    >>> interval_words(date(2020, 2, 1), date(2020, 2, 29))
    'Feb 2020'
    >>> interval_words(date(2017, 1, 1), date(2017, 12, 31))
    '2017'
    >>> interval_words(date(2021, 8, 1), date(2021, 11, 12))
    '1 Aug – 12 Nov 2021'
    >>> interval_words(date(2019, 10, 1), date(2020, 1, 31))
    'Oct 2019 – Jan 2020'
    >>> interval_words(None, None)
    'date not known'
    """
    if start is None or end is None:
        return "date not known"
    if start == end:
        return day_words(start)
    is_whole = start.day == 1 and end.day == monthrange(end.year, end.month)[1]
    if is_whole and (start.month, end.month) == (1, 12):
        return str(start.year) if start.year == end.year else f"{start.year}–{end.year}"
    first, last = f"{start.day} {start:%b}", day_words(end)
    if is_whole:
        first, last = f"{start:%b}", f"{end:%b %Y}"
    if start.year != end.year:
        return f"{first} {start.year} – {last}"
    if start.month == end.month:
        return last if is_whole else f"{start.day}–{last}"
    return f"{first} – {last}"


def date_words(incident: Mapping[str, Any]) -> str:
    """Write when an incident happened (a record of `geocode.records`)."""
    start, end = incident["date_start"], incident["date_end"]
    return interval_words(start and start.date(), end and end.date())


def place_words(incident: Mapping[str, Any]) -> str:
    """Write where an incident happened, as reported, with its country.

    Examples
    --------
    >>> place_words({"place_as_reported": "Sanloaga", "country": "Togo"})
    'Sanloaga, Togo'
    >>> place_words({"place_as_reported": "Norway", "country": "Norway"})
    'Norway'
    """
    reported, country = incident["place_as_reported"], incident["country"]
    return reported if country is None or country in reported else f"{reported}, {country}"


def precision_words(incident: Mapping[str, Any]) -> str:
    """Write how finely the place is known, with its radius in kilometres.

    Examples
    --------
    >>> precision_words({"geo_precision": "admin2", "uncertainty_km": 36.6})
    'district, within 36.6 km'
    """
    precision, radius_km = incident["geo_precision"], incident["uncertainty_km"]
    words = GEO_PRECISION_WORDS[GeoPrecision(precision or GeoPrecision.UNKNOWN)]
    return words if radius_km is None else f"{words}, within {radius_km:g} km"


def group_words(incident: Mapping[str, Any]) -> str:
    """Write whose incident it is, and how sure that is.

    Examples
    --------
    >>> group_words({"actor_family": "JNIM", "attribution": "suspected"})
    'JNIM, suspected'
    >>> group_words({"actor_family": None, "attribution": "none"})
    'Unattributed'
    """
    family, grade = incident["actor_family"], Attribution(incident["attribution"])
    if family is None:
        return UNATTRIBUTED
    return f"{family}, {ATTRIBUTION_WORDS[grade]}"


def killed_words(incident: Mapping[str, Any], *, named: Callable[[str], str] = str) -> str:
    """Write how many were killed: a range, a bound, the source's own words, or that nothing is reported.

    Parameters
    ----------
    incident
        A record of `geocode.records`.
    named
        How to call the other incident where a figure is joint.

    Examples
    --------
    >>> bounds = ("low", "best", "high", "joint_with", "as_reported")
    >>> none = dict.fromkeys(f"fatalities_{bound}" for bound in bounds)
    >>> killed_words(none)
    'deaths not reported'
    >>> killed_words(none | {"fatalities_low": 100})
    'at least 100 killed'
    >>> killed_words(none | {"fatalities_low": 6, "fatalities_best": 7, "fatalities_high": 9})
    '6–9 killed, best estimate 7'
    >>> killed_words(none | {"fatalities_low": 0, "fatalities_best": 0, "fatalities_high": 0})
    'nobody killed'
    >>> killed_words(none | {"fatalities_joint_with": "A-1"})
    'killed: counted with A-1'
    """
    low, best, high = (incident[f"fatalities_{bound}"] for bound in ("low", "best", "high"))
    joint, reported = incident["fatalities_joint_with"], incident["fatalities_as_reported"]
    if joint is not None:
        return f"killed: counted with {named(joint)}"
    if low is None and best is None and high is None:
        return "deaths not reported" if reported is None else f"killed, as reported: “{reported}”"
    if low is not None and low == high:
        return f"{low} killed" if low else "nobody killed"
    if low is not None and high is not None:
        words = f"{low}–{high} killed"
    elif low is not None:
        words = f"at least {low} killed"
    elif high is not None:
        words = f"at most {high} killed"
    else:
        return f"{best} killed, best estimate"
    return words if best is None else f"{words}, best estimate {best}"


def figures_words(incident: Mapping[str, Any], *, named: Callable[[str], str] = str) -> str:
    """Write how many were killed, and injured if that is reported."""
    killed = killed_words(incident, named=named)
    injured, reported = incident["injured"], incident["injured_as_reported"]
    if injured is None:
        return killed if reported is None else f"{killed}; injured, as reported: “{reported}”"
    return f"{killed}; {injured} injured" if injured else f"{killed}; nobody injured"
