"""Links at any scale: those that measuring every pair gives, in one order, in words only when asked, by family."""

from datetime import date, timedelta
from importlib import import_module
from itertools import combinations
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from pyproj import Geod
from shapely import Point, box

from incidents.schema import DTYPES
from incidents.spillover import BORDERLAND, PRESETS, Preset, Rule, links, not_linkable
from incidents.spillover.families import Relation, family_codes, family_path, memberships

GEOD = Geod(ellps="WGS84")
MANDOURI = 0.86, 10.85


def incidents(*rows: dict[str, Any]) -> gpd.GeoDataFrame:
    usual = {
        "date_start": "2021-11-02",
        "actor_family": "JNIM",
        "attribution": "claimed",
        "country_code": "XA",
        "longitude": MANDOURI[0],
        "latitude": MANDOURI[1],
        "geo_precision": "exact",
        "uncertainty_km": 0.1,
    }
    full = []
    for number, row in enumerate(rows):
        full.append({"incident_id": f"i{number:05d}", "place_as_reported": f"Place {number}", **usual, **row})
        full[-1].setdefault("date_end", full[-1]["date_start"])
        full[-1].setdefault("geometry", Point(full[-1]["longitude"], full[-1]["latitude"]))
    table = pd.DataFrame(full, columns=[*DTYPES, "geometry"]).astype(DTYPES)
    return gpd.GeoDataFrame(table, geometry="geometry", crs="EPSG:4326")


# --- against measuring every pair

DAY = date(2021, 1, 1)


def row(*, east, north, width, start, lasts, country, family, grade, radius):
    """An incident at a point, or all over a rectangle of some width."""
    place = {
        "longitude": (MANDOURI[0] + east + 180) % 360 - 180,
        "latitude": MANDOURI[1] + north,
        "uncertainty_km": radius,
    }
    if width:
        half = width / 2
        west, east = place["longitude"] - half, place["longitude"] + half
        area = box(west, place["latitude"] - half, east, place["latitude"] + half)
        place |= {"geometry": area, "geo_precision": "admin2", "uncertainty_km": 0.8 * 111.4 * width}
    return {
        **place,
        "country_code": country,
        "date_start": str(DAY + timedelta(days=start)),
        "date_end": str(DAY + timedelta(days=start + lasts)),
        "actor_family": family,
        "attribution": grade if family else "none",
    }


some_rows = st.lists(
    st.builds(
        row,
        east=st.floats(-0.7, 0.7),
        north=st.floats(-0.7, 0.7),
        width=st.sampled_from([0, 0, 0, 0.1, 0.5]),
        start=st.integers(0, 90),
        lasts=st.sampled_from([0, 0, 3, 30, 365]),
        country=st.sampled_from(["XA", "XB", "XC"]),
        family=st.sampled_from(["JNIM", "ISKP", "Katiba Macina", "IS supporters", None]),
        grade=st.sampled_from(["claimed", "official", "attributed", "suspected", "none"]),
        radius=st.sampled_from([0.0, 5.0, 30.0, 250.0]),
    ),
    max_size=9,
)


def spots(incident) -> np.ndarray:
    """Its point, or spots of its area's outline, 2.2 km apart; the farthest are corners, which are among them."""
    return shapely.get_coordinates(shapely.segmentize(incident.geometry, 0.02))


def measured(one, other) -> tuple[float, float]:
    here, there = spots(one), spots(other)
    pairs = [np.repeat(here, len(there), axis=0), np.tile(there, (len(here), 1))]
    km = np.asarray(GEOD.inv(*pairs[0].T, *pairs[1].T)[2]) / 1000
    radii = sum(incident.uncertainty_km for incident in (one, other) if incident.geometry.geom_type == "Point")
    overlap = one.geometry.intersects(other.geometry)
    return (0.0 if overlap else max(0.0, km.min() - radii)), km.max() + radii


