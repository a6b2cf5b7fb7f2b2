"""What one visitor's desk shows: dataset, filters, selection and map position, and the link that restores them.

The address bar, the widgets and the map all say what is shown. Here they are brought together: a link is read
when it is new, and the address is written after every run.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any, Final

import streamlit as st

from gazetteer import Gazetteer, MissingIndexError, installed
from gazetteer.boundaries import Boundaries
from incidents import dataset as datasets
from incidents.dataset import Dataset
from incidents.filters import Filters, from_query, to_query
from incidents.frames import Frame
from incidents.geocode import ReportedPlace, reported_places
from incidents.playback import Play
from incidents.review import Decision, Log, LogError
from incidents.spillover import BORDERLAND, PRESETS, Preset, Rule
from incidents.views import http
from incidents.webmap import MAX_ZOOM, MIN_ZOOM, View

# The centre of a map in a link: as far as Mercator goes, and once around the world.
_NORTHERNMOST: Final = 85.0
_EASTERNMOST: Final = 360.0

#: The overlays that can be switched on, by their name in a link.
OVERLAYS: Final[Mapping[str, str]] = {
    "bands": "Border bands",
    "links": "Cross-border links",
    "crossings": "Documented crossings",
    "firsts": "First in country",
    "corridors": "Corridors",
    "clusters": "Clusters",
    "cells": "50 km cells",
}

#: The parts of the Places page, by their name in a link.
EDITING: Final[Mapping[str, str]] = {"data": "Places of the data", "review": "Review", "draft": "A draft"}

#: Those that ask how near is near.
NEAR: Final = frozenset({"links", "corridors", "clusters"})

_DEFAULT_OVERLAYS: Final = ("crossings",)

#: Presets of inferred links, by their name in a link.
PRESETS_BY_NAME: Final[Mapping[str, Preset]] = {preset.name: preset for preset in PRESETS}

#: What the link calls a distance and a number of days of the reader's own, and how far both go.
CUSTOM: Final = "custom"
MOST_KM: Final = 1000
MOST_DAYS: Final = 3650


@dataclass(frozen=True, slots=True)
class MapState:
    """What the map shows besides the incidents.

    Attributes
    ----------
    overlays : tuple of str
        Keys of `OVERLAYS` that are on.
    preset, rule : str
        How near and how sure inferred links must be; preset is `CUSTOM` for the reader's own `km` and `days`.
    km, days : int
        What the reader chose last, in whole kilometres and days.
    selected : str or None
        `incident_id` of the incident whose card is open.
    position : tuple of float or None
        Longitude, latitude and zoom of the map, once it has told them.
    bounds : tuple of float or None
        West, south, east and north edge of the map, once it has told them.
    view : View or None
        Where the map was last asked to look.
    """

    overlays: tuple[str, ...] = _DEFAULT_OVERLAYS
    preset: str = BORDERLAND.name
    rule: str = str(Rule.PROBABLE)  # the widget's options are strings, and an enumeration is none of them
    km: int = int(BORDERLAND.distance_km)
    days: int = BORDERLAND.days
    selected: str | None = None
    position: tuple[float, float, float] | None = None
    bounds: tuple[float, float, float, float] | None = None
    view: View | None = None


@dataclass(frozen=True, slots=True)
class SheetState:
    """What the briefing page was told; None where the reader has said nothing."""

    title: str | None = None
    as_of: date | None = None
    frame: str | None = None


@dataclass(slots=True)
class Review:
    """Where an editor stands in the review of places.

    Attributes
    ----------
    editor : str
        Name or initials, as last typed.
    case : str or None
        The incident whose sheet is open.
    version : int
        The version that it had when its sheet was opened: what a decision is made on.
    made : Decision or None
        What was decided last, to be told and taken back.
    decided : int
        How often something was decided; each time the form is a new one.
    """

    editor: str = ""
    case: str | None = None
    version: int = 0
    made: Decision | None = None
    decided: int = 0


@dataclass(slots=True)
class Desk:
    """One visitor's desk, kept in the session.

    A widget forgets what it was told as soon as another page is shown. So what it is told is kept here, and the
    widget that says it again on the reader's return is a new one: its key carries how often a page was turned to,
    since under the old key the browser shows what the widget said at first.

    Attributes
    ----------
    base : Dataset
        The dataset as its file gives it; `dataset` is the same one with editors' decisions laid over it.
    log_problem : str or None
        Why the log of decisions cannot be read, so that none is laid over.
    opened_in : str or None
        `"list"`, `"tray"` or `"map"` if the card lies as a drawer over the page, opened from there; None if it stands
        beside the map.
    frame : tuple of str and Frame, or None
        The frame that the map was sent to, by its key, until the reader moves the map.
    window, part, editing : str
        What the timeline shows, how the incidents are listed, and which part of the Places page is open.
    """

    dataset: Dataset
    base: Dataset = field(init=False)
    filters: Filters = field(default_factory=Filters)
    map: MapState = field(default_factory=MapState)
    sheet: SheetState = field(default_factory=SheetState)
    review: Review = field(default_factory=Review)
    opened_in: str | None = None
    frame: tuple[str, Frame] | None = None
    window: str = "12 months"
    play: Play = field(default_factory=Play)
    part: str = "list"
    link: Mapping[str, Sequence[str]] | None = None
    page: str = "desk"
    editing: str = "data"
    log_problem: str | None = None
    problems: tuple[str, ...] = ()
    arrived: bool = False
    asked: int = 0
    looks: int = 0
    links_read: int = 0
    turned: int = 0

    def __post_init__(self) -> None:
        self.base = self.dataset

    def show(self, filters: Filters) -> None:
        """Ask for other incidents; the filters' widgets follow, since their keys carry how often this was done."""
        self.filters = filters
        self.asked += 1
        self.problems = ()

    def turn_to(self, page: str) -> None:
        """Turn to a page; the map is made anew there, and looks where it looked before."""
        if page != self.page and page == "desk" and self.map.position:
            longitude, latitude, zoom = self.map.position
            self.look(centre=(longitude, latitude), zoom=zoom)
        if page != self.page:
            self.turned += 1
            self.play.on = False
        self.page = page

    def review_place(self, incident_id: str) -> None:
        """Turn to the review of an incident's place."""
        self.turn_to("places")
        self.editing = "review"
        self.links_read += 1  # the widgets say it, too
        self.select(incident_id)

    def select(self, incident_id: str | None) -> None:
        """Show an incident on the card, wherever that is, or close it."""
        self.map = replace(self.map, selected=incident_id)
        if incident_id is None:
            self.opened_in = None

    def open(self, incident_id: str, where: str | None) -> None:
        """Open the card of an incident: as a drawer, from the list, the tray or the map, or beside the map."""
        self.select(incident_id)
        self.opened_in = where

    def stand_at(self, position: tuple[float, float, float], bounds: tuple[float, float, float, float]) -> None:
        """Take over where the map stands: longitude, latitude and zoom, and its edges."""
        longitude, latitude, zoom = position
        place = _within(longitude, _EASTERNMOST), _within(latitude, _NORTHERNMOST)
        self.map = replace(self.map, position=(*place, _within(zoom, MAX_ZOOM, low=MIN_ZOOM)), bounds=bounds)

    def look(self, **where: Any) -> None:
        """Ask the map to look somewhere; each wish has a token of its own."""
        self.looks += 1
        self.map = replace(self.map, view=View(token=f"look {self.looks}", **where))


