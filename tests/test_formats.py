"""Every format holds the incidents that the filters give, says what it is, and reads back as what it was."""

import base64
import csv
import hashlib
import html
import io
import json
import os
import re
import sqlite3
import subprocess
import sys
import tempfile
from collections import Counter
from contextlib import closing, suppress
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree as ET

import geopandas as gpd
import jsonschema
import openpyxl
import pandas as pd
import pyarrow.parquet as pq
import pyogrio
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal

from gazetteer.boundaries import Boundaries
from incidents import export
from incidents.errors import NotADatasetError
from incidents.export.citations import cited
from incidents.filters import Filters, apply
from incidents.geocode import disc, records
from incidents.readers import MAX_BYTES, read, read_rows
from incidents.review import VERSION
from incidents.schema import COLUMNS, SOURCE_COLUMNS
from incidents.statement import BOUNDARY_NOTICE, Overlay
from tests.made_up import dataset_of, located, made_up
from tests.test_export import opened, some_filters

BOUNDARIES = Boundaries.load()
DATASET = made_up()
EVERYTHING = Filters()
KML = "{http://www.opengis.net/kml/2.2}"


def made(ending, filters=EVERYTHING, *, dataset=DATASET, **options):
    return export.write(dataset, filters, format=ending, boundaries=BOUNDARIES, **options)


def ids_in_csv(content):
    return [row["incident_id"] for row in csv.DictReader(io.StringIO(content.decode("utf-8-sig")))]


def ids_in_xlsx(content):
    rows = list(openpyxl.load_workbook(io.BytesIO(content))["Incidents"].iter_rows(values_only=True))
    return [row[0] for row in rows[1:]]


def ids_in_geojson(content):
    return [feature["id"] for feature in json.loads(content)["features"]]


