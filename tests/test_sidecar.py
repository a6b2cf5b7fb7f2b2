"""A sheet carries what it was made from, and can be drawn again from any of its files, or says what has changed."""

import hashlib
import io
import json
import os
import subprocess
import sys
import zipfile
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import cache
from itertools import combinations
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pptx import Presentation
from pypdf import PdfReader

from gazetteer.boundaries import Boundaries
from incidents.cli import main
from incidents.errors import ExportError
from incidents.filters import Filters, apply, from_query
from incidents.frames import FRAMES
from incidents.sheet import (
    Imprint,
    Order,
    Status,
    changes,
    draw_sheet,
    frames_of,
    query_of,
    redrawn_order,
    render,
    sidecar,
    sidecar_of,
    to_json,
)
from incidents.sheet.sidecar import code_sha256
from incidents.spillover import preset_of
from incidents.spillover.memory import Kept
from incidents.timeline import Period
from tests.made_up import made_up

BOUNDARIES = Boundaries.load()
DATASET = made_up()
FORMATS = ("pdf", "png", "svg", "pptx")
SOME = Filters(families=("JNIM",), date_to=date(2021, 11, 19))


def ordered(**asked):
    return Order(**{"title": "$x^2$ & قندوز", "as_of": date(2021, 11, 19), "produced_on": date(2021, 11, 20), **asked})


def drawn(form="pdf", *, filters=SOME, dataset=DATASET, **asked):
    if form == "pptx":
        asked["page"] = "slide"
    return draw_sheet(dataset, filters, order=ordered(**asked), boundaries=BOUNDARIES)


ORDERS = st.builds(
    ordered,
    produced_on=st.dates() | st.datetimes(timezones=st.just(UTC)),
    frames=st.sampled_from([(), frames_of("sahel"), frames_of("theatres")]),
    page=st.sampled_from(["a4-landscape", "letter-portrait"]),
    overlays=st.sampled_from([(), ("crossings",), ("crossings", "links")]),
    rule=st.sampled_from(["strict", "open"]),
    strip=st.booleans(),
    imprint=st.builds(Imprint, subtitle=st.none() | st.text(max_size=20), version=st.integers(1, 99)),
)


@given(ORDERS)
def test_an_order_written_as_json_and_read_again_is_the_same(order):
    assert Order.from_dict(json.loads(json.dumps(order.to_dict()))) == order


def test_the_order_of_a_correction_by_period_is_read_again_too():
    imprint = Imprint(status=Status.CORRECTION, correction="Togo, not Benin.", corrected_on=date(2021, 11, 20))
    order = ordered(by=Period.MONTH, imprint=imprint, frames=(FRAMES["iraq"],), name="20211119_iraq_incidents_v01")

    assert Order.from_dict(order.to_dict()) == order


@pytest.mark.parametrize("damage", ["title", "frames", "imprint"])
def test_an_order_that_lacks_something_is_refused(damage):
    told = ordered().to_dict()
    del told[damage]

    with pytest.raises(ExportError, match="not what was asked of a sheet"):
        Order.from_dict(told)


@pytest.mark.parametrize("form", FORMATS)
def test_every_format_carries_its_sidecar_and_from_it_comes_the_same_file(form):
    sheet = drawn(form)
    content = render(sheet, format=form)
    told = sidecar_of(content)
    filters, problems = from_query(query_of(told), DATASET.facets)
    again = draw_sheet(DATASET, filters, order=redrawn_order(told), boundaries=BOUNDARIES)

    assert told == json.loads(to_json(sidecar(sheet, format=form)))
    assert (filters, problems) == (SOME, ())
    assert changes(told, sidecar(again, format=form)) == ()
    assert render(again, format=form) == content


def test_the_sidecar_beside_a_file_says_the_same():
    sheet = drawn()
    told = sidecar(sheet, format="pdf")

    assert sidecar_of(to_json(told, indent=2).encode()) == sidecar_of(render(sheet, format="pdf"))


@settings(max_examples=8)
@given(
    st.builds(
        Filters,
        families=st.lists(st.sampled_from(DATASET.facets.families), unique=True).map(tuple),
        countries=st.lists(st.sampled_from(list(DATASET.facets.countries)), unique=True).map(tuple),
    ),
    st.sampled_from([(), frames_of("sahel"), frames_of("theatres")]),
)
def test_drawn_and_not_drawn_are_together_what_the_filters_give_each_with_its_reason(filters, frames):
    told = sidecar(drawn(filters=filters, frames=frames), format="pdf")
    rest = told["not_drawn"]
    wanted = apply(DATASET.incidents, filters)["incident_id"]

    assert sorted([*told["drawn"], *(one["incident_id"] for one in rest)]) == sorted(wanted)
    assert all(one["reason"] for one in rest)


