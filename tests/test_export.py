"""Exports hold exactly what the filters give, and what they hold can be read back."""

import csv
import hashlib
import io
import json
from dataclasses import replace
from datetime import date
from functools import partial
from pathlib import Path

import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal

from gazetteer.boundaries import Boundaries
from gazetteer.formulas import defused, restored
from incidents import __version__
from incidents.cli import FAULTY, FINE, WRONG_USE, main
from incidents.errors import ExportError
from incidents.export import MEDIA_TYPES, file_name, to_csv, to_geojson, to_sidecar, write
from incidents.filters import UNATTRIBUTED, Filters, apply
from incidents.frames import FRAMES
from incidents.readers import read_table
from incidents.schema import COLUMNS, EVENT_TYPES, Attribution, GeoPrecision, Rejected
from incidents.sheet import Order, draw_sheet
from tests.made_up import dataset_of, located, made_up

GOLDEN = Path(__file__).parent / "data"
BOUNDARIES = Boundaries.load()
DATASET = made_up()

families = st.sampled_from(DATASET.facets.families)
days = st.dates(date(2020, 12, 1), date(2021, 12, 1))
some_filters = st.builds(
    Filters,
    families=st.lists(families, max_size=2, unique=True).map(tuple),
    date_from=st.none() | days,
    date_to=st.none() | days,
    countries=st.lists(st.sampled_from(list(DATASET.facets.countries)), max_size=2, unique=True).map(tuple),
    event_types=st.lists(st.sampled_from(list(EVENT_TYPES)), max_size=3, unique=True).map(tuple),
    attributions=st.lists(st.sampled_from(list(Attribution)), max_size=3, unique=True).map(tuple),
    coarsest=st.none() | st.sampled_from(list(GeoPrecision)),
    text=st.sampled_from(["", "", "", "kompienga", "mine"]),
)


def rows_of(content):
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))


def collection_of(filters, *, dataset=DATASET):
    return json.loads(to_geojson(dataset, filters, boundaries=BOUNDARIES))


@settings(max_examples=60)
@given(some_filters)
def test_csv_and_geojson_hold_the_incidents_that_the_filters_give_in_their_order(filters):
    wanted = apply(DATASET.incidents, filters)["incident_id"].tolist()
    collection = collection_of(filters)

    assert [row["incident_id"] for row in rows_of(to_csv(DATASET, filters))] == wanted
    assert [feature["id"] for feature in collection["features"]] == wanted
    assert collection["incidents_shown"] == len(wanted)


@settings(max_examples=8)
@given(some_filters, st.sampled_from([None, *FRAMES.values()]))
def test_the_sheet_shows_or_names_the_incidents_that_the_filters_give(filters, frame):
    wanted = apply(DATASET.incidents, filters)
    sheet = draw_sheet(
        DATASET,
        filters,
        boundaries=BOUNDARIES,
        order=Order(
            title="Test",
            as_of=date(2021, 11, 19),
            produced_on=date(2021, 11, 20),
            frames=(frame,) if frame else (),
        ),
    )
    unmapped = [feature["id"] for feature in collection_of(filters)["features"] if feature["geometry"] is None]

    assert sorted(sheet.drawn + sheet.outside + sheet.not_mapped) == sorted(wanted["incident_id"])
    assert sorted(sheet.not_mapped) == sorted(unmapped)
    assert frame is not None or sheet.outside == ()


def test_a_csv_reads_back_as_the_dataset_it_was():
    reading = read_table(to_csv(DATASET, Filters()))

    assert reading.rejected == ()
    assert reading.ignored_columns == ()
    was = pd.DataFrame(apply(DATASET.incidents, Filters())[list(COLUMNS)]).reset_index(drop=True)
    assert_frame_equal(reading.accepted, was)


# What a reader has let in: no controls, no bidirectional overrides, normalised, and not blank.
texts = (
    st.text(st.characters(exclude_categories=["Cc", "Cf", "Cs", "Cn", "Zl", "Zp"]), max_size=30)
    .map(lambda text: pd.Series([text]).str.normalize("NFC").str.strip()[0])
    .filter(bool)
)
opened = st.tuples(st.sampled_from(["=", "+", "-", "@", "'", "''=", "'-", "＝", '"', ",", ";", ""]), texts)


