"""The places page: every place as reported, what it was taken for, and how sure that is, the doubtful first."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import geopandas as gpd
import pandas as pd
import streamlit as st

from gazetteer import Verdict
from incidents.geocode import ReportedPlace, records
from incidents.schema import GEO_PRECISION_WORDS, GeoPrecision
from incidents.views import state
from incidents.views.draft import draft_part
from incidents.views.review import review_part
from incidents.views.state import Desk
from incidents.views.text import plain
from incidents.wording import coordinate_words, is_decided, is_files_own, placed_words, precision_words

_MEANINGS: Final = {
    Verdict.UNKNOWN: "in no gazetteer layer; put into the smallest unit that the source names",
    Verdict.AMBIGUOUS: "the name of several places; nothing was chosen among them",
    Verdict.MISSPELT: "close to a known name; nothing was corrected",
    Verdict.HISTORIC: "a name of its time",
    Verdict.VARIANT: "a listed variant of the name",
    Verdict.EXACT: "found as written",
}

_ICONS: Final = {
    Verdict.UNKNOWN: ":material/help:",
    Verdict.AMBIGUOUS: ":material/call_split:",
    Verdict.MISSPELT: ":material/spellcheck:",
    Verdict.HISTORIC: ":material/history:",
    Verdict.VARIANT: ":material/translate:",
    Verdict.EXACT: ":material/check:",
}


def places_page() -> None:
    """Show the part of the page that the editor turned to."""
    desk = state.desk()
    part = st.segmented_control(
        "Part",
        list(state.EDITING),
        key=state.seeded(f"places-part-{desk.turned}-{desk.links_read}", desk.editing),
        format_func=lambda key: state.EDITING[key],
        required=True,
        label_visibility="collapsed",
    )
    desk.editing = part or desk.editing
    if desk.editing == "review":
        review_part(desk)
    elif desk.editing == "draft":
        draft_part(desk)
    else:
        _places_of_the_data(desk)


def _places_of_the_data(desk: Desk) -> None:
    """List the places of the whole dataset."""
    places = state.places_of(desk.base)
    counts = {verdict: sum(place.match.verdict == verdict for place in places) for verdict in _MEANINGS}
    st.markdown(f"#### {len(places)} places as reported in {plain(desk.dataset.name)}")
    st.markdown(
        "Each place is looked up with the country and the divisions that the source states. The radius is what the "
        "place may be off by. Where the file itself or an editor says where an incident was, that stands, and the "
        "answer here is only beside it. Filters of the desk do not apply here."
    )
    own = placed_otherwise(desk.dataset.incidents)
    offered = [verdict for verdict, count in counts.items() if count]
    chosen = st.pills(
        "Verdict",
        offered,
        selection_mode="multi",
        key="places-verdict",
        format_func=lambda verdict: f"{verdict} ({counts[verdict]})",
        label_visibility="collapsed",
    )
    for place in places:
        if not chosen or place.match.verdict in chosen:
            _place(place, own)


def placed_otherwise(incidents: gpd.GeoDataFrame) -> dict[str, tuple[str, str]]:
    """Give the incidents that the gazetteer does not place, by identifier: who does, and where each is, in words."""
    drawn = incidents.geometry.notna()
    rows = records(incidents.drop(columns="geometry").assign(drawn=drawn))
    return {
        row["incident_id"]: (
            "Decided by an editor" if is_decided(row) else "Placed by the file",
            f"{precision_words(row)}. {placed_words(row, drawn=row['drawn'])}",
        )
        for row in rows
        if is_files_own(row) or is_decided(row)
    }


def _place(place: ReportedPlace, own: Mapping[str, tuple[str, str]]) -> None:
    match = place.match
    is_used = any(incident_id not in own for incident_id in place.incident_ids)
    with st.expander(_label(place, is_used=is_used), icon=_ICONS[match.verdict]):
        if not is_used:
            st.markdown("The file or an editor says where this was. What the gazetteer makes of the name is not used:")
        st.markdown(plain(match.reason))
        st.markdown("\n".join(f"- **{name}:** {plain(text)}" for name, text in place_facts(place, own=own)))
        if match.candidates:
            st.markdown("**Candidates**")
            st.table(_candidates(place))


def _label(place: ReportedPlace, *, is_used: bool) -> str:
    match = place.match
    if not is_used:
        return f"{plain(place.as_reported)} → placed by the file or an editor · **{match.verdict}** in the gazetteer"
    precision = GEO_PRECISION_WORDS[GeoPrecision(match.geo_precision)]
    radius = "" if match.uncertainty_km is None else f", within {match.uncertainty_km:g} km"
    taken = match.place.name if match.place else "nothing"
    return f"{plain(place.as_reported)} → {plain(taken)} · **{match.verdict}** · {precision}{radius}"


def place_facts(place: ReportedPlace, *, own: Mapping[str, tuple[str, str]]) -> list[tuple[str, str]]:
    """List the gazetteer's answer, the incidents that it places, and those that the file or an editor places.

    Parameters
    ----------
    own
        See `placed_otherwise`.
    """
    match = place.match
    placed = [incident_id for incident_id in place.incident_ids if incident_id not in own]
    given: dict[tuple[str, str], list[str]] = {}
    for incident_id in place.incident_ids:
        if incident_id in own:
            given.setdefault(own[incident_id], []).append(incident_id)
    facts = [
        ("Verdict", f"{match.verdict}: {_MEANINGS[match.verdict]}"),
        ("Country", match.country_code or "not known"),
    ]
    if placed:
        facts += [
            ("Coordinates", _coordinates(place)),
            ("UCDP where_prec", _code(match.ucdp_where_prec)),
            ("ACLED geo_precision", _code(match.acled_geo_precision)),
            ("Source", match.place.source if match.place else "none"),
            ("Incidents", ", ".join(placed)),
        ]
    return facts + [(by, f"{', '.join(ids)}: {words}") for (by, words), ids in given.items()]


def _coordinates(place: ReportedPlace) -> str:
    match = place.match
    if match.longitude is None or match.latitude is None:
        return "none: nothing can honestly be drawn"
    return coordinate_words(longitude=match.longitude, latitude=match.latitude)


def _code(code: int | None) -> str:
    return "none" if code is None else str(code)


def _candidates(place: ReportedPlace) -> pd.DataFrame:
    return pd.DataFrame(
        [
            {
                "Name": plain(candidate.name),
                "Kind": plain(candidate.kind),
                "Inside": plain(", ".join(filter(None, (candidate.admin1, candidate.country_code)))),
                "Latitude": "" if candidate.latitude is None else f"{candidate.latitude:.4f}",
                "Longitude": "" if candidate.longitude is None else f"{candidate.longitude:.4f}",
                "Radius (km)": "" if candidate.uncertainty_km is None else f"{candidate.uncertainty_km:g}",
                "Source": plain(candidate.source),
            }
            for candidate in (one.place for one in place.match.candidates)
        ]
    ).set_index("Name")
