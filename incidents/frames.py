"""Frames: the stretches of country that a map or a sheet shows, each with the projection that suits it."""

from __future__ import annotations

from dataclasses import dataclass
from math import asinh, atan, degrees, pi, radians, sinh, tan
from typing import Final

import geopandas as gpd
import numpy as np
from pyproj import CRS
from shapely import box, unary_union

#: Wider than this, in degrees, an azimuthal projection bends its edges more than a reader accepts.
_WIDE: Final = 80.0

#: A frame around what is drawn shows at least this many degrees, so that a reader knows where he is.
_LEAST: Final = 3.0

#: Room around what is drawn, as a share of its extent.
_PADDING: Final = 0.12

#: A desk opens on the theatres alone while no more than this share of what is drawn lies outside them.
_FEW: Final = 0.2

#: A tile of a web map, in pixels.
_TILE_PX: Final = 256


@dataclass(frozen=True, slots=True)
class Frame:
    """A rectangle in longitude and latitude.

    Attributes
    ----------
    key : str
        Its name in a link, a command and a file name.
    title : str
        Its name for a reader.
    west, south, east, north : float
        Degrees, EPSG:4326.

    Raises
    ------
    ValueError
        If the rectangle is empty, or not on the globe.
    """

    key: str
    title: str
    west: float
    south: float
    east: float
    north: float

    def __post_init__(self) -> None:
        if not (-180 <= self.west < self.east <= 180 and -90 <= self.south < self.north <= 90):
            msg = f"Frame {self.key!r} is not a rectangle on the globe, from west to east and south to north."
            raise ValueError(msg)

    @property
    def centre(self) -> tuple[float, float]:
        """Longitude and latitude of the middle."""
        return (self.west + self.east) / 2, (self.south + self.north) / 2

    @property
    def bounds(self) -> tuple[float, float, float, float]:
        """West, south, east and north edge, in degrees."""
        return self.west, self.south, self.east, self.north

    @property
    def is_wide(self) -> bool:
        """Whether the frame is too wide for a projection centred on it."""
        return max(self.east - self.west, self.north - self.south) > _WIDE

    @property
    def crs(self) -> CRS:
        """The projection for print, in metres: equal-area, true at the centre of a theatre."""
        longitude, latitude = self.centre
        if self.is_wide:
            return CRS.from_proj4(f"+proj=eqearth +lon_0={longitude} +datum=WGS84 +units=m +no_defs")
        return CRS.from_proj4(f"+proj=laea +lat_0={latitude} +lon_0={longitude} +datum=WGS84 +units=m +no_defs")

    @property
    def crs_words(self) -> str:
        """The projection and the datum, as a sheet names them.

        Examples
        --------
        >>> FRAMES["iraq"].crs_words
        'Lambert azimuthal equal-area, centred on 33.2° N 43.8° E; datum WGS 84'
        """
        longitude, latitude = self.centre
        if self.is_wide:
            return f"Equal Earth, central meridian {_degrees(longitude, 'E', 'W')}; datum WGS 84"
        centre = f"{_degrees(latitude, 'N', 'S')} {_degrees(longitude, 'E', 'W')}"
        return f"Lambert azimuthal equal-area, centred on {centre}; datum WGS 84"


#: The theatres that a desk opens with one click.
FRAMES: Final[dict[str, Frame]] = {
    frame.key: frame
    for frame in (
        Frame("sahel", "Sahel and littoral", west=-5.0, south=8.0, east=4.5, north=16.0),
        Frame("afghanistan", "Afghanistan and Pakistan", west=59.5, south=23.5, east=78.5, north=39.0),
        Frame("iraq", "Iraq", west=38.5, south=28.8, east=49.0, north=37.6),
    )
}

#: Where nothing is drawn, and nothing says where to look.
WORLD: Final = Frame("all", "World", west=-180, south=-58, east=180, north=80)


