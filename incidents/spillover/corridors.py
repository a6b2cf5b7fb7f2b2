"""Corridors: links put together by the districts that they join, drawn as one line that is no route."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import geopandas as gpd
import numpy as np
import shapely
from shapely.geometry import LineString, MultiLineString
from shapely.geometry.base import BaseGeometry

from gazetteer.borderlines import GEOD
from gazetteer.boundaries import Boundaries
from incidents.filters import day_words
from incidents.geocode import records
from incidents.spillover.families import family_names
from incidents.spillover.links import Link, Rule, Strength
from incidents.spillover.plane import LocalPlane

#: Goes wherever a corridor is drawn.
CAPTION: Final = "Association of reported incidents, not an observed route."

#: A line is drawn straight in degrees between points this far apart, which then lies within 50 m of the geodesic up
#: to 80 degrees north and south.
_STEP_KM: Final = 10


@dataclass(frozen=True, slots=True)
class Unit:
    """A district, or the smallest unit that is known, and its country."""

    country_code: str
    name: str

    def __str__(self) -> str:
        return f"{self.name} ({self.country_code})"


@dataclass(frozen=True, slots=True)
class Corridor:
    """All links of one group, or of no one group, between two districts.

    Attributes
    ----------
    units : tuple of Unit and Unit
        The two, in the order of their countries' codes and of their names.
    family : str or None
        The group to which both ends of every link are put down; None where the links join incidents of different
        groups, or of nobody.
    links, firm : int
        How many links there are, and how many of them are firm.
    forth, back : int
        How many lead from the first unit to the second, and how many back, as far as dates prove it.
    first_day, last_day : datetime.date
        First and last day of the incidents that are linked.
    incident_ids : tuple of str
        These incidents, sorted.
    line : shapely.LineString or MultiLineString
        The geodesic between the middles of the linked incidents on either side, EPSG:4326, cut in two where it
        crosses the antimeridian.
    third_countries : tuple of str
        Names of other countries on that line, in its order.
    """

    units: tuple[Unit, Unit]
    family: str | None
    links: int
    firm: int
    forth: int
    back: int
    first_day: date
    last_day: date
    incident_ids: tuple[str, ...]
    line: BaseGeometry
    third_countries: tuple[str, ...]

    @property
    def reason(self) -> str:
        """What is put together here, in a sentence or two, the caption among them."""
        ends = f"{self.units[0]} and {self.units[1]}"
        whose = f"of {self.family}" if self.family else "of no one group"
        days = day_words(self.first_day)
        if self.last_day != self.first_day:
            days = f"{days} to {day_words(self.last_day)}"
        said = [f"{_counted(self.links, 'link')} {whose} between {ends}, {self.firm} firm, {days}."]
        if self.forth or self.back:
            ways = [(self.forth, self.units[1]), (self.back, self.units[0])]
            towards = " and ".join(f"{number} towards {unit}" for number, unit in ways if number)
            said.append(f"In time {towards}.")
        said.append(CAPTION)
        if self.third_countries:
            said.append(f"The straight line crosses {' and '.join(self.third_countries)}.")
        return " ".join(said)


def corridors(links: Sequence[Link], *, incidents: gpd.GeoDataFrame, boundaries: Boundaries) -> tuple[Corridor, ...]:
    """Put links together by the two districts that they join and by group.

    An incident's district is its `admin2`, else its `admin1`, else the country as a whole.

    Parameters
    ----------
    links
        What `spillover.links` found among `incidents`.
    incidents
        What is shown (`filters.apply`).
    boundaries
        The countries that a line may touch. One is named if more of the line lies in it than the layer may be off.

    Returns
    -------
    tuple of Corridor
        The most links first, then by units and group.
    """
    ends = {identifier for link in links for identifier in (link.first_id, link.second_id)}
    linked = incidents.loc[incidents["incident_id"].isin(ends)]
    where = {row["incident_id"]: row for row in records(linked)}
    names = family_names(linked["actor_family"], starts=linked["date_start"], ends=linked["date_end"])
    kin = dict(zip(linked["incident_id"], names, strict=True))
    gathered: dict[tuple[tuple[Unit, Unit], str | None], list[Link]] = {}
    for link in links:
        units = sorted((_unit(where[link.first_id]), _unit(where[link.second_id])), key=_order)
        family = None if link.rule is Rule.OPEN else kin[link.first_id]
        gathered.setdefault(((units[0], units[1]), family), []).append(link)
    found = [_corridor(units, family, group, where, boundaries) for (units, family), group in gathered.items()]
    return tuple(sorted(found, key=lambda one: (-one.links, [_order(unit) for unit in one.units], one.family or "")))


def geodesic(start: tuple[float, float], end: tuple[float, float]) -> BaseGeometry:
    """Draw the geodesic between two points, longitude and latitude in degrees, cut at the antimeridian.

    Examples
    --------
    >>> geodesic((179.95, 0), (-179.95, 0)).wkt
    'MULTILINESTRING ((179.95 0, 180 0), (-180 0, -179.95 0))'
    """
    distance_km = GEOD.inv(*start, *end)[2] / 1000
    steps = int(distance_km // _STEP_KM)
    between = GEOD.npts(*start, *end, steps) if steps else []
    points = np.array([start, *between, end], dtype=float)
    # Unrolled, no step is longer than half the Earth; what then lies beyond 180 degrees is turned back.
    unrolled = np.column_stack([np.degrees(np.unwrap(np.radians(points[:, 0]))), points[:, 1]])
    rest: BaseGeometry = LineString(np.round(unrolled, 6))
    if not rest.length:
        return rest  # both ends are one place, and there is nothing to cut
    pieces = []
    for turn in (0, -360, 360):
        window = shapely.box(-180 + turn, -90, 180 + turn, 90)
        inside, rest = rest.intersection(window), rest.difference(window)
        pieces += [
            shapely.transform(part, lambda there, turn=turn: there - [turn, 0])
            for part in shapely.get_parts(inside)
            if part.geom_type == "LineString" and part.length
        ]
    return pieces[0] if len(pieces) == 1 else MultiLineString(_in_order(pieces, start))


def _in_order(pieces: list[LineString], start: tuple[float, float]) -> list[LineString]:
    return sorted(pieces, key=lambda piece: GEOD.inv(*start, *piece.coords[0])[2])


def _unit(incident: Mapping[str, Any]) -> Unit:
    code = incident["country_code"]
    return Unit(code, incident["admin2"] or incident["admin1"] or incident["country"] or code)


def _order(unit: Unit) -> tuple[str, str]:
    return unit.country_code, unit.name


def _corridor(
    units: tuple[Unit, Unit],
    family: str | None,
    links: list[Link],
    where: Mapping[str, Mapping[str, Any]],
    boundaries: Boundaries,
) -> Corridor:
    ids = sorted({identifier for link in links for identifier in (link.first_id, link.second_id)})
    sides = [[where[each] for each in ids if _unit(where[each]) == unit] for unit in units]
    line = geodesic(*(_middle(side) for side in sides))
    ways = [_unit(where[link.first_id]) == units[0] for link in links if link.directed]
    both = [where[each] for each in ids]
    return Corridor(
        units=units,
        family=family,
        links=len(links),
        firm=sum(link.strength is Strength.FIRM for link in links),
        forth=sum(ways),
        back=len(ways) - sum(ways),
        first_day=min(row["date_start"] for row in both).date(),
        last_day=max(row["date_end"] for row in both).date(),
        incident_ids=tuple(ids),
        line=line,
        third_countries=_others_on(line, {unit.country_code for unit in units}, boundaries),
    )


def _middle(rows: Iterable[Mapping[str, Any]]) -> tuple[float, float]:
    """The middle of some places, in a plane around the first of them."""
    points = shapely.points([(row["longitude"], row["latitude"]) for row in rows])
    plane = LocalPlane(float(points[0].x), float(points[0].y))
    centre = shapely.get_coordinates(plane.project(points)).mean(axis=0)
    middle = plane.unproject(shapely.Point(centre))
    return (middle.x + 180) % 360 - 180, middle.y


def _others_on(line: BaseGeometry, codes: set[str], boundaries: Boundaries) -> tuple[str, ...]:
    """Name the countries, but for two, in which more of a line lies than the layer may be off, in its order."""
    countries = boundaries.countries
    met = countries.iloc[countries.sindex.query(line, predicate="intersects")]
    found: list[tuple[float, str]] = []
    for code, name, geometry in zip(met["country_code"], met["name"], met.geometry, strict=True):
        inside = line.intersection(geometry)
        if code not in codes and GEOD.geometry_length(inside) / 1000 > boundaries.positional_error_km:
            found.append((GEOD.inv(*_start(line), *_start(inside))[2], name))
    return tuple(name for _, name in sorted(found))


def _start(line: BaseGeometry) -> tuple[float, float]:
    longitude, latitude = shapely.get_coordinates(line)[0]
    return float(longitude), float(latitude)


def _counted(number: int, noun: str) -> str:
    return f"1 {noun}" if number == 1 else f"{number} {noun}s"
