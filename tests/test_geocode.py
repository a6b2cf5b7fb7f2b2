"""From the place as reported to what may be drawn: a point, an area, or nothing and the reason."""

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import Geod
from shapely import Point

from gazetteer import Verdict
from incidents.geocode import GAZETTEER, SOURCE, disc, locate, records, reported_places, why_not_mapped
from incidents.readers import read_table
from incidents.schema import DTYPES, LOCATED, GeoPrecision

GEOD = Geod(ellps="WGS84")


@pytest.fixture(scope="module")
def located(a_file, gazetteer):
    """Locate rows of cells."""
    return lambda *rows: locate(read_table(a_file(*rows)).accepted, gazetteer=gazetteer)


SANLOAGA = {
    "place_as_reported": "Sanloaga",
    "country": "Togo",
    "country_code": "TG",
    "admin1": "Savanes",
    "admin2": "Kpendjal",
}

KABUL = {"place_as_reported": "western Kabul", "country_code": "AF"}
KUNDUZ = {"place_as_reported": "Kunduz", "country_code": "AF"}
KONDUZ = {"place_as_reported": "Konduz City", "country_code": "AF"}
FAIZABAD = {"place_as_reported": "Faizabad interchange", "country_code": "PK"}

PLACES = {
    "a village that no gazetteer has": (SANLOAGA, ("Kpendjal", "admin2", 36.6, "unknown")),
    "a town": ({"feature_class": "P"}, ("Kompienga", "settlement", 5.0, "exact")),
    "a part of a city": (KABUL, ("Kabul", "settlement", 19.7, "exact")),
    "a name of a city and its province": (KUNDUZ, ("Kunduz", "admin1", 74.6, "ambiguous")),
    "another spelling": (KONDUZ, ("Kunduz", "settlement", 10.0, "variant")),
    "a junction, not the city of its name": (FAIZABAD, ("Faizabad interchange", "exact", 0.5, "exact")),
    "near a town": ({"place_as_reported": "near Djibo"}, ("Djibo", "near_settlement", 25.0, "exact")),
}


@pytest.mark.parametrize(("cells", "answer"), PLACES.values(), ids=PLACES)
def test_a_place_is_taken_as_finely_as_can_be_said_and_no_finer(located, cells, answer):
    (row,) = records(located(cells))
    columns = "place_name", "geo_precision", "uncertainty_km", "place_verdict"
    assert tuple(row[column] for column in columns) == answer
    assert row["geocoded_by"] == GAZETTEER
    assert row["place_as_reported"] == cells.get("place_as_reported", "Kompienga")
    assert row["place_reason"]


def test_a_country_is_listed_with_the_reason_and_never_pinned(located):
    incidents = located({"place_as_reported": "Afghanistan", "country": "Afghanistan", "country_code": "AF"})
    (row,) = records(incidents)
    assert (row["geo_precision"], row["longitude"], row["uncertainty_km"], row["geometry"]) == (
        "country",
        None,
        None,
        None,
    )
    assert list(why_not_mapped(incidents)) == ["Only the country is known: Afghanistan."]


def test_a_place_of_which_nothing_is_known_is_drawn_nowhere_and_says_so(located):
    incidents = located({"place_as_reported": "Sanlobaka", "country": "", "country_code": ""})
    (row,) = records(incidents)
    assert (row["geo_precision"], row["place_id"], row["geometry"]) == ("unknown", None, None)
    (why,) = why_not_mapped(incidents)
    assert "Sanlobaka" in why


def test_an_area_is_drawn_as_its_outline_and_a_settlement_as_a_point(located, gazetteer):
    district, town = located(SANLOAGA, {"feature_class": "P"}).geometry
    assert district.equals(gazetteer.footprint(gazetteer.place("curated:tg-kpendjal")))
    assert town.geom_type == "Point"


FROM_THE_FILE = {
    "longitude": "0.7",
    "latitude": "11.1",
    "geo_precision": "settlement",
    "uncertainty_km": "2.5",
}


def test_coordinates_that_the_file_brings_are_kept_and_named_as_its_own(located):
    (row,) = records(located(FROM_THE_FILE))
    assert (row["longitude"], row["latitude"], row["uncertainty_km"]) == (0.7, 11.1, 2.5)
    assert (row["geocoded_by"], row["place_name"]) == (SOURCE, None)
    assert row["geometry"].equals(Point(0.7, 11.1))


