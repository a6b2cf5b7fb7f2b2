"""The rules of the verdict: from the places that bear a name, and what is known beside it, to one answer."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from gazetteer.names import fold, skeleton
from gazetteer.place import Match, Name, NameKind, Place, Precision, RadiusBasis, Verdict

_LEVELS: Final = ("PCLI", "ADM1", "ADM2")
_BEST_KIND: Final = (NameKind.STANDARD, NameKind.CONVENTIONAL, NameKind.VARIANT, NameKind.HISTORIC)


@dataclass(frozen=True, slots=True)
class Hit:
    """A place, and the one of its names that was asked for."""

    place: Place
    name: Name


@dataclass(frozen=True, slots=True)
class Context:
    """What is known beside the name; None is not known. `country` is an ISO 3166-1 alpha-2 code."""

    country: str | None = None
    admin1: str | None = None
    admin2: str | None = None
    on: date | None = None
    feature_class: str | None = None
    feature_code: str | None = None


def judge(
    query: str,
    hits: Sequence[Hit],
    *,
    context: Context,
    countries: Mapping[str, str],
    within: Place | None,
    suggestions: Sequence[Place] = (),
) -> Match:
    """Give the verdict on a name.

    Parameters
    ----------
    query
        The name as written.
    hits
        Every place of every country that bears the name.
    context
        What the source says beside the name.
    countries
        English country names by code, for the reason.
    within
        The smallest known unit that must hold the place, for a name that leads nowhere.
    suggestions
        Places whose names are close to it, for a name that no layer has.
    """
    here = [hit for hit in hits if context.country is None or hit.place.country_code == context.country]
    if not here:
        return _placeless(query, hits, countries=countries, within=within, suggestions=suggestions)
    left = _narrowed(_one_name_each(here, context.on), context)
    located = [hit for hit in left if hit.place.longitude is not None]
    if not located:
        why = None if within is None or context.admin2 or context.admin1 else f"its {within.kind}"
        reason = f"{query} has no coordinates in any gazetteer layer; {_stands_in(within, because=why)}"
        return _at(within, query, Verdict.UNKNOWN, reason)
    if len(located) == 1:
        return _found(query, located[0], context=context, countries=countries)
    return _among(query, located, context=context, countries=countries, within=within)


def same_unit(left: str, right: str) -> bool:
    """Tell whether two spellings may name one administrative unit, such as Hirat and Herat."""
    if skeleton(left) == skeleton(right):
        return True
    shorter, longer = sorted((set(fold(left).split()), set(fold(right).split())), key=len)
    return bool(shorter) and shorter <= longer


def _one_name_each(hits: Sequence[Hit], on: date | None) -> list[Hit]:
    """Keep for each place the best name that matched: in force before not, standard before variant."""
    best: dict[str, Hit] = {}
    for hit in sorted(hits, key=lambda hit: (not hit.name.in_force(on), _BEST_KIND.index(hit.name.kind))):
        best.setdefault(hit.place.place_id, hit)
    return list(best.values())


def _narrowed(hits: list[Hit], context: Context) -> list[Hit]:
    """Drop what the context speaks against, rule by rule, as long as something is left."""
    rules: tuple[Callable[[Hit], bool], ...] = (
        lambda hit: hit.name.in_force(context.on) and hit.place.existed(context.on),
        lambda hit: context.feature_class is None or hit.place.feature_class == context.feature_class,
        lambda hit: context.feature_code is None or hit.place.feature_code == context.feature_code,
        lambda hit: not _contradiction(hit.place, context),
        lambda hit: context.admin2 is None or hit.place.feature_code not in {"PCLI", "ADM1"},
    )
    for rule in rules:
        hits = [hit for hit in hits if rule(hit)] or hits
    return hits


def _contradiction(place: Place, context: Context) -> str | None:
    """The unit of the gazetteer that is not the one which the source names."""
    for ours, theirs in ((place.admin1, context.admin1), (place.admin2, context.admin2)):
        if ours and theirs and not same_unit(ours, theirs):
            return f"the source puts it in {theirs}, the gazetteer in {ours}"
    return None


def _found(query: str, hit: Hit, *, context: Context, countries: Mapping[str, str]) -> Match:
    place, name = hit.place, hit.name
    what = _described(place, countries)
    own_name = fold(query) == fold(place.name)
    if not (name.in_force(context.on) and place.existed(context.on)):
        verdict = Verdict.HISTORIC
        day = "" if context.on is None else f", not on {context.on}"
        reason = f"{query} is a name of {what} {_span(name, place)}{day}"
    elif name.kind in {NameKind.STANDARD, NameKind.CONVENTIONAL}:
        verdict = Verdict.EXACT
        reason = f"{query} is {what}" if own_name else f"{query} is a listed name of {place.name}, {what}"
    else:
        verdict, reason = Verdict.VARIANT, f"{query} is a listed spelling of {place.name}, {what}"
    parts = [reason, _drawn(place), _contradiction(place, context)]
    return _at(place, query, verdict, "; ".join(part for part in parts if part))


def _among(
    query: str, hits: list[Hit], *, context: Context, countries: Mapping[str, str], within: Place | None
) -> Match:
    outermost = min(hits, key=lambda hit: _level(hit.place)).place
    others = [hit.place for hit in hits if hit.place is not outermost]
    nested = outermost.feature_class == "A" and all(_holds(outermost, place) for place in others)
    capital = next((hit for hit in hits if hit.place.feature_code == "PPLC"), None)
    if capital is not None and nested and outermost.feature_code != "PCLI":
        match = _found(query, capital, context=context, countries=countries)
        rest = tuple(hit.place for hit in hits if hit is not capital)
        reason = f"{match.reason.removesuffix('.')}; a capital named alone is the city, not the {rest[0].kind}."
        return _at(capital.place, query, match.verdict, reason, candidates=rest)
    places = tuple(sorted((hit.place for hit in hits), key=_level, reverse=True))
    kinds = _listed([f"the {place.kind}" for place in places], "or")
    if nested:
        reason = f"{query} may be {kinds}; {_stands_in(outermost, because='which holds them all')}"
        return _at(outermost, query, Verdict.AMBIGUOUS, reason, candidates=places)
    where = _listed(
        [
            _described(place, countries) if place.feature_code != "PCLI" else f"the country {place.name}"
            for place in places[:4]
        ],
        "or",
    )
    reason = f"{query} may be {where}; {_stands_in(within)}"
    return _at(within, query, Verdict.AMBIGUOUS, reason, candidates=places)


def _placeless(
    query: str,
    elsewhere: Sequence[Hit],
    *,
    countries: Mapping[str, str],
    within: Place | None,
    suggestions: Sequence[Place],
) -> Match:
    """Answer a name that no place of the country bears: the unit that must hold it, if one is known."""
    if elsewhere:
        lands = sorted({countries.get(hit.place.country_code or "", "no country") for hit in elsewhere})
        reason = f"{query} is listed only in {_listed(lands, 'and')}, which the source does not name"
        return _at(within, query, Verdict.UNKNOWN, f"{reason}; {_stands_in(within)}")
    reason = f"{query} is in no gazetteer layer"
    if not suggestions:
        return _at(within, query, Verdict.UNKNOWN, f"{reason}; {_stands_in(within)}")
    guesses = _listed(list(dict.fromkeys(place.name for place in suggestions[:3])), "or")
    reason = f"{reason}, and may be a misspelling of {guesses}; {_stands_in(within)}"
    return _at(within, query, Verdict.MISSPELT, reason, candidates=tuple(suggestions))


def _at(place: Place | None, query: str, verdict: Verdict, reason: str, *, candidates: tuple[Place, ...] = ()) -> Match:
    sentence = reason if reason.endswith(".") else f"{reason}."
    if place is None:
        return Match(query, verdict, sentence, candidates=candidates)
    mapped = place.geo_precision is not Precision.COUNTRY
    return Match(
        query,
        verdict,
        sentence,
        place=place,
        candidates=candidates,
        longitude=place.longitude if mapped else None,
        latitude=place.latitude if mapped else None,
        geo_precision=place.geo_precision,
        uncertainty_km=place.uncertainty_km if mapped else None,
        feature_class=place.feature_class,
        country_code=place.country_code,
    )


def _stands_in(unit: Place | None, *, because: str | None = None) -> str:
    if unit is None:
        return "nothing else places it"
    if unit.geo_precision is Precision.COUNTRY:
        return f"only the country is known, {unit.name}"
    why = because or f"the {unit.kind} the source names"
    return f"placed in {unit.name}, {why}, within {unit.uncertainty_km:g} km"


def _described(place: Place, countries: Mapping[str, str]) -> str:
    if place.feature_code == "PCLI":
        return "a country"
    if place.feature_code == "PPLC":
        return f"the capital city of {countries.get(place.country_code or '', 'no country')}"
    article = "an" if place.kind[0] in "aeiou" else "a"
    return f"{article} {place.kind} in {countries.get(place.country_code or '', 'no country')}"


def _drawn(place: Place) -> str | None:
    if place.geo_precision is Precision.COUNTRY:
        return "a whole country is listed, not drawn"
    if place.uncertainty_km is None:
        return None
    if place.geo_precision in {Precision.ADMIN1, Precision.ADMIN2, Precision.LINEAR_OR_FUZZY}:
        return f"anywhere in it, within {place.uncertainty_km:g} km of its centre"
    default = ", the default for its kind" if place.uncertainty_basis is RadiusBasis.DEFAULT else ""
    near = " of a point that its source calls near" if place.uncertainty_basis is RadiusBasis.NEAR else ""
    return f"within {place.uncertainty_km:g} km{near}{default}"


def _span(name: Name, place: Place) -> str:
    first, last = name.valid_from or place.valid_from, name.valid_to or place.valid_to
    if first and last:
        return f"from {first} to {last}"
    if first:
        return f"since {first}"
    return f"until {last}" if last else "of former times"


def _level(place: Place) -> int:
    return _LEVELS.index(place.feature_code) if place.feature_code in _LEVELS else len(_LEVELS)


def _holds(outer: Place, inner: Place) -> bool:
    """Tell whether a unit holds a place, as far as the names of their units say."""
    if outer.country_code != inner.country_code or _level(outer) >= _level(inner):
        return False
    if outer.feature_code == "PCLI":
        return True
    for ours, theirs in ((outer.admin1, inner.admin1), (outer.admin2, inner.admin2)):
        if ours and not (theirs and same_unit(ours, theirs)):
            return False
    return True


def _listed(parts: list[str], last: str) -> str:
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} {last} {parts[-1]}"