def layer_of(content, layer):
    """A layer of a GeoPackage as GDAL reads it."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.gpkg"  # GDAL warns of any other ending
        path.write_bytes(content)
        return pyogrio.read_dataframe(path, layer=layer, read_geometry=layer == "incidents")


def ids_in_gpkg(content):
    return layer_of(content, "incidents")["incident_id"].tolist()


def ids_in_parquet(content):
    return gpd.read_parquet(io.BytesIO(content))["incident_id"].tolist()


def ids_in_kml(content):
    marks = ET.fromstring(content).iter(f"{KML}Placemark")
    return [mark.find(f".//{KML}Data[@name='incident_id']/{KML}value").text for mark in marks]


def ids_in_txt(content):
    listed = content.decode().partition("Incidents and their sources\n\n")[2]
    return [line.partition(": ")[0] for line in listed.splitlines()]


def data_in_html(content):
    return json.loads(re.search(r'<script type="application/json" id="data">(.*?)</script>', content.decode())[1])


def ids_in_html(content):
    return [dict(row["told"])["Incident"] for row in data_in_html(content)["rows"]]


IDS = {
    "html": ids_in_html,
    "csv": ids_in_csv,
    "xlsx": ids_in_xlsx,
    "geojson": ids_in_geojson,
    "gpkg": ids_in_gpkg,
    "parquet": ids_in_parquet,
    "kml": ids_in_kml,
    "txt": ids_in_txt,
}
READABLE = ("csv", "xlsx", "geojson", "gpkg", "parquet")
EVERY = export.WRITTEN


@pytest.mark.parametrize("ending", IDS)
@settings(max_examples=8)
@given(filters=some_filters)
def test_a_format_holds_the_incidents_that_the_filters_give_in_their_order(ending, filters):
    assert IDS[ending](made(ending, filters)) == apply(DATASET.incidents, filters)["incident_id"].tolist()


@settings(max_examples=15)
@given(filters=some_filters)
def test_the_citations_are_those_of_the_incidents_shown_in_all_three_formats(filters):
    shown = apply(DATASET.incidents, filters)
    wanted = {
        source_id
        for cell in shown["sources"].dropna()
        for source_id in (entry.strip().partition("#")[0] for entry in cell.split(";"))
    }

    assert {item["id"] for item in json.loads(made("csl.json", filters))[1:]} == wanted
    assert set(re.findall(r"^@misc\{([^,]+),$", made("bib", filters).decode(), re.MULTILINE)) == wanted
    assert len(re.findall(r"^\[\d+\] ", made("txt", filters).decode(), re.MULTILINE)) == len(wanted)


# What it says of itself


def account_in(ending, content):  # noqa: PLR0911  one answer per format
    """All words in which a file says what it holds."""
    match ending:
        case "xlsx":
            rows = openpyxl.load_workbook(io.BytesIO(content))["About this file"].iter_rows(values_only=True)
            return "\n".join(f"{label}: {words}" for label, words in rows)
        case "gpkg":
            about = layer_of(content, "about")
            return "\n".join(f"{label}: {words}" for label, words in zip(about["about"], about["words"], strict=True))
        case "parquet":
            return pq.read_schema(io.BytesIO(content)).metadata[b"incident_desk"].decode()
        case "kml":
            return ET.fromstring(content).find(f"{KML}Document/{KML}description").text
        case "html":
            return "\n".join(f"{label}: {words}" for label, words in data_in_html(content)["account"])
        case "csl.json":
            return json.loads(content)[0]["note"]
        case _:
            return content.decode()


@pytest.mark.parametrize("ending", [ending for ending in EVERY if ending != "csv"])
def test_a_format_says_inside_what_it_answers_and_what_it_was_made_from(ending):
    filters = Filters(families=("JNIM",))
    words = account_in(ending, made(ending, filters, dataset=replace(DATASET, places_from="A gazetteer")))

    for told in ("Group: JNIM", "made-07", "Only the country is known: Niger.", DATASET.sha256, BOUNDARIES.sha256):
        assert told in words
    assert BOUNDARIES.layer_citation in words
    assert BOUNDARY_NOTICE in words
    assert "A gazetteer" in words
    assert "3 of 8, 1 not mappable" in words or ('"incidents_shown": 3' in words and '"set_aside": 0' in words)


def places_in(ending, content):
    """Verdict and reason of each incident's place, by identifier."""
    if ending == "geojson":
        rows = [feature["properties"] for feature in json.loads(content)["features"]]
    else:
        table = layer_of(content, "incidents") if ending == "gpkg" else gpd.read_parquet(io.BytesIO(content))
        rows = records(table)
    return {row["incident_id"]: (row["place_verdict"], row["place_reason"]) for row in rows}


@pytest.mark.parametrize("ending", ["geojson", "gpkg", "parquet"])
def test_a_format_gives_the_reason_for_the_place_that_an_incident_has_and_none_that_was_not_used(ending):
    incidents = DATASET.incidents.assign(**{VERSION: None}).astype({VERSION: object})
    incidents.loc[0, "geocoded_by"] = "source"
    incidents.loc[1, ["geocoded_by", VERSION, "place_reason"]] = ["editor", 1, "Decided by an editor."]
    incidents.loc[2, "geocoded_by"] = "gazetteer"
    ids = incidents["incident_id"].tolist()
    places = places_in(ending, made(ending, dataset=replace(DATASET, incidents=incidents)))

    assert places[ids[0]] == (None, "The coordinates are the file's own: 11.0817° N, 0.7237° E.")
    assert places[ids[1]] == (None, "Decided by an editor.")
    assert places[ids[2]] == ("unknown", "No place of this name is known.")


GRADED = replace(DATASET, sources=DATASET.sources.assign(reliability=["B", None], credibility=["2", None]))
GRADES = {
    "txt": ["reliability B, credibility 2"],
    "bib": ["reliability B; credibility 2"],
    "csl.json": [r"reliability B\ncredibility 2"],
    "kml": ["Bulletin, Volume 1, 2021-11-19, page 2 (B2)", "Radio Imaginaire, 2021-11-04<"],
    "html": ["Bulletin, Volume 1, 2021-11-19, page 2 (B2)", 'Radio Imaginaire, 2021-11-04"'],
}


@pytest.mark.parametrize(("ending", "said"), GRADES.items(), ids=GRADES)
def test_a_source_is_cited_with_its_grade_where_it_has_one(ending, said):
    for words in said:
        assert words in html.unescape(made(ending, dataset=GRADED).decode())
        assert not any(one in made(ending).decode() for one in ("(B2)", "reliability", "credibility"))


