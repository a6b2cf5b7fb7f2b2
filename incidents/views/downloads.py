"""The export menu: the incidents shown as data, as a map to take along and as citations, each made on demand."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Any, Final

import streamlit as st

from incidents import export
from incidents.dataset import Dataset
from incidents.filters import Filters, apply
from incidents.statement import Overlay
from incidents.views import state
from incidents.views.state import Desk


@dataclass(frozen=True, slots=True)
class Offer:
    """A file that can be had: what it is called on its button, and for what it is good."""

    format: export.Format
    label: str
    good_for: str


#: What is offered, under the heading that it stands below.
OFFERS: Final[Mapping[str, tuple[Offer, ...]]] = MappingProxyType(
    {
        "Data": (
            Offer("xlsx", "Excel", "Incidents, sources and what the file holds, as three sheets."),
            Offer("csv", "CSV", "One table; the statement says what it holds."),
            Offer(
                "csv.json",
                "CSV statement",
                "Goes with the CSV: its filters, counts and hashes, and the hash of the CSV itself, as JSON.",
            ),
            Offer("geojson", "GeoJSON", "For web maps and scripts; says inside what it holds."),
            Offer("gpkg", "GeoPackage", "For QGIS and other desktop maps: incidents, sources and what the file holds."),
            Offer("parquet", "GeoParquet", "For data analysis: typed columns, geometry, what the file holds."),
        ),
        "Map to take along": (
            Offer("html", "HTML page", "Opens in any browser without a network: map, filters, timeline, list."),
            Offer("kml", "KML", "For Google Earth: precision drawn, each incident with its card."),
        ),
        "Citations": (
            Offer("txt", "Sources as text", "Each source, and which incident cites it."),
            Offer("bib", "BibTeX", "For LaTeX and reference managers."),
            Offer("csl.json", "CSL JSON", "For Zotero and pandoc."),
        ),
    }
)


def downloads(desk: Desk, *, as_of: date, overlays: Callable[[], Sequence[Overlay]]) -> None:
    """Offer every format with its name and about its size; nothing is made before somebody asks for it.

    Parameters
    ----------
    as_of
        The day in the files' names.
    overlays
        Finds what the desk draws besides the incidents, when a file is made.
    """
    dataset, filters = desk.dataset, desk.filters
    shown = apply(dataset.incidents, filters)
    stem = export.file_name(dataset, filters, as_of=as_of, format="csv").removesuffix(".csv")
    many = "The incident shown" if len(shown) == 1 else f"The {len(shown)} incidents shown"
    st.divider()
    st.markdown(f"#### {many}, to take away")
    st.markdown(
        f":small[Each file is called `{stem}` with the ending of its format, and holds exactly what the filters give.]"
    )
    tagged = st.checkbox(
        "HXL tags in CSV and Excel",
        key="download-hxl",
        help="A row below the header that tells the programs of relief agencies what each column is.",
    )
    for column, (heading, offers) in zip(st.columns(len(OFFERS)), OFFERS.items(), strict=True):
        column.markdown(f"**{heading}**")
        for offer in offers:
            size = export.size_words(export.about_bytes(shown, format=offer.format))
            desk.handing.button(
                column,
                f"{offer.label}, {size}",
                name=f"{stem}.{offer.format}",
                make=_maker(dataset, filters, offer.format, name=f"{stem}.csv", tagged=tagged, overlays=overlays),
                key=f"download-{offer.format}",
                mime=export.MEDIA_TYPES[offer.format],
                help=f"{offer.good_for} Called `{stem}.{offer.format}`.",
                icon=":material/download:",
            )
    st.markdown(":small[The same view gives the same bytes, so that two copies can be compared.]")


def _maker(
    dataset: Dataset,
    filters: Filters,
    form: export.Format,
    *,
    name: str,
    tagged: bool,
    overlays: Callable[[], Sequence[Overlay]],
) -> Callable[[], bytes]:
    """What makes a file when its button is pressed; the button turns until the file is there."""

    def make() -> bytes:
        made_from: dict[str, Any] = {
            "boundaries": state.boundaries(),
            "overlays": overlays(),
        }
        if form == "csv.json":
            content = export.to_csv(dataset, filters, hxl=tagged)
            return export.to_sidecar(dataset, filters, content=content, name=name, **made_from)
        return export.write(dataset, filters, format=form, hxl=tagged and form in export.TAGGED, **made_from)

    return make
