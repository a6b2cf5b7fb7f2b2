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
from incidents.sheet.direction import is_turned, turned
from incidents.sheet.labels import numbers_named
from incidents.sheet.paper import PAGES, Type, wrap

# A slide of 16:9, in inches, and what stands where on it.
_WIDE_IN: Final = 13.333
_HIGH_IN: Final = 7.5
_EDGE_IN: Final = 0.4
_TOP_IN: Final = 0.2
_GAP_IN: Final = 0.1
_ASIDE_IN: Final = 3.2
_LEADING: Final = 1.25

# The largest in which a title takes two lines at most.
_TITLES_PT: Final = (24.0, 20.0, 16.0, 13.0)
_LIST_PT: Final = 8.0
_FOOT_PT: Final = 7.5

#: The layout "Title Only" of the presentation that python-pptx begins with.
_TITLE_ONLY: Final = 5

#: What is on no map takes this share of the list at most; all of it is in the notes.
_OFF_THE_MAP: Final = 0.45

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
    top = _head(slide, sheet) + _GAP_IN
    foot = [(words, _FOOT_PT, False) for words in _foot(sheet)]
    below = _height(foot, width=_WIDE_IN - 2 * _EDGE_IN)
    high = _HIGH_IN - top - below - _TOP_IN - _GAP_IN
    wide = high * page.width_px / page.height_px
    shown = slide.shapes.add_picture(
        io.BytesIO(picture), Inches(_EDGE_IN), Inches(top), width=Inches(wide), height=Inches(high)
    )
    shown.name = "Map"
    # python-pptx has no other way to the words that a screen reader says for a picture.
    shown._element.nvPicPr.cNvPr.set("descr", _plain(f"Map: {sheet.title}. {sheet.count}."))  # noqa: SLF001
    left = _EDGE_IN + wide + 2 * _GAP_IN
    beside = (left, top, _WIDE_IN - left - _EDGE_IN, high)
    _text(slide, beside, _listed(sheet, width=beside[2], high=high))
    _text(slide, (_EDGE_IN, _HIGH_IN - _TOP_IN - below, _WIDE_IN - 2 * _EDGE_IN, below), foot)
    slide.notes_slide.notes_text_frame.text = _plain("\n".join(_notes(sheet)))
    properties = deck.core_properties
    properties.title, properties.author = _plain(sheet.title)[:255], _plain(sheet.order.imprint.producer or "")[:255]
    properties.created = properties.modified = datetime(*_WHEN)  # noqa: DTZ001  a presentation's days have no zone
    properties.last_modified_by, properties.revision = "", 1
    saved = io.BytesIO()
    deck.save(saved)
    return _packed(saved.getvalue(), told)


def _head(slide: Any, sheet: Sheet) -> float:
    """Write title, count and filters, and at the right number and handling; give how far down that reaches, in inches.

    The title is the slide's own.
    """
    told, imprint = sheet.told, sheet.order.imprint
    wide = _WIDE_IN - 2 * _EDGE_IN - _ASIDE_IN - 2 * _GAP_IN
    fitting = (size for size in _TITLES_PT if len(_wrapped(sheet.title, size, bold=True, width=wide)) <= 2)
    heading = [(sheet.title, next(fitting, _TITLES_PT[-1]), True)]
    below: list[_Paragraph] = [(imprint.subtitle, 12, False)] if imprint.subtitle else []
    below.append((f"{sheet.count}. {told.asked_words}", 11, True))
    if imprint.correction_words:
        below.append((imprint.correction_words, 11, True))
    made_by = [f"{name}: {value}" for name, value in imprint.rows if name in ("Producer", "Organisation")]
    aside = [(words, 10.0, False) for words in (*(words for words, _ in told.asides), *made_by)]
    under = _TOP_IN + _height(heading, width=wide) + _GAP_IN / 2
    box = slide.shapes.title
    box.left, box.top, box.width, box.height = (Inches(side) for side in (_EDGE_IN, _TOP_IN, wide, under - _TOP_IN))
    _write(box.text_frame, heading)
    _text(slide, (_EDGE_IN, under, wide, _height(below, width=wide)), below)
    at_the_right = (_WIDE_IN - _EDGE_IN - _ASIDE_IN, _TOP_IN, _ASIDE_IN, _height(aside, width=_ASIDE_IN))
    _text(slide, at_the_right, aside, align=PP_ALIGN.RIGHT)
    return max(under + _height(below, width=wide), _TOP_IN + at_the_right[3])


