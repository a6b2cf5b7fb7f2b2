"""The statement: what an output answers, how much of it there is, what is missing, and what it was made from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from gazetteer.boundaries import Boundaries
from incidents import __version__
from incidents.dataset import Dataset
from incidents.filters import Filters, apply, chips, to_query
from incidents.geocode import why_not_mapped

#: What nobody should read out of borders and names, in every file that leaves the desk.
BOUNDARY_NOTICE: Final = (
    "Borders and names are as their source has them, and imply no endorsement or acceptance by anybody."
)


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


def statement(
    dataset: Dataset,
    filters: Filters,
    *,
    boundaries: Boundaries,
    overlays: Sequence[Overlay] = (),
) -> dict[str, Any]:
    """Say what an output answers, how much of the data it holds, what is missing, and what it was made from.

    Every file that leaves the desk carries these words, so that no two of them disagree. What nobody stated is None.

    Parameters
    ----------
    dataset
        With the decisions laid over it, if there are any.
    overlays
        What is drawn beside the incidents.

    Returns
    -------
    dict
        Plain values, ready for JSON: `name`, `filters` (in words and as the parameters of a link),
        `incidents_shown`, `incidents_in_dataset`, `not_mappable`, `overlays` and `provenance`.

    Examples
    --------
    >>> told = statement(dataset, Filters(families=("JNIM",)), boundaries=boundaries)
    >>> told["filters"]["in_words"], told["incidents_shown"], told["incidents_in_dataset"]
    (['Group: JNIM'], 3, 8)
    >>> told["not_mappable"]
    [{'incident_id': 'made-07', 'reason': 'Only the country is known: Niger.'}]
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
            },
            "borders": boundaries.layer_citation,
            "borders_sha256": boundaries.sha256,
            "boundary_notice": BOUNDARY_NOTICE,
            "places": dataset.places_from or None,
            "places_sha256": dataset.places_sha256,
            "made_with": f"incident-desk {__version__}",
        },
    }
