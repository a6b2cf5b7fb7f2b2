"""What a draft names and what is found in it, by the gazetteer as it is now."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Final

from gazetteer.check import Finding, check
from gazetteer.document import resolve_document
from gazetteer.drafts import Draft
from gazetteer.drafts.draft import Progress
from gazetteer.house import House
from gazetteer.place import Place
from gazetteer.recognise import recognise
from incidents.views import state

#: The share of the work that is done when the places are recognised.
_RECOGNISED: Final = 0.4


def found_in(draft: Draft, *, style: str, on: date | None, progress: Progress = lambda _: None) -> tuple[Finding, ...]:
    """Give what is found in a draft, by a house style and for a day; `progress` is told the share that is done."""
    gazetteer = state.gazetteer()
    mentions = recognise(draft.text, gazetteer=gazetteer)
    progress(_RECOGNISED)
    return check(draft.text, mentions=mentions, gazetteer=gazetteer, house=House.of(style), on=on, where=draft.where)


def places_named(draft: Draft, *, on: date | None) -> Iterator[Place]:
    """Give the place of each name in a draft for which one is known, in the order of the text."""
    gazetteer = state.gazetteer()
    mentions = [one.mention for one in recognise(draft.text, gazetteer=gazetteer) if one.kind == "place"]
    for match in resolve_document(mentions, gazetteer=gazetteer, text=draft.text, on=on):
        if match.answered and match.place is not None:
            yield match.place
