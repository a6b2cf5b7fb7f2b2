"""The sheet as a whole: which incidents it shows, what it says of them, and its pages."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime
from string import ascii_uppercase
from threading import Lock
from typing import Any, Final
from zoneinfo import ZoneInfo

import geopandas as gpd
import pandas as pd
from matplotlib import style
from matplotlib.figure import Figure

from gazetteer import Gazetteer
from gazetteer.bordernotes import border_notes
from gazetteer.boundaries import Boundaries
from gazetteer.place import Place
from gazetteer.towns import largest
from incidents import __version__
from incidents.dataset import Dataset
from incidents.errors import ExportError
from incidents.filters import UNATTRIBUTED, Filters, apply, chips, day_words
from incidents.frames import Frame, frame_of
from incidents.geocode import records, why_not_mapped
from incidents.sheet.imprint import NOT_STATED
from incidents.sheet.key import Entry
from incidents.sheet.layout import Content, MapOf, compose, count_words, draw_maps, draw_pages
from incidents.sheet.marginalia import Marginalia, Marks
from incidents.sheet.order import Order
from incidents.sheet.paper import PAGES, Paper, one_line
from incidents.sheet.periods import maps_by_period
from incidents.sheet.strip import Strip
from incidents.sheet.ties import Ties
from incidents.sheet.typefaces import boxes_words
from incidents.spillover import Findings, Rule, find, overlay_statements
from incidents.statement import Overlay, statement
from incidents.symbols import symbols
from incidents.wording import joint_figures, rejected_words

# matplotlib keeps its settings and its fonts for the whole process, and a desk draws in threads.
_DRAWING: Final = Lock()
_SETTINGS: Final = {
    "text.parse_math": False,
    "text.usetex": False,
    "text.hinting": "none",
    "path.simplify": False,
    "pdf.fonttype": 42,
    "svg.fonttype": "path",
    "svg.hashsalt": "incident-desk",
}

# So many towns are looked up for each map; which of them find room, the map says.
_TOWNS: Final = 150


@dataclass(frozen=True, slots=True)
class Sheet:
    """A drawn sheet.

    Attributes
    ----------
    title : str
        Its title, with the day that it stands for.
    order : Order
        What was asked.
    pages : tuple of matplotlib.figure.Figure
        The maps with their key, then the incidents in full where the first page has no room.
    unwritten : tuple of str
        The letters that are boxes on it, since no font has them.
    drawn, outside, not_mapped : tuple of str
        `incident_id` of the shown incidents that are on a map, that are on none, and that cannot be mapped; together
        they are exactly what the filters give.
    count : str
        How many of how many are shown, and where the others are, in words.
    marks : Marks
        What has to be said of the marks.
    told : Marginalia
        Everything else that it says in words.
    why_outside : str
        Why the ones on no map are on none.
    frames : tuple of tuple
        West, south, east and north edge of what each map shows, in degrees; beyond 180 over the antimeridian.
    projections, scales : tuple of str
        Of each map.
    countries, event_types : tuple of str
        Of the shown incidents, in order of the alphabet; countries by ISO 3166-1 alpha-2.
    statement : dict
        What it answers and what it was made from (`statement.statement`).
    key, brief : tuple of str
        The incidents in words, one line each, in the order of their numbers; and in short: day, place and group.
    """

    title: str
    order: Order
    pages: tuple[Figure, ...]
    unwritten: tuple[str, ...]
    drawn: tuple[str, ...]
    outside: tuple[str, ...]
    not_mapped: tuple[str, ...]
    count: str
    marks: Marks
    told: Marginalia
    why_outside: str
    frames: tuple[tuple[float, float, float, float], ...]
    projections: tuple[str, ...]
    scales: tuple[str, ...]
    countries: tuple[str, ...]
    event_types: tuple[str, ...]
    statement: Mapping[str, Any]
    key: tuple[str, ...]
    brief: tuple[str, ...]

    @property
    def unwritten_words(self) -> str:
        """Which letters are boxes on it, in a sentence; empty if none is."""
        return boxes_words(self.unwritten)


def draw_sheet(
    dataset: Dataset,
    filters: Filters,
    *,
    order: Order,
    boundaries: Boundaries,
    gazetteer: Gazetteer | None = None,
) -> Sheet:
    """Draw the incidents that `filters` asks for.

    Parameters
    ----------
    order
        Title, days, frames, page and what else is asked.
    gazetteer
        Where the names of towns come from; without it no town is named.

    Raises
    ------
    ExportError
        If maps by period are asked for, and there would be more than a page holds; or if the day that the sheet is
        to stand for is one that it knows too much for, or that is yet to come.

    Examples
    --------
    >>> november = date(2021, 11, 19)
    >>> order = Order(title="Attacks by JNIM", as_of=november, produced_on=november)
    >>> sheet = draw_sheet(dataset, Filters(families=("JNIM",)), order=order, boundaries=boundaries)
    >>> sheet.title, sheet.count
    ('Attacks by JNIM (as of 19 Nov 2021)', '3 of 8 incidents shown, 1 not mappable')
    >>> sheet.drawn, sheet.outside, sheet.not_mapped
    (('made-01', 'made-03'), (), ('made-07',))
    """
    shown = apply(dataset.incidents, filters)
    _check_day(shown, order)
    frames = order.frames or (frame_of(dataset.incidents if shown.geometry.isna().all() else shown),)
    page = PAGES[order.page]
    found = _findings(shown, order, whole=dataset.incidents, boundaries=boundaries)
    ties = Ties(found.crossings or (), tuple(found.links or ()))
    overlays = overlay_statements(found, in_full=False)
    entries = _entries(dataset, shown)
    told = _marginalia(dataset, filters, entries, order=order, frames=frames, boundaries=boundaries, overlays=overlays)
    told = told.with_sources(places=dataset.places_from or None, towns=gazetteer.citation if gazetteer else None)
    groups = symbols(dataset.facets.families)
    (maps, empty), countries = _maps(shown, frames, order), _values(shown, "country_code")
    told = replace(told, empty=empty)
    with settings():
        content = Content(
            entries=entries,
            maps=maps,
            ties=ties,
            strip=_strip(shown, filters, order),
            groups=groups,
            towns=tuple(_towns(gazetteer, one.frame, countries) for one in maps),
        )
        composition = compose(content, told=told, page=page, boundaries=boundaries)
        if page.is_bare:
            paper = Paper(page)
            draw_maps(paper, composition, boundaries=boundaries, groups=groups)
            pages: tuple[Paper, ...] = (paper,)
        else:
            pages = draw_pages(composition, told=told, boundaries=boundaries, groups=groups)
    return Sheet(
        title=told.title,
        order=order,
        pages=tuple(paper.figure for paper in pages),
        unwritten=tuple(dict.fromkeys(sign for paper in pages for sign in paper.unwritten)),
        drawn=_ids(composition.drawn),
        outside=_ids(composition.outside),
        not_mapped=_ids(composition.not_mapped),
        count=count_words(composition, told),
        marks=composition.marks,
        told=told,
        why_outside="beyond the edges of the maps" + (", or not of their periods" if order.by else ""),
        frames=tuple(panel.plate.window for panel in composition.panels),
        projections=tuple(dict.fromkeys(panel.plate.frame.crs_words for panel in composition.panels)),
        scales=tuple(panel.plate.scale_words for panel in composition.panels),
        countries=countries,
        event_types=_values(shown, "event_type"),
        statement=statement(
            dataset,
            filters,
            boundaries=boundaries,
            overlays=overlays,
        ),
        key=tuple(entry.line for entry in composition.numbered),
        brief=tuple(entry.brief for entry in composition.numbered),
    )


def _check_day(shown: gpd.GeoDataFrame, order: Order) -> None:
    """Let "as of" be true: nothing on the sheet is later, and the day itself is not later than the sheet."""
    day = day_words(order.as_of)
    later = shown.loc[shown["date_start"] > pd.Timestamp(order.as_of), "date_start"]
    if len(later):
        last = day_words(later.max().date())
        msg = (
            f"A sheet as of {day} cannot show what happened later: {len(later)} of the incidents did, the last of them "
            f"on {last}. Choose that day, or only incidents up to {day}."
        )
        raise ExportError(msg)
    made = order.produced_on.date() if isinstance(order.produced_on, datetime) else order.produced_on
    if order.as_of > made:
        msg = f"A sheet that is made on {day_words(made)} cannot be as of {day}, which is yet to come."
        raise ExportError(msg)


@contextmanager
def settings() -> Iterator[None]:
    """Draw and write with settings that no machine changes, one at a time."""
    with _DRAWING, style.context(["default", _SETTINGS]):
        yield


def _marginalia(
    dataset: Dataset,
    filters: Filters,
    entries: Sequence[Entry],
    *,
    order: Order,
    frames: Sequence[Frame],
    boundaries: Boundaries,
    overlays: Sequence[Overlay],
) -> Marginalia:
    cited = {citation.publisher or citation.source_id for entry in entries for citation in entry.citations}
    zone = order.imprint.time_zone or f"time zone {NOT_STATED}"
    notes = dict.fromkeys(note for frame in frames for note in border_notes(frame.bounds, boundaries=boundaries))
    known = f"{day_words(dataset.known_to)}, {zone}" if dataset.known_to else NOT_STATED
    return Marginalia(
        title=f"{one_line(order.title) or f'Title {NOT_STATED}'} (as of {day_words(order.as_of)})",
        produced=f"Produced {_moment_words(order.produced_on, order.imprint.time_zone, zone)}",
        data_to=f"Data to {known}",
        imprint=order.imprint,
        shown_of=f"{len(entries)} of {len(dataset.incidents)} incidents shown",
        rejected=rejected_words(dataset.rows_rejected),
        asked=" · ".join(chip.label for chip in chips(filters, dataset.facets)),
        overlays=tuple(overlay.words for overlay in overlays),
        data=f"{dataset.name}, SHA-256 {dataset.sha256[:12]}{_decided(dataset)}",
        borders=boundaries.layer_citation,
        border_notes=tuple(notes),
        places=NOT_STATED,
        towns=NOT_STATED,
        made_with=f"Incident Desk {__version__}",
        publishers=tuple(sorted(cited, key=str.casefold)),
    )


def _maps(shown: gpd.GeoDataFrame, frames: Sequence[Frame], order: Order) -> tuple[tuple[MapOf, ...], str]:
    """List the maps: one of each frame, or one of the same frame for each period; and say which periods have none."""
    if order.by is not None:
        return maps_by_period(shown, frame=frames[0], by=order.by)
    if len(frames) == 1:
        return (MapOf(frames[0]),), ""
    return tuple(MapOf(frame, letter, frame.title) for frame, letter in zip(frames, ascii_uppercase, strict=False)), ""


def _strip(shown: gpd.GeoDataFrame, filters: Filters, order: Order) -> Strip | None:
    """Arrange the timeline, if one is asked for, within the days that are."""
    if not order.strip:
        return None
    return Strip.of(shown, period=order.by, since=filters.date_from, until=filters.date_to)


def _findings(shown: gpd.GeoDataFrame, order: Order, *, whole: gpd.GeoDataFrame, boundaries: Boundaries) -> Findings:
    """Find what is drawn between incidents."""
    rule = Rule(order.rule)
    found = find(shown, whole=whole, asked=order.overlays, preset=order.preset, rule=rule, boundaries=boundaries)
    if found.no_links:
        raise ExportError(found.no_links)
    return found


def _decided(dataset: Dataset) -> str:
    """Say that editors' decisions are laid over the data, and which ones, if any are."""
    many = len(dataset.decisions)
    if not many or dataset.decisions_sha256 is None:
        return ""
    return f", with {many} editors' decision{'' if many == 1 else 's'}, SHA-256 {dataset.decisions_sha256[:12]}"


