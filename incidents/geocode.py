"""From the place as reported to a located incident, with its precision, radius and provenance."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
from antimeridian import fix_polygon
from pyproj import Geod
from shapely.geometry import MultiPolygon, Point, Polygon
from shapely.geometry.base import BaseGeometry

from gazetteer import Gazetteer, Match, Verdict, resolve
from incidents.schema import AS_AREA, AS_POINT, DTYPES, LOCATED, GeoPrecision, ReviewStatus

CRS: Final = "EPSG:4326"

#: Written to `geocoded_by` where this module placed the incident.
GAZETTEER: Final = "gazetteer"

#: Written to `geocoded_by` where the file came with coordinates of its own.
SOURCE: Final = "source"

#: Verdicts under which the match is the place itself, and no unit that stands in for it.
_FOUND: Final = (Verdict.EXACT, Verdict.VARIANT, Verdict.HISTORIC)

_GEOD: Final = Geod(ellps="WGS84")


def locate(incidents: pd.DataFrame, *, gazetteer: Gazetteer) -> gpd.GeoDataFrame:
    """Place every incident as finely as can be said, and no finer.

    A row that has coordinates of a source, or that an editor placed (`geocoded_by`), keeps what it has. Any other is
    resolved from `place_as_reported` with its country and divisions as context, also one that says the gazetteer
    placed it: a file cannot speak for the gazetteer.

    Parameters
    ----------
    incidents
        An accepted table (`schema.COLUMNS`).
    gazetteer
        Where names are looked up.

    Returns
    -------
    geopandas.GeoDataFrame
        The table in EPSG:4326 with its located columns filled, and besides: `geometry`, what may be drawn (a point
        for exact, settlement and near_settlement; a polygon for admin2, admin1 and linear_or_fuzzy; None for a
        country, or where nothing honest can be drawn); `place_verdict` and `place_reason`, the gazetteer's answer.
        Coordinates of a source that lie in another country than the one it names are a conflict, and not drawn.
    """
    table = incidents.copy()
    table.loc[table["geocoded_by"] == GAZETTEER, list(LOCATED)] = None
    rows = records(table)
    matches = [_match(row, gazetteer) for row in rows]
    table["place_verdict"] = pd.array([str(match.verdict) for match in matches], dtype="str")
    table["place_reason"] = pd.array([match.reason for match in matches], dtype="str")
    fresh = table["geocoded_by"].isna() & table["longitude"].isna()
    table.loc[table["geocoded_by"].isna() & ~fresh, "geocoded_by"] = SOURCE
    found = pd.DataFrame([_located(match) for match in matches], index=table.index, columns=list(LOCATED))
    found = found.astype({column: DTYPES[column] for column in LOCATED})
    table.loc[fresh, list(LOCATED)] = found.loc[fresh]
    table = _with_countries(table, matches, gazetteer)
    strays = [_stray(row, gazetteer) for row in records(table)]
    geometry = [None if stray else _drawable(row, gazetteer) for row, stray in zip(records(table), strays, strict=True)]
    for index, stray in zip(table.index, strays, strict=True):
        if stray:
            table.loc[index, ["place_reason", "review_status"]] = [stray, ReviewStatus.CONFLICT]
    return gpd.GeoDataFrame(table, geometry=gpd.GeoSeries(geometry, index=table.index, crs=CRS))


def records(table: pd.DataFrame) -> list[dict[str, Any]]:
    """Give the rows as dictionaries in which every kind of missing value is None."""
    plain = pd.DataFrame(table).astype(object)
    columns = [str(column) for column in plain.columns]
    rows = plain.where(plain.notna(), None).itertuples(index=False, name=None)
    return [dict(zip(columns, row, strict=True)) for row in rows]


@dataclass(frozen=True, slots=True)
class ReportedPlace:
    """A place as a source names it, with the gazetteer's answer and the incidents that are put there."""

    as_reported: str
    match: Match
    incident_ids: tuple[str, ...]


def reported_places(incidents: pd.DataFrame, *, gazetteer: Gazetteer) -> tuple[ReportedPlace, ...]:
    """Give every place that the incidents name, with its answer, the most doubtful first."""
    answers: dict[tuple[str, Match], list[str]] = {}
    for row in records(incidents):
        answers.setdefault((row["place_as_reported"], _match(row, gazetteer)), []).append(row["incident_id"])
    places = [ReportedPlace(name, match, tuple(ids)) for (name, match), ids in answers.items()]
    return tuple(sorted(places, key=lambda place: (_DOUBT.index(place.match.verdict), place.as_reported)))


#: Verdicts, the most doubtful first.
_DOUBT: Final = (
    Verdict.UNKNOWN,
    Verdict.AMBIGUOUS,
    Verdict.MISSPELT,
    Verdict.HISTORIC,
    Verdict.VARIANT,
    Verdict.EXACT,
)


def why_not_mapped(incidents: gpd.GeoDataFrame) -> pd.Series:
    """Say for each incident that has nothing to draw why that is; the index is theirs."""
    unmapped = incidents.loc[incidents.geometry.isna()]

    def reason(row: pd.Series) -> str:
        match row["geo_precision"]:
            case GeoPrecision.COUNTRY:
                country = row["place_name"] if pd.isna(row["country"]) else row["country"]
                return f"Only the country is known: {country}."
            case GeoPrecision.SEA_OR_AIR:
                return "At sea or in the air, outside every country."
            case _:
                return str(row["place_reason"])

    return pd.Series([reason(row) for _, row in unmapped.iterrows()], index=unmapped.index, dtype="str")


