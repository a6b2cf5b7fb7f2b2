"""The ground of a map: land, divisions, borders and disputed lines, drawn quietly under the incidents."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import geopandas as gpd
import shapely
from matplotlib.patches import PathPatch, Rectangle
from matplotlib.path import Path

from gazetteer.boundaries import Boundaries
from incidents.sheet.furniture import draw_graticule
from incidents.sheet.marks import path_of
from incidents.sheet.paper import Box, Paper
from incidents.sheet.plate import Plate

SEA: Final = "#e6edf2"
LAND: Final = "#fbfaf6"
BORDER: Final = "#6e7681"
DIVISION: Final = "#cfcdc4"
DASHES: Final = (0.0, (2.0, 1.4))


@dataclass(frozen=True, slots=True)
class Lines:
    """Which lines a map has; for the legend, which is set before anything is drawn."""

    borders: bool
    divisions: bool
    second_level: bool
    disputed: bool

    @classmethod
    def of(cls, boundaries: Boundaries, *, plate: Plate) -> Lines:
        """Look until one of each kind is found; a wide frame has no divisions: they would be a grey mist."""
        divisions = boundaries.divisions.iloc[:0] if plate.frame.is_wide else boundaries.divisions
        second = divisions.loc[divisions["feature_code"] == "ADM2"]
        return cls(
            borders=any(_shapes(boundaries.countries, plate=plate)),
            divisions=any(_shapes(divisions, plate=plate)),
            second_level=any(_shapes(second, plate=plate)),
            disputed=any(_shapes(boundaries.disputed_borders, plate=plate)),
        )

    @classmethod
    def all_of(cls, boundaries: Boundaries, *, plates: Sequence[Plate]) -> Lines:
        """Give the lines of several maps together."""
        found = [cls.of(boundaries, plate=plate) for plate in plates]
        return cls(
            any(lines.borders for lines in found),
            any(lines.divisions for lines in found),
            any(lines.second_level for lines in found),
            any(lines.disputed for lines in found),
        )


@dataclass(frozen=True, slots=True)
class Ground:
    """Land and lines under the incidents, in millimetres, each with its name.

    Attributes
    ----------
    countries, divisions, disputed : tuple of (str, shapely geometry)
        What the plate shows of each. A wide frame has no divisions.
    """

    countries: tuple[tuple[str, shapely.Geometry], ...]
    divisions: tuple[tuple[str, shapely.Geometry], ...]
    disputed: tuple[tuple[str, shapely.Geometry], ...]

    @classmethod
    def of(cls, boundaries: Boundaries, *, plate: Plate, only_countries: bool = False) -> Ground:
        """Take from the boundary layer what the plate shows."""
        if only_countries:
            return cls(tuple(_shapes(boundaries.countries, plate=plate)), (), ())
        return cls(
            countries=tuple(_shapes(boundaries.countries, plate=plate)),
            divisions=() if plate.frame.is_wide else tuple(_shapes(boundaries.divisions, plate=plate)),
            disputed=tuple(_shapes(boundaries.disputed_borders, plate=plate)),
        )


def _shapes(table: gpd.GeoDataFrame, *, plate: Plate) -> Iterator[tuple[str, shapely.Geometry]]:
    if table.empty:
        return
    west, south, east, north = plate.window
    rows: set[int] = set()
    for turn in (-360.0, 0.0, 360.0):
        rows.update(table.sindex.query(shapely.box(west + turn, south, east + turn, north), predicate="intersects"))
    edge = rectangle(plate.box)
    names, outlines = table["name"].to_numpy(), table.geometry.to_numpy()
    for row in sorted(rows):
        shape = plate.shape(outlines[row])
        if shape.intersects(edge):
            yield str(names[row]), shape


def rectangle(box: Box) -> shapely.Polygon:
    """Give a box as a polygon."""
    return shapely.box(box.left, box.bottom, box.right, box.top)


def draw_ground(paper: Paper, ground: Ground, *, plate: Plate) -> None:
    """Draw sea, land, lines and graticule into the plate's box."""
    box = plate.box
    area = (box.left, box.bottom), box.width, box.height
    paper.draw(Rectangle(*area, facecolor=SEA, edgecolor="none"), layer=1)
    countries = path_of(*(shape for _, shape in ground.countries))
    divisions = path_of(*(shape for _, shape in ground.divisions))
    disputed = path_of(*(shape for _, shape in ground.disputed))
    paper.draw(PathPatch(countries, facecolor=LAND, edgecolor="none"), layer=2, within=box)
    draw_lines(paper, divisions, colour=DIVISION, width_pt=0.35, layer=4, within=box)
    draw_graticule(paper, plate=plate)
    draw_lines(paper, countries, colour=BORDER, width_pt=_border_pt(plate), layer=8, within=box)
    draw_lines(paper, disputed, colour=BORDER, width_pt=_border_pt(plate), layer=9, within=box, dashed=True)


def _border_pt(plate: Plate) -> float:
    return 0.4 if plate.frame.is_wide else 0.7


def draw_lines(
    paper: Paper,
    lines: Path,
    *,
    colour: str,
    width_pt: float,
    layer: float,
    within: Box | None = None,
    dashed: bool = False,
) -> None:
    """Draw outlines; dashes are for disputed lines and for nothing else."""
    outline = PathPatch(lines, facecolor="none", edgecolor=colour, linewidth=width_pt, joinstyle="round")
    if dashed:
        outline.set_linestyle(DASHES)
    paper.draw(outline, layer=layer, within=within)
