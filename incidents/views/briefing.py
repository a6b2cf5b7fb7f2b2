"""The briefing page: the current view as a sheet to hand over and as data, all from the same filters."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from typing import Final

import streamlit as st

from incidents import export
from incidents import filters as asking
from incidents import sheet as sheets
from incidents.dataset import Dataset
from incidents.errors import IncidentsError
from incidents.filters import Filters, day_words
from incidents.views import overlay_panel, sheet_order, state
from incidents.views.downloads import downloads
from incidents.views.filter_panel import filter_panel, summary
from incidents.views.sheet_file import open_sheet
from incidents.views.state import Desk
from incidents.views.text import plain
from incidents.wording import rejected_words

_FORMATS: Final[dict[str, tuple[sheets.Format, str]]] = {
    "pdf": ("pdf", "Sheet as PDF"),
    "png": ("png", "Sheet as PNG, 300 dpi"),
    "svg": ("svg", "Sheet as SVG"),
    "pptx": ("pptx", "Slide as PPTX"),
}


@dataclass(frozen=True, slots=True)
class Wanted:
    """A sheet of the desk as it is; two equal ones give the same bytes.

    Attributes
    ----------
    inputs : tuple of str or None
        Hashes of the data and of the decisions that are laid over them.
    """

    filters: Filters
    order: sheets.Order
    inputs: tuple[str | None, ...]
    dataset: Dataset = field(compare=False, hash=False, repr=False)

    def sheet(self) -> sheets.Sheet:
        """Draw it."""
        return sheets.draw_sheet(
            self.dataset,
            self.filters,
            order=self.order,
            boundaries=state.boundaries(),
            gazetteer=state.gazetteer(),
        )


@dataclass(frozen=True, slots=True)
class Shown:
    """What can be seen and told of a sheet before a file of it is made; sizes in bytes, estimated."""

    picture: bytes
    pages: int
    about_bytes: int
    sidecar_bytes: int
    unwritten_words: str


def briefing_page() -> None:
    """Ask what the sheet is to be; show it; hand out sheet and data."""
    desk = state.desk()
    desk.filters = filter_panel(desk)
    shown = asking.apply(desk.dataset.incidents, desk.filters)
    summary(desk, shown)
    if missing := rejected_words(desk.dataset.rows_rejected):
        st.warning(f"{missing}, and missing from what is handed over; the Data page lists them.")
    open_sheet(desk)
    left, right = st.columns([1, 2.4], gap="large")
    with left:
        order = sheet_order.ask(desk)
        _overlay_words(desk)
    with right:
        _sheet(desk, order, is_empty=shown.empty)
    as_of = desk.sheet.as_of or desk.dataset.known_to or datetime.now(UTC).date()
    downloads(desk, as_of=as_of, overlays=partial(overlay_panel.told_in_files, desk, shown))


def _sheet(desk: Desk, order: sheets.Order | str, *, is_empty: bool) -> None:
    """Show the sheet and hand it out; or say what is still lacking for it, or why there can be none."""
    if isinstance(order, str):
        st.info(plain(order), icon=":material/edit:")
        return
    if is_empty:
        st.info("The sheet says that no incident answers these filters.")
    wanted = Wanted(desk.filters, order, _inputs(desk.dataset), desk.dataset)
    try:
        with st.spinner("Drawing the sheet"):
            seen = _shown(wanted, desk.sheet.form)
    except IncidentsError as error:
        st.error(plain(str(error)), icon=":material/error:")
        return
    with st.container(border=True):
        st.image(seen.picture, alt=f"First page of the sheet: {order.title} (as of {day_words(order.as_of)})")
    st.markdown(f":small[{_preview_words(desk.sheet.form, seen.pages)}]")
    if seen.unwritten_words:
        st.warning(plain(seen.unwritten_words))
    _sheet_files(desk, wanted, seen)


def _inputs(dataset: Dataset) -> tuple[str | None, ...]:
    return dataset.sha256, dataset.sources_sha256, dataset.decisions_sha256, dataset.places_sha256


def _overlay_words(desk: Desk) -> None:
    """Say which of the desk's overlays the sheet draws, and which it does not."""
    on = desk.map.overlays
    drawn = [state.OVERLAYS[key].lower() for key in on if key in sheets.ON_A_SHEET]
    left = [state.OVERLAYS[key].lower() for key in on if key not in sheets.ON_A_SHEET]
    words = f"As on the desk, {' and '.join(drawn)} are drawn." if drawn else "No overlay is drawn."
    if left:
        words += f" Not drawn on a sheet: {', '.join(left)}."
    st.markdown(f":small[{words}]")


def _preview_words(form: str, pages: int) -> str:
    if form == "pptx":
        return (
            "This picture is on the slide; title, count, key and sources are its text, every incident is in the notes."
        )
    if form == "pdf":
        return "One page." if pages == 1 else f"The first of {pages} pages; the others list every incident in full."
    return "One page." if pages == 1 else f"This page alone; only the PDF has the other {pages - 1}."


def _sheet_files(desk: Desk, wanted: Wanted, seen: Shown) -> None:
    """Offer the sheet in its format, and the sidecar beside it; both are made when the first of them is asked for."""
    kind, label = _FORMATS[desk.sheet.form]
    name = f"{wanted.order.name}.{kind}"
    sheet, sidecar = st.columns(2)
    desk.handing.button(
        sheet,
        f"{label}, {export.size_words(seen.about_bytes)}",
        name=name,
        make=lambda: _made(wanted, kind)[0],
        key=f"download-{kind}",
        mime=export.MEDIA_TYPES[kind],
        icon=":material/download:",
        type="primary",
    )
    desk.handing.button(
        sidecar,
        f"Its sidecar (JSON), {export.size_words(seen.sidecar_bytes)}",
        name=f"{name}.json",
        make=lambda: _made(wanted, kind)[1],
        key=f"download-{kind}-sidecar",
        mime="application/json",
        icon=":material/data_object:",
        help="What the sheet shows and was made from, as it is inside the sheet. From either it can be drawn again.",
    )
    st.markdown(f":small[`{name}`. The same view gives the same bytes.]")


# By what it says of itself: Python's own hash takes an edge at 1° west for one at 2° west.
@st.cache_data(show_spinner=False, max_entries=8, hash_funcs={Wanted: repr})
def _shown(wanted: Wanted, form: str) -> Shown:
    sheet = wanted.sheet()
    picture, kind = sheets.preview(sheet), _FORMATS[form][0]
    return Shown(
        picture=picture,
        pages=len(sheet.pages),
        about_bytes=sheets.about_bytes(sheet, format=kind, preview=picture),
        sidecar_bytes=len(sheets.beside(sheet, b"", name=f"{wanted.order.name}.{kind}", format=kind)),
        unwritten_words=sheet.unwritten_words,
    )


@st.cache_data(show_spinner=False, max_entries=4, hash_funcs={Wanted: repr})
def _made(wanted: Wanted, kind: sheets.Format) -> tuple[bytes, bytes]:
    """The file and its sidecar."""
    sheet = wanted.sheet()
    content = sheets.render(sheet, format=kind)
    return content, sheets.beside(sheet, content, name=f"{wanted.order.name}.{kind}", format=kind)
