"""The key: the list of numbered incidents beside the map, as full as the room allows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import IntEnum
from typing import Any, Final

from incidents.dataset import Citation
from incidents.filters import UNATTRIBUTED, day_words
from incidents.sheet.direction import turned
from incidents.sheet.labels import number_runs, numbers_named
from incidents.sheet.marks import draw_mark
from incidents.sheet.paper import FAINT_INK, Box, Paper, Type, wrap
from incidents.symbols import Symbol
from incidents.wording import Joint, date_words, drawn_words, figures_words, group_words, place_words, precision_words

_HEADING: Final = Type(7.4, bold=True)
_NUMBER: Final = Type(6.3, bold=True)
_STRONG: Final = Type(6.3, bold=True)
_BODY: Final = Type(6.1)
_NOTE: Final = Type(5.6, colour=FAINT_INK)

_UNMAPPED: Final = "Not on the map"
_LATEST: Final = "The latest on the map"

# Fewer of the latest than this are not worth a section.
_A_FEW: Final = 3

_MARK_AT_MM: Final = 7.2
_INDENT_MM: Final = 9.8


class Detail(IntEnum):
    """How much the key says of each incident."""

    AT_PLACES = 0  # the numbers at each place; of what is on no map the numbers, with why it cannot be mapped
    BY_PLACE = 1  # with days and groups at each place, the rest as before
    BRIEF = 2  # date and place of what is on a map
    SHORT = 3  # the rest with identifiers
    MIXED = 4  # plain for what is on the map, short for the rest
    PLAIN = 5  # with group, figures and precision
    FULL = 6  # with summary and sources


@dataclass(frozen=True, slots=True)
class Entry:
    """An incident as the key lists it.

    Attributes
    ----------
    incident : Mapping
        A record of `geocode.records`.
    symbol : Symbol
        Its group's.
    citations : tuple of Citation
        Where it is told.
    note : str or None
        Why it cannot be mapped.
    joint : Mapping
        The incidents that its figure counts too, by identifier, and their names (see `wording.joint_figures`).
    number : int
        Its number on the sheet.
    """

    incident: Mapping[str, Any]
    symbol: Symbol
    citations: tuple[Citation, ...] = ()
    note: str | None = None
    joint: Mapping[str, str] = field(default_factory=dict)
    number: int = 0

    @property
    def incident_id(self) -> str:
        """The incident's identifier."""
        return str(self.incident["incident_id"])

    @property
    def brief(self) -> str:
        """Number, day, place and group in one line of text."""
        incident = self.incident
        return f"{self.number}  {date_words(incident)} · {place_words(incident)} · {group_words(incident)}"

    @property
    def line(self) -> str:
        """Number, day, place, group, precision and sources in one line of text."""
        incident = self.incident
        where = self.note or drawn_words(incident)
        return f"{self.brief} · {where} · {incident['incident_id']}" + (
            f" · {_cited(self.citations)}" if self.citations else ""
        )


@dataclass(frozen=True, slots=True)
class Block:
    """Lines that stay together, with a number and a mark before them."""

    lines: tuple[tuple[str, Type], ...]
    number: str = ""
    symbol: Symbol | None = None
    space_mm: float = 0.9
    before_mm: float = 0.0
    leads: bool = field(default=False, kw_only=True)

    @property
    def height(self) -> float:
        """Millimetres that the block takes, with the space before and after it."""
        return self.before_mm + sum(face.line_mm for _, face in self.lines) + self.space_mm


@dataclass(frozen=True, slots=True)
class Section:
    """What one map shows, under its heading; `again` are incidents that an earlier section lists."""

    heading: str
    entries: tuple[Entry, ...]
    again: tuple[Entry, ...] = ()


def blocks(
    drawn: Sequence[Section],
    *,
    outside: Sequence[Entry],
    not_mapped: Sequence[Entry],
    detail: Detail,
    width: float,
) -> list[Block]:
    """Set the sections of the key, each with its heading; a section without entries is left out.

    Parameters
    ----------
    drawn
        What each map shows.
    width
        Millimetres of a column.
    """
    on_maps = [entry for section in drawn for entry in section.entries]
    joint = _numbered_figures((*on_maps, *outside, *not_mapped))

    def listed(entries: Sequence[Entry]) -> list[Block]:
        if detail <= Detail.BY_PLACE:
            return _by_place(entries, told=detail is Detail.BY_PLACE, width=width)
        fullness = {Detail.MIXED: Detail.PLAIN, Detail.BRIEF: Detail.SHORT}.get(detail, detail)
        return [_block(entry, detail=fullness, width=width, joint=joint) for entry in entries]

    found: list[Block] = []
    for section in drawn:
        content = listed(section.entries)
        if section.again:
            content.append(text_block(f"{_numbered(section.again)} as well, listed above.", width=width))
        found += _section(section.heading, (*section.entries, *section.again), content, width=width)
    if detail <= Detail.MIXED:
        beyond = [text_block(f"{_numbered(outside)}.", width=width)]
        found += _section("Beyond the edges of the map", outside, beyond, width=width)
        found += reasons(not_mapped, identified=detail > Detail.BRIEF, width=width)
    else:
        found += _section("Beyond the edges of the map", outside, listed(outside), width=width)
        found += _section(_UNMAPPED, not_mapped, listed(not_mapped), width=width)
    return found


