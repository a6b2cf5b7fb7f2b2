"""The place of a record, from its location, district, division and country together."""

from dataclasses import replace
from datetime import date

import pytest

from gazetteer import Gazetteer, Match, Place, Precision, RadiusBasis, UnknownCountryError, Verdict
from gazetteer.layer import Layer
from gazetteer.record import resolve_record
from gazetteer.space import distance_km
from gazetteer.writing import About, Record


@pytest.fixture(scope="module")
def placed(gazetteer: Gazetteer):
    def place(location, **units) -> Match:
        return resolve_record(location, gazetteer=gazetteer, **units)

    return place


@pytest.mark.parametrize(
    ("name", "units", "place_id"),
    [
        ("Kunduz", {"admin1": "Kunduz", "country": "Afghanistan"}, "curated:af-kunduz-city"),
        ("Kunduz", {"admin2": "Kunduz", "admin1": "Kunduz", "country": "AF"}, "curated:af-kunduz-city"),
        ("Kompienga", {"admin2": "Kompienga", "admin1": "Est", "country": "BF"}, "curated:bf-kompienga-town"),
        ("Herat", {"admin1": "Herat", "country": "AF"}, "curated:af-herat-city"),
        ("Bria", {"admin1": "Haute-Kotto", "country": "Central African Republic"}, "geonames:239899"),
    ],
)
def test_a_name_of_a_town_and_of_its_district_is_the_town(placed, name, units, place_id):
    match = placed(name, **units)
    assert (match.verdict, match.place.place_id, match.geo_precision) == (
        Verdict.EXACT,
        place_id,
        Precision.SETTLEMENT,
    )


@pytest.mark.parametrize(
    ("name", "units", "place_id"),
    [
        ("Springfield", {"admin1": "Illinois"}, "geonames:4250542"),
        ("Springfield", {"admin1": "Missouri", "admin2": "Greene"}, "geonames:4409896"),
        ("Springfield", {"admin1": "Massachusetts", "admin2": "Hampden County"}, "geonames:4951788"),
        ("Paris", {"admin1": "Texas"}, "geonames:4717560"),
        ("Paris", {"admin1": "TX", "admin2": "Lamar County"}, "geonames:4717560"),
    ],
)
def test_of_namesakes_the_one_in_the_units_that_the_record_names_is_meant(placed, name, units, place_id):
    match = placed(name, country="US", **units)
    assert (match.verdict, match.place.place_id, match.conflict) == (Verdict.EXACT, place_id, None)


def test_namesakes_that_no_unit_tells_apart_are_ambiguous_and_none_is_chosen(placed):
    match = placed("Springfield", country="US")
    assert match.verdict is Verdict.AMBIGUOUS
    assert (match.longitude, match.latitude, match.uncertainty_km) == (None, None, None)
    assert len(match.candidates) >= 10
    assert {candidate.place.name for candidate in match.candidates[:5]} == {"Springfield"}


@pytest.mark.parametrize(
    ("units", "place_id", "codes"),
    [
        ({"admin2": "Kpendjal", "admin1": "Savanes"}, "curated:tg-kpendjal", (Precision.ADMIN2, 3, 2)),
        ({"admin2": "Kpendjal prefecture"}, "curated:tg-kpendjal", (Precision.ADMIN2, 3, 2)),
        ({"admin1": "Savanes"}, "curated:tg-savanes", (Precision.ADMIN1, 4, 3)),
        ({"admin2": "Nowhere", "admin1": "Savanes region"}, "curated:tg-savanes", (Precision.ADMIN1, 4, 3)),
    ],
)
def test_a_village_of_no_layer_is_the_smallest_unit_with_its_radius(placed, gazetteer, units, place_id, codes):
    unit = gazetteer.place(place_id)
    for location in ("Tambigou", "Sanloaga", ""):
        match = placed(location, country="Togo", **units)
        assert (match.verdict, match.place) == (Verdict.UNKNOWN, unit)
        drawn = unit.longitude, unit.latitude, unit.uncertainty_km
        assert (match.longitude, match.latitude, match.uncertainty_km) == drawn
        assert match.stated_radius_km == unit.uncertainty_km
        assert (match.geo_precision, match.ucdp_where_prec, match.acled_geo_precision) == codes
        assert (match.candidates, match.conflict) == ((), None)


