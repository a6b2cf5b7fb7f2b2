"""An incident in words: its date, place, group and figures, the same on every list and sheet."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Mapping
from datetime import date
from types import MappingProxyType
from typing import Any, Final

import pandas as pd

from incidents.filters import UNATTRIBUTED, day_words
from incidents.geocode import GAZETTEER, SOURCE, records
from incidents.review import VERSION
from incidents.schema import ATTRIBUTION_WORDS, GEO_PRECISION_WORDS, Attribution, DatePrecision, GeoPrecision

#: For each incident that shares a figure with others, by identifier: the others, by identifier, and their names.
Joint = Mapping[str, Mapping[str, str]]

_NOBODY: Final[Joint] = MappingProxyType({})
#: Places of which nothing is drawn, whoever located them.
_NEVER_DRAWN: Final = (GeoPrecision.COUNTRY, GeoPrecision.SEA_OR_AIR, GeoPrecision.UNKNOWN)


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


def name_words(incident: Mapping[str, Any]) -> str:
    """Name an incident among others: its place as reported, and its time as finely as its source gives it.

    Examples
    --------
    >>> from pandas import Timestamp
    >>> october = {"date_start": Timestamp("2021-10-01"), "date_end": Timestamp("2021-10-18")}
    >>> name_words({"place_as_reported": "Kunduz", "date_precision": "month", **october})
    'Kunduz, Oct 2021'
    >>> name_words({"place_as_reported": "Kunduz", "date_precision": "day_range", **october})
    'Kunduz, 1–18 Oct 2021'
    """
    start, end = incident["date_start"], incident["date_end"]
    time = date_words(incident)
    if start is not None and end is not None and start.year == end.year:
        if incident["date_precision"] == DatePrecision.YEAR:
            time = f"{start.year}"
        elif incident["date_precision"] == DatePrecision.MONTH and start.month == end.month:
            time = f"{start:%b %Y}"
    return f"{incident['place_as_reported']}, {time}"


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


def drawn_words(incident: Mapping[str, Any]) -> str:
    """Write what was made of a place: what it is taken for and how finely, with a radius no finer than it is known.

    Parameters
    ----------
    incident
        A record of `geocode.records`, located. What has no name beside the one reported has only its precision.

    Examples
    --------
    >>> punjab = {"place_name": "Punjab", "admin1": "Punjab", "country": "Pakistan"}
    >>> drawn_words({**punjab, "geo_precision": "admin1", "uncertainty_km": 376.7})
    'drawn as Punjab, Pakistan: province, within about 380 km'
    >>> drawn_words({"place_name": None, "geo_precision": "settlement", "uncertainty_km": 2.5})
    'settlement, within 2.5 km'
    """
    radius_km = incident["uncertainty_km"]
    how = precision_words({**incident, "uncertainty_km": None})
    if radius_km is not None:
        how += f", within about {float(f'{radius_km:.2g}'):g} km" if radius_km > 10 else f", within {radius_km:g} km"
    if incident["place_name"] is None:
        return how
    units = dict.fromkeys(filter(None, (incident["place_name"], incident["admin1"], incident["country"])))
    return f"drawn as {', '.join(units)}: {how}"


def coordinate_words(*, longitude: float, latitude: float) -> str:
    """Write a position in degrees.

    Examples
    --------
    >>> coordinate_words(longitude=-1.6305, latitude=14.1009)
    '14.1009° N, 1.6305° W'
    """
    north, east = ("N" if latitude >= 0 else "S"), ("E" if longitude >= 0 else "W")
    return f"{abs(latitude):.4f}° {north}, {abs(longitude):.4f}° {east}"


def is_files_own(incident: Mapping[str, Any]) -> bool:
    """Whether the file itself says where an incident was, so that the gazetteer's answer does not hold for it."""
    return incident["geocoded_by"] not in (None, GAZETTEER) and not is_decided(incident)


def is_decided(incident: Mapping[str, Any]) -> bool:
    """Whether an editor's decision, laid over the data, says where an incident was."""
    return incident.get(VERSION) is not None


def placed_words(incident: Mapping[str, Any], *, drawn: bool) -> str:
    """Say how an incident came to its place: by the gazetteer, for its reason, or by what the file says.

    Parameters
    ----------
    incident
        A record of `geocode.records`, located.
    drawn
        Whether it has a geometry.

    Examples
    --------
    >>> placed = {"geocoded_by": "gazetteer", "place_reason": "Kompienga is a town in Burkina Faso, within 5 km."}
    >>> placed_words(placed, drawn=True)
    'Kompienga is a town in Burkina Faso, within 5 km.'
    >>> at = {"longitude": 0.72, "latitude": 11.08, "geo_precision": "settlement"}
    >>> placed_words({**at, "geocoded_by": "source", "place_reason": "No place of this name is known."}, drawn=True)
    "The coordinates are the file's own: 11.0800° N, 0.7200° E."
    """
    reason = str(incident["place_reason"])
    if not is_files_own(incident):
        return reason
    by = "" if incident["geocoded_by"] == SOURCE else f", by {incident['geocoded_by']}"
    longitude, latitude = incident["longitude"], incident["latitude"]
    if longitude is None or latitude is None:
        return f"The file itself says so{by}."
    words = f"The coordinates are the file's own{by}: {coordinate_words(longitude=longitude, latitude=latitude)}."
    # What could be drawn and is not lies in another country than the file names; the reason says so.
    return words if drawn or incident["geo_precision"] in _NEVER_DRAWN else f"{words} {reason}"


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


