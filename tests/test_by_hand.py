"""Distances that anyone can check by hand: both hemispheres, tripoints, antimeridian, poles, exclaves and islands."""

from functools import cache
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
from shapely import LineString, Point, box

from gazetteer.boundaries import Boundaries
from incidents.schema import DTYPES
from incidents.spillover import Preset, Rule, links, measure_borders, not_measurable

GEOD = Geod(ellps="WGS84")

# A degree on WGS 84, in km: along the equator, along a meridian beside the equator and beside a pole.
EQUATOR_KM = 111.3195
MERIDIAN_KM = 110.5744
POLAR_KM = 111.6939


def incidents(*rows: dict[str, Any]) -> gpd.GeoDataFrame:
    """Incidents on one day, claimed by one group, exactly at their points."""
    usual = {
        "date_start": "2021-11-02",
        "date_end": "2021-11-02",
        "actor_family": "JNIM",
        "attribution": "claimed",
        "geo_precision": "exact",
        "uncertainty_km": 0.0,
    }
    full = [{"incident_id": f"i{number}", **usual, **row} for number, row in enumerate(rows)]
    points = [row.get("geometry", Point(row["longitude"], row["latitude"])) for row in full]
    table = pd.DataFrame(full, columns=[*DTYPES]).astype(DTYPES)
    return gpd.GeoDataFrame(table, geometry=points, crs="EPSG:4326")


@pytest.fixture(scope="module")
def boundaries() -> Boundaries:
    return Boundaries.load()


@pytest.mark.parametrize(
    ("one", "other", "km"),
    [
        ((10, 0), (11, 0), EQUATOR_KM),
        ((10, 0), (10, 1), MERIDIAN_KM),
        ((10, 0), (10, -1), MERIDIAN_KM),
        ((-70, -0.5), (-70, 0.5), MERIDIAN_KM),
        ((0, 89), (0, 90), POLAR_KM),
        ((0, -89), (77, -90), POLAR_KM),
        ((0, 89.9), (180, 89.9), 0.2 * POLAR_KM),
        ((-90, -89.9), (90, -89.9), 0.2 * POLAR_KM),
        ((179.9, 0), (-179.9, 0), 0.2 * EQUATOR_KM),
        ((180, 0), (-180, 0), 0.0),
        ((180, -17), (-180, -17), 0.0),
    ],
    ids=[
        "along the equator",
        "northwards",
        "southwards",
        "over the equator",
        "up to the north pole",
        "up to the south pole",
        "over the north pole",
        "over the south pole",
        "over the antimeridian",
        "on the antimeridian",
        "on the antimeridian, far south",
    ],
)
def test_two_points_are_linked_within_their_distance_and_not_within_less(one, other, km):
    shown = incidents(
        *(
            {"longitude": east, "latitude": north, "country_code": code}
            for (east, north), code in zip((one, other), ("XA", "XB"), strict=True)
        )
    )
    (link,) = links(shown, preset=Preset("just enough", km + 0.01, 0, "by hand"), rule=Rule.STRICT)
    assert link.distance_min_km == link.distance_max_km == pytest.approx(km, abs=0.005)
    if km:
        assert links(shown, preset=Preset("too little", km - 0.01, 0, "by hand"), rule=Rule.STRICT) == ()


@pytest.mark.parametrize("south", [1, -1], ids=["north of the equator", "south of it"])
@pytest.mark.parametrize(
    ("radii", "days", "strength"),
    [
        ((0, 0), 0, "firm"),
        ((10, 10), 0, "firm"),  # 110.6 + 20 km are within 131
        ((10, 11), 0, "possible"),
        ((10, 10), 5, "possible"),  # up to 5 days, and 2 are allowed
    ],
)
def test_strength_by_hand(south, radii, days, strength):
    first, second = (
        {"longitude": 30.0, "latitude": south * north, "country_code": f"X{north}"} for north in (0.0, 1.0)
    )
    first["uncertainty_km"], second["uncertainty_km"] = radii
    second["date_end"] = str(np.datetime64("2021-11-02") + days)
    (link,) = links(incidents(first, second), preset=Preset("by hand", 131, 2, "by hand"), rule=Rule.STRICT)
    assert link.strength == strength
    assert link.distance_min_km == pytest.approx(MERIDIAN_KM - sum(radii), abs=0.01)
    assert link.distance_max_km == pytest.approx(MERIDIAN_KM + sum(radii), abs=0.01)
    assert (link.gap_min_days, link.gap_max_days) == (0, days)


# --- borders drawn by hand


