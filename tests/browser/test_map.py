"""The map as a reader uses it: where it opens, what a link restores, what is drawn, and the legend that explains it."""

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser import reading

OVERLAYS = ("Border bands", "Cross-border links", "Documented crossings", "First in country")
LINKED = "?show=links&show=crossings&rule=open"
SIZES = {"a desk's screen": (1440, 900), "a small screen": (1024, 768), "a phone": (390, 844)}

LEGEND = """() => {
  const rows = [...document.querySelectorAll('.desk-legend-row')].map((row) => row.getBoundingClientRect());
  return {rows: rows.length, window: innerHeight, last: Math.max(...rows.map((row) => row.bottom)),
          columns: new Set(rows.map((row) => row.left)).size, widest: Math.max(...rows.map((row) => row.right)),
          map: map.getContainer().getBoundingClientRect().height};
}"""

# The length of the dashes that every mark is stroked with when the map is drawn again.
DASHES_OF_MARKS = """() => new Promise((told) => {
  const dashes = [], stroke = CanvasRenderingContext2D.prototype.stroke;
  const draw = L.Canvas.prototype._updateDeskSymbol;
  let within = false;
  CanvasRenderingContext2D.prototype.stroke = function () {
    if (within) dashes.push(this.getLineDash().length);
    stroke.call(this);
  };
  L.Canvas.prototype._updateDeskSymbol = function (layer) { within = true; draw.call(this, layer); within = false; };
  map.setView(map.getCenter(), map.getZoom() + 0.25, {animate: false});
  setTimeout(() => told(dashes), 500);
})"""

# Pixels of a colour on the canvas of the incidents, within some pixels of a place.
PIXELS = """([lat, lng, reach, red, green, blue]) => {
  const canvas = document.querySelector('.leaflet-incidents-pane canvas');
  const at = map.latLngToContainerPoint([lat, lng]), box = canvas.getBoundingClientRect();
  const frame = map.getContainer().getBoundingClientRect(), scale = canvas.width / box.width;
  const x = (at.x - box.left + frame.left - reach) * scale, y = (at.y - box.top + frame.top - reach) * scale;
  const pixels = canvas.getContext('2d').getImageData(x, y, 2 * reach * scale, 2 * reach * scale).data;
  let found = 0;
  for (let i = 0; i < pixels.length; i += 4) {
    const off = Math.abs(pixels[i] - red) + Math.abs(pixels[i + 1] - green) + Math.abs(pixels[i + 2] - blue);
    if (off < 60 && pixels[i + 3] > 150) found++;
  }
  return found / scale / scale;
}"""


@pytest.fixture
def opened(browser: Browser, desk):
    """Open a link in a new visitor's window of some width and height."""
    contexts = []

    def open_in(size: tuple[int, int], query: str = "") -> Page:
        contexts.append(browser.new_context(viewport={"width": size[0], "height": size[1]}))
        page = contexts[-1].new_page()
        reading.open_desk(page, desk.url, query)
        return page

    yield open_in
    for context in contexts:
        context.close()


def show_frame(page: Page, name: str) -> None:
    page.get_by_role("radio", name=name).click()
    reading.settled(page)


@pytest.mark.parametrize("name", OVERLAYS)
def test_each_overlay_can_be_switched_off_and_on(page, desk, observed, name):
    reading.open_desk(page, desk.url)
    pill = page.get_by_role("button", name=name)
    was_on = pill.get_attribute("aria-pressed") == "true"
    reading.map_frame(page).evaluate("() => { window.isTheFirst = true; }")
    for on in (not was_on, was_on, not was_on):
        pill.click()
        reading.settled(page)
        expect(pill).to_have_attribute("aria-pressed", str(on).lower())
        assert reading.counted(page)[0] == 37, "the page is still there"
    assert page.get_by_text("encountered an error").count() == 0
    assert reading.map_frame(page).evaluate("() => window.isTheFirst"), "the map was not loaded anew"
    assert observed.faults == []


def test_the_rule_and_the_distance_of_links_can_be_chosen(page, desk):
    reading.open_desk(page, desk.url)
    page.get_by_role("button", name="Cross-border links").click()
    reading.settled(page)
    expect(page.get_by_role("radio", name="probable")).to_be_checked()
    page.get_by_role("radio", name="open", exact=True).click()
    reading.settled(page)
    assert reading.asked(page)["rule"] == ["open"]


@pytest.mark.parametrize("size", SIZES.values(), ids=SIZES)
@pytest.mark.parametrize("query", ["", "?text=xyzzy"], ids=["all", "nothing, so the world"])
def test_the_desk_takes_its_own_first_address_at_every_width(opened, size, query):
    first = opened(size, query)
    reading.eventually(first, lambda: "at" in reading.asked(first))
    there = reading.view(first)
    again = opened(size, "?" + first.url.partition("?")[2])
    assert again.get_by_text(re.compile("The link")).count() == 0
    assert reading.view(again) == pytest.approx(there, abs=0.05)
    assert reading.asked(again)["at"] == reading.asked(first)["at"]


def test_the_whole_world_fits_a_phone(opened):
    page = opened(SIZES["a phone"], "?text=xyzzy")
    west, east = reading.map_frame(page).evaluate("() => [map.getBounds().getWest(), map.getBounds().getEast()]")
    assert west <= -179
    assert east >= 179


