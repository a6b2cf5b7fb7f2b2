"""Text from data as Markdown that shows it and does nothing: no picture, no formula, no link behind other words."""

from __future__ import annotations

import re
import string
from typing import Final

# CommonMark lets a backslash take the meaning from any ASCII punctuation; Streamlit's own marks are made of it too.
_MARKS: Final = re.compile(f"([{re.escape(string.punctuation)}])")


def plain(text: str) -> str:
    r"""Escape text for a Markdown label or paragraph.

    Examples
    --------
    >>> plain("![x](y) costs $5")
    '\\!\\[x\\]\\(y\\) costs \\$5'
    """
    return _MARKS.sub(r"\\\1", " ".join(text.split()))
