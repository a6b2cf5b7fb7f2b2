"""The standalone HTML in a real Chromium, from a file, with the network off."""

import html
import io
import json
import re
import unicodedata
from dataclasses import replace

import pytest
from axe_playwright_python.sync_playwright import Axe
from pypdf import PdfReader
from shapely.geometry import box

from gazetteer.boundaries import Boundaries
from incidents.export import to_html
from incidents.filters import Filters, apply
from incidents.overlays import Overlays
from incidents.symbols import Tint, symbols
from incidents.webmap import payload
from tests.made_up import dataset_of, made_up

DATASET = made_up()
BOUNDARIES = Boundaries.load()


@pytest.fixture
def offline(browser, observed, tmp_path):
    """Open a dataset as a page from a file, where no network is."""
    contexts = []

    def open_page(dataset=DATASET, filters=None, *, width=1440, height=900, script="", **options):
        path = tmp_path / "shown.html"
        path.write_bytes(to_html(dataset, filters or Filters(), boundaries=BOUNDARIES))
        context = browser.new_context(viewport={"width": width, "height": height}, offline=True, **options)
        context.add_init_script(script)
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


def test_its_legend_names_a_group_that_only_the_timeline_shows(offline, wait_for_map):
    incidents = DATASET.incidents.copy()
    incidents.loc[incidents["incident_id"] == "made-07", "actor_family"] = "Nowhere's Front"
    page = offline(dataset_of(incidents))
    wait_for_map(page)
    of_the_group = page.locator(".desk-legend-row", has_text="Nowhere's Front")

    assert of_the_group.count() == 1
    page.get_by_label(re.compile("^Nowhere's Front")).uncheck()
    assert of_the_group.count() == 0


def test_every_bar_of_its_timeline_is_painted_as_the_areas_of_its_group_are(offline):
    incidents = DATASET.incidents.sort_values("date_start", ignore_index=True)  # a whole year first
    dataset = dataset_of(incidents.assign(actor_family=[f"Group {number}" for number in range(len(incidents), 0, -1)]))
    outlined = {family for family, look in symbols(dataset.facets.families).items() if look.tint is Tint.OUTLINED}
    wanted = dataset.incidents.loc[dataset.incidents["actor_family"].isin(outlined)]
    page = offline(dataset)
    opacities = page.locator("#chart .bar").evaluate_all("bars => bars.map(bar => bar.style.fillOpacity)")

    assert "year" in wanted["date_precision"].tolist()
    assert opacities.count("0.25") == len(wanted)


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


def test_its_legend_is_the_desks_and_names_only_what_its_filters_leave(offline, wait_for_map):
    page = offline()
    wait_for_map(page)

    def of_the_desk(filters):
        shown = apply(DATASET.incidents, filters)
        looks = symbols(DATASET.facets.families)
        drawn = payload(shown, symbols=looks, overlays=Overlays(), selected=None, outline=None, view=None)
        return [html.unescape(entry["label"]) for entry in drawn["legend"]]

    assert page.locator(".desk-legend-row").all_inner_texts() == of_the_desk(Filters())
    page.get_by_label(re.compile("^JNIM")).uncheck()
    families = tuple(family for family in DATASET.facets.families if family != "JNIM")
    assert page.locator(".desk-legend-row").all_inner_texts() == of_the_desk(Filters(families=families))


def focused(page):
    """The incident whose entry in the list has the focus, or the id of whatever else has it."""
    told = "(at => at.matches('#list summary') ? at.parentElement.dataset.key : at.id)"
    return page.evaluate(f"{told}(document.activeElement)")


# Which marks the page lets stand out, since what is painted on a canvas can only be looked at; and the map itself.
SEEING = """addEventListener("DOMContentLoaded", () => {
  const layer = incidentDesk.layer;
  incidentDesk.layer = (payload) => {
    window.seen = payload.spots.concat(payload.areas).filter((mark) => mark.selected);
    return layer(payload).on("add", (event) => { window.theMap = event.target._map; });
  };
})"""


