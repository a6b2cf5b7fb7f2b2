"""A draft: a text, and the page and line of every character of it."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from gazetteer.place import GazetteerError

Progress = Callable[[float], None]

#: What can be read, for a message.
KINDS: Final = "give .txt, .md, .docx, .html or a .pdf with a text layer"
_LINE_OR_PAGE: Final = re.compile(r"(\r\n|\r|\n|\f)")


class DraftError(GazetteerError, ValueError):
    """A document cannot be read as a draft; the message says why, and what to do."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How much is read of a document; more is an error, and nothing is cut off.

    `unpacked_bytes` is what one part of a Word document may take unpacked, `ratio` how many times its packed size,
    `seconds` how long the pages of a PDF may take altogether.
    """

    file_bytes: int = 20_000_000
    pages: int = 500
    characters: int = 2_000_000
    lines: int = 200_000
    unpacked_bytes: int = 40_000_000
    ratio: int = 200
    seconds: float = 60.0


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a draft that begins at `start` and stands on one page and line, both counted from 1.

    `page` is None where the format has no pages. `line` is the line of the file, in a PDF the line of the page, in a
    Word document the paragraph.
    """

    start: int
    page: int | None
    line: int


@dataclass(frozen=True, slots=True)
class Draft:
    """A document as text. `pages_without_text` are those of a PDF that are only pictures, or empty."""

    text: str
    pieces: tuple[Piece, ...]
    name: str = "The text"
    pages_without_text: tuple[int, ...] = ()

    @classmethod
    def of(cls, text: str, *, name: str = "The text", limits: Limits | None = None) -> Draft:
        r"""Take a text as it was pasted; a form feed in it begins a page.

        Raises
        ------
        DraftError
            If it is longer than the limits.

        Examples
        --------
        >>> draft = Draft.of("From Kabul\nto Herat.")
        >>> draft.where(draft.text.index("Herat"))
        (None, 2)
        """
        writer = Writer(name, limits or Limits())
        page = 1 if "\f" in text else None
        line = 1
        writer.begin(page, line)
        for number, part in enumerate(_LINE_OR_PAGE.split(text)):
            writer.write(part)
            if number % 2:
                page = page + 1 if part == "\f" and page else page
                line += part != "\f"
                writer.begin(page, line)
        return writer.draft()

    def where(self, offset: int) -> tuple[int | None, int]:
        """Give the page and the line of a character; the page is None where the format has none."""
        at = bisect_right(self.pieces, offset, key=lambda piece: piece.start) - 1
        piece = self.pieces[max(at, 0)]
        return piece.page, piece.line


class Writer:
    """Puts the text of a draft together, and remembers where each part of it stood."""

    def __init__(self, called: str, limits: Limits) -> None:
        """Begin a draft of a name, which errors are told by."""
        self._called = called
        self._limits = limits
        self._parts: list[str] = []
        self._pieces: list[Piece] = []
        self._length = 0

    def begin(self, page: int | None, line: int) -> None:
        """Say where what is written next stands."""
        if self._pieces and self._pieces[-1].start == self._length:
            self._pieces.pop()
        if not self._pieces or (self._pieces[-1].page, self._pieces[-1].line) != (page, line):
            self._pieces.append(Piece(self._length, page, line))
        if len(self._pieces) > self._limits.lines:
            raise refused(self._called, f"has more than the {self._limits.lines:,} lines that are read at most")

    def write(self, text: str) -> None:
        """Add text."""
        if not text:
            return
        self._parts.append(text)
        self._length += len(text)
        if self._length > self._limits.characters:
            raise refused(
                self._called, f"has more than the {self._limits.characters:,} characters that are read at most"
            )

    def gap(self, between: str) -> None:
        """Add space between what is written and what comes, once, and none before all."""
        if self._parts and self._parts[-1] != between:
            self.write(between)

    def draft(self, *, pages_without_text: tuple[int, ...] = ()) -> Draft:
        """Give what has been written."""
        pieces = tuple(self._pieces) or (Piece(0, None, 1),)
        return Draft("".join(self._parts), pieces, self._called, pages_without_text)


def refused(called: str, why: str) -> DraftError:
    """Give the error that a document cannot be read, as one sentence."""
    return DraftError(f"{called} {why}.")


def too_much(called: str, much: str, most: int) -> DraftError:
    """Give the error that a document is larger than what is read."""
    return refused(called, f"has {much}, and {most:,} are read at most: check it in parts")
