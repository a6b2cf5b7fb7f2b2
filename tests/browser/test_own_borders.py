"""A desk on borders of its own: they are cited where people look, and a file of no use is told on the page."""

import json

import pytest
from playwright.sync_api import expect

from tests.browser import reading

pytestmark = pytest.mark.browser

LAYER = {
    "type": "FeatureCollection",
    "citation": "Survey of the two states, 2024",
    "positional_error_km": 0.2,
    "features": [
        {
            "type": "Feature",
            "properties": {"country_a": "BF", "country_b": "TG"},
            "geometry": {"type": "LineString", "coordinates": [[-0.1, 11.0], [0.9, 11.0]]},
        }
    ],
}


def test_a_desk_s_own_borders_are_cited_on_the_map_and_on_the_data_page(page, start_desk, tmp_path):
    path = tmp_path / "borders.geojson"
    path.write_text(json.dumps(LAYER), encoding="utf-8")
    page.goto(start_desk(INCIDENT_DESK_BORDERS=path).url)
    frame = reading.map_frame(page)
    reading.settled(page)
    expect(frame.get_by_text("Survey of the two states, 2024").first).to_be_attached()
    page.get_by_role("radio", name="Data").click()
    expect(page.get_by_text("Land borders: Survey of the two states, 2024").first).to_be_visible()


def test_a_border_file_that_cannot_be_used_is_told_with_what_to_do(page, start_desk, tmp_path):
    path = tmp_path / "borders.geojson"
    path.write_text(json.dumps(LAYER | {"citation": None}), encoding="utf-8")
    page.goto(start_desk(INCIDENT_DESK_BORDERS=path).url)
    expect(page.get_by_text('The border layer borders.geojson lacks "citation"')).to_be_visible(timeout=30_000)
    expect(page.get_by_text("Mend it, or start the desk without")).to_be_visible()
    assert "Traceback" not in page.locator("body").inner_text()