def joint_figures(incidents: pd.DataFrame) -> Joint:
    """Name the incidents whose dead are counted in one figure (`fatalities_joint_with`), each for the others.

    The row that carries a figure has all that point to it; a row that points has the one that carries it.

    Parameters
    ----------
    incidents
        The whole dataset: what a filter hides is still counted in the figure.

    Examples
    --------
    >>> row = {"date_start": None, "date_end": None, "date_precision": "unknown"}
    >>> carries = {"incident_id": "A-1", "place_as_reported": "Kunduz", "fatalities_joint_with": None, **row}
    >>> points = {"incident_id": "A-2", "place_as_reported": "Kandahar", "fatalities_joint_with": "A-1", **row}
    >>> joint_figures(pd.DataFrame([carries, points]))
    {'A-1': {'A-2': 'Kandahar, date not known'}, 'A-2': {'A-1': 'Kunduz, date not known'}}
    """
    pointing = incidents["fatalities_joint_with"].dropna()
    concerned = incidents["incident_id"].isin(pointing) | incidents["fatalities_joint_with"].notna()
    columns = ["incident_id", "place_as_reported", "date_start", "date_end", "date_precision", "fatalities_joint_with"]
    rows = {row["incident_id"]: row for row in records(incidents.loc[concerned, columns])}
    found: dict[str, dict[str, str]] = {incident_id: {} for incident_id in rows}
    for incident_id, row in rows.items():
        carrier = row["fatalities_joint_with"]
        if carrier in rows:
            found[carrier][incident_id] = name_words(row)
            found[incident_id][carrier] = name_words(rows[carrier])
    return found


def killed_words(incident: Mapping[str, Any], *, joint: Joint = _NOBODY) -> str:
    """Write how many were killed: a range, a bound, the source's own words, or that nothing is reported.

    Parameters
    ----------
    incident
        A record of `geocode.records`.
    joint
        How to call the other incidents where a figure is joint, see `joint_figures`; without it only the row that
        does not carry the figure says that it is joint, by identifier.

    Examples
    --------
    >>> bounds = ("low", "best", "high", "joint_with", "as_reported")
    >>> none = {"incident_id": "A-2"} | dict.fromkeys(f"fatalities_{bound}" for bound in bounds)
    >>> killed_words(none)
    'deaths not reported'
    >>> killed_words(none | {"fatalities_low": 100})
    'at least 100 killed'
    >>> killed_words(none | {"fatalities_low": 100}, joint={"A-2": {"A-1": "Kandahar, Oct 2021"}})
    'at least 100 killed, together with Kandahar, Oct 2021'
    >>> killed_words(none | {"fatalities_low": 6, "fatalities_best": 7, "fatalities_high": 9})
    '6–9 killed, best estimate 7'
    >>> killed_words(none | {"fatalities_low": 0, "fatalities_best": 0, "fatalities_high": 0})
    'nobody killed'
    >>> killed_words(none | {"fatalities_as_reported": "dozens"})
    'killed: number not given (as reported: “dozens”)'
    >>> killed_words(none | {"fatalities_joint_with": "A-1"}, joint={"A-2": {"A-1": "Kunduz, Oct 2021"}})
    'killed: counted with Kunduz, Oct 2021'
    >>> killed_words(none | {"fatalities_joint_with": "A-1"})
    'killed: counted with A-1'
    """
    others = joint.get(incident["incident_id"], {})
    carrier = incident["fatalities_joint_with"]
    if carrier is not None:
        return f"killed: counted with {others.get(carrier, carrier)}"
    words = _number_killed(incident)
    return f"{words}, together with {' and '.join(others.values())}" if others else words


def _number_killed(incident: Mapping[str, Any]) -> str:
    low, best, high = (incident[f"fatalities_{bound}"] for bound in ("low", "best", "high"))
    reported = incident["fatalities_as_reported"]
    if low is None and best is None and high is None:
        return "deaths not reported" if reported is None else f"killed: {_no_number(reported)}"
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


def _no_number(reported: str) -> str:
    """A source's words that hold no number: they may say how many roughly, or only who."""
    return f"number not given (as reported: “{reported}”)"


def figures_words(incident: Mapping[str, Any], *, joint: Joint = _NOBODY) -> str:
    """Write how many were killed, and injured if that is reported; see `killed_words`."""
    killed = killed_words(incident, joint=joint)
    injured, reported = incident["injured"], incident["injured_as_reported"]
    if injured is None:
        return killed if reported is None else f"{killed}; injured: {_no_number(reported)}"
    return f"{killed}; {injured} injured" if injured else f"{killed}; nobody injured"


def rejected_words(rows: int) -> str:
    """Say how many rows of a file are missing from what is handed over; nothing if none is.

    Examples
    --------
    >>> rejected_words(0), rejected_words(1), rejected_words(2)
    ('', '1 row of the file could not be read', '2 rows of the file could not be read')
    """
    return f"{rows} {'row' if rows == 1 else 'rows'} of the file could not be read" if rows else ""