def test_a_record_without_units_of_a_village_of_no_layer_is_drawn_nowhere(placed):
    country = placed("Tambigou", country="TG")
    assert (country.place.place_id, country.longitude, country.uncertainty_km) == ("naturalearth:tg", None, None)
    nothing = placed("Tambigou")
    assert (nothing.verdict, nothing.place, nothing.country_code) == (Verdict.UNKNOWN, None, None)
    assert placed("").reason == "No place is named; nothing else places it."


@pytest.mark.parametrize(
    ("name", "units", "elsewhere"),
    [
        ("Kabul", {"country": "Burkina Faso"}, "Afghanistan"),
        ("Kabul", {"country": "Pakistan", "admin1": "Punjab"}, "Afghanistan"),
        ("Kidal", {"country": "Niger"}, "Mali"),
        ("Djibo", {"country": "ML", "admin1": "Mopti"}, "Burkina Faso"),
        ("Ouagadougou", {"country": "Benin"}, "Burkina Faso"),
    ],
)
def test_a_place_of_another_country_than_the_stated_one_is_a_conflict_and_never_chosen(
    placed, gazetteer, name, units, elsewhere
):
    match = placed(name, **units)
    code = gazetteer.country_code(units["country"])
    assert (match.verdict, match.country_code) == (Verdict.UNKNOWN, code)
    assert match.place == gazetteer.containing(country=code, admin1=units.get("admin1"))
    assert match.conflict.startswith(f"the source puts {name} in ")
    assert elsewhere in match.conflict.partition("the gazetteer in ")[2]
    assert elsewhere in match.reason
    assert match.geo_precision in {Precision.COUNTRY, Precision.ADMIN1}


def test_a_place_outside_the_stated_unit_is_that_unit_with_the_place_as_a_candidate(placed, gazetteer):
    match = placed("Gao", country="Mali", admin1="Kidal")
    kidal = gazetteer.place("naturalearth:ml-kidal")
    assert (match.verdict, match.place) == (Verdict.UNKNOWN, kidal)
    assert (match.longitude, match.uncertainty_km) == (kidal.longitude, kidal.uncertainty_km)
    (gao,) = match.candidates
    assert (gao.place.name, gao.place.admin1) == ("Gao", "Gao")
    apart_km = distance_km(gao.place, kidal)
    assert match.conflict == (
        f"the source puts Gao in Kidal, the gazetteer a settlement in Mali (Gao), {apart_km:.0f} km off"
    )
    # Far outside, the place is less likely than anywhere in the unit.
    assert [one.place.name for one in match.ranked] == ["Kidal", "Gao"]


def test_a_place_in_the_stated_division_and_outside_the_stated_district_is_a_conflict_as_well(placed):
    match = placed("Springfield", country="US", admin1="Illinois", admin2="Cook County")
    assert (match.verdict, match.place.name) == (Verdict.UNKNOWN, "Cook County")
    assert (match.candidates[0].place.name, match.candidates[0].place.admin1) == ("Springfield", "Illinois")
    assert "Cook County" in match.conflict


def test_a_vouched_place_stays_and_the_disagreement_is_said(placed):
    match = placed("Djibo", country="BF", admin1="Est", admin2="Kompienga")
    assert (match.place.place_id, match.conflict) == (
        "curated:bf-djibo",
        "the source puts it in Est, the gazetteer in Sahel",
    )
    assert match.conflict in match.reason


def test_what_agrees_is_no_conflict(placed):
    for units in ({"admin1": "Sahel", "admin2": "Soum"}, {"admin1": "sahel region"}, {"admin2": "SOUM"}, {}):
        match = placed("Djibo", country="BF", on=date(2021, 11, 14), **units)
        assert (match.place.place_id, match.conflict) == ("curated:bf-djibo", None)


@pytest.mark.parametrize(("admin1", "first"), [("Texas", "Texas"), ("Kentucky", "Kentucky"), ("Georgia", "Georgia")])
def test_suggestions_inside_the_unit_come_first(placed, admin1, first):
    match = placed("Georgetwon", country="US", admin1=admin1)
    assert (match.verdict, match.place.name) == (Verdict.MISSPELT, admin1)
    assert (match.candidates[0].place.name, match.candidates[0].place.admin1) == ("Georgetown", first)
    assert any(candidate.place.admin1 != first for candidate in match.candidates)


def test_a_misspelt_name_is_suggested_inside_its_district_and_not_answered(placed, gazetteer):
    match = placed("Mandourri", country="TG", admin1="Savanes", admin2="Kpendjal")
    assert (match.verdict, match.place.place_id) == (Verdict.MISSPELT, "curated:tg-kpendjal")
    assert [candidate.place.place_id for candidate in match.candidates] == ["curated:tg-mandouri"]
    assert not match.answered
    assert match.longitude == gazetteer.place("curated:tg-kpendjal").longitude


