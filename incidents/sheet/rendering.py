"""A sheet as bytes, the same each time: PDF, PNG and SVG, with what it was made from inside."""

from __future__ import annotations

import io
from typing import Literal

from matplotlib.backends.backend_pdf import PdfPages

from incidents import __version__
from incidents.errors import ExportError
from incidents.sheet.briefing import Sheet, settings
from incidents.sheet.paper import DPI

Format = Literal["pdf", "png", "svg"]


def render(sheet: Sheet, *, format: Format) -> bytes:  # noqa: A002  the word of matplotlib and pandas
    """Give the bytes of a sheet, the same each time: all pages as PDF, the first as PNG (300 dpi) or SVG.

    Raises
    ------
    ExportError
        If a sheet has no such format.
    """
    target = io.BytesIO()
    with settings():
        match format:
            case "pdf":
                stamp = {"Title": sheet.title, "Creator": f"Incident Desk {__version__}", "CreationDate": None}
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
