"""Clusters, classed cells and returns: what many incidents show together, and nothing of the kind where there are few."""

from collections import deque
from datetime import date, timedelta
from math import sqrt

import numpy as np
import pytest

from incidents.spillover import SCDI_WORDS, clusters, conflict_cells, first_in_days
from tests.test_spillover import EAST, GEOD, KUNDUZ, away, incidents

DAY = date(2021, 11, 2)


def scattered(number: int, *, seed: int, extent_km: float = 120, days: int = 60) -> list[dict]:
    """Incidents around Kunduz, half of them huddled at three places and times."""
    random = np.random.default_rng(seed)
    rows = []
    for _ in range(number):
        if random.random() < 0.5:
            huddle = int(random.integers(3))
            km, bearing = 40 * huddle + abs(random.normal(0, 6)), 120 * huddle + random.normal(0, 8)
            day = 10 * huddle + int(random.integers(6))
        else:
            km, bearing, day = random.uniform(0, extent_km), random.uniform(0, 360), int(random.integers(days))
        rows.append({**away(km, bearing), "date_start": str(DAY + timedelta(days=day))})
    return rows


def plain_dbscan(rows: list[dict], *, distance_km: float, days: int, min_points: int) -> tuple[set, set]:
    """Partition of the cores, and all incidents that are near a core, by walking from neighbour to neighbour."""

    def near(one: int, other: int) -> bool:
        a, b = rows[one], rows[other]
        apart_km = GEOD.inv(a["longitude"], a["latitude"], b["longitude"], b["latitude"])[2] / 1000
        gap = abs((date.fromisoformat(a["date_start"]) - date.fromisoformat(b["date_start"])).days)
        return apart_km <= distance_km and gap <= days

    around = {one: {other for other in range(len(rows)) if near(one, other)} for one in range(len(rows))}
    cores = {one for one, others in around.items() if len(others) >= min_points}
    found, seen = set(), set()
    for core in sorted(cores):
        if core in seen:
            continue
        group, queue = {core}, deque([core])
        while queue:
            for other in around[queue.popleft()] & cores - group:
                group.add(other)
                queue.append(other)
        seen |= group
        found.add(frozenset(group))
    return found, {one for one in around if around[one] & cores}


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize(("distance_km", "days", "min_points"), [(20, 14, 6), (50, 30, 10), (8, 3, 4)])
def test_clusters_are_those_of_a_plain_walk_from_neighbour_to_neighbour(seed, distance_km, days, min_points):
    rows = scattered(90, seed=seed)
    found = clusters(incidents(*rows), distance_km=distance_km, days=days, min_points=min_points)
    cores, reached = plain_dbscan(rows, distance_km=distance_km, days=days, min_points=min_points)
    members = [{int(one[1:]) for one in cluster.incident_ids} for cluster in found.found]
    assert set().union(*members) == reached
    assert sum(map(len, members)) == len(reached), "no incident is in two clusters"
    all_cores = set().union(*cores)
    assert {frozenset(inside & all_cores) for inside in members} == cores
    assert sorted(cluster.cores for cluster in found.found) == sorted(map(len, cores))


def test_the_parameters_are_printed_with_the_clusters():
    said = clusters(incidents(*scattered(60, seed=1)), distance_km=20, days=14).parameters
    assert "ST-DBSCAN" in said
    assert "6 incidents within 20 km and 14 days" in said
    assert "60 of 60 incidents" in said


def test_the_same_incidents_in_another_order_are_the_same_clusters():
    shown = incidents(*scattered(90, seed=2))
    mixed = shown.sample(frac=1, random_state=5)
    assert clusters(shown, distance_km=20, days=14).found == clusters(mixed, distance_km=20, days=14).found


@pytest.mark.parametrize(("number", "too_few"), [(29, True), (30, False)])
def test_clusters_and_cells_are_looked_for_from_thirty_incidents_on(number, too_few):
    here = incidents(*[{"date_start": "2021-11-02", "event_type": "Battles"}] * number)
    found, classed = clusters(here, distance_km=20, days=14), conflict_cells(here)
    assert (found.too_few, bool(found.found)) == (too_few, not too_few)
    assert (classed.too_few, bool(classed.found)) == (too_few, not too_few)
    assert ("under 30" in found.parameters, "under 30" in classed.parameters) == (too_few, too_few)


@pytest.mark.parametrize(
    "vague",
    [{"uncertainty_km": 21}, {"date_end": "2021-11-17"}, {"date_start": None}, {"geometry": None}],
    ids=["anywhere within 21 km", "any of 16 days", "undated", "not drawn"],
)
def test_what_is_known_no_finer_than_the_parameters_is_in_no_cluster(vague):
    rows = [{}] * 30 + [vague]
    found = clusters(incidents(*rows), distance_km=20, days=14)
    assert (found.shown, found.eligible) == (31, 30)
    assert "i30" not in found.found[0].incident_ids


def test_the_outline_of_a_cluster_holds_its_incidents():
    shown = incidents(*scattered(90, seed=3))
    for cluster in clusters(shown, distance_km=20, days=14).found:
        points = shown.loc[shown["incident_id"].isin(cluster.incident_ids)].geometry
        assert points.within(cluster.outline).all()


BATTLE = {"event_type": "Battles"}


def strewn(number: int, *, within_km: float) -> list[dict]:
    random = np.random.default_rng(7)
    return [
        {**BATTLE, **away(within_km * sqrt(random.random()), random.uniform(0, 360), start=(10.2, 0.2))}
        for _ in range(number)
    ]


