"""The overlays on the desk: which are on, what they find, and in words why each is there and what chance would do."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import islice
from typing import Final

import geopandas as gpd
import streamlit as st

from incidents.basemap import countries_with_divisions
from incidents.overlays import Overlays
from incidents.spillover import (
    CAPTION,
    CUSTOM,
    MOST_DAYS,
    MOST_KM,
    QUIET_DAYS,
    Findings,
    Rule,
    border_bands,
    expected_words,
    find,
    links,
    method_words,
    overlay_statements,
)
from incidents.spillover.sentence import sentence
from incidents.statement import Overlay
from incidents.views import state
from incidents.views.state import NEAR, OVERLAYS, PRESETS_BY_NAME, Desk, seeded
from incidents.views.text import plain

#: More links than this are a thicket on the map; corridors put them together.
MOST_DRAWN: Final = 400

#: So many reasons are read at a glance; the others stand behind a fold.
_AT_A_GLANCE: Final = 3


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


def look(desk: Desk, shown: gpd.GeoDataFrame) -> Findings:
    """Find what the overlays that are on lay over the incidents, and show it being looked for where that takes long."""
    # The box is always there, as the one of the controls.
    with st.container(key="overlays-busy"), st.spinner("Looking across the borders", show_time=True):
        return _look(desk, shown)


def told_in_files(desk: Desk, shown: gpd.GeoDataFrame) -> tuple[Overlay, ...]:
    """Give what the desk draws besides the incidents in words, for files that are handed over."""
    return overlay_statements(_look(desk, shown), in_full=True)


def _look(desk: Desk, shown: gpd.GeoDataFrame) -> Findings:
    return find(
        shown,
        whole=desk.dataset.incidents,
        asked=desk.map.overlays,
        preset=desk.map.near(),
        rule=Rule(desk.map.rule),
        boundaries=state.boundaries(),
    )


def drawn(findings: Findings, shown: gpd.GeoDataFrame) -> Overlays:
    """Give what the map draws of the findings: of many links the first."""
    mapped = shown.loc[shown.geometry.notna()]
    return Overlays(
        bands=_bands(countries_with_divisions(mapped)) if "bands" in findings.asked and len(mapped) else None,
        links=findings.links[:MOST_DRAWN] if findings.links is not None and "links" in findings.asked else (),
        crossings=findings.crossings or (),
        arrivals=findings.arrivals or (),
        corridors=findings.corridors or (),
        clusters=findings.clusters.found if findings.clusters else (),
        cells=findings.cells.found if findings.cells else (),
    )


def overlay_words(desk: Desk, shown: gpd.GeoDataFrame, findings: Findings) -> None:
    """Say in words what the overlays draw, and why each link is there."""
    if not findings.asked:
        return
    counts = findings.drawn
    st.markdown("#### Overlays")
    _small(plain(sentence(counts)))
    if findings.no_links:
        st.error(plain(findings.no_links))
    # One fold is open: the first that has something to say.
    filled = {"links": counts.links is not None, "corridors": counts.corridors, "crossings": counts.crossings}
    filled |= {"firsts": counts.firsts, "clusters": counts.clusters, "cells": counts.cells}
    opened = next((key for key, number in filled.items() if number), None)
    if findings.links is not None:
        _links(desk, shown, findings)
    if findings.corridors is not None:
        number = len(findings.corridors)
        with st.expander(_counted(number, "corridor"), expanded=opened == "corridors"):
            _reasons((one.reason.replace(f" {CAPTION}", "") for one in findings.corridors), number)
            _small(CAPTION if number else "Corridors put links together: where none is found, none is drawn.")
    if findings.crossings is not None:
        number = len(findings.crossings)
        with st.expander(_counted(number, "documented crossing"), expanded=opened == "crossings"):
            _reasons((one.reason for one in findings.crossings), number)
            if not number:
                _small("No source says of an incident shown that it was launched from another country.")
    if findings.arrivals is not None:
        number = len(findings.arrivals)
        with st.expander(_counted(number, "first incident"), expanded=opened == "firsts"):
            _reasons((one.reason for one in findings.arrivals), number)
            if not number:
                _small(f"No incident shown is a group's first in its country, or its first there in {QUIET_DAYS} days.")
    if findings.clusters is not None:
        number = len(findings.clusters.found)
        with st.expander(_counted(number, "cluster"), expanded=opened == "clusters"):
            _reasons((cluster.reason for cluster in findings.clusters.found), number)
            _small(plain(findings.clusters.parameters))
    if findings.cells is not None:
        with st.expander(_counted(len(findings.cells.found), "cell of 50 km"), expanded=opened == "cells"):
            _small(plain(findings.cells.parameters))


def _links(desk: Desk, shown: gpd.GeoDataFrame, findings: Findings) -> None:
    """Tell the links, what chance would give beside them, and what would make some appear."""
    inferred = findings.links
    if inferred is None or "links" not in findings.asked:
        _chance(findings)
        return
    with st.expander(_counted(len(inferred), "inferred link"), expanded=True):
        _chance(findings)
        if len(inferred):
            _reasons((link.reason for link in islice(inferred, MOST_DRAWN)), len(inferred))
            _small(CAPTION)
        else:
            st.markdown(_none(desk, shown))
        if len(inferred) > MOST_DRAWN:
            _small(f"The first {MOST_DRAWN} in order of date are drawn. Corridors put all of them together.")


def _chance(findings: Findings) -> None:
    """Give the figure first, and how it was found in small."""
    chance = findings.chance
    if chance is None:
        st.markdown(f"**No chance rate can be given.** {plain(findings.no_chance or '')}")
        return
    st.markdown(f"**{plain(expected_words(chance))}**")
    if how := method_words(chance):
        _small(plain(how))
    left = findings.links.not_eligible if findings.links is not None else {}
    if left:
        _small(f"Not eligible: {plain('; '.join(f'{number} {why}' for why, number in left.items()))}.")


def _none(desk: Desk, shown: gpd.GeoDataFrame) -> str:
    looser = 0 if desk.map.rule == Rule.OPEN else len(links(shown, preset=desk.map.near(), rule=Rule.OPEN))
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