def test_tables_of_sources_have_the_grades():
    book = openpyxl.load_workbook(io.BytesIO(made("xlsx", dataset=GRADED)))
    header, *cells = book["Sources"].iter_rows(values_only=True)
    rows = [dict(zip(header, row, strict=True)) for row in cells]
    layer = records(layer_of(made("gpkg", dataset=GRADED), "sources"))

    for table in (rows, layer):
        assert [(row["reliability"], row["credibility"]) for row in table] == [("B", "2"), (None, None)]


# The round trip


@pytest.mark.parametrize("ending", [ending for ending in EVERY if ending != "csv"])
def test_a_format_says_what_the_desk_draws_besides_the_incidents(ending):
    told = "1 inferred link within 50 km and 30 days (preset borderland; rule open)."
    content = made(ending, overlays=(Overlay("links", told),))
    assert "inferred link within 50 km" in " ".join(account_in(ending, content).split())


def as_read(content, ending):
    return read(content, name=f"again.{ending}")


@pytest.mark.parametrize("ending", READABLE)
@settings(max_examples=8)
@given(filters=some_filters)
def test_precision_radius_grades_sources_and_nulls_survive_the_round_trip(ending, filters):
    reading = as_read(made(ending, filters), ending)
    was = pd.DataFrame(apply(DATASET.incidents, filters)[list(COLUMNS)]).reset_index(drop=True)

    assert reading.rejected == ()
    assert set(reading.ignored_columns) <= {"place_verdict", "place_reason"}
    assert_frame_equal(reading.accepted, was)


@pytest.mark.parametrize("ending", READABLE)
@settings(max_examples=15)
@given(
    words=st.lists(opened.map("".join), min_size=3, max_size=3),
    longitude=st.floats(-170, -0.1),
    dead=st.integers(0, 10**6),
    day=st.dates(pd.Timestamp("1900-01-01").date(), pd.Timestamp("2100-12-31").date()),
)
def test_any_text_number_and_day_survive_the_round_trip(ending, words, longitude, dead, day):
    summary, notes, place = words
    table = pd.DataFrame(DATASET.incidents.loc[[0], list(COLUMNS)]).reset_index(drop=True)
    table = table.assign(
        summary=summary,
        notes=notes,
        place_as_reported=place,
        longitude=longitude,
        fatalities_high=dead,
        date_start=pd.Timestamp(day),
        date_end=pd.Timestamp(day),
    ).astype(table.dtypes)
    reading = as_read(made(ending, dataset=dataset_of(located(table))), ending)

    assert reading.rejected == ()
    if ending == "xlsx":  # a spreadsheet keeps 16 digits, which is less than an atom's width
        assert reading.accepted["longitude"][0] == pytest.approx(longitude, rel=1e-15)
        reading.accepted["longitude"] = table["longitude"]
    assert_frame_equal(reading.accepted, table)


LISTING = ("xlsx", "geojson", "gpkg", "parquet")


@pytest.mark.parametrize("ending", LISTING)
@settings(max_examples=15)
@given(cells=st.lists(st.none() | opened.map("".join), min_size=14, max_size=14))
def test_every_citation_survives_the_round_trip(ending, cells):
    sources = pd.DataFrame([["bulletin", *cells[:7]], ["radio", *cells[7:]]], columns=SOURCE_COLUMNS, dtype="str")
    dataset = replace(DATASET, sources=sources)
    reading = as_read(made(ending, dataset=dataset), ending)
    again = replace(DATASET, sources=reading.sources)

    assert reading.rejected == ()
    for cell in DATASET.incidents["sources"].dropna():
        assert list(again.citations(cell)) == list(dataset.citations(cell))
    assert_frame_equal(reading.sources, sources)


