"""How far an incident is from its nearest land border, which country it faces, and if its side is certain."""

from __future__ import annotations

from typing import Any, Final

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely
from shapely.geometry.base import BaseGeometry

from gazetteer.boundaries import Boundaries
from incidents.schema import GeoPrecision

#: Upper ends of the bands along a border, in km (OECD/SWAC, Borders and Conflicts in North and West Africa,
#: 2022).
BANDS_KM: Final = (10, 20, 50, 100)

CERTAIN: Final = "certain"
UNCERTAIN: Final = "uncertain"

#: Areas that are units of their country, so that their outline errs together with the border.
_UNITS: Final = (GeoPrecision.ADMIN1, GeoPrecision.ADMIN2)

_COLUMNS: Final = {
    "border_distance_min_km": "float64",
    "border_distance_max_km": "float64",
    "facing_country_code": "str",
    "side": "str",
    "band": "str",
}


def measure_borders(incidents: gpd.GeoDataFrame, *, boundaries: Boundaries) -> pd.DataFrame:
    """Measure each incident against the land borders of its country; a coast is no border.

    The distance of a point is one figure; that of an area runs from its nearest to its farthest spot. All are
    geodesic.

    The side of the border is certain for a point farther from it than the place's radius and the layer's
    positional error together; for a district or province of which no part lies beyond the border by more
    than that error, since the source's word is the unit; for a loosely named area if, besides, all of it is
    farther from the border than that error; and for a country without land borders. A point that the layer
    puts in another country is on no certain side.

    Parameters
    ----------
    incidents
        Located incidents (`geocode.locate`), EPSG:4326.
    boundaries
        Land borders and countries, with their positional error.

    Returns
    -------
    pandas.DataFrame
        With the index of `incidents`: `border_distance_min_km` and `border_distance_max_km`;
        `facing_country_code`, the country across the border nearest to the place's own point; `side`,
        "certain" or "uncertain"; `band`, as `band_words` names it, both ends where an area spans several. All
        are null for an incident with nothing to draw, or of a country that the layer lacks; all but `side`
        for a country without land borders.
    """
    measured = pd.DataFrame(index=incidents.index, columns=list(_COLUMNS), dtype=object)
    drawn = incidents.loc[
        incidents.geometry.notna() & incidents["country_code"].isin(set(boundaries.countries["country_code"].dropna()))
    ]
    for code, here in drawn.groupby("country_code"):
        longitudes, latitudes = (here[column].to_numpy(dtype=float) for column in ("longitude", "latitude"))
        nearest = boundaries.border_distances(longitudes, latitudes, country_code=code)
        if nearest.empty:
            measured.loc[here.index, "side"] = CERTAIN
            continue
        nearest.index = here.index
        measured.loc[here.index, "facing_country_code"] = nearest["facing_country_code"]
        is_point = shapely.get_type_id(here.geometry.to_numpy()) == shapely.GeometryType.POINT
        points = here.loc[is_point]
        distance_km = nearest.loc[is_point, "distance_km"]
        beyond_doubt = distance_km > points["uncertainty_km"].astype(float) + boundaries.positional_error_km
        at_home = ~_abroad(points, code=code, boundaries=boundaries)
        measured.loc[points.index, "border_distance_min_km"] = distance_km
        measured.loc[points.index, "border_distance_max_km"] = distance_km
        measured.loc[points.index, "side"] = np.where(beyond_doubt & at_home, CERTAIN, UNCERTAIN)
        seen: dict[tuple[bytes, bool], tuple[float, float, str]] = {}
        for index, row in here.loc[~is_point].iterrows():
            is_unit = row["geo_precision"] in _UNITS
            key = shapely.to_wkb(row["geometry"]), is_unit
            if key not in seen:
                seen[key] = _measure_area(row["geometry"], is_unit=is_unit, code=code, boundaries=boundaries)
            measured.loc[index, ["border_distance_min_km", "border_distance_max_km", "side"]] = seen[key]
    measured = measured.astype(_COLUMNS)
    bands = zip(measured["border_distance_min_km"], measured["border_distance_max_km"], strict=True)
    measured["band"] = pd.array([None if np.isnan(low) else band_words(low, high) for low, high in bands], dtype="str")
    return measured


def band_words(distance_min_km: float, distance_max_km: float) -> str:
    """Name the band of a distance, or the bands of its two bounds; a band includes its upper end.

    Examples
    --------
    >>> band_words(10.0, 10.0), band_words(10.1, 43.0), band_words(240, 260)
    ('0-10 km', '10-20 km to 20-50 km', 'over 100 km')
    """
    first, last = _band(distance_min_km), _band(distance_max_km)
    return first if first == last else f"{first} to {last}"


def _band(distance_km: float) -> str:
    for lower, upper in zip((0, *BANDS_KM), BANDS_KM, strict=False):
        if distance_km <= upper:
            return f"{lower}-{upper} km"
    return f"over {BANDS_KM[-1]} km"


def _abroad(points: gpd.GeoDataFrame, *, code: str, boundaries: Boundaries) -> npt.NDArray[np.bool_]:
    """Tell which points the layer puts in another country; the sea is none, as coasts are drawn coarsely."""
    divisions = boundaries.divisions
    point, division = divisions.sindex.query(points.geometry.to_numpy(), predicate="intersects")
    abroad = np.zeros(len(points), dtype=bool)
    abroad[point[(divisions["country_code"].iloc[division] != code).to_numpy()]] = True
    return abroad


def _measure_area(area: BaseGeometry, *, is_unit: bool, code: str, boundaries: Boundaries) -> tuple[float, float, str]:
    """Least distance, greatest distance and side of an area of a country that has land borders."""
    interval = boundaries.border_distance_interval(area, country_code=code)
    assert interval is not None  # noqa: S101  a country with land borders has one
    error_km = boundaries.positional_error_km
    certain = _reach_abroad_km(area, code=code, boundaries=boundaries) <= error_km
    if not is_unit:
        certain = certain and interval.minimum_km > error_km
    return interval.minimum_km, interval.maximum_km, CERTAIN if certain else UNCERTAIN


def _reach_abroad_km(area: BaseGeometry, *, code: str, boundaries: Boundaries) -> float:
    """How far into other countries an area reaches: 0 if it is at home."""
    countries: Any = boundaries.countries
    others = countries.iloc[countries.sindex.query(area, predicate="intersects")]
    others = others.loc[others["country_code"] != code]
    parts = shapely.intersection(others.geometry.to_numpy(), area)
    longitudes, latitudes = shapely.get_coordinates(parts).T
    if not longitudes.size:
        return 0.0
    return float(boundaries.border_distances(longitudes, latitudes, country_code=code)["distance_km"].max())
