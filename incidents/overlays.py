"""Overlays: what the map draws besides the incidents, as lines, surfaces, labels and their entries in the legend."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import log2
from typing import Any, Final

import geopandas as gpd
import shapely
from shapely.geometry.base import BaseGeometry

from incidents.basemap import pack
from incidents.filters import day_words
from incidents.safety import safe_text
from incidents.spillover import SCDI_WORDS, Arrival, Cell, Cluster, Corridor, Crossing, Link, Strength
from incidents.symbols import SEVERAL

# Lines say what they are by pattern as much as by colour; dashes are kept for disputed boundaries. What is inferred is
# dotted, and a single link is a bow, which no reader takes for a route; what a source documents is solid.
_INFERRED: Final = {"colour": "#9b51d0", "dash": "1 5", "bowed": True}
_CORRIDOR: Final = {"colour": "#6a3fb5"}
_DOCUMENTED: Final = {"colour": "#d1345b", "weight": 3, "arrow": True}
_BAND_COLOUR: Final = "#c77d0a"
_BAND_OPACITIES: Final = (0.26, 0.19, 0.13, 0.08)
_CLUSTER: Final = {"colour": "#0b7a75", "opacity": 0.1, "weight": 2}
_CELL_COLOUR: Final = "#8a4b2d"

# The mark of several groups at one place, in the theme's own colour.
_SEVERAL: Final = {"shape": SEVERAL.shape, "colour": None}

_NARROWEST: Final = 3.5
_WIDEST: Final = 12.0


@dataclass(frozen=True, slots=True)
class Overlays:
    """What is drawn besides the incidents; empty is not drawn.

    Attributes
    ----------
    bands : geopandas.GeoDataFrame or None
        Strips along land borders (`spillover.border_bands`), EPSG:4326.
    links : sequence of Link
        Inferred links between incidents.
    crossings : sequence of Crossing
        Crossings that a source documents.
    arrivals : sequence of Arrival
        Incidents that are a group's first in their country.
    corridors : sequence of Corridor
        Links put together by district and group.
    clusters : sequence of Cluster
        Where and when incidents are dense.
    cells : sequence of Cell
        Cells of 50 by 50 km by their class.
    """

    bands: gpd.GeoDataFrame | None = None
    links: Sequence[Link] = ()
    crossings: Sequence[Crossing] = ()
    arrivals: Sequence[Arrival] = ()
    corridors: Sequence[Corridor] = ()
    clusters: Sequence[Cluster] = ()
    cells: Sequence[Cell] = ()

    @property
    def first_ids(self) -> frozenset[str]:
        """The incidents of `arrivals`."""
        return frozenset(arrival.incident_id for arrival in self.arrivals)


def lines(overlays: Overlays, *, where: Mapping[str, Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Give the lines, those of many links first; `where` has the incidents shown, by their id."""
    return [*_corridors(overlays.corridors), *_links(overlays.links, where), *_crossings(overlays.crossings, where)]


def surfaces(overlays: Overlays) -> list[dict[str, Any]]:
    """Give bands, cells and clusters, what lies lowest first."""
    drawn: list[dict[str, Any]] = []
    if overlays.bands is not None:
        opacity = _bands(overlays)
        drawn += [
            {"rings": pack(shape), "band": band, "colour": _BAND_COLOUR, "opacity": opacity[band]}
            for band, shape in zip(overlays.bands["band"], overlays.bands.geometry, strict=True)
        ]
    drawn += [
        {
            "rings": pack(cell.outline),
            "label": safe_text(_cell_words(cell)),
            "class": cell.scdi,
            **_cell_look(cell.scdi),
        }
        for cell in overlays.cells
    ]
    drawn += [
        {"rings": pack(cluster.outline), "label": safe_text(cluster.reason), **_CLUSTER}
        for cluster in overlays.clusters
    ]
    return drawn


def names(overlays: Overlays) -> list[dict[str, Any]]:
    """Label each corridor in its middle with how many links it stands for, and their days."""
    return [
        {"words": safe_text(_corridor_words(corridor)), "at": _middle(corridor.line)} for corridor in overlays.corridors
    ]


