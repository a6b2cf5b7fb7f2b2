"""Corridors: links by district pair and group, one geodesic each, and whose country it crosses."""

import numpy as np
import pytest
import shapely
from hypothesis import assume, given
from hypothesis import strategies as st
from pyproj import Geod

from gazetteer.boundaries import Boundaries
from incidents.dataset import Dataset
from incidents.spillover import BORDERLAND, Preset, Rule, corridors, geodesic, links
from tests.test_spillover import EAST, away, incidents

GEOD = Geod(ellps="WGS84")
FAR = Preset("far", 3000, 30, "the test")


@pytest.fixture(scope="module")
def boundaries() -> Boundaries:
    return Boundaries.load()


def found(boundaries, *rows, preset=BORDERLAND, rule=Rule.OPEN):
    shown = incidents(*rows)
    return corridors(links(shown, preset=preset, rule=rule), incidents=shown, boundaries=boundaries)


WEST_SIDE = {"country_code": "XA", "admin1": "Westland", "admin2": "Upper West"}
EAST_SIDE = {"country_code": "XB", "admin1": "Eastland", "admin2": "Lower East", **away(20, EAST)}


def test_links_between_two_districts_are_one_corridor_with_its_count_and_days(boundaries):
    (corridor,) = found(
        boundaries,
        {**WEST_SIDE, "date_start": "2021-11-02"},
        {**WEST_SIDE, "date_start": "2021-11-20"},
        {**EAST_SIDE, "date_start": "2021-11-12"},
    )
    assert [str(unit) for unit in corridor.units] == ["Upper West (XA)", "Lower East (XB)"]
    assert (corridor.links, corridor.firm, corridor.forth, corridor.back) == (2, 2, 1, 1)
    assert (str(corridor.first_day), str(corridor.last_day)) == ("2021-11-02", "2021-11-20")
    assert corridor.incident_ids == ("i0", "i1", "i2")
    assert corridor.reason.startswith(
        "2 links of JNIM between Upper West (XA) and Lower East (XB), 2 firm, 2 Nov 2021 to 20 Nov 2021. In time 1 "
        "towards Lower East (XB) and 1 towards Upper West (XA). Association of reported incidents, "
        "not an observed route."
    )


def test_every_link_is_in_exactly_one_corridor(boundaries):
    rows = [
        {**side, "admin2": name, "actor_family": family, "date_start": f"2021-11-{day:02}"}
        for day, (side, name, family) in enumerate(
            [(WEST_SIDE, "A", "JNIM"), (EAST_SIDE, "B", "JNIM"), (EAST_SIDE, "C", "ISKP"), (WEST_SIDE, "A", None)], 1
        )
    ]
    shown = incidents(*rows)
    each = links(shown, preset=BORDERLAND, rule=Rule.OPEN)
    put = corridors(each, incidents=shown, boundaries=boundaries)
    assert sum(corridor.links for corridor in put) == len(each) == 4
    assert [(corridor.family, corridor.units[1].name) for corridor in put] == [(None, "C"), (None, "B"), ("JNIM", "B")]


@pytest.mark.parametrize(
    ("units", "name"),
    [
        ({"admin1": "Savanes", "admin2": "Kpendjal", "country": "Togo"}, "Kpendjal (XA)"),
        ({"admin1": "Savanes", "admin2": None, "country": "Togo"}, "Savanes (XA)"),
        ({"admin1": None, "admin2": None, "country": "Togo"}, "Togo (XA)"),
        ({"admin1": None, "admin2": None, "country": None}, "XA (XA)"),
    ],
)
def test_a_unit_is_the_smallest_that_is_known(boundaries, units, name):
    (corridor,) = found(boundaries, {**WEST_SIDE, **units}, EAST_SIDE)
    assert str(corridor.units[0]) == name


def test_the_line_joins_the_middles_of_the_linked_incidents(boundaries):
    rows = [{**WEST_SIDE, **away(km, EAST)} for km in (0, 10)]
    (corridor,) = found(boundaries, *rows, {**EAST_SIDE, **away(40, EAST)})
    start, end = corridor.line.coords[0], corridor.line.coords[-1]
    assert start == pytest.approx(tuple(away(5, EAST).values()), abs=1e-4)
    assert end == pytest.approx(tuple(away(40, EAST).values()), abs=1e-4)


