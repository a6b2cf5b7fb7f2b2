"""`incidents geocode`: the places of a dataset, filled from the gazetteer."""

from __future__ import annotations

import argparse
import codecs
from pathlib import Path
from typing import TYPE_CHECKING

from gazetteer.terminal import opened
from incidents import dataset
from incidents.cli.terminal import FAULTY, FINE, refuse_input, tell_rejected, write
from incidents.export import to_csv
from incidents.filters import Filters

if TYPE_CHECKING:
    from incidents.cli.terminal import Commands


def add_to(commands: Commands) -> None:
    """Add the command."""
    parser = commands.add_parser(
        "geocode",
        help="fill the places of a dataset from the gazetteer",
        description="Fill the places of a dataset from the gazetteer. Editors' decisions are never written into the "
        "data: `incidents export` lays them over it.",
    )
    parser.add_argument("file", type=Path)
    parser.add_argument("--out", type=Path, metavar="FILE", help="where to write the CSV; standard output without")
    parser.set_defaults(command=run)


def run(asked: argparse.Namespace) -> int:
    """Fill the places: what an earlier run wrote is looked up again, what a source's own coordinates say is kept."""
    if asked.out is not None:
        refuse_input(asked.out, inputs=(asked.file,))  # which has the rows that could not be read, too
    found = dataset.load(asked.file, gazetteer=opened())
    tell_rejected(found)
    # Without the byte order mark, which only a spreadsheet needs: this is the file that programs read.
    write(to_csv(found, Filters(), ordered=False).removeprefix(codecs.BOM_UTF8), asked.out)
    return FAULTY if found.rejected else FINE
