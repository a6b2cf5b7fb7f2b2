"""The review of places: the incidents that need an editor, the sheet of one, and what was decided on it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from math import ceil
from typing import Any, Final

import pandas as pd
import streamlit as st
from shapely.geometry.base import BaseGeometry

from gazetteer.place import Match
from incidents.dataset import Dataset
from incidents.geocode import disc, records
from incidents.review import (
    Decision,
    Kind,
    LogError,
    Need,
    Option,
    Placement,
    RefusedDecisionError,
    StaleDecisionError,
    Task,
    differences,
    options,
)
from incidents.schema import AS_POINT
from incidents.views import state
from incidents.views.card import sources
from incidents.views.decide import Wish, clicked_on, decide_form, typed_coordinates
from incidents.views.log import log_part
from incidents.views.place_map import place_map
from incidents.views.state import Desk, Review
from incidents.views.text import plain
from incidents.webmap import Pin
from incidents.wording import date_words, group_words, place_words

_NEEDS: Final[Mapping[Need, str]] = {
    Need.OPEN_AGAIN: "Open again",
    Need.UNKNOWN: "Unknown",
    Need.AMBIGUOUS: "Ambiguous",
    Need.CONFLICT: "Conflict",
    Need.WORK_NEEDED: "Work needed",
    Need.LARGE_RADIUS: "Large radius",
    Need.NEVER_REVIEWED: "Never reviewed",
}

_ICONS: Final[Mapping[Need, str]] = {
    Need.OPEN_AGAIN: ":material/lock_open:",
    Need.UNKNOWN: ":material/help:",
    Need.AMBIGUOUS: ":material/call_split:",
    Need.CONFLICT: ":material/warning:",
    Need.WORK_NEEDED: ":material/build:",
    Need.LARGE_RADIUS: ":material/radar:",
    Need.NEVER_REVIEWED: ":material/visibility_off:",
}

# What may be meant, what merely holds it, what the editor types, and where the desk shows it now.
_CANDIDATE: Final = "#0072b2"
_UNIT: Final = "#8b96a3"
_TYPED: Final = "#d1345b"
_SHOWN: Final = "#a8651a"

_DECIDED: Final = "decided"
_PER_PAGE: Final = 10


def review_part(desk: Desk) -> None:
    """Show the queue and the sheet of one incident; take decisions."""
    if desk.log_problem:
        st.error(f"{plain(desk.log_problem)} Nothing can be decided until then.", icon=":material/error:")
        return
    tasks = state.tasks_of(desk.base)
    st.markdown(
        f"**{len(tasks)} of {len(desk.base.incidents)}** incidents of {plain(desk.base.name)} need an editor, "
        f"**{len(desk.dataset.decisions)}** are decided. Decisions lie over the data on every map, export and sheet; "
        "the file itself stays as it is."
    )
    _set_aside(desk)
    asked = _needs_asked(tasks, len(desk.dataset.decisions))
    ids = list(dict.fromkeys(_listed(desk, tasks, asked)))  # one that is decided may still need work
    _told(desk)
    left, right = st.columns([1, 2.2], gap="large")
    current = desk.map.selected or next(iter(ids), None)
    with left:
        _list(desk, tasks, ids, current)
    with right:
        if current is None:
            st.success("No incident needs an editor here.", icon=":material/task_alt:")
        else:
            places = state.places_of(desk.base)
            match = next(place.match for place in places if current in place.incident_ids)
            _case(desk, current, match, tasks=tasks, ids=ids)
    log_part(desk)


def _needs_asked(tasks: Sequence[Task], decided: int) -> list[str]:
    counts = Counter(need for task in tasks for need in task.needs)
    words = {str(need): f"{label} ({counts[need]})" for need, label in _NEEDS.items() if counts[need]}
    if decided:
        words[_DECIDED] = f"Decided ({decided})"
    return list(
        st.pills(
            "Show",
            list(words),
            selection_mode="multi",
            key="review-needs",
            format_func=lambda key: words.get(key, key),
            label_visibility="collapsed",
            wrap=True,
        )
    )


def _listed(desk: Desk, tasks: Sequence[Task], asked: Sequence[str]) -> Iterator[str]:
    """List what needs an editor, the most needed first, and on wish what is decided, the last one first."""
    needs = {Need(key) for key in asked if key != _DECIDED}
    if needs or not asked:
        yield from (task.incident_id for task in tasks if not needs or needs & task.needs.keys())
    if _DECIDED in asked:
        yield from (decision.incident_id for decision in reversed(desk.dataset.decisions))


def _list(desk: Desk, tasks: Sequence[Task], ids: Sequence[str], current: str | None) -> None:
    """Show a page of the list; choosing an incident opens its sheet."""
    pages = max(1, ceil(len(ids) / _PER_PAGE))
    page = st.pagination(pages, key=f"review-page-{pages}") if pages > 1 else 1
    here = ids[(page - 1) * _PER_PAGE : page * _PER_PAGE]
    incidents = desk.base.incidents
    rows = {row["incident_id"]: row for row in records(incidents.loc[incidents["incident_id"].isin(here)])}
    open_ones = {task.incident_id: task for task in tasks if task.incident_id in rows}
    decided = {one.incident_id: one for one in desk.dataset.decisions if one.incident_id in rows}
    for incident_id in here:
        row, task = rows[incident_id], open_ones.get(incident_id)
        icon = _ICONS[task.need] if task else ":material/gavel:"
        with st.container(key=f"task-{incident_id}", gap=None):
            st.button(
                f"**{plain(row['place_as_reported'])}** · {plain(date_words(row))}",
                key=f"open-{incident_id}",
                type="tertiary",
                icon=":material/edit_location_alt:" if incident_id == current else icon,
                on_click=desk.select,
                args=(incident_id,),
                wrap=False,
            )
            st.markdown(f":small[{_task_words(task) if task else plain(decided[incident_id].words)}]")


def _task_words(task: Task) -> str:
    radius = f" Within {task.radius_km:,g} km." if task.radius_km else ""
    return f"{', '.join(_NEEDS[need] for need in task.needs)}.{radius}"


def _case(desk: Desk, incident_id: str, match: Match, *, tasks: Sequence[Task], ids: Sequence[str]) -> None:
    """Show the sheet of one incident, and take what is decided."""
    incidents = desk.base.incidents
    (row,) = records(incidents.loc[incidents["incident_id"] == incident_id])
    history = state.reviews().history(incident_id, dataset=desk.base.name)
    version = _opened(desk, incident_id, len(history))
    task = next((one for one in tasks if one.incident_id == incident_id), None)
    places = options(row, match, gazetteer=state.gazetteer())
    key = f"{incident_id}-{desk.review.decided}"
    _heading(desk, row, ids)
    if version != len(history):
        _changed(desk, incident_id, history[version:])
    said, seen = st.columns([1, 1], gap="medium")
    with said:
        facts = _facts(desk, row, match, task)
        st.markdown("\n".join(f"- **{label}:** {plain(text)}" for label, text in facts if text))
        sources(desk.base, row["sources"])
    with seen:
        clicked = place_map(
            [*_shown_now(desk, incident_id, places), *_pins(places, key=key)],
            country_codes={code for one in places if (code := one.place.country_code)},
            token=f"case {incident_id}",
            key="case-map",
        )
    if clicked:
        clicked_on(clicked, key=key)
        st.rerun()  # so that the map draws it
    _candidates(places)
    st.markdown("##### Decide")
    wish = decide_form(row, places, version=version, was=Placement.read(row), key=key)
    if wish is not None:
        _decide(desk, row, wish, version=version, ids=ids)
    if history:
        with st.expander(f"What was decided ({len(history)})", icon=":material/history:"):
            st.markdown("\n".join(f"{one.version}. {plain(one.words)}" for one in history))


def _heading(desk: Desk, row: Mapping[str, Any], ids: Sequence[str]) -> None:
    incident_id = row["incident_id"]
    title, steps = st.columns([2.4, 1], vertical_alignment="center")
    title.markdown(f"#### {plain(place_words(row))}")
    if incident_id not in ids:
        return
    at = ids.index(incident_id)
    with steps, st.container(horizontal=True, horizontal_alignment="right", vertical_alignment="center", gap="small"):
        for label, icon, to in (
            ("Before", ":material/arrow_upward:", at - 1),
            ("Next", ":material/arrow_downward:", at + 1),
        ):
            inside = 0 <= to < len(ids)
            st.button(
                label,
                icon=icon,
                key=f"case-{label}",
                disabled=not inside,
                on_click=desk.select,
                args=(ids[to] if inside else None,),
            )
        st.markdown(f"{at + 1} of {len(ids)}", width="content")


def _facts(desk: Desk, row: Mapping[str, Any], match: Match, task: Task | None) -> Iterator[tuple[str, str | None]]:
    """What the source says, what the gazetteer makes of it, and where the incident stands now."""
    yield "Needs", task.reason if task else None
    yield "As reported", row["place_as_reported"]
    units = [row["admin2"], row["admin1"], row["country"]]
    yield "The source states", ", ".join(unit for unit in units if unit) or "no country"
    yield "When, and whose", f"{date_words(row)}; {group_words(row)}"
    yield "What", row["summary"]
    known = task is not None and match.reason in task.reason
    yield "Gazetteer", str(match.verdict) if known else f"{match.verdict}: {match.reason}"
    now = desk.dataset.incidents
    (shown,) = records(now.loc[now["incident_id"] == row["incident_id"]])
    decided = next((one for one in desk.dataset.decisions if one.incident_id == row["incident_id"]), None)
    yield "Shown now", decided.words if decided else Placement.read(shown).words


def _shown_now(desk: Desk, incident_id: str, places: Sequence[Option]) -> Iterator[Pin]:
    """Where the desk shows the incident, if that is none of the places: by the file's coordinates or by a decision."""
    (now,) = records(desk.dataset.incidents.loc[desk.dataset.incidents["incident_id"] == incident_id])
    drawn = now["geometry"]
    if drawn is None or now["place_id"] in {one.place.place_id for one in places}:
        return
    yield Pin(
        words="Shown now",
        label=f"Shown now: {Placement.read(now).words}",
        longitude=now["longitude"],
        latitude=now["latitude"],
        radius_km=float(now["uncertainty_km"]),
        area=None if drawn.geom_type == "Point" else drawn,
        shape="diamond",
        colour=_SHOWN,
    )


