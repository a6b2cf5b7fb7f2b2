"""The curated dataset says what its document says: no date made up, no group promoted, no death twice."""

import re
from datetime import date
from importlib.resources import files

import pandas as pd
import pytest
import shapely

from gazetteer.boundaries import Boundaries
from incidents.dataset import Dataset
from incidents.filters import Filters, apply
from incidents.geocode import records
from incidents.readers import read_table
from incidents.schema import EVENT_TYPES, LOCATED, Attribution
from incidents.spillover import BORDERLAND, Rule, links

DOCUMENT = "terrorism-monitor-2021-11-19"
PUBLISHED = date(2021, 11, 19)


@pytest.fixture(scope="module")
def row(desk: Dataset):
    """Give an incident by the number that ends its identifier."""
    return lambda number: desk.incident(f"{DOCUMENT.replace('terrorism-monitor', 'TM')}-{number:02}")


INTERVALS = {
    "Sanloaga, announced on 11 November, is after Kompienga and not later than the first report": (
        1,
        "2021-11-02",
        "2021-11-10",
        "day_range",
    ),
    "Kompienga, in February 2020": (2, "2020-02-01", "2020-02-29", "month"),
    "Kompienga, on 2 November": (3, "2021-11-02", "2021-11-02", "day"),
    "Inata, on 14 November": (4, "2021-11-14", "2021-11-14", "day"),
    "Kabul taken, in August": (5, "2021-08-01", "2021-08-31", "month"),
    "Balkh, at Ashura of 2016": (7, "2016-10-11", "2016-10-12", "day_range"),
    "Herat, in 2017": (9, "2017-01-01", "2017-12-31", "year"),
    "Kunduz, in October, reported on the 18th": (11, "2021-10-01", "2021-10-18", "month"),
    "western Kabul, on 12 November, claimed a day later": (13, "2021-11-12", "2021-11-12", "day"),
    "Green Zone, the drone of 7 November": (27, "2021-11-07", "2021-11-07", "day"),
    "Green Zone, the clash two days before": (28, "2021-11-05", "2021-11-05", "day"),
    "Baghdad, in late 2019": (29, "2019-10-01", "2019-12-31", "day_range"),
}


@pytest.mark.parametrize(("number", "start", "end", "precision"), INTERVALS.values(), ids=INTERVALS)
def test_a_date_is_the_interval_that_the_document_allows(row, number, start, end, precision):
    incident = row(number)
    interval = (
        f"{incident['date_start']:%Y-%m-%d}",
        f"{incident['date_end']:%Y-%m-%d}",
        incident["date_precision"],
    )
    assert interval == (start, end, precision)


def test_no_act_is_later_than_the_document(desk):
    assert (desk.incidents["date_end"].dt.date <= PUBLISHED).all()
    assert (desk.incidents["reported_on"].dt.date <= PUBLISHED).all()


def test_a_report_is_not_the_act_and_is_dated_apart_from_it(row):
    assert f"{row(13)['date_end']:%d %b}" == "12 Nov"
    assert f"{row(13)['reported_on']:%d %b}" == "13 Nov"
    assert f"{row(3)['reported_on']:%d %b}" == "04 Nov"


GRADES = {
    "Sanloaga: local experts name the group, it has claimed nothing": (1, "JNIM", "attributed"),
    "Kompienga 2020: claimed": (2, "JNIM", "claimed"),
    "Kompienga 2021: nobody claimed it and nobody is named": (3, None, "none"),
    "western Kabul: claimed": (13, "ISKP", "claimed"),
    "Kunduz: named by the article": (11, "ISKP", "attributed"),
    "Green Zone: the militias are suspected and deny it": (27, "Iran-backed militias", "suspected"),
    "arrest in France: the authority's own act": (23, "Far right", "official"),
    "Cologne: services are quoted on his instructions, the article on whose follower he was": (
        25,
        "IS supporters",
        "attributed",
    ),
}


