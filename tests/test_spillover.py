"""Across the border: kilometres, sides only where they are sure, and links that say why they are drawn."""

from datetime import date, timedelta
from itertools import combinations
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import Geod
from shapely import LineString, Point, Polygon, box

from gazetteer.boundaries import Boundaries
from incidents.dataset import Dataset
from incidents.geocode import disc
from incidents.schema import DTYPES, MILIEUS, Attribution
from incidents.spillover import (
    BANDS_KM,
    BORDERLAND,
    NEAR_REPEAT_4_WEEKS,
    NEAR_REPEAT_10_WEEKS,
    PRESETS,
    Preset,
    Rule,
    Window,
    band_words,
    border_bands,
    documented_crossings,
    exposure,
    first_in_country,
    links,
    measure_borders,
)

GEOD = Geod(ellps="WGS84")
KUNDUZ = 68.87, 36.73  # degrees east and north

EAST, NORTH, SOUTH, WEST = 90, 0, 180, 270


def away(km: float, bearing: float, *, start: tuple[float, float] = KUNDUZ) -> dict[str, float]:
    """Coordinates at some kilometres from a point."""
    longitude, latitude, _ = GEOD.fwd(*start, bearing, km * 1000)
    return {"longitude": longitude, "latitude": latitude}


def incidents(*rows: dict[str, Any]) -> gpd.GeoDataFrame:
    """Incidents that are, unless said otherwise, of JNIM, claimed, on one day, exactly at one point of XA."""
    usual: dict[str, Any] = {
        "date_start": "2021-11-02",
        "actor_family": "JNIM",
        "attribution": "claimed",
        "country_code": "XA",
        "longitude": KUNDUZ[0],
        "latitude": KUNDUZ[1],
        "geo_precision": "exact",
        "uncertainty_km": 0.1,
        "geometry": Point,
    }
    full = []
    for number, row in enumerate(rows):
        full.append({"incident_id": f"i{number}", "place_as_reported": f"Place {number}", **usual, **row})
        full[-1].setdefault("date_end", full[-1]["date_start"])
        if full[-1]["geometry"] is Point:
            full[-1]["geometry"] = Point(full[-1]["longitude"], full[-1]["latitude"])
    table = pd.DataFrame(full, columns=[*DTYPES, "geometry"]).astype(DTYPES)
    return gpd.GeoDataFrame(table, geometry="geometry", crs="EPSG:4326")


@pytest.fixture(scope="module")
def boundaries() -> Boundaries:
    return Boundaries.load()


@pytest.fixture(scope="module")
def drawn_by_hand(tmp_path_factory: pytest.TempPathFactory) -> Boundaries:
    """Two lands that share the meridian of Kunduz, and an island: distances that anyone can check."""
    meridian = KUNDUZ[0]
    lands = {
        "XA": box(meridian - 6, 32, meridian, 42),
        "XB": box(meridian, 32, meridian + 6, 42),
        "XI": box(100, 0, 102, 2),
    }
    units = gpd.GeoDataFrame(
        {"key": list(lands), "country_code": list(lands), "name": ["Westland", "Eastland", "Island"]},
        geometry=list(lands.values()),
        crs="EPSG:4326",
    )
    border = gpd.GeoDataFrame(
        {"country_a": ["XA"], "country_b": ["XB"]},
        geometry=[LineString([(meridian, 32), (meridian, 42)])],
        crs="EPSG:4326",
    )
    folder: Path = tmp_path_factory.mktemp("boundaries")
    units.to_parquet(folder / "countries.parquet")
    units.to_parquet(folder / "divisions.parquet")
    border.to_parquet(folder / "land-borders.parquet")
    return Boundaries(folder)


@pytest.fixture(scope="module")
def dataset(desk: Dataset) -> Dataset:
    return desk


@pytest.fixture(scope="module")
def measured(dataset: Dataset, boundaries: Boundaries) -> pd.DataFrame:
    return measure_borders(dataset.incidents, boundaries=boundaries)


# --- distance, facing country, side