def reasons(
    entries: Sequence[Entry], *, identified: bool = False, width: float, room_mm: float = float("inf")
) -> list[Block]:
    """Set the section of what cannot be mapped: every reason once, the most frequent first, with whom it holds for.

    Parameters
    ----------
    identified
        With the identifier of each incident beside its number; else numbers that follow each other are one run.
    room_mm
        The height that the section may take. Reasons that find no room are one line, with the numbers of theirs.
    """
    held: dict[str, list[Entry]] = {}
    for entry in entries:
        held.setdefault(entry.note or "", []).append(entry)
    ranked = sorted(held.items(), key=lambda reason: -len(reason[1]))
    listed = [_reason(words, those, identified=identified, width=width) for words, those in ranked]
    found = _section(_UNMAPPED, entries, listed, width=width)
    told = len(ranked)
    while told and sum(block.height for block in found) > room_mm:
        told -= 1
        others = [entry for _, those in ranked[told:] for entry in those]
        found = [*found[: told + 1], _reason("For other reasons, told in full with each:", others, width=width)]
    return found


def latest(entries: Sequence[Entry], *, width: float, room_mm: float) -> list[Block]:
    """Set a section of the latest incidents, as many as find room; none if that is not more than a few."""
    ranked = sorted(entries, key=lambda entry: (entry.incident["date_start"], entry.number), reverse=True)
    found: list[Block] = []
    room_mm -= _section(_LATEST, ranked[:1], [], width=width)[0].height if ranked else 0.0
    for entry in ranked:
        block = _block(entry, detail=Detail.SHORT, width=width, joint={})
        if block.height > room_mm:
            break
        room_mm -= block.height
        found.append(block)
    return _section(_LATEST, ranked[: len(found)], found, width=width) if len(found) > _A_FEW else []


def _numbered_figures(entries: Sequence[Entry]) -> Joint:
    """Names of the incidents that share a figure, with the number of those that are on this sheet."""
    numbers = {entry.incident["incident_id"]: entry.number for entry in entries}
    return {
        entry.incident["incident_id"]: {
            other: f"{name} (no. {numbers[other]})" if other in numbers else name for other, name in entry.joint.items()
        }
        for entry in entries
        if entry.joint
    }


def _section(heading: str, entries: Sequence[Entry], content: Sequence[Block], *, width: float) -> list[Block]:
    lines = wrap(f"{heading} ({len(entries)})", width=width, face=_HEADING)
    title = Block(tuple((line, _HEADING) for line in lines), space_mm=0.8, before_mm=2.2, leads=True)
    return [title, *content] if entries else []


def _reason(reason: str, entries: Sequence[Entry], *, identified: bool = False, width: float) -> Block:
    """A reason and the incidents that it holds for."""
    words = reason if identified else f"{reason} {_numbered(entries)}."
    lines = [(line, _BODY) for line in wrap(words, width=width, face=_BODY)]
    if identified:
        named = ", ".join(f"{entry.number}:\u00a0{entry.incident['incident_id']}" for entry in entries)
        lines += [(line, _NOTE) for line in wrap(named, width=width, face=_NOTE)]
    return Block(tuple(lines))


def _by_place(entries: Sequence[Entry], *, told: bool, width: float) -> list[Block]:
    """Every place once, with the numbers of its incidents; and, if `told`, when they were and whose."""
    at: dict[str, list[Entry]] = {}
    for entry in entries:
        at.setdefault(place_words(entry.incident), []).append(entry)
    found = []
    for place, those in at.items():
        numbers = ", ".join(number_runs(entry.number for entry in those))
        if told:
            texts = [
                (f"{place} ({len(those)})", _STRONG),
                (_when_and_whose(those), _BODY),
                (_numbered(those), _NOTE),
            ]
        else:
            texts = [(f"{place}: {numbers}", _BODY)]
        lines = [(line, face) for text, face in texts for line in wrap(text, width=width, face=face)]
        found.append(Block(tuple(lines), space_mm=1.1 if told else 0.45))
    return found


