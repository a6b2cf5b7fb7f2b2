"""The places of one text, resolved together: each name in the light of the words beside it and of the others."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise
from types import MappingProxyType
from typing import Final

import numpy as np
from numpy.typing import NDArray

from gazetteer.curated import VOUCHED
from gazetteer.demonyms import demonyms
from gazetteer.index import Gazetteer
from gazetteer.kinds import bare
from gazetteer.place import Candidate, Match, Name, NameKind, Place, Precision, Verdict
from gazetteer.space import EARTH_RADIUS_KM, distance_km
from gazetteer.verdict import holds, level_of

#: How strongly a bare name means a unit, in magnitudes of a town's population.
_UNIT_PRIOR: Final[Mapping[str, float]] = MappingProxyType({"PCLI": 6.5, "ADM1": 5.5, "ADM2": 3.0})
#: What no source counts is taken to have this many inhabitants.
_UNCOUNTED: Final = 300
#: What each kind of evidence adds, in magnitudes of population. Set by hand and not tuned on any corpus.
_OWN_NAME: Final = 1.2  # the place's own name, and not one of its many spellings
_CAPITAL: Final = 0.5
_VOUCHED: Final = 1.5  # the desk's own places are those that it writes of
_FORMER: Final = 4.0  # a name or a place that was not there on the day of the text
_DEMONYM: Final = 3.0
_KIND: Final = 2.0  # "Butler County" is a district
_BESIDE: Final = 8.0  # "Paris, Texas"
_NEAR: Final = 3.0  # other names of the text are near
_SAME_COUNTRY: Final = 3.0
_SAME_DIVISION: Final = 2.5
_SAME_DISTRICT: Final = 1.0
_NEARBY_KM: Final = 120.0
_ROUNDS: Final = 4
#: From this share of the belief on, one place is the answer; below it the name is ambiguous.
_SURE: Final = 0.6
#: What has less of the belief does not make a name ambiguous.
_DOUBT: Final = 0.05
#: How many places a name may mean at most, at least, and all names of a text together: they are compared in pairs.
_MOST: Final = 80
_FEWEST: Final = 8
_ALL: Final = 3_000
#: A stand-in for a name of which nothing is known: near the other places of the text, perhaps.
_GUESS_SCORE: Final = 0.1

_DISTRICT_WORD: Final = re.compile(r"\b(?:county|district|parish|borough|prefecture|raion|cercle)$", re.IGNORECASE)
_POSSESSIVE: Final = re.compile(r"['’]s?$")
_SIDE: Final = re.compile(
    r"^(?:(?:north|south|east|west|north-?east|north-?west|south-?east|south-?west)(?:ern)?|central|downtown|greater|"
    r"upper|lower) (?=\w)",
    re.IGNORECASE,
)
_CONTAINED: Final = re.compile(r"\s*(?:,|\(|,? in)\s*")
_NEXT_NAME: Final = re.compile(r"\s*,\s*([^\W\d_][\w.]*(?: [^\W\d_a-z][\w.]*)?)")


@dataclass(frozen=True, slots=True)
class Mention:
    """A place as a text names it: `text[start:end]`, counted in characters."""

    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class _Bearer:
    """A place that a name of the text may mean, and by which of its names."""

    place: Place
    name: Name
    own: bool
    demonym: bool


def resolve_document(
    mentions: Sequence[Mention], *, gazetteer: Gazetteer, text: str = "", on: date | None = None
) -> tuple[Match, ...]:
    """Give the match for every mention of a text, all of them resolved together.

    A name means the same place throughout a text. What it means is weighed: a more populous place before a smaller one,
    the place in the unit that is named beside it ("Athens, Georgia"), one in the country, division and district of the
    other names, one near to them. What that leaves open is ambiguous, its candidates with their shares of the belief as
    scores. A name that no layer has is unknown; where most other places of the text are is its only candidate.

    Parameters
    ----------
    mentions
        The places named, in the order of the text.
    gazetteer
        Where names are looked up.
    text
        The text itself, for what stands between mentions; without it only the mentions speak.
    on
        The day of the text, for names that have changed.

    Returns
    -------
    tuple of Match
        One for each mention.

    Examples
    --------
    >>> gazetteer = Gazetteer.open()
    >>> text = "Fighting spread from Djibo to Inata in Burkina Faso."
    >>> names = [Mention(name, text.find(name), text.find(name) + len(name)) for name in ("Djibo", "Inata")]
    >>> [match.country_code for match in resolve_document(names, gazetteer=gazetteer, text=text)]
    ['BF', 'BF']
    """
    names = list(dict.fromkeys(mention.text for mention in mentions))
    most = max(_FEWEST, min(_MOST, _ALL // max(len(names), 1)))
    bearers = {name: _bearers(name, gazetteer)[:most] for name in names}
    weighing = _Weighing([(name, bearer) for name in names for bearer in bearers[name]])
    weighing.add(_prior(weighing, on))
    weighing.add(_BESIDE * _beside(weighing, mentions, text, gazetteer))
    beliefs = weighing.settle()
    found = {name: _match(name, beliefs[name], weighing, on) for name in names if bearers[name]}
    middle = _middle([match.place for match in found.values() if match.place is not None])
    return tuple(found.get(mention.text) or _unknown(mention.text, middle) for mention in mentions)


class _Weighing:
    """The places that the names of a text may mean, and what speaks for each."""

    def __init__(self, rows: list[tuple[str, _Bearer]]) -> None:
        self.rows = rows
        self.names = list(dict.fromkeys(name for name, _ in rows))
        owners = {name: number for number, name in enumerate(self.names)}
        self.owner = np.array([owners[name] for name, _ in rows], dtype=np.intp)
        self.places = [bearer.place for _, bearer in rows]
        self.score = np.zeros(len(rows))

    def add(self, evidence: NDArray[np.float64]) -> None:
        self.score = self.score + evidence

    def settle(self) -> dict[str, list[tuple[int, float]]]:
        """Let the names speak for each other until they agree; the share of belief in each place, best first."""
        if not self.rows:
            return {}
        others = self.owner[:, None] != self.owner[None, :]
        local = np.array([place.feature_code != "PCLI" for place in self.places])
        near = np.where(others, np.exp(-_distances_km(self.places) / _NEARBY_KM), 0) * local
        country, division, district = (self._shared(level) & others for level in (1, 2, 3))
        country &= ~self._between_countries()
        beside = max(len(self.names) - 1, 1)
        score = self.score
        belief = self._belief(score)
        for _ in range(_ROUNDS):
            score = self.score + _SAME_COUNTRY * (country @ belief) / beside
            score += local * (
                _NEAR * _enough(near @ belief)
                + _SAME_DIVISION * _enough(division @ belief)
                + _SAME_DISTRICT * _enough(district @ belief)
            )
            belief = self._belief(score)
        settled = {}
        for number, name in enumerate(self.names):
            rows = np.flatnonzero(self.owner == number)
            order = rows[np.argsort(-belief[rows], kind="stable")]
            settled[name] = [(int(row), float(belief[row])) for row in order]
        return settled

    def _shared(self, level: int) -> NDArray[np.bool_]:
        """Which places lie in one country (1), division (2) or district (3)."""
        units = [(place.country_code, place.admin1, place.admin2)[:level] for place in self.places]
        known = np.array([all(unit) for unit in units])
        numbers = {unit: number for number, unit in enumerate(dict.fromkeys(units))}
        unit = np.array([numbers[unit] for unit in units])
        shared: NDArray[np.bool_] = (unit[:, None] == unit[None, :]) & known[:, None]
        return shared

    def _between_countries(self) -> NDArray[np.bool_]:
        """Countries say nothing for places whose name is a country's: "Niger and Nigeria" are two countries."""
        whole = np.array([place.feature_code == "PCLI" for place in self.places])
        own = np.array([bearer.own and not bearer.demonym for _, bearer in self.rows])
        named = np.zeros(len(self.names), dtype=bool)
        np.logical_or.at(named, self.owner, whole & own)
        of_a_country: NDArray[np.bool_] = named[self.owner][:, None] & whole[None, :]
        return of_a_country

    def _belief(self, score: NDArray[np.float64]) -> NDArray[np.float64]:
        """The share of each place in the belief of its name."""
        top = np.full(len(self.names), -np.inf)
        np.maximum.at(top, self.owner, score)
        weight = np.exp(score - top[self.owner])
        total = np.zeros(len(self.names))
        np.add.at(total, self.owner, weight)
        share: NDArray[np.float64] = weight / total[self.owner]
        return share


