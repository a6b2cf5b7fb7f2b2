"""Sources that a file of incidents lists itself, beside its incidents."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Final

import pandas as pd

from incidents.readers.rows import LONGEST_PROSE, Reading, clean
from incidents.readers.values import text_of
from incidents.schema import SOURCE_COLUMNS, Rejected

#: The columns of a list of sources; a list from before sources were graded has no grades.
_REQUIRED: Final = frozenset(SOURCE_COLUMNS) - {"reliability", "credibility"}


def lists_sources(columns: Iterable[str]) -> bool:
    """Whether a table of these columns is a list of sources, and not somebody's table of the same name."""
    return set(columns) >= _REQUIRED


def with_sources(
    reading: Reading, rows: Iterable[tuple[int, Mapping[str, object]]], *, is_spreadsheet: bool = False
) -> Reading:
    """Give what a file held together with the sources that it lists.

    A source without an identifier, with one that an earlier source has, or with a text as long as a book is rejected
    and told beside the rejected incidents.

    Parameters
    ----------
    rows
        Each source with its number as the file counts it; the first has the number 2, like the first row of a table.
    is_spreadsheet
        Whether text that a spreadsheet would run has an apostrophe before it here.
    """
    taken: dict[str, dict[str, str | None]] = {}
    faults: list[Rejected] = []
    for number, row in rows:
        cells = {key: clean(text_of(row.get(key)), is_spreadsheet=is_spreadsheet) or None for key in SOURCE_COLUMNS}
        fault = _fault(cells, number, taken)
        if fault:
            faults.append(fault)
        else:
            taken[str(cells["source_id"])] = cells
    sources = pd.DataFrame(list(taken.values()), columns=list(SOURCE_COLUMNS), dtype="str")
    return replace(reading, sources=sources, rejected=(*reading.rejected, *faults))


def with_listed(reading: Reading, listed: object) -> Reading:
    """Give what a file held together with the sources that a list in it holds, as JSON; anything else is no list."""
    if not isinstance(listed, list) or not all(isinstance(source, dict) for source in listed):
        return reading
    if listed and not lists_sources(str(key) for source in listed for key in source):
        return reading
    return with_sources(reading, enumerate(listed, start=2))


def _fault(cells: Mapping[str, str | None], number: int, taken: Mapping[str, object]) -> Rejected | None:
    source_id = cells["source_id"]
    for column, cell in cells.items():
        if cell and len(cell) > LONGEST_PROSE:
            reason = f"expected at most {LONGEST_PROSE} characters in the list of sources, found {len(cell)}"
            return Rejected(number, column, f"{cell[:60]}…", reason)
    if source_id is None:
        return Rejected(number, "source_id", "", "expected a value in the list of sources, found none")
    if source_id in taken:
        return Rejected(
            number, "source_id", source_id, "expected a source_id that no earlier row of the list of sources has"
        )
    return None
