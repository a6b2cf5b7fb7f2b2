"""An editor checks a draft on the page, from what is pasted or opened to the corrected text, also by keyboard alone."""

import io
import json
from pathlib import Path

import pytest
from docx import Document
from playwright.sync_api import Page, expect

from tests.browser import reading
from tests.conftest import HOSTILE_TEXTS

DRAFT = "From Bamiyan the road leads on through Afghanisitan. The men came from Sanloaga in Togo."


@pytest.fixture(scope="module")
def drafting(start_desk, tmp_path_factory) -> str:
    """Address of a dashboard with places of its own."""
    folder = tmp_path_factory.mktemp("own")
    return start_desk(INCIDENT_DESK_PACKS=folder / "packs", INCIDENT_DESK_REVIEWS=folder / "reviews.sqlite").url


def open_part(page: Page, url: str) -> None:
    page.goto(f"{url}/?page=places&part=draft")
    expect(page.get_by_role("button", name="Check the place names")).to_be_visible(timeout=30_000)
    reading.settled(page)


def check(page: Page, text: str) -> None:
    box = page.get_by_label("Text", exact=True)
    box.fill(text)
    box.press("Tab")
    reading.settled(page)
    page.get_by_role("button", name="Check the place names").click()
    expect(page.locator(".st-key-draft-head")).to_be_visible(timeout=30_000)
    reading.settled(page)


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()
    reading.settled(page)


def look_at(page: Page, words: str) -> None:
    page.locator("[class*='st-key-finding-at-'] button").filter(has_text=words).click()
    reading.settled(page)
    expect(page.get_by_role("heading", name=words)).to_be_visible()


def fill(page: Page, label: str, text: str) -> None:
    box = page.get_by_label(label, exact=True)
    box.fill(text)
    box.press("Tab")
    reading.settled(page)


def taken_away(page: Page, button: str) -> str:
    with page.expect_download() as download:
        page.get_by_role("button", name=button, exact=True).click()
    return Path(download.value.path()).read_text("utf-8")


def test_a_draft_goes_from_paste_to_corrected_text_by_keyboard_alone(page, observed, drafting):
    open_part(page, drafting)
    reading.tab_to(page, lambda focus: focus["name"] == "Text")
    page.keyboard.insert_text(DRAFT)
    reading.tab_to(page, lambda focus: "Check the place names" in focus["text"])
    page.keyboard.press("Enter")
    expect(page.locator(".st-key-draft-head")).to_be_visible(timeout=30_000)
    reading.settled(page)
    expect(page.get_by_role("heading", name="Afghanisitan")).to_be_visible()
    reading.tab_to(page, lambda focus: "Write it" in focus["text"])
    page.keyboard.press("Enter")
    reading.settled(page)
    expect(page.get_by_role("heading", name="Bamiyan")).to_be_visible()
    assert "Write it" in page.evaluate(reading.FOCUS)["text"]  # the keyboard stays where it was
    page.keyboard.press("Enter")
    reading.settled(page)
    expect(page.locator(".st-key-draft-shown")).to_contain_text("From Bamyan the road leads on through Afghanistan.")
    reading.tab_to(page, lambda focus: "Corrected text" in focus["text"])
    with page.expect_download() as download:
        page.keyboard.press("Enter")
    assert Path(download.value.path()).read_text("utf-8") == DRAFT.replace("Bamiyan", "Bamyan").replace(
        "Afghanisitan", "Afghanistan"
    )
    assert observed.console_errors + observed.page_errors + observed.foreign_requests == []


def test_each_step_can_be_taken_back(page, drafting):
    open_part(page, drafting)
    check(page, DRAFT)
    press(page, "Write it")
    press(page, "Leave it here")
    expect(page.locator(".st-key-draft-head")).to_contain_text("2 steps done")
    press(page, "Undo")
    press(page, "Undo")
    expect(page.locator(".st-key-draft-head")).to_contain_text("0 steps done")
    expect(page.get_by_role("heading", name="Afghanisitan")).to_be_visible()
    assert taken_away(page, "Corrected text") == DRAFT