FUZZY = FROM_THE_FILE | {"geo_precision": "linear_or_fuzzy", "uncertainty_km": "40"}


def test_an_area_known_by_point_and_radius_alone_is_a_disc_cut_at_the_border_of_its_country(located, gazetteer):
    anywhere, burkina = located(FUZZY | {"country_code": ""}, FUZZY).geometry
    whole = disc(0.7, 11.1, radius_km=40)
    assert anywhere.equals(whole)
    assert burkina.symmetric_difference(whole & gazetteer.boundaries.country("BF").geometry).area < 1e-9
    assert 0 < burkina.area < whole.area


def test_coordinates_in_another_country_than_the_one_named_are_a_conflict_and_not_drawn(located):
    incidents = located(FUZZY | {"country_code": "AF"})
    (row,) = records(incidents)
    assert row["geometry"] is None
    assert row["review_status"] == "conflict"
    assert list(why_not_mapped(incidents)) == [
        "Its coordinates lie in Burkina Faso, its country is Afghanistan: nothing is drawn until an editor decides."
    ]


@pytest.mark.parametrize(
    ("uncertainty_km", "country"), [("2", "Burkina Faso"), ("40", None)], ids=["certain", "across a border"]
)
def test_a_country_that_the_source_leaves_open_is_filled_in_where_it_is_certain(located, uncertainty_km, country):
    (row,) = records(located(FUZZY | {"country_code": "", "country": "", "uncertainty_km": uncertainty_km}))
    assert row["country"] == country


def test_what_was_geocoded_before_stays_as_it_was_even_if_nothing_is_drawn(located):
    sea = {"geocoded_by": "editor", "geo_precision": "sea_or_air", "place_as_reported": "Gulf of Guinea"}
    incidents = located(sea)
    (row,) = records(incidents)
    assert (row["geocoded_by"], row["geo_precision"], row["place_id"]) == ("editor", "sea_or_air", None)
    assert list(why_not_mapped(incidents)) == ["At sea or in the air, outside every country."]


def test_a_country_without_its_name_is_named_by_the_gazetteer(located):
    incidents = located({"place_as_reported": "Togo", "country": "", "country_code": "TG"})
    assert list(why_not_mapped(incidents)) == ["Only the country is known: Togo."]


def test_the_table_has_its_types_and_its_reference_system_also_when_it_is_empty(located):
    for incidents in (located(), located({})):
        assert {column: str(incidents[column].dtype) for column in LOCATED} == {
            column: DTYPES[column] for column in LOCATED
        }
        assert incidents.crs.to_epsg() == 4326
        assert {"geometry", "place_verdict", "place_reason"} <= set(incidents.columns)


def test_locating_changes_nothing_in_the_table_it_is_given(a_file, gazetteer):
    accepted = read_table(a_file({})).accepted
    before = accepted.copy()
    locate(accepted, gazetteer=gazetteer)
    assert accepted.equals(before)


def test_locating_again_changes_nothing(located, gazetteer):
    once = located(SANLOAGA, {}, FROM_THE_FILE, {"place_as_reported": "Burkina Faso"})
    again = locate(once[list(DTYPES)], gazetteer=gazetteer)
    assert again.drop(columns="geometry").equals(once.drop(columns="geometry"))
    assert again.geometry.isna().equals(once.geometry.isna())


POINTS = ("exact", "settlement", "near_settlement")
AREAS = ("admin1", "admin2", "linear_or_fuzzy")


@settings(max_examples=25)
@given(
    st.lists(
        st.fixed_dictionaries(
            {
                "place_as_reported": st.text(min_size=1, max_size=20)
                | st.sampled_from(["Kabul", "near Djibo", "Soum", "Togo", "Xy, Kunduz"])
            },
            optional={
                "country_code": st.sampled_from(["", "AF", "BF", "TG", "JP"]),
                "admin1": st.sampled_from(["Savanes", "Kunduz"]) | st.text(max_size=8),
                "admin2": st.sampled_from(["Kpendjal", "Soum"]) | st.text(max_size=8),
                "feature_class": st.sampled_from([*"APRL", "?"]),
            },
        ),
        max_size=8,
    )
)
def test_whatever_a_source_calls_a_place_what_is_drawn_is_what_its_precision_allows(located, rows):
    incidents = located(*rows)
    for row in records(incidents):
        drawn = row["geometry"] and row["geometry"].geom_type
        if row["geo_precision"] in POINTS:
            assert drawn == "Point"
        elif row["geo_precision"] in AREAS:
            assert drawn in {"Polygon", "MultiPolygon"}
        else:
            assert drawn is None
        assert (row["longitude"] is None) == (row["uncertainty_km"] is None) == (drawn is None)
        assert row["place_verdict"] in set(Verdict)
    why = why_not_mapped(incidents)
    assert list(why.index) == list(incidents.index[incidents.geometry.isna()])
    assert why.str.len().gt(10).all()