def tied(one, other, rule) -> bool:
    family = {"JNIM": "JNIM", "Katiba Macina": "JNIM", "ISKP": "ISKP"}
    grades = ["claimed", "official"] if rule is Rule.STRICT else ["claimed", "official", "attributed", "suspected"]
    kin = [family.get(each.actor_family) if each.attribution in grades else None for each in (one, other)]
    return rule is Rule.OPEN or (kin[0] is not None and kin[0] == kin[1])


@settings(max_examples=60)
@given(some_rows, st.sampled_from([*PRESETS, Preset("wide", 130, 400, "test")]), st.sampled_from(list(Rule)))
def test_links_are_those_that_measuring_every_pair_gives_with_areas_radii_and_intervals(rows, preset, rule):
    shown = incidents(*rows)
    expected = {}
    for one, other in combinations(shown.itertuples(), 2):
        gap = max((other.date_start - one.date_end).days, (one.date_start - other.date_end).days)
        longest = max((other.date_end - one.date_start).days, (one.date_end - other.date_start).days)
        if one.country_code == other.country_code or gap > preset.days or not tied(one, other, rule):
            continue
        nearest, farthest = measured(one, other)
        assume(all(abs(km - preset.distance_km) > 1.2 for km in (nearest, farthest)))  # what spots may miss
        if nearest <= preset.distance_km:
            firm = bool(farthest <= preset.distance_km and longest <= preset.days)
            expected[frozenset((one.incident_id, other.incident_id))] = (firm, nearest, farthest)
    found = links(shown, preset=preset, rule=rule)
    assert {frozenset((link.first_id, link.second_id)) for link in found} == set(expected)
    assert len(found) == len(expected)
    for link in found:
        firm, nearest, farthest = expected[frozenset((link.first_id, link.second_id))]
        assert (link.strength == "firm") is firm
        assert link.distance_min_km == pytest.approx(nearest, abs=1.2)
        assert link.distance_max_km == pytest.approx(farthest, abs=0.1)


@settings(max_examples=20)
@given(some_rows, st.randoms())
def test_the_same_incidents_in_any_order_give_the_same_links_in_the_same_order(rows, random):
    shown = incidents(*rows)
    shuffled = shown.iloc[random.sample(range(len(shown)), len(shown))]
    once = links(shown, preset=BORDERLAND, rule=Rule.OPEN)
    assert list(links(shuffled, preset=BORDERLAND, rule=Rule.OPEN)) == list(once)


def test_positions_are_those_of_the_table_that_was_given():
    shown = incidents({"date_start": "2021-11-05"}, {"country_code": None}, {"country_code": "XB"})
    found = links(shown, preset=BORDERLAND, rule=Rule.OPEN)
    assert shown["incident_id"].iloc[found.first].tolist() == [link.first_id for link in found] == ["i00002"]
    assert shown["incident_id"].iloc[found.second].tolist() == [link.second_id for link in found] == ["i00000"]


# --- words only when asked


def crowd(number: int) -> gpd.GeoDataFrame:
    return incidents(*({"country_code": f"X{at % 2}", "longitude": at * 1e-4} for at in range(number)))


def test_links_are_found_without_a_word_and_told_one_by_one(monkeypatch):
    told, links_module = [], import_module("incidents.spillover.links")
    say = links_module.reason_words
    monkeypatch.setattr(links_module, "reason_words", lambda *given, **asked: told.append(1) or say(*given, **asked))
    found = links(crowd(60), preset=BORDERLAND, rule=Rule.STRICT)
    assert (len(found), len(told)) == (900, 0)
    assert "both are put down to JNIM" in found[17].reason
    assert len(told) == 1


def test_links_are_a_sequence_like_any_other():
    found = links(crowd(70), preset=BORDERLAND, rule=Rule.STRICT)
    everything = list(found)
    assert [found[at] for at in range(len(found))] == everything
    assert found[-1] == everything[-1]
    assert list(found[10:20:3]) == everything[10:20:3]
    assert found[:0] == ()
    assert found == tuple(everything)
    assert everything[5] in found
    with pytest.raises(IndexError):
        found[len(found)]


