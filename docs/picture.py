"""Take the README's picture of the real page: `python docs/picture.py` (needs the test dependencies and Chromium)."""

from __future__ import annotations

import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

sys.path.insert(0, str(Path(__file__).parents[1] / "benchmarks"))

from desk import FLAGS, desk, opened, wait_until_healthy

VIEW = "?from=2021-08-01&show=links&show=crossings&rule=open&incident=TM-2021-11-19-01&at=11.15,0.6,8"


def main() -> None:
    """Open the desk where Burkina Faso meets Togo, and take the picture."""
    with sync_playwright() as playwright, desk() as url:
        wait_until_healthy(url)
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=FLAGS)
        page = opened(browser, f"{url}/{VIEW}")
        page.wait_for_timeout(4000)
        page.screenshot(path=Path(__file__).parent / "desk.png")
        browser.close()


if __name__ == "__main__":
    main()
