"""One finding of a draft: what is wrong, which places may be meant, and what to do about it; and the list of all."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Final

import pandas as pd
import streamlit as st

from gazetteer.check import Finding, Severity
from gazetteer.check.editing import Did, Editing, Step
from gazetteer.house import HouseError, with_never
from gazetteer.place import Candidate
from gazetteer.space import distance_km
from incidents.views import state
from incidents.views.checking import found_in
from incidents.views.own_place import add_place
from incidents.views.place_map import place_map
from incidents.views.state import Desk, Drafting, seeded
from incidents.views.text import plain
from incidents.webmap import Pin

_ICONS: Final = {
    Severity.ERROR: ":material/error:",
    Severity.WARNING: ":material/warning:",
    Severity.NOTE: ":material/info:",
}
_MOST: Final = 6
_LISTED: Final = 12


def mark(finding: Finding) -> tuple[int, int]:
    """Where a finding begins and ends, by which it is known."""
    return finding.start, finding.end


def position_in(finding: Finding, others: Sequence[Finding]) -> int:
    """At which position of a list a finding stands; 0 if it is not in it."""
    return next((number for number, one in enumerate(others) if mark(one) == mark(finding)), 0)


def finding_part(desk: Desk) -> None:
    """Show the finding that is looked at, take what is done with it, and list the others."""
    drafting = desk.drafting
    editing = drafting.editing
    assert editing is not None  # noqa: S101  the caller looked
    left = editing.open
    if not left:
        st.success("Nothing is left to look at. The corrected text is below.", icon=":material/task_alt:")
        drafting.at = None
        return
    finding = next((one for one in left if mark(one) == drafting.at), left[0])
    drafting.at = mark(finding)
    number = position_in(finding, left)
    _heading(drafting, finding, left, number)
    _actions(drafting, finding)
    if finding.candidates:
        _candidates(finding)
    _more(desk, finding)
    _list(drafting, left)


def _heading(drafting: Drafting, finding: Finding, left: Sequence[Finding], number: int) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="finding-steps"):
        for label, icon, to in (
            ("Before", ":material/arrow_upward:", number - 1),
            ("Next", ":material/arrow_downward:", number + 1),
        ):
            inside = 0 <= to < len(left)
            st.button(
                label,
                icon=icon,
                key=f"finding-{label}",
                disabled=not inside,
                on_click=_look_at,
                args=(drafting, left[to] if inside else finding),
            )
        st.markdown(f"{number + 1} of {len(left)}", width="content")
    where = f"page {finding.page}, line {finding.line}" if finding.page else f"line {finding.line}"
    text = " ".join(finding.text.split())
    st.markdown(
        f"#### {_ICONS[finding.severity]} {plain(text)}\n{plain(finding.advice)} :small[{where}, {finding.kind}]"
    )


def _look_at(drafting: Drafting, finding: Finding) -> None:
    drafting.at = mark(finding)


def _actions(drafting: Drafting, finding: Finding) -> None:
    """Offer what may be done. The buttons stay the same from finding to finding, so that the keyboard stays on them."""
    key = f"write-{drafting.given}-{finding.start}"
    suggested = list(
        dict.fromkeys(filter(None, (finding.replacement, *(one.place.name for one in finding.candidates))))
    )
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small", key="finding-write"):
        text = st.text_input("Write instead", key=seeded(key, finding.replacement or ""), max_chars=200)
        if st.button("Write it", key="finding-take", type="primary", icon=":material/check:"):
            _write(drafting, finding, text or "")
        if st.button("Leave it here", key="finding-leave", icon=":material/skip_next:"):
            _do(drafting, Step(Did.LEFT, finding))
    times = len(finding.also) + 1
    if times > 1:
        st.checkbox(f"At all {times} places where it stands", key=seeded(_everywhere(drafting, finding), True))
    others = [name for name in suggested if name not in {text, finding.text}][:_MOST]
    if others:
        with st.container(horizontal=True, vertical_alignment="center", gap="small", key="finding-suggestions"):
            st.markdown("Or", width="content")
            for number, name in enumerate(others):
                if st.button(plain(name), key=f"suggestion-{number}", help="Write this"):
                    _write(drafting, finding, name)


def _write(drafting: Drafting, finding: Finding, text: str) -> None:
    text = " ".join(text.split())
    if not text:
        st.error("Type what to write instead, or leave it as it stands.", icon=":material/error:")
        return
    everywhere = bool(finding.also) and bool(st.session_state.get(_everywhere(drafting, finding), True))
    _do(drafting, Step(Did.WROTE, finding, replacement=text, everywhere=everywhere))


def _everywhere(drafting: Drafting, finding: Finding) -> str:
    """The key of the tick that writes it wherever the same stands."""
    return f"everywhere-{drafting.given}-{finding.start}"


def _do(drafting: Drafting, step: Step) -> None:
    """Do it, and look at the finding after it."""
    editing = drafting.editing
    assert editing is not None  # noqa: S101  a finding is shown
    before = editing.open
    number = position_in(step.finding, before)
    drafting.editing = editing.then(step)
    left = {mark(one) for one in drafting.editing.open}
    after = (*before[number + 1 :], *before[:number])
    drafting.at = next((mark(one) for one in after if mark(one) in left), None)
    st.rerun()


def _candidates(finding: Finding) -> None:
    """The places that may be meant, as a table and on a map."""
    shown = finding.candidates[:_MOST]
    first = next((one.place for one in shown if one.place.longitude is not None), None)
    table = [
        {
            "No.": str(number),
            "Name": plain(one.name if one.name == one.place.name else f"{one.name} ({one.place.name})"),
            "What": plain(f"{one.place.kind} ({one.place.feature_class}.{one.place.feature_code})"),
            "Name is": _name_kind(one),
            "Inside": plain(", ".join(filter(None, (one.place.admin2, one.place.admin1, one.place.country_code)))),
            "From no. 1": ""
            if first is None or one.place.longitude is None
            else f"{distance_km(first, one.place):,.0f} km",
        }
        for number, one in enumerate(shown, start=1)
    ]
    st.table(pd.DataFrame(table).set_index("No."))
    pins = list(_pins(shown))
    if pins:
        codes = {one.place.country_code for one in shown if one.place.country_code}
        place_map(
            pins, country_codes=codes, token=f"finding {finding.start} {finding.text}", key="finding-map", height=300
        )


def _name_kind(candidate: Candidate) -> str:
    names = state.gazetteer().names(candidate.place)
    return next((str(one.kind) for one in names if one.text == candidate.name), "not listed")


def _pins(candidates: Sequence[Candidate]) -> Iterator[Pin]:
    for number, one in enumerate(candidates, start=1):
        place = one.place
        if place.longitude is not None and place.latitude is not None:
            words = f"{number} {place.name}"
            yield Pin(words, words, place.longitude, place.latitude, place.uncertainty_km or 0.0)


def _more(desk: Desk, finding: Finding) -> None:
    """What takes more than a click: never to flag a word again, and to add a place."""
    drafting = desk.drafting
    with st.expander("Never flag this word again", icon=":material/notifications_off:"):
        reason = st.text_input("Why", key=f"never-why-{drafting.given}-{finding.start}", max_chars=200)
        st.markdown(":small[Kept in the house style, which you can take away below and use again.]")
        if st.button("Never flag it", key="never"):
            _never(drafting, finding, " ".join((reason or "").split()))
    with st.expander("Add it to the gazetteer", icon=":material/add_location_alt:"):
        place = add_place(finding, key=f"add-{drafting.given}-{finding.start}")
        if place is not None:
            _added(drafting, Step(Did.ADDED, finding, place=place))


def _never(drafting: Drafting, finding: Finding, reason: str) -> None:
    if not any(map(str.isalnum, reason)):
        st.error("Say why, so that others can follow it.", icon=":material/error:")
        return
    try:
        with_never(drafting.style, {finding.text: reason})
    except HouseError as error:
        st.error(plain(f"The house style has no room for it: {error}"), icon=":material/error:")
        return
    _do(drafting, Step(Did.NEVER, finding, reason=reason))


def _added(drafting: Drafting, step: Step) -> None:
    """Check the draft again by the gazetteer that has the place now."""
    state.reopen_gazetteer()
    editing = drafting.editing
    assert editing is not None  # noqa: S101  a finding is shown
    assert drafting.draft is not None  # noqa: S101
    findings = found_in(drafting.draft, style=drafting.style, on=drafting.on)
    drafting.editing = Editing(editing.text, findings, (*editing.steps, step))
    drafting.at = None
    st.rerun()


def _list(drafting: Drafting, left: Sequence[Finding]) -> None:
    """List what is left, by severity; choosing one looks at it."""
    st.markdown(f"**To look at ({len(left)})**")
    pages = -(-len(left) // _LISTED)
    page = st.pagination(pages, key=f"finding-page-{pages}") if pages > 1 else 1
    for severity, group in groupby(left[(page - 1) * _LISTED : page * _LISTED], key=lambda one: one.severity):
        st.markdown(f":small[{str(severity).capitalize()}s]")
        for one in group:
            where = f"p. {one.page}, l. {one.line}" if one.page else f"l. {one.line}"
            st.button(
                f"**{plain(' '.join(one.text.split()))}** · {one.kind} · {where}",
                key=f"finding-at-{one.start}-{one.end}",
                type="tertiary",
                icon=":material/arrow_right:" if mark(one) == drafting.at else _ICONS[severity],
                on_click=_look_at,
                args=(drafting, one),
                wrap=False,
            )
