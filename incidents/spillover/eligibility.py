"""Of which incidents too little is known to be measured or linked, and why: each reason is counted, none is silent."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from incidents.schema import GeoPrecision

NO_COUNTRY: Final = "no country"
NO_COORDINATES: Final = "no coordinates"
OUT_OF_RANGE: Final = "coordinates out of range"
NO_RADIUS: Final = "no radius"
NO_DATE: Final = "no date"
ENDS_BEFORE: Final = "ends before it starts"
NO_GROUP: Final = "no group"
NOT_DRAWN: Final = "nothing to draw"

#: Places that say no more than a country, or none: their distance to anything would be invented.
NO_PLACE: Final = {
    GeoPrecision.COUNTRY: "only the country is known",
    GeoPrecision.SEA_OR_AIR: "at sea or in the air",
    GeoPrecision.UNKNOWN: "the place is not known",
}

Fault = tuple[Any, str]


def place_faults(incidents: gpd.GeoDataFrame) -> Iterator[Fault]:
    """Give what can be wrong with the place of incidents: which have the fault, and its name."""
    longitude, latitude = (
        incidents[column].to_numpy(dtype=float, na_value=np.nan) for column in ("longitude", "latitude")
    )
    for precision, words in NO_PLACE.items():
        yield incidents["geo_precision"].eq(precision), words
    yield from coordinate_faults(longitude, latitude)
    shape = incidents.geometry.to_numpy()
    yield shapely.is_missing(shape) | shapely.is_empty(shape), NOT_DRAWN


def coordinate_faults(longitude: npt.NDArray[np.float64], latitude: npt.NDArray[np.float64]) -> Iterator[Fault]:
    """Give what can be wrong with coordinates."""
    yield np.isnan(longitude) | np.isnan(latitude), NO_COORDINATES
    yield ~((np.abs(longitude) <= 180) & (np.abs(latitude) <= 90)), OUT_OF_RANGE


def radius_fault(radius_km: npt.NDArray[np.float64]) -> Fault:
    """Give which radii are none: missing, negative or without end."""
    return ~((radius_km >= 0) & (radius_km < np.inf)), NO_RADIUS


def reasons(incidents: gpd.GeoDataFrame, faults: Sequence[Fault]) -> pd.Series:
    """Name the first fault of each incident, null if it has none; the index is theirs."""
    why = np.full(len(incidents), None, dtype=object)
    for fault, words in reversed(faults):
        why[np.asarray(fault, dtype=bool)] = words
    return pd.Series(why, index=incidents.index, dtype="str")
