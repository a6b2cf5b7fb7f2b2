"""Exposure on the desk: what happened on the far side of each border, by band, group and period."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Final

import pandas as pd
import streamlit as st

from incidents import filters as asking
from incidents.spillover import LOW_COUNT_RULE, Window, exposure, not_linkable
from incidents.views import state
from incidents.views.state import Desk

#: The period where no days are asked for: this many, up to the last day of the data.
_USUAL_DAYS: Final = 30

_HEADS: Final = {
    "country_code": "Exposed",
    "border_with": "Incidents in",
    "band": "From their border",
    "actor_family": "Group",
    "incidents": "This period",
    "before": "Period before",
    "open": "Dates open",
    "change": "Change",
    "change_percent": "Change in percent",
}


def exposure_table(desk: Desk) -> None:
    """Show the table for the days that are asked for, beside as many days before."""
    anytime = asking.apply(desk.dataset.incidents, replace(desk.filters, date_from=None, date_to=None))
    window = _window(desk, anytime)
    if window is None:
        st.info("No incident shown has a date, and exposure is counted by period.", icon=":material/event_busy:")
        return
    left = not_linkable(anytime).value_counts()
    if len(left):
        told = "; ".join(f"{number} {why}" for why, number in left.items())
        st.markdown(f":small[Of {len(anytime)} incidents, not counted: {told}.]")
    with st.spinner("Measuring to every border", show_time=True):
        table = exposure(anytime, window=window, boundaries=state.boundaries())
    st.markdown(f"**{window}**, beside the {(window.last - window.first).days + 1} days before: {window.before}.")
    if table.empty:
        st.info(
            "In neither period an incident is known to lie within 100 km of a land border. Choose other days on the "
            "timeline, or take a filter away.",
            icon=":material/search_off:",
        )
        return
    for column in ("country_code", "border_with"):
        table[column] = table[column].map(state.boundaries().country_name)
    percent = table["change_percent"]
    table["change_percent"] = (
        percent.map("{:+.0f} %".format, na_action="ignore").astype("str").where(percent.notna(), "too few")
    )
    st.dataframe(table.rename(columns=_HEADS), hide_index=True, width="stretch", key=f"exposure-{desk.turned}")
    st.markdown(
        ":small[A country is exposed to what happens in a neighbour within 100 km of the border between them. Dates "
        f"open: the interval crosses an edge of a period, so that the incident is counted in neither. {LOW_COUNT_RULE}]"
    )


def _window(desk: Desk, anytime: pd.DataFrame) -> Window | None:
    first, last = anytime["date_start"].min(), anytime["date_end"].max()
    if pd.isna(first) or pd.isna(last):
        return None
    end = desk.filters.date_to or max(last.date(), desk.filters.date_from or last.date())
    start = desk.filters.date_from
    if start is None:
        start = first.date() if desk.filters.date_to else end - timedelta(days=_USUAL_DAYS - 1)
    return Window(min(start, end), end)