def legend(overlays: Overlays, *, drawn: Sequence[Mapping[str, Any]], shown: Collection[str]) -> list[dict[str, Any]]:
    """Give the entries of what is drawn; `drawn` are the `lines`, `shown` the ids of the incidents on the map."""
    entries: list[dict[str, Any]] = []
    kinds = {line["kind"] for line in drawn}
    if "link" in kinds:
        entries.append({"kind": "line", "label": "Inferred link (thin: possible)", "weight": 3, **_INFERRED})
    if "corridor" in kinds:
        label = "Corridor: inferred links of two districts, no route"
        entries.append({"kind": "line", "label": label, **_corridor_look(3)})
    if "crossing" in kinds:
        entries.append({"kind": "line", "label": "Documented crossing", **_DOCUMENTED})
    if overlays.first_ids & set(shown):
        entries.append({"kind": "symbol", "label": "First of its group there", "first": True, **_SEVERAL})
    for band, opacity in _bands(overlays).items():
        label = safe_text(f"{band} from a land border")
        entries.append({"kind": "band", "label": label, "colour": _BAND_COLOUR, "opacity": opacity})
    classes = {cell.scdi for cell in overlays.cells}
    entries += [
        {"kind": "band", "label": f"50 km cell: {words}", **_cell_look(scdi)}
        for scdi, words in SCDI_WORDS.items()
        if scdi in classes
    ]
    if overlays.clusters:
        entries.append({"kind": "band", "label": "Cluster in space and time", **_CLUSTER})
    return entries


def _links(links: Sequence[Link], where: Mapping[str, Mapping[str, Any]]) -> Iterator[dict[str, Any]]:
    for link in links:
        if link.first_id in where and link.second_id in where:
            ends = [where[link.first_id], where[link.second_id]]
            start, end = ends[0]["longitude"], ends[1]["longitude"]
            # The short way round: from the far end of the Pacific a line leads on over the map's edge.
            nearer = end - 360 * round((end - start) / 360)
            yield {
                "kind": "link",
                "points": [[start, ends[0]["latitude"]], [nearer, ends[1]["latitude"]]],
                "ids": [safe_text(end["incident_id"]) for end in ends],
                "label": safe_text(link.reason),
                "weight": 4 if link.strength is Strength.FIRM else 2.5,
                "arrow": link.directed,
                **_INFERRED,
            }


def _corridors(corridors: Sequence[Corridor]) -> Iterator[dict[str, Any]]:
    for corridor in corridors:
        for part in shapely.get_parts(corridor.line):
            yield {
                "kind": "corridor",
                "points": [[round(degrees, 4) for degrees in point] for point in part.coords],
                "ids": [safe_text(incident_id) for incident_id in corridor.incident_ids],
                "label": safe_text(corridor.reason),
                "arrow": False,
                **_corridor_look(corridor.links),
            }


def _corridor_look(links: int) -> dict[str, Any]:
    """Dots as wide as the links are many, twice as wide for some eight times as many."""
    weight = round(min(_NARROWEST + 1.5 * log2(links), _WIDEST), 1)
    return {**_CORRIDOR, "weight": weight, "dash": f"1 {round(weight * 1.7)}"}


def _crossings(crossings: Sequence[Crossing], where: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    for crossing in crossings:
        if crossing.incident_id in where and crossing.line is not None:
            yield {
                "kind": "crossing",
                "points": [list(point) for point in crossing.line.coords],
                "ids": [safe_text(crossing.incident_id)],
                "label": safe_text(crossing.reason),
                **_DOCUMENTED,
            }


def _bands(overlays: Overlays) -> dict[str, float]:
    """Bands by name, each with its opacity, the nearest the darkest."""
    found = () if overlays.bands is None else tuple(dict.fromkeys(overlays.bands["band"]))
    return dict(zip(found, _BAND_OPACITIES, strict=False))


def _cell_look(scdi: str) -> dict[str, Any]:
    """Darker for a high intensity, with an edge where incidents are clustered."""
    clustered, high = scdi.startswith("C"), scdi.endswith("H")
    return {"colour": _CELL_COLOUR, "opacity": 0.42 if high else 0.16, "weight": 2 if clustered else 0}


def _cell_words(cell: Cell) -> str:
    return (
        f"50 km cell, {SCDI_WORDS[cell.scdi]}: {cell.incidents} incidents in the year, "
        f"nearest-neighbour ratio {cell.nearest_ratio:.2f}"
    )


def _middle(line: BaseGeometry) -> list[float]:
    longest = max(shapely.get_parts(line), key=lambda part: part.length)
    there = longest.interpolate(0.5, normalized=True)
    return [round(there.y, 4), round(there.x, 4)]


def _corridor_words(corridor: Corridor) -> str:
    links = "1 link" if corridor.links == 1 else f"{corridor.links} links"
    days = [day_words(day) for day in dict.fromkeys((corridor.first_day, corridor.last_day))]
    return f"{links}, {' to '.join(days)}"
