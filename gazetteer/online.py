"""An online geopy service behind the gazetteer: asked for what no layer has, slowly and once, and never believed."""

from __future__ import annotations

import inspect
import json
import re
import sqlite3
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from copy import copy
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Final, Unpack

from geopy.adapters import BaseAsyncAdapter
from geopy.distance import geodesic
from geopy.exc import ConfigurationError
from geopy.extra.rate_limiter import RateLimiter
from geopy.geocoders.base import DEFAULT_SENTINEL, Geocoder
from geopy.location import Location

from gazetteer.geocoder import GazetteerGeocoder, Known, OfflineAdapter, checked_limit, countries_of, measures
from gazetteer.place import DamagedDataError, Match, Precision, RadiusBasis, Verdict, default_radius_km
from gazetteer.resolve import LONGEST_MENTION
from gazetteer.space import great_circle_km

# Names that tell nobody who asks: of the library, and of the samples in its and the services' documents.
_NOBODY: Final = frozenset({"", "my-application", "my_app/1", "my_user_agent/1.0", "specify_your_app_name_here"})
_PUBLIC_OSM: Final = "nominatim.openstreetmap.org"
#: At most one request a second: https://operations.osmfoundation.org/policies/nominatim/
_PUBLIC_OSM_SECONDS: Final = 1.0
_MOST: Final = 5
_FORM: Final = 1
_TABLE: Final = """
CREATE TABLE IF NOT EXISTS answers (
    service TEXT NOT NULL, query TEXT NOT NULL, context TEXT NOT NULL,
    asked_on TEXT NOT NULL,
    found TEXT NOT NULL,  -- JSON, of each place: address, latitude, longitude, the service's own answer; [] is nothing
    PRIMARY KEY (service, query, context)
) WITHOUT ROWID
"""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A place that a service names, as far as its answer can be trusted; EPSG:4326 degrees.

    `basis` says whether the radius holds the service's own bounding box or is the default for its kind.
    """

    address: str
    longitude: float
    latitude: float
    geo_precision: Precision
    uncertainty_km: float
    basis: RadiusBasis
    country_code: str | None
    answer: Mapping[str, Any]


class OnlineFallback(Geocoder):  # type: ignore[misc]  # geopy ships no types
    """A gazetteer geocoder with a geopy service behind it, asked only for names that the gazetteer knows nothing of.

    Nothing in this package makes one: the network is asked only where a caller does. What the service says is a
    suggestion: its verdict stays `unknown`, its precision is never finer than a settlement, its radius holds the
    bounding box of the service or is the default for its kind, and `raw` names the service and the day it was asked.

    Parameters
    ----------
    local
        What answers first, and alone where it knows the name.
    service
        A geopy geocoder, such as `Nominatim(domain=..., user_agent=...)`, or the class of one, which is then made
        with the user agent and its own defaults.
    user_agent
        Who asks, for the people who run the service; every request carries it.
    cache
        The SQLite file of the answers, made if it is not there. Processes may share one.
    min_delay_seconds
        How long to wait from one request to the next, in this process.
    max_retries, error_wait_seconds
        How often to ask again after an error, and how long to wait before.
    max_age_days
        Answers older than this are asked for again; None keeps them for ever.
    today
        Gives the day on which a service is asked.

    Raises
    ------
    geopy.exc.ConfigurationError
        If the user agent tells nobody who asks, if the service is asynchronous, or if OpenStreetMap's public server
        would be asked more often than it allows.
    DamagedDataError
        If the cache is no file of this kind.

    Examples
    --------
    >>> from geopy.geocoders import Nominatim
    >>> OnlineFallback(GazetteerGeocoder(), Nominatim, user_agent="geopy/2.5.0", cache=Path("answers.sqlite"))
    Traceback (most recent call last):
    ...
    geopy.exc.ConfigurationError: 'geopy/2.5.0' does not say who asks: give the user agent of your own application,
    such as "desk.example.org (mail@example.org)"
    """

    def __init__(
        self,
        local: GazetteerGeocoder,
        service: Geocoder | type[Geocoder],
        *,
        user_agent: str,
        cache: Path,
        min_delay_seconds: float = 1.0,
        max_retries: int = 0,
        error_wait_seconds: float = 5.0,
        max_age_days: int | None = None,
        today: Callable[[], date] = lambda: datetime.now(tz=UTC).date(),
    ) -> None:
        _check_who_asks(user_agent)
        super().__init__(user_agent=user_agent, adapter_factory=OfflineAdapter)
        self.local = local
        self.service = _as_asked_by(user_agent, service)
        _check_manners(self.service, min_delay_seconds)
        self.service_name = type(self.service).__name__.lower()
        self._ask = RateLimiter(
            self.service.geocode,
            min_delay_seconds=min_delay_seconds,
            max_retries=max_retries,
            error_wait_seconds=max(error_wait_seconds, min_delay_seconds),
            swallow_exceptions=False,
        )
        self._accepts = frozenset(inspect.signature(self.service.geocode).parameters)
        self._answers = _Answers(cache)
        self._max_age_days = max_age_days
        self._today = today

    def geocode(
        self,
        query: str,
        *,
        exactly_one: bool = True,
        timeout: Any = DEFAULT_SENTINEL,
        limit: int | None = None,
        **known: Unpack[Known],
    ) -> Location | list[Location] | None:
        """Give the gazetteer's location, or for a name it knows nothing of what the service suggests.

        Parameters
        ----------
        query, limit, known
            As `GazetteerGeocoder.geocode` takes them.
        exactly_one
            True gives the suggestion only if the service names one place, of the country and near the unit that the
            source names, and places the name better than that unit does; else what the gazetteer alone gives.
            False gives all suggestions, those that fit what the source names first, and then the gazetteer's.
        timeout
            For the service, in seconds.

        Raises
        ------
        geopy.exc.GeopyError
            If the service fails; `local.geocode` still gives the gazetteer's answer.
        """
        match = self.local.match(query, **known)
        if match.verdict is not Verdict.UNKNOWN or not _is_a_name(query):
            return self.local.geocode(query, exactly_one=exactly_one, limit=limit, **known)
        most = checked_limit(limit)
        asked_on, found = self._suggestions(query, known, timeout)
        judged = [(one, self._conflict(one, match, known)) for one in found]
        if exactly_one:
            stand_in = self.local.locate(match)
            best = _one_place([one for one, conflict in judged if conflict is None])
            if best is None or (stand_in is not None and stand_in.raw["uncertainty_km"] <= best.uncertainty_km):
                return stand_in
            return self._location(match, best, asked_on, None)
        judged.sort(key=lambda one: one[1] is not None)
        suggested = [self._location(match, one, asked_on, conflict) for one, conflict in judged]
        return [*suggested, *self.local.locate_all(match)][:most] or None

    def reverse(self, query: Any, **options: Any) -> Location | list[Location] | None:
        """Give the settlement nearest to a point, as `local.reverse` does; the service is not asked."""
        return self.local.reverse(query, **options)

    def _suggestions(self, query: str, known: Known, timeout: Any) -> tuple[date, list[Suggestion]]:
        text = unicodedata.normalize("NFC", " ".join(query.split()))
        options = self._options(known)
        key = (_address_of(self.service), text, json.dumps(options, sort_keys=True, ensure_ascii=False))
        today = self._today()
        kept = self._answers.get(key)
        if kept is None or (self._max_age_days is not None and (today - kept[0]).days > self._max_age_days):
            waits = {} if timeout is DEFAULT_SENTINEL else {"timeout": timeout}
            places = self._ask(text, **options, **waits) or []
            kept = today, [[one.address, one.latitude, one.longitude, one.raw] for one in places]
            self._answers.put(key, *kept)
        asked_on, places = kept
        return asked_on, [one for one in (_suggestion(*place) for place in places) if one is not None]

    def _options(self, known: Known) -> dict[str, Any]:
        """What of the context the service can be told; the rest is checked against its answer."""
        options: dict[str, Any] = {"exactly_one": False}
        if "limit" in self._accepts:
            options["limit"] = _MOST
        if "addressdetails" in self._accepts:
            options["addressdetails"] = True
        codes = self._codes(known)
        if codes and "country_codes" in self._accepts:
            options["country_codes"] = [code.lower() for code in codes]
        if codes and "countries" in self._accepts:
            options["countries"] = codes
        return options

    def _codes(self, known: Known) -> list[str]:
        return [self.local.gazetteer.country_code(country) for country in countries_of(known.get("country_codes"))]

    def _conflict(self, found: Suggestion, match: Match, known: Known) -> str | None:
        """In one sentence what the source says and the suggestion contradicts."""
        codes = self._codes(known)
        if codes and found.country_code is not None and found.country_code not in codes:
            return f"the source names {', '.join(codes)}, {self.service_name} finds it in {found.country_code}"
        unit = match.place
        if unit is None or match.longitude is None or match.latitude is None or match.uncertainty_km is None:
            return None
        away_km = great_circle_km(match.longitude, match.latitude, found.longitude, found.latitude)
        if away_km <= match.uncertainty_km + found.uncertainty_km:
            return None
        return f"{self.service_name} finds it {away_km:,.0f} km from the middle of {unit.name}, which must hold it"

    def _location(self, match: Match, found: Suggestion, asked_on: date, conflict: str | None) -> Location:
        said = f"{self.service_name}, asked on {asked_on}, suggests {found.address}"
        raw = {
            "service": self.service_name,
            "asked_on": asked_on.isoformat(),
            "query": match.query,
            "verdict": str(Verdict.UNKNOWN),
            "reason": f"{match.reason.removesuffix('.')}; {said}, within {found.uncertainty_km:g} km.",
            "conflict": conflict,
            "role": "suggestion",
            "country_code": found.country_code,
            **measures(found.geo_precision, found.uncertainty_km, found.basis),
            "answer": found.answer,
        }
        address = f"{found.address} (suggested by {self.service_name})"
        return Location(address, (found.latitude, found.longitude), raw)


class _Answers:
    """What services have said, in a file that processes share: one row per question, written whole or not at all."""

    def __init__(self, path: Path) -> None:
        self.path = path
        path.parent.mkdir(parents=True, exist_ok=True)
        with self._open() as connection:
            (form,) = connection.execute("PRAGMA user_version").fetchone()
            if form not in (0, _FORM):
                message = f"{path.name} was made by another release: remove it, and services are asked anew"
                raise DamagedDataError(message)
            if form == 0:
                connection.execute(_TABLE)
                connection.execute(f"PRAGMA user_version = {_FORM}")

    def get(self, key: tuple[str, str, str]) -> tuple[date, list[Any]] | None:
        with self._open() as connection:
            row = connection.execute(
                "SELECT asked_on, found FROM answers WHERE service = ? AND query = ? AND context = ?", key
            ).fetchone()
        return None if row is None else (date.fromisoformat(row[0]), json.loads(row[1]))

    def put(self, key: tuple[str, str, str], asked_on: date, found: list[Any]) -> None:
        with self._open() as connection:
            connection.execute(
                "INSERT OR REPLACE INTO answers VALUES (?, ?, ?, ?, ?)",
                (*key, asked_on.isoformat(), json.dumps(found, ensure_ascii=False)),
            )

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        """Open the file for one statement: no connection crosses a thread or a fork, and another process waits."""
        try:
            with closing(sqlite3.connect(self.path, timeout=30)) as connection, connection:
                yield connection
        except sqlite3.DatabaseError as error:
            if isinstance(error, sqlite3.OperationalError):
                raise
            message = f"{self.path.name} is no cache of answers ({error}): remove it, and services are asked anew"
            raise DamagedDataError(message) from error


_CITY_KM: Final = default_radius_km("PPL", population=100_000)
_VILLAGE_KM: Final = default_radius_km("PPL")
# What the services call a kind of place: Nominatim's `addresstype`, or the `type` of its class place; Photon's
# `osm_value` and `type`; Pelias's `layer`. With the radius of a settlement that is a mere point; of what is wider, a
# point says nothing. A "locality" is a town of any size in Pelias. Any other word is taken for a house or a village.
_FUZZY: Final = (
    *("road", "street", "highway", "railway", "waterway", "river", "water", "natural", "marinearea", "ocean", "island"),
    *("archipelago", "continent", "empire", "postcode", "postalcode", "landuse", "protected_area"),
)
_VAGUE: Final = ("administrative", "boundary", "political")
_KINDS: Final[Mapping[str, tuple[Precision, float | None]]] = {
    **dict.fromkeys(("country", "dependency"), (Precision.COUNTRY, None)),
    **dict.fromkeys(("state", "province", "region", "macroregion", "state_district"), (Precision.ADMIN1, None)),
    **dict.fromkeys(("county", "district", "macrocounty", "municipality", "localadmin"), (Precision.ADMIN2, None)),
    **dict.fromkeys(("city", "locality", "borough"), (Precision.SETTLEMENT, _CITY_KM)),
    **dict.fromkeys(
        ("town", "village", "hamlet", "isolated_dwelling", "suburb", "quarter", "neighbourhood"),
        (Precision.SETTLEMENT, _VILLAGE_KM),
    ),
    **dict.fromkeys((*_FUZZY, *_VAGUE), (Precision.LINEAR_OR_FUZZY, None)),
}
# Nominatim's ranks, for boundaries of which it says no more than that they are administrative.
_RANKS: Final = ((4, "country"), (9, "state"), (12, "county"), (16, "city"), (18, "town"), (30, "village"))
# Words that make a mention a place beside the named one, which a service would give instead.
_BESIDE: Final = re.compile(
    r"\b(?:near|nearby|close to|far from|vicinity|around|outside|outskirts|towards?|way to|road to|en route|bound)\b",
    re.IGNORECASE,
)


def _is_a_name(query: str) -> bool:
    """Tell whether a mention may be a name: no passage of a draft leaves this machine, and no phrase around a name."""
    return bool(query.strip()) and len(query) <= LONGEST_MENTION and not _BESIDE.search(query)


def _suggestion(address: str, latitude: float, longitude: float, answer: Mapping[str, Any]) -> Suggestion | None:
    """Read a service's place; None for one that is wider than a settlement and does not say how wide."""
    told = _told(answer)
    precision, point_km = _KINDS.get(_kind(told), (Precision.SETTLEMENT, _VILLAGE_KM))
    box_km = _box_radius_km(told, longitude=longitude, latitude=latitude)
    if box_km is None and point_km is None:
        return None
    # Services draw a box around a bare point too, so that a small one says nothing.
    radius_km = max(box_km or 0.0, point_km if box_km is None and point_km else _VILLAGE_KM)
    return Suggestion(
        address=address,
        longitude=longitude,
        latitude=latitude,
        geo_precision=precision,
        uncertainty_km=round(radius_km, 1),
        basis=RadiusBasis.EXTENT if box_km == radius_km else RadiusBasis.DEFAULT,
        country_code=_country_of(told),
        answer=answer,
    )