@settings(max_examples=40)
@given(st.lists(opened.map("".join), min_size=3, max_size=3), st.floats(-170, -0.1), st.integers(0, 10**6))
def test_any_text_and_any_number_survive_the_round_trip(words, longitude, dead):
    table = read_table((GOLDEN / "made-up.csv").read_bytes()).accepted.iloc[[0]]
    summary, notes, place = words
    table = table.assign(
        summary=summary, notes=notes, place_as_reported=place, longitude=longitude, fatalities_high=dead
    ).astype(table.dtypes)
    reading = read_table(to_csv(dataset_of(located(table)), Filters()))

    assert reading.rejected == ()
    assert_frame_equal(reading.accepted, table)


@given(st.text())
def test_defusing_text_can_always_be_undone(text):
    assert restored(defused(text)) == text


@given(st.sampled_from("=+-@\t\r\n＝＋－＠"), st.text())
def test_no_cell_of_a_csv_opens_with_what_a_spreadsheet_runs(sign, text):
    assert defused(sign + text).startswith("'")


def test_a_formula_is_defused_and_a_negative_number_is_not():
    rows = {row["incident_id"]: row for row in rows_of(to_csv(DATASET, Filters()))}

    assert rows["made-06"]["summary"] == '\'=HYPERLINK("x","y")'
    assert rows["made-06"]["notes"] == "'+1, -1, @all"
    assert rows["made-04"]["longitude"] == "-1.6305"


def test_excel_is_told_that_a_csv_is_utf_8():
    assert to_csv(DATASET, Filters()).startswith(b"\xef\xbb\xbfincident_id,")


def test_a_csv_keeps_the_order_of_the_file_where_that_is_asked():
    rows = rows_of(to_csv(DATASET, Filters(), ordered=False))

    assert [row["incident_id"] for row in rows] == DATASET.incidents["incident_id"].tolist()


def test_null_is_not_zero_in_any_export():
    rows = {row["incident_id"]: row for row in rows_of(to_csv(DATASET, Filters()))}
    features = {feature["id"]: feature["properties"] for feature in collection_of(Filters())["features"]}

    assert (rows["made-01"]["fatalities_best"], rows["made-02"]["fatalities_best"]) == ("0", "")
    assert features["made-01"]["fatalities_best"] == 0
    assert features["made-02"]["fatalities_best"] is None


def test_geojson_has_every_column_with_iso_dates_and_the_drawn_geometry():
    features = {feature["id"]: feature for feature in collection_of(Filters())["features"]}
    district = features["made-03"]

    assert set(COLUMNS) <= set(district["properties"])
    assert district["properties"]["date_end"] == "2021-11-10"
    assert district["geometry"]["type"] == "Polygon"
    assert features["made-01"]["geometry"] == {"type": "Point", "coordinates": [0.72365, 11.08169]}
    assert features["made-07"]["geometry"] is None


def test_outlines_in_geojson_run_against_the_clock():
    areas = [
        shapely.from_geojson(json.dumps(feature["geometry"]))
        for feature in collection_of(Filters())["features"]
        if feature["geometry"] and feature["geometry"]["type"] == "Polygon"
    ]

    assert len(areas) == 2
    assert all(area.exterior.is_ccw for area in areas)


def test_geojson_says_what_it_answers_and_what_it_was_made_from():
    collection = collection_of(Filters(families=("JNIM",)), dataset=replace(DATASET, places_from="A gazetteer"))

    assert collection["filters"] == {"in_words": ["Group: JNIM"], "query": {"group": ["JNIM"]}}
    assert (collection["incidents_shown"], collection["incidents_in_dataset"]) == (3, 8)
    assert collection["not_mappable"] == [{"incident_id": "made-07", "reason": "Only the country is known: Niger."}]
    assert collection["provenance"]["dataset_sha256"] == DATASET.sha256
    assert collection["provenance"]["borders"] == BOUNDARIES.layer_citation
    assert collection["provenance"]["places"] == "A gazetteer"


BROKEN = replace(
    DATASET,
    rejected=(
        Rejected(10, "date_start", "soon", "expected a date like 2021-11-19"),
        Rejected(10, "latitude", "north", "expected a number"),
        Rejected(12, "", "a, b", "expected 38 cells, as in the header, found 2"),
    ),
)


