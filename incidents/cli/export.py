"""`incidents export`: the incidents that a filter gives, as data or as a sheet."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from gazetteer.boundaries import Boundaries
from gazetteer.terminal import opened
from incidents import dataset, export
from incidents.cli.terminal import FAULTY, FINE, UsageError, add_decisions, lay_decisions, open_dataset, tell_rejected
from incidents.filters import KEYS, Filters, from_query
from incidents.frames import FRAMES
from incidents.sheet import Order, draw_sheet, render

if TYPE_CHECKING:
    from incidents.cli.terminal import Commands


def add_to(commands: Commands) -> None:
    """Add the command."""
    write = commands.add_parser("export", help="write the incidents that a filter gives, as data or as a sheet")
    write.add_argument("file", type=Path, nargs="?", help="the dataset; the one that comes with the desk without")
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
    write.add_argument(
        "--out", type=Path, metavar="FILE", help="where to write; a name made of day and filters without"
    )
    write.add_argument(
        "--sidecar",
        action=argparse.BooleanOptionalAction,
        default=True,
        help="beside a CSV, as FILE.json, which filters it answers and what it was made from (the default)",
    )
    add_decisions(write)
    write.set_defaults(command=run)


def run(asked: argparse.Namespace) -> int:
    """Write what the filters give; rows that could not be read are told, and make the exit code 1."""
    gazetteer = opened()
    found = open_dataset(asked.file, gazetteer=gazetteer)
    tell_rejected(found)
    found = lay_decisions(found, asked, gazetteer=gazetteer)
    filters = _filters(asked.filter, found)
    day = asked.as_of or found.known_to or datetime.now(UTC).date()
    boundaries = Boundaries.configured()
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
                found, filters, order=order, boundaries=boundaries, gazetteer=gazetteer, places_from=found.places_from
            )
            content = render(sheet, format=asked.format)
    target = asked.out or Path(export.file_name(found, filters, as_of=day, format=asked.format))
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
            raise UsageError(msg)
        query.setdefault(key, []).append(value)
    filters, problems = from_query(query, found.facets)
    if problems:
        raise UsageError(" ".join(problems).replace("The link", "The filter"))
    return filters