def test_another_state_of_the_code_is_named_even_within_a_release():
    before = sidecar(drawn(), format="pdf")
    now = {**before, "drawn_with": {**before["drawn_with"], "incident-desk code": "0" * 64}}

    assert changes(before, before) == ()
    (words,) = changes(before, now)
    assert words == f"incident-desk code (SHA-256 {code_sha256()[:12]} then, SHA-256 000000000000 now)"


def test_the_keys_of_mapaction_are_there_and_what_nobody_stated_is_null():
    told = sidecar(drawn(frames=frames_of("theatres")), format="pdf")

    assert {
        *("mapNumber", "title", "versionNumber", "summary", "xmin", "ymin", "xmax", "ymax", "product-type", "themes"),
        *("operationID", "sourceorg", "ref", "language", "countries", "createdate", "createtime", "status", "proj"),
        *("datum", "qclevel", "qcname", "access", "glideno", "imagerydate", "datasource", "location", "theme"),
        *("scale", "papersize", "sizes", "dpi", "accessnotes", "pdffilename", "jpgfilename"),
    } <= set(told)
    # What the maps show, which is what was asked for and as much more as the paper has room for.
    assert -9 < told["xmin"] < -5.0
    assert 78.5 < told["xmax"] < 84
    assert (told["mapNumber"], told["sourceorg"], told["access"]) == (None, None, None)


@pytest.mark.parametrize(
    ("changed", "named"),
    [
        ({"sha256": "0" * 64}, "the data"),
        ({"sources_sha256": "1" * 64}, "the list of sources"),
        ({"places_sha256": "2" * 64}, "the gazetteer"),
    ],
)
def test_an_input_that_has_changed_is_named_with_both_hashes(changed, named):
    before = sidecar(drawn(), format="pdf")
    after = sidecar(drawn(dataset=replace(DATASET, **changed)), format="pdf")
    (words,) = changes(before, after)

    assert words.startswith(f"{named} (")
    assert next(iter(changed.values()))[:12] in words


def test_another_release_of_a_library_is_named():
    now = sidecar(drawn(), format="pdf")
    before = {**now, "drawn_with": {**now["drawn_with"], "matplotlib": "3.0"}}

    assert changes(before, now) == (f"matplotlib (3.0 then, {now['drawn_with']['matplotlib']} now)",)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "it is not JSON"),
        (b"[1, 2]", "This JSON is no sidecar of a sheet. The sidecar of a sheet ends in .pdf.json"),
        (b'{"a": 1}', "This JSON is no sidecar of a sheet"),
        (b'{"form": "something else"}', "This JSON is no sidecar of a sheet"),
        (b'{"form": "incident-desk sheet 1"}', "of the form 'incident-desk sheet 1'; this release reads"),
        (b'{"file": {}, "filters": {}, "provenance": {}}', "This is the statement of a table, such as a CSV"),
        (b'{"form": "incident-desk sheet 2"}', "it lacks 'order'"),
        (b"\x89PNG\r\n\x1a\n broken", "This PNG holds no sidecar"),
        (b"%PDF-1.4 broken", "This PDF holds no sidecar"),
        (b"PK\x03\x04 broken", "This PPTX holds no sidecar"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "This SVG holds no sidecar"),
    ],
)
def test_a_file_that_holds_no_sidecar_is_refused_in_one_sentence(content, said):
    with pytest.raises(ExportError, match=said):
        sidecar_of(content)


# The slide


@pytest.mark.parametrize("form", FORMATS)
@settings(max_examples=40)
@given(at=st.integers(0, 10_000_000), junk=st.binary(min_size=1, max_size=40))
def test_a_damaged_sheet_holds_its_sidecar_or_is_refused_in_one_sentence(form, at, junk):
    content = bytearray(whole(form))
    at %= len(content)
    content[at : at + len(junk)] = junk
    with suppress(ExportError):
        redrawn_order(sidecar_of(bytes(content)))


@cache
def whole(form):
    """The bytes of a sheet in a format."""
    return render(drawn(form), format=form)


