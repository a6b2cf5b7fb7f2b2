"""The pages: what Streamlit runs, and the one that the reader turned to."""

from __future__ import annotations

from importlib.resources import files
from typing import Final

import streamlit as st

from gazetteer.place import BorderLayerError
from incidents.errors import NotADatasetError
from incidents.views import state
from incidents.views.briefing import briefing_page
from incidents.views.data import data_page
from incidents.views.desk import desk_page
from incidents.views.link import read_link, write_link
from incidents.views.news import news
from incidents.views.places import places_page
from incidents.views.text import plain

st.set_page_config(page_title="Incident Desk", page_icon=str(files("incidents") / "assets" / "icon.png"), layout="wide")

state.make_ready()
try:
    state.boundaries()
    desk = state.desk()
except BorderLayerError as error:
    st.error(plain(str(error)), icon=":material/error:")
    st.markdown(
        "Mend it, or start the desk without `INCIDENT_DESK_BORDERS` and `INCIDENT_DESK_BORDER_ERROR_KM` to use the "
        "borders that come with it."
    )
    st.stop()
except NotADatasetError as error:
    st.error(plain(str(error)), icon=":material/error:")
    st.markdown(
        "Start the desk on another file, or without `INCIDENT_DESK_DATA` to open the dataset that comes with it."
    )
    st.stop()
state.refresh()

# One address for all pages: a page of its own address costs Streamlit two failed requests whenever it is opened.
PAGES: Final = {"desk": desk_page, "briefing": briefing_page, "places": places_page, "data": data_page}

desk.handing.begin()
read_link(tuple(PAGES))
st.segmented_control(
    "Page",
    list(PAGES),
    key=state.seeded(f"page-{desk.links_read}", desk.page),
    format_func=str.capitalize,
    required=True,
    label_visibility="collapsed",
)
desk.turn_to(st.session_state[f"page-{desk.links_read}"])
said = st.empty()  # always there: an element more before the map, and the browser would load the map anew
with said:
    news(desk)
PAGES[desk.page]()
write_link()
if not desk.has_news:  # what the reader asked for instead is known only now
    said.empty()
desk.handing.end()
