"""How long links and border distances take, how much memory, and whether measuring every pair gives the same links.

    python benchmarks/spillover.py [FILE] [--incidents 350000] [--families 300] [--areas 0] [--seed 1] [--check 5000]

FILE is a table of UCDP GED events, as CSV or GeoJSON; its events are taken with a radius by `where_prec`, in the
country in which the boundary layer puts them. Without one a world is made up from a seed: incidents in clusters of all
sizes on the land of the gazetteer's own divisions, over 35 years, of families of all sizes, with points of three
precisions; with `--areas 0.1` a tenth of them are known to their division only and are its polygon.

Prints seconds and peak memory (the process's largest resident set so far) for links within 50 km and 30 days under each
rule, for the words of a thousand of them, and for distance, facing country, band and side of every incident. Then the
incidents around the place with most links, as many as `--check` says, are linked again, and beside that every pair of
them is measured on the ellipsoid and judged by its radii and intervals, with no tree and no class: links missed and
invented are counted. Incidents that are areas take no part in this check; `tests/test_links.py` proves them.
"""

from __future__ import annotations

import argparse
import csv
import json
import resource
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeVar

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from pyproj import Geod

sys.path[0] = str(Path(__file__).parents[1])  # not this folder, whose `gazetteer.py` is no package
from gazetteer.boundaries import Boundaries
from incidents.schema import DTYPES, Attribution
from incidents.spillover import BORDERLAND, Links, Rule, links, measure_borders, not_linkable

GEOD = Geod(ellps="WGS84")
DAYS = 35 * 365
#: What the benchmark assumes of a place, in km, by UCDP's `where_prec`; 6 and 7 are a country and no land.
UCDP = {
    1: ("exact", 1.0),
    2: ("near_settlement", 25.0),
    3: ("near_settlement", 30.0),
    4: ("near_settlement", 100.0),
    5: ("near_settlement", 100.0),
    6: ("country", np.nan),
    7: ("sea_or_air", np.nan),
}
Result = TypeVar("Result")


def divisions_at(points: Any, divisions: gpd.GeoDataFrame) -> Any:
    """Position of the division that holds each point, -1 for none."""
    division, point = shapely.STRtree(points).query(divisions.geometry.to_numpy(), predicate="intersects")
    found = np.full(len(points), -1)
    found[point] = division
    return found


def table(columns: dict[str, Any], geometry: Any) -> gpd.GeoDataFrame:
    filled = pd.DataFrame(columns, columns=list(DTYPES)).astype(DTYPES)
    return gpd.GeoDataFrame(filled, geometry=geometry, crs="EPSG:4326")