def test_ten_kilometres_east_are_ten_kilometres_north(drawn_by_hand):
    """At this latitude a degree east is a fifth shorter than a degree north."""
    beside = measure_borders(incidents(away(10, WEST)), boundaries=drawn_by_hand).iloc[0]
    assert beside["border_distance_min_km"] == pytest.approx(10, rel=0.001)
    (east,) = links(incidents({}, {**away(10, EAST), "country_code": "XB"}), preset=BORDERLAND, rule=Rule.OPEN)
    (north,) = links(incidents({}, {**away(10, NORTH), "country_code": "XB"}), preset=BORDERLAND, rule=Rule.OPEN)
    assert east.distance_max_km == pytest.approx(north.distance_max_km, rel=0.001)


@pytest.mark.parametrize(
    ("distance_km", "uncertainty_km", "side"),
    [
        (1, 0.1, "uncertain"),  # the border line itself may be 2.5 km off
        (2.4, 0.1, "uncertain"),
        (2.7, 0.1, "certain"),
        (20, 25, "uncertain"),
        (28, 25, "certain"),
    ],
)
def test_a_side_is_certain_only_beyond_the_place_s_radius_and_the_border_s_own_error(
    drawn_by_hand, distance_km, uncertainty_km, side
):
    shown = incidents({**away(distance_km, WEST), "uncertainty_km": uncertainty_km})
    assert measure_borders(shown, boundaries=drawn_by_hand)["side"].tolist() == [side]


def test_an_incident_that_the_map_puts_in_the_other_country_is_on_no_certain_side(drawn_by_hand):
    shown = incidents({**away(60, EAST), "country_code": "XA"}, {**away(60, EAST), "country_code": "XB"})
    assert measure_borders(shown, boundaries=drawn_by_hand)["side"].tolist() == ["uncertain", "certain"]


def test_a_coast_is_no_border_and_an_island_has_none(drawn_by_hand):
    shown = incidents({"country_code": "XI", "longitude": 101.0, "latitude": 1.999})
    (measured,) = measure_borders(shown, boundaries=drawn_by_hand).itertuples()
    assert np.isnan(measured.border_distance_min_km)
    assert pd.isna(measured.facing_country_code)
    assert pd.isna(measured.band)
    assert measured.side == "certain"


def test_an_area_has_the_distance_of_its_nearest_and_of_its_farthest_spot(drawn_by_hand):
    place = away(30, WEST)
    area = disc(**place, radius_km=15)
    shown = incidents({**place, "geometry": area, "geo_precision": "linear_or_fuzzy", "uncertainty_km": 15})
    (measured,) = measure_borders(shown, boundaries=drawn_by_hand).itertuples()
    assert measured.border_distance_min_km == pytest.approx(15, abs=0.3)
    assert measured.border_distance_max_km == pytest.approx(45, abs=0.3)
    assert measured.band == "10-20 km to 20-50 km"
    assert measured.side == "certain"


@pytest.mark.parametrize(
    ("precision", "reach_km", "side"),
    [
        ("admin1", 0, "certain"),  # a province ends at the border, and errs with it
        ("admin1", 2, "certain"),  # two layers never draw one line twice
        ("admin1", 10, "uncertain"),
        ("linear_or_fuzzy", -1, "uncertain"),
        ("linear_or_fuzzy", -5, "certain"),
        ("linear_or_fuzzy", 10, "uncertain"),
    ],
)
def test_the_side_of_an_area_is_judged_by_all_of_it(drawn_by_hand, precision, reach_km, side):
    edge = GEOD.fwd(*KUNDUZ, EAST, reach_km * 1000)[0]
    area = box(KUNDUZ[0] - 1, 36.5, edge, 37)
    shown = incidents({**away(20, WEST), "geometry": area, "geo_precision": precision, "uncertainty_km": 60})
    assert measure_borders(shown, boundaries=drawn_by_hand)["side"].tolist() == [side]


@pytest.mark.parametrize(
    "row",
    [
        {
            "geometry": None,
            "geo_precision": "country",
            "longitude": None,
            "latitude": None,
            "uncertainty_km": None,
        },
        {"country_code": None},
        {"country_code": "ZZ"},
    ],
    ids=["country only", "no country", "a country that the layer lacks"],
)
def test_what_is_not_located_in_a_known_country_has_no_distance_and_no_side(drawn_by_hand, row):
    assert measure_borders(incidents(row), boundaries=drawn_by_hand).isna().all(axis=None)


