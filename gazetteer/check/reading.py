"""What a draft names: its places resolved together, the words around them, and which places its names may mean."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Final, Protocol

from gazetteer.check.known import Known
from gazetteer.check.writing import is_inflected
from gazetteer.curated import VOUCHED
from gazetteer.demonyms import demonyms
from gazetteer.document import Mention, resolve_document
from gazetteer.house import Form, House
from gazetteer.index import Gazetteer
from gazetteer.kinds import bare
from gazetteer.layer import Hit
from gazetteer.names import fold, one_slip_apart
from gazetteer.place import Match, Place, Verdict
from gazetteer.recognise.listed import Listed
from gazetteer.recognise.people import People, people_of
from gazetteer.recognise.tokens import Words, words_of
from gazetteer.recognise.wording import Wording, language_of, wording

#: Names are resolved together up to this many places that they may mean; those of longer texts in stretches of so many.
_TOGETHER: Final = 1_500
_STRETCH: Final = 600
#: A name may mean so many places at most, as `gazetteer.document` sees it.
_MOST: Final = 80
#: From this share of the belief on, a place may be meant by an ambiguous name.
LIKELY: Final = 0.1
#: A town of this size is known outside its country.
_PROMINENT: Final = 15_000
#: In the others almost any word is the name of some country.
_OF_THE_NEWS: Final = frozenset({"en", "fr", "de", "es", "pt", "it", "nl"})
#: The article of "Al-Khadimi" alone is no place, whatever is called Al.
_ARTICLES: Final = frozenset({"al", "el", "ul", "an", "ar", "as", "ash", "at", "az", "ad"})
_POSSESSIVE: Final = re.compile(r"['’]s?$")
_SIDE: Final = re.compile(
    r"(?:(?:north|south|east|west|north-?east|north-?west|south-?east|south-?west)(?:ern)?|central|downtown|greater|"
    r"upper|lower) (?=\w)",
    re.IGNORECASE,
)
#: Words that stand before and behind names of places.
_BESIDE: Final = (
    *("northern", "southern", "eastern", "western", "central", "province", "district", "governorate", "region"),
    *("village", "township", "county", "department", "prefecture", "municipality", "border", "frontier", "capital"),
    *("northeastern", "northwestern", "southeastern", "southwestern", "neighborhood", "neighbourhood"),
)


class Named(Protocol):
    """A place, or a word for its people, that a text names: what `gazetteer.recognise.recognise` gives.

    `text` is what stands from `start` to `end`, `name` the same in one line, `kind` "place" or "demonym".
    """

    @property
    def start(self) -> int:
        """Where it begins, in characters."""

    @property
    def end(self) -> int:
        """Where it ends."""

    @property
    def text(self) -> str:
        """As it is printed."""

    @property
    def name(self) -> str:
        """In one line."""

    @property
    def kind(self) -> str:
        """Whether it is a place's name or a word for its people."""


@dataclass(frozen=True, slots=True)
class Said:
    """A name of a draft: where it stands, each time, and what it means there."""

    name: str
    match: Match
    spans: tuple[tuple[int, int], ...]


