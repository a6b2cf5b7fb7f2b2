"""The real dashboard, in a real Chromium."""

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Generator, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.error import URLError
from urllib.parse import urlsplit
from urllib.request import urlopen

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, Request, sync_playwright

HERE = Path(__file__).parent
CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome")
CHROMIUM_FLAGS = (
    "--no-sandbox",  # so that it also starts as root in a container; it opens the local dashboard only
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
START_SECONDS = 60.0
STOP_SECONDS = 10.0

# Something is drawn: an opaque pixel on a canvas of the map, or a path with a width.
MAP_IS_PAINTED = """() => {
  const map = document.querySelector('.leaflet-container');
  if (!map) return false;
  for (const canvas of map.querySelectorAll('canvas')) {
    if (!canvas.width || !canvas.height) continue;
    const pixels = canvas.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height).data;
    if (pixels && pixels.some((value, i) => i % 4 === 3 && value)) return true;
  }
  const paths = [...map.querySelectorAll('.leaflet-map-pane path')];
  return paths.some(path => path.getBoundingClientRect().width > 0);
}"""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.path.is_relative_to(HERE):
            item.add_marker(pytest.mark.browser)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Where the browser must be there (`CI=true`), a skipped test is a failure."""
    report = yield
    if report.skipped and not hasattr(report, "wasxfail") and os.environ.get("CI") == "true":
        _, _, reason = report.longrepr
        report.outcome = "failed"
        report.longrepr = f"{item.nodeid}: with CI=true no browser test may be skipped. {reason}"
    return report


@pytest.fixture(scope="session")
def chromium() -> str:
    """Path of the Chromium on this machine; `CHROMIUM` names another one."""
    named = os.environ.get("CHROMIUM")
    found = named or next(filter(None, map(shutil.which, CHROMIUM_NAMES)), None)
    if found is None:
        pytest.skip("no Chromium here: `apt-get install chromium`, or set CHROMIUM to the path of one")
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """A dashboard that runs."""

    url: str
    process_id: int
    log: Path


@contextmanager
def running_desk(project: Path, log: Path, env: dict[str, str]) -> Iterator[Desk]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = (sys.executable, "-m", "streamlit", "run", "dashboard.py")
    options = ("--server.headless=true", "--server.address=127.0.0.1", f"--server.port={port}")
    url = f"http://127.0.0.1:{port}"
    with log.open("wb") as output:
        process = subprocess.Popen(
            (*command, *options), cwd=project, env=os.environ | env, stdout=output, stderr=output
        )
    try:
        deadline = time.monotonic() + START_SECONDS
        while not _is_healthy(url):
            if process.poll() is not None or time.monotonic() > deadline:
                pytest.fail(f"the dashboard did not start:\n{log.read_text()}")
            time.sleep(0.1)
        yield Desk(url=url, process_id=process.pid, log=log)
    finally:
        process.terminate()
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _is_healthy(url: str) -> bool:
    try:
        with urlopen(f"{url}/_stcore/health", timeout=2) as answer:
            return answer.status == 200
    except (URLError, ConnectionError, TimeoutError):
        return False


@pytest.fixture(scope="session")
def start_desk(chromium: str, project: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., Desk]]:
    """Start a dashboard with more environment variables: `start_desk(INCIDENT_DESK_DATA=path)`.

    It runs until the last test has finished. It asks for Chromium first, since nobody else would look at it.
    """
    with ExitStack() as desks:

        def start(**env: object) -> Desk:
            log = tmp_path_factory.mktemp("desk") / "log.txt"
            environment = {name: str(value) for name, value in env.items()}
            return desks.enter_context(running_desk(project, log, environment))

        yield start


@pytest.fixture(scope="session")
def desk(start_desk: Callable[..., Desk]) -> Desk:
    """The dashboard on the curated dataset, one for all tests."""
    return start_desk()


@pytest.fixture(scope="session")
def browser(chromium: str) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=CHROMIUM_FLAGS)
        yield browser
        browser.close()


@dataclass  # without slots: playwright hangs its own attributes on the object whose methods it calls
class Observed:
    """What went wrong in a page, and whom it asked. An innocent page leaves every list empty."""

    console_errors: list[str] = field(default_factory=list)
    page_errors: list[str] = field(default_factory=list)
    failed_requests: list[str] = field(default_factory=list)
    foreign_requests: list[str] = field(default_factory=list)

    @property
    def faults(self) -> list[str]:
        """All of it, for one assertion: `assert observed.faults == []`."""
        return [
            f"{name.replace('_', ' ')}: {fault}"
            for name in ("console_errors", "page_errors", "failed_requests", "foreign_requests")
            for fault in getattr(self, name)
        ]

    def watch(self, page: Page) -> None:
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.page_errors.append(str(error)))
        page.on("requestfailed", self._failed)
        page.on("request", lambda request: self._asked(request.url))
        page.on("websocket", lambda socket: self._asked(socket.url))

    def _console(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.console_errors.append(message.text)

    def _failed(self, request: Request) -> None:
        self.failed_requests.append(f"{request.url} ({request.failure})")

    def _asked(self, url: str) -> None:
        address = urlsplit(url)
        if address.scheme in {"http", "https", "ws", "wss"} and address.hostname != "127.0.0.1":
            self.foreign_requests.append(url)


@pytest.fixture
def observed() -> Observed:
    """What `page` has done wrong so far."""
    return Observed()


@pytest.fixture
def page(browser: Browser, observed: Observed) -> Iterator[Page]:
    """A page in a fresh context of 1440 by 900 pixels, watched by `observed`."""
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    page = context.new_page()
    observed.watch(page)
    yield page
    context.close()


@pytest.fixture(scope="session")
def wait_for_map() -> Callable[..., float]:
    """Wait until the Leaflet map of a page has painted something; the seconds that it took."""

    def wait(page: Page, *, timeout_seconds: float = 20.0) -> float:
        start = time.monotonic()
        while (seconds := time.monotonic() - start) < timeout_seconds:
            frames = [frame for frame in page.frames if not frame.is_detached()]
            if any(frame.evaluate(MAP_IS_PAINTED) for frame in frames):
                return seconds
            page.wait_for_timeout(50)
        pytest.fail(f"no map was painted within {timeout_seconds:g} s")

    return wait