def test_measures_keep_the_index_of_the_incidents(drawn_by_hand):
    shown = incidents(away(5, WEST), {"country_code": None}, away(15, WEST)).iloc[[2, 0, 1]]
    measured = measure_borders(shown, boundaries=drawn_by_hand)
    assert measured["band"].fillna("none").to_dict() == {2: "10-20 km", 0: "0-10 km", 1: "none"}


def test_no_incidents_give_an_empty_table_of_the_same_columns(drawn_by_hand):
    none = measure_borders(incidents(), boundaries=drawn_by_hand)
    assert none.dtypes.equals(measure_borders(incidents({}), boundaries=drawn_by_hand).dtypes)
    assert none.empty


@pytest.mark.parametrize(
    ("place", "code", "facing"),
    [
        ((0.72365, 11.08169), "BF", "TG"),  # Kompienga
        ((69.1, 34.5), "AF", "PK"),  # Kabul
        ((8.0, 47.0), "CH", "DE"),
        ((20.5, 54.7), "RU", "PL"),  # Kaliningrad, an exclave
        ((-69.0, -18.0), "BO", "CL"),  # south of the equator, west of Greenwich
    ],
)
def test_the_facing_country_is_the_one_across_the_nearest_border(boundaries, place, code, facing):
    shown = incidents({"longitude": place[0], "latitude": place[1], "country_code": code})
    assert measure_borders(shown, boundaries=boundaries)["facing_country_code"].tolist() == [facing]


# --- bands


@pytest.mark.parametrize("code", ["BF", "AF", "NO"])
def test_bands_end_where_they_say_within_a_kilometre(boundaries, code):
    """Measured from their outlines back to the border, geodesically, from the Sahel to the Arctic."""
    bands = border_bands([code], boundaries=boundaries)
    reached: Any = Polygon()
    for upper_km, strip in zip(bands["upper_km"], bands.geometry, strict=True):
        reached = reached.union(strip)
        longitudes, latitudes = shapely.get_coordinates(reached.boundary).T
        found = boundaries.border_distances(longitudes, latitudes, country_code=code)["distance_km"]
        assert found.to_numpy() == pytest.approx(upper_km, abs=1)


def test_bands_lie_on_both_sides_and_do_not_overlap(drawn_by_hand):
    bands = border_bands(["XA"], boundaries=drawn_by_hand)
    for bearing in (EAST, WEST):
        spots = [Point(*away(km, bearing).values()) for km in (5, 15, 35, 75, 120)]
        assert [bands.loc[bands.contains(spot), "band"].tolist() for spot in spots] == [
            ["0-10 km"],
            ["10-20 km"],
            ["20-50 km"],
            ["50-100 km"],
            [],
        ]
    assert bands.geometry.is_valid.all()
    assert not any(one.overlaps(other) for one, other in combinations(bands.geometry, 2))


def test_countries_without_a_land_border_have_no_bands(drawn_by_hand):
    assert border_bands(["XI"], boundaries=drawn_by_hand).empty


@given(st.floats(0, 500), st.floats(0, 500))
def test_the_band_of_a_distance_holds_it(one, other):
    low, high = sorted((one, other))
    words = band_words(low, high)
    names = [f"{lower}-{upper} km" for lower, upper in zip((0, *BANDS_KM), BANDS_KM, strict=False)]
    first, last = (
        next((n for n, top in zip(names, BANDS_KM, strict=True) if km <= top), "over 100 km") for km in (low, high)
    )
    assert words == (first if first == last else f"{first} to {last}")


# --- links

PAIR = ({}, {**away(30, EAST), "country_code": "XB", "date_start": "2021-11-12"})


def pair(first: dict[str, Any] | None = None, second: dict[str, Any] | None = None) -> gpd.GeoDataFrame:
    """Two incidents 30 km and 10 days apart in two countries, with changes to either."""
    return incidents({**PAIR[0], **(first or {})}, {**PAIR[1], **(second or {})})


