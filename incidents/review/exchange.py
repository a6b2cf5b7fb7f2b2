"""Decisions as CSV: out, for others to review, and in again, each row accepted or rejected with the reason."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, fields, replace
from datetime import datetime
from typing import Any, Final

from gazetteer.formulas import defused, restored
from gazetteer.place import Precision, Verdict
from incidents.errors import IncidentsError
from incidents.review.decision import Decision, Kind
from incidents.review.placement import Placement, RefusedDecisionError, seen
from incidents.schema import Rejected, ReviewStatus

#: More than this is no list of decisions that people made.
MAX_BYTES: Final = 20_000_000

_SIDES: Final = ("old", "new")
_PARTS: Final = tuple(field.name for field in fields(Placement))
_OWN: Final = tuple(field.name for field in fields(Decision) if field.name not in _SIDES)

#: Every column, in order: a decision, then where the incident was and where it is.
COLUMNS: Final = (*_OWN, *(f"{side}_{part}" for side in _SIDES for part in _PARTS))


class NotDecisionsError(IncidentsError, ValueError):
    """The file is no list of decisions: it cannot be parsed, or it lacks columns."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What a file held: the decisions, and the rows that are none, each with the reason."""

    accepted: tuple[Decision, ...]
    rejected: tuple[Rejected, ...]


def to_csv(decisions: Iterable[Decision]) -> bytes:
    """Write decisions as CSV: `from_csv` reads the same ones back, to the digit.

    UTF-8 with a byte order mark; null is an empty cell. Text that a spreadsheet would run has an apostrophe before it
    (`formulas.defused`).
    """
    target = io.StringIO(newline="")
    writer = csv.writer(target, lineterminator="\r\n")  # with both, a carriage return within a cell is quoted, too
    writer.writerow(COLUMNS)
    for decision in decisions:
        cells = {name: getattr(decision, name) for name in _OWN}
        cells |= {f"{side}_{part}": getattr(getattr(decision, side), part) for side in _SIDES for part in _PARTS}
        writer.writerow(_cell(cells[column]) for column in COLUMNS)
    return target.getvalue().encode("utf-8-sig")


def from_csv(content: bytes, *, name: str = "The file") -> Reading:
    r"""Read decisions that `to_csv` wrote, or somebody by hand.

    Parameters
    ----------
    content
        The file, UTF-8, separated by comma, semicolon or tab, with a header.
    name
        How an error calls the file.

    Raises
    ------
    NotDecisionsError
        If this is no text, no table, or a table without the columns of a decision.

    Examples
    --------
    >>> from_csv(to_csv([]))
    Reading(accepted=(), rejected=())
    """
    rows = _rows(content, name)
    header = [column.strip() for column in rows[0]] if rows else []
    missing = [column for column in COLUMNS if header.count(column) != 1]
    if missing:
        message = f"{name} is no list of decisions: it must have once, and has not, {', '.join(missing)}."
        raise NotDecisionsError(message)
    accepted: dict[tuple[str, str, int], Decision] = {}
    rejected: list[Rejected] = []
    for number, cells in enumerate(rows[1:], start=2):
        if not any(cells):
            continue
        if len(cells) != len(header):
            reason = f"expected {len(header)} cells, as in the header, found {len(cells)}"
            rejected.append(Rejected(number, "", ", ".join(cells)[:80], reason))
            continue
        faults, decision = _parse(dict(zip(header, cells, strict=True)), number)
        rejected += faults
        if decision is None:
            continue
        key = decision.dataset, decision.incident_id, decision.version
        if accepted.setdefault(key, decision) is not decision:
            reason = "expected a version of the incident that no earlier row has"
            rejected.append(Rejected(number, "version", str(decision.version), reason))
    return Reading(tuple(accepted.values()), tuple(rejected))


def _rows(content: bytes, name: str) -> list[list[str]]:
    if len(content) > MAX_BYTES:
        message = f"{name} is larger than {MAX_BYTES // 1_000_000} MB, which no list of decisions is."
        raise NotDecisionsError(message)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        message = f"{name} is no list of decisions: it is not UTF-8 text (save it as 'CSV UTF-8')."
        raise NotDecisionsError(message) from error
    csv.field_size_limit(MAX_BYTES)  # a long cell is that row's fault, not the file's
    try:
        delimiter = max(",;\t", key=text.partition("\n")[0].count)
        return list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    except csv.Error as error:
        message = f"{name} is no list of decisions: it is no CSV ({error})."
        raise NotDecisionsError(message) from error


def _parse(cells: Mapping[str, str], number: int) -> tuple[list[Rejected], Decision | None]:
    """Read a row; what cannot be read is a fault, never a default."""
    faults: list[Rejected] = []
    values: dict[str, Any] = {}
    hidden = 0
    for column in COLUMNS:
        text = restored(cells[column])
        if column in _TYPED:
            text, taken = seen(text)
            hidden += taken
        convert, expected = _CONVERSIONS.get(column.removeprefix("old_").removeprefix("new_"), (str, "text"))
        try:
            values[column] = convert(text) if text else None
        except ValueError:
            faults.append(Rejected(number, column, text[:60], f"expected {expected}"))
            continue
        if values[column] is None and column in _REQUIRED:
            faults.append(Rejected(number, column, "", "expected a value, found none"))
    if faults:
        return faults, None
    try:
        parts = {name: values[name] for name in _OWN}
        parts |= {side: Placement(**{part: values[f"{side}_{part}"] for part in _PARTS}) for side in _SIDES}
        decision = Decision(**parts)
    except RefusedDecisionError as error:
        return [Rejected(number, "", cells["incident_id"][:60], str(error))], None
    return [], replace(decision, removed=decision.removed + hidden)


def _cell(value: object) -> str:
    match value:
        case None:
            return ""
        case float():
            return repr(value)
        case datetime():
            return value.isoformat(timespec="microseconds")
        case int():
            return str(value)
        case _:
            return defused(str(value))


#: What an editor typed.
_TYPED: Final = ("reason", "decided_by", "new_name")
_REQUIRED: Final = frozenset({*_OWN, "old_geo_precision", "new_geo_precision"} - {"review_status", "undoes"})


def _of(words: type[Kind | Precision | ReviewStatus | Verdict]) -> tuple[Callable[[str], object], str]:
    return words, "one of " + ", ".join(words)


_CONVERSIONS: Final[Mapping[str, tuple[Callable[[str], object], str]]] = {
    **dict.fromkeys(("version", "undoes", "removed"), (int, "a whole number")),
    **dict.fromkeys(("longitude", "latitude", "uncertainty_km"), (float, "a number")),
    "decided_at": (datetime.fromisoformat, "a time like 2021-11-19T10:00:00+00:00"),
    "kind": _of(Kind),
    "review_status": _of(ReviewStatus),
    "geo_precision": _of(Precision),
    "verdict": _of(Verdict),
}
