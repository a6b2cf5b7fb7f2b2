"""The card of an incident is seen where it was asked for, and reading it does not lose the reader's place."""

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser import reading

TOGO = "TM-2021-11-19-01"
NORWAY = "TM-2021-11-19-24"
SIZES = {"a desk's screen": (1440, 900), "a phone": (390, 844)}


@pytest.fixture(params=SIZES.values(), ids=SIZES)
def sized_page(request, browser: Browser, observed):
    """A page as wide as a desk's screen, and one as narrow as a phone."""
    width, height = request.param
    context = browser.new_context(viewport={"width": width, "height": height})
    page = context.new_page()
    observed.watch(page)
    yield page
    context.close()


def item(page: Page, incident_id: str):
    return page.locator(f".st-key-select-{incident_id} button")


def cells(page: Page, kind: str = "td"):
    """Cells of the table, which is drawn on a canvas and told to screen readers inside it."""
    return page.locator(f"[data-testid='stDataFrame'] canvas {kind}")


def heading(page: Page, name: str):
    return page.get_by_role("heading", name=name)


def test_an_incident_chosen_in_the_list_is_read_without_scrolling_and_the_list_stays_where_it_was(sized_page, desk):
    page = sized_page
    reading.open_desk(page, desk.url)
    chosen = item(page, TOGO)
    chosen.scroll_into_view_if_needed()
    before = chosen.bounding_box()
    chosen.click()
    reading.settled(page)
    expect(heading(page, "Sanloaga, Togo")).to_be_visible()
    assert reading.is_in_window(heading(page, "Sanloaga, Togo"))
    assert reading.asked(page)["incident"] == [TOGO]
    page.keyboard.press("Escape")
    reading.settled(page)
    expect(page.get_by_role("dialog")).to_have_count(0)
    assert chosen.bounding_box() == pytest.approx(before, abs=2)
    assert "incident" not in reading.asked(page)


def test_an_incident_that_is_not_on_the_map_is_read_from_the_tray_without_scrolling(sized_page, desk):
    page = sized_page
    reading.open_desk(page, desk.url)
    page.get_by_role("radio", name=re.compile("Not on the map")).click()
    reading.settled(page)
    page.locator(f".st-key-tray-{NORWAY} button").click()
    reading.settled(page)
    expect(heading(page, "Norway")).to_be_visible()
    assert reading.is_in_window(heading(page, "Norway"))


def test_a_place_chosen_on_the_map_is_read_without_scrolling(sized_page, desk):
    page = sized_page
    reading.open_desk(page, desk.url, "?at=14.000,-1.000,7")
    reading.click_on_map(page, 14.30, -1.30)
    reading.eventually(page, lambda: "incident" in reading.asked(page))
    reading.settled(page)
    expect(heading(page, "Inata, Burkina Faso")).to_be_visible()
    assert reading.is_in_window(heading(page, "Inata, Burkina Faso"))


def test_the_card_leads_to_the_next_incident_of_the_list_and_back(page, desk):
    reading.open_desk(page, desk.url, "?group=JNIM")
    item(page, TOGO).click()
    reading.settled(page)
    expect(page.get_by_text("2 of 3")).to_be_visible()
    page.get_by_role("button", name="Older").click()
    expect(heading(page, "Kompienga, Burkina Faso")).to_be_visible()
    expect(page.get_by_role("button", name="Older")).to_be_disabled()
    page.get_by_role("button", name="Newer").click()
    expect(heading(page, "Sanloaga, Togo")).to_be_visible()
    page.get_by_role("dialog").get_by_role("button", name="Close").last.click()
    expect(page.get_by_role("dialog")).to_have_count(0)


def test_the_keyboard_alone_opens_the_card_reads_it_and_comes_back(page, desk):
    reading.open_desk(page, desk.url, "?group=JNIM")
    item(page, TOGO).focus()
    page.keyboard.press("Enter")
    reading.settled(page)
    expect(heading(page, "Sanloaga, Togo")).to_be_visible()
    expect(page.get_by_text("within 36.6 km").first).to_be_visible()
    inside = "() => document.querySelector('[role=dialog]').contains(document.activeElement)"
    assert page.evaluate(inside), "the next press of Tab is within the card"
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    reading.settled(page)
    assert page.evaluate(f"() => !!document.activeElement.closest('.st-key-select-{TOGO}')")


def test_the_list_and_the_table_have_the_newest_first(page, desk):
    reading.open_desk(page, desk.url)
    first = page.locator("[class*='st-key-item-']").first
    expect(first).to_contain_text("14 Nov 2021")
    page.get_by_role("radio", name="Table").click()
    expect(cells(page).first).to_have_text("2021-11-14")


def test_the_table_has_the_place_matched_and_the_sources_with_their_links(page, desk):
    reading.open_desk(page, desk.url, f"?text={TOGO}")
    page.set_viewport_size({"width": 3600, "height": 1200})
    page.get_by_role("radio", name="Table").click()
    expect(cells(page, "th").first).to_have_text("From")
    assert {"Matched", "Sources", "Link 1"} <= set(cells(page, "th").all_text_contents())
    said = cells(page).all_text_contents()
    assert "Kpendjal, Savanes, Togo" in said
    assert "https://dw.com/fr" in said
