"""The sheet as a whole: which incidents it shows, what it says of them, and its bytes."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from threading import Lock
from typing import Final, Literal

from matplotlib import style
from matplotlib.backends.backend_pdf import PdfPages
from matplotlib.figure import Figure

from gazetteer.boundaries import Boundaries
from incidents import __version__
from incidents.dataset import Dataset
from incidents.errors import ExportError
from incidents.filters import UNATTRIBUTED, Filters, apply, chips, day_words
from incidents.frames import Frame, frame_of
from incidents.geocode import records, why_not_mapped
from incidents.sheet.key import Entry
from incidents.sheet.layout import Statement, compose, draw_pages
from incidents.sheet.paper import DPI, one_line
from incidents.symbols import symbols
from incidents.wording import joint_figures, rejected_words

Format = Literal["pdf", "png", "svg"]

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


@dataclass(frozen=True, slots=True)
class Sheet:
    """A drawn sheet.

    Attributes
    ----------
    title : str
        Its title, with the day that it stands for.
    pages : tuple of matplotlib.figure.Figure
        A4, landscape: the map with its key, then the incidents in full where the first page has no room.
    drawn, outside, not_mapped : tuple of str
        `incident_id` of the shown incidents that are on the map, that lie beyond its edges, and that cannot
        be mapped; together they are exactly what the filters give.
    """

    title: str
    pages: tuple[Figure, ...]
    drawn: tuple[str, ...]
    outside: tuple[str, ...]
    not_mapped: tuple[str, ...]


def draw_sheet(
    dataset: Dataset,
    filters: Filters,
    *,
    boundaries: Boundaries,
    title: str,
    as_of: date,
    produced_on: date,
    frame: Frame | None = None,
    places_from: str | None = None,
) -> Sheet:
    """Draw the incidents that `filters` asks for.

    Parameters
    ----------
    title
        Area and subject; "(as of DATE)" is put after it.
    as_of
        The day whose knowledge the sheet shows.
    produced_on
        The day, or the moment with its time zone, at which it is made.
    frame
        What the map shows; without one, all that is drawn.
    places_from
        The citation of the gazetteer that placed the incidents. Without it the sheet says "not stated".
    """
    entries = _entries(dataset, filters)
    if frame is None:
        shown = apply(dataset.incidents, filters)
        frame = frame_of(dataset.incidents if shown.geometry.isna().all() else shown)
    statement = Statement(
        title=f"{one_line(title)} (as of {day_words(as_of)})",
        produced=f"Produced {_moment_words(produced_on)}",
        shown_of=f"{len(entries)} of {len(dataset.incidents)} incidents shown",
        rejected=rejected_words(dataset.rows_rejected),
        asked=" · ".join(chip.label for chip in chips(filters, dataset.facets)),
        data=f"{dataset.name}, SHA-256 {dataset.sha256[:12]}",
        borders=boundaries.layer_citation,
        places=places_from or "not stated",
        made_with=f"Incident Desk {__version__}",
        publishers=tuple(
            sorted(
                {cited.publisher or cited.source_id for entry in entries for cited in entry.citations},
                key=str.casefold,
            )
        ),
    )
    groups = symbols(dataset.facets.families)
    with _settings():
        composition = compose(entries, statement=statement, frame=frame, groups=groups, boundaries=boundaries)
        pages = draw_pages(composition, statement=statement)
    return Sheet(
        title=statement.title,
        pages=tuple(page.figure for page in pages),
        drawn=_ids(composition.drawn),
        outside=_ids(composition.outside),
        not_mapped=_ids(composition.not_mapped),
    )


def render(sheet: Sheet, *, format: Format) -> bytes:  # noqa: A002  the word of matplotlib and pandas
    """Give the bytes of a sheet, the same each time: all pages as PDF, the first as PNG (300 dpi) or SVG.

    Raises
    ------
    ExportError
        If a sheet has no such format.
    """
    target = io.BytesIO()
    with _settings():
        match format:
            case "pdf":
                stamp = {
                    "Title": sheet.title,
                    "Creator": f"Incident Desk {__version__}",
                    "CreationDate": None,
                }
                with PdfPages(target, metadata=stamp) as pdf:
                    for page in sheet.pages:
                        pdf.savefig(page)
            case "png":
                sheet.pages[0].savefig(target, format="png", dpi=DPI, metadata={"Software": None})
            case "svg":
                sheet.pages[0].savefig(target, format="svg", metadata={"Date": None, "Title": sheet.title})
            case _:
                msg = f"A sheet is a PDF, PNG or SVG, not {format!r}."
                raise ExportError(msg)
    return target.getvalue()


@contextmanager
def _settings() -> Iterator[None]:
    with _DRAWING, style.context(["default", _SETTINGS]):
        yield


def _entries(dataset: Dataset, filters: Filters) -> tuple[Entry, ...]:
    """List the shown incidents in date order."""
    shown = apply(dataset.incidents, filters)
    groups = symbols(dataset.facets.families)
    reasons = why_not_mapped(shown)
    joint = joint_figures(dataset.incidents)
    return tuple(
        Entry(
            incident=incident,
            symbol=groups[incident["actor_family"] or UNATTRIBUTED],
            citations=tuple(dataset.citations(incident["sources"])),
            note=reasons.get(index),
            joint=joint.get(incident["incident_id"], {}),
        )
        for index, incident in zip(shown.index, records(shown), strict=True)
    )


def _ids(entries: tuple[Entry, ...]) -> tuple[str, ...]:
    return tuple(entry.incident["incident_id"] for entry in entries)


def _moment_words(moment: date) -> str:
    if not isinstance(moment, datetime):
        return day_words(moment)
    offset = moment.isoformat(timespec="minutes")[16:]
    return f"{day_words(moment)}, {moment:%H:%M} " + (f"UTC{offset}" if offset else "(time zone not stated)")