def test_the_map_zooms_no_further_than_a_link_may_ask(page, desk):
    reading.open_desk(page, desk.url)
    zooms = reading.map_frame(page).evaluate("() => [map.getMinZoom(), map.getMaxZoom()]")
    reading.map_frame(page).evaluate("() => { map.setView([89, 500], 30, {animate: false}); }")
    reading.settled(page)
    reading.eventually(page, lambda: reading.asked(page)["at"][0].endswith(",12"))
    page.reload()
    reading.map_frame(page)
    reading.settled(page)
    assert page.get_by_text(re.compile("The link")).count() == 0
    assert zooms == [0, 12]


def test_the_desk_opens_on_its_theatres_and_says_how_much_is_in_view(page, desk):
    reading.open_desk(page, desk.url)
    assert reading.view(page)[2] >= 2.75, "not on a map of the world, for one incident in Sydney"
    expect(page.get_by_text("23 of 24 in view")).to_be_visible()
    show_frame(page, "All shown")
    expect(page.get_by_text("24 of 24 in view")).to_be_visible()


def test_a_desk_that_opened_on_nothing_looks_at_what_there_is_once_there_is_something(page, desk):
    reading.open_desk(page, desk.url, "?text=xyzzy")
    assert reading.view(page)[2] < 2
    page.get_by_role("button", name="Reset").click()
    reading.settled(page)
    assert reading.view(page)[2] >= 2.75


def test_a_frame_is_lit_until_the_reader_moves_the_map(page, desk):
    reading.open_desk(page, desk.url)
    show_frame(page, "Iraq")
    expect(page.get_by_role("radio", name="Iraq")).to_be_checked()
    reading.map_frame(page).evaluate("() => { map.panBy([150, 0], {animate: false}); }")
    expect(page.get_by_role("radio", name="Iraq")).not_to_be_checked()
    show_frame(page, "Iraq")
    expect(page.get_by_role("radio", name="Iraq")).to_be_checked()
    longitude, latitude, _ = reading.view(page)
    assert (longitude, latitude) == pytest.approx((43.75, 33.2), abs=0.3)


@pytest.mark.parametrize("size", SIZES.values(), ids=SIZES)
def test_every_entry_of_the_legend_is_seen_and_none_moves_the_map(opened, size):
    page = opened(size)
    plain = reading.map_frame(page).evaluate(LEGEND)
    for name in (name for name in OVERLAYS if name != "Documented crossings"):
        page.get_by_role("button", name=name).click()
        reading.settled(page)
    everything = reading.map_frame(page).evaluate(LEGEND)
    assert everything["rows"] >= plain["rows"] + 5
    for legend in (plain, everything):
        assert legend["last"] <= legend["window"] < legend["last"] + 30
        assert legend["columns"] >= 2
        assert legend["widest"] <= size[0]
    assert everything["map"] == plain["map"]


def test_a_mark_has_a_whole_edge_though_the_ring_before_it_is_dashed(page, desk):
    reading.open_desk(page, desk.url, "?at=14.300,-1.300,8")
    dashes = reading.map_frame(page).evaluate(DASHES_OF_MARKS)
    assert dashes
    assert set(dashes) == {0}


@pytest.mark.parametrize("size", SIZES.values(), ids=SIZES)
def test_the_headline_incident_its_crossing_and_its_link_are_seen_in_the_frame_of_the_sahel(opened, size):
    page = opened(size, LINKED)
    show_frame(page, "Sahel and littoral")
    page.wait_for_timeout(500)
    seen = {
        name: reading.map_frame(page).evaluate(PIXELS, [10.95, 0.65, 30, *colour])
        for name, colour in {
            "Kpendjal": (0xA8, 0x65, 0x1A),
            "the crossing": (0xD1, 0x34, 0x5B),
            "the link": (0x9B, 0x51, 0xD0),
        }.items()
    }
    assert seen["Kpendjal"] > 40
    assert seen["the crossing"] > 60
    assert seen["the link"] > 8


def test_a_district_and_a_crossing_are_seen_at_any_scale(page, desk):
    reading.open_desk(page, desk.url, "?show=crossings&at=11.000,0.600,1")
    sizes = reading.map_frame(page).evaluate("""() => Object.values(map._layers)
      .filter((layer) => layer._rings && layer._rings.length && layer._renderer.options.pane === 'incidents')
      .map((layer) => { const size = layer._rawPxBounds.getSize(); return Math.max(size.x, size.y); })""")
    assert sizes
    assert min(sizes) >= 20


def test_the_page_does_not_move_when_the_first_filter_is_chosen(page, desk):
    reading.open_desk(page, desk.url)
    before = page.locator("iframe[title*='st_folium']").bounding_box()
    page.get_by_role("combobox", name="Group").click()
    page.get_by_role("option", name="ISKP").click()
    page.keyboard.press("Escape")
    reading.settled(page)
    expect(page.get_by_role("button", name="Group: ISKP")).to_be_visible()
    assert page.locator("iframe[title*='st_folium']").bounding_box()["y"] == pytest.approx(before["y"], abs=1)
