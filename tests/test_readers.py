"""A file of incidents: every row is accepted, or rejected with the reason; a file that is none says so."""

import csv
import io
from contextlib import suppress

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from incidents import schema
from incidents.errors import NotADatasetError
from incidents.readers import read_sources, read_table, table

NO_DATASETS = {
    "nothing": (b"", "it is empty"),
    "a picture": (b"\x89PNG\r\n\x1a\n\x00", "not UTF-8"),
    "another encoding": ("résumé".encode("latin-1"), "not UTF-8"),
    "prose": (b"On November 11, Togo announced an attack.", "lacks the columns incident_id"),
    "another table": (b"name,population\nTogo,8000000\n", "lacks the columns incident_id"),
    "a quotation mark that never closes": (b'incident_id,"summary\n', "lacks the columns"),
    "too large": (b" " * (table.MAX_BYTES + 1), "larger than 20 MB"),
}


@pytest.mark.parametrize(("content", "why"), NO_DATASETS.values(), ids=NO_DATASETS)
def test_a_file_that_is_no_dataset_gives_one_sentence_that_names_it(content, why):
    with pytest.raises(NotADatasetError) as raised:
        read_table(content, name="report.csv")
    sentence = str(raised.value)
    assert sentence.startswith("report.csv")
    assert why in sentence
    assert sentence.endswith(".")
    assert "\n" not in sentence


def test_a_header_that_names_a_column_twice_is_no_dataset_since_one_of_them_would_disappear(a_file):
    content = a_file({}).replace(b",notes,", b",summary,")
    with pytest.raises(NotADatasetError, match="more than once: summary"):
        read_table(content)


@pytest.mark.parametrize("delimiter", [",", ";", "\t"], ids=["comma", "semicolon", "tab"])
def test_columns_may_be_separated_as_spreadsheets_do(a_file, delimiter):
    reading = read_table(a_file({"summary": "One, two; three"}, delimiter=delimiter))
    assert list(reading.accepted["summary"]) == ["One, two; three"]


def test_a_byte_order_mark_is_no_part_of_the_first_column(a_file):
    assert len(read_table(b"\xef\xbb\xbf" + a_file({})).accepted) == 1


def test_types_are_the_schemas_whether_there_are_rows_or_none(a_file):
    for content in (a_file(), a_file({}), a_file({"date_start": "soon"})):
        accepted = read_table(content).accepted
        assert {column: str(dtype) for column, dtype in accepted.dtypes.items()} == schema.DTYPES


def test_columns_of_other_peoples_tables_are_named_and_left_aside():
    header = ",".join([*schema.REQUIRED, "priority", "analyst note"])
    assert read_table(header.encode()).ignored_columns == ("priority", "analyst note")


UNREADABLE = {
    "a date in words": ("date_start", "Nov 2", "expected a date like 2021-11-19"),
    "a day before its month": ("date_start", "19/11/2021", "expected a date like 2021-11-19"),
    "a month that no calendar has": ("date_start", "2021/19/11", "expected a date like 2021-11-19"),
    "a time of the day": ("date_start", "2021/11/19 14:30:00", "expected a date like 2021-11-19"),
    "a day that no calendar has": ("reported_on", "2021-02-29", "expected a date like 2021-11-19"),
    "a figure in words": ("fatalities_low", "dozens", "expected a whole number"),
    "half a person": ("injured", "1.5", "expected a whole number"),
    "more than a column holds": ("fatalities_high", "9" * 30, "expected a whole number"),
    "degrees and minutes": ("longitude", "0°43'", "expected a number"),
    "infinity": ("uncertainty_km", "inf", "expected a number"),
    "not a number": ("latitude", "nan", "expected a number"),
}


@pytest.mark.parametrize(("column", "cell", "reason"), UNREADABLE.values(), ids=UNREADABLE)
def test_a_cell_that_cannot_be_read_rejects_its_row_and_no_other(a_file, column, cell, reason):
    reading = read_table(a_file({}, {column: cell}, {}))
    (fault,) = reading.rejected
    assert (fault.row, fault.column, fault.value, fault.reason) == (3, column, cell, reason)
    assert list(reading.accepted["incident_id"]) == ["i0", "i2"]


