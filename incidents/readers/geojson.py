"""GeoJSON: a collection of features whose properties are this project's own columns."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from incidents.errors import NotADatasetError
from incidents.readers.features import read_features
from incidents.readers.rows import Reading, check_size
from incidents.readers.sources import with_listed
from incidents.schema import COLUMNS


def read_geojson(content: bytes, *, name: str = "The file") -> Reading:
    """Read a GeoJSON collection of incidents (RFC 7946); see `features.read_features`.

    A member `sources` of the collection lists what they cite; see `sources.with_listed`.

    Raises
    ------
    NotADatasetError
        If this is no collection of features, or lacks the columns that every incident needs.
    """
    check_size(content, name=name)
    try:
        collection = json.loads(content.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        msg = f"{name} is not an incident dataset: it is no JSON."
        raise NotADatasetError(msg) from error
    features = collection.get("features") if isinstance(collection, dict) else None
    if not isinstance(features, list) or not all(isinstance(feature, dict) for feature in features):
        msg = f"{name} is not an incident dataset: it is no GeoJSON collection of features."
        raise NotADatasetError(msg)
    # Where there is no feature, none lacks a column.
    reading = read_features(_parts(features), name=name, columns=() if features else COLUMNS)
    return with_listed(reading, collection.get("sources"))


def _parts(features: list[dict[str, Any]]) -> Iterator[tuple[int, dict[str, object], BaseGeometry | None]]:
    for number, feature in enumerate(features, start=2):
        properties = feature.get("properties")
        yield number, properties if isinstance(properties, dict) else {}, _geometry(feature.get("geometry"))


def _geometry(value: object) -> BaseGeometry | None:
    """A geometry, None where there is none that can be read: coordinates in columns say where an incident was."""
    if value is None:
        return None
    with np.errstate(over="ignore"):
        return shapely.from_geojson(json.dumps(value), on_invalid="ignore")