# --- who takes no part


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        ({"country_code": None}, "no country"),
        ({"geo_precision": "country"}, "only the country is known"),
        ({"geo_precision": "sea_or_air"}, "at sea or in the air"),
        ({"geo_precision": "unknown"}, "the place is not known"),
        ({"longitude": np.nan}, "no coordinates"),
        ({"latitude": np.nan, "geometry": None}, "no coordinates"),
        ({"latitude": -90.5}, "coordinates out of range"),
        ({"longitude": np.inf}, "coordinates out of range"),
        ({"uncertainty_km": np.nan}, "no radius"),
        ({"uncertainty_km": -1.0}, "no radius"),
        ({"geometry": None}, "nothing to draw"),
        ({"date_start": None, "date_end": None}, "no date"),
        ({"date_end": "2021-10-01"}, "ends before it starts"),
    ],
)
def test_an_incident_that_cannot_be_linked_is_counted_with_the_reason_and_disturbs_nobody(fault, reason):
    shown = incidents({}, fault, {"country_code": "XB"})
    assert not_linkable(shown).fillna("").tolist() == ["", reason, ""]
    found = links(shown, preset=BORDERLAND, rule=Rule.OPEN)
    assert [(link.first_id, link.second_id) for link in found] == [("i00000", "i00002")]
    assert found.not_eligible == {reason: 1}


def test_a_place_that_may_be_far_and_wide_is_possibly_near_all_of_it_and_firmly_near_nothing():
    wide = {"uncertainty_km": 200.0, "geo_precision": "near_settlement"}
    others = [{"country_code": "XB", "latitude": MANDOURI[1] + degrees} for degrees in (0.0, 1.0, 2.2, 2.3)]
    found = links(incidents(wide, *others), preset=BORDERLAND, rule=Rule.OPEN)
    assert [link.second_id for link in found] == ["i00001", "i00002", "i00003"]
    assert not found.firm.any()


# --- families


@pytest.mark.parametrize(
    ("one", "other", "day", "together"),
    [
        ("Ansaroul Islam", "JNIM", "2021-11-02", True),
        ("Ansaroul Islam", "JNIM", "2021-11-01", False),
        ("Ansaroul Islam", "JNIM", "2016-12-16", False),
        ("Katiba Macina", "al-Mourabitoun", "2021-11-02", True),
        ("Katiba Macina", "al-Mourabitoun", "2016-11-02", False),
        ("AQIM Sahara branch", "JNIM", "2017-03-02", True),
        ("AQIM Sahara branch", "JNIM", "2017-03-01", False),
        ("AQIM", "JNIM", "2021-11-02", False),
        ("ISIS-K", "ISKP", "2014-01-01", True),
        ("ISKP", "ISGS", "2021-11-02", True),
        ("ISKP", "ISGS", "2016-10-29", False),
        ("ISGS", "ISWAP", "2021-11-02", True),
        ("ISWAP", "IS", "2015-03-01", False),
        ("ISIS", "IS", "2015-03-01", True),
        ("Jamaat-ul-Ahrar", "TTP", "2020-08-16", False),
        ("Jamaat-ul-Ahrar", "TTP", "2020-08-17", True),
        ("jnim", "JNIM", "2021-11-02", True),
        ("ansaroul  islâm", "Ansarul Islam", "2010-01-01", True),
        ("JNIM", "ISKP", "2021-11-02", False),
        ("Taliban", "TTP", "2021-11-02", False),
    ],
)
def test_groups_are_one_family_on_the_days_on_which_a_source_says_so(one, other, day, together):
    shown = incidents(
        {"actor_family": one, "date_start": day}, {"actor_family": other, "date_start": day, "country_code": "XB"}
    )
    assert bool(links(shown, preset=BORDERLAND, rule=Rule.STRICT)) is together


