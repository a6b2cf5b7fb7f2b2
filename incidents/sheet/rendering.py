"""A sheet as bytes, the same each time, with its sidecar inside; and the sidecar out of them again."""

from __future__ import annotations

import hashlib
import html
import io
import re
import zlib
from typing import Any, Final, Literal

from matplotlib.backends.backend_pdf import PdfPages
from PIL import Image
from pypdf import PdfReader, PdfWriter
from pypdf.errors import PyPdfError

from incidents import __version__
from incidents.errors import ExportError
from incidents.sheet.briefing import Sheet, settings
from incidents.sheet.paper import DPI
from incidents.sheet.sidecar import from_json, sidecar, to_json
from incidents.sheet.slide import sidecar_of_slide, to_slide

Format = Literal["pdf", "png", "svg", "pptx"]

#: A file that is larger than this is no sheet.
LARGEST_BYTES: Final = 40_000_000

_PREVIEW_DPI: Final = 150
_CHUNK: Final = "incident-desk"
_ATTACHED: Final = "incident-desk.json"
_DESCRIPTION: Final = re.compile(rb"<dc:description>(.*?)</dc:description>", re.DOTALL)


def render(sheet: Sheet, *, format: Format) -> bytes:  # noqa: A002  the word of matplotlib and pandas
    """Give the bytes of a sheet, the same each time: all pages as PDF, the first as PNG (300 dpi), SVG or slide.

    Raises
    ------
    ExportError
        If a sheet has no such format, or a slide is asked of what was not drawn as one.

    Examples
    --------
    >>> from datetime import date
    >>> from incidents.filters import Filters
    >>> from incidents.sheet import Order, draw_sheet, redrawn_order
    >>> order = Order(title="Attacks", as_of=date(2021, 11, 19), produced_on=date(2021, 11, 20))
    >>> sheet = draw_sheet(dataset, Filters(), order=order, boundaries=boundaries)
    >>> content = render(sheet, format="svg")
    >>> content == render(sheet, format="svg"), redrawn_order(sidecar_of(content)) == order
    (True, True)
    """
    told = to_json(sidecar(sheet, format=format))
    if format == "pptx":
        return to_slide(sheet, picture=_png(sheet, told=None), told=told)
    target = io.BytesIO()
    match format:
        case "pdf":
            return _pdf(sheet, told=told)
        case "png":
            return _png(sheet, told=told)
        case "svg":
            stamp = {"Date": None, "Title": sheet.title, "Description": told}
            with settings():
                sheet.pages[0].savefig(target, format="svg", metadata=stamp)
        case _:
            msg = f"A sheet is a PDF, PNG, SVG or PPTX, not {format!r}."
            raise ExportError(msg)
    return target.getvalue()


def beside(sheet: Sheet, content: bytes, *, name: str, format: Format) -> bytes:  # noqa: A002  as above
    """Give the sidecar that stands beside a sheet's file: what is inside it, with the file's name and SHA-256."""
    file = {"name": name, "sha256": hashlib.sha256(content).hexdigest()}
    return f"{to_json({**sidecar(sheet, format=format), 'file': file}, indent=2)}\n".encode("ascii")


def preview(sheet: Sheet) -> bytes:
    """Give the first page as a PNG for a screen, of 150 dpi and without the sidecar."""
    return _png(sheet, told=None, dpi=_PREVIEW_DPI)


def _png(sheet: Sheet, *, told: str | None, dpi: int = DPI) -> bytes:
    target = io.BytesIO()
    stamp = {"Software": None, "Title": _ascii(sheet.title)} | ({_CHUNK: told} if told else {})
    with settings():
        sheet.pages[0].savefig(target, format="png", dpi=dpi, metadata=stamp)
    return target.getvalue()


def _pdf(sheet: Sheet, *, told: str) -> bytes:
    drawn = io.BytesIO()
    stamp = {"Title": sheet.title, "Creator": f"Incident Desk {__version__}", "CreationDate": None}
    with settings(), PdfPages(drawn, metadata=stamp) as pdf:
        for page in sheet.pages:
            pdf.savefig(page)
    writer = PdfWriter(clone_from=drawn)
    writer.add_attachment(_ATTACHED, told.encode())
    target = io.BytesIO()
    writer.write(target)
    return target.getvalue()


def _ascii(text: str) -> str:
    return text.encode("ascii", "backslashreplace").decode()


def sidecar_of(content: bytes) -> dict[str, Any]:
    """Take the sidecar out of a sheet, whichever format it has, or read one that stands beside it.

    Nothing of the file is run, and no more of it is read than where a sheet keeps its sidecar.

    Raises
    ------
    ExportError
        If the file holds none; the message says what it is.
    """
    if len(content) > LARGEST_BYTES:
        msg = f"This file is larger than {LARGEST_BYTES // 1_000_000} MB, and no sheet."
        raise ExportError(msg)
    if content.startswith(b"\x89PNG"):
        found, kind = _of_png(content), "PNG"
    elif content.startswith(b"%PDF"):
        found, kind = _of_pdf(content), "PDF"
    elif content.startswith(b"PK"):
        found, kind = sidecar_of_slide(content), "PPTX"
    elif b"<svg" in content[:2000]:
        held = _DESCRIPTION.search(content)
        found, kind = html.unescape(held[1].decode("utf-8", "replace")) if held else None, "SVG"
    else:
        found, kind = content.decode("utf-8", "replace"), "JSON"
    if found is None:
        msg = f"This {kind} holds no sidecar: it is no sheet of this desk, or a program that saved it again dropped it."
        raise ExportError(msg)
    return from_json(found)


def _of_png(content: bytes) -> str | None:
    try:
        with Image.open(io.BytesIO(content), formats=["PNG"]) as image:
            text = getattr(image, "text", {})
    except (Image.DecompressionBombError, OSError, ValueError, SyntaxError):
        return None
    found = text.get(_CHUNK)
    return None if found is None else str(found)


def _of_pdf(content: bytes) -> str | None:
    try:
        attached = PdfReader(io.BytesIO(content)).attachments.get(_ATTACHED, [])
    # pypdf meets what it did not expect with whatever Python raises there.
    except (
        PyPdfError,
        ArithmeticError,
        AttributeError,
        LookupError,
        RecursionError,
        TypeError,
        ValueError,
        zlib.error,
    ):
        return None
    return attached[0].decode("utf-8", "replace") if attached else None
