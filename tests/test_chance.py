"""The chance rate: what shuffled dates would link, against every order and a Knox test of another make."""

from itertools import combinations, permutations
from typing import Any

import geopandas as gpd
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import Geod

from incidents.dataset import Dataset
from incidents.spillover import BORDERLAND, NEAR_REPEAT_4_WEEKS, PRESETS, Preset, Rule, chance_rate, chance_words, links
from tests.test_spillover import EAST, NORTH, away, incidents, some_incidents

GEOD = Geod(ellps="WGS84")


def brute_force(shown: gpd.GeoDataFrame, preset: Preset) -> list[int]:
    """Links under every order of the dates, each found by `links` itself."""
    counts = []
    dates = shown[["date_start", "date_end"]].to_numpy()
    for order in permutations(range(len(shown))):
        dealt = shown.copy()
        dealt[["date_start", "date_end"]] = dates[list(order)]
        counts.append(len(links(dealt, preset=preset, rule=Rule.OPEN)))
    return counts


def strewn(number: int, *, seed: int, **usual: Any) -> gpd.GeoDataFrame:
    """Incidents strewn over 150 km and a year, on two sides, each on one day and exactly where it is."""
    random = np.random.default_rng(seed)
    first = np.datetime64("2021-01-01")
    rows = [
        {
            **away(float(random.uniform(0, 75)), float(random.uniform(0, 360))),
            "country_code": str(random.choice(["XA", "XB"])),
            "date_start": str(first + np.timedelta64(int(random.integers(365)), "D")),
            "uncertainty_km": 0.0,
            **usual,
        }
        for _ in range(number)
    ]
    return incidents(*rows)


def knox(shown: gpd.GeoDataFrame, preset: Preset, *, shuffles: int, seed: int) -> tuple[int, float, float]:
    """Knox's test, plainly: every pair measured, every shuffle counted pair by pair. Found, ratio and p."""
    random = np.random.default_rng(seed)
    day = shown["date_start"].to_numpy(dtype="datetime64[D]").astype(int)
    across = [
        (one, other)
        for one, other in combinations(range(len(shown)), 2)
        if shown["country_code"].iloc[one] != shown["country_code"].iloc[other]
    ]
    near = [
        (one, other)
        for one, other in across
        if GEOD.inv(*(float(shown[name].iloc[at]) for at in (one, other) for name in ("longitude", "latitude")))[2]
        <= preset.distance_km * 1000
    ]

    def count(days) -> int:
        return sum(abs(int(days[one]) - int(days[other])) <= preset.days for one, other in near)

    found, shuffled = count(day), [count(random.permutation(day)) for _ in range(shuffles)]
    reached = sum(number >= found for number in shuffled)
    return found, found / float(np.mean(shuffled)), (reached + 1) / (shuffles + 1)


@settings(max_examples=8)
@given(some_incidents.map(lambda rows: rows[:5]), st.sampled_from(PRESETS))
def test_for_few_incidents_it_is_what_counting_every_order_gives(rows, preset):
    shown = incidents(*rows)
    chance = chance_rate(shown, preset=preset, rule=Rule.OPEN)
    counts = brute_force(shown, preset)
    assert chance.exact
    assert chance.expected == pytest.approx(np.mean(counts))
    assert (chance.low, chance.high) == tuple(
        np.quantile(counts, share, method="inverted_cdf") for share in (0.025, 0.975)
    )


@settings(max_examples=20)
@given(some_incidents, st.sampled_from(PRESETS), st.sampled_from(Rule))
def test_the_number_found_is_that_of_the_links(rows, preset, rule):
    shown = incidents(*rows)
    chance = chance_rate(shown, preset=preset, rule=rule)
    assert chance.found == len(links(shown, preset=preset, rule=rule))
    assert 0 <= chance.expected <= chance.near_pairs
    assert chance.eligible <= chance.shown == len(shown)


def test_for_many_incidents_the_mean_of_plain_shuffles_comes_to_the_expectation():
    shown = strewn(60, seed=1)
    chance = chance_rate(shown, preset=BORDERLAND, rule=Rule.OPEN)
    assert (chance.exact, chance.orders) == (False, 999)
    found, ratio, _ = knox(shown, BORDERLAND, shuffles=4999, seed=7)
    assert chance.expected == pytest.approx(found / ratio, rel=0.01)
    assert chance.low < chance.expected < chance.high


@pytest.mark.parametrize("seed", [1, 2, 3])
@pytest.mark.parametrize("preset", [BORDERLAND, NEAR_REPEAT_4_WEEKS], ids=lambda preset: preset.name)
def test_ratio_and_p_are_those_of_a_knox_test_of_another_make(preset, seed):
    shown = strewn(50, seed=seed)
    chance = chance_rate(shown, preset=preset, rule=Rule.OPEN)
    found, ratio, p_value = knox(shown, preset, shuffles=999, seed=99)
    assert chance.found == found
    assert chance.ratio == pytest.approx(ratio, rel=0.05)
    assert chance.p_value == pytest.approx(p_value, abs=4 * np.sqrt(0.25 / 999))


