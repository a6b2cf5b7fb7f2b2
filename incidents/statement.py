"""The statement: what an output answers, how much of it there is, what is missing, and what it was made from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from gazetteer.boundaries import Boundaries
from incidents import __version__
from incidents.dataset import Dataset
from incidents.filters import Filters, apply, chips, to_query
from incidents.geocode import why_not_mapped


@dataclass(frozen=True, slots=True)
class Overlay:
    """What is laid over the incidents, and by which rules.

    Attributes
    ----------
    key : str
        Its name in a link: `links`, `crossings`, and so on.
    words : str
        What it shows, by which rule and from which source, as one sentence or a few.
    parameters : Mapping
        What a program needs to lay it over again: preset, rule, distance_km, days, source.
    """

    key: str
    words: str
    parameters: Mapping[str, str | int | float | None] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Decisions:
    """Which editors' decisions are laid over the incidents.

    Attributes
    ----------
    lines : int
        Lines of the log that were read.
    head_sha256 : str or None
        Hash of the last of them, which holds those before it; None for an empty log.
    applied, set_aside : int
        Decisions that hold, and those that do not since the data has changed.
    """

    lines: int
    head_sha256: str | None
    applied: int
    set_aside: int


def statement(
    dataset: Dataset,
    filters: Filters,
    *,
    boundaries: Boundaries,
    places_from: str | None = None,
    overlays: Sequence[Overlay] = (),
    decisions: Decisions | None = None,
) -> dict[str, Any]:
    """Say what an output answers, how much of the data it holds, what is missing, and what it was made from.

    Every file that leaves the desk carries these words, so that no two of them disagree. What nobody stated is None.

    Parameters
    ----------
    dataset
        With the decisions laid over it, if there are any.
    places_from
        The citation of the gazetteer that placed the incidents.
    overlays
        What is drawn beside the incidents.
    decisions
        The log that the decisions on the dataset come from, where it is at hand; without, the dataset's own account
        of them: their hash, and how many are applied and set aside.

    Returns
    -------
    dict
        Plain values, ready for JSON: `name`, `filters` (in words and as the parameters of a link),
        `incidents_shown`, `incidents_in_dataset`, `not_mappable`, `overlays` and `provenance`.
    """
    shown = apply(dataset.incidents, filters)
    reasons = why_not_mapped(shown)
    return {
        "name": dataset.name,
        "filters": {
            "in_words": [chip.label for chip in chips(filters, dataset.facets)],
            "query": to_query(filters),
        },
        "incidents_shown": len(shown),
        "incidents_in_dataset": len(dataset.incidents),
        "not_mappable": [
            {"incident_id": shown.loc[index, "incident_id"], "reason": reason} for index, reason in reasons.items()
        ],
        "overlays": [
            {"key": overlay.key, "words": overlay.words, "parameters": dict(overlay.parameters)} for overlay in overlays
        ],
        "provenance": {
            "dataset_sha256": dataset.sha256,
            "sources_sha256": dataset.sources_sha256,
            "rows_rejected": dataset.rows_rejected,
            # Where and why; what stands there could not be read, and is not handed on.
            "rejected": [{"row": f.row, "column": f.column, "reason": f.reason} for f in dataset.rejected],
            "decisions": {
                "sha256": dataset.decisions_sha256,
                "applied": len(dataset.decisions),
                "set_aside": len(dataset.set_aside),
            }
            if decisions is None
            else {
                "lines": decisions.lines,
                "head_sha256": decisions.head_sha256,
                "applied": decisions.applied,
                "set_aside": decisions.set_aside,
            },
            "borders": boundaries.layer_citation,
            "borders_sha256": boundaries.sha256,
            "places": places_from,
            "places_sha256": dataset.places_sha256,
            "made_with": f"incident-desk {__version__}",
        },
    }