def test_a_line_over_a_third_country_names_it(boundaries):
    """From Niamey in Niger to Natitingou in Benin over Burkina Faso's Tapoa."""
    rows = (
        {"country_code": "NE", "longitude": 1.4, "latitude": 12.9},
        {"country_code": "BJ", "longitude": 1.3, "latitude": 10.6},
    )
    (corridor,) = found(boundaries, *rows, preset=FAR)
    assert corridor.third_countries == ("Burkina Faso",)
    assert corridor.reason.endswith("The straight line crosses Burkina Faso.")


def test_several_third_countries_are_named_in_the_order_of_the_line(boundaries):
    rows = (
        {"country_code": "PT", "longitude": -8.0, "latitude": 39.5},
        {"country_code": "DE", "longitude": 10.0, "latitude": 51.0},
    )
    (corridor,) = found(boundaries, *rows, preset=FAR)
    assert [unit.country_code for unit in corridor.units] == ["DE", "PT"]
    assert [name for name in corridor.third_countries if name in ("France", "Spain")] == ["France", "Spain"]


points = st.tuples(st.floats(-180, 180), st.floats(-80, 80))


@given(points, points)
def test_a_geodesic_is_as_long_as_the_distance_and_no_piece_of_it_jumps_over_the_world(start, end):
    assume(GEOD.inv(*start, *end)[2] > 1000)
    line = geodesic(start, end)
    assert GEOD.geometry_length(line) == pytest.approx(GEOD.inv(*start, *end)[2], rel=1e-3)
    for piece in shapely.get_parts(line):
        longitudes = shapely.get_coordinates(piece)[:, 0]
        assert np.abs(longitudes).max() <= 180
        near_pole = np.abs(shapely.get_coordinates(piece)[:, 1]).max() > 85
        assert near_pole or np.abs(np.diff(longitudes)).max() < 90


def test_across_the_antimeridian_a_line_is_cut_in_two_and_goes_the_short_way(boundaries):
    rows = (
        {"country_code": "XA", "longitude": 179.9, "latitude": -16.5},
        {"country_code": "XB", "longitude": -179.9, "latitude": -16.6},
    )
    (corridor,) = found(boundaries, *rows)
    west, east = shapely.get_parts(corridor.line)
    assert (west.coords[0][0], west.coords[-1][0], east.coords[0][0], east.coords[-1][0]) == pytest.approx(
        (179.9, 180, -180, -179.9)
    )


def test_a_geodesic_bends_to_the_pole_where_a_line_of_degrees_would_not():
    assert geodesic((-60, 60), (60, 60)).bounds[3] > 70


def test_no_links_are_no_corridor(boundaries):
    assert found(boundaries, WEST_SIDE) == ()


def test_the_document_s_link_is_one_corridor_of_no_one_group(desk: Dataset, boundaries):
    each = links(desk.incidents, preset=BORDERLAND, rule=Rule.OPEN)
    (corridor,) = corridors(each, incidents=desk.incidents, boundaries=boundaries)
    assert [str(unit) for unit in corridor.units] == ["Kompienga (BF)", "Kpendjal (TG)"]
    assert (corridor.family, corridor.links, corridor.firm, corridor.third_countries) == (None, 1, 0, ())
    assert "1 link of no one group" in corridor.reason


@pytest.mark.parametrize("apart_degrees", [0.05, 0.001, 0.0], ids=["5 km", "100 m", "one place"])
def test_a_line_shorter_than_a_step_is_the_line_between_its_ends(apart_degrees):
    line = geodesic((0.7, 11.1), (0.7 + apart_degrees, 11.1))
    assert [tuple(point) for point in shapely.get_coordinates(line)] == [
        (0.7, 11.1),
        (pytest.approx(0.7 + apart_degrees), 11.1),
    ]


def test_two_incidents_on_one_spot_of_a_border_are_a_corridor_of_no_length(boundaries):
    shown = incidents({"admin2": "Here"}, {"country_code": "XB", "admin2": "There"})
    (found,) = corridors(links(shown, preset=BORDERLAND, rule=Rule.OPEN), incidents=shown, boundaries=boundaries)
    assert (found.links, found.third_countries, found.line.length) == (1, (), 0)
