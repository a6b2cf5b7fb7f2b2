"""A border layer of one's own, read from GeoJSON, to be put in the place of the one that ships."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

import geopandas as gpd
import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from gazetteer.place import BorderLayerError

_LINES: Final = ("LineString", "MultiLineString")
_LANDS: Final = ("Polygon", "MultiPolygon")

#: The names under which GeoJSON of before 2016 states the only reference system that is read.
_WGS_84: Final = ("CRS84", "EPSG::4326", "EPSG:4326")

# Corners of neighbours are the same if they agree to so many decimals of a degree, 1 cm.
_DECIMALS: Final = 7


@dataclass(frozen=True, slots=True, eq=False)
class BorderLayer:
    """Land borders of one's own.

    Attributes
    ----------
    borders : geopandas.GeoDataFrame
        `country_a`, `country_b` (in order of the alphabet, null where a territory has no code) and `geometry`.
    lands : geopandas.GeoDataFrame
        `country_code` and `geometry`: the outlines that the file gives, if any.
    citation : str
        What every output prints.
    positional_error_km : float
        How far the lines may be off.
    complete : bool
        Whether there are no land borders but these.
    sha256 : str
        Hash of the file.
    """

    borders: gpd.GeoDataFrame
    lands: gpd.GeoDataFrame
    citation: str
    positional_error_km: float
    complete: bool
    sha256: str


def read_border_layer(path: Path, *, known: Iterable[str]) -> BorderLayer:
    """Read a border layer from a GeoJSON file (RFC 7946, so EPSG:4326, longitude first).

    The file is a FeatureCollection with three members besides `features`: `citation`, the words that every output
    prints; `positional_error_km`, how far the lines may be off; and, if wanted, `complete`: true says that there are
    no other land borders, otherwise borders between pairs of countries that the file does not name stay as they
    ship. A feature is either a border, a LineString or MultiLineString with `country_a` and `country_b` (ISO 3166-1
    alpha-2, null for a territory without a code); or the land of a country, a Polygon or MultiPolygon with
    `country_code`. Land says on which side a point is; and in a file without lines, the borders are where two
    countries share corners, so coasts are none.

    Parameters
    ----------
    path
        The file.
    known
        Codes of countries that there are.

    Raises
    ------
    BorderLayerError
        If it cannot be read, or says something that cannot be used; the message says what and where.
    """
    name = path.name
    content = _parsed(path)
    _must(isinstance(content, dict) and content.get("type") == "FeatureCollection", name, "is no FeatureCollection")
    crs = content.get("crs")
    _must(
        crs is None or any(system in json.dumps(crs) for system in _WGS_84),
        name,
        "is in another reference system than EPSG:4326 (WGS 84, longitude and latitude): convert it first",
    )
    citation, error_km = content.get("citation"), content.get("positional_error_km")
    _must(isinstance(citation, str) and citation.strip(), name, 'lacks "citation", the words that outputs print')
    _must(
        isinstance(error_km, int | float) and not isinstance(error_km, bool) and 0 <= error_km < 1000,
        name,
        'lacks "positional_error_km", how far the lines may be off, as a number of kilometres',
    )
    complete = content.get("complete", False)
    _must(isinstance(complete, bool), name, 'says neither true nor false under "complete"')
    features = content.get("features")
    _must(isinstance(features, list) and features, name, "has no features")
    codes = frozenset(known)
    lines: list[tuple[str | None, str | None, BaseGeometry]] = []
    lands: list[tuple[str, BaseGeometry]] = []
    for number, feature in enumerate(features, start=1):
        where = f"{name}, feature {number},"
        geometry, properties = _feature(feature, where)
        if geometry.geom_type in _LINES:
            a, b = (_code(properties, key, codes, where, may_lack=True) for key in ("country_a", "country_b"))
            _must(a is not None or b is not None, where, "has no code on either side")
            _must(a != b, where, f"has {a} on both sides")
            lines.append((*sorted((a, b), key=lambda code: (code is None, code or "")), geometry))
        else:
            lands.append((str(_code(properties, "country_code", codes, where)), geometry))
    return BorderLayer(
        borders=_borders(lines) if lines else _shared(lands, name),
        lands=gpd.GeoDataFrame(
            {"country_code": np.array([code for code, _ in lands], dtype=object)},
            geometry=[land for _, land in lands],
            crs="EPSG:4326",
        ),
        citation=" ".join(citation.split()),
        positional_error_km=float(error_km),
        complete=complete,
        sha256=sha256(path.read_bytes()).hexdigest(),
    )


def _parsed(path: Path) -> Any:
    try:
        return json.loads(path.read_bytes())
    except OSError as error:
        message = f"The border layer {path} cannot be read: {error.strerror}."
        raise BorderLayerError(message) from error
    except (ValueError, RecursionError) as error:
        message = f"The border layer {path.name} is no JSON: {error}."
        raise BorderLayerError(message) from error


def _must(holds: object, where: str, fault: str) -> None:
    if not holds:
        message = f"The border layer {where} {fault}."
        raise BorderLayerError(message)


def _feature(feature: Any, where: str) -> tuple[BaseGeometry, Mapping[str, Any]]:
    _must(isinstance(feature, dict) and isinstance(feature.get("geometry"), dict), where, "has no geometry")
    properties = feature.get("properties") or {}
    kind = feature["geometry"].get("type")
    _must(kind in (*_LINES, *_LANDS), where, f"is a {kind}; borders are lines, and land is polygons")
    try:
        geometry = shapely.from_geojson(json.dumps(feature["geometry"]))
    except (shapely.errors.GEOSException, ValueError) as error:
        message = f"The border layer {where} has a geometry that cannot be read: {error}."
        raise BorderLayerError(message) from error
    _must(not geometry.is_empty and isinstance(properties, dict), where, "is empty")
    corners = shapely.get_coordinates(geometry)
    inside = (np.abs(corners) <= (180, 90)).all(axis=1)  # a NaN is outside
    if not inside.all():
        east, north = corners[~inside][0]
        _must(False, where, f"has the corner {east:g}, {north:g}, which is no longitude and latitude in degrees")
    geometry = shapely.force_2d(geometry)
    return (shapely.make_valid(geometry) if kind in _LANDS else geometry), properties


def _code(
    properties: Mapping[str, Any], key: str, known: frozenset[str], where: str, *, may_lack: bool = False
) -> str | None:
    _must(key in properties, where, f'lacks the property "{key}"')
    code = properties[key]
    if code is None and may_lack:
        return None
    plain = code.upper() if isinstance(code, str) else None
    _must(plain in known, where, f'says "{key}": {json.dumps(code)}, which is no country code (ISO 3166-1 alpha-2)')
    return plain


def _borders(lines: list[tuple[str | None, str | None, BaseGeometry]]) -> gpd.GeoDataFrame:
    table = {
        "country_a": np.array([a for a, _, _ in lines], dtype=object),
        "country_b": np.array([b for _, b, _ in lines], dtype=object),
    }
    return gpd.GeoDataFrame(table, geometry=[line for *_, line in lines], crs="EPSG:4326")


def _shared(lands: list[tuple[str, BaseGeometry]], name: str) -> gpd.GeoDataFrame:
    """Find the borders of countries that are given as land: the edges that two of them have in common."""
    rings, of_land = shapely.get_parts(shapely.boundary([land for _, land in lands]), return_index=True)
    corners, ring = shapely.get_coordinates(rings, return_index=True)
    joined = ring[:-1] == ring[1:]
    ends = np.round(np.stack([corners[:-1][joined], corners[1:][joined]], axis=1), _DECIMALS) + 0.0
    land = of_land[ring[:-1][joined]]
    (east, north), (far_east, far_north) = ends[:, 0].T, ends[:, 1].T
    backwards = (east > far_east) | ((east == far_east) & (north > far_north))
    ends[backwards] = ends[backwards][:, ::-1]
    _, edge = np.unique(ends.reshape(-1, 4), axis=0, return_inverse=True)
    sides: dict[int, list[int]] = {}
    for at, number in enumerate(edge.ravel()):
        sides.setdefault(int(number), []).append(at)
    between: dict[tuple[str, str], list[int]] = {}
    for ats in sides.values():
        codes = sorted({lands[land[at]][0] for at in ats})
        for a, b in pairwise(codes):
            between.setdefault((a, b), []).append(ats[0])
    _must(
        between,
        name,
        "has no lines, and no two of its countries share corners: give borders as lines with country_a and country_b",
    )
    lines: list[tuple[str | None, str | None, BaseGeometry]] = [
        (a, b, shapely.line_merge(shapely.multilinestrings(shapely.linestrings(ends[ats]))))
        for (a, b), ats in sorted(between.items())
    ]
    return _borders(lines)
