"""The words right before and right behind a name, and what they say of it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from gazetteer.recognise.listed import Listed
from gazetteer.recognise.names import Found, is_of_a_people
from gazetteer.recognise.tokens import Words
from gazetteer.recognise.wording import Wording

_MONTHS: Final = (
    "January|February|March|April|May|June|July|August|September|October|November|December|"
    "Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec"
)
#: "(Dawn, November 1)", "; Quora TV, April 12)": what a text cites.
_CITED: Final = re.compile(rf"\s*(?:tv|TV)?,\s+(?:\d{{1,2}}\s+)?(?:{_MONTHS})\b\.?\s*\d{{0,2}}")
_CITATION: Final = 80
_AGE: Final = re.compile(r", \d\d[,.]")
_DATELINE: Final = re.compile(
    r"(?:, [A-Z][\w. ]{1,20})?"
    r"(?:(?: \([A-Z][\w /.-]{1,20}\))? ?(?:—|–|--|-)+ ?| \((?:AP|AFP|Reuters|UPI|Xinhua|IRIN|OCHA|CNN|dpa)\))"
)
_SHORT: Final = 3
_TAIL: Final = 60
_ARTICLES: Final = frozenset(["the", "la", "le", "les", "l", "al"])
_OF: Final = frozenset(["of", "de", "du", "d", "des", "la", "the", "called", "named", "le"])
_AND: Final = frozenset(["and", "or", "et", "ou"])
_ROLES_BEFORE: Final = ("title", "month", "day", "institution", "feature-first", "organisation", "kind")
_ROLES_BEFORE_SMALL: Final = ("kind", "speech", "title")
_ROLES_BEHIND: Final = ("institution", "feature-last", "street", "month", "day", "title", "organisation", "side")
#: How prominent a place must be to be seen in the word beside a name.
_LARGE: Final = 5.0
_SMALL: Final = 3.3
_DIVISION: Final = 5.4
_HEADING: Final = 0.8
_HEADING_REACH: Final = 6


class Around:
    """Reads the words before and behind names."""

    def __init__(self, words: Words, wording: Wording, listed: Listed) -> None:
        """Take a text's words, and what is known of words and names."""
        self.words = words
        self.wording = wording
        self.listed = listed
        self._headings: dict[int, bool] = {}

    def before(self, found: Found) -> Iterator[str]:
        """Name what the words before a name say of it."""
        words = self.words
        at = found.first
        if words.hyphen(at - 1):
            if len(words.words[at - 1]) == 1:
                yield "party"  # "R-Texas"
            else:
                yield "joined-left" if words.large[at - 1] else "joined-left-small"
            return
        # Articles and sides are read, and what stands before them counts too: "in the north of", "from northern Mali".
        at, articles = self._skip(at, _ARTICLES)
        if articles:
            yield "the"
        word = words.previous(at)
        if word and self.wording.has(word, "side"):
            at -= 1
            yield "side-large" if words.large[at] else "side"
            at, _ = self._skip(at, _ARTICLES)
            word = words.previous(at)
        if word:
            yield from self._word_before(word, at - 1)
        elif words.gap(found.first - 1) == ", " and words.large[found.first - 1]:
            yield "behind-comma"

    def _skip(self, at: int, what: frozenset[str]) -> tuple[int, int]:
        """Step back over a small word of some, if one is there; where that leads, and how many were skipped."""
        if self.words.previous(at) in what and not self.words.large[at - 1]:
            return at - 1, 1
        return at, 0

    def _word_before(self, word: str, at: int) -> Iterator[str]:
        words, wording = self.words, self.wording
        large, begins = words.large[at], words.begins_sentence(at)
        small = not large or begins
        if wording.has(word, "locative") and small:
            yield "in"
        elif (word in _OF and not large and wording.has(self._before_of(at), "kind")) or wording.has(word, "axis"):
            yield "kind-of"
        elif wording.has(word, "relation") and small:
            yield "of" if word in _OF else "and" if word in _AND else "from"
        elif large and not (begins and wording.ordinary(word)):
            yield self._large_before(at)
        elif not large:
            yield from [f"{role}-before" for role in _ROLES_BEFORE_SMALL if wording.has(word, role)][:1]

    def _before_of(self, at: int) -> str:
        """The word before "of" and what goes with it: "town" in "the town of the"."""
        here = at
        for _ in range(3):
            word = self.words.previous(here)
            if word not in _OF:
                return word
            here -= 1
        return ""

    def _large_before(self, at: int) -> str:
        wording, key = self.wording, self.words.folded[at]
        ordinary = wording.ordinary(key)
        if ordinary and self.in_heading(at):
            return "large-ordinary-heading"
        for role in _ROLES_BEFORE:
            if wording.has(key, role):
                return f"large-{role}"
        if key in wording.given:
            return "large-given"
        if ordinary:
            return "large-ordinary"
        return "large-place" if self._stands(self.words.bare[at], _LARGE) else "large-unknown"

    def behind(self, found: Found) -> Iterator[str]:
        """Name what the words behind a name say of it."""
        words, at = self.words, found.last
        if words.owns(at) and found.end == words.ends[at]:
            yield "owner"
        if words.hyphen(at):
            yield "joined-right" if words.large[at + 1] else "joined-right-small"
            return
        following = words.following(at)
        tail = words.text[found.end : found.end + _TAIL]
        if following:
            yield from self._word_behind(following, at + 1)
        elif tail.startswith(", ") and at + 1 < len(words) and words.large[at + 1]:
            yield self._behind_comma(at + 1)
        if _AGE.match(tail):
            yield "age"
        is_first = words.begins_sentence(found.first) or words.words[found.first].isupper()
        if is_first and len(words.bare[at]) > _SHORT and _DATELINE.match(tail):
            yield "dateline"
        if self._is_cited(found):
            yield "cited"

    def _word_behind(self, word: str, at: int) -> Iterator[str]:
        words, wording = self.words, self.wording
        if words.large[at]:
            yield self._large_behind(at)
        elif wording.has(word, "kind"):
            yield "kind-behind"
        elif wording.has(word, "after"):
            yield "people-behind"
        elif wording.has(word, "speech"):
            yield "speech"
        elif word in _AND and at + 2 < len(words) and words.large[at + 1]:
            yield "and-behind"
            third = words.following(at + 1)
            if third.endswith("s") and wording.has(third, "kind"):
                yield "kind-behind"

    def _large_behind(self, at: int) -> str:
        words, wording, key = self.words, self.wording, self.words.bare[at]
        if wording.has(key, "team") or (at + 1 < len(words) and wording.has(words.bare[at + 1], "team-second")):
            return "team-behind"
        ordinary = wording.ordinary(key)
        if ordinary and not wording.has(key, "institution") and self.in_heading(at):
            return "heading-behind"
        if wording.has(key, "publication") and not (key == "post" and words.following(at) == "office"):
            return "publication"
        for role in _ROLES_BEHIND:
            if wording.has(key, role):
                return f"{role}-behind"
        if ordinary:
            return "team" if key.endswith("s") else "ordinary-behind"
        return self._name_behind(key)

    def _name_behind(self, key: str) -> str:
        if key in self.wording.given:
            return "given-behind"
        if is_of_a_people(key):
            return "demonym-behind"
        return "place-behind" if self._stands(key, _LARGE) else "unknown-behind"

    def _behind_comma(self, at: int) -> str:
        """What the name behind a comma says: a unit that may hold this one, or something else."""
        words = self.words
        for last in (at + 1, at):
            if last > at and not (words.join(at) == " " and words.large[last]):
                continue
            key = " ".join(words.bare[at : last + 1])
            short = last > at or words.words[at].isupper() or words.text[words.ends[at] : words.ends[at] + 1] == "."
            if short and key in self.wording.abbreviations:
                return "comma-unit"
            standing = self.listed.standing(key)
            if standing and standing.best >= _DIVISION and standing.unit in {"PCLI", "ADM1"}:
                return "comma-unit"
        return "comma-place" if self._stands(words.bare[at], _SMALL) else "comma-large"

    def _is_cited(self, found: Found) -> bool:
        """Tell whether a name stands where a text names its source: "(Dawn, November 1)"."""
        text, start = self.words.text, self.words.starts[found.first]
        if not _CITED.match(text, found.end):
            return False
        least = max(found.end - _CITATION, 0)
        opened = max(text.rfind("(", least, start), text.rfind(";", least, start))
        return opened >= 0 and not {")", ","}.intersection(text[opened : found.end])

    def _stands(self, key: str, least: float) -> bool:
        standing = self.listed.standing(key)
        return standing is not None and standing.best >= least

    def in_heading(self, at: int) -> bool:
        """Tell whether a word stands in a heading, where nearly every word is large."""
        known = self._headings.get(at)
        if known is None:
            words = self.words
            first = last = at
            while first > 0 and at - first < _HEADING_REACH and not words.begins_sentence(first):
                first -= 1
            while last + 1 < len(words) and last - at < _HEADING_REACH and not words.begins_sentence(last + 1):
                last += 1
            large = [words.large[here] for here in range(first, last + 1) if len(words.words[here]) > _SHORT]
            known = self._headings[at] = len(large) > _SHORT and sum(large) >= _HEADING * len(large)
        return known
