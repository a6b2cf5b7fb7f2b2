"""Land borders cut into short pieces, and which of them is nearest to each of many points."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import Geod
from scipy.spatial import cKDTree
from shapely.geometry.base import BaseGeometry

GEOD: Final = Geod(ellps="WGS84")

# Borders are straight in longitude and latitude between the layer's points; a piece this short lies less
# than a metre off the chord that stands for it.
_PIECE_DEGREES: Final = 0.045

# How many pieces are looked at first, and by what that grows where it is not enough to be sure.
_FIRST: Final = 8
_MORE: Final = 4
_AT_ONCE: Final = 50_000
_SAME_M: Final = 1e-3
_WORTH_THREADS: Final = 2_000

# An outline is cut into edges of a tenth of its width at first, and a hundredth at last; an area into so many cells by
# so many, and those of them that matter again.
_TENTH: Final = 10
_SPLITS: Final = (5, 4, 5)

_KM_PER_DEGREE: Final = 111.7  # nowhere more


@dataclass(frozen=True, slots=True)
class BorderDistance:
    """The nearest point of a country's land border, and how far it is on the ellipsoid.

    `facing_country_code` is the country across it, None where that territory has no ISO code.
    """

    distance_km: float
    facing_country_code: str | None
    longitude: float
    latitude: float


@dataclass(frozen=True, slots=True)
class BorderDistanceInterval:
    """The least and the greatest border distance over an area, each right within `error_km`.

    `facing_country_code` is the country across the border where it is nearest.
    """

    minimum_km: float
    maximum_km: float
    error_km: float
    facing_country_code: str | None


@dataclass(frozen=True)
class BorderPieces:
    """The land borders of one country, in short pieces.

    Distances are compared along chords through the ellipsoid, which order points as the geodesic does.

    Attributes
    ----------
    line : shapely geometry
        All of them, EPSG:4326.
    starts, ends : numpy.ndarray of float
        Longitude and latitude of both ends of each piece, shape (n, 2).
    facing : numpy.ndarray of object
        Code of the country across each piece, None where that territory has none.
    """

    line: BaseGeometry
    starts: NDArray[np.float64]
    ends: NDArray[np.float64]
    facing: NDArray[Any]

    @classmethod
    def of(cls, borders: gpd.GeoDataFrame, code: str) -> BorderPieces:
        """Cut the borders of a country; each has it on one side."""
        lines = borders.geometry.explode(index_parts=False)
        across = np.where(borders["country_a"] == code, borders["country_b"], borders["country_a"])
        across = np.array([value if isinstance(value, str) else None for value in across], dtype=object)
        points, owner = shapely.get_coordinates(shapely.segmentize(lines.to_numpy(), _PIECE_DEGREES), return_index=True)
        row = borders.index.get_indexer(lines.index)[owner]
        joined = owner[:-1] == owner[1:]
        line = shapely.union_all(borders.geometry.to_numpy())
        shapely.prepare(line)
        return cls(line=line, starts=points[:-1][joined], ends=points[1:][joined], facing=across[row[:-1][joined]])

    def nearest(
        self, longitudes: NDArray[np.float64], latitudes: NDArray[np.float64]
    ) -> tuple[NDArray[np.float64], NDArray[np.intp], NDArray[np.float64]]:
        """Give for each point the geodesic distance in km, the nearest piece, and the spot on it, shape (n, 2)."""
        parts = [
            self._nearest(earth_centred_m(longitudes[at : at + _AT_ONCE], latitudes[at : at + _AT_ONCE]))
            for at in range(0, longitudes.size, _AT_ONCE)
        ]
        piece = np.concatenate([part[0] for part in parts]) if parts else np.zeros(0, dtype=np.intp)
        share = np.concatenate([part[1] for part in parts]) if parts else np.zeros(0)
        spot = self.starts[piece] + share[:, None] * (self.ends[piece] - self.starts[piece])
        _, _, metres = GEOD.inv(longitudes, latitudes, spot[:, 0], spot[:, 1])
        return np.asarray(metres) / 1000, piece, spot

    def _nearest(self, points: NDArray[np.float64]) -> tuple[NDArray[np.intp], NDArray[np.float64]]:
        """Look at the pieces whose middles are nearest, and at more of them until no other piece can be nearer."""
        origin, along, tree, half = self._searched
        best, share = np.zeros(len(points), dtype=np.intp), np.zeros(len(points))
        open_ones, count = np.arange(len(points)), _FIRST
        while open_ones.size:
            count = min(count, len(origin))
            workers = -1 if open_ones.size > _WORTH_THREADS else 1
            to_middle, pieces = tree.query(points[open_ones], k=np.arange(1, count + 1), workers=workers)
            away, reach = points[open_ones, None] - origin[pieces], along[pieces]
            length = np.maximum(np.einsum("ijk,ijk->ij", reach, reach), 1e-12)
            shares = np.clip(np.einsum("ijk,ijk->ij", away, reach) / length, 0, 1)
            off = away - shares[..., None] * reach
            squared = np.einsum("ijk,ijk->ij", off, off)
            here, least = np.arange(open_ones.size), squared.min(axis=1, keepdims=True)
            # Where borders meet, several are equally near: the first in the table is taken.
            chosen = np.where(np.sqrt(squared) <= np.sqrt(least) + _SAME_M, pieces, len(origin)).argmin(axis=1)
            best[open_ones], share[open_ones] = pieces[here, chosen], shares[here, chosen]
            # A piece that was not looked at is nearer than its middle by half its length at most.
            sure = np.sqrt(squared[here, chosen]) <= to_middle[:, -1] - half
            open_ones = open_ones[~sure] if count < len(origin) else open_ones[:0]
            count *= _MORE
        return best, share

    @cached_property
    def _searched(self) -> tuple[NDArray[np.float64], NDArray[np.float64], Any, float]:
        origin = earth_centred_m(*self.starts.T)
        along = earth_centred_m(*self.ends.T) - origin
        return origin, along, cKDTree(origin + along / 2), float(np.linalg.norm(along, axis=1).max()) / 2


@dataclass(frozen=True, slots=True, eq=False)
class Reach:
    """The least and the greatest distance to a border over each of n areas, each right within `error_km`.

    `piece` is the nearest piece of the border.
    """

    minimum_km: NDArray[np.float64]
    maximum_km: NDArray[np.float64]
    error_km: NDArray[np.float64]
    piece: NDArray[np.intp]


def reach_of(pieces: BorderPieces, areas: NDArray[Any]) -> Reach:
    """Measure the least and the greatest distance to a border over areas; the least is 0 where the border crosses.

    As the distance changes by no more than one moves, an edge of the outline or a cell of a grid inside is cut
    into smaller ones only if the least or the greatest may lie in it, down to a hundredth of the area's width.
    """
    crossed = shapely.intersects(pieces.line, areas)
    areas = np.array([_unwrapped(area) for area in areas], dtype=object)
    west, south, east, north = shapely.bounds(areas).T
    width = np.maximum(np.maximum(east - west, north - south), 1.0 / _KM_PER_DEGREE)
    shapely.prepare(areas)
    outline, owner = _Edges.of(areas, width / _TENTH, pieces)
    minimum, maximum = np.full(areas.size, np.inf), np.zeros(areas.size)
    piece = np.zeros(areas.size, dtype=np.intp)
    while True:
        np.maximum.at(maximum, owner, outline.farther_km)
        np.minimum.at(minimum, owner, outline.nearer_km)
        at = np.flatnonzero(outline.nearer_km == minimum[owner])
        piece[owner[at]] = outline.nearer_piece[at]
        fine = outline.degrees <= (width / _TENTH**2)[owner]
        least = ~crossed[owner] & (outline.lowest_km < minimum[owner])
        kept = ~fine & (least | (outline.highest_km > maximum[owner]))
        if not kept.any():
            break
        outline, owner = outline.halves(kept, pieces), np.repeat(owner[kept], 2)
    minimum[crossed] = 0.0
    _raise_inside(maximum, areas, np.stack([west, south, width], axis=1), pieces)
    return Reach(minimum, maximum, error_km=width / 100 * _KM_PER_DEGREE, piece=piece)


def _unwrapped(area: BaseGeometry) -> BaseGeometry:
    """Give an area on both sides of the antimeridian in one piece, with longitudes of up to 360."""
    west, _, east, _ = area.bounds
    if east - west <= 180:
        return area
    return shapely.transform(area, lambda corners: corners + np.where(corners[:, :1] < 0, (360, 0), (0, 0)))


@dataclass(frozen=True, slots=True, eq=False)
class _Edges:
    """Edges of outlines: both ends, how far each end is from the border, and the nearest piece of it."""

    ends: NDArray[np.float64]  # (n, 2, 2)
    ends_km: NDArray[np.float64]  # (n, 2)
    pieces: NDArray[np.intp]  # (n, 2)

    @classmethod
    def of(
        cls, areas: NDArray[Any], longest: NDArray[np.float64], pieces: BorderPieces
    ) -> tuple[_Edges, NDArray[np.intp]]:
        rings, area = shapely.get_parts(shapely.boundary(areas), return_index=True)
        corners, ring = shapely.get_coordinates(shapely.segmentize(rings, longest[area]), return_index=True)
        km, piece, _ = pieces.nearest(*corners.T)
        joined = np.flatnonzero(ring[:-1] == ring[1:])
        both = np.stack([joined, joined + 1], axis=1)
        return cls(corners[both], km[both], piece[both]), area[ring[joined]]

    def halves(self, kept: NDArray[np.bool_], pieces: BorderPieces) -> _Edges:
        ends, ends_km, piece = self.ends[kept], self.ends_km[kept], self.pieces[kept]
        middle = ends.mean(axis=1)
        km, nearest, _ = pieces.nearest(*middle.T)
        return _Edges(
            np.stack([ends[:, 0], middle, middle, ends[:, 1]], axis=1).reshape(-1, 2, 2),
            np.stack([ends_km[:, 0], km, km, ends_km[:, 1]], axis=1).reshape(-1, 2),
            np.stack([piece[:, 0], nearest, nearest, piece[:, 1]], axis=1).reshape(-1, 2),
        )

    @property
    def degrees(self) -> NDArray[np.float64]:
        length: NDArray[np.float64] = np.hypot(*(self.ends[:, 1] - self.ends[:, 0]).T)
        return length

    @property
    def nearer_km(self) -> NDArray[np.float64]:
        nearer: NDArray[np.float64] = self.ends_km.min(axis=1)
        return nearer

    @property
    def nearer_piece(self) -> NDArray[np.intp]:
        piece: NDArray[np.intp] = self.pieces[np.arange(len(self.pieces)), self.ends_km.argmin(axis=1)]
        return piece

    @property
    def farther_km(self) -> NDArray[np.float64]:
        farther: NDArray[np.float64] = self.ends_km.max(axis=1)
        return farther

    @property
    def lowest_km(self) -> NDArray[np.float64]:
        """No spot of the edge is nearer than this."""
        lowest: NDArray[np.float64] = (self.ends_km.sum(axis=1) - self.degrees * _KM_PER_DEGREE) / 2
        return lowest

    @property
    def highest_km(self) -> NDArray[np.float64]:
        """No spot of the edge is farther than this."""
        highest: NDArray[np.float64] = (self.ends_km.sum(axis=1) + self.degrees * _KM_PER_DEGREE) / 2
        return highest


def _raise_inside(
    maximum_km: NDArray[np.float64], areas: NDArray[Any], frames: NDArray[np.float64], pieces: BorderPieces
) -> None:
    """Raise each area's greatest distance to what is reached inside of it; `frames` is west, south and width."""
    owner, middles, size = np.arange(areas.size), frames[:, :2] + frames[:, 2:] / 2, frames[:, 2]
    for parts in _SPLITS:
        steps = (np.arange(parts) + 0.5) / parts - 0.5
        cells = np.stack(np.meshgrid(steps, steps), axis=-1).reshape(-1, 2)
        middles = (middles[:, None] + cells * size[owner, None, None]).reshape(-1, 2)
        owner, size = np.repeat(owner, len(cells)), size / parts
        half = size[owner, None] / 2
        within = shapely.intersects(areas[owner], shapely.box(*(middles - half).T, *(middles + half).T))
        owner, middles = owner[within], middles[within]
        km, _, _ = pieces.nearest(*middles.T)
        inside = shapely.contains_xy(areas[owner], *middles.T)
        np.maximum.at(maximum_km, owner[inside], km[inside])
        # No spot of a cell is farther from its middle than half its diagonal.
        kept = km + size[owner] * np.sqrt(0.5) * _KM_PER_DEGREE > maximum_km[owner]
        owner, middles = owner[kept], middles[kept]


def earth_centred_m(longitudes: NDArray[np.float64], latitudes: NDArray[np.float64]) -> NDArray[np.float64]:
    """Give points of the WGS 84 ellipsoid as Earth-centred x, y, z in metres, shape (n, 3)."""
    east, north = np.radians(longitudes), np.radians(latitudes)
    normal = GEOD.a / np.sqrt(1 - GEOD.es * np.sin(north) ** 2)
    flat = normal * np.cos(north)
    return np.stack([flat * np.cos(east), flat * np.sin(east), normal * (1 - GEOD.es) * np.sin(north)], axis=1)
