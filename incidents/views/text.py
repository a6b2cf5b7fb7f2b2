"""Text from data as Markdown that shows it and does nothing: no picture, no formula, no link behind other words."""

from __future__ import annotations

import re
import string
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


def _code(word: str) -> str:
    """Set a word as code, between more backticks than stand side by side in it."""
    fence = "`" * (max(map(len, re.findall("`+", word)), default=0) + 1)
    return f"{fence} {word} {fence}" if len(fence) > 1 else f"{fence}{word}{fence}"
