"""How far an incident is from its nearest land border, which country it faces, and if its side is certain."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations_with_replacement
from typing import Any, Final

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from gazetteer.boundaries import Boundaries
from incidents.schema import GeoPrecision
from incidents.spillover.eligibility import NO_COUNTRY, place_faults, reasons
from incidents.spillover.memory import Kept, fingerprint
from incidents.spillover.outlines import Outlines
from incidents.spillover.plane import Floats

Integers = npt.NDArray[np.intp]

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

#: What is measured is found from these.
_READ: Final = ("country_code", "longitude", "latitude", "geo_precision", "uncertainty_km")


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
        are null for an incident that is `not_measurable`; all but `side` for a country without land borders.
    """
    key = fingerprint(incidents, columns=_READ), id(boundaries)
    _, table = _KEPT.get(key, lambda: (boundaries, _table(incidents, boundaries)))
    return table.set_axis(incidents.index)


# The boundaries are kept with what was measured against them, so that their id stays theirs.
_KEPT: Final = Kept[tuple[Boundaries, pd.DataFrame]](8)


def _table(incidents: gpd.GeoDataFrame, boundaries: Boundaries) -> pd.DataFrame:
    places = incidents.reset_index(drop=True)
    places = places.loc[not_measurable(places, boundaries=boundaries).isna()]
    longitude, latitude = (places[column].to_numpy(dtype=float) for column in ("longitude", "latitude"))
    code = places["country_code"].to_numpy(dtype=object)
    measured = _Measured.nothing(boundaries.abroad(longitude, latitude, country_codes=code))
    is_area = shapely.get_dimensions(places.geometry.to_numpy()) > 0
    for country, here in pd.Series(np.arange(len(places))).groupby(code).groups.items():
        _measure_points(measured, places, np.asarray(here), country=str(country), boundaries=boundaries)
        areas = np.asarray(here)[is_area[here]]
        if areas.size:
            _measure_areas(measured, places, areas, country=str(country), boundaries=boundaries)
    return measured.table(places.index).reindex(range(len(incidents))).astype(_COLUMNS)


