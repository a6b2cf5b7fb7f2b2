"""All evidence for and against a name: how it is known, what it is itself, and the words around it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from gazetteer.recognise.around import Around
from gazetteer.recognise.listed import Listed
from gazetteer.recognise.names import Found
from gazetteer.recognise.people import People
from gazetteer.recognise.tokens import Words
from gazetteer.recognise.wording import USUAL_SURNAME, Wording

_FEW_CAPITALS: Final = 4
_SHORT: Final = 3
#: What a word may be itself, beside a place's name.
_ROLES: Final = (
    *("title", "institution", "organisation", "publication", "month", "day", "kind", "side"),
    *("function", "relation", "locative"),
)
#: From which prominence on a place is called so, the most prominent first.
_STEPS: Final = ((7.5, "country"), (6.4, "division"), (6.0, "million"), (5.0, "large"), (4.2, "town"), (3.3, "small"))
#: A division that is only listed by a spelling, and a district by its own name.
_SPELT_DIVISION: Final = 5.4
_DISTRICT: Final = 4.0
#: From this prominence on a place is meant although its name is also a word or a person's: Turkey, Chad, Jordan.
_WELL_KNOWN: Final = 7.5


class Context:
    """Gathers what speaks for and against names in a text."""

    def __init__(self, words: Words, wording: Wording, listed: Listed, people: People) -> None:
        """Take a text's words, and what is known of words, names and the text's persons."""
        self.words = words
        self.wording = wording
        self.people = people
        self.around = Around(words, wording, listed)

    def evidence(self, found: Found) -> list[str]:
        """Name everything that speaks for or against a name, by the names in `gazetteer.recognise.weighing`."""
        if found.how == "demonym":
            return ["demonym", *self._of_a_people(found)]
        if not self.words.has_case(found.first):
            return [found.how, *(one for one in _prominence(found) if one != "spelling")]
        around = [*self.around.before(found), *self.around.behind(found)]
        if "dateline" in around:
            return [found.how, *_prominence(found), "dateline"]
        return [found.how, *_prominence(found), *self._own(found), *self._persons(found), *around]

    def _of_a_people(self, found: Found) -> Iterator[str]:
        """What speaks against a word's being said of a people: a language, or a person's name."""
        words, wording = self.words, self.wording
        before, behind = words.previous(found.first), words.following(found.last)
        alone = not behind or wording.has(behind, "function") or wording.has(behind, "relation")
        if wording.has(behind, "language") or wording.has(before, "language") or (before in {"in", "en"} and alone):
            yield "language"
        if found.first in self.people.inside:
            yield "person"

    def _own(self, found: Found) -> Iterator[str]:
        """What the words of a name are themselves."""
        words, wording = self.words, self.wording
        if words.begins_sentence(found.first):
            yield "first"
        if found.last == found.first:
            yield from self._one_word(found)
            return
        if not found.how.startswith("unlisted"):
            yield "several"
        if all(wording.ordinary(words.bare[at]) for at in range(found.first, found.last + 1)):
            yield "several-ordinary"
        owned = words.owns(found.last) and found.end == words.ends[found.last]
        if owned and words.folded[found.first] == "st" and words.bare[found.last] in wording.given:
            yield "saint's"

    def _one_word(self, found: Found) -> Iterator[str]:
        words, wording, at = self.words, self.wording, found.first
        key, word = words.bare[at], words.words[at]
        if word.isupper() and word.isascii():
            yield "capitals"
            if len(key) <= _FEW_CAPITALS:
                return
        if self._is_short_form(at):
            yield "abbreviation"
            return
        if wording.ordinary(key) and _is_well_known(found):
            yield "ordinary-well-known"
        elif wording.ordinary(key):
            yield "ordinary"
            if words.begins_sentence(at):
                yield "first-ordinary"
                following = words.following(at)
                if wording.has(following, "function") or wording.has(following, "locative"):
                    yield "first-of-a-phrase"  # "Reading the report"
        if key in wording.given:
            yield "given"
        rank = wording.surnames.get(key)
        if rank is not None:
            yield "usual-surname" if rank <= USUAL_SURNAME else "surname"
        for role in _ROLES:
            if wording.has(key, role):
                yield f"is-{role}"
        if len(key) <= _SHORT:
            yield "short"

    def _is_short_form(self, at: int) -> bool:
        """Tell whether a word is a unit's short form with its full stop: "Mass.", and not "Ms." or "Co."."""
        words, wording, key = self.words, self.wording, self.words.bare[at]
        if key not in wording.abbreviations or wording.has(key, "title") or wording.has(key, "organisation"):
            return False
        return words.text[words.ends[at] : words.ends[at] + 1] == "."

    def _persons(self, found: Found) -> Iterator[str]:
        """What the persons of the text say; a street or a river may be named after one."""
        if found.how in {"made", "street"}:
            return
        words, people = self.words, self.people
        if not people.inside.isdisjoint(range(found.first, found.last + 1)):
            yield "person"
        elif found.last == found.first and words.bare[found.first] in people.surnames:
            yield "known-surname"
        elif found.last == found.first and words.bare[found.first] in people.givens:
            yield "known-given"


def _is_well_known(found: Found) -> bool:
    return found.standing is not None and found.standing.called >= _WELL_KNOWN


def _prominence(found: Found) -> Iterator[str]:
    """How prominent the best bearer of a listed name is."""
    standing = found.standing
    if standing is None or found.how != "listed":
        return
    best = standing.best
    if standing.unit == "ADM1" and best >= _SPELT_DIVISION:
        yield "division"
    else:
        yield next((name for least, name in _STEPS if best >= least), "tiny")
    if standing.magnitude < standing.spelling - 1:
        yield "spelling"
    elif _is_well_known(found):
        yield "well-known"
    if standing.unit == "ADM2" and best <= _DISTRICT:
        yield "district-unit"
