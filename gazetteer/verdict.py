"""The rules of the verdict: from the places that bear a name, and what is known beside it, to one answer."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from math import log10
from types import MappingProxyType
from typing import Final

from gazetteer.curated import VOUCHED
from gazetteer.layer import Hit
from gazetteer.names import fold, skeleton
from gazetteer.place import Candidate, Match, Name, NameKind, Place, Precision, RadiusBasis, Verdict
from gazetteer.space import distance_km

_LEVELS: Final = ("PCLI", "ADM1", "ADM2")
_BEST_KIND: Final = (NameKind.STANDARD, NameKind.CONVENTIONAL, NameKind.VARIANT, NameKind.HISTORIC)


#: How well a name fits: 1 written so; a name that sounds alike or is a slip away only suggests itself.
_FITS: Final[Mapping[NameKind, float]] = MappingProxyType(
    {NameKind.STANDARD: 1.0, NameKind.CONVENTIONAL: 1.0, NameKind.VARIANT: 0.9, NameKind.HISTORIC: 0.6}
)
#: What a place scores, of what it would, if it lies in another unit than the source names.
OUTSIDE: Final = 0.3
#: The same, if it lies in the division that the source names and not in the district.
SAME_DIVISION: Final = 0.7
#: A namesake this many times as populous is the one that is meant without another word; smaller ones are named.
_DOMINANT: Final = 20
_DOMINANT_POPULATION: Final = 20_000
#: What GeoNames does not count has fewer inhabitants than this.
_UNCOUNTED: Final = 1_000
#: How many namesakes a reason names.
_TOLD: Final = 4
#: Settlements of one name this near to each other are one place in two layers, or not worth telling apart.
_ONE_PLACE_KM: Final = 5.0


@dataclass(frozen=True, slots=True)
class Context:
    """What is known beside the name; None is not known. `country` is an ISO 3166-1 alpha-2 code.

    `admin1` and `admin2` are the source's words, the known ones the gazetteer's names of the units that these mean.
    """

    country: str | None = None
    admin1: str | None = None
    admin2: str | None = None
    on: date | None = None
    feature_class: str | None = None
    feature_code: str | None = None
    known_admin1: str | None = None
    known_admin2: str | None = None


def judge(
    query: str,
    hits: Sequence[Hit],
    *,
    context: Context,
    countries: Mapping[str, str],
    within: Place | None,
    suggestions: Sequence[Candidate] = (),
    closeness: Callable[[Place], float] = lambda _: 1.0,
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
    closeness
        How well a place's position agrees with the units that the source names: 1 if it may lie in all of them.
    """
    here = [hit for hit in hits if context.country is None or hit.place.country_code == context.country]
    if not here:
        return _placeless(query, hits, context=context, countries=countries, within=within, suggestions=suggestions)
    here = _one_name_each(here, context.on)
    # The house's own places outrank the others of their name, which stay candidates.
    vouched = ([hit for hit in here if hit.place.layer == layer] for layer in VOUCHED)
    first = next(filter(None, vouched), here)
    left = _narrowed(first, context, closeness)
    located = _distinct([hit for hit in left if hit.place.longitude is not None])
    rest = [hit for hit in here if hit not in left] if context.country is None else []
    if not located:
        why = None if within is None or context.admin2 or context.admin1 else f"its {within.kind}"
        reason = f"{query} has no coordinates in any gazetteer layer; {_stands_in(within, because=why)}"
        return _at(within, query, Verdict.UNKNOWN, reason)
    if not any(hit.place.layer in VOUCHED or closeness(hit.place) == 1 for hit in located):
        return _outside(query, located, closeness, context=context, countries=countries, unit=within)
    if len(located) == 1 and _is_chance(located[0], context):
        candidates = _ranked(located, context)
        what = _described_at(located[0].place, countries)
        reason = f"{query} is only a listed spelling of {located[0].place.name}, {what}, which no source names"
        return _at(within, query, Verdict.UNKNOWN, f"{reason}; {_stands_in(within)}", candidates=candidates)
    if len(located) == 1:
        return _found(query, located[0], context=context, countries=countries, candidates=_ranked(rest, context))
    return _among(query, located, context=context, countries=countries, within=within)


