"""A place, its names, and the answer to a written name: verdict, candidates, uncertainty and the reason."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from gazetteer.space import distance_km


class GazetteerError(Exception):
    """Anything that this package raises on purpose."""


class MissingDataError(GazetteerError, FileNotFoundError):
    """A data file of the gazetteer is not where it belongs."""


class MissingIndexError(GazetteerError, FileNotFoundError):
    """The index of the world has not been built on this machine; the message says the command that does."""


class DamagedDataError(GazetteerError, ValueError):
    """A data file of the gazetteer says something that it must not say."""


class BorderLayerError(GazetteerError, ValueError):
    """The border layer that a desk put in place of the one that ships cannot be used; the message says why."""


class UnknownCountryError(GazetteerError, LookupError):
    """No country of the boundary layer has this code or name."""


class UnknownPlaceError(GazetteerError, LookupError):
    """No layer holds a place, a division or a footprint with this identifier or name."""


class AmbiguousNameError(GazetteerError, LookupError):
    """Several places bear the name, and the caller asked for one."""


class CoordinateError(GazetteerError, ValueError):
    """A longitude is outside -180..180, a latitude outside -90..90, or one of them is not a number."""


class Verdict(StrEnum):
    """What can be said of a written name."""

    EXACT = "exact"
    VARIANT = "variant"
    HISTORIC = "historic"
    MISSPELT = "misspelt"
    AMBIGUOUS = "ambiguous"
    UNKNOWN = "unknown"


class NameKind(StrEnum):
    """How a name stands to its place."""

    STANDARD = "standard"  # the official or local name
    CONVENTIONAL = "conventional"  # the established name in another language, such as Cologne
    VARIANT = "variant"  # another spelling or romanisation
    HISTORIC = "historic"  # no longer in use


class Precision(StrEnum):
    """How finely a position is known, finest first (UCDP `where_prec` in our words)."""

    EXACT = "exact"
    SETTLEMENT = "settlement"
    NEAR_SETTLEMENT = "near_settlement"
    ADMIN2 = "admin2"
    ADMIN1 = "admin1"
    LINEAR_OR_FUZZY = "linear_or_fuzzy"
    COUNTRY = "country"
    SEA_OR_AIR = "sea_or_air"
    UNKNOWN = "unknown"

    @property
    def rank(self) -> int:
        """Position on the scale; 0 is the finest."""
        return list(Precision).index(self)


class RadiusBasis(StrEnum):
    """Where an uncertainty radius comes from."""

    POLYGON = "polygon"  # the largest geodesic distance from the point to the boundary of the footprint
    EXTENT = "extent"  # half the diagonal or half the length of a published extent
    MEMBERS = "members"  # the known settlements of a unit whose outline is not known, see `gazetteer.build.admin`
    DEFAULT = "default"  # the default of the feature class, see `default_radius_km`
    NEAR = "near"  # the place is known to lie within this distance of the point


# UCDP GED codebook: 1 exact, 2 within 25 km, 3 second-order and 4 first-order division, 5 linear or fuzzy, 6
# country, 7 international waters or airspace.
_UCDP: Final[Mapping[Precision, int]] = MappingProxyType(
    {
        Precision.EXACT: 1,
        Precision.SETTLEMENT: 1,
        Precision.NEAR_SETTLEMENT: 2,
        Precision.ADMIN2: 3,
        Precision.ADMIN1: 4,
        Precision.LINEAR_OR_FUZZY: 5,
        Precision.COUNTRY: 6,
        Precision.SEA_OR_AIR: 7,
    }
)
# ACLED: 1 a named town, 2 a small part of a region or near a town, 3 a larger region.
_ACLED: Final[Mapping[Precision, int]] = MappingProxyType(
    {
        Precision.EXACT: 1,
        Precision.SETTLEMENT: 1,
        Precision.NEAR_SETTLEMENT: 2,
        Precision.ADMIN2: 2,
        Precision.ADMIN1: 3,
    }
)

#: What the unit that stands in for an unanswered name scores among the candidates.
STAND_IN_SCORE: Final = 0.3

#: "Near X" is within this distance of X (UCDP `where_prec` 2).
NEAR_KM: Final = 25.0


@dataclass(frozen=True, slots=True)
class Name:
    """One spelling of a place's name.

    `language` is an ISO 639-1 code, or `und` where no source gives one. `valid_from` and `valid_to` are the
    first and the last day on which the name was in force; None means unbounded or not known.
    """

    text: str
    language: str = "und"
    kind: NameKind = NameKind.STANDARD
    valid_from: date | None = None
    valid_to: date | None = None

    def in_force(self, on: date | None) -> bool:
        """Tell whether the name was in force on a day.

        Without a day, a name that has an end, or is of the historic kind, is not in force.
        """
        if on is None:
            return self.valid_to is None and self.kind is not NameKind.HISTORIC
        bounded = self.valid_from is not None or self.valid_to is not None
        if self.kind is NameKind.HISTORIC and not bounded:
            return False
        return (self.valid_from is None or self.valid_from <= on) and (self.valid_to is None or on <= self.valid_to)


@dataclass(frozen=True, slots=True)
class Place:
    """A place of one layer of the gazetteer.

    `place_id` is `layer:identifier` and lasts. `feature_class` and `feature_code` are GeoNames', `placetype`
    is Who's On First's. Coordinates are in EPSG:4326 degrees, None where no source gives them.
    `uncertainty_km` is the radius around them that holds the whole place, and `uncertainty_basis` says how
    it was found. `footprint` is a key for `Gazetteer.footprint`, `source` the citation of the coordinates,
    `layer` the layer that holds the place. `population` is None where no source counts it. The names other than
    the own one are asked of `Gazetteer.names`.
    """

    place_id: str
    name: str
    feature_class: str
    feature_code: str
    placetype: str
    country_code: str | None
    admin1: str | None
    admin2: str | None
    longitude: float | None
    latitude: float | None
    geo_precision: Precision
    uncertainty_km: float | None
    uncertainty_basis: RadiusBasis | None
    footprint: str | None = None
    geonames_id: int | None = None
    wof_id: int | None = None
    wikidata_id: str | None = None
    population: int | None = None
    valid_from: date | None = None
    valid_to: date | None = None
    source: str = ""
    layer: str = ""

    @property
    def kind(self) -> str:
        """The kind of place in one English word, such as `city` or `province`."""
        local = _LOCAL_KINDS.get(f"{self.country_code} {self.feature_code}")
        return local or _KINDS.get(self.feature_code, "place")

    def existed(self, on: date | None) -> bool:
        """Tell whether the place existed on a day; without a day, whether it exists now."""
        if on is None:
            return self.valid_to is None
        return (self.valid_from is None or self.valid_from <= on) and (self.valid_to is None or on <= self.valid_to)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A place that a written name may mean: `name` is its spelling that fits, `score` (0 to 1) how well it does.

    The score is how well the name fits (1 written so, less for a listed spelling, a former name, a name that sounds
    alike or is a slip away) times how prominent the place is; see `gazetteer.verdict.score`. It orders the
    candidates of one name, and is no probability.
    """

    place: Place
    name: str
    score: float


