"""What to write instead: a name put into the draft as the one before it stood there; and small words of advice."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

#: What makes of a name another word: its plural, its people.
_ENDINGS: Final = frozenset(
    ["", "s", "es", "i", "is", "n", "ns", "an", "ans", "ian", "ians", "ese", "ish", "ist", "ists", "ism", "e", "a"]
)
_SHORTEST_STEM: Final = 3
_SPACE: Final = re.compile(r"\s+")


def rewritten(name: str, core: str, form: str) -> str:
    """Give a name with another form of its core, the words around it as they are.

    Examples
    --------
    >>> rewritten("northern Bamiyan Province", "Bamiyan", "Bamyan")
    'northern Bamyan Province'
    """
    return name.replace(core, form, 1) if core in name else form


def laid_out(printed: str, name: str) -> str:
    r"""Give a name with the line ends and the capitals of the one that it replaces.

    Examples
    --------
    >>> laid_out("Burkina\nFasso", "Burkina Faso"), laid_out("BAMIYAN", "Bamyan")
    ('Burkina\nFaso', 'BAMYAN')
    """
    gaps = _SPACE.findall(printed)
    words = name.split(" ")
    if len(gaps) == len(words) - 1:
        name = "".join(part for pair in zip(words, (*gaps, ""), strict=True) for part in pair)
    letters = [letter for letter in printed if letter.isalpha()]
    return name.upper() if len(letters) > 1 and all(map(str.isupper, letters)) else name


def counted(number: int, what: str) -> str:
    """Give a number with its noun.

    Examples
    --------
    >>> counted(1, "time"), counted(12, "time")
    ('once', '12 times')
    """
    if what == "time" and number <= 2:
        return ("once", "twice")[number - 1]
    return f"{number:,} {what}{'' if number == 1 else 's'}"


def listed(parts: Sequence[str], last: str) -> str:
    """Give a list in words.

    Examples
    --------
    >>> listed(["Kabul", "Herat", "Kunduz"], "or")
    'Kabul, Herat or Kunduz'
    """
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} {last} {parts[-1]}"


def is_inflected(one: str, other: str) -> bool:
    """Tell whether two folded words are one with two endings, or with one and without.

    Examples
    --------
    >>> is_inflected("sudan", "sudani"), is_inflected("kurds", "kurdish"), is_inflected("kabull", "kabul")
    (True, True, False)
    """
    same = next((at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    rests = one[same:], other[same:]
    doubled = any(rest[:1] == one[same - 1 : same] for rest in rests if rest)
    return same >= _SHORTEST_STEM and all(rest in _ENDINGS for rest in rests) and not doubled
