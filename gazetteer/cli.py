"""The command line: look names up, build the world's index, install country packs, serve reconciliation."""

from __future__ import annotations

import argparse
import csv
import json
import sys
from collections.abc import Sequence
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import Any, Final

from gazetteer import installed
from gazetteer.index import Gazetteer
from gazetteer.layer import Layer
from gazetteer.place import Candidate, GazetteerError, Match, MissingDataError, UnknownCountryError
from gazetteer.record import resolve_record
from gazetteer.resolve import resolve
from gazetteer.terminal import built, day, opened, progress_bar, share_of

#: Exit codes: every name is found; a name is unknown or ambiguous; wrong use; a file cannot be read.
FINE: Final = 0
DOUBTFUL: Final = 1
WRONG_USE: Final = 2
UNREADABLE: Final = 3

_EXAMPLES: Final = """examples:
  gazetteer lookup Kompienga --country BF
  gazetteer lookup "western Kabul" --json
  gazetteer lookup --file names.csv --json > answers.jsonl
  gazetteer install whosonfirst whosonfirst-data-admin-bf.tar.xz
  gazetteer install geonames BF.zip
  gazetteer export --layer curated --country BF --output places.json
  gazetteer install linkedplaces places.json
  gazetteer check draft.docx --house style.toml --json
  gazetteer list
  gazetteer serve --port 8520
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; give its exit code."""
    asked = _parser().parse_args(arguments)
    try:
        return int(asked.command(asked))
    except (MissingDataError, OSError) as error:
        print(error, file=sys.stderr)
        return UNREADABLE
    except UnknownCountryError as error:
        print(f"{error}: give an ISO 3166-1 code such as BF, or a name", file=sys.stderr)
        return WRONG_USE
    except GazetteerError as error:
        print(error, file=sys.stderr)
        return UNREADABLE


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="gazetteer",
        description="From a written place name to a place, with a verdict, an uncertainty radius and the reason.",
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    lookup = commands.add_parser("lookup", help="give the verdict on a name, or on every name of a file")
    lookup.add_argument("name", nargs="?", help="as a source writes it")
    lookup.add_argument("--file", type=Path, help="a CSV: name (or location), and country, admin1, admin2 if known")
    lookup.add_argument("--country", help="ISO 3166-1 code or name")
    lookup.add_argument("--admin1", help="the first-level division that holds it")
    lookup.add_argument("--admin2", help="the second-level division that holds it")
    lookup.add_argument("--on", type=day, help="the day for which the name is asked, such as 2021-11-14")
    lookup.add_argument("--class", dest="feature_class", choices=list("APSLHTRUV"), help="GeoNames feature class")
    lookup.add_argument("--limit", type=int, default=10, help="candidates at most (10)")
    lookup.add_argument("--json", action="store_true", help="one JSON object a name")
    lookup.set_defaults(command=_lookup)

    build = commands.add_parser("build", help="build the index of the world, once on a machine")
    build.set_defaults(command=_build)

    install = commands.add_parser("install", help="install a country pack")
    install.add_argument("source", choices=["whosonfirst", "geonames", "linkedplaces"])
    install.add_argument(
        "path",
        type=Path,
        help="a whosonfirst-data-admin folder or archive, a GeoNames dump, or a Linked Places document",
    )
    install.set_defaults(command=_install)

    export = commands.add_parser("export", help="write places as a Linked Places document")
    export.add_argument("--layer", help="of this layer only, as `gazetteer list` names it")
    export.add_argument("--country", help="of this country only, by code or name")
    export.add_argument("--class", dest="feature_class", choices=list("APSLHTRUV"), help="of this GeoNames class only")
    export.add_argument("--id", action="append", default=[], dest="ids", help="this place only; may be repeated")
    export.add_argument("--on", type=day, help="the day for which places without dates are told to exist")
    export.add_argument("--outlines", action="store_true", help="outlines in place of points, where they are known")
    export.add_argument("--output", type=Path, help="a file; else standard output")
    export.set_defaults(command=_export)

    check = commands.add_parser("check", help="check the place names of drafts")
    check.add_argument("paths", type=Path, nargs="+", metavar="PATH", help="a .txt, .md, .docx, .pdf or .html")
    check.add_argument("--house", type=Path, help="the house style, as TOML")
    check.add_argument("--on", type=day, help="the day of the draft, such as 2021-11-19")
    check.add_argument(
        "--least", choices=["note", "warning", "error"], default="note", help="leave out what matters less"
    )
    check.add_argument("--json", action="store_true", help="print a list of findings; for one draft")
    check.set_defaults(command=_check)

    listing = commands.add_parser("list", help="list the layers that are installed")
    listing.add_argument("--json", action="store_true")
    listing.set_defaults(command=_list)

    remove = commands.add_parser("remove", help="remove a country pack")
    remove.add_argument("name", help="as `gazetteer list` gives it")
    remove.set_defaults(command=_remove)

    serve = commands.add_parser("serve", help="answer OpenRefine's reconciliation requests")
    serve.add_argument("--host", default="127.0.0.1")
    serve.add_argument("--port", type=int, default=8520, help="8520 without")
    serve.set_defaults(command=_serve)
    return parser


