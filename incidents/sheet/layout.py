"""Where everything stands on the pages, so that nothing is cut off or covered."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import count
from typing import Final

from gazetteer.boundaries import Boundaries
from incidents.frames import Frame
from incidents.sheet.furniture import LegendEntry, draw_legend, legend_height
from incidents.sheet.key import Block, Detail, Entry, blocks, draw_blocks, flow, text_block
from incidents.sheet.paper import FAINT_INK, HEIGHT_MM, INK, WIDTH_MM, Box, Paper, Type, wrap
from incidents.sheet.plate import Plate
from incidents.sheet.printed_map import SHARED_MM, Ground, Spot, draw_map, legend, spots
from incidents.symbols import Symbol

_MARGIN_MM: Final = 9.0
_PANEL_MM: Final = 86.0
_GAP_MM: Final = 5.0

# Room for the degrees beside and below the map.
_DEGREES_MM: Final = (6.5, 4.2)

_TITLE: Final = Type(15.0, bold=True)
_SMALL_TITLE: Final = Type(9.0, bold=True)
_COUNT: Final = Type(8.2, bold=True)
_ASKED: Final = Type(7.4)
_ASIDE: Final = Type(6.2, colour=FAINT_INK)
_FOOT_HEAD: Final = Type(5.6, bold=True, colour=FAINT_INK)
_FOOT: Final = Type(5.4, colour=FAINT_INK)

#: More lines of publishers than this are a list for the following pages.
_SOURCE_LINES: Final = 7

_CAUTION: Final = (
    "Borders and names are drawn as the boundary source has them: it shows who holds a territory. They say "
    "nothing of its legal status or of where a border ought to run, and nobody endorses them here. An "
    "incident may have happened anywhere within its ring or area. Reports are incomplete: a place without a "
    "mark is not a place without incidents."
)


# What the desk lays over its map is told there with its reasons, for which a map on paper has no room.
_NOT_DRAWN: Final = (
    "Overlays of the desk are not drawn on the sheet: border bands, cross-border links, documented crossings and first "
    "incidents of a group in a country."
)


@dataclass(frozen=True, slots=True)
class Statement:
    """What a sheet states in words: title, count, filters, what is missing, and where everything comes from."""

    title: str
    produced: str
    shown_of: str
    rejected: str
    asked: str
    data: str
    borders: str
    places: str
    made_with: str
    publishers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Composition:
    """The first page, arranged but not drawn.

    Attributes
    ----------
    drawn, outside, not_mapped : tuple of Entry
        The incidents that the map shows, those beyond its edges, and those that cannot be mapped, numbered in
        this order.
    body : Box
        The page between heading and foot.
    """

    plate: Plate
    ground: Ground
    spots: tuple[Spot, ...]
    legend: tuple[LegendEntry, ...]
    legend_mm: float
    drawn: tuple[Entry, ...]
    outside: tuple[Entry, ...]
    not_mapped: tuple[Entry, ...]
    body: Box


def compose(
    shown: Sequence[Entry],
    *,
    statement: Statement,
    frame: Frame,
    groups: Mapping[str, Symbol],
    boundaries: Boundaries,
) -> Composition:
    """Arrange the first page: the map as large as heading, foot and legend leave it.

    Parameters
    ----------
    shown
        All incidents of the sheet, in the order in which they are to be numbered.
    groups
        Every group's symbol, in the order of the legend.
    """
    body = Box(
        left=_MARGIN_MM,
        bottom=_MARGIN_MM + _foot_height(statement) + 2.5,
        right=WIDTH_MM - _MARGIN_MM,
        top=HEIGHT_MM - _MARGIN_MM - _heading_height(statement) - 2.0,
    )
    legend_mm = 0.0
    while True:
        box = Box(
            left=body.left + _DEGREES_MM[0],
            bottom=body.bottom + legend_mm + _DEGREES_MM[1],
            right=body.right - _PANEL_MM - _GAP_MM,
            top=body.top,
        )
        plate = Plate.of(frame, box=box)
        drawn, outside, not_mapped = _numbered(shown, plate=plate)
        ground = Ground.of(boundaries, plate=plate)
        found = tuple(spots(drawn, plate=plate))
        entries = tuple(legend(found, groups=groups, ground=ground))
        needed = legend_height(entries, width=box.width)
        # A legend that grows makes the map smaller, which may bring more into view; it never shrinks again.
        if needed <= legend_mm:
            break
        legend_mm = needed
    return Composition(plate, ground, found, entries, legend_mm, drawn, outside, not_mapped, body)


def _numbered(shown: Sequence[Entry], *, plate: Plate) -> tuple[tuple[Entry, ...], ...]:
    """Part the incidents into drawn, outside and not mapped, and number them in this order."""
    mapped = [entry for entry in shown if entry.note is None]
    parts = (
        [entry for entry in mapped if plate.shows(entry.incident["geometry"])],
        [entry for entry in mapped if not plate.shows(entry.incident["geometry"])],
        [entry for entry in shown if entry.note is not None],
    )
    numbers = count(1)
    return tuple(tuple(replace(entry, number=next(numbers)) for entry in part) for part in parts)


def draw_pages(composition: Composition, *, statement: Statement) -> tuple[Paper, ...]:
    """Draw the first page, and as many as the key needs beside it."""
    body = composition.body
    panel = Box(body.right - _PANEL_MM, body.bottom, body.right, body.top)
    beside, detail = _beside(composition, panel=panel)
    following = () if detail is Detail.FULL else _following(composition)
    last = 1 + len(following)
    pages = [_first_page(composition, statement=statement, last=last)]
    remark = f"In full, with summaries and sources: {'page 2' if last == 2 else f'pages 2–{last}'} of the PDF."
    remarks = [text_block(remark, width=panel.width)] if following else []
    draw_blocks(pages[0], found=[*beside, *remarks], column=panel)
    for number, columns in enumerate(following, start=2):
        page = Paper()
        _draw_running_head(page, statement, number=number, last=last)
        for column, content in zip(_columns(), columns, strict=True):
            draw_blocks(page, found=content, column=column)
        pages.append(page)
    return tuple(pages)


def _beside(composition: Composition, *, panel: Box) -> tuple[list[Block], Detail | None]:
    """The fullest key that fits beside the map; none at all if even the shortest does not."""
    drawn, outside, not_mapped = composition.drawn, composition.outside, composition.not_mapped
    if not (drawn or outside or not_mapped):
        return [text_block("No incident answers these filters.", width=panel.width)], Detail.FULL
    for detail in sorted(Detail, reverse=True):
        found = blocks(drawn, outside=outside, not_mapped=not_mapped, detail=detail, width=panel.width)
        # The remark on the following pages needs room too.
        room = panel if detail is Detail.FULL else replace(panel, bottom=panel.bottom + 6)
        _, rest = flow(found, columns=[room])
        if not rest:
            return found, detail
    return [text_block("The incidents are too many to list beside the map.", width=panel.width)], None


def _following(composition: Composition) -> tuple[list[list[Block]], ...]:
    columns = _columns()
    rest = blocks(
        composition.drawn,
        outside=composition.outside,
        not_mapped=composition.not_mapped,
        detail=Detail.FULL,
        width=columns[0].width,
    )
    pages: list[list[list[Block]]] = []
    while rest:
        filled, rest = flow(rest, columns=columns)
        pages.append(filled)
    return tuple(pages)


def _columns(count: int = 3) -> list[Box]:
    """The columns of a page of the key."""
    width = (WIDTH_MM - 2 * _MARGIN_MM - (count - 1) * _GAP_MM) / count
    lefts = [_MARGIN_MM + number * (width + _GAP_MM) for number in range(count)]
    return [Box(left, _MARGIN_MM + 6, left + width, HEIGHT_MM - _MARGIN_MM - 10) for left in lefts]


def _first_page(composition: Composition, *, statement: Statement, last: int) -> Paper:
    page, plate, body = Paper(), composition.plate, composition.body
    beyond = f", {len(composition.outside)} beyond the edges of this map" if composition.outside else ""
    shown = f"{statement.shown_of}, {len(composition.not_mapped)} not mappable{beyond}"
    shown = f"{shown}; {statement.rejected}" if statement.rejected else shown
    _draw_heading(page, statement, count=shown, aside=f"Page 1 of {last}" if last > 1 else "")
    draw_map(page, found=composition.spots, plate=plate, ground=composition.ground)
    draw_legend(
        page,
        entries=composition.legend,
        left=plate.box.left,
        top=body.bottom + composition.legend_mm,
        width=plate.box.width,
    )
    shares = any(len(spot.entries) > 1 for spot in composition.spots)
    top = body.bottom - 2.5
    _draw_rule(page, top + 1.2)
    for across, heading, lines in _foot(statement, plate=plate, shares=shares):
        up = top - _FOOT_HEAD.line_mm
        page.write(heading, across, up, face=_FOOT_HEAD)
        for line in lines:
            up -= _FOOT.line_mm
            page.write(line, across, up, face=_FOOT)
    return page


def _title_lines(statement: Statement) -> tuple[str, ...]:
    return wrap(statement.title, width=WIDTH_MM - 2 * _MARGIN_MM - 58, face=_TITLE)


def _asked_lines(statement: Statement) -> tuple[str, ...]:
    words = f"Filters: {statement.asked}" if statement.asked else "No filter"
    return wrap(words, width=WIDTH_MM - 2 * _MARGIN_MM, face=_ASKED)


def _heading_height(statement: Statement) -> float:
    titles, asked = len(_title_lines(statement)), len(_asked_lines(statement))
    return titles * _TITLE.line_mm + _COUNT.line_mm + asked * _ASKED.line_mm + 1.5


def _draw_heading(page: Paper, statement: Statement, *, count: str, aside: str) -> None:
    up = HEIGHT_MM - _MARGIN_MM
    right = WIDTH_MM - _MARGIN_MM
    page.write(statement.produced, right, up - 3.2, face=_ASIDE, align="right")
    page.write(aside, right, up - 6.4, face=_ASIDE, align="right")
    for lines, face in (
        (_title_lines(statement), _TITLE),
        ((count,), _COUNT),
        (_asked_lines(statement), _ASKED),
    ):
        for line in lines:
            page.write(line, _MARGIN_MM, up - face.line_mm * 0.76, face=face)
            up -= face.line_mm
    _draw_rule(page, up - 0.8)


def _draw_running_head(page: Paper, statement: Statement, *, number: int, last: int) -> None:
    up = HEIGHT_MM - _MARGIN_MM
    right = WIDTH_MM - _MARGIN_MM
    title = wrap(statement.title, width=right - _MARGIN_MM - 40, face=_SMALL_TITLE)
    page.write(title[0] if len(title) == 1 else f"{title[0]} …", _MARGIN_MM, up - 4.0, face=_SMALL_TITLE)
    page.write(f"Page {number} of {last}", right, up - 4.0, face=_ASIDE, align="right")
    _draw_rule(page, up - 6.5)
    counted = "; ".join(filter(None, (statement.shown_of, statement.rejected)))
    words = f"{counted}. {statement.data}. {statement.made_with}."
    page.write(wrap(words, width=right - _MARGIN_MM, face=_FOOT)[0], _MARGIN_MM, _MARGIN_MM, face=_FOOT)


def _draw_rule(page: Paper, up: float) -> None:
    page.line([(_MARGIN_MM, up), (WIDTH_MM - _MARGIN_MM, up)], colour=INK, width_pt=0.5, layer=50)


_FootColumn = tuple[float, str, tuple[str, ...]]


def _foot(statement: Statement, *, plate: Plate | None, shares: bool) -> list[_FootColumn]:
    """The columns of the foot: left edge, heading and lines. Without a plate, as long as they can be."""
    scale = "888,888,888" if plate is None else f"{_rounded(plate.metres_per_mm * 1000):,}"
    crs = "Lambert azimuthal equal-area, centred on 88.8° N 188.8° E; datum WGS 84"
    crs = crs if plate is None else plate.frame.crs_words
    about = f"{crs}. Scale about 1 : {scale} at A4. {_NOT_DRAWN}"
    if shares or plate is None:
        about += f" Incidents within {SHARED_MM:.0f} mm of each other share a mark, drawn as the least precise."
    room = WIDTH_MM - 2 * _MARGIN_MM - 2 * _GAP_MM
    widths = (room * 0.44, room * 0.22, room * 0.34)
    lines = wrap(_sources(statement, ", ".join(statement.publishers)), width=widths[0], face=_FOOT)
    if len(lines) > _SOURCE_LINES:
        words = f"{len(statement.publishers)} publishers, named with each incident in full"
        lines = wrap(_sources(statement, words), width=widths[0], face=_FOOT)
    texts = (
        ("Sources", lines),
        ("Map", wrap(about, width=widths[1], face=_FOOT)),
        ("Caution", wrap(_CAUTION, width=widths[2], face=_FOOT)),
    )
    found: list[_FootColumn] = []
    across = _MARGIN_MM
    for width, (heading, text) in zip(widths, texts, strict=True):
        found.append((across, heading, text))
        across += width + _GAP_MM
    return found


def _sources(statement: Statement, cited: str) -> str:
    return (
        f"Incidents: {statement.data}; citing {cited or 'no source'}. Borders: {statement.borders}. "
        f"Places: {statement.places}. Drawn with {statement.made_with}."
    )


def _foot_height(statement: Statement) -> float:
    longest = max(len(lines) for *_, lines in _foot(statement, plate=None, shares=True))
    return _FOOT_HEAD.line_mm + longest * _FOOT.line_mm


def _rounded(scale: float) -> int:
    """A scale to three figures: more would be a claim about the paper."""
    return int(round(scale, 3 - len(str(int(scale)))))
