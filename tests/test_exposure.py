"""The exposure table: the far side of each border, by band, group and period, and no percentage of a few."""

from datetime import date
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest
from shapely import LineString, box

from gazetteer.boundaries import Boundaries
from incidents.geocode import disc
from incidents.spillover import LOW_COUNT_RULE, Window, exposure
from tests.test_spillover import EAST, KUNDUZ, WEST, away, incidents

NOVEMBER = Window(date(2021, 11, 1), date(2021, 11, 30))


@pytest.fixture(scope="module")
def drawn_by_hand(tmp_path_factory: pytest.TempPathFactory) -> Boundaries:
    """Westland and Eastland on either side of the meridian of Kunduz, and Farland at Eastland's other side."""
    meridian = KUNDUZ[0]
    lands = {
        "XA": box(meridian - 6, 32, meridian, 42),
        "XB": box(meridian, 32, meridian + 6, 42),
        "XC": box(meridian + 6, 32, meridian + 12, 42),
    }
    units = gpd.GeoDataFrame(
        {"key": list(lands), "country_code": list(lands), "name": ["Westland", "Eastland", "Farland"]},
        geometry=list(lands.values()),
        crs="EPSG:4326",
    )
    borders = gpd.GeoDataFrame(
        {"country_a": ["XA", "XB"], "country_b": ["XB", "XC"]},
        geometry=[LineString([(east, 32), (east, 42)]) for east in (meridian, meridian + 6)],
        crs="EPSG:4326",
    )
    folder: Path = tmp_path_factory.mktemp("boundaries")
    units.to_parquet(folder / "countries.parquet")
    units.to_parquet(folder / "divisions.parquet")
    borders.to_parquet(folder / "land-borders.parquet")
    return Boundaries(folder)


def counted(boundaries: Boundaries, *rows: dict, window: Window = NOVEMBER) -> list[tuple]:
    table = exposure(incidents(*rows), window=window, boundaries=boundaries)
    return list(table.drop(columns=["change", "change_percent"]).itertuples(index=False, name=None))


EASTERN = {"country_code": "XB", **away(15, EAST)}


def test_what_happens_on_the_far_side_is_the_neighbour_s_exposure_and_not_one_s_own(drawn_by_hand):
    assert counted(drawn_by_hand, EASTERN) == [("XA", "XB", "10-20 km", "JNIM", 1, 0, 0)]


def test_a_country_with_two_neighbours_exposes_each_by_the_distance_to_its_own_border(drawn_by_hand):
    middle = {"country_code": "XB", "longitude": KUNDUZ[0] + 1, "latitude": 36.73}
    assert counted(drawn_by_hand, middle) == [("XA", "XB", "50-100 km", "JNIM", 1, 0, 0)]
    east = {"country_code": "XB", "longitude": KUNDUZ[0] + 5.9, "latitude": 36.73}
    assert counted(drawn_by_hand, east) == [("XC", "XB", "0-10 km", "JNIM", 1, 0, 0)]


@pytest.mark.parametrize(
    ("start", "end", "counts"),
    [
        ("2021-11-01", "2021-11-30", (1, 0, 0)),
        ("2021-10-02", "2021-10-31", (0, 1, 0)),
        ("2021-10-01", "2021-10-02", (0, 0, 1)),
        ("2021-10-31", "2021-11-01", (0, 0, 1)),
        ("2021-11-30", "2021-12-01", (0, 0, 1)),
    ],
)
def test_a_period_counts_what_surely_lies_in_it_and_says_how_much_is_open(drawn_by_hand, start, end, counts):
    ((*_, now, before, left_open),) = counted(drawn_by_hand, {**EASTERN, "date_start": start, "date_end": end})
    assert (now, before, left_open) == counts


@pytest.mark.parametrize("day", ["2021-10-01", "2021-12-01"])
def test_what_touches_neither_period_is_not_counted(drawn_by_hand, day):
    assert counted(drawn_by_hand, {**EASTERN, "date_start": day}) == []


def test_the_period_before_is_as_long_and_ends_the_day_before():
    assert Window(date(2021, 11, 1), date(2021, 11, 7)).before == Window(date(2021, 10, 25), date(2021, 10, 31))
    assert str(NOVEMBER) == "1 Nov 2021 to 30 Nov 2021"


@pytest.mark.parametrize(
    ("now", "before", "percent"),
    [(30, 20, 50.0), (20, 40, -50.0), (30, 19, None), (19, 30, None), (1, 0, None)],
)
def test_a_few_have_a_change_in_number_but_none_in_percent(drawn_by_hand, now, before, percent):
    rows = [{**EASTERN, "date_start": "2021-11-15"}] * now + [{**EASTERN, "date_start": "2021-10-15"}] * before
    shown = incidents(*rows)
    (row,) = exposure(shown, window=NOVEMBER, boundaries=drawn_by_hand).itertuples()
    assert (row.incidents, row.before, row.change) == (now, before, now - before)
    assert (None if pd.isna(row.change_percent) else row.change_percent) == percent
    assert "fewer than 20 incidents" in LOW_COUNT_RULE


def test_groups_are_counted_apart_and_without_attribution_for_none(drawn_by_hand):
    rows = (EASTERN, {**EASTERN, "actor_family": "ISKP"}, {**EASTERN, "attribution": "none"})
    assert [(row[3], row[4]) for row in counted(drawn_by_hand, *rows)] == [
        ("ISKP", 1),
        ("JNIM", 1),
        ("Unattributed", 1),
    ]


def test_an_area_counts_under_all_the_bands_that_it_spans(drawn_by_hand):
    place = away(30, EAST)
    area = {
        **place,
        "country_code": "XB",
        "geometry": disc(**place, radius_km=15),
        "geo_precision": "linear_or_fuzzy",
        "uncertainty_km": 15,
    }
    assert [row[2] for row in counted(drawn_by_hand, area)] == ["10-20 km to 20-50 km"]


@pytest.mark.parametrize(
    "row",
    [
        {"geometry": None, "geo_precision": "country"},
        {"date_start": None},
        {"country_code": None},
        away(101, EAST),
    ],
    ids=["country only", "undated", "no country", "too far"],
)
def test_what_is_not_known_to_be_near_the_border_is_not_counted(drawn_by_hand, row):
    assert counted(drawn_by_hand, {**EASTERN, **row}) == []


def test_no_incident_is_counted_twice_at_one_border(drawn_by_hand):
    rows = [{"country_code": "XB", **away(km, EAST)} for km in range(5, 100, 5)]
    rows += [{"country_code": "XA", **away(km, WEST)} for km in range(5, 100, 5)]
    table = exposure(incidents(*rows), window=NOVEMBER, boundaries=drawn_by_hand)
    assert table.groupby(["country_code", "border_with"])["incidents"].sum().to_dict() == {
        ("XA", "XB"): 19,
        ("XB", "XA"): 19,
    }
    assert table["band"].drop_duplicates().tolist() == ["0-10 km", "10-20 km", "20-50 km", "50-100 km"]


def test_nothing_shown_is_an_empty_table_of_the_same_columns(drawn_by_hand):
    empty = exposure(incidents(), window=NOVEMBER, boundaries=drawn_by_hand)
    full = exposure(incidents(EASTERN), window=NOVEMBER, boundaries=drawn_by_hand)
    assert empty.empty
    assert empty.dtypes.equals(full.dtypes)
