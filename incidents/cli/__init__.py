"""The command line: check a dataset, fill its places, write what a filter gives, and keep editors' decisions."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from typing import Final

from gazetteer.place import BorderLayerError
from incidents import __version__
from incidents.cli import decisions, export, geocode, sheet, validate
from incidents.cli.terminal import FAULTY, FINE, STOPPED, UNREADABLE, WRONG_USE, UsageError
from incidents.errors import IncidentsError

__all__ = ["FAULTY", "FINE", "STOPPED", "UNREADABLE", "WRONG_USE", "main"]

_EXAMPLES: Final = """examples:
  incidents validate incidents.csv
  incidents geocode incidents.csv --out located.csv
  incidents export --format gpkg --group JNIM --from 2021-11-01 --out jnim.gpkg
  incidents sheet --frame sahel --title "Sahel: attacks" --out briefing.pdf
  incidents decisions export --out decisions.csv

exit codes: 0 done, 1 something about the data, 2 wrong use, 3 a file cannot be read or written, 130 stopped
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; give its exit code: 0 done, 1 the data is faulty, 2 wrong use, 3 no such file, 130 stopped."""
    asked = _parser().parse_args(arguments)
    try:
        return int(asked.command(asked))
    except UsageError as error:
        print(error, file=sys.stderr)
        return WRONG_USE
    except (IncidentsError, BorderLayerError, OSError) as error:
        print(error, file=sys.stderr)
        # The reader of a file wraps what the disk says into its own words.
        return UNREADABLE if isinstance(error, OSError) or isinstance(error.__cause__, OSError) else FAULTY
    except KeyboardInterrupt:
        return STOPPED


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="incidents",
        description="Check, locate and export datasets of security incidents.",
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=__version__)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    for command in (validate, geocode, export, sheet, decisions):
        command.add_to(commands)
    return parser
