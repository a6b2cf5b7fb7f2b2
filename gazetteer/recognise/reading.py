"""A text read as a whole: what its sure places and persons say of its doubtful names."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Final

from gazetteer.recognise.names import Found
from gazetteer.recognise.tokens import Words
from gazetteer.recognise.weighing import weigh

#: From this score on a name speaks for the others.
_SURE: Final = 1.5
_SURELY_NOT: Final = -2.0
#: What stands between the names of a list, and evidence that holds for all of them.
_LISTS: Final = re.compile(r"(?:,|\s*/|\s*[-–])?\s*(?:(?:and|or|et|ou|to|à)\s+)?(?:(?:de |du |d['’]|in |à )?)")
_LONGEST_LIST: Final = 40
_WIDEST: Final = 12
_OF_ALL: Final = frozenset({"kind-of", "kind-behind"})
#: What a name is by its own place in the text, whatever it is elsewhere.
_DOUBTFUL: Final = frozenset({"ordinary", "known-surname"})
_BARRED: Final = frozenset({"publication", "cited", "person"})
#: From this prominence on a place may be named in any text.
_GREAT: Final = 5.4
#: At most this many divisions are the ones that a text is about.
_ABOUT: Final = 4


def read_together(found: Sequence[Found], words: Words) -> None:
    """Score names, first each by itself and then in the light of the others."""
    for one in found:
        one.score = weigh(one.evidence)
    best: defaultdict[str, float] = defaultdict(lambda: -10.0)
    for one in found:
        best[one.key] = max(best[one.key], one.score)
    for others in _lists(found, words):
        _agree(others)
    countries, divisions = _about(found)
    made_of = {one.key.rpartition(" ")[0] for one in found if one.how == "made"}
    for one in found:
        more = []
        if best[one.key] >= _SURE and best[one.key] > one.score and not _BARRED.intersection(one.evidence):
            more.append("sure-elsewhere")
            if not _DOUBTFUL.isdisjoint(one.evidence) and "first-of-a-phrase" not in one.evidence:
                more.append("sure-after-all")
        if one.how == "unlisted" and one.key in made_of:
            more.append("made-elsewhere")
        if one.standing is not None and one.how == "listed" and one.standing.unit != "PCLI":
            if any(
                one.key not in keys
                for division in one.standing.divisions
                for keys in (divisions.get(division),)
                if keys
            ):
                more.append("division-of-text")
            elif any(one.key not in keys for code in one.standing.countries for keys in (countries.get(code),) if keys):
                more.append("country-of-text")
            elif countries and one.standing.best < _GREAT:
                more.append("elsewhere")
        one.evidence += more
        one.score += weigh(more)


def _lists(found: Sequence[Found], words: Words) -> Iterator[list[Found]]:
    """Names that a text lists: "Kotali, Munjan and Anderwall", each list of two or more."""
    together: list[Found] = []
    for one in found:
        if together and (len(together) >= _LONGEST_LIST or not _goes_on(together[-1], one, words)):
            if len(together) > 1:
                yield together
            together = []
        together.append(one)
    if len(together) > 1:
        yield together


def _goes_on(one: Found, following: Found, words: Words) -> bool:
    start = words.starts[following.first]
    return start - one.end <= _WIDEST and _LISTS.fullmatch(words.text, one.end, start) is not None


def _agree(together: Sequence[Found]) -> None:
    """Let what is said of one name of a list be said of all."""
    for one in together:
        others = [other for other in together if other is not one]
        if any(_OF_ALL.intersection(other.evidence) for other in others) and not _OF_ALL.intersection(one.evidence):
            one.evidence.append("list-of-kind")
            one.score += weigh(("list-of-kind",))
        elif any(other.score >= _SURE for other in others):
            one.evidence.append("list-of-places")
            one.score += weigh(("list-of-places",))


def _about(found: Sequence[Found]) -> tuple[dict[str, set[str]], dict[tuple[str, str], set[str]]]:
    """The countries and divisions of a text's sure names, with the names that say so."""
    countries: defaultdict[str, set[str]] = defaultdict(set)
    divisions: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
    for one in found:
        if one.score < _SURE or one.standing is None or one.how != "listed":
            continue
        if len(one.standing.countries) <= 2:
            for code in one.standing.countries:
                countries[code].add(one.key)
        if len(one.standing.divisions) <= _ABOUT:
            for division in one.standing.divisions:
                divisions[division].add(one.key)
    return countries, divisions
