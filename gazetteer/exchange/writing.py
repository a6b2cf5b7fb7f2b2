"""Places out as a document of the Linked Places Format 1.3, for other gazetteers to read."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final
from urllib.parse import quote

import shapely

from gazetteer.exchange.terms import CLASSES, GEONAMES_TYPE, OURS, WOF_TYPE
from gazetteer.index import Gazetteer
from gazetteer.place import DamagedDataError, Name, Place, Precision, RadiusBasis, UnknownCountryError

#: What the format's terms mean, as its specification refers to it.
CONTEXT: Final = "https://raw.githubusercontent.com/LinkedPasts/linked-places/master/linkedplaces-context-v1.1.jsonld"

_WOF: Final = "https://spelunker.whosonfirst.org/id/{}/"
_PART_OF: Final = "gvp:broaderPartitive"


def to_linked_places(
    places: Iterable[Place], *, gazetteer: Gazetteer, on: date | None = None, outlines: bool = False
) -> dict[str, Any]:
    """Give places as a document of the Linked Places Format, ready for `json.dumps`.

    What the format has no word for stands beside its own: the kind of a name; the radius of a geometry,
    `uncertainty_km` with its `uncertainty_basis`; and among the properties `geo_precision`, `admin1`, `admin2`,
    `population`, `footprint` and `layer`. The same places give the same document.

    Parameters
    ----------
    places
        What to write, in this order; coordinates are EPSG:4326 degrees, longitude first, as GeoJSON has them.
    gazetteer
        Where their names, outlines and the units that hold them are found.
    on
        The day of which the document speaks. The format wants a date for every place: one that has no dates of its
        own is said to exist on that day, and nothing is said of before or after. None says nothing, and then such a
        place is one that stricter readers of the format refuse.
    outlines
        Whether a place that has an outline brings it along, beside its point.

    Raises
    ------
    DamagedDataError
        If a place has a feature class that GeoNames does not have.

    Examples
    --------
    >>> gazetteer = Gazetteer.open()
    >>> document = to_linked_places([gazetteer.place("curated:bf-sahel")], gazetteer=gazetteer)
    >>> feature = document["features"][0]
    >>> feature["@id"], feature["properties"]["fclasses"], feature["when"]["timespans"][0]["end"]
    ('urn:incident-desk:place:curated:bf-sahel', ['A'], {'in': '2025-07-01'})
    """
    titles = {layer.about.name: layer.about.title for layer in gazetteer.layers}
    writer = _Writer(gazetteer, titles, on, outlines)
    return {"type": "FeatureCollection", "@context": CONTEXT, "features": [writer.feature(one) for one in places]}


@dataclass(frozen=True, slots=True)
class _Writer:
    gazetteer: Gazetteer
    titles: Mapping[str, str]
    on: date | None
    outlines: bool
    units: dict[tuple[str | None, ...], Place | None] = field(default_factory=dict)

    def feature(self, place: Place) -> dict[str, Any]:
        geometry = self.geometry(place)
        parts = {
            "@id": _uri(place.place_id),
            "type": "Feature",
            "properties": self.properties(place, drawn=geometry is not None),
            "when": _when(place.valid_from, place.valid_to, on=self.on),
            "names": self.names(place),
            "types": _types(place),
            "geometry": geometry,
            "links": _links(place) or None,
            "relations": [_part_of(unit) for unit in self.holders(place)] or None,
        }
        return {key: value for key, value in parts.items() if value is not None or key == "geometry"}

    def properties(self, place: Place, *, drawn: bool) -> dict[str, Any]:
        if place.feature_class not in CLASSES:
            message = f"{place.place_id} has the feature class {place.feature_class!r}, which GeoNames does not have"
            raise DamagedDataError(message)
        properties: dict[str, Any] = {
            "title": place.name,
            "ccodes": [place.country_code] if place.country_code else None,
            "fclasses": [CLASSES[place.feature_class]],
            "admin1": place.admin1,
            "admin2": place.admin2,
            "geo_precision": str(place.geo_precision),
            "population": place.population,
            "footprint": place.footprint,
            "layer": place.layer or None,
        }
        if not drawn:
            properties |= {**_radius(place), "source": place.source or None}
        return {key: value for key, value in properties.items() if value is not None}

    def names(self, place: Place) -> list[dict[str, Any]]:
        names = [_named(name) for name in self.gazetteer.names(place)]
        source = self.titles.get(place.layer) or place.source or place.layer
        if source:
            names[0]["citations"] = [{"label": source}]  # the format wants one
        return names

    def geometry(self, place: Place) -> dict[str, Any] | None:
        said = {**_radius(place), "certainty": _certainty(place)}
        if place.source:
            said["citations"] = [{"label": place.source}]
        drawn = []
        if place.longitude is not None and place.latitude is not None:
            drawn.append({"type": "Point", "coordinates": [place.longitude, place.latitude], **said})
        outline = self.gazetteer.footprint(place) if self.outlines else None
        if outline is not None:
            drawn.append({**json.loads(shapely.to_geojson(outline)), **({} if drawn else said)})
        if len(drawn) > 1:
            return {"type": "GeometryCollection", "geometries": drawn}
        return drawn[0] if drawn else None

    def holders(self, place: Place) -> list[Place]:
        """The units that hold a place, the smallest first, as far as the gazetteer has them."""
        if not place.country_code:
            return []
        levels = [("ADM2", place.admin2), ("ADM1", place.admin1)]
        above = {"ADM2": levels[1:], "ADM1": []}.get(place.feature_code, levels)
        day = place.valid_to or self.on
        found = [self.unit(name, place.country_code, level, place.admin1, day) for level, name in above if name]
        found.append(self.country(place.country_code))
        return [unit for unit in dict.fromkeys(found) if unit is not None and unit.place_id != place.place_id]

    def unit(self, name: str, country: str, level: str, admin1: str | None, on: date | None) -> Place | None:
        key = (name, country, level, admin1, str(on))
        if key not in self.units:
            self.units[key] = self.gazetteer.unit(name, country=country, level=level, admin1=admin1, on=on)
        return self.units[key]

    def country(self, code: str) -> Place | None:
        try:
            return self.gazetteer.containing(country=code)
        except UnknownCountryError:
            return None  # a gazetteer of a few places may have no countries


def _uri(place_id: str) -> str:
    return place_id if re.fullmatch(r"https?://\S+", place_id) else OURS + quote(place_id, safe=":/@+,;=")


def _named(name: Name) -> dict[str, Any]:
    named: dict[str, Any] = {"toponym": name.text, "lang": name.language, "kind": str(name.kind)}
    when = _when(name.valid_from, name.valid_to)
    return {**named, "when": when} if when else named


def _when(first: date | None, last: date | None, *, on: date | None = None) -> dict[str, Any] | None:
    """What is known of a time: a bound that is not known is said to lie outside of what is."""
    if first is None and last is None and on is None:
        return None
    start = {"in": first} if first else {"latest": last or on}
    end = {"in": last} if last else {"earliest": max(day for day in (first, on) if day)}
    bounds = {"start": start, "end": end}
    return {"timespans": [{bound: {how: str(day) for how, day in said.items()} for bound, said in bounds.items()}]}


def _types(place: Place) -> list[dict[str, Any]]:
    code = f"{place.feature_class}.{place.feature_code}" if place.feature_code else place.feature_class
    types = [{"identifier": GEONAMES_TYPE + quote(code), "label": place.kind, "sourceLabels": [{"label": code}]}]
    if place.placetype:
        kind = {"label": place.placetype, "sourceLabels": [{"label": place.placetype}]}
        types.append({"identifier": WOF_TYPE + quote(place.placetype), **kind})
    return types


def _links(place: Place) -> list[dict[str, str]]:
    known = {
        f"gn:{place.geonames_id}": place.geonames_id,
        f"wd:{place.wikidata_id}": place.wikidata_id,
        _WOF.format(place.wof_id): place.wof_id,
    }
    return [{"type": "closeMatch", "identifier": link} for link, value in known.items() if value is not None]


def _part_of(unit: Place) -> dict[str, Any]:
    part = {"relationType": _PART_OF, "relationTo": _uri(unit.place_id), "label": f"part of {unit.name} ({unit.kind})"}
    when = _when(unit.valid_from, unit.valid_to)
    return {**part, "when": when} if when else part


def _radius(place: Place) -> dict[str, Any]:
    basis = place.uncertainty_basis
    return {"uncertainty_km": place.uncertainty_km, "uncertainty_basis": None if basis is None else str(basis)}


def _certainty(place: Place) -> str:
    """The format's three grades: certain is a position and a radius that somebody measured."""
    if place.geo_precision in {Precision.LINEAR_OR_FUZZY, Precision.SEA_OR_AIR, Precision.UNKNOWN}:
        return "uncertain"
    measured = place.uncertainty_basis in {RadiusBasis.POLYGON, RadiusBasis.EXTENT}
    return "certain" if measured and place.geo_precision is not Precision.NEAR_SETTLEMENT else "less-certain"
