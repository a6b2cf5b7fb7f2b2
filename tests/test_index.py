"""The gazetteer's layers, the candidates for a name, and the lookup of a bare name."""

import csv
from datetime import date
from math import hypot
from pathlib import Path
from shutil import copytree

import pytest

from gazetteer import (
    DamagedDataError,
    Gazetteer,
    MissingDataError,
    Precision,
    RadiusBasis,
    UnknownCountryError,
    UnknownPlaceError,
    Verdict,
    covering_radius_km,
)
from gazetteer.boundaries import DATA
from gazetteer.build.curated import with_radii
from gazetteer.place import default_radius_km


@pytest.fixture(scope="module")
def curated(gazetteer: Gazetteer):
    return [place for place in gazetteer if place.layer == "curated"]


def rows(file: str) -> list[dict[str, str]]:
    with (DATA / file).open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def test_curated_places_come_before_the_world_s(gazetteer, curated):
    layers = [place.layer for place in gazetteer]
    assert layers[: len(curated)] == ["curated"] * len(curated)
    assert set(layers[len(curated) :]) == {"world"}
    assert len(gazetteer) == len(layers)


def test_every_curated_place_cites_its_source_and_has_its_own_name(gazetteer, curated):
    for place in curated:
        assert place.source
        assert place.name in {name.text for name in gazetteer.names(place)}


def test_every_radius_that_is_measured_on_an_outline_is_what_the_outline_measures(gazetteer):
    written = rows("places.csv")
    assert with_radii(written, boundaries=gazetteer.boundaries) == written


def test_every_curated_outline_lies_in_the_country_of_its_place(gazetteer, curated):
    for place in curated:
        outline = gazetteer.footprint(place)
        if outline is not None:
            country = gazetteer.boundaries.country(place.country_code).geometry
            assert outline.intersection(country).area / outline.area > 0.95, place.place_id


def test_every_curated_point_lies_in_its_country_and_on_or_in_its_outline(gazetteer, curated):
    for place in curated:
        if place.longitude is not None:
            assert gazetteer.boundaries.country_at(place.longitude, place.latitude) == place.country_code
        if place.footprint and place.feature_class == "A":
            radius_km = covering_radius_km(
                gazetteer.footprint(place), longitude=place.longitude, latitude=place.latitude
            )
            assert place.uncertainty_km == pytest.approx(radius_km, abs=0.051)


def test_radii_by_default_are_those_of_the_rule(curated):
    by_default = [place for place in curated if place.uncertainty_basis is RadiusBasis.DEFAULT]
    notes = {row["place_id"]: row["note"] for row in rows("places.csv")}
    assert len(by_default) > 10
    for place in by_default:
        digits = "".join(filter(str.isdigit, notes[place.place_id]))
        population = int(digits) if "population" in notes[place.place_id] else None
        if population is not None:
            assert place.uncertainty_km == default_radius_km(place.feature_code, population=population)


def test_the_green_zone_s_radius_is_half_the_diagonal_of_its_published_area(gazetteer):
    wide = (10 / 2) ** 0.5
    assert gazetteer.place("curated:iq-green-zone").uncertainty_km == pytest.approx(hypot(wide, 2 * wide) / 2)


@pytest.mark.parametrize(
    ("town", "longitude", "latitude"),
    [
        ("Lahore", 74.35071, 31.558),
        ("Wazirabad", 74.12, 32.44324),
        ("Jhelum", 73.73102, 32.93448),
        ("Rawalpindi", 73.0479, 33.59733),
    ],
)
def test_the_towns_on_the_grand_trunk_road_lie_inside_its_circle(gazetteer, town, longitude, latitude):
    from pyproj import Geod

    road = gazetteer.place("curated:pk-grand-trunk-road-punjab")
    _, _, metres = Geod(ellps="WGS84").inv(road.longitude, road.latitude, longitude, latitude)
    assert metres / 1000 <= road.uncertainty_km


def test_a_curated_unit_replaces_the_same_unit_of_the_boundaries(gazetteer):
    assert {place.place_id for place in gazetteer.candidates("Soum", country="BF")} == {
        "curated:bf-soum-province",
        "curated:bf-soum-region",
    }
    assert gazetteer.place("naturalearth:bf-soum").layer == "world"


def test_candidates_are_every_bearer_of_the_name_unchosen(gazetteer):
    found = gazetteer.candidates("konduz")
    assert [place.place_id for place in found] == [
        "curated:af-kunduz-district",
        "curated:af-kunduz-city",
        "curated:af-kunduz",
    ]
    assert [place.feature_code for place in gazetteer.candidates("Konduz", country="AF", feature_class="P")] == ["PPLA"]
    assert gazetteer.candidates("Konduz", country="Togo") == ()
    assert len(gazetteer.candidates("Kunduz", limit=1)) == 1


