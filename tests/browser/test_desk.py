"""The desk page as a desk officer uses it: filters, map, timeline, list, card and link."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser import reading

TOGO = "TM-2021-11-19-01"
KOMPIENGA_2020 = "TM-2021-11-19-02"
KOMPIENGA_2021 = "TM-2021-11-19-03"

# Pixels from the top of the timeline, where its legend is, down to its bars.
BARS = 100


def choose(page: Page, label: str, option: str) -> None:
    page.get_by_role("combobox", name=label).click()
    page.get_by_role("option", name=option).click()
    page.keyboard.press("Escape")
    reading.settled(page)


def drag_over_timeline(page: Page, start: float, end: float) -> None:
    """Drag from one share of the chart's width to another."""
    chart = page.locator("[data-testid='stVegaLiteChart']").first
    chart.scroll_into_view_if_needed()
    box = chart.bounding_box()
    page.mouse.move(box["x"] + box["width"] * start, box["y"] + BARS)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * end, box["y"] + BARS, steps=8)
    page.mouse.up()
    reading.eventually(page, lambda: "from" in reading.asked(page))
    reading.settled(page)


def test_the_map_is_painted_without_asking_anybody_else(page, desk, observed, wait_for_map):
    page.goto(desk.url)
    wait_for_map(page)
    reading.settled(page)
    assert observed.faults == []


@pytest.mark.parametrize("query", ["?page=briefing", "?page=places", "?page=data"])
def test_every_page_opens_from_its_link_without_a_fault(page, desk, observed, query):
    page.goto(f"{desk.url}/{query}")
    reading.settled(page)
    assert observed.faults == []


def test_what_is_counted_is_on_the_map_or_in_the_tray_and_all_of_it_in_the_list(page, desk):
    reading.open_desk(page, desk.url, "?group=Iran-backed+militias")
    shown, total, unmapped = reading.counted(page)
    on_map, listed, tray = reading.ids_on_map(page), reading.ids_in_list(page), reading.ids_in_tray(page)
    assert (len(listed), len(tray)) == (shown, unmapped)
    assert total == 37
    assert sorted([*on_map, *tray]) == listed
    assert tray, "the militias have incidents of which only the country is known"


def test_choosing_a_group_changes_count_map_list_and_timeline_together(page, desk):
    reading.open_desk(page, desk.url)
    before = reading.colour_on_timeline(page)
    choose(page, "Group", "JNIM")
    assert reading.counted(page) == (3, 37, 0)
    assert reading.ids_on_map(page) == reading.ids_in_list(page)
    assert len(reading.ids_on_map(page)) == 3
    assert 0 < reading.colour_on_timeline(page) < before
    assert reading.asked(page)["group"] == ["JNIM"]


def test_an_unclaimed_attack_is_not_shown_under_the_group_that_may_have_done_it(page, desk):
    reading.open_desk(page, desk.url, "?group=JNIM")
    assert KOMPIENGA_2021 not in reading.ids_in_list(page)


def test_choosing_days_changes_count_map_and_list_together_and_keeps_what_overlaps(page, desk):
    reading.open_desk(page, desk.url, "?from=2021-11-10&to=2021-11-10")
    assert TOGO in reading.ids_in_list(page), "its interval ends on that day"
    shown, _, unmapped = reading.counted(page)
    assert shown == len(reading.ids_in_list(page)) == len(reading.ids_on_map(page)) + unmapped


def test_dragging_over_the_timeline_chooses_days_for_everything(page, desk):
    reading.open_desk(page, desk.url)
    drag_over_timeline(page, 0.93, 0.99)
    assert {"from", "to"} <= set(reading.asked(page))
    shown, _, unmapped = reading.counted(page)
    assert len(reading.ids_on_map(page)) == shown - unmapped


@pytest.mark.parametrize("time_zone", ["Asia/Kabul", "America/Los_Angeles"])
def test_the_days_chosen_on_the_timeline_are_the_same_in_every_time_zone(browser, desk, time_zone):
    chosen = []
    for zone in (time_zone, "UTC"):
        context = browser.new_context(viewport={"width": 1440, "height": 1100}, timezone_id=zone)
        page = context.new_page()
        reading.open_desk(page, desk.url)
        drag_over_timeline(page, 0.70, 0.93)
        chosen.append((reading.asked(page)["from"], reading.asked(page)["to"]))
        context.close()
    assert chosen[0] == chosen[1]


def test_a_chip_takes_its_filter_away_and_reset_takes_all(page, desk):
    reading.open_desk(page, desk.url, "?group=JNIM&country=TG")
    assert reading.counted(page)[0] == 1
    page.get_by_role("button", name=re.compile("Country: Togo")).click()
    reading.settled(page)
    assert reading.counted(page)[0] == 3
    page.get_by_role("button", name="Reset").click()
    reading.settled(page)
    assert reading.counted(page)[0] == 37
    assert "group" not in reading.asked(page)


def test_the_map_stays_where_it_is_when_a_filter_changes(page, desk):
    reading.open_desk(page, desk.url, "?at=11.5,0.5,7")
    before = reading.view(page)
    choose(page, "Group", "JNIM")
    assert reading.view(page) == pytest.approx(before)


