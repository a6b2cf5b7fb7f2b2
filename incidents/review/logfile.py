"""The SQLite file of a log: its table and guards, how it is opened, and how a line is written, read and checked."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

from gazetteer.place import Precision, Verdict
from incidents.errors import IncidentsError
from incidents.review.decision import Decision, Kind
from incidents.review.placement import Placement
from incidents.schema import ReviewStatus

#: How long a decision waits, in seconds, while another program writes.
PATIENCE_S: Final = 10.0

# Says that a SQLite file is a log of this program, and in which form.
_APPLICATION: Final = 0x1DE5C109
_FORM: Final = 1

_TABLE: Final = """
CREATE TABLE decisions (
    number INTEGER PRIMARY KEY AUTOINCREMENT,      -- the table of AUTOINCREMENT tells if the last ones are missing
    previous TEXT REFERENCES decisions (hash),
    dataset TEXT NOT NULL, dataset_sha256 TEXT NOT NULL, incident_id TEXT NOT NULL, version INTEGER NOT NULL,
    decided_by TEXT NOT NULL, decided_at TEXT NOT NULL, kind TEXT NOT NULL, review_status TEXT,
    place_as_reported TEXT NOT NULL, reason TEXT NOT NULL, removed INTEGER NOT NULL, undoes INTEGER,
    old TEXT NOT NULL, new TEXT NOT NULL,          -- placements, as JSON
    hash TEXT NOT NULL UNIQUE,                     -- of everything before it
    UNIQUE (dataset, incident_id, version)
)
"""
# The third also keeps INSERT OR REPLACE from taking a line away, which the second would not see.
_GUARDS: Final = (
    "BEFORE UPDATE ON decisions BEGIN SELECT RAISE(ABORT, 'a decision is never changed'); END",
    "BEFORE DELETE ON decisions BEGIN SELECT RAISE(ABORT, 'a decision is never deleted'); END",
    """BEFORE INSERT ON decisions
    WHEN NEW.number IS NOT (SELECT coalesce(max(number), 0) + 1 FROM decisions)
        OR NEW.previous IS NOT (SELECT hash FROM decisions ORDER BY number DESC LIMIT 1)
        OR NEW.version IS NOT (SELECT coalesce(max(version), 0) + 1 FROM decisions
                               WHERE dataset = NEW.dataset AND incident_id = NEW.incident_id)
        OR EXISTS (SELECT 1 FROM decisions WHERE hash = NEW.hash)
    BEGIN SELECT RAISE(ABORT, 'a decision follows the last one'); END""",
)
_COLUMNS: Final = (
    *("number", "previous", "dataset", "dataset_sha256", "incident_id", "version", "decided_by", "decided_at", "kind"),
    *("review_status", "place_as_reported", "reason", "removed", "undoes", "old", "new"),
)
_SELECT: Final = f"SELECT {', '.join(_COLUMNS)}, hash FROM decisions"  # noqa: S608  fixed names
_INSERT: Final = f"INSERT INTO decisions ({', '.join(_COLUMNS)}, hash) VALUES ({', '.join('?' * 17)})"  # noqa: S608


class LogError(IncidentsError, OSError):
    """The log cannot be opened, read or written; the text says why. What was to be written is not."""


@dataclass(frozen=True, slots=True)
class Head:
    """The last line of a log, by which a later look tells that the log still is what it was."""

    number: int
    hash: str


@dataclass(frozen=True, slots=True)
class Damage:
    """A line of the log that is not as it was written; 0 is the file as a whole."""

    number: int
    reason: str


def connect(path: Path) -> sqlite3.Connection:
    """Open the file so that every commit reaches the disk, and make it if it is not there.

    Raises
    ------
    LogError
        If it is something else, cannot be written, or lies where SQLite cannot keep its promises.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        message = f"{path.parent} cannot be made: {error.strerror}."
        raise LogError(message) from error
    with told(path), _alone(path):
        connection = sqlite3.connect(path, timeout=PATIENCE_S, isolation_level=None, check_same_thread=False)
        try:
            _prepare(connection, path)
        except BaseException:
            connection.close()
            raise
    return connection


def read(connection: sqlite3.Connection, where: str, *values: object) -> tuple[Decision, ...]:
    """Read the decisions that a clause after `FROM decisions` asks for.

    Raises
    ------
    LogError
        If a line says what no decision says.
    """
    rows = connection.execute(f"{_SELECT} {where}", values).fetchall()
    return tuple(_decision(dict(zip(_COLUMNS, row, strict=False))) for row in rows)


def append(connection: sqlite3.Connection, decision: Decision) -> None:
    """Write a decision as the next line, in the transaction that is under way."""
    last = head(connection)
    line = {**asdict(decision), "number": last.number + 1 if last else 1, "previous": last.hash if last else None}
    line["decided_at"] = decision.decided_at.isoformat(timespec="microseconds")
    line |= {side: json.dumps(line[side], ensure_ascii=False, allow_nan=False) for side in ("old", "new")}
    row = [str(value) if isinstance(value, str) else value for value in (line[column] for column in _COLUMNS)]
    connection.execute(_INSERT, (*row, _hash(row)))