@pytest.mark.parametrize(
    ("first", "second", "strength"),
    [
        ({}, {}, "firm"),
        ({"uncertainty_km": 19}, {}, "firm"),
        ({"uncertainty_km": 20}, {}, "possible"),
        ({"uncertainty_km": 10}, {"uncertainty_km": 10.1}, "possible"),
        ({}, {"date_end": "2021-12-02"}, "firm"),
        ({}, {"date_end": "2021-12-03"}, "possible"),
        ({}, {"date_start": "2021-12-02"}, "firm"),
        ({}, {"date_start": "2021-12-03"}, None),
        ({}, away(50.1, EAST), "possible"),
        ({}, away(50.3, EAST), None),
    ],
)
def test_a_link_is_firm_if_no_uncertainty_could_undo_it_and_possible_if_one_could_make_it(first, second, strength):
    found = links(pair(first, second), preset=BORDERLAND, rule=Rule.STRICT)
    assert [link.strength for link in found] == ([strength] if strength else [])


@pytest.mark.parametrize(
    ("first", "second", "strictest"),
    [
        ({}, {}, "strict"),
        ({"attribution": "official"}, {}, "strict"),
        ({"attribution": "suspected"}, {}, "probable"),
        ({"attribution": "attributed"}, {"attribution": "suspected"}, "probable"),
        ({"attribution": "none"}, {}, "open"),
        ({"attribution": "none", "actor_family": None}, {}, "open"),
        (
            {"attribution": "none", "actor_family": None},
            {"attribution": "none", "actor_family": None},
            "open",
        ),
        ({"actor_family": "ISKP"}, {}, "open"),
    ],
)
def test_a_link_is_shown_by_the_strictest_rule_it_satisfies_and_by_every_looser_one(first, second, strictest):
    for rule in Rule:
        found = links(pair(first, second), preset=BORDERLAND, rule=rule)
        assert [link.rule for link in found] == ([strictest] if rule.rank >= Rule(strictest).rank else [])


@pytest.mark.parametrize(
    ("first", "second", "words"),
    [
        ({}, {}, "both are put down to JNIM (claimed by the group)"),
        (
            {"attribution": "suspected"},
            {},
            "Place 0 (2 Nov 2021) is suspected, Place 1 (12 Nov 2021) claimed by the group",
        ),
        (
            {"attribution": "none"},
            {},
            "no claim is known for Place 0 (2 Nov 2021), so that only nearness joins them",
        ),
        (
            {"actor_family": "ISKP"},
            {},
            "one is put down to ISKP, the other to JNIM, so that only nearness joins them",
        ),
        (
            {"actor_family": "IS supporters"},
            {"actor_family": "IS supporters"},
            "both are put down to IS supporters, who are no group, so that only nearness joins them",
        ),
        ({}, {}, "30 km and 10 days apart, within 50 km and 30 days whatever the uncertainty"),
        ({"uncertainty_km": 25}, {}, "5 to 55 km and 10 days apart, possibly within 50 km and 30 days"),
    ],
)
def test_a_link_says_in_words_why_it_is_drawn(first, second, words):
    (link,) = links(pair(first, second), preset=BORDERLAND, rule=Rule.OPEN)
    assert words in link.reason


@pytest.mark.parametrize(
    ("first_end", "second_start", "directed"),
    [
        ("2021-11-02", "2021-11-03", True),
        ("2021-11-03", "2021-11-03", False),
        ("2021-11-09", "2021-11-05", False),
    ],
)
def test_a_link_has_a_direction_only_where_the_dates_prove_it(first_end, second_start, directed):
    shown = pair({"date_end": first_end}, {"date_start": second_start, "date_end": "2021-11-12"})
    (link,) = links(shown.iloc[::-1], preset=BORDERLAND, rule=Rule.OPEN)
    assert (link.first_id, link.second_id, link.directed) == ("i0", "i1", directed)


