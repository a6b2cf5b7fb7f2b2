"""The standalone HTML in a real Chromium, from a file, with the network off."""

import json
import re
from dataclasses import replace

import pytest
from axe_playwright_python.sync_playwright import Axe

from gazetteer.boundaries import Boundaries
from incidents.export import to_html
from incidents.filters import Filters, apply
from tests.made_up import dataset_of, made_up

DATASET = made_up()
BOUNDARIES = Boundaries.load()


@pytest.fixture
def offline(browser, observed, tmp_path):
    """Open a dataset as a page from a file, where no network is."""
    contexts = []

    def open_page(dataset=DATASET, filters=None, *, width=1440):
        path = tmp_path / "shown.html"
        path.write_bytes(to_html(dataset, filters or Filters(), boundaries=BOUNDARIES))
        context = browser.new_context(viewport={"width": width, "height": 900}, offline=True)
        contexts.append(context)
        page = context.new_page()
        page.asked = []
        page.on("request", lambda request: page.asked.append(request.url))
        observed.watch(page)
        page.goto(path.as_uri())
        return page

    yield open_page
    for context in contexts:
        context.close()


def listed(page):
    return [item.get_attribute("data-key") for item in page.query_selector_all("#list li:not([hidden]) > details")]


def test_it_opens_without_a_network_asks_for_nothing_and_draws_its_map(offline, observed, wait_for_map):
    page = offline()
    wait_for_map(page)

    assert observed.faults == []
    assert page.asked == [page.url]
    assert listed(page) == apply(DATASET.incidents, Filters())["incident_id"].tolist()
    assert "8 of the 8 incidents in this file shown, 2 not on the map" in page.inner_text("#count")


def test_its_filters_give_what_the_desks_filters_give(offline, observed):
    page = offline()
    page.get_by_label(re.compile("^JNIM")).uncheck()
    page.fill("#from", "2021-10-20")
    page.locator("#from").dispatch_event("change")
    families = tuple(family for family in DATASET.facets.families if family != "JNIM")
    day = DATASET.known_to.replace(year=2021, month=10, day=20)
    wanted = apply(DATASET.incidents, Filters(families=families, date_from=day))

    assert listed(page) == wanted["incident_id"].tolist()
    assert f"{len(wanted)} of the 8" in page.inner_text("#count")
    page.click("#reset")
    assert len(listed(page)) == 8
    page.click("#none")
    assert page.is_visible("#empty")
    assert observed.faults == []


def test_every_filter_and_every_incident_is_reached_by_the_keyboard(offline):
    page = offline()
    reached = set()
    for _ in range(60):
        page.keyboard.press("Tab")
        told = "(at => at.id || at.value || at.parentElement.dataset.key)(document.activeElement)"
        reached.add(page.evaluate(told))
    assert {"from", "to", "reset", "map_div"} <= reached
    assert set(listed(page)) <= reached
    page.locator("#list summary").first.focus()
    page.keyboard.press("Enter")
    page.wait_for_selector("#list details[open] dl")
    assert page.inner_text("#list details[open] dd >> nth=0") == '=HYPERLINK("x","y")'


def test_hostile_text_is_shown_and_does_nothing(offline, observed, hostile_texts):
    incidents = DATASET.incidents.copy()
    half = len(hostile_texts) // 2 + 1
    texts = [f"{one} {other}" for one, other in zip(hostile_texts[:half], hostile_texts[-half:], strict=True)]
    for column in ("place_as_reported", "place_name", "summary", "actor_family", "country"):
        incidents[column] = [texts[at % half] for at in range(len(incidents))]
    page = offline(replace(dataset_of(incidents), name=" ".join(texts)))
    alerts = []
    page.on("dialog", lambda dialog: (alerts.append(dialog.message), dialog.dismiss()))
    page.hover("#map_div")
    for summary in page.query_selector_all("#list summary"):
        summary.click()
    page.wait_for_timeout(200)

    assert alerts == []
    assert page.inner_text("h1").split() == f"Security incidents: {' '.join(texts)}".split()
    assert sorted(page.inner_text(f"#list li:nth-child({at}) dd >> nth=0").split() for at in range(1, 9)) == sorted(
        text.split() for text in incidents["summary"]
    )
    assert page.evaluate("document.querySelectorAll('img, svg [onload], iframe').length") == 0
    assert observed.faults == []
    assert page.asked == [page.url]


@pytest.mark.parametrize("width", [1440, 390])
def test_it_fits_its_window_and_has_no_fault_that_axe_finds(offline, width):
    page = offline(width=width)
    page.wait_for_timeout(300)

    assert page.evaluate("document.documentElement.scrollWidth") <= width
    found = Axe().run(page).response["violations"]
    assert json.dumps([(one["id"], one["nodes"][0]["html"][:120]) for one in found]) == "[]"


def test_a_page_of_nothing_says_so(offline, observed):
    page = offline(filters=Filters(text="nowhere at all"))

    assert page.is_visible("#empty")
    assert "0 of the 0 incidents" in page.inner_text("#count")
    assert observed.faults == []