def made_up(boundaries: Boundaries, *, number: int, families: int, areas: float, seed: int) -> gpd.GeoDataFrame:
    """Make a world of incidents, the same for the same seed."""
    random = np.random.default_rng(seed)
    divisions = boundaries.divisions.loc[boundaries.divisions["country_code"].notna()].reset_index(drop=True)
    clusters = random.integers(0, len(divisions), max(number // 40, 1))
    seats = shapely.get_coordinates(shapely.point_on_surface(divisions.geometry.to_numpy()[clusters]))
    weight = random.pareto(1.2, clusters.size)
    cluster = random.choice(clusters.size, 2 * number, p=weight / weight.sum())
    place = seats[cluster] + random.normal(0, 0.4, (2 * number, 2))
    place = np.column_stack([(place[:, 0] + 180) % 360 - 180, np.clip(place[:, 1], -90, 90)])
    points = shapely.points(place)
    division = divisions_at(points, divisions)
    on_land = np.flatnonzero(division >= 0)[:number]
    place, points, division = place[on_land], points[on_land], division[on_land]
    size = on_land.size
    precision = random.choice(["exact", "settlement", "near_settlement"], size, p=[0.3, 0.5, 0.2])
    radius = np.select([precision == "exact", precision == "settlement"], [0.5, 5.0], 15.0)
    wide = random.random(size) < areas
    precision[wide] = "admin1"
    points[wide] = divisions.geometry.to_numpy()[division[wide]]
    place[wide] = divisions[["longitude", "latitude"]].to_numpy()[division[wide]]
    radius[wide] = divisions["uncertainty_km"].to_numpy()[division[wide]]
    start = np.datetime64("1990-01-01") + random.integers(0, DAYS, size)
    family = random.choice(families, size, p=(share := 1 / np.arange(1, families + 1)) / share.sum())
    columns = {
        "incident_id": [f"made-up-{at:06d}" for at in range(size)],
        "date_start": start,
        "date_end": start + random.choice([0, 1, 7, 30], size, p=[0.85, 0.05, 0.07, 0.03]),
        "actor_family": [f"Family {at}" for at in family],
        "attribution": random.choice(list(Attribution), size),
        "place_as_reported": divisions["name"].to_numpy()[division],
        "country_code": divisions["country_code"].to_numpy()[division],
        "longitude": place[:, 0],
        "latitude": place[:, 1],
        "geo_precision": precision,
        "uncertainty_km": radius,
    }
    return table(columns, points)


def events(file: Path) -> Iterator[dict[str, Any]]:
    """Events of a UCDP table."""
    if file.suffix.lower() == ".csv":
        with file.open(encoding="utf-8", newline="") as lines:
            yield from csv.DictReader(lines)
        return
    for feature in json.loads(file.read_bytes())["features"]:
        longitude, latitude = feature["geometry"]["coordinates"][:2]
        yield {**feature["properties"], "longitude": longitude, "latitude": latitude}


def of_ucdp(file: Path, boundaries: Boundaries) -> gpd.GeoDataFrame:
    rows = pd.DataFrame(list(events(file)))
    longitude, latitude = (rows[column].astype(float) for column in ("longitude", "latitude"))
    points = shapely.points(longitude, latitude)
    division = divisions_at(points, boundaries.divisions)
    codes = np.append(boundaries.divisions["country_code"].to_numpy(dtype=object), None)
    known = [UCDP[int(code)] for code in rows["where_prec"]]
    state = rows["side_a"].str.startswith("Government of")
    columns = {
        "incident_id": rows["id"].astype(str),
        "date_start": pd.to_datetime(rows["date_start"].str[:10]),
        "date_end": pd.to_datetime(rows["date_end"].str[:10]),
        "actor_family": rows["side_a"].mask(state, rows["side_b"]),
        "attribution": Attribution.ATTRIBUTED,
        "place_as_reported": rows["where_coordinates"],
        "country_code": codes[division],
        "longitude": longitude,
        "latitude": latitude,
        "geo_precision": [precision for precision, _ in known],
        "uncertainty_km": [radius for _, radius in known],
    }
    return table(columns, points)


def peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3


def timed(what: str, work: Callable[[], Result], told: Callable[[Result], str]) -> Result:
    start = time.perf_counter()
    result = work()
    taken = time.perf_counter() - start
    print(f"{what:<34} {taken:7.2f} s   peak {peak_mb():6.0f} MB   {told(result)}", flush=True)
    return result


def plainly(rows: gpd.GeoDataFrame) -> dict[tuple[str, str], bool]:
    """Measure every pair of incidents at points; say of each that may be near whether that is firm."""
    east, north, radius = (rows[column].to_numpy(dtype=float) for column in ("longitude", "latitude", "uncertainty_km"))
    start, end = (rows[column].to_numpy(dtype="datetime64[D]").astype(int) for column in ("date_start", "date_end"))
    country, ids = rows["country_code"].to_numpy(dtype=object), rows["incident_id"].to_numpy(dtype=object)
    found = {}
    for at in range(len(rows) - 1):
        others = np.arange(at + 1, len(rows))
        here = np.full(others.size, east[at]), np.full(others.size, north[at])
        km = np.asarray(GEOD.inv(*here, east[others], north[others])[2]) / 1000
        radii = radius[at] + radius[others]
        gap = np.maximum(start[others] - end[at], start[at] - end[others])
        longest = np.maximum(end[others] - start[at], end[at] - start[others])
        near = (km - radii <= BORDERLAND.distance_km) & (gap <= BORDERLAND.days) & (country[others] != country[at])
        firm = (km + radii <= BORDERLAND.distance_km) & (longest <= BORDERLAND.days)
        for other in np.flatnonzero(near):
            pair = sorted((ids[at], ids[others[other]]))
            found[pair[0], pair[1]] = bool(firm[other])
    return found


def around(rows: gpd.GeoDataFrame, found: Links, *, number: int) -> gpd.GeoDataFrame:
    """Give the incidents at points that are nearest to the place with most links."""
    ends = np.concatenate([found.first, found.second])
    centre = rows.iloc[np.bincount(ends).argmax() if ends.size else 0]
    able = not_linkable(rows).isna() & (rows.geometry.geom_type == "Point")
    points = rows.loc[able]
    here = np.full(len(points), centre["longitude"]), np.full(len(points), centre["latitude"])
    metres = GEOD.inv(*here, points["longitude"].to_numpy(dtype=float), points["latitude"].to_numpy(dtype=float))[2]
    return points.iloc[np.sort(np.argsort(metres, kind="stable")[:number])]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", type=Path, nargs="?")
    parser.add_argument("--incidents", type=int, default=350_000)
    parser.add_argument("--families", type=int, default=300)
    parser.add_argument("--areas", type=float, default=0.0, help="share of incidents known to their division only")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--check", type=int, default=5_000, help="how many incidents are measured pair by pair")
    asked = parser.parse_args()
    boundaries = Boundaries.load()
    made = {"number": asked.incidents, "families": asked.families, "areas": asked.areas, "seed": asked.seed}
    rows = timed(
        "incidents",
        lambda: of_ucdp(asked.file, boundaries) if asked.file else made_up(boundaries, **made),
        lambda rows: f"{len(rows):,} incidents, {rows['actor_family'].nunique()} families",
    )
    print("  to take under 5 s and 2 GB for 350,000:")
    found = {
        rule: timed(
            f"links, 50 km and 30 days, {rule}",
            lambda rule=rule: links(rows, preset=BORDERLAND, rule=rule),
            lambda found: f"{len(found):,} links, {int(found.firm.sum()):,} firm; left out: {dict(found.not_eligible)}",
        )
        for rule in reversed(Rule)
    }
    timed("the same again", lambda: links(rows, preset=BORDERLAND, rule=Rule.OPEN), lambda _: "kept by content")
    timed(
        "words of a thousand links", lambda: list(found[Rule.OPEN][:1000]), lambda told: told[0].reason if told else ""
    )
    print("  to take under 10 s for 350,000:")
    timed(
        "border distance and side",
        lambda: measure_borders(rows, boundaries=boundaries),
        lambda measured: (
            f"{int(measured['border_distance_min_km'].notna().sum()):,} with a distance, "
            f"{int((measured['side'] == 'certain').sum()):,} sides certain"
        ),
    )
    some = around(rows, found[Rule.OPEN], number=asked.check)
    again = timed("links of those to be checked", lambda: links(some, preset=BORDERLAND, rule=Rule.OPEN), lambda _: "")
    expected = timed(f"every pair of {len(some):,}", lambda: plainly(some), lambda found: f"{len(found):,} links")
    given = {(*sorted((link.first_id, link.second_id)),): link.strength == "firm" for link in again}
    missed, invented = expected.keys() - given.keys(), given.keys() - expected.keys()
    otherwise = sum(given[pair] != expected[pair] for pair in given.keys() & expected.keys())
    print(f"  missed {len(missed)}, invented {len(invented)}, firm or possible judged otherwise {otherwise}")
    if missed or invented or otherwise:
        message = "the links are not those that measuring every pair gives"
        raise SystemExit(message)


if __name__ == "__main__":
    main()
