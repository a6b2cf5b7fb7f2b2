"""Paper: a page measured in millimetres, and text that is measured before it is written."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final, Literal, Self

from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.lines import Line2D
from matplotlib.patches import Patch, Rectangle
from matplotlib.textpath import text_to_path
from matplotlib.transforms import TransformedPatchPath

from incidents.sheet.direction import LEFT_TO_RIGHT, RIGHT_TO_LEFT, continued, is_turned, kept
from incidents.sheet.line_of_text import Line
from incidents.sheet.typefaces import font, without_glyph, writable

MM_PER_POINT: Final = 25.4 / 72
DPI: Final = 300


@dataclass(frozen=True, slots=True)
class Page:
    """A size of paper, in whole pixels at 300 dpi, and what a reader calls it."""

    words: str
    width_px: int
    height_px: int
    is_bare: bool = False  # maps, timeline and legend only: a slide says the rest in its own text

    @property
    def inches(self) -> tuple[float, float]:
        """Width and height in inches."""
        return self.width_px / DPI, self.height_px / DPI

    @property
    def width_mm(self) -> float:
        """Width in millimetres."""
        return self.inches[0] * 25.4

    @property
    def height_mm(self) -> float:
        """Height in millimetres."""
        return self.inches[1] * 25.4

    @property
    def is_upright(self) -> bool:
        """Whether the page is higher than wide."""
        return self.height_px > self.width_px


#: What a sheet can be drawn on.
PAGES: Final = {
    "a4-landscape": Page("A4, landscape", 3508, 2480),
    "a4-portrait": Page("A4, portrait", 2480, 3508),
    "letter-landscape": Page("Letter, landscape", 3300, 2550),
    "letter-portrait": Page("Letter, portrait", 2550, 3300),
    "slide": Page("Slide, 16:9", 2700, 1620, is_bare=True),
}

INK: Final = "#1b1f24"
FAINT_INK: Final = "#4d5560"


@dataclass(frozen=True, slots=True)
class Type:
    """How a text is set: size in points, weight, colour (`#rrggbb`) and lines' distance."""

    size_pt: float
    bold: bool = False
    colour: str = INK
    leading: float = 1.3

    @property
    def line_mm(self) -> float:
        """From one line to the next, in millimetres."""
        return self.size_pt * self.leading * MM_PER_POINT

    def font(self, text: str) -> FontProperties:
        """Give the font for a text, with the ones behind it if there are letters that it has not."""
        return font(self.size_pt, bold=self.bold, text=text)


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle on the page, in millimetres from its lower left corner."""

    left: float
    bottom: float
    right: float
    top: float

    @property
    def width(self) -> float:
        """Millimetres from left to right."""
        return self.right - self.left

    @property
    def height(self) -> float:
        """Millimetres from bottom to top."""
        return self.top - self.bottom

    def grown(self, by_mm: float) -> Self:
        """Give the box with a margin around it."""
        return replace(
            self,
            left=self.left - by_mm,
            bottom=self.bottom - by_mm,
            right=self.right + by_mm,
            top=self.top + by_mm,
        )

    def overlaps(self, other: Box) -> bool:
        """Whether two boxes share more than an edge."""
        return (
            self.left < other.right and other.left < self.right and self.bottom < other.top and other.bottom < self.top
        )

    def holds(self, other: Box) -> bool:
        """Whether `other` lies inside."""
        return (
            self.left <= other.left
            and other.right <= self.right
            and self.bottom <= other.bottom
            and other.top <= self.top
        )


@lru_cache(maxsize=20_000)
def width_mm(text: str, face: Type) -> float:
    """Measure a line of text as it is written, in millimetres; the same in every format, since nothing is hinted."""
    said = _said(text, face)
    if len(face.font(said).get_family()) > 1:
        return _measured_mm(said, face)
    # In the font of Latin letters a space moves no letter, so that each word is measured once, whatever its lines.
    words = said.split(" ")
    return sum(_measured_mm(word, face) for word in words if word) + (len(words) - 1) * _measured_mm(" ", face)


@lru_cache(maxsize=50_000)
def _measured_mm(said: str, face: Type) -> float:
    width, _, _ = text_to_path.get_text_width_height_descent(said, face.font(said), False)
    return float(width) * MM_PER_POINT


def _said(text: str, face: Type) -> str:
    """Give a line as it is written: read from the left unless it is turned, and with a box for what no font has."""
    return kept(writable(text, bold=face.bold))


def one_line(text: str) -> str:
    """Give `text` without line breaks, tabs and control characters; spaces that do not break stay."""
    plain = "".join(" " if unicodedata.category(sign) == "Cc" else sign for sign in text)
    return " ".join(word for word in plain.split(" ") if word)


def _marks(line: str) -> int:
    """How many marks of direction lead a line."""
    return len(line) - len(line.lstrip(f"{LEFT_TO_RIGHT}{RIGHT_TO_LEFT}"))


def wrap(text: str, *, width: float, face: Type) -> tuple[str, ...]:
    """Break a text into lines of at most `width` millimetres; a word that is longer is broken too.

    Lines of a text that is turned (`direction.turned`) are so too.
    """
    lines: list[str] = []
    line = ""
    for word in one_line(text).split(" "):
        longer = f"{line} {word}" if line else word
        if width_mm(longer, face) <= width:
            line = longer
            continue
        if line:
            lines.append(line)
        line = continued(word, before=lines[-1]) if lines else word
        while width_mm(line, face) > width and len(line) > (least := _marks(line) + 1):
            ends = range(len(line) - 1, least, -1)
            fits = next((end for end in ends if width_mm(line[:end], face) <= width), least)
            lines.append(line[:fits])
            line = continued(line[fits:], before=lines[-1])
    return (*lines, line) if line else tuple(lines)


class Paper:
    """One page; everything on it is placed in millimetres from the lower left corner."""

    __slots__ = ("_axes", "_edge", "_edges", "_unwritten", "figure")

    def __init__(self, page: Page) -> None:
        self.figure = Figure(figsize=page.inches, dpi=DPI, facecolor="white")
        FigureCanvasAgg(self.figure)
        self._axes: Axes = self.figure.add_axes((0.0, 0.0, 1.0, 1.0))
        self._axes.set_axis_off()
        self._axes.set_xlim(0, page.width_mm)
        self._axes.set_ylim(0, page.height_mm)
        self._axes.set_autoscale_on(False)
        self._edge = TransformedPatchPath(self._axes.patch)
        self._edges: dict[Box, TransformedPatchPath] = {}
        self._unwritten: dict[str, None] = {}

    @property
    def unwritten(self) -> tuple[str, ...]:
        """The letters that are boxes on the page, since no font has them, in the order in which they were met."""
        return tuple(self._unwritten)

    def draw(self, shape: Patch | Line2D, *, layer: float, within: Box | None = None) -> None:
        """Put a shape on the page, in front of lower layers, cut at the edges of `within`."""
        shape.set_zorder(layer)
        shape.set_clip_path(self._edge if within is None else self._edge_of(within))
        self._axes.add_artist(shape)

    def _edge_of(self, box: Box) -> TransformedPatchPath:
        """Give the edge of a box, the same one each time: matplotlib would make one for every shape."""
        if box not in self._edges:
            edge = Rectangle((box.left, box.bottom), box.width, box.height)
            edge.set_transform(self._axes.transData)
            self._edges[box] = TransformedPatchPath(edge)
        return self._edges[box]

    def line(
        self,
        points: Iterable[tuple[float, float]],
        *,
        colour: str,
        width_pt: float,
        layer: float,
        within: Box | None = None,
    ) -> None:
        """Draw a line through `points`."""
        across, up = zip(*points, strict=True)
        self.draw(Line2D(across, up, color=colour, linewidth=width_pt), layer=layer, within=within)

    def write(
        self,
        text: str,
        across: float,
        up: float,
        *,
        face: Type,
        align: Literal["left", "center", "right"] = "left",
        upright: Literal["baseline", "center"] = "baseline",
        layer: float = 50,
    ) -> None:
        """Write one line of text. Nothing in it is markup: a dollar is a dollar."""
        self._unwritten |= dict.fromkeys(without_glyph(text, bold=face.bold))
        said = _said(text, face)
        line = Line(
            across,
            up,
            said,
            fontproperties=face.font(said),
            color=face.colour,
            horizontalalignment=align,
            verticalalignment="center_baseline" if upright == "center" else "baseline",
            zorder=layer,
            parse_math=False,
            transform=self._axes.transData,
        )
        line.set_clip_path(self._edge)
        self._axes.add_artist(line)

    def write_between(self, line: str, *, left: float, right: float, up: float, face: Type) -> None:
        """Write a line of a column where it begins: at the left, or at the right if it is read from there."""
        if is_turned(line):
            self.write(line, right, up, face=face, align="right")
        else:
            self.write(line, left, up, face=face)
