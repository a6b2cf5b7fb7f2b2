"""Datasets that a desk should survive: hostile text, a broken row, a file that is no dataset."""

import csv
import io
from importlib.resources import files

import pytest
from playwright.sync_api import expect

from tests.browser import reading

CURATED = (files("incidents") / "data" / "incidents.csv").read_text("utf-8-sig")

HOSTILE = (
    "<img src=x onerror=parent.pwned=1>",
    "<script>parent.pwned=1</script>",
    "${parent.pwned=1}",
    "`+(parent.pwned=1)+`",
    "\\`;parent.pwned=1;//",
    "\\\\`${parent.pwned=1}",
    "{{ 7*7 }}",
    "{% for x in y %}",
    "{# gone",
    "{{ cycler.__init__.__globals__.os.getpid() }}",
    "</script><svg onload=parent.pwned=1>",
    "![x](http://example.org/pixel.png) [y](javascript:parent.pwned=1) :red[z] $x^2$",
    "100 {% of",
)

OPEN_EVERY_TOOLTIP = """() => {
  for (const layer of Object.values(map._layers)) if (layer.getTooltip?.()) layer.openTooltip();
}"""

TEXTS = (
    "actor_primary",
    "actor_family",
    "target",
    "place_as_reported",
    "place_name",
    "summary",
    "notes",
    "admin1",
)


def rows() -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(CURATED)))


def written(path, records: list[dict[str, str]]):
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(records[0]))
        writer.writeheader()
        writer.writerows(records)
    return path


@pytest.fixture
def hostile_desk(start_desk, tmp_path):
    """Every text of every incident is an attack; coordinates come with the file, so that all are on the map."""
    records = []
    for number, text in enumerate(HOSTILE):
        row = dict.fromkeys(rows()[0], "") | {
            "incident_id": f"H-{number}",
            "date_start": "2021-11-02",
            "date_end": "2021-11-02",
            "date_precision": "day",
            "event_type": "Battles",
            "attribution": "claimed",
            "country": "Togo",
            "country_code": "TG",
            "longitude": str(0.8 + 0.03 * number),
            "latitude": "9.5",
            "geo_precision": "settlement",
            "uncertainty_km": "5",
        }
        records.append(row | dict.fromkeys(TEXTS, text) | {"actor_family": f"{text} {number}"})
    return start_desk(INCIDENT_DESK_DATA=written(tmp_path / "hostile.csv", records))


def test_hostile_text_is_shown_and_does_nothing(page, hostile_desk, observed):
    page.goto(f"{hostile_desk.url}/?show=links&show=firsts&show=bands&rule=open")
    frame = reading.map_frame(page)
    reading.settled(page)
    assert reading.counted(page) == (len(HOSTILE), len(HOSTILE), 0)
    assert len(reading.ids_on_map(page)) == len(HOSTILE)
    said = []
    for number in (0, 2, 6, 11):
        _turn_to(page, f".st-key-select-H-{number} button")
        page.locator(f".st-key-select-H-{number} button").click()
        reading.settled(page)
        said.append(page.get_by_role("dialog").inner_text())
        page.keyboard.press("Escape")
        reading.settled(page)
    frame.evaluate(OPEN_EVERY_TOOLTIP)
    page.wait_for_timeout(300)
    assert page.evaluate("() => window.pwned") is None
    assert frame.evaluate("() => window.pwned ?? parent.pwned") is None
    assert "7*7" in said[2]
    assert "49" not in " ".join([*said, page.locator(".st-key-side").inner_text()])
    assert observed.faults == []


def _turn_to(page, item: str) -> None:
    """Turn the pages of the list until the item is there."""
    for _ in range(5):
        if page.locator(item).count():
            return
        onward = page.get_by_role("button", name="Next page")
        (onward if onward.is_enabled() else page.get_by_role("button", name="Page 1", exact=True)).click()
        reading.settled(page)
    raise AssertionError(item)


def test_a_broken_row_is_listed_as_rejected_and_the_rest_is_shown(page, start_desk, tmp_path):
    records = rows()
    records[2]["date_start"] = "2021-13-45"
    desk = start_desk(INCIDENT_DESK_DATA=written(tmp_path / "broken.csv", records))
    page.goto(desk.url)
    reading.map_frame(page)
    reading.settled(page)
    assert reading.counted(page)[:2] == (36, 36)
    expect(page.get_by_text("1 row of this file is not shown")).to_be_visible()
    page.get_by_role("radio", name="Rejected rows (1)").click()
    for words in ("date_start", "2021-13-45", "expected a date like 2021-11-19"):
        expect(page.get_by_text(words).first).to_be_visible()


@pytest.mark.parametrize(
    ("name", "content"),
    [("picture.csv", b"\x89PNG\r\n\x1a\n\x00\xff"), ("other.csv", b"a,b\n1,2\n"), ("empty.csv", b"")],
)
def test_a_file_that_is_no_dataset_is_refused_in_one_sentence(page, start_desk, tmp_path, name, content):
    file = tmp_path / name
    file.write_bytes(content)
    desk = start_desk(INCIDENT_DESK_DATA=file)
    page.goto(desk.url)
    expect(page.get_by_text("is not an incident dataset")).to_be_visible(timeout=30_000)
    assert "Traceback" not in page.locator("body").inner_text()
