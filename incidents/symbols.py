"""How groups and precisions look: colours that the colour-blind can tell apart, shapes that need no colour at all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Any, Final

from incidents.filters import UNATTRIBUTED
from incidents.schema import GEO_PRECISION_WORDS, GeoPrecision

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
SEVERAL_GROUPS_LABEL: Final = "Several groups at one place"
SEVERAL_INCIDENTS_LABEL: Final = "Several incidents at one place"

#: The groups that are too many to be given a look of their own, together.
OTHERS: Final = Symbol(_GREY, "cross", Tint.OUTLINED)
OTHERS_LABEL: Final = "Other groups"

#: The legend's entry for each precision that a map in the browser draws, in the order to read them.
PRECISION_ENTRIES: Final[Mapping[GeoPrecision, Mapping[str, Any]]] = MappingProxyType(
    {
        GeoPrecision.SETTLEMENT: {"kind": "ring", "label": "In a settlement, in the ring", "hollow": False},
        GeoPrecision.NEAR_SETTLEMENT: {"kind": "ring", "label": "Near a settlement, in the ring", "hollow": True},
        **{
            code: {
                "kind": "area",
                "label": f"Somewhere in this {GEO_PRECISION_WORDS[code]}",
                "opacity": 0.2,
                "hatched": False,
            }
            for code in (GeoPrecision.ADMIN2, GeoPrecision.ADMIN1)
        },
        GeoPrecision.LINEAR_OR_FUZZY: {
            "kind": "area",
            "label": "Along this road or area",
            "opacity": 0.2,
            "hatched": True,
        },
    }
)


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


def legend_label(family: str, symbol: Symbol) -> str:
    """Name a group in a legend; those that look alike share one name.

    Examples
    --------
    >>> legend_label("JNIM", NO_GROUP), legend_label("the 43rd", OTHERS)
    ('JNIM', 'Other groups')
    """
    return OTHERS_LABEL if (symbol.colour, symbol.shape) == (OTHERS.colour, OTHERS.shape) else family


def _symbol(rank: int) -> Symbol:
    if rank >= len(_COLOURS) * len(_SHAPES):
        return Symbol(OTHERS.colour, OTHERS.shape, Tint.SHARED)
    tints = (Tint.SOLID, Tint.OUTLINED)
    turn = rank // len(_COLOURS)
    tint = tints[turn] if turn < len(tints) else Tint.SHARED
    return Symbol(_COLOURS[rank % len(_COLOURS)], _SHAPES[rank % len(_SHAPES)], tint)
