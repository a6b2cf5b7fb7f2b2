"""`incidents validate`: the rows of a dataset that would be rejected, with the reason."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import TYPE_CHECKING

from gazetteer.terminal import opened
from incidents import dataset
from incidents.cli.terminal import FAULTY, FINE, tell

if TYPE_CHECKING:
    from incidents.cli.terminal import Commands


def add_to(commands: Commands) -> None:
    """Add the command."""
    parser = commands.add_parser("validate", help="list the rows of a dataset that would be rejected")
    parser.add_argument("file", type=Path)
    parser.add_argument("--json", action="store_true", help="print the faults as JSON")
    parser.set_defaults(command=run)


def run(asked: argparse.Namespace) -> int:
    """Print what cannot be accepted; 1 if there is anything."""
    found = dataset.load(asked.file, gazetteer=opened())
    if asked.json:
        faults = [{"row": f.row, "column": f.column, "value": f.value, "reason": f.reason} for f in found.rejected]
        print(json.dumps({"accepted": len(found.incidents), "rejected": faults}, ensure_ascii=False, indent=2))
    else:
        for fault in found.rejected:
            print(f"row {fault.row}, {fault.column or 'whole row'}: {fault.reason}, found {fault.value!r}")
        tell(f"{len(found.incidents)} incidents accepted, {found.rows_rejected} rows rejected")
    return FAULTY if found.rejected else FINE