@pytest.mark.parametrize(
    "row",
    [
        {"country_code": "XA"},
        {"geo_precision": "country"},
        {
            "geo_precision": "country",
            "longitude": None,
            "latitude": None,
            "uncertainty_km": None,
            "geometry": None,
        },
        {"country_code": None},
        {"date_start": None},
        {"uncertainty_km": None},
    ],
    ids=["same country", "country only", "nothing to draw", "no country", "undated", "no radius"],
)
def test_an_incident_of_which_too_little_is_known_is_linked_to_nothing(row):
    assert links(pair(second=row), preset=BORDERLAND, rule=Rule.OPEN) == ()


@pytest.mark.parametrize(
    ("one", "other"),
    [((60.0, 10.0), (60.0, 10.7)), ((-60.0, 179.8), (-60.0, -179.6)), ((89.9, 0.0), (89.9, 170.0))],
    ids=["far north", "across the antimeridian", "beside the pole"],
)
def test_distances_are_kilometres_wherever_degrees_mislead(one, other):
    """All three pairs are within 50 km and more than half a degree apart, two of them hundreds of degrees."""
    places = [{"latitude": latitude, "longitude": longitude} for latitude, longitude in (one, other)]
    (link,) = links(incidents(places[0], {**places[1], "country_code": "XB"}), preset=BORDERLAND, rule=Rule.OPEN)
    assert link.distance_max_km - 0.2 == pytest.approx(GEOD.inv(*one[::-1], *other[::-1])[2] / 1000)
    assert link.distance_max_km < 50


some_incidents = st.lists(
    st.builds(
        lambda km, bearing, country, start, length, family, grade, radius: {
            **away(km, bearing),
            "country_code": country,
            "date_start": str(date(2021, 1, 1) + timedelta(days=start)),
            "date_end": str(date(2021, 1, 1) + timedelta(days=start + length)),
            "actor_family": family,
            "attribution": grade if family else "none",
            "uncertainty_km": radius,
        },
        km=st.floats(0, 80),
        bearing=st.floats(0, 360),
        country=st.sampled_from(["XA", "XB", "XC"]),
        start=st.integers(0, 90),
        length=st.sampled_from([0, 0, 0, 3, 30]),
        family=st.sampled_from(["JNIM", "ISKP", None]),
        grade=st.sampled_from(Attribution),
        radius=st.sampled_from([0.5, 5.0, 30.0]),
    ),
    max_size=8,
)


@settings(max_examples=20)
@given(some_incidents, st.sampled_from(PRESETS))
def test_no_link_is_missed_and_none_invented(rows, preset):
    shown = incidents(*rows)
    expected = set()
    for one, other in combinations(shown.itertuples(), 2):
        km = GEOD.inv(one.longitude, one.latitude, other.longitude, other.latitude)[2] / 1000
        gap = max((other.date_start - one.date_end).days, (one.date_start - other.date_end).days)
        near = km - one.uncertainty_km - other.uncertainty_km <= preset.distance_km and gap <= preset.days
        if near and one.country_code != other.country_code:
            expected.add(frozenset((one.incident_id, other.incident_id)))
    found = links(shown, preset=preset, rule=Rule.OPEN)
    assert {frozenset((link.first_id, link.second_id)) for link in found} == expected
    assert len(found) == len(expected)


@settings(max_examples=20)
@given(some_incidents, st.randoms())
def test_links_do_not_depend_on_the_order_of_the_incidents_and_looser_rules_only_add(rows, random):
    shown = incidents(*rows)
    shuffled = shown.iloc[random.sample(range(len(shown)), len(shown))]
    strict, probable, everything = (links(shown, preset=BORDERLAND, rule=rule) for rule in Rule)
    assert links(shuffled, preset=BORDERLAND, rule=Rule.OPEN) == everything
    assert set(strict) <= set(probable) <= set(everything)


def test_a_desk_may_set_its_own_distance_and_days():
    own = Preset("own", 5, 2, "the desk")
    assert links(pair(), preset=own, rule=Rule.OPEN) == ()
    near = pair(second={**away(4, NORTH), "date_start": "2021-11-04"})
    assert len(links(near, preset=own, rule=Rule.OPEN)) == 1


# --- documented crossings