def disc(longitude: float, latitude: float, *, radius_km: float) -> Polygon | MultiPolygon:
    """Draw the circle of `radius_km` around a point on the ellipsoid, in EPSG:4326, cut at the antimeridian.

    Examples
    --------
    >>> disc(0.7, 11.1, radius_km=40).geom_type, disc(179.9, -16.5, radius_km=40).geom_type
    ('Polygon', 'MultiPolygon')
    """
    azimuths = np.arange(0.0, 360.0, 5.0)
    around = np.full_like(azimuths, radius_km * 1000)
    east, north, _ = _GEOD.fwd(np.full_like(azimuths, longitude), np.full_like(azimuths, latitude), azimuths, around)
    ring = Polygon(zip(east, north, strict=True))
    if np.ptp(east) <= 180:
        return ring
    to_pole_km = _GEOD.inv(longitude, latitude, longitude, np.copysign(90.0, latitude))[2] / 1000
    north_pole, south_pole = (to_pole_km < radius_km and latitude * sign > 0 for sign in (1, -1))
    return fix_polygon(
        ring.reverse(), force_north_pole=north_pole, force_south_pole=south_pole, fix_winding=False, great_circle=False
    )


def _match(row: Mapping[str, Any], gazetteer: Gazetteer) -> Match:
    start = row["date_start"]
    return resolve(
        row["place_as_reported"],
        gazetteer=gazetteer,
        country=row["country_code"],
        admin1=row["admin1"],
        admin2=row["admin2"],
        feature_class=row["feature_class"],
        on=start.date() if start else None,
    )


def _located(match: Match) -> dict[str, object]:
    place = match.place
    return {
        "place_name": place.name if place else None,
        "place_id": place.place_id if place else None,
        "longitude": match.longitude,
        "latitude": match.latitude,
        "geo_precision": str(match.geo_precision),
        "uncertainty_km": match.uncertainty_km,
        "geocoded_by": GAZETTEER,
    }


def _with_countries(table: pd.DataFrame, matches: Sequence[Match], gazetteer: Gazetteer) -> pd.DataFrame:
    """Fill the country where the source names none, but its place or its coordinates are in one for certain."""
    codes = [
        row["country_code"] or _country_found(row, match, gazetteer)
        for row, match in zip(records(table), matches, strict=True)
    ]
    names = [
        row["country"] or (code and gazetteer.boundaries.country(code).name)
        for row, code in zip(records(table), codes, strict=True)
    ]
    return table.assign(country_code=pd.array(codes, dtype="str"), country=pd.array(names, dtype="str"))


def _country_found(row: Mapping[str, Any], match: Match, gazetteer: Gazetteer) -> str | None:
    if row["geocoded_by"] != GAZETTEER and row["longitude"] is not None:
        code = gazetteer.boundaries.country_at(row["longitude"], row["latitude"])
        if code is None:
            return None
        certain = gazetteer.boundaries.country(code).geometry.contains(_reach(row, gazetteer))
        return code if certain else None
    return match.country_code if match.verdict in _FOUND else None


def _stray(row: Mapping[str, Any], gazetteer: Gazetteer) -> str | None:
    """Say so if a file's coordinates are not in its country, with all that place and border may be off by."""
    if row["geocoded_by"] == GAZETTEER or row["longitude"] is None or row["country_code"] is None:
        return None
    stated = gazetteer.boundaries.country(row["country_code"])
    if _reach(row, gazetteer).intersects(stated.geometry):
        return None
    code = gazetteer.boundaries.country_at(row["longitude"], row["latitude"])
    where = f"in {gazetteer.boundaries.country(code).name}" if code else "in no country"
    return f"Its coordinates lie {where}, its country is {stated.name}: nothing is drawn until an editor decides."


def _reach(row: Mapping[str, Any], gazetteer: Gazetteer) -> BaseGeometry:
    """Everywhere that a source's coordinates may mean, with what the borders may be off by."""
    radius_km = row["uncertainty_km"] + gazetteer.boundaries.positional_error_km
    return disc(row["longitude"], row["latitude"], radius_km=radius_km)


def _drawable(row: Mapping[str, Any], gazetteer: Gazetteer) -> BaseGeometry | None:
    """What may be drawn for an incident: a point, an area, or nothing."""
    if row["longitude"] is None:
        return None
    precision = GeoPrecision(row["geo_precision"])
    if precision in AS_POINT:
        return Point(row["longitude"], row["latitude"])
    if precision in AS_AREA:
        return _footprint(row, gazetteer) or cut_at_border(
            disc(row["longitude"], row["latitude"], radius_km=row["uncertainty_km"]),
            country_code=row["country_code"],
            gazetteer=gazetteer,
        )
    return None


def _footprint(row: Mapping[str, Any], gazetteer: Gazetteer) -> BaseGeometry | None:
    """The outline of the place that the gazetteer found; what a file calls its place has none."""
    if row["geocoded_by"] != GAZETTEER or row["place_id"] is None:
        return None
    return gazetteer.footprint(gazetteer.place(row["place_id"]))


def cut_at_border(area: BaseGeometry, *, country_code: str | None, gazetteer: Gazetteer) -> BaseGeometry:
    """Cut an area at the border of the country that the source names, if any of it lies there."""
    if country_code is None:
        return area
    inside = area & gazetteer.boundaries.country(country_code).geometry
    return inside.buffer(0) or area  # the buffer drops what only touches the border
