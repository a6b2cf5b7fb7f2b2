"""Persons in a text: the words that are part of a person's name, so that no place is seen in them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from gazetteer.recognise.listed import Listed
from gazetteer.recognise.tokens import Words
from gazetteer.recognise.wording import USUAL_SURNAME, Wording

_LONGEST: Final = 4
#: From this prominence on a listed name of several words is a place although its first word is a person's name.
_KNOWN_PLACE: Final = 3.0
_GREAT_PLACE: Final = 5.5
_ARTICLES: Final = frozenset(
    {"al", "el", "ben", "bin", "ibn", "abu", "abou", "van", "von", "der", "den", "bint", "ould", "ag"}
)
#: Roles of words that end a person's name.
_ENDING: Final = (
    "institution",
    "feature-last",
    "street",
    "publication",
    "month",
    "day",
    "kind",
    "side",
    "organisation",
)


@dataclass(slots=True)
class People:
    """The words of a text that are in persons' names, by number, and the surnames that these persons have."""

    inside: set[int] = field(default_factory=set)
    surnames: set[str] = field(default_factory=set)
    givens: set[str] = field(default_factory=set)

    def add(self, words: Words, first: int, last: int) -> None:
        """Take words from `first` to `last` for one person's name."""
        self.inside.update(range(first, last + 1))
        self.surnames.add(words.bare[last])
        if last > first:
            self.givens.add(words.bare[first])


def people_of(words: Words, wording: Wording, listed: Listed) -> People:
    """Find the persons of a text, by titles, given names, initials and ages."""
    people = People()
    reader = _Reader(words, wording, listed)
    at = 0
    while at < len(words):
        found = reader.person(at) if words.large[at] else None
        if found:
            people.add(words, *found)
            at = found[1] + 1
        else:
            at += 1
    return people


class _Reader:
    def __init__(self, words: Words, wording: Wording, listed: Listed) -> None:
        self.words = words
        self.wording = wording
        self.listed = listed

    def person(self, at: int) -> tuple[int, int] | None:
        """The first and the last word of a person's name that starts at a word, or after a title there."""
        found = self._named(at)
        return None if found is None or self._is_place(at) else found

    def _named(self, at: int) -> tuple[int, int] | None:
        words = self.words
        if self.wording.has(words.folded[at], "title"):
            return self._after_title(at)
        if len(words.folded[at]) == 1:
            return self._after_initial(at)
        if self._goes_on(at):
            return self._of_two(at)
        return (at, at) if self._is_aged(at) and not words.begins_sentence(at) else None

    def _after_title(self, at: int) -> tuple[int, int] | None:
        """A name after a title; "King County" and "Saint Louis" are none."""
        following = at + 1
        last = self._last(following) if self._goes_on(at) else None
        return (following, last) if last is not None and not self._is_place(following) else None

    def _after_initial(self, at: int) -> tuple[int, int] | None:
        """A name like "J. Smith"; "N. High Street" is none."""
        words = self.words
        if words.gap(at) not in {". ", ".", ".\n"} or at + 1 >= len(words) or not words.large[at + 1]:
            return None
        last = self._last(at + 1)
        return (at, last) if last is not None and not self._is_street(at) else None

    def _of_two(self, at: int) -> tuple[int, int] | None:
        """A name of a given name or any name, and what follows it."""
        words, following = self.words, at + 1
        if len(words.folded[following]) == 1 and words.words[following].isupper():
            last = self._last(following + 1) if self._goes_on(following) else None
            return (at, last) if last is not None else None
        last = self._last(following)
        if last is None:
            return None
        if words.folded[at] in self.wording.given and self._is_surname(following, at):
            return at, last
        return (at, last) if self._is_aged(last) and not self._is_place(last) else None

    def _goes_on(self, at: int) -> bool:
        """Tell whether the next word may belong to the same person's name."""
        words = self.words
        if words.join(at) not in {" ", ""} or words.owns(at) or words.hyphen(at):
            return False
        is_article = words.folded[at + 1] in _ARTICLES and at + 2 < len(words) and words.large[at + 2]
        return words.large[at + 1] or is_article

    def _last(self, at: int) -> int | None:
        """The last word of the person's name whose second or only known word is at a place; None if none is."""
        words, wording = self.words, self.wording
        last = None
        end = min(len(words), at + _LONGEST)
        for here in range(at, end):
            key = words.bare[here]
            is_article = words.folded[here] in _ARTICLES
            if not words.large[here] and not is_article:
                break
            if any(wording.has(key, role) for role in _ENDING) and key not in wording.given:
                break
            if words.large[here]:
                last = here
            joins = words.join(here) in (" ", "") or (is_article and words.hyphen(here))
            if not joins or words.owns(here):
                break
        return last

    def _is_place(self, at: int) -> bool:
        """Tell whether a name of several words that starts at a word is a place of some prominence."""
        words = self.words
        key = words.folded[at]
        for here in range(at + 1, min(at + _LONGEST, len(words))):
            how = words.join(here - 1)
            if how not in (" ", "") or not words.large[here]:
                return False
            for last in (words.folded[here], words.bare[here]):
                name = f"{key}{how}{last}"
                standing = self.listed.standing(name) if name in self.listed else None
                if standing and standing.best >= _KNOWN_PLACE:
                    return True
            key = f"{key}{how}{words.folded[here]}"
        return False

    def _is_surname(self, at: int, before: int) -> bool:
        """Tell whether the word after a given name may be a surname: no ordinary word after a great place's name."""
        words, wording = self.words, self.wording
        key = words.bare[at]
        if words.folded[at] in _ARTICLES or wording.surnames.get(key, USUAL_SURNAME + 1) <= USUAL_SURNAME:
            return True
        great = self._great(before)
        if wording.ordinary(key):
            return not great and not words.begins_sentence(before) and words.large[at] and key not in wording.roles
        return not (great and self._great(at))

    def _great(self, at: int) -> bool:
        standing = self.listed.standing(self.words.bare[at])
        return standing is not None and standing.best >= _GREAT_PLACE

    def _is_aged(self, at: int) -> bool:
        """Tell whether an age follows: "Smith, 34,"."""
        text, end = self.words.text, self.words.ends[at]
        tail = text[end : end + 6]
        number = tail[2:4]
        if not (tail.startswith(", ") and number.isdigit() and tail[4:5] in (",", ".", "")):
            return False
        return not self.wording.has(self.words.previous(at), "locative") and self.words.previous(at) not in (
            "of",
            "from",
            "and",
        )

    def _is_street(self, at: int) -> bool:
        words = self.words
        return any(
            words.large[here] and self.wording.has(words.folded[here], "street")
            for here in range(at, min(at + 4, len(words)))
        )
