"""How groups look: a colour that colour-blind readers can tell apart, and a shape that needs no colour at all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from incidents.filters import UNATTRIBUTED

# Okabe and Ito (2008), without yellow and sky blue, which vanish on a white map, and without the text's black.
_COLOURS: Final = ("#d55e00", "#0072b2", "#009e73", "#cc79a7", "#a8651a", "#8a63c9")
_SHAPES: Final = ("circle", "square", "triangle", "diamond", "star", "pentagon", "cross")


@dataclass(frozen=True, slots=True)
class Symbol:
    """What a group's incidents are drawn with.

    Attributes
    ----------
    colour : str
        `#rrggbb`.
    shape : str
        One of circle, square, triangle, diamond, star, pentagon, cross, ring.
    """

    colour: str
    shape: str


#: Incidents of no named group.
NO_GROUP: Final = Symbol("#5f6b7a", "circle")

#: Several groups at one place.
SEVERAL: Final = Symbol("#2b2f36", "ring")


def symbols(families: Sequence[str]) -> dict[str, Symbol]:
    """Give each group its symbol, by its rank in the whole dataset, so that no filter changes it.

    Six colours and seven shapes, each in turn: 42 groups differ in one or the other, and any
    six in a row in both.

    Examples
    --------
    >>> symbols(["JNIM", "ISKP", "Unattributed"])["ISKP"]
    Symbol(colour='#0072b2', shape='square')
    """
    named = [family for family in families if family != UNATTRIBUTED]
    given = {
        family: Symbol(
            _COLOURS[rank % len(_COLOURS)],
            _SHAPES[rank % len(_SHAPES)],
        )
        for rank, family in enumerate(named)
    }
    return given | {UNATTRIBUTED: NO_GROUP}