def _towns(gazetteer: Gazetteer | None, frame: Frame, countries: Collection[str]) -> tuple[Place, ...]:
    """Give the towns that a map of this frame may name; its box shows more than the frame, by half of it at most.

    Those of the countries that the sheet speaks of go first: Herat before the larger towns of the Punjab.
    """
    if gazetteer is None:
        return ()
    wide, high = (frame.east - frame.west) / 2, (frame.north - frame.south) / 2
    around = (
        max(frame.west - wide, -180.0),
        max(frame.south - high, -90.0),
        min(frame.east + wide, 180.0),
        min(frame.north + high, 90.0),
    )
    ranked = [place for bounds in (frame.bounds, around) for place in largest(gazetteer, bounds, count=_TOWNS)]
    ranked.sort(key=lambda place: place.country_code not in countries)
    return tuple({place.place_id: place for place in ranked}.values())


def _entries(dataset: Dataset, shown: gpd.GeoDataFrame) -> tuple[Entry, ...]:
    """List the shown incidents in date order."""
    cited = {sources: tuple(dataset.citations(sources)) for sources in shown["sources"].dropna().unique()}
    groups = symbols(dataset.facets.families)
    reasons = why_not_mapped(shown)
    joint = joint_figures(dataset.incidents)
    return tuple(
        Entry(
            incident=incident,
            symbol=groups[incident["actor_family"] or UNATTRIBUTED],
            citations=cited.get(incident["sources"], ()),
            note=reasons.get(index),
            joint=joint.get(incident["incident_id"], {}),
        )
        for index, incident in zip(shown.index, records(shown), strict=True)
    )


def _values(shown: gpd.GeoDataFrame, column: str) -> tuple[str, ...]:
    return tuple(sorted(set(shown[column].dropna())))


def _ids(entries: tuple[Entry, ...]) -> tuple[str, ...]:
    return tuple(entry.incident_id for entry in entries)


def _moment_words(moment: date, time_zone: str | None, words: str) -> str:
    """A moment is told in the sheet's zone, or says its own; a day has the one of the sheet."""
    if not isinstance(moment, datetime):
        return f"{day_words(moment)}, {words}"
    if time_zone and moment.tzinfo:
        moment = moment.astimezone(ZoneInfo(time_zone))
    offset = moment.isoformat(timespec="minutes")[16:]
    return f"{day_words(moment)}, {moment:%H:%M} " + (f"UTC{offset}" if offset else "(time zone not stated)")