def _enough(amount: NDArray[np.float64]) -> NDArray[np.float64]:
    """Two witnesses say more than one, ten hardly more than five."""
    return 1 - np.exp(-amount)


def _distances_km(places: Sequence[Place]) -> NDArray[np.float64]:
    degrees = np.array([(place.longitude, place.latitude) for place in places], dtype=np.float64)
    east, north = np.radians(degrees).T
    spot = np.stack([np.cos(north) * np.cos(east), np.cos(north) * np.sin(east), np.sin(north)], axis=1)
    apart: NDArray[np.float64] = EARTH_RADIUS_KM * np.arccos(np.clip(spot @ spot.T, -1, 1))
    return apart


def _bearers(name: str, gazetteer: Gazetteer) -> list[_Bearer]:
    """The places that a name of a text may mean, each once; the text may write a part or a kind with it."""
    plain = _POSSESSIVE.sub("", name.strip())
    found: dict[str, _Bearer] = {}
    for spelling in dict.fromkeys((plain, bare(plain), _SIDE.sub("", plain))):
        for hit in gazetteer.hits(spelling):
            own = hit.name.kind in {NameKind.STANDARD, NameKind.CONVENTIONAL}
            known = found.get(hit.place.place_id)
            if hit.place.longitude is not None and (known is None or (own and not known.own)):
                found[hit.place.place_id] = _Bearer(hit.place, hit.name, own, demonym=False)
        if found:
            break
    country = any(one.own and one.place.feature_code == "PCLI" for one in found.values())
    for demonym in () if country else demonyms(plain):
        unit = (
            gazetteer.unit(demonym.admin1, country=demonym.country_code, level="ADM1")
            if demonym.admin1
            else gazetteer.containing(country=demonym.country_code)
        )
        if unit is not None and unit.longitude is not None:
            named = Name(demonym.text, demonym.language, NameKind.VARIANT)
            found[unit.place_id] = _Bearer(unit, named, own=True, demonym=True)
    return sorted(found.values(), key=lambda one: -_magnitude(one.place))


