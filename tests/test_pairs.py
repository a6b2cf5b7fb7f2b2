"""Near pairs: what a k-d tree finds is what measuring every pair finds, and nothing breaks it."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import Geod

from incidents.errors import TooManyPairsError
from incidents.spillover import pairs, reach
from incidents.spillover.pairs import near_pairs

GEOD = Geod(ellps="WGS84")


def plainly(rows, *, distance_km, days, countries, families):
    """Measure every pair."""
    found = []
    for (i, one), (j, other) in combinations(enumerate(rows), 2):
        km = GEOD.inv(one["east"], one["north"], other["east"], other["north"])[2] / 1000
        gap = max(other["start"] - one["start"] - one["lasts"], one["start"] - other["start"] - other["lasts"])
        if km > distance_km + one["radius"] + other["radius"] or (days is not None and gap > days):
            continue
        if (countries and one["country"] == other["country"]) or (families and one["family"] != other["family"]):
            continue
        found.append((i, j, km))
    return found


def found_in(rows, *, distance_km, days, countries, families):
    columns = {key: [row[key] for row in rows] for key in ("east", "north", "radius", "start", "lasts")}
    return near_pairs(
        columns["east"],
        columns["north"],
        distance_km=distance_km,
        radii_km=columns["radius"],
        starts=np.array(columns["start"], dtype=float),
        ends=np.array(columns["start"], dtype=float) + np.array(columns["lasts"], dtype=float),
        days=days,
        country_codes=[row["country"] for row in rows] if countries else None,
        families=[row["family"] for row in rows] if families else None,
    )


def around(centre, width):
    return st.floats(-width, width).map(lambda off: centre + off)


def places(east, north, width):
    return st.lists(
        st.fixed_dictionaries(
            {
                "east": around(east, width).map(lambda degrees: (degrees + 180) % 360 - 180),
                "north": around(north, width).map(lambda degrees: min(max(degrees, -90.0), 90.0)),
                "radius": st.sampled_from([0.0, 0.5, 5.0, 40.0, 400.0]),
                "start": st.integers(0, 120),
                "lasts": st.sampled_from([0, 0, 3, 30, 365]),
                "country": st.sampled_from(["XA", "XB", "XC"]),
                "family": st.sampled_from(["JNIM", "ISKP"]),
            }
        ),
        max_size=12,
    )


@settings(max_examples=150)
@given(
    st.sampled_from([(0.7, 11.0), (179.9, -17.0), (0.0, 89.9), (0.0, -89.9), (-60.0, 60.0)]).flatmap(
        lambda centre: places(*centre, 1.5)
    ),
    st.sampled_from([0.0, 20.0, 50.0, 20_000.0]),
    st.sampled_from([None, 0, 28, 30, 70]),
    st.booleans(),
    st.booleans(),
)
def test_no_pair_is_missed_and_none_invented_on_both_hemispheres_at_poles_and_the_antimeridian(
    rows, distance_km, days, countries, families
):
    asked = {"distance_km": distance_km, "days": days, "countries": countries, "families": families}
    found = found_in(rows, **asked)
    expected = plainly(rows, **asked)
    assert list(zip(found.first.tolist(), found.second.tolist(), strict=True)) == [(i, j) for i, j, _ in expected]
    assert found.distance_km == pytest.approx([km for *_, km in expected])


def many(number=3000):
    """A crowd around a tripoint, of ten families, with a few places of great radius."""
    random = np.random.default_rng(7)
    return {
        "longitudes": 0.9 + random.normal(0, 0.4, number),
        "latitudes": 11.0 + random.normal(0, 0.4, number),
        "radii_km": random.choice([0.5, 5, 25, 150], number, p=[0.7, 0.2, 0.08, 0.02]),
        "starts": np.datetime64("2021-01-01") + random.integers(0, 900, number),
        "country_codes": random.choice(["BF", "BJ", "TG"], number),
        "families": random.integers(0, 10, number),
    }


@pytest.mark.parametrize("at_once", [100, 2_000_000])
def test_a_crowd_is_searched_in_parts_and_its_pairs_are_the_same(monkeypatch, at_once):
    monkeypatch.setattr(reach, "_AT_ONCE", at_once)
    crowd = many(800)
    found = near_pairs(**crowd, distance_km=20, days=28)
    i, j = np.triu_indices(800, 1)
    east, north, radius = crowd["longitudes"], crowd["latitudes"], crowd["radii_km"]
    near = GEOD.inv(east[i], north[i], east[j], north[j])[2] / 1000 <= 20 + radius[i] + radius[j]
    near &= np.abs(crowd["starts"][i] - crowd["starts"][j]).astype(int) <= 28
    near &= (crowd["country_codes"][i] != crowd["country_codes"][j]) & (crowd["families"][i] == crowd["families"][j])
    assert found.first.size > 50
    assert np.array_equal(found.first, i[near])
    assert np.array_equal(found.second, j[near])


def test_pairs_are_the_same_in_whatever_order_incidents_come():
    crowd = many()
    order = np.random.default_rng(1).permutation(3000)
    found = near_pairs(**crowd, distance_km=20, days=28)
    shuffled = near_pairs(**{key: column[order] for key, column in crowd.items()}, distance_km=20, days=28)
    back = np.sort(np.stack([order[shuffled.first], order[shuffled.second]]), axis=0)
    assert {*zip(*back.tolist(), strict=True)} == {*zip(found.first.tolist(), found.second.tolist(), strict=True)}


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        ({"longitudes": np.nan}, "no coordinates"),
        ({"latitudes": np.nan}, "no coordinates"),
        ({"latitudes": 90.1}, "coordinates out of range"),
        ({"longitudes": -181.0}, "coordinates out of range"),
        ({"longitudes": np.inf}, "coordinates out of range"),
        ({"radii_km": np.nan}, "no radius"),
        ({"radii_km": -1.0}, "no radius"),
        ({"radii_km": np.inf}, "no radius"),
        ({"starts": np.nan}, "no date"),
        ({"starts": 9.0}, "ends before it starts"),
        ({"country_codes": None}, "no country"),
        ({"country_codes": np.nan}, "no country"),
        ({"families": None}, "no group"),
    ],
)
def test_an_incident_that_cannot_take_part_is_counted_with_the_reason(fault, reason):
    columns = {
        "longitudes": [0.7, 0.7, 0.8],
        "latitudes": [11.0, 11.0, 11.1],
        "radii_km": [1.0, 1.0, 1.0],
        "starts": [3.0, 3.0, 4.0],
        "ends": [4.0, 4.0, 4.0],
        "country_codes": ["BF", "BJ", "TG"],
        "families": ["JNIM"] * 3,
    }
    for column, value in fault.items():
        columns[column][1] = value
    found = near_pairs(**columns, distance_km=50, days=30)
    assert list(zip(found.first.tolist(), found.second.tolist(), strict=True)) == [(0, 2)]
    assert found.not_eligible == {reason: 1}


def test_missing_dates_are_counted_whatever_they_are_written_with():
    dates = np.array(["2021-11-02", "NaT", "2021-11-11"], dtype="datetime64[s]")
    found = near_pairs([0.7, 0.7, 0.7], [11.0, 11.0, 11.0], distance_km=1, starts=dates, days=9)
    assert (found.first.tolist(), found.second.tolist(), found.not_eligible) == ([0], [2], {"no date": 1})


def test_nothing_gives_no_pairs():
    assert len(near_pairs([], [], distance_km=50)) == 0
    assert len(near_pairs([np.nan], [0.0], distance_km=50)) == 0


def test_days_without_dates_and_columns_of_different_lengths_are_errors():
    with pytest.raises(ValueError, match="starts must be given"):
        near_pairs([0.0], [0.0], distance_km=50, days=30)
    with pytest.raises(ValueError, match="differ in length"):
        near_pairs([0.0, 1.0], [0.0], distance_km=50)


@pytest.mark.parametrize("asked", [{"distance_km": -1}, {"distance_km": np.nan}, {"distance_km": 1, "days": -1}])
def test_a_distance_or_time_that_is_none_is_an_error(asked):
    with pytest.raises(ValueError, match="numbers, 0 or more"):
        near_pairs([0.7, 0.7], [11.0, 11.0], starts=[1.0, 1.0], **asked)


def test_more_pairs_than_memory_holds_are_an_error_that_says_what_to_do(monkeypatch):
    monkeypatch.setattr(pairs, "MOST_PAIRS", 1000)
    with pytest.raises(TooManyPairsError, match="smaller distance or fewer days"):
        near_pairs([0.7] * 100, [11.0] * 100, distance_km=50)
