"""Formats and names of files: what each format is to whoever takes it, and the name of every file."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from datetime import date
from typing import Final, Literal, get_args

from incidents.dataset import Dataset
from incidents.errors import ExportError
from incidents.filters import UNATTRIBUTED, Filters
from incidents.frames import Frame

Format = Literal[
    "csv",
    "csv.json",
    "xlsx",
    "geojson",
    "gpkg",
    "parquet",
    "kml",
    "html",
    "txt",
    "bib",
    "csl.json",
    "pdf",
    "png",
    "svg",
    "pptx",
]

#: The media type of each format.
MEDIA_TYPES: Final[Mapping[str, str]] = {
    "csv": "text/csv; charset=utf-8",
    "csv.json": "application/json",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "geojson": "application/geo+json",
    "gpkg": "application/geopackage+sqlite3",
    "parquet": "application/vnd.apache.parquet",
    "kml": "application/vnd.google-earth.kml+xml",
    "html": "text/html; charset=utf-8",
    "txt": "text/plain; charset=utf-8",
    "bib": "application/x-bibtex; charset=utf-8",
    "csl.json": "application/vnd.citationstyles.csl+json",
    "pdf": "application/pdf",
    "png": "image/png",
    "svg": "image/svg+xml",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
}

# A name of a file stays shorter than every file system's limit, whatever the filters are called.
_SUBJECT_LENGTH: Final = 60


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
    is the groups that are asked for, or `incidents`, with the days that are asked for; where more is asked,
    `selection` says so.

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
    >>> november = Filters(date_from=date(2021, 11, 1), date_to=date(2021, 11, 14))
    >>> file_name(dataset, november, as_of=date(2021, 11, 19), format="csv")
    '20211119_all_incidents-20211101-20211114_v01.csv'
    """
    if format not in get_args(Format):
        msg = f"There is no export as {format!r}; choose one of {', '.join(get_args(Format))}."
        raise ExportError(msg)
    countries = [dataset.facets.countries.get(code, code) for code in filters.countries]
    theatre = frame.key if frame else _slug(countries) or "all"
    groups = _slug(filters.families)
    more = any(
        (
            filters.families and not groups,
            filters.event_types,
            filters.attributions,
            filters.coarsest,
            filters.text.strip(),
            filters.impossible,
            frame and filters.countries,
        )
    )
    subject = "-".join(filter(None, (groups or "incidents", _days(filters), "selection" if more else "")))
    return f"{as_of:%Y%m%d}_{theatre}_{subject}_v{version:02d}.{format}"


def _days(filters: Filters) -> str:
    """The days that are asked for, empty for all."""
    match filters.date_from, filters.date_to:
        case None, None:
            return ""
        case first, None:
            return f"from-{first:%Y%m%d}"
        case None, last:
            return f"to-{last:%Y%m%d}"
        case first, last:
            return f"{first:%Y%m%d}" if first == last else f"{first:%Y%m%d}-{last:%Y%m%d}"


def _slug(names: tuple[str, ...] | list[str]) -> str:
    """Letters, digits and hyphens that every file system takes; empty if a name has none of them."""
    words = ("unattributed" if name == UNATTRIBUTED else name for name in names)
    plain = unicodedata.normalize("NFKD", " ".join(words)).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:_SUBJECT_LENGTH].rstrip("-")
