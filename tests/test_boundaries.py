"""Countries, divisions and land borders: what holds a point, and how far the border is."""

from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import Geod
from shapely.geometry import Polygon, box

from gazetteer import (
    AmbiguousNameError,
    Boundaries,
    CoordinateError,
    MissingDataError,
    UnknownCountryError,
    UnknownPlaceError,
    covering_radius_km,
)
from gazetteer.boundaries import DATA
from gazetteer.build.naturalearth import STEP_DEGREES, countries_and_divisions, land_borders, write

WGS84 = Geod(ellps="WGS84")


@pytest.fixture(scope="module")
def boundaries() -> Boundaries:
    return Boundaries.load()


KOMPIENGA = (0.72365, 11.08169)
MANDOURI = (0.81667, 10.85)


@pytest.mark.parametrize("code", ["FR", "NO", "XK", "SO", "CY", "PS", "EH", "TW", "NA", "TK", "CX", "CC"])
def test_every_country_that_sources_leave_without_a_code_has_one(boundaries, code):
    assert boundaries.country(code).country_code == code


def test_only_land_that_several_states_claim_has_no_code(boundaries):
    countries = boundaries.countries
    assert set(countries.loc[countries["country_code"].isna(), "name"]) == {
        "Siachen Glacier",
        "Spratly Islands",
    }
    assert countries["country_code"].dropna().str.fullmatch("[A-Z]{2}").all()
    assert countries["country_code"].dropna().is_unique
    assert not countries["name"].str.contains(r"\.", regex=True).any()


@pytest.mark.parametrize(("code", "count"), [("AF", 34), ("BF", 45), ("IQ", 18), ("TG", 5)])
def test_countries_have_the_divisions_of_the_source(boundaries, code, count):
    named = boundaries.divisions.loc[boundaries.divisions["country_code"] == code, "name"]
    assert len(named) == count
    assert named.is_unique


def test_keys_are_unique_across_both_levels(boundaries):
    keys = [*boundaries.countries["key"], *boundaries.divisions["key"]]
    assert len(set(keys)) == len(keys)


@pytest.mark.parametrize("table", ["countries", "divisions"])
def test_rounding_left_every_outline_valid_and_every_shared_border_shared(boundaries, table):
    outlines = getattr(boundaries, table).geometry.to_numpy()
    assert shapely.is_valid(outlines).all()
    assert (shapely.get_coordinates(outlines) % STEP_DEGREES == 0).all()


def test_a_country_is_exactly_its_divisions(boundaries):
    for code in ("TG", "AF", "SO"):
        parts = boundaries.divisions.loc[boundaries.divisions["country_code"] == code].geometry
        assert boundaries.country(code).geometry.equals(shapely.coverage_union_all(parts))


@pytest.mark.parametrize(
    ("longitude", "latitude", "country", "division"),
    [
        (*KOMPIENGA, "BF", "Kompienga"),
        (*MANDOURI, "TG", "Savanes"),
        (69.17233, 34.52813, "AF", "Kabul"),
        (66.4, 33.7, "AF", "Daykundi"),
        (69.9, 35.5, "AF", "Panjshir"),
        (44.06, 9.56, "SO", "Somaliland"),
        (2.35, 48.85, "FR", "Paris"),
    ],
)
def test_a_point_is_in_its_country_and_its_division(boundaries, longitude, latitude, country, division):
    assert boundaries.country_at(longitude, latitude) == country
    assert boundaries.division_at(longitude, latitude).name == division


def test_a_point_at_sea_is_in_no_country(boundaries):
    assert boundaries.country_at(0.0, 0.0) is None
    assert boundaries.division_at(0.0, 0.0) is None


def test_a_point_on_the_border_is_in_neither_country(boundaries):
    shared = boundaries.country("TG").geometry.intersection(boundaries.country("BF").geometry)
    longitude, latitude = shapely.get_coordinates(shared)[0]
    assert boundaries.country_at(longitude, latitude) is None


@pytest.mark.parametrize("position", [(181, 0), (0, -91), (float("nan"), 0)])
def test_what_is_no_position_is_refused(boundaries, position):
    with pytest.raises(CoordinateError):
        boundaries.country_at(*position)
    with pytest.raises(CoordinateError):
        boundaries.border_distance(*position, country_code="TG")