@pytest.mark.parametrize("ending", LISTING)
def test_a_source_that_cannot_be_read_is_told_and_takes_no_incident_with_it(ending, monkeypatch):
    twice = [one for one in cited(DATASET, DATASET.incidents) for _ in range(2)]
    too_long = replace(twice[0], source_id="long", title="x" * 5001)
    for module in ("workbook", "geojson", "geopackage", "geoparquet"):
        monkeypatch.setattr(f"incidents.export.{module}.cited", lambda *_: (*twice, too_long))
    reading = as_read(made(ending), ending)

    assert [(fault.row, fault.column) for fault in reading.rejected] == [
        (3, "source_id"),
        (5, "source_id"),
        (6, "title"),
    ]
    assert all("the list of sources" in fault.reason for fault in reading.rejected)
    assert reading.sources["source_id"].tolist() == ["bulletin", "radio"]
    assert len(reading.accepted) == len(DATASET.incidents)


OTHER_SOURCES = [None, "Reuters", 5, {}, ["Reuters"], [{"source_id": "a"}], [[["a"]]]]


@pytest.mark.parametrize("sources", OTHER_SOURCES, ids=str)
def test_what_others_call_sources_is_no_list_of_sources_and_no_fault(sources):
    collection = json.loads(made("geojson")) | {"sources": sources}
    reading = as_read(json.dumps(collection).encode(), "geojson")

    assert (reading.sources, reading.rejected) == (None, ())


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_a_row_of_hxl_tags_stands_below_the_header_and_is_no_incident(ending):
    with_tags, without = made(ending, hxl=True), made(ending)

    assert as_read(with_tags, ending).rejected == ()
    assert_frame_equal(as_read(with_tags, ending).accepted, as_read(without, ending).accepted)
    assert IDS[ending](with_tags)[0] == "#event+id"
    assert len(IDS[ending](with_tags)) == len(IDS[ending](without)) + 1


def test_a_row_of_tags_further_down_is_a_rejected_row_and_does_not_disappear():
    reading = read_rows(
        ["incident_id", "date_precision", "event_type", "attribution", "place_as_reported", "summary"],
        [(2, ["i1", "unknown", "Battles", "none", "Here", "So."]), (3, ["#event+id", "", "", "", "", ""])],
        name="The file",
        is_spreadsheet=True,
    )
    assert {fault.row for fault in reading.rejected} == {3}


# Formats by their own rules


def test_a_workbook_has_texts_for_what_a_spreadsheet_would_run_and_numbers_for_numbers():
    book = openpyxl.load_workbook(io.BytesIO(made("xlsx")))
    rows = {row[0].value: dict(zip(COLUMNS, row, strict=True)) for row in book["Incidents"].iter_rows(min_row=2)}

    assert {cell.data_type for sheet in book for row in sheet.iter_rows() for cell in row} <= {"s", "n", "d"}
    assert rows["made-06"]["summary"].value == '\'=HYPERLINK("x","y")'
    assert rows["made-06"]["actor_family"].value == "'=cmd|calc"
    assert rows["made-04"]["longitude"].value == -1.6305
    assert rows["made-01"]["date_start"].is_date
    assert (rows["made-01"]["fatalities_best"].value, rows["made-02"]["fatalities_best"].value) == (0, None)


def test_the_box_of_what_is_cut_at_the_antimeridian_is_as_narrow_as_what_it_holds():
    one = DATASET.incidents.iloc[:1]
    off_udu_point = one.set_geometry([disc(179.9, -16.4, radius_km=60)], crs=one.crs)
    west, south, east, north = json.loads(made("geojson", dataset=replace(DATASET, incidents=off_udu_point)))["bbox"]

    assert (west, east) == pytest.approx((179.34, -179.54), abs=0.02)
    assert (south, north) == pytest.approx((-16.94, -15.86), abs=0.02)


def test_a_geopackage_keeps_types_nulls_order_and_the_drawn_areas():
    incidents = layer_of(made("gpkg"), "incidents").set_index("incident_id")

    assert incidents.crs.to_epsg() == 4326
    assert incidents.geometry["made-03"].geom_type == "Polygon"
    assert incidents.geometry["made-01"].wkt == "POINT (0.72365 11.08169)"
    assert incidents.geometry["made-07"] is None
    assert incidents["fatalities_best"]["made-01"] == 0
    assert pd.isna(incidents["fatalities_best"]["made-02"])
    sources = layer_of(made("gpkg"), "sources")
    assert sources["source_id"].tolist() == ["bulletin", "radio"]


