"""A plane in kilometres around a point, so that no distance is measured in degrees."""

from __future__ import annotations

from typing import Any, Final

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import shapely
from shapely.geometry import MultiLineString

from gazetteer.borderlines import GEOD

Floats = npt.NDArray[np.float64]


# Layers draw a line between two points straight in degrees, as a border along a parallel is. A step this
# short lies less than 5 m off the straight line of the plane that stands for it.
_STEP_DEGREES: Final = 0.1


def steps(lines: gpd.GeoDataFrame) -> MultiLineString:
    """Give a layer's lines as one geometry, in steps so short that they may be projected."""
    pieces = shapely.get_parts(lines.geometry.to_numpy())
    return shapely.multilinestrings(shapely.segmentize(pieces, _STEP_DEGREES))


class LocalPlane:
    """Kilometres east and north of a point, azimuthal equidistant on the WGS 84 ellipsoid.

    Distances from the centre are exact. Between two other points they are at most too long, by c / sin c
    where the farther one is the angle c from the centre: 0.2 % at 700 km, 1 % at 1,550 km.

    Examples
    --------
    >>> from shapely import Point
    >>> LocalPlane(68.87, 36.73).project(Point(68.87, 36.73))
    <POINT (0 0)>
    """

    def __init__(self, longitude: float, latitude: float) -> None:
        self._longitude = longitude
        self._latitude = latitude

    def project(self, geometry: Any) -> Any:
        """Take a geometry, or an array of them, from EPSG:4326 to the plane."""
        return shapely.transform(geometry, self._forward)

    def unproject(self, geometry: Any) -> Any:
        """Take a geometry, or an array of them, from the plane back to EPSG:4326."""
        return shapely.transform(geometry, self._inverse)

    def _forward(self, degrees: Floats) -> Floats:
        azimuth, _, metres = GEOD.inv(*self._centre(len(degrees)), degrees[:, 0], degrees[:, 1])
        bearing, km = np.radians(azimuth), np.asarray(metres) / 1000
        return np.column_stack([np.sin(bearing) * km, np.cos(bearing) * km])

    def _inverse(self, km: Floats) -> Floats:
        azimuth = np.degrees(np.arctan2(km[:, 0], km[:, 1]))
        metres = np.hypot(km[:, 0], km[:, 1]) * 1000
        longitude, latitude, _ = GEOD.fwd(*self._centre(len(km)), azimuth, metres)
        return np.column_stack([longitude, latitude])

    def _centre(self, size: int) -> tuple[Floats, Floats]:
        return np.full(size, self._longitude), np.full(size, self._latitude)