def test_a_division_is_found_by_its_name_and_by_a_listed_variant(boundaries):
    assert boundaries.division("hirat", country_code="AF").key == "naturalearth:af-hirat"
    assert boundaries.division("Herat", country_code="af").key == "naturalearth:af-hirat"


def test_a_division_that_is_not_there_or_there_twice_is_an_error(boundaries):
    with pytest.raises(UnknownPlaceError, match="Atlantis"):
        boundaries.division("Atlantis", country_code="TG")
    with pytest.raises(AmbiguousNameError, match="2 divisions named 'Cork'"):
        boundaries.division("Cork", country_code="IE")
    with pytest.raises(UnknownCountryError, match="ZZ"):
        boundaries.country("ZZ")


def test_a_footprint_may_be_a_union(boundaries):
    north, south = (
        boundaries.footprint("naturalearth:tg-savanes"),
        boundaries.footprint("naturalearth:tg-kara"),
    )
    both = boundaries.footprint("naturalearth:tg-savanes+naturalearth:tg-kara")
    assert both.area == pytest.approx(north.area + south.area)
    with pytest.raises(UnknownPlaceError, match="wof:1"):
        boundaries.footprint("wof:1")


def test_outlines_from_who_s_on_first_carry_author_licence_and_date(boundaries):
    table = boundaries._table("footprints.parquet")
    assert set(table["licence"]) == {"CC0 1.0"}
    assert table[["author", "last_modified", "name"]].notna().all(axis=None)
    assert table.geometry.is_valid.all()


def test_the_border_of_togo_is_ten_kilometres_from_kompienga(boundaries):
    found = boundaries.border_distance(*KOMPIENGA, country_code="BF")
    assert found.facing_country_code == "TG"
    assert found.distance_km == pytest.approx(10.2, abs=0.5)
    _, _, metres = WGS84.inv(*KOMPIENGA, found.longitude, found.latitude)
    assert found.distance_km == pytest.approx(metres / 1000)


def test_mandouri_is_near_benin_and_the_border_with_burkina_faso_is_sixteen_kilometres_off(boundaries):
    nearest = boundaries.border_distance(*MANDOURI, country_code="TG")
    assert (nearest.facing_country_code, round(nearest.distance_km, 1)) == ("BJ", 5.8)
    north = boundaries.border_distance(*MANDOURI, country_code="TG", facing="BF")
    assert (north.facing_country_code, round(north.distance_km, 1)) == ("BF", 15.6)
    assert boundaries.border_distance(*MANDOURI, country_code="TG", facing="NE") is None


def test_a_coast_is_no_border_and_an_island_has_none(boundaries):
    lome = boundaries.border_distance(1.22, 6.13, country_code="TG")
    assert lome.facing_country_code == "GH"
    assert boundaries.border_distance(151.2, -33.9, country_code="AU") is None
    assert boundaries.border_distances([151.2], [-33.9], country_code="AU").empty
    assert boundaries.border_distance_interval(box(150, -35, 151, -34), country_code="AU") is None


def test_territory_without_a_code_is_faced_as_none(boundaries):
    assert boundaries.border_distance(77.3, 35.25, country_code="IN").facing_country_code is None


@settings(deadline=None, max_examples=25)
@given(
    longitude=st.floats(-180, 180, allow_nan=False),
    latitude=st.floats(-90, 90, allow_nan=False),
    code=st.sampled_from(["TG", "BF", "RU", "CL", "US"]),
)
def test_no_vertex_of_the_border_is_nearer_than_the_nearest_point(longitude, latitude, code):
    boundaries = Boundaries.load()
    found = boundaries.border_distance(longitude, latitude, country_code=code)
    lines = boundaries.land_borders
    ours = lines.loc[(lines["country_a"] == code) | (lines["country_b"] == code)].geometry
    vertices = shapely.get_coordinates(ours.to_numpy())
    here = np.broadcast_to((longitude, latitude), vertices.shape)
    _, _, metres = WGS84.inv(*here.T, *vertices.T)
    assert found.distance_km <= metres.min() / 1000 * 1.0001 + 0.01


