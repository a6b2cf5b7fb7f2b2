"""The gazetteer: its layers in order of authority, the candidates for a name, and the lookup of one name."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from functools import cached_property, lru_cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

from gazetteer import curated, installed
from gazetteer.data import DATA
from gazetteer.kinds import bare
from gazetteer.layer import Hit, Layer
from gazetteer.names import fold
from gazetteer.place import Candidate, Match, Name, NameKind, Place, UnknownCountryError, UnknownPlaceError
from gazetteer.resolve import resolve
from gazetteer.space import distance_km, great_circle_km
from gazetteer.units import Units
from gazetteer.verdict import OUTSIDE, SAME_DIVISION, Context, judge, same_unit, score

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

    from gazetteer.boundaries import Boundaries
    from gazetteer.slips import NearNames

#: Without a country, only names of units and of towns of this size are guessed at.
_PROMINENT: Final = 15_000
#: How well a name fits that is a likely or an unlikely slip away, or that only sounds alike.
_SLIP_FITS: Final = (0.78, 0.72)
_SOUND_FITS: Final = 0.7
#: How many suggestions come with a name that no layer has.
_SUGGESTED: Final = 20
#: Two layers' settlements of one name this near to each other are one place.
_ONE_PLACE_KM: Final = 5.0
#: What lies this far outside the unit that a source names may still be in it: outlines are drawn by several hands.
_BESIDE_KM: Final = 10.0
_PARENTHESIS: Final = re.compile(r"(?P<outside>[^(]+)\((?P<inside>[^)]+)\)\s*")


class Gazetteer:
    """Places of several layers, the layer of more authority first: a desk's own, curated ones, packs, the world base.

    Examples
    --------
    >>> gazetteer = Gazetteer.open()
    >>> match = gazetteer.lookup("Sanloaga", country="TG", admin2="Kpendjal")
    >>> str(match.verdict), match.place.name, match.uncertainty_km
    ('unknown', 'Kpendjal', 36.6)
    """

    def __init__(
        self, layers: Sequence[Layer], *, directory: Path = DATA, replaced: frozenset[str] = frozenset()
    ) -> None:
        """Take layers in the order of their authority; `replaced` places of lower ones are found by their id only."""
        self.layers = tuple(layers)
        self._directory = directory
        self._replaced = replaced
        vouched = [place for layer in self.layers if layer.about.name == curated.CURATED for place in layer]
        self._vouched = {place.geonames_id for place in vouched} | {place.wof_id for place in vouched}
        self._vouched.discard(None)
        self._countries = {code: name for layer in reversed(self.layers) for code, name in layer.countries().items()}
        self.near_names = lru_cache(maxsize=4)(self._near_names)
        self.units = lru_cache(maxsize=64)(self._units)
        self._bearers = lru_cache(maxsize=4096)(self._found)
        self._outline = lru_cache(maxsize=512)(self._kept_outline)

    @classmethod
    def open(cls, directory: Path = DATA, *, packs: Path | None = None) -> Gazetteer:
        """Open the curated places, the installed packs, and the index of the world.

        Parameters
        ----------
        directory
            Where the data of this package is.
        packs
            The folder of the packs; None is this machine's.

        Raises
        ------
        MissingIndexError
            If the index of the world has not been built; the message says the command that does.
        MissingDataError, DamagedDataError
            If a file is not there, or says something that it must not.
        """
        vouched = curated.layer(directory)
        world = installed.world(directory)
        added = installed.packs(packs)
        # What a desk adds stands above all: it answers where nobody else has, or has no position.
        own = [layer for layer in added if layer.about.name == curated.OWN]
        layers = [*own, vouched, *(layer for layer in added if layer not in own), world]
        return cls(layers, directory=directory, replaced=curated.replaced(directory))

    def __len__(self) -> int:
        """Count the places of all layers."""
        return sum(map(len, self.layers))

    def __bool__(self) -> bool:
        """Tell that there is one, without counting its places."""
        return True

    def __iter__(self) -> Iterator[Place]:
        """Give the places of all layers, the layer of more authority first."""
        for layer in self.layers:
            yield from layer

    @property
    def citation(self) -> str:
        """What places come from, for sheets and exports: every layer with its edition."""
        return "; ".join(f"{layer.about.title} {layer.about.edition}".strip() for layer in self.layers)

    @cached_property
    def boundaries(self) -> Boundaries:
        """Outlines and land borders; read when first asked for, since names are looked up without them."""
        from gazetteer.boundaries import Boundaries

        return Boundaries.load(self._directory)

    def place(self, place_id: str) -> Place:
        """Give a place by its identifier.

        Raises
        ------
        UnknownPlaceError
            If no layer has it.
        """
        found = next(filter(None, (layer.place(place_id) for layer in self.layers)), None)
        if found is None:
            message = f"no gazetteer layer has a place {place_id!r}"
            raise UnknownPlaceError(message)
        return found

    def names(self, place: Place) -> tuple[Name, ...]:
        """Give every name of a place that its layer lists, its own name first."""
        return next(filter(None, (layer.names(place.place_id) for layer in self.layers)), (Name(place.name),))

    def footprint(self, place: Place) -> BaseGeometry | None:
        """Give the outline of a place in EPSG:4326, None if it has none."""
        if not place.footprint:
            return None
        kept = self._outline(place.footprint)
        return self.boundaries.footprint(place.footprint) if kept is None else kept

    def country_code(self, country: str) -> str:
        """Give the ISO 3166-1 alpha-2 code of a country, from its code or one of its listed names.

        A name may carry another one in parentheses, as registers write it: "DR Congo (Zaire)".

        Raises
        ------
        UnknownCountryError
            If neither is known.
        """
        if country.upper() in self._countries:
            return country.upper()
        two = _PARENTHESIS.fullmatch(country)
        for name in (country, *(two.groups() if two else ())):
            codes = {hit.place.country_code for hit in self.hits(name) if hit.place.feature_code == "PCLI"}
            code = codes.pop() if len(codes) == 1 else None
            if code is not None:
                return code
        message = f"no country has the code or name {country!r}"
        raise UnknownCountryError(message)

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
            for hit in self.hits(name, country=code)
            if feature_class in (None, hit.place.feature_class)
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
        limit: int = 10,
    ) -> Match:
        """Give the verdict on a name as a source writes it.

        Words around the name are read: "western Kabul", "near Djibo", "préfecture de Kpendjal"; see
        `gazetteer.resolve`.

        Parameters
        ----------
        name
            The source's own words.
        country, admin1, admin2
            The units that hold the place, as the source names them: the country by ISO code or name.
        near
            Longitude and latitude in degrees; orders the candidates, and never chooses one.
        on
            The day for which the name is asked; None asks for today's names.
        feature_class
            GeoNames class letter, if the source says what kind of place it is.
        limit
            How many candidates to give at most.

        Raises
        ------
        UnknownCountryError
            If `country` is neither a code nor a listed name.
        """
        match = resolve(
            name,
            gazetteer=self,
            country=country,
            admin1=admin1,
            admin2=admin2,
            feature_class=feature_class,
            on=on,
        )
        ordered = sorted(match.candidates, key=lambda one: _from_km(one.place, near)) if near else match.candidates
        return replace(match, candidates=tuple(ordered)[:limit])

    def named(self, name: str, *, context: Context) -> Match:
        """Give the verdict on a bare name, without reading words around it."""
        code = context.country
        # Only where the country does not bear the name does it matter who else does.
        hits = self.hits(name, country=code) or (self.hits(name) if code else ())
        hits = self._unless_a_country(name, hits, code)
        context = self._with_units(context)
        within = self._within(hits, context)
        both = context.admin1 and context.admin2
        division = self.containing(country=code, admin1=context.admin1, on=context.on) if both else within
        closeness = partial(self._closeness, within, division)
        return judge(
            name.strip(),
            hits,
            context=context,
            countries=self._countries,
            within=within,
            suggestions=() if _exists(hits, code) else self._suggestions(name, context, closeness)[:_SUGGESTED],
            closeness=closeness,
        )

    def _unless_a_country(self, name: str, hits: tuple[Hit, ...], code: str | None) -> tuple[Hit, ...]:
        """Take the name of another country for that, and not for a spelling that a place here has by chance."""
        if code is None or any(hit.name.kind is not NameKind.VARIANT or hit.place.feature_class == "A" for hit in hits):
            return hits
        everywhere = self.hits(name)
        abroad = [hit for hit in everywhere if hit.place.feature_code == "PCLI" and hit.place.country_code != code]
        well_named = any(hit.name.kind is not NameKind.VARIANT for hit in abroad)
        return tuple(hit for hit in everywhere if hit.place.country_code != code) if well_named else hits

    def _with_units(self, context: Context) -> Context:
        """Add what the gazetteer calls the units that the source names."""
        if context.country is None:
            return context
        admin1, admin2 = (
            self.unit(name, country=context.country, level=level, admin1=context.admin1, on=context.on)
            if name
            else None
            for name, level in ((context.admin1, "ADM1"), (context.admin2, "ADM2"))
        )
        return replace(
            context, known_admin1=admin1.name if admin1 else None, known_admin2=admin2.name if admin2 else None
        )

    def containing(
        self,
        *,
        country: str | None = None,
        admin1: str | None = None,
        admin2: str | None = None,
        on: date | None = None,
    ) -> Place | None:
        """Give the smallest of the named units whose position is known: district, else province, else country."""
        if country is None:
            return None
        code = self.country_code(country)
        for unit, level in ((admin2, "ADM2"), (admin1, "ADM1")):
            found = self.unit(unit, country=code, level=level, admin1=admin1, on=on) if unit else None
            if found is not None and found.longitude is not None:
                return found
        return self._country(code)

    def unit(
        self, name: str, *, country: str, level: str, admin1: str | None = None, on: date | None = None
    ) -> Place | None:
        """Give the one unit of a country that a source means by a name, None if none or several fit.

        Parameters
        ----------
        name
            As the source writes it.
        country
            ISO 3166-1 alpha-2 code.
        level
            `ADM1` or `ADM2`: the level at which the source places it, preferred to the other one.
        admin1
            The division that holds it, as the source names it.
        on
            The day for which the name is asked.
        """
        listed = {
            hit.place
            for hit in self.hits(name, country=country)
            if hit.place.feature_class == "A" and hit.place.feature_code != "PCLI"
        }
        found = listed or {
            place
            for place in self.units(country).named(name, level=level)
            # What only sounds like it must not be of another division.
            if not (admin1 and place.admin1) or level == "ADM1" or same_unit(place.admin1, admin1)
        }
        for fits in _fitting(level, on=on, admin1=admin1):
            found = {place for place in found if fits(place)} or found
        return _one_of(found)

    def nearest(self, longitude: float, latitude: float, *, limit: int = 1) -> tuple[Place, ...]:
        """Give the settlements nearest to a point in EPSG:4326, the nearest first, within about 100 km."""
        places = {place.place_id: place for layer in self.layers for place in layer.around(longitude, latitude)}
        here = longitude, latitude
        settlements = [
            place for place in places.values() if place.feature_class == "P" and not self._is_replaced(place)
        ]
        return tuple(sorted(settlements, key=lambda place: _from_km(place, here))[:limit])

    def hits(self, name: str, *, country: str | None = None) -> tuple[Hit, ...]:
        """Give every place of a country, or of the world, that bears a name, each once, authority first."""
        key = fold(name)
        return self._bearers(key, country) if key else ()

    def _found(self, key: str, country: str | None) -> tuple[Hit, ...]:
        kept: list[Hit] = []
        for layer in self.layers:
            if country and layer.about.countries and country not in layer.about.countries:
                continue
            above = len(kept)
            kept += [
                hit
                for hit in layer.bearers(key, country=country)
                if not self._is_replaced(hit.place) and not any(_same(hit.place, one.place) for one in kept[:above])
            ]
        return tuple(kept)

    def _is_replaced(self, place: Place) -> bool:
        if place.layer in curated.VOUCHED:
            return False
        return place.place_id in self._replaced or place.geonames_id in self._vouched or place.wof_id in self._vouched

    def _country(self, code: str) -> Place | None:
        return next(filter(None, (layer.country(code) for layer in reversed(self.layers))), None)

    def _within(self, hits: Sequence[Hit], context: Context) -> Place | None:
        """The unit that must hold the place: the context's, or that of the one place without coordinates."""
        unit = self.containing(country=context.country, admin1=context.admin1, admin2=context.admin2, on=context.on)
        places = {hit.place for hit in hits if context.country in (None, hit.place.country_code)}
        place = places.pop() if len(places) == 1 else None
        if place is None or place.longitude is not None or (unit and unit.feature_code != "PCLI"):
            return unit
        return self.containing(country=place.country_code, admin1=place.admin1, admin2=place.admin2, on=context.on)

    def _closeness(self, unit: Place | None, division: Place | None, place: Place) -> float:
        """How well a place's position agrees with the district and the division that a source names."""
        if self._reaches(unit, place):
            return 1.0
        return SAME_DIVISION if division != unit and self._reaches(division, place) else OUTSIDE

    def _reaches(self, unit: Place | None, place: Place) -> bool:
        """Tell whether a place may lie in a unit: by its outline where a layer keeps it, else within its radius."""
        if unit is None or unit.uncertainty_km is None or unit.feature_code == "PCLI" or place.longitude is None:
            return True
        if distance_km(unit, place) > unit.uncertainty_km + _BESIDE_KM:
            return False
        outline = self._outline(unit.footprint) if unit.footprint else None
        if outline is None:
            return True
        import shapely

        # A degree is at most this long, so that what is near enough in km is near enough in degrees.
        return bool(shapely.distance(outline, shapely.Point(place.longitude, place.latitude)) <= _BESIDE_KM / 111.7)

    def _kept_outline(self, footprint: str) -> BaseGeometry | None:
        kept = next(filter(None, (layer.outline(footprint) for layer in self.layers)), None)
        if kept is None:
            return None
        import shapely

        return shapely.from_wkb(kept)

    def _suggestions(self, name: str, context: Context, closeness: Callable[[Place], float]) -> tuple[Candidate, ...]:
        """Places of the country, or of the world, whose names are one slip away or sound alike."""
        found: dict[str, Candidate] = {}
        behind: dict[str, int] = {}  # how many better places have the same name: every name comes before its namesakes
        for near in self.near_names(context.country).near(name):
            fit = _SOUND_FITS if near.distance is None else _SLIP_FITS[near.rarity]
            named = [
                Candidate(hit.place, hit.name.text, round(value * closeness(hit.place), 3))
                for hit in self.hits(near.key, country=context.country)
                if context.country or _is_prominent(hit.place)
                for value in [score(hit.place, hit.name, context=context, fit=fit)]
            ]
            for number, candidate in enumerate(sorted(named, key=lambda one: -one.score)):
                if candidate.place.place_id not in found:
                    found[candidate.place.place_id] = candidate
                    behind[candidate.place.place_id] = number
        order = sorted(found.values(), key=lambda one: (behind[one.place.place_id], -one.score))
        return tuple(order)

    def _near_names(self, country: str | None) -> NearNames:
        from gazetteer.slips import NearNames

        return NearNames(
            name for layer in self.layers for name in layer.spelt(country=country, least_population=_PROMINENT)
        )

    def _units(self, country: str) -> Units:
        return Units(place for layer in self.layers for place in layer.units(country) if not self._is_replaced(place))


