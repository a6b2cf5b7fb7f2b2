"""The exposure table: for each country and border, what happened on the far side, by band, group and period."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from gazetteer.boundaries import Boundaries
from incidents.filters import UNATTRIBUTED, day_words
from incidents.schema import Attribution
from incidents.spillover.borders import BANDS_KM, band_words
from incidents.spillover.families import family_names
from incidents.spillover.links import not_linkable

#: A count below this is too small for a percentage: its relative standard error is over 22 % (the rule under which the
#: United States' National Center for Health Statistics marks a rate as unreliable).
LEAST_FOR_PERCENT: Final = 20

LOW_COUNT_RULE: Final = (
    f"No percentage where either period has fewer than {LEAST_FOR_PERCENT} incidents, since a count that small varies "
    "by more than 22 % on its own (the rule of the National Center for Health Statistics)."
)

_KEYS: Final = ("country_code", "border_with", "band", "actor_family")


@dataclass(frozen=True, slots=True)
class Window:
    """Days, both included."""

    first: date
    last: date

    @property
    def before(self) -> Window:
        """As many days right before."""
        length = self.last - self.first
        end = self.first - timedelta(days=1)
        return Window(end - length, end)

    def __str__(self) -> str:
        return f"{day_words(self.first)} to {day_words(self.last)}"


def exposure(incidents: gpd.GeoDataFrame, *, window: Window, boundaries: Boundaries) -> pd.DataFrame:
    """Count, for each country and each of its land borders, the incidents on the far side near that border.

    A country is exposed to what happens in its neighbour within 100 km of the border between the two. A place that is
    an area counts under its band, or under both ends of the bands that it spans; an incident of which too little is
    known to be linked (`links.not_linkable`) counts nowhere. An incident counts for its group, under
    whatever name, if there is any attribution.

    An incident is in a period if its whole date interval is. One whose interval reaches into a period and beyond
    its edge may have happened outside: it is counted apart.

    Parameters
    ----------
    incidents
        What is shown, whatever its dates: the period before has to be among them.
    window
        The period; the one before is as long.
    boundaries
        The land borders, by country.

    Returns
    -------
    pandas.DataFrame
        `country_code` (who is exposed), `border_with` (where the incidents are), `band` (as `band_words` names it),
        `actor_family` (other names and successors put together), `incidents` and `before`, the counts of the two
        periods; `open`, how many have an interval that crosses an edge of either; `change`, the difference of the
        counts; `change_percent`, null under the `LOW_COUNT_RULE`. By country, border, distance and
        group; without rows of zeros.
    """
    placed = incidents.loc[not_linkable(incidents).isna()]
    before = window.before
    reaches = (placed["date_end"] >= pd.Timestamp(before.first)) & (placed["date_start"] <= pd.Timestamp(window.last))
    near = pd.concat([_empty(), *_near_borders(placed.loc[reaches], boundaries)], ignore_index=True)
    now, then = _within(near, window), _within(near, before)
    counted = near.assign(incidents=now, before=then, open=~now & ~then)
    table = counted.groupby([*_KEYS, "reach_km"], sort=True)[["incidents", "before", "open"]].sum().reset_index()
    table = table.sort_values(["country_code", "border_with", "reach_km", "band", "actor_family"], ignore_index=True)
    table["change"] = table["incidents"] - table["before"]
    enough = (table[["incidents", "before"]] >= LEAST_FOR_PERCENT).all(axis="columns")
    percent = 100 * table["change"] / table["before"].where(enough)
    return table.drop(columns="reach_km").assign(change_percent=percent.astype("Float64").round(1))


def _empty() -> pd.DataFrame:
    columns = {**dict.fromkeys(_KEYS, "str"), "reach_km": "float64"}
    days = dict.fromkeys(("date_start", "date_end"), "datetime64[s]")
    return pd.DataFrame({name: pd.Series(dtype=kind) for name, kind in {**columns, **days}.items()})


def _near_borders(placed: gpd.GeoDataFrame, boundaries: Boundaries) -> list[pd.DataFrame]:
    """Measure each incident to each land border of its country, and keep what is within the outermost band."""
    borders = boundaries.land_borders.dropna(subset=["country_a", "country_b"])
    pairs = pd.concat([borders["country_a"] + borders["country_b"], borders["country_b"] + borders["country_a"]])
    starts, ends = placed["date_start"], placed["date_end"]
    names = family_names(placed["actor_family"], starts=starts, ends=ends, with_affiliates=False)
    placed = placed.assign(actor_family=names.where(placed["attribution"] != Attribution.NONE).fillna(UNATTRIBUTED))
    by_country = dict(iter(placed.groupby("country_code")))
    found = []
    for pair in sorted(set(pairs)):
        here, across = pair[:2], pair[2:]
        if (there := by_country.get(here)) is not None:
            low, high = _distances(there, here, across, boundaries)
            kept = low <= BANDS_KM[-1]
            bands = [band_words(*ends) for ends in zip(low[kept], high[kept], strict=True)]
            found.append(
                pd.DataFrame(
                    {
                        "country_code": across,
                        "border_with": here,
                        "band": pd.array(bands, dtype="str"),
                        "actor_family": there["actor_family"][kept].to_numpy(),
                        "reach_km": [_upper(km) for km in low[kept]],
                        "date_start": there["date_start"][kept].to_numpy(),
                        "date_end": there["date_end"][kept].to_numpy(),
                    }
                )
            )
    return [table for table in found if len(table)]


def _distances(
    there: gpd.GeoDataFrame, code: str, facing: str, boundaries: Boundaries
) -> tuple[np.ndarray, np.ndarray]:
    """Least and greatest distance of each place to one border, in km."""
    longitudes, latitudes = (there[column].to_numpy(dtype=float) for column in ("longitude", "latitude"))
    measured = boundaries.border_distances(longitudes, latitudes, country_code=code, facing=facing)
    low = measured["distance_km"].to_numpy(dtype=float).copy()
    high = low.copy()
    seen: dict[bytes, tuple[float, float]] = {}
    reach_km = there["uncertainty_km"].to_numpy(dtype=float)
    for at in np.flatnonzero(shapely.get_dimensions(there.geometry.to_numpy()) == 2):
        if low[at] - reach_km[at] > BANDS_KM[-1]:
            continue  # its covering circle is too far away
        area = there.geometry.iloc[at]
        if area.wkb not in seen:
            interval = boundaries.border_distance_interval(area, country_code=code, facing=facing)
            assert interval is not None  # noqa: S101  the two share a border
            seen[area.wkb] = interval.minimum_km, interval.maximum_km
        low[at], high[at] = seen[area.wkb]
    return low, high


def _upper(distance_km: float) -> float:
    return next(float(upper) for upper in BANDS_KM if distance_km <= upper)


def _within(table: pd.DataFrame, window: Window) -> pd.Series:
    inside: pd.Series = (table["date_start"] >= pd.Timestamp(window.first)) & (
        table["date_end"] <= pd.Timestamp(window.last)
    )
    return inside