@dataclass(frozen=True, slots=True)
class Match:
    """The answer to a written name.

    `place` is what the name was taken for: the place itself, or with the verdicts `unknown`, `misspelt` and
    `ambiguous` the unit that must contain it, if one is known. The fields from `longitude` on say what may
    be drawn; they are None where nothing honest can be. `candidates` are the other places to choose from, best
    first; none of them has been chosen. `conflict` says in one sentence what the source states and the gazetteer
    contradicts, such as another country; None if nothing.
    """

    query: str
    verdict: Verdict
    reason: str
    place: Place | None = None
    candidates: tuple[Candidate, ...] = ()
    longitude: float | None = None
    latitude: float | None = None
    geo_precision: Precision = Precision.UNKNOWN
    uncertainty_km: float | None = None
    feature_class: str | None = None
    country_code: str | None = None
    conflict: str | None = None

    @property
    def answered(self) -> bool:
        """Whether `place` is the place that was named, and no unit that stands in for it."""
        return self.place is not None and self.verdict in {Verdict.EXACT, Verdict.VARIANT, Verdict.HISTORIC}

    @property
    def stated_radius_km(self) -> float | None:
        """The radius that is stated with the first of `ranked`.

        For an answer its own. For a suggestion, what holds the unit that must hold the place, or all the candidates if
        these are nearer together; None where not even that is known.
        """
        first = next(iter(self.ranked), None)
        if first is None or self.answered:
            return self.uncertainty_km
        own_km = first.place.uncertainty_km
        if first.place == self.place or own_km is None:
            return own_km
        unit_km = None
        if self.place is not None and self.place.uncertainty_km is not None:
            unit_km = distance_km(first.place, self.place) + self.place.uncertainty_km
        if self.verdict is not Verdict.AMBIGUOUS:
            return max(own_km, unit_km) if unit_km is not None else None
        others = (one.place for one in self.candidates)
        reach_km = max(distance_km(first.place, other) + (other.uncertainty_km or 0) for other in others)
        return max(own_km, min(reach_km, unit_km) if unit_km is not None else reach_km)

    @property
    def ranked(self) -> tuple[Candidate, ...]:
        """The answer and the candidates in one list, best first, each place once.

        The answer comes first. Without one, the unit that must hold the place stands among the candidates, after those
        that score more than `STAND_IN_SCORE`; for a name of which nothing is known it is all there is.
        """
        if self.place is None:
            return self.candidates
        rest = tuple(one for one in self.candidates if one.place.place_id != self.place.place_id)
        if self.answered or not rest:
            return (Candidate(self.place, self.place.name, float(self.answered)), *rest)
        own = Candidate(self.place, self.place.name, STAND_IN_SCORE)
        return tuple(sorted((*rest, own), key=lambda one: -one.score))

    @property
    def ucdp_where_prec(self) -> int | None:
        """The precision as UCDP GED codes it, 1 to 7."""
        return _UCDP.get(self.geo_precision)

    @property
    def acled_geo_precision(self) -> int | None:
        """The precision as ACLED codes it, 1 to 3; None where its scale has nothing for it."""
        return _ACLED.get(self.geo_precision)

    @property
    def coordinate_uncertainty_m(self) -> int | None:
        """Darwin Core's `coordinateUncertaintyInMeters`: never 0, None if not known."""
        return None if self.uncertainty_km is None else max(1, round(self.uncertainty_km * 1000))

    def explain(self) -> str:
        """Say the verdict, the reason and what else the name may be, in words.

        Examples
        --------
        >>> print(Match("Xy", Verdict.UNKNOWN, "Xy is in no gazetteer layer.").explain())
        Xy (unknown): Xy is in no gazetteer layer.
        """
        others = [
            f"{place.name} ({place.kind}, {place.country_code or 'no country'})"
            for place in (candidate.place for candidate in self.candidates)
        ]
        tail = f" Candidates: {'; '.join(others)}." if others else ""
        return f"{self.query} ({self.verdict}): {self.reason}{tail}"


