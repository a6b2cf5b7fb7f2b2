"""GeoJSON (RFC 7946): what is drawn of each incident, its columns as properties, and the statement beside them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np
import shapely
from shapely.geometry import mapping
from shapely.geometry.base import BaseGeometry

from gazetteer.boundaries import Boundaries
from incidents.dataset import Dataset
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
    cannot be mapped and why, from which data, borders and places it was made, and which rows of the data's file
    could not be read.

    Parameters
    ----------
    overlays
        What the desk draws besides the incidents, to be told with them.
    """
    shown = apply(dataset.incidents, filters)
    collection = {
        "type": "FeatureCollection",
        **statement(dataset, filters, boundaries=boundaries, overlays=overlays),
    }
    if not shown.geometry.isna().all():
        collection["bbox"] = [round(float(value), _DECIMALS) for value in shown.geometry.total_bounds]
    head = _json(collection).removesuffix("}")
    features = ",\n".join(_json(_feature(incident)) for incident in records(with_reasons(shown)))
    return f'{head}, "features": [\n{features}\n]}}\n'.encode()


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
