"""Misspelt places: words that no layer has, a slip away from a place's name; and slips in the words beside places."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from gazetteer.check.finding import Finding, Kind, Severity
from gazetteer.check.known import LONGEST, SHORTEST, Neighbours, Right, is_hurried, is_slip
from gazetteer.check.reading import Reading, Said
from gazetteer.check.strange import Strange
from gazetteer.check.writing import laid_out
from gazetteer.names import fold
from gazetteer.place import Candidate, NameKind, Place, Verdict

#: So many letters must a word have that is compared with any large place of the world.
_SHORTEST_LARGE: Final = 6
#: The same for one with a wrong or superfluous letter, which may be any.
_SHORTEST_ANY_LETTER: Final = 6
_SHORTEST_ELSEWHERE: Final = 9
_LARGE: Final = 500_000
#: For so many words of a text large places of the world are looked for; for the rest countries and the text's places.
_ASKED: Final = 5_000
_OWN_NAMES: Final = (NameKind.STANDARD, NameKind.CONVENTIONAL)
_OF: Final = frozenset({"of", "de", "du", "la", "the"})
#: How sure the check is, by how the right name is known: the text has it; it is a country's or a curated place's.
_OF_TEXT: Final = 0.95
_KNOWN: Final = 0.9
_LARGE_PLACE: Final = 0.7
_SOUND: Final = 0.7
_WORD: Final = 0.9


def misspellings(reading: Reading) -> Iterator[Finding]:
    """Find misspelt names of places, whether or not they were taken for places, and words beside places."""
    meant = _Meant(reading)
    found = list(_of_words(meant, reading))
    for said in reading.said:
        if not reading.is_name(said.name):
            found += _of_mention(said, meant, reading)
    yield from found
    yield from _beside([*reading.spans, *((one.start, one.end) for one in found)], reading)


def taken_for_slips(findings: Sequence[Finding], reading: Reading) -> Mapping[str, Sequence[Candidate]]:
    """Give the names of places among findings of misspelt words, with what was meant."""
    spans = {(one.start, one.end): one.candidates for one in findings if one.verdict is Verdict.MISSPELT}
    return {said.name: spans[said.spans[0]] for said in reading.said if said.spans[0] in spans}


def _of_mention(said: Said, meant: _Meant, reading: Reading) -> Iterator[Finding]:
    """A name that was taken for a place's, and that no layer has."""
    for spelling in reading.spellings(said.name):
        rights = meant.rights(fold(spelling), is_place=True)
        if rights:
            name = said.name.replace(spelling, rights[0].name, 1) if spelling in said.name else rights[0].name
            for span in said.spans:
                yield _finding(span, name, rights, reading)
            return


def _of_words(meant: _Meant, reading: Reading) -> Iterator[Finding]:
    """Words with a capital letter that were not taken for places."""
    words = reading.words
    strange = Strange(reading)
    done = 0
    for at, large in enumerate(words.large):
        if not large or at < done:
            continue
        for number in strange.lengths(at):
            rights = meant.rights(strange.key(at, number), is_place=strange.is_placed(at, at + number - 1))
            if rights:
                yield _finding((words.starts[at], words.ends[at + number - 1]), rights[0].name, rights, reading)
                done = at + number
                break


def _finding(span: tuple[int, int], name: str, rights: Sequence[Right], reading: Reading) -> Finding:
    start, end = span
    printed = reading.text[start:end]
    right = rights[0]
    place = reading.described(right.place)
    what = place if fold(right.name) == fold(right.place.name) else f"{right.name}, a name of {place}"
    return Finding(
        start,
        end,
        printed,
        Kind.MISSPELT,
        Severity.ERROR,
        f"{' '.join(printed.split())} is no known name of a place, and a slip away from {what}.",
        right.confidence,
        verdict=Verdict.MISSPELT,
        candidates=tuple(Candidate(one.place, one.name, one.confidence) for one in rights),
        replacement=laid_out(printed, name),
    )