def _listed(sheet: Sheet, *, width: float, high: float) -> list[_Paragraph]:
    """Give the incidents on the map in short, as many as have room beside it, and under them what is on no map."""
    if not sheet.brief:
        return [("No incident answers these filters.", 12, True)]
    off = _off_the_map(sheet, width=width, high=high * _OFF_THE_MAP)
    on: list[_Paragraph] = [(f"On the map ({len(sheet.drawn)})", _LIST_PT + 1, True)] if sheet.drawn else []
    lines: list[_Paragraph] = [(line, _LIST_PT, False) for line in sheet.brief[: len(sheet.drawn)]]
    return [*_cut([*on, *lines], width=width, high=high - _height(off, width=width)), *off]


def _off_the_map(sheet: Sheet, *, width: float, high: float) -> list[_Paragraph]:
    """Give the numbers of the incidents beyond the edges, and why others cannot be mapped, as far as there is room."""
    first = len(sheet.drawn) + 1
    found: list[_Paragraph] = []
    if sheet.outside:
        numbers = numbers_named(range(first, first + len(sheet.outside)))
        found += [(f"Beyond the edges of the map ({len(sheet.outside)})", _LIST_PT + 1, True)]
        found += [(f"{numbers}.", _LIST_PT, False)]
    if sheet.not_mapped:
        found += [(f"Not on the map ({len(sheet.not_mapped)})", _LIST_PT + 1, True)]
        reasons = {one["incident_id"]: str(one["reason"]) for one in sheet.statement["not_mappable"]}
        held: dict[str, list[int]] = {}
        for number, incident_id in enumerate(sheet.not_mapped, start=first + len(sheet.outside)):
            held.setdefault(reasons[incident_id], []).append(number)
        ranked = sorted(held.items(), key=lambda reason: -len(reason[1]))
        found += [(f"{reason} {numbers_named(those)}.", _LIST_PT, False) for reason, those in ranked]
    return _cut(found, width=width, high=high)


def _cut(lines: list[_Paragraph], *, width: float, high: float) -> list[_Paragraph]:
    """Give as many paragraphs as have room, and how many more there are."""
    if _height(lines, width=width) <= high:
        return lines
    kept = list(lines)
    while kept and _height([*kept, lines[-1]], width=width) > high:
        kept.pop()
    return [*kept, (f"and {len(lines) - len(kept)} more, in the notes", _LIST_PT, True)]


def _foot(sheet: Sheet) -> tuple[str, str]:
    """Give sources, layer by layer, and projection, overlays and cautions, each in one paragraph.

    A scale is not stated, for nobody knows how large a slide is shown: the bars on the maps grow with them.
    """
    told = sheet.told
    cited = ", ".join(told.publishers[:_PUBLISHERS])
    more = len(told.publishers) - _PUBLISHERS
    if more > 0:
        cited += f" and {more} more, named in the notes"
    projections = (f"{words}." for words in sheet.projections)
    said = (*projections, *told.map_notes, *sheet.marks.sentences, told.caution)
    return told.sources(cited), " ".join(said)


def _wrapped(text: str, size_pt: float, *, bold: bool, width: float) -> tuple[str, ...]:
    """Break a text as a program will that shows the slide, a little early: its fonts may be wider."""
    return wrap(text, width=width * 25.4 * 0.97, face=Type(size_pt, bold=bold))


def _height(lines: Sequence[_Paragraph], *, width: float) -> float:
    """Measure paragraphs, in inches."""
    heights = (len(_wrapped(text, size, bold=bold, width=width)) * size * _LEADING / 72 for text, size, bold in lines)
    return sum(heights)


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
        if is_turned(turned(text)):  # python-pptx has no other way to say that a paragraph reads from the right
            paragraph._p.get_or_add_pPr().set("rtl", "1")  # noqa: SLF001
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