def _pins(places: Sequence[Option], *, key: str) -> Iterator[Pin]:
    """What the map draws: every place that has a position, and the coordinates that are being typed."""
    for one in places:
        found = one.placement
        if found is None or found.longitude is None or found.latitude is None:
            continue
        yield Pin(
            words=f"{one.number} {one.place.name}",
            label=f"{one.number} {found.words}",
            longitude=found.longitude,
            latitude=found.latitude,
            radius_km=found.uncertainty_km or 0.0,
            area=_area(one, found),
            colour=_CANDIDATE if one.kind is Kind.PLACED_AT_CANDIDATE else _UNIT,
        )
    typed = typed_coordinates(key=key)
    if typed:
        longitude, latitude, radius_km = typed
        words = "As typed"
        yield Pin(words, words, longitude, latitude, radius_km, shape="cross", colour=_TYPED)


def _area(one: Option, found: Placement) -> BaseGeometry | None:
    """The outline of a unit, or the disc that stands for it; None for what is a point."""
    if found.geo_precision in AS_POINT or found.longitude is None or found.latitude is None:
        return None
    outline = state.gazetteer().footprint(one.place)
    return outline or disc(found.longitude, found.latitude, radius_km=found.uncertainty_km or 0.0)


def _candidates(places: Sequence[Option]) -> None:
    if not places:
        st.markdown("The gazetteer has none. Place it by coordinates, or say that it cannot be mapped.")
        return
    table = [
        {
            "No.": str(one.number),
            "Name": plain(one.name if one.name == one.place.name else f"{one.name} ({one.place.name})"),
            "What": plain(f"{one.place.kind} ({one.place.feature_class}.{one.place.feature_code})"),
            "Name is": str(one.name_kind or "not listed"),
            "Inside": plain(", ".join(filter(None, (one.place.admin2, one.place.admin1, one.place.country_code)))),
            "Country": {True: "as stated", False: "another", None: "none stated"}[one.agrees],
            "From no. 1": "" if one.from_first_km is None else f"{one.from_first_km:,.0f} km",
            "Radius": "" if one.place.uncertainty_km is None else f"{one.place.uncertainty_km:g} km",
            "Source": plain(one.place.source),
        }
        for one in places
    ]
    st.table(pd.DataFrame(table).set_index("No."))
    for one in places:
        if one.refusal:
            st.markdown(f":small[No. {one.number}: {plain(one.refusal)}]")


