"""The map on the sheet: land and borders, incidents with their precision, names and numbers."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import hypot
from typing import Final

import geopandas as gpd
import shapely
from matplotlib.patches import PathPatch, Rectangle
from matplotlib.path import Path

from gazetteer.boundaries import Boundaries
from incidents.geocode import disc
from incidents.schema import GeoPrecision
from incidents.sheet.furniture import CORNER_MM, LegendEntry, draw_corner, draw_graticule
from incidents.sheet.key import Entry
from incidents.sheet.labels import Labels, around, centred, heart, inside, nearest_edge, number_words
from incidents.sheet.marks import MARK_MM, RING_MM, Style, draw_area, draw_mark, half_widths, path_of
from incidents.sheet.paper import INK, Box, Paper, Type, one_line, width_mm
from incidents.sheet.plate import Plate
from incidents.symbols import SEVERAL, Symbol

#: Incidents nearer to each other than this share a mark.
SHARED_MM: Final = 3.2

_SEA: Final = "#e6edf2"
_LAND: Final = "#fbfaf6"
_BORDER: Final = "#6e7681"
_DIVISION: Final = "#cfcdc4"
_COUNTRY_NAME: Final = "#69707a"
_NUMBER: Final = Type(6.6, bold=True)
_DASHES: Final = (0.0, (2.0, 1.4))


@dataclass(frozen=True, slots=True)
class Spot:
    """Incidents that share one mark, or one area.

    Attributes
    ----------
    entries : tuple of Entry
        In the order of their numbers.
    across, up : float
        Where the number belongs, in millimetres.
    style : Style
        The coarsest precision among them.
    shape : shapely geometry or None
        The area, or the circle of uncertainty, in millimetres.
    """

    entries: tuple[Entry, ...]
    across: float
    up: float
    style: Style
    shape: shapely.Geometry | None

    @property
    def symbol(self) -> Symbol:
        """The group's symbol, or the one for several groups."""
        found = {entry.symbol for entry in self.entries}
        return found.pop() if len(found) == 1 else SEVERAL

    @property
    def words(self) -> str:
        """The numbers of its incidents."""
        return number_words(entry.number for entry in self.entries)


def spots(entries: Sequence[Entry], *, plate: Plate) -> list[Spot]:
    """Gather incidents that are drawn as one: those in the same area, and those too near to be told apart."""
    areas: dict[bytes, list[Entry]] = {}
    points: list[tuple[float, float, list[Entry]]] = []
    for entry in entries:
        geometry = entry.incident["geometry"]
        if not isinstance(geometry, shapely.Point):
            areas.setdefault(shapely.to_wkb(geometry), []).append(entry)
            continue
        across, up = (float(value) for value in plate.to_mm(geometry.x, geometry.y))
        near = next((spot for spot in points if hypot(spot[0] - across, spot[1] - up) < SHARED_MM), None)
        if near is None:
            points.append((across, up, [entry]))
        else:
            near[2].append(entry)
    tinted = [_area(found, plate=plate) for found in areas.values()]
    # The larger area lies under the smaller.
    tinted.sort(key=lambda spot: 0.0 if spot.shape is None else -spot.shape.area)
    return tinted + [_point(across, up, found, plate=plate) for across, up, found in points]


def _area(entries: list[Entry], *, plate: Plate) -> Spot:
    shape = plate.shape(entries[0].incident["geometry"])
    visible = shapely.intersection(shape, _rectangle(plate.box.grown(-2)))
    across, up = heart(visible if visible.area > 0 else shape)
    return Spot(tuple(entries), across, up, Style.TINTED, shape)


def _point(across: float, up: float, entries: list[Entry], *, plate: Plate) -> Spot:
    def rank(entry: Entry) -> int:
        return GeoPrecision(entry.incident["geo_precision"]).rank

    coarsest = max(entries, key=rank).incident
    style = Style.of(coarsest["geo_precision"])
    ring = None
    if style is not Style.FILLED:
        widest = max(entry.incident["uncertainty_km"] for entry in entries)
        ring = plate.shape(disc(*plate.to_degrees(across, up), radius_km=widest))
    return Spot(tuple(entries), across, up, style, ring)


@dataclass(frozen=True, slots=True)
class Ground:
    """Land and lines under the incidents, in millimetres, each with its name.

    Attributes
    ----------
    countries, divisions, disputed : tuple of (str, shapely geometry)
        What the plate shows of each. A wide frame has no divisions: they would be a grey mist.
    """

    countries: tuple[tuple[str, shapely.Geometry], ...]
    divisions: tuple[tuple[str, shapely.Geometry], ...]
    disputed: tuple[tuple[str, shapely.Geometry], ...]

    @classmethod
    def of(cls, boundaries: Boundaries, *, plate: Plate) -> Ground:
        """Take from the boundary layer what the plate shows."""
        return cls(
            countries=_seen(boundaries.countries, plate=plate),
            divisions=() if plate.frame.is_wide else _seen(boundaries.divisions, plate=plate),
            disputed=_seen(boundaries.disputed_borders, plate=plate),
        )


