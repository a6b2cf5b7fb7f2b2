"""A dataset as the desk holds it: what was accepted, what was rejected, and where it is told."""

import hashlib

import pytest

from gazetteer import Gazetteer, own
from incidents.dataset import curated, from_bytes, load, located_again
from incidents.errors import IncidentsError, NotADatasetError, UnknownIncidentError
from incidents.export import to_xlsx
from incidents.filters import Filters
from incidents.schema import SOURCE_COLUMNS

SOURCES = (
    ",".join(SOURCE_COLUMNS) + "\ndw-2021-11-11,DW,2021-11-11,An attack,https://dw.com,fr,,\nbare,,,,,,,\n"
    "graded,Radio,,,,,B,2\nhalf-graded,,,,,,C,\n"
).encode()


def test_a_file_with_a_broken_row_opens_with_that_row_rejected_and_the_rest_shown(a_file, gazetteer, tmp_path):
    path = tmp_path / "march.csv"
    path.write_bytes(a_file({}, {"date_start": "soon"}, {}))
    found = load(path, gazetteer=gazetteer)
    assert list(found.incidents["incident_id"]) == ["i0", "i2"]
    assert [(fault.row, fault.column, fault.value, fault.reason) for fault in found.rejected] == [
        (3, "date_start", "soon", "expected a date like 2021-11-19")
    ]


def test_a_row_with_several_faults_is_one_row_that_is_missing(a_file, gazetteer):
    content = a_file({}, {"date_start": "soon", "injured": "many"}, {"date_end": "later"})
    found = from_bytes(content, name="march.csv", gazetteer=gazetteer)
    assert (len(found.rejected), found.rows_rejected) == (3, 2)


def test_a_dataset_is_named_by_its_file_and_known_by_the_hash_of_its_bytes(a_file, gazetteer, tmp_path):
    path = tmp_path / "march.csv"
    path.write_bytes(a_file({}))
    found = load(path, gazetteer=gazetteer)
    assert found.name == "march.csv"
    assert found.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()


def test_sources_beside_the_file_are_read_and_without_them_there_are_none(a_file, gazetteer, tmp_path):
    path = tmp_path / "march.csv"
    path.write_bytes(a_file({}))
    assert load(path, gazetteer=gazetteer).sources.empty
    (tmp_path / "sources.csv").write_bytes(SOURCES)
    listed = load(path, gazetteer=gazetteer).sources["source_id"]
    assert list(listed) == ["dw-2021-11-11", "bare", "graded", "half-graded"]


def test_a_dataset_of_no_incidents_is_a_dataset(a_file, gazetteer):
    found = from_bytes(a_file(), name="empty.csv", gazetteer=gazetteer)
    assert found.incidents.empty
    assert found.facets.families == ()


NO_FILES = {
    "a file that is not there": lambda folder: folder / "gone.csv",
    "a folder": lambda folder: folder,
    "the root": lambda folder: type(folder)("/"),
}


@pytest.mark.parametrize("path_in", NO_FILES.values(), ids=NO_FILES)
def test_a_path_that_cannot_be_read_is_named_in_one_sentence(gazetteer, tmp_path, path_in):
    path = path_in(tmp_path)
    with pytest.raises(NotADatasetError) as raised:
        load(path, gazetteer=gazetteer)
    assert str(raised.value).startswith(f"{path} cannot be read: ")


def test_a_broken_list_of_sources_is_named_as_the_file_it_is_in(a_file, gazetteer):
    with pytest.raises(NotADatasetError, match=r"^sources\.csv is not a list of sources"):
        from_bytes(a_file({}), name="march.csv", gazetteer=gazetteer, sources=b"a,b\n")


def test_the_sources_that_a_file_lists_itself_count_where_no_list_stands_beside_it(a_file, gazetteer):
    made = from_bytes(a_file({"sources": "graded#page 3"}), name="a.csv", gazetteer=gazetteer, sources=SOURCES)
    content = to_xlsx(made, Filters(), boundaries=gazetteer.boundaries)
    alone = from_bytes(content, name="a.xlsx", gazetteer=gazetteer)
    empty = ",".join(SOURCE_COLUMNS).encode()
    beside = from_bytes(content, name="a.xlsx", gazetteer=gazetteer, sources=empty)

    assert [str(citation) for citation in alone.citations("graded#page 3")] == ["Radio, page 3 (B2)"]
    assert [str(citation) for citation in beside.citations("graded#page 3")] == ["graded, page 3"]


@pytest.fixture(scope="module")
def cited(a_file, gazetteer):
    return from_bytes(a_file({}), name="march.csv", gazetteer=gazetteer, sources=SOURCES)


CITATIONS = {
    "a source": ("dw-2021-11-11", ["DW, An attack, 2021-11-11"]),
    "a passage": ("dw-2021-11-11#page 3", ["DW, An attack, 2021-11-11, page 3"]),
    "two, with a stray semicolon": (
        "dw-2021-11-11#page 3; bare;",
        ["DW, An attack, 2021-11-11, page 3", "bare"],
    ),
    "one that was graded": ("graded#page 3", ["Radio, page 3 (B2)"]),
    "one that was graded in part": ("half-graded", ["half-graded (reliability C)"]),
    "one that is not listed": ("elsewhere#note 2", ["elsewhere, note 2"]),
    "none": (None, []),
}


@pytest.mark.parametrize(("cell", "lines"), CITATIONS.values(), ids=CITATIONS)
def test_a_citation_is_a_line_of_what_is_known_and_nothing_else(cited, cell, lines):
    assert [str(citation) for citation in cited.citations(cell)] == lines


def test_a_citation_keeps_the_address_for_a_link(cited):
    (citation,) = cited.citations("dw-2021-11-11#page 3")
    assert (citation.url, citation.locator) == ("https://dw.com", "page 3")


def test_an_incident_is_found_by_its_identifier(cited):
    assert cited.incident("i0")["place_as_reported"] == "Kompienga"


def test_an_unknown_identifier_is_an_error_that_reads_as_a_sentence(cited):
    with pytest.raises(UnknownIncidentError) as raised:
        cited.incident("i9")
    assert str(raised.value) == "march.csv has no incident 'i9'."
    assert isinstance(raised.value, IncidentsError | KeyError)


def test_the_curated_dataset_comes_with_the_package_and_nothing_of_it_is_rejected(gazetteer):
    found = curated(gazetteer=gazetteer)
    assert (found.name, found.rejected, found.ignored_columns) == ("incidents.csv", (), ())


def test_a_dataset_is_located_again_by_a_gazetteer_that_has_a_place_more(a_file, gazetteer, tmp_path):
    content = a_file({"place_as_reported": "Sanloaga", "country": "Togo", "country_code": "TG", "admin2": "Kpendjal"})
    before = from_bytes(content, name="a.csv", gazetteer=gazetteer)
    assert before.incident("i0")["geo_precision"] == "admin2"
    own.add(
        "Sanloaga",
        longitude=0.7012345,
        latitude=10.983217,
        uncertainty_km=4,
        feature_code="PPL",
        source="A map",
        country_code="TG",
        folder=tmp_path,
    )
    after = located_again(before, gazetteer=Gazetteer.open(packs=tmp_path))
    incident = after.incident("i0")
    assert (incident["geo_precision"], incident["longitude"], incident["latitude"]) == (
        "settlement",
        0.7012345,
        10.983217,
    )
    assert after.places_sha256 != before.places_sha256
    assert after.sha256 == before.sha256
