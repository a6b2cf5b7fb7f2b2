"""`incidents sheet`: the briefing sheet of what a filter or a link gives, or one that was drawn before, again."""

from __future__ import annotations

import argparse
import hashlib
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, get_args

from gazetteer.boundaries import Boundaries
from gazetteer.terminal import day, opened
from incidents import export
from incidents import sheet as sheets
from incidents.cli.asking import add_filters, asked_query, filters_of, overlays_of, preset_in, rule_in
from incidents.cli.terminal import (
    FAULTY,
    FINE,
    UsageError,
    add_decisions,
    lay_decisions,
    moment,
    open_dataset,
    refuse_both,
    refuse_input,
    refuse_overwriting,
    tell,
    tell_rejected,
    write,
)
from incidents.dataset import Dataset
from incidents.errors import ExportError
from incidents.filters import KEYS
from incidents.frames import FRAMES, Frame
from incidents.spillover import PRESETS, Rule
from incidents.statement import statement
from incidents.timeline import Period

if TYPE_CHECKING:
    from incidents.cli.terminal import Commands

_EXAMPLES = """examples:
  incidents sheet --frame sahel --title "Sahel: attacks" --out briefing.pdf
  incidents sheet incidents.csv --frame theatres --page letter-portrait --format png
  incidents sheet --link "http://desk/?group=JNIM&show=links&preset=borderland&rule=open" --out weekly.pdf
  incidents sheet --from briefing.pdf --out again.pdf
"""

_TITLE: Final = "Security incidents"

# What may stand beside `--from`: where the data and the sheet are, and how the command answers.
_WITH_AGAIN: Final = ("again", "file", "format", "out", "no_sidecar", "json", "decisions", "no_decisions")


