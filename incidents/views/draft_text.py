"""The text of a draft on the page, with its findings marked: as many lines at a time as are seen at once."""

from __future__ import annotations

from bisect import bisect_right
from typing import Final

import streamlit as st

from gazetteer.check import Finding, Severity
from gazetteer.drafts import Draft
from incidents.views.state import Drafting
from incidents.views.text import marked

#: As many lines, and no more characters, are shown at once as are seen without scrolling: the finding is among them.
_LINES: Final = 22
_CHARACTERS: Final = 2_000

_COLOURS: Final = {Severity.ERROR: "red", Severity.WARNING: "orange", Severity.NOTE: "blue"}
_WRITTEN: Final = "green"
_CURRENT: Final = "violet"


def draft_text(drafting: Drafting) -> None:
    """Show the part of the draft that holds the finding that is looked at, what is written already in it."""
    draft, editing = drafting.draft, drafting.editing
    assert draft is not None  # noqa: S101  the caller looked
    assert editing is not None  # noqa: S101
    spans = [(one.start, one.end) for one in editing.findings]
    starts = [start for start in parts_of(draft) if not any(begin < start < end for begin, end in spans)]
    at = drafting.at
    number = bisect_right(starts, at[0]) if at else 1
    if len(starts) > 1:
        key = f"draft-part-{drafting.given}-{at}"
        number = st.pagination(len(starts), key=key, default=number)
    start, end = starts[number - 1], (*starts, len(editing.text))[number]
    page, line = draft.where(start)
    where = f"Page {page}, from line {line}" if page else f"From line {line}"
    st.markdown(
        f":small[{where}. :violet-background[looked at] :red-background[error] :orange-background[warning] "
        ":blue-background[note] :green-background[written]]"
    )
    with st.container(border=True, key="draft-shown"):
        text, marks = _shown(drafting, start, end)
        st.markdown(marked(text, marks))


def parts_of(draft: Draft) -> list[int]:
    """Where the parts of a draft begin that are shown one at a time: so many lines, none beyond its page."""
    starts = [0]
    lines = 0
    for before, piece in zip(draft.pieces, draft.pieces[1:], strict=False):
        lines += 1
        if piece.page != before.page or lines >= _LINES or piece.start - starts[-1] >= _CHARACTERS:
            starts.append(piece.start)
            lines = 0
    return starts


def _shown(drafting: Drafting, start: int, end: int) -> tuple[str, list[tuple[int, int, str]]]:
    """A stretch of the text with what was written in it, and where its marks are."""
    editing = drafting.editing
    assert editing is not None  # noqa: S101  the caller looked
    written = {(one.start, one.end): one for one in editing.written()}
    taken = {at for start, end in written for at in range(start, end)}
    left = {
        span: one
        for one in editing.open
        for span in ((one.start, one.end), *one.also)
        if taken.isdisjoint(range(*span))
    }
    parts: list[str] = []
    marks: list[tuple[int, int, str]] = []
    at, length = start, 0
    for span, one in sorted((written | left).items()):
        if span[0] < at or span[1] > end:
            continue
        before = editing.text[at : span[0]]
        words = str(one.replacement) if span in written else editing.text[span[0] : span[1]]
        length += len(before)
        marks.append((length, length + len(words), _colour(one, is_written=span in written, at=drafting.at)))
        parts += [before, words]
        length += len(words)
        at = span[1]
    return "".join((*parts, editing.text[at:end])), marks


def _colour(finding: Finding, *, is_written: bool, at: tuple[int, int] | None) -> str:
    if is_written:
        return _WRITTEN
    return _CURRENT if at == (finding.start, finding.end) else _COLOURS[finding.severity]
