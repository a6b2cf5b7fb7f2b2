"""What a briefer does: fill in the form, take the files, and open a sheet again."""

import csv
import hashlib
import json
import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from incidents.cli import main
from incidents.frames import FRAMES
from incidents.sheet import redrawn_order, sidecar_of
from tests.browser import reading

SECONDS = 1000.0


def turn_to(page: Page, name: str) -> None:
    page.get_by_role("radio", name=name, exact=True).click()
    reading.settled(page)


def taken(page: Page, label: str) -> tuple[str, bytes]:
    """Press a button of the page and give the name and the bytes of the file that comes."""
    with page.expect_download(timeout=60 * SECONDS) as download:
        page.get_by_role("button", name=label).click()
    return download.value.suggested_filename, Path(download.value.path()).read_bytes()


def open_briefing(page: Page, address: str) -> None:
    page.goto(address)
    expect(page.get_by_role("textbox", name="Title")).to_be_visible(timeout=30 * SECONDS)
    reading.settled(page)


def preview(page: Page, title: str) -> None:
    expect(page.get_by_role("img", name=re.compile(re.escape(title)))).to_be_visible(timeout=30 * SECONDS)


def test_a_sheet_is_filled_in_taken_and_opened_again_as_it_was(page, desk, tmp_path):
    reading.open_desk(page, desk.url, "?group=JNIM&show=links&preset=borderland&rule=open")
    turn_to(page, "Briefing")
    page.get_by_role("textbox", name="Title").fill("Attacks near the border")
    page.keyboard.press("Enter")
    page.get_by_role("combobox", name="Map shows").click()
    page.get_by_role("option", name="Sahel and littoral").click()
    reading.settled(page)
    page.get_by_text("Who made it, number, handling").click()
    page.get_by_role("textbox", name="Map number").fill("MA001")
    page.keyboard.press("Enter")
    reading.settled(page)
    preview(page, "Attacks near the border")
    name, content = taken(page, "Sheet as PDF")
    told = sidecar_of(content)
    order = redrawn_order(told)

    assert name == "20211119_sahel_jnim_v01.pdf"
    assert told["statement"]["filters"]["query"] == {"group": ["JNIM"]}
    assert (order.overlays, order.rule, order.imprint.map_number) == (("links",), "open", "MA001")

    file = tmp_path / name
    file.write_bytes(content)
    page.goto(f"{desk.url}/?page=briefing&country=AF")
    reading.settled(page)
    page.get_by_text("Open a sheet that was handed over").click()
    page.locator("input[type=file]").set_input_files(file)
    reading.map_frame(page)
    reading.settled(page)
    expect(page).to_have_url(re.compile("group=JNIM"), timeout=15 * SECONDS)
    told = f"Opened from {name}: Attacks near the border, version 1, as of 19 Nov 2021"
    expect(page.get_by_text(told)).to_be_visible()
    assert "country" not in page.url
    assert "show=links" in page.url
    west, south, east, north = FRAMES["sahel"].bounds
    assert reading.view(page)[:2] == pytest.approx(((west + east) / 2, (south + north) / 2), abs=0.5)
    turn_to(page, "Briefing")
    expect(page.get_by_role("textbox", name="Title")).to_have_value("Attacks near the border")
    assert taken(page, "Sheet as PDF")[1] == content


@pytest.mark.parametrize(
    ("label", "ending"),
    [("Sheet as PNG, 300 dpi", "png"), ("Sheet as SVG", "svg"), ("Slide as PPTX", "pptx")],
)
def test_each_format_comes_with_its_sidecar_inside_and_beside(page, desk, label, ending):
    open_briefing(page, f"{desk.url}/?page=briefing&group=JNIM")
    page.get_by_role("radio", name={"pptx": "Slide"}.get(ending, ending.upper()), exact=True).click()
    reading.settled(page)
    preview(page, "Security incidents")
    told_kb = re.search(rf"{re.escape(label)}, about ([\d.]+) (K|M)B", page.get_by_role("main").inner_text())
    name, content = taken(page, label)
    assert float(told_kb[1]) * {"K": 1e3, "M": 1e6}[told_kb[2]] == pytest.approx(len(content), rel=0.25)
    beside, account = taken(page, "Its sidecar (JSON)")
    told = json.loads(account)

    assert (name, beside) == (f"20211119_all_jnim_v01.{ending}", f"20211119_all_jnim_v01.{ending}.json")
    assert told.pop("file") == {"name": name, "sha256": hashlib.sha256(content).hexdigest()}
    assert sidecar_of(content) == told
    assert told["format"] == ending