@pytest.mark.parametrize(("number", "family", "grade"), GRADES.values(), ids=GRADES)
def test_attribution_is_as_sure_as_the_document_makes_it(row, number, family, grade):
    incident = row(number)
    assert (None if pd.isna(incident["actor_family"]) else incident["actor_family"]) == family
    assert incident["attribution"] == grade


def test_the_attack_that_nobody_claimed_is_under_no_group_even_in_the_most_open_view(desk):
    jnim = apply(desk.incidents, Filters(families=("JNIM",), attributions=tuple(Attribution)))
    assert [name[-2:] for name in jnim["incident_id"]] == ["02", "01", "04"]


def test_only_the_attack_at_sanloaga_came_over_a_border_as_far_as_the_document_says(desk):
    crossed = desk.incidents.dropna(subset=["launched_from"])
    assert crossed[["place_as_reported", "launched_from", "country_code"]].to_numpy().tolist() == [
        ["Sanloaga", "BF", "TG"]
    ]


FIGURES = {
    "nobody died at Sanloaga: zero, since the document says so": (1, 0, 0, 0),
    "six soldiers at Kompienga": (2, 6, 6, 6),
    "not reported at Kompienga in 2021: null": (3, None, None, None),
    "not reported at Inata: null": (4, None, None, None),
    "over a hundred at Kunduz and Kandahar: a lower bound": (11, 100, None, None),
    "at least seven policemen, and dozens of activists: a lower bound": (18, 7, None, None),
    "dozens at Herat: no number": (9, None, None, None),
    "six in a minivan": (13, 6, 6, 6),
    "two in the Green Zone": (28, 2, 2, 2),
}


@pytest.mark.parametrize(("number", "low", "best", "high"), FIGURES.values(), ids=FIGURES)
def test_a_figure_is_what_is_reported_and_null_is_not_zero(row, number, low, best, high):
    incident = row(number)
    found = [incident[f"fatalities_{bound}"] for bound in ("low", "best", "high")]
    assert [None if pd.isna(figure) else figure for figure in found] == [low, best, high]


def test_a_figure_that_is_no_number_stays_in_the_documents_words(row):
    assert row(9)["fatalities_as_reported"] == "dozens"
    assert row(28)["injured_as_reported"] == "dozens"
    assert pd.isna(row(28)["injured"])
    assert row(18)["fatalities_as_reported"] == "at least seven policemen and dozens of TLP activists"


def test_zero_is_written_only_where_the_document_says_that_nobody_died(desk):
    assert desk.incidents.loc[desk.incidents["fatalities_high"] == 0, "place_as_reported"].tolist() == ["Sanloaga"]


def test_a_joint_figure_stands_once_and_the_other_row_points_to_it(desk):
    joint = desk.incidents.dropna(subset=["fatalities_joint_with"])
    pairs = [
        (other[-2:], first[-2:])
        for other, first in zip(joint["incident_id"], joint["fatalities_joint_with"], strict=True)
    ]
    assert pairs == [("10", "09"), ("12", "11")]
    figures = [f"fatalities_{bound}" for bound in ("low", "best", "high", "as_reported")]
    assert joint[figures].isna().all(axis=None)
    for first in joint["fatalities_joint_with"]:
        assert desk.incident(first)[figures].notna().any()


