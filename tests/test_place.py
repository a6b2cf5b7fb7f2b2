"""A place, its dated names, and what a match says of itself."""

from dataclasses import FrozenInstanceError, replace
from datetime import date

import pytest

from gazetteer import GazetteerError, Match, Name, NameKind, Precision, Verdict
from gazetteer import place as place_module
from gazetteer.place import default_radius_km

BEFORE = Name("Soum", "fr", valid_to=date(2025, 7, 1))
AFTER = Name("Djelgodji", "fr", valid_from=date(2025, 7, 2))


@pytest.mark.parametrize(
    ("name", "on", "in_force"),
    [
        (BEFORE, date(2025, 7, 1), True),
        (BEFORE, date(2025, 7, 2), False),
        (AFTER, date(2025, 7, 1), False),
        (AFTER, date(2025, 7, 2), True),
        (Name("Kabul"), date(1900, 1, 1), True),
        (Name("Kabul"), None, True),
        (BEFORE, None, False),
        (Name("Bactra", "la", NameKind.HISTORIC), date(2021, 1, 1), False),
    ],
)
def test_a_name_is_in_force_between_its_first_and_its_last_day(name, on, in_force):
    assert name.in_force(on) is in_force


@pytest.mark.parametrize(
    ("precision", "ucdp", "acled"),
    [
        (Precision.EXACT, 1, 1),
        (Precision.SETTLEMENT, 1, 1),
        (Precision.NEAR_SETTLEMENT, 2, 2),
        (Precision.ADMIN2, 3, 2),
        (Precision.ADMIN1, 4, 3),
        (Precision.LINEAR_OR_FUZZY, 5, None),
        (Precision.COUNTRY, 6, None),
        (Precision.SEA_OR_AIR, 7, None),
        (Precision.UNKNOWN, None, None),
    ],
)
def test_a_match_gives_its_precision_in_the_codes_of_ucdp_and_acled(precision, ucdp, acled):
    match = Match("X", Verdict.EXACT, "A reason.", geo_precision=precision)
    assert (match.ucdp_where_prec, match.acled_geo_precision) == (ucdp, acled)


def test_an_unknown_radius_is_none_in_darwin_core_and_never_zero():
    match = Match("X", Verdict.UNKNOWN, "A reason.")
    assert match.coordinate_uncertainty_m is None
    assert replace(match, uncertainty_km=0.0001).coordinate_uncertainty_m == 1
    assert replace(match, uncertainty_km=36.6).coordinate_uncertainty_m == 36_600


def test_a_match_explains_itself_and_names_the_candidates(gazetteer):
    match = gazetteer.lookup("Kunduz")
    assert match.explain() == (
        f"Kunduz (ambiguous): {match.reason} "
        "Candidates: Kunduz (city, AF); Kunduz (district, AF); Kunduz (province, AF)."
    )


@pytest.mark.parametrize(
    ("code", "population", "radius_km"),
    [
        ("PPL", None, 5),
        ("PPL", 5_000, 5),
        ("PPLA", 99_999, 5),
        ("PPLA", 100_000, 10),
        ("PPLA", 1_024_621, 15),
        ("PPLC", 7_216_000, 25),
        ("PPLX", 1_000_000, 2),
        ("RDJCT", None, 0.5),
    ],
)
def test_a_place_without_an_outline_has_the_radius_of_its_kind_and_size(code, population, radius_km):
    assert default_radius_km(code, population=population) == radius_km


def test_places_names_and_matches_are_values(gazetteer):
    kabul = gazetteer.place("curated:af-kabul-city")
    assert len({kabul, replace(kabul)}) == 1
    with pytest.raises(FrozenInstanceError):
        kabul.longitude = 0.0


def test_every_error_of_the_package_is_also_one_of_python():
    errors = [
        value for value in vars(place_module).values() if isinstance(value, type) and value.__name__.endswith("Error")
    ]
    assert len(errors) == 9
    for error in errors:
        assert issubclass(error, GazetteerError)
        assert error is GazetteerError or issubclass(error, LookupError | ValueError | OSError)
