"""`incidents export`: the incidents that a filter or a desk's link gives, in any format of data, map or citation."""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from gazetteer.boundaries import Boundaries
from gazetteer.terminal import day, opened
from incidents import export
from incidents.cli.asking import add_filters, asked_query, filters_of, overlays_of, preset_in, rule_in
from incidents.cli.terminal import (
    FAULTY,
    FINE,
    UsageError,
    add_decisions,
    lay_decisions,
    open_dataset,
    refuse_both,
    refuse_input,
    refuse_overwriting,
    tell,
    tell_rejected,
    write,
)
from incidents.dataset import Dataset
from incidents.filters import Filters, apply
from incidents.spillover import find, overlay_statements
from incidents.statement import Overlay, statement

if TYPE_CHECKING:
    from incidents.cli.terminal import Commands

_EXAMPLES: Final = """examples:
  incidents export --format xlsx --group JNIM --from 2021-11-01 --out jnim.xlsx
  incidents export my-incidents.csv --format html --country BF --country TG
  incidents export --format gpkg --link 'http://desk.example/?group=JNIM&from=2021-11-01' --json
  incidents export --format csv --hxl --out - > shown.csv
"""


def add_to(commands: Commands) -> None:
    """Add the command."""
    parser = commands.add_parser(
        "export",
        help="write the incidents that a filter gives",
        description="Write exactly the incidents that the filters give, in date order; the file says so inside.",
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("file", type=Path, nargs="?", help="the dataset; the one that comes with the desk without")
    parser.add_argument("--format", choices=export.WRITTEN, required=True)
    parser.add_argument("--out", type=Path, metavar="FILE", help="where to write, - for standard output; without, "
                        "a name made of day, theatre, subject and version")  # fmt: skip
    add_filters(parser)
    add_decisions(parser)
    parser.add_argument("--hxl", action="store_true", help=f"with a row of HXL tags: {', '.join(export.TAGGED)}")
    parser.add_argument("--as-of", type=day, metavar="DAY", help="the day in the file's name; the last "
                        "day of which the data knows without")  # fmt: skip
    parser.add_argument("--number", type=int, default=1, metavar="N", help="the version in the file's name; 1 without")
    parser.add_argument(
        "--sidecar",
        action=argparse.BooleanOptionalAction,
        default=True,
        help="beside a CSV, as FILE.json, which filters it answers and what it was made from (the default)",
    )
    parser.add_argument("--json", action="store_true", help="print what was written, with its statement, as JSON")
    parser.set_defaults(command=run)


def run(asked: argparse.Namespace) -> int:
    """Write what the filters give; rows that could not be read are told, and make the exit code 1."""
    if asked.hxl and asked.format not in export.TAGGED:
        msg = f"--hxl is a row of a table: {' and '.join(export.TAGGED)} have room for it, {asked.format} has not."
        raise UsageError(msg)
    refuse_both(asked)
    to_terminal = asked.out == Path("-")
    if asked.out is not None:
        _expect_ending(asked.out, asked.format)
        refuse_input(asked.out, inputs=(asked.file, asked.decisions))
    _step("Locating the incidents")
    gazetteer = opened()
    found = open_dataset(asked.file, gazetteer=gazetteer)
    tell_rejected(found)
    found = lay_decisions(found, asked, gazetteer=gazetteer)
    query = asked_query(asked, found)
    filters = filters_of(query, found)
    last_day = asked.as_of or found.known_to or datetime.now(UTC).date()
    target = asked.out
    if target is None:
        target = Path(export.file_name(found, filters, as_of=last_day, format=asked.format, version=asked.number))
        refuse_overwriting(target, number="--number")
    boundaries = Boundaries.configured()
    made_from: dict[str, Any] = {"boundaries": boundaries}
    if asked.link:
        made_from["overlays"] = _overlays(query, found, filters, boundaries)
    _step(f"Writing {asked.format}")
    content = export.write(found, filters, format=asked.format, hxl=asked.hxl, **made_from)
    code = FAULTY if found.rejected else FINE
    if to_terminal:
        write(content, None)
        return code
    write(content, target)
    written = [target]
    if asked.format == "csv" and asked.sidecar and target.is_file():  # nothing stands beside a pipe
        beside = target.with_name(f"{target.name}.json")
        beside.write_bytes(export.to_sidecar(found, filters, content=content, name=target.name, **made_from))
        written.append(beside)
    if asked.json:
        account: dict[str, Any] = {
            "files": [str(path) for path in written],
            "format": asked.format,
            "bytes": len(content),
            "sha256": hashlib.sha256(content).hexdigest(),
            **statement(found, filters, **made_from),
        }
        print(json.dumps(account, ensure_ascii=False, indent=2))
    else:
        for path in written:
            print(path)
    return code


def _expect_ending(target: Path, form: str) -> None:
    """Refuse to write one format under the name of another: a CSV that is called .xlsx opens nowhere."""
    ending = target.suffix.removeprefix(".").lower()
    if ending in export.WRITTEN and ending != form:
        msg = f"--out ends in .{ending}, and the file is {form}."
        raise UsageError(msg)


def _overlays(
    query: Mapping[str, Sequence[str]], found: Dataset, filters: Filters, boundaries: Boundaries
) -> tuple[Overlay, ...]:
    """Give in words what the desk of the link draws besides the incidents."""
    on, preset, rule = overlays_of(query), preset_in(query), rule_in(query)
    shown = apply(found.incidents, filters)
    return overlay_statements(
        find(shown, whole=found.incidents, asked=on, preset=preset, rule=rule, boundaries=boundaries), in_full=True
    )


def _step(words: str) -> None:
    """Tell a waiting person what is being done; a scheduled run has nobody to tell."""
    if sys.stderr.isatty():
        tell(f"{words} …")
