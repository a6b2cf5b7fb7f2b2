"""Abbreviations that a draft spells out in more than one way: "Tehrik-i-Taliban Pakistan (TTP)"."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator
from typing import Final

from gazetteer.check.finding import Finding, Kind, Severity
from gazetteer.check.reading import Reading
from gazetteer.names import fold

_SHORT: Final = re.compile(r"\((?P<short>[A-Z][A-Za-z]{0,8}[A-Z])s?\)")
_LINKS: Final = frozenset(
    [
        "of",
        "the",
        "for",
        "and",
        "in",
        "on",
        "to",
        "de",
        "du",
        "des",
        "la",
        "le",
        "et",
        "pour",
        "e",
        "i",
        "ul",
        "al",
        "wa",
    ]
)
_MOST_WORDS: Final = 10
_CONFIDENCE: Final = 0.5


def spelt_out(reading: Reading) -> Iterator[Finding]:
    """Find abbreviations that stand behind two different names."""
    names: defaultdict[str, dict[str, tuple[int, int]]] = defaultdict(dict)
    for found in _SHORT.finditer(reading.text):
        span = _name_before(found.start(), found["short"], reading)
        if span is None:
            continue
        known = names[found["short"]]
        key = fold(reading.text[span[0] : span[1]]).replace(" ", "")
        if known and key not in known:
            first = _printed(next(iter(known.values())), reading)
            yield Finding(
                *span,
                reading.text[span[0] : span[1]],
                Kind.CONSISTENCY,
                Severity.NOTE,
                f"{found['short']} is spelt out here as {_printed(span, reading)}, and before as {first}: "
                "one name throughout.",
                _CONFIDENCE,
            )
        known.setdefault(key, span)


def _printed(span: tuple[int, int], reading: Reading) -> str:
    return " ".join(reading.text[span[0] : span[1]].split())


def _name_before(at: int, short: str, reading: Reading) -> tuple[int, int] | None:
    """The name that an abbreviation in parentheses stands for: as many words as it has letters, if they begin so."""
    words = reading.words
    last = bisect_right(words.starts, at) - 1
    if last < 0 or words.text[words.ends[last] : at].strip():
        return None
    first = last
    while first > 0 and last - first < _MOST_WORDS and _goes_back(first, reading):
        first -= 1
    numbers = range(first, last + 1)
    capital = [number for number in numbers if words.large[number]]
    initials = "".join(words.folded[number][0] for number in capital)
    if initials.endswith(short.lower()):
        capital = capital[-len(short) :]
    return (words.starts[capital[0]], words.ends[last]) if len(capital) > 1 and words.large[last] else None


def _goes_back(at: int, reading: Reading) -> bool:
    """Tell whether the word before one may be of the same name."""
    words = reading.words
    joined = words.join(at - 1) == " " or words.hyphen(at - 1)
    return joined and (words.large[at - 1] or words.folded[at - 1] in _LINKS)