PLACES = {
    "Sanloaga, which no gazetteer has, is its prefecture": (1, ("Kpendjal", "admin2", 36.6, "unknown")),
    "Kompienga is the town": (3, ("Kompienga", "settlement", 5.0, "exact")),
    "Inata is in Soum, and known only nearly": (4, ("Inata", "near_settlement", 25.0, "exact")),
    "Kabul alone is the city": (5, ("Kabul", "settlement", 19.7, "exact")),
    "a whole country is not a point": (6, ("Afghanistan", "country", None, "exact")),
    "Kunduz may be city, district or province": (11, ("Kunduz", "admin1", 74.6, "ambiguous")),
    "a quarter that is not named is its city": (13, ("Kabul", "settlement", 19.7, "exact")),
    "a road is a road": (16, ("Grand Trunk Road", "linear_or_fuzzy", 129.0, "exact")),
    "on the way to Islamabad is in Punjab": (18, ("Punjab", "admin1", 376.7, "unknown")),
    "marched to Islamabad is a direction too": (37, ("Punjab", "admin1", 376.7, "unknown")),
    "the interchange is not the city in Badakhshan": (22, ("Faizabad interchange", "exact", 0.5, "exact")),
    "the Green Zone is its own outline": (27, ("Green Zone", "settlement", 2.5, "exact")),
    "southern Iraq has no border": (30, ("Southern Iraq", "linear_or_fuzzy", 322.6, "exact")),
}


@pytest.mark.parametrize(("number", "answer"), PLACES.values(), ids=PLACES)
def test_a_place_is_found_with_its_precision_radius_and_verdict(row, number, answer):
    (found,) = records(row(number).to_frame().T)
    columns = "place_name", "geo_precision", "uncertainty_km", "place_verdict"
    assert tuple(found[column] for column in columns) == answer


def test_sanloaga_says_that_its_district_stands_for_it(row):
    assert "Kpendjal" in row(1)["place_reason"]
    assert "36.6 km" in row(1)["place_reason"]


def test_nothing_is_drawn_in_another_country_than_the_document_names(desk):
    boundaries = Boundaries.load()
    drawn = desk.incidents.loc[desk.incidents.geometry.notna()]
    assert len(drawn) == 24
    points = zip(drawn["longitude"], drawn["latitude"], strict=True)
    assert [boundaries.country_at(*point) for point in points] == drawn["country_code"].tolist()


def test_no_area_that_is_drawn_reaches_far_into_a_country_that_the_document_does_not_name(desk):
    boundaries = Boundaries.load()
    areas = desk.incidents.loc[desk.incidents.geometry.notna() & (desk.incidents.geometry.geom_type != "Point")]
    for area, code in zip(areas.geometry, areas["country_code"], strict=True):
        inside = shapely.intersection(area, boundaries.country(code).geometry)
        assert inside.area / area.area > 0.95  # district outlines of one source, borders of another


def test_whatever_is_not_drawn_is_known_to_its_country_only(desk):
    listed = desk.incidents.loc[desk.incidents.geometry.isna()]
    assert set(listed["geo_precision"]) == {"country"}
    assert (listed["place_as_reported"] == listed["country"]).all()


def test_every_incident_cites_the_document_with_a_passage(desk):
    for cell in desk.incidents["sources"]:
        passages = [citation.locator for citation in desk.citations(cell) if citation.source_id == DOCUMENT]
        assert passages
        assert all(passage and passage.startswith("article ") for passage in passages)


def test_every_source_that_is_cited_is_listed_and_every_one_listed_is_cited(desk):
    cited = {citation.source_id for cell in desk.incidents["sources"] for citation in desk.citations(cell)}
    assert cited == set(desk.sources["source_id"])


def test_all_but_what_the_article_says_itself_cite_the_source_that_it_gives(desk):
    alone = [
        incident["incident_id"][-2:]
        for _, incident in desk.incidents.iterrows()
        if {citation.source_id for citation in desk.citations(incident["sources"])} == {DOCUMENT}
    ]
    assert alone == ["05", "06", "33", "34", "36"]


def test_what_cites_no_other_source_was_reported_by_the_document(desk):
    for _, incident in desk.incidents.iterrows():
        if {citation.source_id for citation in desk.citations(incident["sources"])} == {DOCUMENT}:
            assert incident["reported_on"].date() == PUBLISHED


def test_all_five_articles_are_read(desk):
    articles = {
        citation.locator.partition(",")[0]
        for cell in desk.incidents["sources"]
        for citation in desk.citations(cell)
        if citation.source_id == DOCUMENT
    }
    assert articles == {f"article {number}" for number in range(1, 6)}