@pytest.mark.parametrize("day", ["2021/11/19", "2021/11/19 00:00:00"])
def test_a_day_may_have_slashes_in_the_order_of_iso_as_gdal_writes_it(a_file, day):
    reading = read_table(a_file({"date_start": day, "date_end": day}))
    assert reading.rejected == ()
    assert list(reading.accepted["date_start"]) == [pd.Timestamp("2021-11-19")]


def test_every_fault_of_a_row_is_told_at_once(a_file):
    reading = read_table(a_file({"date_start": "soon", "injured": "many", "summary": ""}))
    assert [fault.column for fault in reading.rejected] == ["date_start", "injured", "summary"]


def test_a_column_is_written_out_once_however_many_of_its_rows_have_a_fault(a_file, monkeypatch):
    astype, written = pd.Series.astype, []
    monkeypatch.setattr(pd.Series, "astype", lambda *given, **named: written.append(1) or astype(*given, **named))

    def times(rows):
        written.clear()
        assert len(read_table(a_file(*({"attribution": "certain"} for _ in range(rows)))).rejected) == rows
        return len(written)

    assert times(300) == times(30)


def test_a_row_with_a_cell_too_many_is_rejected_as_a_whole(a_file):
    first, *rest = a_file({}, {}).decode().splitlines()
    reading = read_table("\n".join([first, rest[0] + ",extra", rest[1]]).encode())
    (fault,) = reading.rejected
    columns = len(schema.COLUMNS)
    assert (fault.row, fault.column) == (2, "")
    assert fault.reason == f"expected {columns} cells, as in the header, found {columns + 1}"
    assert list(reading.accepted["incident_id"]) == ["i1"]


def test_rows_are_numbered_as_a_spreadsheet_shows_them_blank_ones_and_line_breaks_included(a_file):
    header, *rest = a_file({"summary": "Two\nlines"}, {"date_start": "soon"}).decode().split("\r\n")
    content = "\r\n".join([header, "", *rest]).encode()
    assert [fault.row for fault in read_table(content).rejected] == [4]


@pytest.mark.parametrize("word", ["NA", "null", "None", "nan", "-", "N/A"])
def test_a_word_that_other_readers_take_for_nothing_stays_a_word(a_file, word):
    assert list(read_table(a_file({"actor_primary": word})).accepted["actor_primary"]) == [word]


def test_marks_that_make_a_name_read_backwards_are_taken_out_and_its_own_letters_stay(a_file):
    reading = read_table(a_file({"target": "\u202efdp.exe\u202c", "notes": "الرقة \x00Raqqa"}))
    assert reading.accepted.loc[0, ["target", "notes"]].tolist() == ["fdp.exe", "الرقة Raqqa"]


def test_one_name_in_two_codings_is_one_name(a_file):
    composed, decomposed = read_table(a_file({"country": "Côte"}, {"country": "Co\u0302te"})).accepted["country"]
    assert composed == decomposed


def test_a_cell_as_long_as_a_book_is_the_fault_of_its_row(a_file):
    reading = read_table(a_file({"summary": "x" * 200_000}, {}))
    assert [(fault.column, fault.reason) for fault in reading.rejected] == [
        ("summary", "expected at most 5000 characters, found 200000")
    ]
    assert len(reading.accepted) == 1


NOWHERE = {
    "itself": [{"fatalities_joint_with": "i0"}, {}],
    "a row that points on": [{}, {"fatalities_joint_with": "i0"}, {"fatalities_joint_with": "i1"}],
}


@pytest.mark.parametrize("rows", NOWHERE.values(), ids=NOWHERE)
def test_a_joint_figure_must_stand_somewhere(a_file, rows):
    reading = read_table(a_file(*rows))
    assert [fault.column for fault in reading.rejected] == ["fatalities_joint_with"]


ELSEWHERE = {
    "a row of another file": [{}, {"fatalities_joint_with": "i9"}],
    "a rejected row": [{"summary": ""}, {"fatalities_joint_with": "i0"}],
}