def score(place: Place, name: Name, *, context: Context, fit: float | None = None) -> float:
    """Say how well a place answers a name, from 0 to 1, to put candidates in order.

    It is how well the name fits, or `fit` for a name that is only near, times how prominent the place is (a country 1;
    a capital 0.97; a settlement from 0.5 to 0.96 by the magnitude of its population; a district 0.6, a division 0.55;
    what the house vouches for 0.9), and a third of that if it lies in another unit than the source names.

    Examples
    --------
    >>> from gazetteer import Gazetteer
    >>> kabul = Gazetteer.open().place("curated:af-kabul-city")
    >>> score(kabul, Name("Kabul"), context=Context())
    0.97
    """
    fits = _FITS[name.kind] if fit is None else fit
    if not name.in_force(context.on):
        fits = min(fits, _FITS[NameKind.HISTORIC])
    against = OUTSIDE if _contradiction(place, context) else 1.0
    return round(fits * _prominence(place) * against, 3)


def _prominence(place: Place) -> float:
    match place.feature_code:
        case "PCLI":
            return 1.0
        case "PPLC":
            return 0.97
        case "ADM2":
            return 0.6
        case "ADM1":
            return 0.55
    if place.layer in VOUCHED:
        return 0.9
    return 0.5 + 0.46 * min(log10((place.population or 0) + 1) / 7, 1)


def _is_chance(hit: Hit, context: Context) -> bool:
    """Tell whether a small place of somewhere in the world bears the name in a spelling of unknown language.

    The sources list millions of machine-made spellings, so that almost any short word is one of them.
    """
    known = context.country or hit.place.layer in VOUCHED or hit.place.feature_class != "P"
    plain = hit.name.kind is NameKind.VARIANT and hit.name.language == "und"
    return not known and plain and (hit.place.population or 0) < _DOMINANT_POPULATION


def _ranked(hits: Sequence[Hit], context: Context) -> tuple[Candidate, ...]:
    found = [Candidate(hit.place, hit.name.text, score(hit.place, hit.name, context=context)) for hit in hits]
    return tuple(sorted(found, key=lambda candidate: -candidate.score))


def _distinct(hits: list[Hit]) -> list[Hit]:
    """Take settlements of one name side by side for one place: the most populous stands for all."""
    kept: list[Hit] = []
    for hit in sorted(hits, key=lambda hit: (hit.place.layer not in VOUCHED, -(hit.place.population or 0))):
        twin = any(
            hit.place.feature_class == other.place.feature_class == "P"
            and hit.place.layer not in VOUCHED
            and distance_km(hit.place, other.place) <= _ONE_PLACE_KM
            for other in kept
        )
        if not twin:
            kept.append(hit)
    return kept


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


def _narrowed(hits: list[Hit], context: Context, closeness: Callable[[Place], float]) -> list[Hit]:
    """Drop what the context speaks against, rule by rule, as long as something is left."""
    rules: tuple[Callable[[Hit], bool], ...] = (
        lambda hit: hit.name.in_force(context.on) and hit.place.existed(context.on),
        lambda hit: context.feature_class is None or hit.place.feature_class == context.feature_class,
        lambda hit: context.feature_code is None or hit.place.feature_code == context.feature_code,
        lambda hit: not _contradiction(hit.place, context),
        lambda hit: context.admin2 is None or hit.place.feature_code not in {"PCLI", "ADM1"},
        lambda hit: closeness(hit.place) == 1,
        lambda hit: closeness(hit.place) >= SAME_DIVISION,
    )
    for rule in rules:
        hits = [hit for hit in hits if rule(hit)] or hits
    return hits


def _contradiction(place: Place, context: Context) -> str | None:
    """The unit of the gazetteer that is not the one which the source names."""
    for ours, theirs, known in (
        (place.admin1, context.admin1, context.known_admin1),
        (place.admin2, context.admin2, context.known_admin2),
    ):
        if ours and theirs and not same_unit(ours, theirs) and not (known and same_unit(ours, known)):
            return f"the source puts it in {theirs}, the gazetteer in {ours}"
    return None


