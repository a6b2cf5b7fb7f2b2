"""Marginalia: what stands around the maps in words, from the title to the disclaimer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from incidents.sheet.direction import is_turned, turned
from incidents.sheet.imprint import NOT_STATED, Imprint
from incidents.sheet.paper import FAINT_INK, INK, Page, Paper, Type, width_mm, wrap
from incidents.sheet.plate import Plate
from incidents.sheet.printed_map import SHARED_MM

MARGIN_MM: Final = 9.0
GAP_MM: Final = 5.0

# The largest in which a title takes two lines at most; Arabic reaches lower than Latin.
_TITLES: Final = tuple(Type(size_pt, bold=True, leading=1.5) for size_pt in (15.0, 12.5, 10.5))
_SUBTITLE: Final = Type(9.0, leading=1.65)
_SMALL_TITLE: Final = Type(9.0, bold=True)
_COUNT: Final = Type(8.2, bold=True)
_ASKED: Final = Type(7.4)
_NOTE: Final = Type(7.4, bold=True, colour="#8c1d18")
_ISSUE: Final = Type(6.6, bold=True)
_ASIDE: Final = Type(6.2, colour=FAINT_INK)
_FOOT_HEAD: Final = Type(5.6, bold=True, colour=FAINT_INK)
_FOOT: Final = Type(5.4, colour=FAINT_INK)

#: Room for what stands at the right of the heading.
_ASIDE_MM: Final = 66.0

#: More lines of publishers than this are a list for the following pages.
_SOURCE_LINES: Final = 8

_CAUTION: Final = (
    "An incident may have happened anywhere within its ring or area. Reports are incomplete: a place without a mark is "
    "not a place without incidents."
)

# What stands before the day of a title, and a space at which no line ends.
_AS_OF: Final = " (as of "
_HELD: Final = "\u00a0"

# Of a map of half the world.
_NO_ONE_SCALE: Final = "north follows the meridians; no one scale: the bar is true east and west"

# What the desk lays over its map is told there with its reasons, for which a map on paper has no room.
_NOT_DRAWN: Final = "Of what a desk lays over its map, a sheet draws documented crossings and links alone."


@dataclass(frozen=True, slots=True)
class Marginalia:
    """What a sheet states in words: title, count, filters, what is missing, and where everything comes from."""

    title: str
    produced: str
    data_to: str
    imprint: Imprint
    shown_of: str
    rejected: str
    asked: str
    overlays: tuple[str, ...]
    data: str
    borders: str
    border_notes: tuple[str, ...]
    places: str
    towns: str
    made_with: str
    publishers: tuple[str, ...]
    empty: str = ""

    def with_sources(self, *, places: str | None, towns: str | None) -> Marginalia:
        """Name the gazetteers that placed the incidents and named the towns; None is not stated."""
        return replace(self, places=places or NOT_STATED, towns=_towns_words(places, towns))

    @property
    def asked_words(self) -> str:
        """The filters in words, or that there are none."""
        return f"Filters: {self.asked}" if self.asked else "No filter"

    @property
    def asides(self) -> tuple[tuple[str, Type], ...]:
        """What stands at the right of the heading, but for the page."""
        return (
            (self.imprint.issue, _ISSUE),
            (self.produced, _ASIDE),
            (self.data_to, _ASIDE),
            (f"Handling: {self.imprint.handling or NOT_STATED}", _ISSUE),
        )

    @property
    def map_notes(self) -> tuple[str, ...]:
        """What is laid over the maps, and which periods have none, sentence by sentence."""
        return (*self.overlays, self.empty) if self.empty else self.overlays

    @property
    def caution(self) -> str:
        """What borders and names do not mean, and what a mark and its absence do not."""
        return " ".join([self.imprint.disclaimer, *self.border_notes, _CAUTION])

    def sources(self, cited: str) -> str:
        """Name the sources, layer by layer."""
        return (
            f"Incidents: {self.data}; citing {cited or 'no source'}. Places of incidents: {self.places}. "
            f"Names of towns: {self.towns}. Land, borders and divisions: {self.borders}. Drawn with {self.made_with}."
        )


def _towns_words(places: str | None, towns: str | None) -> str:
    if towns is None:
        return "none drawn"
    return "the same" if towns == places else towns


def _title_lines(title: str, *, width: float, face: Type) -> tuple[str, ...]:
    """Break a title, turned the way it begins, into lines of which none parts the day at its end."""
    subject, opening, day = turned(title).rpartition(_AS_OF)
    held = f"{subject} {_HELD.join(f'{opening}{day}'.split())}"
    return tuple(line.replace(_HELD, " ") for line in wrap(held, width=width, face=face))


def _lines(told: Marginalia, page: Page, *, count: str) -> list[tuple[str, Type]]:
    """The lines at the left of the heading, and the note of a correction under them."""
    width = page.width_mm - 2 * MARGIN_MM
    titles = [
        [(line, face) for line in _title_lines(told.title, width=width - _ASIDE_MM, face=face)] for face in _TITLES
    ]
    title = next((lines for lines in titles if len(lines) <= 2), titles[-1])
    texts = (
        (turned(told.imprint.subtitle or ""), _SUBTITLE, width - _ASIDE_MM),
        (count, _COUNT, width - _ASIDE_MM),
        (told.asked_words, _ASKED, width - _ASIDE_MM),
        (told.imprint.correction_words, _NOTE, width),
    )
    below = [(line, face) for text, face, room in texts for line in wrap(text, width=room, face=face)]
    return [*title, *below]


def _aside_lines(told: Marginalia) -> list[tuple[str, Type]]:
    return [(line, face) for text, face in told.asides for line in wrap(text, width=_ASIDE_MM - 4, face=face)]


def heading_mm(told: Marginalia, page: Page, *, count: str) -> float:
    """Measure the heading, in millimetres from the margin to the rule below it."""
    left = _lines(told, page, count=count)
    note = sum(face.line_mm for _, face in left if face is _NOTE)
    beside = sum(face.line_mm for _, face in left) - note
    aside = sum(face.line_mm for _, face in _aside_lines(told)) + _ASIDE.line_mm
    return max(beside, aside) + note + 1.5


def draw_heading(paper: Paper, told: Marginalia, page: Page, *, count: str, number: str, up: float) -> None:
    """Write title, count, filters and the note of a correction; at the right, which sheet this is; a rule at `up`.

    The page reads from the left, and so the heading stands there whatever its letters. Its lines that read from the
    right begin above each other, at the right end of the longest of them.
    """
    draw_rule(paper, page, up)
    top, right = page.height_mm - MARGIN_MM, page.width_mm - MARGIN_MM
    up = top
    for line, face in (*_aside_lines(told), (number, _ASIDE)):
        up -= face.line_mm
        paper.write(line, right, up + face.line_mm * 0.24, face=face, align="right")
    left = _lines(told, page, count=count)
    begin = MARGIN_MM + max((width_mm(line, face) for line, face in left if is_turned(line)), default=0.0)
    low, up = up, top
    for line, face in left:
        if face is _NOTE:
            up = min(up, low)
        paper.write_between(line, left=MARGIN_MM, right=begin, up=up - face.line_mm * 0.76, face=face)
        up -= face.line_mm


def draw_running_head(paper: Paper, told: Marginalia, page: Page, *, number: int, last: int) -> None:
    """Write the title, the page and the handling note of a page of the key, and at its foot what is counted."""
    up, right = page.height_mm - MARGIN_MM, page.width_mm - MARGIN_MM
    title = _title_lines(told.title, width=right - MARGIN_MM - _ASIDE_MM, face=_SMALL_TITLE)
    paper.write(title[0] if len(title) == 1 else f"{title[0]} …", MARGIN_MM, up - 4.0, face=_SMALL_TITLE)
    aside = wrap(f"Handling: {told.imprint.handling or NOT_STATED}", width=_ASIDE_MM - 22, face=_ASIDE)[0]
    paper.write(f"{aside} · Page {number} of {last}", right, up - 4.0, face=_ASIDE, align="right")
    draw_rule(paper, page, up - 6.5)
    counted = "; ".join(filter(None, (told.shown_of, told.rejected)))
    words = f"{told.imprint.issue}. {counted}. {told.data}. {told.made_with}."
    paper.write(wrap(words, width=right - MARGIN_MM, face=_FOOT)[0], MARGIN_MM, MARGIN_MM, face=_FOOT)


def draw_rule(paper: Paper, page: Page, up: float) -> None:
    """Draw a line across the page."""
    paper.line([(MARGIN_MM, up), (page.width_mm - MARGIN_MM, up)], colour=INK, width_pt=0.5, layer=50)


@dataclass(frozen=True, slots=True)
class Marks:
    """What has to be said of the marks on the maps.

    Attributes
    ----------
    shared : bool
        Whether one of them stands for incidents that lie too near to be told apart.
    unseen : str
        Which incidents are linked, where these are few, and which crossings and links are no line on any map, and why.
    """

    shared: bool
    unseen: str

    @property
    def sentences(self) -> tuple[str, ...]:
        """What has to be said, sentence by sentence."""
        together = f"Incidents of a country within {SHARED_MM:.0f} mm share a mark, drawn as the least precise."
        return tuple(filter(None, (self.unseen, _NOT_DRAWN, together if self.shared else "")))


_Column = tuple[float, str, tuple[str, ...]]


def _foot(told: Marginalia, page: Page, *, plates: Sequence[tuple[str, Plate]], marks: Marks) -> list[list[_Column]]:
    """The rows of columns of the foot: left edge, heading and lines."""
    about = [*_projections(plates), *told.map_notes, *marks.sentences]
    texts = {
        "Sources": told.sources(", ".join(told.publishers)),
        "Map": " ".join(about),
        "This sheet": "",
        "Caution": told.caution,
    }
    rows: tuple[tuple[tuple[str, float], ...], ...] = (
        (("Sources", 0.3), ("Map", 0.34), ("This sheet", 0.13), ("Caution", 0.23)),
    )
    if page.is_upright:
        rows = (
            (("Sources", 0.5), ("Map", 0.5)),
            (("This sheet", 0.36), ("Caution", 0.64)),
        )
    found: list[list[_Column]] = []
    for row in rows:
        room = page.width_mm - 2 * MARGIN_MM - (len(row) - 1) * GAP_MM
        across, columns = MARGIN_MM, []
        for heading, share in row:
            lines = wrap(texts[heading], width=room * share, face=_FOOT)
            if heading == "Sources" and len(lines) > _SOURCE_LINES:
                words = f"{len(told.publishers)} publishers, named with each incident in full"
                lines = wrap(told.sources(words), width=room * share, face=_FOOT)
            if heading == "This sheet":
                rows_of = (f"{name}: {value}" for name, value in told.imprint.rows)
                lines = tuple(line for text in rows_of for line in wrap(text, width=room * share, face=_FOOT))
            columns.append((across, heading, lines))
            across += room * share + GAP_MM
        found.append(columns)
    return found


def _projections(plates: Sequence[tuple[str, Plate]]) -> list[str]:
    """Projection, datum and scale of each map."""
    letters: dict[str, list[str]] = {}
    for letter, plate in plates:
        scale = _NO_ONE_SCALE if plate.frame.is_wide else f"scale {plate.scale_words}"
        words = f"{plate.frame.crs_words}; {scale} on this paper."
        letters.setdefault(words, []).append(letter)
    return [f"{', '.join(found)}: {words}" if any(found) else words for words, found in letters.items()]


def foot_mm(told: Marginalia, page: Page, *, plates: Sequence[tuple[str, Plate]], unseen: str) -> float:
    """Measure the foot, in millimetres."""
    rows = _foot(told, page, plates=plates, marks=Marks(shared=True, unseen=unseen))
    return sum(_FOOT_HEAD.line_mm + max(len(lines) for *_, lines in row) * _FOOT.line_mm + 1.2 for row in rows)


def draw_foot(
    paper: Paper, told: Marginalia, page: Page, *, plates: Sequence[tuple[str, Plate]], marks: Marks, top: float
) -> None:
    """Write sources, projection, imprint and cautions below `top`."""
    draw_rule(paper, page, top + 1.2)
    for row in _foot(told, page, plates=plates, marks=marks):
        for across, heading, lines in row:
            up = top - _FOOT_HEAD.line_mm
            paper.write(heading, across, up, face=_FOOT_HEAD)
            for line in lines:
                up -= _FOOT.line_mm
                paper.write(line, across, up, face=_FOOT)
        top -= _FOOT_HEAD.line_mm + max(len(lines) for *_, lines in row) * _FOOT.line_mm + 1.2
