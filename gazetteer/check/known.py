"""What the check asks a gazetteer in every draft: names of places, and for which of them a strange word was meant."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import chain, islice
from typing import Final
from weakref import WeakKeyDictionary

from rapidfuzz.distance import OSA

from gazetteer.check.writing import is_inflected
from gazetteer.curated import VOUCHED
from gazetteer.index import Gazetteer
from gazetteer.likeness import same_name
from gazetteer.names import deletions, fold, one_slip_apart, skeleton
from gazetteer.place import Name, NameKind, Place

_KEPT: Final = 50_000
_VAST: Final = 50_000
#: Shorter names have too many neighbours, longer words are none; what only sounds like a name must be this long.
SHORTEST: Final = 5
LONGEST: Final = 60
_SHORTEST_SOUND: Final = 7
#: What only sounds like a name differs from it in so many letters at most.
_HEARD: Final = 2


@dataclass(frozen=True, slots=True)
class Right:
    """A name that was probably meant: as it is written, its place, and how sure that is, 0 to 1."""

    name: str
    place: Place
    confidence: float


class Neighbours:
    """Names, found by what a slip or an ear makes of them."""

    def __init__(self, rights: Mapping[str, Right]) -> None:
        """Take names by their folded forms."""
        self._rights = rights
        self._traces: defaultdict[str, list[str]] = defaultdict(list)
        self._letters: defaultdict[str, list[str]] = defaultdict(list)
        self._sounds: defaultdict[str, list[str]] = defaultdict(list)
        for key in rights:
            if len(key) >= SHORTEST:
                self._letters["".join(sorted(key))].append(key)
                for trace in deletions(key):
                    self._traces[trace].append(key)
            if len(key) >= _SHORTEST_SOUND:
                self._sounds[skeleton(key)].append(key)

    def slips(self, key: str) -> list[Right]:
        """Give the names that are one slip away from a folded word, or have its letters in another order."""
        near = {other for trace in deletions(key) for other in self._traces.get(trace, ()) if is_slip(key, other)}
        near.update(other for other in self._letters.get("".join(sorted(key)), ()) if other[0] == key[0])
        return [self._rights[other] for other in sorted(near - {key})]

    def sounds(self, key: str) -> list[Right]:
        """Give the names that sound like a folded word."""
        if len(key) < _SHORTEST_SOUND:
            return []
        near = (other for other in self._sounds.get(skeleton(key), ()) if other[0] == key[0] and other != key)
        alike = (one for one in near if OSA.distance(key, one) <= _HEARD and same_name(key, one))
        return [self._rights[one] for one in alike if not is_inflected(key, one)]


def is_slip(key: str, other: str) -> bool:
    """Tell whether a folded word is a slip away from another one, and not a word made of it with an ending."""
    return one_slip_apart(key, other) and not is_inflected(key, other)


def is_hurried(key: str, other: str) -> bool:
    """Tell whether a letter was left out or moved: of any other slip there are many more ways."""
    return len(other) > len(key) or sorted(key) == sorted(other)


class Known:
    """The names of a gazetteer's places."""

    def __init__(self, gazetteer: Gazetteer) -> None:
        """Take an open gazetteer."""
        self._names = lru_cache(maxsize=_KEPT)(gazetteer.names)
        self._gazetteer = gazetteer
        self.neighbours = lru_cache(maxsize=8)(self._neighbours)
        #: Whether a country has so many names that an index of them takes longer than a draft to read.
        self.is_vast = lru_cache(maxsize=None)(self._is_vast)

    @classmethod
    def of(cls, gazetteer: Gazetteer) -> Known:
        """Give what is known of a gazetteer, read once as long as it is in use."""
        known = _OPEN.get(gazetteer)
        if known is None:
            known = _OPEN[gazetteer] = cls(gazetteer)
        return known

    def names(self, place: Place) -> tuple[Name, ...]:
        """Give every name of a place, its own first."""
        return self._names(place)

    @cached_property
    def countries(self) -> Mapping[str, Place]:
        """The countries by their codes."""
        layers = tuple(reversed(self._gazetteer.layers))
        codes = dict.fromkeys(code for layer in layers for code in layer.countries())
        found = {code: next(filter(None, (layer.country(code) for layer in layers)), None) for code in codes}
        return {code: place for code, place in found.items() if place is not None}

    def _is_vast(self, country: str) -> bool:
        names = chain.from_iterable(layer.spelt(country=country) for layer in self._gazetteer.layers)
        return len(list(islice(names, _VAST))) == _VAST

    def _neighbours(self, languages: frozenset[str], confidence: float) -> Neighbours:
        """The names of countries, and of the places that the house vouches for, in some languages."""
        rights: dict[str, Right] = {}
        for place in self._vouched():
            for name in self._gazetteer.names(place):
                if (name.language in languages or name.text == place.name) and name.kind is not NameKind.HISTORIC:
                    rights.setdefault(fold(name.text), Right(name.text, place, confidence))
        return Neighbours(rights)

    def _vouched(self) -> Iterator[Place]:
        yield from self.countries.values()
        for layer in self._gazetteer.layers:
            if layer.about.name in VOUCHED:
                yield from layer


_OPEN: WeakKeyDictionary[Gazetteer, Known] = WeakKeyDictionary()