class Reading:
    """A draft as the check sees it."""

    def __init__(
        self, text: str, mentions: Sequence[Named], *, gazetteer: Gazetteer, house: House, on: date | None
    ) -> None:
        """Resolve what the text names."""
        self.text = text
        self.gazetteer = gazetteer
        self.house = house
        self.on = on
        self.listed = Listed.of(gazetteer)
        self.known = Known.of(gazetteer)
        self._beside: dict[str, str | None] = {}
        names = (one for one in mentions if fold(one.name) not in _ARTICLES or text[one.end : one.end + 1] not in "-‐‑")
        ordered = sorted(names, key=lambda one: (one.start, one.end))
        self.spans = [(one.start, one.end) for one in ordered]
        matches = list(self._resolved([Mention(one.name, one.start, one.end) for one in ordered]))
        places: defaultdict[str, list[int]] = defaultdict(list)
        for number, one in enumerate(ordered):
            if one.kind == "place" and not self._is_no_place(one.name, matches[number]):
                places[one.name].append(number)
        self.said = tuple(
            Said(name, matches[numbers[0]], tuple(self.spans[number] for number in numbers))
            for name, numbers in places.items()
        )
        self.countries = Counter(match.country_code for match in matches if match.answered and match.country_code)

    @cached_property
    def words(self) -> Words:
        """The words of the text, addresses left out."""
        return words_of(self.text)

    @cached_property
    def wording(self) -> Wording:
        """What words of the text's language do."""
        return wording(language_of(self.text))

    @cached_property
    def languages(self) -> frozenset[str]:
        """The languages in which a name is no foreign one: the house's, the text's, and where no source says which."""
        return frozenset({*self.house.languages, self.wording.language, "und"})

    @cached_property
    def people(self) -> People:
        """The words that are in names of persons."""
        return people_of(self.words, self.wording, self.listed)

    @cached_property
    def small(self) -> frozenset[str]:
        """The words that the text writes without a capital letter, folded."""
        words = self.words
        return frozenset(key for key, large in zip(words.folded, words.large, strict=True) if not large)

    @cached_property
    def places(self) -> tuple[tuple[str, Place], ...]:
        """The names that the text gives to places that are known, as names are written, each with its place."""
        found = (
            (core, place) for one in self.said for place in self.likely(one)[:1] for core in self.cores(one, place)
        )
        return tuple((place.name if fold(core) == fold(place.name) else core, place) for core, place in found)

    def cores(self, said: Said, place: Place) -> tuple[str, ...]:
        """A name as written, and the part of it that is a name of the place."""
        return tuple(dict.fromkeys((self.bearers(said.name)[0], self.core(said.name, place))))

    def placed(self, at: int) -> bool:
        """Tell whether a word, by its number, is in a name or demonym that was recognised."""
        number = bisect_left(self._starts, self.words.ends[at])
        return number > 0 and self.spans[number - 1][1] > self.words.starts[at]

    def before(self, start: int) -> int | None:
        """The number of the last span that ends before a character."""
        number = bisect_left(self._starts, start) - 1
        return number if number >= 0 and self.spans[number][1] <= start else None

    @cached_property
    def _starts(self) -> list[int]:
        return [start for start, _ in self.spans]

    def form(self, place: Place, *, written: str = "") -> Form:
        """The name that the house writes for a place."""
        return self.house.form(place, self.known.names(place), on=self.on, written=written)

    def bearers(self, name: str) -> tuple[str, tuple[Hit, ...]]:
        """The part of a written name that a layer lists, and all places that bear it."""
        for spelling in self.spellings(name):
            hits = self.gazetteer.hits(spelling) if fold(spelling) in self.listed else ()
            if hits:
                return spelling, hits
        return name, ()

    def core(self, name: str, place: Place) -> str:
        """The part of a written name that is a name of a place: without the word for its kind, if that is one."""
        listed, _ = self.bearers(name)
        inner = bare(listed)
        bears = any(hit.place == place for hit in self.gazetteer.hits(inner)) if inner != listed else False
        return inner if bears else listed

    def is_name(self, name: str) -> bool:
        """Tell whether a written name is one that a reader may know: of a place, in a language of the news."""
        core, hits = self.bearers(name)
        known = _OF_THE_NEWS | self.languages
        return any(hit.place.feature_code != "PCLI" or self.spoken(core, hit.place) & known for hit in hits)

    def spoken(self, name: str, place: Place) -> frozenset[str]:
        """The languages in which a place is called so."""
        key = fold(name)
        return frozenset(one.language for one in self.known.names(place) if fold(one.text) == key)

    @staticmethod
    def spellings(name: str) -> tuple[str, ...]:
        """A name as written, without the word for its kind, and without the side: "northern Bamiyan"."""
        plain = _POSSESSIVE.sub("", name.strip())
        return tuple(dict.fromkeys((plain, bare(plain), _SIDE.sub("", plain, count=1))))

    def meant(self, said: Said) -> tuple[Hit, ...]:
        """The places that a name may well mean here: those of the house, of the text's countries, and known ones."""
        _, hits = self.bearers(said.name)
        return tuple(hit for hit in hits if self._is_at_hand(hit.place) or hit.place == said.match.place)

    def likely(self, said: Said) -> tuple[Place, ...]:
        """What a name was taken for; of an ambiguous one every place with a fair share of the belief."""
        if said.match.answered and said.match.place is not None:
            return (said.match.place,)
        if said.match.verdict is not Verdict.AMBIGUOUS:
            return ()
        return tuple(one.place for one in said.match.candidates if one.score >= LIKELY)

    def beside(self, word: str) -> str | None:
        """The word for a side or a kind that a folded word, which is none that anybody knows, is a slip away from."""
        if word not in self._beside:
            known = self.wording.ordinary(word) or word in self.wording.roles or bool(self.gazetteer.hits(word))
            slips = (one for one in _BESIDE if one_slip_apart(word, one) and not is_inflected(word, one))
            self._beside[word] = None if known else next(slips, None)
        return self._beside[word]

    def in_force(self, said: Said, place: Place) -> bool:
        """Tell whether a place bore a name on the day of the text."""
        names = [hit.name for hit in self.bearers(said.name)[1] if hit.place == place]
        return place.existed(self.on) and any(name.in_force(self.on) for name in names)

    def country(self, code: str | None) -> str:
        """The name of a country."""
        place = self.known.countries.get(code or "")
        return place.name if place else "no country"

    def described(self, place: Place) -> str:
        """A place in words that tell it from others."""
        if place.feature_code == "PCLI":
            return f"{place.name}, the country"
        holders = [place.admin1] if place.admin1 and fold(place.admin1) != fold(place.name) else []
        return f"{place.name}, the {place.kind} in {', '.join([*holders, self.country(place.country_code)])}"

    def _is_at_hand(self, place: Place) -> bool:
        if place.layer in VOUCHED or place.feature_code in ("PCLI", "ADM1"):
            return True
        return place.country_code in self.countries or (place.population or 0) >= _PROMINENT

    def _is_no_place(self, name: str, match: Match) -> bool:
        """Tell whether a name is that of a part of the world, which no layer has, or a word for people."""
        place = match.place if match.answered else None
        if fold(name) in self.wording.regions:
            # Punjab is both; the Sahel is one that a region was once called after.
            return place is None or place.feature_code != "ADM1" or not place.existed(self.on)
        return bool(demonyms(name)) and (place is None or fold(place.name) != fold(name))

    def _resolved(self, mentions: list[Mention]) -> Iterator[Match]:
        """Resolve names together; in a long text in stretches of it, since the cost grows with the square."""
        weights = {name: min(len(self.bearers(name)[1]), _MOST) for name in {one.text for one in mentions}}
        most = _STRETCH if sum(weights.values()) > _TOGETHER else _TOGETHER
        together: list[Mention] = []
        names: set[str] = set()
        weight = 0
        for mention in mentions:
            more = 0 if mention.text in names else weights[mention.text]
            if together and weight + more > most:
                yield from resolve_document(together, gazetteer=self.gazetteer, text=self.text, on=self.on)
                together, names, weight, more = [], set(), 0, weights[mention.text]
            together.append(mention)
            names.add(mention.text)
            weight += more
        if together:
            yield from resolve_document(together, gazetteer=self.gazetteer, text=self.text, on=self.on)
