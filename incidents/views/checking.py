"""What a draft names and what is found in it, by the gazetteer as it is now; asked once for the same draft."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import streamlit as st

from gazetteer.check import Finding, check
from gazetteer.document import resolve_document
from gazetteer.drafts import Draft
from gazetteer.house import House
from gazetteer.place import Place
from gazetteer.recognise import Recognised, recognise
from incidents.views import state


@st.cache_resource(show_spinner=False, max_entries=8)
def _mentions(text: str, places: int) -> tuple[Recognised, ...]:
    del places  # part of the cache's key: what is added to the gazetteer is recognised
    return recognise(text, gazetteer=state.gazetteer())


def found_in(draft: Draft, *, style: str, on: date | None) -> tuple[Finding, ...]:
    """Give what is found in a draft, by a house style and for a day."""
    gazetteer = state.gazetteer()
    mentions = _mentions(draft.text, len(gazetteer))
    return check(draft.text, mentions=mentions, gazetteer=gazetteer, house=House.of(style), on=on, where=draft.where)


def places_named(draft: Draft, *, on: date | None) -> Iterator[Place]:
    """Give the place of each name in a draft for which one is known, in the order of the text."""
    gazetteer = state.gazetteer()
    mentions = [one.mention for one in _mentions(draft.text, len(gazetteer)) if one.kind == "place"]
    for match in resolve_document(mentions, gazetteer=gazetteer, text=draft.text, on=on):
        if match.answered and match.place is not None:
            yield match.place
