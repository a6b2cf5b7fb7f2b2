"""The sidecar: what a sheet shows and was made from, as JSON, by which it can be drawn again."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

import gazetteer
import incidents
from incidents.errors import ExportError
from incidents.sheet.briefing import Sheet
from incidents.sheet.order import Order
from incidents.sheet.paper import DPI, PAGES

#: What a sidecar says it is; a later form has another number.
FORM: Final = "incident-desk sheet 2"

# What draws: another release may set a line elsewhere, and the bytes differ.
_DRAWN_WITH: Final = ("fonttools", "matplotlib", "numpy", "pillow", "pypdf", "pyproj", "python-pptx", "shapely")

# Each input that a redrawn sheet depends on, as a reader calls it.
_INPUTS: Final = {
    "dataset_sha256": "the data",
    "sources_sha256": "the list of sources",
    "decisions": "the editors' decisions",
    "borders_sha256": "the boundaries",
    "places_sha256": "the gazetteer",
    "made_with": "this program",
}


def sidecar(sheet: Sheet, *, format: str) -> dict[str, Any]:  # noqa: A002  the word of matplotlib and pandas
    """Say what a sheet shows and was made from, under the keys of MapAction's map metadata and some of our own.

    What nobody stated is None. `order` and `statement` are what `redrawn_order` and `changes` read.
    """
    order, told, imprint = sheet.order, sheet.statement, sheet.order.imprint
    page = PAGES[order.page]
    moment = order.produced_on
    west, south, east, north = zip(*sheet.frames, strict=True)
    name = order.name
    return {
        "form": FORM,
        "format": format,
        "product-type": "briefing sheet",
        "title": sheet.title,
        "summary": imprint.subtitle,
        "mapNumber": imprint.map_number,
        "versionNumber": imprint.version,
        "status": str(imprint.status),
        "ref": name,
        "pdffilename": f"{name}.pdf" if name and format == "pdf" else None,
        "jpgfilename": None,
        "operationID": None,
        "glideno": None,
        "sourceorg": imprint.organisation,
        "producer": imprint.producer,
        "language": "en",
        "countries": list(sheet.countries),
        "location": [frame.title for frame in order.frames],
        "theme": list(sheet.event_types),
        "themes": list(sheet.event_types),
        "createdate": moment.date().isoformat() if isinstance(moment, datetime) else moment.isoformat(),
        "createtime": moment.timetz().isoformat() if isinstance(moment, datetime) else None,
        "time_zone": imprint.time_zone,
        "situational_data_date": order.as_of.isoformat(),
        "xmin": min(west),
        "ymin": min(south),
        "xmax": max(east),
        "ymax": max(north),
        "proj": list(sheet.projections),
        "datum": "WGS 84",
        "scale": list(sheet.scales),
        "papersize": page.words,
        "sizes": [round(page.width_mm, 1), round(page.height_mm, 1)],
        "dpi": DPI,
        "imagerydate": None,
        "datasource": sheet.told.sources(", ".join(sheet.told.publishers)),
        "qclevel": "Automatically generated",
        "qcname": None,
        "access": imprint.handling,
        "accessnotes": imprint.disclaimer,
        "order": order.to_dict(),
        "statement": dict(told),
        "drawn": list(sheet.drawn),
        "not_drawn": [
            *({"incident_id": one, "reason": sheet.why_outside} for one in sheet.outside),
            *told["not_mappable"],
        ],
        "drawn_with": drawn_with(),
    }


# What is read as code is: families that links rest on, and what is said of borders.
_TABLES: Final = ("families.csv", "border-notes.csv")


def drawn_with() -> dict[str, str]:
    """Give the code and the releases that draw here, of which another would draw other bytes."""
    return {"incident-desk code": code_sha256(), **{package: version(package) for package in _DRAWN_WITH}}


@lru_cache(maxsize=1)
def code_sha256() -> str:
    """Hash this program's own code and tables: between two releases they change, and sheets with them."""
    digest = hashlib.sha256()
    for package in (incidents, gazetteer):
        folder = Path(str(package.__file__)).parent
        own = [path for path in folder.rglob("*.*") if path.suffix == ".py" or path.name in _TABLES]
        for path in sorted(own, key=lambda path: path.relative_to(folder).as_posix()):
            digest.update(f"{package.__name__}/{path.relative_to(folder).as_posix()}\0".encode() + path.read_bytes())
    return digest.hexdigest()