def _seen(table: gpd.GeoDataFrame, *, plate: Plate) -> tuple[tuple[str, shapely.Geometry], ...]:
    west, south, east, north = plate.window
    rows: set[int] = set()
    for turn in (-360.0, 0.0, 360.0):
        rows.update(table.sindex.query(shapely.box(west + turn, south, east + turn, north), predicate="intersects"))
    edge = _rectangle(plate.box)
    shapes = ((table["name"].iloc[row], plate.shape(table.geometry.iloc[row])) for row in sorted(rows))
    return tuple((str(name), shape) for name, shape in shapes if shape.intersects(edge))


def _rectangle(box: Box) -> shapely.Polygon:
    return shapely.box(box.left, box.bottom, box.right, box.top)


def draw_map(paper: Paper, *, found: Sequence[Spot], plate: Plate, ground: Ground) -> None:
    """Draw the whole map into the plate's box."""
    box = plate.box
    area = (box.left, box.bottom), box.width, box.height
    paper.draw(Rectangle(*area, facecolor=_SEA, edgecolor="none"), layer=1)
    countries = path_of(*(shape for _, shape in ground.countries))
    divisions = path_of(*(shape for _, shape in ground.divisions))
    disputed = path_of(*(shape for _, shape in ground.disputed))
    paper.draw(PathPatch(countries, facecolor=_LAND, edgecolor="none"), layer=2, within=box)
    _draw_lines(paper, divisions, colour=_DIVISION, width_pt=0.35, layer=4, within=box)
    draw_graticule(paper, plate=plate)
    _draw_lines(paper, countries, colour=_BORDER, width_pt=_border_pt(plate), layer=8, within=box)
    _draw_lines(paper, disputed, colour=_BORDER, width_pt=_border_pt(plate), layer=9, within=box, dashed=True)
    for spot in found:
        _draw_spot(paper, spot, within=box)
    labels = Labels(box.grown(-0.8), taken=[_mark_box(spot) for spot in found if spot.style is not Style.TINTED])
    corner = _corner(labels)
    labels.taken.append(corner)
    draw_corner(paper, plate=plate, box=corner)
    areas = [spot for spot in found if spot.style is Style.TINTED]
    for spot in sorted(found, key=lambda spot: (-len(spot.words), spot.entries[0].number)):
        others = [other.shape for other in areas if other is not spot and other.shape is not None]
        _draw_number(paper, spot, labels=labels, others=others)
    _name_countries(paper, ground.countries, labels=labels, least_share=1.0 if plate.frame.is_wide else 0.85)
    paper.draw(Rectangle(*area, facecolor="none", edgecolor=INK, linewidth=0.8), layer=60)


def _border_pt(plate: Plate) -> float:
    return 0.4 if plate.frame.is_wide else 0.7


def _draw_lines(
    paper: Paper,
    lines: Path,
    *,
    colour: str,
    width_pt: float,
    layer: float,
    within: Box,
    dashed: bool = False,
) -> None:
    outline = PathPatch(lines, facecolor="none", edgecolor=colour, linewidth=width_pt, joinstyle="round")
    if dashed:
        outline.set_linestyle(_DASHES)
    paper.draw(outline, layer=layer, within=within)


def _draw_spot(paper: Paper, spot: Spot, *, within: Box) -> None:
    if spot.style is Style.TINTED and spot.shape is not None:
        draw_area(paper, area=spot.shape, symbol=spot.symbol, within=within)
    else:
        draw_mark(
            paper, across=spot.across, up=spot.up, symbol=spot.symbol, style=spot.style, ring=spot.shape, within=within
        )


def _mark_box(spot: Spot) -> Box:
    size = 2 * (MARK_MM if spot.style is Style.FILLED else RING_MM)
    return centred(spot.across, spot.up, width=size, height=size)


def _corner(labels: Labels) -> Box:
    """Choose the corner of the map where scale bar and arrow cover the least."""
    width, height = CORNER_MM
    box = labels.box
    corners = [
        Box(left, bottom, left + width, bottom + height)
        for bottom in (box.bottom, box.top - height)
        for left in (box.left, box.right - width)
    ]
    return min(corners, key=lambda corner: sum(corner.overlaps(other) for other in labels.taken))


