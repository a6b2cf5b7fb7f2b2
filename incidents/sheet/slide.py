"""The sheet as a slide: its title, counts and sources as text that can be edited, the map as a picture, the key as notes."""

from __future__ import annotations

import io
import zipfile
from datetime import datetime
from typing import Final

from pptx import Presentation
from pptx.util import Inches, Pt

from incidents.errors import ExportError
from incidents.sheet.briefing import Sheet
from incidents.sheet.paper import PAGES

_WIDE_IN, _HIGH_IN = 13.333, 7.5
_SIDECAR: Final = "docProps/incident-desk.json"

# A zip remembers when each part was written; here it was always then.
_WHEN: Final = (1980, 1, 1, 0, 0, 0)

#: A part of a slide that is larger than this is no sidecar.
_LARGEST: Final = 20_000_000


def to_slide(sheet: Sheet, *, picture: bytes, told: str) -> bytes:
    """Make a presentation of one slide, 16:9; the same bytes each time.

    Parameters
    ----------
    picture
        The maps with timeline and legend, as PNG.
    told
        The sidecar as JSON.

    Raises
    ------
    ExportError
        If the sheet was drawn for paper.
    """
    page = PAGES[sheet.order.page]
    if not page.is_bare:
        msg = "A slide needs a sheet that is drawn for one: ask for the page 'slide'."
        raise ExportError(msg)
    deck = Presentation()
    deck.slide_width, deck.slide_height = Inches(_WIDE_IN), Inches(_HIGH_IN)
    slide = deck.slides.add_slide(deck.slide_layouts[5])
    title = slide.shapes.title
    title.left, title.top, title.width, title.height = Inches(0.4), Inches(0.15), Inches(9.4), Inches(0.62)
    _write(title.text_frame, [(sheet.title, 24, True)])
    told_of = sheet.told
    imprint = sheet.order.imprint
    _text(slide, (0.4, 0.75, 9.4, 0.62), [
        *([(imprint.subtitle, 12, False)] if imprint.subtitle else []),
        (f"{sheet.count}. {told_of.asked_words}", 11, True),
        *([(imprint.correction_words, 11, True)] if imprint.correction_words else []),
    ])
    _text(slide, (9.8, 0.15, 3.2, 1.1), [(words, 10, False) for words, _ in told_of.asides])
    high = _HIGH_IN - 1.4 - 0.95
    wide = min(high * page.width_px / page.height_px, _WIDE_IN - 0.8)
    shown = slide.shapes.add_picture(
        io.BytesIO(picture), Inches(0.4), Inches(1.4), width=Inches(wide), height=Inches(wide * page.height_px / page.width_px)
    )
    shown.name = "Map"
    words = f"Map: {sheet.title}. {sheet.count}."
    shown._element.nvPicPr.cNvPr.set("descr", words)  # noqa: SLF001  python-pptx has no other way to a picture's words
    listed = [(line.rpartition(" · ")[0] if len(line) > 150 else line, 9, False) for line in sheet.key[:_KEY_LINES]]
    if len(sheet.key) > _KEY_LINES:
        listed.append((f"and {len(sheet.key) - _KEY_LINES} more, in the notes", 9, False))
    _text(slide, (wide + 0.6, 1.4, _WIDE_IN - wide - 1.0, high), [(_short(line), size, bold) for line, size, bold in listed])
    foot = [
        (told_of.sources(", ".join(told_of.publishers[:12]) + ("…" if len(told_of.publishers) > 12 else "")), 8, False),
        (" ".join((*sheet.projections, *told_of.overlays, imprint.disclaimer)), 8, False),
    ]
    _text(slide, (0.4, _HIGH_IN - 0.95, _WIDE_IN - 0.8, 0.9), foot)
    notes = "\n".join((sheet.title, sheet.count, told_of.asked_words, *(f"{k}: {v}" for k, v in imprint.rows), *sheet.key))
    slide.notes_slide.notes_text_frame.text = _plain(notes)
    properties = deck.core_properties
    moment = datetime(*_WHEN)  # noqa: DTZ001  a presentation's days have no zone
    properties.title, properties.author = _plain(sheet.title), imprint.producer or ""
    properties.created = properties.modified = moment
    properties.last_modified_by, properties.revision = "", 1
    saved = io.BytesIO()
    deck.save(saved)
    return _packed(saved.getvalue(), told)


#: So many incidents are listed beside the map; all of them are in the notes.
_KEY_LINES: Final = 14


def _short(line: str) -> str:
    return line if len(line) <= 110 else f"{line[:109]}…"


def _plain(text: str) -> str:
    """Text without what XML cannot hold."""
    return "".join(sign for sign in text if sign == "\n" or sign >= " ")


def _text(slide, box: tuple[float, float, float, float], lines) -> None:  # type: ignore[no-untyped-def]  # noqa: ANN001
    frame = slide.shapes.add_textbox(*(Inches(side) for side in box)).text_frame
    frame.word_wrap = True
    frame.margin_left = frame.margin_right = frame.margin_top = frame.margin_bottom = 0
    _write(frame, lines)


def _write(frame, lines) -> None:  # type: ignore[no-untyped-def]  # noqa: ANN001
    for number, (text, size, bold) in enumerate(lines):
        paragraph = frame.paragraphs[0] if number == 0 else frame.add_paragraph()
        run = paragraph.add_run()
        run.text = _plain(text)
        run.font.size, run.font.bold, run.font.name = Pt(size), bold, "Noto Sans"


def _packed(content: bytes, told: str) -> bytes:
    """Write the parts again, in their order and without the hour, and the sidecar beside them."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as before, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as after:
        for part in before.infolist():
            data = before.read(part)
            if part.filename == "[Content_Types].xml" and b'Extension="json"' not in data:
                data = data.replace(b"<Default ", b'<Default Extension="json" ContentType="application/json"/><Default ', 1)
            _put(after, part.filename, data)
        _put(after, _SIDECAR, told.encode())
    return target.getvalue()


def _put(archive: zipfile.ZipFile, name: str, data: bytes) -> None:
    part = zipfile.ZipInfo(name, date_time=_WHEN)
    part.compress_type, part.external_attr, part.create_system = zipfile.ZIP_DEFLATED, 0o600 << 16, 3
    archive.writestr(part, data)


def sidecar_of_slide(content: bytes) -> str | None:
    """Take the sidecar out of a slide; None if it holds none."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            part = archive.getinfo(_SIDECAR)
            if part.file_size > _LARGEST:
                return None
            return archive.read(part).decode("utf-8", "replace")
    except (KeyError, zipfile.BadZipFile, NotImplementedError, RuntimeError):
        return None