def drawn(folder: Path, lands: dict[str, Any], borders: dict[tuple[str, str], LineString]) -> Boundaries:
    units = gpd.GeoDataFrame(
        {"key": list(lands), "country_code": list(lands), "name": list(lands)},
        geometry=list(lands.values()),
        crs="EPSG:4326",
    )
    lines = gpd.GeoDataFrame(
        {"country_a": [a for a, _ in borders], "country_b": [b for _, b in borders]},
        geometry=list(borders.values()),
        crs="EPSG:4326",
    )
    units.to_parquet(folder / "countries.parquet")
    units.to_parquet(folder / "divisions.parquet")
    lines.to_parquet(folder / "land-borders.parquet")
    return Boundaries(folder)


def test_a_border_on_the_antimeridian_is_near_on_both_sides(tmp_path):
    layer = drawn(
        tmp_path,
        {"XA": box(170, -5, 180, 5), "XB": box(-180, -5, -170, 5)},
        {("XA", "XB"): LineString([(180, -5), (180, 5)])},
    )
    sides = [{"longitude": 179.9, "country_code": "XA"}, {"longitude": -179.9, "country_code": "XB"}]
    measured = measure_borders(incidents(*({**side, "latitude": 0.0} for side in sides)), boundaries=layer)
    assert measured["border_distance_min_km"].to_numpy() == pytest.approx(0.1 * EQUATOR_KM, abs=0.001)
    assert measured["facing_country_code"].tolist() == ["XB", "XA"]
    assert measured["side"].tolist() == ["certain", "certain"]


def test_an_area_on_both_sides_of_the_antimeridian_is_measured_in_one_piece(tmp_path):
    """A land of two halves, and its border a degree east of all of it."""
    land = shapely.union(box(179, -1, 180, 1), box(-180, -1, -179, 1))
    layer = drawn(
        tmp_path,
        {"XA": shapely.union(box(175, -5, 180, 5), box(-180, -5, -178, 5)), "XB": box(-178, -5, -170, 5)},
        {("XA", "XB"): LineString([(-178, -5), (-178, 5)])},
    )
    place = {"longitude": 180.0, "latitude": 0.0, "country_code": "XA", "geometry": land, "geo_precision": "admin1"}
    (measured,) = measure_borders(incidents(place), boundaries=layer).itertuples()
    assert measured.border_distance_min_km == pytest.approx(EQUATOR_KM, rel=0.001)
    assert measured.border_distance_max_km == pytest.approx(3 * EQUATOR_KM, rel=0.005)
    assert measured.side == "certain"


@pytest.mark.parametrize("pole", [1, -1], ids=["north", "south"])
def test_beside_a_pole_the_border_ends_at_the_pole_and_not_at_the_edge_of_a_flat_map(tmp_path, pole):
    layer = drawn(
        tmp_path,
        {"XA": box(-180, 80, 0, 90), "XB": box(0, 80, 180, 90)},
        {("XA", "XB"): LineString([(0, pole * 80), (0, pole * 90)])},
    )
    shown = incidents({"longitude": 120.0, "latitude": pole * 89.5, "country_code": "XB"})
    (measured,) = measure_borders(shown, boundaries=layer).itertuples()
    assert measured.border_distance_min_km == pytest.approx(0.5 * POLAR_KM, abs=0.01)


@pytest.mark.parametrize(("error_km", "side"), [(2.5, "uncertain"), (0.5, "certain")])
def test_one_kilometre_from_a_border_that_may_be_off_by_more_no_side_is_certain(tmp_path, error_km, side):
    one_km = 1 / EQUATOR_KM
    layer = drawn(
        tmp_path,
        {"XA": box(-5, -5, 0, 5), "XB": box(0, -5, 5, 5)},
        {("XA", "XB"): LineString([(0, -5), (0, 5)])},
    )
    layer = Boundaries(layer.directory, positional_error_km=error_km)
    shown = incidents({"longitude": -one_km, "latitude": 0.0, "country_code": "XA"})
    (measured,) = measure_borders(shown, boundaries=layer).itertuples()
    assert measured.border_distance_min_km == pytest.approx(1, abs=0.001)
    assert (measured.side, measured.band) == (side, "0-10 km")


# --- borders of the world

TRIPOINTS = {
    ("BF", "BJ", "TG"): (0.901809, 10.993195),
    ("AF", "IR", "PK"): (60.846008, 29.85798),
    ("AR", "BO", "CL"): (-67.192872, -22.822253),
}


@pytest.mark.parametrize(("countries", "at"), TRIPOINTS.items(), ids=lambda value: "-".join(map(str, value)))
def test_where_three_countries_meet_every_one_faces_another_at_no_distance(boundaries, countries, at):
    shown = incidents(*({"longitude": at[0], "latitude": at[1], "country_code": code} for code in countries))
    measured = measure_borders(shown, boundaries=boundaries)
    assert measured["border_distance_min_km"].to_numpy() == pytest.approx(0, abs=0.01)
    assert measured["side"].tolist() == ["uncertain"] * 3
    for code, facing in zip(countries, measured["facing_country_code"], strict=True):
        assert facing in set(countries) - {code}
    again = measure_borders(shown.iloc[::-1], boundaries=boundaries)
    assert again.iloc[::-1].equals(measured)


