"""From the source's own words to a match that can be defended."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gazetteer import Gazetteer, Precision, UnknownCountryError, Verdict, resolve
from gazetteer.resolve import LONGEST_MENTION

THAT_DAY = date(2021, 11, 14)


@pytest.fixture(scope="module")
def placed(gazetteer: Gazetteer):
    def place(mention, **context):
        return resolve(mention, gazetteer=gazetteer, **context)

    return place


def test_an_unknown_village_resolves_to_its_district_and_says_so(placed):
    unlisted = placed("Tambigou", country="TG", admin1="Savanes", admin2="Kpendjal")
    assert unlisted.verdict is Verdict.UNKNOWN
    assert unlisted.reason == (
        "Tambigou is in no gazetteer layer; placed in Kpendjal, the district the source names, within 36.6 km."
    )
    assert (unlisted.geo_precision, unlisted.uncertainty_km) == (Precision.ADMIN2, 36.6)


@pytest.mark.parametrize(
    ("mention", "context"),
    [
        ("Sanloaga", {"country": "TG", "admin1": "Savanes", "admin2": "Kpendjal"}),
        ("Sanloaga", {"country": "TG"}),
        ("Sanloaga", {}),
        ("Sanloaga, Kpendjal", {"country": "TG"}),
        ("town of Sanloaga", {"country": "Togo", "admin2": "Kpendjal"}),
        ("Kpendjal, in the town of Sanloaga", {"country": "TG"}),
        ("Sanloaga in Kpendjal prefecture", {"country": "TG"}),
    ],
)
def test_sanloaga_has_no_coordinates_and_is_placed_in_kpendjal(placed, mention, context):
    match = placed(mention, **context)
    assert match.verdict is Verdict.UNKNOWN
    assert (match.place.place_id, match.geo_precision, match.uncertainty_km) == (
        "curated:tg-kpendjal",
        "admin2",
        36.6,
    )
    assert "36.6 km" in match.reason
    assert match.query == mention


@pytest.mark.parametrize(
    ("admin", "place_id", "precision"),
    [
        ({"admin1": "Kabul"}, "curated:af-kabul", Precision.ADMIN1),
        ({"admin1": "Kunduz", "admin2": "Kunduz"}, "curated:af-kunduz-district", Precision.ADMIN2),
        ({}, "naturalearth:af", Precision.COUNTRY),
    ],
)
def test_an_unknown_name_falls_back_to_the_smallest_unit_that_holds_it(placed, admin, place_id, precision):
    match = placed("Tambigou", country="AF", **admin)
    assert (match.verdict, match.place.place_id, match.geo_precision) == (
        Verdict.UNKNOWN,
        place_id,
        precision,
    )
    assert (match.longitude is None) is (precision is Precision.COUNTRY)


def test_inata_is_in_burkina_faso_and_within_25_km(placed):
    match = placed("Inata", country="BF", admin1="Sahel", admin2="Soum", on=THAT_DAY)
    assert match.country_code == "BF"
    assert (match.latitude, match.longitude) == (14.3358, -1.327)
    assert (match.geo_precision, match.uncertainty_km) == (Precision.NEAR_SETTLEMENT, 25)
    assert (match.ucdp_where_prec, match.acled_geo_precision) == (2, 2)


def test_faizabad_interchange_is_at_islamabad_and_not_in_badakhshan(placed):
    match = placed("Faizabad interchange", country="PK")
    assert (match.country_code, match.geo_precision) == ("PK", Precision.EXACT)
    assert match.place.admin1 == "Islamabad Capital Territory"
    bare = placed("Faizabad", country="PK")
    assert (bare.verdict, bare.country_code, bare.longitude) == (Verdict.UNKNOWN, "PK", None)
    assert "only in Afghanistan" in bare.reason


@pytest.mark.parametrize(
    ("mention", "province", "count"),
    [
        ("Kunduz", "curated:af-kunduz", 3),
        ("Kandahar", "curated:af-kandahar", 3),
        ("Herat", "curated:af-herat", 3),
        ("Balkh", "curated:af-balkh", 3),
        ("Bamiyan", "curated:af-bamyan", 3),
        ("Najaf", "curated:iq-najaf", 2),
    ],
)
def test_a_name_of_a_city_and_its_province_is_ambiguous_and_drawn_as_the_province(placed, mention, province, count):
    match = placed(mention)
    assert (match.verdict, match.place.place_id) == (Verdict.AMBIGUOUS, province)
    assert (match.geo_precision, match.uncertainty_km) == (Precision.ADMIN1, match.place.uncertainty_km)
    assert len(match.candidates) == count


@pytest.mark.parametrize(
    ("mention", "country", "city"),
    [
        ("Kabul", "Afghanistan", "af-kabul-city"),
        ("Baghdad", "Iraq", "iq-baghdad-city"),
        ("Islamabad", "Pakistan", "pk-islamabad-city"),
    ],
)
def test_a_capital_named_alone_is_the_city(placed, mention, country, city):
    match = placed(mention, country=country)
    assert (match.verdict, match.place.place_id) == (Verdict.EXACT, f"curated:{city}")
    assert match.reason.startswith(f"{mention} is the capital city of {country}")


def test_what_a_capital_was_not_taken_for_is_said(placed):
    assert placed("Baghdad").reason.endswith("a capital named alone is the city, not the governorate.")


@pytest.mark.parametrize(
    ("mention", "place_id"),
    [
        ("city of Kunduz", "curated:af-kunduz-city"),
        ("Kunduz city", "curated:af-kunduz-city"),
        ("Kunduz province", "curated:af-kunduz"),
        ("province of Kunduz", "curated:af-kunduz"),
        ("Kunduz district", "curated:af-kunduz-district"),
        ("Balkh district", "curated:af-balkh-district"),
        ("Kabul province", "curated:af-kabul"),
        ("holy city of Najaf", "curated:iq-najaf-city"),
        ("Najaf governorate", "curated:iq-najaf"),
        ("préfecture de Kpendjal", "curated:tg-kpendjal"),
        ("Kpendjal prefecture", "curated:tg-kpendjal"),
        ("région des Savanes", "curated:tg-savanes"),
        ("Kompienga province", "curated:bf-kompienga"),
        ("town of Kompienga", "curated:bf-kompienga-town"),
        ("Punjab province", "curated:pk-punjab"),
    ],
)
def test_the_word_for_the_kind_of_place_tells_namesakes_apart(placed, mention, place_id):
    match = placed(mention)
    assert match.place.place_id == place_id
    assert match.verdict in {Verdict.EXACT, Verdict.VARIANT}


@pytest.mark.parametrize(
    "mention",
    ["western Kabul", "central Kabul", "the centre of Kabul", "suburbs of Kabul", "south-western Kabul"],
)
def test_a_part_of_a_city_is_the_city_with_its_radius(placed, mention):
    match = placed(mention, country="AF")
    assert (match.place.place_id, match.geo_precision) == ("curated:af-kabul-city", Precision.SETTLEMENT)
    assert match.uncertainty_km == match.place.uncertainty_km
    assert "is a part of Kabul" in match.reason


@pytest.mark.parametrize("mention", ["near Djibo", "outskirts of Djibo", "on the outskirts of Djibo", "close to Djibo"])
def test_near_a_town_is_25_km_around_it(placed, mention):
    match = placed(mention, country="BF")
    assert (match.geo_precision, match.uncertainty_km, match.ucdp_where_prec) == (
        Precision.NEAR_SETTLEMENT,
        25,
        2,
    )


def test_near_a_province_may_be_outside_it(placed):
    match = placed("near Punjab", country="PK")
    assert match.geo_precision is Precision.LINEAR_OR_FUZZY
    assert match.uncertainty_km == match.place.uncertainty_km + 25


def test_a_direction_is_not_the_place(placed):
    match = placed("marching towards Islamabad", country="PK", admin1="Punjab")
    assert (match.verdict, match.place.place_id) == (Verdict.UNKNOWN, "curated:pk-punjab")
    assert match.reason.startswith("Islamabad is the direction, not the place; placed in Punjab")


@pytest.mark.parametrize(
    ("mention", "place_id"),
    [("southern Iraq", "curated:iq-southern"), ("western Iraq", "curated:iq-western")],
)
def test_a_region_of_speech_is_drawn_where_it_is_curated(placed, gazetteer, mention, place_id):
    match = placed(mention, country="IQ")
    assert (match.verdict, match.place.place_id) == (Verdict.EXACT, place_id)
    assert match.geo_precision is Precision.LINEAR_OR_FUZZY
    assert gazetteer.footprint(match.place) is not None


def test_a_part_of_a_country_that_is_not_curated_is_only_the_country(placed):
    match = placed("northern Burkina Faso")
    assert (match.geo_precision, match.longitude, match.country_code) == (Precision.COUNTRY, None, "BF")


@pytest.mark.parametrize(
    "mention",
    ["Green Zone", "the Green Zone", "International Zone", "Green Zone, Baghdad", "Green Zone in Baghdad"],
)
def test_the_green_zone_is_in_baghdad(placed, mention):
    match = placed(mention, country="IQ")
    assert (match.place.place_id, match.uncertainty_km) == ("curated:iq-green-zone", 2.5)


def test_the_grand_trunk_road_is_fuzzy(placed):
    match = placed("Grand Trunk Road", country="PK", admin1="Punjab", feature_class="R")
    assert (match.geo_precision, match.ucdp_where_prec, match.uncertainty_km) == (
        Precision.LINEAR_OR_FUZZY,
        5,
        129,
    )


def test_an_unknown_building_in_a_known_place_is_placed_there(placed):
    assert placed("a Shia mosque in Kunduz", country="AF").place.place_id == "curated:af-kunduz"
    lahore = placed("a seminary in Lahore", country="PK")
    assert (lahore.verdict, lahore.place.place_id) == (Verdict.UNKNOWN, "curated:pk-lahore")
    assert (
        lahore.reason
        == "a seminary is in no gazetteer layer; placed in Lahore, the city the source names, within 25 km."
    )


@pytest.mark.parametrize("mention", ["Kunduz", "Kabul", "Togo", "Kabul, Afghanistan"])
def test_a_place_of_another_country_is_never_taken_silently(placed, mention):
    match = placed(mention, country="BF")
    assert (match.verdict, match.country_code, match.longitude) == (Verdict.UNKNOWN, "BF", None)
    assert "which the source does not name" in match.reason


def test_a_country_inside_the_mention_that_contradicts_the_stated_one_is_said(placed):
    match = placed("Kabul, Pakistan", country="AF")
    assert match.verdict is Verdict.UNKNOWN
    assert match.reason.startswith("Pakistan is listed only in Pakistan")


def test_the_country_of_an_unlisted_code_is_an_error(placed):
    with pytest.raises(UnknownCountryError):
        placed("Kabul", country="ZZ")


@pytest.mark.parametrize("mention", ["", "   ", "\u202e", "...", "\x00", "the"])
def test_an_empty_mention_is_unknown_and_says_so(placed, mention):
    match = placed(mention, country="TG")
    assert (match.verdict, match.geo_precision) == (Verdict.UNKNOWN, Precision.COUNTRY)


def test_a_passage_is_not_a_name(placed):
    match = placed("Kabul " * 2000)
    assert match.verdict is Verdict.UNKNOWN
    assert len(match.query) == LONGEST_MENTION
    assert match.reason.startswith("A text of 11,999 characters is not the name of a place")


def test_marks_of_writing_direction_and_control_characters_do_not_hide_a_name(placed):
    assert placed("\u202eKa\u200bbul\x00", country="AF").place.place_id == "curated:af-kabul-city"


@given(
    st.text(max_size=60)
    | st.lists(st.sampled_from(["near", "in", "city of", "village", "of", "north", ",", "Kabul"]), max_size=30).map(
        " ".join
    )
)
def test_any_text_gets_one_sentence_and_nothing_invented(gazetteer, mention):
    match = resolve(mention, gazetteer=gazetteer, country="TG", admin2="Kpendjal")
    assert match.reason.endswith(".")
    assert match.country_code == "TG"
    assert (match.longitude is None) is (match.latitude is None) is (match.uncertainty_km is None)