def to_json(told: Mapping[str, Any], *, indent: int | None = None) -> str:
    """Write a sidecar in ASCII, which every format can hold."""
    return json.dumps(told, allow_nan=False, indent=indent)


def from_json(text: str | bytes) -> dict[str, Any]:
    """Read a sidecar.

    Raises
    ------
    ExportError
        If it is none, or of a form that this release does not read.
    """
    try:
        told = json.loads(text)
    except (ValueError, RecursionError) as error:
        msg = "This is no sheet, and no sidecar of one: it is not JSON."
        raise ExportError(msg) from error
    if not isinstance(told, dict) or told.get("form") != FORM:
        raise ExportError(_other_words(told))
    for key in ("order", "statement", "drawn_with"):
        if not isinstance(told.get(key), dict):
            msg = f"This sidecar of a sheet is damaged: it lacks {key!r}."
            raise ExportError(msg)
    if not isinstance(told["statement"].get("provenance"), dict):
        msg = "This sidecar of a sheet is damaged: it does not say what the sheet was made from."
        raise ExportError(msg)
    return told


def _other_words(told: object) -> str:
    """Say what JSON is that is no sidecar which this release reads."""
    found = told if isinstance(told, dict) else {}
    form, ending = found.get("form"), "The sidecar of a sheet ends in .pdf.json, .png.json, .svg.json or .pptx.json."
    if isinstance(form, str) and form.startswith(FORM.rstrip("0123456789")):
        return f"This sidecar is of the form {form[:40]!r}; this release reads {FORM!r}."
    if {"file", "filters", "provenance"} <= found.keys():
        return f"This is the statement of a table, such as a CSV. {ending}"
    return f"This JSON is no sidecar of a sheet. {ending}"


def redrawn_order(told: Mapping[str, Any]) -> Order:
    """Give what was asked of the sheet.

    Raises
    ------
    ExportError
        If that cannot be read.
    """
    return Order.from_dict(told["order"])


def query_of(told: Mapping[str, Any]) -> dict[str, list[str]]:
    """Give the filters of the sheet, as the parameters of a link.

    Raises
    ------
    ExportError
        If that cannot be read.
    """
    try:
        query = told["statement"]["filters"]["query"]
        return {str(key): [str(value) for value in values] for key, values in query.items()}
    except (AttributeError, KeyError, TypeError) as error:
        msg = "This sidecar of a sheet is damaged: its filters cannot be read."
        raise ExportError(msg) from error


def changes(told: Mapping[str, Any], now: Mapping[str, Any]) -> tuple[str, ...]:
    """Name each input that is another than when the sheet was drawn; none if it can be drawn the same.

    Parameters
    ----------
    told
        The sidecar.
    now
        Under the same keys `statement` and `drawn_with`, what a sheet would be drawn from and with now.
    """
    before, after = (dict(one["statement"].get("provenance", {})) for one in (told, now))
    found = []
    for key, words in _INPUTS.items():
        then, today = before.get(key), after.get(key)
        if then != today:
            found.append(f"{words} ({_short(then)} then, {_short(today)} now)")
    libraries = dict(told["drawn_with"])
    for package, today in now["drawn_with"].items():
        if libraries.get(package) != today:
            found.append(f"{package} ({_short(libraries.get(package))} then, {_short(today)} now)")
    return tuple(found)


def _short(value: object) -> str:
    if value is None:
        return "none"
    if isinstance(value, Mapping):
        value = value.get("sha256") or "none"
    text = str(value)
    return f"SHA-256 {text[:12]}" if len(text) == 64 else text
