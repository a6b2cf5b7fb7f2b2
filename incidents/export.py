"""Exports: the shown incidents as CSV and GeoJSON, exactly what the filters give, and the name of every file."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
import unicodedata
from collections.abc import Mapping
from datetime import date
from typing import Any, Final, Literal, get_args

import numpy as np
import pandas as pd
import shapely
from shapely.geometry import mapping
from shapely.geometry.base import BaseGeometry

from gazetteer.boundaries import Boundaries
from incidents.dataset import Dataset
from incidents.errors import ExportError
from incidents.filters import UNATTRIBUTED, Filters, apply
from incidents.formulas import defused
from incidents.frames import Frame
from incidents.geocode import records
from incidents.schema import COLUMNS, DTYPES
from incidents.statement import statement

Format = Literal["csv", "csv.json", "geojson", "pdf", "png", "svg", "pptx"]

#: The media type of each format.
MEDIA_TYPES: Final[Mapping[str, str]] = {
    "csv": "text/csv; charset=utf-8",
    "csv.json": "application/json",
    "geojson": "application/geo+json",
    "pdf": "application/pdf",
    "png": "image/png",
    "svg": "image/svg+xml",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
}

# A hand's breadth on the ground, finer than any place here.
_DECIMALS: Final = 6

# A name of a file stays shorter than every file system's limit, whatever the filters are called.
_SUBJECT_LENGTH: Final = 60


def to_csv(dataset: Dataset, filters: Filters, *, ordered: bool = True) -> bytes:
    """Write the shown incidents as CSV in the columns of a dataset: `readers.read_table` reads them back.

    UTF-8 with a byte order mark, without which Excel takes é and ع for something else. A null is an empty
    cell. Text that a spreadsheet would run has an apostrophe before it (`formulas.defused`), which our reader
    takes away; numbers, negative ones too, are as they are. A CSV has no room to say which filters it answers and
    what it was made from: `to_sidecar` writes that beside it.

    Parameters
    ----------
    ordered
        In date order, as everything that shows incidents; else in the order of the dataset's file.
    """
    shown = apply(dataset.incidents, filters)
    target = io.StringIO()
    writer = csv.writer(target, lineterminator="\n")
    writer.writerow(COLUMNS)
    for incident in records(shown if ordered else shown.sort_index()):
        writer.writerow(_cell(column, incident[column]) for column in COLUMNS)
    return target.getvalue().encode("utf-8-sig")


def to_geojson(dataset: Dataset, filters: Filters, *, boundaries: Boundaries, places_from: str | None = None) -> bytes:
    """Write the shown incidents as GeoJSON (RFC 7946): what is drawn of each, or a null geometry.

    The columns of a dataset are the properties, beside `place_verdict` and `place_reason`; null is null. The
    collection says besides which filters it answers, how many incidents of how many it holds, which of them
    cannot be mapped and why, from which data, borders and places it was made, and which rows of the data's file
    could not be read.

    Parameters
    ----------
    places_from
        The citation of the gazetteer that placed the incidents.
    """
    shown = apply(dataset.incidents, filters)
    collection = {
        "type": "FeatureCollection",
        **statement(dataset, filters, boundaries=boundaries, places_from=places_from),
    }
    if not shown.geometry.isna().all():
        collection["bbox"] = [round(float(value), _DECIMALS) for value in shown.geometry.total_bounds]
    head = _json(collection).removesuffix("}")
    features = ",\n".join(_json(_feature(incident)) for incident in records(shown))
    return f'{head}, "features": [\n{features}\n]}}\n'.encode()


def to_sidecar(
    dataset: Dataset,
    filters: Filters,
    *,
    content: bytes,
    name: str,
    boundaries: Boundaries,
    places_from: str | None = None,
) -> bytes:
    """Write what stands beside a CSV of the shown incidents, as JSON: the same statement that the GeoJSON carries.

    Parameters
    ----------
    content
        The CSV (`to_csv`); its hash ties the two files together.
    name
        What the CSV is called, without a folder.
    places_from
        The citation of the gazetteer that placed the incidents.
    """
    told = {
        "file": {"name": name, "sha256": hashlib.sha256(content).hexdigest()},
        **statement(dataset, filters, boundaries=boundaries, places_from=places_from),
    }
    return f"{json.dumps(told, ensure_ascii=False, allow_nan=False, indent=2)}\n".encode()


def file_name(
    dataset: Dataset,
    filters: Filters,
    *,
    as_of: date,
    format: Format,  # noqa: A002  the word of matplotlib and pandas
    frame: Frame | None = None,
    version: int = 1,
) -> str:
    """Name an export as relief agencies do: day, theatre, subject and version.

    The theatre is the frame's; without a frame it is the countries that are asked for, or `all`. The subject
    is the groups that are asked for, or `incidents`; where more is asked, `selection` says so.

    Raises
    ------
    ExportError
        If there is no such format.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> dataset = SimpleNamespace(facets=SimpleNamespace(countries={"TG": "Togo"}))
    >>> file_name(dataset, Filters(families=("JNIM",)), as_of=date(2021, 11, 19), format="csv")
    '20211119_all_jnim_v01.csv'
    """
    if format not in get_args(Format):
        msg = f"There is no export as {format!r}; choose one of {', '.join(get_args(Format))}."
        raise ExportError(msg)
    countries = [dataset.facets.countries.get(code, code) for code in filters.countries]
    theatre = frame.key if frame else _slug(countries) or "all"
    groups = _slug(filters.families)
    subject = groups or "incidents"
    more = any(
        (
            filters.families and not groups,
            filters.date_from,
            filters.date_to,
            filters.event_types,
            filters.attributions,
            filters.coarsest,
            filters.text.strip(),
            filters.impossible,
            frame and filters.countries,
        )
    )
    ending = "-selection" if more else ""
    return f"{as_of:%Y%m%d}_{theatre}_{subject}{ending}_v{version:02d}.{format}"


def _slug(names: tuple[str, ...] | list[str]) -> str:
    """Letters, digits and hyphens that every file system takes; empty if a name has none of them."""
    words = ("unattributed" if name == UNATTRIBUTED else name for name in names)
    plain = unicodedata.normalize("NFKD", " ".join(words)).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:_SUBJECT_LENGTH].rstrip("-")


def _json(value: Mapping[str, Any]) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False)


def _cell(column: str, value: Any) -> str:
    if value is None:
        return ""
    match DTYPES[column]:
        case "str":
            return defused(value)
        case "Float64":
            return repr(float(value)).removesuffix(".0")
        case _:
            return str(_plain(value))


def _plain(value: Any) -> Any:
    """A value as JSON has it; a day is its ISO date."""
    if isinstance(value, pd.Timestamp):
        return value.date().isoformat()
    if isinstance(value, np.generic):
        return value.item()
    return value


def _feature(incident: Mapping[str, Any]) -> dict[str, Any]:
    geometry = incident["geometry"]
    properties = (*COLUMNS, "place_verdict", "place_reason")
    return {
        "type": "Feature",
        "id": incident["incident_id"],
        "geometry": None if geometry is None else mapping(_as_rfc_7946(geometry)),
        "properties": {column: _plain(incident[column]) for column in properties},
    }


def _as_rfc_7946(geometry: BaseGeometry) -> BaseGeometry:
    """Coordinates no longer than they need be, and outlines against the clock."""
    rounded = shapely.transform(geometry, lambda points: np.round(points, _DECIMALS))
    return shapely.orient_polygons(rounded)