def _opened(desk: Desk, incident_id: str, version: int) -> int:
    """The version that the editor has before them: the one that was there when the case was opened."""
    if desk.review.case != incident_id:
        desk.review.case, desk.review.version = incident_id, version
    return desk.review.version


def _changed(desk: Desk, incident_id: str, since: Sequence[Decision]) -> None:
    """Say what somebody else has decided since the case was opened."""
    said = "\n".join(f"- {plain(one.words)}" for one in since)
    table = [
        {"What": plain(name), "Was": plain(was), "Is now": plain(now)}
        for name, was, now in differences(since[0].old, since[-1].new)
    ]
    st.warning(f"Somebody else has decided on this incident since you opened it:\n{said}", icon=":material/group:")
    if table:
        st.table(pd.DataFrame(table).set_index("What"))
    st.button("Go on from there", key=f"take-over-{incident_id}", on_click=_take_over, args=(desk,), type="primary")


def _take_over(desk: Desk) -> None:
    desk.review.case = None  # what was typed stays


def _decide(desk: Desk, row: Mapping[str, Any], wish: Wish, *, version: int, ids: Sequence[str]) -> None:
    """Write the decision down, and go on to the next incident; or say why not."""
    try:
        made = _write(desk.base, row, wish, version=version)
    except StaleDecisionError:
        st.rerun()  # what was typed stays, and the page says what somebody else has decided
    except (RefusedDecisionError, LogError) as error:
        st.error(plain(str(error)), icon=":material/error:")
        return
    desk.review = Review(editor=made.decided_by, made=made, decided=desk.review.decided + 1)
    at = ids.index(made.incident_id) + 1 if made.incident_id in ids else len(ids)
    desk.select(next(iter(ids[at:]), None))
    st.rerun()


