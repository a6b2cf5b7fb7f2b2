"""What the reconciliation service says of a place: types, values, a preview; and the places that a text begins."""

from __future__ import annotations

from base64 import b64encode
from bisect import bisect_left
from collections.abc import Callable, Iterator, Mapping
from hashlib import sha256
from heapq import nsmallest
from html import escape
from types import MappingProxyType
from typing import Any, Final

from gazetteer.curated import VOUCHED
from gazetteer.index import Gazetteer
from gazetteer.names import fold
from gazetteer.place import Name, Place, Precision, RadiusBasis, UnknownPlaceError
from gazetteer.reconcile.requests import Extension
from gazetteer.verdict import Context, score

#: GeoNames' feature classes, and the levels of administrative units, which are types as well.
CLASSES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "P": "Settlement",
        "A": "Country or administrative unit",
        "L": "Area",
        "S": "Building or site",
        "R": "Road or railway",
        "H": "Water",
        "T": "Mountain, island or other relief",
        "U": "Undersea relief",
        "V": "Vegetation",
    }
)
LEVELS: Final[Mapping[str, str]] = MappingProxyType(
    {"PCLI": "Country", "ADM1": "First-level unit", "ADM2": "Second-level unit"}
)

#: What a preview needs of a frame, in pixels.
PREVIEW_WIDTH: Final = 420
PREVIEW_HEIGHT: Final = 300

#: Beginnings are looked for in the own names of units, of curated places and of towns of this size.
_TOWN: Final = 15_000
#: How many other names a preview shows.
_NAMES_SHOWN: Final = 8
# No identifier is longer.
_LONGEST_ID: Final = 200
_NOWHERE: Final = Context()

_Value = str | int | float | None

_BASES: Final[Mapping[RadiusBasis, str]] = MappingProxyType(
    {
        RadiusBasis.POLYGON: "from its outline",
        RadiusBasis.EXTENT: "from its published extent",
        RadiusBasis.MEMBERS: "from its known settlements",
        RadiusBasis.DEFAULT: "the default for its kind",
        RadiusBasis.NEAR: "near this point, by its source",
    }
)
_STYLE: Final = (
    "body{font:14px/1.4 system-ui,sans-serif;margin:12px;color:#1a1a1a;background:#fff}"
    "h1{font-size:17px;margin:0}p{margin:2px 0 8px;color:#555}"
    "dl{display:grid;grid-template-columns:max-content 1fr;gap:2px 12px;margin:0}"
    "dt{color:#555}dd{margin:0;overflow-wrap:anywhere}"
)
#: A preview may be framed by anyone, and loads and runs nothing: its one style is named by its hash.
PREVIEW_POLICY: Final = "; ".join(
    [
        "default-src 'none'",
        f"style-src 'sha256-{b64encode(sha256(_STYLE.encode()).digest()).decode()}'",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors *",
    ]
)


def type_ids(place: Place) -> tuple[str, ...]:
    """Give the types of a place: its feature class, and the level of a unit."""
    level = place.feature_code if place.feature_code in LEVELS else None
    return tuple(filter(None, (place.feature_class, level)))


def types_of(place: Place) -> list[dict[str, Any]]:
    """Give the types of a place, each with its name."""
    return [{"id": one, "name": LEVELS.get(one) or CLASSES.get(one, one)} for one in type_ids(place)]


def all_types() -> list[dict[str, Any]]:
    """Give every type, and for a level the class that is broader."""
    broader = {"id": "A", "name": CLASSES["A"]}
    classes = [{"id": one, "name": name} for one, name in CLASSES.items()]
    return classes + [{"id": one, "name": name, "broader": [broader]} for one, name in LEVELS.items()]


def country_name(place: Place, gazetteer: Gazetteer) -> str | None:
    """Give the English name of a place's country, None where it has none or the name is not known."""
    country = gazetteer.containing(country=place.country_code) if place.country_code else None
    return country.name if country else place.country_code


def described(place: Place, gazetteer: Gazetteer) -> str:
    """Say in a few words which of its namesakes a place is.

    Examples
    --------
    >>> gazetteer = Gazetteer.open()
    >>> described(gazetteer.place("curated:bf-kompienga-town"), gazetteer)
    'settlement in Kompienga, Est, Burkina Faso'
    """
    if place.feature_code == "PCLI":
        return place.kind
    own = place.name if place.feature_class == "A" else None
    units = [unit for unit in (place.admin2, place.admin1) if unit != own]
    where = dict.fromkeys(filter(None, [*units, country_name(place, gazetteer)]))
    return f"{place.kind} in {', '.join(where)}" if where else place.kind


