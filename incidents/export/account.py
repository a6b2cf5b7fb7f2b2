"""The account: the statement of an export in words, line by line, for the formats in which people read it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from incidents.wording import rejected_words


def account(told: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    """Write a statement (`statement.statement`) as lines, each with what it is about."""
    return tuple(_lines(told))


def _lines(told: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    made_from = told["provenance"]
    missing = told["not_mappable"]
    yield "Dataset", told["name"]
    yield "Filters", "; ".join(told["filters"]["in_words"]) or "none: every incident of the dataset"
    counts = f"{told['incidents_shown']} of {told['incidents_in_dataset']}, {len(missing)} not mappable"
    yield "Incidents", counts
    if told["filters"]["query"]:
        pairs = [f"{key}={value}" for key, values in told["filters"]["query"].items() for value in values]
        yield "Filters as in a link", " & ".join(pairs)
    for one in missing:
        yield f"Not mappable: {one['incident_id']}", one["reason"]
    for overlay in told["overlays"]:
        yield f"Not drawn in this file: {overlay['key']}", overlay["words"]
    if words := rejected_words(made_from["rows_rejected"]):
        yield "Missing", words
    decisions = made_from["decisions"]
    yield "Editors' decisions", f"{decisions['applied']} applied, {decisions['set_aside']} set aside"
    if decisions["sha256"]:
        yield "SHA-256 of the decisions", decisions["sha256"]
    for label, key in (
        ("SHA-256 of the dataset", "dataset_sha256"),
        ("SHA-256 of the sources", "sources_sha256"),
        ("Borders", "borders"),
        ("SHA-256 of the borders", "borders_sha256"),
        ("What borders do not say", "boundary_notice"),
        ("Places", "places"),
        ("SHA-256 of the places", "places_sha256"),
        ("Made with", "made_with"),
    ):
        yield label, made_from[key] or "not stated"
