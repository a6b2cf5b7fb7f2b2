"""The desk page: what is shown on a map, on a timeline and in a list, all from one set of filters."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any, Final

import geopandas as gpd
import pandas as pd
import streamlit as st
from streamlit_folium import st_folium

from incidents import filters as asking
from incidents import webmap
from incidents.basemap import countries_with_divisions
from incidents.frames import FRAMES, WORLD, Frame, frame_of, in_view, opening_frame
from incidents.overlays import Overlays
from incidents.schema import GeoPrecision
from incidents.spillover import Links
from incidents.symbols import symbols
from incidents.timeline import fitting_period, undated
from incidents.views import charts, state
from incidents.views.card import card
from incidents.views.exposure_table import exposure_table
from incidents.views.filter_panel import filter_panel, summary
from incidents.views.http import assets_version, basemap_address
from incidents.views.link import write_link
from incidents.views.lists import drawer, incident_list, incident_table, not_mapped, rejected_rows
from incidents.views.overlay_panel import drawn, look, overlay_choice, overlay_words
from incidents.views.player import player
from incidents.views.state import Desk, seeded

#: Key of the frame around everything that is shown.
_ALL: Final = "all"

_POSITION: Final = ("zoom", "center", "bounds")

#: Windows of the timeline that end with the data's last day, in days; None is all of it.
_WINDOWS: Final[Mapping[str, int | None]] = {"90 days": 90, "12 months": 366, "5 years": 1827, "All": None}


def desk_page() -> None:
    """Ask, compute, draw."""
    desk = state.desk()
    desk.filters = filter_panel(desk)
    shown = asking.apply(desk.dataset.incidents, desk.filters)
    rows = desk.dataset.rows_rejected
    if rows:
        words = "1 row of this file is" if rows == 1 else f"{rows} rows of this file are"
        st.warning(f"{words} not shown. 'Rejected rows' below says why.", icon=":material/rule:")
    summary(desk, shown)
    left, right = st.columns([2, 1], gap="medium")
    with left:
        overlay_choice(desk)
        findings = look(desk, shown)
        _map(desk, shown, drawn(findings, shown))
        _timeline(desk, shown, findings.links)
    with right, st.container(key="side"):
        if desk.map.selected and not desk.opened_in:
            card(desk, shown)
        elif not shown.empty:
            st.markdown("Select an incident on the map or in the list below to read it.")
        overlay_words(desk, shown, findings)
    _below(desk, shown)
    if desk.opened_in:
        drawer(desk, shown)


def _frame_choice(desk: Desk, shown: gpd.GeoDataFrame) -> None:
    """Offer the frames, the one that the map shows lit, and say how much of what is drawn is in view."""
    st.session_state["frame"] = _frame_in_view(desk, shown)
    st.pills(
        "Look at",
        [_ALL, *FRAMES],
        key="frame",
        format_func=lambda key: FRAMES[key].title if key in FRAMES else "All shown",
        on_change=_look_at,
        args=(desk, shown),
        label_visibility="collapsed",
        wrap=True,
    )
    number = int(shown.geometry.notna().sum())
    if number and desk.map.bounds:
        seen = len(in_view(shown, desk.map.bounds))
        st.markdown(f"**{seen} of {number}** in view", width="content")


def _frame_in_view(desk: Desk, shown: gpd.GeoDataFrame) -> str | None:
    if desk.frame is None:
        return None
    key, frame = desk.frame
    return None if key == _ALL and frame != frame_of(shown) else key


def _look_at(desk: Desk, shown: gpd.GeoDataFrame) -> None:
    """Obey the frame that was chosen, or chosen once more, which the widget tells as nothing."""
    chosen = st.session_state["frame"] or (desk.frame[0] if desk.frame else _ALL)
    _send(desk, chosen, frame_of(shown) if chosen == _ALL else FRAMES[chosen])


def _send(desk: Desk, key: str, frame: Frame) -> None:
    """Send the map to a frame."""
    desk.frame = (key, frame)
    desk.look(bounds=frame.bounds)


@st.fragment
def _map(desk: Desk, shown: gpd.GeoDataFrame, overlays: Overlays) -> None:
    """Draw the map; moving it redraws nothing else, choosing an incident redraws the page."""
    frames = st.container(horizontal=True, gap="small", vertical_alignment="center", key="frames")
    nothing_was_drawn = desk.frame == (_ALL, WORLD) and shown.geometry.notna().any()
    if desk.map.view is None or nothing_was_drawn:
        _send(desk, _ALL, opening_frame(shown))
    chart = webmap.base_map(
        basemap_address=basemap_address(countries_with_divisions(desk.dataset.incidents)),
        assets_version=assets_version(),
        credit=state.boundaries().layer_citation,
    )
    layer = webmap.incident_layer(
        shown,
        symbols=symbols(desk.dataset.facets.families),
        overlays=overlays,
        selected=desk.map.selected,
        outline=_outline(desk),
        view=desk.map.view,
    )
    told = st_folium(
        chart,
        key="map",
        height=webmap.MAP_PX,
        use_container_width=True,
        feature_group_to_add=layer,
        returned_objects=["last_active_drawing", "last_object_clicked_count", "last_geocoder_result", *_POSITION],
    )
    if _heard(desk, told or {}):
        st.rerun()
    with frames:
        _frame_choice(desk, shown)
    write_link()


def _outline(desk: Desk) -> Any:
    """Outline the country of a selected incident that is known no finer than that."""
    if desk.map.selected is None:
        return None
    incident = desk.dataset.incident(desk.map.selected)
    if incident["geo_precision"] != GeoPrecision.COUNTRY:
        return None
    return state.boundaries().country(incident["country_code"]).geometry


def _heard(desk: Desk, told: Mapping[str, Any]) -> bool:
    """Take over where the map stands, and say whether an incident was chosen on it."""
    centre, zoom, bounds = told.get("center"), told.get("zoom"), told.get("bounds") or {}
    edges = [bounds.get(corner, {}).get(axis) for corner in ("_southWest", "_northEast") for axis in ("lng", "lat")]
    news = told.get("last_geocoder_result") or {}
    asked = desk.map.view.token if desk.map.view else None
    if news.get("view") == asked and centre and zoom is not None and None not in edges:
        west, south, east, north = edges
        desk.stand_at((centre["lng"], centre["lat"], float(zoom)), (west, south, east, north))
        if news.get("moved"):
            desk.frame = None
    clicks = told.get("last_object_clicked_count") or 0
    if clicks == st.session_state.get("clicks_heard", 0):
        return False
    st.session_state["clicks_heard"] = clicks
    drawing = told.get("last_active_drawing") or {}
    ids = drawing.get("properties", {}).get("ids") or []
    if not ids or clicks == 0:
        return False
    step = ids.index(desk.map.selected) + 1 if desk.map.selected in ids else 0
    desk.open(ids[step % len(ids)], "map" if news.get("narrow") else None)
    return True


def _timeline(desk: Desk, shown: gpd.GeoDataFrame, links: Links | None) -> None:
    """Draw incidents over time, those that the date filter leaves out faded; brushing sets the filter."""
    asked = desk.filters
    anytime = asking.apply(desk.dataset.incidents, replace(asked, date_from=None, date_to=None))
    first, last = anytime["date_start"].min(), anytime["date_end"].max()
    if pd.isna(first):
        st.markdown("No dated incident to draw over time.")
        return
    at_hand = st.container(key="player-place")  # right below the map, so that both are seen at once
    head = st.container(
        horizontal=True, horizontal_alignment="distribute", vertical_alignment="center", key="timeline-head"
    )
    words = head.container(width="content")
    chosen = head.segmented_control(
        "Timeline shows",
        list(_WINDOWS),
        key=seeded(f"timeline-window-{desk.turned}", desk.window),
        required=True,
        label_visibility="collapsed",
        wrap=True,
    )
    desk.window = chosen or desk.window
    days = _WINDOWS[desk.window]
    end = max(last.date(), asked.date_to or last.date())
    start = first.date() if days is None else max(first.date(), end - timedelta(days=days - 1))
    span = (min(start, asked.date_from or start), end)
    with words:
        _timeline_words(anytime, span)
    period = fitting_period(*span)
    chart = charts.timeline_chart(
        shown,
        anytime.loc[~anytime.index.isin(shown.index)],
        period=period,
        span=span,
        symbols=symbols(desk.dataset.facets.families),
        caption="; ".join(
            [
                f"{len(shown)} of {len(desk.dataset.incidents)} incidents",
                *(chip.label for chip in asking.chips(asked, desk.dataset.facets)),
            ]
        ),
    )
    key = f"timeline-{desk.asked}"
    st.altair_chart(
        chart,
        key=key,
        on_select=lambda: _brush(desk, key),
        selection_mode=charts.BRUSH,
        alt="Incidents over time by group. The list below has the same incidents in time order.",
    )
    with at_hand:
        player(desk, span=span, period=period, links=links)


def _timeline_words(anytime: gpd.GeoDataFrame, span: tuple[date, date]) -> None:
    earlier = int((anytime["date_end"].dt.date < span[0]).sum())
    unknown = len(undated(anytime))
    parts = ["**Timeline.** Drag to choose days."]
    if earlier:
        parts.append(f"{earlier} earlier.")
    if unknown:
        parts.append(f"{unknown} without a date.")
    st.markdown(" ".join(parts))


def _brush(desk: Desk, key: str) -> None:
    chosen = charts.brushed(st.session_state[key])
    if chosen:
        desk.show(replace(desk.filters, date_from=chosen[0], date_to=chosen[1]))


def _below(desk: Desk, shown: gpd.GeoDataFrame) -> None:
    unmapped = int(shown.geometry.isna().sum())
    labels = {
        "list": f"List ({len(shown)})",
        "table": "Table",
        "exposure": "Exposure",
        "tray": f"Not on the map ({unmapped})",
        "rejected": f"Rejected rows ({desk.dataset.rows_rejected})",
    }
    part = st.segmented_control(
        "Incidents as",
        list(labels),
        key=seeded(f"below-{desk.turned}", desk.part),
        format_func=lambda key: labels[key],
        required=True,
        label_visibility="collapsed",
        wrap=True,
    )
    desk.part = part or desk.part
    if part == "rejected":
        rejected_rows(desk.dataset)
    elif part == "exposure":
        exposure_table(desk)
    elif shown.empty:
        st.info("Nothing to list.", icon=":material/search_off:")
    elif part == "tray":
        not_mapped(desk, shown)
    elif part == "table":
        incident_table(desk, shown)
    else:
        incident_list(desk, shown)
