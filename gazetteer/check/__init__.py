"""The editor's check: a draft's findings, each with its place in the text, advice in one sentence and what to write."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import date
from itertools import chain

from gazetteer.check.abbreviations import spelt_out
from gazetteer.check.dates import outdated
from gazetteer.check.doubts import ambiguities, unknowns
from gazetteer.check.finding import Finding, Kind, Severity, StaleFindingError, apply
from gazetteer.check.forms import inconsistencies, variants
from gazetteer.check.holders import conflicts
from gazetteer.check.misspelt import misspellings, taken_for_slips
from gazetteer.check.reading import Named, Reading
from gazetteer.check.spellings import inconsistent_names
from gazetteer.drafts import Draft, Limits
from gazetteer.house import House
from gazetteer.index import Gazetteer
from gazetteer.names import fold

__all__ = ["Finding", "Kind", "Named", "Severity", "StaleFindingError", "apply", "check"]

Where = Callable[[int], tuple[int | None, int]]


def check(
    text: str,
    *,
    mentions: Sequence[Named],
    gazetteer: Gazetteer,
    house: House | None = None,
    on: date | None = None,
    where: Where | None = None,
) -> tuple[Finding, ...]:
    """Check the place names of a draft, and that it spells persons and groups in one way.

    Parameters
    ----------
    text
        The draft.
    mentions
        The places that it names, and the words for their people, as `gazetteer.recognise.recognise` finds them.
    gazetteer
        Where names are looked up.
    house
        The house style; None is the one that ships with the package.
    on
        The day of the draft, for names that have changed; None is today.
    where
        Gives page and line of a character, such as `Draft.where`; None counts lines, and pages at form feeds.

    Returns
    -------
    tuple of Finding
        In the order of the text, none overlapping another; of two at one place the graver kind is kept.

    Examples
    --------
    >>> from gazetteer.recognise import recognise
    >>> gazetteer = Gazetteer.open()
    >>> text = "From Bamiyan the road leads on through Afghanisitan."
    >>> found = check(text, mentions=recognise(text, gazetteer=gazetteer), gazetteer=gazetteer)
    >>> [(one.text, str(one.kind), one.replacement) for one in found]
    [('Bamiyan', 'variant', 'Bamyan'), ('Afghanisitan', 'misspelt', 'Afghanistan')]
    """
    style = house or House.read()
    reading = Reading(text, mentions, gazetteer=gazetteer, house=style, on=on)
    misspelt = list(misspellings(reading))
    found = chain(
        misspelt,
        conflicts(reading),
        outdated(reading),
        variants(reading),
        inconsistencies(reading),
        ambiguities(reading),
        unknowns(reading, misspelt=taken_for_slips(misspelt, reading)),
        inconsistent_names(reading),
        spelt_out(reading),
    )
    # What is already text has no limit any more.
    where = where or Draft.of(text, limits=Limits(characters=len(text), lines=len(text) + 1)).where
    return tuple(_at(one, *where(one.start)) for one in _apart(found, style))


def _at(finding: Finding, page: int | None, line: int) -> Finding:
    return replace(finding, page=page, line=line)


def _apart(findings: Iterable[Finding], house: House) -> list[Finding]:
    """Findings in the order of the text: of those that overlap the graver kind, and none of what is never flagged."""
    kinds = list(Kind)
    kept: list[Finding] = []
    taken: set[int] = set()
    for one in sorted(findings, key=lambda one: (kinds.index(one.kind), one.start, -one.end)):
        span = range(one.start, one.end)
        if fold(one.text) in house.never or not taken.isdisjoint(span):
            continue
        taken.update(span)
        kept.append(one)
    return sorted(kept, key=lambda one: one.start)
