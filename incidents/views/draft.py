"""A draft: its place names checked, each finding taken or left, and the corrected text to take away."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, date, datetime
from importlib.resources import files

import streamlit as st

from gazetteer.check.editing import Did, Editing
from gazetteer.check.table import to_csv, to_json
from gazetteer.drafts import Draft, DraftError, read_draft
from gazetteer.exchange import to_linked_places
from gazetteer.house import HouseError, with_never
from gazetteer.own import remove
from gazetteer.place import UnknownPlaceError
from incidents.views import state
from incidents.views.checking import found_in, places_named
from incidents.views.draft_text import draft_text
from incidents.views.finding import finding_part, mark
from incidents.views.state import Desk, Drafting, seeded
from incidents.views.text import plain

_LARGEST_MB = 20
_ENDINGS = ["txt", "md", "docx", "pdf", "html", "htm"]


def draft_part(desk: Desk) -> None:
    """Take a draft, show what was found in it, and hand out what becomes of it."""
    drafting = desk.drafting
    _give(drafting)
    if drafting.draft is None or drafting.editing is None:
        st.markdown(
            "Paste a text or open a document: every place name in it is looked up in the gazetteer. What is misspelt, "
            "ambiguous, unknown, out of date, not in the house style or spelt in two ways is marked, with what to "
            "write instead. Nothing leaves this machine, and the draft is stored nowhere."
        )
        return
    if drafting.draft.pages_without_text:
        pages = ", ".join(map(str, drafting.draft.pages_without_text))
        st.warning(f"No text on page {pages}, which was not checked.", icon=":material/image:")
    _done(drafting)
    left, right = st.columns([1, 1], gap="large")
    with left:
        finding_part(desk)
    with right:
        draft_text(drafting)
    _downloads(drafting)


def _give(drafting: Drafting) -> None:
    """Ask for a draft, the day of it, and the house style."""
    with st.expander(
        "The draft" if drafting.draft is None else f"Another draft than {plain(drafting.draft.name)}",
        expanded=drafting.draft is None,
        icon=":material/edit_document:",
    ):
        pasted = st.text_area("Text", key=f"draft-text-{drafting.given}", height=220, placeholder="Paste it here.")
        file = st.file_uploader(
            "Or a document (.txt, .md, .docx, .pdf with a text layer, .html), which then is checked",
            type=_ENDINGS,
            max_upload_size=_LARGEST_MB,
            key=f"draft-file-{drafting.given}",
        )
        day, style = st.columns([1, 2])
        on = day.date_input(
            "Day of the draft",
            key=seeded(f"draft-on-{drafting.given}", drafting.on or datetime.now(UTC).date()),
            format="DD/MM/YYYY",
            help="Names that were not in force on this day are told.",
        )
        house = style.file_uploader("House style (TOML, optional)", type="toml", key="draft-house", max_upload_size=1)
        style.download_button(
            "The house style as a file to edit",
            data=lambda: with_never(drafting.style or default_style(), _never(drafting.editing)),
            file_name="house.toml",
            mime="application/toml",
            key="house-download",
            type="tertiary",
            on_click="ignore",
        )
        if st.button("Check the place names", key="check", type="primary", icon=":material/spellcheck:"):
            _take(
                drafting,
                pasted=pasted or "",
                document=None if file is None else (file.name, file.getvalue()),
                style=None if house is None else house.getvalue(),
                on=on,
            )


def _take(
    drafting: Drafting, *, pasted: str, document: tuple[str, bytes] | None, style: bytes | None, on: date | None
) -> None:
    """Read and check a draft; say in one sentence why not."""
    bar = st.progress(0.0, "Reading the draft")

    def read(share: float) -> None:
        bar.progress(share * 0.4, "Reading the draft")

    def look(share: float) -> None:
        bar.progress(0.4 + share * 0.6, "Looking for place names")

    try:
        told = (drafting.style or default_style()) if style is None else style.decode("utf-8-sig")
        told = with_never(told, _never(drafting.editing))
        if document is None:
            draft = Draft.of(pasted, name="The pasted text")
        else:
            name, content = document
            draft = read_draft(content, name=name, progress=read)
        if not any(map(str.isalnum, draft.text)):
            message = "There is nothing to check: paste a text, or open a document."
            raise DraftError(message)  # noqa: TRY301  told as any other draft that cannot be read
        bar.progress(0.4, "Looking for place names")
        findings = found_in(draft, style=told, on=on, progress=look)
    except UnicodeDecodeError:
        bar.empty()
        st.error("The house style is no UTF-8 text.", icon=":material/error:")
        return
    except (DraftError, HouseError) as error:
        bar.empty()
        st.error(plain(str(error)), icon=":material/error:")
        return
    bar.empty()
    drafting.draft, drafting.style, drafting.on = draft, told, on
    drafting.editing = Editing(draft.text, findings)
    drafting.at = None
    drafting.given += 1
    st.rerun()


def _never(editing: Editing | None) -> dict[str, str]:
    """The words that the editor never wants flagged again, each with the reason."""
    steps = editing.steps if editing else ()
    return {step.finding.text: step.reason or "" for step in steps if step.did is Did.NEVER}


def default_style() -> str:
    """Give the house style that ships with the gazetteer, as its file has it."""
    return (files("gazetteer") / "data" / "house.toml").read_text("utf-8")


def _done(drafting: Drafting) -> None:
    """Say what was done with the findings, and offer to take the last step back."""
    editing = drafting.editing
    assert editing is not None  # noqa: S101  the caller looked
    done = len(editing.steps)
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="draft-head"):
        count = len(editing.findings)
        st.markdown(
            f"**{plain(drafting.draft.name if drafting.draft else '')}**: {count} finding{'' if count == 1 else 's'}, "
            f"**{len(editing.open)}** to look at, {done} step{'' if done == 1 else 's'} done.",
            width="content",
        )
        st.button("Undo", key="draft-undo", icon=":material/undo:", disabled=not done, on_click=_undo, args=(drafting,))
        if done:
            with st.popover("What was done", type="tertiary"):
                st.markdown("\n".join(f"1. {plain(step.words)}" for step in editing.steps))


def _undo(drafting: Drafting) -> None:
    editing = drafting.editing
    if editing is None or not editing.steps:
        return
    last = editing.steps[-1]
    editing = editing.undo()
    if last.did is Did.ADDED and last.place is not None and drafting.draft is not None:
        with suppress(UnknownPlaceError):  # somebody took it away already, which is what is asked
            remove(last.place.place_id)
        state.reopen_gazetteer()
        editing = Editing(editing.text, found_in(drafting.draft, style=drafting.style, on=drafting.on), editing.steps)
    drafting.editing = editing
    drafting.at = mark(last.finding)


def _downloads(drafting: Drafting) -> None:
    draft, editing = drafting.draft, drafting.editing
    assert draft is not None  # noqa: S101  the caller looked
    assert editing is not None  # noqa: S101
    stem = draft.name.rpartition(".")[0] or "draft"
    st.markdown("**Take away**")
    if not draft.name.lower().endswith((".txt", ".md")) and draft.name != "The pasted text":
        st.markdown("The corrected text is plain text: what the document had besides its words is not in it.")
    offers: dict[str, tuple[Callable[[], str | bytes], str, str]] = {
        "Corrected text": (lambda: editing.corrected, f"{stem}-corrected.txt", "text/plain; charset=utf-8"),
        "Findings, CSV": (lambda: to_csv(editing.findings).encode("utf-8-sig"), f"{stem}-findings.csv", "text/csv"),
        "Findings, JSON": (lambda: to_json(editing.findings), f"{stem}-findings.json", "application/json"),
        "Places, Linked Places": (lambda: _linked(drafting), f"{stem}-places.json", "application/geo+json"),
        "House style": (lambda: with_never(drafting.style, _never(editing)), "house.toml", "application/toml"),
    }
    with st.container(horizontal=True, gap="small", key="draft-downloads"):
        for label, (data, name, mime) in offers.items():
            st.download_button(
                label,
                data=data,
                file_name=name,
                mime=mime,
                key=f"draft-{name.rpartition('-')[2] if label != 'Places, Linked Places' else 'linked'}",
                icon=":material/download:",
                type="primary" if label == "Corrected text" else "secondary",
                on_click="ignore",
            )


def _linked(drafting: Drafting) -> str:
    """The places that the draft names, each once, as a Linked Places document."""
    assert drafting.draft is not None  # noqa: S101  the caller looked
    found = dict.fromkeys(places_named(drafting.draft, on=drafting.on))
    document = to_linked_places(found, gazetteer=state.gazetteer(), on=drafting.on)
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"
