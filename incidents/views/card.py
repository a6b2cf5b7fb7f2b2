"""The card of one incident: what was said, how sure it is, where it is put and why, and who says so."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import geopandas as gpd
import pandas as pd
import streamlit as st

from incidents.dataset import Citation, Dataset
from incidents.geocode import records
from incidents.spillover import measure_borders, not_measurable
from incidents.views.state import Desk, boundaries
from incidents.views.text import plain
from incidents.wording import (
    Joint,
    date_words,
    figures_words,
    group_words,
    is_decided,
    is_files_own,
    joint_figures,
    place_words,
    placed_words,
    precision_words,
)


def card(desk: Desk, shown: gpd.GeoDataFrame) -> None:
    """Show the selected incident, and the way to others at the same place."""
    if desk.map.selected is None:
        st.markdown("Select an incident on the map or in the list below to read it here.")
        return
    incidents = desk.dataset.incidents
    here = incidents.loc[incidents["incident_id"] == desk.map.selected]
    (row,) = records(here.drop(columns="geometry"))
    title, close = st.columns([3, 1], vertical_alignment="center")
    title.markdown(f"#### {plain(place_words(row))}")
    close.button(
        "Close",
        icon=":material/close:",
        key="close-card",
        type="tertiary",
        on_click=desk.select,
        args=(None,),
    )
    if desk.map.selected not in set(shown["incident_id"]):
        st.info("The filters leave this incident out.", icon=":material/filter_alt:")
    _neighbours(desk, shown)
    st.markdown(plain(row["summary"]))
    facts = _facts(row, drawn=bool(here.geometry.notna().all()), border=_border(here), joint=joint_figures(incidents))
    st.markdown("\n".join(f"- **{label}:** {plain(text)}" for label, text in facts if text))
    sources(desk.dataset, row["sources"])
    st.button(
        "Review the place",
        icon=":material/gavel:",
        key="review-place",
        type="tertiary",
        on_click=desk.review_place,
        args=(row["incident_id"],),
    )
    st.markdown(f":small[{plain(row['incident_id'])}, {plain(row['dataset'] or desk.dataset.name)}]")


def _facts(row: dict[str, Any], *, drawn: bool, border: str | None, joint: Joint) -> Iterator[tuple[str, str | None]]:
    """What is known, label by label; what is not reported says so where a reader would look for it."""
    yield "Date", _dates(row)
    yield "Group", group_words(row)
    yield "Event", ": ".join(filter(None, (row["event_type"], row["sub_event_type"])))
    yield "Who", " and ".join(filter(None, (row["actor_primary"], row["actor_secondary"]))) or "not named"
    yield "Target", row["target"]
    yield "Figures", figures_words(row, joint=joint)
    yield "As reported", row["place_as_reported"]
    yield "Decided" if is_decided(row) else "Given as" if is_files_own(row) else "Matched", _place(row, drawn=drawn)
    yield "Launched from", country_name(row["launched_from"])
    yield "Border", border
    yield "Review", (row["review_status"] or "").replace("_", " ")
    yield "Notes", row["notes"]


def _dates(row: dict[str, Any]) -> str:
    reported = row["reported_on"]
    exact = row["date_precision"].replace("_", " ")
    words = f"{date_words(row)} ({exact})"
    return words if reported is None else f"{words}; reported {reported.day} {reported:%b %Y}"


def _place(row: dict[str, Any], *, drawn: bool) -> str:
    """Place, its precision in words, and why it is there: the gazetteer's reason, or that the file says so."""
    units = [row["place_name"], row["admin2"], row["admin1"], row["country"]]
    place = ", ".join(dict.fromkeys(unit for unit in units if unit))
    return f"{f'{place}: ' if place else ''}{precision_words(row)}. {placed_words(row, drawn=drawn)}"


def _border(incident: gpd.GeoDataFrame) -> str:
    """Say how far the nearest land border is, what lies behind it, and if the side is certain; or why nobody can."""
    (measured,) = records(measure_borders(incident, boundaries=boundaries()))
    if words := border_words(measured):
        return words
    (why,) = not_measurable(incident, boundaries=boundaries())
    return "its country has no land border" if pd.isna(why) else f"not measured: {why}"


def border_words(measured: dict[str, Any]) -> str | None:
    """Say what `measure_borders` gives of an incident; None where it gives no distance."""
    low, high = measured["border_distance_min_km"], measured["border_distance_max_km"]
    if low is None:
        return None
    distance = f"{low:.0f} km" if round(low) == round(high) else f"{low:.0f} to {high:.0f} km"
    facing = country_name(measured["facing_country_code"])
    border = f"the land border{f' with {facing}' if facing else ''}"
    return f"{distance} from {border}; band {measured['band']}; side {measured['side']}"


def country_name(country_code: str | None) -> str | None:
    """Name a country, or nothing."""
    return None if country_code is None else boundaries().country_name(country_code)


def _neighbours(desk: Desk, shown: gpd.GeoDataFrame) -> None:
    """Step through the incidents that share one place on the map, so that each can be reached."""
    here = shown.loc[shown["incident_id"] == desk.map.selected]
    if here.empty or here.geometry.isna().all():
        return
    wkb = here.geometry.iloc[0].wkb
    same = shown.loc[[geometry is not None and geometry.wkb == wkb for geometry in shown.geometry], "incident_id"]
    if len(same) == 1:
        return
    ids = list(same)
    position = ids.index(desk.map.selected)
    back, words, on = st.columns([1, 4, 1], vertical_alignment="center")
    previous_id, next_id = ids[position - 1], ids[(position + 1) % len(ids)]
    back.button(
        "Previous here",
        icon=":material/chevron_left:",
        key="card-back",
        on_click=desk.select,
        args=(previous_id,),
    )
    words.markdown(f"**{position + 1} of {len(ids)}** incidents at this place")
    on.button("Next here", icon=":material/chevron_right:", key="card-next", on_click=desk.select, args=(next_id,))


def sources(dataset: Dataset, cell: str | None) -> None:
    """List the sources that an incident cites, each with the passage in it."""
    lines = [_citation(citation) for citation in dataset.citations(cell)]
    st.markdown("**Sources**\n" + "\n".join(f"- {line}" for line in dict.fromkeys(lines)))


def _citation(citation: Citation) -> str:
    words = plain(str(citation))
    is_web = (citation.url or "").startswith(("https://", "http://"))
    return (
        f"{words} ([site](<{citation.url}>))"
        if is_web and citation.url and not set(citation.url) & set("<>\n ")
        else words
    )
