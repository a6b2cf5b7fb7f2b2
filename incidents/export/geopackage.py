"""GeoPackage: the shown incidents with what is drawn of each, the sources they cite, and the account, as tables."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from datetime import date
from pathlib import Path
from threading import Lock
from typing import Any, Final

import geopandas as gpd
import pandas as pd
import pyogrio

from gazetteer.boundaries import Boundaries
from incidents.dataset import Dataset
from incidents.export.account import account
from incidents.export.citations import cited
from incidents.export.geoparquet import dated
from incidents.filters import Filters, apply
from incidents.schema import SOURCE_COLUMNS
from incidents.statement import Overlay, statement

#: The layers: incidents with geometry, and two tables without.
LAYERS: Final = ("incidents", "sources", "about")

# GDAL's options are the whole process's, so two files are not written at once.
_TURN: Final = Lock()

# What software of a few years ago reads without a warning.
_VERSION: Final = {"VERSION": "1.3"}
# A GeoPackage must say when a layer was last changed. It says this where the data knows of no day.
_NO_DAY: Final = date(1980, 1, 1)


def to_gpkg(
    dataset: Dataset,
    filters: Filters,
    *,
    boundaries: Boundaries,
    overlays: Sequence[Overlay] = (),
) -> bytes:
    """Write the shown incidents as a GeoPackage of three layers: `incidents`, `sources` and `about`, the account.

    Points and areas stand in one layer, so that it holds all incidents in their order; QGIS offers them by kind. An
    incident that is not drawn has no geometry. `last_change` is the last day of which the data knows, and not the
    time of writing: same input, same bytes.
    """
    shown = apply(dataset.incidents, filters)
    told = statement(dataset, filters, boundaries=boundaries, overlays=overlays)
    sources = pd.DataFrame(
        [
            asdict(one) | {key: "; ".join(getattr(one, key)) for key in ("passages", "incident_ids")}
            for one in cited(dataset, shown)
        ],
        columns=[*SOURCE_COLUMNS, "passages", "incident_ids"],
        dtype="str",
    )
    lines = [*account(told), ("The same as JSON", json.dumps(told, ensure_ascii=False, allow_nan=False))]
    about = pd.DataFrame(lines, columns=["about", "words"], dtype="str")
    with tempfile.TemporaryDirectory() as folder, _at(dataset.known_to or _NO_DAY):
        path = Path(folder) / "incidents.gpkg"
        _write(dated(shown), path, "incidents", geometry_type="Unknown", dataset_options=_VERSION)
        _write(sources, path, "sources")
        _write(about, path, "about")
        return path.read_bytes()


def _write(table: pd.DataFrame | gpd.GeoDataFrame, path: Path, layer: str, **options: Any) -> None:
    pyogrio.write_dataframe(table, path, driver="GPKG", layer=layer, use_arrow=True, **options)


@contextmanager
def _at(day: date) -> Iterator[None]:
    """Let GDAL take a day for now."""
    with _TURN:
        pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": f"{day:%Y-%m-%d}T00:00:00Z"})
        try:
            yield
        finally:
            pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": None})