def add_to(commands: Commands) -> None:
    """Add the command."""
    parser = commands.add_parser(
        "sheet",
        help="draw the briefing sheet, or draw one again from what it says of itself",
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("file", type=Path, nargs="?", help="the dataset; the one that comes with the desk without")
    parser.add_argument("--from", dest="again", type=Path, metavar="FILE", help="draw the sheet of this file again")
    add_filters(parser, from_is_a_file=True)
    parser.add_argument("--filter", action="append", default=[], metavar="KEY=VALUE", help="as in a link of the desk")
    parser.add_argument("--format", choices=get_args(sheets.Format), help="pdf, or what --out ends in")
    parser.add_argument("--page", choices=[key for key in sheets.PAGES if key != "slide"], help="a4-landscape without")
    parser.add_argument(
        "--frame",
        action="append",
        choices=[*FRAMES, "theatres", "all"],
        help="what the map shows, several for several maps; all that is drawn without",
    )
    parser.add_argument("--by", choices=[str(period) for period in Period], help="one map for each period")
    parser.add_argument("--show", action="append", choices=[*sheets.ON_A_SHEET, "none"], help="what is drawn besides")
    parser.add_argument("--preset", choices=[preset.name for preset in PRESETS])
    parser.add_argument("--rule", choices=[str(rule) for rule in Rule])
    parser.add_argument("--no-timeline", action="store_true", help="leave out the timeline under the map")
    parser.add_argument("--title", help=f"{_TITLE!r} without")
    parser.add_argument("--as-of", type=day, help="the day whose knowledge it shows")
    parser.add_argument("--produced-on", type=moment, help="the day, or the moment, it is made; now without")
    for name in ("subtitle", "producer", "organisation", "map-number", "handling", "time-zone", "correction"):
        parser.add_argument(f"--{name}", metavar="TEXT")
    parser.add_argument("--version", dest="issue", type=int, metavar="N", help="1, the first issue, without")
    parser.add_argument("--status", choices=[str(one) for one in sheets.Status], help="New without")
    parser.add_argument("--corrected-on", type=day, metavar="DAY")
    parser.add_argument(
        "--out",
        type=Path,
        metavar="FILE",
        help="where to write, - for standard output; a name made of day and filters without",
    )
    parser.add_argument("--no-sidecar", action="store_true", help="write no FILE.json beside it")
    parser.add_argument("--json", action="store_true", help="say on standard output what was written, as JSON")
    add_decisions(parser)
    parser.set_defaults(command=run, unasked=vars(parser.parse_args([])))  # no option has a default of its own


def run(asked: argparse.Namespace) -> int:
    """Draw a sheet and write it, with its sidecar beside it."""
    refuse_both(asked)
    told = _told(asked)
    gazetteer = opened()
    tell("reading the data")
    found = open_dataset(asked.file, gazetteer=gazetteer)
    tell_rejected(found)
    found = lay_decisions(found, asked, gazetteer=gazetteer)
    form = _format(asked, told)
    if told is None:
        query = _query(asked, found)
        filters = filters_of(query, found)
        order = _order(asked, found, query=query, form=form)
    else:
        filters, order = filters_of(sheets.query_of(told), found), sheets.redrawn_order(told)
    name = order.name or export.file_name(
        found, filters, as_of=order.as_of, format=form, frame=_theatre(order.frames), version=order.imprint.version
    ).removesuffix(f".{form}")
    target = asked.out or Path(f"{name}.{form}")
    refuse_input(target, inputs=(asked.file, asked.decisions))
    if asked.out is None:
        refuse_overwriting(target, number="--version" if told is None else None)
    if told is None:
        order = sheets.named(order, name)
    boundaries = Boundaries.configured()
    if told is not None:
        _expect_same(told, found, statement(found, filters, boundaries=boundaries))
    tell("drawing the sheet")
    try:
        sheet = sheets.draw_sheet(found, filters, order=order, boundaries=boundaries, gazetteer=gazetteer)
    except ExportError as error:
        raise UsageError(str(error)) from error  # the data are fine: what is asked of them is not
    content = sheets.render(sheet, format=form)
    if asked.again and told is not None:
        _prove_same(asked.again, told, content, form=form)
    if sheet.unwritten:
        tell(sheet.unwritten_words)
    code = FAULTY if found.rejected or sheet.unwritten else FINE
    if asked.out == Path("-"):
        write(content, None)
        return code
    write(content, target)
    written = [target]
    if not asked.no_sidecar and target.is_file():
        beside = target.with_name(f"{target.name}.json")
        beside.write_bytes(sheets.beside(sheet, content, name=target.name, format=form))
        written.append(beside)
    if asked.json:
        account = {
            "files": [str(path) for path in written],
            "drawn": len(sheet.drawn),
            "beyond_the_edges": len(sheet.outside),
            "not_mappable": len(sheet.not_mapped),
            "pages": len(sheet.pages),
        }
        print(json.dumps(account))
    else:
        print(*written, sep="\n")
    return code


def _told(asked: argparse.Namespace) -> dict[str, Any] | None:
    """Read the sidecar of a sheet that is to be drawn again; nothing else can be asked of it then."""
    if asked.again is None:
        return None
    ignored = [key for key, value in asked.unasked.items() if key not in _WITH_AGAIN and getattr(asked, key) != value]
    if ignored:
        option = {"issue": "version"}.get(ignored[0], ignored[0].removeprefix("ask_").replace("_", "-"))
        msg = f"--from draws the sheet as it was, so --{option} has nothing to say: leave one of them out."
        raise UsageError(msg)
    return sheets.sidecar_of(asked.again.read_bytes())


def _format(asked: argparse.Namespace, told: dict[str, Any] | None) -> sheets.Format:
    ending = asked.out.suffix.removeprefix(".").lower() if asked.out else ""
    form = str(told.get("format") if told is not None else asked.format or ending or "pdf")
    offered: dict[str, sheets.Format] = {one: one for one in get_args(sheets.Format)}
    if form not in offered:
        msg = f"A sheet is one of {', '.join(offered)}, not {form!r}."
        raise UsageError(msg)
    if told is not None and asked.format not in (None, form):
        msg = f"This sheet is a {form.upper()}; it can be drawn again as one and as nothing else."
        raise UsageError(msg)
    if ending in offered and ending != form:
        msg = f"--out ends in .{ending}, and the sheet is a {form.upper()}."
        raise UsageError(msg)
    return offered[form]


def _query(asked: argparse.Namespace, found: Dataset) -> dict[str, list[str]]:
    """Read the filters and what is asked besides, as the parameters of one link."""
    query = asked_query(asked, found)
    for pair in asked.filter:
        key, separator, value = pair.partition("=")
        if not separator or key not in KEYS:
            msg = f"--filter takes KEY=VALUE with a key of {', '.join(KEYS)}, not {pair!r}."
            raise UsageError(msg)
        query.setdefault(key, []).append(value)
    return query


def _order(asked: argparse.Namespace, found: Dataset, *, query: dict[str, list[str]], form: str) -> sheets.Order:
    """Gather what is asked of the sheet; what the command says goes before what the link says.

    Raises
    ------
    UsageError
        If there can be no such sheet.
    """
    try:
        return _ordered(asked, found, query=query, form=form)
    except ExportError as error:
        raise UsageError(str(error)) from error


def _ordered(asked: argparse.Namespace, found: Dataset, *, query: dict[str, list[str]], form: str) -> sheets.Order:
    if form == "pptx" and asked.page:
        msg = f"A slide is 16:9 and has no page {asked.page!r}: leave --page out."
        raise UsageError(msg)
    told = {key: [getattr(asked, key)] for key in ("preset", "rule") if getattr(asked, key)}
    query = {**query, **told, **({"show": asked.show} if asked.show else {})}
    imprint = sheets.Imprint(
        subtitle=asked.subtitle,
        producer=asked.producer,
        organisation=asked.organisation,
        map_number=asked.map_number,
        version=1 if asked.issue is None else asked.issue,
        status=sheets.Status(asked.status or sheets.Status.NEW),
        correction=asked.correction,
        corrected_on=asked.corrected_on,
        handling=asked.handling,
        time_zone=asked.time_zone,
    )
    return sheets.Order(
        title=_TITLE if asked.title is None else asked.title,
        as_of=asked.as_of or found.known_to or datetime.now(UTC).date(),
        produced_on=asked.produced_on or datetime.now(UTC).replace(second=0, microsecond=0),
        frames=tuple(frame for key in dict.fromkeys(asked.frame or ()) for frame in sheets.frames_of(key)),
        page="slide" if form == "pptx" else asked.page or "a4-landscape",
        by=Period(asked.by) if asked.by else None,
        overlays=tuple(key for key in sheets.ON_A_SHEET if key in overlays_of(query)),
        strip=not asked.no_timeline,
        imprint=imprint,
        preset=preset_in(query),
        rule=str(rule_in(query)),
    )


def _theatre(frames: tuple[Frame, ...]) -> Frame | None:
    """The frame that names the file: the only one."""
    return frames[0] if len(frames) == 1 else None


def _expect_same(told: dict[str, Any], found: Dataset, now: dict[str, Any]) -> None:
    """Refuse to draw again what would be drawn otherwise, and say what has changed."""
    changed = sheets.changes(told, {"statement": now, "drawn_with": sheets.drawn_with()})
    if not changed:
        return
    msg = f"The sheet cannot be drawn the same again. Changed since: {'; '.join(changed)}."
    before = told["statement"].get("name")
    if before not in (None, found.name):
        msg += f" It was drawn from {before}, and this is {found.name}: name the file to draw it from."
    raise ExportError(msg)


def _prove_same(path: Path, told: dict[str, Any], content: bytes, *, form: str) -> None:
    """Compare with the file itself, or with the hash that the sidecar beside it keeps."""
    before = path.read_bytes()
    kept = told.get("file", {}).get("sha256") if before.lstrip()[:1] == b"{" else hashlib.sha256(before).hexdigest()
    if kept and kept != hashlib.sha256(content).hexdigest():
        msg = (
            f"No input of {path.name} has changed, and yet it is drawn otherwise: the {form.upper()} was saved again "
            "by another program, or this machine's libraries differ."
        )
        raise ExportError(msg)
    tell("the same bytes as before" if kept else "drawn again; the sidecar keeps no hash to compare with")