def test_tab_reaches_every_control_and_the_list_is_one_stop_in_which_arrows_reach_every_incident(offline):
    page = offline()
    stops = []
    while not stops or (stops[-1] not in listed(page) and len(stops) < 60):
        page.keyboard.press("Tab")
        stops.append(page.evaluate("document.activeElement.value") or focused(page))
    assert {"from", "to", "reset", "map_div", *DATASET.facets.families} <= set(stops) | {focused(page)}

    reached = [focused(page)]
    for _ in listed(page)[1:]:
        page.keyboard.press("ArrowDown")
        reached.append(focused(page))
    assert reached == listed(page)
    page.keyboard.press("Home")
    assert focused(page) == listed(page)[0]
    page.keyboard.press("Tab")
    assert focused(page) not in listed(page)


def test_going_through_the_list_by_arrow_lets_each_mark_stand_out_and_brings_it_in_sight(offline, observed):
    page = offline(script=SEEING, reduced_motion="reduce")
    page.focus("#map_div")
    for _ in range(6):
        page.keyboard.press("+")
    page.locator("#list summary").first.focus()
    places = dict(zip(DATASET.incidents["incident_id"], DATASET.incidents.geometry, strict=True))
    extents = set()
    for key in listed(page):
        assert focused(page) == key
        marks = page.evaluate("window.seen.map(mark => mark.ids)")
        assert [key in ids for ids in marks] == [True] * (places[key] is not None)
        if places[key] is not None:
            extent = page.evaluate("window.theMap.getBounds().toBBoxString()")
            assert box(*map(float, extent.split(","))).contains(places[key].representative_point())
            extents.add(extent)
        page.keyboard.press("ArrowDown")
    assert len(extents) > 1
    assert observed.faults == []


def test_however_fast_one_goes_through_the_list_the_map_ends_where_one_stops(offline):
    page = offline(script=SEEING)
    page.click("#reset")
    places = {
        key: place.representative_point()
        for key, place in zip(DATASET.incidents["incident_id"], DATASET.incidents.geometry, strict=True)
        if place is not None
    }
    stop = next(key for key in listed(page) if key in places)
    far = max(places, key=lambda key: places[key].distance(places[stop]))
    focus = "keys => keys.forEach(key => document.querySelector(`[data-key='${key}'] > summary`).focus())"
    page.evaluate(f"void window.theMap.setView([{places[stop].y}, {places[stop].x}], 7, {{ animate: false }})")
    page.evaluate(focus, [far, stop])
    page.wait_for_timeout(600)

    extent = box(*map(float, page.evaluate("window.theMap.getBounds().toBBoxString()").split(",")))
    assert not extent.contains(places[far])
    assert extent.contains(places[stop])


def test_whoever_walks_to_the_end_of_the_list_still_has_the_map_in_the_window(offline):
    page = offline(height=640)
    page.locator("#list summary").first.focus()
    for _ in listed(page):
        page.keyboard.press("ArrowDown")
    assert focused(page) == listed(page)[-1]
    assert page.evaluate("document.querySelector('#map_div').getBoundingClientRect().top") >= 0


def test_enter_on_the_map_goes_to_an_incident_enter_opens_it_and_escape_closes_it_and_goes_back_to_the_map(offline):
    page = offline()
    page.focus("#map_div")
    assert page.evaluate("getComputedStyle(document.activeElement).outlineWidth") == "3px"
    page.keyboard.press("Enter")
    page.keyboard.press("ArrowDown")
    key = focused(page)
    assert key in listed(page)
    page.keyboard.press("Enter")
    page.wait_for_selector("#list details[open] dl")
    page.keyboard.press("Escape")
    assert page.query_selector("#list details[open]") is None
    assert focused(page) == "map_div"


