"""A sheet that was handed over, dropped on the desk: it opens in the state that the sheet shows."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

import streamlit as st

from incidents import sheet as sheets
from incidents.errors import ExportError
from incidents.filters import day_words, from_query
from incidents.sheet.rendering import LARGEST_BYTES
from incidents.spillover import CUSTOM
from incidents.statement import statement
from incidents.views import state
from incidents.views.sheet_order import told_by
from incidents.views.state import OVERLAYS, Desk, OpenedSheet
from incidents.views.text import plain

# How the files begin that a name may promise.
_BEGINNINGS: Final = {"pdf": b"%PDF", "png": b"\x89PNG", "pptx": b"PK"}


def open_sheet(desk: Desk) -> None:
    """Take a sheet, and open the desk with its filters, its overlays and its map."""
    with st.expander("Open a sheet that was handed over", icon=":material/drive_folder_upload:"):
        st.markdown(
            "The desk opens with its filters, its overlays and its map. The file is read here and kept nowhere."
        )
        dropped = st.file_uploader(
            "Sheet (PDF, PNG, SVG, PPTX) or its sidecar (JSON)",
            type=["pdf", "png", "svg", "pptx", "json"],
            max_upload_size=LARGEST_BYTES // 1_000_000,
            key=f"sheet-file-{desk.links_read}",
        )
        if dropped is None:
            return
        try:
            told = sheets.sidecar_of(dropped.getvalue())
            order, query = sheets.redrawn_order(told), sheets.query_of(told)
        except ExportError as error:
            st.error(plain(_misnamed(dropped.name, dropped.getvalue()) or str(error)), icon=":material/error:")
            return
        before = OpenedSheet(_opened_words(dropped.name, order), desk.filters, desk.map, desk.sheet)
        _open(desk, told, order, query)
        desk.opened_sheet = before
        st.rerun()


def _opened_words(name: str, order: sheets.Order) -> str:
    return f"Opened from {name}: {order.title}, version {order.imprint.version}, as of {day_words(order.as_of)}"


def _misnamed(name: str, content: bytes) -> str:
    """Say if a file is something else than its name says."""
    ending = name.rpartition(".")[2].lower()
    if content.startswith(_BEGINNINGS.get(ending, b"")):
        return ""
    return f"This is not a {ending.upper()}, though its name ends in .{ending}."


def _open(desk: Desk, told: dict[str, Any], order: sheets.Order, query: dict[str, list[str]]) -> None:
    filters, problems = from_query(query, desk.dataset.facets)
    desk.turn_to("desk")
    desk.links_read += 1  # the widgets say it, too
    desk.opened_in, desk.frame = None, None
    overlays = tuple(key for key in OVERLAYS if key in order.overlays)
    near = order.preset
    desk.map = replace(desk.map, overlays=overlays, preset=near.name, rule=order.rule, selected=None)
    if near.name == CUSTOM:
        desk.map = replace(desk.map, km=round(near.distance_km), days=near.days)
    desk.sheet = told_by(order, str(told.get("format")))
    if order.frames:
        edges = zip(*(frame.bounds for frame in order.frames), strict=True)
        west, south, east, north = (choose(edge) for choose, edge in zip((min, min, max, max), edges, strict=True))
        desk.look(bounds=(west, south, east, north))
    desk.show(filters)
    desk.problems = (*_other_inputs(desk, told), *problems)
    desk.arrived = True


def _other_inputs(desk: Desk, told: dict[str, Any]) -> tuple[str, ...]:
    """Say which inputs of the sheet this desk has otherwise."""
    dataset = desk.dataset
    now = statement(dataset, desk.filters, boundaries=state.boundaries())
    changed = sheets.changes(told, {"statement": now, "drawn_with": {}})
    if not changed:
        return ()
    return (f"This desk may show something else than the sheet, since it has other inputs: {'; '.join(changed)}.",)