def _when_and_whose(entries: Sequence[Entry]) -> str:
    """From the first day to the last, and how many are whose, the most first."""
    first = min(entries, key=lambda entry: entry.incident["date_start"]).incident["date_start"].date()
    last = max(entries, key=lambda entry: entry.incident["date_end"]).incident["date_end"].date()
    days = day_words(first) if first == last else f"{day_words(first)} – {day_words(last)}"
    groups = Counter(entry.incident["actor_family"] or UNATTRIBUTED for entry in entries)
    return f"{days}: {', '.join(f'{group} {count}' for group, count in groups.most_common())}"


def _numbered(entries: Sequence[Entry]) -> str:
    return numbers_named(entry.number for entry in entries)


def text_block(text: str, *, width: float, loud: bool = False) -> Block:
    """Set a remark."""
    face = _HEADING if loud else _NOTE
    return Block(tuple((line, face) for line in wrap(text, width=width, face=face)), space_mm=1.5)


def _block(entry: Entry, *, detail: Detail, width: float, joint: Joint) -> Block:
    incident = entry.incident
    head = f"{date_words(incident)} · {place_words(incident)}"
    body: list[tuple[str, Type]] = []
    if detail is Detail.SHORT:
        body.append((head, _BODY))
    else:
        body.append((head, _STRONG))
        figures = figures_words(incident, joint=joint)
        body.append((f"{group_words(incident)} · {figures}", _BODY))
        if detail is Detail.FULL:
            body.append((turned(incident["summary"]), _BODY))
        known = drawn_words(incident) if detail is Detail.FULL else precision_words(incident)
        body.append((f"{incident['incident_id']} · {entry.note or known}", _NOTE))
        if detail is Detail.FULL and entry.citations:
            body.append((f"Sources: {_cited(entry.citations)}", _NOTE))
    lines = [(line, face) for text, face in body for line in wrap(text, width=width - _INDENT_MM, face=face)]
    space_mm = 0.45 if detail is Detail.SHORT else 1.1
    return Block(tuple(lines), number=str(entry.number), symbol=entry.symbol, space_mm=space_mm)


def _cited(citations: Sequence[Citation]) -> str:
    """Each source once, with all its passages."""
    passages: dict[Citation, list[str]] = {}
    for citation in citations:
        passages.setdefault(replace(citation, locator=None), []).append(citation.locator or "")
    found = []
    for source, locators in passages.items():
        stated = "; ".join(dict.fromkeys(filter(None, locators)))
        found.append(f"{source} ({stated})" if stated else str(source))
    return "; ".join(found)


def flow(found: Sequence[Block], *, columns: Sequence[Box]) -> tuple[list[list[Block]], list[Block]]:
    """Fill columns with blocks, top down.

    Returns
    -------
    tuple of list and list
        The blocks of each column, and those that found no room. A heading goes with what follows it; a block
        that is higher than a whole column is cut into blocks of its lines.
    """
    rest = list(found)
    filled: list[list[Block]] = []
    for column in columns:
        here: list[Block] = []
        room = column.height
        if rest:
            rest[0] = replace(rest[0], before_mm=0.0)  # a column begins at its top
        while rest:
            needed = rest[0].height + (rest[1].height if rest[0].leads and len(rest) > 1 else 0)
            if needed - rest[0].space_mm > room:
                if here or len(rest[0].lines) < 2:
                    break
                rest[0:1] = _cut(rest[0], room=room)
            room -= rest[0].height
            here.append(rest.pop(0))
        filled.append(here)
    return filled, rest


def _cut(block: Block, *, room: float) -> list[Block]:
    fits, used = 0, 0.0
    for _, face in block.lines:
        if used + face.line_mm > room:
            break
        used += face.line_mm
        fits += 1
    fits = max(1, min(fits, len(block.lines) - 1))
    first = Block(block.lines[:fits], number=block.number, symbol=block.symbol, space_mm=0.0)
    return [first, Block(block.lines[fits:], number=f"({block.number})", space_mm=block.space_mm)]


def draw_blocks(paper: Paper, *, found: Sequence[Block], column: Box) -> None:
    """Write blocks into a column, top down."""
    up = column.top
    for block in found:
        up -= block.before_mm
        first = block.lines[0][1]
        indent = _INDENT_MM if block.number else 0.0
        if block.number:
            paper.write(block.number, column.left + 4.6, up - first.line_mm * 0.78, face=_NUMBER, align="right")
        if block.symbol is not None:
            draw_mark(paper, across=column.left + _MARK_AT_MM, up=up - first.line_mm * 0.52, symbol=block.symbol)
        for line, face in block.lines:
            across = {"left": column.left + indent, "right": column.right}
            paper.write_between(line, **across, up=up - face.line_mm * 0.78, face=face)
            up -= face.line_mm
        up -= block.space_mm
