"""Distances between places of which at least one is an area: from its nearest to its farthest spot."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import shapely

from gazetteer.borderlines import GEOD
from incidents.spillover.plane import Floats, LocalPlane

Integers = npt.NDArray[np.intp]

# Outlines are straight in longitude and latitude. An edge this long lies within 10 m of the straight line of the
# plane that stands for it.
_EDGE_DEGREES: Final = 0.25

_AT_ONCE: Final = 5_000


@dataclass(frozen=True, slots=True, eq=False)
class Outlines:
    """The areas among the places of n incidents, each outline once.

    Attributes
    ----------
    area : numpy.ndarray of int
        For each incident the position of its area, -1 for a point.
    shapes : numpy.ndarray of shapely geometries
        The areas, EPSG:4326.
    longitudes, latitudes : numpy.ndarray of float
        The point that stands for each of the n places.
    """

    area: Integers
    shapes: npt.NDArray[Any]
    longitudes: Floats
    latitudes: Floats

    @classmethod
    def of(cls, geometries: npt.NDArray[Any], *, longitudes: Floats, latitudes: Floats) -> Outlines:
        """Find the areas; equal outlines, as of incidents in one district, are one."""
        area = np.full(geometries.size, -1, dtype=np.intp)
        wide = np.flatnonzero(shapely.get_dimensions(geometries) > 0)
        numbers, _ = same_shapes(geometries[wide])
        area[wide] = numbers
        one_each = wide[np.unique(numbers, return_index=True)[1]]
        return cls(area, shapely.segmentize(geometries[one_each], _EDGE_DEGREES), longitudes, latitudes)

    def covering_km(self) -> Floats:
        """Give for each incident the radius around its point that covers its area; 0 for a point."""
        radius = np.zeros(self.area.size)
        wide = np.flatnonzero(self.area >= 0)
        keys = np.column_stack([self.area[wide], self.longitudes[wide], self.latitudes[wide]])
        _, first, back = np.unique(keys, axis=0, return_index=True, return_inverse=True)
        here = wide[first]
        corners, owner = shapely.get_coordinates(self.shapes[self.area[here]], return_index=True)
        if owner.size:
            centre = here[owner]
            reach = _between_km(self.longitudes[centre], self.latitudes[centre], *corners.T)
            radius[wide] = np.maximum.reduceat(reach, np.unique(owner, return_index=True)[1])[back]
        return radius

    def distances_km(self, first: Integers, second: Integers) -> tuple[Floats, Floats]:
        """Bound the distance of pairs of incidents of which at least one is an area.

        Nearest and farthest spots are found in a plane around the area, and the geodesic between them is measured.
        The radius of a point is not taken into account.
        """
        swap = self.area[first] < 0
        here, there = np.where(swap, second, first), np.where(swap, first, second)
        keys = np.column_stack(
            [
                self.area[here],
                self.area[there],
                np.where(self.area[there] < 0, self.longitudes[there], 0),
                np.where(self.area[there] < 0, self.latitudes[there], 0),
            ]
        )
        _, one_each, back = np.unique(keys, axis=0, return_index=True, return_inverse=True)
        nearest, farthest = np.zeros(one_each.size), np.zeros(one_each.size)
        here, there = here[one_each], there[one_each]
        for group in _runs(self.area[here]):
            nearest[group], farthest[group] = self._from(self.area[here[group[0]]], there[group])
        return nearest[back], farthest[back]

    def _from(self, area: int, others: Integers) -> tuple[Floats, Floats]:
        """Measure from one area to others, areas or points."""
        shape = self.shapes[area]
        west, south, east, north = shape.bounds
        plane = LocalPlane((west + east) / 2 if east - west < 180 else 180.0, (south + north) / 2)
        points = shapely.points(self.longitudes[others], self.latitudes[others])
        wide = self.area[others] >= 0
        points[wide] = self.shapes[self.area[others[wide]]]
        here, there = plane.project(shape), plane.project(points)
        ends = shapely.get_coordinates(plane.unproject(shapely.shortest_line(here, there))).reshape(-1, 4)
        nearest = np.where(shapely.intersects(here, there), 0.0, _between_km(*ends.T))
        corners = shapely.get_coordinates(shapely.convex_hull(here))
        far, owner = shapely.get_coordinates(shapely.convex_hull(there), return_index=True)
        squared = ((far[:, None] - corners) ** 2).sum(axis=2)
        corner = squared.argmax(axis=1)
        off = squared[np.arange(corner.size), corner]
        starts = np.unique(owner, return_index=True)[1]
        chosen = [start + off[start:stop].argmax() for start, stop in zip(starts, [*starts[1:], off.size], strict=True)]
        tips = shapely.get_coordinates(
            plane.unproject(shapely.points(np.vstack([corners[corner[chosen]], far[chosen]])))
        )
        return nearest, _between_km(*tips[: len(chosen)].T, *tips[len(chosen) :].T)


def same_shapes(shapes: npt.NDArray[Any]) -> tuple[Integers, list[bytes]]:
    """Number shapes so that equal ones have one number, from 0 in order of appearance, and digest each once."""
    seen: dict[int, int] = {}  # most outlines are one object, many times
    objects = np.array([seen.setdefault(id(shape), len(seen)) for shape in shapes], dtype=np.intp)
    firsts = np.unique(objects, return_index=True)[1]
    numbers: dict[bytes, int] = {}
    alike = [
        numbers.setdefault(blake2b(content, digest_size=16).digest(), len(numbers))
        for start in range(0, firsts.size, _AT_ONCE)
        for content in shapely.to_wkb(shapes[firsts[start : start + _AT_ONCE]])
    ]
    return np.array(alike, dtype=np.intp)[objects], list(numbers)


def _runs(labels: Integers) -> Iterator[Integers]:
    """Give the positions of each label."""
    order = np.argsort(labels, kind="stable")
    yield from np.split(order, np.flatnonzero(np.diff(labels[order])) + 1) if order.size else ()


def _between_km(longitudes: Floats, latitudes: Floats, other_longitudes: Floats, other_latitudes: Floats) -> Floats:
    metres = GEOD.inv(longitudes, latitudes, other_longitudes, other_latitudes, return_back_azimuth=False)[2]
    return np.asarray(metres) / 1000
