"""How far apart two places are, on the mean sphere and with nothing heavy to import."""

from __future__ import annotations

from functools import lru_cache
from math import asin, cos, inf, radians, sin, sqrt
from typing import Final, Protocol

#: Mean radius of the Earth (IUGG), in km.
EARTH_RADIUS_KM: Final = 6371.0088


class Placed(Protocol):
    """What has a position in EPSG:4326 degrees, or None."""

    @property
    def longitude(self) -> float | None:
        """Degrees east."""

    @property
    def latitude(self) -> float | None:
        """Degrees north."""


def distance_km(left: Placed, right: Placed) -> float:
    """Give the great-circle distance of two places, infinite if one has no position.

    On the mean sphere, which is within 0.6 % of the ellipsoid: good enough to order and to group places, not to
    measure a border.
    """
    if left.longitude is None or left.latitude is None or right.longitude is None or right.latitude is None:
        return inf
    return great_circle_km(left.longitude, left.latitude, right.longitude, right.latitude)


@lru_cache(maxsize=65_536)
def great_circle_km(east: float, north: float, other_east: float, other_north: float) -> float:
    """Give the great-circle distance of two points in EPSG:4326, on the mean sphere.

    Examples
    --------
    >>> round(great_circle_km(69.17233, 34.52813, 68.857, 36.72895))
    246
    """
    up = sin(radians(other_north - north) / 2)
    along = sin(radians(other_east - east) / 2)
    chord = up * up + cos(radians(north)) * cos(radians(other_north)) * along * along
    return 2 * EARTH_RADIUS_KM * asin(min(1.0, sqrt(chord)))
