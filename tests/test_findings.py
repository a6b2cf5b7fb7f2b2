"""What the overlays find is looked for once, and told in the same words on the page, on a sheet and in a file."""

import json

import pytest

from gazetteer.boundaries import Boundaries
from incidents.cli import main
from incidents.errors import TooManyPairsError
from incidents.spillover import (
    BORDERLAND,
    CAPTION,
    OVERLAYS,
    Rule,
    expected_words,
    find,
    method_words,
    overlay_statements,
)
from incidents.spillover.memory import Kept
from incidents.views import state
from tests.made_up import made_up

BOUNDARIES = Boundaries.load()
DATASET = made_up()


def findings(*asked, dataset=DATASET, rule=Rule.OPEN):
    whole = dataset.incidents
    return find(whole, whole=whole, asked=asked, preset=BORDERLAND, rule=rule, boundaries=BOUNDARIES)


def keys(found, *, in_full):
    return [overlay.key for overlay in overlay_statements(found, in_full=in_full)]


@pytest.mark.parametrize("asked", [(), *((key,) for key in OVERLAYS), OVERLAYS])
def test_only_what_was_asked_for_is_told(asked):
    found = findings(*asked)

    assert found.asked == asked
    assert keys(found, in_full=False) == list(asked)
    assert keys(found, in_full=True) == ([*asked, "all"] if asked else [])


def test_the_desk_offers_every_overlay_and_no_other():
    assert sorted(state.OVERLAYS) == sorted(OVERLAYS)


def test_links_are_told_with_their_rule_what_they_are_not_and_what_chance_would_give():
    found = findings("links")
    (brief,), (full, _) = overlay_statements(found, in_full=False), overlay_statements(found, in_full=True)

    assert "rule open)" in brief.words
    assert CAPTION in brief.words
    assert brief.words.endswith(expected_words(found.chance))
    assert full.words == f"{brief.words} {method_words(found.chance)}"
    assert brief.parameters["count"] == len(found.links)
    assert brief.parameters["chance"] == f"{expected_words(found.chance)} {method_words(found.chance)}"


def test_links_that_cannot_be_listed_are_not_told_as_none(desk, monkeypatch):
    monkeypatch.setattr("incidents.spillover.pairs.MOST_PAIRS", 0)
    monkeypatch.setattr(Kept, "get", lambda _, __, make: make())
    found = findings("links", "corridors", dataset=desk)

    assert found.drawn.links is None
    for overlay in overlay_statements(found, in_full=True):
        assert overlay.words.startswith(
            f"{overlay.key.capitalize()} were asked for, and cannot be given. More than 0 pairs"
        )
        assert "0 inferred links" not in overlay.words


def test_links_without_a_chance_rate_say_why_there_is_none(monkeypatch):
    inferred = findings("links").links

    def too_many(*_, **__):
        raise TooManyPairsError("More than a few pairs.")

    monkeypatch.setattr("incidents.spillover.findings._chance", too_many)
    found = findings("links")

    assert found.links == inferred
    assert "No chance rate can be given. More than a few pairs." in overlay_statements(found, in_full=False)[0].words


def exported(capsys, *arguments):
    assert main(["export", "--format", "geojson", "--out", "-", *arguments]) == 0
    return json.loads(capsys.readouterr().out)["overlays"]


def test_an_export_of_a_desks_link_tells_what_that_desk_draws(gazetteer, capsys):
    link = "http://desk/?show=links&show=firsts&preset=borderland&rule=open"
    said = {overlay["key"]: overlay["words"] for overlay in exported(capsys, "--link", link)}

    assert list(said) == ["links", "firsts", "all"]
    assert "within 50 km and 30 days (preset borderland" in said["links"]
    assert "Under shuffled dates" in said["links"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((), []),
        (("--link", "?group=JNIM"), ["crossings", "all"]),  # on at first
        (("--link", "?show=none"), []),
    ],
)
def test_an_export_tells_no_overlay_that_no_desk_draws(arguments, said, gazetteer, capsys):
    assert [overlay["key"] for overlay in exported(capsys, *arguments)] == said


@pytest.mark.parametrize(
    ("link", "advice"),
    [
        ("?show=heat", "no overlay; there are bands, links"),
        ("?rule=loose", "there are strict, probable, open"),
        ("?preset=nearby", "choose one of near-repeat"),
        ("?preset=custom&km=0&days=3", "up to 1000 km and 3650 days"),
    ],
)
@pytest.mark.usefixtures("gazetteer")
@pytest.mark.parametrize("command", [("export", "--format", "kml"), ("sheet", "--format", "pdf")])
def test_what_a_link_asks_in_vain_is_wrong_use_and_answered_with_what_there_is(command, link, advice, capsys):
    assert main([*command, "--link", link, "--out", "-"]) == 2
    told = capsys.readouterr()
    assert advice in told.err
    assert not told.out
