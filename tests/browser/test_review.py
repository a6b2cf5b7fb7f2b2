"""An editor decides on the page where an incident was: seen everywhere, said by whom and why, and undone at will."""

import csv
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from incidents.review import Log
from tests.browser import reading
from tests.conftest import HOSTILE_TEXTS

KUNDUZ = "TM-2021-11-19-11"
TOGO = "TM-2021-11-19-01"


@pytest.fixture(scope="module")
def start_review(start_desk: Callable, tmp_path_factory) -> Callable:
    """Start a dashboard with a log of its own; give its address and the log's path."""

    def start() -> tuple[str, Path]:
        path = tmp_path_factory.mktemp("reviews") / "reviews.sqlite"
        return start_desk(INCIDENT_DESK_REVIEWS=path).url, path

    return start


@pytest.fixture(scope="module")
def review(start_review) -> tuple[str, Path]:
    """One dashboard for the tests that each decide on an incident of their own."""
    return start_review()


def open_case(page: Page, url: str, incident_id: str) -> None:
    page.goto(f"{url}/?page=places&part=review&incident={incident_id}")
    expect(page.get_by_role("heading", name="Decide")).to_be_visible(timeout=30_000)
    reading.settled(page)


def choose(page: Page, label: str) -> None:
    page.locator("label").filter(has_text=label).last.click()
    reading.settled(page)


def type_in(page: Page, label: str, text: str) -> None:
    box = page.get_by_label(label, exact=True)
    box.fill(text)
    box.press("Tab")
    reading.settled(page)


def press_decide(page: Page) -> None:
    page.locator("[class*='-decide'] button").click()


def decide(page: Page, *, why: str = "The source says the city.", who: str = "ed") -> None:
    type_in(page, "Why", why)
    type_in(page, "Your name or initials", who)
    press_decide(page)
    reading.settled(page)


def decisions(path: Path) -> list:
    with Log.open(path) as log:
        return list(log.decisions())


def test_a_decision_is_seen_on_the_map_in_the_export_and_in_the_queue_and_can_be_taken_back(page, observed, review):
    url, path = review
    open_case(page, url, KUNDUZ)
    choose(page, "1 At Kunduz, city")
    decide(page, why="Eyewitnesses name the city's main mosque.")
    told = page.get_by_test_id("stAlert").filter(has_text="Eyewitnesses name the city's main mosque.")
    expect(told).to_be_visible()
    assert [(one.incident_id, one.new.geo_precision) for one in decisions(path)] == [(KUNDUZ, "settlement")]
    reading.open_desk(page, url, f"?incident={KUNDUZ}")
    expect(page.get_by_text("Decided:")).to_be_visible()
    expect(page.get_by_text("settlement, within 10 km")).to_be_visible()
    assert KUNDUZ in reading.ids_on_map(page)
    page.get_by_role("radio", name="Briefing").or_(page.get_by_role("button", name="Briefing")).first.click()
    reading.settled(page)
    with page.expect_download() as download:
        page.get_by_role("button", name=re.compile(r"^CSV")).first.click()
    with download.value.path().open(encoding="utf-8-sig", newline="") as file:
        rows = {row["incident_id"]: row for row in csv.DictReader(file)}
    assert (rows[KUNDUZ]["geocoded_by"], rows[KUNDUZ]["geo_precision"]) == ("editor", "settlement")
    open_case(page, url, KUNDUZ)
    choose(page, "Take the last decision back")
    decide(page, why="The witness was elsewhere.")
    assert [one.undoes for one in decisions(path) if one.incident_id == KUNDUZ] == [None, 1]
    reading.open_desk(page, url, f"?incident={KUNDUZ}")
    expect(page.get_by_text("Matched:")).to_be_visible()
    assert observed.console_errors + observed.page_errors + observed.foreign_requests == []


def test_coordinates_are_kept_to_the_digit_and_a_click_on_the_map_fills_them_in(page, observed, review):
    url, path = review
    open_case(page, url, TOGO)
    reading.click_on_map(page, 10.95, 0.75)
    reading.settled(page)
    filled = page.get_by_label("Latitude", exact=True)
    assert float(filled.input_value()) == pytest.approx(10.95, abs=0.02)
    type_in(page, "Latitude", "10.983217")
    type_in(page, "Longitude", "0.7012345")
    type_in(page, "May be off by (km)", "4")
    expect(page.get_by_text("In Togo.")).to_be_visible()
    decide(page, why="A map of the army shows the post.")
    made = decisions(path)[-1]
    assert (made.new.longitude, made.new.latitude, made.new.uncertainty_km) == (0.7012345, 10.983217, 4.0)
    assert observed.faults == []


