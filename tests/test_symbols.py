"""A group keeps its symbol, and two symbols differ for every eye."""

from itertools import combinations

import numpy as np
import pytest

from incidents.filters import UNATTRIBUTED
from incidents.symbols import NO_GROUP, OTHERS, SEVERAL, Symbol, Tint, symbols

MANY = [f"group {number}" for number in range(42)]


def test_a_symbol_goes_by_rank_and_the_unattributed_are_grey_wherever_they_stand():
    given = symbols(["JNIM", UNATTRIBUTED, "ISKP"])
    assert given["JNIM"] == Symbol("#d55e00", "circle")
    assert given["ISKP"] == Symbol("#0072b2", "square")
    assert given[UNATTRIBUTED] == NO_GROUP


def test_the_unattributed_have_a_symbol_even_where_the_dataset_has_none():
    assert symbols([]) == {UNATTRIBUTED: NO_GROUP}


def test_forty_two_groups_and_the_unattributed_all_look_different():
    assert len(set(symbols(MANY).values())) == 43


def test_twelve_groups_differ_where_there_is_no_shape_and_the_rest_are_the_others():
    flat = [symbol.flat for symbol in symbols(MANY).values()]
    looks = [(look.colour, look.tint) for look in flat]
    assert len(set(looks[:12])) == 12
    assert set(looks[12:42]) == {(OTHERS.colour, OTHERS.tint)}
    assert looks[42] == (NO_GROUP.colour, Tint.SOLID)
    assert len(set(looks)) == 14


def test_groups_too_many_to_be_told_apart_all_look_like_the_others():
    more = symbols([f"group {number}" for number in range(60)])
    assert {(more[f"group {number}"].colour, more[f"group {number}"].shape) for number in range(42, 60)} == {
        (OTHERS.colour, OTHERS.shape)
    }
    assert (OTHERS.colour, OTHERS.shape) not in {(symbol.colour, symbol.shape) for symbol in symbols(MANY).values()}


@pytest.mark.parametrize("first", range(37))
def test_six_groups_in_a_row_differ_in_colour_and_in_shape(first):
    row = [symbols(MANY)[name] for name in MANY[first : first + 6]]
    assert len({symbol.colour for symbol in row}) == len({symbol.shape for symbol in row}) == 6


COLOURS = sorted({symbol.colour for symbol in symbols(MANY).values()})


@pytest.mark.parametrize("colour", [*COLOURS, SEVERAL.colour])
def test_every_colour_stands_out_from_white_as_wcag_asks_of_graphics(colour):
    red, green, blue = linear(colour)
    assert 1.05 / (0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05) >= 3


# Machado, Oliveira and Fernandes (2009), severity 1, on linear RGB.
EYES = {
    "full colour vision": np.eye(3),
    "no red cones": [
        [0.152286, 1.052583, -0.204868],
        [0.114503, 0.786281, 0.099216],
        [-0.003882, -0.048116, 1.051998],
    ],
    "no green cones": [
        [0.367322, 0.860646, -0.227968],
        [0.280085, 0.672501, 0.047413],
        [-0.011820, 0.042940, 0.968881],
    ],
    "no blue cones": [
        [1.255528, -0.076749, -0.178779],
        [-0.078411, 0.930809, 0.147602],
        [0.004733, 0.691367, 0.303900],
    ],
}


@pytest.mark.parametrize("eye", EYES.values(), ids=EYES)
def test_two_groups_that_an_eye_cannot_tell_apart_by_colour_differ_in_shape(eye):
    first_six = [symbols(MANY)[name] for name in MANY[:6]]
    alike = [
        (one, other)
        for one, other in combinations([*first_six, NO_GROUP], 2)
        if np.linalg.norm(lab(one.colour, eye) - lab(other.colour, eye)) < 10
    ]
    assert all(one.shape != other.shape for one, other in alike)


def linear(colour: str) -> np.ndarray:
    """Linear RGB of `#rrggbb`, 0 to 1."""
    channels = np.array([int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)])
    return np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)


def lab(colour: str, eye) -> np.ndarray:
    """CIE L*a*b* (D65) of what an eye sees of a colour; a distance of 10 is told apart at a glance."""
    seen = np.clip(np.asarray(eye) @ linear(colour), 0, 1)
    to_xyz = [[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]]
    x, y, z = np.cbrt(np.maximum(np.array(to_xyz) @ seen / [0.9505, 1.0, 1.089], 1e-6))
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])
