"""Where an incident is, as finely as is known; and what of an editor's text a reader sees."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any, Final, NoReturn

from gazetteer.place import Place, Precision, Verdict
from incidents.errors import IncidentsError
from incidents.schema import GEO_PRECISION_WORDS

#: What a dataset may hold as an identifier or a name, in characters (`readers.table.LONGEST`).
LONGEST: Final = 500
#: The largest radius that a dataset may state, in km.
LARGEST_KM: Final = 5_000.0

# Unseen, and needed: joiners of Persian, Arabic and Indic words, and marks that turn nothing round.
_UNSEEN_BUT_NEEDED: Final = frozenset("\u200c\u200d\u200e\u200f\u061c")
_NUMBER: Final = re.compile(r"[+-]?[0-9]{1,4}(\.[0-9]{1,17})?")
_BREAKS: Final = frozenset("\t\n\v\f\r\x85")


class RefusedDecisionError(IncidentsError, ValueError):
    """A decision cannot be taken as it is written; the text says what to write instead."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Placement:
    """Where an incident is, as finely as is known.

    Coordinates are in EPSG:4326 degrees, both or none, and never without the radius in km that they may be off by.
    `verdict` is the gazetteer's, None where an editor placed the incident. `country_code` is the country that the
    place is in; None leaves the one that the source states.

    Raises
    ------
    RefusedDecisionError
        If the parts do not go together, or are not on the Earth.
    """

    place_id: str | None = None
    name: str | None = None
    longitude: float | None = None
    latitude: float | None = None
    geo_precision: Precision = Precision.UNKNOWN
    uncertainty_km: float | None = None
    verdict: Verdict | None = None
    country_code: str | None = None

    def __post_init__(self) -> None:
        for label, text in (("place_id", self.place_id), ("name of a place", self.name)):
            if text is not None:
                check_text(label, text, longest=LONGEST)
        code = self.country_code
        if code is not None and not (len(code) == 2 and code.isascii() and code.isalpha() and code.isupper()):
            refuse(f"A country is an ISO 3166-1 code of two capital letters, not {code[:20]!r}.")
        numbers = (self.longitude, self.latitude, self.uncertainty_km)
        if not all(number is None or math.isfinite(number) for number in numbers):
            refuse("Longitude, latitude and radius are numbers.")
        if self.longitude is None or self.latitude is None:
            if self.longitude is not self.latitude:
                refuse("Longitude and latitude go together: give both, or none.")
            if self.uncertainty_km is not None:
                refuse("A radius without coordinates says nothing: give both, or none.")
            return
        if abs(self.longitude) > 180 or abs(self.latitude) > 90:
            refuse(f"Longitude {self.longitude:g}, latitude {self.latitude:g} are not on the Earth.")
        if self.longitude == 0 and self.latitude == 0:
            refuse("0, 0 is a missing value, not a place.")
        if self.uncertainty_km is None or not 0 < self.uncertainty_km <= LARGEST_KM:
            refuse(f"Coordinates need a radius above 0 km, and up to {LARGEST_KM:g} km.")

    @classmethod
    def of(cls, place: Place) -> Placement:
        """Give the placement at a place of the gazetteer, as finely as the gazetteer knows it.

        For "near" the place, or another radius, `dataclasses.replace` it. A country has no coordinates.

        Raises
        ------
        RefusedDecisionError
            If the gazetteer has a position and no radius for it.
        """
        mapped = place.geo_precision is not Precision.COUNTRY
        if mapped and place.longitude is not None and place.uncertainty_km is None:
            refuse(f"The gazetteer does not know how large {place.name} is: place it by coordinates, with a radius.")
        return cls(
            place_id=place.place_id,
            name=place.name,
            longitude=place.longitude if mapped else None,
            latitude=place.latitude if mapped else None,
            geo_precision=place.geo_precision,
            uncertainty_km=place.uncertainty_km if mapped and place.longitude is not None else None,
            country_code=place.country_code,
        )

    @classmethod
    def read(cls, incident: Mapping[str, Any]) -> Placement:
        """Give the placement that a located incident has (a record of `geocode.records`)."""
        placed = incident["longitude"] is not None
        return cls(
            place_id=incident["place_id"],
            name=incident["place_name"],
            longitude=float(incident["longitude"]) if placed else None,
            latitude=float(incident["latitude"]) if placed else None,
            geo_precision=Precision(incident["geo_precision"] or Precision.UNKNOWN),
            uncertainty_km=float(incident["uncertainty_km"]) if placed else None,
            verdict=Verdict(incident["place_verdict"]) if incident.get("place_verdict") else None,
            country_code=incident["country_code"],
        )

    @property
    def words(self) -> str:
        """Say it in words.

        Examples
        --------
        >>> town = Placement(longitude=0.61, latitude=10.98, geo_precision=Precision.SETTLEMENT, uncertainty_km=5.0)
        >>> town.words
        '10.9800° N, 0.6100° E, settlement, within 5 km'
        """
        parts = [self.name]
        if self.longitude is not None and self.latitude is not None:
            north, east = ("N" if self.latitude >= 0 else "S"), ("E" if self.longitude >= 0 else "W")
            parts += [f"{abs(self.latitude):.4f}° {north}", f"{abs(self.longitude):.4f}° {east}"]
        parts.append(GEO_PRECISION_WORDS[self.geo_precision])
        if self.uncertainty_km is not None:
            parts.append(f"within {self.uncertainty_km:g} km")
        return ", ".join(part for part in parts if part)


