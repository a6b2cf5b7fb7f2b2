"""What is asked of a sheet: the widgets of the briefing page, and the order that they make."""

from __future__ import annotations

from dataclasses import asdict, replace
from datetime import UTC, date, datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

import streamlit as st

from incidents import export
from incidents import sheet as sheets
from incidents.errors import ExportError
from incidents.frames import FRAMES, Frame, frame_of_view
from incidents.timeline import Period
from incidents.views.state import Desk, SheetState, seeded

TITLE: Final = "Security incidents"

_ALL: Final = "all"
_AS_ON_MAP: Final = "map"
_THEATRES: Final = "theatres"
_AS_OPENED: Final = "sheet"

_MAPS: Final = {
    _ALL: "All that is drawn",
    _AS_ON_MAP: "As the desk's map stands",
    _THEATRES: "The three theatres, side by side",
    _AS_OPENED: "As on the sheet that was opened",
}
_FORMATS: Final = {"pdf": "PDF", "png": "PNG", "svg": "SVG", "pptx": "Slide"}
_PAPERS: Final = [key for key, page in sheets.PAGES.items() if not page.is_bare]
_ONE: Final = "one"


# The fields of the imprint that are a line of text: label, and what to write there.
_LINES: Final = {
    "subtitle": ("Subtitle", "Under the title, such as the period or the question."),
    "producer": ("Producer", "The desk that made it. An office, not a private person."),
    "organisation": ("Organisation", "In whose name; the boundary disclaimer names it."),
    "map_number": ("Map number", "As your desk numbers its maps, such as MA001."),
    "handling": ("Handling", "Who may have it, such as: internal; public."),
    "time_zone": ("Time zone", "Of the days and hours on the sheet."),
}

# So many letters have room on a sheet.
_LONGEST: Final = 120
_LONGEST_CORRECTION: Final = 300


def ask(desk: Desk) -> sheets.Order | str:
    """Ask what the sheet is to be; give the order, or in a sentence what is missing."""
    told = desk.sheet
    newly = f"{desk.turned}-{desk.links_read}"
    title = st.text_input("Title", key=seeded(f"sheet-title-{newly}", told.title or TITLE))
    last = desk.dataset.known_to or datetime.now(UTC).date()
    as_of: date | None = st.date_input(
        "As of",
        key=seeded(f"sheet-as-of-{newly}", told.as_of or last),
        format="DD/MM/YYYY",
        help="The day whose knowledge the sheet shows. It starts as the last day of which the data knows.",
    )
    chosen, usual = _maps(desk, newly)
    frames = _frames(desk, chosen)
    by = _periods(told, newly, disabled=len(frames) > 1)
    form: str | None = st.segmented_control(
        "Format",
        list(_FORMATS),
        key=seeded(f"sheet-form-{newly}", told.form),
        format_func=_FORMATS.__getitem__,
        required=True,
        help="PDF has all pages; PNG (300 dpi) and SVG have the first; a slide is 16:9, with its words as text.",
    )
    page = _paper(told, newly, disabled=form == "pptx")
    strip = st.toggle("Timeline under the map", key=seeded(f"sheet-strip-{newly}", told.strip))
    imprint = _imprint(told, newly)
    desk.sheet = replace(
        told,
        title=title,
        as_of=as_of,
        frame=None if chosen == usual else chosen,
        page=page,
        form=form or told.form,
        by=by,
        strip=strip,
        imprint=imprint,
    )
    if too_long := _too_long(desk.sheet):
        return too_long
    try:
        return _order(desk, frames=frames, as_of=last if as_of is None else as_of)
    except ExportError as error:
        return str(error)


def _too_long(sheet: SheetState) -> str:
    """Say of each text that has no room on the sheet how much too long it is; nothing if all have."""
    correction = sheet.imprint["correction"] if sheet.imprint["status"] != sheets.Status.NEW else ""
    written = [
        ("title", sheet.title, _LONGEST),
        *((label.lower(), sheet.imprint[name], _LONGEST) for name, (label, _) in _LINES.items()),
        ("note on what was corrected", correction, _LONGEST_CORRECTION),
    ]
    excess = {label: (len((text or "").strip()) - longest, longest) for label, text, longest in written}
    return " ".join(
        f"The {label} is {over} character{'' if over == 1 else 's'} too long: {longest} have room on the sheet."
        for label, (over, longest) in excess.items()
        if over > 0
    )


def _maps(desk: Desk, newly: str) -> tuple[str, str]:
    """Ask what the maps show; give it, and what they show if nobody says."""
    edges = desk.map.edges()
    usual = _AS_ON_MAP if edges else _ALL
    offered = [
        _ALL,
        *([_AS_ON_MAP] if edges else []),
        *([_AS_OPENED] if desk.sheet.opened else []),
        _THEATRES,
        *FRAMES,
    ]
    chosen: str = st.selectbox(
        "Map shows",
        offered,
        key=seeded(f"sheet-frame-{newly}", desk.sheet.frame if desk.sheet.frame in offered else usual),
        format_func=lambda key: _MAPS.get(key) or FRAMES[key].title,
    )
    return chosen, usual