def test_a_documented_crossing_starts_at_the_nearest_point_of_that_border(drawn_by_hand):
    (crossing,) = documented_crossings(incidents({**away(20, WEST), "launched_from": "XB"}), boundaries=drawn_by_hand)
    start, end = (Point(point) for point in crossing.line.coords)
    assert (start.x, start.y) == pytest.approx(KUNDUZ, abs=0.01)
    assert (end.x, end.y) == pytest.approx(tuple(away(20, WEST).values()))
    assert "in Westland, was launched from Eastland" in crossing.reason
    assert "not a route" in crossing.reason


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ({"longitude": None, "latitude": None, "geometry": None}, "not located"),
        ({"launched_from": "XI"}, "share no land border"),
    ],
)
def test_a_crossing_that_cannot_be_drawn_is_listed_with_why(drawn_by_hand, row, words):
    (crossing,) = documented_crossings(incidents({"launched_from": "XB", **row}), boundaries=drawn_by_hand)
    assert crossing.line is None
    assert words in crossing.reason


def test_an_attack_launched_from_its_own_country_crossed_nothing(drawn_by_hand):
    assert documented_crossings(incidents({"launched_from": "XA"}, {}), boundaries=drawn_by_hand) == ()


# --- first in a country

BEFORE = {"country_code": "XB", "date_start": "2020-02-01", "date_end": "2020-02-29"}


@pytest.mark.parametrize(
    ("others", "expected"),
    [
        ([BEFORE], [("i0", True)]),
        ([], []),
        ([{**BEFORE, "date_end": "2021-11-02"}], []),
        ([{**BEFORE, "attribution": "none"}], []),
        ([{**BEFORE, "actor_family": "ISKP"}], []),
        ([BEFORE, {"date_start": "2021-11-01"}], [("i2", True)]),
        ([BEFORE, {"date_start": "2021-11-01", "attribution": "none"}], [("i0", True)]),
        ([BEFORE, {"date_start": "2021-11-01", "date_end": "2021-11-05"}], [("i2", False), ("i0", False)]),
        ([BEFORE, {"date_start": None}], [("i0", False)]),
        ([BEFORE, {"date_start": "2021-11-03"}], [("i0", True)]),
    ],
    ids=[
        "elsewhere before",
        "nowhere else",
        "elsewhere, but not proven before",
        "elsewhere, but nobody's",
        "elsewhere, but another group",
        "an earlier one here",
        "an earlier one here, but nobody's",
        "another here at the same time",
        "another here without a date",
        "another here after",
    ],
)
def test_the_first_of_a_group_in_a_country_is_marked_if_the_group_was_elsewhere_before(others, expected):
    shown = incidents({}, *others)
    found = first_in_country(shown, within=shown)
    assert [(arrival.incident_id, arrival.proven) for arrival in found] == expected
    assert all(("First or equal first" in arrival.reason) is not arrival.proven for arrival in found)


@pytest.mark.parametrize("family", sorted(MILIEUS))
def test_people_who_share_a_view_and_no_organisation_arrive_nowhere(family):
    shown = incidents({"actor_family": family}, {**BEFORE, "actor_family": family})
    assert first_in_country(shown, within=shown) == ()


def test_what_a_filter_hides_makes_no_other_incident_the_first():
    everything = incidents({}, BEFORE, {"date_start": "2021-11-01"})
    assert first_in_country(everything.iloc[[0]], within=everything) == ()


# --- the document that the desk comes with

SANLOAGA, KOMPIENGA_2020, KOMPIENGA = "TM-2021-11-19-01", "TM-2021-11-19-02", "TM-2021-11-19-03"
MINIVAN = "TM-2021-11-19-13"


def linked(dataset: Dataset, **asked: Any) -> dict[frozenset[str], str]:
    return {frozenset((link.first_id, link.second_id)): link.reason for link in links(dataset.incidents, **asked)}


def test_kompienga_and_sanloaga_are_linked_in_open_mode_only_and_it_says_that_there_is_no_claim(dataset):
    joined = frozenset((KOMPIENGA, SANLOAGA))
    assert "no claim" in linked(dataset, preset=BORDERLAND, rule=Rule.OPEN)[joined]
    assert joined not in linked(dataset, preset=BORDERLAND, rule=Rule.STRICT)
    assert joined not in linked(dataset, preset=BORDERLAND, rule=Rule.PROBABLE)


