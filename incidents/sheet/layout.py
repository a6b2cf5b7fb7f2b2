"""Where everything stands on the pages, so that nothing is cut off or covered."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import count
from math import ceil, sqrt
from typing import Final

from gazetteer.boundaries import Boundaries
from gazetteer.place import Place
from incidents.frames import Frame
from incidents.sheet.ground import Ground, Lines
from incidents.sheet.key import Block, Detail, Entry, Section, blocks, draw_blocks, flow, latest, reasons, text_block
from incidents.sheet.legend import LegendEntry, draw_legend, legend, legend_height
from incidents.sheet.locator import Inset
from incidents.sheet.marginalia import (
    GAP_MM,
    MARGIN_MM,
    Marginalia,
    Marks,
    draw_foot,
    draw_heading,
    draw_running_head,
    foot_mm,
    heading_mm,
)
from incidents.sheet.paper import Box, Page, Paper, Type, wrap
from incidents.sheet.plate import Plate
from incidents.sheet.printed_map import Panel, crowded_words, draw_map, places_of, spots
from incidents.sheet.strip import Strip, draw_strip, strip_mm
from incidents.sheet.ties import Ties
from incidents.symbols import Symbol

_PANEL_MM: Final = 84.0

# What cannot be mapped is told on the first page however many incidents are, in this share of a column at most.
_UNMAPPED_SHARE: Final = 0.4

# Room for the degrees beside and below a map, and for the title above one of several.
_DEGREES_MM: Final = (6.5, 4.2)
_CAPTION_MM: Final = 4.6
_CAPTION: Final = Type(7.4, bold=True)

# On an upright page the key stands below the maps, and takes this share of the height.
_KEY_SHARE: Final = 0.36


@dataclass(frozen=True, slots=True)
class MapOf:
    """A map that is to be on the sheet: its frame, its title, and which incidents it may show.

    Attributes
    ----------
    ids : frozenset of str or None
        The incidents of its period; None for all.
    unsure : frozenset of str
        Those among them that may have happened in another period.
    """

    frame: Frame
    letter: str = ""
    title: str = ""
    ids: frozenset[str] | None = None
    unsure: frozenset[str] = frozenset()

    def heading(self, shown: Collection[str]) -> str:
        """Give what stands above it, when it shows these incidents; nothing above the only map."""
        unsure = len(self.unsure.intersection(shown))
        counted = f"{len(shown)}, {unsure} perhaps in another" if unsure else f"{len(shown)}"
        return f"{self.title} ({counted})" if self.title else ""


@dataclass(frozen=True, slots=True)
class Content:
    """What the sheet is to show.

    Attributes
    ----------
    entries : tuple of Entry
        All incidents, in the order in which they are to be numbered.
    maps : tuple of MapOf
        At least one.
    ties : Ties
        All crossings and links among the incidents.
    strip : Strip or None
        The timeline.
    groups : Mapping
        Every group's symbol, in the order of the legend.
    towns : tuple
        For each map the towns that it may name.
    """

    entries: tuple[Entry, ...]
    maps: tuple[MapOf, ...]
    ties: Ties
    strip: Strip | None
    groups: Mapping[str, Symbol]
    towns: tuple[tuple[Place, ...], ...]


@dataclass(frozen=True, slots=True)
class Composition:
    """The first page, arranged but not drawn.

    Attributes
    ----------
    panels : tuple of Panel
        The maps.
    drawn, outside, not_mapped : tuple of Entry
        The incidents that a map shows, those that none shows, and those that cannot be mapped, numbered in this order.
    spare : Box or None
        Room that no map takes, for the locator.
    unseen : str
        Which incidents are linked, where these are few, and which crossings and links are no line on any map, and why.
    region, body : Box
        Where maps, timeline and legend stand; the page between heading and foot.
    """

    page: Page
    panels: tuple[Panel, ...]
    legend: tuple[LegendEntry, ...]
    legend_mm: float
    strip: Strip | None
    inset: Inset | None
    spare: Box | None
    unseen: str
    drawn: tuple[Entry, ...]
    outside: tuple[Entry, ...]
    not_mapped: tuple[Entry, ...]
    region: Box
    body: Box

    @property
    def marks(self) -> Marks:
        """What has to be said of the marks."""
        shared = any(len(spot.entries) > 1 for panel in self.panels for spot in panel.spots)
        return Marks(shared=shared, unseen=self.unseen)

    @property
    def numbered(self) -> tuple[Entry, ...]:
        """All incidents in the order of their numbers."""
        return (*self.drawn, *self.outside, *self.not_mapped)


def compose(content: Content, *, told: Marginalia, page: Page, boundaries: Boundaries) -> Composition:
    """Arrange the first page: the maps as large as heading, foot, timeline and legend leave them.

    On a page that is no sheet (`page.is_bare`), maps, timeline and legend take all of it.
    """
    inset = Inset.of([(one.letter, one.frame) for one in content.maps], boundaries=boundaries)
    strip = content.strip
    plates = [Plate.of(one.frame, box=Box(0, 0, 100, 100)) for one in content.maps]
    longest = f"9999 on these maps, 9999 beyond the edges; {told.shown_of}, 9999 not mappable; {told.rejected}"
    heading, foot, legend_mm = heading_mm(told, page, count=longest), 0.0, 0.0
    lines: Lines | None = None
    unseen = ""
    while True:
        lettered = [(one.letter, plate) for one, plate in zip(content.maps, plates, strict=True)]
        foot = max(foot, foot_mm(told, page, plates=lettered, unseen=unseen))
        body = Box(
            left=MARGIN_MM,
            bottom=MARGIN_MM + foot + 2.5,
            right=page.width_mm - MARGIN_MM,
            top=page.height_mm - MARGIN_MM - heading - 2.0,
        )
        if page.is_bare:
            body = Box(3.0, 3.0, page.width_mm - 3.0, page.height_mm - 3.0)
        region = _region(body, page)
        above = legend_mm + (strip_mm(strip, left=region.left, right=region.right) if strip else 0.0)
        cells, spare = _cells(replace(region, bottom=region.bottom + above), content.maps)
        plates = [Plate.of(one.frame, box=box) for one, box in zip(content.maps, cells, strict=True)]
        if lines is None:
            lines = Lines.all_of(boundaries, plates=plates)
        panels, parts = _panels(content, plates)
        entries = legend(
            [spot for panel in panels for spot in panel.spots],
            groups=content.groups,
            lines=lines,
            ties=[panel.ties for panel in panels],
            towns=any(content.towns),
            elsewhere=strip is not None and not strip.groups <= _groups_on(panels, content.groups),
        )
        lettered = [(one.letter, plate) for one, plate in zip(content.maps, plates, strict=True)]
        needed = legend_height(entries, width=region.width)
        numbers = {entry.incident_id: entry.number for entry in parts[0]}
        tied = content.ties.words([panel.ties for panel in panels], numbers=numbers)
        unseen = " ".join(filter(None, (crowded_words(panels), tied)))
        longer = foot_mm(told, page, plates=lettered, unseen=unseen)
        # A legend that grows makes the map smaller, which may bring more into view; it never shrinks again.
        if needed <= legend_mm and longer <= foot:
            return Composition(
                page, panels, tuple(entries), legend_mm, strip, inset, spare, unseen, *parts, region=region, body=body
            )
        legend_mm, foot = max(needed, legend_mm), max(longer, foot)


def _groups_on(panels: Sequence[Panel], groups: Mapping[str, Symbol]) -> frozenset[str]:
    """The groups of which a map shows an incident."""
    used = {entry.symbol for panel in panels for entry in panel.entries}
    return frozenset(name for name, symbol in groups.items() if symbol in used)


def _region(body: Box, page: Page) -> Box:
    """Where maps, timeline and legend stand."""
    if page.is_bare:
        return body
    if page.is_upright:
        return replace(body, bottom=body.bottom + body.height * _KEY_SHARE)
    return replace(body, right=body.right - _PANEL_MM - GAP_MM)


def _cells(region: Box, maps: Sequence[MapOf]) -> tuple[list[Box], Box | None]:
    """Divide a region among the maps so that they are as large as can be; and the cell that is left over."""
    best: tuple[float, list[Box], Box | None] | None = None
    titled = any(one.title for one in maps)
    for columns in range(1, len(maps) + 1):
        rows = ceil(len(maps) / columns)
        width, height = region.width / columns, region.height / rows
        boxes = [
            Box(
                left=region.left + (number % columns) * width + _DEGREES_MM[0],
                bottom=region.top - (number // columns + 1) * height + _DEGREES_MM[1],
                right=region.left + (number % columns + 1) * width,
                top=region.top - (number // columns) * height - (_CAPTION_MM if titled else 0.0),
            )
            for number in range(columns * rows)
        ]
        if min(box.width for box in boxes) < 25 or min(box.height for box in boxes) < 20:
            continue
        size = sum(_size(one.frame, box) for one, box in zip(maps, boxes, strict=False))
        if best is None or size > best[0] * 1.02:
            best = size, boxes[: len(maps)], boxes[len(maps)] if len(boxes) > len(maps) else None
    if best is None:
        return [region] * len(maps), None
    return best[1], best[2]


def _size(frame: Frame, box: Box) -> float:
    """How large a frame is drawn in a box: the root of its area on paper, in millimetres."""
    plate = Plate.of(frame, box=box)
    corners = [plate.to_mm(x, y) for x in (frame.west, frame.east) for y in (frame.south, frame.north)]
    across, up = ([float(corner[axis]) for corner in corners] for axis in (0, 1))
    return sqrt((max(across) - min(across)) * (max(up) - min(up)))


def _panels(
    content: Content, plates: Sequence[Plate]
) -> tuple[tuple[Panel, ...], tuple[tuple[Entry, ...], tuple[Entry, ...], tuple[Entry, ...]]]:
    """Part the incidents into drawn, on no map and not mappable, number them in this order, and gather each map's."""
    mapped = [entry for entry in content.entries if entry.note is None]
    on: list[list[str]] = []
    drawn: dict[str, Entry] = {}
    for one, plate in zip(content.maps, plates, strict=True):
        here = [
            entry
            for entry in mapped
            if (one.ids is None or entry.incident_id in one.ids) and plate.shows(entry.incident["geometry"])
        ]
        on.append([entry.incident_id for entry in here])
        for entry in here:
            drawn.setdefault(entry.incident_id, entry)
    outside = [entry for entry in mapped if entry.incident_id not in drawn]
    numbers = count(1)
    parts = tuple(
        tuple(replace(entry, number=next(numbers)) for entry in part)
        for part in (drawn.values(), outside, [entry for entry in content.entries if entry.note is not None])
    )
    numbered = {entry.incident_id: entry for entry in parts[0]}
    panels = []
    for one, plate, ids, towns in zip(content.maps, plates, on, content.towns, strict=True):
        entries = tuple(numbered[incident_id] for incident_id in ids)
        found = tuple(spots(entries, plate=plate))
        ties = content.ties.within(plate, places_of(found))
        panels.append(Panel(one.letter, one.heading(ids), plate, entries, found, ties, towns))
    return tuple(panels), (parts[0], parts[1], parts[2])