@pytest.mark.parametrize(
    ("country", "code"),
    [
        ("TG", "TG"),
        ("tg", "TG"),
        ("Togo", "TG"),
        ("Ivory Coast", "CI"),
        ("Côte d'Ivoire", "CI"),
        ("Niger", "NE"),
        ("Georgia", "GE"),
    ],
)
def test_a_country_is_known_by_its_code_and_by_its_names(gazetteer, country, code):
    assert gazetteer.country_code(country) == code


def test_a_country_that_is_unknown_or_one_of_two_is_an_error(gazetteer):
    with pytest.raises(UnknownCountryError, match="Atlantis"):
        gazetteer.lookup("Kabul", country="Atlantis")
    with pytest.raises(UnknownCountryError, match="Congo"):
        gazetteer.country_code("Congo")
    with pytest.raises(UnknownPlaceError, match="curated:nowhere"):
        gazetteer.place("curated:nowhere")


def test_a_place_without_an_outline_has_no_footprint(gazetteer):
    assert gazetteer.footprint(gazetteer.place("curated:bf-djibo")) is None
    assert gazetteer.footprint(gazetteer.place("naturalearth:tg")).area > 4


def test_a_listed_name_is_exact_and_a_listed_spelling_a_variant(gazetteer):
    exact = gazetteer.lookup("BAMYAN", country="AF", feature_class="P")
    variant = gazetteer.lookup("Bamiyan", country="AF", feature_class="P")
    assert (exact.verdict, variant.verdict) == (Verdict.EXACT, Verdict.VARIANT)
    assert exact.place == variant.place
    assert variant.reason == (
        "Bamiyan is a listed spelling of Bamyan, a city in Afghanistan; within 5 km, the default for its kind."
    )


def test_the_conventional_name_of_a_city_is_exact(gazetteer):
    assert {gazetteer.lookup(name).verdict for name in ("Cologne", "Köln", "Koln")} == {Verdict.EXACT}


@pytest.mark.parametrize(
    ("name", "on", "verdict", "place_id"),
    [
        ("Soum", date(2021, 11, 14), Verdict.EXACT, "curated:bf-soum-province"),
        ("Soum", date(2025, 7, 2), Verdict.EXACT, "curated:bf-soum-region"),
        ("Soum", None, Verdict.EXACT, "curated:bf-soum-region"),
        ("Djelgodji", date(2026, 1, 1), Verdict.EXACT, "curated:bf-soum-province"),
        ("Djelgodji", date(2021, 11, 14), Verdict.HISTORIC, "curated:bf-soum-province"),
        ("Soum Province", date(2026, 1, 1), Verdict.HISTORIC, "curated:bf-soum-province"),
        ("Sahel", date(2021, 11, 14), Verdict.EXACT, "curated:bf-sahel"),
        ("Sahel", None, Verdict.HISTORIC, "curated:bf-sahel"),
    ],
)
def test_names_are_answered_for_the_day_they_are_asked_for(gazetteer, name, on, verdict, place_id):
    match = gazetteer.lookup(name, country="BF", on=on)
    assert (match.verdict, match.place.place_id) == (verdict, place_id)
    assert ("2025-07-0" in match.reason) is (verdict is Verdict.HISTORIC)


def test_a_slip_is_suggested_and_never_answered(gazetteer):
    match = gazetteer.lookup("Mandourri", country="TG", admin2="Kpendjal")
    assert match.verdict is Verdict.MISSPELT
    assert [candidate.place.name for candidate in match.candidates] == ["Mandouri"]
    assert match.place.name == "Kpendjal"
    assert match.reason == (
        "Mandourri is in no gazetteer layer, and may be a misspelling of Mandouri; "
        "placed in Kpendjal, the district the source names, within 36.6 km."
    )


def test_another_romanisation_is_suggested(gazetteer):
    match = gazetteer.lookup("Qunduzz", country="AF")
    assert match.verdict is Verdict.MISSPELT
    assert match.candidates[0].place.name == "Kunduz"


@pytest.mark.parametrize(
    ("name", "country"),
    [("Niger", "NE"), ("Nigeria", "NG"), ("Mali", "ML"), ("Malawi", "MW"), ("Iran", "IR"), ("Iraq", "IQ")],
)
def test_a_name_that_exists_is_never_corrected(gazetteer, name, country):
    own = gazetteer.lookup(name, country=country)
    assert (own.verdict, own.country_code, own.candidates) == (Verdict.EXACT, country, ())
    other = gazetteer.lookup(name, country="TG")
    assert (other.verdict, other.candidates) == (Verdict.UNKNOWN, ())


