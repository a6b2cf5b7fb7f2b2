"""Frames show what they promise, in a projection that suits them."""

import geopandas as gpd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from shapely.geometry import Point, box

from incidents.frames import FRAMES, WORLD, Frame, frame_of, in_view, opening_frame

longitudes = st.floats(-179, 179)
latitudes = st.floats(-89, 89)


def layer(*geometries):
    return gpd.GeoDataFrame(geometry=list(geometries), crs="EPSG:4326")


@pytest.mark.parametrize(
    ("key", "place", "longitude", "latitude"),
    [
        ("sahel", "Kompienga", 0.72, 11.08),
        ("sahel", "Inata", -1.3, 14.3),
        ("sahel", "Dapaong", 0.2, 10.86),
        ("afghanistan", "Kabul", 69.17, 34.53),
        ("afghanistan", "Karachi", 67.0, 24.86),
        ("iraq", "Baghdad", 44.39, 33.31),
        ("iraq", "Basra", 47.8, 30.5),
    ],
)
def test_a_theatre_holds_its_towns(key, place, longitude, latitude):
    frame = FRAMES[key]

    assert frame.key == key
    assert frame.west < longitude < frame.east, place
    assert frame.south < latitude < frame.north, place


@given(st.lists(st.tuples(longitudes, latitudes), min_size=1, max_size=6))
def test_a_frame_of_incidents_holds_them_all_with_room_around_them(places):
    frame = frame_of(layer(*(Point(*place) for place in places)))

    for longitude, latitude in places:
        assert frame.west < longitude < frame.east
        assert frame.south < latitude < frame.north


def test_a_single_incident_is_framed_with_its_surroundings():
    frame = frame_of(layer(Point(0.7, 11.1)))

    assert frame.east - frame.west >= 3
    assert frame.north - frame.south >= 3


def test_an_area_counts_with_its_whole_extent():
    frame = frame_of(layer(box(40, 30, 50, 36), None))

    assert frame.west < 40
    assert frame.east > 50


@pytest.mark.parametrize("geometries", [[], [None, None]], ids=["no incident", "none that is mapped"])
def test_where_nothing_is_drawn_the_frame_is_the_world(geometries):
    assert frame_of(layer(*geometries)) == WORLD


SYDNEY, COLOGNE, KABUL, INATA = Point(151.2, -33.9), Point(6.96, 50.94), Point(69.2, 34.5), Point(-1.3, 14.3)


def test_one_incident_on_the_other_side_of_the_world_does_not_open_a_map_of_the_world():
    assert opening_frame(layer(*[KABUL, INATA] * 5, SYDNEY, None)) == frame_of(layer(KABUL, INATA))


@pytest.mark.parametrize(
    "places",
    [[SYDNEY], [SYDNEY, COLOGNE, KABUL], [KABUL, INATA], [None], []],
    ids=["all outside", "most outside", "all inside", "nothing mapped", "nothing"],
)
def test_a_desk_opens_on_all_that_is_drawn_unless_nearly_all_of_it_lies_in_the_theatres(places):
    assert opening_frame(layer(*places)) == frame_of(layer(*places))


def test_what_is_in_view_is_drawn_within_the_rectangle_be_it_in_part():
    places = layer(Point(0.7, 11.1), box(4, 10, 8, 12), SYDNEY, None)
    assert list(in_view(places, FRAMES["sahel"].bounds).index) == [0, 1]


@pytest.mark.parametrize("frame", [*FRAMES.values(), WORLD], ids=lambda frame: frame.title)
def test_a_frame_names_its_projection_and_datum(frame):
    assert frame.crs.is_projected
    assert frame.crs.axis_info[0].unit_name == "metre"
    assert frame.crs_words.endswith("datum WGS 84")


@pytest.mark.parametrize(
    ("west", "south", "east", "north"), [(10, 0, 5, 5), (0, 5, 5, 5), (-200, 0, 5, 5), (0, -91, 5, 5)]
)
def test_a_rectangle_that_is_none_is_refused(west, south, east, north):
    with pytest.raises(ValueError, match="not a rectangle on the globe"):
        Frame("wrong", "Wrong", west=west, south=south, east=east, north=north)
