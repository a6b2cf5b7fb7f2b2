"""An incident in words: figures that two incidents share, places that a file gives itself; on card and pages too."""

from dataclasses import replace

import pytest
from streamlit.testing.v1 import AppTest

from incidents.dataset import from_bytes
from incidents.geocode import records
from incidents.readers import read_table
from incidents.schema import COLUMNS, REQUIRED
from incidents.views.state import Desk, MapState
from incidents.wording import figures_words, joint_figures, killed_words, placed_words


@pytest.fixture(scope="module")
def figures(desk):
    """Give the figures of a curated incident by the number that ends its identifier."""
    joint = joint_figures(desk.incidents)
    rows = {row["incident_id"][-2:]: row for row in records(desk.incidents)}
    return lambda number: figures_words(rows[f"{number:02}"], joint=joint)


FIGURES = {
    "the row that carries the figure of two": (11, "at least 100 killed, together with Kandahar, Oct 2021"),
    "the row whose dead are counted there": (12, "killed: counted with Kunduz, Oct 2021"),
    "a figure of two that is no number": (
        9,
        "killed: number not given (as reported: “dozens”), together with Kabul, 2017",
    ),
    "words that only say who was killed": (8, "killed: number not given (as reported: “worshippers”)"),
    "a figure of its own": (2, "6 killed"),
    "injured without a number": (28, "2 killed; injured: number not given (as reported: “dozens”)"),
}


@pytest.mark.parametrize(("number", "said"), FIGURES.values(), ids=FIGURES)
def test_a_figure_says_what_is_reported_and_with_whom_it_is_counted(figures, number, said):
    assert figures(number) == said


def test_no_joint_figure_prints_an_identifier_where_the_dataset_has_the_other_incident(desk):
    joint = joint_figures(desk.incidents)
    said = [figures_words(row, joint=joint) for row in records(desk.incidents)]
    assert not any("TM-2021" in words for words in said)


def test_a_figure_that_three_share_names_both_others_where_it_stands(a_file):
    file = a_file(
        {"fatalities_low": "5", "place_as_reported": "Gao"},
        {"fatalities_joint_with": "i0", "place_as_reported": "Mopti"},
        {"fatalities_joint_with": "i0", "place_as_reported": "Ansongo"},
    )
    incidents = read_table(file).accepted
    said = [killed_words(row, joint=joint_figures(incidents)) for row in records(incidents)]
    assert said == [
        "at least 5 killed, together with Mopti, 2 Nov 2021 and Ansongo, 2 Nov 2021",
        "killed: counted with Gao, 2 Nov 2021",
        "killed: counted with Gao, 2 Nov 2021",
    ]


def test_a_figure_whose_row_is_not_in_the_file_is_named_by_what_the_file_says(a_file):
    (row,) = records(read_table(a_file({"fatalities_joint_with": "X-1"})).accepted)
    assert killed_words(row, joint=joint_figures(read_table(a_file({})).accepted)) == "killed: counted with X-1"


GIVEN = {"longitude": "0.72", "latitude": "11.08", "geo_precision": "settlement", "uncertainty_km": "5"}
NOWHERE = {"place_as_reported": "Nowhere at all"}


@pytest.fixture(scope="module")
def given(a_file, gazetteer):
    """Places that the file gives itself: one that no gazetteer knows, one by an editor, one in the wrong country."""
    file = a_file(
        {**NOWHERE, **GIVEN},
        {**NOWHERE, **GIVEN, "geocoded_by": "editor"},
        {**NOWHERE, **GIVEN, "country": "Niger", "country_code": "NE"},
        {**NOWHERE, "geocoded_by": "editor", "geo_precision": "sea_or_air"},
        {**NOWHERE},
    )
    return from_bytes(file, name="given.csv", gazetteer=gazetteer)


OWN = "The coordinates are the file's own"


def test_what_a_file_places_itself_is_not_explained_by_the_gazetteer(given):
    drawn = given.incidents.geometry.notna()
    said = [placed_words(row, drawn=here) for row, here in zip(records(given.incidents), drawn, strict=True)]
    assert said[0] == f"{OWN}: 11.0800° N, 0.7200° E."
    assert said[1] == f"{OWN}, by editor: 11.0800° N, 0.7200° E."
    assert said[2].startswith(f"{OWN}: 11.0800° N, 0.7200° E. Its coordinates lie in Burkina Faso")
    assert said[3] == "The file itself says so, by editor."
    assert "only the country is known" in said[4]


# The pages


def page(dataset, *, selected=None, of):
    """Run a page, or the card, on a dataset, and give what it writes."""
    app = AppTest.from_function(of, default_timeout=60)
    app.session_state["desk"] = Desk(dataset=dataset, map=MapState(selected=selected))
    app.run()
    assert not app.exception
    return app


def the_card():
    from incidents.views import state
    from incidents.views.card import card

    desk = state.desk()
    card(desk, desk.dataset.incidents)


def the_places():
    from incidents.views.places import places_page

    places_page()


def the_data():
    from incidents.views.data import data_page

    data_page()


def read(app) -> str:
    """Everything that is written on a page, without the marks that keep it from doing anything."""
    return "\n".join(element.value for element in app.markdown).replace("\\", "")


def test_the_card_of_a_place_that_the_file_gives_does_not_say_that_only_the_country_is_known(given):
    said = read(page(given, selected="i0", of=the_card))
    assert f"**Given as:** Burkina Faso: settlement, within 5 km. {OWN}: 11.0800° N, 0.7200° E." in said
    assert "only the country is known" not in said


def test_the_card_of_a_place_that_the_gazetteer_found_says_why(given):
    said = read(page(given, selected="i4", of=the_card))
    assert "**Matched:**" in said
    assert "only the country is known" in said


def test_the_card_says_with_which_incident_a_figure_is_counted(desk):
    assert "together with Kandahar, Oct 2021" in read(page(desk, selected="TM-2021-11-19-11", of=the_card))
    assert "counted with Kunduz, Oct 2021" in read(page(desk, selected="TM-2021-11-19-12", of=the_card))


def test_the_places_page_says_which_incidents_the_file_places_and_which_the_gazetteer(given):
    app = page(given, of=the_places)
    said = read(app)
    assert f"**Placed by the file:** i0: settlement, within 5 km. {OWN}" in said
    assert f"**Placed by the file:** i1: settlement, within 5 km. {OWN}, by editor" in said
    assert "**Incidents:** i4" in said


def test_a_place_that_only_the_file_places_is_not_headed_by_the_answer_of_the_gazetteer(given):
    only = replace(given, incidents=given.incidents.iloc[:1], sha256="of one row")
    app = page(only, of=the_places)
    (label,) = (expander.label for expander in app.expander)
    assert label == "Nowhere at all → placed by the file or an editor · **unknown** in the gazetteer"
    assert "**Coordinates:**" not in read(app)


def test_the_data_page_names_the_columns_that_a_file_must_have(desk):
    said = read(page(desk, of=the_data))
    assert f"at least these 6 columns: `{', '.join(REQUIRED)}`" in said
    assert f"`{', '.join(COLUMNS)}`" in said
