"""The overlays on the desk: which are on, what they find, and in words why each is there and what chance would do."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import islice
from typing import Final

import geopandas as gpd
import streamlit as st

from incidents.basemap import countries_with_divisions
from incidents.errors import TooManyPairsError
from incidents.overlays import Overlays
from incidents.spillover import (
    CAPTION,
    CUSTOM,
    MOST_DAYS,
    MOST_KM,
    QUIET_DAYS,
    Arrival,
    Clusters,
    ConflictCells,
    Corridor,
    Links,
    Rule,
    border_bands,
    chance_rate,
    chance_words,
    clusters,
    conflict_cells,
    corridors,
    documented_crossings,
    first_in_country,
    first_in_days,
    links,
)
from incidents.spillover.sentence import Drawn, clauses, sentence
from incidents.statement import Overlay
from incidents.views import state
from incidents.views.state import NEAR, OVERLAYS, PRESETS_BY_NAME, Desk, seeded
from incidents.views.text import plain

#: More links than this are a thicket on the map; corridors put them together.
MOST_DRAWN: Final = 400

#: So many reasons are read at a glance; the others stand behind a fold.
_AT_A_GLANCE: Final = 3


@dataclass(frozen=True, slots=True)
class Found:
    """What the overlays that are on have found.

    Attributes
    ----------
    overlays : Overlays
        What is drawn.
    drawn : Drawn
        How many of each there are, and by which rule.
    chance : str or None
        What chance alone would link, beside the links.
    inferred : Links or None
        All links, where they were looked for; `overlays` has those that are drawn.
    looser : int
        Links that the rule open would give, where this one gives none.
    clusters, cells : Clusters, ConflictCells or None
        With their parameters.
    problem : str or None
        Why links could not be found.
    """

    overlays: Overlays
    drawn: Drawn
    chance: str | None = None
    inferred: Links | None = None
    looser: int = 0
    clusters: Clusters | None = None
    cells: ConflictCells | None = None
    problem: str | None = None


def overlay_choice(desk: Desk) -> None:
    """Ask what is drawn besides the incidents; the desk takes it over."""
    newly = f"{desk.links_read}-{desk.turned}"
    overlays = st.pills(
        "Overlays",
        list(OVERLAYS),
        selection_mode="multi",
        key=seeded(f"overlays-{newly}", list(desk.map.overlays)),
        format_func=lambda key: OVERLAYS[key],
        label_visibility="collapsed",
        wrap=True,
    )
    desk.map = replace(desk.map, overlays=tuple(key for key in OVERLAYS if key in overlays))
    # The box is always there: an element more before the map, and the browser would load the map anew.
    controls = st.container(horizontal=True, gap="medium", vertical_alignment="bottom", key="link-controls")
    if not NEAR.intersection(overlays):
        return
    with controls:
        preset = st.selectbox(
            "Near is within",
            [*PRESETS_BY_NAME, CUSTOM],
            key=seeded(f"preset-{newly}", desk.map.preset),
            format_func=_preset_words,
            width=330,
        )
        desk.map = replace(desk.map, preset=preset or desk.map.preset)
        if desk.map.preset == CUSTOM:
            _own_numbers(desk, newly)
        if "links" in overlays or "corridors" in overlays:
            rule = st.segmented_control(
                "Attribution of both",
                [str(rule) for rule in Rule],
                key=seeded(f"rule-{newly}", desk.map.rule),
                required=True,
                wrap=True,
                help="strict: the same group, claimed or named by authorities. probable: the same group, however "
                "attributed. open: any two incidents, also of no named group.",
            )
            desk.map = replace(desk.map, rule=rule or desk.map.rule)


def _own_numbers(desk: Desk, newly: str) -> None:
    """Ask for the reader's own distance and days."""
    km = st.number_input(
        "Kilometres",
        1,
        MOST_KM,
        key=seeded(f"km-{newly}", desk.map.km),
        step=5,
        width=130,
        icon=":material/straighten:",
    )
    days = st.number_input(
        "Days", 1, MOST_DAYS, key=seeded(f"days-{newly}", desk.map.days), step=1, width=130, icon=":material/event:"
    )
    desk.map = replace(desk.map, km=int(km), days=int(days))


def _preset_words(name: str) -> str:
    if name == CUSTOM:
        return "Your own distance and days"
    preset = PRESETS_BY_NAME[name]
    return f"{preset.distance_km:g} km and {preset.days} days ({preset.name})"


@lru_cache(maxsize=8)
def _bands(country_codes: tuple[str, ...]) -> gpd.GeoDataFrame:
    return border_bands(country_codes, boundaries=state.boundaries())