def test_geojson_says_which_rows_of_the_file_it_lacks_and_why_without_what_stood_there():
    provenance = json.loads(to_geojson(BROKEN, Filters(), boundaries=BOUNDARIES))["provenance"]

    assert provenance["rows_rejected"] == 2
    assert [(fault["row"], fault["column"]) for fault in provenance["rejected"]] == [
        (10, "date_start"),
        (10, "latitude"),
        (12, ""),
    ]
    assert "soon" not in json.dumps(provenance)
    assert collection_of(Filters())["provenance"]["rows_rejected"] == 0


@settings(max_examples=20)
@given(some_filters)
def test_a_csv_has_a_sidecar_that_says_of_it_what_geojson_says_of_itself(filters):
    content = to_csv(BROKEN, filters)
    options = {"boundaries": BOUNDARIES}
    sidecar = json.loads(to_sidecar(BROKEN, filters, content=content, name="shown.csv", **options))
    collection = json.loads(to_geojson(BROKEN, filters, **options))

    assert sidecar.pop("file") == {"name": "shown.csv", "sha256": hashlib.sha256(content).hexdigest()}
    assert sidecar == {key: collection[key] for key in sidecar}
    assert set(collection) - set(sidecar) <= {"type", "bbox", "features", "sources"}


def test_geojson_of_nothing_is_an_empty_collection_without_bounds():
    collection = collection_of(Filters(text="nowhere at all"))

    assert collection["features"] == []
    assert "bbox" not in collection


@pytest.mark.parametrize(
    ("name", "made"),
    [
        ("golden.csv", lambda filters: to_csv(DATASET, filters)),
        ("golden.geojson", lambda filters: to_geojson(DATASET, filters, boundaries=BOUNDARIES)),
        *(
            (f"golden.{ending}", partial(write, DATASET, format=ending, boundaries=BOUNDARIES))
            for ending in ("kml", "txt", "bib", "csl.json")
        ),
    ],
)
def test_an_export_is_byte_for_byte_the_one_that_was_looked_at(name, made):
    filters = Filters(families=("=cmd|calc", UNATTRIBUTED))

    by_any_version = made(filters).replace(f"incident-desk {__version__}".encode(), b"incident-desk VERSION")
    assert by_any_version == (GOLDEN / name).read_bytes()


OCTOBER = {"date_from": date(2021, 10, 1), "date_to": date(2021, 10, 31)}
DAY = date(2021, 11, 16)


@pytest.mark.parametrize(
    ("filters", "frame", "name"),
    [
        (Filters(), None, "20211119_all_incidents_v01.pdf"),
        (Filters(), FRAMES["sahel"], "20211119_sahel_incidents_v01.pdf"),
        (Filters(families=("JNIM",)), FRAMES["sahel"], "20211119_sahel_jnim_v01.pdf"),
        (Filters(families=("JNIM", UNATTRIBUTED)), None, "20211119_all_jnim-unattributed_v01.pdf"),
        (Filters(countries=("BF", "TG")), None, "20211119_burkina-faso-togo_incidents_v01.pdf"),
        (Filters(text="mine"), None, "20211119_all_incidents-selection_v01.pdf"),
        (Filters(families=("JNIM",), **OCTOBER), None, "20211119_all_jnim-20211001-20211031_v01.pdf"),
        (Filters(**OCTOBER, text="mine"), None, "20211119_all_incidents-20211001-20211031-selection_v01.pdf"),
        (Filters(date_from=date(2021, 10, 1)), None, "20211119_all_incidents-from-20211001_v01.pdf"),
        (Filters(date_to=date(2021, 10, 31)), None, "20211119_all_incidents-to-20211031_v01.pdf"),
        (Filters(date_from=DAY, date_to=DAY), None, "20211119_all_incidents-20211116_v01.pdf"),
        (Filters(impossible=(("from", "soon"),)), None, "20211119_all_incidents-selection_v01.pdf"),
        (Filters(countries=("BF",)), FRAMES["iraq"], "20211119_iraq_incidents-selection_v01.pdf"),
        (Filters(families=("../../etc/passwd",)), None, "20211119_all_etc-passwd_v01.pdf"),
        (Filters(families=("قندوز",)), None, "20211119_all_incidents-selection_v01.pdf"),
        (Filters(families=("a" * 300,)), None, f"20211119_all_{'a' * 60}_v01.pdf"),
    ],
)
def test_a_file_is_named_by_day_theatre_subject_and_version(filters, frame, name):
    assert file_name(DATASET, filters, as_of=date(2021, 11, 19), format="pdf", frame=frame) == name


