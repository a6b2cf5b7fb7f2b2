"""What words say of the names beside them, and which names are also persons' names or ordinary words."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final

from gazetteer.data import DATA
from gazetteer.names import fold
from gazetteer.place import MissingDataError

#: Endings that make one ordinary word of another, and what stood before them: "cities", "moved", "making".
_ENDINGS: Final = (
    *(("s", ""), ("es", ""), ("ies", "y"), ("ed", ""), ("ed", "e"), ("ing", ""), ("ing", "e"), ("ly", "")),
    *(("er", ""), ("er", "e"), ("ers", ""), ("ers", "e")),
)
#: Up to this rank a surname is a usual one.
USUAL_SURNAME: Final = 1_000
_LAST_LETTERS: Final = frozenset("sdgyr")
_SHORTEST: Final = 3


@dataclass(frozen=True, slots=True)
class Wording:
    """Words by what they do, all of them folded.

    `roles` says for a word what it may be: "title" before a person's name, "kind" before "of" and a
    place's. `others` are names of what is no place.
    """

    language: str
    roles: dict[str, frozenset[str]]
    common: frozenset[str]
    given: frozenset[str]
    surnames: dict[str, int]
    regions: frozenset[str]
    abbreviations: frozenset[str]
    others: frozenset[str]

    def has(self, word: str, role: str) -> bool:
        """Tell whether a folded word has a role."""
        return role in self.roles.get(word, _NONE)

    def ordinary(self, word: str) -> bool:
        """Tell whether a folded word is an ordinary one of the text's language, in one of its forms."""
        if word in self.common:
            return True
        return word[-1:] in _LAST_LETTERS and any(
            f"{word[: -len(ending)]}{before}" in self.common
            for ending, before in _ENDINGS
            if word.endswith(ending) and len(word) - len(ending) >= _SHORTEST
        )


_NONE: Final[frozenset[str]] = frozenset()
#: Words of these roles mean something only in a text of their own language: "a" is no "à".
_OF_ONE_LANGUAGE: Final = frozenset({"locative", "relation", "function"})


def language_of(text: str) -> str:
    """Tell whether a text is in French, "fr", or else is read as English, "en", by the small words at its beginning.

    Examples
    --------
    >>> language_of("Des hommes armés ont attaqué la ville de Djibo."), language_of("Armed men attacked Djibo.")
    ('fr', 'en')
    """
    words = text[:_BEGINNING].casefold().split()
    french = sum(word in _FRENCH or word.startswith(("d'", "l'", "d’", "l’")) for word in words)
    english = sum(word in _ENGLISH for word in words)
    return "fr" if french > english else "en"


_BEGINNING: Final = 20_000
_FRENCH: Final = frozenset(
    [
        "le",
        "la",
        "les",
        "des",
        "du",
        "et",
        "une",
        "un",
        "dans",
        "est",
        "sont",
        "par",
        "pour",
        "sur",
        "aux",
        "au",
        "que",
        "qui",
    ]
)
_ENGLISH: Final = frozenset(
    [
        "the",
        "of",
        "and",
        "to",
        "in",
        "is",
        "was",
        "for",
        "that",
        "on",
        "with",
        "by",
        "at",
        "from",
        "has",
        "were",
        "are",
        "a",
    ]
)


@lru_cache(maxsize=4)
def wording(language: str = "en", *, directory: Path = DATA) -> Wording:
    """Read the lists of words, for a text in English, "en", or in French, "fr".

    Raises
    ------
    MissingDataError
        If one of the files is not there.
    """
    roles: dict[str, set[str]] = {}
    for row in _rows(directory, "wording.csv"):
        if row["role"] in _OF_ONE_LANGUAGE and row["language"] != language:
            continue
        for word in row["words"].split():
            roles.setdefault(fold(word), set()).add(row["role"])
    ordinary = {word for word, found in roles.items() if "function" in found}
    if language == "en":
        ordinary.update(row["word"] for row in _rows(directory, "common-words.csv"))
    return Wording(
        language=language,
        roles={word: frozenset(found) for word, found in roles.items()},
        common=frozenset(ordinary),
        given=frozenset(row["name"] for row in _rows(directory, "given-names.csv")),
        surnames={row["name"]: int(row["rank"]) for row in _rows(directory, "surnames.csv")},
        regions=frozenset(fold(row["name"]) for row in _rows(directory, "regions.csv")),
        abbreviations=frozenset(fold(row["text"]) for row in _rows(directory, "abbreviations.csv")),
        others=frozenset(fold(row["name"]) for row in _rows(directory, "not-places.csv")),
    )


def _rows(directory: Path, name: str) -> Iterator[dict[str, str]]:
    path = directory / name
    if not path.is_file():
        message = f"the gazetteer's data is incomplete, there is no {name} in {directory}"
        raise MissingDataError(message)
    with path.open(encoding="utf-8", newline="") as lines:
        yield from csv.DictReader(lines)