def _told(answer: Mapping[str, Any]) -> Mapping[str, Any]:
    """A flat answer is Nominatim's; Photon and Pelias give a GeoJSON feature."""
    properties = answer.get("properties")
    if not isinstance(properties, Mapping):
        return answer
    return {**properties, "bbox": properties.get("extent") or answer.get("bbox")}


def _kind(told: Mapping[str, Any]) -> str:
    """The first of the service's words for the place that says how wide it is."""
    rank = told.get("place_rank")
    bare = "addresstype" not in told and told.get("type") == "administrative"
    by_rank = next((kind for most, kind in _RANKS if isinstance(rank, int) and rank <= most), None) if bare else None
    fields = ("addresstype", "layer", "osm_value", "type", "class", "category", "osm_key")
    words = [by_rank, *(told.get(field) for field in fields)]
    known = [word for word in words if isinstance(word, str) and word in _KINDS]
    return next((word for word in known if word not in _VAGUE), known[0] if known else "")


def _box_radius_km(told: Mapping[str, Any], *, longitude: float, latitude: float) -> float | None:
    """The distance to the farthest corner of the bounding box, None if there is none."""
    box = told.get("boundingbox") or told.get("bbox")
    if not isinstance(box, Sequence) or len(box) != 4:
        return None
    try:
        first, second, third, fourth = map(float, box)
    except (TypeError, ValueError):
        return None
    # Nominatim: south, north, west, east. GeoJSON: west, south, east, north; Photon: west, north, east, south.
    norths, easts = ((first, second), (third, fourth)) if "boundingbox" in told else ((second, fourth), (first, third))
    corners = [(north, east) for north in norths for east in easts]
    return max(float(geodesic((latitude, longitude), corner).km) for corner in corners)


