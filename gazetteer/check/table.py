"""Findings as JSON, as CSV that no spreadsheet runs, and as lines for a terminal."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable
from typing import Any, Final

from gazetteer.check.finding import Finding
from gazetteer.formulas import defused
from gazetteer.place import Candidate, Place
from gazetteer.space import distance_km

COLUMNS: Final = (
    *("page", "line", "start", "end", "text", "kind", "severity", "verdict", "advice", "replacement", "confidence"),
    *("candidates", "apart_km", "times"),
)
_MOST: Final = 10


def as_json(finding: Finding) -> dict[str, Any]:
    """Give a finding as the object that `gazetteer check --json` prints; lengths in km, coordinates in EPSG:4326."""
    first = finding.candidates[0].place if finding.candidates else None
    return {
        "text": finding.text,
        "start": finding.start,
        "end": finding.end,
        "page": finding.page,
        "line": finding.line,
        "kind": str(finding.kind),
        "severity": str(finding.severity),
        "verdict": str(finding.verdict) if finding.verdict else None,
        "advice": finding.advice,
        "replacement": finding.replacement,
        "confidence": finding.confidence,
        "apart_km": _rounded(finding.apart_km),
        "candidates": [_candidate(one, first) for one in finding.candidates[:_MOST]],
        "also": [list(span) for span in finding.also],
    }


def to_json(findings: Iterable[Finding]) -> str:
    """Give findings as a JSON list, one finding a line; the same findings give the same text."""
    lines = [json.dumps(as_json(finding), ensure_ascii=False) for finding in findings]
    return "[\n" + ",\n".join(lines) + "\n]\n" if lines else "[]\n"


def to_csv(findings: Iterable[Finding]) -> str:
    """Give findings as CSV; text that a spreadsheet would take for a formula has an apostrophe before it."""
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS, lineterminator="\n")
    writer.writeheader()
    for finding in findings:
        told = as_json(finding)
        row = {key: told[key] for key in COLUMNS if key in told}
        row["candidates"] = "; ".join(f"{one.place.name} ({_where(one.place)})" for one in finding.candidates[:_MOST])
        row["times"] = len(finding.also) + 1
        writer.writerow({key: defused(cell) if isinstance(cell, str) else cell for key, cell in row.items()})
    return text.getvalue()


def to_line(finding: Finding, called: str) -> str:
    """Give a finding as a line: where it is, how grave, what is written there, what to do."""
    where = f"{called}:{finding.page}:{finding.line}" if finding.page is not None else f"{called}:{finding.line}"
    instead = f" [write {finding.replacement!r}]" if finding.replacement is not None else ""
    return " ".join(f"{where}: {finding.severity}: {finding.advice}{instead}".split())


def _candidate(candidate: Candidate, first: Place | None) -> dict[str, Any]:
    place = candidate.place
    near = first is not None and first.longitude is not None and place.longitude is not None
    return {
        "name": place.name,
        "matched_name": candidate.name,
        "kind": place.kind,
        "country_code": place.country_code,
        "admin1": place.admin1,
        "admin2": place.admin2,
        "feature_class": place.feature_class,
        "feature_code": place.feature_code,
        "longitude": place.longitude,
        "latitude": place.latitude,
        "uncertainty_km": place.uncertainty_km,
        "from_first_km": _rounded(distance_km(first, place)) if near and first is not None else None,
        "score": candidate.score,
        "place_id": place.place_id,
    }


def _where(place: Place) -> str:
    units = [unit for unit in (place.admin1, place.country_code) if unit and unit != place.name]
    return ", ".join([place.kind, *units])


def _rounded(length_km: float | None) -> float | None:
    return None if length_km is None else round(length_km, 1)