def draw_pages(
    composition: Composition, *, told: Marginalia, boundaries: Boundaries, groups: Mapping[str, Symbol]
) -> tuple[Paper, ...]:
    """Draw the first page, and as many as the key needs beside it."""
    page, body = composition.page, composition.body
    columns = _key_columns(composition)
    following = _following(composition)
    beside, detail = _beside(composition, columns=columns, pages=1 + len(following))
    if detail is Detail.FULL:
        following = ()
    last = 1 + len(following)
    first = Paper(page)
    number = f"Page 1 of {last}"
    draw_heading(first, told, page, count=count_words(composition, told), number=number, up=body.top + 2.0)
    draw_maps(first, composition, boundaries=boundaries, groups=groups)
    lettered = [(panel.letter, panel.plate) for panel in composition.panels]
    draw_foot(first, told, page, plates=lettered, marks=composition.marks, top=body.bottom - 2.5)
    for column, content in zip(columns, beside, strict=True):
        draw_blocks(first, found=content, column=column)
    pages = [first]
    for turned, filled in enumerate(following, start=2):
        paper = Paper(page)
        draw_running_head(paper, told, page, number=turned, last=last)
        for column, content in zip(_columns(page), filled, strict=True):
            draw_blocks(paper, found=content, column=column)
        pages.append(paper)
    return tuple(pages)