def test_every_format_has_a_media_type_and_an_unknown_one_is_refused():
    for ending in MEDIA_TYPES:
        assert file_name(DATASET, Filters(), as_of=date(2021, 11, 19), format=ending).endswith(f".{ending}")
    with pytest.raises(ExportError, match="no export as 'xls'"):
        file_name(DATASET, Filters(), as_of=date(2021, 11, 19), format="xls")


def test_a_dataset_of_the_same_rows_gives_the_same_bytes():
    again = replace(made_up(), incidents=DATASET.incidents.copy())

    assert to_csv(again, Filters()) == to_csv(DATASET, Filters())
    assert to_geojson(again, Filters(), boundaries=BOUNDARIES) == to_geojson(DATASET, Filters(), boundaries=BOUNDARIES)


# The command


@pytest.fixture
def broken(a_file, tmp_path):
    """A file of three rows, the second of them broken."""
    path = tmp_path / "march.csv"
    path.write_bytes(a_file({}, {"date_start": "soon"}, {"actor_family": "JNIM", "attribution": "claimed"}))
    return path


@pytest.mark.parametrize("ending", ["csv", "geojson", "xlsx", "gpkg", "kml"])
def test_an_export_that_lacks_rows_says_which_and_why_and_is_no_success(broken, gazetteer, capsys, ending):
    output = broken.with_name(f"shown.{ending}")
    code = main(["export", str(broken), "--format", ending, "--out", str(output)])

    assert code == FAULTY
    assert capsys.readouterr().err == "row 3 left out, date_start: expected a date like 2021-11-19\n"
    assert output.stat().st_size


def test_an_export_of_every_row_is_a_success_and_says_only_what_it_wrote(a_file, gazetteer, tmp_path, capsys):
    (tmp_path / "march.csv").write_bytes(a_file({}))
    output = tmp_path / "shown.geojson"

    assert main(["export", str(tmp_path / "march.csv"), "--format", "geojson", "--out", str(output)]) == FINE
    assert capsys.readouterr() == (f"{output}\n", "")


def test_a_csv_is_written_with_its_sidecar_beside_it(broken, gazetteer, capsys):
    output = broken.with_name("shown.csv")
    main(["export", str(broken), "--format", "csv", "--group", "JNIM", "--out", str(output)])
    beside = broken.with_name("shown.csv.json")
    sidecar = json.loads(beside.read_bytes())

    assert capsys.readouterr().out == f"{output}\n{beside}\n"
    assert sidecar["file"] == {"name": "shown.csv", "sha256": hashlib.sha256(output.read_bytes()).hexdigest()}
    assert sidecar["filters"] == {"in_words": ["Group: JNIM"], "query": {"group": ["JNIM"]}}
    assert (sidecar["incidents_shown"], sidecar["incidents_in_dataset"]) == (1, 2)
    assert sidecar["provenance"]["dataset_sha256"] == hashlib.sha256(broken.read_bytes()).hexdigest()
    assert sidecar["provenance"]["rows_rejected"] == 1
    assert sidecar["provenance"]["borders"] == BOUNDARIES.layer_citation
    assert sidecar["provenance"]["made_with"] == f"incident-desk {__version__}"


def test_a_sidecar_can_be_declined(broken, gazetteer):
    output = broken.with_name("shown.csv")
    main(["export", str(broken), "--format", "csv", "--no-sidecar", "--out", str(output)])

    assert output.is_file()
    assert not broken.with_name("shown.csv.json").exists()


def test_a_filter_that_no_incident_can_answer_is_refused_on_the_command_line(broken, gazetteer, capsys):
    assert main(["export", str(broken), "--format", "csv", "--attribution", "rumoured"]) == WRONG_USE
    assert "The filter asks for attribution 'rumoured'" in capsys.readouterr().err
