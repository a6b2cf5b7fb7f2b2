"""What every command shares: exit codes, where results and words go, and the dataset with decisions laid over it."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from gazetteer import Gazetteer
from incidents import dataset
from incidents.dataset import Dataset
from incidents.errors import IncidentsError
from incidents.review import Decision, Log, from_csv, log_path

if TYPE_CHECKING:
    #: What `add_subparsers` gives, for which argparse has no public name.
    Commands = argparse._SubParsersAction[Any]  # noqa: SLF001

#: Exit codes: done; something about the data; wrong use (argparse's own); a file that cannot be read or written;
#: stopped by the reader.
FINE: Final = 0
FAULTY: Final = 1
WRONG_USE: Final = 2
UNREADABLE: Final = 3
STOPPED: Final = 130


class UsageError(IncidentsError, ValueError):
    """A command was asked for what there is not."""


def tell(words: str) -> None:
    """Say something to the person at the terminal; results alone go to standard output."""
    print(words, file=sys.stderr)


def tell_rejected(found: Dataset) -> None:
    """Say of every row that what is written lacks that it does, and why."""
    for fault in found.rejected:
        tell(f"row {fault.row} left out, {fault.column or 'whole row'}: {fault.reason}")


def write(content: bytes, target: Path | None) -> None:
    """Write bytes to a file, or to standard output where none is named."""
    if target is None:
        sys.stdout.buffer.write(content)
        sys.stdout.buffer.flush()
    else:
        target.write_bytes(content)


def refuse_both(asked: argparse.Namespace) -> None:
    """Let standard output be the file or the account of it, and never both."""
    if asked.out == Path("-") and asked.json:
        msg = "--json and --out - would both write to standard output; choose one."
        raise UsageError(msg)


def refuse_overwriting(target: Path, *, number: str | None) -> None:
    """Let a name that nobody gave be a new one.

    Parameters
    ----------
    number
        The option that makes it another name, if there is one.
    """
    there = [path for path in (target, target.with_name(f"{target.name}.json")) if path.exists()]
    if there:
        way = f"Give another version with {number}, or --out FILE." if number else "Give --out FILE."
        msg = f"{there[0]} is there already and stays as it is. {way}"
        raise UsageError(msg)


def refuse_input(target: Path, *, inputs: Iterable[Path | None]) -> None:
    """Let no command write over what it reads: a selection in the place of its dataset is the end of the dataset."""
    for path in inputs:
        if path is not None and target.exists() and path.exists() and target.samefile(path):
            msg = f"{target} is what is read here, and stays as it is. Give --out another FILE."
            raise UsageError(msg)


def moment(text: str) -> date:
    """Read a day, or a moment of a day, as an option has it."""
    try:
        return (datetime if len(text) > 10 else date).fromisoformat(text)
    except ValueError:
        msg = f"{text!r} is neither a day such as 2021-11-19 nor a moment such as 2021-11-19T06:30+00:00"
        raise argparse.ArgumentTypeError(msg) from None


def open_dataset(path: Path | None, *, gazetteer: Gazetteer) -> Dataset:
    """Load a dataset, the one that comes with the desk where none is named."""
    return dataset.curated(gazetteer=gazetteer) if path is None else dataset.load(path, gazetteer=gazetteer)


def add_decisions(parser: argparse.ArgumentParser) -> None:
    """Let a command be told which editors' decisions to lay over the data."""
    which = parser.add_mutually_exclusive_group()
    which.add_argument(
        "--decisions",
        type=Path,
        metavar="FILE.csv",
        help="editors' decisions to lay over the data; without, those of this machine's log, if it has one",
    )
    which.add_argument("--no-decisions", action="store_true", help="show the data without any editor's decision")


def lay_decisions(found: Dataset, asked: argparse.Namespace, *, gazetteer: Gazetteer) -> Dataset:
    """Lay editors' decisions over a dataset, as `add_decisions` was told, and say how many hold."""
    if asked.no_decisions:
        return found
    if asked.decisions is not None:
        latest = _latest_in(asked.decisions, name=found.name)
    elif log_path().is_file():
        with Log.open() as log:
            latest = log.latest(found.name)
    else:
        return found
    if not latest:
        return found
    reviewed = dataset.reviewed(found, latest, gazetteer=gazetteer)
    tell(f"decisions of editors: {len(reviewed.decisions)} applied, {len(reviewed.set_aside)} set aside")
    for one in reviewed.set_aside:
        tell(f"set aside, {one.decision.incident_id}: {one.reason}")
    return reviewed


def _latest_in(path: Path, *, name: str) -> tuple[Decision, ...]:
    """Give the last decision on each incident of a dataset in a file; a file with a faulty row is not believed."""
    reading = from_csv(path.read_bytes(), name=path.name)
    if reading.rejected:
        faults = " ".join(f"Row {f.row}, {f.column or 'whole row'}: {f.reason}." for f in reading.rejected)
        msg = f"{path.name} has rows that are no decisions, so none is laid over the data. {faults}"
        raise IncidentsError(msg)
    latest: dict[str, Decision] = {}
    for decision in sorted(reading.accepted, key=lambda one: one.version):
        if decision.dataset == name:
            latest[decision.incident_id] = decision
    return tuple(sorted(latest.values(), key=lambda one: (one.decided_at, one.incident_id)))
