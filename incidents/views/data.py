"""The data page: which file is open, what of it was rejected, its sources, and another file to open."""

from __future__ import annotations

from importlib.resources import files

import streamlit as st

from incidents.dataset import from_bytes
from incidents.errors import NotADatasetError
from incidents.readers import MAX_BYTES, READERS
from incidents.schema import COLUMNS, REQUIRED
from incidents.views import state
from incidents.views.lists import rejected_rows
from incidents.views.text import plain


def data_page() -> None:
    """Show what the desk stands on."""
    desk = state.desk()
    dataset = desk.dataset
    st.markdown(f"#### {plain(dataset.name)}")
    st.markdown(
        f"**{len(dataset.incidents)}** incidents accepted, **{dataset.rows_rejected}** rows rejected, "
        f"**{len(dataset.sources)}** sources. SHA-256 `{dataset.sha256[:16]}…`"
    )
    if dataset.ignored_columns:
        st.info(f"Columns that no dataset of incidents has, left aside: {plain(', '.join(dataset.ignored_columns))}.")
    _open_another()
    if dataset.rejected:
        st.markdown("##### Rejected rows")
        rejected_rows(dataset)
    st.markdown("##### Sources")
    if dataset.sources.empty:
        st.markdown("The dataset came without a list of sources; incidents show the identifiers that they cite.")
    else:
        st.dataframe(dataset.sources, hide_index=True, alt="Sources of this dataset")
    st.markdown("##### Layers beneath the incidents")
    border = state.boundaries()
    st.markdown(
        f"- **Boundaries:** {plain(border.layer_citation)}; true to about {border.positional_error_km:g} km "
        f"({plain(border.positional_error_source)}).\n- **Places:** the curated gazetteer; each place names its source "
        "on the Places page."
    )
    with st.expander("Codebook: what each column means", icon=":material/menu_book:"):
        st.markdown((files("incidents") / "data" / "CODEBOOK.md").read_text("utf-8"))


def _open_another() -> None:
    """Offer to open a file for this visit; it stays in this visitor's session and is stored nowhere."""
    with st.expander("Open another dataset", icon=":material/upload_file:"):
        st.markdown(
            "A CSV, Excel workbook, GeoJSON, GeoPackage or GeoParquet with at least these "
            f"{len(REQUIRED)} columns: `{', '.join(REQUIRED)}`. It is open in "
            f"this browser session only and is not stored. All columns that the desk reads: `{', '.join(COLUMNS)}`."
        )
        table = st.file_uploader(
            "Incidents",
            type=[ending.removeprefix(".") for ending in READERS],
            max_upload_size=MAX_BYTES // 1_000_000,
            key="upload",
        )
        sources = st.file_uploader("Sources (CSV, optional)", type="csv", max_upload_size=5, key="upload-sources")
        open_it, back = st.columns(2)
        if open_it.button("Open this file", key="open", type="primary", disabled=table is None) and table is not None:
            _open(table.name, table.getvalue(), None if sources is None else sources.getvalue())
        if back.button("Back to the dataset the desk started with", key="back"):
            state.open_dataset(state.default_dataset())
            st.rerun()


def _open(name: str, content: bytes, sources: bytes | None) -> None:
    try:
        with st.spinner("Locating the incidents"):
            dataset = from_bytes(content, name=name, gazetteer=state.gazetteer(), sources=sources)
    except NotADatasetError as error:
        st.error(plain(str(error)), icon=":material/error:")
        return
    state.open_dataset(dataset)
    st.rerun()