def test_a_geopackage_says_the_last_day_of_its_data_where_it_must_say_a_time(tmp_path):
    path = tmp_path / "a.gpkg"
    path.write_bytes(made("gpkg"))
    with closing(sqlite3.connect(path)) as connection:
        times = {time for (time,) in connection.execute("SELECT last_change FROM gpkg_contents")}
    assert times == {f"{DATASET.known_to}T00:00:00Z"}


def test_a_geopackage_is_of_the_version_that_gdal_of_2022_reads_without_a_warning(tmp_path):
    path = tmp_path / "a.gpkg"
    path.write_bytes(made("gpkg"))
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA user_version").fetchone() == (10300,)


def test_a_geopackage_of_more_rows_than_are_read_is_refused_and_none_disappears(monkeypatch):
    content = made("gpkg")
    monkeypatch.setattr("incidents.readers.geopackage._MOST_ROWS", len(ids_in_gpkg(content)))
    assert len(read(content, name="a.gpkg").accepted) == len(ids_in_gpkg(content))

    monkeypatch.setattr("incidents.readers.geopackage._MOST_ROWS", len(ids_in_gpkg(content)) - 1)
    with pytest.raises(NotADatasetError, match="more rows than any curated dataset"):
        read(content, name="a.gpkg")


def test_a_geopackage_that_was_open_in_another_program_is_read_all_the_same(tmp_path):
    path = tmp_path / "a.gpkg"
    path.write_bytes(made("gpkg"))
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
    content = path.read_bytes()

    assert content[18:20] == b"\x02\x02"
    assert read(content, name="a.gpkg").accepted["incident_id"].tolist() == ids_in_csv(made("csv"))


def test_geoparquet_is_version_1_1_and_has_the_same_types_whether_there_are_rows_or_none():
    full, empty = (
        pq.read_schema(io.BytesIO(made("parquet", filters))) for filters in (Filters(), Filters(text="nowhere"))
    )
    about = json.loads(full.metadata[b"geo"])

    assert (about["version"], about["primary_column"]) == ("1.1.0", "geometry")
    assert [(field.name, field.type) for field in full] == [(field.name, field.type) for field in empty]
    assert str(full.field("date_start").type) == "date32[day]"
    assert str(full.field("injured").type) == "int64"


GEOJSON_SCHEMA = {
    "type": "object",
    "required": ["type", "features"],
    "properties": {
        "type": {"const": "FeatureCollection"},
        "crs": False,
        "bbox": {"type": "array", "minItems": 4, "maxItems": 4},
        "features": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["type", "geometry", "properties"],
                "properties": {
                    "type": {"const": "Feature"},
                    "geometry": {
                        "oneOf": [
                            {"type": "null"},
                            {
                                "type": "object",
                                "required": ["type", "coordinates"],
                                "properties": {"type": {"enum": ["Point", "Polygon", "MultiPolygon"]}},
                            },
                        ]
                    },
                },
            },
        },
    },
}


def test_geojson_is_what_rfc_7946_asks_for():
    jsonschema.validate(json.loads(made("geojson")), GEOJSON_SCHEMA)


def test_kml_draws_a_point_with_its_ring_an_area_as_its_outline_and_nothing_for_a_country():
    marks = {
        mark.find(f".//{KML}Data[@name='incident_id']/{KML}value").text: {
            part.tag.removeprefix(KML) for part in mark.iter()
        }
        for mark in ET.fromstring(made("kml")).iter(f"{KML}Placemark")
    }

    assert {"MultiGeometry", "Point", "LineString"} <= marks["made-01"]
    assert "MultiGeometry" not in marks["made-04"]  # an exact place
    assert "Polygon" in marks["made-03"]
    assert not {"Point", "Polygon", "LineString"} & marks["made-07"]