def _magnitude(place: Place) -> float:
    prior = _UNIT_PRIOR.get(place.feature_code)
    return prior if prior is not None else float(np.log10(max(place.population or 0, _UNCOUNTED)))


def _prior(weighing: _Weighing, on: date | None) -> NDArray[np.float64]:
    """What speaks for each place before anything else of the text is read."""
    worth = []
    for name, bearer in weighing.rows:
        place = bearer.place
        value = _magnitude(place) + _OWN_NAME * bearer.own + _DEMONYM * bearer.demonym
        value += _CAPITAL * (place.feature_code == "PPLC") + _VOUCHED * (place.layer in VOUCHED)
        value += _KIND * (place.feature_code == "ADM2" and _DISTRICT_WORD.search(name) is not None)
        value -= _FORMER * (not (bearer.name.in_force(on) and place.existed(on)))
        worth.append(value)
    return np.array(worth)


def _beside(weighing: _Weighing, mentions: Sequence[Mention], text: str, gazetteer: Gazetteer) -> NDArray[np.float64]:
    """How well each place fits the unit that the text names right behind it."""
    holders: defaultdict[str, dict[str, None]] = defaultdict(dict)
    for name, holder in _holders(mentions, text):
        holders[name][holder] = None
    fits = np.zeros(len(weighing.rows))
    for row, (name, bearer) in enumerate(weighing.rows):
        for holder in holders.get(name, ()):
            units = [one.place for one in _bearers(holder, gazetteer) if one.place.feature_class == "A"]
            fits[row] = max([fits[row], *(_fit(bearer.place, unit) for unit in units)])
    return fits


