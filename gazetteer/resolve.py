"""From a place as reported, with what is known beside it, to a match: verdict, radius and the reason."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Final

from gazetteer.place import NEAR_KM, STAND_IN_SCORE, Candidate, Match, Place, Precision, Verdict
from gazetteer.verdict import Context

if TYPE_CHECKING:
    from gazetteer.index import Gazetteer

#: A mention longer than this is a passage, not a place.
LONGEST_MENTION: Final = 200

# How many words may stand around words around a name.
_DEEPEST: Final = 4

_SIDE: Final = r"(?:north|south|east|west|north-?east|north-?west|south-?east|south-?west)(?:ern)?"


@dataclass(frozen=True, slots=True)
class _Reading:
    """A way of writing around a name: what it looks like, and what it says of the place."""

    pattern: re.Pattern[str]
    means: str  # part, near, outskirts, towards, kind
    feature_class: str | None = None
    feature_code: str | None = None


def _reading(
    pattern: str, means: str, *, feature_class: str | None = None, feature_code: str | None = None
) -> _Reading:
    return _Reading(re.compile(pattern, re.IGNORECASE), means, feature_class, feature_code)


_SETTLEMENT: Final = r"city|town|township|village|locality|ville|ciudad"
_FIRST: Final = r"province|region|région|governorate|state|wilayat|muhafazat"
_SECOND: Final = r"district|county|prefecture|préfecture|department|département"
_OF: Final = r"(?:of|de la|de l['’]|des|du|de|d['’])"

# In the order in which they are tried.
_READINGS: Final = (
    _reading(
        r".*\b(?:towards?|on the way to|en route to|on the road to|bound for|headed (?:for|to)|"
        r"march(?:ed|ing)? (?:to|on)) (?P<name>.+)",
        "towards",
    ),
    _reading(r"(?:the )?(?:\w+ )?capital (?:city )?(?:of )?(?P<name>.+)", "kind", feature_class="P"),
    _reading(
        r"(?:near|nearby|close to|not far from|in the vicinity of|vicinity of|around|outside) (?P<name>.+)",
        "near",
    ),
    _reading(
        r"(?:on |in )?the outskirts of (?P<name>.+)|outskirts of (?P<name2>.+)",
        "outskirts",
        feature_class="P",
    ),
    _reading(rf"(?:{_SIDE}|central|downtown|inner|outer) (?:parts? of )?(?P<name>.+)", "part"),
    _reading(r"(?:the )?(?:centre|center|suburbs?|parts?) of (?P<name>.+)", "part"),
    _reading(rf"(?:\w+ )?(?:{_SETTLEMENT}) {_OF} ?(?P<name>.+)", "kind", feature_class="P"),
    _reading(rf"(?P<name>.+) (?:{_SETTLEMENT})", "kind", feature_class="P"),
    _reading(rf"(?:{_FIRST}) {_OF} ?(?P<name>.+)", "kind", feature_class="A", feature_code="ADM1"),
    _reading(rf"(?P<name>.+) (?:{_FIRST})", "kind", feature_class="A", feature_code="ADM1"),
    _reading(rf"(?:{_SECOND}) {_OF} ?(?P<name>.+)", "kind", feature_class="A", feature_code="ADM2"),
    _reading(rf"(?P<name>.+) (?:{_SECOND})", "kind", feature_class="A", feature_code="ADM2"),
)
_HOLDER: Final = re.compile(r"(?P<name>.+?)(?:\s*,\s*|\s+(?:in|at|of)\s+)(?P<holder>.+)", re.IGNORECASE)


def resolve(
    mention: str,
    *,
    gazetteer: Gazetteer,
    country: str | None = None,
    admin1: str | None = None,
    admin2: str | None = None,
    feature_class: str | None = None,
    feature_code: str | None = None,
    on: date | None = None,
) -> Match:
    """Give the match for a place as a source words it.

    A whole mention that a layer lists is that place. Otherwise words around a name are read: "western Kabul"
    is a part, "near Djibo" an offset, "city of Najaf" and "Kunduz province" a kind, "Sanloaga, Kpendjal" a
    place and what holds it. What leads nowhere is the smallest unit that must hold it, with its radius and
    the verdict `unknown`, or `misspelt` if a name is close: that name is a candidate, not the answer.

    Parameters
    ----------
    mention
        The source's own words.
    gazetteer
        Where names are looked up.
    country, admin1, admin2
        The units that hold the place, as the source names them; the country by ISO 3166-1 alpha-2 code or by
        name.
    feature_class, feature_code
        GeoNames class letter and code, if the source says what kind of place it is.
    on
        The day of the event, for names and units that have changed.

    Returns
    -------
    Match
        With one sentence of `reason`.

    Raises
    ------
    UnknownCountryError
        If `country` is neither a code nor a listed name.

    Examples
    --------
    >>> from gazetteer import Gazetteer
    >>> gazetteer = Gazetteer.open()
    >>> print(resolve("western Kabul", gazetteer=gazetteer, country="AF").reason)
    western Kabul is a part of Kabul, the capital city in Afghanistan; the whole stands for it, within 19.7
    km.
    """
    text = _clean(mention)
    code = gazetteer.country_code(country) if country else None
    first, second = (_clean(unit) or None if unit else None for unit in (admin1, admin2))
    context = _Known(gazetteer, code, first, second, feature_class, on, feature_code)
    if not text or len(text) > LONGEST_MENTION:
        match = context.lookup("")
        why = f"A text of {len(text):,} characters is not the name of a place" if text else "No place is named"
        reason = f"{why}; {match.reason.partition('; ')[2]}"
        return replace(match, query=text[:LONGEST_MENTION], reason=reason)
    match = context.resolve(text)
    unseen = sum(unicodedata.category(letter).startswith("C") and not letter.isspace() for letter in mention)
    if unseen:
        # They may show one name and hold another: marks of writing direction turn letters round.
        told = f"{unseen} characters that nobody sees were" if unseen > 1 else "a character that nobody sees was"
        return replace(match, query=text, reason=f"{match.reason.removesuffix('.')}; {told} taken out of it.")
    return match


@dataclass(frozen=True, slots=True)
class _Known:
    """A gazetteer with all that is known beside the mention."""

    gazetteer: Gazetteer
    country: str | None
    admin1: str | None
    admin2: str | None
    feature_class: str | None
    on: date | None
    feature_code: str | None = None
    depth: int = 0

    def lookup(self, name: str) -> Match:
        context = Context(self.country, self.admin1, self.admin2, self.on, self.feature_class, self.feature_code)
        return self.gazetteer.named(name, context=context)

    def listed(self, name: str) -> bool:
        return bool(self.gazetteer.hits(name, country=self.country))

    def resolve(self, text: str) -> Match:
        if self.listed(text) or self.depth > _DEEPEST:
            return self.lookup(text)
        bare: Match | None = None
        for reading in _READINGS:
            found = reading.pattern.fullmatch(text)
            if found:
                name = next(group for group in found.groups() if group)
                inner = replace(
                    self,
                    feature_class=reading.feature_class or self.feature_class,
                    feature_code=reading.feature_code or self.feature_code,
                    depth=self.depth + 1,
                ).resolve(name)
                if _is_answer(inner):
                    return replace(_READERS[reading.means](self, inner, text), query=text)
                # "Qunduzz village" is no name, but "Qunduzz" may be a misspelt one.
                if reading.means == "kind" and bare is None:
                    bare = replace(inner, query=text)
        held = self._held(text)
        if held is not None:
            return held
        whole = self.lookup(text)
        return whole if bare is None or (whole.candidates and not bare.candidates) else bare

    def _held(self, text: str) -> Match | None:
        """Read "X, Y", "X in Y" and "Y, in X": a place and the one that holds it."""
        found = _HOLDER.fullmatch(text)
        if not found:
            return None
        deeper = replace(self, depth=self.depth + 1, feature_class=None, feature_code=None)
        name, other = found["name"], found["holder"]
        holder = deeper.resolve(other)
        if not _is_answer(holder) and self.gazetteer.hits(other):
            # It lies in another country than the source names: that is said, and not overruled.
            return replace(holder, query=text)
        if not _is_answer(holder):
            name, holder = other, deeper.resolve(name)
        unit = holder.place
        if unit is None or not _is_answer(holder):
            return None
        name = _clean(re.sub(rf"^(?:in |at )?(?:the )?(?:(?:{_SETTLEMENT}) of )?", "", name, flags=re.IGNORECASE))
        match = replace(
            self,
            depth=self.depth + 1,
            country=unit.country_code or self.country,
            admin1=unit.admin1 or self.admin1,
            admin2=unit.admin2 or self.admin2,
        ).resolve(name)
        if _is_answer(match) or unit.feature_class == "A":
            return replace(match, query=text)
        reason = f"{name} is in no gazetteer layer; placed in {unit.name}, the {unit.kind} the source names"
        return replace(holder, query=text, verdict=Verdict.UNKNOWN, reason=_within(reason, holder))

    def part(self, inner: Match, text: str) -> Match:
        """The name is a whole of which only a part is meant; the whole stands for it."""
        if inner.place is None or inner.verdict is Verdict.AMBIGUOUS:
            return inner
        what = f"{text} is a part of {self._what(inner.place)}"
        return replace(inner, reason=_within(f"{what}; the whole stands for it", inner))

    def near(self, inner: Match, text: str) -> Match:
        """The name is a point of reference: at least 25 km around it, or around its outline."""
        if inner.place is None or inner.uncertainty_km is None:
            return inner
        if inner.place.feature_class == "A":
            wide = replace(
                inner, geo_precision=Precision.LINEAR_OR_FUZZY, uncertainty_km=inner.uncertainty_km + NEAR_KM
            )
            return replace(
                wide, reason=_within(f"{text} may be inside {self._what(inner.place)} or just outside", wide)
            )
        wide = replace(
            inner, geo_precision=Precision.NEAR_SETTLEMENT, uncertainty_km=max(inner.uncertainty_km, NEAR_KM)
        )
        return replace(wide, reason=_within(f"{text} is read as an offset from {self._what(inner.place)}", wide))

    def towards(self, inner: Match, text: str) -> Match:  # noqa: ARG002  one form for every reader
        """The name is a direction, so that only the units that the source names hold the place."""
        within = self.lookup("")
        name = inner.place.name if inner.place else inner.query
        reason = f"{name} is the direction, not the place; {within.reason.partition('; ')[2]}"
        candidates = (Candidate(inner.place, name, STAND_IN_SCORE),) if inner.place else ()
        return replace(within, reason=reason, candidates=candidates)

    def kind(self, inner: Match, text: str) -> Match:  # noqa: ARG002  one form for every reader
        """The word around the name only says which of its namesakes is meant."""
        return inner

    def _what(self, place: Place) -> str:
        if place.feature_code == "PCLI":
            return place.name
        holder = self.gazetteer.containing(country=place.country_code)
        return f"{place.name}, the {place.kind}" + (f" in {holder.name}" if holder else "")


_READERS: Final[dict[str, Callable[[_Known, Match, str], Match]]] = {
    "part": _Known.part,
    "near": _Known.near,
    "outskirts": _Known.near,
    "towards": _Known.towards,
    "kind": _Known.kind,
}


def _is_answer(match: Match) -> bool:
    return match.verdict not in {Verdict.UNKNOWN, Verdict.MISSPELT}


def _within(reason: str, match: Match) -> str:
    if match.uncertainty_km is None:
        return f"{reason}, and a whole country is listed, not drawn."
    return f"{reason}, within {match.uncertainty_km:g} km."


def _clean(mention: str) -> str:
    """Take control characters and marks of writing direction out, and superfluous space."""
    visible = "".join(
        " " if letter.isspace() else letter
        for letter in mention
        if letter.isspace() or not unicodedata.category(letter).startswith("C")
    )
    return re.sub(r"^the ", "", " ".join(visible.split()).strip(" .,;:"), flags=re.IGNORECASE)
