"""Formulas: text that a spreadsheet would run is written so that it does not, and is read back as it was."""

from __future__ import annotations

import re
from typing import Final

# What opens a formula (OWASP, "CSV Injection"), also in full width, behind any number of our own marks.
_RUNS: Final = re.compile("'*[=+\\-@\t\r\n＝＋－＠]")
_DEFUSED: Final = re.compile("'+[=+\\-@\t\r\n＝＋－＠]")


def defused(text: str) -> str:
    """Put an apostrophe before text that a spreadsheet would take for a formula.

    Examples
    --------
    >>> defused("=1+1"), defused("'=1+1"), defused("'Ayn al-Asad")
    ("'=1+1", "''=1+1", "'Ayn al-Asad")
    """
    return f"'{text}" if _RUNS.match(text) else text


def restored(text: str) -> str:
    """Take the apostrophe of `defused` away again; for every text, `restored(defused(text)) == text`.

    Examples
    --------
    >>> restored("'=1+1"), restored("'Ayn al-Asad")
    ('=1+1', "'Ayn al-Asad")
    """
    return text[1:] if _DEFUSED.match(text) else text