def _write(base: Dataset, row: Mapping[str, Any], wish: Wish, *, version: int) -> Decision:
    if wish.kind is None:
        return state.reviews().undo(
            row["incident_id"],
            dataset=base.name,
            dataset_sha256=base.sha256,
            expected_version=version,
            reason=wish.reason,
            decided_by=wish.decided_by,
        )
    return state.reviews().decide(
        row["incident_id"],
        dataset=base.name,
        dataset_sha256=base.sha256,
        expected_version=version,
        place_as_reported=row["place_as_reported"],
        kind=wish.kind,
        old=Placement.read(row),
        new=wish.new,
        reason=wish.reason,
        decided_by=wish.decided_by,
        review_status=wish.review_status,
    )


def _told(desk: Desk) -> None:
    """Say what was just decided, and offer to take it back."""
    if desk.review.made is None:
        return
    words, back = st.columns([5, 1], vertical_alignment="center")
    words.success(
        f"{plain(desk.review.made.place_as_reported)}: {plain(desk.review.made.words)}", icon=":material/gavel:"
    )
    back.button("Undo", key="undo", icon=":material/undo:", on_click=_undo, args=(desk, desk.review.made))


def _undo(desk: Desk, made: Decision) -> None:
    desk.review.made = None
    try:
        state.reviews().undo(
            made.incident_id,
            dataset=made.dataset,
            dataset_sha256=made.dataset_sha256,
            expected_version=made.version,
            reason="Taken back at once.",
            decided_by=made.decided_by,
        )
    except (StaleDecisionError, LogError) as error:
        desk.problems = (str(error),)
    desk.review.case = None
    desk.review.decided += 1
    desk.select(made.incident_id)


def _set_aside(desk: Desk) -> None:
    if desk.dataset.set_aside:
        count = len(desk.dataset.set_aside)
        with st.expander(f"{count} decision{'' if count == 1 else 's'} no longer hold", icon=":material/rule:"):
            st.markdown(
                "\n".join(f"- {plain(one.decision.words)} {plain(one.reason)}" for one in desk.dataset.set_aside)
            )
