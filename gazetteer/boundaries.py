"""Countries, first-level divisions and land borders: which unit holds a point, and how far the border is."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from hashlib import sha256
from itertools import chain
from pathlib import Path
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import ArrayLike, NDArray
from pyproj import Geod
from shapely.geometry import Point
from shapely.geometry.base import BaseGeometry

from gazetteer.data import DATA
from gazetteer.names import fold
from gazetteer.place import (
    AmbiguousNameError,
    CoordinateError,
    MissingDataError,
    UnknownCountryError,
    UnknownPlaceError,
)

_GEOD: Final = Geod(ellps="WGS84")
_KM_PER_DEGREE: Final = 111.32
# Borders are straight in longitude and latitude between the layer's points; a piece this short lies less
# than a metre off the chord that stands for it.
_PIECE_DEGREES: Final = 0.045
_BLOCK: Final = 32
_AT_ONCE: Final = 20_000


@dataclass(frozen=True, slots=True)
class Unit:
    """A country or a first-level division: `key` for `Boundaries.footprint`, outline in EPSG:4326."""

    key: str
    name: str
    country_code: str | None
    geometry: BaseGeometry


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
class Boundaries:
    """The boundary layer that ships with the package: Natural Earth 4.1, de facto borders, 1:10m.

    Tables are read when first asked for, and shared by everyone who calls `load`.

    Examples
    --------
    >>> boundaries = Boundaries.load()
    >>> boundaries.country_at(0.72365, 11.08169), boundaries.division_at(0.72365, 11.08169).name
    ('BF', 'Kompienga')
    >>> nearest = boundaries.border_distance(0.72365, 11.08169, country_code="BF")
    >>> nearest.facing_country_code, round(nearest.distance_km)
    ('TG', 10)
    """

    directory: Path = DATA
    name: str = "Natural Earth 4.1"
    layer_citation: str = "Natural Earth 4.1.0, 1:10m cultural vectors, public domain, naturalearthdata.com"
    positional_error_km: float = 2.5
    positional_error_source: str = "nvkelso/natural-earth-vector issue 826"
    _borders: dict[tuple[str, str | None], _Borders] = field(default_factory=dict, repr=False, compare=False)

    @classmethod
    def load(cls, directory: Path = DATA) -> Boundaries:
        """Give the boundary layer of a directory, the same object each time."""
        return _load(directory)

    @cached_property
    def sha256(self) -> str:
        """Hash of the four files of the layer, for sheets and sidecars."""
        digest = sha256()
        for name in ("countries", "divisions", "land-borders", "disputed-borders"):
            digest.update((self.directory / f"{name}.parquet").read_bytes())
        return digest.hexdigest()

    @cached_property
    def countries(self) -> gpd.GeoDataFrame:
        """Countries: `key`, `country_code` (ISO 3166-1 alpha-2), `name`, label point, radius, `geometry`.

        Two territories that several states claim and to which ISO gives no code, the Siachen Glacier and the
        Spratly Islands, have a null `country_code`.
        """
        return self._table("countries.parquet")

    @cached_property
    def divisions(self) -> gpd.GeoDataFrame:
        """First-level divisions: as countries, and `variants`, `feature_code`, `local_code`.

        Where Natural Earth draws a country's second level, as in Burkina Faso, `feature_code` is ADM2.
        """
        return self._table("divisions.parquet")

    @cached_property
    def land_borders(self) -> gpd.GeoDataFrame:
        """Land borders, unsimplified: `country_a`, `country_b` (in order of the alphabet), `geometry`.

        A country code is null where the territory on that side has none. Coasts are no borders; lines
        through lakes are.
        """
        return self._table("land-borders.parquet")

    @cached_property
    def disputed_borders(self) -> gpd.GeoDataFrame:
        """Lines that a state claims: `name` of the claim, `country_code` of who holds the land."""
        return self._table("disputed-borders.parquet")

    def country(self, code: str) -> Unit:
        """Give the country of an ISO 3166-1 alpha-2 code.

        Raises
        ------
        UnknownCountryError
            If the layer has no country with this code.
        """
        rows = self.countries.loc[self.countries["country_code"] == code.upper()]
        if rows.empty:
            message = f"no country has the code {code!r}"
            raise UnknownCountryError(message)
        return _unit(rows.iloc[0])

    def division(self, name: str, *, country_code: str) -> Unit:
        """Give the first-level division of a name, or of a listed variant, in a country.

        Raises
        ------
        UnknownPlaceError
            If the country has none of this name.
        AmbiguousNameError
            If it has several.
        """
        table = self.divisions.loc[self.divisions["country_code"] == self.country(country_code).country_code]
        wanted = fold(name)
        named = table.loc[[fold(text) == wanted for text in table["name"]]]
        if named.empty:
            named = table.loc[[wanted in map(fold, texts) for texts in table["variants"]]]
        if named.empty:
            message = f"{country_code} has no first-level division named {name!r}"
            raise UnknownPlaceError(message)
        if len(named) > 1:
            message = f"{country_code} has {len(named)} divisions named {name!r}: {', '.join(named['key'])}"
            raise AmbiguousNameError(message)
        return _unit(named.iloc[0])

    def country_at(self, longitude: float, latitude: float) -> str | None:
        """Give the code of the country that holds a point; None at sea, on a border, or without a code."""
        codes = set(self.divisions["country_code"].iloc[self._hits(longitude, latitude)])
        code = codes.pop() if len(codes) == 1 else None
        return code if isinstance(code, str) else None

    def division_at(self, longitude: float, latitude: float) -> Unit | None:
        """Give the first-level division that holds a point; None at sea or on the line between two."""
        hits = self._hits(longitude, latitude)
        return _unit(self.divisions.iloc[hits[0]]) if len(hits) == 1 else None

    def footprint(self, key: str) -> BaseGeometry:
        """Give the outline for a key, in EPSG:4326.

        Parameters
        ----------
        key
            `naturalearth:af` (a country), `naturalearth:af-kunduz` (a division), `wof:421191833` (a Who's On
            First record), or several of these joined by `+`, for their union.

        Raises
        ------
        UnknownPlaceError
            If no table has the key.
        """
        parts = [self._outline(part.strip()) for part in key.split("+")]
        return parts[0] if len(parts) == 1 else shapely.union_all(parts)

    def border_distance(
        self, longitude: float, latitude: float, *, country_code: str, facing: str | None = None
    ) -> BorderDistance | None:
        """Measure from a point to the nearest land border of a country, coasts excluded.

        Parameters
        ----------
        longitude, latitude
            A point in EPSG:4326 degrees, inside the country or not.
        country_code
            The country, ISO 3166-1 alpha-2, whose borders count.
        facing
            Only its border with this country counts; None counts every border.

        Returns
        -------
        BorderDistance or None
            None if there is no such land border. The distance is geodesic (WGS 84) and right within 10 m
            of the layer's line; the line itself is right within `positional_error_km`.

        Raises
        ------
        CoordinateError, UnknownCountryError
        """
        found = self.border_distances([longitude], [latitude], country_code=country_code, facing=facing)
        if found.empty:
            return None
        return BorderDistance(*next(found.itertuples(index=False, name=None)))

    def border_distances(
        self, longitudes: ArrayLike, latitudes: ArrayLike, *, country_code: str, facing: str | None = None
    ) -> pd.DataFrame:
        """Measure from many points to the nearest land border of one country, as `border_distance` does.

        Returns
        -------
        pandas.DataFrame
            A row per point: `distance_km`, `facing_country_code` (object, None as there), `longitude`,
            `latitude` of the border point. Without rows if the country has no land border.
        """
        east, north = _checked(longitudes, latitudes)
        borders = self._borders_of(country_code, facing)
        if borders is None:
            return pd.DataFrame(columns=["distance_km", "facing_country_code", "longitude", "latitude"])
        piece, share = borders.nearest(_ecef(east, north))
        start, end = borders.starts[piece], borders.ends[piece]
        at = start + share[:, None] * (end - start)
        _, _, metres = _GEOD.inv(east, north, at[:, 0], at[:, 1])
        return pd.DataFrame(
            {
                "distance_km": np.asarray(metres) / 1000,
                "facing_country_code": pd.Series(borders.facing[piece], dtype=object),
                "longitude": at[:, 0],
                "latitude": at[:, 1],
            }
        )

    def border_distance_interval(
        self, area: BaseGeometry, *, country_code: str, facing: str | None = None
    ) -> BorderDistanceInterval | None:
        """Measure the least and the greatest distance to a country's land border over an area.

        The area is sampled along its outline and on a grid inside it, about a hundred points across; as the
        distance changes by no more than one moves, both ends are right within the spacing (`error_km`).
        Where a border crosses the area the least is 0. None if the country has no land border.
        """
        borders = self._borders_of(country_code, facing)
        if borders is None:
            return None
        west, south, east, north = area.bounds
        step = max((east - west), (north - south), 1.0 / _KM_PER_DEGREE) / 100
        grid = np.stack(
            [axis.ravel() for axis in np.meshgrid(np.arange(west, east, step), np.arange(south, north, step))],
            axis=1,
        )
        inside = grid[shapely.contains_xy(area, grid[:, 0], grid[:, 1])]
        outline = shapely.get_coordinates(shapely.segmentize(area, step))
        points = np.concatenate([outline, inside])
        found = self.border_distances(points[:, 0], points[:, 1], country_code=country_code, facing=facing)
        nearest = found.iloc[int(found["distance_km"].to_numpy().argmin())]
        crossed = bool(area.intersects(borders.line))
        return BorderDistanceInterval(
            minimum_km=0.0 if crossed else float(nearest["distance_km"]),
            maximum_km=float(found["distance_km"].max()),
            error_km=step * _KM_PER_DEGREE,
            facing_country_code=nearest["facing_country_code"],
        )

    @cached_property
    def _footprints(self) -> dict[str, BaseGeometry]:
        tables = (self.countries, self.divisions, self._table("footprints.parquet"))
        pairs = (zip(table["key"], table.geometry, strict=True) for table in tables)
        return dict(chain.from_iterable(pairs))

    def _outline(self, key: str) -> BaseGeometry:
        try:
            return self._footprints[key]
        except KeyError:
            message = f"no footprint has the key {key!r}"
            raise UnknownPlaceError(message) from None

    def _hits(self, longitude: float, latitude: float) -> NDArray[np.intp]:
        _checked([longitude], [latitude])
        hits: NDArray[np.intp] = self.divisions.sindex.query(Point(longitude, latitude), predicate="intersects")
        return hits

    def _borders_of(self, country_code: str, facing: str | None) -> _Borders | None:
        code = country_code.upper()
        across = facing.upper() if facing else None
        for known in filter(None, (code, across)):
            self.country(known)
        if (code, across) not in self._borders:
            table = self.land_borders
            sides = (table["country_a"] == code) | (table["country_b"] == code)
            if across:
                sides &= (table["country_a"] == across) | (table["country_b"] == across)
            if not sides.any() or code == across:
                return None
            self._borders[code, across] = _Borders.of(table.loc[sides], code)
        return self._borders[code, across]

    def _table(self, file: str) -> gpd.GeoDataFrame:
        path = self.directory / file
        if not path.is_file():
            message = f"the boundary layer is incomplete, there is no {path.name} in {path.parent}"
            raise MissingDataError(message)
        return gpd.read_parquet(path)


@lru_cache(maxsize=4)
def _load(directory: Path) -> Boundaries:
    return Boundaries(directory)


def covering_radius_km(area: BaseGeometry, *, longitude: float, latitude: float) -> float:
    """Give the radius of the smallest circle around a point that holds an area.

    Examples
    --------
    >>> kpendjal = Boundaries.load().footprint("wof:421191833")
    >>> round(covering_radius_km(kpendjal, longitude=0.613603, latitude=10.850688), 1)
    36.6
    """
    outline = shapely.get_coordinates(area)
    here = np.broadcast_to((longitude, latitude), outline.shape)
    _, _, metres = _GEOD.inv(here[:, 0], here[:, 1], outline[:, 0], outline[:, 1])
    return float(np.max(metres)) / 1000


@dataclass(frozen=True, slots=True)
class _Borders:
    """The land borders of one country, cut into short pieces, in blocks that a search can pass over.

    Distances are compared along chords through the ellipsoid, which order points as the geodesic does.
    """

    line: BaseGeometry
    starts: NDArray[np.float64]  # longitude, latitude
    ends: NDArray[np.float64]
    facing: NDArray[Any]
    origin: NDArray[np.float64]  # Earth-centred metres
    along: NDArray[np.float64]
    centres: NDArray[np.float64]
    radii: NDArray[np.float64]

    @classmethod
    def of(cls, borders: gpd.GeoDataFrame, code: str) -> _Borders:
        lines = borders.geometry.explode(index_parts=False)
        across = np.where(borders["country_a"] == code, borders["country_b"], borders["country_a"])
        across = np.array([value if isinstance(value, str) else None for value in across], dtype=object)
        points, owner = shapely.get_coordinates(shapely.segmentize(lines.to_numpy(), _PIECE_DEGREES), return_index=True)
        row = borders.index.get_indexer(lines.index)[owner]
        joined = owner[:-1] == owner[1:]
        starts, ends = points[:-1][joined], points[1:][joined]
        origin, tip = _ecef(*starts.T), _ecef(*ends.T)
        first = np.arange(0, len(starts), _BLOCK)
        count = np.diff(np.append(first, len(starts)))
        centres = np.add.reduceat(origin, first) / count[:, None]
        off = np.repeat(centres, count, axis=0)
        reach = np.maximum(np.linalg.norm(origin - off, axis=1), np.linalg.norm(tip - off, axis=1))
        return cls(
            line=shapely.union_all(borders.geometry.to_numpy()),
            starts=starts,
            ends=ends,
            facing=across[row[:-1][joined]],
            origin=origin,
            along=tip - origin,
            centres=centres,
            radii=np.maximum.reduceat(reach, first),
        )

    def nearest(self, points: NDArray[np.float64]) -> tuple[NDArray[np.intp], NDArray[np.float64]]:
        """Give for each point the nearest piece, and how far along it (0 to 1) the nearest spot lies."""
        parts = [self._nearest(points[at : at + _AT_ONCE]) for at in range(0, len(points), _AT_ONCE)]
        return np.concatenate([part[0] for part in parts]), np.concatenate([part[1] for part in parts])

    def _nearest(self, points: NDArray[np.float64]) -> tuple[NDArray[np.intp], NDArray[np.float64]]:
        to_centre = np.linalg.norm(points[:, None] - self.centres, axis=2)
        beyond = (to_centre + self.radii).min(axis=1)
        who, block = np.nonzero(to_centre - self.radii <= beyond[:, None])
        pieces = np.minimum(block[:, None] * _BLOCK + np.arange(_BLOCK), len(self.origin) - 1)
        away, along = points[who, None] - self.origin[pieces], self.along[pieces]
        length = np.maximum((along**2).sum(axis=2), 1e-12)
        share = np.clip((away * along).sum(axis=2) / length, 0, 1)
        squared = ((away - share[..., None] * along) ** 2).sum(axis=2)
        best = squared.argmin(axis=1)
        at = np.arange(len(best))
        order = np.lexsort((squared[at, best], who))
        chosen = order[np.unique(who[order], return_index=True)[1]]
        return pieces[chosen, best[chosen]], share[chosen, best[chosen]]


def _ecef(longitudes: NDArray[np.float64], latitudes: NDArray[np.float64]) -> NDArray[np.float64]:
    """Earth-centred coordinates in metres of points on the WGS 84 ellipsoid."""
    east, north = np.radians(longitudes), np.radians(latitudes)
    squeezed = 1 - _GEOD.es
    normal = _GEOD.a / np.sqrt(1 - _GEOD.es * np.sin(north) ** 2)
    flat = normal * np.cos(north)
    return np.stack([flat * np.cos(east), flat * np.sin(east), normal * squeezed * np.sin(north)], axis=1)


def _checked(longitudes: ArrayLike, latitudes: ArrayLike) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    east, north = np.asarray(longitudes, dtype=float), np.asarray(latitudes, dtype=float)
    # Written so that a NaN is outside.
    inside = (np.abs(east) <= 180) & (np.abs(north) <= 90)
    if not inside.all():
        bad = int(np.flatnonzero(~inside)[0])
        message = f"longitude {east[bad]}, latitude {north[bad]} is not a position in degrees"
        raise CoordinateError(message)
    return east, north


def _unit(row: pd.Series) -> Unit:
    code = row["country_code"]
    return Unit(row["key"], row["name"], code if isinstance(code, str) else None, row["geometry"])
