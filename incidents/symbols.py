"""How groups look: a colour that colour-blind readers can tell apart, and a shape that needs no colour at all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from incidents.filters import UNATTRIBUTED

# Okabe and Ito (2008), without yellow and sky blue, which vanish on a white map, and without the text's black.
_COLOURS: Final = ("#d55e00", "#0072b2", "#009e73", "#cc79a7", "#a8651a", "#8a63c9")
_SHAPES: Final = ("circle", "square", "triangle", "diamond", "star", "pentagon", "cross")
_GREY: Final = "#5f6b7a"


class Tint(StrEnum):
    """How a group's areas and bars are painted, which have no shape to be told by."""

    SOLID = "solid"
    OUTLINED = "outlined"  # a strong edge around a faint middle
    SHARED = "shared"  # as one of the `OTHERS`


@dataclass(frozen=True, slots=True)
class Symbol:
    """What a group's incidents are drawn with.

    Attributes
    ----------
    colour : str
        `#rrggbb`.
    shape : str
        One of circle, square, triangle, diamond, star, pentagon, cross, ring.
    tint : Tint
        How an area on the map or a bar on the timeline is painted.
    """

    colour: str
    shape: str
    tint: Tint = Tint.SOLID

    @property
    def flat(self) -> Symbol:
        """The symbol whose colour and tint paint what has no shape."""
        return OTHERS if self.tint is Tint.SHARED else self


#: Incidents of no named group.
NO_GROUP: Final = Symbol(_GREY, "circle")

#: Several groups at one place.
SEVERAL: Final = Symbol("#2b2f36", "ring")

#: The groups that are too many to be given a look of their own, together.
OTHERS: Final = Symbol(_GREY, "cross", Tint.OUTLINED)
OTHERS_LABEL: Final = "Other groups"


def symbols(families: Sequence[str]) -> dict[str, Symbol]:
    """Give each group its symbol, by its rank in the whole dataset, so that no filter changes it.

    Six colours and seven shapes, each in turn: 42 groups differ in one or the other, and any
    six in a row in both; the 43rd and those after it look alike and are called `OTHERS_LABEL`. Where there is
    colour but no shape, twelve groups differ: six in solid colour, six outlined; the rest are `OTHERS_LABEL`.

    Examples
    --------
    >>> symbols(["JNIM", "ISKP", "Unattributed"])["ISKP"]
    Symbol(colour='#0072b2', shape='square', tint=<Tint.SOLID: 'solid'>)
    """
    named = [family for family in families if family != UNATTRIBUTED]
    return {family: _symbol(rank) for rank, family in enumerate(named)} | {UNATTRIBUTED: NO_GROUP}


def _symbol(rank: int) -> Symbol:
    if rank >= len(_COLOURS) * len(_SHAPES):
        return Symbol(OTHERS.colour, OTHERS.shape, Tint.SHARED)
    tints = (Tint.SOLID, Tint.OUTLINED)
    turn = rank // len(_COLOURS)
    tint = tints[turn] if turn < len(tints) else Tint.SHARED
    return Symbol(_COLOURS[rank % len(_COLOURS)], _SHAPES[rank % len(_SHAPES)], tint)