def test_an_incident_is_not_moved_to_another_country_unless_the_editor_says_that_this_is_meant(page, review):
    url, path = review
    open_case(page, url, "TM-2021-11-19-09")
    before = len(decisions(path))
    choose(page, "At coordinates")
    type_in(page, "Latitude", "35.3")
    type_in(page, "Longitude", "60.6")
    type_in(page, "May be off by (km)", "5")
    expect(page.get_by_text("This is in Iran; the source says Afghanistan.")).to_be_visible()
    decide(page)
    expect(page.get_by_test_id("stAlert").filter(has_text="tick that this is meant")).to_be_visible()
    assert len(decisions(path)) == before
    page.get_by_text("It was in Iran, not in Afghanistan").click()
    reading.settled(page)
    press_decide(page)
    reading.settled(page)
    assert decisions(path)[-1].new.country_code == "IR"


def test_a_decision_without_a_reason_a_name_or_a_choice_is_refused_in_a_sentence(page, review):
    url, path = review
    open_case(page, url, "TM-2021-11-19-12")
    before = len(decisions(path))
    for mend, said in (
        (lambda: None, "Choose where the incident was."),
        (lambda: choose(page, "1 At Kandahar, city"), "The name of the editor is missing"),
        (lambda: type_in(page, "Your name or initials", "ed"), "The reason is missing"),
    ):
        mend()
        press_decide(page)
        reading.settled(page)
        expect(page.get_by_test_id("stAlert").filter(has_text=said)).to_be_visible()
    assert len(decisions(path)) == before


def test_two_editors_decide_on_one_incident_and_the_second_is_told(browser: Browser, start_review):
    url, path = start_review()
    first, second = (browser.new_context(viewport={"width": 1440, "height": 900}).new_page() for _ in range(2))
    for editor in (first, second):
        open_case(editor, url, KUNDUZ)
    choose(first, "1 At Kunduz, city")
    choose(second, "3 In Kunduz, province")
    decide(first, why="The mosque is in the city.", who="first")
    type_in(second, "Why", "Only the province is certain.")
    decide(second, why="Only the province is certain.", who="second")
    expect(second.get_by_text("Somebody else has decided on this incident since you opened it")).to_be_visible()
    expect(second.get_by_text("The mosque is in the city.").first).to_be_visible()
    assert [one.decided_by for one in decisions(path)] == ["first"]
    second.get_by_role("button", name="Go on from there").click()
    reading.settled(second)
    assert second.get_by_label("Why", exact=True).input_value() == "Only the province is certain."
    press_decide(second)
    reading.settled(second)
    assert [(one.decided_by, one.version) for one in decisions(path)] == [("first", 1), ("second", 2)]


def test_what_an_editor_types_does_nothing_but_be_read(page, observed, review):
    url, path = review
    open_case(page, url, "TM-2021-11-19-07")
    choose(page, "1 At Balkh")
    text = " ".join(HOSTILE_TEXTS[name] for name in ("picture", "script", "jinja expression")) + " [x](y) :red[z] $a$"
    decide(page, why=text)
    expect(page.get_by_test_id("stAlert").filter(has_text="[x](y) :red[z] $a$")).to_be_visible()
    assert decisions(path)[-1].reason == text
    assert observed.faults == []


def test_the_queue_is_worked_through_by_keyboard_alone(page, observed, start_review):
    url, path = start_review()
    page.goto(f"{url}/?page=places&part=review&incident={KUNDUZ}")
    expect(page.get_by_role("heading", name="Decide")).to_be_visible(timeout=30_000)
    reading.settled(page)
    reading.tab_to(page, lambda focus: focus["role"] == "radio" and "1 At Kunduz" in focus["name"])
    page.keyboard.press("Space")
    reading.settled(page)
    reading.tab_to(page, lambda focus: focus["name"] == "Why")
    page.keyboard.type("The mosque is in the city.")
    reading.tab_to(page, lambda focus: focus["name"] == "Your name or initials")
    page.keyboard.type("ed")
    reading.tab_to(page, lambda focus: "Decide" in focus["text"])
    page.keyboard.press("Enter")
    reading.settled(page)
    assert [one.reason for one in decisions(path)] == ["The mosque is in the city."]
    expect(page.get_by_test_id("stAlert").filter(has_text="The mosque is in the city.")).to_be_visible()
    assert observed.faults == []


def test_decisions_go_out_as_csv_and_come_in_on_another_desk(page, start_review, tmp_path):
    url, _ = start_review()
    open_case(page, url, KUNDUZ)
    choose(page, "1 At Kunduz, city")
    decide(page)
    page.get_by_text("The log of decisions").click()
    with page.expect_download() as download:
        page.get_by_role("button", name="Decisions as CSV").click()
    file = tmp_path / "decisions.csv"
    download.value.save_as(file)
    page.get_by_role("button", name="Verify the log").click()
    expect(page.get_by_text("Every line is as it was written")).to_be_visible()
    other, path = start_review()
    open_case(page, other, KUNDUZ)
    page.get_by_text("The log of decisions").click()
    page.locator("[data-testid='stFileUploader'] input[type=file]").set_input_files(file)
    reading.settled(page)
    page.get_by_role("button", name="Bring them in").click()
    reading.settled(page)
    assert [(one.incident_id, one.decided_by) for one in decisions(path)] == [(KUNDUZ, "ed")]
    expect(page.get_by_text("1 decision taken in")).to_be_visible()
