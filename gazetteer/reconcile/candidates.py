"""The candidates for reconciliation queries, each with its score and features, and whether it is the match."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from types import MappingProxyType
from typing import Any, Final

from gazetteer.index import Gazetteer
from gazetteer.likeness import likeness
from gazetteer.names import fold
from gazetteer.place import Match, Place, UnknownCountryError, Verdict
from gazetteer.reconcile.places import LEVELS, described, found, radius_km, type_ids, types_of
from gazetteer.reconcile.requests import Query, RefusedError, Value
from gazetteer.resolve import LONGEST_MENTION, resolve
from gazetteer.verdict import Context, same_unit, score

#: What a query may say of the place beside its name.
PROPERTIES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "country": "Country, by ISO 3166-1 code or by name",
        "admin1": "First-level unit, such as a province",
        "admin2": "Second-level unit, such as a district",
        "on": "Day for which the name is asked, as 2021-11-19",
    }
)
#: A batch that takes longer is given up.
MOST_SECONDS: Final = 30.0

# How well a name fits that is only a part of what was written, as in "near Djibo", and one that is out of use.
_PART_FITS: Final = 0.5
_FORMER_FITS: Final = 0.6
# Words that may stand between a name and the word for its kind, or the unit that holds it.
_BETWEEN: Final = frozenset({"the", "of", "in", "at", "de", "du", "des", "la", "le"})


@dataclass(frozen=True, slots=True)
class _Known:
    """What the properties of a query come to; `whole` if none was left aside."""

    country: str | None = None
    admin1: str | None = None
    admin2: str | None = None
    on: date | None = None
    whole: bool = True


@dataclass(frozen=True, slots=True)
class _Listed:
    """A candidate: its score from 0 to 1, how well the name fits, how it was found, and whether it is the match."""

    place: Place
    score: float
    fit: float
    how: str | None = None
    is_match: bool = False


def answer(batch: Mapping[str, Query], *, gazetteer: Gazetteer) -> dict[str, dict[str, Any]]:
    """Give the candidates of each query of a batch, as a reconciliation result batch.

    One candidate is the match if the gazetteer answers the name with it, as its name or a listed spelling; if what was
    written names it, and not what is near it; and if every property could be used and none speaks against it. Types
    are a filter, which `type_strict` "should" gives up where nothing would be left; such a candidate is no match.

    Raises
    ------
    RefusedError
        If that takes longer than `MOST_SECONDS`.

    Examples
    --------
    >>> batch = {"q0": Query("Niger", values={"country": (Value("NE"),)})}
    >>> [(one["name"], one["score"], one["match"]) for one in answer(batch, gazetteer=Gazetteer.open())["q0"]["result"]]
    [('Niger', 100.0, True)]
    """
    until = time.monotonic() + MOST_SECONDS
    known = {key: _known(query, gazetteer) for key, query in batch.items()}
    answers: dict[str, dict[str, Any]] = {}
    # By country: what a misspelt name is compared with is kept for a few countries at a time.
    for key in sorted(batch, key=lambda key: known[key].country or ""):
        if time.monotonic() > until:
            message = f"The batch took longer than {MOST_SECONDS:g} seconds; send fewer queries at once."
            raise RefusedError(message, status=503)
        answers[key] = {"result": _result(batch[key], known[key], gazetteer)}
    return {key: answers[key] for key in batch}


def _result(query: Query, known: _Known, gazetteer: Gazetteer) -> list[dict[str, Any]]:
    """Give the candidates of one query, best first. Without a name there are none: a country has many places."""
    text = query.text.strip()
    place = found(text, gazetteer) if ":" in text else None
    if place is not None:
        agrees = known.whole and all(value for _, value in _agreements(place, known))
        listed = [_Listed(place, 1.0, 1.0, "identifier", is_match=agrees)]
    else:
        listed = _candidates(text, query, known, gazetteer) if text else []
    fitting = [one for one in listed if _has_types(one.place, query)]
    if not fitting and query.strict == "should":
        fitting = [replace(one, is_match=False) for one in listed]
    fitting.sort(key=lambda one: -one.score)
    return [
        {
            "id": one.place.place_id,
            "name": one.place.name,
            "description": described(one.place, gazetteer),
            "type": types_of(one.place),
            "score": round(100 * one.score, 1),
            "match": one.is_match,
            "features": [
                {"id": feature, "value": value}
                for feature, value in _features(one, query, known).items()
                if value is not None
            ],
        }
        for one in fitting[: query.limit]
    ]


def _candidates(text: str, query: Query, known: _Known, gazetteer: Gazetteer) -> list[_Listed]:
    """Give the candidates for a name.

    The unit that stands in for an unanswered name is none: it holds the place that is meant, and is another one.
    """
    match = _resolved(text, query, known, gazetteer)
    bearers = {hit.place.place_id for hit in gazetteer.hits(text)}
    answer = match.place if match.answered else None
    named = answer is None or answer.place_id in bearers or _is_named(text, answer, gazetteer)
    listed = []
    for candidate in match.ranked if answer else match.candidates:
        place = candidate.place
        fit = 1.0 if place.place_id in bearers else round(likeness(text, candidate.name), 3)
        one = _Listed(place, candidate.score if named else candidate.score * _PART_FITS, fit)
        if answer and place.place_id == answer.place_id:
            one = _answering(one, match, known, gazetteer, named=named)
        elif answer is None:
            one = replace(one, how=f"verdict_{match.verdict}")
        listed.append(one)
    return listed


def _answering(one: _Listed, match: Match, known: _Known, gazetteer: Gazetteer, *, named: bool) -> _Listed:
    """Say of the place that a name was taken for whether it is the match, and how well it answers."""
    how = f"verdict_{match.verdict}"
    former = match.verdict is Verdict.HISTORIC
    if named and not former and match.conflict is None:
        return replace(one, score=1.0, how=how, is_match=known.whole)
    context = Context(known.country, known.admin1, known.admin2, known.on)
    (own, *_) = gazetteer.names(one.place)
    value = score(one.place, own, context=context, fit=_FORMER_FITS if former else _PART_FITS)
    return replace(one, score=value, how=how)


def _resolved(text: str, query: Query, known: _Known, gazetteer: Gazetteer) -> Match:
    classes = {"A" if one in LEVELS else one for one in query.types}
    feature_class = classes.pop() if len(classes) == 1 else None
    level = query.types[0] if len(query.types) == 1 and query.types[0] in LEVELS else None
    return resolve(
        text,
        gazetteer=gazetteer,
        country=known.country,
        admin1=known.admin1,
        admin2=known.admin2,
        on=known.on,
        feature_class=feature_class,
        feature_code=level,
    )


def _is_named(text: str, place: Place, gazetteer: Gazetteer) -> bool:
    """Tell whether a text is a name of a place, beside the word for its kind or the units that hold it.

    "Kunduz province" and "Djibo, Soum" are; "near Djibo" and "western Kabul" name it to say where something else is.
    """
    country = gazetteer.containing(country=place.country_code) if place.country_code else None
    units = (place.admin1, place.admin2, place.country_code, country.name if country else None)
    beside = _BETWEEN.union(place.kind.split(), *(fold(unit).split() for unit in units if unit))
    asked = f" {fold(text)} "
    keys = filter(None, {fold(name.text) for name in gazetteer.names(place)})
    return any(f" {key} " in asked and beside.issuperset(asked.replace(f" {key} ", " ", 1).split()) for key in keys)


def _has_types(place: Place, query: Query) -> bool:
    if not query.types:
        return True
    own = type_ids(place)
    return (all if query.strict == "all" else any)(one in own for one in query.types)


def _features(one: _Listed, query: Query, known: _Known) -> dict[str, float | bool | None]:
    """Give what the score comes from. The specification has numbers and truth values only, so the verdict is true."""
    return {
        "name_fit": one.fit,
        **({one.how: True} if one.how else {}),
        **dict(_agreements(one.place, known)),
        "type_agrees": _has_types(one.place, query) if query.types else None,
        "population": one.place.population,
        "uncertainty_km": radius_km(one.place),
    }


def _agreements(place: Place, known: _Known) -> Iterator[tuple[str, bool]]:
    if known.country and place.country_code:
        yield "country_agrees", place.country_code == known.country
    for unit, own, stated in (("admin1", place.admin1, known.admin1), ("admin2", place.admin2, known.admin2)):
        if own and stated:
            yield f"{unit}_agrees", same_unit(own, stated)
    if known.on:
        yield "exists", place.existed(known.on)


def _known(query: Query, gazetteer: Gazetteer) -> _Known:
    """Read the properties. One that cannot be used is left aside, and then no candidate is a match.

    That is a property that there is none of, one of several values, a country of no known name, and a text that is no
    day or is too long for a name. An empty text says nothing.
    """
    told: dict[str, Any] = {}
    for pid, values in query.values.items():
        texts = {_text(pid, value, gazetteer) for value in values} - {""}
        if texts:
            text = texts.pop()
            usable = pid in _READERS and not texts and len(text) <= LONGEST_MENTION
            told[pid] = _READERS[pid](text, gazetteer) if usable else None
    whole = all(value is not None for value in told.values())
    return _Known(**{pid: told.get(pid) for pid in PROPERTIES}, whole=whole)


def _text(pid: str, value: Value, gazetteer: Gazetteer) -> str:
    """Give the text of a value; for a place that was reconciled before, its name, or the code of its country."""
    place = found(value.place_id, gazetteer) if value.place_id else None
    if place is None:
        return value.text.strip()
    return (place.country_code or place.name) if pid == "country" else place.name


def _country(text: str, gazetteer: Gazetteer) -> str | None:
    try:
        return gazetteer.country_code(text)
    except UnknownCountryError:
        return None


def _unit(text: str, _: Gazetteer) -> str:
    return text


def _day(text: str, _: Gazetteer) -> date | None:
    try:
        return datetime.fromisoformat(text).date()
    except ValueError:
        return None


_READERS: Final[Mapping[str, Callable[[str, Gazetteer], object]]] = MappingProxyType(
    {"country": _country, "admin1": _unit, "admin2": _unit, "on": _day}
)