@pytest.mark.parametrize(("name", "never"), [("Balkhab", "Balkh"), ("Dasht-e-Barchi", "Dasht-e Archi")])
def test_names_that_only_look_alike_are_not_suggested(gazetteer, name, never):
    assert never not in {candidate.place.name for candidate in gazetteer.lookup(name, country="AF").candidates}


def test_a_spelling_that_a_village_somewhere_has_by_chance_is_only_a_candidate(gazetteer):
    match = gazetteer.lookup("Kar")
    assert (match.verdict, match.place, match.longitude) == (Verdict.UNKNOWN, None, None)
    assert [candidate.place.name for candidate in match.candidates] == ["Les Cars"]
    assert gazetteer.lookup("Kar", country="FR").verdict is Verdict.VARIANT


def test_a_short_or_empty_name_is_not_guessed_at(gazetteer):
    assert gazetteer.lookup("Kxr").candidates == ()
    assert gazetteer.lookup("").verdict is Verdict.UNKNOWN
    assert gazetteer.lookup("---").candidates == ()


def test_a_position_orders_the_candidates_and_chooses_none(gazetteer):
    far = gazetteer.lookup("Georgia", near=(-84, 33))
    near = gazetteer.lookup("Georgia", near=(44, 42))
    assert far.verdict is near.verdict is Verdict.AMBIGUOUS
    assert [candidate.place.country_code for candidate in far.candidates[:2]] == ["US", "GE"]
    assert [candidate.place.country_code for candidate in near.candidates[:2]] == ["GE", "US"]
    assert len(gazetteer.lookup("Kunduz", limit=1).candidates) == 1


def test_a_disagreement_with_the_stated_province_is_said(gazetteer):
    match = gazetteer.lookup("Djibo", country="BF", admin1="Est")
    assert match.place.name == "Djibo"
    assert match.reason.endswith("; the source puts it in Est, the gazetteer in Sahel.")


def test_the_smallest_named_unit_that_is_known_holds_the_place(gazetteer):
    def holder(**units):
        return gazetteer.containing(country="AF", **units).place_id

    assert holder(admin1="Kunduz", admin2="Kunduz") == "curated:af-kunduz-district"
    assert holder(admin1="Kunduz", admin2="Nowhere") == "curated:af-kunduz"
    assert holder(admin1="Nowhere") == "naturalearth:af"
    assert gazetteer.containing() is None


@pytest.mark.parametrize(
    ("file", "old", "new", "message"),
    [
        ("places.csv", ",0.613603,", ",190.0,", r"places\.csv, line \d+: longitude 190\.0"),
        ("places.csv", ",admin2,36.6,", ",admin2,,", r"go together"),
        ("places.csv", ",admin2,36.6,", ",admin2,0,", r"uncertainty_km is 0\.0"),
        ("places.csv", ",admin2,36.6,", ",nowhere,36.6,", r"'nowhere' is not a valid Precision"),
        ("names.csv", "curated:tg-mandouri,Mandouri,", "curated:tg-elsewhere,Mandouri,", "tg-elsewhere"),
        ("names.csv", ",standard,,2025-07-01", ",standard,,2025-07", r"names\.csv, line \d+"),
        ("names.csv", "curated:tg-sanloaga,Sanloaga,fr,standard,,\n", "", "curated:tg-sanloaga has no name"),
        (
            "names.csv",
            "curated:tg-sanloaga,Sanloaga,fr,standard,,\n",
            "curated:tg-sanloaga\n",
            "wrong number of cells",
        ),
    ],
)
def test_a_damaged_row_is_refused_by_its_line(tmp_path: Path, file, old, new, message):
    folder = copytree(DATA, tmp_path / "data")
    text = (folder / file).read_text(encoding="utf-8")
    assert old in text
    (folder / file).write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(DamagedDataError, match=message):
        Gazetteer.open(folder)


@pytest.mark.parametrize("file", ["places.csv", "names.csv", "divisions.parquet"])
def test_a_missing_file_is_named(tmp_path: Path, file):
    folder = copytree(DATA, tmp_path / "data")
    (folder / file).unlink()
    with pytest.raises(MissingDataError, match=file):
        Gazetteer.open(folder)


def test_a_whole_country_has_no_position_to_draw(gazetteer):
    match = gazetteer.lookup("Norway")
    assert (match.geo_precision, match.longitude, match.uncertainty_km) == (Precision.COUNTRY, None, None)
    assert match.place.name == "Norway"