@pytest.mark.parametrize(
    "preset", [BORDERLAND, NEAR_REPEAT_4_WEEKS, NEAR_REPEAT_10_WEEKS], ids=lambda preset: preset.name
)
def test_the_attack_of_february_2020_is_linked_to_nothing_in_november_2021(dataset, preset):
    found = linked(dataset, preset=preset, rule=Rule.OPEN)
    assert not any(KOMPIENGA_2020 in joined for joined in found)


def test_the_attack_on_sanloaga_came_from_burkina_faso(dataset, boundaries):
    (crossing,) = documented_crossings(dataset.incidents, boundaries=boundaries)
    assert (crossing.incident_id, crossing.from_country_code, crossing.to_country_code) == (
        SANLOAGA,
        "BF",
        "TG",
    )
    assert crossing.line is not None


def test_sanloaga_is_the_first_of_its_group_in_togo_and_no_other_group_arrives_anywhere(dataset):
    found = {arrival.incident_id: arrival for arrival in first_in_country(dataset.incidents, within=dataset.incidents)}
    assert list(found) == [SANLOAGA]
    assert found[SANLOAGA].country_code == "TG"
    assert found[SANLOAGA].proven


@pytest.mark.parametrize(
    ("incident_id", "expected"),
    [
        (SANLOAGA, ("BF", "certain", "0-10 km to 20-50 km")),
        (KOMPIENGA, ("TG", "certain", "10-20 km")),
        (MINIVAN, ("PK", "certain", "50-100 km")),
    ],
    ids=["Sanloaga, known to its prefecture", "Kompienga", "the minivan in Kabul"],
)
def test_incidents_face_the_country_across_their_nearest_border(dataset, measured, incident_id, expected):
    (at,) = measured.loc[dataset.incidents["incident_id"] == incident_id].itertuples()
    assert (at.facing_country_code, at.side, at.band) == expected


def test_every_mapped_incident_of_the_document_has_a_side_and_every_other_has_none(dataset, measured):
    mapped = dataset.incidents.geometry.notna()
    assert measured["side"].notna().tolist() == mapped.tolist()


def test_a_group_under_another_name_is_no_new_group_in_a_country(incidents_of):
    jnim = {"actor_family": "JNIM", "attribution": "attributed", "date_precision": "day"}
    days = [pd.Timestamp(day) for day in ("2021-09-01", "2021-10-06", "2021-11-06")]
    shown = incidents_of(
        jnim | {"country_code": "BF", "date_start": days[0], "date_end": days[0]},
        jnim
        | {"country_code": "TG", "country": "Togo", "date_start": days[1], "date_end": days[1]}
        | {"actor_family": "GSIM"},
        jnim | {"country_code": "TG", "country": "Togo", "date_start": days[2], "date_end": days[2]},
    )
    assert [(one.incident_id, one.actor_family, one.proven) for one in first_in_country(shown, within=shown)] == [
        ("i1", "JNIM", True)
    ]


def test_every_country_at_the_other_side_of_a_border_has_a_name_and_can_be_measured(incidents_of):
    boundaries = Boundaries.load()
    borders = boundaries.land_borders
    for code in {*borders["country_a"].dropna(), *borders["country_b"].dropna()}:
        assert boundaries.country_name(code)
    rome = {
        "country_code": "IT",
        "country": "Italy",
        "longitude": 12.5,
        "latitude": 41.9,
        "uncertainty_km": 5.0,
        "geo_precision": "settlement",
        "geometry": Point(12.5, 41.9),
        "date_precision": "day",
        "date_start": pd.Timestamp("2021-11-02"),
        "date_end": pd.Timestamp("2021-11-02"),
    }
    shown = incidents_of(rome)
    assert measure_borders(shown, boundaries=boundaries)["facing_country_code"].tolist() == ["VA"]
    window = Window(date(2021, 11, 1), date(2021, 11, 30))
    assert "VA" in set(exposure(shown, window=window, boundaries=boundaries)["country_code"])