def test_escape_closes_an_incident_that_was_opened_in_the_list_and_stays_with_it(offline):
    page = offline()
    page.locator("#list summary").first.focus()
    page.keyboard.press("Enter")
    page.wait_for_selector("#list details[open] dl")
    assert page.inner_text("#list details[open] dd >> nth=0") == '=HYPERLINK("x","y")'
    page.keyboard.press("Escape")
    assert page.query_selector("#list details[open]") is None
    assert focused(page) == listed(page)[0]


def test_the_timeline_is_walked_by_arrows_and_enter_shows_the_days_of_a_period_and_then_all_again(offline):
    page = offline()
    page.focus("#chart .bin[tabindex='0']")
    page.keyboard.press("End")
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("Enter")
    assert "" < page.input_value("#from") <= page.input_value("#to")
    assert page.evaluate("document.activeElement.getAttribute('aria-pressed')") == "true"
    assert len(listed(page)) < 8
    page.keyboard.press("Enter")
    assert page.input_value("#from") == ""
    assert len(listed(page)) == 8


def test_a_reload_keeps_the_filters_and_an_address_that_means_nothing_asks_for_nothing(offline):
    page = offline()
    page.get_by_label(re.compile("^JNIM")).uncheck()
    page.fill("#from", "2021-10-20")
    page.locator("#from").dispatch_event("change")
    kept = listed(page)
    assert 0 < len(kept) < 8
    page.reload()
    assert listed(page) == kept
    assert not page.get_by_label(re.compile("^JNIM")).is_checked()
    page.goto(page.url.partition("#")[0] + "#from=<b>never</b>&to=2021-99-99&more=1")
    assert len(listed(page)) == 8


def contrast(one, other):
    """The ratio of WCAG 2 between two colours, each as red, green and blue from 0 to 255."""

    def light(colour):
        parts = [part / 255 for part in colour]
        linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    darker, lighter = sorted((light(one), light(other)))
    return (lighter + 0.05) / (darker + 0.05)


# The colour that most of the land has on the canvas of the base map, and the one behind it.
GROUND = """() => {
  const canvas = document.querySelector(".leaflet-base-pane canvas"), found = {};
  const pixels = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data;
  for (let at = 0; at < pixels.length; at += 4) if (pixels[at + 3] === 255) {
    const colour = pixels.slice(at, at + 3).join();
    found[colour] = (found[colour] || 0) + 1;
  }
  const land = Object.entries(found).sort((one, other) => other[1] - one[1])[0][0];
  const sea = getComputedStyle(document.querySelector("#map_div")).backgroundColor.match(/\\d+/g);
  return [land.split(","), sea].map((colour) => colour.map(Number));
}"""


def test_where_the_system_is_dark_so_are_page_and_map_and_every_groups_colour_stands_out_from_the_ground(
    offline, wait_for_map
):
    page = offline(color_scheme="dark")
    wait_for_map(page)
    page.locator("#list summary").first.click()
    page.wait_for_timeout(300)

    found = Axe().run(page).response["violations"]
    assert json.dumps([(one["id"], one["nodes"][0]["html"][:120]) for one in found]) == "[]"
    for ground in page.evaluate(GROUND):
        assert max(ground) < 64
        colours = {look.colour for look in symbols([f"group {number}" for number in range(7)]).values()}
        for colour in colours:
            assert contrast(ground, bytes.fromhex(colour[1:])) >= 3, (colour, ground)


def test_the_map_follows_the_system_from_light_to_dark_and_back(offline, wait_for_map):
    page = offline()
    wait_for_map(page)
    light = page.evaluate(GROUND)
    assert min(min(ground) for ground in light) > 200
    page.emulate_media(color_scheme="dark")
    page.wait_for_timeout(300)
    assert max(max(ground) for ground in page.evaluate(GROUND)) < 64
    page.emulate_media(color_scheme="light")
    page.wait_for_timeout(300)
    assert page.evaluate(GROUND) == light


