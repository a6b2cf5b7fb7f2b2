"""How long a desk officer waits: from the command to a painted map, and from a filter to a painted map.

    python benchmarks/desk.py [--runs 5] [--changes 12] [--chromium /usr/bin/chromium]

Needs the test dependencies (`make test` installs them) and Chromium. It starts the dashboard on the curated dataset, a
new process for every cold start, opens it in a headless Chromium of 1440 by 900 pixels, and prints the minimum, median
and maximum in seconds of

- cold start: from starting the process to the first frame that shows incidents on the map, browser start not counted;
- next visit: the same page opened again by another visitor while the process runs;
- filter: from the click that chooses a group to the frame that shows the map with the group's incidents.
"""

from __future__ import annotations

import argparse
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from playwright.sync_api import Browser, Frame, Page, sync_playwright

PROJECT = Path(__file__).parents[1]
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
GROUPS = ("ISKP", "Iran-backed militias", "TLP", "Taliban", "JNIM", "IS supporters")

# Tell when the map has drawn what it was last given: the frame after `incidentDesk.layer` returned.
NOTE_PAINTS = """() => {
  const draw = window.incidentDesk.layer;
  window.painted = [];
  window.incidentDesk.layer = (payload) => {
    const layer = draw(payload);
    requestAnimationFrame(() => requestAnimationFrame(() => window.painted.push(Date.now())));
    return layer;
  };
}"""
HAS_INCIDENTS = """() => window.incidentDesk && window.map
  && Object.values(map._layers).some((layer) => layer.toGeoJSON && !layer.getLayers
     && layer.toGeoJSON()?.properties?.ids)"""
NOTE_CLICKS = "() => addEventListener('pointerdown', () => { window.clicked = Date.now(); }, true)"


@contextmanager
def desk() -> Iterator[str]:
    """Start the dashboard on a free port of this machine."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", "dashboard.py", f"--server.port={port}"]
    with subprocess.Popen(command, cwd=PROJECT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        try:
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()


def wait_until_healthy(url: str) -> None:
    """Poll the server until it answers."""
    for _ in range(600):
        try:
            with urlopen(f"{url}/_stcore/health", timeout=1) as answer:
                if answer.status == 200:
                    return
        except (URLError, ConnectionError, TimeoutError):
            time.sleep(0.02)
    message = "the dashboard did not start"
    raise SystemExit(message)


def map_frame(page: Page) -> Frame:
    """Wait for the frame that shows incidents on the map."""
    while True:
        for frame in page.frames:
            if "streamlit_folium" in frame.url and frame.evaluate(HAS_INCIDENTS):
                return frame
        page.wait_for_timeout(20)


def opened(browser: Browser, url: str) -> Page:
    """Open the desk as a new visitor, up to the painted map."""
    page = browser.new_context(viewport={"width": 1440, "height": 900}).new_page()
    page.goto(url)
    map_frame(page)
    return page


def cold_start(browser: Browser) -> tuple[float, float]:
    """Seconds from the command to the painted map, and for the visitor after."""
    start = time.perf_counter()
    with desk() as url:
        wait_until_healthy(url)
        opened(browser, url)
        cold = time.perf_counter() - start
        start = time.perf_counter()
        opened(browser, url)
        return cold, time.perf_counter() - start


def filter_changes(browser: Browser, *, changes: int) -> list[float]:
    """Seconds from choosing a group to the map that shows it; all groups are back before the next change."""
    seconds = []
    with desk() as url:
        wait_until_healthy(url)
        page = opened(browser, url)
        page.wait_for_timeout(3000)  # the base map and the fonts of the first visit have come to rest
        frame = map_frame(page)
        frame.evaluate(NOTE_PAINTS)
        page.evaluate(NOTE_CLICKS)
        for number in range(changes):
            page.get_by_role("combobox", name="Group").click()
            option = page.get_by_role("option", name=GROUPS[number % len(GROUPS)], exact=True)
            option.wait_for()
            before = len(frame.evaluate("() => window.painted"))
            option.click()
            while len(frame.evaluate("() => window.painted")) == before:
                page.wait_for_timeout(10)
            painted, clicked = frame.evaluate("() => window.painted.at(-1)"), page.evaluate("() => window.clicked")
            seconds.append((painted - clicked) / 1000)
            page.keyboard.press("Escape")
            page.get_by_role("button", name="Reset").click()
            page.wait_for_timeout(1500)
    return seconds


def line(name: str, seconds: list[float]) -> str:
    """One row of the report."""
    middle = statistics.median(seconds)
    return f"{name:<12} {min(seconds):6.2f} {middle:6.2f} {max(seconds):6.2f}   ({len(seconds)} times)"


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=5, help="cold starts")
    parser.add_argument("--changes", type=int, default=12, help="changes of the group filter")
    parser.add_argument("--chromium", default="/usr/bin/chromium")
    asked = parser.parse_args()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=asked.chromium, args=FLAGS)
        starts = [cold_start(browser) for _ in range(asked.runs)]
        changes = filter_changes(browser, changes=asked.changes)
        browser.close()
    print(f"{'seconds':<12} {'min':>6} {'median':>6} {'max':>6}")
    print(line("cold start", [cold for cold, _ in starts]))
    print(line("next visit", [after for _, after in starts]))
    print(line("filter", changes))


if __name__ == "__main__":
    main()
