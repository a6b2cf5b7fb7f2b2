"""Citations: what the shown incidents cite, as text, BibTeX and CSL JSON, with how the desk itself is to be cited."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import chain, count
from typing import Any, Final

import geopandas as gpd
import pandas as pd

from gazetteer.boundaries import Boundaries
from incidents.dataset import Dataset
from incidents.export.account import account
from incidents.filters import Filters, apply
from incidents.geocode import records
from incidents.schema import SOURCE_COLUMNS
from incidents.statement import Overlay, statement


@dataclass(frozen=True, slots=True)
class Cited:
    """A source, and which of the shown incidents cite it.

    Attributes
    ----------
    passages : tuple of str
        Where in the source they are told, such as a page, each once.
    incident_ids : tuple of str
        In the order in which the incidents are shown.
    """

    source_id: str
    publisher: str | None
    published_on: str | None
    title: str | None
    url: str | None
    language: str | None
    reliability: str | None
    credibility: str | None
    passages: tuple[str, ...]
    incident_ids: tuple[str, ...]

    @property
    def record(self) -> dict[str, str | None]:
        """What the list of sources has of it, under `schema.SOURCE_COLUMNS`."""
        return {column: getattr(self, column) for column in SOURCE_COLUMNS}

    @property
    def grades(self) -> list[str]:
        """What it was graded, as text: one or both, or nothing."""
        named = {"reliability": self.reliability, "credibility": self.credibility}
        return [f"{name} {grade}" for name, grade in named.items() if grade]


def cited(dataset: Dataset, shown: gpd.GeoDataFrame) -> tuple[Cited, ...]:
    """List what incidents cite, in the order in which they cite it first; also what the list of sources lacks."""
    ids: dict[str, dict[str, None]] = {}
    passages: dict[str, dict[str, None]] = {}
    for row in records(shown[["incident_id", "sources"]]):
        for citation in dataset.citations(row["sources"]):
            ids.setdefault(citation.source_id, {})[row["incident_id"]] = None
            found = passages.setdefault(citation.source_id, {})
            if citation.locator:
                found[citation.locator] = None
    listed = {row["source_id"]: row for row in records(dataset.sources)}
    keys = [column for column in SOURCE_COLUMNS if column != "source_id"]
    return tuple(
        Cited(
            source_id=source_id,
            **{key: listed.get(source_id, {}).get(key) for key in keys},
            passages=tuple(passages[source_id]),
            incident_ids=tuple(citing),
        )
        for source_id, citing in ids.items()
    )


def to_citations(
    dataset: Dataset,
    filters: Filters,
    *,
    boundaries: Boundaries,
    overlays: Sequence[Overlay] = (),
) -> bytes:
    """Write what the shown incidents cite as text: each source, then each incident with its sources; UTF-8.

    The account of the selection stands first, so that a note built from it can say which incidents were chosen and
    how. What a source's entry lacks is not filled in.
    """
    shown = apply(dataset.incidents, filters)
    told = statement(dataset, filters, boundaries=boundaries, overlays=overlays)
    sources = cited(dataset, shown)
    numbers = {source.source_id: number for number, source in enumerate(sources, start=1)}
    lines = ["Citations of the incidents shown", ""]
    lines += [f"{label}: {words}" for label, words in account(told)]
    lines += ["", "Sources", ""]
    lines += [f"[{numbers[source.source_id]}] {source_words(source)}" for source in sources] or ["None is cited."]
    lines += ["", "Incidents and their sources", ""]
    for row in records(shown):
        cites = [
            f"[{numbers[one.source_id]}{', ' + one.locator if one.locator else ''}]"
            for one in dataset.citations(row["sources"])
        ]
        lines.append(f"{row['incident_id']}: {' '.join(cites) or 'no source stated'}")
    return ("\n".join(_one_line(line) for line in lines) + "\n").encode()


def to_bibtex(
    dataset: Dataset,
    filters: Filters,
    *,
    boundaries: Boundaries,
    overlays: Sequence[Overlay] = (),
) -> bytes:
    """Write what the shown incidents cite as BibTeX, in UTF-8; what TeX would run is escaped."""
    shown = apply(dataset.incidents, filters)
    told = statement(dataset, filters, boundaries=boundaries, overlays=overlays)
    sources = cited(dataset, shown)
    # Outside an entry BibTeX takes everything for a comment, but for the sign that opens one.
    lines = [_one_line(f"{label}: {words}").replace("@", "(at)") for label, words in account(told)]
    head = "\n".join(f"% {line}" for line in lines)
    entries = [_bibtex(key, source) for key, source in zip(_keys(sources), sources, strict=True)]
    return ("\n\n".join([head, *entries]) + "\n").encode()


def to_csl_json(
    dataset: Dataset,
    filters: Filters,
    *,
    boundaries: Boundaries,
    overlays: Sequence[Overlay] = (),
) -> bytes:
    """Write what the shown incidents cite as CSL JSON, as Zotero and pandoc read it.

    The format is a list of items with no room beside them. So the account of the selection is the `note` of the
    first item, which cites the dataset itself.
    """
    shown = apply(dataset.incidents, filters)
    told = statement(dataset, filters, boundaries=boundaries, overlays=overlays)
    itself: dict[str, Any] = {
        "id": "incident-desk-selection",
        "type": "dataset",
        "title": f"Selection of incidents from {told['name']}",
        "note": "\n".join(f"{label}: {words}" for label, words in account(told)),
    }
    sources = cited(dataset, shown)
    items = [itself, *(_csl(key, source) for key, source in zip(_keys(sources), sources, strict=True))]
    return f"{json.dumps(items, ensure_ascii=False, allow_nan=False, indent=2)}\n".encode()


def source_words(source: Cited) -> str:
    """Write a source as one line of text."""
    parts = [source.publisher or source.source_id, source.title, source.published_on, source.url, *source.grades]
    words = ", ".join(part for part in parts if part)
    return f"{words} ({'; '.join(source.passages)})" if source.passages else words


def _one_line(text: str) -> str:
    return re.sub(r"[\r\n\u2028\u2029]+", " ", text)


def _keys(sources: Sequence[Cited]) -> Iterator[str]:
    """A key of letters, digits and hyphens for each source; equal ones are numbered."""
    used = {_ITSELF}
    for source in sources:
        plain = unicodedata.normalize("NFKD", source.source_id).encode("ascii", "ignore").decode()
        key = re.sub(r"[^A-Za-z0-9]+", "-", plain).strip("-") or "source"
        key = next(one for one in chain([key], (f"{key}-{number}" for number in count(2))) if one not in used)
        used.add(key)
        yield key


#: The key of the selection itself among what it cites.
_ITSELF: Final = "incident-desk-selection"

_TEX: Final = str.maketrans(
    {
        "\\": r"\textbackslash{}",
        # Escaped braces would still be counted, and an odd one would swallow the entries that follow.
        "{": r"\textbraceleft{}",
        "}": r"\textbraceright{}",
        "^": r"\textasciicircum{}",
        "~": r"\textasciitilde{}",
        # In braces within a field, a quotation mark or an at sign is a letter like any other.
        **{sign: f"\\{sign}" for sign in "#$%&_"},
    }
)


def _bibtex(key: str, source: Cited) -> str:
    day = _day(source.published_on)
    fields = {
        "title": source.title and _tex(source.title),
        # Doubly braced, so that a publisher is no person with a family name.
        "author": source.publisher and f"{{{_tex(source.publisher)}}}",
        "date": source.published_on and _tex(source.published_on),
        "year": day and str(day.year),
        "url": source.url and _address(source.url),
        "language": source.language and _tex(source.language),
        "note": _tex("; ".join([*source.passages, *source.grades])) or None,
        "annote": _tex(f"Cited for {', '.join(source.incident_ids)}"),
    }
    lines = [f"  {name} = {{{value}}}," for name, value in fields.items() if value]
    return "\n".join([f"@misc{{{key},", *lines, "}"])


def _tex(text: str) -> str:
    return _one_line(text).translate(_TEX)


def _address(url: str) -> str:
    """An address as it stands, but for what would end the field or the line: that is written with percent signs."""
    return re.sub(r"[\s{}\\]", lambda found: "".join(f"%{byte:02X}" for byte in found[0].encode()), url)


def _csl(key: str, source: Cited) -> dict[str, Any]:
    day = _day(source.published_on)
    item: dict[str, Any] = {
        "id": key,
        "type": "document",
        "title": source.title,
        "author": [{"literal": source.publisher}] if source.publisher else None,
        "issued": {"date-parts": [[day.year, day.month, day.day]]} if day else _raw(source.published_on),
        "URL": source.url,
        "language": source.language,
        "note": "\n".join([*source.passages, *source.grades, f"Cited for {', '.join(source.incident_ids)}"]),
    }
    return {name: value for name, value in item.items() if value}


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text) if text and not pd.isna(text) else None
    except ValueError:
        return None


def _raw(text: str | None) -> dict[str, str] | None:
    return {"raw": text} if text else None