def _found(
    query: str,
    hit: Hit,
    *,
    context: Context,
    countries: Mapping[str, str],
    candidates: tuple[Candidate, ...] = (),
    because: str | None = None,
) -> Match:
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
    conflict = _contradiction(place, context)
    parts = [reason, because, _drawn(place), conflict]
    told = "; ".join(part for part in parts if part)
    return replace(_at(place, query, verdict, told, candidates=candidates), conflict=conflict)


def _among(
    query: str, hits: list[Hit], *, context: Context, countries: Mapping[str, str], within: Place | None
) -> Match:
    ranked = _ranked(hits, context)
    left = _without_dwarfs(hits)

    def others(answer: Place) -> tuple[Candidate, ...]:
        return tuple(candidate for candidate in ranked if candidate.place is not answer)

    outermost = min(left, key=lambda hit: level_of(hit.place)).place
    inner = [hit.place for hit in left if hit.place is not outermost]
    nested = outermost.feature_class == "A" and all(holds(outermost, place) for place in inner)
    capital = next((hit for hit in left if hit.place.feature_code == "PPLC"), None)
    if capital is not None and nested and outermost.feature_code != "PCLI":
        rest = others(capital.place)
        kind = next(hit.place.kind for hit in sorted(left, key=lambda hit: -level_of(hit.place)) if hit is not capital)
        match = _found(query, capital, context=context, countries=countries, candidates=rest)
        reason = f"{match.reason.removesuffix('.')}; a capital named alone is the city, not the {kind}."
        return replace(match, reason=reason)
    if len(left) == 1:
        rest = others(left[0].place)
        because = f"its namesakes, such as {_described_at(rest[0].place, countries)}, are far smaller"
        return _found(query, left[0], context=context, countries=countries, candidates=rest, because=because)
    places = list(dict.fromkeys(candidate.place for candidate in ranked))
    if nested:
        kinds = _listed([f"the {hit.place.kind}" for hit in sorted(left, key=lambda hit: -level_of(hit.place))], "or")
        reason = f"{query} may be {kinds}; {_stands_in(outermost, because='which holds them all')}"
        return _at(outermost, query, Verdict.AMBIGUOUS, reason, candidates=ranked)
    where = list(dict.fromkeys(_described_at(place, countries) for place in places))
    if len(where) > _TOLD + 1:
        where = [*where[:_TOLD], f"one of {len(places) - _TOLD} others"]
    apart_km = max(distance_km(places[0], place) for place in places[1:])
    reason = f"{query} may be {_listed(where, 'or')}, up to {apart_km:,.0f} km apart; {_stands_in(within)}"
    return _at(within, query, Verdict.AMBIGUOUS, reason, candidates=ranked)


def _without_dwarfs(hits: list[Hit]) -> list[Hit]:
    """Leave out who is not meant by a bare name: namesakes of a country, or of a far more populous settlement.

    A unit that holds the settlement stays, since the name may mean the unit; so does a division beside a country.
    """
    countries = [hit for hit in hits if hit.place.feature_code == "PCLI"]
    if len(countries) == 1:
        # "Georgia" is the state's own name as well; "Niger State" is Niger only by leaving a word out.
        divisions = (
            hit
            for hit in hits
            if hit.place.feature_code == "PPLC"
            or (hit.place.feature_code == "ADM1" and hit.name.kind is not NameKind.VARIANT)
        )
        return [*countries, *divisions]
    settlements = [hit for hit in hits if hit.place.feature_class == "P"]
    main = max(settlements, key=lambda hit: hit.place.population or 0, default=None)
    if main is None or (main.place.population or 0) < _DOMINANT_POPULATION:
        return hits
    least = (main.place.population or 0) / _DOMINANT
    return [
        hit
        for hit in hits
        if hit is main
        or (hit.place.feature_class == "A" and (hit.place.feature_code == "ADM1" or holds(hit.place, main.place)))
        or (hit.place.feature_class == "P" and (hit.place.population or _UNCOUNTED) > least)
    ]


