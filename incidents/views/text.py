"""Text from data as Markdown that shows it and does nothing: no picture, no formula, no link behind other words."""

from __future__ import annotations

import re
import string
from collections.abc import Sequence
from typing import Final

# CommonMark lets a backslash take the meaning from any ASCII punctuation; Streamlit's own marks are made of it too.
_MARKS: Final = re.compile(f"([{re.escape(string.punctuation)}])")

# What GitHub's Markdown makes a link of wherever it stands in a text, escaped or not; only code is left alone.
_ADDRESS: Final = re.compile(r"https?://|www\.|[-.\w+]@[-\w]+\.", re.IGNORECASE)


def plain(text: str) -> str:
    r"""Escape text for a Markdown label or paragraph; an address in it is set as code, so that it is no link.

    Examples
    --------
    >>> plain("![x](y) costs $5")
    '\\!\\[x\\]\\(y\\) costs \\$5'
    >>> plain("see https://example.org.")
    'see `https://example.org.`'
    """
    return " ".join(_code(word) if _ADDRESS.search(word) else _MARKS.sub(r"\\\1", word) for word in text.split())


def marked(text: str, marks: Sequence[tuple[int, int, str]]) -> str:
    r"""Escape a text of several lines, some of its characters on a coloured ground; its lines stay lines.

    Parameters
    ----------
    text
        The text.
    marks
        Where a ground begins and ends, in characters, and its colour; in order, none overlapping another.

    Examples
    --------
    >>> marked("In Bamiyan\nit *snowed*.", [(3, 10, "orange")])
    'In :orange-background[**Bamiyan**]  \nit \\*snowed\\*\\.'
    """
    parts: list[str] = []
    at = 0
    for start, end, colour in marks:
        parts.append(_lines(text[at:start]))
        # A ground ends with its line, or the line's end would be part of no paragraph.
        grounds = (
            f":{colour}-background[**{_lines(line).strip()}**]" if line.strip() else ""
            for line in text[start:end].split("\n")
        )
        parts.append("  \n".join(grounds))
        at = end
    return "".join((*parts, _lines(text[at:])))


def _lines(text: str) -> str:
    """Escape a text and keep its ends and its lines: an empty line begins a paragraph, any other end breaks it."""
    lines = []
    for line in text.replace("\f", "\n").split("\n"):
        inner = plain(line)
        before = " " if line[:1].isspace() else ""
        after = " " if line[-1:].isspace() else ""
        lines.append(f"{before}{inner}{after}" if inner else " " * bool(line))
    return "  \n".join(lines)


def _code(word: str) -> str:
    """Set a word as code, between more backticks than stand side by side in it."""
    fence = "`" * (max(map(len, re.findall("`+", word)), default=0) + 1)
    return f"{fence} {word} {fence}" if len(fence) > 1 else f"{fence}{word}{fence}"
