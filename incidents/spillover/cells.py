"""The Spatial Conflict Dynamics indicator: how much happened in a cell of 50 by 50 km, and how close together."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import cos, radians, sin, sqrt
from typing import Final

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely
from scipy.spatial import cKDTree
from shapely.geometry import Polygon

from gazetteer.borderlines import GEOD
from incidents.spillover.exposure import Window
from incidents.spillover.links import not_linkable
from incidents.spillover.plane import LocalPlane

Floats = npt.NDArray[np.float64]

SCDI_SOURCE: Final = "Walther, Radil, Russell and Trémolières 2023, doi 10.1080/09546553.2021.1957846"

#: Side of a cell.
CELL_KM: Final = 50

#: From so many incidents per square kilometre and year on, a cell's intensity is high: five in a cell of 2,500 km².
HIGH_PER_KM2: Final = 0.0017

#: Fewer eligible incidents than this are not classed.
LEAST_FOR_CELLS: Final = 30

#: A place that is known no better than this may lie in another cell than its point.
_MOST_RADIUS_KM: Final = CELL_KM / 2

#: What the indicator counts, by ACLED's event types.
_VIOLENT: Final = ("Battles", "Explosions/Remote violence", "Violence against civilians")

#: The indicator's own letters, and what they mean.
SCDI_WORDS: Final = {
    "CH": "clustered, high intensity",
    "DH": "dispersed, high intensity",
    "CL": "clustered, low intensity",
    "DL": "dispersed, low intensity",
}


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of the grid with two incidents or more.

    Attributes
    ----------
    scdi : str
        Key of `SCDI_WORDS`.
    incidents : int
    per_km2 : float
        Incidents per square kilometre in the year.
    nearest_ratio : float
        Mean distance to the nearest other incident of the cell over the one that incidents strewn at random would
        have (Clark and Evans 1954); below 1 the cell is clustered.
    outline : shapely.Polygon
        EPSG:4326.
    """

    scdi: str
    incidents: int
    per_km2: float
    nearest_ratio: float
    outline: Polygon


@dataclass(frozen=True, slots=True)
class ConflictCells:
    """Classed cells, and with which parameters they were classed.

    Attributes
    ----------
    found : tuple of Cell
        The most incidents first.
    window : Window or None
        The year that is counted; None if no incident is dated.
    shown, eligible : int
        How many incidents there were, and how many of them the indicator takes.
    """

    found: tuple[Cell, ...]
    window: Window | None
    shown: int
    eligible: int

    @property
    def too_few(self) -> bool:
        """Whether there are too few to class any cell."""
        return self.eligible < LEAST_FOR_CELLS

    @property
    def parameters(self) -> str:
        """How the cells were classed, in a few sentences."""
        year = f"in the year {self.window}" if self.window else "in no year, since no incident is dated"
        said = (
            f"Spatial Conflict Dynamics indicator ({SCDI_SOURCE}), {year}: {self.eligible} of {self.shown} incidents "
            "are battles, explosions or violence against civilians, dated within it and placed within "
            f"{_MOST_RADIUS_KM:g} km"
        )
        if self.too_few:
            return f"{said}, and under {LEAST_FOR_CELLS} no cell is classed."
        return (
            f"{said}. High intensity from {HIGH_PER_KM2:g} per km² on, clustered below a nearest-neighbour ratio of 1, "
            f"from two incidents on. Cells of {CELL_KM} by {CELL_KM} km lie in rows from the equator, each cut into "
            "whole cells from 180 degrees west on."
        )


