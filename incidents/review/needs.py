"""The queue: which incidents need an editor, the most needed first, each with the reason in words."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

import geopandas as gpd

from gazetteer.place import Match, Verdict
from incidents.geocode import GAZETTEER, ReportedPlace, records
from incidents.review.decision import Decision, Kind
from incidents.review.overlay import apart_km, out_of_date
from incidents.schema import ReviewStatus

#: A place that may be off by more than this, in km, is worth another look: the cell of regional studies (OECD/SWAC).
LARGE_KM: Final = 50.0


class Need(StrEnum):
    """Why an incident needs an editor, the most pressing first."""

    OPEN_AGAIN = "open_again"
    UNKNOWN = "unknown"
    AMBIGUOUS = "ambiguous"
    CONFLICT = "conflict"
    WORK_NEEDED = "work_needed"
    LARGE_RADIUS = "large_radius"
    NEVER_REVIEWED = "never_reviewed"


@dataclass(frozen=True, slots=True)
class Task:
    """An incident in the queue.

    Attributes
    ----------
    incident_id, place_as_reported : str
        Which it is.
    needs : mapping of Need to str
        What it needs, the most pressing first, each with the reason as a sentence.
    match : Match
        The gazetteer's answer.
    radius_km : float or None
        What its place may be off by until somebody decides: for a name of several places at least the distance between
        these. None where not even that is known, or where only the country is.
    apart_km : float or None
        The largest distance between two places that the name may mean.
    version : int
        The version that a decision is made on (`expected_version`).
    """

    incident_id: str
    place_as_reported: str
    needs: Mapping[Need, str]
    match: Match
    radius_km: float | None
    apart_km: float | None
    version: int

    @property
    def need(self) -> Need:
        """The most pressing need."""
        return next(iter(self.needs))

    @property
    def reason(self) -> str:
        """All reasons, in words."""
        return " ".join(self.needs.values())


def queue(
    incidents: gpd.GeoDataFrame,
    places: Iterable[ReportedPlace],
    *,
    decisions: Iterable[Decision] = (),
    large_km: float = LARGE_KM,
) -> tuple[Task, ...]:
    """List the incidents that need an editor, the most needed first.

    Needs come in the order of `Need`; of two incidents with the same one, that with the larger radius is first. An
    incident on which a decision stands is not listed, unless whoever decided said that more is to be done.

    Parameters
    ----------
    incidents
        Located (`geocode.locate`), with or without decisions laid over them.
    places
        The gazetteer's answers (`geocode.reported_places`).
    decisions
        Of this dataset, such as `Log.latest` gives.
    large_km
        From which radius on a place is worth another look.
    """
    latest = {decision.incident_id: decision for decision in sorted(decisions, key=lambda one: one.version)}
    matches = {incident_id: place.match for place in places for incident_id in place.incident_ids}
    tasks = []
    for row in records(incidents):
        decision, match = latest.get(row["incident_id"]), matches[row["incident_id"]]
        far_km = apart_km(match)
        radius_km = _radius_km(row, match, far_km)
        if decision is None or decision.kind is Kind.REOPENED or out_of_date(decision, row):
            found = dict(_open(row, match, decision, radius_km=radius_km, large_km=large_km))
        else:
            found = dict(_left_to_do(decision))
        if found:
            needs = {need: found[need] for need in Need if need in found}
            version = decision.version if decision else 0
            tasks.append(Task(row["incident_id"], row["place_as_reported"], needs, match, radius_km, far_km, version))
    order = list(Need)
    return tuple(sorted(tasks, key=lambda task: (order.index(task.need), -(task.radius_km or math.inf))))


def _radius_km(row: Mapping[str, Any], match: Match, far_km: float | None) -> float | None:
    """What a place may be off by: as drawn, or as the gazetteer states it; several places hold each other apart."""
    is_placed = row["geocoded_by"] != GAZETTEER or match.answered
    stated_km = row["uncertainty_km"] if is_placed or row["uncertainty_km"] is not None else match.stated_radius_km
    if far_km is None or row["geocoded_by"] != GAZETTEER:
        return None if stated_km is None else float(stated_km)
    return max(far_km, float(stated_km or 0))


def _open(
    row: Mapping[str, Any], match: Match, decision: Decision | None, *, radius_km: float | None, large_km: float
) -> Iterator[tuple[Need, str]]:
    """What an incident needs on which no decision stands."""
    if decision is not None:
        yield Need.OPEN_AGAIN, out_of_date(decision, row) or decision.words
    if row["geocoded_by"] == GAZETTEER:
        if match.verdict in {Verdict.UNKNOWN, Verdict.MISSPELT}:
            yield Need.UNKNOWN, match.reason
        if match.verdict is Verdict.AMBIGUOUS:
            far_km = apart_km(match)
            apart = f" The farthest two are {far_km:,.0f} km apart." if far_km else ""
            yield Need.AMBIGUOUS, f"{match.reason}{apart}"
    status = row["review_status"]
    is_stray = row["geometry"] is None and row["longitude"] is not None and status == ReviewStatus.CONFLICT
    if is_stray:
        yield Need.CONFLICT, str(row["place_reason"])
    elif match.conflict is not None and row["geocoded_by"] == GAZETTEER:
        yield Need.CONFLICT, f"{match.conflict[0].upper()}{match.conflict[1:]}."
    elif status == ReviewStatus.CONFLICT:
        yield Need.CONFLICT, "The data says of it: conflict."
    if status in {ReviewStatus.WORK_NEEDED, ReviewStatus.ISSUE}:
        yield Need.WORK_NEEDED, f"The data says of it: {status.replace('_', ' ')}."
    if radius_km is not None and radius_km > large_km:
        yield Need.LARGE_RADIUS, f"Its place may be off by {radius_km:,.0f} km."
    if status is None and decision is None:
        yield Need.NEVER_REVIEWED, "No editor has looked at it."


def _left_to_do(decision: Decision) -> Iterator[tuple[Need, str]]:
    """What whoever decided left to be done."""
    match decision.review_status:
        case ReviewStatus.CONFLICT:
            yield Need.CONFLICT, decision.words
        case ReviewStatus.WORK_NEEDED | ReviewStatus.ISSUE:
            yield Need.WORK_NEEDED, decision.words
