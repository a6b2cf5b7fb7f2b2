"""Names that are a slip or an ear away: all of them are found, and nothing farther is."""

import time
from itertools import islice

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from gazetteer.names import fold, one_slip_apart, skeleton
from gazetteer.slips import SHORTEST_GUESS, Near, NearNames

NAMES = (
    *("Mandouri", "Kpendjal", "Kompienga", "Ouagadougou", "Bobo-Dioulasso", "Dasht-e Archi", "Balkh", "Balkhab"),
    *("Niger", "Nigeria", "Malawi", "Inata", "Inada", "Aaaaaa", "Ababababab", "Kunduz", "قندوز", "بامیان", "Кундуз"),
    *("Thiruvananthapuram", "Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogoch", "昆都士市政府"),
)
LETTERS = "abcdefghijklmnopqrstuvwxyzقدو"


@pytest.fixture(scope="module")
def index() -> NearNames:
    return NearNames(NAMES)


@pytest.fixture(scope="module")
def some_hundred(gazetteer) -> list[str]:
    """Names as a country has them, in several scripts."""
    world = gazetteer.layers[-1]
    return [*islice(world.spelt(country="TG"), 400), *islice(world.spelt(country="AF"), 400)]


def slips(near: list[Near]) -> dict[str, int]:
    return {one.key: one.distance for one in near if one.distance is not None}


@st.composite
def slipped(draw) -> tuple[str, str]:
    """A name of the index, and what one slip of the hand makes of it."""
    name = draw(st.sampled_from([fold(name) for name in NAMES if len(name) >= 5]))
    at, letter = draw(st.integers(0, len(name) - 1)), draw(st.sampled_from(LETTERS))
    match draw(st.sampled_from(["insert", "append", "delete", "substitute", "swap"])):
        case "insert":
            written = name[:at] + letter + name[at:]
        case "append":
            written = name + letter
        case "delete":
            written = name[:at] + name[at + 1 :]
        case "substitute":
            written = name[:at] + letter + name[at + 1 :]
        case _:
            written = name[:at] + name[at : at + 2][::-1] + name[at + 2 :]
    # A slip beside a space may fold to the name itself, or to two slips.
    assume(written != name and fold(written) == written)
    return name, written


@given(slipped())
def test_every_single_slip_finds_the_name_it_was_made_of(index, slip):
    name, written = slip
    assert slips(index.near(written))[name] == 1


@given(slipped(), slipped())
@example(("inata", "inadta"), ("inada", "inadta"))
def test_nothing_that_is_farther_than_one_slip_is_taken_for_a_slip(index, one, other):
    for written in (one[1], other[1], one[1] + other[1][:2]):
        expected = {key for key in map(fold, NAMES) if one_slip_apart(key, written)}
        assert slips(index.near(written)) == dict.fromkeys(expected, 1)


def test_what_is_found_is_what_a_search_through_all_names_finds(some_hundred):
    index = NearNames(some_hundred)
    keys = {key for key in map(fold, some_hundred) if len(key) >= SHORTEST_GUESS}
    assert len(index) == len(keys)
    sounds = {key: skeleton(key) for key in keys}
    found = 0
    for key in sorted(keys)[::7]:
        for asked in (key, key[1:], f"{key[:3]}x{key[3:]}", f"{key[:-2]}{key[:-3:-1]}"):
            if fold(asked) != asked or len(asked) < SHORTEST_GUESS:
                continue
            slip = {other for other in keys if one_slip_apart(asked, other)}
            sound = skeleton(asked)
            alike = {other for other in keys if sounds[other] == sound} if len(sound) >= 3 else set()
            near = index.near(asked)
            assert {one.key for one in near if one.distance == 1} == slip
            assert {one.key for one in near if one.distance is None} == alike - slip - {asked}
            assert len(near) == len({one.key for one in near})
            found += len(slip)
    assert found > 100


@pytest.mark.parametrize(
    ("asked", "alike"),
    [("Qondooz", "kunduz"), ("Bameyan", "بامیان"), ("Dashti Arghi", None), ("Cabool", None)],
)
def test_what_only_sounds_alike_has_no_distance(index, asked, alike):
    near = index.near(asked)
    assert [one.key for one in near if one.distance is None][:1] == ([alike] if alike else [])


def test_likely_slips_come_before_unlikely_ones_and_sounds_last():
    index = NearNames(["Mandouri", "Mandoura", "Mondouri", "Andouri", "Mandiouri", "Amndouri", "Mundoora", "Mundaree"])
    assert [(one.key, one.distance) for one in index.near("Mandouri")] == [
        ("mandiouri", 1),  # a letter was left out
        ("amndouri", 1),  # two were swapped, and the first is not the same
        ("mondouri", 1),  # a letter was changed, inside
        ("andouri", 1),  # a letter was added, and the first is not the same
        ("mandoura", 1),  # a letter was changed, and the last is not the same
        ("mundoora", None),
        ("mundaree", None),
    ]


def test_a_name_is_not_near_to_itself_but_its_neighbours_are(index):
    assert "niger" not in {one.key for one in index.near("NIGER")}
    assert [one.key for one in index.near("Inata")] == ["inada"]
    assert index.near("Balkhab") == []


def test_an_index_of_nothing_finds_nothing():
    for names in ([], ["", "...", "Gao"]):
        empty = NearNames(names)
        assert len(empty) == 0
        assert empty.near("Mandouri") == []


@pytest.mark.parametrize("asked", ["", " ", "Gao", "K x", "\0", "قند", "---"])
def test_a_name_of_three_letters_is_not_guessed_at(asked):
    assert NearNames(["Gao", "Gaoo", "Gaos", "Kxr", "Kars", "قندو", "Kx"]).near(asked) == []


def test_a_name_of_three_letters_is_not_a_guess():
    assert [one.key for one in NearNames(["Gao", "Gaol"]).near("Gaoo")] == ["gaol"]


def test_names_that_fold_to_one_are_one(index):
    assert [one.key for one in NearNames(["Kunduz", "KUNDUZ", "Kundūz"]).near("Kundz")] == ["kunduz"]
    assert len(index) == len(NAMES)


@pytest.mark.parametrize("asked", ["\ud800", "a" * 10_000, "Kunduz" * 2000, "\0" * 100, "🙂" * 50, "a\u0301" * 5000])
def test_no_text_is_too_odd_to_be_asked(index, asked):
    began = time.perf_counter()
    assert slips(index.near(asked)) == {}
    assert time.perf_counter() - began < 1