class _Meant:
    """The names that a strange word was probably meant for: of places of the text, of countries, of large places."""

    def __init__(self, reading: Reading) -> None:
        self._reading = reading
        self._text = Neighbours({fold(name): Right(name, place, _OF_TEXT) for name, place in reading.places})
        self._known = reading.known.neighbours(reading.languages, _KNOWN)
        self._found: dict[tuple[str, bool], list[Right]] = {}
        self._asked = 0

    def rights(self, key: str, *, is_place: bool) -> list[Right]:
        """Give the names that a folded word was probably meant for, the surest first.

        Parameters
        ----------
        key
            The word.
        is_place
            Whether something beside the word says that it is a place's name; otherwise only the text's own places are
            looked for.
        """
        asked = key, is_place
        if asked not in self._found:
            self._found[asked] = [] if self._exists(key) else self._near(key, is_place=is_place)
        return self._found[asked]

    def _exists(self, key: str) -> bool:
        """Tell whether a word is a name of its own: no name that exists is a slip for another one."""
        strange = SHORTEST <= len(key) <= LONGEST and not any(map(str.isdigit, key))
        return not strange or self._reading.is_name(key)

    def _near(self, key: str, *, is_place: bool) -> list[Right]:
        found = self._text.slips(key) or [Right(one.name, one.place, _SOUND) for one in self._text.sounds(key)]
        if not found and is_place:
            long = len(key) >= _SHORTEST_ANY_LETTER
            found = [one for one in self._known.slips(key) if long or is_hurried(key, fold(one.name))]
            found = found or [Right(one.name, one.place, _SOUND) for one in self._known.sounds(key)]
            found = found or (list(self._large(key)) if len(key) >= _SHORTEST_LARGE else [])
        return sorted(found, key=lambda right: (-right.confidence, -(right.place.population or 0), right.name))

    def _large(self, key: str) -> Iterator[Right]:
        """Capitals and large cities of the world, and divisions of the text's countries, a slip away."""
        if self._asked >= _ASKED:
            return
        self._asked += 1
        for near in self._reading.gazetteer.near_names(None).near(key):
            if near.distance is None or not is_slip(key, near.key):
                continue
            own = [
                hit
                for hit in self._reading.gazetteer.hits(near.key)
                if hit.name.kind in _OWN_NAMES and hit.name.language in self._reading.languages
                if self._is_large(hit.place, near.key, asked=key)
            ]
            if own:
                best = max(own, key=lambda hit: hit.place.population or 0)
                yield Right(best.name.text, best.place, _LARGE_PLACE)

    def _is_large(self, place: Place, key: str, *, asked: str) -> bool:
        if place.country_code in self._reading.countries:
            return place.feature_code in ("PPLC", "ADM1") or (place.population or 0) >= _LARGE
        # In the whole world almost any word is a wrong letter away from some large place.
        sure = is_hurried(asked, key) or len(asked) >= _SHORTEST_ELSEWHERE
        return sure and (place.feature_code == "PPLC" or (place.population or 0) >= _LARGE)


def _beside(spans: Sequence[tuple[int, int]], reading: Reading) -> Iterator[Finding]:
    """Slips in words for a side or a kind that stand right beside a place: "nothern Burkina Faso"."""
    words = reading.words
    told: set[int] = set()
    for start, end in spans:
        first, behind = bisect_left(words.starts, start), bisect_left(words.starts, end)
        before = first - 2 if first > 1 and words.folded[first - 1] in _OF else first - 1
        for at, joint in ((before, before), (behind, behind - 1)):
            if not 0 <= at < len(words) or at in told or len(words.bare[at]) < SHORTEST or words.join(joint) != " ":
                continue
            right = reading.beside(words.bare[at])
            if right is not None:
                told.add(at)
                yield _of_word(words.starts[at], words.ends[at], right, reading)


def _of_word(start: int, end: int, right: str, reading: Reading) -> Finding:
    printed = reading.text[start:end]
    replacement = laid_out(printed, right.capitalize() if printed[0].isupper() else right)
    return Finding(
        start,
        end,
        printed,
        Kind.MISSPELT,
        Severity.ERROR,
        f"{printed} stands beside the name of a place, and is a slip away from {replacement}.",
        _WORD,
        replacement=replacement,
    )