def count_words(composition: Composition, told: Marginalia) -> str:
    """How many incidents the maps show, of how many, and where the others are."""
    drawn, beyond = len(composition.drawn), len(composition.outside)
    where = "this map" if len(composition.panels) == 1 else "these maps"
    on = f"{drawn} on {where}, {beyond} beyond the edges; " if beyond else ""
    shown = f"{on}{told.shown_of}, {len(composition.not_mapped)} not mappable"
    return f"{shown}; {told.rejected}" if told.rejected else shown


def draw_maps(paper: Paper, composition: Composition, *, boundaries: Boundaries, groups: Mapping[str, Symbol]) -> None:
    """Draw the maps with their titles, the locator, the timeline and the legend."""
    inset, spare, region = composition.inset, composition.spare, composition.region
    for number, panel in enumerate(composition.panels):
        plate = panel.plate
        ground = Ground.of(boundaries, plate=plate)
        corner = inset if inset and number == 0 and spare is None else None
        # Maps of one extent have one scale: it would only cover the others.
        scale = number == 0 or plate.frame != composition.panels[0].plate.frame
        draw_map(paper, panel, ground=ground, scale=scale, inset=corner)
        if panel.title:
            title = wrap(f"{panel.letter}  {panel.title}".strip(), width=plate.box.width, face=_CAPTION)[0]
            paper.write(title, plate.box.left, plate.box.top + 1.5, face=_CAPTION)
    if inset and spare:
        width = min(spare.width, 70.0)
        height = min(spare.height, width * 0.75)
        inset.draw(paper, Box(spare.left, spare.top - height, spare.left + width, spare.top))
    up = region.bottom + composition.legend_mm
    if composition.strip:
        box = replace(region, bottom=up, top=up + strip_mm(composition.strip, left=region.left, right=region.right))
        colours = {name: groups[name].colour for name in _groups_on(composition.panels, groups)}
        draw_strip(paper, composition.strip, box=box, colours=colours)
    draw_legend(paper, entries=composition.legend, left=region.left, top=up, width=region.width)


