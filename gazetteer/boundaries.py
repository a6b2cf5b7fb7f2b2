"""Countries, first-level divisions and land borders: which unit holds a point, and how far the border is."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
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
from shapely.geometry import Point
from shapely.geometry.base import BaseGeometry

from gazetteer.borderlayer import BorderLayer, read_border_layer
from gazetteer.borderlines import GEOD, BorderDistance, BorderDistanceInterval, BorderPieces, reach_of
from gazetteer.data import DATA
from gazetteer.names import fold
from gazetteer.place import (
    AmbiguousNameError,
    BorderLayerError,
    CoordinateError,
    MissingDataError,
    UnknownCountryError,
    UnknownPlaceError,
)

_SIDES: Final = ("country_a", "country_b")


@dataclass(frozen=True, slots=True)
class Unit:
    """A country or a first-level division: `key` for `Boundaries.footprint`, outline in EPSG:4326."""

    key: str
    name: str
    country_code: str | None
    geometry: BaseGeometry


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
    own: BorderLayer | None = field(default=None, repr=False, compare=False)
    _shipped_error_km: float | None = field(default=None, repr=False, compare=False)
    _borders: dict[tuple[str, str | None], BorderPieces] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    @classmethod
    def load(cls, directory: Path = DATA) -> Boundaries:
        """Give the boundary layer of a directory, the same object each time."""
        return _load(directory)

    @classmethod
    def configured(cls) -> Boundaries:
        """Give the layer that this desk is set to use, by two variables of the environment.

        `INCIDENT_DESK_BORDERS` names a GeoJSON file whose land borders take the place of the shipped ones
        (`with_borders`). `INCIDENT_DESK_BORDER_ERROR_KM` states what the shipped ones may be off, where a desk thinks
        otherwise than `positional_error_source`.

        Raises
        ------
        BorderLayerError
            If one of them cannot be used; the message says why.
        """
        error_km, path = (os.environ.get(f"INCIDENT_DESK_{name}") for name in ("BORDER_ERROR_KM", "BORDERS"))
        changed_ns = Path(path).stat().st_mtime_ns if path and Path(path).is_file() else 0
        return _configured(path or None, changed_ns, error_km or None)

    def with_borders(self, layer: BorderLayer | Path) -> Boundaries:
        """Put land borders of one's own in the place of the shipped ones; outlines and divisions stay.

        Borders between pairs of countries that the layer does not name stay too, unless it is `complete`. What may be
        off is then the larger of the two errors, for a country with borders of both kinds.

        Parameters
        ----------
        layer
            The borders, or the GeoJSON file that holds them (`borderlayer.read_border_layer`).

        Raises
        ------
        BorderLayerError
            If the file cannot be used.
        """
        if isinstance(layer, Path):
            layer = read_border_layer(layer, known=self.countries["country_code"].dropna())
        own_km, shipped_km = layer.positional_error_km, self.positional_error_km
        rest = "Outlines" if layer.complete else "Other land borders, outlines"
        citation = f"Land borders: {layer.citation}. {rest} and divisions: {self.layer_citation}"
        source = f"{own_km:g} km: {layer.citation}"
        if not layer.complete:
            source = f"{source}; elsewhere {shipped_km:g} km: {self.positional_error_source}"
        return replace(
            self,
            own=layer,
            layer_citation=citation,
            positional_error_km=own_km if layer.complete else max(own_km, shipped_km),
            positional_error_source=source,
            _shipped_error_km=self.positional_error_km,
        )

    def border_error_km(self, country_code: str) -> float:
        """Give what the land borders of a country may be off."""
        if self.own is None or self._shipped_error_km is None:
            return self.positional_error_km
        errors_km = [
            error_km
            for borders, error_km in (
                (self.own.borders, self.own.positional_error_km),
                (self._shipped_borders, self._shipped_error_km),
            )
            if borders[["country_a", "country_b"]].eq(country_code.upper()).any(axis=None)
        ]
        return max(errors_km, default=self.positional_error_km)

    @cached_property
    def sha256(self) -> str:
        """Hash of the four files of the layer and of an own layer over them, for sheets and sidecars."""
        digest = sha256(self.own.sha256.encode() if self.own else b"")
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
        if self.own is None:
            return self._table("land-borders.parquet")
        return gpd.GeoDataFrame(
            pd.concat([self.own.borders, self._shipped_borders], ignore_index=True), crs="EPSG:4326"
        )

    @cached_property
    def _shipped_borders(self) -> gpd.GeoDataFrame:
        """The shipped borders that an own layer leaves in place."""
        shipped = self._table("land-borders.parquet")
        if self.own is None:
            return shipped
        named, pairs = (
            [frozenset(pair) for pair in zip(*(borders[side].fillna("") for side in _SIDES), strict=True)]
            for borders in (self.own.borders, shipped)
        )
        replaced = set(pairs) if self.own.complete else set(named)
        return shipped.loc[[pair not in replaced for pair in pairs]]

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
        distance_km, piece, at = borders.nearest(east, north)
        return pd.DataFrame(
            {
                "distance_km": distance_km,
                "facing_country_code": pd.Series(borders.facing[piece], dtype=object),
                "longitude": at[:, 0],
                "latitude": at[:, 1],
            }
        )

    def border_distance_interval(
        self, area: BaseGeometry, *, country_code: str, facing: str | None = None
    ) -> BorderDistanceInterval | None:
        """Measure the least and the greatest distance to a country's land border over an area.

        Both ends are right within a hundredth of the area's width (`error_km`). Where a border crosses the area
        the least is 0. None if the country has no land border.
        """
        found = self.border_distance_intervals([area], country_code=country_code, facing=facing)
        if found.empty:
            return None
        return BorderDistanceInterval(*next(found.itertuples(index=False, name=None)))

    def border_distance_intervals(
        self, areas: Sequence[BaseGeometry] | NDArray[Any], *, country_code: str, facing: str | None = None
    ) -> pd.DataFrame:
        """Measure the distance of many areas to the land border of one country, as `border_distance_interval` does.

        Returns
        -------
        pandas.DataFrame
            A row per area: `minimum_km`, `maximum_km`, `error_km`, `facing_country_code` (object, None as there).
            Without rows if the country has no land border.
        """
        columns = ["minimum_km", "maximum_km", "error_km", "facing_country_code"]
        borders = self._borders_of(country_code, facing)
        if borders is None or not len(areas):
            return pd.DataFrame(columns=columns)
        reach = reach_of(borders, np.array(areas, dtype=object))
        across = pd.Series(borders.facing[reach.piece], dtype=object)
        return pd.DataFrame(
            dict(zip(columns, (reach.minimum_km, reach.maximum_km, reach.error_km, across), strict=True))
        )

    def abroad(
        self, longitudes: ArrayLike, latitudes: ArrayLike, *, country_codes: Sequence[str | None] | NDArray[Any]
    ) -> NDArray[np.bool_]:
        """Tell which points the layer puts in another country than the one stated; the sea is none.

        An own layer's land (`with_borders`) speaks first, and the shipped divisions where it is silent.
        """
        east, north = _checked(longitudes, latitudes)
        if not east.size:
            return np.zeros(0, dtype=bool)
        points = shapely.STRtree(shapely.points(east, north))
        frame = shapely.box(east.min(), north.min(), east.max(), north.max())
        stated = np.asarray(country_codes, dtype=object)
        elsewhere, told = np.zeros(stated.size, dtype=bool), np.zeros(stated.size, dtype=bool)
        for lands in (self.divisions,) if self.own is None else (self.own.lands, self.divisions):
            here = lands.iloc[np.sort(lands.sindex.query(frame))]
            land, point = points.query(here.geometry.to_numpy(), predicate="intersects")
            land, point = land[~told[point]], point[~told[point]]
            elsewhere[point[here["country_code"].to_numpy(dtype=object)[land] != stated[point]]] = True
            told[point] = True
        return elsewhere

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

    def _borders_of(self, country_code: str, facing: str | None) -> BorderPieces | None:
        code = country_code.upper()
        across = facing.upper() if facing else None
        for asked in filter(None, (code, across)):
            if asked not in self._codes:
                self.country(asked)  # which says that there is none
        if (code, across) not in self._borders:
            table = self.land_borders
            sides = (table["country_a"] == code) | (table["country_b"] == code)
            if across:
                sides &= (table["country_a"] == across) | (table["country_b"] == across)
            if not sides.any() or code == across:
                return None
            self._borders[code, across] = BorderPieces.of(table.loc[sides], code)
        return self._borders[code, across]

    @cached_property
    def _codes(self) -> frozenset[str]:
        """Codes of countries, and of those too small for an outline at the other side of a border."""
        sides = (self.countries["country_code"], self.land_borders["country_a"], self.land_borders["country_b"])
        return frozenset(code for side in sides for code in side.dropna())

    def country_name(self, code: str) -> str:
        """Name a country; its code where the layer has no outline of it, as of the Vatican.

        Examples
        --------
        >>> Boundaries.load().country_name("TG"), Boundaries.load().country_name("VA")
        ('Togo', 'VA')
        """
        named = self.countries.loc[self.countries["country_code"] == code, "name"]
        return code if named.empty else str(named.iloc[0])

    def _table(self, file: str) -> gpd.GeoDataFrame:
        return _read(self.directory / file)


@lru_cache(maxsize=4)
def _load(directory: Path) -> Boundaries:
    return Boundaries(directory)


@lru_cache(maxsize=4)
def _configured(path: str | None, changed_ns: int, error_km: str | None) -> Boundaries:
    del changed_ns  # part of the cache's key: a file that was saved again is read again
    boundaries = _load(DATA)
    if error_km is not None:
        try:
            stated = float(error_km)
        except ValueError:
            stated = -1.0
        if not 0 <= stated < 1000:
            message = f"INCIDENT_DESK_BORDER_ERROR_KM is {error_km!r}: it must be a number of kilometres, 0 or more."
            raise BorderLayerError(message)
        boundaries = replace(boundaries, positional_error_km=stated, positional_error_source="set by this desk")
    return boundaries.with_borders(Path(path)) if path else boundaries


@lru_cache(maxsize=16)
def _read(path: Path) -> gpd.GeoDataFrame:
    """Read a table once, whatever borders it is used with."""
    if not path.is_file():
        message = f"the boundary layer is incomplete, there is no {path.name} in {path.parent}"
        raise MissingDataError(message)
    return gpd.read_parquet(path)


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
    _, _, metres = GEOD.inv(here[:, 0], here[:, 1], outline[:, 0], outline[:, 1])
    return float(np.max(metres)) / 1000


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