def test_kml_is_read_by_gdal_with_every_incident_in_its_place(tmp_path):
    path = tmp_path / "a.kml"
    path.write_bytes(made("kml"))
    read_by_gdal = pyogrio.read_dataframe(path)

    assert len(read_by_gdal) == 8
    assert read_by_gdal.geometry.isna().sum() == 2
    district = read_by_gdal.geometry[read_by_gdal["Name"].str.contains("Kpendjal")].iloc[0]
    assert district.symmetric_difference(DATASET.incident("made-03")["geometry"]).area < 1e-4


def test_kml_asks_no_other_host_for_anything():
    addresses = set(re.findall(rb"https?://[^\s\"<]+", made("kml")))
    assert addresses == {b"http://www.opengis.net/kml/2.2"}


# Hostile text


def hostile(text):
    """A dataset in which every text that people write is the same hostile one."""
    incidents = DATASET.incidents.copy()
    free = ["place_as_reported", "place_name", "summary", "notes", "target", "actor_family", "actor_primary", "admin1"]
    incidents[free] = text
    incidents["sources"] = "bulletin#" + text.replace(";", ",")
    sources = DATASET.sources.assign(title=text, publisher=text)
    return replace(dataset_of(incidents), name=text, sources=sources)


def test_kml_shows_hostile_text_as_text_in_its_balloons(hostile_text):
    root = ET.fromstring(made("kml", dataset=hostile(hostile_text)))
    shown = [element.text for element in root.iter(f"{KML}description")]

    assert len(shown) == 9
    assert all(set(re.findall(r"<[^>]*>", text)) == {"<b>", "</b>", "<br/>"} for text in shown)
    assert all("${" not in text and "{{" not in text and "`" not in text for text in shown)
    assert {element.text for element in root.iter(f"{KML}text")} == {"$[description]"}


@pytest.mark.parametrize("reference", ["$[description]", "&lt;img src=x onerror=alert(1)&gt;"])
def test_no_name_in_kml_is_markup_or_a_reference(hostile_text, reference):
    for text in (hostile_text, reference):
        names = [element.text for element in ET.fromstring(made("kml", dataset=hostile(text))).iter(f"{KML}name")]
        assert len(names) == 9
        assert not any(set("<>&$") & set(name) for name in names)


class Elements(HTMLParser):
    """Every element and address of a page, as a browser would find them."""

    def __init__(self):
        super().__init__()
        self.tags, self.addresses = Counter(), []

    def handle_starttag(self, tag, attrs):
        self.tags[tag] += 1
        self.addresses += [value for name, value in attrs if name in ("src", "href") or name.startswith("on")]


def elements_of(content):
    parser = Elements()
    parser.feed(content.decode())
    return parser


def test_a_page_to_take_along_has_the_same_elements_whatever_the_text(hostile_text):
    usual, spoilt = elements_of(made("html")), elements_of(made("html", dataset=hostile(hostile_text)))

    assert spoilt.tags == usual.tags
    assert spoilt.addresses == usual.addresses == ["#list-card", "#unmapped-card"]


def test_a_page_to_take_along_runs_only_the_scripts_that_its_policy_names():
    page = made("html").decode()
    policy = re.search(r'http-equiv="Content-Security-Policy" content="([^"]*)"', page)[1]
    inline = re.findall(r"<(?:script|style)>(.*?)</(?:script|style)>", page, re.DOTALL)

    assert policy.startswith("default-src 'none'; img-src data:;")
    assert "unsafe" not in policy
    assert len(inline) == 7
    for text in inline:
        assert f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'" in policy


def test_a_page_to_take_along_of_three_hundred_incidents_is_under_three_megabytes():
    rows = [DATASET.incidents.assign(incident_id=DATASET.incidents["incident_id"] + f"-{n}") for n in range(38)]
    many = pd.concat(rows, ignore_index=True).assign(fatalities_joint_with=None)
    content = made("html", dataset=dataset_of(many))

    assert len(ids_in_html(content)) == 304
    assert len(content) < 3_000_000


def test_citations_keep_hostile_text_within_its_field(hostile_text):
    dataset = hostile(hostile_text)

    assert len(json.loads(made("csl.json", dataset=dataset))) == 2
    entries = made("bib", dataset=dataset).decode()
    assert len(re.findall(r"^@", entries, re.MULTILINE)) == 1
    fields = entries[entries.index("@misc") :]
    assert fields.count("{") == fields.count("}")
    assert len(ids_in_txt(made("txt", dataset=dataset))) == 8


