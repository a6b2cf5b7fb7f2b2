"""The export menu on the Briefing page: what is told before a click, and what a click gives."""

import re
from pathlib import Path

import pytest

from gazetteer.boundaries import Boundaries
from incidents import export
from incidents.dataset import curated
from incidents.filters import Filters
from incidents.views.downloads import OFFERS


@pytest.fixture
def menu(page, desk):
    page.goto(f"{desk.url}/?page=briefing&group=JNIM&show=none")  # as the command line: no overlay to tell of
    page.get_by_text("The 3 incidents shown, to take away").wait_for(timeout=30_000)
    return page


def button(page, label):
    return page.get_by_role("button", name=re.compile(f"{label}, about"))


def test_every_format_tells_its_name_and_about_its_size_before_the_click(menu):
    for offers in OFFERS.values():
        for offer in offers:
            words = button(menu, offer.label).inner_text()
            assert re.search(r", about [\d.]+ [KM]B$", words), words
    assert menu.get_by_text("20211119_all_jnim_v01").first.is_visible()


@pytest.mark.parametrize("label", ["CSV", "HTML page", "GeoPackage", "BibTeX"])
def test_a_click_gives_the_bytes_that_the_command_line_gives(menu, observed, gazetteer, label):
    offer = next(offer for offers in OFFERS.values() for offer in offers if offer.label == label)
    with menu.expect_download() as found:
        button(menu, label).click()
    dataset = curated(gazetteer=gazetteer)
    wanted = export.write(
        dataset,
        Filters(families=("JNIM",)),
        format=offer.format,
        boundaries=Boundaries.load(),
    )

    assert found.value.suggested_filename == f"20211119_all_jnim_v01.{offer.format}"
    assert Path(found.value.path()).read_bytes() == wanted
    assert observed.foreign_requests == []


def test_a_file_tells_the_links_of_the_reader_s_own_distance_and_days(page, desk):
    page.goto(f"{desk.url}/?page=briefing&group=JNIM&show=links&preset=custom&km=7&days=3&rule=open")
    with page.expect_download(timeout=60_000) as found:
        button(page, "CSV statement").click()

    assert "within 7 km and 3 days" in Path(found.value.path()).read_text()
