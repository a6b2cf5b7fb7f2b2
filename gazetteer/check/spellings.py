"""Names in several spellings within one draft: of persons, of groups, of whatever is written with a capital letter."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from rapidfuzz.distance import OSA

from gazetteer.check.finding import Finding, Kind, Severity
from gazetteer.check.known import LONGEST
from gazetteer.check.reading import Reading
from gazetteer.check.writing import counted, is_inflected, laid_out
from gazetteer.demonyms import demonyms
from gazetteer.names import deletions, fold, skeleton, skeletons

_ARTICLES: Final = frozenset({"al", "el", "ul", "an", "ar", "as", "ash", "at", "az", "ad"})
#: An article, or the link of a Persian name, that has lost its hyphen.
_GLUED: Final = re.compile(r"(?P<article>[Aa]l|[Ee]l|ul|an|ar|ash?|at|az|ad|i|e|ye)(?=[A-Z][a-z])")
_SHORTEST: Final = 5
_SHORTEST_WITH_ARTICLE: Final = 4
#: Consonants that two spellings must share to be of one name: fewer are those of too many names.
_CONSONANTS: Final = 3
_MANY_CONSONANTS: Final = 4
#: From this length on two spellings may differ in three letters, else in two.
_LONG: Final = 7
#: First letters that one sound has in romanisations.
_FIRST_LETTERS: Final = ("kqcg", "yji", "gj", "szt", "vwu", "ouw", "iey", "aeo", "fp", "dt")
#: Where a hyphen seems to be lost.
_JOINT: Final = re.compile("[a-z][A-Z]")
#: Roles of words that are in names of groups, and are spelt in several ways: "Tehreek", "Tehrik".
_OF_GROUPS: Final = frozenset({"group", "organisation"})
_NO_ROLES: Final[frozenset[str]] = frozenset()
_HYPHEN: Final = frozenset("-‐‑–")
_HYPHENS: Final = re.compile("[‐‑–]")
#: How sure the check is: an article or a given name says that it is one person; only the spelling does; only a hyphen.
_SAME_PERSON: Final = 0.8
_ALIKE: Final = 0.5
_JOINED: Final = 0.6
_HOUSE: Final = 0.95


@dataclass(slots=True)
class _Name:
    """A name, folded, with or without an article: where it stands, how it is printed, which given names it has."""

    key: str
    article: bool
    spans: list[tuple[int, int, int]] = field(default_factory=list)  # from, to, and where the name itself begins
    printed: Counter[str] = field(default_factory=Counter)
    givens: set[str] = field(default_factory=set)

    @property
    def count(self) -> int:
        return len(self.spans)


def inconsistent_names(reading: Reading) -> Iterator[Finding]:
    """Find names of persons and groups that a draft spells in several ways, or not as the house does."""
    yield from _against_the_house(reading)
    yield from _in_two_spellings(reading)
    yield from _with_and_without_hyphen(reading)
    yield from _lost_hyphens(reading)


def _against_the_house(reading: Reading) -> Iterator[Finding]:
    right = {**reading.house.groups, **reading.house.persons}
    if not right:
        return
    longest_first = sorted(right, key=lambda key: -len(key))
    pattern = re.compile(rf"(?<!\w)(?:{'|'.join(_loosely(key) for key in longest_first)})(?!\w)", re.IGNORECASE)
    for found in pattern.finditer(reading.text):
        printed = found[0]
        name = right.get(fold(printed), "")
        if not name or printed == name or fold(printed) in reading.house.never:
            continue
        if printed[0].isupper() and name[0].islower() and printed == name[0].upper() + name[1:]:
            continue
        new = name[0].upper() + name[1:] if printed[0].isupper() else name
        yield Finding(
            found.start(),
            found.end(),
            printed,
            Kind.CONSISTENCY,
            Severity.WARNING,
            f"The house writes {name}, not {' '.join(printed.split())}.",
            _HOUSE,
            replacement=laid_out(printed, new),
        )


def _loosely(key: str) -> str:
    """A pattern for a folded name as texts print it: its words with spaces, line ends or hyphens between them."""
    return r"[\s'’‐‑-]{1,3}".join(map(re.escape, key.split()))


def _in_two_spellings(reading: Reading) -> Iterator[Finding]:
    names = sorted(_names(reading).values(), key=lambda one: (-one.count, one.spans[0]))
    heads: defaultdict[tuple[bool, str], list[_Name]] = defaultdict(list)
    for name, sound in zip(names, skeletons([name.key for name in names]), strict=True):
        traces = [(name.article, f"={sound}"), *((name.article, trace) for trace in deletions(name.key))]
        near = {id(head): head for trace in traces for head in heads[trace]}
        head = next((head for head in near.values() if _is_one_name(head, name)), None)
        if head is None:
            for trace in traces:
                heads[trace].append(name)
        else:
            yield from _other_spelling(name, head, reading)


def _other_spelling(name: _Name, head: _Name, reading: Reading) -> Iterator[Finding]:
    usual = head.printed.most_common(1)[0][0]
    known = name.article or bool(name.givens & head.givens)
    first = head.spans[0]
    as_printed = " ".join(reading.text[first[0] : first[1]].split())
    as_printed = as_printed if head.article else usual
    again = counted(head.count, "time")
    for start, end, own in name.spans:
        printed = reading.text[start:end]
        before = reading.text[start:own]
        new = f"{before}{'-' if before[-1:].isalpha() else ''}{usual}"
        yield Finding(
            start,
            end,
            printed,
            Kind.CONSISTENCY,
            Severity.WARNING if known else Severity.NOTE,
            f"{' '.join(printed.split())} stands here {again} as {as_printed}: "
            "if it is one name, one spelling throughout.",
            _SAME_PERSON if known else _ALIKE,
            replacement=laid_out(printed, new) if head.count > name.count else None,
        )


def _is_one_name(head: _Name, other: _Name) -> bool:
    """Tell whether two spellings are of one name, as far as letters and given names say."""
    one, two = head.key, other.key
    if is_inflected(one, two) or not _begin_alike(one, two):
        return False
    if head.givens and other.givens and not head.givens & other.givens:
        return False
    sound = skeleton(one)
    apart = OSA.distance(one, two)
    shared = head.article or bool(head.givens & other.givens)
    if sound == skeleton(two) and len(sound) >= (_CONSONANTS if shared else _MANY_CONSONANTS):
        return apart <= (3 if min(len(one), len(two)) >= _LONG else 2)
    # One letter more or less, or two swapped: another letter in its place often makes another name.
    slip = apart == 1 and (len(one) != len(two) or sorted(one) == sorted(two))
    return slip and head.count > other.count and (shared or min(len(one), len(two)) >= _LONG)


def _begin_alike(one: str, other: str) -> bool:
    return one[0] == other[0] or any(one[0] in letters and other[0] in letters for letters in _FIRST_LETTERS)


def _names(reading: Reading) -> Mapping[tuple[str, bool], _Name]:
    """The names of persons, groups and other things, that are neither places nor ordinary words."""
    words = reading.words
    found: dict[tuple[str, bool], _Name] = {}
    for at, word in enumerate(words.words):
        glued = None if words.large[at] and not word.startswith(("Al", "El")) else _GLUED.match(word)
        joined = at > 0 and words.folded[at - 1] in _ARTICLES and words.hyphen(at - 1)
        if not (words.large[at] or glued) or (reading.placed(at) and not joined):
            continue
        own = words.starts[at] + (glued.end() if glued else 0)
        base = reading.text[own : words.ends[at]]
        key = fold(base)
        article = joined or (glued is not None and glued["article"].lower() in _ARTICLES)
        if not key.isalpha() or not (_SHORTEST_WITH_ARTICLE if article else _SHORTEST) <= len(key) <= LONGEST:
            continue
        before = at - 2 if joined else at - 1
        if not article and _is_common(key, at, reading):
            continue
        name = found.setdefault((key, article), _Name(key, article))
        name.spans.append((words.starts[at - 1] if joined else words.starts[at], words.ends[at], own))
        name.printed[base if not base.isupper() else base.capitalize()] += 1
        given = _given(before, reading)
        if given:
            name.givens.add(given)
    return found


def _is_common(key: str, at: int, reading: Reading) -> bool:
    """Tell whether a word is ordinary, or a given name before another name, which many persons share."""
    wording, words = reading.wording, reading.words
    if wording.ordinary(key) or key in reading.small or demonyms(key):
        return True
    if wording.roles.get(key, _NO_ROLES) - _OF_GROUPS:
        return True
    if wording.language != "en" and words.begins_sentence(at):
        return True
    following = at + 1
    if following >= len(words) or words.join(at) != " ":
        return False
    goes_on = words.large[following] or (words.folded[following] in _ARTICLES and words.hyphen(following))
    return goes_on and (key in wording.given or key in wording.surnames)


def _given(at: int, reading: Reading) -> str:
    """The given name right before a name, as its consonants; "" if none is."""
    words = reading.words
    if (
        at < 0
        or not words.large[at]
        or words.join(at) != " "
        or words.ends[at] - words.starts[at] < len(words.words[at])
    ):
        return ""
    key = words.bare[at]
    if reading.wording.ordinary(key) or reading.wording.roles.get(key) or key in reading.small or demonyms(key):
        return ""
    return skeleton(key)


def _with_and_without_hyphen(reading: Reading) -> Iterator[Finding]:
    """Compounds that have a hyphen here and none there: "Iran-backed" and "Iranbacked"."""
    forms: defaultdict[str, defaultdict[str, list[tuple[int, int]]]] = defaultdict(lambda: defaultdict(list))
    small: set[str] = set()
    for start, end, key in _compounds(reading):
        printed = reading.text[start:end]
        if printed.islower():
            small.add(key)
        elif "\n" not in printed:
            forms[key][_HYPHENS.sub("-", printed).casefold()].append((start, end))
    for key, written in forms.items():
        if len(written) < 2 or key in small or len(key) < _SHORTEST:
            continue
        names = {form: _printed(spans, reading) for form, spans in written.items()}
        usual = max(written, key=lambda form: (len(written[form]), not _JOINT.search(names[form]), "-" in form))
        name = names[usual]
        for form, spans in written.items():
            for start, end in spans if form != usual else ():
                printed = reading.text[start:end]
                new = name[0].upper() + name[1:] if printed[0].isupper() else name[0].lower() + name[1:]
                yield Finding(
                    start,
                    end,
                    printed,
                    Kind.CONSISTENCY,
                    Severity.NOTE,
                    f"{printed} stands here {counted(len(written[usual]), 'time')} as {name}: one way throughout.",
                    _JOINED,
                    replacement=new,
                )


def _lost_hyphens(reading: Reading) -> Iterator[Finding]:
    """Articles and links that are glued to the name behind them: "alMaliki", "Tehrik-eTaliban"; but not "eBay"."""
    words = reading.words
    for at, word in enumerate(words.words):
        glued = _GLUED.match(word) if word[0].islower() else None
        if glued is None or not (glued["article"] in _ARTICLES or (at > 0 and words.hyphen(at - 1))):
            continue
        start, end = words.starts[at], words.ends[at]
        new = f"{glued['article']}-{reading.text[start + glued.end() : end]}"
        yield Finding(
            start,
            end,
            reading.text[start:end],
            Kind.CONSISTENCY,
            Severity.NOTE,
            f"{reading.text[start:end]} seems to have lost the hyphen of {new}.",
            _JOINED,
            replacement=new,
        )


def _printed(spans: list[tuple[int, int]], reading: Reading) -> str:
    return Counter(_HYPHENS.sub("-", reading.text[start:end]) for start, end in spans).most_common(1)[0][0]


def _compounds(reading: Reading) -> Iterator[tuple[int, int, str]]:
    """The words that hyphens join, with the letters that they have in common; and the words that have the same."""
    words = reading.words
    joined: set[str] = set()
    inside: set[int] = set()
    for at in range(len(words) - 1):
        behind = words.starts[at] + len(words.words[at])
        if at in inside or words.text[behind : behind + 1] not in _HYPHEN or not words.hyphen(at):
            continue
        last = at + 1
        while last + 1 < len(words) and words.hyphen(last):
            last += 1
        inside.update(range(at, last + 1))
        key = "".join((*words.folded[at:last], words.bare[last])).replace(" ", "")
        joined.add(key)
        yield words.starts[at], words.ends[last], key
    for at, key in enumerate(words.bare):
        if key in joined and at not in inside:
            yield words.starts[at], words.ends[at], key