def test_cells_are_equal_in_area_wherever_they_lie():
    areas = []
    for latitude in (0.2, 36.7, -52.3, 74.2):
        here = incidents(*[{**BATTLE, "longitude": 10.1, "latitude": latitude}] * 30)
        (cell,) = conflict_cells(here).found
        areas.append(abs(GEOD.geometry_area_perimeter(cell.outline)[0]) / 1e6)
    assert areas == pytest.approx([2500] * 4, rel=0.01)


def test_a_cell_is_classed_by_its_count_and_by_its_nearest_neighbours_as_a_plain_computation_gives():
    rows = strewn(40, within_km=60)
    classed = conflict_cells(incidents(*rows))
    assert len(classed.found) > 1
    for cell in classed.found:
        west, south, east, north = cell.outline.bounds
        inside = [
            (row["longitude"], row["latitude"])
            for row in rows
            if west <= row["longitude"] < east and south <= row["latitude"] < north
        ]
        assert len(inside) == cell.incidents
        nearest = [
            min(GEOD.inv(*one, *other)[2] / 1000 for there, other in enumerate(inside) if there != here)
            for here, one in enumerate(inside)
        ]
        area = abs(GEOD.geometry_area_perimeter(cell.outline)[0]) / 1e6
        ratio = np.mean(nearest) / (0.5 * sqrt(area / len(inside)))
        assert cell.nearest_ratio == pytest.approx(ratio, rel=1e-3)
        assert cell.scdi == ("C" if ratio < 1 else "D") + ("H" if len(inside) / area >= 0.0017 else "L")
        assert cell.scdi in SCDI_WORDS


@pytest.mark.parametrize(("number", "intensity"), [(4, "L"), (5, "H")])
def test_five_incidents_in_a_cell_and_year_are_of_high_intensity(number, intensity):
    elsewhere = [{**BATTLE, "longitude": 20.1, "latitude": 0.2}] * 30
    here = [{**BATTLE, "longitude": 10.1, "latitude": 0.2}] * number
    (_, cell) = conflict_cells(incidents(*elsewhere, *here)).found
    assert (cell.incidents, cell.scdi) == (number, f"C{intensity}")


@pytest.mark.parametrize(
    "row",
    [{"event_type": "Protests"}, {"date_start": "2020-11-02"}, {"uncertainty_km": 26}, {"geometry": None}],
    ids=["not violent", "before the year", "in another cell perhaps", "not drawn"],
)
def test_what_the_indicator_does_not_take_is_in_no_cell(row):
    classed = conflict_cells(incidents(*[BATTLE] * 30, {**BATTLE, **row}))
    assert (classed.shown, classed.eligible) == (31, 30)


def test_the_definition_and_the_year_are_printed_with_the_cells():
    said = conflict_cells(incidents(*[BATTLE] * 30)).parameters
    for part in ("doi 10.1080/09546553.2021.1957846", "3 Nov 2020 to 2 Nov 2021", "50 by 50 km", "0.0017 per km²"):
        assert part in said


def test_nothing_shown_has_neither_clusters_nor_cells():
    assert clusters(incidents(), distance_km=20, days=14).too_few
    assert conflict_cells(incidents()).too_few


LONG_AGO, NOW = {"date_start": "2020-06-01"}, {"date_start": "2021-11-02"}
OF_OTHERS = {"date_start": "2021-05-01", "actor_family": "ISKP"}


def returns(*rows: dict, days: int = 365) -> list[tuple[str, bool]]:
    shown = incidents(*rows)
    return [(one.incident_id, one.proven) for one in first_in_days(shown, within=shown, days=days)]


def test_a_group_that_is_back_after_a_year_is_news():
    assert returns(LONG_AGO, OF_OTHERS, NOW) == [("i2", True)]


@pytest.mark.parametrize(
    "rows",
    [
        (LONG_AGO, NOW),
        (OF_OTHERS, NOW),
        (LONG_AGO, OF_OTHERS, {"date_start": "2021-06-01"}, NOW),
        (LONG_AGO, OF_OTHERS, {**NOW, "attribution": "none"}),
        ({**LONG_AGO, "country_code": "XB"}, OF_OTHERS, NOW),
    ],
    ids=["the data is silent", "it was never there", "it was there since", "nobody says it was they", "elsewhere"],
)
def test_no_absence_is_made_of_silence(rows):
    assert all(found != f"i{len(rows) - 1}" for found, _ in returns(*rows))


def test_an_interval_that_may_lie_in_between_leaves_the_order_open():
    between = {"date_start": "2020-01-01", "date_end": "2021-12-31"}
    assert returns(LONG_AGO, OF_OTHERS, NOW, between) == [("i2", False)]


def test_the_days_can_be_chosen_and_stand_in_the_reason():
    shown = incidents({"date_start": "2021-08-01"}, {**OF_OTHERS, "date_start": "2021-10-15"}, NOW)
    assert first_in_days(shown, within=shown) == ()
    (found,) = first_in_days(shown, within=shown, days=60)
    assert found.quiet_days == 60
    assert "in 60 days" in found.reason
    assert "the one before was Place 0 (1 Aug 2021)" in found.reason


def test_a_cluster_crosses_borders():
    rows = [{}] * 15 + [{"country_code": "XB", **away(5, EAST, start=KUNDUZ)}] * 15
    (cluster,) = clusters(incidents(*rows), distance_km=20, days=14).found
    assert cluster.country_codes == ("XA", "XB")
    assert cluster.reason.startswith("30 incidents in XA and XB, 2 Nov 2021 to 2 Nov 2021: JNIM 30.")
