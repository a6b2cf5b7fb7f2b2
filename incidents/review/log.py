"""The log of decisions: appended to and never changed, whole after a crash, each line tied to the one before it."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from threading import RLock
from typing import Self

from platformdirs import user_data_path

from incidents.review import logfile
from incidents.review.decision import Decision, Kind, SetAside, StaleDecisionError
from incidents.review.logfile import Damage, Head
from incidents.review.placement import Placement, RefusedDecisionError, seen
from incidents.schema import ReviewStatus


@dataclass(frozen=True, slots=True)
class BroughtIn:
    """What became of decisions that were made elsewhere: appended, already there, or set aside with the reason."""

    taken: tuple[Decision, ...]
    known: tuple[Decision, ...]
    set_aside: tuple[SetAside, ...]


def log_path() -> Path:
    """Give the path of the log in the user's data directory; `INCIDENT_DESK_REVIEWS` names another file."""
    named = os.environ.get("INCIDENT_DESK_REVIEWS")
    return Path(named) if named else user_data_path("incident-desk") / "reviews.sqlite"


class Log:
    """An append-only log of decisions; made by `Log.open`.

    It lies on a local disk, in SQLite's WAL mode: a decision that was acknowledged is on the disk. Threads may share
    one log, and any number of processes may open the same file. `verify` finds a line that was changed or taken out
    by accident or by a clumsy hand. Whoever rewrites every line after it, too, is found only by a `Head` that was kept
    elsewhere, such as in an export.
    """

    def __init__(self, connection: sqlite3.Connection, *, path: Path) -> None:
        self._connection = connection
        self._turn = RLock()
        self.path = path

    @classmethod
    def open(cls, path: Path | None = None) -> Log:
        """Open the log in a file, and make it if it is not there.

        Parameters
        ----------
        path
            The file; `log_path` without.

        Raises
        ------
        LogError
            If the file is something else, cannot be written, or lies where SQLite cannot keep its promises.
        """
        file = path or log_path()
        return cls(logfile.connect(file), path=file)

    def close(self) -> None:
        """Let go of the file."""
        with self._turn:
            self._connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def decide(
        self,
        incident_id: str,
        *,
        dataset: str,
        dataset_sha256: str,
        expected_version: int,
        place_as_reported: str,
        kind: Kind,
        old: Placement,
        new: Placement,
        reason: str,
        decided_by: str,
        review_status: ReviewStatus | None = None,
    ) -> Decision:
        """Append a decision; it is on the disk when this returns.

        Parameters
        ----------
        incident_id, dataset, dataset_sha256
            The incident, the name of its dataset, and the hash of the file.
        expected_version
            The version of the incident that the editor saw; 0 if nobody had decided on it.
        place_as_reported
            What the data calls the place now.
        kind, new
            What is decided.
        old
            Where the desk showed the incident. Where a decision stands, the log knows that better.
        reason, decided_by
            As typed. Characters that nobody sees are taken out and counted in `Decision.removed`.
        review_status
            Where the incident stands now; see `lay_over` for what follows without one.

        Raises
        ------
        StaleDecisionError
            If somebody has decided on the incident since `expected_version`.
        RefusedDecisionError
            If there is no reason or no name, a text is too long, or the parts do not go together.
        LogError
            If the log cannot be written.
        """
        texts = [seen(text) for text in (reason, decided_by, new.name or "")]
        (reason, _), (decided_by, _), (name, _) = texts
        new = replace(new, name=name or None)

        def follow(history: Sequence[Decision]) -> Decision:
            last = history[-1] if history else None
            if kind is Kind.REOPENED and (last is None or last.kind is Kind.REOPENED):
                message = f"No decision on {incident_id} stands that could be opened again."
                raise RefusedDecisionError(message)
            return Decision(
                incident_id=incident_id,
                dataset=dataset,
                dataset_sha256=dataset_sha256,
                version=len(history) + 1,
                decided_by=decided_by,
                decided_at=datetime.now(UTC),
                kind=kind,
                old=last.new if last and last.holds_for(place_as_reported) else old,
                new=new,
                reason=reason,
                place_as_reported=place_as_reported,
                review_status=review_status,
                removed=sum(removed for _, removed in texts),
            )

        return self._follow(incident_id, dataset, expected_version, follow)

    def undo(
        self,
        incident_id: str,
        *,
        dataset: str,
        dataset_sha256: str,
        expected_version: int,
        reason: str,
        decided_by: str,
    ) -> Decision:
        """Append a decision that restores what was before the last one; to undo that brings the last one back.

        Parameters and errors are those of `decide`.
        """
        texts = [seen(text) for text in (reason, decided_by)]
        (reason, _), (decided_by, _) = texts

        def follow(history: Sequence[Decision]) -> Decision:
            if not history:
                message = f"Nobody has decided on {incident_id}, so there is nothing to undo."
                raise RefusedDecisionError(message)
            last = history[-1]
            restored = history[-2] if len(history) > 1 else replace(last, kind=Kind.REOPENED, new=last.old)
            return replace(
                restored,
                dataset_sha256=dataset_sha256,
                version=last.version + 1,
                decided_by=decided_by,
                decided_at=datetime.now(UTC),
                old=last.new,
                reason=reason,
                review_status=restored.review_status if len(history) > 1 else None,
                undoes=last.version,
                removed=sum(removed for _, removed in texts),
            )

        return self._follow(incident_id, dataset, expected_version, follow)

    def bring_in(self, decisions: Iterable[Decision]) -> BroughtIn:
        """Append decisions that were made elsewhere, as they were made; on an error none.

        One that this log has already is passed over. One that contradicts what was decided here, that was made on
        something else than the log has, or that lacks the ones before it, is set aside with those that follow it.
        """
        taken: list[Decision] = []
        known: list[Decision] = []
        aside: list[SetAside] = []
        lost: set[tuple[str, str]] = set()
        with self._writing():
            for decision in sorted(decisions, key=lambda one: one.version):
                history = self._history(decision.incident_id, decision.dataset)
                of = decision.dataset, decision.incident_id
                why_not = "An earlier one was set aside." if of in lost else _why_not(decision, history)
                if decision in history:
                    known.append(decision)
                elif why_not:
                    lost.add(of)
                    aside.append(SetAside(decision, why_not))
                else:
                    logfile.append(self._connection, decision)
                    taken.append(decision)
        return BroughtIn(tuple(taken), tuple(known), tuple(aside))

    def history(self, incident_id: str, *, dataset: str) -> tuple[Decision, ...]:
        """Give all decisions on an incident, oldest first."""
        with self._reading():
            return self._history(incident_id, dataset)

    def latest(self, dataset: str) -> tuple[Decision, ...]:
        """Give the last decision on each incident of a dataset, in the order in which they were made."""
        newest = "(dataset, incident_id, version) IN (SELECT dataset, incident_id, max(version) FROM decisions"
        with self._reading():
            return logfile.read(
                self._connection, f"WHERE {newest} WHERE dataset = ? GROUP BY incident_id) ORDER BY number", dataset
            )

    def decisions(self, dataset: str | None = None) -> tuple[Decision, ...]:
        """Give all decisions, of one dataset or of all, in the order in which they were made."""
        with self._reading():
            return logfile.read(self._connection, "WHERE ?1 IS NULL OR dataset = ?1 ORDER BY number", dataset)

    def head(self) -> Head | None:
        """Give the last line, None for a log without any; it changes with every decision."""
        with self._reading():
            return logfile.head(self._connection)

    def verify(self, *, head: Head | None = None) -> tuple[Damage, ...]:
        """Look for lines that were changed or are missing; empty if the log is as it was written.

        Parameters
        ----------
        head
            A last line that was kept elsewhere; the log must still have it.
        """
        with self._turn:
            try:
                self._connection.execute("BEGIN")
                try:
                    return tuple(logfile.damages(self._connection, kept=head))
                finally:
                    self._connection.execute("ROLLBACK")
            except sqlite3.Error as error:
                return (Damage(0, f"The file itself is damaged: {error}."),)

    def _follow(
        self, incident_id: str, dataset: str, expected_version: int, follow: Callable[[Sequence[Decision]], Decision]
    ) -> Decision:
        with self._writing():
            history = self._history(incident_id, dataset)
            if len(history) != expected_version:
                raise StaleDecisionError(
                    incident_id,
                    expected_version=expected_version,
                    version=len(history),
                    since=history[max(expected_version, 0) :],
                )
            decision = follow(history)
            logfile.append(self._connection, decision)
        return decision

    def _history(self, incident_id: str, dataset: str) -> tuple[Decision, ...]:
        where = "WHERE dataset = ? AND incident_id = ? ORDER BY version"
        return logfile.read(self._connection, where, dataset, incident_id)

    @contextmanager
    def _reading(self) -> Iterator[None]:
        with self._turn, logfile.told(self.path):
            yield

    @contextmanager
    def _writing(self) -> Iterator[None]:
        """Hold the log, so that nobody decides between our look and our line; written is only what ends well."""
        with self._turn, logfile.told(self.path):
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield
                self._connection.execute("COMMIT")
            except BaseException:
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")
                raise


def _why_not(decision: Decision, history: Sequence[Decision]) -> str | None:
    """Say why a decision that was made elsewhere cannot be the next one here."""
    last = history[-1] if history else None
    if decision.version <= len(history):
        return f"Version {decision.version} is another one here. {history[decision.version - 1].words}"
    if decision.version > len(history) + 1:
        return f"What is between version {len(history)}, the last one here, and version {decision.version} is missing."
    if last and decision.old != last.new and (decision.undoes or last.holds_for(decision.place_as_reported)):
        return f"It was made on another version {last.version} than the one that is here. {last.words}"
    return None