@st.cache_data(show_spinner=False, max_entries=32)
def _chance(_shown: gpd.GeoDataFrame, key: tuple[str, ...], distance_km: float, days: int, rule: str) -> str:
    del key, distance_km, days  # what the answer depends on, beside the rule
    return chance_words(chance_rate(_shown, preset=state.preset(), rule=Rule(rule)))


def _chance_beside(desk: Desk, shown: gpd.GeoDataFrame) -> str:
    """Give the chance rate in words, or why there is none: pairs of any days are more than the links."""
    preset, dataset = state.preset(), desk.dataset
    which = (dataset.sha256, str(dataset.decisions_sha256), *shown["incident_id"])
    try:
        return _chance(shown, which, preset.distance_km, preset.days, desk.map.rule)
    except TooManyPairsError as error:
        return f"No chance rate can be given. {error}"


def found(desk: Desk, shown: gpd.GeoDataFrame) -> Found:
    """Find what the overlays that are on draw, and show that it is being looked for where that takes long."""
    # The box is always there, as the one of the controls.
    with st.container(key="overlays-busy"), st.spinner("Looking across the borders", show_time=True):
        return _found(desk, shown)


def told(desk: Desk, shown: gpd.GeoDataFrame) -> tuple[Overlay, ...]:
    """Give what the desk draws besides the incidents in the panel's own words, for files that are handed over."""
    if not desk.map.overlays:
        return ()
    found_now = _found(desk, shown)
    drawn = found_now.drawn
    near: dict[str, str | int | float | None] = {
        "preset": drawn.preset.name,
        "distance_km": drawn.preset.distance_km,
        "days": drawn.preset.days,
    }
    asked = {key: near | {"rule": str(drawn.rule)} for key in ("links", "corridors")} | {"clusters": near}
    beside = {"links": f" {found_now.chance}"} if found_now.chance else {}
    said = [Overlay(key, f"{words}.{beside.get(key, '')}", asked.get(key, {})) for key, words in clauses(drawn).items()]
    return (*said, Overlay("all", sentence(drawn, where="Besides the incidents, on the desk's map")))


def _found(desk: Desk, shown: gpd.GeoDataFrame) -> Found:
    on, preset, rule = desk.map.overlays, state.preset(), Rule(desk.map.rule)
    borders = state.boundaries()
    mapped = shown.loc[shown.geometry.notna()]
    inferred: Links | None = None
    joined: tuple[Corridor, ...] = ()
    chance: str | None = None
    problem: str | None = None
    looser = 0
    if "links" in on or "corridors" in on:
        try:
            inferred = links(shown, preset=preset, rule=rule)
            joined = corridors(inferred, incidents=shown, boundaries=borders) if "corridors" in on else ()
            chance = _chance_beside(desk, shown)
            if not len(inferred) and rule is not Rule.OPEN:
                looser = len(links(shown, preset=preset, rule=Rule.OPEN))
        except TooManyPairsError as error:
            problem = str(error)
    whole = desk.dataset.incidents
    arrivals: tuple[Arrival, ...] = ()
    if "firsts" in on:
        arrivals = (*first_in_country(shown, within=whole), *first_in_days(shown, within=whole))
    crossings = documented_crossings(shown, boundaries=borders) if "crossings" in on else ()
    dense = None
    if "clusters" in on:
        dense = clusters(shown, distance_km=preset.distance_km, days=preset.days)
    cells = conflict_cells(shown) if "cells" in on else None
    number = 0 if inferred is None else len(inferred)
    drawn = Drawn(
        preset=preset,
        rule=rule,
        links=number if "links" in on else None,
        corridors=len(joined) if "corridors" in on else None,
        crossings=len(crossings) if "crossings" in on else None,
        firsts=len(arrivals) if "firsts" in on else None,
        clusters=len(dense.found) if dense else None,
        cells=len(cells.found) if cells else None,
        bands="bands" in on,
        border_layer=borders.layer_citation,
        border_error_km=borders.positional_error_km,
    )
    overlays = Overlays(
        bands=_bands(countries_with_divisions(mapped)) if "bands" in on and len(mapped) else None,
        links=inferred[:MOST_DRAWN] if inferred is not None and "links" in on else (),
        crossings=crossings,
        arrivals=arrivals,
        corridors=joined,
        clusters=dense.found if dense else (),
        cells=cells.found if cells else (),
    )
    return Found(overlays, drawn, chance, inferred, looser, dense, cells, problem)