def suggestion(place: Place, gazetteer: Gazetteer) -> dict[str, Any]:
    """Give a place as an item of a suggest response."""
    return {
        "id": place.place_id,
        "name": place.name,
        "description": described(place, gazetteer),
        "notable": types_of(place),
    }


def radius_km(place: Place) -> float | None:
    """Give the radius around the position of a place; None if it has none, and for a whole country."""
    return place.uncertainty_km if _drawn(place) else None


def _drawn(place: Place) -> bool:
    """Whether the position may be told: a whole country is listed, and has no point."""
    return place.geo_precision is not Precision.COUNTRY and place.longitude is not None


#: What can be fetched of a place, and how; a country has no position, since a whole country is no point.
_VALUES: Final[Mapping[str, tuple[str, Callable[[Place, Gazetteer], _Value]]]] = MappingProxyType(
    {
        "country": ("Country", country_name),
        "country_code": ("Country code (ISO 3166-1)", lambda place, _: place.country_code),
        "admin1": ("First-level unit", lambda place, _: place.admin1),
        "admin2": ("Second-level unit", lambda place, _: place.admin2),
        "longitude": ("Longitude (EPSG:4326)", lambda place, _: place.longitude if _drawn(place) else None),
        "latitude": ("Latitude (EPSG:4326)", lambda place, _: place.latitude if _drawn(place) else None),
        "uncertainty_km": ("Radius (km)", lambda place, _: radius_km(place)),
        "uncertainty_basis": (
            "Basis of the radius",
            lambda place, _: str(place.uncertainty_basis) if _drawn(place) and place.uncertainty_basis else None,
        ),
        "geo_precision": ("Precision", lambda place, _: str(place.geo_precision)),
        "kind": ("Kind", lambda place, _: place.kind),
        "feature_code": ("Feature code (GeoNames)", lambda place, _: place.feature_code),
        "population": ("Population", lambda place, _: place.population),
        "valid_from": ("Exists since", lambda place, _: place.valid_from.isoformat() if place.valid_from else None),
        "valid_to": ("Existed until", lambda place, _: place.valid_to.isoformat() if place.valid_to else None),
        "geonames_id": ("GeoNames", lambda place, _: place.geonames_id),
        "wof_id": ("Who's On First", lambda place, _: place.wof_id),
        "wikidata_id": ("Wikidata", lambda place, _: place.wikidata_id),
        "source": ("Source of the position", lambda place, _: place.source or None),
    }
)


def value_properties() -> list[dict[str, str]]:
    """Give the properties whose values can be fetched."""
    return [{"id": one, "name": name} for one, (name, _) in _VALUES.items()]


def extended(asked: Extension, *, gazetteer: Gazetteer) -> dict[str, Any]:
    """Give the values of properties of places, as a data extension response.

    What is not known is an empty list, and so is every value of a place or a property that there is none of.

    Examples
    --------
    >>> asked = Extension(("naturalearth:ne",), ("country_code", "longitude"))
    >>> extended(asked, gazetteer=Gazetteer.open())["rows"]
    {'naturalearth:ne': {'country_code': [{'str': 'NE'}], 'longitude': []}}
    """
    rows = {one: _row(one, asked.properties, gazetteer) for one in asked.place_ids}
    meta = [{"id": one, "name": _VALUES[one][0] if one in _VALUES else one} for one in asked.properties]
    return {"meta": meta, "rows": rows}


def _row(place_id: str, properties: tuple[str, ...], gazetteer: Gazetteer) -> dict[str, list[dict[str, _Value]]]:
    place = found(place_id, gazetteer)
    if place is None:
        return {one: [] for one in properties}
    values = {one: _VALUES[one][1](place, gazetteer) if one in _VALUES else None for one in properties}
    return {one: [] if value is None else [{_CELLS[type(value)]: value}] for one, value in values.items()}


_CELLS: Final[Mapping[type, str]] = MappingProxyType({str: "str", int: "int", float: "float"})


def found(place_id: str, gazetteer: Gazetteer) -> Place | None:
    """Give the place of an identifier, None if there is none."""
    try:
        return gazetteer.place(place_id) if len(place_id) <= _LONGEST_ID else None
    except (UnknownPlaceError, OverflowError):  # a number that is larger than the index has
        return None


