"""A dataset made up for tests: one incident for each way of drawing, and text that means to break things."""

import hashlib
from pathlib import Path

import geopandas as gpd
import pandas as pd
from shapely.geometry import Point

from incidents.dataset import Dataset
from incidents.filters import facets
from incidents.geocode import disc, records
from incidents.readers import read_sources, read_table

DATA = Path(__file__).parent / "data"


def drawable(row):
    """What `geocode.locate` draws for coordinates that a file came with."""
    if row["longitude"] is None:
        return None
    if row["geo_precision"] in ("exact", "settlement", "near_settlement"):
        return Point(row["longitude"], row["latitude"])
    return disc(row["longitude"], row["latitude"], radius_km=row["uncertainty_km"])


def located(table: pd.DataFrame) -> gpd.GeoDataFrame:
    verdicts = table.assign(place_verdict="unknown", place_reason="No place of this name is known.")
    geometry = gpd.GeoSeries([drawable(row) for row in records(table)], index=table.index, crs="EPSG:4326")
    return gpd.GeoDataFrame(verdicts, geometry=geometry)


def dataset_of(incidents: gpd.GeoDataFrame, *, content: bytes = b"") -> Dataset:
    return Dataset(
        name="made-up.csv",
        incidents=incidents,
        sources=read_sources((DATA / "made-up-sources.csv").read_bytes()),
        rejected=(),
        ignored_columns=(),
        sha256=hashlib.sha256(content).hexdigest(),
        facets=facets(incidents),
    )


def made_up() -> Dataset:
    content = (DATA / "made-up.csv").read_bytes()
    reading = read_table(content)
    assert reading.rejected == ()
    return dataset_of(located(reading.accepted), content=content)
