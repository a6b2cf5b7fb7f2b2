"""Incidents as a list that a keyboard reaches, as a table, and the ones that are not on the map."""

from __future__ import annotations

from math import ceil
from typing import Final

import geopandas as gpd
import pandas as pd
import streamlit as st

from incidents.dataset import Dataset
from incidents.geocode import records, why_not_mapped
from incidents.views.state import Desk
from incidents.views.text import plain
from incidents.wording import date_words, figures_words, group_words, place_words, precision_words

_PER_PAGE: Final = 12


def incident_list(desk: Desk, shown: gpd.GeoDataFrame) -> None:
    """List what is shown in time order, newest first; choosing one opens its card."""
    newest = shown.iloc[::-1]
    unmapped = set(shown.loc[shown.geometry.isna(), "incident_id"])
    pages = max(1, ceil(len(newest) / _PER_PAGE))
    page = st.pagination(pages, key=f"list-page-{pages}-{desk.asked}") if pages > 1 else 1
    for row in records(newest.iloc[(page - 1) * _PER_PAGE : page * _PER_PAGE].drop(columns="geometry")):
        chosen = row["incident_id"] == desk.map.selected
        with st.container(key=f"item-{row['incident_id']}", gap=None):
            st.button(
                f"**{plain(date_words(row))}** · {plain(place_words(row))} · {plain(group_words(row))}",
                key=f"select-{row['incident_id']}",
                type="tertiary",  # always: a button that changed its kind would lose the keyboard's focus
                icon=_icon(chosen=chosen, mapped=row["incident_id"] not in unmapped),
                on_click=desk.select,
                args=(row["incident_id"],),
            )
            st.markdown(plain(row["summary"]))


def _icon(*, chosen: bool, mapped: bool) -> str:
    if chosen:
        return ":material/arrow_forward:"
    return ":material/location_on:" if mapped else ":material/location_off:"


def incident_table(shown: gpd.GeoDataFrame) -> None:
    """Show what is shown as a table to sort and search."""
    rows = records(shown.drop(columns="geometry"))
    st.dataframe(
        pd.DataFrame(
            {
                "From": shown["date_start"].dt.date.to_numpy(),
                "To": shown["date_end"].dt.date.to_numpy(),
                "Place": [place_words(row) for row in rows],
                "Known as": [precision_words(row) for row in rows],
                "Group": [group_words(row) for row in rows],
                "Event": [row["sub_event_type"] or row["event_type"] for row in rows],
                "Figures": [figures_words(row) for row in rows],
                "Summary": [row["summary"] for row in rows],
                "Id": [row["incident_id"] for row in rows],
            }
        ),
        hide_index=True,
        column_config={
            "Summary": st.column_config.TextColumn(width="large"),
            "From": st.column_config.DateColumn(format="DD MMM YYYY"),
            "To": st.column_config.DateColumn(format="DD MMM YYYY"),
        },
        alt="Table of the incidents shown; the list has the same ones.",
    )


def not_mapped(desk: Desk, shown: gpd.GeoDataFrame) -> None:
    """List the incidents shown that the map cannot honestly hold, each with the reason."""
    reasons = why_not_mapped(shown)
    if reasons.empty:
        st.markdown("Every incident shown is on the map.")
        return
    st.markdown("These are counted and listed, and have no place on the map.")
    for row in records(shown.loc[reasons.index].drop(columns="geometry").assign(why=reasons)):
        st.button(
            f"**{plain(date_words(row))}** · {plain(place_words(row))} · {plain(group_words(row))}",
            key=f"tray-{row['incident_id']}",
            type="tertiary",
            icon=_icon(chosen=row["incident_id"] == desk.map.selected, mapped=False),
            on_click=desk.select,
            args=(row["incident_id"],),
        )
        st.markdown(f"{plain(row['why'])} {plain(row['summary'])}")


def rejected_rows(dataset: Dataset) -> None:
    """List the rows that were not taken in: row, column, value, reason."""
    if not dataset.rejected:
        st.markdown("Every row of the file was accepted.")
        return
    st.markdown(
        "Mend these cells in the file and open it again. Rows are counted as a spreadsheet does: the header is row 1."
    )
    faults = [(str(fault.row), fault.column, fault.value, fault.reason) for fault in dataset.rejected]
    table = pd.DataFrame(faults, columns=["Row", "Column", "Value", "Reason"]).map(plain)
    st.table(table.set_index("Row"))