def head(connection: sqlite3.Connection) -> Head | None:
    """Give the last line."""
    last = connection.execute("SELECT number, hash FROM decisions ORDER BY number DESC LIMIT 1").fetchone()
    return Head(*last) if last else None


def damages(connection: sqlite3.Connection, *, kept: Head | None) -> Iterator[Damage]:
    """Say which lines are not as they were written, or are missing; `kept` is a line that must be there."""
    (state,) = connection.execute("PRAGMA integrity_check(1)").fetchone()
    if state != "ok":
        yield Damage(0, f"The file itself is damaged: {state}.")
    is_there = kept is None
    expected, previous = 1, None
    versions: dict[tuple[str, str], int] = {}
    for *row, written in connection.execute(f"{_SELECT} ORDER BY number"):
        line = dict(zip(_COLUMNS, row, strict=True))
        number, version, of = line["number"], line["version"], (line["dataset"], line["incident_id"])
        if number > expected:
            yield Damage(expected, _missing(expected, number - 1))
        elif line["previous"] != previous:
            yield Damage(number, f"Line {number} does not follow the one before it: one of them was changed.")
        if _hash(row) != written:
            yield Damage(number, f"Line {number} was changed after it was written.")
        versions[of] = versions.get(of, 0) + 1
        if version != versions[of]:
            yield Damage(number, f"Line {number} is version {version} of {of[1]}, and should be {versions[of]}.")
        expected, previous = number + 1, written
        is_there = is_there or Head(number, written) == kept
    last = connection.execute("SELECT seq FROM sqlite_sequence WHERE name = 'decisions'").fetchone()
    if last and last[0] >= expected:
        yield Damage(expected, _missing(expected, last[0]))
    if kept is not None and not is_there:
        yield Damage(kept.number, f"Line {kept.number} is not the one that was kept elsewhere.")


@contextmanager
def told(path: Path) -> Iterator[None]:
    """Say in a sentence what SQLite could not do."""
    try:
        yield
    except sqlite3.Error as error:
        why = {
            "SQLITE_BUSY": f"another program has kept it for {PATIENCE_S:g} seconds; try again",
            "SQLITE_FULL": "the disk is full",
            "SQLITE_NOTADB": "it is no log of decisions, and is left as it is",
            "SQLITE_CANTOPEN": "it cannot be opened",
        }.get(getattr(error, "sqlite_errorname", ""), str(error))
        message = f"{path} cannot be used: {why}. Nothing was written."
        raise LogError(message) from error


def _prepare(connection: sqlite3.Connection, path: Path) -> None:
    """Make the table and its guards if they are not there, and have every commit reach the disk."""
    is_new = connection.execute("SELECT count(*) FROM sqlite_master").fetchone() == (0,)
    (application,) = connection.execute("PRAGMA application_id").fetchone()
    (form,) = connection.execute("PRAGMA user_version").fetchone()
    if not is_new and application != _APPLICATION:
        message = f"{path} is no log of decisions, and is left as it is."
        raise LogError(message)
    if not is_new and form != _FORM:
        message = f"{path} was made by another release, and is left as it is: export it with the one that made it."
        raise LogError(message)
    if connection.execute("PRAGMA journal_mode = WAL").fetchone() != ("wal",):
        message = f"{path} must lie on a local disk: SQLite cannot keep a write-ahead log there."
        raise LogError(message)
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA fullfsync = ON")  # macOS: to the disk, not to its cache
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("BEGIN IMMEDIATE")
    if is_new:
        connection.execute(_TABLE)
        connection.execute(f"PRAGMA application_id = {_APPLICATION}")
        connection.execute(f"PRAGMA user_version = {_FORM}")
    for number, guard in enumerate(_GUARDS, start=1):
        connection.execute(f"CREATE TRIGGER IF NOT EXISTS guard_{number} {guard}")
    connection.execute("COMMIT")


def _decision(line: Mapping[str, Any]) -> Decision:
    parts = {key: value for key, value in line.items() if key not in ("number", "previous")}
    try:
        parts["decided_at"] = datetime.fromisoformat(line["decided_at"])
        parts["kind"] = Kind(line["kind"])
        parts["review_status"] = line["review_status"] and ReviewStatus(line["review_status"])
        parts |= {side: _placement(line[side]) for side in ("old", "new")}
        return Decision(**parts)
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        message = f"The log of decisions is damaged at line {line['number']}: {error}"
        raise LogError(message) from error


def _placement(text: str) -> Placement:
    parts = json.loads(text)
    verdict = parts["verdict"] and Verdict(parts["verdict"])
    return Placement(**{**parts, "geo_precision": Precision(parts["geo_precision"]), "verdict": verdict})


def _hash(row: Sequence[object]) -> str:
    """Give the hash of a line; since the line holds the hash of the one before it, they make a chain."""
    text = json.dumps(row, ensure_ascii=False, separators=(",", ":"), default=repr)
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _missing(first: int, last: int) -> str:
    return f"Line {first} is missing." if first == last else f"Lines {first} to {last} are missing."


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    """Wait until no other process makes or opens the log. A lock of SQLite's ends with the process that holds it."""
    lock = path.with_name(f".{path.name}.lock")
    with closing(sqlite3.connect(lock, timeout=PATIENCE_S, isolation_level=None)) as holder:
        holder.execute("BEGIN EXCLUSIVE")
        yield
