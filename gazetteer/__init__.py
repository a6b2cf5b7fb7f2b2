"""From a written place name to a place, with a verdict, an uncertainty radius and the reason."""

from importlib import import_module
from typing import TYPE_CHECKING

from gazetteer.index import Gazetteer
from gazetteer.place import (
    AmbiguousNameError,
    Candidate,
    CoordinateError,
    DamagedDataError,
    GazetteerError,
    Match,
    MissingDataError,
    MissingIndexError,
    Name,
    NameKind,
    Place,
    Precision,
    RadiusBasis,
    UnknownCountryError,
    UnknownPlaceError,
    Verdict,
)
from gazetteer.resolve import resolve

if TYPE_CHECKING:
    from gazetteer.borderlines import BorderDistance, BorderDistanceInterval
    from gazetteer.boundaries import Boundaries, Unit, covering_radius_km

# Outlines need geopandas, which takes longer to import than a name takes to look up.
_OF_BOUNDARIES = ("BorderDistance", "BorderDistanceInterval", "Boundaries", "Unit", "covering_radius_km")


def __getattr__(name: str) -> object:
    if name in _OF_BOUNDARIES:
        return getattr(import_module("gazetteer.boundaries"), name)
    message = f"module {__name__!r} has no attribute {name!r}"
    raise AttributeError(message)


__all__ = [
    "AmbiguousNameError",
    "BorderDistance",
    "BorderDistanceInterval",
    "Boundaries",
    "Candidate",
    "CoordinateError",
    "DamagedDataError",
    "Gazetteer",
    "GazetteerError",
    "Match",
    "MissingDataError",
    "MissingIndexError",
    "Name",
    "NameKind",
    "Place",
    "Precision",
    "RadiusBasis",
    "Unit",
    "UnknownCountryError",
    "UnknownPlaceError",
    "Verdict",
    "covering_radius_km",
    "resolve",
]
