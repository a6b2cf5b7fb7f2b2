"""Places in running English and French text, by the gazetteer and by rules: their spans, and who found them."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from gazetteer.document import Mention
from gazetteer.index import Gazetteer
from gazetteer.recognise.context import Context
from gazetteer.recognise.fused import fused
from gazetteer.recognise.listed import Listed
from gazetteer.recognise.names import Found, Names
from gazetteer.recognise.people import people_of
from gazetteer.recognise.plug import Recogniser, SpanError, name_of, spans
from gazetteer.recognise.reading import read_together
from gazetteer.recognise.tokens import words_of
from gazetteer.recognise.wording import language_of, wording

__all__ = ["GAZETTEER", "WORDING", "Recognised", "Recogniser", "SpanError", "recognise"]

#: What marks a name that a layer of the gazetteer lists, and one that only the words in and around it say is a place's.
GAZETTEER: Final = "gazetteer"
WORDING: Final = "wording"

_UNLISTED: Final = frozenset({"made", "street", "unlisted", "unlisted-two"})
_DIVIDED: Final = re.compile(r"(?<=\w)[-‐]\s*\n\s*(?=[^\W\d_A-Z])")
_SPACE: Final = re.compile(r"\s+(?:\d{1,4}\s*\n\s*)?")


@dataclass(frozen=True, slots=True)
class Recognised(Mention):
    """A place, or a word for a place's people, as a text names it: `text[start:end]`, counted in characters.

    `name` is the same in one line, without the hyphen of a word that was divided at a line's end. `kind` is "place" or
    "demonym". `marked_by` is "gazetteer" for a name that a layer lists, "wording" for one that only the words in and
    around it say is a place's ("Naugatuck River", "the village of Sanloaga"), or the name of the plug that found it.
    """

    name: str
    kind: str
    marked_by: str

    @property
    def mention(self) -> Mention:
        """The same for `resolve_document`: by its name in one line."""
        return Mention(self.name, self.start, self.end)


def recognise(
    text: str, *, gazetteer: Gazetteer, language: str | None = None, recogniser: Recogniser | None = None
) -> tuple[Recognised, ...]:
    r"""Find the places that a text names, in its order, none overlapping another.

    Names are looked up in the gazetteer, the longest first, across the ends of lines; and weighed: how prominent a
    bearer the name has, if it is also an ordinary word or a person's name, what stands before and behind it, what the
    rest of the text says. Persons, organisations, publications, addresses of pages and names on social networks are no
    places; a place in the name of its own school, court or police is one.

    Parameters
    ----------
    text
        Running text. What it shows of case is used: in a text without capital letters nothing is found.
    gazetteer
        Where names are looked up.
    language
        "en" or "fr"; None reads it off the text. Names in other scripts are found in any text.
    recogniser
        Another recogniser, such as a spaCy pipeline: a callable that gives, for the text, spans with labels, as tuples
        `(start, end, label)` or as spaCy's entities. What only it finds is added, and marked with its name.

    Returns
    -------
    tuple of Recognised
        In the order of the text.

    Raises
    ------
    SpanError
        If the recogniser gives a span that is not in the text.

    Examples
    --------
    >>> gazetteer = Gazetteer.open()
    >>> text = "Jordan Smith of the Washington Post met Burkinabe officials in Ouaga-\ndougou and Port\nHarcourt."
    >>> [(one.name, one.kind) for one in recognise(text, gazetteer=gazetteer)]
    [('Burkinabe', 'demonym'), ('Ouagadougou', 'place'), ('Port Harcourt', 'place')]
    """
    words = words_of(text)
    lists = wording("fr" if (language or language_of(text)) == "fr" else "en")
    listed = Listed.of(gazetteer)
    people = people_of(words, lists, listed)
    context = Context(words, lists, listed, people)
    found = list(Names(words, lists, listed, people))
    for one in found:
        one.evidence = context.evidence(one)
    read_together(found, words)
    places = [_recognised(text, words.starts[one.first], one) for one in found if one.score > 0]
    for start, end in fused(words, listed, taken={one.start for one in places}):
        places.append(Recognised(text[start:end], start, end, text[start:end], "place", GAZETTEER))
    if recogniser is not None:
        places += _added(text, recogniser, places)
    return tuple(sorted(places, key=lambda one: one.start))


def _recognised(text: str, start: int, found: Found) -> Recognised:
    printed = text[start : found.end]
    kind = "demonym" if found.how == "demonym" else "place"
    marked_by = WORDING if found.how in _UNLISTED and found.standing is None else GAZETTEER
    return Recognised(printed, start, found.end, one_line(printed), kind, marked_by)


def one_line(printed: str) -> str:
    r"""Give a name as printed in one line, a word divided at a line's end put together.

    Examples
    --------
    >>> one_line("Burkina\n Faso"), one_line("Afghani-\nstan"), one_line("Dasht-e-\nBarchi")
    ('Burkina Faso', 'Afghanistan', 'Dasht-e-Barchi')
    """
    joined = re.sub(r"[-‐]\s*\n\s*", "-", _DIVIDED.sub("", printed))
    return _SPACE.sub(" ", joined)


def _added(text: str, recogniser: Recogniser, places: list[Recognised]) -> Iterator[Recognised]:
    """What a recogniser finds where nothing is found yet."""
    name = name_of(recogniser)
    taken = sorted((one.start, one.end) for one in places)
    for start, end, kind in sorted(spans(recogniser, text)):
        at = bisect_left(taken, (start, end))
        free_before = at == 0 or taken[at - 1][1] <= start
        if free_before and (at == len(taken) or taken[at][0] >= end):
            taken.insert(at, (start, end))
            yield Recognised(text[start:end], start, end, one_line(text[start:end]), kind, name)