def test_links_that_come_in_bursts_are_more_than_chance_and_those_that_do_not_are_not():
    burst = [
        {
            **away(km, bearing, start=(68.87, 36.73 + 3 * place)),
            "country_code": code,
            "date_start": f"2021-{place + 1:02}-02",
        }
        for place in range(10)
        for km, bearing, code in ((0, EAST, "XA"), (10, EAST, "XB"), (10, NORTH, "XA"))
    ]
    together = chance_rate(incidents(*burst), preset=NEAR_REPEAT_4_WEEKS, rule=Rule.STRICT)
    assert together.p_value == pytest.approx(0.001)
    assert together.ratio > 4
    apart = chance_rate(strewn(40, seed=5), preset=BORDERLAND, rule=Rule.STRICT)
    assert apart.p_value > 0.05


def test_under_a_rule_of_one_group_dates_are_dealt_out_within_each_group():
    """Two groups, each busy in one month of its own: that a group's links are of one month is no evidence."""
    rows = [
        {
            **away(5 * step, EAST),
            "country_code": code,
            "actor_family": family,
            "date_start": f"2021-{month}-{step + 1:02}",
        }
        for family, month in (("JNIM", "02"), ("ISKP", "09"))
        for step, code in enumerate(["XA", "XB"] * 3)
    ]
    chance = chance_rate(incidents(*rows), preset=BORDERLAND, rule=Rule.STRICT)
    assert (chance.near_pairs, chance.found, chance.expected) == (18, 18, pytest.approx(18))
    anybody = chance_rate(incidents(*rows), preset=BORDERLAND, rule=Rule.OPEN)
    assert anybody.expected < anybody.found + 1
    assert anybody.expected < anybody.near_pairs


@pytest.mark.parametrize(
    ("rule", "row", "eligible"),
    [
        (Rule.STRICT, {"attribution": "official"}, True),
        (Rule.STRICT, {"attribution": "attributed"}, False),
        (Rule.PROBABLE, {"attribution": "suspected"}, True),
        (Rule.PROBABLE, {"attribution": "none"}, False),
        (Rule.PROBABLE, {"actor_family": None}, False),
        (Rule.PROBABLE, {"actor_family": "IS supporters"}, False),
        (Rule.OPEN, {"attribution": "none", "actor_family": None}, True),
        (Rule.OPEN, {"date_start": None}, False),
        (Rule.OPEN, {"geo_precision": "country"}, False),
    ],
)
def test_only_incidents_that_the_rule_could_link_are_eligible(rule, row, eligible):
    assert chance_rate(incidents(row), preset=BORDERLAND, rule=rule).eligible == int(eligible)


@pytest.mark.parametrize(("number", "bears_p"), [(29, False), (30, True)])
def test_there_is_a_p_value_from_thirty_incidents_on_and_none_before(number, bears_p):
    chance = chance_rate(strewn(number, seed=3), preset=BORDERLAND, rule=Rule.OPEN)
    assert (chance.p_value is not None) is bears_p
    words = chance_words(chance)
    assert ("Knox test within 50 km and 30 days: ratio" in words) is bears_p
    assert ("With fewer than 30 incidents there is no p-value." in words) is not bears_p


def test_the_same_incidents_in_any_order_give_the_same_figures():
    shown = strewn(45, seed=8)
    once = chance_rate(shown, preset=BORDERLAND, rule=Rule.OPEN)
    assert chance_rate(shown, preset=BORDERLAND, rule=Rule.OPEN) == once
    assert chance_rate(shown.sample(frac=1, random_state=4), preset=BORDERLAND, rule=Rule.OPEN) == once


def test_fewer_than_999_shuffles_are_refused():
    with pytest.raises(ValueError, match="at least 999 times, not 99"):
        chance_rate(strewn(3, seed=1), preset=BORDERLAND, rule=Rule.OPEN, shuffles=99)


@pytest.mark.parametrize(
    "rows", [(), ({},), ({}, {**away(300, EAST), "country_code": "XB"})], ids=["none", "one", "far"]
)
def test_where_nothing_is_near_nothing_is_expected_and_it_says_so(rows):
    chance = chance_rate(incidents(*rows), preset=BORDERLAND, rule=Rule.OPEN)
    assert (chance.near_pairs, chance.found, chance.expected, chance.share, chance.ratio) == (0, 0, 0, None, None)
    assert chance.p_value is None
    assert "no two of them lie within 50 km of each other across a border" in chance_words(chance)


def test_the_document_s_one_link_is_no_more_than_chance_would_give(desk: Dataset):
    chance = chance_rate(desk.incidents, preset=BORDERLAND, rule=Rule.OPEN)
    assert (chance.shown, chance.eligible, chance.near_pairs, chance.found) == (37, 24, 2, 1)
    assert chance.exact
    assert chance.expected == pytest.approx(0.62, abs=0.01)
    words = chance_words(chance)
    assert words.startswith("Under shuffled dates 0.62 links expected, 1 found. 24 of the 37 incidents")
    assert "every order that differs" in words
