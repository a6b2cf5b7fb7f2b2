"""What is said of people and things of a country, such as "Burkinabe": no place, but evidence of one."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final

from gazetteer.data import DATA
from gazetteer.names import fold
from gazetteer.place import MissingDataError

# Countries that look like the plural of what is said of them.
_COUNTRIES: Final = frozenset({"laos", "philippines"})


@dataclass(frozen=True, slots=True)
class Demonym:
    """A word for people and things of a country, or of one of its first-level divisions."""

    text: str
    language: str
    country_code: str
    admin1: str | None


def demonyms(text: str, *, directory: Path = DATA) -> tuple[Demonym, ...]:
    """Give what a word may say of people, in the singular or the plural; empty if it says nothing of the kind.

    Several countries may share one: "Congolese", "Dominican".

    Examples
    --------
    >>> [demonym.country_code for demonym in demonyms("Americans")], demonyms("Kunduz")
    (['US'], ())
    """
    folded = fold(text)
    known = _table(directory)
    plural = folded.endswith("s") and folded not in _COUNTRIES
    return known.get(folded) or (known.get(folded[:-1], ()) if plural else ())


@lru_cache(maxsize=2)
def _table(directory: Path) -> dict[str, tuple[Demonym, ...]]:
    path = directory / "demonyms.csv"
    if not path.is_file():
        message = f"the gazetteer's data is incomplete, there is no {path.name} in {path.parent}"
        raise MissingDataError(message)
    table: dict[str, tuple[Demonym, ...]] = {}
    with path.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            entry = Demonym(row["text"], row["language"], row["country_code"], row["admin1"] or None)
            key = fold(entry.text)
            known = table.get(key, ())
            if all(other.country_code != entry.country_code for other in known):
                table[key] = (*known, entry)
    return table
