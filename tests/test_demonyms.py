"""What is said of people and things of a country is evidence of the country, and no place."""

import csv

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gazetteer import MissingDataError
from gazetteer.data import DATA
from gazetteer.demonyms import demonyms


def codes(text: str) -> set[str]:
    return {demonym.country_code for demonym in demonyms(text)}


@pytest.mark.parametrize(
    ("text", "countries"),
    [
        ("Burkinabe", {"BF"}),
        ("Burkinabè", {"BF"}),
        ("burkinabé", {"BF"}),
        ("Afghan", {"AF"}),
        ("AFGHANS", {"AF"}),
        ("Americans", {"US"}),
        ("Togolese", {"TG"}),
        ("Dominican", {"DM", "DO"}),
        ("Nigerian", {"NG"}),
        ("Nigerien", {"NE"}),
        ("nigérien", {"NE"}),
        ("Malian", {"ML"}),
        ("Malawian", {"MW"}),
        ("Iranian", {"IR"}),
        ("Iraqi", {"IQ"}),
        ("Guinean", {"GN"}),
    ],
)
def test_a_demonym_tells_its_countries(text, countries):
    assert codes(text) == countries


@pytest.mark.parametrize("text", ["", "s", "...", "Kunduz", "Niger", "Togo", "Congo", "Texas", "\ud800", "n" * 10_000])
def test_what_is_no_demonym_tells_nothing(text):
    assert demonyms(text) == ()


def test_a_demonym_of_a_division_names_the_division():
    (texan,) = demonyms("Texans")
    assert (texan.text, texan.country_code, texan.admin1) == ("Texan", "US", "Texas")
    (afghan,) = demonyms("Afghans")
    assert afghan.admin1 is None


def test_every_demonym_is_found_and_names_a_unit_that_the_gazetteer_has(gazetteer):
    with (DATA / "demonyms.csv").open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    assert len(rows) > 400
    for row in rows:
        assert row["country_code"] in codes(row["text"]), row
        assert gazetteer.containing(country=row["country_code"]) is not None, row
        if row["admin1"]:
            unit = gazetteer.unit(row["admin1"], country=row["country_code"], level="ADM1")
            assert (unit.feature_code, unit.country_code) == ("ADM1", row["country_code"]), row


@given(st.text())
def test_any_text_may_be_asked(text):
    assert all(len(demonym.country_code) == 2 for demonym in demonyms(text))


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(MissingDataError, match=r"there is no demonyms\.csv in "):
        demonyms("Afghan", directory=tmp_path)
