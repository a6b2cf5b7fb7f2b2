"""The timeline played: one stop after the other becomes the dates of the filters, and the links arise on the map."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from time import monotonic
from typing import Final

import streamlit as st

from incidents import playback
from incidents.filters import day_words
from incidents.spillover import Links
from incidents.timeline import Period
from incidents.views.state import Desk, seeded

#: How long each stop stays, once it is drawn.
SECONDS: Final = 1.6

#: Seconds that a word from the browser may be on its way.
_ON_ITS_WAY: Final = 2.0

_EVERYTHING: Final = "All up to the day"


def player(desk: Desk, *, span: tuple[date, date], period: Period, links: Links | None) -> None:
    """Offer to step or play through the timeline; `links` are those that there are now, if they are looked for.

    Playing sets the dates of the filters, as the reader would: chips, link and exports say what is shown.
    """
    stops = playback.stops(*span, period=period)
    if len(stops) < 2:
        return
    play = desk.play
    if desk.asked != play.asked:  # the reader has asked for something else
        play.on, play.asked = False, desk.asked
        play.turns += 1
    day = desk.filters.date_to
    at, back, on = playback.nearest(stops, day), playback.earlier(stops, day), playback.later(stops, day)
    with st.container(key="player"):
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            st.button(
                "Previous step",
                icon=":material/skip_previous:",
                key="play-back",
                disabled=back is None,
                on_click=_stop_at,
                args=(desk, stops, back or 0),
            )
            st.button(
                "Pause" if play.on else "Play",
                icon=":material/pause:" if play.on else ":material/play_arrow:",
                key="play",
                type="primary",
                on_click=_toggle,
                args=(desk, stops, at),
            )
            st.button(
                "Next step",
                icon=":material/skip_next:",
                key="play-on",
                disabled=on is None,
                on_click=_stop_at,
                args=(desk, stops, on or 0),
            )
            _window(desk, stops, at)
        # Its key stays while it steps, so that the focus does: the arrow keys go on stepping. What it said before
        # something else was asked for, and what is late on its way, has another key, and is heard by nobody.
        key = f"play-at-{desk.links_read}-{desk.turned}-{play.turns}-{stops[0]}-{stops[-1]}-{period}"
        st.session_state[key] = stops[at]
        st.select_slider(
            "Day on the timeline",
            stops,
            key=key,
            format_func=day_words,
            on_change=_slide,
            args=(desk, stops, key, stops[at]),
            label_visibility="collapsed",
        )
        _words(desk, links)
    play.fresh = True
    st.fragment(_tick, run_every=SECONDS if play.on else None)(desk, stops)


def _window(desk: Desk, stops: Sequence[date], at: int) -> None:
    options = [*(str(days) for days in playback.WINDOWS_DAYS), _EVERYTHING]
    key = seeded(f"play-days-{desk.turned}", _EVERYTHING if desk.play.days is None else str(desk.play.days))
    st.selectbox(
        "Each step shows",
        options,
        key=key,
        format_func=lambda days: days if days == _EVERYTHING else f"The last {days} days",
        on_change=_choose_window,
        args=(desk, stops, at, key),
        label_visibility="collapsed",
        width=170,
    )


def _words(desk: Desk, links: Links | None) -> None:
    """Say what the step brought, where links are drawn."""
    if desk.filters.date_to is None or links is None:
        return
    now = links.ids
    new = len(now - desk.play.linked)
    found = "1 link" if len(now) == 1 else f"{len(now)} links"
    st.markdown(f"Up to **{day_words(desk.filters.date_to)}**: {found}, {new or 'none'} new with this step.")
    desk.play.arisen = now


def _choose_window(desk: Desk, stops: Sequence[date], at: int, key: str) -> None:
    chosen = st.session_state[key]
    desk.play.days = None if chosen == _EVERYTHING else int(chosen)
    if desk.filters.date_to is not None:
        _stop_at(desk, stops, at)


def _toggle(desk: Desk, stops: Sequence[date], at: int) -> None:
    play = desk.play
    play.on = not play.on
    if play.on:  # from the end, or from no day at all, it begins anew
        _stop_at(desk, stops, 0 if at == len(stops) - 1 else at)


def _slide(desk: Desk, stops: Sequence[date], key: str, shown: date) -> None:
    """Obey the slider, unless it only tells where it stood before the page itself has moved it.

    Whatever the browser tells, it tells the slider's stop besides. A word of the map that was on its way while a step
    was made would take the step back.
    """
    chosen, play = st.session_state[key], desk.play
    late = chosen == play.before and monotonic() - play.stepped_at < _ON_ITS_WAY
    if chosen != shown and not late:
        _stop_at(desk, stops, stops.index(chosen))


def _stop_at(desk: Desk, stops: Sequence[date], at: int) -> None:
    """Ask for the dates of a stop."""
    date_from, date_to = playback.asked(stops[at], days=desk.play.days)
    desk.play.before = stops[playback.nearest(stops, desk.filters.date_to)]
    desk.play.stepped_at = monotonic()
    desk.play.linked = desk.play.arisen
    desk.show(replace(desk.filters, date_from=date_from, date_to=date_to))
    desk.play.asked = desk.asked


def _tick(desk: Desk, stops: Sequence[date]) -> None:
    """Go on by a stop, if the timer has called and not the page that was just drawn."""
    play = desk.play
    if play.fresh or not play.on:
        play.fresh = False
        return
    on = playback.later(stops, desk.filters.date_to)
    if desk.asked != play.asked or on is None:
        play.on = False
    else:
        _stop_at(desk, stops, on)
    st.rerun()
