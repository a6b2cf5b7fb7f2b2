"""The plate: from longitude and latitude to millimetres on the page, and back."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, Final

import numpy as np
import shapely
from pyproj import Transformer

from incidents.frames import Frame
from incidents.sheet.paper import Box

_Numbers = np.ndarray[Any, np.dtype[np.float64]]

# A detail smaller than this is not seen on paper.
_FINEST_MM: Final = 0.04

# Just short of the opposite meridian, where a projection tears.
_HALF_TURN: Final = 179.999


@dataclass(frozen=True, slots=True)
class Plate:
    """The part of the page that a map fills, and the country that it shows; made by `Plate.of`.

    Attributes
    ----------
    frame : Frame
        What was asked for; the plate shows at least this.
    box : Box
        Where the map stands on the page.
    metres_per_mm : float
        Metres of the projection to a millimetre of paper.
    middle_x, middle_y : float
        What stands in the middle of the box, in metres of the projection.
    window : tuple of float
        West, south, east and north, in degrees, of a rectangle that holds all that the box shows. West and
        east lie beyond 180 where the box reaches over the antimeridian.
    """

    frame: Frame
    box: Box
    metres_per_mm: float
    middle_x: float
    middle_y: float
    window: tuple[float, float, float, float]

    @classmethod
    def of(cls, frame: Frame, *, box: Box) -> Plate:
        """Fit `frame` into `box` as large as it goes."""
        across = np.linspace(frame.west, frame.east, 41)
        up = np.linspace(frame.south, frame.north, 41)
        longitude = np.concatenate([across, across, np.full(41, frame.west), np.full(41, frame.east)])
        latitude = np.concatenate([np.full(41, frame.south), np.full(41, frame.north), up, up])
        x, y = _projection(frame).transform(longitude, latitude)
        middle = frame.centre[0]
        plate = cls(
            frame=frame,
            box=box,
            metres_per_mm=float(max(np.ptp(x) / box.width, np.ptp(y) / box.height)),
            middle_x=float(x.min() + x.max()) / 2,
            middle_y=float(y.min() + y.max()) / 2,
            window=(middle - _HALF_TURN, -90.0, middle + _HALF_TURN, 90.0),
        )
        return replace(plate, window=plate._seen())

    @property
    def centre(self) -> tuple[float, float]:
        """Longitude and latitude of the middle of the box."""
        longitude, latitude = self.to_degrees(
            (self.box.left + self.box.right) / 2, (self.box.bottom + self.box.top) / 2
        )
        return float(longitude), float(latitude)

    @property
    def scale(self) -> int:
        """The number after "1 :", to three figures: more would be a claim about the paper."""
        exact = self.metres_per_mm * 1000
        return int(round(exact, 3 - len(str(int(exact)))))

    @property
    def scale_words(self) -> str:
        """The scale of the paper; a map of half the world has as many as it has places."""
        return "no one scale" if self.frame.is_wide else f"about 1\u00a0:\u00a0{self.scale:,}"

    def to_mm(self, longitude: float | _Numbers, latitude: float | _Numbers) -> tuple[Any, Any]:
        """Give where a place stands on the page, in millimetres."""
        x, y = _projection(self.frame).transform(longitude, latitude)
        box = self.box
        return (
            (x - self.middle_x) / self.metres_per_mm + (box.left + box.right) / 2,
            (y - self.middle_y) / self.metres_per_mm + (box.bottom + box.top) / 2,
        )

    def to_degrees(self, across: float | _Numbers, up: float | _Numbers) -> tuple[Any, Any]:
        """Give the longitude and latitude of a point of the page; infinite where it is off the globe."""
        box = self.box
        x = (np.asarray(across) - (box.left + box.right) / 2) * self.metres_per_mm + self.middle_x
        y = (np.asarray(up) - (box.bottom + box.top) / 2) * self.metres_per_mm + self.middle_y
        longitude, latitude = _projection(self.frame).transform(x, y, direction="INVERSE")
        return longitude, latitude

    def shape(self, geometry: shapely.Geometry) -> shapely.Geometry:
        """Give what the page shows of a geometry in EPSG:4326, in millimetres; empty if nothing."""
        west, south, east, north = self.window
        pieces: list[shapely.Geometry] = []
        for turn in (-360.0, 0.0, 360.0):
            left, right = max(west, -180 + turn), min(east, 180 + turn)
            if left < right:
                piece = shapely.clip_by_rect(geometry, left - turn, south, right - turn, north)
                pieces.extend(part for part in shapely.get_parts(piece) if not _is_sliver(part))
        if not pieces:
            return shapely.Polygon()
        # What is finer than the paper shows is left out; an edge of many degrees is straight on the globe's
        # grid, not on the page.
        plain = shapely.simplify(shapely.GeometryCollection(pieces), self.metres_per_mm * _FINEST_MM / 111_000)
        fine = shapely.segmentize(plain, max((east - west) / 60, 0.05))
        box = self.box.grown(3)
        bent = shapely.transform(fine, lambda points: np.column_stack(self.to_mm(points[:, 0], points[:, 1])))
        cut = [
            shapely.clip_by_rect(part, box.left, box.bottom, box.right, box.top)
            for part in shapely.get_parts(bent)
            if np.isfinite(shapely.get_coordinates(part)).all()
        ]
        shown = _gathered([part for whole in cut for part in shapely.get_parts(whole) if not _is_sliver(part)])
        # Bending and cutting may fold an outline by less than the paper shows; what follows needs it clean.
        return shown if shown.is_valid else shown.buffer(0)

    def shows(self, geometry: shapely.Geometry) -> bool:
        """Whether any of a geometry in EPSG:4326 stands within the box."""
        inside = shapely.box(self.box.left, self.box.bottom, self.box.right, self.box.top)
        return bool(self.shape(geometry).intersects(inside))

    def _seen(self) -> tuple[float, float, float, float]:
        """Look from the edge of the box back to the globe."""
        box, steps = self.box, np.linspace(0.0, 1.0, 60)
        across, up = box.left + steps * box.width, box.bottom + steps * box.height
        edge = (
            np.concatenate([across, across, np.full(60, box.left), np.full(60, box.right)]),
            np.concatenate([np.full(60, box.bottom), np.full(60, box.top), up, up]),
        )
        longitude, latitude = self.to_degrees(*edge)
        if not np.isfinite([longitude, latitude]).all() or self._shows_a_pole():
            return self.window
        west, south, east, north = self.window
        middle, margin = self.frame.centre[0], 0.5
        unrolled = (longitude - middle + 180) % 360 - 180 + middle
        return (
            max(float(unrolled.min()) - margin, west),
            max(float(latitude.min()) - margin, south),
            min(float(unrolled.max()) + margin, east),
            min(float(latitude.max()) + margin, north),
        )

    def _shows_a_pole(self) -> bool:
        middle = self.frame.centre[0]
        for latitude in (-90.0, 90.0):
            across, up = self.to_mm(middle, latitude)
            if self.box.grown(1).holds(Box(float(across), float(up), float(across), float(up))):
                return True
        return False


@lru_cache(maxsize=32)
def _projection(frame: Frame) -> Transformer:
    return Transformer.from_crs("EPSG:4326", frame.crs, always_xy=True)


def _is_sliver(part: shapely.Geometry) -> bool:
    """Whether clipping left nothing, or a line or an area that has shrunk to a point."""
    return bool(part.is_empty or (shapely.get_dimensions(part) > 0 and part.length == 0))


def _gathered(parts: list[shapely.Geometry]) -> shapely.Geometry:
    """One geometry of the parts of the highest dimension: what is cut from a polygon is polygons."""
    if not parts:
        return shapely.Polygon()
    top = max(shapely.get_dimensions(part) for part in parts)
    kept = [part for part in parts if shapely.get_dimensions(part) == top]
    return kept[0] if len(kept) == 1 else _MULTIPLE[top](kept)


_MULTIPLE = {0: shapely.MultiPoint, 1: shapely.MultiLineString, 2: shapely.MultiPolygon}
