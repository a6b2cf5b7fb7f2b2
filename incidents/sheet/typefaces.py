"""Typefaces: the fonts that ship with the package, in the order in which a letter is looked for in them."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Final

import matplotlib as mpl
from matplotlib.font_manager import FontEntry, FontProperties, fontManager, get_font

FOLDER: Final = Path(str(files("incidents") / "assets" / "fonts"))

# Latin, Greek and Cyrillic; Arabic, with the letters of Dari and Pashto; Tifinagh; and last what matplotlib brings,
# which has the scripts and signs that the others lack. Under names of our own: a machine may have another edition.
_FILES: Final = {
    "Incident Desk Sans": ("NotoSans-Regular.ttf", "NotoSans-Bold.ttf"),
    "Incident Desk Arabic": ("NotoSansArabic-Regular.ttf", "NotoSansArabic-Bold.ttf"),
    "Incident Desk Tifinagh": ("NotoSansTifinagh-Regular.ttf", "NotoSansTifinagh-Regular.ttf"),
    "Incident Desk Others": ("DejaVuSans.ttf", "DejaVuSans-Bold.ttf"),
}
_WEIGHTS: Final = (400, 700)

#: What stands for a letter that no font has.
BOX: Final = "\u25af"

# So many of them are named.
_NAMED: Final = 30

# Characters of these categories are no letters: controls, joiners and marks of direction, and spaces.
_UNSEEN: Final = frozenset({"Cc", "Cf", "Zs", "Zl", "Zp"})


@lru_cache(maxsize=1)
def families() -> tuple[str, ...]:
    """Make the fonts known to matplotlib, once, and give their families in order."""
    carried = Path(mpl.get_data_path()) / "fonts" / "ttf"
    for family, names in _FILES.items():
        for weight, name in zip(_WEIGHTS, names, strict=True):
            path = FOLDER / name if (FOLDER / name).is_file() else carried / name
            fontManager.ttflist.append(FontEntry(fname=str(path), name=family, weight=weight, size="scalable"))
    return tuple(_FILES)


def font(size_pt: float, *, bold: bool, text: str | None = None) -> FontProperties:
    """Give the font of a size and weight: all families, or the first if it has every letter of `text`."""
    plain = text is not None and all(ord(sign) in _first() for sign in text)
    return _font(size_pt, bold, families()[:1] if plain else families())


@lru_cache(maxsize=512)
def _font(size_pt: float, bold: bool, names: tuple[str, ...]) -> FontProperties:  # noqa: FBT001
    return FontProperties(family=list(names), size=size_pt, weight="bold" if bold else "normal")


@lru_cache(maxsize=1)
def _first() -> frozenset[int]:
    return frozenset(get_font(str(FOLDER / "NotoSans-Regular.ttf")).get_charmap())


def without_glyph(text: str, *, bold: bool = False) -> tuple[str, ...]:
    """List the characters of `text` that no font has, in order; control and joining characters and spaces aside.

    Examples
    --------
    >>> without_glyph("Côte d'Ivoire, قندوز, کندهار, ټانک, ⴽⵉⴷⴰⵍ")
    ()
    """
    known = _characters(bold)
    lacking = dict.fromkeys(sign for sign in text if ord(sign) not in known)
    return tuple(sign for sign in lacking if unicodedata.category(sign) not in _UNSEEN)


def boxes_words(lacking: Sequence[str]) -> str:
    """Name letters that no font has, the first of them if they are many; empty if there is none.

    Examples
    --------
    >>> boxes_words(["日", "\ue000"])
    'No font of a sheet has these letters, which are boxes on it: 日 U+E000'
    """
    named = [sign if sign.isprintable() else f"U+{ord(sign):04X}" for sign in lacking[:_NAMED]]
    more = f" and {len(lacking) - _NAMED} more" if len(lacking) > _NAMED else ""
    return f"No font of a sheet has these letters, which are boxes on it: {' '.join(named)}{more}" if named else ""


@lru_cache(maxsize=20_000)
def writable(text: str, *, bold: bool) -> str:
    """Give a text with a box for each letter that no font has; matplotlib would draw one, and warn of each, thrice."""
    known = _characters(bold)
    if all(ord(sign) in known for sign in text):
        return text
    lacking = frozenset(without_glyph(text, bold=bold))
    signs = (BOX if sign in lacking else sign for sign in text)
    return "".join(" " if sign.isspace() and ord(sign) not in known else sign for sign in signs)


@lru_cache(maxsize=2)
def _characters(bold: bool) -> frozenset[int]:  # noqa: FBT001
    families()
    weight = _WEIGHTS[bold]
    paths = [Path(entry.fname) for entry in fontManager.ttflist if entry.name in _FILES and entry.weight == weight]
    return frozenset(sign for path in paths for sign in get_font(str(path)).get_charmap())
