"""The link that restores what a desk shows: read when it is new, and written into the address bar after every run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

import streamlit as st

from incidents.filters import from_query, to_query
from incidents.spillover import CUSTOM, MOST_DAYS, MOST_KM, Rule
from incidents.views.state import (
    DEFAULT_OVERLAYS,
    EASTERNMOST,
    EDITING,
    NEAR,
    NORTHERNMOST,
    OVERLAYS,
    PRESETS_BY_NAME,
    Desk,
    MapState,
    curated,
    desk,
)
from incidents.webmap import MAX_ZOOM, MIN_ZOOM, View


def read_link(pages: Sequence[str]) -> None:
    """Obey the address bar if it says something new: a link that was opened, or the browser's back button."""
    here = desk()
    query = {key: st.query_params.get_all(key) for key in st.query_params}
    if query == here.link or (here.link is None and not query):
        return
    filters, problems = from_query(query, here.dataset.facets)
    state, others = _map_state(query, here)
    strange = [f"The link has a parameter {key!r}, which means nothing here." for key in query if key not in _KNOWN]
    here.page = pages[0]
    for value in query.get("page", ())[-1:]:
        if value in pages:
            here.page = value
        else:
            others.append(f"The link opens page {value!r}; there are {', '.join(pages)}.")
    here.editing = next(iter(EDITING))
    for value in query.get("part", ())[-1:]:
        if value in EDITING:
            here.editing = value
        else:
            others.append(f"The link opens part {value!r} of the places; there are {', '.join(EDITING)}.")
    here.map = state
    here.opened_in = here.frame = None
    here.links_read += 1
    here.show(filters)
    here.problems = (*_other_dataset(query, here), *problems, *others, *strange)
    here.arrived = True


def write_link() -> None:
    """Write what is shown into the address bar; while the timeline plays, once it stops: "back" leads before it."""
    here = desk()
    if here.play.on:
        return
    query: dict[str, list[str]] = {} if here.page == "desk" else {"page": [here.page]}
    if here.page == "places" and here.editing != next(iter(EDITING)):
        query["part"] = [here.editing]
    query |= to_query(here.filters)
    state = here.map
    if state.overlays != DEFAULT_OVERLAYS:
        query["show"] = list(state.overlays) or ["none"]
    if NEAR.intersection(state.overlays):
        query |= {"preset": [state.preset], "rule": [str(state.rule)]}
        if state.preset == CUSTOM:
            query |= {"km": [str(state.km)], "days": [str(state.days)]}
    if state.selected:
        query["incident"] = [state.selected]
    if state.position:
        longitude, latitude, zoom = state.position
        query["at"] = [f"{latitude:.3f},{longitude:.3f},{zoom:g}"]
    if here.base.sha256 != curated().sha256:
        query["data"] = [_data(here)]
    # A run that the next one overtakes may have written into nothing: what the browser says counts besides.
    if query != here.link or query != {key: st.query_params.get_all(key) for key in st.query_params}:
        if not here.arrived and _without_position(query) != _without_position(here.link or {}):
            here.say_no_more()
        here.arrived = False
        here.link = query
        st.query_params.from_dict(query)


def _without_position(query: Mapping[str, Sequence[str]]) -> dict[str, Sequence[str]]:
    return {key: value for key, value in query.items() if key != "at"}


def _other_dataset(query: Mapping[str, Sequence[str]], here: Desk) -> list[str]:
    """Say so if a link was made on other data: what it names may be there, and be something else."""
    made_on = query.get("data", (_data(here),))[-1]
    if made_on == _data(here):
        return []
    return [f"The link was made on another dataset ({made_on[:8]}); this desk has {here.dataset.name}."]


def _data(here: Desk) -> str:
    return here.dataset.sha256[:8]


_KNOWN: Final = {
    *("group", "from", "to", "country", "event", "attribution", "precision", "text"),
    *("page", "part", "data", "show", "preset", "rule", "km", "days", "incident", "at"),
}


def _map_state(query: Mapping[str, Sequence[str]], here: Desk) -> tuple[MapState, list[str]]:
    """Read the map's part of a link, and say what of it could not be read."""
    problems: list[str] = []
    state = MapState()
    asked = [key for key in query.get("show", ()) if key != "none"]
    problems += [f"The link asks to show {key!r}, which is no overlay." for key in asked if key not in OVERLAYS]
    if "show" in query:
        state = replace(state, overlays=tuple(key for key in OVERLAYS if key in asked))
    for name, offered in (("preset", [*PRESETS_BY_NAME, CUSTOM]), ("rule", [str(rule) for rule in Rule])):
        for value in query.get(name, ())[-1:]:
            if value in offered:
                state = replace(state, preset=value) if name == "preset" else replace(state, rule=value)
            else:
                problems.append(f"The link says {name} {value!r}; expected one of {', '.join(offered)}.")
    state, unread = _near(query, state)
    problems += unread
    for value in query.get("incident", ())[-1:]:
        if (here.dataset.incidents["incident_id"] == value).any():
            state = replace(state, selected=value)
        else:
            problems.append(f"The link selects incident {value!r}, which this dataset does not have.")
    for value in query.get("at", ())[-1:]:
        position = _position(value)
        if position is None:
            problems.append(f"The link says at {value!r}; expected latitude,longitude,zoom.")
        else:
            longitude, latitude, zoom = position
            here.looks += 1
            view = View(token=f"look {here.looks}", centre=(longitude, latitude), zoom=zoom)
            state = replace(state, position=position, view=view)
    return state, problems


def _near(query: Mapping[str, Sequence[str]], state: MapState) -> tuple[MapState, list[str]]:
    """Read the distance and the days of the reader's own."""
    problems: list[str] = []
    for name, most in (("km", MOST_KM), ("days", MOST_DAYS)):
        for value in query.get(name, ())[-1:]:
            if not (value.isascii() and value.isdecimal() and len(value) <= len(str(most)) and 0 < int(value) <= most):
                problems.append(f"The link says {name} {value!r}; expected a whole number from 1 to {most}.")
            else:
                state = replace(state, km=int(value)) if name == "km" else replace(state, days=int(value))
    return state, problems


def _position(value: str) -> tuple[float, float, float] | None:
    try:
        latitude, longitude, zoom = (float(part) for part in value.split(","))
    except ValueError:
        return None
    sound = abs(latitude) <= NORTHERNMOST and abs(longitude) <= EASTERNMOST and MIN_ZOOM <= zoom <= MAX_ZOOM
    return (longitude, latitude, zoom) if sound else None