@pytest.mark.parametrize(
    ("part", "value"),
    [("name", "sub/../../escaped"), ("name", "/etc/passwd"), ("title", None), ("title", 7), ("version", 1.5)],
)
def test_an_order_that_says_what_cannot_be_is_refused(part, value):
    told = ordered().to_dict()
    (told["imprint"] if part == "version" else told)[part] = value
    with pytest.raises(ExportError):
        Order.from_dict(told)


def test_the_reader_s_own_distance_and_days_are_drawn_and_drawn_again(march, gazetteer, capsys):
    out = march.with_name("own.svg")
    link = "?show=links&preset=custom&km=70&days=12&rule=open"
    assert main(["sheet", str(march), "--out", str(out), "--link", link]) == 0
    told = sidecar_of(out.read_bytes())
    assert redrawn_order(told).preset == preset_of("custom", distance_km=70, days=12)
    assert main(["sheet", str(march), "--from", str(out), "--out", str(out.with_name("again.svg"))]) == 0
    assert out.with_name("again.svg").read_bytes() == out.read_bytes()
    assert main(["sheet", str(march), "--out", str(out), "--link", "?preset=custom&km=100000&days=1"]) == 2
    assert "1000 km" in capsys.readouterr().err


def test_json_without_end_is_no_sidecar():
    with pytest.raises(ExportError, match="not JSON"):
        sidecar_of(b"[" * 100_000)


def test_a_slide_has_title_sources_and_notes_as_text_and_the_map_as_a_picture_with_words():
    content = render(drawn("pptx"), format="pptx")
    deck = Presentation(io.BytesIO(content))
    (slide,) = deck.slides
    texts = " ".join(shape.text_frame.text for shape in slide.shapes if shape.has_text_frame)
    (picture,) = (shape for shape in slide.shapes if shape.name == "Map")

    assert deck.slide_width / deck.slide_height == pytest.approx(16 / 9, rel=1e-3)
    assert slide.shapes.title.text_frame.text == "$x^2$ & قندوز (as of 19 Nov 2021)"
    assert "Land, borders and divisions: Natural Earth" in texts
    assert "3 of 8 incidents shown" in texts
    assert "made-07" in slide.notes_slide.notes_text_frame.text
    assert picture._element.nvPicPr.cNvPr.get("descr").startswith("Map: $x^2$")


@pytest.mark.parametrize(
    "title",
    ["Attacks", "Sahel and littoral: attacks of the week", "Évolution de la situation sécuritaire dans le Nord, " * 3],
    ids=["short", "just over a line", "long"],
)
def test_nothing_on_a_slide_lies_on_anything_else_or_beyond_its_edge(title):
    sheet = drawn("pptx", filters=Filters(), frames=frames_of("sahel"), title=title)
    deck = Presentation(io.BytesIO(render(sheet, format="pptx")))
    (slide,) = deck.slides
    boxes = [(shape.left, shape.top, shape.left + shape.width, shape.top + shape.height) for shape in slide.shapes]

    assert all(x0 >= 0 and x1 <= deck.slide_width and y0 >= 0 and y1 <= deck.slide_height for x0, y0, x1, y1 in boxes)
    assert not [
        (one, other)
        for one, other in combinations(boxes, 2)
        if one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
    ]


def test_a_slide_lists_first_what_is_on_its_map_and_says_where_the_others_are_and_why():
    sheet = drawn("pptx", filters=Filters(date_to=date(2021, 11, 19)), frames=frames_of("sahel"))
    deck = Presentation(io.BytesIO(render(sheet, format="pptx")))
    texts = [shape.text_frame.text for shape in deck.slides[0].shapes if shape.has_text_frame]
    (listed,) = (text for text in texts if text.startswith("On the map"))
    lines = listed.split("\n")

    assert lines[0] == f"On the map ({len(sheet.drawn)})"
    assert lines[1 : 1 + len(sheet.drawn)] == list(sheet.brief[: len(sheet.drawn)])
    assert lines[1 + len(sheet.drawn) : 3 + len(sheet.drawn)] == ["Beyond the edges of the map (1)", "No. 6."]
    assert lines[3 + len(sheet.drawn)] == "Not on the map (1)"
    assert any("a place without a mark is not a place without incidents" in text for text in texts)


@pytest.mark.parametrize(("title", "is_turned"), [("د افغانستان پېښې", True), ("Kunduz, قندوز", False)])
def test_a_title_that_begins_in_arabic_letters_reads_from_the_right_on_a_slide(title, is_turned):
    deck = Presentation(io.BytesIO(render(drawn("pptx", title=title), format="pptx")))
    (paragraph,) = deck.slides[0].shapes.title.text_frame.paragraphs

    assert (paragraph._p.pPr.get("rtl") == "1") is is_turned


