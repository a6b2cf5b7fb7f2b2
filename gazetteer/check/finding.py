"""A finding: where a draft needs an editor's hand, why, and what to write instead; and a draft with findings taken."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from gazetteer.place import Candidate, GazetteerError, Verdict
from gazetteer.space import distance_km


class StaleFindingError(GazetteerError, ValueError):
    """A finding cannot be taken: the text is not the one that was checked, or two findings overlap."""


class Kind(StrEnum):
    """What is wrong; of two findings at one place the one that stands first here is kept."""

    MISSPELT = "misspelt"  # a slip away from the name of a place, or from a word that goes with one
    CONFLICT = "conflict"  # not in the unit that the text puts it in
    HISTORIC = "historic"  # not a name of the place on the day of the text
    VARIANT = "variant"  # not the name that the house writes
    INCONSISTENT = "inconsistent"  # one place in several spellings
    AMBIGUOUS = "ambiguous"  # several places it may be
    UNKNOWN = "unknown"  # in no layer of the gazetteer
    CONSISTENCY = "consistency"  # a person, a group or another name in several spellings


class Severity(StrEnum):
    """How much a finding matters, most first."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"

    @property
    def rank(self) -> int:
        """Position on the scale; 0 is the gravest."""
        return list(Severity).index(self)


@dataclass(frozen=True, slots=True)
class Finding:
    """Something in a draft that an editor should look at: `text` is the draft from `start` to `end`, in characters.

    `page` and `line` count from 1; `page` is None where the draft has no pages. `verdict` is that on a place's name,
    else None. `advice` says in one sentence what is wrong and what to do. `candidates` are the places that may be
    meant, the best first. `replacement` is what to write instead, None where only the editor can say. `confidence`,
    0 to 1, is how sure the check is that the text is wrong: set by hand per rule, no probability. `also` are the spans
    where the same stands again, for what is told only once in a draft.
    """

    start: int
    end: int
    text: str
    kind: Kind
    severity: Severity
    advice: str
    confidence: float
    verdict: Verdict | None = None
    candidates: tuple[Candidate, ...] = ()
    replacement: str | None = None
    page: int | None = None
    line: int = 1
    also: tuple[tuple[int, int], ...] = ()

    @property
    def apart_km(self) -> float | None:
        """How far apart the two candidates are that are the farthest from each other; None for fewer than two."""
        placed = [one.place for one in self.candidates if one.place.longitude is not None]
        pairs = [(one, other) for number, one in enumerate(placed) for other in placed[:number]]
        return max((distance_km(one, other) for one, other in pairs), default=None)


def apply(text: str, findings: Iterable[Finding]) -> str:
    """Give a text with the replacements of findings in it, all other characters as they are.

    Parameters
    ----------
    text
        The text that was checked.
    findings
        Those that the editor takes, in any order. One with another replacement than the check proposed
        (`dataclasses.replace(finding, replacement=...)`) is taken as it is; one without any changes nothing.

    Raises
    ------
    StaleFindingError
        If the text is not the one that was checked, or two replacements overlap.

    Examples
    --------
    >>> told = Finding(3, 10, "Bamiyan", Kind.VARIANT, Severity.WARNING, "", 0.9, replacement="Bamyan")
    >>> apply("In Bamiyan, snow.", [told])
    'In Bamyan, snow.'
    """
    parts = []
    at = 0
    for finding in sorted(findings, key=lambda one: (one.start, one.end)):
        if finding.replacement is None:
            continue
        if finding.start < at:
            message = f"two findings replace the same characters, {finding.text!r} among them: take one of them"
            raise StaleFindingError(message)
        if text[finding.start : finding.end] != finding.text:
            message = f"the text has changed since it was checked: {finding.text!r} is no longer there; check it again"
            raise StaleFindingError(message)
        parts += [text[at : finding.start], finding.replacement]
        at = finding.end
    return "".join((*parts, text[at:]))
