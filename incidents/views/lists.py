"""Incidents as a list that a keyboard reaches, as a table, and the ones that are not on the map."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import ceil
from typing import Any, Final

import geopandas as gpd
import pandas as pd
import streamlit as st

from incidents.dataset import Citation, Dataset
from incidents.geocode import records, why_not_mapped
from incidents.spillover import measure_borders
from incidents.timeline import newest_first
from incidents.views.card import border_words, card
from incidents.views.state import Desk, boundaries
from incidents.views.text import plain
from incidents.wording import date_words, figures_words, group_words, joint_figures, place_words, precision_words

_PER_PAGE: Final = 12

_DRAWER_PX: Final = 560

_WEB: Final = ("https://", "http://")


def incident_list(desk: Desk, shown: gpd.GeoDataFrame) -> None:
    """List what is shown, newest first; choosing one opens its card."""
    newest = newest_first(shown)
    unmapped = set(shown.loc[shown.geometry.isna(), "incident_id"])
    pages = max(1, ceil(len(newest) / _PER_PAGE))
    page = st.pagination(pages, key=f"list-page-{pages}-{desk.asked}") if pages > 1 else 1
    for row in records(newest.iloc[(page - 1) * _PER_PAGE : page * _PER_PAGE].drop(columns="geometry")):
        with st.container(key=f"item-{row['incident_id']}", gap=None):
            _opener(desk, row, where="list", mapped=row["incident_id"] not in unmapped)
            st.markdown(f"{plain(group_words(row))}. {plain(row['summary'])}")


def _opener(desk: Desk, row: Mapping[str, Any], *, where: str, mapped: bool) -> None:
    """Offer an incident by its date and place; choosing it opens its card."""
    st.button(
        f"**{plain(date_words(row))}** · {plain(place_words(row))}",
        key=f"{'select' if where == 'list' else where}-{row['incident_id']}",
        type="tertiary",  # always: a button that changed its kind would lose the keyboard's focus
        icon=":material/location_on:" if mapped else ":material/location_off:",
        on_click=desk.open,
        args=(row["incident_id"], where),
        wrap=False,  # a button would centre its second line
    )


def drawer(desk: Desk, shown: gpd.GeoDataFrame) -> None:
    """Open the card over the page, in sight wherever it was asked for, and closed again without moving the page."""
    opened = st.dialog("Incident", width=_DRAWER_PX, position="right", on_dismiss=lambda: desk.select(None))
    opened(_drawn_out)(desk, shown)


def _drawn_out(desk: Desk, shown: gpd.GeoDataFrame) -> None:
    if desk.map.selected is None:
        st.rerun()
    if desk.opened_in != "map":
        _steps(desk, shown)
    card(desk, shown)


def _steps(desk: Desk, shown: gpd.GeoDataFrame) -> None:
    """Lead to the incidents before and after in the list that the card was opened from."""
    listed = shown if desk.opened_in == "list" else shown.loc[shown.geometry.isna()]
    ids = list(newest_first(listed)["incident_id"])
    if desk.map.selected not in ids:
        return
    position = ids.index(desk.map.selected)
    steps = {"Newer": (":material/arrow_upward:", position - 1), "Older": (":material/arrow_downward:", position + 1)}
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="steps"):
        for label, (icon, to) in steps.items():
            inside = 0 <= to < len(ids)
            st.button(
                label,
                icon=icon,
                key=f"step-{label}",
                disabled=not inside,
                on_click=desk.select,
                args=(ids[to] if inside else None,),
            )
        st.markdown(f"{position + 1} of {len(ids)}", width="content")


def incident_table(desk: Desk, shown: gpd.GeoDataFrame) -> None:
    """Show what is shown as a table to sort and search, at first in the order of the list."""
    newest = newest_first(shown)
    rows = records(newest.drop(columns="geometry"))
    joint = joint_figures(desk.dataset.incidents)
    cited = [list(dict.fromkeys(desk.dataset.citations(row["sources"]))) for row in rows]
    links = _link_columns(cited)
    border = measure_borders(newest, boundaries=boundaries())
    st.dataframe(
        pd.DataFrame(
            {
                "From": newest["date_start"].dt.date.to_numpy(),
                "To": newest["date_end"].dt.date.to_numpy(),
                "Place": [place_words(row) for row in rows],
                "Matched": [_matched_words(row) for row in rows],
                "Known as": [precision_words(row) for row in rows],
                "Group": [group_words(row) for row in rows],
                "Event": [row["sub_event_type"] or row["event_type"] for row in rows],
                "Border": [border_words(row) for row in records(border)],
                "Figures": [figures_words(row, joint=joint) for row in rows],
                "Summary": [row["summary"] for row in rows],
                "Sources": ["; ".join(str(citation) for citation in citations) for citations in cited],
                **links,
                "Id": [row["incident_id"] for row in rows],
            }
        ),
        hide_index=True,
        column_config={
            "Summary": st.column_config.TextColumn(width="large"),
            "Sources": st.column_config.TextColumn(width="large"),
            "From": st.column_config.DateColumn(format="DD MMM YYYY"),
            "To": st.column_config.DateColumn(format="DD MMM YYYY"),
            **dict.fromkeys(links, st.column_config.LinkColumn(display_text=r"^https?://([^/?#]+)")),
        },
        alt="Table of the incidents shown; the list has the same ones.",
    )


def _link_columns(cited: Sequence[Sequence[Citation]]) -> dict[str, list[str | None]]:
    """Give the addresses of each incident's sources, in as many columns as the best linked incident needs."""
    addresses = [
        [url for url in dict.fromkeys(citation.url or "" for citation in citations) if url.startswith(_WEB)]
        for citations in cited
    ]
    most = max(map(len, addresses), default=0)
    padded = [[*links, *[None] * (most - len(links))] for links in addresses]
    return {f"Link {number + 1}": [links[number] for links in padded] for number in range(most)}


def _matched_words(row: Mapping[str, Any]) -> str:
    """Write the place that was matched, from the smallest unit to the country."""
    units = (row[name] for name in ("place_name", "admin2", "admin1", "country"))
    return ", ".join(dict.fromkeys(unit for unit in units if unit))


def not_mapped(desk: Desk, shown: gpd.GeoDataFrame) -> None:
    """List the incidents shown that the map cannot honestly hold, each with the reason."""
    reasons = why_not_mapped(shown)
    if reasons.empty:
        st.markdown("Every incident shown is on the map.")
        return
    st.markdown("These are counted and listed, and have no place on the map.")
    for row in records(newest_first(shown.loc[reasons.index]).drop(columns="geometry").assign(why=reasons)):
        with st.container(key=f"unmapped-{row['incident_id']}", gap=None):
            _opener(desk, row, where="tray", mapped=False)
            st.markdown(f"{plain(row['why'])} {plain(group_words(row))}. {plain(row['summary'])}")


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
