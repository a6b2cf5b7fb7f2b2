"""The name of a unit without the words that say what kind of unit it is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gazetteer.kinds import bare
from gazetteer.names import fold


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("Kunduz Province", "Kunduz"),
        ("Province of Punjab", "Punjab"),
        ("Province de la Kompienga", "Kompienga"),
        ("Province du Gobnangou", "Gobnangou"),
        ("Région des Savanes", "Savanes"),
        ("Département du Val-de-Marne", "Val-de-Marne"),
        ("Wilaya d'Alger", "Alger"),
        ("Province d’Oran", "Oran"),
        ("DeKalb County", "DeKalb"),
        ("County Cork", "Cork"),
        ("Parish of Saint John", "Saint John"),
        ("Donetsk Oblast", "Donetsk"),
        ("Republic of Tatarstan", "Tatarstan"),
        ("AL ANBAR GOVERNORATE", "AL ANBAR"),
        ("Muḩāfaz̧at al Anbār", "al Anbār"),
        ("Thị xã Sơn Tây", "Sơn Tây"),
        ("  Balkh   district ", "Balkh"),
    ],
)
def test_words_for_a_kind_are_left_out_with_what_joins_them(written, name):
    assert bare(written) == name


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("Departamento de La Paz", "La Paz"),
        ("Provincia de El Oro", "El Oro"),
        ("Province de la Kara", "Kara"),
        ("Province de La", "La"),
    ],
)
def test_an_article_that_is_written_large_belongs_to_the_name(written, name):
    assert bare(written) == name


@pytest.mark.parametrize(
    "name",
    ["Kunduz", "La Paz", "De la Kara", "Le Mans", "Isle of Wight", "Countess", "Provincetown", "قندوز", "昆都士"],
)
def test_a_name_without_such_words_stays_as_it_is(name):
    assert bare(name) == name


@pytest.mark.parametrize("name", ["District", "Sum", "State", "Province of", "City County", "Muang", "", " ", "..."])
def test_a_name_of_nothing_but_such_words_stays_whole(name):
    assert bare(name) == name


@given(st.text() | st.lists(st.sampled_from(["Province", "de", "la", "County", "Kara", "d'Or"])).map(" ".join))
def test_what_is_left_is_a_part_of_what_was_written(name):
    left = bare(name)
    assert set(fold(left).split()) <= {*fold(name.replace("’", "'").replace("d'", "d' ")).split(), *fold(name).split()}
    assert bool(left) is bool(name)