def test_on_paper_it_is_light_with_map_legend_list_sources_and_the_filters_in_force_and_after_it_as_before(
    offline, wait_for_map
):
    page = offline(color_scheme="dark")
    wait_for_map(page)
    page.get_by_label(re.compile("^JNIM")).uncheck()
    page.wait_for_timeout(300)
    before = page.evaluate(GROUND)
    read = PdfReader(io.BytesIO(page.pdf(format="A4")))
    words = unicodedata.normalize("NFKC", " ".join(" ".join(sheet.extract_text() for sheet in read.pages).split()))
    page.wait_for_timeout(300)

    assert page.evaluate(GROUND) == before
    assert page.query_selector(".picture") is None
    page.emulate_media(media="print")
    page.wait_for_timeout(300)
    assert page.evaluate("getComputedStyle(document.body).color") == "rgb(29, 35, 43)"
    assert min(min(ground) for ground in page.evaluate(GROUND)) > 200
    assert not page.is_visible("#filters")
    others = [family for family in DATASET.facets.families if family != "JNIM"]
    for shown in ("Shown of it:", *others, "Sources of the incidents shown", "Not on the map, and why"):
        assert shown in words
    assert page.inner_text("#count") in words
    assert page.inner_text(".desk-legend-row >> nth=0").strip() in words
    printed = max((picture.image for picture in read.pages[0].images), key=lambda picture: picture.width)
    colours = {colour for _, colour in printed.convert("RGB").getcolors(maxcolors=2**24)}
    assert tuple(page.evaluate(GROUND)[0]) in colours  # the land, which a printed canvas easily leaves white
    assert len(colours) > 100


@pytest.mark.parametrize(
    ("address", "is_link"),
    [
        ("https://example.org/a?b=<i>&c", True),
        ("http://example.org", True),
        ("javascript:alert(1)//https://example.org", False),
        ("data:text/html,x", False),
        ("file:///etc/hosts", False),
        ("https:", False),
    ],
)
def test_only_an_address_of_the_web_is_a_link_and_it_tells_the_other_side_nothing(offline, address, is_link):
    page = offline(replace(DATASET, sources=DATASET.sources.assign(url=address)))
    page.locator("#list summary").first.click()
    page.wait_for_selector("#list dl")
    links = page.eval_on_selector_all("#sources a, #list a", "all => all.map(one => [one.text, one.rel, one.target])")

    assert address in page.inner_text("#sources")
    assert links == [[address, "noopener noreferrer", "_blank"]] * len(links)
    assert bool(links) == is_link


def test_whoever_wants_less_motion_sees_the_map_jump_instead_of_glide(offline):
    page = offline(reduced_motion="reduce")
    page.focus("#map_div")
    place = "document.querySelector('.leaflet-map-pane').style.transform"
    before = page.evaluate(place)
    page.keyboard.press("ArrowRight")
    at_once = page.evaluate(place)
    page.wait_for_timeout(500)

    assert before != at_once == page.evaluate(place)


def test_without_scripts_it_says_what_it_would_need(offline):
    page = offline(java_script_enabled=False)
    assert "JavaScript" in page.inner_text("noscript")


def test_an_arabic_name_leaves_the_words_around_it_in_their_order(offline):
    incidents = DATASET.incidents.copy()
    incidents["actor_family"] = "الحركة (فصيل)"
    incidents["summary"] = "هجوم على نقطة تفتيش"
    page = offline(dataset_of(incidents))
    page.locator("#list summary").first.click()
    left = "(of => { const at = document.createRange(); at.selectNode(of); return at.getBoundingClientRect().left; })"

    assert page.evaluate(
        f"{left}(document.querySelector('#groups bdi')) < {left}(document.querySelector('#groups bdi').nextSibling)"
    )
    assert page.evaluate("getComputedStyle(document.querySelector('#list dd')).direction") == "rtl"
    assert page.get_attribute("html", "lang") == "en"


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
