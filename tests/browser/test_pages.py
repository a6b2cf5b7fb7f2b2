"""From page to page: what a reader told one page is still told when he comes back, and every page fits a phone."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser import reading

WIDER_THAN_WINDOW = """() => [...document.querySelectorAll('[data-testid="stMain"] :is(button, label)')]
  .filter((part) => part.offsetWidth && part.getBoundingClientRect().right > innerWidth + 1)
  .map((part) => part.innerText)"""


def turn_to(page: Page, name: str) -> None:
    page.get_by_role("radio", name=name, exact=True).click()
    reading.settled(page)


def test_what_the_briefing_was_told_is_still_told_after_a_look_at_the_desk(page, desk):
    reading.open_desk(page, desk.url)
    turn_to(page, "Briefing")
    page.get_by_role("textbox", name="Title").fill("Attacks near the border")
    page.keyboard.press("Enter")
    reading.settled(page)
    page.get_by_role("combobox", name="Map shows").click()
    page.get_by_role("option", name="Iraq").click()
    reading.settled(page)
    page.get_by_role("spinbutton", name="day, As of").focus()
    page.keyboard.type("17")
    page.get_by_role("textbox", name="Title").focus()
    reading.settled(page)
    expect(page.get_by_role("img", name=re.compile("17 Nov 2021"))).to_be_visible(timeout=15_000)
    turn_to(page, "Desk")
    reading.map_frame(page)
    turn_to(page, "Briefing")
    expect(page.get_by_role("textbox", name="Title")).to_have_value("Attacks near the border")
    expect(page.get_by_role("combobox", name="Map shows")).to_have_value("Iraq")
    sheet = page.get_by_role("img", name="Attacks near the border (as of 17 Nov 2021)")
    expect(sheet).to_be_visible(timeout=15_000)


@pytest.mark.parametrize("other", ["Briefing", "Places"])
def test_what_the_desk_was_told_is_still_told_after_a_look_at_another_page(page, desk, other):
    reading.open_desk(page, desk.url, "?show=links")
    page.get_by_role("textbox", name="Text").fill("Kabul")
    page.keyboard.press("Enter")
    reading.settled(page)
    told = ("open", "5 years", "Table", "Afghanistan and Pakistan")
    for choice in told:
        page.get_by_role("radio", name=choice, exact=True).click()
        reading.settled(page)
    before = reading.view(page)
    turn_to(page, other)
    turn_to(page, "Desk")
    reading.map_frame(page)
    for choice in told:
        expect(page.get_by_role("radio", name=choice, exact=True)).to_be_checked()
    expect(page.get_by_role("textbox", name="Text")).to_have_value("Kabul")
    reading.settled(page)
    assert reading.view(page) == pytest.approx(before, abs=0.05)


@pytest.mark.parametrize("width", [390, 1024])
@pytest.mark.parametrize("query", ["?show=links", "?page=briefing", "?page=places", "?page=data"])
def test_nothing_that_can_be_pressed_is_cut_off(browser, desk, width, query):
    context = browser.new_context(viewport={"width": width, "height": 844})
    page = context.new_page()
    page.goto(f"{desk.url}/{query}")
    reading.settled(page)
    cut = page.evaluate(WIDER_THAN_WINDOW)
    tabs = [page.get_by_role("radio", name=name, exact=True).bounding_box()["y"] for name in ("Desk", "Data")]
    context.close()
    assert cut == []
    assert tabs[0] == tabs[1], "the pages' names stand in one row"
