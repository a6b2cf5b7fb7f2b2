"""GeoParquet 1.1: the shown incidents with what is drawn of each, typed, with the statement in the file's metadata."""

from __future__ import annotations

import io
import json
from collections.abc import Sequence
from typing import Final

import geopandas as gpd
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from gazetteer.boundaries import Boundaries
from incidents.dataset import Dataset
from incidents.export.citations import cited
from incidents.export.values import PROPERTIES, with_reasons
from incidents.filters import Filters, apply
from incidents.readers.geoparquet import SOURCES_KEY
from incidents.schema import DATES
from incidents.statement import Overlay, statement

#: The key of the statement in the metadata of the file.
STATEMENT_KEY: Final = "incident_desk"


def to_geoparquet(
    dataset: Dataset,
    filters: Filters,
    *,
    boundaries: Boundaries,
    overlays: Sequence[Overlay] = (),
) -> bytes:
    """Write the shown incidents as GeoParquet 1.1, geometry as WKB in EPSG:4326 with the box of each.

    Days are days, counts are whole numbers, null is null. The file's metadata has the statement, as JSON under
    `STATEMENT_KEY`, and what the incidents cite under `readers.geoparquet.SOURCES_KEY`.
    """
    selected = apply(dataset.incidents, filters)
    shown = dated(selected)
    target = io.BytesIO()
    shown.to_parquet(target, index=False, schema_version="1.1.0", write_covering_bbox=True)
    table = pq.read_table(io.BytesIO(target.getvalue()))
    told = statement(dataset, filters, boundaries=boundaries, overlays=overlays)
    sources = [source.record for source in cited(dataset, selected)]
    # pandas' own entry would make a day an object there and back, and says nothing that the schema does not say.
    metadata = {key: value for key, value in (table.schema.metadata or {}).items() if key != b"pandas"}
    metadata |= {STATEMENT_KEY.encode(): _json(told), SOURCES_KEY: _json(sources)}
    target = io.BytesIO()
    pq.write_table(table.replace_schema_metadata(metadata), target)
    return target.getvalue()


def _json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, allow_nan=False).encode()


def dated(shown: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Give the columns to write, in their order, with days instead of moments."""
    table = with_reasons(shown)[[*PROPERTIES, "geometry"]].reset_index(drop=True)
    return table.astype(dict.fromkeys(DATES, pd.ArrowDtype(pa.date32())))