def _key_columns(composition: Composition) -> list[Box]:
    """Where the key stands on the first page: beside the maps, or in two columns below them."""
    page, body, region = composition.page, composition.body, composition.region
    if not page.is_upright:
        return [replace(body, left=body.right - _PANEL_MM)]
    width = (body.width - GAP_MM) / 2
    lower = replace(body, top=region.bottom - 2.0)
    return [replace(lower, right=lower.left + width), replace(lower, left=lower.right - width)]


def _beside(composition: Composition, *, columns: Sequence[Box], pages: int) -> tuple[list[list[Block]], Detail | None]:
    """The fullest key that fits on the first page; where even the shortest does not, as much of it as fits."""
    width = columns[0].width
    empty: list[list[Block]] = [[] for _ in columns[1:]]
    if not (composition.drawn or composition.outside or composition.not_mapped):
        return [[text_block("No incident answers these filters.", width=width, loud=True)], *empty], Detail.FULL
    for detail in sorted(Detail, reverse=True):
        found = _key(composition, detail=detail, width=width)
        if detail is Detail.FULL:
            filled, rest = flow(found, columns=columns)
        else:
            last = f"page {pages}" if pages == 2 else f"pages 2–{pages}"
            found.append(text_block(f"In full, with summaries and sources: {last} of the PDF.", width=width))
            filled, rest = flow(found, columns=columns)
        if not rest:
            if detail <= Detail.BY_PLACE:
                left = columns[-1].height - sum(block.height for block in filled[-1])
                filled[-1] += latest(composition.drawn, width=width, room_mm=left)
            return filled, detail
    return _as_many_as_fit(composition, columns=columns, pages=pages), None


def _as_many_as_fit(composition: Composition, *, columns: Sequence[Box], pages: int) -> list[list[Block]]:
    """The first places of the shortest key, how many more there are where, and why some are on no map."""
    width = columns[0].width
    unmapped = reasons(composition.not_mapped, width=width, room_mm=columns[-1].height * _UNMAPPED_SHARE)

    def remark(more: int) -> Block:
        where = f"page {pages}" if pages == 2 else f"pages 2–{pages}"
        first = f"… and {more} more places. " if more else ""
        return text_block(f"{first}All in full, with summaries and sources: {where} of the PDF.", width=width)

    *before, last = (replace(column, bottom=column.bottom + remark(9999).height) for column in columns)
    last = replace(last, bottom=last.bottom + sum(block.height for block in unmapped))
    places = _key(replace(composition, not_mapped=()), detail=Detail.AT_PLACES, width=width)
    filled, rest = flow(places, columns=[*before, last])
    filled[-1] += [remark(sum(not block.leads for block in rest)), *unmapped]
    return filled


def _key(composition: Composition, *, detail: Detail, width: float) -> list[Block]:
    """The key, map by map; an incident that two maps show is listed under the first, and named under the other."""
    listed: set[str] = set()
    drawn: list[Section] = []
    for panel in composition.panels:
        new = tuple(entry for entry in panel.entries if entry.incident_id not in listed)
        again = tuple(entry for entry in panel.entries if entry.incident_id in listed)
        listed.update(entry.incident_id for entry in new)
        title = panel.title.rpartition(" (")[0]
        drawn.append(Section(f"{panel.letter}  {title}".strip() if title else "On the map", new, again))
    return blocks(drawn, outside=composition.outside, not_mapped=composition.not_mapped, detail=detail, width=width)


def _following(composition: Composition) -> tuple[list[list[Block]], ...]:
    columns = _columns(composition.page)
    rest = _key(composition, detail=Detail.FULL, width=columns[0].width)
    pages: list[list[list[Block]]] = []
    while rest:
        filled, rest = flow(rest, columns=columns)
        pages.append(filled)
    return tuple(pages)


def _columns(page: Page) -> list[Box]:
    """The columns of a page of the key."""
    number = 2 if page.is_upright else 3
    width = (page.width_mm - 2 * MARGIN_MM - (number - 1) * GAP_MM) / number
    lefts = [MARGIN_MM + column * (width + GAP_MM) for column in range(number)]
    return [Box(left, MARGIN_MM + 6, left + width, page.height_mm - MARGIN_MM - 10) for left in lefts]