def test_many_points_are_measured_as_one_is(boundaries):
    east, north = np.linspace(-1, 1, 7), np.linspace(10.5, 12, 7)
    together = boundaries.border_distances(east, north, country_code="BF")
    alone = [
        boundaries.border_distance(*point, country_code="BF").distance_km for point in zip(east, north, strict=True)
    ]
    assert together["distance_km"].to_list() == pytest.approx(alone)


def test_over_a_district_the_border_distance_is_an_interval(boundaries):
    kpendjal = boundaries.footprint("wof:421191833")
    found = boundaries.border_distance_interval(kpendjal, country_code="TG")
    assert found.minimum_km == 0
    assert 20 < found.maximum_km < 73.2
    assert found.error_km < 1


def test_the_interval_holds_the_distance_of_every_point_inside(boundaries):
    square = Polygon.from_bounds(0.6, 11.3, 0.9, 11.6)
    found = boundaries.border_distance_interval(square, country_code="BF")
    for longitude, latitude in ((0.61, 11.31), (0.75, 11.45), (0.89, 11.59)):
        distance_km = boundaries.border_distance(longitude, latitude, country_code="BF").distance_km
        assert found.minimum_km - found.error_km <= distance_km <= found.maximum_km + found.error_km


def test_label_points_are_inside_and_radii_reach_the_farthest_corner(boundaries):
    for table in (boundaries.countries, boundaries.divisions.iloc[::40]):
        points = shapely.points(table["longitude"], table["latitude"])
        # An islet may be smaller than the fifth decimal.
        assert (shapely.distance(points, table.geometry.to_numpy()) < 0.001).all()
        for row in table.itertuples():
            radius_km = covering_radius_km(row.geometry, longitude=row.longitude, latitude=row.latitude)
            assert row.uncertainty_km == pytest.approx(radius_km, abs=0.051)


def test_a_folder_without_the_files_says_which_is_missing(tmp_path: Path):
    with pytest.raises(MissingDataError, match=r"countries\.parquet"):
        Boundaries.load(tmp_path).country("TG")


def test_the_layer_is_one_object_and_names_its_source():
    assert Boundaries.load() is Boundaries.load()
    assert Boundaries.load().positional_error_km == 2.5
    assert "Natural Earth 4.1" in Boundaries.load().layer_citation


def test_all_boundaries_together_stay_small():
    assert sum(path.stat().st_size for path in DATA.glob("*.parquet")) < 6_000_000


def test_a_line_that_two_countries_share_is_a_border_and_the_rest_is_coast():
    # Two squares side by side; arc 0 is between them.
    countries = gpd.GeoDataFrame(
        {"key": ["naturalearth:aa", "naturalearth:bb", "naturalearth:ooo"]},
        geometry=[box(0, 1, 1, 2), box(0, 0, 1, 1), box(8, 8, 9, 9)],
        crs="EPSG:4326",
    )
    topology = {
        "transform": {"scale": [1.0, 1.0], "translate": [0.0, 0.0]},
        "arcs": [[[0, 1], [1, 0]], [[1, 1], [0, 1], [-1, 0], [0, -1]], [[0, 1], [0, -1], [1, 0], [0, 1]]],
        "objects": {
            "countries": {
                "geometries": [
                    {"type": "Polygon", "arcs": [[0, 1]], "properties": {"name": "north"}},
                    {"type": "MultiPolygon", "arcs": [[[~0, 2]]], "properties": {"name": "south"}},
                ]
            }
        },
    }
    found = land_borders(topology, countries)
    assert [(row.country_a, row.country_b, row.geometry.wkt) for row in found.itertuples()] == [
        ("AA", "BB", "LINESTRING (0 1, 1 1)")
    ]


def test_the_same_source_gives_the_same_bytes(boundaries, tmp_path: Path):
    states = boundaries.divisions.loc[
        boundaries.divisions["country_code"] == "TG", ["country_code", "name", "geometry"]
    ]
    states = states.rename(columns={"country_code": "iso_a2"}).assign(adm0_a3="TGO", gu_a3="TGO", fips="")
    states = states.assign(woe_name="", woe_label="", gn_name="").reset_index(drop=True)
    for file in ("one.parquet", "two.parquet"):
        countries, _ = countries_and_divisions(states, {"TG": "Togo"})
        write(countries, tmp_path / file)
    assert (tmp_path / "one.parquet").read_bytes() == (tmp_path / "two.parquet").read_bytes()