def _placeless(
    query: str,
    elsewhere: Sequence[Hit],
    *,
    context: Context,
    countries: Mapping[str, str],
    within: Place | None,
    suggestions: Sequence[Candidate],
) -> Match:
    """Answer a name that no place of the country bears: the unit that must hold it, if one is known."""
    if elsewhere and not suggestions:
        lands = sorted({countries.get(hit.place.country_code or "", "no country") for hit in elsewhere})
        where = _listed(lands, "and") if len(lands) <= 4 else f"{', '.join(lands[:4])} and {len(lands) - 4} more"
        reason = f"{query} is listed only in {where}, which the source does not name"
        stated = countries.get(context.country or "", context.country)
        match = _at(within, query, Verdict.UNKNOWN, f"{reason}; {_stands_in(within)}")
        return replace(match, conflict=f"the source puts {query} in {stated}, the gazetteer in {where}")
    reason = f"{query} is in no gazetteer layer"
    if not suggestions:
        return _at(within, query, Verdict.UNKNOWN, f"{reason}; {_stands_in(within)}")
    guesses = _listed(list(dict.fromkeys(candidate.place.name for candidate in suggestions))[:3], "or")
    reason = f"{reason}, and may be a misspelling of {guesses}; {_stands_in(within)}"
    return _at(within, query, Verdict.MISSPELT, reason, candidates=tuple(suggestions))


def _outside(
    query: str,
    hits: list[Hit],
    closeness: Callable[[Place], float],
    *,
    context: Context,
    countries: Mapping[str, str],
    unit: Place | None,
) -> Match:
    """Answer a name that only places outside the unit bear which the source names: that unit, and the conflict."""
    found = [replace(one, score=round(one.score * closeness(one.place), 3)) for one in _ranked(hits, context)]
    candidates = tuple(sorted(found, key=lambda one: -one.score))
    nearest = candidates[0].place
    where = f"{_described_at(nearest, countries)}, {distance_km(nearest, unit or nearest):,.0f} km off"
    stated = unit.name if unit else ""
    reason = f"{query} is not listed in {stated}, and the best known of its name is {where}"
    match = _at(unit, query, Verdict.UNKNOWN, f"{reason}; {_stands_in(unit)}", candidates=candidates)
    return replace(match, conflict=f"the source puts {query} in {stated}, the gazetteer {where}")


def _at(
    place: Place | None, query: str, verdict: Verdict, reason: str, *, candidates: tuple[Candidate, ...] = ()
) -> Match:
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
    if unit.uncertainty_km is None:
        return f"placed in {unit.name}, {why}, whose position is not known"
    return f"placed in {unit.name}, {why}, within {unit.uncertainty_km:g} km"


def _described_at(place: Place, countries: Mapping[str, str]) -> str:
    """A place among others, told apart by its division."""
    if place.feature_code == "PCLI":
        return f"the country {place.name}"
    holder = place.admin1 if place.admin1 and place.feature_code != "ADM1" else None
    return f"{_described(place, countries)}" + (f" ({holder})" if holder else "")


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


def level_of(place: Place) -> int:
    """Say how far down a place is: 0 a country, 1 a division, 2 a district, 3 whatever is smaller."""
    return _LEVELS.index(place.feature_code) if place.feature_code in _LEVELS else len(_LEVELS)


def holds(outer: Place, inner: Place) -> bool:
    """Tell whether a unit holds a place, as far as the names of their units say."""
    if outer.country_code != inner.country_code or level_of(outer) >= level_of(inner):
        return False
    if outer.feature_code == "PCLI":
        return True
    for ours, theirs in ((outer.admin1, inner.admin1), (outer.admin2, inner.admin2)):
        if ours and not (theirs and same_unit(ours, theirs)):
            return False
    return True


def _listed(parts: list[str], last: str) -> str:
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} {last} {parts[-1]}"