@pytest.mark.parametrize("ending", READABLE)
def test_hostile_text_reads_back_as_the_text_it_is(ending, hostile_text):
    reading = as_read(made(ending, dataset=hostile(hostile_text)), ending)
    once_read = as_read(made("csv", dataset=hostile(hostile_text)), "csv")

    assert reading.rejected == ()
    assert_frame_equal(reading.accepted, once_read.accepted)


# Files that are none

NO_DATASETS = {
    "xlsx": [b"", b"PK\x03\x04 not really", b"a,b\n"],
    "geojson": [b"", b"{", b"[]", b'{"type": "Feature"}', b'{"features": [1]}', b"[" * 100_000],
    "gpkg": [b"", b"SQLite format 3\x00", b"SQLite format 3\x00" + b"\xff" * 5000],
    "parquet": [b"", b"PAR1", b"PAR1" + b"\x00" * 100 + b"PAR1"],
}


@pytest.mark.parametrize(("ending", "content"), [(e, c) for e, contents in NO_DATASETS.items() for c in contents])
def test_a_file_that_is_not_what_its_ending_says_gives_one_sentence(ending, content):
    with pytest.raises(NotADatasetError) as raised:
        as_read(content, ending)
    assert str(raised.value).startswith(f"again.{ending}")
    assert "\n" not in str(raised.value)


@pytest.mark.parametrize("ending", ["xlsx", "geojson", "gpkg", "parquet"])
def test_a_file_that_is_too_large_is_not_opened(ending):
    with pytest.raises(NotADatasetError, match="larger than 20 MB"):
        as_read(b" " * (MAX_BYTES + 1), ending)


@settings(max_examples=40)
@given(st.sampled_from(["xlsx", "gpkg", "parquet"]), st.integers(0, 10**6), st.binary(min_size=1, max_size=8))
def test_a_damaged_file_is_read_in_part_or_refused_and_never_breaks_the_reader(ending, at, junk):
    content = bytearray(WHOLE[ending])
    at %= len(content)
    content[at : at + len(junk)] = junk
    with suppress(NotADatasetError):
        as_read(bytes(content), ending)


WHOLE = {ending: made(ending) for ending in ("xlsx", "gpkg", "parquet")}


def test_geojson_of_other_people_may_say_the_place_by_its_point_alone(a_file):
    row = dict(zip(COLUMNS, next(csv.reader(io.StringIO(a_file({}).decode().splitlines()[1]))), strict=True))
    properties = {key: value for key, value in row.items() if value}
    properties |= {"geo_precision": "settlement", "uncertainty_km": 5}
    feature = {"type": "Feature", "properties": properties, "geometry": {"type": "Point", "coordinates": [0.7, 11.1]}}
    reading = as_read(json.dumps({"type": "FeatureCollection", "features": [feature]}).encode(), "geojson")

    assert reading.rejected == ()
    assert reading.accepted[["longitude", "latitude"]].to_numpy().tolist() == [[0.7, 11.1]]


# Same input, same bytes

HASHES = """
import hashlib, json
from gazetteer.boundaries import Boundaries
from incidents import export
from incidents.filters import Filters
from tests.made_up import made_up
options = {"boundaries": Boundaries.load()}
made = {ending: export.write(made_up(), Filters(), format=ending, **options) for ending in export.WRITTEN}
print(json.dumps({ending: hashlib.sha256(content).hexdigest() for ending, content in made.items()}))
"""


def test_the_same_input_gives_the_same_bytes_in_another_process_and_another_time_zone(project):
    here = {ending: hashlib.sha256(made(ending)).hexdigest() for ending in EVERY}
    environment = os.environ | {"TZ": "Pacific/Kiritimati", "PYTHONHASHSEED": "7", "LC_ALL": "C"}
    done = subprocess.run(
        [sys.executable, "-c", HASHES], cwd=project, env=environment, capture_output=True, text=True, check=True
    )
    assert json.loads(done.stdout) == here
