"""The filters in the sidebar, what they leave in one line, and what is asked as chips to take away."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import TypeVar

import geopandas as gpd
import streamlit as st

from incidents.filters import EARLIEST, LATEST, LONGEST_TEXT, Filters, chips, day_words
from incidents.schema import ATTRIBUTION_WORDS, GEO_PRECISION_WORDS, Attribution, GeoPrecision
from incidents.views.state import Desk, seeded
from incidents.views.text import plain

Choice = TypeVar("Choice", bound=str)


def filter_panel(desk: Desk) -> Filters:
    """Ask, in the sidebar, what is to be shown."""
    asked, offered = desk.filters, desk.dataset.facets
    newly = f"{desk.asked}-{desk.turned}"  # what is asked otherwise than by these widgets is told to new ones
    with st.sidebar:
        st.header("Filters", anchor=False)
        families = st.multiselect(
            "Group",
            _with(offered.families, asked.families),
            key=seeded(f"families-{newly}", list(asked.families)),
            placeholder="All groups",
            help="The group whose activity the incident concerns. How sure that is, is the attribution below.",
        )
        date_from: date | None = st.date_input(
            "From",
            key=seeded(f"date_from-{newly}", asked.date_from),
            format="DD/MM/YYYY",
            min_value=EARLIEST,
            max_value=LATEST,
            help="An incident whose date is an interval counts if the interval touches the days asked for.",
        )
        date_to: date | None = st.date_input(
            "To",
            key=seeded(f"date_to-{newly}", asked.date_to),
            format="DD/MM/YYYY",
            min_value=EARLIEST,
            max_value=LATEST,
        )
        _recent(desk)
        countries = st.multiselect(
            "Country",
            _with(tuple(offered.countries), asked.countries),
            key=seeded(f"countries-{newly}", list(asked.countries)),
            format_func=lambda code: offered.countries.get(code, code),
            placeholder="All countries",
        )
        event_types = st.multiselect(
            "Event type",
            _with(offered.event_types, asked.event_types),
            key=seeded(f"event_types-{newly}", list(asked.event_types)),
            placeholder="All event types",
        )
        attributions = st.multiselect(
            "Attribution",
            _with(offered.attributions, asked.attributions),
            key=seeded(f"attributions-{newly}", list(asked.attributions)),
            format_func=lambda grade: ATTRIBUTION_WORDS[Attribution(grade)].capitalize(),
            placeholder="Every grade",
        )
        coarsest = st.selectbox(
            "Place known at least as",
            tuple(GeoPrecision),
            key=seeded(f"coarsest-{newly}", asked.coarsest),
            format_func=lambda precision: GEO_PRECISION_WORDS[precision].capitalize(),
            placeholder="Any precision",
        )
        text = st.text_input(
            "Text",
            key=seeded(f"text-{newly}", asked.text),
            placeholder="Words in the incident",
            max_chars=LONGEST_TEXT,
        )
    ended = date_from is not None and date_to is not None and date_from > date_to
    if ended:
        st.sidebar.warning("The dates end before they begin. The end is left out.")
    return Filters(
        families=tuple(families),
        date_from=date_from,
        date_to=None if ended else date_to,
        countries=tuple(countries),
        event_types=tuple(event_types),
        attributions=tuple(attributions),
        coarsest=coarsest,
        text=text or "",
        impossible=asked.impossible,
    )


def _with(offered: tuple[Choice, ...], asked: tuple[Choice, ...]) -> tuple[Choice, ...]:
    """What can be chosen, and what a link asks for though the dataset does not have it."""
    return tuple(dict.fromkeys((*offered, *asked)))


def summary(desk: Desk, shown: gpd.GeoDataFrame) -> None:
    """Say how many of how many are shown, and what is asked, each with a way to take it back."""
    unmapped = int(shown.geometry.isna().sum())
    total = len(desk.dataset.incidents)
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="summary"):
        st.markdown(f"**{len(shown)} of {total}** incidents shown · **{unmapped}** not mappable", width="content")
        for number, chip in enumerate(chips(desk.filters, desk.dataset.facets)):
            st.button(
                plain(chip.label),
                key=f"chip-{desk.asked}-{number}",
                icon=":material/close:",
                help="Take this filter away",
                on_click=desk.show,
                args=(chip.without,),
            )
        # Always there, so that the page below does not move when the first chip appears.
        nothing = not desk.filters
        st.button("Reset", key="reset", type="tertiary", disabled=nothing, on_click=desk.show, args=(Filters(),))
        # In the box, so that the map below stays where it is.
        if shown.empty and desk.filters:
            st.markdown("No incident answers these filters. Take one away, or reset them.", width="content")


def _recent(desk: Desk) -> None:
    """Offer the last days of the data, counted from its last day, since a curated issue is never from today."""
    last = desk.dataset.facets.last_day
    if last is None:
        return
    with st.container(horizontal=True, gap="small"):
        for days in (7, 30, 90):
            start = last - timedelta(days=days - 1)
            st.button(
                f"{days} days",
                key=f"recent-{days}",
                type="tertiary",
                help=f"From {day_words(start)} to {day_words(last)}, the last day of the data",
                on_click=_show_days,
                args=(desk, start, last),
            )


def _show_days(desk: Desk, first: date, last: date) -> None:
    desk.show(replace(desk.filters, date_from=first, date_to=last))
