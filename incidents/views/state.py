"""What one visitor's desk shows: dataset, filters, selection, map position, and where they stand on each page."""

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
from gazetteer.check.editing import Editing
from gazetteer.drafts import Draft
from incidents import dataset as datasets
from incidents.dataset import Dataset
from incidents.filters import Filters
from incidents.frames import Frame, edges_of_view
from incidents.geocode import ReportedPlace, reported_places
from incidents.playback import Play
from incidents.review import Decision, Log, LogError, Task, queue
from incidents.spillover import BORDERLAND, PRESETS, Preset, Rule, preset_of
from incidents.views import http
from incidents.views.handing_out import Handing
from incidents.webmap import MAP_PX, MAX_ZOOM, MIN_ZOOM, View

#: The centre of a map in a link: as far as Mercator goes, and once around the world.
NORTHERNMOST: Final = 85.0
EASTERNMOST: Final = 360.0

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

# How wide the desk's map is in a window of 1440.
_USUAL_PX: Final = 658

#: What is on at first.
DEFAULT_OVERLAYS: Final = ("crossings",)

#: Presets of inferred links, by their name in a link.
PRESETS_BY_NAME: Final[Mapping[str, Preset]] = {preset.name: preset for preset in PRESETS}


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

    overlays: tuple[str, ...] = DEFAULT_OVERLAYS
    preset: str = BORDERLAND.name
    rule: str = str(Rule.PROBABLE)  # the widget's options are strings, and an enumeration is none of them
    km: int = int(BORDERLAND.distance_km)
    days: int = BORDERLAND.days
    selected: str | None = None
    position: tuple[float, float, float] | None = None
    bounds: tuple[float, float, float, float] | None = None
    view: View | None = None

    def near(self) -> Preset:
        """Give the chosen preset of inferred links."""
        return preset_of(self.preset, distance_km=self.km, days=self.days)

    def edges(self) -> tuple[float, float, float, float] | None:
        """Give the map's edges as it told them; before that, those of a map of usual size that stands there."""
        if self.bounds or not self.position:
            return self.bounds
        longitude, latitude, zoom = self.position
        return edges_of_view(longitude, latitude, zoom=zoom, width_px=_USUAL_PX, height_px=MAP_PX)


@dataclass(frozen=True, slots=True)
class SheetState:
    """What the briefing page was told; None where the reader has said nothing.

    Attributes
    ----------
    frame : str or None
        Which maps: a key of `frames.FRAMES`, `theatres`, `all`, `map` for what the desk's map shows, or `sheet` for
        what the opened sheet shows.
    page, form : str
        The paper, a key of `sheet.PAGES`, and the format of the file.
    by : str or None
        The period of which each has a map of its own.
    imprint : Mapping
        Fields of `sheet.Imprint`, as last typed.
    opened : tuple of Frame
        The maps of the sheet that was opened last.
    """

    title: str | None = None
    as_of: date | None = None
    frame: str | None = None
    page: str = "a4-landscape"
    form: str = "pdf"
    by: str | None = None
    strip: bool = True
    imprint: Mapping[str, Any] = field(default_factory=dict)
    opened: tuple[Frame, ...] = ()


