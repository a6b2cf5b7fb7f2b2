"""Decisions laid over the incidents of a dataset, which stays as it is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import geopandas as gpd
import pandas as pd
from shapely.geometry import Point
from shapely.geometry.base import BaseGeometry

from gazetteer.index import Gazetteer
from gazetteer.place import Match, Place, UnknownCountryError, UnknownPlaceError, Verdict
from gazetteer.space import distance_km
from incidents.geocode import GAZETTEER, ReportedPlace, cut_at_border, disc, records
from incidents.review.decision import Decision, Kind, SetAside
from incidents.review.placement import LARGEST_KM
from incidents.schema import AS_AREA, AS_POINT, DTYPES, LOCATED, GeoPrecision, ReviewStatus

#: Written to `geocoded_by` where an editor's decision says where the incident is.
EDITOR: Final = "editor"

#: The column that tells which version of the decisions on an incident is laid over it; null for none.
VERSION: Final = "decision_version"

_SET: Final = (*LOCATED, "country", "country_code", "admin1", "admin2", "review_status")


@dataclass(frozen=True, slots=True)
class LaidOver:
    """Incidents with the decisions over them.

    Attributes
    ----------
    incidents : geopandas.GeoDataFrame
        As `geocode.locate` gives them, with what was decided, and `VERSION`.
    applied : tuple of Decision
        The decisions that hold.
    set_aside : tuple of SetAside
        The ones that do not, since the data has changed: to be decided again.
    """

    incidents: gpd.GeoDataFrame
    applied: tuple[Decision, ...]
    set_aside: tuple[SetAside, ...]


def lay_over(
    incidents: gpd.GeoDataFrame,
    decisions: Iterable[Decision],
    *,
    gazetteer: Gazetteer,
    places: Iterable[ReportedPlace] = (),
) -> LaidOver:
    """Lay decisions over incidents, and leave the given table as it is.

    An incident with a decision has the place that was decided, with what may be drawn for it; `geocoded_by` is `EDITOR`
    and `place_reason` says who decided what and why. Where the decision puts it into another country than the source
    states, country and divisions follow. Its `review_status` is the decision's; without one it is accepted, unless the
    file says something else, which a decision about the place does not settle. A conflict of coordinates and country,
    which `geocode.locate` found, is settled.

    Parameters
    ----------
    incidents
        Located (`geocode.locate`). Without decisions, so that opening a case again shows what the gazetteer says.
    decisions
        Of this dataset, such as `Log.latest` gives; of several on one incident the last version counts.
    gazetteer
        Where outlines come from.
    places
        The gazetteer's answers (`geocode.reported_places`). Where a name may be one of several places and nobody has
        decided, the incident carries at least the largest distance between them as its radius.
    """
    latest: dict[str, Decision] = {}
    for decision in sorted(decisions, key=lambda one: one.version):
        latest[decision.incident_id] = decision
    several = [(place, set(place.incident_ids)) for place in places if place.match.verdict is Verdict.AMBIGUOUS]
    concerned = incidents.loc[incidents["incident_id"].isin(set(latest).union(*(ids for _, ids in several)))]
    rows = {row["incident_id"]: row for row in records(concerned)}
    index = dict(zip(concerned["incident_id"], concerned.index, strict=True))
    changed: dict[str, dict[str, Any]] = {}
    applied: list[Decision] = []
    aside: list[SetAside] = []
    for incident_id, decision in latest.items():
        if decision.kind is Kind.REOPENED:
            continue
        why_not = out_of_date(decision, rows.get(incident_id))
        try:
            if why_not is None:
                changed[incident_id] = _decided(rows[incident_id], decision, gazetteer)
                applied.append(decision)
                continue
        except UnknownCountryError:
            why_not = f"The boundaries have no country {decision.new.country_code}."
        aside.append(SetAside(decision, why_not))
    for place, incident_ids in several:
        for incident_id in incident_ids & rows.keys() - changed.keys():
            wider = _wider(rows[incident_id], place.match, gazetteer)
            if wider:
                changed[incident_id] = wider
    table = _with(incidents, {index[incident_id]: row for incident_id, row in changed.items()})
    versions = {index[decision.incident_id]: decision.version for decision in applied}
    table[VERSION] = pd.array([versions.get(at) for at in table.index], dtype="Int64")
    return LaidOver(table, tuple(applied), tuple(aside))


def out_of_date(decision: Decision, incident: Mapping[str, Any] | None) -> str | None:
    """Say why a decision does not hold for an incident as it is now (a record, None if it is gone); None if it does."""
    if incident is None:
        return f"The data has no incident {decision.incident_id} any more."
    now = incident["place_as_reported"]
    if now == decision.place_as_reported:
        return None
    return f"It was decided when its place read “{decision.place_as_reported}”; now it reads “{now}”."


def apart_km(match: Match) -> float | None:
    """Give the largest distance between two places that a name may mean; None if they are not several.

    Great circles, in km.

    Examples
    --------
    >>> from gazetteer import Gazetteer, resolve
    >>> round(apart_km(resolve("Kompienga", gazetteer=Gazetteer.open(), country="BF")))
    43
    """
    if match.verdict is not Verdict.AMBIGUOUS:
        return None
    found = [one.place for one in match.candidates if one.place.longitude is not None]
    return max((distance_km(one, other) for at, one in enumerate(found) for other in found[:at]), default=None)


def _decided(row: Mapping[str, Any], decision: Decision, gazetteer: Gazetteer) -> dict[str, Any]:
    new = decision.new
    decided = {
        **row,
        "place_name": new.name,
        "place_id": new.place_id,
        "longitude": new.longitude,
        "latitude": new.latitude,
        "geo_precision": str(new.geo_precision),
        "uncertainty_km": new.uncertainty_km,
        "geocoded_by": EDITOR,
        "place_reason": decision.words,
        "review_status": decision.review_status or _status(row),
    }
    if new.country_code is not None and new.country_code != row["country_code"]:
        decided["country_code"] = new.country_code
        decided["country"] = gazetteer.boundaries.country(new.country_code).name
        if row["country_code"] is not None:  # the divisions that the source names are the other country's
            place = _place(new.place_id, gazetteer)
            decided["admin1"], decided["admin2"] = (place.admin1, place.admin2) if place else (None, None)
    return {**decided, "geometry": _drawn(decided, gazetteer)}


def _status(row: Mapping[str, Any]) -> str:
    """Where an incident stands when its place is decided: what else the file finds open stays open."""
    found_by_locate = (
        row["geometry"] is None and row["longitude"] is not None and row["geo_precision"] in {*AS_POINT, *AS_AREA}
    )
    own = None if row["review_status"] == ReviewStatus.CONFLICT and found_by_locate else row["review_status"]
    return str(own or ReviewStatus.ACCEPTED)


def _wider(row: Mapping[str, Any], match: Match, gazetteer: Gazetteer) -> dict[str, Any] | None:
    """Give an undecided row at least the distance of the places that it may be at, if it is drawn with less."""
    far_km = apart_km(match)
    if far_km is None or row["geocoded_by"] != GAZETTEER or row["uncertainty_km"] is None:
        return None
    if far_km <= row["uncertainty_km"]:
        return None
    wide = {**row, "uncertainty_km": min(float(round(far_km, 1)), LARGEST_KM)}
    wide["place_reason"] = f"{row['place_reason']} Until an editor decides, it may be off by {far_km:,.0f} km."
    return {**wide, "geometry": _drawn(wide, gazetteer)}


def _drawn(row: Mapping[str, Any], gazetteer: Gazetteer) -> BaseGeometry | None:
    """What may be drawn: a point, the outline of the place or a disc cut at the border, or nothing."""
    if row["longitude"] is None:
        return None
    precision = GeoPrecision(row["geo_precision"])
    if precision in AS_POINT:
        return Point(row["longitude"], row["latitude"])
    if precision not in AS_AREA:
        return None
    place = _place(row["place_id"], gazetteer)
    outline = gazetteer.footprint(place) if place else None
    if outline is not None:
        return outline
    area = disc(row["longitude"], row["latitude"], radius_km=row["uncertainty_km"])
    return cut_at_border(area, country_code=row["country_code"], gazetteer=gazetteer)


def _place(place_id: str | None, gazetteer: Gazetteer) -> Place | None:
    """The place, if a layer that is installed here has it."""
    try:
        return gazetteer.place(place_id) if place_id else None
    except UnknownPlaceError:
        return None


def _with(incidents: gpd.GeoDataFrame, changed: Mapping[Any, Mapping[str, Any]]) -> gpd.GeoDataFrame:
    """Put changed rows, by index, into a copy of the table."""
    table = incidents.copy()
    if not changed:
        return table
    columns = [*_SET, "place_reason"]
    rows = [[row[column] for column in columns] for row in changed.values()]
    found = pd.DataFrame(rows, index=list(changed), columns=columns)
    found = found.astype({column: DTYPES.get(column, "str") for column in columns})
    table.loc[found.index, columns] = found
    drawn = dict(zip(table.index, table.geometry, strict=True)) | {at: row["geometry"] for at, row in changed.items()}
    return table.set_geometry(gpd.GeoSeries(list(drawn.values()), index=table.index, crs=table.crs))
