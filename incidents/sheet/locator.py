"""The locator: a small map of the country around, with the frames of the sheet on it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import shapely
from matplotlib.patches import PathPatch, Polygon, Rectangle

from gazetteer.boundaries import Boundaries
from incidents.frames import Frame
from incidents.sheet.ground import BORDER, LAND, SEA, Ground
from incidents.sheet.marks import path_of
from incidents.sheet.paper import INK, Box, Paper, Type
from incidents.sheet.plate import Plate

_FRAME: Final = "#c0392b"
# As for the scale: below every area, mark and link.
_LAYER: Final = 16

_LETTER: Final = Type(5.6, bold=True, colour=_FRAME)

#: The locator shows so many times the extent of what it locates, and at least so many degrees.
_WIDER: Final = 3.0
_LEAST: Final = 30.0

#: A frame wider than this, in degrees, is a map of the world in itself and needs no locator.
_NEEDS_NONE: Final = 70.0


@dataclass(frozen=True, slots=True)
class Inset:
    """A locator, ready to be drawn into a box of its size.

    Attributes
    ----------
    frames : tuple of (str, Frame)
        Letter and frame of each map of the sheet.
    """

    frames: tuple[tuple[str, Frame], ...]
    boundaries: Boundaries
    width_mm: float = 29.0
    height_mm: float = 23.0

    @classmethod
    def of(cls, frames: Sequence[tuple[str, Frame]], *, boundaries: Boundaries, **size: float) -> Inset | None:
        """Make a locator; None where every frame shows half the world itself."""
        shown = {frame: letter for letter, frame in reversed(frames)}
        if all(frame.east - frame.west >= _NEEDS_NONE for frame in shown):
            return None
        # Maps of one extent have one outline, which needs no letter.
        lettered = [(letter if len(shown) > 1 else "", frame) for frame, letter in reversed(shown.items())]
        return cls(tuple(lettered), boundaries, **size)

    @property
    def frame(self) -> Frame:
        """What the locator shows."""
        west, south = min(f.west for _, f in self.frames), min(f.south for _, f in self.frames)
        east, north = max(f.east for _, f in self.frames), max(f.north for _, f in self.frames)
        wider = _WIDER if len(self.frames) == 1 else 1.3
        width, height = max((east - west) * wider, _LEAST), max((north - south) * wider, _LEAST * 0.8)
        middle, across = (south + north) / 2, (west + east) / 2
        low, high = max(middle - height / 2, -80.0), min(middle + height / 2, 80.0)
        left, right = max(across - width / 2, -180.0), min(across + width / 2, 180.0)
        return Frame("locator", "Locator", west=left, south=low, east=right, north=high)

    def draw(self, paper: Paper, box: Box) -> None:
        """Draw it, without names: it says where, and nothing else."""
        plate = Plate.of(self.frame, box=box)
        countries = Ground.of(self.boundaries, plate=plate, only_countries=True).countries
        area = (box.left, box.bottom), box.width, box.height
        paper.draw(Rectangle(*area, facecolor=SEA, edgecolor="none"), layer=_LAYER)
        land = path_of(*(shape for _, shape in countries))
        paper.draw(PathPatch(land, facecolor=LAND, edgecolor=BORDER, linewidth=0.25), layer=_LAYER, within=box)
        for letter, frame in self.frames:
            outline = _outline(frame, plate)
            edge = Polygon(outline, closed=True, facecolor=(0.75, 0.22, 0.17, 0.12), edgecolor=_FRAME, linewidth=0.8)
            paper.draw(edge, layer=_LAYER, within=box)
            if letter:
                across, up = shapely.get_coordinates(shapely.centroid(shapely.Polygon(outline)))[0]
                paper.write(letter, across, up, face=_LETTER, align="center", upright="center", layer=_LAYER)
        paper.draw(Rectangle(*area, facecolor="none", edgecolor=INK, linewidth=0.5), layer=_LAYER)


def _outline(frame: Frame, plate: Plate) -> np.ndarray:
    corners = shapely.box(frame.west, frame.south, frame.east, frame.north)
    degrees = shapely.get_coordinates(shapely.segmentize(corners, 1.0))
    return np.column_stack(plate.to_mm(degrees[:, 0], degrees[:, 1]))