def _draw_number(paper: Paper, spot: Spot, *, labels: Labels, others: Sequence[shapely.Geometry]) -> None:
    width, height = width_mm(spot.words, _NUMBER) + 1.2, 2.9
    box = labels.place(_places(spot, width=width, height=height, others=others))
    if box is None:
        box = next(around(spot.across, spot.up, width=width, height=height, clear=RING_MM))
    end = nearest_edge(box, across=spot.across, up=spot.up)
    is_within = spot.style is Style.TINTED and spot.shape is not None and spot.shape.contains(_rectangle(box))
    if not is_within and hypot(end[0] - spot.across, end[1] - spot.up) > RING_MM + 1.6:
        paper.line([(spot.across, spot.up), end], colour=INK, width_pt=0.4, layer=25)
    edge = spot.symbol.colour if spot.style is Style.TINTED else "none"
    ground = Rectangle(
        (box.left, box.bottom),
        box.width,
        box.height,
        facecolor="white",
        edgecolor=edge,
        linewidth=0.5,
        alpha=0.9,
    )
    paper.draw(ground, layer=45)
    paper.write(
        spot.words,
        (box.left + box.right) / 2,
        (box.bottom + box.top) / 2,
        face=_NUMBER,
        align="center",
        upright="center",
    )


def _places(spot: Spot, *, width: float, height: float, others: Sequence[shapely.Geometry]) -> Iterator[Box]:
    """Where a number may stand, best first: an area's own ground; on another's it would mislead."""
    if spot.style is not Style.TINTED or spot.shape is None:
        clear = (MARK_MM if spot.style is Style.FILLED else RING_MM) + 0.3
        yield from around(spot.across, spot.up, width=width, height=height, clear=clear)
        return
    shape, clear = spot.shape, min(max(half_widths(spot.shape)) + 0.5, 25.0)

    def anywhere() -> Iterator[Box]:
        yield from (box.grown(-0.4) for box in inside(shape, width=width + 0.8, height=height + 0.8))
        yield from around(spot.across, spot.up, width=width, height=height, clear=clear)

    yield from (box for box in anywhere() if not any(area.intersects(_rectangle(box)) for area in others))
    yield from anywhere()


def _name_countries(
    paper: Paper, countries: Sequence[tuple[str, shapely.Geometry]], *, labels: Labels, least_share: float
) -> None:
    """Name each country where its name fits; one too small for its name stays without."""
    visible = [(name, shapely.intersection(shape, _rectangle(labels.box))) for name, shape in countries]
    for name, area in sorted(visible, key=lambda pair: (-pair[1].area, pair[0])):
        spaced = "\u200a".join(one_line(name).upper())
        for size_pt, share in ((7.0, 1.0), (5.6, 1.0), (4.8, least_share)):
            face = Type(size_pt, colour=_COUNTRY_NAME)
            width, height = width_mm(spaced, face), size_pt * 0.36
            box = labels.place(inside(area, width=width + 0.6, height=height, share=share))
            if box is not None:
                middle = (box.left + box.right) / 2, (box.bottom + box.top) / 2
                paper.write(spaced, *middle, face=face, align="center", upright="center", layer=12)
                break


def legend(found: Sequence[Spot], *, groups: Mapping[str, Symbol], ground: Ground) -> list[LegendEntry]:
    """List what is drawn and nothing else: groups in their order, precisions finest first, lines."""
    used = {entry.symbol for spot in found for entry in spot.entries}
    entries = [
        LegendEntry(_sample(symbol, style=Style.FILLED), name) for name, symbol in groups.items() if symbol in used
    ]
    if any(spot.symbol == SEVERAL for spot in found):
        entries.append(LegendEntry(_sample(SEVERAL, style=Style.FILLED), "several groups at one place"))
    styles = {spot.style for spot in found}
    plain = Symbol(INK, "circle")
    entries.extend(LegendEntry(_sample(plain, style=style), style.value) for style in Style if style in styles)
    if ground.countries:
        entries.append(LegendEntry(_line_sample(_BORDER, width_pt=0.7), "country border or coast"))
    if ground.divisions:
        entries.append(LegendEntry(_line_sample(_DIVISION, width_pt=0.6), "first-level division"))
    if ground.disputed:
        entries.append(LegendEntry(_line_sample(_BORDER, width_pt=0.7, dashed=True), "claimed or disputed line"))
    return entries


def _sample(symbol: Symbol, *, style: Style) -> Callable[[Paper, float, float], None]:
    def draw(paper: Paper, across: float, up: float) -> None:
        if style is Style.TINTED:
            draw_area(paper, area=shapely.box(across - 2.4, up - 1.4, across + 2.4, up + 1.4), symbol=symbol)
        else:
            draw_mark(paper, across=across, up=up, symbol=symbol, style=style)

    return draw


def _line_sample(colour: str, *, width_pt: float, dashed: bool = False) -> Callable[[Paper, float, float], None]:
    def draw(paper: Paper, across: float, up: float) -> None:
        line = Path([(across - 2.4, up), (across + 2.4, up)])
        edge = centred(across, up, width=6, height=2)
        _draw_lines(paper, line, colour=colour, width_pt=width_pt, layer=30, within=edge, dashed=dashed)

    return draw