@dataclass(frozen=True, slots=True)
class OpenedSheet:
    """A sheet that was opened: which one, in words, and what the desk showed before."""

    words: str
    filters: Filters
    map: MapState
    sheet: SheetState


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
class Drafting:
    """The draft that an editor checks.

    Attributes
    ----------
    draft : Draft or None
        As it was read; None before one is given.
    editing : Editing or None
        Its findings, and what was done with them.
    style : str
        The house style, as a file has it; empty for the one that ships with the gazetteer.
    on : date or None
        The day of the draft.
    at : tuple of int or None
        Where the finding that is looked at begins and ends.
    given : int
        How many drafts were given; each has widgets of its own.
    """

    draft: Draft | None = None
    editing: Editing | None = None
    style: str = ""
    on: date | None = None
    at: tuple[int, int] | None = None
    given: int = 0


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
    drafting: Drafting = field(default_factory=Drafting)
    handing: Handing = field(default_factory=Handing)
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
    opened_sheet: OpenedSheet | None = None
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
        self.say_no_more()

    @property
    def has_news(self) -> bool:
        """Whether there is something to say of a link or a sheet."""
        return bool(self.problems or self.opened_sheet)

    def say_no_more(self) -> None:
        """Leave off what was said of a link or a sheet, since the reader has asked for something else."""
        self.problems = ()
        self.opened_sheet = None

    def take_back(self, opened: OpenedSheet) -> None:
        """Show again what the desk showed before a sheet was opened."""
        self.map, self.sheet = replace(opened.map, view=None), opened.sheet
        self.opened_in = self.frame = None
        if self.map.position:
            longitude, latitude, zoom = self.map.position
            self.look(centre=(longitude, latitude), zoom=zoom)
        self.links_read += 1  # the widgets say it, too
        self.show(opened.filters)

    def turn_to(self, page: str) -> None:
        """Turn to a page; the map is made anew there, and looks where it looked before."""
        if page != self.page and page == "desk" and self.map.position:
            longitude, latitude, zoom = self.map.position
            self.look(centre=(longitude, latitude), zoom=zoom)
        if page != self.page:
            self.turned += 1
            self.play.on = False
        self.page = page

    def turn_to_sheet(self) -> None:
        """Turn to the sheet."""
        self.turn_to("briefing")
        self.links_read += 1  # the widgets say it, too

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
        place = _within(longitude, EASTERNMOST), _within(latitude, NORTHERNMOST)
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


def gazetteer() -> Gazetteer:
    """Open the gazetteer, once for all visitors."""
    return http.gazetteer()


def reopen_gazetteer() -> None:
    """Open the gazetteer anew, since what it holds has changed; every desk looks its places up again (`refresh`)."""
    http.gazetteer.cache_clear()
    for cached in (curated, _load):
        cached.clear()
    refresh()


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
def _places(_base: Dataset, sha256: str, places_sha256: str | None) -> tuple[ReportedPlace, ...]:
    del sha256, places_sha256  # the cache's key: which file, and by which gazetteer
    return reported_places(_base.incidents, gazetteer=gazetteer())


def places_of(base: Dataset) -> tuple[ReportedPlace, ...]:
    """Give the gazetteer's answer to every place of a dataset, looked up once."""
    return _places(base, base.sha256, base.places_sha256)


@st.cache_resource(show_spinner=False, max_entries=8)
def _tasks(_base: Dataset, name: str, sha256: str, places_sha256: str | None, head: str | None) -> tuple[Task, ...]:
    del sha256, places_sha256, head  # the cache's key, as that of `_reviewed`
    return queue(_base.incidents, places_of(_base), decisions=reviews().latest(name))


def tasks_of(base: Dataset) -> tuple[Task, ...]:
    """Give the incidents of a dataset that need an editor, the most needed first.

    Raises
    ------
    LogError
        If the log of decisions cannot be read.
    """
    head = reviews().head()
    return _tasks(base, base.name, base.sha256, base.places_sha256, head.hash if head else None)


@st.cache_resource(show_spinner="Laying editors' decisions over the incidents", max_entries=8)
def _reviewed(_base: Dataset, name: str, sha256: str, places_sha256: str | None, head: str) -> Dataset:
    del sha256, places_sha256, head  # the cache's key: which file, by which gazetteer, and after which decision
    return datasets.reviewed(_base, reviews().latest(name), gazetteer=gazetteer())


def desk() -> Desk:
    """Give the visitor's desk, made at the first run."""
    if "desk" not in st.session_state:
        st.session_state["desk"] = Desk(dataset=default_dataset())
    found: Desk = st.session_state["desk"]
    return found


def refresh() -> None:
    """Bring the dataset up to what is known now: to the gazetteer, and to what editors have decided anywhere.

    Editors may have added places or decided on this desk or on another one with the same packs and log.
    """
    here = desk()
    here.log_problem = None
    if here.base.places_sha256 != datasets.places_hash(gazetteer()):
        default = default_dataset()
        is_default = (here.base.name, here.base.sha256) == (default.name, default.sha256)
        here.base = default if is_default else datasets.located_again(here.base, gazetteer=gazetteer())
    base = here.base
    try:
        head = reviews().head()
        here.dataset = base if head is None else _reviewed(base, base.name, base.sha256, base.places_sha256, head.hash)
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
