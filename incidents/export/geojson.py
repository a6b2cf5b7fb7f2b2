"""GeoJSON (RFC 7946): what is drawn of each incident, its columns as properties, and the statement beside them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, Final

import geopandas as gpd
import numpy as np
import shapely
from shapely.geometry import mapping
from shapely.geometry.base import BaseGeometry

from gazetteer.boundaries import Boundaries
from incidents.dataset import Dataset
from incidents.export.citations import cited
from incidents.export.values import PROPERTIES, plain, with_reasons
from incidents.filters import Filters, apply
from incidents.geocode import records
from incidents.statement import Overlay, statement

# A hand's breadth on the ground, finer than any place here.
_DECIMALS: Final = 6


def to_geojson(
    dataset: Dataset,
    filters: Filters,
    *,
    boundaries: Boundaries,
    overlays: Sequence[Overlay] = (),
) -> bytes:
    """Write the shown incidents as GeoJSON (RFC 7946): what is drawn of each, or a null geometry.

    The columns of a dataset are the properties, beside `place_verdict` and `place_reason`; null is null. The
    collection says besides which filters it answers, how many incidents of how many it holds, which of them
    cannot be mapped and why, from which data, borders and places it was made, which rows of the data's file
    could not be read, and under `sources` what its incidents cite, so that it reads back whole.

    Parameters
    ----------
    overlays
        What the desk draws besides the incidents, to be told with them.
    """
    shown = apply(dataset.incidents, filters)
    collection = {
        "type": "FeatureCollection",
        **statement(dataset, filters, boundaries=boundaries, overlays=overlays),
        "sources": [source.record for source in cited(dataset, shown)],
    }
    if not shown.geometry.isna().all():
        collection["bbox"] = [round(float(value), _DECIMALS) for value in bbox(shown.geometry)]
    head = _json(collection).removesuffix("}")
    features = ",\n".join(_json(_feature(incident)) for incident in records(with_reasons(shown)))
    return f'{head}, "features": [\n{features}\n]}}\n'.encode()


def bbox(drawn: gpd.GeoSeries) -> tuple[float, float, float, float]:
    """West, south, east and north edge in degrees; west is beyond east where an outline is cut at the antimeridian.

    Source: RFC 7946, 5.2.

    Examples
    --------
    >>> sides = [shapely.box(-180, -17, -179, -16), shapely.box(177, -18, 180, -16)]
    >>> bbox(gpd.GeoSeries([shapely.MultiPolygon(sides)]))
    (177.0, -18.0, -179.0, -16.0)
    """
    west, south, east, north = (float(edge) for edge in drawn.total_bounds)
    sides = drawn.bounds
    if not (sides["maxx"] - sides["minx"] > 180).any():
        return west, south, east, north
    # Where nothing is drawn for longest, the box ends, and begins again on the gap's other side.
    gaps, reached = [], west
    for start, end in sorted(drawn.explode().bounds[["minx", "maxx"]].dropna().itertuples(index=False, name=None)):
        gaps.append((start - reached, start, reached))
        reached = max(reached, end)
    _, starts, ends = max(gaps)
    return float(starts), south, float(ends), north


def _json(value: Mapping[str, Any]) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False)


def _feature(incident: Mapping[str, Any]) -> dict[str, Any]:
    geometry = incident["geometry"]
    return {
        "type": "Feature",
        "id": incident["incident_id"],
        "geometry": None if geometry is None else mapping(_as_rfc_7946(geometry)),
        "properties": {column: plain(incident[column]) for column in PROPERTIES},
    }


def _as_rfc_7946(geometry: BaseGeometry) -> BaseGeometry:
    """Coordinates no longer than they need be, and outlines against the clock."""
    rounded = shapely.transform(geometry, lambda points: np.round(points, _DECIMALS))
    return shapely.orient_polygons(rounded)
