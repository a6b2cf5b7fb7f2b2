"""`incidents decisions`: editors' decisions out of the log, into it, and the log checked line by line."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import TYPE_CHECKING

from incidents.cli.terminal import FAULTY, FINE, tell, write
from incidents.review import Head, Log, LogError, from_csv, log_path, to_csv

if TYPE_CHECKING:
    from incidents.cli.terminal import Commands


def add_to(commands: Commands) -> None:
    """Add the command."""
    parser = commands.add_parser("decisions", help="take editors' decisions out of the log or into it, or check it")
    doings = parser.add_subparsers(required=True, metavar="ACTION")
    out = doings.add_parser("export", help="write every decision as CSV, for others to review")
    out.add_argument("--dataset", metavar="NAME", help="only those on the dataset of this name; of all without")
    out.add_argument("--out", type=Path, metavar="FILE", help="where to write the CSV; standard output without")
    out.set_defaults(command=_export)
    bring = doings.add_parser("import", help="append decisions that were made elsewhere, as they were made")
    bring.add_argument("file", type=Path, help="a CSV that `decisions export` wrote")
    bring.set_defaults(command=_import)
    verify = doings.add_parser("verify", help="look for lines that were changed or are missing")
    verify.add_argument(
        "--head", metavar="NUMBER:HASH", type=_head, help="a last line that was kept elsewhere, as `verify` prints it"
    )
    verify.set_defaults(command=_verify)
    for doing in (out, bring, verify):
        doing.add_argument("--log", type=Path, metavar="FILE", help=f"the log of decisions; {log_path()} without")
        doing.add_argument("--json", action="store_true", help="print what was done as JSON")


def _head(text: str) -> Head:
    number, _, line_hash = text.partition(":")
    if not number.isdecimal():
        msg = f"{text!r} is no NUMBER:HASH, as `verify` prints it"
        raise argparse.ArgumentTypeError(msg)
    return Head(int(number), line_hash)


def _opened(asked: argparse.Namespace) -> Log:
    """Open a log that is there; only `import` may begin one."""
    path = asked.log or log_path()
    if not path.is_file():
        msg = f"There is no log of decisions at {path}; name one with --log."
        raise LogError(msg)
    return Log.open(path)


def _export(asked: argparse.Namespace) -> int:
    with _opened(asked) as log:
        decisions = log.decisions(asked.dataset)
    write(to_csv(decisions), asked.out)
    tell(f"{len(decisions)} decisions written")
    if asked.json and asked.out:
        print(json.dumps({"file": str(asked.out), "decisions": len(decisions)}, ensure_ascii=False))
    return FINE


def _import(asked: argparse.Namespace) -> int:
    reading = from_csv(asked.file.read_bytes(), name=asked.file.name)
    with Log.open(asked.log or log_path()) as log:
        brought = log.bring_in(reading.accepted)
    if asked.json:
        told = {
            "taken": len(brought.taken),
            "known": len(brought.known),
            "set_aside": [
                {"incident_id": one.decision.incident_id, "version": one.decision.version, "reason": one.reason}
                for one in brought.set_aside
            ],
            "rejected": [{"row": f.row, "column": f.column, "reason": f.reason} for f in reading.rejected],
        }
        print(json.dumps(told, ensure_ascii=False, indent=2))
    else:
        for fault in reading.rejected:
            print(f"row {fault.row}, {fault.column or 'whole row'}: {fault.reason}, found {fault.value!r}")
        for one in brought.set_aside:
            print(f"set aside, {one.decision.incident_id} version {one.decision.version}: {one.reason}")
    tell(f"{len(brought.taken)} decisions taken in, {len(brought.known)} known already")
    return FAULTY if reading.rejected or brought.set_aside else FINE


def _verify(asked: argparse.Namespace) -> int:
    with _opened(asked) as log:
        damages, head = log.verify(head=asked.head), log.head()
    if asked.json:
        told = {
            "head": None if head is None else {"number": head.number, "hash": head.hash},
            "damages": [{"number": damage.number, "reason": damage.reason} for damage in damages],
        }
        print(json.dumps(told, ensure_ascii=False, indent=2))
    else:
        for damage in damages:
            print(f"line {damage.number}: {damage.reason}")
        if not damages:
            print("no decisions yet" if head is None else f"whole, up to {head.number}:{head.hash}")
    return FAULTY if damages else FINE