@pytest.mark.parametrize(
    ("name", "units"),
    [
        ("Mandourri", {"country": "TG", "admin1": "Savanes", "admin2": "Kpendjal"}),
        ("Qunduzz", {"country": "AF", "admin1": "Kunduz"}),
        ("Georgetwon", {"country": "US", "admin1": "Texas"}),
        ("Tambigou", {"country": "TG", "admin1": "Savanes"}),
        ("Gao", {"country": "ML", "admin1": "Kidal"}),
        ("Djibo", {"country": "BF"}),
        ("Balkh", {"country": "AF", "admin1": "Balkh", "admin2": "Balkh"}),
    ],
)
def test_the_stated_radius_holds_the_first_of_the_ranking_and_the_unit(placed, name, units):
    match = placed(name, **units)
    first = match.ranked[0].place
    assert match.stated_radius_km >= first.uncertainty_km
    if match.place is not None and not match.answered:
        reach_km = distance_km(first, match.place) + match.place.uncertainty_km
        assert match.stated_radius_km == pytest.approx(
            max(first.uncertainty_km, reach_km if first != match.place else 0)
        )


def test_a_day_chooses_the_unit_that_existed(placed):
    before = placed("Zzyx", country="BF", admin2="Soum", on=date(2025, 7, 1))
    after = placed("Zzyx", country="BF", admin1="Soum", on=date(2025, 7, 2))
    assert (before.place.place_id, before.geo_precision) == ("curated:bf-soum-province", Precision.ADMIN2)
    assert (after.place.place_id, after.geo_precision) == ("curated:bf-soum-region", Precision.ADMIN1)


@pytest.mark.parametrize("country", ["ZZ", "Atlantis", "Congo", "\0", "\ud800", "a" * 10_000, "'; DROP TABLE places;"])
def test_a_country_that_is_none_or_one_of_two_is_an_error(placed, country):
    with pytest.raises(UnknownCountryError):
        placed("Kabul", country=country)


@pytest.mark.parametrize("nothing", [None, ""])
def test_columns_that_are_empty_say_nothing(placed, nothing):
    match = placed("Djibo", country=nothing, admin1=nothing, admin2=nothing)
    assert (match.verdict, match.place.place_id, match.conflict) == (Verdict.EXACT, "curated:bf-djibo", None)


def test_the_words_of_the_source_are_kept_beside_what_was_made_of_them(placed):
    match = placed("near  Djibo ", country="BF", admin1="Sahel")
    assert (match.place.place_id, match.geo_precision) == ("curated:bf-djibo", Precision.NEAR_SETTLEMENT)
    assert match.query == "near Djibo"
    assert match.uncertainty_km == 25


def made_up(name: str, **cells) -> Place:
    place = Place(
        place_id=f"made:{name}",
        name=name,
        feature_class="P",
        feature_code="PPL",
        placetype="locality",
        country_code="TG",
        admin1=None,
        admin2=None,
        longitude=0.5,
        latitude=10.5,
        geo_precision=Precision.SETTLEMENT,
        uncertainty_km=5.0,
        uncertainty_basis=RadiusBasis.DEFAULT,
    )
    return replace(place, **cells)


def test_where_no_unit_is_named_the_position_says_what_lies_inside(gazetteer):
    # Two villages of which nobody says in which district they lie; the far one is the more populous.
    near = made_up("Zanoubi", longitude=0.6, latitude=10.85)
    far = made_up("Zanouba", longitude=1.2, latitude=6.2, population=90_000)
    pack = Layer.of(About("pack", "made", "", "", ""), [Record(near), Record(far)])
    gazetteer = Gazetteer([gazetteer.layers[0], pack, gazetteer.layers[-1]], replaced=gazetteer._replaced)
    inside = resolve_record("Zanoubo", gazetteer=gazetteer, country="TG", admin1="Savanes", admin2="Kpendjal")
    assert [candidate.place.name for candidate in inside.candidates] == ["Zanoubi", "Zanouba"]
    anywhere = resolve_record("Zanoubo", gazetteer=gazetteer, country="TG")
    assert [candidate.place.name for candidate in anywhere.candidates] == ["Zanouba", "Zanoubi"]
    outside = resolve_record("Zanouba", gazetteer=gazetteer, country="TG", admin2="Kpendjal")
    assert (outside.verdict, outside.place.name) == (Verdict.UNKNOWN, "Kpendjal")