def _within(value: float, high: float, *, low: float | None = None) -> float:
    """Round a number of a link, and keep it where the link's reader takes it."""
    return round(min(max(value, -high if low is None else low), high), 3)


def seeded(key: str, value: Any) -> str:
    """Give a widget its key, and its first value; from then on the widget says what is chosen."""
    if key not in st.session_state:
        st.session_state[key] = value
    return key


@st.cache_resource(show_spinner="Opening the gazetteer")
def gazetteer() -> Gazetteer:
    """Open the gazetteer, once for all visitors."""
    return http.gazetteer()


def make_ready() -> None:
    """Build the index of the world if this machine has none, and show how far that is."""
    try:
        http.gazetteer()
    except MissingIndexError:
        told = "Building the index of the world's place names, once on this machine"
        bar = st.progress(0.0, told)

        def show(share: float) -> None:
            bar.progress(share, told)

        installed.build(progress=show)
        bar.empty()


@st.cache_resource(show_spinner="Opening the boundaries")
def boundaries() -> Boundaries:
    """Open the boundaries that this desk is set to use, once for all visitors.

    Raises
    ------
    BorderLayerError
        If `INCIDENT_DESK_BORDERS` names a file that is no border layer.
    """
    return Boundaries.configured()


@st.cache_resource(show_spinner="Locating the incidents", max_entries=8)
def _load(path: str, changed_ns: int) -> Dataset:
    del changed_ns  # part of the cache's key: a file that was saved again is read again
    return datasets.load(Path(path), gazetteer=gazetteer())


