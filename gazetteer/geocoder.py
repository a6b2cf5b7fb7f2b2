"""The gazetteer as a geopy geocoder: names to locations that say how sure they are, and points to the nearest place."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from typing import Any, Final, Literal, NoReturn, TypedDict

from geopy.adapters import BaseSyncAdapter
from geopy.distance import geodesic
from geopy.exc import GeocoderQueryError, GeocoderServiceError
from geopy.geocoders import SERVICE_TO_GEOCODER
from geopy.geocoders.base import DEFAULT_SENTINEL, Geocoder
from geopy.location import Location
from geopy.point import Point

from gazetteer.index import Gazetteer
from gazetteer.place import Candidate, Match, Place, Precision, RadiusBasis, UnknownCountryError, Verdict
from gazetteer.resolve import resolve

#: The name under which geopy finds this geocoder, and which every location carries in `raw`.
SERVICE: Final = "gazetteer"

#: How a location stands to the name: the place itself, one to choose from, or the unit that must hold it.
Role = Literal["answer", "candidate", "stand-in"]

_SENTENCE: Final = "a query is the text of a place name, and this is {}"
_NEAREST: Final = 10


class Known(TypedDict, total=False):
    """What a caller of `geocode` may know beside the name; see `GazetteerGeocoder.geocode`."""

    country_codes: str | Sequence[str] | None
    admin1: str | None
    admin2: str | None
    on: date | None
    feature_class: str | None


class OfflineAdapter(BaseSyncAdapter):  # type: ignore[misc]  # geopy ships no types
    """What a geocoder sends requests with, for one that has none to send."""

    def get_json(self, url: str, *, timeout: object, headers: object) -> NoReturn:  # noqa: ARG002  geopy's signature
        """Refuse."""
        message = f"the gazetteer asks nothing of the network, and was to fetch {url}"
        raise GeocoderServiceError(message)

    get_text = get_json


class GazetteerGeocoder(Geocoder):  # type: ignore[misc]  # geopy ships no types
    """A geopy geocoder that asks a gazetteer of this machine, and no network.

    Importing this module registers it with geopy as `gazetteer`. Points are (latitude, longitude), as everywhere in
    geopy. `Location.raw` holds what a point does not say: the verdict and its reason, the radius (`uncertainty_km`,
    `coordinateUncertaintyInMeters`), the precision in our words and as UCDP and ACLED code it, the kind of place, the
    units that hold it, and its identifiers.

    Parameters
    ----------
    gazetteer
        What to ask; None opens the installed one.
    scheme, timeout, proxies, user_agent, ssl_context
        Taken as geopy's other geocoders take them, and of no effect.

    Raises
    ------
    MissingIndexError
        If `gazetteer` is None and nothing is installed.

    Examples
    --------
    >>> geocoder = GazetteerGeocoder()
    >>> location = geocoder.geocode("near Djibo", country_codes="BF")
    >>> location.address, location.raw["uncertainty_km"], location.raw["ucdp_where_prec"]
    ('near Djibo, Soum, Sahel, Burkina Faso', 25.0, 2)
    """

    def __init__(
        self,
        gazetteer: Gazetteer | None = None,
        *,
        scheme: str | None = None,
        timeout: Any = DEFAULT_SENTINEL,
        proxies: Any = DEFAULT_SENTINEL,
        user_agent: str | None = None,
        ssl_context: Any = DEFAULT_SENTINEL,
    ) -> None:
        super().__init__(
            scheme=scheme,
            timeout=timeout,
            proxies=proxies,
            user_agent=user_agent,
            ssl_context=ssl_context,
            adapter_factory=OfflineAdapter,
        )
        self.gazetteer = Gazetteer.open() if gazetteer is None else gazetteer

    def match(
        self,
        query: str,
        *,
        country_codes: str | Sequence[str] | None = None,
        admin1: str | None = None,
        admin2: str | None = None,
        on: date | None = None,
        feature_class: str | None = None,
    ) -> Match:
        """Give the answer that `geocode` makes locations of, with the reason where there is none to make.

        Parameters are those of `geocode`.

        Raises
        ------
        geopy.exc.GeocoderQueryError
            If the query is no text, or a country is not known.

        Examples
        --------
        >>> print(GazetteerGeocoder().match("Burkina Faso").reason)
        Burkina Faso is a country; a whole country is listed, not drawn.
        """
        if not isinstance(query, str):
            message = _SENTENCE.format(repr(query))
            raise GeocoderQueryError(message)
        try:
            found = [
                resolve(
                    query,
                    gazetteer=self.gazetteer,
                    country=country,
                    admin1=admin1,
                    admin2=admin2,
                    on=on,
                    feature_class=feature_class,
                )
                for country in countries_of(country_codes) or (None,)
            ]
        except UnknownCountryError as error:
            raise GeocoderQueryError(str(error)) from error
        return found[0] if len(found) == 1 else _merged(query, found)

    def geocode(
        self,
        query: str,
        *,
        exactly_one: bool = True,
        timeout: Any = DEFAULT_SENTINEL,  # noqa: ARG002  geopy gives it to every geocoder
        limit: int | None = None,
        country_codes: str | Sequence[str] | None = None,
        admin1: str | None = None,
        admin2: str | None = None,
        on: date | None = None,
        feature_class: str | None = None,
    ) -> Location | list[Location] | None:
        """Give the location of a place as a source words it, such as "western Kabul" or "near Djibo".

        Parameters
        ----------
        query
            The source's own words.
        exactly_one
            True gives the one location that the name honestly has: the place, or for a name that is ambiguous,
            misspelt or unknown the unit that must hold it ("somewhere in Kpendjal (district), Savanes, Togo"), with
            that unit's radius and the verdict in `raw`. None where there is no such thing: for one of several
            namesakes in the wide world, and for a whole country, which has no point to draw; `match` tells the reason.
            False gives every place to choose from, best first, each with its own radius, precision, `score` and
            `role` (answer, candidate or stand-in); countries are among them, so that no namesake is left as if it
            were alone. What has no position in any layer is not in the list; None if nothing is.
        timeout
            Of no effect.
        limit
            How many to give at most, with `exactly_one=False`; a gazetteer gives ten or eleven.
        country_codes
            The country that holds the place, or several, by ISO 3166-1 alpha-2 code or by name. A name that several
            of them bear is ambiguous.
        admin1, admin2
            The divisions that hold it, as the source names them.
        on
            The day for which the name is asked; None asks for today's names.
        feature_class
            GeoNames class letter, if the source says what kind of place it is.

        Raises
        ------
        geopy.exc.GeocoderQueryError
            If the query is no text, or a country is not known.
        ValueError
            If `limit` is less than 1.

        Examples
        --------
        >>> geocoder = GazetteerGeocoder()
        >>> print(geocoder.geocode("Springfield"), geocoder.geocode("Burkina Faso"))
        None None
        >>> [(str(one), one.raw["role"]) for one in geocoder.geocode("Kunduz", exactly_one=False, limit=2)]
        [('Kunduz, Afghanistan', 'candidate'), ('Kunduz (district), Afghanistan', 'candidate')]
        """
        most = checked_limit(limit)
        match = self.match(
            query, country_codes=country_codes, admin1=admin1, admin2=admin2, on=on, feature_class=feature_class
        )
        if exactly_one:
            return self.locate(match)
        return self.locate_all(match)[:most] or None

    def locate(self, match: Match) -> Location | None:
        """Give what may be drawn of an answer as a location, None if nothing may."""
        if match.place is None or match.longitude is None or match.latitude is None or match.uncertainty_km is None:
            return None
        known = (one for one in match.ranked if one.place.place_id == match.place.place_id)
        candidate = next(known, Candidate(match.place, match.place.name, 0.0))
        return self._location(match, candidate, "answer" if match.answered else "stand-in")

    def locate_all(self, match: Match) -> list[Location]:
        """Give every place of an answer that has a position, best first."""
        offered = {one.place.place_id for one in match.candidates}
        places = []
        for candidate in match.ranked:
            place = candidate.place
            own = match.place is not None and place.place_id == match.place.place_id
            role: Role = "candidate" if place.place_id in offered else "stand-in"
            if own and match.answered:
                role = "answer"
            drawn = own and match.longitude is not None
            told = match if drawn else replace(_at(match, place), conflict=match.conflict if own else None)
            if told.longitude is not None and told.uncertainty_km is not None:
                places.append(self._location(told, candidate, role))
        return places

    def reverse(
        self,
        query: Any,
        *,
        exactly_one: bool = True,
        timeout: Any = DEFAULT_SENTINEL,  # noqa: ARG002  geopy gives it to every geocoder
        limit: int | None = None,
    ) -> Location | list[Location] | None:
        """Give the settlement nearest to a point, or the nearest ones; None if there is none within about 100 km.

        The location is the settlement's. `raw` tells how far it is (`distance_km`, on the ellipsoid) and what holds the
        point itself, which may be another country: `point_country_code`, `point_division`, None at sea and on a line.

        Parameters
        ----------
        query
            geopy's Point, (latitude, longitude) in EPSG:4326 degrees, or both in one text.
        exactly_one
            False gives a list, the nearest first.
        timeout
            Of no effect.
        limit
            How many to give at most, with `exactly_one=False`; None gives ten.

        Raises
        ------
        ValueError
            If the query is no point, or `limit` is less than 1.

        Examples
        --------
        >>> found = GazetteerGeocoder().reverse((14.2, -1.6))
        >>> found.address, round(found.raw["distance_km"], 1), found.raw["point_division"]
        ('Djibo, Soum, Sahel, Burkina Faso', 11.6, 'Soum')
        """
        most = checked_limit(limit) or _NEAREST
        point = Point(query)
        holders = self._holders(point)
        found = [
            self._near(place, point, holders)
            for place in self.gazetteer.nearest(point.longitude, point.latitude, limit=1 if exactly_one else most)
        ]
        if exactly_one:
            return found[0] if found else None
        return found or None

    def _holders(self, point: Point) -> dict[str, str | None]:
        boundaries = self.gazetteer.boundaries
        division = boundaries.division_at(point.longitude, point.latitude)
        return {
            "point_country_code": boundaries.country_at(point.longitude, point.latitude),
            "point_division": division.name if division else None,
        }

    def _near(self, place: Place, point: Point, holders: dict[str, str | None]) -> Location:
        away_km = geodesic((point.latitude, point.longitude), (place.latitude, place.longitude)).km
        raw = {"service": SERVICE, **told_of(place), **holders, "distance_km": away_km}
        return Location(self.address(place), (place.latitude, place.longitude), raw)

    def _location(self, match: Match, candidate: Candidate, role: Role) -> Location:
        place = candidate.place
        widened = match.geo_precision is not place.geo_precision
        before = "somewhere in " if role == "stand-in" else "near " if widened else ""
        raw = {
            "service": SERVICE,
            "query": match.query,
            "verdict": str(match.verdict),
            "reason": match.reason,
            "conflict": match.conflict,
            "role": role,
            "score": candidate.score,
            "matched_name": candidate.name,
            **told_of(place, precision=match.geo_precision, radius_km=match.uncertainty_km),
        }
        return Location(before + self.address(place), (match.latitude, match.longitude), raw)

    def address(self, place: Place) -> str:
        """Give a place in one line: its name, its kind if it is a unit, the units that hold it, and its country."""
        holders = dict.fromkeys((place.admin2, place.admin1, self._country(place.country_code)))
        unit = place.feature_class == "A" and place.feature_code != "PCLI"
        name = f"{place.name} ({place.kind})" if unit else place.name
        return ", ".join([name, *(holder for holder in holders if holder and holder != place.name)])

    def _country(self, code: str | None) -> str | None:
        try:
            country = self.gazetteer.containing(country=code)
        except UnknownCountryError:
            return code  # a gazetteer of a few places may have no countries
        return country.name if country else code


def told_of(
    place: Place, *, precision: Precision | None = None, radius_km: float | None = None
) -> dict[str, str | float | int | None]:
    """Give what `Location.raw` says of a place, as plain values.

    `precision` and `radius_km` are what a match says where it is less sure than the place is; None are the place's.
    """
    precision = precision or place.geo_precision
    wider = radius_km is not None and radius_km != place.uncertainty_km
    radius_km = place.uncertainty_km if radius_km is None else radius_km
    basis = RadiusBasis.NEAR if wider else place.uncertainty_basis
    return {
        "name": place.name,
        "place_id": place.place_id,
        "feature_class": place.feature_class,
        "feature_code": place.feature_code,
        "placetype": place.placetype,
        "kind": place.kind,
        "country_code": place.country_code,
        "admin1": place.admin1,
        "admin2": place.admin2,
        **measures(precision, radius_km, basis),
        "population": place.population,
        "geonames_id": place.geonames_id,
        "wof_id": place.wof_id,
        "wikidata_id": place.wikidata_id,
        "footprint": place.footprint,
        "source": place.source,
        "layer": place.layer,
    }


def measures(
    precision: Precision, radius_km: float | None, basis: RadiusBasis | None
) -> dict[str, str | float | int | None]:
    """Give how finely a position is known, in our words and in those of UCDP, ACLED and Darwin Core.

    Examples
    --------
    >>> known = measures(Precision.ADMIN2, 36.6, RadiusBasis.POLYGON)
    >>> known["ucdp_where_prec"], known["acled_geo_precision"], known["coordinateUncertaintyInMeters"]
    (3, 2, 36600)
    """
    coded = Match("", Verdict.UNKNOWN, "", geo_precision=precision, uncertainty_km=radius_km)
    return {
        "geo_precision": str(precision),
        "uncertainty_km": radius_km,
        "uncertainty_basis": None if basis is None else str(basis),
        "ucdp_where_prec": coded.ucdp_where_prec,
        "acled_geo_precision": coded.acled_geo_precision,
        "coordinateUncertaintyInMeters": coded.coordinate_uncertainty_m,
    }


def _merged(query: str, found: Sequence[Match]) -> Match:
    """Make one answer of those of several countries; if more than one knows the name, it is ambiguous."""
    heard = [match for match in found if match.answered or match.verdict is Verdict.AMBIGUOUS]
    near = [match for match in found if match.verdict is Verdict.MISSPELT]
    speaking = heard or near
    if len(speaking) == 1:
        return speaking[0]
    if not speaking:
        return Match(query, Verdict.UNKNOWN, " ".join(match.reason for match in found))
    offered = (one for match in speaking for one in (match.ranked if match.answered else match.candidates))
    best: dict[str, Candidate] = {}
    for one in sorted(offered, key=lambda one: -one.score):
        best.setdefault(one.place.place_id, one)
    reason = " ".join(match.reason for match in speaking)
    return Match(query, Verdict.AMBIGUOUS if heard else Verdict.MISSPELT, reason, candidates=tuple(best.values()))


def _at(match: Match, place: Place) -> Match:
    """The same answer, told of another of its places."""
    return replace(
        match,
        place=place,
        longitude=place.longitude,
        latitude=place.latitude,
        geo_precision=place.geo_precision,
        uncertainty_km=place.uncertainty_km,
        feature_class=place.feature_class,
        country_code=place.country_code,
    )


def countries_of(codes: str | Iterable[str] | None) -> tuple[str, ...]:
    """Give the countries that a caller names, one or several, as geopy's `country_codes` takes them."""
    if codes is None:
        return ()
    return (codes,) if isinstance(codes, str) else tuple(codes)


def checked_limit(limit: int | None) -> int | None:
    """Give a limit back, if it is one.

    Raises
    ------
    ValueError
        If it is less than 1.
    """
    if limit is not None and limit < 1:
        message = f"limit is {limit}, and cannot be less than 1"
        raise ValueError(message)
    return limit


SERVICE_TO_GEOCODER.setdefault(SERVICE, GazetteerGeocoder)
