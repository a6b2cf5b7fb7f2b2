"""The map on the sheet: land and borders, incidents with their precision, names and numbers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import hypot
from typing import Final

import numpy as np
import shapely
from matplotlib.patches import Rectangle

from gazetteer.place import Place
from gazetteer.space import great_circle_km
from incidents.geocode import disc
from incidents.schema import GeoPrecision
from incidents.sheet.furniture import corner_mm, draw_corner
from incidents.sheet.ground import Ground, draw_ground, rectangle
from incidents.sheet.key import Entry
from incidents.sheet.labels import (
    Labels,
    Obstacles,
    around,
    baseline_in,
    centred,
    draw_halo,
    heart,
    inside,
    nearest_edge,
    number_words,
)
from incidents.sheet.locator import Inset
from incidents.sheet.marks import MARK_MM, RING_MM, Style, draw_area, draw_mark, half_widths
from incidents.sheet.names import TOWN_MM, name_countries, name_divisions, name_towns, town_count
from incidents.sheet.paper import INK, Box, Paper, Type, width_mm
from incidents.sheet.plate import Plate
from incidents.sheet.ties import Ties, boxes_of, draw_ties
from incidents.symbols import SEVERAL, Symbol

#: Incidents nearer to each other than this share a mark.
SHARED_MM: Final = 3.2

# Places farther from each other than this are several, though they share a mark.
_APART_KM: Final = 1.0

_NUMBER: Final = Type(6.6, bold=True)

# A map of which marks and their numbers would take more than this share is too crowded for all numbers.
_CROWDED: Final = 0.2

# On a crowded map a number stands so near to its mark that it needs no line to it, in millimetres, or not at all.
_NEAR_MM: Final = 5.0
_FAR_MM: Final = 60.0

# Around a number, and how high it is, in millimetres.
_MARGIN_MM: Final = 0.4
_FRAME_MM: Final = 0.6
_NUMBER_MM: Final = 2.9

# Numbers and names rather leave the dots of towns free: of so many as a map may name, and these more of them, since
# some are too near to others to be named.
_DOTS_MORE: Final = 1.25

# The locator takes this share of a map's width and height at most.
_INSET_SHARE: Final = 0.34

# Between two places along an edge where the scale or the locator may stand, in millimetres.
_EDGE_STEP_MM: Final = 4.0


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
    """Gather incidents that are drawn as one: those in the same area, and those too near to be told apart.

    A mark never stands for incidents of two countries, however near to each other they are on paper.
    """
    areas: dict[bytes, list[Entry]] = {}
    points: list[tuple[float, float, list[Entry]]] = []
    for entry in entries:
        geometry = entry.incident["geometry"]
        if not isinstance(geometry, shapely.Point):
            areas.setdefault(shapely.to_wkb(geometry), []).append(entry)
            continue
        across, up = (float(value) for value in plate.to_mm(geometry.x, geometry.y))
        country = entry.incident["country_code"]
        near = (
            spot
            for spot in points
            if spot[2][0].incident["country_code"] == country and hypot(spot[0] - across, spot[1] - up) < SHARED_MM
        )
        if (found := next(near, None)) is None:
            points.append((across, up, [entry]))
        else:
            found[2].append(entry)
    tinted = [_area(found, plate=plate) for found in areas.values()]
    # The larger area lies under the smaller.
    tinted.sort(key=lambda spot: 0.0 if spot.shape is None else -spot.shape.area)
    return tinted + [_point(across, up, found, plate=plate) for across, up, found in points]


def _area(entries: list[Entry], *, plate: Plate) -> Spot:
    shape = plate.shape(entries[0].incident["geometry"])
    visible = shapely.intersection(shape, rectangle(plate.box.grown(-2)))
    across, up = heart(visible if visible.area > 0 else shape)
    return Spot(tuple(entries), across, up, Style.TINTED, shape)


def _point(across: float, up: float, entries: list[Entry], *, plate: Plate) -> Spot:
    """Draw incidents at the place of the first, in a ring that holds the rings of all."""
    (longitude, latitude), *others = [entry.incident["geometry"].coords[0] for entry in entries]
    away_km = [0.0, *(great_circle_km(longitude, latitude, *other) for other in others)]
    reach_km = max(away + entry.incident["uncertainty_km"] for away, entry in zip(away_km, entries, strict=True))
    precision = max((GeoPrecision(entry.incident["geo_precision"]) for entry in entries), key=lambda one: one.rank)
    style = Style.TOGETHER if max(away_km) > _APART_KM else Style.of(precision)
    ring = None if style is Style.FILLED else plate.shape(disc(longitude, latitude, radius_km=reach_km))
    return Spot(tuple(entries), across, up, style, ring)


@dataclass(frozen=True, slots=True)
class Panel:
    """One map of a sheet: what it shows, arranged but not drawn.

    Attributes
    ----------
    letter : str
        What the key and the foot call it; empty where it is the only one.
    title : str
        What stands above it; empty where it is the only one.
    plate : Plate
        Where it stands and what it shows.
    entries : tuple of Entry
        The incidents on it.
    spots : tuple of Spot
        Their marks and areas.
    ties : Ties
        The crossings and links that are drawn on it.
    towns : tuple of Place
        Towns that it may name, the most important first.
    """

    letter: str
    title: str
    plate: Plate
    entries: tuple[Entry, ...]
    spots: tuple[Spot, ...]
    ties: Ties
    towns: tuple[Place, ...]

    @property
    def places(self) -> dict[str, tuple[float, float]]:
        """Where each incident has its mark, in millimetres, by `incident_id`."""
        return places_of(self.spots)

    @property
    def is_crowded(self) -> bool:
        """Whether there are more marks than a map of this size has room to number."""
        numbers = sum((width_mm(spot.words, _NUMBER) + 2 * _FRAME_MM) * _NUMBER_MM for spot in self.spots)
        marks = len(self.spots) * (2 * RING_MM) ** 2
        return numbers + marks > _CROWDED * self.plate.box.width * self.plate.box.height


def crowded_words(panels: Sequence[Panel]) -> str:
    """Say which maps are too crowded for all numbers, and where these are; empty if none is."""
    crowded = [panel.letter for panel in panels if panel.is_crowded]
    if not crowded:
        return ""
    if len(crowded) > 1:
        where = f"Maps {', '.join(crowded)} are"
    else:
        where = f"Map {crowded[0]} is" if crowded[0] else "The map is"
    return (
        f"{where} too crowded to be numbered: × says how many incidents a mark stands for, where there is room. "
        "The list has the numbers by place."
    )


def places_of(found: Sequence[Spot]) -> dict[str, tuple[float, float]]:
    """Give where each incident has its mark or the heart of its area, by `incident_id`."""
    return {entry.incident["incident_id"]: (spot.across, spot.up) for spot in found for entry in spot.entries}


def draw_map(
    paper: Paper, panel: Panel, *, ground: Ground, scale: bool = True, inset: Inset | None = None
) -> tuple[Place, ...]:
    """Draw the whole map into the plate's box; give the towns that it names.

    Parameters
    ----------
    scale
        With a scale bar and a north arrow.
    inset
        A locator that is to stand in a corner of the map.
    """
    plate, found = panel.plate, panel.spots
    box = plate.box
    draw_ground(paper, ground, plate=plate)
    draw_ties(paper, panel.ties, plate=plate, places=panel.places)
    for spot in found:
        _draw_spot(paper, spot, within=box)
    marks = [_mark_box(spot) for spot in found if spot.style is not Style.TINTED]
    areas = [spot for spot in found if spot.style is Style.TINTED]
    labels = Labels(
        box.grown(-0.8),
        taken=[*marks, *boxes_of(panel.ties, plate=plate, places=panel.places)],
        obstacles=_obstacles(panel, ground),
    )
    shapes = [spot.shape for spot in areas if spot.shape is not None]
    if scale:
        corner = _at_the_edge(labels, *corner_mm(plate), areas=shapes)
        labels.taken.append(corner)
        draw_corner(paper, plate=plate, box=corner)
    if inset is not None:
        share = min(1.0, box.width * _INSET_SHARE / inset.width_mm, box.height * _INSET_SHARE / inset.height_mm)
        place = _at_the_edge(labels, inset.width_mm * share, inset.height_mm * share, areas=shapes)
        labels.taken.append(place)
        inset.draw(paper, place)
    crowded = panel.is_crowded
    # The longest number is the hardest to place; where not all have room, the largest mark goes first.
    ranked = sorted(found, key=lambda spot: (-len(spot.entries if crowded else spot.words), spot.entries[0].number))
    leaders = [_draw_number(paper, spot, labels=labels, crowded=crowded) for spot in ranked]
    labels.obstacles = labels.obstacles.with_lines([leader for leader in leaders if leader is not None])
    name_countries(paper, ground.countries, labels=labels, least_share=1.0 if plate.frame.is_wide else 0.97)
    named = name_towns(paper, panel.towns, plate=plate, labels=labels, marks=marks)
    name_divisions(paper, ground.divisions, labels=labels)
    edge = Rectangle((box.left, box.bottom), box.width, box.height, facecolor="none", edgecolor=INK, linewidth=0.8)
    paper.draw(edge, layer=60)
    return named


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


def _at_the_edge(labels: Labels, width: float, height: float, *, areas: Sequence[shapely.Geometry]) -> Box:
    """Choose where at the edges something of this size covers least: first of marks, then of areas; corners first."""
    box = labels.box
    right, top = box.right - width, box.top - height
    along = [float(at) for at in np.arange(box.left, right, _EDGE_STEP_MM)]
    beside = [float(at) for at in np.arange(box.bottom, top, _EDGE_STEP_MM)]
    places = [(left, bottom) for bottom in (box.bottom, top) for left in (box.left, right)]
    places += [(left, bottom) for bottom in (box.bottom, top) for left in along]
    places += [(left, bottom) for left in (box.left, right) for bottom in beside]

    def covered(place: Box) -> tuple[int, int]:
        outline = rectangle(place)
        return sum(place.overlaps(other) for other in labels.taken), sum(area.intersects(outline) for area in areas)

    return min((Box(left, bottom, left + width, bottom + height) for left, bottom in places), key=covered)


def _obstacles(panel: Panel, ground: Ground) -> Obstacles:
    """What names and numbers keep clear of where they can: lines, areas, and the dots of the towns that matter most."""
    shapes = [spot.shape for spot in panel.spots if spot.shape is not None]
    lines = [shape for _, shape in (*ground.countries, *ground.disputed)]
    places = [
        panel.plate.to_mm(town.longitude, town.latitude)
        for town in panel.towns[: round(_DOTS_MORE * town_count(panel.plate))]
        if town.longitude is not None and town.latitude is not None
    ]
    dots = [rectangle(centred(float(x), float(y), width=2 * TOWN_MM, height=2 * TOWN_MM)) for x, y in places]
    return Obstacles(lines=[*lines, *shapes], areas=[*shapes, *dots])


def _draw_number(paper: Paper, spot: Spot, *, labels: Labels, crowded: bool) -> shapely.LineString | None:
    """Write the numbers of a mark, of an area in its frame, else in a halo; give the line to them if they need one.

    On a crowded map it is how many incidents there are, if several, and nothing without room beside the mark.
    """
    words = f"×{len(spot.entries)}" if crowded and len(spot.entries) > 1 else spot.words
    framed = spot.style is Style.TINTED
    written = width_mm(words, _NUMBER)
    width, height = written + 2 * (_FRAME_MM if framed else _MARGIN_MM), _NUMBER_MM
    reach = RING_MM + _NEAR_MM if crowded else _FAR_MM
    box = labels.place(_places(spot, width=width, height=height, reach=reach), own=spot.shape)
    if box is None and crowded:
        return None
    if box is None:
        box = next(around(spot.across, spot.up, width=width, height=height, clear=RING_MM, reach=_FAR_MM))
    end = nearest_edge(box, across=spot.across, up=spot.up)
    is_within = framed and spot.shape is not None and spot.shape.contains(rectangle(box))
    leader = None
    if not is_within and hypot(end[0] - spot.across, end[1] - spot.up) > RING_MM + 1.6:
        paper.line([(spot.across, spot.up), end], colour=INK, width_pt=0.4, layer=25)
        leader = shapely.LineString([(spot.across, spot.up), end])
    left = (box.left + box.right - written) / 2
    baseline = baseline_in(box, _NUMBER)
    if framed:
        area = (box.left, box.bottom), box.width, box.height
        edge = spot.symbol.colour
        paper.draw(Rectangle(*area, facecolor="white", edgecolor=edge, linewidth=0.5, alpha=0.9), layer=45)
    else:
        draw_halo(paper, words, left, baseline, face=_NUMBER, layer=45)
    paper.write(words, left, baseline, face=_NUMBER)
    return leader


def _places(spot: Spot, *, width: float, height: float, reach: float) -> Iterator[Box]:
    """Where a number may stand, best first: an area's own ground, then around."""
    if spot.style is not Style.TINTED or spot.shape is None:
        clear = (MARK_MM if spot.style is Style.FILLED else RING_MM) + 0.3
        yield from around(spot.across, spot.up, width=width, height=height, clear=clear, reach=reach)
        return
    clear = min(max(half_widths(spot.shape)) + 0.5, 25.0)
    yield from (box.grown(-0.4) for box in inside(spot.shape, width=width + 0.8, height=height + 0.8))
    yield from around(spot.across, spot.up, width=width, height=height, clear=clear, reach=reach)
