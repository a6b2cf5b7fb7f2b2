"""One sentence for page, sheet and export: all that is drawn, its rule and its borders, and nothing that is not."""

from dataclasses import replace

import pytest

from incidents.spillover import BORDERLAND, Rule
from incidents.spillover.sentence import Drawn, clauses, sentence

ALL = Drawn(
    preset=BORDERLAND,
    rule=Rule.OPEN,
    links=3,
    corridors=2,
    crossings=1,
    firsts=1,
    clusters=0,
    cells=4,
    bands=True,
    border_layer="Ours, 2021.",
    border_error_km=0.5,
)
NUMBERS = ("links", "corridors", "crossings", "firsts", "clusters", "cells")


def test_it_is_one_sentence_with_preset_source_rule_and_borders():
    said = sentence(ALL)
    assert said.endswith("borders: Ours, 2021, true to about 0.5 km.")
    assert ". " not in said
    for part in (
        "3 inferred links",
        "within 50 km and 30 days",
        BORDERLAND.source,
        "rule open",
        "1 documented crossing",
    ):
        assert part in said


@pytest.mark.parametrize("name", NUMBERS)
def test_what_is_not_drawn_is_not_said_and_what_found_nothing_is(name):
    assert set(clauses(replace(ALL, **{name: None}))) == set(clauses(ALL)) - {name}
    assert clauses(replace(ALL, **{name: 0}))[name].startswith("0 ")


def test_corridors_alone_say_by_which_rule_their_links_are_found():
    only = clauses(Drawn(preset=BORDERLAND, rule=Rule.STRICT, corridors=1))
    assert "rule strict" in only["corridors"]
    assert "rule" not in clauses(ALL)["corridors"]
