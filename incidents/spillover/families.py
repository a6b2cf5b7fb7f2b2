"""Which groups are one family: other names, affiliates and successors, from a curated table with sources and dates."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd
from numpy.typing import ArrayLike

from gazetteer.names import fold
from incidents.filters import day_words

Integers = npt.NDArray[np.intp]

#: No name takes more steps to its family: a name, the group, the one it went into, that one's family.
_STEPS: Final = 4


class Relation(StrEnum):
    """How a name belongs to a family.

    alias: another name of it. affiliate: a group that acts as part of it. successor: the family is what the
    group went into.
    """

    ALIAS = "alias"
    AFFILIATE = "affiliate"
    SUCCESSOR = "successor"


@dataclass(frozen=True, slots=True)
class Membership:
    """A line of the table: from when to when a name belongs to a family, and who says so.

    Attributes
    ----------
    name, family : str
        The name as sources write it, and the family it counts for.
    relation : Relation
        How.
    valid_from, valid_to : datetime.date or None
        First and last day on which that is sure; None for an open end.
    source : str
        Publisher, date and title.
    url : str or None
        Where it can be read.
    """

    name: str
    family: str
    relation: Relation
    valid_from: date | None
    valid_to: date | None
    source: str
    url: str | None

    def __str__(self) -> str:
        """Say it as part of a sentence, with the source."""
        match self.relation:
            case Relation.ALIAS:
                words = f"{self.name} is another name of {self.family}"
            case Relation.AFFILIATE:
                words = f"{self.name} is an affiliate of {self.family}"
            case Relation.SUCCESSOR:
                words = f"{self.name} went into {self.family}"
        since = f" by {day_words(self.valid_from)}" if self.valid_from else ""
        until = f" and to {day_words(self.valid_to)}" if self.valid_to else ""
        return f"{words}{since}{until} ({self.source})"

    def holds(self, start: date | None, end: date | None) -> bool:
        """Say whether it holds on every day from `start` to `end`; what is undated fits no dated line."""
        after = self.valid_from is None or (start is not None and start >= self.valid_from)
        before = self.valid_to is None or (end is not None and end <= self.valid_to)
        return after and before


@cache
def memberships() -> tuple[Membership, ...]:
    """Give the table, in the order of its file (`incidents/data/families.csv`)."""
    text = (files("incidents") / "data" / "families.csv").read_text(encoding="utf-8")
    return tuple(
        Membership(
            name=row["name"],
            family=row["family"],
            relation=Relation(row["relation"]),
            valid_from=date.fromisoformat(row["valid_from"]) if row["valid_from"] else None,
            valid_to=date.fromisoformat(row["valid_to"]) if row["valid_to"] else None,
            source=", ".join(filter(None, (row["publisher"], row["published_on"], row["title"]))),
            url=row["url"] or None,
        )
        for row in csv.DictReader(text.splitlines())
    )


def family_path(group: str, *, start: date | None, end: date | None) -> tuple[Membership, ...]:
    """Give the lines by which a group counts for its family on some days; none if it is its own family.

    Examples
    --------
    >>> on = date(2021, 11, 2)
    >>> [(line.family, str(line.relation)) for line in family_path("Katiba Macina", start=on, end=on)]
    [('Katibat Macina', 'alias'), ('JNIM', 'successor')]
    """
    return tuple(_path(group, start, end))


def _path(group: str, start: date | None, end: date | None) -> Iterator[Membership]:
    known = _by_name()
    for _ in range(_STEPS):
        line = next((line for line in known.get(fold(group), ()) if line.holds(start, end)), None)
        if line is None:
            return
        yield line
        group = line.family


@cache
def _by_name() -> dict[str, tuple[Membership, ...]]:
    lines: dict[str, tuple[Membership, ...]] = {}
    for line in memberships():
        lines[fold(line.name)] = (*lines.get(fold(line.name), ()), line)
    return lines


def family_names(groups: pd.Series, *, starts: ArrayLike, ends: ArrayLike, with_affiliates: bool = True) -> pd.Series:
    """Name the families of incidents as the table has them; a group that it does not have keeps its own name.

    Parameters
    ----------
    groups, starts, ends
        As for `family_codes`.
    with_affiliates
        Whether an affiliate counts for the family. Where it is told what a group has done, it keeps its own name: what
        it does is not yet the first deed of the family anywhere.

    Returns
    -------
    pandas.Series
        Null where no group is named; the index is that of `groups`.
    """
    codes, names = _families(groups, starts, ends, with_affiliates=with_affiliates)
    named = np.array([*names, None], dtype=object)[codes]
    return pd.Series(named, index=groups.index, dtype="str")


def family_codes(groups: pd.Series, *, starts: ArrayLike, ends: ArrayLike) -> Integers:
    """Number the families of incidents: two have the same number if their groups are one family.

    Spellings that differ in case, accents or punctuation only are one name.

    Parameters
    ----------
    groups
        `actor_family` of each incident.
    starts, ends
        First and last day of each, as numpy takes dates; a line of the table counts only if it holds on all of them.

    Returns
    -------
    numpy.ndarray of int
        -1 where no group is named.
    """
    return _families(groups, starts, ends, with_affiliates=True)[0]


def _families(
    groups: pd.Series, starts: ArrayLike, ends: ArrayLike, *, with_affiliates: bool
) -> tuple[Integers, list[str]]:
    """Number the families of incidents, and name each number."""
    first, last = (np.asarray(days, dtype="datetime64[D]") for days in (starts, ends))
    numbers, names = pd.factorize(groups)
    keys = [fold(str(name)) or str(name) for name in names]
    known = _by_name()
    places = {key: number for number, key in enumerate(dict.fromkeys(keys))}
    called = {key: str(name) for key, name in zip(reversed(keys), reversed(list(names)), strict=True)}
    called |= {fold(line.family): line.family for line in memberships()}
    codes = np.append(np.array([places[key] for key in keys], dtype=np.intp), -1)[numbers]
    for _ in range(_STEPS):
        moved = codes.copy()
        for key in [key for key in places if key in known]:
            here = np.flatnonzero(codes == places[key])
            for line in known[key] if here.size else ():
                if line.relation is Relation.AFFILIATE and not with_affiliates:
                    continue
                low = np.datetime64(line.valid_from or "NaT", "D")
                high = np.datetime64(line.valid_to or "NaT", "D")
                sure = (np.isnat(low) | (first[here] >= low)) & (np.isnat(high) | (last[here] <= high))
                moved[here[sure]] = places.setdefault(fold(line.family), len(places))
                here = here[~sure]
        if np.array_equal(moved, codes):
            break
        codes = moved
    return codes, [called[key] for key in places]
