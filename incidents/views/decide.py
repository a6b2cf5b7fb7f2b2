"""The form in which an editor decides where an incident was: at a place, at coordinates, in its unit, or nowhere."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import streamlit as st

from gazetteer.place import NEAR_KM, Precision
from incidents.review import Kind, Option, Placement, RefusedDecisionError, position_of, typed_number
from incidents.review.placement import LARGEST_KM
from incidents.schema import GEO_PRECISION_WORDS, GeoPrecision, ReviewStatus
from incidents.views import state
from incidents.views.state import seeded
from incidents.views.text import plain

#: What may be chosen beside the places that have a number.
COORDINATES: Final = "coordinates"
NOWHERE: Final = "nowhere"
REOPEN: Final = "reopen"
UNDO: Final = "undo"

_OTHERS: Final = {
    COORDINATES: "At coordinates, typed or clicked on the map",
    NOWHERE: "It cannot be mapped",
    UNDO: "Take the last decision back",
    REOPEN: "Open it again, as if nobody had decided",
}

_FINENESS: Final = (
    Precision.EXACT,
    Precision.SETTLEMENT,
    Precision.NEAR_SETTLEMENT,
    Precision.ADMIN2,
    Precision.ADMIN1,
    Precision.LINEAR_OR_FUZZY,
)

_NOWHERE: Final = (Precision.UNKNOWN, Precision.COUNTRY, Precision.SEA_OR_AIR)

_STATUS: Final = {
    None: "Settled",
    ReviewStatus.WORK_NEEDED: "More work is needed",
    ReviewStatus.CONFLICT: "Sources contradict each other",
    ReviewStatus.ISSUE: "There is another issue",
}


@dataclass(frozen=True, slots=True)
class Wish:
    """What the form says when the editor decides.

    `kind` is None for taking the last decision back.
    """

    kind: Kind | None
    new: Placement
    reason: str
    decided_by: str
    review_status: ReviewStatus | None


def decide_form(
    incident: Mapping[str, Any], places: Sequence[Option], *, version: int, was: Placement, key: str
) -> Wish | None:
    """Ask what is decided; give it once the editor says so, else None.

    Parameters
    ----------
    incident
        A record of the dataset as its file gives it.
    places
        What may be chosen (`review.options`).
    version
        The version of the incident that the editor has before them.
    was
        Where the dataset puts it.
    key
        Prefix of the widgets' keys; another one empties the form.
    """
    by_key = {f"place {place.number}": place for place in places if place.placement is not None}
    offered = [*by_key, COORDINATES, NOWHERE, *([UNDO, REOPEN] if version else [])]
    chosen = st.radio(
        "The incident was",
        offered,
        key=f"{key}-choice",
        index=None,
        format_func=lambda one: _option_words(by_key[one]) if one in by_key else _OTHERS[one],
    )
    parts: tuple[Kind | None, Placement] | None = None
    fault: str | None = None
    try:
        if chosen in by_key:
            parts = _at_place(by_key[chosen], incident, key=key)
        elif chosen == COORDINATES:
            parts = _at_coordinates(incident, key=key)
        elif chosen == NOWHERE:
            parts = _nowhere(key=key)
        elif chosen is not None:
            parts = None if chosen == UNDO else Kind.REOPENED, was
    except RefusedDecisionError as error:
        fault = str(error)
    reason = st.text_area(
        "Why", key=f"{key}-reason", height=80, placeholder="The source's words, a map, a call: what others can check."
    )
    left, right = st.columns(2)
    status = right.selectbox(
        "Afterwards", list(_STATUS), key=f"{key}-status", format_func=lambda one: _STATUS[one], disabled=chosen == UNDO
    )
    name = left.text_input(
        "Your name or initials", key=seeded(f"{key}-editor", state.desk().review.editor), max_chars=100
    )
    state.desk().review.editor = name or ""
    if not st.button("Decide", key=f"{key}-decide", type="primary", icon=":material/gavel:"):
        return None
    if chosen is None:
        fault = "Choose where the incident was."
    if parts is None:
        st.error(plain(fault or ""), icon=":material/error:")
        return None
    kind, new = parts
    return Wish(kind, new, reason or "", name or "", status)


def clicked_on(position: tuple[float, float], *, key: str) -> None:
    """Take a click on the map, as longitude and latitude, for the coordinates that are meant."""
    longitude, latitude = position
    st.session_state[f"{key}-longitude"] = str(longitude)
    st.session_state[f"{key}-latitude"] = str(latitude)
    st.session_state[f"{key}-choice"] = COORDINATES


def typed_coordinates(*, key: str) -> tuple[float, float, float] | None:
    """Give the coordinates that stand in the form: longitude, latitude, and the radius in km, 0 without one."""
    if st.session_state.get(f"{key}-choice") != COORDINATES:
        return None
    told = [st.session_state.get(f"{key}-{name}") or "" for name in ("longitude", "latitude", "radius")]
    try:
        longitude, latitude = typed_number("longitude", told[0]), typed_number("latitude", told[1])
        radius_km = typed_number("radius", told[2]) if told[2] else 0.0
    except RefusedDecisionError:
        return None  # not yet typed to the end; the form says so when it is decided
    on_earth = abs(longitude) <= 180 and abs(latitude) <= 90 and 0 <= radius_km <= LARGEST_KM
    return (longitude, latitude, radius_km) if on_earth else None


def _option_words(place: Option) -> str:
    found = place.place
    assert place.placement is not None  # noqa: S101  only such places are offered
    inside = next((unit for unit in (found.admin2, found.admin1) if unit and unit != found.name), None)
    verb = "In" if place.kind is Kind.LEFT_AS_UNIT else "At"
    where = f" in {inside}" if inside else ""
    precision = GEO_PRECISION_WORDS[GeoPrecision(place.placement.geo_precision)]
    radius = "" if place.placement.uncertainty_km is None else f", within {place.placement.uncertainty_km:g} km"
    return f"**{place.number}** {verb} {plain(found.name)}, {plain(found.kind)}{plain(where)} ({precision}{radius})"


def _at_place(place: Option, incident: Mapping[str, Any], *, key: str) -> tuple[Kind, Placement]:
    """Take a place of the gazetteer, or what is near it."""
    new = place.placement
    assert new is not None  # noqa: S101  only such places are offered
    if new.geo_precision in (Precision.EXACT, Precision.SETTLEMENT):
        near, reach = st.columns(2, vertical_alignment="bottom")
        if near.checkbox("Near it, not in it", key=f"{key}-near-{place.number}"):
            radius = reach.text_input("Within (km)", key=seeded(f"{key}-near-km-{place.number}", f"{NEAR_KM:g}"))
            radius_km = typed_number("radius", radius)
            new = replace(new, geo_precision=Precision.NEAR_SETTLEMENT, uncertainty_km=radius_km)
    if place.agrees is False:
        _confirm_country(place.place.country_code, incident, key=f"{key}-country-{place.number}")
    return place.kind, new


def _at_coordinates(incident: Mapping[str, Any], *, key: str) -> tuple[Kind, Placement]:
    st.markdown("Decimal degrees, kept to the digit. North and east are positive. A click on the map fills them in.")
    north, east, reach = st.columns(3)
    latitude = north.text_input("Latitude", key=seeded(f"{key}-latitude", ""), placeholder="11.0817")
    longitude = east.text_input("Longitude", key=seeded(f"{key}-longitude", ""), placeholder="0.7237")
    radius = reach.text_input("May be off by (km)", key=f"{key}-radius", placeholder="5")
    left, right = st.columns(2)
    precision = left.selectbox(
        "Known as", _FINENESS, index=1, key=f"{key}-precision", format_func=lambda one: GEO_PRECISION_WORDS[one]
    )
    name = right.text_input("Name of the place (optional)", key=f"{key}-name", max_chars=500)
    at = Placement(
        name=name or None,
        longitude=typed_number("longitude", longitude),
        latitude=typed_number("latitude", latitude),
        geo_precision=precision,
        uncertainty_km=typed_number("radius", radius),
    )
    assert at.longitude is not None  # noqa: S101  for the type checker: a number was typed
    assert at.latitude is not None  # noqa: S101
    position = position_of(at.longitude, at.latitude, stated=incident["country_code"], boundaries=state.boundaries())
    if position.agrees is False:
        _confirm_country(position.country_code, incident, key=f"{key}-country")
    else:
        st.markdown(f"In {plain(position.country)}." if position.country else "In no country: at sea, or disputed.")
    return Kind.PLACED_AT_COORDINATES, replace(at, country_code=position.country_code)


def _confirm_country(code: str | None, incident: Mapping[str, Any], *, key: str) -> None:
    """Let nobody put an incident into another country than the source states without meaning it."""
    country = state.boundaries().country(code).name if code else "no country"
    stated = incident["country"] or incident["country_code"]
    st.warning(
        f"This is in {plain(country)}; the source says {plain(stated)}. Country and divisions change with the "
        "decision.",
        icon=":material/flag:",
    )
    if not st.checkbox(f"It was in {plain(country)}, not in {plain(stated)}", key=key):
        message = f"The place is in {country} and the source says {stated}: tick that this is meant, or choose another."
        raise RefusedDecisionError(message)


def _nowhere(*, key: str) -> tuple[Kind, Placement]:
    precision = st.selectbox(
        "Since it is", _NOWHERE, key=f"{key}-nowhere", format_func=lambda one: GEO_PRECISION_WORDS[one]
    )
    return Kind.NOT_MAPPABLE, Placement(geo_precision=precision)
