"""Documents of the Linked Places Format in, ours once edited and those of others, as places and what was not taken."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any, Final
from urllib.parse import unquote

import shapely

from gazetteer.exchange.notes import LONGEST_SOURCE, Notes, Refused, Rejection, shown
from gazetteer.exchange.positions import position_of
from gazetteer.exchange.terms import CLASSES, GEONAMES_TYPE, OURS, WOF_TYPE
from gazetteer.layer import Record
from gazetteer.place import GazetteerError, Name, NameKind, Place

_GENERIC_CODES: Final[Mapping[str, str]] = {"A": "ADMD", "P": "PPL"}


class NotLinkedPlacesError(GazetteerError, ValueError):
    """A document is no feature collection of the Linked Places Format."""


def from_linked_places(document: object) -> tuple[tuple[Record, ...], tuple[Rejection, ...]]:
    """Read a document of the Linked Places Format, of any version from 1.0 on and from any producer.

    A document of `to_linked_places` gives its places back as they were, or as somebody edited them. Of a foreign one

    - the `@id` is the identifier of the place, and the title its name;
    - bounds of time are the widest that a `when` allows, and the missing end of a span is not known;
    - a settlement's point has the default radius, or 25 km if its source calls it less certain; an outline is kept,
      with the radius that holds it; several points or lines become one position that holds them all. A point of
      anything wider than a settlement says nothing without a radius, and is not taken; nor is an uncertain one.

    Parameters
    ----------
    document
        What `json.loads` gives: a feature collection, or a single feature.

    Returns
    -------
    accepted : tuple of gazetteer.layer.Record
        Places with their names, for `Layer.of` or `gazetteer.layer.write`.
    rejected : tuple of Rejection
        Features that were left out, and parts of accepted ones that were left out or changed, such as characters in a
        name that turn the direction of writing.

    Raises
    ------
    NotLinkedPlacesError
        If the document is no feature collection at all.

    Examples
    --------
    >>> abingdon = {"@id": "http://mygaz.org/places/1", "type": "Feature", "properties": {"title": "Abingdon"}}
    >>> accepted, rejected = from_linked_places({"type": "FeatureCollection", "features": [abingdon]})
    >>> accepted, rejected[0].path, rejected[0].reason
    ((), '$.features[0].properties.fclasses', 'there is no feature class')
    """
    accepted: dict[str, Record] = {}
    rejected: list[Rejection] = []
    for path, feature in _features(document):
        reader = _Reader(path)
        try:
            record = reader.record(feature)
            if record.place.place_id in accepted:
                reader.refuse(f"{path}.@id", f"an earlier feature has the identifier {record.place.place_id!r} too")
        except Refused as refused:
            rejected.append(Rejection(refused.path, refused.reason, reader.title))
        else:
            accepted[record.place.place_id] = record
            rejected += reader.remarks
    return tuple(accepted.values()), tuple(rejected)


def _features(document: object) -> Iterator[tuple[str, object]]:
    if isinstance(document, Mapping) and document.get("type") == "Feature":
        yield "$", document
        return
    features = document.get("features") if isinstance(document, Mapping) else None
    if not isinstance(features, Sequence) or isinstance(features, str):
        message = "this is no document of the Linked Places Format: it has no list of features"
        raise NotLinkedPlacesError(message)
    yield from ((f"$.features[{number}]", feature) for number, feature in enumerate(features))


_LANGUAGE: Final = re.compile(r"[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8})*")
_DAY: Final = re.compile(r"(?P<year>[0-9]{4})(?:-(?P<month>[0-9]{2})(?:-(?P<day>[0-9]{2}))?)?(?P<mark>[~?%]?)")
_GEONAMES_CODE: Final = re.compile(re.escape(GEONAMES_TYPE) + r"(?P<letter>[A-Z])(?:\.(?P<code>.+))?")
_AUTHORITIES: Final[Mapping[str, re.Pattern[str]]] = {
    "geonames_id": re.compile(r"(?:gn:|https?://(?:www\.|sws\.)?geonames\.org/)(?P<id>[0-9]{1,18})(?:/.*)?"),
    "wikidata_id": re.compile(r"(?:wd:|https?://(?:www\.)?wikidata\.org/(?:wiki|entity)/)(?P<id>Q[0-9]{1,18})"),
    "wof_id": re.compile(r"(?:wof:|https?://(?:\w+\.)?whosonfirst\.org/(?:.*/)?)(?P<id>[0-9]{1,18})(?:/|\.geojson)?"),
}
_LARGEST_COUNT: Final = 10_000_000_000  # more than there are people


class _Reader(Notes):
    """Reads one feature."""

    def record(self, feature: object) -> Record:
        if not isinstance(feature, Mapping) or feature.get("type") != "Feature":
            self.refuse(self.path, "this is no feature")
        properties = feature.get("properties")
        if not isinstance(properties, Mapping):
            self.refuse(f"{self.path}.properties", "there are no properties")
        self.title = self.text(properties.get("title"), f"{self.path}.properties.title")
        if not self.title:
            self.refuse(f"{self.path}.properties.title", "there is no title")
        ours, place_id = self.identifier(feature)
        letter, code, placetype = self.kind(feature, properties)
        position = position_of(feature, properties, letter=letter, code=code, notes=self)
        first, last = self.existence(feature)
        source = self.source(feature, properties)
        place = Place(
            place_id=place_id,
            name=self.title,
            feature_class=letter,
            feature_code=code,
            placetype=placetype,
            country_code=self.country(properties),
            longitude=position.longitude,
            latitude=position.latitude,
            geo_precision=position.geo_precision,
            uncertainty_km=position.uncertainty_km,
            uncertainty_basis=position.uncertainty_basis,
            population=self.population(properties),
            valid_from=first,
            valid_to=last,
            source=source if source or ours else place_id,
            admin1=self.own_text(properties, "admin1"),
            admin2=self.own_text(properties, "admin2"),
            footprint=self.own_text(properties, "footprint"),
            layer=self.own_text(properties, "layer") or "",
            **self.identifiers(feature),
        )
        names = self.names(feature)
        self.tell_unread(feature, ours=ours)
        if position.outline is None:
            return Record(place, names)
        kept = place if place.footprint else replace(place, footprint=place_id)
        return Record(kept, names, outline_wkb=shapely.to_wkb(shapely.force_2d(position.outline)))

    def identifier(self, feature: Mapping[str, Any]) -> tuple[bool, str]:
        """Whether the feature is one that we wrote, and the identifier of its place."""
        path = f"{self.path}.@id"
        said = self.text(feature.get("@id", feature.get("id")), path) or ""
        ours = said.startswith(OURS)
        place_id = self.text(unquote(said.removeprefix(OURS)), path) if ours else said
        if not place_id:
            self.refuse(path, "there is no identifier")
        return ours, place_id

    # Texts and plain values.

    def own_text(self, properties: Mapping[str, Any], name: str) -> str | None:
        return self.text(properties.get(name), f"{self.path}.properties.{name}")

    def population(self, properties: Mapping[str, Any]) -> int | None:
        value = properties.get("population")
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= _LARGEST_COUNT:
            self.refuse(f"{self.path}.properties.population", f"{shown(value)} is no count of people")
        return value

    def country(self, properties: Mapping[str, Any]) -> str | None:
        path = f"{self.path}.properties.ccodes"
        codes = properties.get("ccodes") or []
        if not isinstance(codes, list) or not all(_is_country(code) for code in codes):
            self.refuse(path, f"{shown(codes)} is no list of countries' two-letter codes")
        if len(codes) > 1:
            self.remark(path, f"of {len(codes)} countries none is taken")
        return codes[0].upper() if len(codes) == 1 else None

    def identifiers(self, feature: Mapping[str, Any]) -> dict[str, Any]:
        found: dict[str, Any] = {}
        links = [link for link in self.items(feature, "links") if link.get("type") in ("closeMatch", "exactMatch")]
        for name, pattern in _AUTHORITIES.items():
            matches = (pattern.fullmatch(str(link.get("identifier"))) for link in links)
            values = list(dict.fromkeys(match["id"] for match in matches if match))
            if len(values) > 1:
                self.remark(f"{self.path}.links", f"of {len(values)} values of {name} none is taken")
            elif values:
                found[name] = values[0] if name == "wikidata_id" else int(values[0])
        return found

    def kind(self, feature: Mapping[str, Any], properties: Mapping[str, Any]) -> tuple[str, str, str]:
        """GeoNames class and code, and Who's On First placetype."""
        path = f"{self.path}.properties.fclasses"
        classes = properties.get("fclasses") or []
        if not isinstance(classes, list) or not all(isinstance(one, str) and one in CLASSES for one in classes):
            self.refuse(path, f"{shown(classes)} is no list of GeoNames classes")
        if not classes:
            self.refuse(path, "there is no feature class")
        identifiers = [str(one.get("identifier", "")) for one in self.items(feature, "types")]
        codes = [match for match in map(_GEONAMES_CODE.fullmatch, identifiers) if match]
        placetypes = [unquote(one.removeprefix(WOF_TYPE)) for one in identifiers if one.startswith(WOF_TYPE)]
        placetype = self.text(placetypes[0], f"{self.path}.types") or "" if len(placetypes) == 1 else ""
        if len(codes) == 1:
            letter = codes[0]["letter"]
            if not {letter, CLASSES.get(letter)} & set(classes):
                self.refuse(path, f"the classes are {', '.join(classes)}, but a type is of class {letter}")
            return letter, self.text(unquote(codes[0]["code"] or ""), f"{self.path}.types") or "", placetype
        if len(set(classes)) > 1:
            self.refuse(path, f"of {len(set(classes))} classes, no one GeoNames type says which is meant")
        return classes[0], _GENERIC_CODES.get(classes[0], ""), placetype

    def source(self, feature: Mapping[str, Any], properties: Mapping[str, Any]) -> str:
        """The citations of the geometry, or what the properties say where there is none."""
        geometries = [one for _, one in self.geometries(feature)]
        cited = [citation for one in geometries for citation in self.items(one, "citations")]
        labels = [str(citation.get("label") or citation.get("@id") or "") for citation in cited]
        if not any(labels):
            return self.text(properties.get("source"), f"{self.path}.properties.source", longest=LONGEST_SOURCE) or ""
        path = f"{self.path}.geometry.citations"
        return self.text("; ".join(dict.fromkeys(filter(None, labels))), path, longest=LONGEST_SOURCE) or ""

    # Names and times.

    def names(self, feature: Mapping[str, Any]) -> tuple[Name, ...]:
        names: list[Name] = []
        for number, named in enumerate(self.items(feature, "names")):
            path = f"{self.path}.names[{number}]"
            try:
                names += self.name(named, path)
            except Refused as refused:
                self.remark(refused.path, f"{refused.reason}; the name was left out")
        if not names:
            self.remark(f"{self.path}.names", "there is no name but the title")
        return tuple(names)

    def name(self, named: Mapping[str, Any], path: str) -> list[Name]:
        text = self.text(named.get("toponym"), f"{path}.toponym")
        if not text or not text.strip():
            self.refuse(f"{path}.toponym", "there is no toponym")
        language = named.get("lang")
        if language is not None and not (isinstance(language, str) and _LANGUAGE.fullmatch(language)):
            self.remark(f"{path}.lang", f"{shown(language)} is no language tag")
            language = None
        usual = NameKind.STANDARD if text == self.title else NameKind.VARIANT
        kind = self.word(NameKind, named.get("kind", usual), f"{path}.kind")
        spans = self.spans(named, path) or [(None, None)]
        return [Name(text, language or "und", kind, first, last) for first, last in spans]

    def existence(self, feature: Mapping[str, Any]) -> tuple[date | None, date | None]:
        spans = self.spans(feature, self.path)
        if len(spans) > 1:
            self.remark(f"{self.path}.when", f"{len(spans)} spans were taken as one, from the first to the last")
        firsts, lasts = [first for first, _ in spans], [last for _, last in spans]
        known_firsts, known_lasts = [day for day in firsts if day], [day for day in lasts if day]
        return (
            min(known_firsts) if spans and len(known_firsts) == len(spans) else None,
            max(known_lasts) if spans and len(known_lasts) == len(spans) else None,
        )

    def spans(self, holder: Mapping[str, Any], path: str) -> list[tuple[date | None, date | None]]:
        when = holder.get("when")
        if when is None:
            return []
        path = f"{path}.when"
        if not isinstance(when, Mapping):
            self.refuse(path, f"{shown(when)} is no time")
        if when.get("periods"):
            self.remark(f"{path}.periods", "named periods are not kept")
        spans = []
        for number, span in enumerate(self.items(when, "timespans", path)):
            here = f"{path}.timespans[{number}]"
            first = self.bound(span.get("start"), f"{here}.start", outermost="earliest")
            last = self.bound(span.get("end"), f"{here}.end", outermost="latest")
            if first and last and first > last:
                self.refuse(here, f"it ends on {last}, before it starts on {first}")
            spans.append((first, last))
        return spans

    def bound(self, said: object, path: str, *, outermost: str) -> date | None:
        """The first day of a start, or the last day of an end; None if it is not known."""
        if isinstance(said, Mapping):
            how = "in" if said.get("in") is not None else outermost
            said, path = said.get(how), f"{path}.{how}"
        if said is None:
            return None
        text = f"{said:04d}" if isinstance(said, int) and not isinstance(said, bool) else said
        match = _DAY.fullmatch(text) if isinstance(text, str) else None
        try:
            day = _day(match, at_end=outermost == "latest") if match else None
        except ValueError:
            day = None
        if match is None or day is None:
            if outermost == "earliest":
                self.remark(path, f"{shown(said)} is no date from the year 1 on; the start is taken as not known")
                return None
            self.refuse(path, f"{shown(said)} is no date from the year 1 on, and an end cannot be left out")
        if match["mark"]:
            self.remark(path, f"{shown(said)} is approximate or uncertain, and was taken as written")
        return day

    def tell_unread(self, feature: Mapping[str, Any], *, ours: bool) -> None:
        """Say what of a foreign feature has no place here."""
        known = (GEONAMES_TYPE, WOF_TYPE)
        unread = {
            "types": [one for one in self.items(feature, "types") if not _starts(one.get("identifier"), known)],
            "links": [one for one in self.items(feature, "links") if not _is_of_authority(one.get("identifier"))],
            "relations": [] if ours else self.items(feature, "relations"),
            "descriptions": self.items(feature, "descriptions"),
            "depictions": self.items(feature, "depictions"),
        }
        for element, parts in unread.items():
            if parts:
                self.remark(f"{self.path}.{element}", f"{len(parts)} of them are not kept")


def _is_country(code: object) -> bool:
    return isinstance(code, str) and len(code) == 2 and code.isascii() and code.isalpha()


def _starts(text: object, prefixes: tuple[str, ...]) -> bool:
    return isinstance(text, str) and text.startswith(prefixes)


def _is_of_authority(link: object) -> bool:
    return any(pattern.fullmatch(str(link)) for pattern in _AUTHORITIES.values())


def _day(match: re.Match[str], *, at_end: bool) -> date:
    """The first or the last day of a year, a month or a day."""
    year, month, day = (int(match[part]) if match[part] else None for part in ("year", "month", "day"))
    if year is None or not at_end or day is not None:
        return date(year or 0, month or 1, day or 1)
    month = month or 12
    return date(year, month, monthrange(year, month)[1])