@pytest.mark.parametrize(
    ("place", "code", "facing", "km"),
    [
        ((20.5, 54.7), "RU", "PL", 32),  # Kaliningrad
        ((12.2, -5.55), "AO", "CD", 22),  # Cabinda
        ((45.4, 39.2), "AZ", "IR", 6),  # Nakhchivan
        ((-5.32, 35.89), "ES", "MA", 5),  # Ceuta
        ((124.37, -9.2), "TL", "ID", 9),  # Oecusse
        ((28.5, -29.5), "LS", "ZA", 66),  # an enclave
    ],
    ids=["Kaliningrad", "Cabinda", "Nakhchivan", "Ceuta", "Oecusse", "Lesotho"],
)
def test_exclaves_and_enclaves_face_who_is_around_them(boundaries, place, code, facing, km):
    shown = incidents({"longitude": place[0], "latitude": place[1], "country_code": code})
    (measured,) = measure_borders(shown, boundaries=boundaries).itertuples()
    assert measured.facing_country_code == facing
    assert measured.border_distance_min_km == pytest.approx(km, abs=1)


@pytest.mark.parametrize(
    ("place", "code"),
    [((47.5, -18.9), "MG"), ((-21.9, 64.1), "IS"), ((178.0, -18.0), "FJ"), ((151.2, -33.9), "AU")],
    ids=["Madagascar", "Iceland", "Fiji", "Australia"],
)
def test_on_an_island_without_a_land_border_the_side_is_certain_and_there_is_no_distance(boundaries, place, code):
    shown = incidents({"longitude": place[0], "latitude": place[1], "country_code": code})
    (measured,) = measure_borders(shown, boundaries=boundaries).itertuples()
    assert np.isnan(measured.border_distance_min_km)
    assert pd.isna(measured.facing_country_code)
    assert measured.side == "certain"
    assert not_measurable(shown, boundaries=boundaries).isna().all()


@cache
def finely(code: str) -> np.ndarray:
    """Points of a country's land borders, 200 m apart or less."""
    borders = Boundaries.load().land_borders
    ours = borders.loc[(borders["country_a"] == code) | (borders["country_b"] == code)].geometry
    return shapely.get_coordinates(shapely.segmentize(ours.to_numpy(), 0.0018))


@settings(max_examples=25)
@given(
    st.sampled_from(["BF", "AF", "BO", "RU", "AZ", "LS"]),
    st.floats(0, 360),
    st.floats(1, 800),
    st.integers(0, 10**6),
)
def test_no_spot_of_a_border_is_nearer_than_the_distance_and_one_is_as_near(code, bearing, km, start):
    spots = finely(code)
    east, north, _ = GEOD.fwd(*spots[start % len(spots)], bearing, km * 1000)
    metres = GEOD.inv(np.full(len(spots), east), np.full(len(spots), north), *spots.T)[2]
    shown = incidents({"longitude": east, "latitude": north, "country_code": code})
    (measured,) = measure_borders(shown, boundaries=Boundaries.load()).itertuples()
    assert measured.border_distance_min_km <= metres.min() / 1000 + 0.001
    assert measured.border_distance_min_km >= metres.min() / 1000 - 0.1


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ({"longitude": np.nan}, "no coordinates"),
        ({"latitude": 91.0}, "coordinates out of range"),
        ({"longitude": -200.0}, "coordinates out of range"),
        ({"longitude": np.inf}, "coordinates out of range"),
        ({"country_code": None}, "no country"),
        ({"country_code": "ZZ"}, "a country that the border layer lacks"),
        ({"geo_precision": "country"}, "only the country is known"),
        ({"geo_precision": "sea_or_air"}, "at sea or in the air"),
        ({"geo_precision": "unknown"}, "the place is not known"),
        ({"geometry": None}, "nothing to draw"),
        ({"geometry": Point()}, "nothing to draw"),
    ],
)
def test_what_cannot_be_measured_says_why_and_disturbs_nobody(boundaries, row, reason):
    here = {"longitude": 0.72, "latitude": 11.08, "country_code": "BF"}
    shown = incidents(here, {**here, **row}, here)
    assert not_measurable(shown, boundaries=boundaries).fillna("").tolist() == ["", reason, ""]
    measured = measure_borders(shown, boundaries=boundaries)
    assert measured.iloc[1].isna().all()
    assert measured.iloc[[0, 2]].equals(measure_borders(incidents(here, here), boundaries=boundaries).set_axis([0, 2]))
