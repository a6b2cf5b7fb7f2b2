"""The sheet as a slide: its words as text that can be edited, its maps as a picture, every incident in the notes."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from pptx import Presentation
from pptx.enum.text import PP_ALIGN
from pptx.util import Inches, Pt

from incidents.errors import ExportError
from incidents.sheet.briefing import Sheet
from incidents.sheet.paper import PAGES

# A slide of 16:9, in inches, and what stands where on it.
_WIDE_IN: Final = 13.333
_HIGH_IN: Final = 7.5
_EDGE_IN: Final = 0.4
_MAP_TOP_IN: Final = 1.42
_FOOT_IN: Final = 0.98
_ASIDE_IN: Final = 3.2

#: The layout "Title Only" of the presentation that python-pptx begins with.
_TITLE_ONLY: Final = 5

#: So many incidents are listed beside the map; all of them are in the notes.
_LISTED: Final = 16

#: So many publishers are named under the map; all of them are in the notes, incident by incident.
_PUBLISHERS: Final = 12

_SIDECAR: Final = "docProps/incident-desk.json"

# A zip remembers when each part was written; here it was always then.
_WHEN: Final = (1980, 1, 1, 0, 0, 0)

#: A part of a slide that is larger than this is no sidecar.
_LARGEST_BYTES: Final = 20_000_000
# What an archive that is damaged, or none, makes zipfile raise.
_BROKEN: Final = (
    EOFError,
    KeyError,
    NotImplementedError,
    OSError,
    RuntimeError,
    ValueError,
    zipfile.BadZipFile,
    zlib.error,
)

# A paragraph: its words, its size in points, and whether it is bold.
_Paragraph = tuple[str, float, bool]
_Place = tuple[float, float, float, float]


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
    slide = deck.slides.add_slide(deck.slide_layouts[_TITLE_ONLY])
    _head(slide, sheet)
    high = _HIGH_IN - _MAP_TOP_IN - _FOOT_IN - 0.05
    wide = high * page.width_px / page.height_px
    shown = slide.shapes.add_picture(
        io.BytesIO(picture), Inches(_EDGE_IN), Inches(_MAP_TOP_IN), width=Inches(wide), height=Inches(high)
    )
    shown.name = "Map"
    # python-pptx has no other way to the words that a screen reader says for a picture.
    shown._element.nvPicPr.cNvPr.set("descr", _plain(f"Map: {sheet.title}. {sheet.count}."))  # noqa: SLF001
    left = _EDGE_IN + wide + 0.2
    _text(slide, (left, _MAP_TOP_IN, _WIDE_IN - left - _EDGE_IN, high), _listed(sheet))
    foot = (_EDGE_IN, _HIGH_IN - _FOOT_IN, _WIDE_IN - 2 * _EDGE_IN, _FOOT_IN - 0.1)
    _text(slide, foot, [(words, 7.5, False) for words in _foot(sheet)])
    slide.notes_slide.notes_text_frame.text = _plain("\n".join(_notes(sheet)))
    properties = deck.core_properties
    properties.title, properties.author = _plain(sheet.title)[:255], _plain(sheet.order.imprint.producer or "")[:255]
    properties.created = properties.modified = datetime(*_WHEN)  # noqa: DTZ001  a presentation's days have no zone
    properties.last_modified_by, properties.revision = "", 1
    saved = io.BytesIO()
    deck.save(saved)
    return _packed(saved.getvalue(), told)


def _head(slide: Any, sheet: Sheet) -> None:
    """Write the title into the slide's own title, count and filters below it, number and handling at the right."""
    told, imprint = sheet.told, sheet.order.imprint
    wide = _WIDE_IN - 2 * _EDGE_IN - _ASIDE_IN
    title = slide.shapes.title
    title.left, title.top, title.width, title.height = (Inches(side) for side in (_EDGE_IN, 0.15, wide, 0.6))
    _write(title.text_frame, [(sheet.title, 24 if len(sheet.title) <= 60 else 16, True)])
    below: list[_Paragraph] = [(imprint.subtitle, 12, False)] if imprint.subtitle else []
    below.append((f"{sheet.count}. {told.asked_words}", 11, True))
    if imprint.correction_words:
        below.append((imprint.correction_words, 11, True))
    _text(slide, (_EDGE_IN, 0.77, wide, 0.6), below)
    aside = (_WIDE_IN - _EDGE_IN - _ASIDE_IN, 0.15, _ASIDE_IN, 1.0)
    _text(slide, aside, [(words, 10, False) for words, _ in told.asides], align=PP_ALIGN.RIGHT)