def test_the_parts_of_a_slide_bear_no_hour():
    with zipfile.ZipFile(io.BytesIO(render(drawn("pptx"), format="pptx"))) as archive:
        assert {part.date_time for part in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_a_slide_of_a_sheet_that_was_drawn_for_paper_is_refused():
    with pytest.raises(ExportError, match="ask for the page 'slide'"):
        render(drawn(), format="pptx")


# The command


@pytest.fixture
def march(a_file, tmp_path):
    """A small dataset in a file."""
    path = tmp_path / "march.csv"
    path.write_bytes(a_file({"attribution": "claimed", "actor_family": "JNIM"}, {}))
    return path


def test_a_sheet_is_written_with_its_sidecar_and_drawn_again_from_either(march, gazetteer, capsys):
    out = march.with_name("a.pdf")
    assert main(["sheet", str(march), "--frame", "sahel", "--title", "March", "--out", str(out), "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert said["files"] == [str(out), f"{out}.json"]
    beside = json.loads(out.with_name("a.pdf.json").read_bytes())
    assert beside["file"] == {"name": "a.pdf", "sha256": hashlib.sha256(out.read_bytes()).hexdigest()}

    for source in (out, out.with_name("a.pdf.json")):
        again = march.with_name("again.pdf")
        assert main(["sheet", str(march), "--from", str(source), "--out", str(again)]) == 0
        assert again.read_bytes() == out.read_bytes()
    assert "the same bytes as before" in capsys.readouterr().err


def test_a_sheet_of_changed_data_is_not_drawn_again_and_the_change_is_named(march, gazetteer, a_file, capsys):
    out = march.with_name("a.png")
    main(["sheet", str(march), "--out", str(out)])
    march.write_bytes(a_file({}))
    again = march.with_name("again.png")

    assert main(["sheet", str(march), "--from", str(out), "--out", str(again)]) == 1
    assert "Changed since: the data (SHA-256 " in capsys.readouterr().err
    assert not again.exists()


def test_a_link_of_the_desk_becomes_a_sheet_with_its_filters_and_overlays(march, gazetteer):
    out = march.with_name("a.svg")
    link = "https://desk.example/?group=JNIM&show=links&preset=borderland&rule=open&at=1,2,3"
    assert main(["sheet", str(march), "--link", link, "--out", str(out)]) == 0
    told = sidecar_of(out.read_bytes())

    assert query_of(told) == {"group": ["JNIM"]}
    assert told["order"]["overlays"] == ["links"]
    assert told["order"]["rule"] == "open"


def test_a_sheet_without_a_name_is_named_by_day_theatre_subject_and_version(march, gazetteer, monkeypatch):
    monkeypatch.chdir(march.parent)
    main(["sheet", str(march), "--frame", "sahel", "--version", "2", "--filter", "group=JNIM"])

    assert Path("20211102_sahel_jnim_v02.pdf").is_file()


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["--out", "a.docx", "--format", "gif"], 2),
        (["--filter", "colour=red"], 2),
        (["--filter", "group=Nobody"], 2),
        (["--from", "missing.pdf"], 3),
        (["--status", "Correction"], 2),
        (["--time-zone", "Nonsense"], 2),
        (["--time-zone", "../../etc/passwd"], 2),
        (["--as-of", "1990-01-01"], 2),
    ],
)
def test_what_cannot_be_done_has_its_exit_code(march, gazetteer, arguments, code):
    try:
        found = main(["sheet", str(march), *arguments])
    except SystemExit as stopped:  # argparse's own way
        found = stopped.code

    assert found == code


def test_a_sheet_without_a_name_never_takes_the_place_of_another(march, gazetteer, monkeypatch, tmp_path, capsys):
    monkeypatch.chdir(tmp_path)
    asked = ["sheet", str(march), "--format", "svg", "--produced-on", "2021-11-20"]
    assert main(asked) == 0
    before = {path: path.read_bytes() for path in tmp_path.glob("*_v01.svg*")}
    assert main(asked) == 2
    assert (
        "_v01.svg is there already and stays as it is. Give another version with --version" in capsys.readouterr().err
    )
    assert main([*asked, "--version", "2"]) == 0

    assert {path: path.read_bytes() for path in before} == before
    assert len(list(tmp_path.glob("*_v02.svg*"))) == 2