@st.cache_resource(show_spinner="Locating the incidents")
def curated() -> Dataset:
    """Load the dataset that comes with the desk, once for all visitors."""
    return datasets.curated(gazetteer=gazetteer())


def default_dataset() -> Dataset:
    """Load the dataset that the desk was started on.

    Raises
    ------
    NotADatasetError
        If `INCIDENT_DESK_DATA` names a file that is no dataset.
    """
    path = os.environ.get("INCIDENT_DESK_DATA")
    if not path:
        return curated()
    file = Path(path)
    return _load(path, file.stat().st_mtime_ns if file.is_file() else 0)


@st.cache_resource
def reviews() -> Log:
    """Open the log of editors' decisions, once for all visitors.

    Raises
    ------
    LogError
        If it cannot be opened.
    """
    return Log.open()


@st.cache_resource(show_spinner="Looking the places up", max_entries=8)
def places_of(_base: Dataset, name: str, sha256: str) -> tuple[ReportedPlace, ...]:
    """Give the gazetteer's answer to every place of a dataset; name and hash say which one it is."""
    del name, sha256
    return reported_places(_base.incidents, gazetteer=gazetteer())


@st.cache_resource(show_spinner="Laying editors' decisions over the incidents", max_entries=8)
def _reviewed(_base: Dataset, name: str, sha256: str, head: str) -> Dataset:
    del sha256, head  # parts of the cache's key: whoever decides changes the head of the log
    return datasets.reviewed(_base, reviews().latest(name), gazetteer=gazetteer())


def desk() -> Desk:
    """Give the visitor's desk, made at the first run."""
    if "desk" not in st.session_state:
        st.session_state["desk"] = Desk(dataset=default_dataset())
    found: Desk = st.session_state["desk"]
    return found


def refresh() -> None:
    """Lay over the dataset what editors have decided up to now, on this desk or on another one with the same log."""
    here = desk()
    here.log_problem = None
    try:
        head = reviews().head()
        here.dataset = here.base if head is None else _reviewed(here.base, here.base.name, here.base.sha256, head.hash)
    except LogError as error:
        here.dataset, here.log_problem = here.base, str(error)


def open_dataset(dataset: Dataset) -> None:
    """Put another dataset on the visitor's desk; nothing that was asked of the old one is asked of it."""
    kept = desk()
    st.session_state["desk"] = Desk(
        dataset=dataset,
        link=kept.link,
        page=kept.page,
        asked=kept.asked + 1,
        looks=kept.looks,
        links_read=kept.links_read + 1,
    )


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
    """Write what is shown into the address bar; of a timeline that plays, where it stops: "back" leads before it."""
    here = desk()
    if here.play.on:
        return
    query: dict[str, list[str]] = {} if here.page == "desk" else {"page": [here.page]}
    if here.page == "places" and here.editing != next(iter(EDITING)):
        query["part"] = [here.editing]
    query |= to_query(here.filters)
    state = here.map
    if state.overlays != _DEFAULT_OVERLAYS:
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
    if here.base is not curated():
        query["data"] = [_data(here)]
    # A run that the next one overtakes may have written into nothing: what the browser says counts besides.
    if query != here.link or query != {key: st.query_params.get_all(key) for key in st.query_params}:
        if not here.arrived and _without_position(query) != _without_position(here.link or {}):
            here.problems = ()  # the reader has asked for something else since
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
    sound = abs(latitude) <= _NORTHERNMOST and abs(longitude) <= _EASTERNMOST and MIN_ZOOM <= zoom <= MAX_ZOOM
    return (longitude, latitude, zoom) if sound else None


def preset() -> Preset:
    """Give the chosen preset of inferred links."""
    chosen = desk().map
    if chosen.preset == CUSTOM:
        return Preset(CUSTOM, chosen.km, chosen.days, "chosen at the desk")
    return PRESETS_BY_NAME[chosen.preset]