def default_radius_km(feature_code: str, *, population: int | None = None) -> float:
    """Give the radius of a place that has a point and no outline.

    Settlements by population: 5 km (under 100,000 or not known), 10 km (under 1 million), 15 km (under 5 million),
    25 km above. A section of a settlement 2 km; a structure or a road junction 0.5 km. A village is smaller than that,
    but sources do not agree to 2 km on where it is: of 139 villages of the Central African Republic that UCDP places
    exactly, 71 % lie within 2 km and 91 % within 5 km of where GeoNames has them.

    Examples
    --------
    >>> default_radius_km("PPL", population=61_462)
    5.0
    """
    if feature_code == "PPLX":
        return 2.0
    if not feature_code.startswith("PPL"):
        return 0.5
    inhabitants = population or 0
    for least, radius_km in ((5_000_000, 25.0), (1_000_000, 15.0), (100_000, 10.0)):
        if inhabitants >= least:
            return radius_km
    return 5.0


_KINDS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "PCLI": "country",
        "ADM1": "province",
        "ADM2": "district",
        "PPLC": "capital city",
        "PPLX": "quarter",
        "PPLA": "city",
        "PPLA2": "town",
        "PPL": "settlement",
        "RDJCT": "road junction",
        "RD": "road",
        "RGN": "region",
        "AREA": "area",
    }
)

# What a country calls its divisions, where it is not "province" and "district".
_LOCAL_KINDS: Final[Mapping[str, str]] = MappingProxyType(
    {
        **{
            f"{country} ADM1": "state" for country in ("AU", "BR", "DE", "IN", "MX", "MY", "NG", "SD", "SS", "US", "VE")
        },
        **{
            f"{country} ADM1": "region"
            for country in ("BF", "CI", "CM", "ET", "GH", "GN", "ML", "NE", "SN", "TD", "TG", "TZ")
        },
        **{f"{country} ADM1": "governorate" for country in ("EG", "IQ", "JO", "LB", "SY", "TN", "YE")},
        **{f"{country} ADM1": "department" for country in ("BJ", "CO", "HN")},
        "BF ADM2": "province",
        "FR ADM2": "department",
        "ES ADM2": "province",
        "IT ADM2": "province",
        "PH ADM2": "province",
    }
)