def _listed(sheet: Sheet) -> list[_Paragraph]:
    """Give the incidents in short, as many as have room beside the map."""
    lines: list[_Paragraph] = [(line, 8, False) for line in sheet.brief[:_LISTED]]
    more = len(sheet.brief) - len(lines)
    if not lines:
        return [("No incident answers these filters.", 10, False)]
    return [*lines, (f"and {more} more, in the notes", 8, True)] if more else lines


def _foot(sheet: Sheet) -> tuple[str, str]:
    """Give sources, layer by layer, and projection, overlays and caution, each in one paragraph."""
    told = sheet.told
    cited = ", ".join(told.publishers[:_PUBLISHERS])
    more = len(told.publishers) - _PUBLISHERS
    if more > 0:
        cited += f" and {more} more, named in the notes"
    projections = (f"{words}." for words in sheet.projections)
    said = (*projections, *told.overlays, sheet.unseen, sheet.order.imprint.disclaimer)
    return told.sources(cited), " ".join(filter(None, said))


def _notes(sheet: Sheet) -> tuple[str, ...]:
    """Give what a speaker may be asked for: the imprint, and every incident with its sources."""
    told = sheet.told
    imprint = (f"{name}: {value}" for name, value in sheet.order.imprint.rows)
    return (sheet.title, sheet.count, told.asked_words, told.produced, told.data_to, *imprint, *sheet.key)


def _plain(text: str) -> str:
    """Give text without what XML cannot hold."""
    return "".join(sign for sign in text if sign == "\n" or (sign >= " " and sign not in "\ufffe\uffff"))


def _text(slide: Any, box: _Place, lines: Sequence[_Paragraph], *, align: PP_ALIGN = PP_ALIGN.LEFT) -> None:
    frame = slide.shapes.add_textbox(*(Inches(side) for side in box)).text_frame
    _write(frame, lines, align=align)


def _write(frame: Any, lines: Sequence[_Paragraph], *, align: PP_ALIGN = PP_ALIGN.LEFT) -> None:
    """Write paragraphs; a text of its own keeps its size, since a program that shrinks it shrinks it otherwise."""
    frame.word_wrap = True
    frame.margin_left = frame.margin_right = frame.margin_top = frame.margin_bottom = 0
    for number, (text, size_pt, bold) in enumerate(lines):
        paragraph = frame.paragraphs[0] if number == 0 else frame.add_paragraph()
        paragraph.alignment = align
        run = paragraph.add_run()
        run.text = _plain(text)
        run.font.size, run.font.bold, run.font.name = Pt(size_pt), bold, "Noto Sans"


def _packed(content: bytes, told: str) -> bytes:
    """Write the parts again, in their order and without the hour, and the sidecar beside them."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as before, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as after:
        for part in before.infolist():
            data = before.read(part)
            if part.filename == "[Content_Types].xml":
                json_too = b'<Default Extension="json" ContentType="application/json"/><Default '
                data = data.replace(b"<Default ", json_too, 1)
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
            if part.file_size > _LARGEST_BYTES:
                return None
            return archive.read(part).decode("utf-8", "replace")
    except _BROKEN:
        return None  # what is no slide of ours holds no sidecar, and whoever asked says so
