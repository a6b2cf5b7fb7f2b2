"""What is said above every page until something else is asked for: what was opened, and what is amiss with it."""

from __future__ import annotations

import streamlit as st

from incidents.views.state import Desk, OpenedSheet
from incidents.views.text import plain


def news(desk: Desk) -> None:
    """Say which sheet was opened, and what of a link or a sheet cannot be shown."""
    if not desk.has_news:
        return
    with st.container():
        if desk.opened_sheet:
            _opened(desk, desk.opened_sheet)
        if desk.problems:
            st.warning("\n".join(f"- {plain(problem)}" for problem in desk.problems), icon=":material/link_off:")


def _opened(desk: Desk, opened: OpenedSheet) -> None:
    """Say which sheet was opened, with the way to it and the way back."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="opened-sheet"):
        st.markdown(f":material/drive_folder_upload: {plain(opened.words)}", width="content")
        st.button("To the sheet", key="opened-show", on_click=desk.turn_to_sheet)
        st.button(
            "Undo",
            key="opened-undo",
            icon=":material/undo:",
            help="Show again what the desk showed before",
            on_click=desk.take_back,
            args=(opened,),
        )
        st.button("Dismiss", key="opened-dismiss", type="tertiary", on_click=desk.say_no_more)