@pytest.mark.parametrize(
    ("file", "said"),
    [
        (("other.json", '{"a": 1}'), "This JSON is no sidecar of a sheet. The sidecar of a sheet ends in .pdf.json"),
        (("letter.pdf", "Dear desk"), "This is not a PDF, though its name ends in .pdf."),
    ],
)
def test_a_file_that_is_no_sheet_is_called_what_it_is_and_nothing_changes(page, desk, tmp_path, file, said):
    name, content = file
    (tmp_path / name).write_text(content)
    open_briefing(page, f"{desk.url}/?page=briefing&group=JNIM")
    page.get_by_text("Open a sheet that was handed over").click()
    page.locator("input[type=file]").set_input_files(tmp_path / name)

    expect(page.get_by_text(said)).to_be_visible(timeout=15 * SECONDS)
    assert "group=JNIM" in page.url


def test_the_statement_of_a_csv_is_told_from_the_sidecar_of_a_sheet(page, desk, tmp_path):
    open_briefing(page, f"{desk.url}/?page=briefing&group=JNIM")
    name, content = taken(page, "CSV statement")
    (tmp_path / name).write_bytes(content)
    page.get_by_text("Open a sheet that was handed over").click()
    page.locator("input[type=file]").set_input_files(tmp_path / name)

    expect(page.get_by_text("This is the statement of a table, such as a CSV.")).to_be_visible(timeout=15 * SECONDS)


def test_a_file_is_read_up_to_the_size_that_the_page_names(page, desk, tmp_path):
    file = tmp_path / "large.json"
    open_briefing(page, f"{desk.url}/?page=briefing&group=JNIM")
    page.get_by_text("Open a sheet that was handed over").click()
    told_mb = re.search(r"(\d+)MB", page.get_by_test_id("stFileUploader").inner_text())[1]
    file.write_bytes(b" " * (int(told_mb) * 1_000_000))
    page.locator("input[type=file]").set_input_files(file)

    expect(page.get_by_role("alert").filter(has_text="it is not JSON")).to_be_visible(timeout=60 * SECONDS)


def test_a_correction_without_its_note_is_asked_for_it(page, desk):
    open_briefing(page, f"{desk.url}/?page=briefing&group=JNIM")
    preview(page, "Security incidents")
    page.get_by_text("Who made it, number, handling").click()
    reading.settled(page)
    page.get_by_role("combobox", name="Status").scroll_into_view_if_needed()
    page.get_by_role("combobox", name="Status").click()
    page.get_by_role("option", name="Correction").click()

    expect(page.get_by_text("A correction says what it corrects, and on which day")).to_be_visible(timeout=15 * SECONDS)
    expect(page.get_by_role("button", name="Sheet as PDF")).to_have_count(0)


def test_more_periods_than_maps_are_said_instead_of_a_sheet(page, desk):
    open_briefing(page, f"{desk.url}/?page=briefing")
    page.get_by_role("combobox", name="Maps by period").click()
    page.get_by_role("option", name="One map per day").click()

    expect(page.get_by_text("Choose longer periods or fewer days")).to_be_visible(timeout=15 * SECONDS)
    expect(page.get_by_role("button", name="GeoJSON")).to_be_visible()


@pytest.mark.parametrize(
    ("show", "said"),
    [
        ("show=links&show=bands", "cross-border links are drawn. Not drawn on a sheet: border bands."),
        ("show=corridors", "No overlay is drawn. Not drawn on a sheet: corridors."),
    ],
)
def test_the_page_says_which_overlays_of_the_desk_the_sheet_draws_and_which_it_does_not(page, desk, show, said):
    open_briefing(page, f"{desk.url}?page=briefing&{show}")
    expect(page.get_by_text(said)).to_be_visible()


def test_letters_that_no_font_of_a_sheet_has_are_named_below_its_preview(page, desk):
    open_briefing(page, f"{desk.url}/?page=briefing&group=JNIM")
    page.get_by_role("textbox", name="Title", exact=True).fill("日本語 X")
    page.keyboard.press("Enter")
    reading.settled(page)
    preview(page, "日本語 X")

    expect(page.get_by_role("alert").filter(has_text="boxes on it: 日 本 語")).to_be_visible()


def test_what_was_typed_last_is_in_the_sheet_that_is_taken(page, desk):
    open_briefing(page, f"{desk.url}/?page=briefing&group=JNIM")
    preview(page, "Security incidents")
    page.get_by_role("textbox", name="Title", exact=True).fill("Typed last")
    _, content = taken(page, "Sheet as PDF")

    assert redrawn_order(sidecar_of(content)).title == "Typed last"


