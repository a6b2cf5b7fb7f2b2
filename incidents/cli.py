"""The command line: check a dataset, fill its places, and write what a filter gives."""

from __future__ import annotations

import argparse
import codecs
import json
import sys
from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Final

from gazetteer.boundaries import Boundaries
from gazetteer.terminal import opened
from incidents import __version__, dataset, export
from incidents.errors import ExportError, IncidentsError
from incidents.filters import KEYS, Filters, from_query
from incidents.frames import FRAMES
from incidents.sheet import Order, draw_sheet, render

#: Exit codes: fine; something about the data; wrong use (argparse's own).
FINE: Final = 0
FAULTY: Final = 1

_EXAMPLES: Final = """examples:
  incidents validate incidents.csv
  incidents geocode incidents.csv --output located.csv
  incidents export incidents.csv --format pdf --filter group=JNIM --filter from=2021-11-01 --output briefing.pdf
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; give its exit code: 0 fine, 1 the data is faulty, 2 wrong use."""
    asked = _parser().parse_args(arguments)
    try:
        return int(asked.command(asked))
    except (IncidentsError, OSError) as error:
        print(error, file=sys.stderr)
        return FAULTY


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="incidents",
        description="Check, locate and export datasets of security incidents.",
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=__version__)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    validate = commands.add_parser("validate", help="list the rows of a dataset that would be rejected")
    validate.add_argument("file", type=Path)
    validate.add_argument("--json", action="store_true", help="print the faults as JSON")
    validate.set_defaults(command=_validate)

    geocode = commands.add_parser("geocode", help="fill the places of a dataset from the gazetteer")
    geocode.add_argument("file", type=Path)
    geocode.add_argument("--output", type=Path, help="where to write the CSV; standard output without")
    geocode.set_defaults(command=_geocode)

    write = commands.add_parser("export", help="write the incidents that a filter gives, as data or as a sheet")
    write.add_argument("file", type=Path)
    write.add_argument("--format", choices=["csv", "geojson", "png", "pdf"], required=True)
    write.add_argument("--filter", action="append", default=[], metavar="KEY=VALUE", help="as in a link of the desk")
    write.add_argument(
        "--as-of",
        type=date.fromisoformat,
        help="the day whose knowledge it shows; the data's last day without",
    )
    write.add_argument("--produced-on", type=date.fromisoformat, help="the day it is made; today without")
    write.add_argument("--frame", choices=list(FRAMES), help="what the map shows; all that is drawn without")
    write.add_argument("--title", help="title of the sheet")
    write.add_argument("--output", type=Path, help="where to write; a name made of day and filters without")
    write.add_argument(
        "--sidecar",
        action=argparse.BooleanOptionalAction,
        default=True,
        help="beside a CSV, as OUTPUT.json, which filters it answers and what it was made from (the default)",
    )
    write.set_defaults(command=_export)
    return parser


def _validate(asked: argparse.Namespace) -> int:
    found = dataset.load(asked.file, gazetteer=opened())
    if asked.json:
        faults = [{"row": f.row, "column": f.column, "value": f.value, "reason": f.reason} for f in found.rejected]
        print(json.dumps({"accepted": len(found.incidents), "rejected": faults}, ensure_ascii=False, indent=2))
    else:
        for fault in found.rejected:
            print(f"row {fault.row}, {fault.column or 'whole row'}: {fault.reason}, found {fault.value!r}")
        print(f"{len(found.incidents)} incidents accepted, {found.rows_rejected} rows rejected", file=sys.stderr)
    return FAULTY if found.rejected else FINE


def _geocode(asked: argparse.Namespace) -> int:
    """Fill the places: what an earlier run wrote is looked up again, what a source's own coordinates say is kept."""
    gazetteer = opened()
    found = dataset.load(asked.file, gazetteer=gazetteer)
    _tell_rejected(found)
    # Without the byte order mark, which only a spreadsheet needs: this is the file that programs read.
    content = export.to_csv(found, Filters(), ordered=False).removeprefix(codecs.BOM_UTF8)
    if asked.output:
        asked.output.write_bytes(content)
    else:
        sys.stdout.buffer.write(content)
    return FAULTY if found.rejected else FINE


def _tell_rejected(found: dataset.Dataset) -> None:
    """Say of every row that what is written lacks that it does, and why."""
    for fault in found.rejected:
        print(f"row {fault.row} left out, {fault.column or 'whole row'}: {fault.reason}", file=sys.stderr)


def _export(asked: argparse.Namespace) -> int:
    """Write what the filters give; rows that could not be read are told, and make the exit code 1."""
    found = dataset.load(asked.file, gazetteer=opened())
    _tell_rejected(found)
    filters = _filters(asked.filter, found)
    day = asked.as_of or found.known_to or datetime.now(UTC).date()
    boundaries = Boundaries.load()
    match asked.format:
        case "csv":
            content = export.to_csv(found, filters)
        case "geojson":
            content = export.to_geojson(found, filters, boundaries=boundaries, places_from=found.places_from)
        case _:
            order = Order(
                title=asked.title or "Security incidents",
                as_of=day,
                produced_on=asked.produced_on or datetime.now(UTC).date(),
                frames=(FRAMES[asked.frame],) if asked.frame else (),
            )
            sheet = draw_sheet(
                found, filters, order=order, boundaries=boundaries, gazetteer=opened(), places_from=found.places_from
            )
            content = render(sheet, format=asked.format)
    target = asked.output or Path(export.file_name(found, filters, as_of=day, format=asked.format))
    target.write_bytes(content)
    print(target)
    if asked.format == "csv" and asked.sidecar and target.is_file():  # nothing stands beside a pipe
        beside = target.with_name(f"{target.name}.json")
        beside.write_bytes(
            export.to_sidecar(
                found, filters, content=content, name=target.name, boundaries=boundaries, places_from=found.places_from
            )
        )
        print(beside)
    return FAULTY if found.rejected else FINE


def _filters(pairs: Sequence[str], found: dataset.Dataset) -> Filters:
    """Read `group=JNIM` and the like as a link would be read; what a link cannot say is an error here."""
    query: dict[str, list[str]] = {}
    for pair in pairs:
        key, separator, value = pair.partition("=")
        if not separator or key not in KEYS:
            msg = f"--filter takes KEY=VALUE with a key of {', '.join(KEYS)}, not {pair!r}."
            raise ExportError(msg)
        query.setdefault(key, []).append(value)
    filters, problems = from_query(query, found.facets)
    if problems:
        raise ExportError(" ".join(problems).replace("The link", "The filter"))
    return filters
