"""The briefing page: the current view as a sheet to hand over and as data, all from the same filters."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Final

import streamlit as st

from incidents import export
from incidents import filters as asking
from incidents.dataset import Dataset
from incidents.filters import Filters, day_words
from incidents.frames import FRAMES, Frame
from incidents.sheet import Sheet, draw_sheet, render
from incidents.views import state
from incidents.views.downloads import downloads
from incidents.views.filter_panel import filter_panel, summary
from incidents.views.state import Desk, SheetState, seeded
from incidents.wording import rejected_words

_ALL: Final = "all"
_AS_ON_MAP: Final = "map"
_TITLE: Final = "Security incidents"


@dataclass(frozen=True, slots=True)
class Order:
    """What a sheet or an export is to show; two equal orders give the same bytes."""

    filters: Filters
    title: str
    as_of: date
    produced_on: date
    frame: Frame | None
    sha256: str
    decisions_sha256: str | None
    dataset: Dataset = field(compare=False, hash=False, repr=False)

    def bytes(self, form: str) -> bytes:
        """Make it, as PDF or PNG."""
        return render(self._sheet(), format="pdf" if form == "pdf" else "png")

    def _sheet(self) -> Sheet:
        return draw_sheet(
            self.dataset,
            self.filters,
            boundaries=state.boundaries(),
            title=self.title,
            as_of=self.as_of,
            produced_on=self.produced_on,
            frame=self.frame,
            places_from=self.dataset.places_from,
        )

    def name(self, form: export.Format) -> str:
        """Name the file."""
        frame = self.frame if form in ("pdf", "png") else None  # data are not cut at the edges of a map
        return export.file_name(self.dataset, self.filters, as_of=self.as_of, format=form, frame=frame)


def briefing_page() -> None:
    """Ask for title, day and frame; show the sheet; hand out sheet and data."""
    desk = state.desk()
    desk.filters = filter_panel(desk)
    summary(desk, asking.apply(desk.dataset.incidents, desk.filters))
    if missing := rejected_words(desk.dataset.rows_rejected):
        st.warning(f"{missing}, and missing from what is handed over; the Data page lists them.")
    left, right = st.columns([1, 2.6], gap="large")
    with left:
        order = _order(desk)
        st.markdown("**Hand over**")
        _download(order, "Sheet as PDF", "pdf")
        _download(order, "Sheet as PNG, 300 dpi", "png")
        downloads(desk.dataset, desk.filters, as_of=order.as_of)
    with right, st.spinner("Drawing the sheet"):
        st.image(_preview(order), alt=f"First page of the sheet: {order.title} (as of {day_words(order.as_of)})")


def _order(desk: Desk) -> Order:
    told = desk.sheet
    title = st.text_input("Title", key=seeded(f"sheet-title-{desk.turned}", told.title or _TITLE), max_chars=90)
    last = desk.dataset.known_to or datetime.now(UTC).date()
    as_of: date | None = st.date_input(
        "As of",
        key=seeded(f"sheet-as-of-{desk.turned}", told.as_of or last),
        format="DD/MM/YYYY",
        help="The day whose knowledge the sheet shows. It starts as the last day of which the data knows.",
    )
    usual = _AS_ON_MAP if desk.map.bounds else _ALL
    frames = [_ALL, *([_AS_ON_MAP] if desk.map.bounds else []), *FRAMES]
    chosen = st.selectbox(
        "Map shows",
        frames,
        key=seeded(f"sheet-frame-{desk.turned}-{desk.links_read}", told.frame if told.frame in frames else usual),
        format_func=lambda key: (
            {_ALL: "All that is drawn", _AS_ON_MAP: "As the desk's map stands"}.get(key) or FRAMES[key].title
        ),
    )
    desk.sheet = SheetState(title=title, as_of=as_of, frame=None if chosen == usual else chosen)
    return Order(
        filters=desk.filters,
        title=(title or "").strip() or _TITLE,
        as_of=last if as_of is None else as_of,
        produced_on=datetime.now(UTC).date(),
        frame=_frame(desk, chosen),
        sha256=desk.dataset.sha256,
        decisions_sha256=desk.dataset.decisions_sha256,
        dataset=desk.dataset,
    )


def _frame(desk: Desk, chosen: str) -> Frame | None:
    if chosen == _AS_ON_MAP and desk.map.bounds:
        west, south, east, north = desk.map.bounds
        inside = (max(west, -180.0), max(south, -85.0), min(east, 180.0), min(north, 85.0))
        return Frame(_AS_ON_MAP, "As on the map", *inside)
    return FRAMES.get(chosen)


def _download(order: Order, label: str, form: export.Format) -> None:
    """Offer a file; it is made when it is asked for."""
    st.download_button(
        label,
        data=lambda: order.bytes(form),
        file_name=order.name(form),
        mime=export.MEDIA_TYPES[form],
        key=f"download-{form}",
        icon=":material/download:",
        type="primary" if form == "pdf" else "secondary",
        on_click="ignore",
        width="stretch",
    )


@st.cache_data(show_spinner=False, max_entries=8, hash_funcs={Order: hash})
def _preview(order: Order) -> bytes:
    return order.bytes("png")
