"""From a written place name to a place, with a verdict, an uncertainty radius and the reason."""

from gazetteer.boundaries import BorderDistance, BorderDistanceInterval, Boundaries, Unit, covering_radius_km
from gazetteer.index import Gazetteer
from gazetteer.place import (
    AmbiguousNameError,
    CoordinateError,
    DamagedDataError,
    GazetteerError,
    Match,
    MissingDataError,
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

__all__ = [
    "AmbiguousNameError",
    "BorderDistance",
    "BorderDistanceInterval",
    "Boundaries",
    "CoordinateError",
    "DamagedDataError",
    "Gazetteer",
    "GazetteerError",
    "Match",
    "MissingDataError",
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
