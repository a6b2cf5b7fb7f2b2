"""The base map: outlines packed for the browser, names that do nothing, and the same bytes each time."""

import html
import json

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from gazetteer.boundaries import Boundaries
from incidents.basemap import UNITS_PER_DEGREE, basemap, countries_with_divisions, pack


def unpacked(ring: list[int]) -> np.ndarray:
    """Degrees of longitude and latitude, as the browser reads them."""
    return np.cumsum(np.reshape(ring, (-1, 2)), axis=0) / UNITS_PER_DEGREE


DEGREES = st.tuples(st.floats(-180, 180), st.floats(-90, 90))


@given(st.lists(DEGREES, min_size=2, max_size=20))
def test_a_packed_line_lies_within_half_a_thousandth_of_a_degree(points):
    packed = pack(shapely.LineString(points))
    steps = np.rint(np.array(points) * UNITS_PER_DEGREE)
    moved = np.r_[True, np.any(np.diff(steps, axis=0) != 0, axis=1)]
    if moved.sum() < 2:
        assert packed == []
    else:
        (ring,) = packed
        assert np.abs(unpacked(ring) - np.array(points)[moved]).max() <= 0.5 / UNITS_PER_DEGREE + 1e-9


def test_a_polygon_packs_its_holes_and_a_collection_each_of_its_parts():
    square, hole, far = shapely.box(0, 0, 3, 3), shapely.box(1, 1, 2, 2), shapely.box(5, 5, 6, 6)
    rings = pack(shapely.MultiPolygon([square - hole, far]))
    assert [len(ring) for ring in rings] == [10, 10, 10]
    assert sum(abs(shapely.Polygon(unpacked(ring)).area) for ring in rings) == pytest.approx(9 + 1 + 1)


def test_what_is_smaller_than_a_step_is_not_drawn():
    assert pack(shapely.box(0.00001, 0.00001, 0.00002, 0.00002)) == []


@pytest.fixture(scope="module")
def sahel() -> dict[str, list[dict]]:
    return json.loads(basemap(("BF", "CI", "TG")))


def test_every_country_is_there_and_the_divisions_of_those_asked_for(sahel):
    boundaries = Boundaries.load()
    assert len(sahel["countries"]) == len(boundaries.countries)
    names = {html.unescape(unit["name"]) for unit in sahel["divisions"]}
    assert {"Savanes", "Kompienga"} <= names
    assert "Kunduz" not in names
    assert len(sahel["divisions"]) == boundaries.divisions["country_code"].isin(["BF", "CI", "TG"]).sum()


def test_a_country_with_an_apostrophe_is_named_and_its_name_does_nothing(sahel):
    names = [unit["name"] for unit in sahel["countries"] if "Ivoire" in unit["name"]]
    assert names
    every = [unit["name"] for units in (sahel["countries"], sahel["divisions"]) for unit in units]
    assert all(set(name).isdisjoint("<>`$\\{}\"'") for name in every)


def test_a_label_stands_inside_its_country(sahel):
    boundaries = Boundaries.load().countries
    by_name = dict(zip(boundaries["name"], boundaries.geometry, strict=True))
    for unit in sahel["countries"]:
        latitude, longitude = unit["at"]
        outline = by_name[html.unescape(unit["name"])]
        assert outline.distance(shapely.Point(longitude, latitude)) < 0.001, unit["name"]


def test_disputed_lines_are_lines_of_their_own_but_for_those_shorter_than_a_step(sahel):
    lengths = shapely.length(Boundaries.load().disputed_borders.geometry.to_numpy())
    assert len(sahel["disputed"]) == (lengths > 1 / UNITS_PER_DEGREE).sum()
    assert all(line["rings"] for line in sahel["disputed"])


def test_every_unit_has_an_outline(sahel):
    assert all(unit["rings"] for units in (sahel["countries"], sahel["divisions"]) for unit in units)


def test_the_base_map_is_the_same_bytes_each_time_and_small_enough_to_fetch_at_a_start():
    first = basemap(("TG",))
    basemap.cache_clear()
    assert basemap(("TG",)) == first
    assert len(first) < 4_000_000


def test_the_countries_whose_divisions_are_drawn_are_those_of_the_incidents_in_a_fixed_order(incidents_of):
    codes = ["TG", "AF", None, "TG"]
    assert countries_with_divisions(incidents_of(*({"country_code": code} for code in codes))) == ("AF", "TG")
    assert countries_with_divisions(incidents_of()) == ()
