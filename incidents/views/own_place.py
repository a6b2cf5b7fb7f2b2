"""The form by which an editor adds a place to the desk's own: by a click on a map or by typing, with its source."""

from __future__ import annotations

from typing import Final

import streamlit as st

from gazetteer.check import Finding
from gazetteer.own import KINDS, RefusedPlaceError, add
from gazetteer.place import CoordinateError, Place
from incidents.review import RefusedDecisionError, position_of, typed_number
from incidents.views import state
from incidents.views.place_map import place_map
from incidents.views.state import seeded
from incidents.views.text import plain
from incidents.webmap import Pin

_RADIUS: Final = {"PPL": "5", "PPLX": "2", "BLDG": "0.5", "RDJCT": "0.5"}


def add_place(finding: Finding, *, key: str) -> Place | None:
    """Ask for a place; give it once it is added, else None."""
    st.markdown(
        "Decimal degrees, kept to the digit. A click on the map fills them in. The place is kept on the machine that "
        "runs the desk, for every visitor, and answers before any other of its name."
    )
    clicked = place_map(_pins(finding, key=key), country_codes=(), token=key, key="add-map", height=300)
    if clicked:
        st.session_state[f"{key}-longitude"], st.session_state[f"{key}-latitude"] = map(str, clicked)
        st.rerun()
    name = st.text_input("Name", key=seeded(f"{key}-name", " ".join(finding.text.split())), max_chars=200)
    north, east = st.columns(2)
    latitude = north.text_input("Latitude", key=seeded(f"{key}-latitude", ""), placeholder="11.0817")
    longitude = east.text_input("Longitude", key=seeded(f"{key}-longitude", ""), placeholder="0.7237")
    what, reach = st.columns(2)
    code = what.selectbox("Kind", list(KINDS), key=f"{key}-kind", format_func=lambda one: KINDS[one].words)
    radius = reach.text_input("May be off by (km)", key=f"{key}-radius", placeholder=_RADIUS.get(code or "", "20"))
    source = st.text_input("Source of the coordinates", key=f"{key}-source", placeholder="A map, a list, a report")
    if not st.button("Add the place", key="add-place", type="primary", icon=":material/add_location_alt:"):
        return None
    try:
        at = typed_number("longitude", longitude or ""), typed_number("latitude", latitude or "")
        position = position_of(*at, stated=None, boundaries=state.boundaries())
        unit = state.boundaries().division_at(*at)
        return add(
            name or "",
            longitude=at[0],
            latitude=at[1],
            uncertainty_km=typed_number("radius", radius or ""),
            feature_code=code,
            source=source or "",
            country_code=position.country_code,
            admin1=unit.name if unit and unit.country_code == position.country_code else None,
        )
    except (RefusedDecisionError, RefusedPlaceError, CoordinateError) as error:
        st.error(plain(_sentence(str(error))), icon=":material/error:")
    except OSError as error:
        st.error(f"The place cannot be kept: {plain(error.strerror or str(error))}.", icon=":material/error:")
    return None


def _sentence(text: str) -> str:
    return f"{text[0].upper()}{text[1:].removesuffix('.')}."


def _pins(finding: Finding, *, key: str) -> list[Pin]:
    """What the map draws: what is typed, or else the first candidate, where the editor may want to look."""
    told = [st.session_state.get(f"{key}-{part}") or "" for part in ("longitude", "latitude")]
    try:
        longitude, latitude = typed_number("longitude", told[0]), typed_number("latitude", told[1])
        state.boundaries().country_at(longitude, latitude)  # which refuses what is not on the Earth
        return [Pin("As typed", "As typed", longitude, latitude, shape="cross", colour="#d1345b")]
    except (RefusedDecisionError, CoordinateError):
        places = (one.place for one in finding.candidates)
        near = next((place for place in places if place.longitude is not None), None)
        if near is None or near.longitude is None or near.latitude is None:
            return []
        return [Pin(near.name, near.name, near.longitude, near.latitude, near.uncertainty_km or 0.0, colour="#8b96a3")]
