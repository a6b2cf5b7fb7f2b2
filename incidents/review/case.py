"""A case: one incident before an editor, with the places that may be meant and what may be decided."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from gazetteer.boundaries import Boundaries
from gazetteer.index import Gazetteer
from gazetteer.place import Match, NameKind, Place, Precision
from gazetteer.space import distance_km
from incidents.geocode import disc
from incidents.review.decision import Kind
from incidents.review.placement import Placement, RefusedDecisionError


@dataclass(frozen=True, slots=True)
class Option:
    """A place that an editor may choose for an incident.

    Attributes
    ----------
    number : int
        By which list, map and choice call it, from 1.
    place : Place
        The place of the gazetteer.
    name : str
        Its spelling that fits what the source says.
    name_kind : NameKind or None
        How that spelling stands to the place; None if the gazetteer does not list it.
    agrees : bool or None
        Whether the place is in the country that the source states; None if the source states none.
    from_first_km : float or None
        Great-circle distance from the first option that has a position; None without one.
    kind : Kind
        What choosing it decides: `placed_at_candidate`, or `left_as_unit` for a unit that merely holds the place.
    placement : Placement or None
        Where the incident is once it is chosen; None if the gazetteer does not know enough of it.
    refusal : str or None
        Why it cannot be chosen.
    """

    number: int
    place: Place
    name: str
    name_kind: NameKind | None
    agrees: bool | None
    from_first_km: float | None
    kind: Kind
    placement: Placement | None
    refusal: str | None


def options(incident: Mapping[str, Any], match: Match, *, gazetteer: Gazetteer) -> tuple[Option, ...]:
    """Give the places that may be chosen for an incident: the answer and its candidates, then the units that hold it.

    Parameters
    ----------
    incident
        A record of `geocode.records`, without decisions laid over it.
    match
        The gazetteer's answer for it.
    gazetteer
        Where units, names and outlines come from.
    """
    stated = incident["country_code"]
    found: list[Option] = []
    first: Place | None = None
    for place, name, kind in _places(incident, match, gazetteer):
        placement, refusal = _placement(place)
        drawn = placement is not None and placement.longitude is not None
        first = first or (place if drawn else None)
        found.append(
            Option(
                number=len(found) + 1,
                place=place,
                name=name,
                name_kind=next((one.kind for one in gazetteer.names(place) if one.text == name), None),
                agrees=None if stated is None else place.country_code == stated,
                from_first_km=distance_km(first, place) if first and drawn else None,
                kind=kind,
                placement=placement,
                refusal=refusal,
            )
        )
    return tuple(found)


def _places(incident: Mapping[str, Any], match: Match, gazetteer: Gazetteer) -> Iterator[tuple[Place, str, Kind]]:
    """Each place once: what the name may mean, the smallest unit that the source names, and the next larger ones."""
    seen: set[str] = set()
    named = [(one.place, one.name) for one in match.ranked]
    if match.place is not None and not match.answered:  # it stands in for a place that was not found
        named = [(place, name) for place, name in named if place != match.place]
    units = [unit for unit in (match.place, *_units(incident, match, gazetteer)) if unit is not None]
    for place, name, kind in (
        *((place, name, _kind_of(place)) for place, name in named),
        *((unit, unit.name, Kind.LEFT_AS_UNIT) for unit in units),
    ):
        if place.place_id not in seen:
            seen.add(place.place_id)
            yield place, name, kind


def _kind_of(place: Place) -> Kind:
    """A name that means a country says no place in it: the incident is left there."""
    return Kind.LEFT_AS_UNIT if place.geo_precision is Precision.COUNTRY else Kind.PLACED_AT_CANDIDATE


def _units(incident: Mapping[str, Any], match: Match, gazetteer: Gazetteer) -> Iterator[Place | None]:
    code = incident["country_code"] or match.country_code
    if code is None:
        return
    answer = match.place if match.answered else None
    admin1 = incident["admin1"] or (answer.admin1 if answer else None)
    admin2 = incident["admin2"] or (answer.admin2 if answer else None)
    for district, division in ((admin2, admin1), (None, admin1), (None, None)):
        yield gazetteer.containing(country=code, admin1=division, admin2=district)


def _placement(place: Place) -> tuple[Placement | None, str | None]:
    try:
        return Placement.of(place), None
    except RefusedDecisionError as error:
        return None, str(error)


@dataclass(frozen=True, slots=True)
class Position:
    """What a position says of itself: the country that it is in, and whether the source states that one.

    `country_code` is None at sea, and `agrees` is None where the source states no country or the position is in none.
    """

    country_code: str | None
    country: str | None
    agrees: bool | None


def position_of(longitude: float, latitude: float, *, stated: str | None, boundaries: Boundaries) -> Position:
    """Say which country a position is in, and whether the source states it.

    So near to the stated country that the border line itself may be off, it is taken to be in it.

    Parameters
    ----------
    longitude, latitude
        In EPSG:4326 degrees.
    stated
        ISO 3166-1 code of the country that the source states.
    boundaries
        Outlines of the countries, with what they may be off by.

    Raises
    ------
    gazetteer.place.CoordinateError
        If it is not on the Earth.

    Examples
    --------
    >>> position_of(0.72, 11.08, stated="TG", boundaries=Boundaries.load())
    Position(country_code='BF', country='Burkina Faso', agrees=False)
    """
    code = boundaries.country_at(longitude, latitude)
    if stated is not None and code != stated:
        around = disc(longitude, latitude, radius_km=boundaries.border_error_km(stated))
        if around.intersects(boundaries.country(stated).geometry):
            code = stated
    agrees = None if code is None or stated is None else code == stated
    return Position(code, boundaries.country(code).name if code else None, agrees)
