"""The places page: every place as reported, what it was taken for, and how sure that is, the doubtful first."""

from __future__ import annotations

from typing import Final

import pandas as pd
import streamlit as st

from gazetteer import Verdict
from incidents.geocode import ReportedPlace, reported_places
from incidents.schema import GEO_PRECISION_WORDS, GeoPrecision
from incidents.views import state
from incidents.views.text import plain

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
    """List the places of the whole dataset."""
    desk = state.desk()
    places = reported_places(desk.dataset.incidents, gazetteer=state.gazetteer())
    counts = {verdict: sum(place.match.verdict == verdict for place in places) for verdict in _MEANINGS}
    st.markdown(f"#### {len(places)} places as reported in {plain(desk.dataset.name)}")
    st.markdown(
        "Each place is looked up with the country and the divisions that the source states. The radius is what the "
        "place may be off by. Filters of the desk do not apply here."
    )
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
            _place(place)


def _place(place: ReportedPlace) -> None:
    match = place.match
    precision = GEO_PRECISION_WORDS[GeoPrecision(match.geo_precision)]
    radius = "" if match.uncertainty_km is None else f", within {match.uncertainty_km:g} km"
    taken = match.place.name if match.place else "nothing"
    label = f"{plain(place.as_reported)} → {plain(taken)} · **{match.verdict}** · {precision}{radius}"
    with st.expander(label, icon=_ICONS[match.verdict]):
        st.markdown(plain(match.reason))
        facts = [
            ("Verdict", f"{match.verdict}: {_MEANINGS[match.verdict]}"),
            ("Country", match.country_code or "not known"),
            ("Coordinates", _coordinates(place)),
            ("UCDP where_prec", _code(match.ucdp_where_prec)),
            ("ACLED geo_precision", _code(match.acled_geo_precision)),
            ("Source", match.place.source if match.place else "none"),
            ("Incidents", ", ".join(place.incident_ids)),
        ]
        st.markdown("\n".join(f"- **{name}:** {plain(text)}" for name, text in facts))
        if match.candidates:
            st.markdown("**Candidates**")
            st.table(_candidates(place))


def _coordinates(place: ReportedPlace) -> str:
    match = place.match
    if match.longitude is None or match.latitude is None:
        return "none: nothing can honestly be drawn"
    north, east = ("N" if match.latitude >= 0 else "S"), ("E" if match.longitude >= 0 else "W")
    return f"{abs(match.latitude):.4f}° {north}, {abs(match.longitude):.4f}° {east}"


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
            for candidate in place.match.candidates
        ]
    ).set_index("Name")