def test_every_summary_is_one_sentence(desk):
    for summary in desk.incidents["summary"]:
        assert summary.endswith(".")
        assert ". " not in summary.removesuffix(".")
        assert len(summary) < 250


def test_every_incident_has_both_event_types_a_status_and_its_dataset(desk):
    assert desk.incidents["sub_event_type"].notna().all()
    assert set(desk.incidents["event_type"]) == set(EVENT_TYPES)
    assert desk.incidents["review_status"].notna().all()
    assert set(desk.incidents["dataset"]) == {DOCUMENT}


@pytest.fixture(scope="module")
def codebook(project) -> str:
    return (project / "incidents" / "data" / "CODEBOOK.md").read_text(encoding="utf-8")


def test_the_codebook_counts_what_is_there(desk, codebook, project):
    numbers = [name[-2:] for name in desk.incidents["incident_id"]]
    (ordered, later), *more = re.findall(r"01 to (\d\d) in the order of the document, (\d\d) found later", codebook)
    assert more == []
    assert numbers == [f"{number:02}" for number in range(1, int(ordered) + 1)] + [later]
    measured = (project / "benchmarks" / "README.md").read_text(encoding="utf-8")
    assert f"The curated dataset, {len(numbers)} incidents." in measured
    assert f"`incidents.csv` holds {len(desk.incidents)} incidents" in codebook
    assert f"`sources.csv` the {len(desk.sources)} sources" in codebook


def test_the_codebook_speaks_of_no_row_that_is_not_there(desk, codebook):
    numbers = {name[-2:] for name in desk.incidents["incident_id"]}
    assert set(re.findall(r"`-(\d\d)`", codebook)) <= numbers


def test_the_codebook_gives_every_row_the_status_that_it_has(desk, codebook):
    lines = re.findall(r"^\| `(\w+)` \|[^|]*\| ((?:`-\d\d`(?:, )?)+) \|$", codebook, re.MULTILINE)
    told = {status: re.findall(r"\d\d", rows) for status, rows in lines}
    found = desk.incidents.groupby("review_status")["incident_id"].apply(lambda names: [name[-2:] for name in names])
    assert told == found.drop("accepted").to_dict()


def test_the_codebook_says_how_every_paragraph_that_is_cited_begins_and_no_other(desk, codebook):
    lines = re.findall(r"^\| (\d) \w+ \| (\d.*) \|$", codebook, re.MULTILINE)
    told = {f"article {article}, paragraph {start.split()[0]}" for article, row in lines for start in row.split(" · ")}
    passages = {citation.locator for cell in desk.incidents["sources"] for citation in desk.citations(cell)}
    assert told == {passage for passage in passages if passage and "paragraph" in passage}


def test_no_account_of_a_private_person_is_named(desk):
    written = desk.incidents.to_csv() + desk.sources.to_csv()
    assert set(re.findall(r"twitter\.com/(\w+)", written)) == {"Menastream"}
    assert set(re.findall(r"@(\w+)", written)) == {"Menastream"}


def test_why_the_attack_that_nobody_claimed_is_not_suspected_stands_in_its_notes(row):
    assert "none and not suspected" in row(3)["notes"]


def test_the_places_in_the_file_are_what_the_gazetteer_says_today(desk):
    columns = ["incident_id", *LOCATED]
    written = read_table((files("incidents") / "data" / "incidents.csv").read_bytes()).accepted
    assert written[columns].equals(pd.DataFrame(desk.incidents)[columns])


def test_kompienga_and_sanloaga_are_joined_by_nearness_alone(desk):
    found = {rule: links(desk.incidents, preset=BORDERLAND, rule=rule) for rule in Rule}
    assert found[Rule.STRICT] == found[Rule.PROBABLE] == ()
    (link,) = found[Rule.OPEN]
    assert {link.first_id[-2:], link.second_id[-2:]} == {"01", "03"}
    assert "no claim" in link.reason
    assert not link.directed, "the source does not give the day at Sanloaga"