def overlay_words(desk: Desk, told: Found) -> None:
    """Say in words what the overlays draw, and why each link is there."""
    on, drawn, overlays = desk.map.overlays, told.drawn, told.overlays
    if not on:
        return
    st.markdown("#### Overlays")
    _small(plain(sentence(drawn)))
    if told.problem:
        st.error(f"{plain(told.problem)} Choose fewer kilometres or days, or filter further.")
    # One fold is open: the first that has something to say.
    filled = {"links": drawn.links is not None, "corridors": drawn.corridors, "crossings": drawn.crossings}
    filled |= {"firsts": drawn.firsts, "clusters": drawn.clusters, "cells": drawn.cells}
    opened = next((key for key, number in filled.items() if number), None)
    if told.chance and not told.problem:
        _links(desk, told)
    if drawn.corridors is not None and not told.problem:
        with st.expander(_counted(drawn.corridors, "corridor"), expanded=opened == "corridors"):
            _reasons((one.reason.replace(f" {CAPTION}", "") for one in overlays.corridors), drawn.corridors)
            _small(CAPTION if drawn.corridors else "Corridors put links together: where none is found, none is drawn.")
    if drawn.crossings is not None:
        with st.expander(_counted(drawn.crossings, "documented crossing"), expanded=opened == "crossings"):
            _reasons((one.reason for one in overlays.crossings), drawn.crossings)
            if not drawn.crossings:
                _small("No source says of an incident shown that it was launched from another country.")
    if drawn.firsts is not None:
        with st.expander(_counted(drawn.firsts, "first incident"), expanded=opened == "firsts"):
            _reasons((one.reason for one in overlays.arrivals), drawn.firsts)
            if not drawn.firsts:
                _small(f"No incident shown is a group's first in its country, or its first there in {QUIET_DAYS} days.")
    for each, key, noun in ((told.clusters, "clusters", "cluster"), (told.cells, "cells", "cell of 50 km")):
        if each is not None:
            with st.expander(_counted(len(each.found), noun), expanded=opened == key):
                if isinstance(each, Clusters):
                    _reasons((cluster.reason for cluster in each.found), len(each.found))
                _small(plain(each.parameters))


def _links(desk: Desk, told: Found) -> None:
    """Tell the links, what chance would give beside them, and what would make some appear."""
    number = told.drawn.links
    if number is None:
        _chance_told(told)
        return
    with st.expander(_counted(number, "inferred link"), expanded=True):
        _chance_told(told)
        if number:
            _reasons((link.reason for link in told.overlays.links), number)
            _small(CAPTION)
        else:
            st.markdown(_none(told.looser, desk))
        if number > MOST_DRAWN:
            _small(f"The first {MOST_DRAWN} in order of date are drawn. Corridors put all of them together.")


def _chance_told(told: Found) -> None:
    """Give the figure first, and how it was found in small."""
    figure, _, how = (told.chance or "").partition(". ")
    st.markdown(f"**{plain(figure.rstrip('.'))}.**")
    if how:
        _small(plain(how))
    left = told.inferred.not_eligible if told.inferred is not None else {}
    if left:
        _small(f"Not eligible: {plain('; '.join(f'{number} {why}' for why, number in left.items()))}.")


def _none(looser: int, desk: Desk) -> str:
    if looser:
        there = "there is 1" if looser == 1 else f"there are {looser}"
        return (
            f"No link under the rule {desk.map.rule}. Under *open*, where only nearness joins two incidents, {there}."
        )
    return "No two incidents shown are this near across a border. Allow more kilometres or days, or take a filter away."


def _reasons(reasons: Iterable[str], number: int) -> None:
    """List reasons, the first few at a glance."""
    rest = iter(reasons)
    _list(list(islice(rest, _AT_A_GLANCE)))
    more = list(islice(rest, MOST_DRAWN))
    if more:
        with st.popover(f"The other {number - _AT_A_GLANCE}", width="stretch"), st.container(height=360, border=False):
            _list(more)


def _list(reasons: Sequence[str]) -> None:
    if reasons:
        st.markdown("\n".join(f"- {plain(reason)}" for reason in reasons))


def _counted(number: int, noun: str) -> str:
    head, _, tail = noun.partition(" of ")
    noun = f"{head}{'' if number == 1 else 's'}{' of ' + tail if tail else ''}"
    return f"{number} {noun}" if number else f"No {noun}"


def _small(words: str) -> None:
    """Write in small, in the ink of the page: a caption's grey is too faint to read."""
    st.markdown(f":small[{words}]")