def test_a_slide_has_a_page_of_its_own_and_no_other(march, gazetteer, capsys):
    assert main(["sheet", str(march), "--format", "pptx", "--page", "a4-portrait"]) == 2
    assert "leave --page out" in capsys.readouterr().err


def test_what_a_sheet_drawn_again_could_not_heed_is_refused(march, gazetteer, capsys):
    out = march.with_name("first.svg")
    assert main(["sheet", str(march), "--out", str(out)]) == 0
    a_default = ["--page", "a4-landscape"]
    for ignored in (["--title", "Other"], ["--frame", "sahel"], ["--group", "JNIM"], ["--version", "2"], a_default):
        assert main(["sheet", str(march), "--from", str(out), "--out", str(out), *ignored]) == 2
        assert f"{ignored[0]} has nothing to say" in capsys.readouterr().err


def test_a_sheet_drawn_again_is_offered_another_file_and_no_other_version(
    march, gazetteer, monkeypatch, tmp_path, capsys
):
    monkeypatch.chdir(tmp_path)
    assert main(["sheet", str(march), "--format", "svg"]) == 0
    (drawn_before,) = tmp_path.glob("*.svg")
    capsys.readouterr()
    assert main(["sheet", str(march), "--from", str(drawn_before)]) == 2
    said = capsys.readouterr().err

    assert "stays as it is. Give --out FILE." in said
    assert "--version" not in said


def test_more_pairs_than_can_be_listed_are_wrong_use_and_say_what_to_ask_for(gazetteer, monkeypatch, tmp_path, capsys):
    monkeypatch.setattr("incidents.spillover.pairs.MOST_PAIRS", 0)
    monkeypatch.setattr(Kept, "get", lambda _, __, make: make())  # or the answer is what another test has found
    assert main(["sheet", "--out", str(tmp_path / "a.svg"), "--show", "links", "--rule", "open"]) == 2
    assert "Ask for a smaller distance or fewer days" in capsys.readouterr().err


def test_a_sheet_of_other_data_says_which_file_it_was_drawn_from(march, gazetteer, capsys):
    out = march.with_name("first.svg")
    assert main(["sheet", str(march), "--out", str(out)]) == 0
    assert main(["sheet", "--from", str(out), "--out", str(march.with_name("again.svg"))]) == 1
    said = capsys.readouterr().err

    assert "Changed since: the data (SHA-256" in said
    assert f"It was drawn from {march.name}, and this is incidents.csv" in said


def test_the_moment_of_making_is_told_in_the_zone_of_the_sheet():
    sheet = drawn(produced_on=datetime(2021, 11, 20, 22, 30, tzinfo=UTC), imprint=Imprint(time_zone="Asia/Kabul"))

    assert sheet.told.produced == "Produced 21 Nov 2021, 03:00 UTC+04:30"


@pytest.mark.parametrize("filters", [["--group", "JNIM"], ["--filter", "group=JNIM"], ["--link", "?group=JNIM"]])
def test_the_filters_of_a_sheet_are_options_as_they_are_for_an_export(march, gazetteer, filters):
    out = march.with_name("some.svg")
    assert main(["sheet", str(march), "--out", str(out), *filters]) == 0
    assert sidecar_of(out.read_bytes())["statement"]["filters"]["query"] == {"group": ["JNIM"]}


def test_the_command_draws_the_same_in_another_process_and_another_time_zone(march, gazetteer):
    asked = ["sheet", str(march), "--produced-on", "2021-11-20", "--page", "a4-portrait", "--out"]
    here, there = march.with_name("here.pdf"), march.with_name("there.pdf")
    main([*asked, str(here)])
    subprocess.run(
        (sys.executable, "-c", "import sys; from incidents.cli import main; sys.exit(main())", *asked, str(there)),
        env={**os.environ, "TZ": "Asia/Kabul", "PYTHONHASHSEED": "7", "LANG": "C"},
        cwd=Path(__file__).parents[1],
        check=True,
        capture_output=True,
    )

    assert here.read_bytes() == there.read_bytes()
    assert "Incident Desk" in PdfReader(here).metadata.creator


def test_the_moment_of_production_may_be_given_with_its_zone(march, gazetteer):
    out = march.with_name("a.png")
    main(["sheet", str(march), "--produced-on", "2021-11-20T08:30+04:30", "--out", str(out)])

    assert redrawn_order(sidecar_of(out.read_bytes())).produced_on == datetime.fromisoformat("2021-11-20T08:30+04:30")
