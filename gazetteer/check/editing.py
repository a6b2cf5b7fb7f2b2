"""A draft in an editor's hands: what was done with each finding, step by step, and the text that comes of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum

from gazetteer.check.finding import Finding, apply
from gazetteer.names import fold
from gazetteer.place import Place


class Did(StrEnum):
    """What an editor did with a finding."""

    WROTE = "wrote"  # something else in its place
    LEFT = "left"  # as it stands, here
    NEVER = "never"  # as it stands, here and in every draft
    ADDED = "added"  # the place that it names to the gazetteer


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that an editor did.

    `replacement` is what was written, `everywhere` whether at each place where the same stands, `reason` why a word is
    never to be flagged, `place` what was added.
    """

    did: Did
    finding: Finding
    replacement: str | None = None
    everywhere: bool = False
    reason: str | None = None
    place: Place | None = None

    @property
    def words(self) -> str:
        """Say it in words.

        Examples
        --------
        >>> from gazetteer.check import Kind, Severity
        >>> finding = Finding(0, 7, "Bamiyan", Kind.VARIANT, Severity.WARNING, "", 0.9, also=((20, 27),))
        >>> Step(Did.WROTE, finding, replacement="Bamyan", everywhere=True).words
        'Bamiyan: wrote Bamyan, 2 times'
        """
        text = " ".join(self.finding.text.split())
        match self.did:
            case Did.WROTE:
                times = len(self.finding.also) + 1
                return f"{text}: wrote {self.replacement}" + (
                    f", {times} times" if self.everywhere and times > 1 else ""
                )
            case Did.LEFT:
                return f"{text}: left as it stands"
            case Did.NEVER:
                return f"{text}: never flagged again, since {self.reason}"
            case Did.ADDED:
                return f"{text}: added to the gazetteer as {self.place.place_id if self.place else ''}"


@dataclass(frozen=True, slots=True)
class Editing:
    """A draft that is being edited: its text as it was checked, its findings, and what was done, in order.

    Nothing changes it; each step gives another one, and `undo` the one before.
    """

    text: str
    findings: tuple[Finding, ...]
    steps: tuple[Step, ...] = ()

    @property
    def open(self) -> tuple[Finding, ...]:
        """What is still to be looked at, the gravest first, in the order of the text."""
        done = {(step.finding.start, step.finding.end) for step in self.steps}
        never = {fold(step.finding.text) for step in self.steps if step.did is Did.NEVER}
        written = {at for one in self.written() for at in range(one.start, one.end)}
        left = (
            one
            for one in self.findings
            if (one.start, one.end) not in done
            and fold(one.text) not in never
            and written.isdisjoint(range(one.start, one.end))  # something else stands there now
        )
        return tuple(sorted(left, key=lambda one: (one.severity.rank, one.start)))

    @property
    def corrected(self) -> str:
        """The text with everything that was written in it."""
        return apply(self.text, self.written())

    def written(self) -> Iterator[Finding]:
        """Give what was written, one finding for each place; of two that overlap the earlier step counts."""
        taken: set[int] = set()
        for step in self.steps:
            if step.did is not Did.WROTE:
                continue
            one = step.finding
            for start, end in ((one.start, one.end), *(one.also if step.everywhere else ())):
                span = range(start, end)
                if taken.isdisjoint(span):
                    taken.update(span)
                    yield replace(one, start=start, end=end, text=self.text[start:end], replacement=step.replacement)

    def then(self, step: Step) -> Editing:
        """Do one thing more."""
        return replace(self, steps=(*self.steps, step))

    def undo(self) -> Editing:
        """Take the last step back."""
        return replace(self, steps=self.steps[:-1])