def test_places_are_listed_once_each_with_their_incidents_the_doubtful_first(a_file, gazetteer):
    rows = [
        {"feature_class": "P"},
        SANLOAGA,
        {"place_as_reported": "Kunduz", "country_code": "AF"},
        {"feature_class": "P"},
    ]
    places = reported_places(read_table(a_file(*rows)).accepted, gazetteer=gazetteer)
    assert [(place.as_reported, str(place.match.verdict), place.incident_ids) for place in places] == [
        ("Sanloaga", "unknown", ("i1",)),
        ("Kunduz", "ambiguous", ("i2",)),
        ("Kompienga", "exact", ("i0", "i3")),
    ]


@given(st.floats(-180, 180), st.floats(-80, 80), st.floats(0.1, 400))
def test_a_disc_is_as_wide_on_the_ground_as_its_radius_says_in_every_direction(longitude, latitude, radius_km):
    rim = shapely.get_coordinates(disc(longitude, latitude, radius_km=radius_km))
    rim = rim[np.abs(rim[:, 0]) < 180]  # where it is cut, the antimeridian leads through it
    _, _, metres = GEOD.inv(*np.broadcast_to([[longitude], [latitude]], rim.T.shape), *rim.T)
    assert np.allclose(np.array(metres) / 1000, radius_km, rtol=1e-6)


@pytest.mark.parametrize("longitude", [180, -180, 179.99, -179.9, 174, 20])
@pytest.mark.parametrize("latitude", [0, -17.5, 67, 89.5, -89.5])
def test_a_disc_over_the_antimeridian_or_a_pole_is_as_large_as_elsewhere(longitude, latitude):
    area = disc(longitude, latitude, radius_km=400)
    km2 = sum(GEOD.geometry_area_perimeter(shapely.orient_polygons(part))[0] for part in shapely.get_parts(area)) / 1e6

    assert area.is_valid
    assert km2 == pytest.approx(36 * np.sin(np.radians(5)) * 400**2, rel=0.02)
    assert area.bounds[0] >= -180
    assert area.bounds[2] <= 180


def test_an_area_in_the_far_east_of_russia_is_drawn_in_russia_on_both_sides_of_the_antimeridian(located, gazetteer):
    chukotka = {"place_as_reported": "Chukotka", "country": "Russia", "country_code": "RU", "longitude": "175"}
    chukotka |= {"latitude": "67", "geo_precision": "admin1", "uncertainty_km": "500", "geocoded_by": SOURCE}
    (row,) = records(located(chukotka))
    land = gazetteer.boundaries.country("RU").geometry

    assert row["geometry"].difference(land.buffer(0.01)).is_empty
    west, _, east, _ = row["geometry"].bounds
    assert (west, east) == pytest.approx((-180, 180), abs=0.2)


def test_missing_values_of_every_kind_are_none_in_a_record(incidents_of):
    (row,) = records(incidents_of({"date_start": None, "injured": None, "latitude": None, "notes": None}))
    assert [row[name] for name in ("date_start", "injured", "latitude", "notes", "geometry")] == [None] * 5


def test_every_precision_is_drawn_as_a_point_or_as_an_area_or_not_at_all():
    assert {*POINTS, *AREAS} | {"country", "sea_or_air", "unknown"} == set(GeoPrecision)


FORGED = {
    "a place of another country": {"place_id": "naturalearth:ru", "geo_precision": "country"},
    "coordinates of another continent": {
        "longitude": "100",
        "latitude": "50",
        "uncertainty_km": "1",
        "geo_precision": "settlement",
    },
}


@pytest.mark.parametrize("claim", FORGED.values(), ids=FORGED)
def test_a_file_cannot_speak_for_the_gazetteer(located, claim):
    honest = {"place_as_reported": "Kompienga", "country_code": "BF", "feature_class": "P"}
    (forged,) = records(located(honest | claim | {"geocoded_by": "gazetteer"}))
    (asked,) = records(located(honest))
    assert {name: forged[name] for name in LOCATED} == {name: asked[name] for name in LOCATED}
