"""What a reader sees on the desk, read off the real page."""

import re
from collections.abc import Callable
from urllib.parse import parse_qs, urlsplit

from playwright.sync_api import Frame, Locator, Page, expect

SECONDS = 1000.0

# Every incident that a click on the map can reach.
IDS_ON_MAP = """() => {
  const ids = new Set();
  for (const layer of Object.values(window.map._layers)) {
    const feature = layer.toGeoJSON && !layer.getLayers && layer.toGeoJSON();
    for (const id of feature?.properties?.ids ?? []) ids.add(id);
  }
  return [...ids].sort();
}"""


COLOURED_PIXELS = """(canvas) => {
  const pixels = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data;
  let coloured = 0;
  for (let i = 0; i < pixels.length; i += 4) {
    const [red, green, blue] = [pixels[i], pixels[i + 1], pixels[i + 2]];
    if (Math.max(red, green, blue) - Math.min(red, green, blue) > 60) coloured++;
  }
  return coloured;
}"""


def map_frame(page: Page) -> Frame:
    """The frame that holds the map, once the map is in it."""
    page.frame_locator("iframe[title*='st_folium']").locator(".leaflet-container").wait_for(timeout=30 * SECONDS)
    (frame,) = (frame for frame in page.frames if "streamlit_folium" in frame.url)
    return frame


def ids_on_map(page: Page) -> list[str]:
    return map_frame(page).evaluate(IDS_ON_MAP)


def ids_in_list(page: Page) -> list[str]:
    """The incidents of the list, over all its pages."""
    ids: list[str] = []
    while True:
        items = page.locator("[class*='st-key-item-']")
        expect(items.first).to_be_visible()
        ids += [re.search(r"st-key-item-(\S+)", item.get_attribute("class") or "")[1] for item in items.all()]
        onward = page.get_by_role("button", name="Next page")
        if onward.count() == 0 or not onward.is_enabled():
            return sorted(ids)
        onward.click()
        settled(page)


def ids_in_tray(page: Page) -> list[str]:
    """The incidents that the tray lists as not on the map."""
    page.get_by_role("radio", name=re.compile("Not on the map")).or_(
        page.get_by_role("button", name=re.compile("Not on the map"))
    ).first.click()
    settled(page)
    keys = [button.get_attribute("class") or "" for button in page.locator("[class*='st-key-tray-']").all()]
    return sorted(re.search(r"st-key-tray-(\S+)", key)[1] for key in keys)


def colour_on_timeline(page: Page) -> int:
    """Pixels of the timeline that are neither grey nor white: the groups' colours."""
    return page.locator("[data-testid='stVegaLiteChart'] canvas").first.evaluate(COLOURED_PIXELS)


def counted(page: Page) -> tuple[int, int, int]:
    """Shown, of how many, not mappable: as the line above the map says."""
    said = re.compile(r"(\d+) of (\d+)\s+incidents shown · (\d+)\s+not mappable")
    summary = page.locator(".st-key-summary")
    expect(summary).to_have_text(said)  # while the page is redrawn, the line is gone for a moment
    shown, total, unmapped = said.search(summary.inner_text()).groups()
    return int(shown), int(total), int(unmapped)


def view(page: Page) -> tuple[float, float, float]:
    """Longitude, latitude and zoom of the map."""
    return tuple(map_frame(page).evaluate("() => [map.getCenter().lng, map.getCenter().lat, map.getZoom()]"))


def asked(page: Page) -> dict[str, list[str]]:
    """The parameters of the address."""
    return parse_qs(urlsplit(page.url).query)


def open_desk(page: Page, url: str, query: str = "") -> None:
    """Open the desk, up to the map that has told where it stands."""
    page.goto(f"{url}/{query}")
    map_frame(page)
    settled(page)


def is_in_window(locator: Locator) -> bool:
    """Whether an element lies within the window, from its top to its bottom."""
    box, window = locator.bounding_box(), locator.page.viewport_size
    return box is not None and box["y"] >= 0 and box["y"] + box["height"] <= window["height"]


def click_on_map(page: Page, latitude: float, longitude: float) -> None:
    """Click the map at a place."""
    frame = map_frame(page)
    x, y = frame.evaluate(
        "([lat, lng]) => { const p = map.latLngToContainerPoint([lat, lng]); return [p.x, p.y]; }",
        [latitude, longitude],
    )
    iframe = page.locator("iframe[title*='st_folium']")
    iframe.scroll_into_view_if_needed()
    box = iframe.bounding_box()
    page.mouse.click(box["x"] + x, box["y"] + y)


def settled(page: Page) -> None:
    """Wait until the page has answered: Streamlit shows no running script, and the map has had its say."""
    page.wait_for_timeout(350)  # a click on the map is told after 250 ms
    page.locator("[data-testid='stApp'][data-test-script-state='notRunning']").wait_for(timeout=30 * SECONDS)
    page.wait_for_timeout(450)  # the map tells its position 250 ms after it came to rest
    page.locator("[data-testid='stApp'][data-test-script-state='notRunning']").wait_for(timeout=30 * SECONDS)


def eventually(page: Page, holds: Callable[[], bool], *, seconds: float = 10) -> None:
    """Wait until something holds; fail with the page's words if it does not."""
    for _ in range(int(seconds * 10)):
        if holds():
            return
        page.wait_for_timeout(100)
    raise AssertionError(page.locator("body").inner_text()[:2000])


FOCUS = """() => {
  const one = document.activeElement;
  const named = one.labels?.[0] ?? one.closest("label");
  return { role: one.type === "radio" ? "radio" : one.getAttribute("role") ?? one.tagName.toLowerCase(),
           name: one.getAttribute("aria-label") ?? named?.innerText ?? "", text: one.innerText ?? "" };
}"""


def tab_to(page: Page, is_it: Callable[[dict[str, str]], bool], *, most: int = 80) -> None:
    """Press Tab until the focus is on what is looked for; `is_it` is told its role, name and text."""
    seen = []
    for _ in range(most):
        page.keyboard.press("Tab")
        focus = page.evaluate(FOCUS)
        if is_it(focus):
            return
        seen.append(focus)
    raise AssertionError(seen)
