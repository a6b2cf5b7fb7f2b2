"""Names in a text that may be places': listed ones, the longest first, and others that look like places' names."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from types import MappingProxyType
from typing import Final

from gazetteer.demonyms import demonyms
from gazetteer.recognise.listed import Listed, Standing
from gazetteer.recognise.people import People
from gazetteer.recognise.tokens import Words
from gazetteer.recognise.wording import Wording

_LONGEST: Final = 7
_LONGEST_MADE: Final = 6
_SHORTEST: Final = 4
_SHORTEST_ALONE: Final = 2
#: From this prominence on a place is meant by what it is called, although a people may be called so: "Philippines".
_GREAT: Final = 7.5
#: From this one on a word is a name by itself, behind an unlisted one.
_KNOWN: Final = 4.0
#: Small words that hyphens tie into names: "Nawa-e-Barakzaiy".
_TIED: Final = frozenset(
    ["e", "i", "o", "al", "ul", "el", "au", "de", "la", "sur", "en", "le", "les", "aux", "du", "a"]
)
#: Small words inside names: "Port au Prince", "Stratford upon Avon", "Bosnia and Herzegovina".
_LINKS: Final = frozenset(
    [
        *(
            "a",
            "ad",
            "al",
            "am",
            "an",
            "and",
            "ar",
            "as",
            "ash",
            "at",
            "au",
            "aux",
            "az",
            "d",
            "da",
            "das",
            "de",
            "del",
        ),
        *("der", "des", "di", "do", "dos", "du", "e", "el", "en", "es", "et", "i", "in", "l", "la", "le", "les", "of"),
        *("on", "ou", "san", "sous", "sur", "the", "ul", "und", "upon", "y"),
    ]
)
_ARTICLES: Final = frozenset(["the", "la", "le", "les", "l"])
_REGION: Final = Standing(0.0, 0.0, 0.0, "", frozenset(), frozenset())
#: Short forms in capitals that are countries and cities; any other short word in capitals is an organisation's.
_CAPITALS: Final = frozenset(
    ["us", "usa", "uk", "uae", "drc", "car", "rdc", "rca", "eau", "png", "ksa", "ussr", "urss", "nyc", "dc", "dprk"]
)
_FEW: Final = 4
_WRITTEN_OUT: Final[Mapping[str, str]] = MappingProxyType(
    {
        "st": "saint",
        "ste": "sainte",
        "mt": "mount",
        "ft": "fort",
        "pt": "point",
        "n": "north",
        "s": "south",
        "e": "east",
        "w": "west",
    }
)
#: Roles of words that no name of a place goes on with.
_OTHER: Final = ("institution", "title", "publication", "month", "day", "organisation")
_SMALL: Final = ("locative", "function", "relation", "between", "side")


@dataclass(slots=True)
class Found:
    """A name that may be a place's: its words from `first` to `last`, and what is known of it.

    `end` is where it ends in the text, `key` how it is looked up. `how` it was found: "listed" in the gazetteer, a
    "region" that no gazetteer has, "made" like a place's name, a "street", "unlisted" or "unlisted-two" words that look
    like a name, a "demonym", or the name of something "other".
    """

    first: int
    last: int
    end: int
    key: str
    how: str
    standing: Standing | None = None
    evidence: list[str] = field(default_factory=list)
    score: float = 0.0


class Names:
    """Looks for names in the words of a text."""

    def __init__(self, words: Words, wording: Wording, listed: Listed, people: People) -> None:
        """Take a text's words, and what is known of words and of the text's persons."""
        self.words = words
        self.wording = wording
        self.listed = listed
        self.people = people

    def __iter__(self) -> Iterator[Found]:
        """Give every name that may be a place's, in order, none overlapping another."""
        words = self.words
        french = self.wording.language == "fr"
        at = 0
        while at < len(words):
            found = self._at(at) if words.large[at] else self._small(at) if french else None
            if found is not None and found.how != "other":
                yield found
            at = at + 1 if found is None else found.last + 1

    def _at(self, at: int) -> Found | None:
        """The name that starts at a large word."""
        if self.wording.has(self.words.folded[at], "function") and not self._leads_on(at):
            return None
        if self.wording.has(self.words.folded[at], "group"):
            last = self._group(at)
            if last > at:
                return self._of(at, last, "other")
        listed = self._listed(at)
        made = self._made(at)
        if made and (listed is None or made.last > listed.last):
            return made
        tied = self._tied(at)
        if listed is None or tied > listed.last:
            return self._unlisted(at, tied)
        return listed

    def _group(self, at: int) -> int:
        """The last word of a group's name: "Tehreek-i-Labbaik Pakistan", "Ansar al-Sharia"."""
        words, end = self.words, min(at + _LONGEST, len(self.words))
        last = at
        for here in range(at + 1, end):
            if words.join(here - 1) != " " or words.owns(here - 1):
                break
            if words.large[here]:
                last = here
            elif words.folded[here] not in _TIED:
                break
        return last

    def _leads_on(self, at: int) -> bool:
        """Tell whether a small word that stands large may be the first of a name, as in "The Hague"."""
        words = self.words
        return not words.begins_sentence(at) or (at + 1 < len(words) and words.large[at + 1])

    def _small(self, at: int) -> Found | None:
        """A people's name as French writes it: "les autorités togolaises"."""
        key = self.words.folded[at]
        if len(key) < _SHORTEST or self.wording.ordinary(key):
            return None
        return self._demonym(at, at, key)

    def _tied(self, at: int) -> int:
        """The last word of what small words between hyphens tie to a word."""
        words, end = self.words, min(at + _LONGEST, len(self.words) - 2)
        while at < end and words.hyphen(at) and words.folded[at + 1] in _TIED and words.hyphen(at + 1):
            if not words.large[at + 2]:
                break
            at += 2
        return at

    def _listed(self, at: int) -> Found | None:
        """The longest listed name that starts at a word."""
        best: Found | None = None
        words, before = self.words, ""
        for here in range(at, min(at + _LONGEST, len(words))):
            how = words.join(here - 1) if here > at else ""
            if how is None:
                break
            # A hyphen at a line's end divides a word if a small letter follows it.
            divided = how == "-" and not words.large[here]
            before += "" if divided or not how else " "
            if words.large[here] or divided:
                best = self._ending(at, here, before) or best
            elif words.folded[here] not in _LINKS and not words.words[here].isdigit():
                break
            before += words.folded[here]
        return self._with_kind(best) if best and best.how == "listed" else best

    def _ending(self, first: int, last: int, before: str) -> Found | None:
        """The listed name that ends with a word, without or with the "'s" of an owner: "Iran's", "St. John's"."""
        words = self.words
        found = self._known(first, last, before + words.bare[last], words.ends[last])
        if found is None and last > first and words.owns(last):
            found = self._known(first, last, before + words.folded[last], words.starts[last] + len(words.words[last]))
        if found is None and last <= first + 1:
            found = self._demonym(first, last, before + words.bare[last])
        return found

    def _with_kind(self, found: Found) -> Found:
        """A listed name with the small word for its kind, where it is listed with that: "Faizabad interchange"."""
        words, at = self.words, found.last + 1
        if words.join(found.last) != " " or words.large[at] or words.owns(found.last):
            return found
        kind, key = words.folded[at], f"{found.key} {words.folded[at]}"
        if (self.wording.has(kind, "kind") or self.wording.has(kind, "street")) and key in self.listed:
            standing = self.listed.standing(key)
            return Found(found.first, at, words.ends[at], key, "listed", standing) if standing else found
        return found

    def _known(self, first: int, last: int, key: str, end: int) -> Found | None:
        if key in self.wording.others or (last > first and _without_article(key) in self.wording.others):
            return Found(first, last, end, key, "other")
        if key in self.wording.regions:
            return Found(first, last, end, key, "region", _REGION)
        if key not in self.listed:
            key = _written_out(key)
            if not key or key not in self.listed:
                return None
        standing = self.listed.standing(key)
        if standing is None or not self._may_be_listed(first, last, key):
            return None
        if first == last and standing.called < _GREAT:
            demonym = self._demonym(first, last, key)
            if demonym:
                return demonym
        return Found(first, last, end, key, "listed", standing)

    def _may_be_listed(self, first: int, last: int, key: str) -> bool:
        """Tell whether a listed name is one here, and not "L'Union" or the short form of an organisation."""
        words = self.words
        if first == last:
            word = words.words[first]
            if not word.isascii():
                return True
            return len(key) >= _SHORTEST_ALONE and (
                not word.isupper() or len(word) > _FEW or self._is_unit_in_capitals(first, key)
            )
        return not (last == first + 1 and words.gap(first) == "" and self.wording.ordinary(words.bare[last]))

    def _is_unit_in_capitals(self, at: int, key: str) -> bool:
        """Tell whether few capitals are a unit: "UK", "N.C.", or behind a place "Denver, CO"."""
        words = self.words
        if key in _CAPITALS:
            return True
        if at and words.gap(at - 1) == ", " and words.large[at - 1] and key in self.wording.abbreviations:
            return True
        standing = self.listed.standing(key) if "." in words.words[at] else None
        return standing is not None and standing.unit in {"PCLI", "ADM1"}

    def _demonym(self, first: int, last: int, key: str) -> Found | None:
        return Found(first, last, self.words.ends[last], key, "demonym") if is_of_a_people(key) else None

    def _made(self, at: int) -> Found | None:
        """A name that is made like a place's: "Naugatuck River", "Lake Lanier", "Highway 19"."""
        words, wording = self.words, self.wording
        key = words.folded[at]
        if wording.has(key, "numbered") and self._has_number(at):
            return self._of(at, at + 1, "street")
        last = self._after_feature(at) if wording.has(key, "feature-first") else None
        if last is not None:
            return self._of(at, last, "made")
        last, how = self._feature(at)
        begins = words.begins_sentence(at) and wording.has(key, "function")
        if last is None or begins or (last == at + 1 and not self._may_be_first(at)):
            return None
        if how == "street":
            return self._of(at, last + self._has_number(last), how)  # "County Road 225"
        found = self._of(at, last, how)
        if wording.has(words.bare[last], "kind"):
            found.standing = self.listed.standing(found.key.rpartition(" ")[0])
        return found

    def _is_large(self, at: int) -> bool:
        return self.words.large[at] or self.words.words[at][0].isdigit()

    def _has_number(self, at: int) -> bool:
        words = self.words
        return words.join(at) == " " and words.words[at + 1].isdigit()

    def _may_be_first(self, at: int) -> bool:
        """Tell whether a word may stand before a word like "River" or "Street" and make one name with it."""
        words, wording = self.words, self.wording
        key = words.folded[at]
        if wording.has(words.folded[at + 1], "street"):
            return not wording.has(key, "function") and not wording.has(key, "title")
        return not any(wording.has(key, role) for role in (*_OTHER, *_SMALL))

    def _feature(self, at: int) -> tuple[int | None, str]:
        """The last word like "River" or "Street" that the large words from a place lead to, and which of the two."""
        words, wording = self.words, self.wording
        last, how = None, "made"
        for here in range(at + 1, min(at + _LONGEST_MADE, len(words))):
            word = words.bare[here]
            if words.join(here - 1) != " " or not self._is_large(here):
                break
            is_street = wording.has(word, "street")
            if is_street or wording.has(word, "feature-last"):
                last, how = here, "street" if is_street else "made"
            elif self._is_other(word) and not wording.has(word, "between"):
                break
            if words.owns(here):
                break
        return last, how

    def _is_other(self, word: str) -> bool:
        return word not in self.wording.given and any(self.wording.has(word, role) for role in _OTHER)

    def _after_feature(self, at: int) -> int | None:
        """The last word of a name after a word like "Lake": "Lake Lanier", "Gulf of Aden"."""
        words, wording = self.words, self.wording
        here, end = at + 1, min(at + 3, len(words))
        while here < end and words.folded[here] in _LINKS and not words.large[here]:
            here += 1
        last = None
        for name in range(here, min(here + 2, len(words))):
            key = words.bare[name]
            if words.join(name - 1) not in {" ", ""} or not words.large[name]:
                break
            if self._is_other(key) or wording.has(key, "side") or wording.has(key, "locative"):
                break
            last = name
            if words.owns(name):
                break
        return last

    def _of(self, first: int, last: int, how: str) -> Found:
        key = " ".join(self.words.bare[first : last + 1])
        return Found(first, last, self.words.ends[last], key, how)

    def _unlisted(self, at: int, tied: int) -> Found | None:
        """A word that no layer has, with what hyphens tie to it, or two such words, if they may be a name at all."""
        words = self.words
        if not self._may_be_name(at):
            return None
        if tied > at:
            return self._of(at, tied, "unlisted")
        following = at + 1
        goes_on = words.join(at) == " " and not words.hyphen(at) and not words.owns(at) and words.large[following]
        if goes_on and self._may_be_name(following) and not self._is_known(following):
            return self._of(at, self._tied(following), "unlisted-two")
        return self._of(at, at, "unlisted")

    def _is_known(self, at: int) -> bool:
        standing = self.listed.standing(self.words.bare[at])
        return standing is not None and standing.best >= _KNOWN

    def _may_be_name(self, at: int) -> bool:
        words, wording = self.words, self.wording
        key, word = words.bare[at], words.words[at]
        if not words.has_case(at):
            return False
        if len(key) < _SHORTEST or at in self.people.inside or (word.isupper() and word.isascii()):
            return False
        if key in wording.given or key in wording.surnames or key in wording.roles or key in wording.others:
            return False
        return not wording.ordinary(key)


@lru_cache(maxsize=65_536)
def is_of_a_people(key: str) -> bool:
    """Tell whether a folded word is said of people and things of a country."""
    return bool(demonyms(key))


def _without_article(key: str) -> str:
    first, _, rest = key.partition(" ")
    return rest if first in _ARTICLES else ""


def _written_out(key: str) -> str:
    """A name with its short first word written out, "St. Louis" as Saint Louis; "" if that is no short form."""
    first, _, rest = key.partition(" ")
    long = _WRITTEN_OUT.get(first)
    return f"{long} {rest}" if long and rest else ""