def differences(old: Placement, new: Placement) -> tuple[tuple[str, str, str], ...]:
    """Give what differs between two placements: what it is called, what it was, what it is; empty for nothing.

    Examples
    --------
    >>> differences(Placement(name="Kunduz"), Placement(name="Kunduz", country_code="AF"))
    (('country code', '', 'AF'),)
    """

    def text(value: object) -> str:
        return "" if value is None else repr(value) if isinstance(value, float) else str(value)

    names = [field.name for field in fields(Placement)]
    pairs = [(name.replace("_", " "), text(getattr(old, name)), text(getattr(new, name))) for name in names]
    return tuple((name, was, now) for name, was, now in pairs if was != now)


def seen(text: str) -> tuple[str, int]:
    r"""Give what a reader sees of a text, on one line, and how many characters that nobody sees were taken out.

    Control characters, marks that turn the direction of writing round, and other characters without a shape go; what
    joins the letters of Persian or Hindi stays.

    Examples
    --------
    >>> seen("Kunduz\u202e ytic\n  is meant")
    ('Kunduz ytic is meant', 1)
    """
    kept = [
        " " if letter in _BREAKS else letter
        for letter in text
        if letter in _BREAKS or letter in _UNSEEN_BUT_NEEDED or unicodedata.category(letter) not in {"Cc", "Cf", "Cs"}
    ]
    return unicodedata.normalize("NFC", " ".join("".join(kept).split())), len(text) - len(kept)


def typed_number(label: str, text: str) -> float:
    """Read a number that an editor typed, to the digit.

    Raises
    ------
    RefusedDecisionError
        If it is none; the text says how to write it.

    Examples
    --------
    >>> typed_number("latitude", " 11.08169 "), typed_number("longitude", "−0.5°")
    (11.08169, -0.5)
    """
    cleaned = text.strip().removesuffix("°").rstrip().replace("\u2212", "-")
    if not cleaned:
        refuse(f"The {label} is missing.")
    if not _NUMBER.fullmatch(cleaned):
        refuse(f"The {label} is a number such as 11.0817, with a point and no letters, not {text.strip()[:20]!r}.")
    return float(cleaned)


def check_text(label: str, text: str, *, longest: int) -> None:
    """Refuse a text that is missing, too long, or cannot be written down."""
    if not text.strip():
        refuse(f"The {label} is missing.")
    if len(text) > longest:
        refuse(f"The {label} has {len(text):,} characters, and may have {longest:,}.")
    if any(unicodedata.category(letter) == "Cs" for letter in text):
        refuse(f"The {label} is no text that can be written down.")


def refuse(message: str) -> NoReturn:
    """Refuse a decision, and say what to write instead."""
    raise RefusedDecisionError(message)
