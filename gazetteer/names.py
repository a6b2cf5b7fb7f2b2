"""When two spellings are one name: folding, the transliteration skeleton, and how far apart two names are."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import Final

# Letters that NFKD leaves whole, and the marks that romanisations write for ayn and hamza.
_LETTERS: Final[Mapping[int, str]] = MappingProxyType(
    str.maketrans(
        {
            "ø": "o",
            "đ": "d",
            "ð": "d",
            "ħ": "h",
            "ı": "i",
            "ł": "l",
            "ŋ": "n",
            "œ": "oe",
            "æ": "ae",
            "þ": "th",
        }
    )
)
_APOSTROPHES: Final = re.compile("['’‘ʻʼʿʾ`´ʹ]")
_SEPARATORS: Final = re.compile(r"[\W_]+")

# Articles that one source writes and the next leaves out.
_ARTICLE: Final = re.compile(r"\b(?:al|an|ar|as|ash|at|az|ad|el|the) (?=\w)")

# Romanisations of one sound, in the order in which they are replaced.
_SOUNDS: Final = tuple(
    (re.compile(pattern), sound)
    for pattern, sound in (
        (r"kh", "k"),
        (r"gh", "g"),
        (r"dh", "d"),
        (r"th", "t"),
        (r"ph", "f"),
        (r"tch|tsch|tsh", "ch"),
        (r"sch", "sh"),
        (r"dj|dzh|dž", "j"),
        (r"zh", "j"),
        (r"ck|q", "k"),
        (r"c(?=[aouklrt]|$)", "k"),
        (r"x", "ks"),
        (r"z", "s"),
        (r"w", "v"),
        (r"ou|oo", "u"),
        (r"(?<=[aeiou])y|y(?=[aeiou])", ""),
        (r"h\b", ""),
        (r"[aeiouy]", ""),
        (r"(.)\1+", r"\1"),
    )
)


@lru_cache(maxsize=65_536)
def fold(text: str) -> str:
    """Reduce a name to what its spelling has regardless of case, diacritics and punctuation.

    Letters of every script stay. The result has single spaces, and is empty if the text has no letter or
    digit.

    Examples
    --------
    >>> fold("  Côte d’Ivoire "), fold("Herāt"), fold("Dasht-e Archi")
    ('cote divoire', 'herat', 'dasht e archi')
    """
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    plain = "".join(letter for letter in plain if not unicodedata.combining(letter)).translate(_LETTERS)
    return _SEPARATORS.sub(" ", _APOSTROPHES.sub("", plain)).strip()


@lru_cache(maxsize=65_536)
def skeleton(text: str) -> str:
    """Reduce a name to the consonants that its romanisations share.

    Two names with one skeleton may be one name written by two ears, or two names; it is a reason to suggest,
    never to answer. Scripts other than Latin keep their letters.

    Examples
    --------
    >>> skeleton("Kunduz") == skeleton("Qonduz"), skeleton("al-Khadimi") == skeleton("al-Kadhimi")
    (True, True)
    >>> skeleton("Niger") == skeleton("Nigeria"), skeleton("Iran") == skeleton("Iraq")
    (True, False)
    """
    sounds = _ARTICLE.sub("", fold(text)).replace(" ", "")
    for pattern, sound in _SOUNDS:
        sounds = pattern.sub(sound, sounds)
    return sounds


def deletions(folded: str) -> frozenset[str]:
    """Give the name and every string that leaves out one of its letters.

    Two names share one of these if one typing slip lies between them, so that an index of them finds slips.
    """
    return frozenset({folded, *(folded[:at] + folded[at + 1 :] for at in range(len(folded)))})


def one_slip_apart(left: str, right: str) -> bool:
    """Tell whether one insertion, deletion, substitution or swap of neighbours makes one string the other.

    Examples
    --------
    >>> one_slip_apart("afghanisitan", "afghanistan"), one_slip_apart("kabul", "kbaul")
    (True, True)
    >>> one_slip_apart("mali", "malawi")
    False
    """
    if left == right or abs(len(left) - len(right)) > 1:
        return False
    at = next((i for i, (a, b) in enumerate(zip(left, right, strict=False)) if a != b), min(len(left), len(right)))
    a, b = left[at:], right[at:]
    if len(a) != len(b):
        longer, shorter = (a, b) if len(a) > len(b) else (b, a)
        return longer[1:] == shorter
    return a[1:] == b[1:] or (a[:2] == b[1::-1] and a[2:] == b[2:])
