"""The gazetteer: its layers, the candidates for a name, and the lookup of one name."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Final

from pyproj import Geod
from shapely.geometry.base import BaseGeometry

from gazetteer.boundaries import DATA, Boundaries
from gazetteer.layers import curated, naturalearth, replaced
from gazetteer.names import deletions, fold, one_slip_apart, skeleton
from gazetteer.place import Match, Place, UnknownCountryError, UnknownPlaceError
from gazetteer.verdict import Context, Hit, judge, same_unit

#: Names shorter than this have too many neighbours for a guess.
_SHORTEST_GUESS: Final = 4
_GEOD: Final = Geod(ellps="WGS84")


class Gazetteer:
    """Places of several layers, the layer of more authority first: `curated`, then `naturalearth`.

    Examples
    --------
    >>> gazetteer = Gazetteer.open()
    >>> match = gazetteer.lookup("Sanloaga", country="TG", admin2="Kpendjal")
    >>> str(match.verdict), match.place.name, match.uncertainty_km
    ('unknown', 'Kpendjal', 36.6)
    """

    def __init__(
        self, places: Iterable[Place], *, boundaries: Boundaries, hidden: frozenset[str] = frozenset()
    ) -> None:
        """Index places in the order of their layers' authority; `hidden` ones are found by their id only."""
        self.boundaries = boundaries
        self._places = {place.place_id: place for place in places}
        self._hidden = hidden
        self._countries = {
            place.country_code: place.name
            for place in self._places.values()
            if place.feature_code == "PCLI" and place.country_code
        }

    @classmethod
    def open(cls, directory: Path = DATA) -> Gazetteer:
        """Read the layers that ship with the package, or those of another directory.

        Raises
        ------
        MissingDataError, DamagedDataError
            If a file is not there, or says something that it must not.
        """
        base = tuple(naturalearth(directory))
        covered = replaced(directory)
        countries = {fold(place.name): place.country_code for place in base if place.feature_code == "PCLI"}
        hidden = {
            place.place_id
            for place in base
            if place.place_id in covered
            # What the source leaves without a name of its own bears its country's, and the country answers
            # for it.
            or (place.feature_code != "PCLI" and countries.get(fold(place.name)) == place.country_code)
        }
        return cls([*curated(directory), *base], boundaries=Boundaries.load(directory), hidden=frozenset(hidden))

    def __len__(self) -> int:
        """Count the places of all layers."""
        return len(self._places)

    def __iter__(self) -> Iterator[Place]:
        """Give the places of all layers, the layer of more authority first."""
        return iter(self._places.values())

    def place(self, place_id: str) -> Place:
        """Give a place by its identifier.

        Raises
        ------
        UnknownPlaceError
            If no layer has it.
        """
        try:
            return self._places[place_id]
        except KeyError:
            message = f"no gazetteer layer has a place {place_id!r}"
            raise UnknownPlaceError(message) from None

    def footprint(self, place: Place) -> BaseGeometry | None:
        """Give the outline of a place in EPSG:4326, None if it has none."""
        return self.boundaries.footprint(place.footprint) if place.footprint else None

    def country_code(self, country: str) -> str:
        """Give the ISO 3166-1 alpha-2 code of a country, from its code or one of its listed names.

        Raises
        ------
        UnknownCountryError
            If neither is known.
        """
        if country.upper() in self._countries:
            return country.upper()
        codes = {hit.place.country_code for hit in self._hits(country) if hit.place.feature_code == "PCLI"}
        code = codes.pop() if len(codes) == 1 else None
        if code is None:
            message = f"no country has the code or name {country!r}"
            raise UnknownCountryError(message)
        return code

    def candidates(
        self,
        name: str,
        *,
        country: str | None = None,
        feature_class: str | None = None,
        limit: int | None = None,
    ) -> tuple[Place, ...]:
        """Give every place that bears a name, or a listed variant of it, without choosing.

        Parameters
        ----------
        name
            The name, in any spelling that folds to a listed one.
        country
            Code or name of the country to look in; None is the world.
        feature_class
            GeoNames class letter, such as `P`; None is every class.
        limit
            How many to give at most.
        """
        code = self.country_code(country) if country else None
        found = {
            hit.place.place_id: hit.place
            for hit in self._hits(name)
            if code in (None, hit.place.country_code) and feature_class in (None, hit.place.feature_class)
        }
        return tuple(found.values())[:limit]

    def lookup(
        self,
        name: str,
        *,
        country: str | None = None,
        admin1: str | None = None,
        admin2: str | None = None,
        near: tuple[float, float] | None = None,
        on: date | None = None,
        feature_class: str | None = None,
        feature_code: str | None = None,
        limit: int = 10,
    ) -> Match:
        """Give the verdict on a bare name; `resolve` also reads words such as "near" and "province".

        Parameters
        ----------
        name
            The name as written.
        country, admin1, admin2
            The units that hold the place, as the source names them: the country by ISO code or name.
        near
            Longitude and latitude in degrees; orders the candidates, and never chooses one.
        on
            The day for which the name is asked; None asks for today's names.
        feature_class, feature_code
            GeoNames class letter and code, if the source says what kind of place it is.
        limit
            How many candidates to give at most.

        Raises
        ------
        UnknownCountryError
            If `country` is neither a code nor a listed name.
        """
        code = self.country_code(country) if country else None
        context = Context(code, admin1, admin2, on, feature_class, feature_code)
        hits = self._hits(name)
        match = judge(
            name.strip(),
            hits,
            context=context,
            countries=self._countries,
            within=self._within(hits, context),
            suggestions=() if hits else self._suggestions(name, code)[:limit],
        )
        ordered = sorted(match.candidates, key=lambda place: _distance_km(place, near)) if near else match.candidates
        return replace(match, candidates=tuple(ordered)[:limit])

    def containing(
        self,
        *,
        country: str | None = None,
        admin1: str | None = None,
        admin2: str | None = None,
        on: date | None = None,
    ) -> Place | None:
        """Give the smallest of the named units that is known: district, else province, else country."""
        if country is None:
            return None
        code = self.country_code(country)
        for unit, level in ((admin2, "ADM2"), (admin1, "ADM1")):
            hits = self._hits(unit) if unit else []
            units = {hit.place for hit in hits if hit.place.country_code == code and hit.place.feature_class == "A"}
            for fits in _fitting(level, on=on, admin1=admin1):
                units = {place for place in units if fits(place)} or units
            if len(units) == 1:
                return units.pop()
        return next((place for place in self if place.feature_code == "PCLI" and place.country_code == code), None)

    def _within(self, hits: list[Hit], context: Context) -> Place | None:
        """The unit that must hold the place: the context's, or that of the one place without coordinates."""
        unit = self.containing(country=context.country, admin1=context.admin1, admin2=context.admin2, on=context.on)
        places = {hit.place for hit in hits if context.country in (None, hit.place.country_code)}
        place = places.pop() if len(places) == 1 else None
        if place is None or place.longitude is not None or (unit and unit.feature_code != "PCLI"):
            return unit
        return self.containing(country=place.country_code, admin1=place.admin1, admin2=place.admin2, on=context.on)

    def _hits(self, name: str) -> list[Hit]:
        folded = fold(name)
        return self._by_name.get(folded, []) if folded else []

    def _suggestions(self, name: str, country: str | None) -> tuple[Place, ...]:
        """Places of the country, or of the world, whose names are one slip away or sound alike."""
        folded, sound = fold(name), skeleton(name)
        if len(folded) < _SHORTEST_GUESS:
            return ()
        keys = {key for key in self._slips.keys() & deletions(folded) for key in self._slips[key]}
        slips = [key for key in keys if one_slip_apart(folded, key)]
        alike = (
            [key for key in self._sounds.get(sound, ()) if abs(len(key) - len(folded)) <= 3] if len(sound) > 2 else []
        )
        found = {
            hit.place.place_id: hit.place
            for key in dict.fromkeys([*sorted(slips), *sorted(alike)])
            for hit in self._by_name[key]
            if country in (None, hit.place.country_code)
        }
        return tuple(found.values())

    @cached_property
    def _by_name(self) -> dict[str, list[Hit]]:
        index: defaultdict[str, list[Hit]] = defaultdict(list)
        for place in self:
            if place.place_id not in self._hidden:
                for name in place.names:
                    index[fold(name.text)].append(Hit(place, name))
        return dict(index)

    @cached_property
    def _slips(self) -> dict[str, list[str]]:
        index: defaultdict[str, list[str]] = defaultdict(list)
        for key in self._by_name:
            for shorter in deletions(key) if len(key) >= _SHORTEST_GUESS else ():
                index[shorter].append(key)
        return dict(index)

    @cached_property
    def _sounds(self) -> dict[str, list[str]]:
        index: defaultdict[str, list[str]] = defaultdict(list)
        for key in self._by_name:
            index[skeleton(key)].append(key)
        return dict(index)


def _fitting(level: str, *, on: date | None, admin1: str | None) -> tuple[Callable[[Place], bool], ...]:
    """What to prefer among the units of one name, in this order."""
    return (
        lambda place: place.feature_code == level,
        lambda place: place.existed(on),
        lambda place: not (admin1 and place.admin1) or same_unit(place.admin1, admin1),
    )


def _distance_km(place: Place, near: tuple[float, float]) -> float:
    """Geodesic distance; a place without coordinates comes last."""
    if place.longitude is None or place.latitude is None:
        return float("inf")
    _, _, metres = _GEOD.inv(*near, place.longitude, place.latitude)
    return float(metres) / 1000
