"""A decision of an editor on where an incident is: what it was, what it is now, who says so and why."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from gazetteer.place import Precision
from incidents.errors import IncidentsError
from incidents.review.placement import LONGEST, Placement, check_text, refuse, seen
from incidents.schema import ReviewStatus

#: A reason is a sentence or a few, not a document: so many characters at most.
LONGEST_REASON: Final = 2_000
#: The same for the name or the initials of an editor.
LONGEST_EDITOR: Final = 100

# No form takes a longer text.
_MOST_REMOVED: Final = 1_000_000_000

_NOWHERE: Final = (Precision.UNKNOWN, Precision.COUNTRY, Precision.SEA_OR_AIR)


class StaleDecisionError(IncidentsError, RuntimeError):
    """Somebody else has decided on the incident since the version that a decision was made on.

    Attributes
    ----------
    expected_version : int
        The version that the editor saw.
    version : int
        The one that the log has.
    since : tuple of Decision
        What was decided after the version that the editor saw, oldest first.
    """

    def __init__(self, incident_id: str, *, expected_version: int, version: int, since: Sequence[Decision]) -> None:
        self.incident_id = incident_id
        self.expected_version = expected_version
        self.version = version
        self.since = tuple(since)
        told = " ".join(decision.words for decision in self.since) or (
            f"The log has version {version} of it, and this decision was made on version {expected_version}."
        )
        super().__init__(
            f"Nothing was decided on {incident_id}, which has changed since it was opened. {told} Decide again."
        )


class Kind(StrEnum):
    """What an editor decided."""

    PLACED_AT_CANDIDATE = "placed_at_candidate"
    PLACED_AT_COORDINATES = "placed_at_coordinates"
    LEFT_AS_UNIT = "left_as_unit"
    NOT_MAPPABLE = "not_mappable"
    REOPENED = "reopened"


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """One line of the log.

    Attributes
    ----------
    incident_id, dataset, dataset_sha256 : str
        What was decided on: the incident, the name of its dataset and the hash of the file as the editor saw it.
    version : int
        1 for the first decision on the incident, and so on without a gap.
    decided_by : str
        Name or initials, as typed.
    decided_at : datetime.datetime
        In UTC.
    kind : Kind
        What was decided.
    old, new : Placement
        Where the incident was, and where it is now.
    reason : str
        Why, in words.
    place_as_reported : str
        What the source called the place. A decision stands as long as the data says this.
    review_status : ReviewStatus or None
        Where the incident stands after it; None where that follows from the data, see `lay_over`.
    undoes : int or None
        The version that this one undoes.
    removed : int
        How many characters that nobody sees were taken out of what the editor wrote.

    Raises
    ------
    RefusedDecisionError
        If a part is missing, too long, hides something, or does not go with the kind.
    """

    incident_id: str
    dataset: str
    dataset_sha256: str
    version: int
    decided_by: str
    decided_at: datetime
    kind: Kind
    old: Placement
    new: Placement
    reason: str
    place_as_reported: str
    review_status: ReviewStatus | None = None
    undoes: int | None = None
    removed: int = 0

    def __post_init__(self) -> None:
        for label in ("incident_id", "dataset", "dataset_sha256", "place_as_reported"):
            check_text(label, getattr(self, label), longest=LONGEST)
        for label, text, longest in (
            ("name of the editor", self.decided_by, LONGEST_EDITOR),
            ("reason", self.reason, LONGEST_REASON),
        ):
            check_text(label, text, longest=longest)
            if not any(unicodedata.category(letter)[0] in "LN" for letter in text):
                refuse(f"The {label} is missing: write it in words.")
            if seen(text) != (text, 0):
                refuse(f"The {label} holds characters that nobody sees.")
        if self.version < 1 or not (self.undoes is None or 0 < self.undoes < self.version):
            refuse("Versions are counted from 1, and a decision undoes an earlier one.")
        if not 0 <= self.removed <= _MOST_REMOVED:
            refuse(f"The number of removed characters is from 0 to {_MOST_REMOVED:,}, not {self.removed}.")
        if self.decided_at.utcoffset() != timedelta(0):
            refuse("The time of a decision is in UTC.")
        _check_kind(self.kind, self.new)

    def holds_for(self, place_as_reported: str) -> bool:
        """Tell whether it says where an incident is whose place now reads so."""
        return self.kind is not Kind.REOPENED and self.place_as_reported == place_as_reported

    @property
    def words(self) -> str:
        """Say in one sentence who decided what, when and why."""
        did = {
            Kind.PLACED_AT_CANDIDATE: f"placed it at {self.new.words}",
            Kind.PLACED_AT_COORDINATES: f"placed it at {self.new.words}",
            Kind.LEFT_AS_UNIT: f"left it in {self.new.words}",
            Kind.NOT_MAPPABLE: "decided that it cannot be mapped",
            Kind.REOPENED: "opened it again",
        }[self.kind]
        undone = f" (undoing version {self.undoes})" if self.undoes else ""
        reason = self.reason if self.reason.endswith((".", "!", "?", "…")) else f"{self.reason}."
        day = f"{self.decided_at.day} {self.decided_at:%B %Y, %H:%M} UTC"
        return f"{self.decided_by} {did}{undone} on {day}: {reason}"


@dataclass(frozen=True, slots=True)
class SetAside:
    """A decision that could not be used, and why, as a sentence."""

    decision: Decision
    reason: str


def _check_kind(kind: Kind, new: Placement) -> None:
    placed = new.longitude is not None
    match kind:
        case Kind.PLACED_AT_CANDIDATE if new.place_id is None:
            refuse("A candidate is a place of the gazetteer, with its place_id.")
        case Kind.PLACED_AT_CANDIDATE if not placed and new.geo_precision is not Precision.COUNTRY:
            refuse(f"The gazetteer has no coordinates of {new.name}: place it by coordinates, or leave it in its unit.")
        case Kind.PLACED_AT_COORDINATES if not placed:
            refuse("Coordinates are missing.")
        case Kind.PLACED_AT_COORDINATES if new.geo_precision in {Precision.UNKNOWN, Precision.COUNTRY}:
            refuse("Say how finely the coordinates are known, such as exact, settlement or near_settlement.")
        case Kind.LEFT_AS_UNIT if new.place_id is None:
            refuse("No unit holds it: place it by coordinates, or say that it cannot be mapped.")
        case Kind.NOT_MAPPABLE if placed or new.geo_precision not in _NOWHERE:
            refuse("What cannot be mapped has no coordinates, and is unknown, in a country, or at sea or in the air.")
