"""Strange words: written large, known to nobody, and not part of a longer name or of a citation."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from gazetteer.check.known import LONGEST, SHORTEST
from gazetteer.check.reading import Reading
from gazetteer.demonyms import demonyms

_LONGEST_NAME: Final = 3
_ARTICLES: Final = frozenset({"al", "el", "ul", "an", "ar", "as", "ash", "at", "az", "ad", "bin", "ibn", "abu"})
#: What a text cites: "(Samaa tv, April 12; Dawn, May 1)".
_CITED: Final = re.compile(
    r"[^();\n]{0,40}\n?[^();\n]{0,40},\s(?:\d{1,2}\s)?"
    r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec|janv|févr|mars|avr|mai|juin|juil|août|sept|déc)"
)
_AND: Final = re.compile(r",?\s+(?:and|or|et|ou)\s+|,\s+|\s+\(")
#: What hyphens join to names of places: "Tunisia-born".
_OF_A_PLACE: Final = frozenset({"born", "based", "backed", "led", "held", "controlled", "occupied", "area"})
#: These say of whom something is, as much as where.
_NO_PLACE: Final = frozenset({"for", "pour", "and", "or", "et", "ou", "par", "chez", "against", "via"})


class Strange:
    """The strange words of a text."""

    def __init__(self, reading: Reading) -> None:
        """Take a draft."""
        self._reading = reading
        self._words = reading.words
        self._unheard: dict[str, bool] = {}

    def key(self, at: int, number: int) -> str:
        """Give the folded name that some words make."""
        return " ".join((*self._words.folded[at : at + number - 1], self._words.bare[at + number - 1]))

    def lengths(self, at: int) -> Iterator[int]:
        """Give how many words from a large one on may be a misspelt name of a place, the most first."""
        words = self._words
        most = 1
        while most < _LONGEST_NAME and words.join(at + most - 1) == " " and words.large[at + most]:
            most += 1
        strange = [self._is_strange(here) for here in range(at, at + most)]
        for number in range(most, 0, -1):
            if any(strange[:number]) and self._stands_alone(at, at + number - 1):
                yield number

    def is_placed(self, first: int, last: int) -> bool:
        """Tell whether what stands around some words says that they are a place's: "in", "province", "Kabul and"."""
        words, wording = self._words, self._reading.wording
        first -= words.previous(first) == "the"
        before, behind = words.previous(first), words.following(last)
        if wording.has(before, "locative") or wording.has(before, "side") or wording.has(behind, "kind"):
            return True
        if any(len(word) >= SHORTEST and self._reading.beside(word) for word in (before, behind)):
            return True
        if wording.has(before, "relation") and before not in _NO_PLACE:
            return True
        if last + 1 < len(words) and words.hyphen(last) and words.bare[last + 1] in _OF_A_PLACE:
            return True
        start = words.starts[first]
        number = self._reading.before(start)
        return number is not None and _AND.fullmatch(words.text, self._reading.spans[number][1], start) is not None

    def _is_strange(self, at: int) -> bool:
        """Tell whether a word is none that anybody knows, in no name that was recognised, and no person's."""
        words, reading = self._words, self._reading
        key = words.bare[at]
        if key not in self._unheard:
            self._unheard[key] = self._is_unheard_of(key)
        if not self._unheard[key] or reading.placed(at) or at in reading.people.inside:
            return False
        # What is large at the beginning of a sentence may be any word of a language whose words are not known here.
        return reading.wording.language == "en" or not words.begins_sentence(at)

    def _is_unheard_of(self, key: str) -> bool:
        wording = self._reading.wording
        if (
            not SHORTEST <= len(key) <= LONGEST
            or not key.isalpha()
            or key in self._reading.small
            or wording.ordinary(key)
        ):
            return False
        people = self._reading.people
        names = (wording.given, wording.surnames, wording.regions, wording.others, people.surnames, people.givens)
        return not (any(key in known for known in names) or wording.roles.get(key) or demonyms(key))

    def _stands_alone(self, first: int, last: int) -> bool:
        """Tell whether no other name is joined to these words, as in "al-Sudani" and "Mustafa Suleman"."""
        if self._is_joined(first - 1, first - 1) or self._is_joined(last, last + 1):
            return False
        text, start = self._words.text, self._words.starts[first]
        before = text[max(start - 3, 0) : start].rstrip()
        return not (before.endswith(("(", ";")) and _CITED.match(text, start))

    def _is_joined(self, joint: int, other: int) -> bool:
        """Tell whether a name, which is no place's, stands on the other side of a joint."""
        words = self._words
        if joint < 0 or other >= len(words):
            return False
        key, wording = words.bare[other], self._reading.wording
        if words.hyphen(joint):
            # "al-Sudani" and "Shah-Rukh", but not "Tunisia-born" and "Egypt-US".
            return key in _ARTICLES or (words.large[other] and not words.words[other].isupper())
        if words.join(joint) != " " or not words.large[other] or self._reading.placed(other):
            return False
        return not (wording.ordinary(key) or key in self._reading.small or wording.roles.get(key))
