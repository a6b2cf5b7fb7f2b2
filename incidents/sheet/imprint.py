"""The imprint: who made a sheet, which one it is, how it may be handled; what nobody states is "not stated"."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from incidents.errors import ExportError
from incidents.filters import day_words

NOT_STATED: Final = "not stated"


class Status(StrEnum):
    """Whether a sheet is new, replaces one with later knowledge, or takes back what an earlier one said."""

    NEW = "New"
    UPDATE = "Update"
    CORRECTION = "Correction"


@dataclass(frozen=True, slots=True, kw_only=True)
class Imprint:
    """What a sheet says of itself beside its content.

    Attributes
    ----------
    subtitle : str or None
        Under the title.
    producer, organisation : str or None
        The desk or person that made it, and the body in whose name.
    map_number : str or None
        What the producer numbers it, such as MA001.
    version : int
        1 for the first issue.
    status : Status
        How this issue stands to the one before it.
    correction, corrected_on : str and datetime.date, or None
        What a correction corrects, and when.
    handling : str or None
        Who may have it.
    time_zone : str or None
        The zone of the days and hours on it, such as "UTC" or "Africa/Ouagadougou".

    Raises
    ------
    ExportError
        If a version is no number from 1 to 99, a correction does not say what it corrects and when, or there is no
        such time zone.

    Examples
    --------
    >>> Imprint(map_number="MA001", version=2, status=Status.UPDATE).issue
    'Map no. MA001 · v02 · Update'
    """

    subtitle: str | None = None
    producer: str | None = None
    organisation: str | None = None
    map_number: str | None = None
    version: int = 1
    status: Status = Status.NEW
    correction: str | None = None
    corrected_on: date | None = None
    handling: str | None = None
    time_zone: str | None = None

    def __post_init__(self) -> None:
        if not 1 <= self.version <= 99:
            msg = f"A version is a number from 1 to 99, not {self.version}."
            raise ExportError(msg)
        if self.status is Status.CORRECTION and not (self.correction and self.corrected_on):
            msg = "A correction says what it corrects, and on which day: give both."
            raise ExportError(msg)

        if self.time_zone:
            try:
                ZoneInfo(self.time_zone)
            # What is no name of a zone at all is tried as a file, or as a folder.
            except (ZoneInfoNotFoundError, ValueError, OSError) as error:
                msg = f"There is no time zone {self.time_zone!r}: give one like UTC, Africa/Ouagadougou or Asia/Kabul."
                raise ExportError(msg) from error

    @property
    def issue(self) -> str:
        """Number, version and status in one line."""
        return f"Map no. {self.map_number or NOT_STATED} · v{self.version:02d} · {self.status}"

    @property
    def correction_words(self) -> str:
        """The note of a correction or an update, with its day; empty if there is none."""
        if not self.correction:
            return ""
        day = f" of {day_words(self.corrected_on)}" if self.corrected_on else ""
        return f"{self.status}{day}: {self.correction}"

    @property
    def rows(self) -> tuple[tuple[str, str], ...]:
        """What a reader looks for at the foot of a sheet, in order."""
        return (
            ("Producer", self.producer or NOT_STATED),
            ("Organisation", self.organisation or NOT_STATED),
            ("Map no.", self.map_number or NOT_STATED),
            ("Version", f"v{self.version:02d}, {self.status}"),
            ("Handling", self.handling or NOT_STATED),
            ("Time zone", self.time_zone or NOT_STATED),
        )

    @property
    def disclaimer(self) -> str:
        """What nobody should read out of the lines and names of the map, in the organisation's own name."""
        body = self.organisation or "the producer of this sheet"
        return (
            "Borders and names are drawn as the boundary source has them: it shows who holds a territory. They say "
            "nothing of its legal status or of where a border ought to run, and showing them is no endorsement or "
            f"acceptance by {body}."
        )