def _holders(mentions: Sequence[Mention], text: str) -> Iterator[tuple[str, str]]:
    """Names, and the name that stands behind them as if it held them: "X, Y", "X (Y)", "X in Y"."""
    ordered = sorted(mentions, key=lambda mention: mention.start)
    for one, following in pairwise(ordered):
        if one.text != following.text and _CONTAINED.fullmatch(text[one.end : following.start]):
            yield one.text, following.text
    for mention in ordered:
        behind = _NEXT_NAME.match(text, mention.end)
        if behind:
            yield mention.text, behind[1]
            yield mention.text, behind[1].split()[0]


def _fit(place: Place, unit: Place) -> float:
    """How closely a unit holds a place: 1 for its division or district, less for its country."""
    if place.place_id == unit.place_id or place.country_code != unit.country_code or place.feature_code == "PCLI":
        return 0.0
    match unit.feature_code:
        case "PCLI":
            return 0.7
        case "ADM1":
            return float(place.feature_code != "ADM1" and place.admin1 == unit.admin1)
        case "ADM2":
            return float(place.feature_class == "P" and (place.admin1, place.admin2) == (unit.admin1, unit.admin2))
    return 0.0


def _match(name: str, belief: list[tuple[int, float]], weighing: _Weighing, on: date | None) -> Match:
    """The verdict on a name, from the belief in each place that it may mean."""
    bearers = [(weighing.rows[row][1], share) for row, share in belief]
    candidates = tuple(Candidate(one.place, one.name.text, round(share, 3)) for one, share in bearers)
    first, share = bearers[0]
    place = first.place
    where = ", ".join(part for part in (place.admin1, place.country_code) if part and part != place.name)
    told = f"{place.name}, the {place.kind}" + (f" in {where}" if where else "")
    if share < _SURE:
        other = candidates[1].place
        apart_km = distance_km(place, other)
        reason = f"{name} may be {told}, or a place of {len(candidates) - 1} more, the next {apart_km:,.0f} km off."
        match = Match(name, Verdict.AMBIGUOUS, reason, candidates=candidates)
        unit = _holder([one.place for one, part in bearers if part > _DOUBT])
        return match if unit is None else replace(_at(match, unit), reason=f"{reason} {unit.name} holds them all.")
    verdict = Verdict.EXACT if first.own and not first.demonym else Verdict.VARIANT
    if not first.name.in_force(on):
        verdict = Verdict.HISTORIC
    if first.demonym:
        reason = f"{name} is said of people and things of {place.name}."
    elif len(bearers) == 1:
        reason = f"{name} is {told}, the only place of its name."
    else:
        reason = f"{name} is taken for {told}, from what the text says beside it and of other places."
    return _at(Match(name, verdict, reason, candidates=candidates[1:]), place)


def _at(match: Match, place: Place) -> Match:
    """Put a match at a place, as far as it may be drawn."""
    drawn = place.geo_precision is not Precision.COUNTRY
    return replace(
        match,
        place=place,
        longitude=place.longitude if drawn else None,
        latitude=place.latitude if drawn else None,
        geo_precision=place.geo_precision,
        uncertainty_km=place.uncertainty_km if drawn else None,
        feature_class=place.feature_class,
        country_code=place.country_code,
    )


def _holder(places: Sequence[Place]) -> Place | None:
    """The one of several places that holds the others: the province of a town of its name."""
    outermost = min(places, key=level_of)
    inner = [place for place in places if place is not outermost]
    return outermost if outermost.feature_code != "PCLI" and all(holds(outermost, place) for place in inner) else None


def _middle(places: Sequence[Place]) -> Place | None:
    """The place of a text that most others are near to; whole countries and divisions do not count."""
    local = [place for place in places if place.feature_code not in {"PCLI", "ADM1"}]
    if not local:
        return None
    closeness = np.exp(-_distances_km(local) / _NEARBY_KM).sum(axis=1)
    return local[int(np.argmax(closeness))]


def _unknown(name: str, middle: Place | None) -> Match:
    match = Match(name, Verdict.UNKNOWN, f"{name} is in no gazetteer layer.")
    if middle is None:
        return match
    reason = f"{name} is in no gazetteer layer; most other places of the text are around {middle.name}."
    return replace(match, reason=reason, candidates=(Candidate(middle, middle.name, _GUESS_SCORE),))
