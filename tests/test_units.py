"""The units of a country by the names that sources give them."""

import pytest

from gazetteer import Place, Precision, RadiusBasis
from gazetteer.units import Units, same_unit


def unit(name: str, code: str = "ADM1", *, admin1: str | None = None, layer: str = "world") -> Place:
    return Place(
        place_id=f"{layer}:{code}-{admin1}-{name}",
        name=name,
        feature_class="A",
        feature_code=code,
        placetype="region" if code == "ADM1" else "county",
        country_code="XX",
        admin1=name if code == "ADM1" else admin1,
        admin2=name if code == "ADM2" else None,
        longitude=1.0,
        latitude=8.0,
        geo_precision=Precision.ADMIN1 if code == "ADM1" else Precision.ADMIN2,
        uncertainty_km=50.0,
        uncertainty_basis=RadiusBasis.POLYGON,
        layer=layer,
    )


KUNDUZ, KUNDUZ_DISTRICT = unit("Kunduz"), unit("Kunduz District", "ADM2", admin1="Kunduz")
HIRAT, GHOR, GUR = unit("Hirat"), unit("Ghōr"), unit("Gur")
LAKES, LITTLE_LAKES = unit("Lakes"), unit("Little Lakes")
NORTH, SOUTH = unit("Polk County", "ADM2", admin1="North"), unit("Polk County", "ADM2", admin1="South")
ALL = (KUNDUZ, KUNDUZ_DISTRICT, HIRAT, GHOR, GUR, LAKES, LITTLE_LAKES, NORTH, SOUTH)


@pytest.fixture(scope="module")
def units() -> Units:
    return Units(ALL)


@pytest.mark.parametrize(
    ("written", "level", "found"),
    [
        ("Kunduz", "ADM1", [KUNDUZ]),
        ("Kunduz", "ADM2", [KUNDUZ_DISTRICT]),
        ("KUNDUZ PROVINCE", "ADM1", [KUNDUZ]),
        ("district of Kunduz", "ADM2", [KUNDUZ_DISTRICT]),
        ("province de Ghor", "ADM1", [GHOR]),
        ("Polk", "ADM2", [NORTH, SOUTH]),
        ("Hirat", "ADM2", [HIRAT]),
    ],
)
def test_the_same_words_without_their_kind_name_a_unit_and_the_level_chooses(units, written, level, found):
    assert units.named(written, level=level) == tuple(found)


@pytest.mark.parametrize(
    ("written", "found"), [("Herat", [HIRAT]), ("Qonduz", [KUNDUZ]), ("Lax", [LAKES]), ("Gor", [GHOR, GUR])]
)
def test_else_the_same_sound_does(units, written, found):
    assert units.named(written, level="ADM1") == tuple(found)


@pytest.mark.parametrize(
    ("written", "found"),
    [
        ("Lakes", [LAKES]),
        ("Great Lakes", [LAKES]),
        ("Little", [LITTLE_LAKES]),
        ("Little Lakes of the East", [LAKES, LITTLE_LAKES]),
    ],
)
def test_else_one_whose_words_are_among_the_others(units, written, found):
    assert units.named(written, level="ADM1") == tuple(found)


@pytest.mark.parametrize("written", ["", "...", "Elsewhere", "Kun", "Lak", "\ud800", "\0" * 9])
def test_what_is_no_unit_finds_none(units, written):
    assert units.named(written, level="ADM1") == ()
    assert Units([]).named(written, level="ADM1") == ()


def test_a_unit_of_two_layers_is_that_of_the_first():
    ours, theirs = unit("Kunduz", layer="curated"), unit("Kunduz Province")
    assert Units([ours, theirs]).named("Kunduz", level="ADM1") == (ours,)
    north = unit("Polk", "ADM2", admin1="Nord", layer="pack")
    assert Units([north, NORTH, SOUTH]).named("Polk", level="ADM2") == (north, NORTH, SOUTH)
    hirat = unit("Polk", "ADM2", admin1="Herat", layer="pack")
    assert Units([hirat, unit("Polk", "ADM2", admin1="Hirat")]).named("Polk", level="ADM2") == (hirat,)


def test_units_of_one_name_are_one_if_level_and_division_agree():
    assert same_unit(unit("Polk", "ADM2", admin1="Herat"), unit("Polk", "ADM2", admin1="Hirat Province"))
    assert same_unit(unit("Polk", "ADM2"), unit("Polk", "ADM2", admin1="Hirat"))
    assert not same_unit(NORTH, SOUTH)
    assert not same_unit(KUNDUZ, KUNDUZ_DISTRICT)


def test_the_units_of_a_country_are_found_as_registers_write_them(gazetteer):
    def named(name, *, country, level="ADM1"):
        found = gazetteer.unit(name, country=country, level=level)
        return found.name if found else None

    assert named("Haute-Kotto prefecture", country="CF") == "Haute-Kotto"
    assert named("Deir ez Zor governorate", country="SY") == "Deir ez-Zor"
    assert named("Donetsk Oblast", country="UA") == "Donetsk"
    assert named("Kpendjal prefecture", country="TG", level="ADM2") == "Kpendjal"
    assert named("Ninewa", country="IQ") == named("Ninawa", country="IQ") == "Nineveh"
    # Several fit, so that none is meant for certain.
    assert named("Washington County", country="US", level="ADM2") is None
    washington = gazetteer.unit("Washington County", country="US", level="ADM2", admin1="Oregon")
    assert (washington.name, washington.admin1) == ("Washington County", "Oregon")