def _lookup(asked: argparse.Namespace) -> int:
    if (asked.name is None) == (asked.file is None):
        print("give a name, or --file with a CSV of names", file=sys.stderr)
        return WRONG_USE
    gazetteer = opened()
    if asked.file is None:
        context = {"country": asked.country, "admin1": asked.admin1, "admin2": asked.admin2, "on": asked.on}
        match = resolve(asked.name, gazetteer=gazetteer, feature_class=asked.feature_class, **context)
        _print(match, asked)
        return FINE if match.answered else DOUBTFUL
    rows = _rows(asked.file)
    doubtful = 0
    with progress_bar("Looking up", len(rows)) as step:
        for row in rows:
            match = _of_row(row, asked, gazetteer)
            doubtful += not match.answered
            _print(match, asked)
            step(1)
    print(f"{len(rows)} names, {doubtful} of them unknown or ambiguous", file=sys.stderr)
    return DOUBTFUL if doubtful else FINE


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as lines:
        rows = [
            {(key or "").strip().lower(): (cell or "").strip() for key, cell in row.items() if key}
            for row in csv.DictReader(lines)
        ]
    if not rows or not {"name", "location"} & rows[0].keys():
        message = f"{path.name} has no column `name` or `location`, or no row"
        raise MissingDataError(message)
    return rows


def _of_row(row: dict[str, str], asked: argparse.Namespace, gazetteer: Gazetteer) -> Match:
    return resolve_record(
        row.get("name") or row.get("location", ""),
        gazetteer=gazetteer,
        country=row.get("country") or asked.country,
        admin1=row.get("admin1") or asked.admin1,
        admin2=row.get("admin2") or asked.admin2,
        on=date.fromisoformat(row["on"]) if row.get("on") else asked.on,
    )


def _print(match: Match, asked: argparse.Namespace) -> None:
    if asked.json:
        print(json.dumps(as_json(match, limit=asked.limit), ensure_ascii=False))
        return
    print(match.explain())


def as_json(match: Match, *, limit: int = 10) -> dict[str, Any]:
    """Give a match as the object that `gazetteer lookup --json` prints: candidates best first, the answer on top."""
    return {
        "query": match.query,
        "verdict": str(match.verdict),
        "reason": match.reason,
        "conflict": match.conflict,
        "uncertainty_km": _rounded(match.stated_radius_km if match.uncertainty_km is None else match.uncertainty_km),
        "geo_precision": str(match.geo_precision),
        "ucdp_where_prec": match.ucdp_where_prec,
        "acled_geo_precision": match.acled_geo_precision,
        "coordinateUncertaintyInMeters": match.coordinate_uncertainty_m,
        "candidates": [_candidate(candidate) for candidate in match.ranked[:limit]],
    }


def _rounded(radius_km: float | None) -> float | None:
    return None if radius_km is None else round(radius_km, 1)