def test_nothing_is_taken_under_a_name_that_what_was_typed_last_has_changed(page, desk):
    open_briefing(page, f"{desk.url}/?page=briefing")
    came = []
    page.on("download", lambda file: came.append(file.suggested_filename))
    page.get_by_role("textbox", name="Text", exact=True).fill("Togo")
    page.get_by_role("button", name=re.compile("^CSV, about")).click()
    expect(page.get_by_text("The page has changed since, so nothing was taken: press again.")).to_be_visible(
        timeout=30 * SECONDS
    )
    reading.settled(page)
    shown, _, _ = reading.counted(page)
    assert came == []
    name, content = taken(page, "CSV, about")

    assert name == "20211119_all_incidents-selection_v01.csv"
    assert len(list(csv.DictReader(content.decode("utf-8-sig").splitlines()))) == shown
    expect(page.get_by_text("The page has changed since")).to_have_count(0)


@pytest.mark.parametrize("field", ["Title", "Organisation"])
def test_a_text_too_long_for_a_sheet_stays_and_is_told_by_how_much(page, desk, field):
    open_briefing(page, f"{desk.url}/?page=briefing&group=JNIM")
    page.get_by_text("Who made it, number, handling").click()
    page.get_by_role("textbox", name=field, exact=True).fill("A" * 123)
    page.keyboard.press("Enter")

    told = f"The {field.lower()} is 3 characters too long: 120 have room on the sheet."
    expect(page.get_by_text(told)).to_be_visible(timeout=15 * SECONDS)
    expect(page.get_by_role("textbox", name=field, exact=True)).to_have_value("A" * 123)
    expect(page.get_by_role("button", name="Sheet as PDF")).to_have_count(0)


@pytest.fixture(scope="session")
def sheet_file(tmp_path_factory, gazetteer):
    """A sheet of one group in the Sahel."""
    file = tmp_path_factory.mktemp("sheet") / "handed-over.svg"
    assert main(["sheet", "--group", "JNIM", "--frame", "sahel", "--title", "Near the border", "--out", str(file)]) == 0
    return file


def drop(page: Page, file: Path) -> None:
    page.get_by_text("Open a sheet that was handed over").click()
    page.locator("input[type=file]").set_input_files(file)
    expect(page.get_by_text("Opened from handed-over.svg: Near the border, version 1")).to_be_visible(
        timeout=30 * SECONDS
    )
    reading.map_frame(page)
    reading.settled(page)


def test_opening_a_sheet_is_taken_back_and_the_filters_before_are_there_again(page, desk, sheet_file):
    open_briefing(page, f"{desk.url}/?page=briefing&country=AF&show=bands")
    drop(page, sheet_file)
    assert reading.asked(page)["group"] == ["JNIM"]
    page.get_by_role("button", name="Undo").click()
    expect(page).to_have_url(re.compile("country=AF"), timeout=15 * SECONDS)
    reading.settled(page)

    asked = reading.asked(page)
    assert "group" not in asked
    assert asked["show"] == ["bands"]
    expect(page.get_by_text("Opened from")).to_have_count(0)


def test_what_was_opened_is_told_until_something_else_is_asked_for(page, desk, sheet_file):
    open_briefing(page, f"{desk.url}/?page=briefing")
    drop(page, sheet_file)
    page.get_by_role("textbox", name="Text", exact=True).fill("Togo")
    page.keyboard.press("Enter")

    expect(page.get_by_text("Opened from")).to_have_count(0, timeout=15 * SECONDS)
    assert reading.asked(page)["group"] == ["JNIM"]


def test_from_what_was_opened_one_step_leads_to_the_sheet(page, desk, sheet_file):
    open_briefing(page, f"{desk.url}/?page=briefing")
    drop(page, sheet_file)
    page.get_by_role("button", name="To the sheet").click()

    expect(page.get_by_role("textbox", name="Title", exact=True)).to_have_value("Near the border", timeout=15 * SECONDS)


def test_a_page_that_is_loaded_again_frames_the_sheet_as_before(page, desk):
    reading.open_desk(page, desk.url, "?group=JNIM")
    turn_to(page, "Briefing")
    preview(page, "Security incidents")
    before = redrawn_order(sidecar_of(taken(page, "Its sidecar")[1])).frames
    page.reload()
    preview(page, "Security incidents")
    reading.settled(page)
    (after,) = redrawn_order(sidecar_of(taken(page, "Its sidecar")[1])).frames

    assert [after.bounds] == [pytest.approx(frame.bounds, abs=0.01) for frame in before]
