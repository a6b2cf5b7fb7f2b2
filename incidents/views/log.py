"""The log of decisions on the page: what it holds, to take along, to bring in, and to verify."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import streamlit as st

from incidents.review import BroughtIn, LogError, NotDecisionsError, Reading, from_csv, to_csv
from incidents.views import state
from incidents.views.state import Desk
from incidents.views.text import plain


def log_part(desk: Desk) -> None:
    """Offer the decisions as a file, take in a file of others, and look whether the log is as it was written."""
    log = state.reviews()
    mine = log.decisions(desk.base.name)
    with st.expander("The log of decisions", icon=":material/receipt_long:"):
        head = log.head()
        kept = f"Its last line is number {head.number}, `{head.hash[:16]}…`." if head else "It is empty."
        st.markdown(
            f"{_count(len(mine))} on this dataset. Nothing in the log is ever changed or taken out. {kept} It is kept "
            f"on the machine that runs the desk, in {plain(str(log.path))}."
        )
        out, check = st.columns(2)
        out.download_button(
            "Decisions as CSV",
            data=lambda: to_csv(state.reviews().decisions(desk.base.name)),
            file_name=f"{Path(desk.base.name).stem}-decisions.csv",
            mime="text/csv; charset=utf-8",
            key="decisions-csv",
            icon=":material/download:",
            disabled=not mine,
            on_click="ignore",
        )
        if check.button("Verify the log", key="verify", icon=":material/verified:"):
            _verify()
        _bring_in(desk)


def _verify() -> None:
    damages = state.reviews().verify()
    if not damages:
        st.success("Every line is as it was written, and none is missing.", icon=":material/verified:")
    for damage in damages:
        st.error(plain(f"Line {damage.number}: {damage.reason}"), icon=":material/error:")


def _bring_in(desk: Desk) -> None:
    """Take in decisions that were made elsewhere."""
    file = st.file_uploader("Bring decisions in (CSV, as the desk writes it)", type="csv", key="decisions-in")
    if file is None:
        return
    try:
        reading = from_csv(file.getvalue(), name=file.name)
    except NotDecisionsError as error:
        st.error(plain(str(error)), icon=":material/error:")
        return
    st.markdown(f"{_count(len(reading.accepted))} read, {len(reading.rejected)} rows rejected.")
    _rejected(reading)
    taken = f"bring-in-{file.file_id}"
    if st.button("Bring them in", key="bring-in", type="primary", disabled=not reading.accepted):
        try:
            st.session_state[taken] = state.reviews().bring_in(reading.accepted)
        except LogError as error:
            st.error(plain(str(error)), icon=":material/error:")
            return
        desk.review.case = None
        st.rerun()
    if taken in st.session_state:
        _brought_in(st.session_state[taken])


def _rejected(reading: Reading) -> None:
    if reading.rejected:
        rows = [(str(fault.row), fault.column, fault.value, fault.reason) for fault in reading.rejected]
        st.table(pd.DataFrame(rows, columns=["Row", "Column", "Value", "Reason"]).map(plain).set_index("Row"))


def _brought_in(done: BroughtIn) -> None:
    st.success(f"{_count(len(done.taken))} taken in, {len(done.known)} were here already.", icon=":material/check:")
    for one in done.set_aside:
        st.warning(plain(f"Set aside: {one.decision.words} {one.reason}"), icon=":material/rule:")


def _count(number: int) -> str:
    return f"{number} decision{'' if number == 1 else 's'}"