def preview(place: Place, gazetteer: Gazetteer) -> str:
    """Give an HTML page of what is known of a place, for a frame of `PREVIEW_WIDTH` and `PREVIEW_HEIGHT` pixels."""
    names = [name.text for name in gazetteer.names(place)[: _NAMES_SHOWN + 1] if name.text != place.name]
    facts = {
        "Position": _position(place),
        "Population": None if place.population is None else f"{place.population:,}",
        "Existed": _span(place),
        "Also": "; ".join(dict.fromkeys(names[:_NAMES_SHOWN])),
        "Types": ", ".join(one["name"] for one in types_of(place)),
        "Source": place.source,
        "Identifier": place.place_id,
    }
    rows = "".join(f'<dt>{escape(term)}</dt><dd dir="auto">{escape(fact)}</dd>' for term, fact in facts.items() if fact)
    return _page(place.name, described(place, gazetteer), f"<dl>{rows}</dl>")


def no_preview(place_id: str) -> str:
    """Give the HTML page that says that there is no such place."""
    return _page("No such place", f"No gazetteer layer has a place {place_id[:_LONGEST_ID]!r}.", "")


def _page(title: str, subtitle: str, body: str) -> str:
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        f"<title>{escape(title)}</title><style>{_STYLE}</style></head>"
        f'<body><h1 dir="auto">{escape(title)}</h1><p dir="auto">{escape(subtitle)}</p>{body}</body></html>'
    )


def _position(place: Place) -> str:
    if place.geo_precision is Precision.COUNTRY:
        return "a whole country, which is no point"
    if place.longitude is None or place.latitude is None:
        return "not known"
    north, east = ("N" if place.latitude >= 0 else "S"), ("E" if place.longitude >= 0 else "W")
    point = f"{abs(place.latitude):.4f}° {north}, {abs(place.longitude):.4f}° {east}"
    if place.uncertainty_km is None:
        return point
    basis = _BASES[place.uncertainty_basis] if place.uncertainty_basis else "not known from what"
    return f"{point}, within {place.uncertainty_km:g} km ({basis})"


def _span(place: Place) -> str | None:
    if place.valid_from and place.valid_to:
        return f"from {place.valid_from} to {place.valid_to}"
    if place.valid_to:
        return f"until {place.valid_to}"
    return f"since {place.valid_from}" if place.valid_from else None


class Beginnings:
    """The own names of units, curated places and towns of 15,000 inhabitants and more, in order of the alphabet.

    The index of the gazetteer holds hashes of whole names, which have no beginning; these names are read from the
    places themselves, which takes some seconds, once. Smaller places, and names other than the own one, are found by
    their whole name only, see `suggested`.
    """

    def __init__(self, gazetteer: Gazetteer) -> None:
        """Read the names of a gazetteer."""
        self._gazetteer = gazetteer
        self._entries = sorted(
            (fold(place.name), -score(place, Name(place.name), context=_NOWHERE), place.place_id)
            for place in gazetteer
            if place.feature_class == "A" or place.layer in VOUCHED or (place.population or 0) >= _TOWN
        )

    def __len__(self) -> int:
        """Count the names."""
        return len(self._entries)

    def of(self, beginning: str, *, limit: int) -> Iterator[Place]:
        """Give the places whose own names begin so, the more prominent first."""
        key = fold(beginning)
        first = bisect_left(self._entries, (key,))
        last = bisect_left(self._entries, (f"{key}\U0010ffff",))
        # Where a place stands for one of a lower layer, that one is passed over; a few more make up for it.
        best = nsmallest(2 * limit, self._entries[first:last] if key else [], key=lambda entry: (entry[1], entry))
        for _, _, place_id in best:
            place = self._gazetteer.place(place_id)
            if any(hit.place.place_id == place_id for hit in self._gazetteer.hits(place.name)):
                yield place


def suggested(text: str, *, beginnings: Beginnings, gazetteer: Gazetteer, limit: int, skip: int = 0) -> list[Place]:
    """Give the places that somebody who has typed a text may be writing.

    The place whose identifier it is; half of the room for those of which it is a whole name, in any listed spelling and
    of any size; then those whose own names begin with it, see `Beginnings`, and the other bearers. None is a guess: no
    name is a slip away.

    Parameters
    ----------
    text
        What has been typed.
    limit, skip
        How many to give at most, and how many of the first to leave out.
    """
    most = skip + limit
    known = found(text.strip(), gazetteer)
    bearers = sorted(
        gazetteer.hits(text), key=lambda hit: (-score(hit.place, hit.name, context=_NOWHERE), hit.place.place_id)
    )
    places = [hit.place for hit in bearers]
    first = [*([known] if known else []), *places[: limit // 2]]
    ordered = [*first, *beginnings.of(text, limit=most), *places]
    return list({place.place_id: place for place in ordered}.values())[skip:most]
