"""Space-time clusters: incidents that many others are near to, in kilometres and in days (ST-DBSCAN)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components
from shapely.geometry.base import BaseGeometry

from incidents.filters import day_words, family_labels
from incidents.spillover.links import not_linkable
from incidents.spillover.pairs import Pairs, near_pairs
from incidents.spillover.plane import LocalPlane

Integers = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

#: Fewer eligible incidents than this are not clustered.
LEAST_FOR_CLUSTERS: Final = 30

#: Twice the number of dimensions, here two of space and one of time (Sander, Ester, Kriegel and Xu 1998).
MIN_POINTS: Final = 6

CLUSTER_SOURCE: Final = "ST-DBSCAN, Birant and Kut 2007, doi 10.1016/j.datak.2006.01.013"

# An outline is drawn this far outside its outermost incidents, so that it is seen where all are at one place.
_MARGIN_KM: Final = 5


@dataclass(frozen=True, slots=True)
class Cluster:
    """Incidents that belong together by density, whoever is behind them.

    Attributes
    ----------
    incident_ids : tuple of str
        In date order.
    cores : int
        How many of them have enough others near them.
    families : mapping of str to int
        Incidents by group as the filter offers it, the most first.
    country_codes : tuple of str
        Where they are, sorted.
    first_day, last_day : datetime.date
    outline : shapely geometry
        Around their points, EPSG:4326: what they cover, and no more than that.
    """

    incident_ids: tuple[str, ...]
    cores: int
    families: Mapping[str, int]
    country_codes: tuple[str, ...]
    first_day: date
    last_day: date
    outline: BaseGeometry

    @property
    def reason(self) -> str:
        """What the cluster holds, as a sentence."""
        groups = ", ".join(f"{family} {number}" for family, number in self.families.items())
        where = " and ".join(self.country_codes)
        days = f"{day_words(self.first_day)} to {day_words(self.last_day)}"
        return f"{len(self.incident_ids)} incidents in {where or 'no named country'}, {days}: {groups}."


@dataclass(frozen=True, slots=True)
class Clusters:
    """Clusters, and with which parameters they were found.

    Attributes
    ----------
    found : tuple of Cluster
        The largest first.
    distance_km, days, min_points
        An incident with so many incidents near it, itself among them, makes a cluster.
    shown, eligible : int
        How many incidents there were, and how many are placed and dated finely enough to tell what is near them.
    """

    found: tuple[Cluster, ...]
    distance_km: float
    days: int
    min_points: int
    shown: int
    eligible: int

    @property
    def too_few(self) -> bool:
        """Whether there are too few to look for clusters."""
        return self.eligible < LEAST_FOR_CLUSTERS

    @property
    def parameters(self) -> str:
        """How the clusters were found, as a sentence."""
        said = (
            f"{CLUSTER_SOURCE}: {self.min_points} incidents within {self.distance_km:g} km and {self.days} days of "
            f"each other; {self.eligible} of {self.shown} incidents are placed and dated that finely"
        )
        if self.too_few:
            return f"{said}, and under {LEAST_FOR_CLUSTERS} no clusters are drawn."
        inside = sum(len(cluster.incident_ids) for cluster in self.found)
        return f"{said}, and {inside} of them are in a cluster."


def clusters(incidents: gpd.GeoDataFrame, *, distance_km: float, days: int, min_points: int = MIN_POINTS) -> Clusters:
    """Find where and when incidents are dense: ST-DBSCAN over geodesic distance and the days between them.

    An incident takes part if its place is a point whose radius is no larger than `distance_km`, and its dates are no
    further apart than `days`. It is a core if so many, itself among them, are within both. Cores near each other are
    one cluster, and what else is near a core belongs to the nearest core's. Borders, groups and attribution play no
    part.

    Parameters
    ----------
    incidents
        What is shown (`filters.apply`). Under `LEAST_FOR_CLUSTERS` eligible incidents nothing is found.
    distance_km, days
        How near is near.
    min_points
        How many make a cluster.
    """
    placed = incidents.loc[not_linkable(incidents).isna() & (incidents.geometry.geom_type == "Point")]
    lasts = (placed["date_end"] - placed["date_start"]).dt.days
    placed = placed.loc[(placed["uncertainty_km"] <= distance_km) & (lasts <= days)]
    placed = placed.sort_values(["date_start", "date_end", "incident_id"])
    result = Clusters((), distance_km, days, min_points, shown=len(incidents), eligible=len(placed))
    if result.too_few:
        return result
    pairs = near_pairs(
        placed["longitude"].to_numpy(dtype=float),
        placed["latitude"].to_numpy(dtype=float),
        distance_km=distance_km,
        starts=placed["date_start"].to_numpy(),
        ends=placed["date_end"].to_numpy(),
        days=days,
    )
    labels, core = _labels(pairs, size=len(placed), min_points=min_points)
    found = [_cluster(placed.loc[labels == label], core[labels == label]) for label in range(labels.max() + 1)]
    ordered = sorted(found, key=lambda one: (-len(one.incident_ids), one.first_day, one.incident_ids))
    return Clusters(tuple(ordered), distance_km, days, min_points, shown=len(incidents), eligible=len(placed))


def _labels(pairs: Pairs, *, size: int, min_points: int) -> tuple[Integers, Flags]:
    """Number of each incident's cluster, -1 for none, and which incidents are cores."""
    one, other = np.concatenate([pairs.first, pairs.second]), np.concatenate([pairs.second, pairs.first])
    apart_km = np.tile(pairs.distance_km, 2)
    core = np.bincount(one, minlength=size) + 1 >= min_points
    both = core[one] & core[other]
    near = coo_array((np.ones(int(both.sum())), (one[both], other[both])), shape=(size, size))
    _, component = connected_components(near, directed=False)
    labels = np.where(core, component, -1)
    reached = np.flatnonzero(~core[one] & core[other])
    order = reached[np.lexsort((other[reached], apart_km[reached]))]
    edge, nearest = np.unique(one[order], return_index=True)
    labels[edge] = component[other[order][nearest]]
    names, numbered = np.unique(labels, return_inverse=True)
    return numbered - int(names[0] == -1), core


def _cluster(inside: gpd.GeoDataFrame, core: Flags) -> Cluster:
    families: dict[Any, int] = family_labels(inside["actor_family"]).value_counts().to_dict()
    ordered = sorted(families.items(), key=lambda item: (-item[1], item[0]))
    points = inside.geometry.to_numpy()
    plane = LocalPlane(float(points[0].x), float(points[0].y))
    hull = shapely.convex_hull(shapely.multipoints(plane.project(points)))
    return Cluster(
        incident_ids=tuple(inside["incident_id"]),
        cores=int(core.sum()),
        families=dict(ordered),
        country_codes=tuple(sorted(set(inside["country_code"].dropna()))),
        first_day=_day(inside["date_start"].min()),
        last_day=_day(inside["date_end"].max()),
        outline=plane.unproject(hull.buffer(_MARGIN_KM, quad_segs=8)),
    )


def _day(moment: pd.Timestamp) -> date:
    return moment.date()