@pytest.mark.parametrize("rows", ELSEWHERE.values(), ids=ELSEWHERE)
def test_an_incident_is_kept_though_the_row_with_its_joint_figure_is_not_here(a_file, rows):
    assert "i1" in read_table(a_file(*rows)).accepted["incident_id"].tolist()


def test_two_rows_may_share_the_figure_of_a_third(a_file):
    shared = {"fatalities_joint_with": "i0"}
    assert read_table(a_file({"fatalities_best": "100"}, shared, shared)).rejected == ()


def rows_of(content: bytes) -> int:
    """Rows below the header that are not blank."""
    text = content.decode("utf-8-sig")
    delimiter = max(",;\t", key=text.partition("\n")[0].count)
    return sum(any(row) for row in list(csv.reader(io.StringIO(text), delimiter=delimiter))[1:])


@given(st.one_of(st.binary(max_size=400), st.text(max_size=400).map(lambda text: text.encode("utf-8"))))
def test_whatever_the_bytes_a_reader_reads_them_or_says_that_they_are_no_dataset(content):
    for read in (read_table, read_sources):
        # Any other error passes through here, and fails the test.
        with suppress(NotADatasetError):
            read(content)


# Cells that are often right, often nearly so, and sometimes anything.
CELLS = st.one_of(
    st.sampled_from(
        [
            *(
                "",
                "day",
                "week",
                "unknown",
                "Battles",
                "Riots",
                "Armed clash",
                "claimed",
                "none",
                "settlement",
                "country",
            ),
            *(
                "2021-11-02",
                "2021-11-30",
                "0001-01-01",
                "9999-12-31",
                "2021-W46-5",
                "BF",
                "TG",
                "XX",
                "i0",
                "i1",
                "JNIM",
            ),
            *("0", "7", "-1", "1e3", "1_0", "11.1", "1e999", "9" * 40, "\x00", "NA", "٣"),
        ]
    ),
    st.text(max_size=12),
)
ROWS = st.lists(st.dictionaries(st.sampled_from(schema.COLUMNS), CELLS, max_size=6), max_size=20)
FEW = settings(max_examples=25)  # of many rows each: a table takes as long to check with one row as with twenty


@FEW
@given(ROWS)
def test_accepted_and_rejected_rows_together_are_all_rows_of_the_file(a_file, rows):
    content = a_file(*rows)
    reading = read_table(content)
    assert len(reading.accepted) + len({fault.row for fault in reading.rejected}) == rows_of(content)


@FEW
@given(ROWS)
def test_what_was_accepted_is_accepted_again_as_it_is(a_file, rows):
    accepted = read_table(a_file(*rows)).accepted
    again = read_table(accepted.to_csv(index=False, date_format="%Y-%m-%d").encode())
    assert again.rejected == ()
    pd.testing.assert_frame_equal(again.accepted, accepted)


HEADER = ",".join(schema.SOURCE_COLUMNS)

NO_SOURCES = {
    "other columns": ("name,url\n", "not a list of sources"),
    "a short row": (f"{HEADER}\ndw,DW\n", "row 2: expected 8 cells"),
    "a source twice": (f"{HEADER}\ndw,,,,,,,\ndw,,,,,,,\n", "more than once: dw"),
    "a source without an identifier": (f"{HEADER}\n,DW,,,,,,\n", "lacks its source_id"),
}


@pytest.mark.parametrize(("text", "why"), NO_SOURCES.values(), ids=NO_SOURCES)
def test_a_list_of_sources_with_a_fault_is_refused_whole_since_rows_cite_it(text, why):
    with pytest.raises(NotADatasetError, match=why):
        read_sources(text.encode())


def test_sources_are_read_as_text_and_an_empty_cell_is_null():
    sources = read_sources(f"{HEADER}\ndw-2021-11-11,dw.com/fr,2021-11-11,,,fr,,\n".encode())
    row = sources.iloc[0]
    assert list(sources.columns) == list(schema.SOURCE_COLUMNS)
    assert (row["source_id"], row["published_on"], row["language"]) == ("dw-2021-11-11", "2021-11-11", "fr")
    assert row[["title", "url", "reliability", "credibility"]].isna().all()