def test_a_membership_must_hold_on_every_day_on_which_an_incident_may_have_been():
    groups = pd.Series(["JNIM", "Ansar Dine", "Ansar Dine", "Ansar Dine", None], dtype="str")
    starts = np.array(["2017-01-01", "2017-03-02", "2017-03-01", "NaT", "2017-03-02"], dtype="datetime64[D]")
    ends = np.array(["2017-12-31", "2017-12-31", "2017-12-31", "NaT", "2017-12-31"], dtype="datetime64[D]")
    jnim, after, over, undated, nobody = family_codes(groups, starts=starts, ends=ends)
    assert jnim == after
    assert over == undated != jnim
    assert nobody == -1


def test_the_reason_says_when_a_link_rests_on_the_table_of_families_and_who_says_so():
    shown = incidents({"actor_family": "Katiba Macina"}, {"actor_family": "Ansar Dine", "country_code": "XB"})
    (link,) = links(shown, preset=BORDERLAND, rule=Rule.STRICT)
    assert "both are put down to JNIM (claimed by the group)" in link.reason
    assert "Katiba Macina is another name of Katibat Macina (MENASTREAM" in link.reason
    assert "Katibat Macina went into JNIM by 2 Mar 2017 (MENASTREAM" in link.reason
    assert "Ansar Dine went into JNIM by 2 Mar 2017 (United Nations Security Council" in link.reason


@pytest.mark.parametrize("groups", [("ISIS-K", "ISIL-K"), ("ISKP", "ISKP")])
def test_the_reason_goes_no_further_up_than_where_the_two_meet(groups):
    shown = incidents({"actor_family": groups[0]}, {"actor_family": groups[1], "country_code": "XB"})
    (link,) = links(shown, preset=BORDERLAND, rule=Rule.STRICT)
    assert "both are put down to ISKP" in link.reason
    assert "affiliate" not in link.reason


def test_without_a_grade_nobody_is_named():
    shown = incidents({"attribution": None}, {"country_code": "XB"})
    assert links(shown, preset=BORDERLAND, rule=Rule.PROBABLE) == ()
    (link,) = links(shown, preset=BORDERLAND, rule=Rule.OPEN)
    assert "no claim is known for Place 0" in link.reason


def test_people_of_one_view_are_no_family():
    shown = incidents({"actor_family": "IS supporters"}, {"actor_family": "IS supporters", "country_code": "XB"})
    assert links(shown, preset=BORDERLAND, rule=Rule.PROBABLE) == ()


def test_every_line_of_the_table_names_a_source_and_leads_nowhere_in_a_circle():
    lines = memberships()
    assert len({(line.name, line.valid_from) for line in lines}) == len(lines)
    for line in lines:
        assert line.source
        assert line.relation is Relation.ALIAS or line.valid_from, "an affiliate or a successor is one since some day"
        today = date(2026, 1, 1)
        path = family_path(line.name, start=today, end=today)
        assert path[-1].family not in [step.name for step in path]
        assert family_path(path[-1].family, start=today, end=today) == ()


# --- kept with the data


def test_what_was_found_is_kept_by_the_content_of_the_incidents_and_by_nothing_else():
    shown = crowd(20)
    found = links(shown, preset=BORDERLAND, rule=Rule.STRICT)
    assert links(shown.copy().set_index(np.arange(20) + 5), preset=BORDERLAND, rule=Rule.STRICT) is found
    assert links(shown, preset=BORDERLAND, rule=Rule.OPEN) is not found
    for column, value in {
        "longitude": 0.5,
        "place_as_reported": "Elsewhere",
        "date_end": pd.Timestamp("2021-11-09"),
    }.items():
        changed = shown.copy()
        changed.loc[3, column] = value
        assert links(changed, preset=BORDERLAND, rule=Rule.STRICT) is not found
    moved = shown.copy()
    moved.loc[3, "geometry"] = box(0, 10, 1, 11)
    assert links(moved, preset=BORDERLAND, rule=Rule.STRICT) is not found
