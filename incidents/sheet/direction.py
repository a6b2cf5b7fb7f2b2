"""Direction: which way a line reads, said by a mark at its beginning that takes no room.

Left to itself, a line is turned by its first letter with a direction: "2021 · قندوز, Afghanistan" would begin at the
right. The desk's own sentences are English, whatever name is in them, and read from the left. What somebody else wrote,
such as a title, is a paragraph of its own and reads the way it begins.
"""

from __future__ import annotations

import unicodedata
from typing import Final

LEFT_TO_RIGHT: Final = "\u200e"
RIGHT_TO_LEFT: Final = "\u200f"


def turned(text: str) -> str:
    """Give a text of somebody's own, marked to be read from the right if that is how it begins.

    Examples
    --------
    >>> turned("قندوز, Kunduz") == RIGHT_TO_LEFT + "قندوز, Kunduz"
    True
    >>> turned("Kunduz, قندوز")
    'Kunduz, قندوز'
    """
    return f"{RIGHT_TO_LEFT}{text}" if _strong(text) == RIGHT_TO_LEFT and not is_turned(text) else text


def is_turned(line: str) -> bool:
    """Whether a line is marked to be read from the right."""
    return line.startswith(RIGHT_TO_LEFT)


def continued(line: str, *, before: str) -> str:
    """Mark a line that continues a text: it reads as the text does, and a number that leads it as what was before.

    A number has no direction but that of the letters before it. At the beginning of a line, "19 Nov" in an Arabic
    sentence would become "Nov 19" if the letters that stand on the line before were forgotten.
    """
    if not is_turned(before):
        return line
    context = LEFT_TO_RIGHT if _strong(before, last=True) == LEFT_TO_RIGHT else ""
    return f"{RIGHT_TO_LEFT}{context}{line}"


def kept(line: str) -> str:
    """Mark a line to be read from the left, unless it is marked otherwise or has nothing that would turn it."""
    turns = any(_direction(sign) == RIGHT_TO_LEFT for sign in line)
    return f"{LEFT_TO_RIGHT}{line}" if turns and not is_turned(line) else line


def _strong(text: str, *, last: bool = False) -> str | None:
    """The direction of the first letter that has one, or of the last."""
    found = (_direction(sign) for sign in (reversed(text) if last else text))
    return next(filter(None, found), None)


def _direction(sign: str) -> str | None:
    match unicodedata.bidirectional(sign):
        case "L":
            return LEFT_TO_RIGHT
        case "R" | "AL":
            return RIGHT_TO_LEFT
    return None