def frame_of(incidents: gpd.GeoDataFrame) -> Frame:
    """Frame what is drawn of `incidents`, with room around it; the world if nothing is.

    Parameters
    ----------
    incidents
        Located incidents, EPSG:4326; those without geometry do not count.

    Examples
    --------
    >>> from shapely.geometry import Point
    >>> frame_of(gpd.GeoDataFrame(geometry=[Point(0.7, 11.1), None], crs="EPSG:4326"))
    Frame(key='all', title='All incidents', west=-0.8, south=9.6, east=2.2, north=12.6)
    """
    bounds = incidents.geometry.total_bounds
    if not np.isfinite(bounds).all():
        return WORLD
    west, south, east, north = (float(value) for value in bounds)

    def padded(low: float, high: float, limit: float) -> tuple[float, float]:
        half = max((high - low) * (0.5 + _PADDING), _LEAST / 2)
        middle = (low + high) / 2
        return round(max(middle - half, -limit), 4), round(min(middle + half, limit), 4)

    west, east = padded(west, east, 180.0)
    south, north = padded(south, north, 90.0)
    return Frame("all", "All incidents", west=west, south=south, east=east, north=north)


def in_view(incidents: gpd.GeoDataFrame, bounds: tuple[float, float, float, float]) -> gpd.GeoDataFrame:
    """Give the incidents that are drawn within a rectangle, be it in part.

    Parameters
    ----------
    incidents
        Located incidents, EPSG:4326; those without geometry are drawn nowhere.
    bounds
        West, south, east and north edge in degrees.

    Examples
    --------
    >>> from shapely.geometry import Point
    >>> far = gpd.GeoDataFrame(geometry=[Point(0.7, 11.1), Point(151.2, -33.9), None], crs="EPSG:4326")
    >>> len(in_view(far, (-5, 8, 4.5, 16)))
    1
    """
    return incidents.loc[incidents.geometry.intersects(box(*bounds))]


def opening_frame(incidents: gpd.GeoDataFrame) -> Frame:
    """Frame what a reader most likely came for: what lies in the theatres, if that is nearly all.

    A single incident on the other side of the world would otherwise open the desk on a map of the world, where
    nothing can be read. Where many lie outside the theatres, all of them are framed (`frame_of`).

    Examples
    --------
    >>> from shapely.geometry import Point
    >>> places = [Point(0.7, 11.1)] * 9 + [Point(151.2, -33.9)]
    >>> opening_frame(gpd.GeoDataFrame(geometry=places, crs="EPSG:4326")).east
    2.2
    """
    drawn = incidents.loc[incidents.geometry.notna()]
    theatres = unary_union([box(*frame.bounds) for frame in FRAMES.values()])
    central = drawn.loc[drawn.geometry.intersects(theatres)]
    return frame_of(central if len(drawn) - len(central) <= _FEW * len(drawn) else drawn)


def _degrees(value: float, positive: str, negative: str) -> str:
    return f"{abs(value):.1f}° {positive if value >= 0 else negative}"


def edges_of_view(
    longitude: float, latitude: float, *, zoom: float, width_px: float, height_px: float
) -> tuple[float, float, float, float]:
    """Give what a web map of some size shows that stands at a point of EPSG:4326, in degrees: west, south, east, north.

    In spherical Mercator with tiles of 256 pixels, whose whole world is one tile at zoom 0.

    Examples
    --------
    >>> [round(edge, 1) for edge in edges_of_view(0.7, 11.0, zoom=7, width_px=640, height_px=480)]
    [-2.8, 8.4, 4.2, 13.6]
    """
    radians_per_px = 2 * pi / (_TILE_PX * 2**zoom)
    aside = degrees(radians_per_px * width_px / 2)
    middle, up = asinh(tan(radians(latitude))), radians_per_px * height_px / 2
    south, north = (degrees(atan(sinh(middle + step))) for step in (-up, up))
    return longitude - aside, south, longitude + aside, north


def frame_of_view(bounds: tuple[float, float, float, float], *, key: str) -> Frame:
    """Frame what a web map shows, brought back from wherever around the world it was panned to.

    Parameters
    ----------
    bounds
        West, south, east and north edge in EPSG:4326 degrees; longitudes may be beyond 180.
    key
        The key of the frame.

    Examples
    --------
    >>> frame = frame_of_view((355.0, 0.0, 365.0, 10.0), key="map")
    >>> frame.west, frame.east
    (-5.0, 5.0)
    """
    west, south, east, north = bounds
    turn = 360.0 * round((west + east) / 720)
    return Frame(
        key, "As on the map", max(west - turn, -180.0), max(south, -85.0), min(east - turn, 180.0), min(north, 85.0)
    )