def test_a_link_restores_filters_selection_and_map_position(page, desk):
    reading.open_desk(page, desk.url, f"?group=JNIM&incident={TOGO}&at=11.000,0.600,8")
    assert reading.counted(page)[0] == 3
    expect(page.get_by_role("heading", name="Sanloaga, Togo")).to_be_visible()
    longitude, latitude, zoom = reading.view(page)
    assert (longitude, latitude, zoom) == pytest.approx((0.6, 11.0, 8), abs=0.01)


def test_moving_the_map_is_written_into_the_link(page, desk):
    reading.open_desk(page, desk.url, "?at=11.000,0.600,8")
    reading.map_frame(page).evaluate("() => { map.panBy([150, 0], {animate: false}); }")
    reading.eventually(page, lambda: reading.asked(page).get("at", [""])[0] not in ("", "11.000,0.600,8"))


def test_a_link_that_asks_for_what_is_not_there_says_so(page, desk):
    reading.open_desk(page, desk.url, "?group=Nobody&incident=X-1&at=here&colour=red")
    for words in ("group 'Nobody'", "incident 'X-1'", "at 'here'", "parameter 'colour'"):
        expect(page.get_by_text(words)).to_be_visible()
    assert reading.counted(page)[0] == 0, "a link never shows more than it asks for"
    page.get_by_role("button", name="Reset").click()
    reading.settled(page)
    assert page.get_by_text("group 'Nobody'").count() == 0, "what was said of the link is over"


def test_the_back_button_brings_the_filters_back(page, desk):
    reading.open_desk(page, desk.url)
    choose(page, "Group", "JNIM")
    page.go_back()
    reading.eventually(page, lambda: reading.counted(page)[0] == 37)


def test_clicking_a_place_opens_its_incidents_one_after_the_other(page, desk):
    reading.open_desk(page, desk.url, "?at=11.000,0.600,9")
    for incident in (KOMPIENGA_2020, KOMPIENGA_2021):
        reading.click_on_map(page, 11.08169, 0.72365)
        reading.eventually(page, lambda: reading.asked(page).get("incident") == [incident])  # noqa: B023  called at once
        reading.settled(page)
    expect(page.get_by_text("2 of 2 incidents at this place")).to_be_visible()


@pytest.mark.parametrize(("rule", "linked"), [("strict", False), ("probable", False), ("open", True)])
def test_kompienga_and_sanloaga_are_linked_in_open_mode_only(page, desk, rule, linked):
    reading.open_desk(page, desk.url, f"?show=links&rule={rule}&country=BF&country=TG")
    words = page.locator(".st-key-side")
    expect(words).to_contain_text("inferred link")
    assert ("no claim" in words.inner_text()) is linked


def test_the_documented_crossing_says_which_side_the_attack_came_from(page, desk):
    reading.open_desk(page, desk.url)
    expect(page.locator(".st-key-side summary")).to_have_text(re.compile("1 documented crossing"))
    expect(page.get_by_text("launched from Burkina Faso")).to_be_visible()


def test_no_answer_says_above_the_map_what_to_do(page, desk):
    reading.open_desk(page, desk.url, "?text=xyzzy")
    told = page.get_by_text("No incident answers these filters. Take one away, or reset them.")
    expect(told).to_be_visible()
    assert told.bounding_box()["y"] < page.locator("iframe[title*='st_folium']").bounding_box()["y"]
    expect(page.get_by_text("Select an incident")).to_have_count(0)


def test_a_filter_that_nothing_answers_does_not_load_the_map_anew(page, desk):
    reading.open_desk(page, desk.url)
    reading.map_frame(page).evaluate("() => { window.same = true; }")
    page.get_by_role("textbox", name="Text", exact=True).fill("xyzzy")
    page.keyboard.press("Enter")
    expect(page.get_by_text("No incident answers these filters")).to_be_visible(timeout=15_000)
    reading.settled(page)

    assert reading.map_frame(page).evaluate("() => window.same")


@pytest.mark.parametrize(
    "query",
    ["", f"?incident={TOGO}&show=links&show=bands&rule=open", "?page=briefing", "?page=places", "?page=data"],
)
def test_axe_finds_nothing_serious(page, desk, query):
    page.goto(f"{desk.url}/{query}")
    reading.settled(page)
    found = Axe().run(page).response["violations"]
    serious = [
        (fault["id"], [node["html"][:200] for node in fault["nodes"]])
        for fault in found
        if fault["impact"] in ("serious", "critical")
    ]
    assert serious == []


def test_the_map_follows_the_dark_theme(browser, desk):
    context = browser.new_context(viewport={"width": 1440, "height": 900}, color_scheme="dark")
    page = context.new_page()
    reading.open_desk(page, desk.url)
    background = reading.map_frame(page).evaluate("() => getComputedStyle(map.getContainer()).backgroundColor")
    context.close()
    assert sum(int(part) for part in re.findall(r"\d+", background)[:3]) < 150
