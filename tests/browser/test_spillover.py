"""Spillover as a desk officer sees it: links with their chance rate, corridors, exposure, and the timeline played."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser import reading

SAHEL = "country=BF&country=TG"

# How many dotted and how many solid lines the map has; each line is there twice, once to be clicked.
LINES = """() => {
  const lines = Object.values(window.map._layers).filter((one) => one.options.lineCap === "round" && one.options.color);
  const drawn = lines.filter((one) => one._latlngs && one.options.opacity === 0.95 && one.options.weight > 2);
  return drawn.map((one) => one.options.dashArray || "solid");
}"""


def side(page: Page) -> str:
    return page.locator(".st-key-side").inner_text()


def lines(page: Page) -> list[str]:
    return sorted(reading.map_frame(page).evaluate(LINES))


def pick(page: Page, label: str, option: str) -> None:
    page.get_by_role("combobox", name=label).click()
    page.get_by_role("option", name=option).click()
    reading.settled(page)


@pytest.mark.parametrize(
    ("rule", "linked"), [("strict", False), ("probable", False), ("open", True)], ids=["strict", "probable", "open"]
)
def test_one_sentence_says_what_is_drawn_by_which_rule_and_against_which_borders(page, desk, rule, linked):
    reading.open_desk(page, desk.url, f"?show=links&rule={rule}&{SAHEL}")
    said = side(page)
    assert f"{int(linked)} inferred link" in said
    for part in (f"rule {rule}", "within 50 km and 30 days", "OECD/SWAC", "Natural Earth", "true to about 2.5 km"):
        assert part in said
    assert ("no claim is known for Kompienga" in said) is linked
    assert "2020" not in said, "the attack of February 2020 is linked to nothing at 30 days"


def test_the_chance_rate_stands_beside_the_links_without_a_p_value_for_a_few_incidents(page, desk):
    reading.open_desk(page, desk.url, "?show=links&rule=open")
    figures = re.search(r"Under shuffled dates ([\d.]+) links expected, (\d+) found", side(page))
    assert 0 < float(figures[1]) < 2
    assert figures[2] == "1"
    assert "there is no p-value" in side(page)


def test_where_a_rule_finds_no_link_the_page_says_what_another_would_find(page, desk):
    reading.open_desk(page, desk.url, "?show=links&rule=strict")
    assert "No link under the rule strict" in side(page)
    assert "there is 1" in side(page)
    assert lines(page) == []


def test_a_documented_crossing_is_solid_and_what_is_inferred_is_dotted(page, desk):
    reading.open_desk(page, desk.url, f"?show=links&show=corridors&show=crossings&rule=open&{SAHEL}")
    dotted = [line for line in lines(page) if line != "solid"]
    assert lines(page).count("solid") == 1
    assert len(dotted) == 2
    assert all(line.startswith("1 ") for line in dotted)
    assert "1 corridor" in side(page)
    assert "no observed route" in side(page)


def test_a_distance_and_days_of_one_s_own_go_into_the_link_and_come_back_from_it(page, desk):
    reading.open_desk(page, desk.url, "?show=links&rule=open")
    pick(page, "Near is within", "Your own distance and days")
    for label, number in (("Kilometres", "300"), ("Days", "60")):
        page.get_by_role("spinbutton", name=label).fill(number)
        page.keyboard.press("Enter")
        reading.settled(page)
    asked = reading.asked(page)
    assert (asked["preset"], asked["km"], asked["days"]) == (["custom"], ["300"], ["60"])
    found = re.search(r"(\d+) inferred links within 300 km and 60 days", side(page))[1]
    page.reload()
    reading.map_frame(page)
    reading.settled(page)
    assert f"{found} inferred links within 300 km and 60 days" in side(page)
    expect(page.get_by_role("spinbutton", name="Kilometres")).to_have_value("300")


@pytest.mark.parametrize("wrong", ["km=0", "km=1001", "days=-3", "days=x", "km=%D9%A3"])
def test_a_link_with_a_distance_that_is_none_is_told_so(page, desk, wrong):
    reading.open_desk(page, desk.url, f"?show=links&preset=custom&{wrong}")
    expect(page.get_by_text(re.compile("expected a whole number from 1 to"))).to_be_visible()


def test_under_thirty_incidents_clusters_and_cells_say_why_there_are_none(page, desk):
    reading.open_desk(page, desk.url, "?show=clusters&show=cells")
    for fold, why in (
        ("No clusters", "under 30 no clusters are drawn"),
        ("No cells of 50 km", "under 30 no cell is classed"),
    ):
        page.get_by_text(fold, exact=True).click()
        expect(page.get_by_text(re.compile(why))).to_be_visible()


def test_the_exposure_table_stands_with_its_periods_and_its_rule_for_low_counts(page, desk):
    reading.open_desk(page, desk.url, "?from=2021-11-01&to=2021-11-14")
    page.get_by_role("radio", name="Exposure").click()
    reading.settled(page)
    expect(page.get_by_text("1 Nov 2021 to 14 Nov 2021, beside the 14 days before")).to_be_visible()
    expect(page.get_by_text("fewer than 20 incidents")).to_be_visible()
    expect(page.locator("[data-testid='stDataFrame']")).to_be_visible()


def test_exposure_of_nothing_says_what_would_show_some(page, desk):
    reading.open_desk(page, desk.url, "?text=xyzzy")
    page.get_by_role("radio", name="Exposure").click()
    reading.settled(page)
    expect(page.get_by_text("exposure is counted by period")).to_be_visible()


# ---- the timeline played --------------------------------------------------------------------------------------------

PLAYED = f"?show=links&rule=open&{SAHEL}&from=2021-10-10&to=2021-10-31"


def days(page: Page) -> tuple[list[str] | None, list[str] | None]:
    asked = reading.asked(page)
    return asked.get("from"), asked.get("to")


def test_a_step_sets_the_dates_of_the_filters_and_the_link_arises(page, desk):
    reading.open_desk(page, desk.url, PLAYED)
    assert lines(page) == []
    page.get_by_role("button", name="Next step").click()
    reading.settled(page)
    reading.eventually(page, lambda: days(page) == (["2021-10-09"], ["2021-11-07"]))
    expect(page.locator(".st-key-summary")).to_contain_text("7 Nov 2021")
    expect(page.get_by_text("1 link, 1 new with this step")).to_be_visible()
    reading.eventually(page, lambda: len(lines(page)) == 1)
    page.get_by_role("button", name="Previous step").click()
    reading.settled(page)
    assert lines(page) == []


def test_all_up_to_the_day_keeps_what_was_before(page, desk):
    reading.open_desk(page, desk.url, PLAYED)
    pick(page, "Each step shows", "All up to the day")
    page.get_by_role("button", name="Next step").click()
    reading.settled(page)
    assert days(page)[0] is None
    assert reading.counted(page)[0] == len(reading.ids_in_list(page))


def test_playing_goes_on_by_itself_to_the_end_and_neither_moves_nor_reloads_the_map(page, desk, observed):
    reading.open_desk(page, desk.url, f"?show=links&rule=open&{SAHEL}&from=2021-09-10&to=2021-10-10&at=11.000,0.500,7")
    there = reading.view(page)
    reading.map_frame(page).evaluate("() => { window.isTheFirst = true; }")
    page.get_by_role("button", name="Play", exact=True).click()
    seen = set()

    def at_the_end() -> bool:
        if chip := re.search(r"To \d+ \w+ \d{4}", page.locator(".st-key-summary").inner_text(timeout=30_000)):
            seen.add(chip[0])
        return page.get_by_role("button", name="Play", exact=True).count() == 1 and len(seen) > 1

    entries = page.evaluate("history.length")
    reading.eventually(page, at_the_end, seconds=40)
    reading.settled(page)
    assert len(seen) > 3, "the chips went from stop to stop"
    reading.eventually(page, lambda: days(page) == (["2021-10-16"], ["2021-11-14"]))
    assert page.evaluate("history.length") <= entries + 1, "the way back does not lead through every stop"
    assert days(page)[1] == ["2021-11-14"]
    assert reading.view(page) == pytest.approx(there)
    assert reading.map_frame(page).evaluate("() => window.isTheFirst"), "the map was not loaded anew"
    assert observed.faults == []


def test_whoever_asks_for_something_else_stops_the_play(page, desk):
    reading.open_desk(page, desk.url, f"?{SAHEL}&from=2020-12-01&to=2020-12-30")
    page.get_by_role("button", name="Play", exact=True).click()
    page.get_by_role("button", name="Pause").wait_for()
    page.get_by_role("button", name="Reset").click()
    expect(page.get_by_role("button", name="Play", exact=True)).to_be_visible()
    reading.settled(page)
    page.wait_for_timeout(2500)
    assert days(page) == (None, None)


def test_the_arrow_keys_go_on_stepping(page, desk):
    reading.open_desk(page, desk.url, PLAYED)
    page.get_by_role("slider", name="Day on the timeline").focus()
    for stop in ("2021-11-07", "2021-11-14"):
        page.keyboard.press("ArrowRight")
        reading.settled(page)
        reading.eventually(page, lambda stop=stop: days(page)[1] == [stop])