def _candidate(candidate: Candidate) -> dict[str, Any]:
    place = candidate.place
    return {
        "name": place.name,
        "matched_name": candidate.name,
        "country_code": place.country_code,
        "admin1": place.admin1,
        "admin2": place.admin2,
        "feature_class": place.feature_class,
        "feature_code": place.feature_code,
        "longitude": place.longitude,
        "latitude": place.latitude,
        "uncertainty_km": place.uncertainty_km,
        "score": candidate.score,
        "place_id": place.place_id,
        "geonames_id": place.geonames_id,
        "wof_id": place.wof_id,
        "wikidata_id": place.wikidata_id,
        "layer": place.layer,
    }


def _build(_: argparse.Namespace) -> int:
    made = built()
    print("The index of the world is built." if made else "The index of the world is there already.", file=sys.stderr)
    return FINE


def _install(asked: argparse.Namespace) -> int:
    from gazetteer import packs

    with progress_bar(f"Reading {asked.path.name}", 100) as step:
        pack = packs.read(asked.source, asked.path, progress=share_of(step))
    for line in pack.faults:
        print(line, file=sys.stderr)
    with progress_bar(f"Installing {pack.about.name}", 100) as step:
        path = installed.install(pack.about, pack.records, expected=pack.expected, progress=share_of(step))
    with closing(Layer.open(path)) as layer:
        print(f"{pack.about.name}: {len(layer):,} places, edition {pack.about.edition or 'unknown'}", file=sys.stderr)
    return FINE if pack.is_whole else DOUBTFUL


def _export(asked: argparse.Namespace) -> int:
    from gazetteer.exchange import to_linked_places

    gazetteer = opened()
    country = gazetteer.country_code(asked.country) if asked.country else None
    if asked.ids:
        places = [gazetteer.place(place_id) for place_id in asked.ids]
    else:
        places = [place for layer in gazetteer.layers if asked.layer in (None, layer.about.name) for place in layer]
    chosen = [
        place
        for place in places
        if country in (None, place.country_code) and asked.feature_class in (None, place.feature_class)
    ]
    document = to_linked_places(chosen, gazetteer=gazetteer, on=asked.on, outlines=asked.outlines)
    text = json.dumps(document, ensure_ascii=False, indent=1) + "\n"
    if asked.output is None:
        print(text, end="")
    else:
        asked.output.write_text(text, encoding="utf-8")
        print(f"{len(chosen):,} places in {asked.output}", file=sys.stderr)
    return FINE


def _check(asked: argparse.Namespace) -> int:
    from gazetteer.check import Severity
    from gazetteer.check.command import main_check

    if asked.json and len(asked.paths) > 1:
        print("--json is for one draft: its list of findings does not say of which", file=sys.stderr)
        return WRONG_USE
    gazetteer = opened()
    codes = []
    for path in asked.paths:
        with progress_bar(f"Checking {path.name}", 100) as step:
            code = main_check(
                path,
                asked.house,
                as_json=asked.json,
                gazetteer=gazetteer,
                on=asked.on,
                least=Severity(asked.least),
                progress=share_of(step),
            )
        codes.append(code)
    return max(codes)


def _list(asked: argparse.Namespace) -> int:
    layers = opened().layers
    if asked.json:
        rows = [
            {"name": one.about.name, "title": one.about.title, "edition": one.about.edition, "places": len(one)}
            for one in layers
        ]
        print(json.dumps(rows, ensure_ascii=False, indent=2))
        return FINE
    for one in layers:
        print(
            f"{one.about.name:<24}{len(one):>10,} places  {one.about.title}  {one.about.edition}  [{one.about.licence}]"
        )
    return FINE


def _remove(asked: argparse.Namespace) -> int:
    installed.remove(asked.name)
    print(f"{asked.name} is removed.", file=sys.stderr)
    return FINE


def _serve(asked: argparse.Namespace) -> int:
    from gazetteer.reconcile import serve

    gazetteer = opened()
    print(f"Reconciliation service at http://{asked.host}:{asked.port}/ (stop with Ctrl+C)", file=sys.stderr)
    serve(gazetteer, host=asked.host, port=asked.port)
    return FINE
