"""Documented crossings: incidents that a source says were launched from another country."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import geopandas as gpd
from shapely.geometry import LineString, Point
from shapely.ops import nearest_points

from gazetteer.boundaries import Boundaries
from incidents.geocode import records
from incidents.spillover.links import incident_words
from incidents.spillover.plane import LocalPlane, steps

#: Goes wherever the line of a crossing is drawn.
NOTE: Final = "The line shows the side it came from and not a route; it starts at the border's nearest point."


@dataclass(frozen=True, slots=True)
class Crossing:
    """An incident that came across a border, as a source says.

    Attributes
    ----------
    incident_id, from_country_code, to_country_code : str
        The incident, where it was launched from, and where it happened.
    reason : str
        What is documented, and how the line is to be read, as a sentence or two.
    line : shapely.LineString or None
        From the nearest point of the border between the two countries to the place's point, EPSG:4326; None,
        with the reason saying why, where the place is not located or the two share no land border.
    """

    incident_id: str
    from_country_code: str
    to_country_code: str
    reason: str
    line: LineString | None


def documented_crossings(incidents: gpd.GeoDataFrame, *, boundaries: Boundaries) -> tuple[Crossing, ...]:
    """List the incidents that a source says were launched from another country (`launched_from`).

    Parameters
    ----------
    incidents
        What is shown (`filters.apply`).
    boundaries
        The land borders at which the lines start.

    Returns
    -------
    tuple of Crossing
        In the order of `incidents`.
    """
    launched = incidents["launched_from"].notna() & incidents["country_code"].notna()
    across = incidents.loc[launched & (incidents["launched_from"] != incidents["country_code"])]
    return tuple(_crossing(row, boundaries) for row in records(across))


def _crossing(row: Mapping[str, Any], boundaries: Boundaries) -> Crossing:
    codes = row["launched_from"], row["country_code"]
    origin, scene = (boundaries.country_name(code) for code in codes)
    said = f"A source says that {incident_words(row)}, in {scene}, was launched from {origin}."
    borders = boundaries.land_borders
    border = borders.loc[(borders["country_a"] == min(codes)) & (borders["country_b"] == max(codes))]
    line: LineString | None = None
    if row["longitude"] is None:
        note = "Its place is not located, so no line is drawn."
    elif border.empty:
        note = "The two share no land border, so no line is drawn."
    else:
        line = _line(row["longitude"], row["latitude"], border)
        note = NOTE
    return Crossing(row["incident_id"], *codes, reason=f"{said} {note}", line=line)


def _line(longitude: float, latitude: float, border: gpd.GeoDataFrame) -> LineString:
    plane = LocalPlane(longitude, latitude)
    there, _ = nearest_points(plane.project(steps(border)), Point(0, 0))
    return LineString([plane.unproject(there), (longitude, latitude)])