def _frames(desk: Desk, chosen: str) -> tuple[Frame, ...]:
    match chosen:
        case "map" if edges := desk.map.edges():
            return (frame_of_view(edges, key=_AS_ON_MAP),)
        case "sheet":
            return desk.sheet.opened
        case _:
            return sheets.frames_of(chosen)


def _periods(told: SheetState, newly: str, *, disabled: bool) -> str | None:
    chosen = st.selectbox(
        "Maps by period",
        [_ONE, *(str(period) for period in Period)],
        key=seeded(f"sheet-by-{newly}", told.by or _ONE),
        format_func=lambda key: "One map for all" if key == _ONE else f"One map per {key}",
        help="Up to six maps of the same extent, one for each period from the first incident to the last.",
        disabled=disabled,
    )
    return None if chosen == _ONE else chosen


def _paper(told: SheetState, newly: str, *, disabled: bool) -> str:
    chosen: str = st.selectbox(
        "Paper",
        _PAPERS,
        key=seeded(f"sheet-page-{newly}", told.page),
        format_func=lambda key: sheets.PAGES[key].words,
        disabled=disabled,
    )
    return chosen


def _imprint(told: SheetState, newly: str) -> dict[str, Any]:
    """Ask who makes the sheet and which one it is; what is left empty is "not stated" on it."""
    before = told.imprint
    given: dict[str, Any] = {}
    with st.expander("Who made it, number, handling", icon=":material/badge:"):
        for name, (label, words) in _LINES.items():
            key = seeded(f"sheet-{name}-{newly}", before.get(name) or "")
            given[name] = st.text_input(label, key=key, placeholder="not stated", help=words)
        left, right = st.columns(2)
        given["version"] = left.number_input(
            "Version", 1, 99, key=seeded(f"sheet-version-{newly}", before.get("version", 1))
        )
        given["status"] = right.selectbox(
            "Status",
            [str(status) for status in sheets.Status],
            key=seeded(f"sheet-status-{newly}", before.get("status", "New")),
        )
        given["correction"], given["corrected_on"] = before.get("correction", ""), before.get("corrected_on")
        if given["status"] != sheets.Status.NEW:
            given["correction"] = st.text_input(
                "What was corrected or updated",
                key=seeded(f"sheet-correction-{newly}", given["correction"] or ""),
            )
            given["corrected_on"] = st.date_input(
                "On", key=seeded(f"sheet-corrected-on-{newly}", given["corrected_on"]), format="DD/MM/YYYY"
            )
    return given


def _order(desk: Desk, *, frames: tuple[Frame, ...], as_of: date) -> sheets.Order:
    told, given = desk.sheet, dict(desk.sheet.imprint)
    status = sheets.Status(given.pop("status"))
    if status is sheets.Status.NEW:
        given |= {"correction": None, "corrected_on": None}
    cut = {name: value.strip() if isinstance(value, str) else value for name, value in given.items()}
    stated: dict[str, Any] = {name: value for name, value in cut.items() if value not in ("", None)}
    imprint = sheets.Imprint(**stated, status=status)
    order = sheets.Order(
        title=(told.title or "").strip() or TITLE,
        as_of=as_of,
        produced_on=datetime.now(ZoneInfo(imprint.time_zone or "UTC")).date(),
        frames=frames,
        page="slide" if told.form == "pptx" else told.page,
        by=Period(told.by) if told.by and len(frames) < 2 else None,
        overlays=tuple(key for key in sheets.ON_A_SHEET if key in desk.map.overlays),
        preset=desk.map.near(),
        rule=desk.map.rule,
        strip=told.strip,
        imprint=imprint,
    )
    frame = frames[0] if len(frames) == 1 else None
    name = export.file_name(desk.dataset, desk.filters, as_of=as_of, format="pdf", frame=frame, version=imprint.version)
    return sheets.named(order, name.removesuffix(".pdf"))


def told_by(order: sheets.Order, form: str) -> SheetState:
    """Say again on the page what was asked of a sheet."""
    imprint = {name: "" if value is None else value for name, value in asdict(order.imprint).items()}
    return SheetState(
        title=order.title,
        as_of=order.as_of,
        frame=_AS_OPENED if order.frames else _ALL,
        page=order.page if order.page in _PAPERS else SheetState().page,
        form=form if form in _FORMATS else "pdf",
        by=order.by and str(order.by),
        strip=order.strip,
        imprint=imprint | {"status": str(order.imprint.status), "corrected_on": order.imprint.corrected_on},
        opened=order.frames,
    )