def test_a_word_is_never_flagged_again_for_a_reason_that_the_house_style_keeps(page, drafting):
    open_part(page, drafting)
    check(page, DRAFT)
    look_at(page, "Bamiyan")
    page.get_by_text("Never flag this word again").click()
    press(page, "Never flag it")
    expect(page.get_by_test_id("stAlert").filter(has_text="Say why")).to_be_visible()
    fill(page, "Why", "usual in our reports")
    press(page, "Never flag it")
    assert '"Bamiyan" = "usual in our reports"' in taken_away(page, "House style")
    expect(page.locator("[class*='st-key-finding-at-'] button").filter(has_text="Bamiyan")).to_have_count(0)


def test_a_place_is_added_by_typing_or_by_a_click_and_then_answers_for_its_name(page, observed, drafting):
    open_part(page, drafting)
    check(page, DRAFT)
    look_at(page, "Sanloaga")
    page.get_by_text("Add it to the gazetteer").click()
    reading.settled(page)
    press(page, "Add the place")
    expect(page.get_by_test_id("stAlert").filter(has_text="longitude is missing")).to_be_visible()
    frame = page.frame_locator("iframe[title*='st_folium']").last.locator(".leaflet-container")
    frame.wait_for(timeout=30_000)
    frame.click(position={"x": 200, "y": 150})
    reading.settled(page)
    assert page.get_by_label("Latitude", exact=True).input_value()
    fill(page, "Latitude", "10.983217")
    fill(page, "Longitude", "0.7012345")
    fill(page, "May be off by (km)", "4")
    fill(page, "Source of the coordinates", "A map of the prefecture")
    press(page, "Add the place")
    expect(page.locator("[class*='st-key-finding-at-'] button").filter(has_text="Sanloaga")).to_have_count(0)
    places = json.loads(taken_away(page, "Places, Linked Places"))["features"]
    (own,) = [one for one in places if one["properties"]["title"] == "Sanloaga"]
    assert own["geometry"]["coordinates"] == [0.7012345, 10.983217]
    page.goto(f"{drafting}/?page=places&part=review&incident=TM-2021-11-19-01")
    expect(page.get_by_text("A map of the prefecture").first).to_be_visible(timeout=30_000)
    assert observed.console_errors + observed.page_errors + observed.foreign_requests == []


def test_a_document_is_read_with_the_place_of_each_finding_and_what_cannot_be_read_is_told(page, drafting):
    document = Document()
    document.add_paragraph("Reports of the week.")
    document.add_paragraph("Fighting went on in Afghanisitan.")
    target = io.BytesIO()
    document.save(target)
    open_part(page, drafting)
    chooser = page.locator("[data-testid='stFileUploader'] input[type=file]").first
    chooser.set_input_files({"name": "week.docx", "mimeType": "application/zip", "buffer": target.getvalue()})
    reading.settled(page)
    press(page, "Check the place names")
    expect(page.get_by_role("heading", name="Afghanisitan")).to_be_visible(timeout=30_000)
    findings = json.loads(taken_away(page, "Findings, JSON"))
    assert [(one["text"], one["line"], one["verdict"]) for one in findings] == [("Afghanisitan", 2, "misspelt")]
    page.get_by_text("Another draft than week").click()
    chooser = page.locator("[data-testid='stFileUploader'] input[type=file]").first
    chooser.set_input_files({"name": "scan.pdf", "mimeType": "application/pdf", "buffer": b"no pdf at all"})
    reading.settled(page)
    press(page, "Check the place names")
    expect(page.get_by_test_id("stAlert").filter(has_text="scan.pdf")).to_be_visible()


def test_nothing_to_check_is_said(page, drafting):
    open_part(page, drafting)
    press(page, "Check the place names")
    expect(page.get_by_test_id("stAlert").filter(has_text="There is nothing to check")).to_be_visible()


def test_a_hostile_draft_is_only_read(page, observed, drafting):
    hostile = "\n".join([*HOSTILE_TEXTS.values(), "[link](https://example.org) :red[x] $a$ ![p](q) # head"])
    open_part(page, drafting)
    check(page, f"Near Afghanisitan. {hostile}")
    shown = page.locator(".st-key-draft-shown")
    expect(shown).to_contain_text("{{ 7*7 }}")
    expect(shown).to_contain_text(":red[x] $a$")
    assert shown.locator("img, a, script, svg, .katex").count() == 0
    assert observed.faults == []