def _exists(hits: Sequence[Hit], country: str | None) -> bool:
    """Tell whether a name is one of its own, so that it is not taken for a slip: here, or well known elsewhere.

    Somewhere in the world almost any short word is a spelling of a village.
    """
    return any(
        country in (None, hit.place.country_code)
        or (_is_prominent(hit.place) and hit.name.kind is not NameKind.VARIANT)
        for hit in hits
    )


def _is_prominent(place: Place) -> bool:
    return place.feature_class == "A" or place.layer in curated.VOUCHED or (place.population or 0) >= _PROMINENT


def _same(lower: Place, upper: Place) -> bool:
    """Tell whether places of one name in two layers are one place."""
    for ours, theirs in ((lower.geonames_id, upper.geonames_id), (lower.wof_id, upper.wof_id)):
        if ours is not None and ours == theirs:
            return True
    if lower.country_code != upper.country_code or lower.feature_class != upper.feature_class:
        return False
    if lower.feature_class == "A":
        agree = not (lower.admin1 and upper.admin1) or same_unit(lower.admin1, upper.admin1)
        return lower.feature_code == upper.feature_code and agree
    return lower.feature_class == "P" and distance_km(lower, upper) <= _ONE_PLACE_KM


def _one_of(units: set[Place]) -> Place | None:
    """The one unit; of two editions of one unit the larger, which holds both; None if there are several."""
    placed = sorted(
        (unit for unit in units if unit.longitude is not None),
        key=lambda unit: (-(unit.uncertainty_km or 0), unit.place_id),
    )
    if not placed:
        return units.pop() if len(units) == 1 else None
    largest, *rest = placed
    reach_km = largest.uncertainty_km or 0
    editions = all(fold(bare(unit.name)) == fold(bare(largest.name)) for unit in rest)
    near = all(distance_km(largest, unit) <= reach_km and unit.feature_code == largest.feature_code for unit in rest)
    return largest if near and editions else None


def _fitting(level: str, *, on: date | None, admin1: str | None) -> tuple[Callable[[Place], bool], ...]:
    """What to prefer among the units of one name, in this order."""
    return (
        lambda place: place.feature_code == level,
        lambda place: place.existed(on),
        lambda place: not (admin1 and place.admin1) or same_unit(place.admin1, admin1),
    )


def _from_km(place: Place, near: tuple[float, float]) -> float:
    """Distance from a point; a place without coordinates comes last."""
    if place.longitude is None or place.latitude is None:
        return float("inf")
    return great_circle_km(*near, place.longitude, place.latitude)