def _country_of(told: Mapping[str, Any]) -> str | None:
    details = told.get("address")
    code = (
        told.get("countrycode")
        or told.get("country_code")
        or (details.get("country_code") if isinstance(details, Mapping) else None)
    )
    return code.upper() if isinstance(code, str) and len(code) == 2 else None


def _one_place(found: Sequence[Suggestion]) -> Suggestion | None:
    """The one place that all suggestions mean, the widest of them; None if they are several, or a whole country."""
    widest = max(found, key=lambda one: one.uncertainty_km, default=None)
    if widest is None or widest.geo_precision is Precision.COUNTRY:
        return None
    for one in found:
        away_km = great_circle_km(widest.longitude, widest.latitude, one.longitude, one.latitude)
        if away_km > widest.uncertainty_km:
            return None
    return widest


def _as_asked_by(user_agent: str, service: Geocoder | type[Geocoder]) -> Geocoder:
    """The service, sending the user agent; one that was made already is left as it is, and a copy sends it."""
    if isinstance(service, type):
        return service(user_agent=user_agent)
    asked = copy(service)
    asked.headers = {**service.headers, "User-Agent": user_agent}
    return asked


def _address_of(service: Geocoder) -> str:
    """What tells two installations of one kind of service apart."""
    return f"{type(service).__name__.lower()} {getattr(service, 'domain', '')}".strip()


def _check_who_asks(user_agent: str) -> None:
    name = user_agent.strip()
    if name in _NOBODY or name.startswith("geopy/"):
        message = (
            f"{user_agent!r} does not say who asks: give the user agent of your own application, "
            'such as "desk.example.org (mail@example.org)"'
        )
        raise ConfigurationError(message)


def _check_manners(service: Geocoder, min_delay_seconds: float) -> None:
    if isinstance(service.adapter, BaseAsyncAdapter):
        message = f"{type(service).__name__} is asynchronous; give one with a synchronous adapter"
        raise ConfigurationError(message)
    if getattr(service, "domain", "") == _PUBLIC_OSM and min_delay_seconds < _PUBLIC_OSM_SECONDS:
        message = f"{_PUBLIC_OSM} allows one request a second, and min_delay_seconds is {min_delay_seconds:g}"
        raise ConfigurationError(message)