def not_measurable(incidents: gpd.GeoDataFrame, *, boundaries: Boundaries) -> pd.Series:
    """Say of each incident why it has no border distance and no side; null if it can have them.

    It needs a country that the border layer has, and a place that is drawn. The index is theirs.
    """
    known = incidents["country_code"].isin(set(boundaries.countries["country_code"].dropna()))
    return reasons(
        incidents,
        [
            (incidents["country_code"].isna(), NO_COUNTRY),
            (~known, "a country that the border layer lacks"),
            *place_faults(incidents),
        ],
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Measured:
    """Columns of the result, to be filled country by country."""

    minimum_km: Floats
    maximum_km: Floats
    facing: npt.NDArray[Any]
    side: npt.NDArray[Any]
    abroad: npt.NDArray[np.bool_]  # whether the place's own point is in another country

    @classmethod
    def nothing(cls, abroad: npt.NDArray[np.bool_]) -> _Measured:
        size = abroad.size
        return cls(
            np.full(size, np.nan),
            np.full(size, np.nan),
            np.full(size, None, dtype=object),
            np.full(size, CERTAIN, dtype=object),  # of a country without land borders
            abroad,
        )

    def table(self, index: pd.Index) -> pd.DataFrame:
        columns = (self.minimum_km, self.maximum_km, self.facing, self.side, _bands(self.minimum_km, self.maximum_km))
        return pd.DataFrame(dict(zip(_COLUMNS, columns, strict=True)), index=index)


def _measure_points(
    measured: _Measured, places: gpd.GeoDataFrame, here: Integers, *, country: str, boundaries: Boundaries
) -> None:
    """Measure from the own point of each place in a country, and judge the side as of a point with its radius."""
    longitude, latitude, radius_km = (
        places[column].to_numpy(dtype=float, na_value=np.nan)[here]
        for column in ("longitude", "latitude", "uncertainty_km")
    )
    nearest = boundaries.border_distances(longitude, latitude, country_code=country)
    if nearest.empty:
        return
    distance_km = nearest["distance_km"].to_numpy()
    measured.minimum_km[here] = measured.maximum_km[here] = distance_km
    measured.facing[here] = nearest["facing_country_code"]
    beyond_doubt = distance_km > radius_km + boundaries.border_error_km(country)
    measured.side[here] = np.where(beyond_doubt & ~measured.abroad[here], CERTAIN, UNCERTAIN)


def _measure_areas(
    measured: _Measured, places: gpd.GeoDataFrame, here: Integers, *, country: str, boundaries: Boundaries
) -> None:
    """Measure over all of each area, every outline once, and judge the side by all of it."""
    outlines = Outlines.of(
        places.geometry.to_numpy()[here],
        longitudes=places["longitude"].to_numpy(dtype=float)[here],
        latitudes=places["latitude"].to_numpy(dtype=float)[here],
    )
    reach = boundaries.border_distance_intervals(outlines.shapes, country_code=country)
    if reach.empty:
        return
    error_km = boundaries.border_error_km(country)
    least_km, most_km = (reach[column].to_numpy()[outlines.area] for column in ("minimum_km", "maximum_km"))
    certain = (_reach_abroad_km(outlines.shapes, country=country, boundaries=boundaries) <= error_km)[outlines.area]
    is_unit = places["geo_precision"].isin(_UNITS).to_numpy()[here]
    measured.minimum_km[here], measured.maximum_km[here] = least_km, most_km
    measured.side[here] = np.where(certain & (is_unit | (least_km > error_km)), CERTAIN, UNCERTAIN)


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


def _bands(minimum_km: Floats, maximum_km: Floats) -> npt.NDArray[Any]:
    """Name the band of each distance, None for none."""
    first, last = (np.searchsorted(BANDS_KM, distance_km) for distance_km in (minimum_km, maximum_km))
    names = np.full((len(BANDS_KM) + 1,) * 2, None, dtype=object)
    middles = [upper - 1.0 for upper in BANDS_KM] + [BANDS_KM[-1] + 1.0]
    for low, high in combinations_with_replacement(range(len(middles)), 2):
        names[low, high] = band_words(middles[low], middles[high])
    named: npt.NDArray[Any] = np.asarray(names[first, last])
    named[np.isnan(minimum_km)] = None
    return named


def _reach_abroad_km(areas: npt.NDArray[Any], *, country: str, boundaries: Boundaries) -> Floats:
    """How far into other countries each area reaches, by spots a twentieth of its width apart: 0 if it is at home."""
    west, south, east, north = shapely.bounds(areas).T
    step = np.maximum(np.maximum(east - west, north - south) / 20, 1e-3)
    corners, of_corner = shapely.get_coordinates(shapely.segmentize(areas, step), return_index=True)
    lattice = np.stack(np.meshgrid(np.arange(20) + 0.5, np.arange(20) + 0.5), axis=-1).reshape(-1, 2)
    spots = np.stack([west, south], axis=1)[:, None] + lattice * step[:, None, None]
    of_spot = np.repeat(np.arange(areas.size), len(lattice))
    spots = spots.reshape(-1, 2)
    shapely.prepare(areas)
    inside = shapely.contains_xy(areas[of_spot], spots[:, 0], spots[:, 1])
    points, owner = np.vstack([corners, spots[inside]]), np.concatenate([of_corner, of_spot[inside]])
    abroad = boundaries.abroad(*points.T, country_codes=np.full(len(points), country, dtype=object))
    found = boundaries.border_distances(*points[abroad].T, country_code=country)
    reach_km = np.zeros(areas.size)
    np.maximum.at(reach_km, owner[abroad], found["distance_km"].to_numpy())
    return reach_km