def conflict_cells(incidents: gpd.GeoDataFrame) -> ConflictCells:
    """Class the cells in which incidents of the last year happened, as OECD/SWAC's indicator does.

    The year is the 365 days up to the last day of what is shown. An incident counts if its type is violent, its dates
    all lie in that year, and its place is a point with a radius of no more than half a cell.

    The grid does not depend on what is shown: rows of 50 km along the meridian from the equator on, each cut into as
    many equal columns as come nearest to 50 km in its middle. All cells have 2,500 km² within 1 % up to 75 degrees.
    The indicator's authors lay their cells in a conic projection of Africa; theirs and these do not coincide.

    Parameters
    ----------
    incidents
        What is shown (`filters.apply`). Under `LEAST_FOR_CELLS` eligible incidents nothing is classed.
    """
    last = incidents["date_end"].max()
    if pd.isna(last):
        return ConflictCells((), None, shown=len(incidents), eligible=0)
    first = last - pd.Timedelta(days=364)
    placed = incidents.loc[
        not_linkable(incidents).isna()
        & incidents["event_type"].isin(_VIOLENT)
        & (incidents["date_start"] >= first)
        & (incidents.geometry.geom_type == "Point")
        & (incidents["uncertainty_km"] <= _MOST_RADIUS_KM)
    ]
    window = Window(first.date(), last.date())
    result = ConflictCells((), window, shown=len(incidents), eligible=len(placed))
    if result.too_few:
        return result
    found = sorted(_cells(placed), key=lambda cell: (-cell.incidents, cell.outline.bounds))
    return ConflictCells(tuple(found), window, shown=len(incidents), eligible=len(placed))


def _cells(placed: gpd.GeoDataFrame) -> Iterator[Cell]:
    longitudes, latitudes = (placed[column].to_numpy(dtype=float) for column in ("longitude", "latitude"))
    rows, columns = _at(longitudes, latitudes)
    for (row, column), here in placed.groupby([rows, columns], sort=True):
        if len(here) > 1:
            outline = _outline(int(row), int(column))
            area_km2 = abs(GEOD.geometry_area_perimeter(outline)[0]) / 1e6
            per_km2 = len(here) / area_km2
            ratio = _nearest_ratio(here.geometry.to_numpy(), area_km2=area_km2)
            letters = ("C" if ratio < 1 else "D") + ("H" if per_km2 >= HIGH_PER_KM2 else "L")
            yield Cell(letters, len(here), per_km2, ratio, outline)


def _nearest_ratio(points: npt.NDArray[np.object_], *, area_km2: float) -> float:
    plane = LocalPlane(float(points[0].x), float(points[0].y))
    flat = shapely.get_coordinates(plane.project(points))
    nearest_km = cKDTree(flat).query(flat, k=2)[0][:, 1]
    return float(nearest_km.mean()) / (0.5 * sqrt(area_km2 / len(points)))


def _at(longitudes: Floats, latitudes: Floats) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Row and column of the cell that holds each point."""
    nowhere = np.zeros(longitudes.shape)
    north_km = np.asarray(GEOD.inv(nowhere, nowhere, nowhere, latitudes)[2]) / 1000 * np.sign(latitudes)
    rows = np.floor(north_km / CELL_KM).astype(np.int64)
    distinct, back = np.unique(rows, return_inverse=True)
    columns = np.array([_columns(int(row)) for row in distinct])[back]
    turned = (longitudes + 180) % 360 / 360  # 180 degrees east is 180 degrees west
    return rows, np.floor(turned * columns).astype(np.int64)


def _columns(row: int) -> int:
    """How many cells a row is cut into."""
    latitude = radians(_latitude((row + 0.5) * CELL_KM))
    parallel_km = 2 * np.pi * GEOD.a / 1000 * cos(latitude) / sqrt(1 - GEOD.es * sin(latitude) ** 2)
    return max(1, round(parallel_km / CELL_KM))


def _latitude(north_km: float) -> float:
    """The latitude at so many kilometres along the meridian from the equator."""
    return float(GEOD.fwd(0, 0, 0 if north_km >= 0 else 180, abs(north_km) * 1000)[1])


def _outline(row: int, column: int) -> Polygon:
    width = 360 / _columns(row)
    west = column * width - 180
    return shapely.box(west, _latitude(row * CELL_KM), west + width, _latitude((row + 1) * CELL_KM))
