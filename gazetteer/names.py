"""When two spellings are one name: folding, the transliteration skeleton, and how far apart two names are."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from itertools import filterfalse
from typing import Final

from anyascii import anyascii

# Letters that NFKD leaves whole, and the marks that romanisations write for ayn and hamza.
_LETTERS: Final = str.maketrans(
    {"ø": "o", "đ": "d", "ð": "d", "ħ": "h", "ı": "i", "ł": "l", "ŋ": "n", "œ": "oe", "æ": "ae", "þ": "th"}
)
_APOSTROPHES: Final = re.compile("['’‘ʻʼʿʾ`´ʹ]")
_SEPARATORS: Final = re.compile(r"[\W_]+")
# The same two for a name that is ASCII: small letters and digits stay, apostrophes go, the rest is space.
_ASCII: Final = {at: chr(at).lower() if chr(at).isalnum() else " " for at in range(128)} | dict.fromkeys(b"'`", None)

# What other scripts write and romanisations do not: the joined article of Arabic, its letter for a long u within a
# word, which is no consonant, and the Thai h that only sets the tone of the letter after it.
_UNSPOKEN: Final = re.compile(r"\bال(?=\w)|(?<=\w)و|ห(?=[งญณนมยรลวฬ])")

# Articles that one source writes and the next leaves out.
_ARTICLE: Final = re.compile(r"\b(?:al|an|ar|as|ash|at|az|ad|el|the) (?=\w)")

# Romanisations of one sound, in the order in which they are replaced; c is k before these letters and at the end.
_SOUNDS: Final = (
    *(("kh", "k"), ("gh", "g"), ("dh", "d"), ("th", "t"), ("ph", "f")),
    *(("tch", "ch"), ("tsch", "ch"), ("tsh", "ch"), ("sch", "sh"), ("dj", "j"), ("dzh", "j"), ("zh", "j"), ("ck", "k")),
    *((f"c{after}", f"k{after}") for after in "aouklrtq\n"),
    *(("x", "ks"), ("h\n", "\n")),
)
_ONE_LETTER: Final = str.maketrans("qzw", "ksv", "aeiouy")
_DOUBLED: Final = re.compile(r"([a-z])\1+")


def fold(text: str) -> str:
    """Reduce a name to what its spelling has regardless of case, diacritics and punctuation.

    Letters of every script stay. The result has single spaces, and is empty if the text has no letter or
    digit.

    Examples
    --------
    >>> fold("  Côte d’Ivoire "), fold("Herāt"), fold("Dasht-e Archi")
    ('cote divoire', 'herat', 'dasht e archi')
    """
    if text.isascii():
        return " ".join(text.translate(_ASCII).split())
    return _folded(text)


@lru_cache(maxsize=65_536)
def _folded(text: str) -> str:
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    plain = _APOSTROPHES.sub("", "".join(filterfalse(unicodedata.combining, plain)))
    if plain.isascii():
        return fold(plain)
    return _SEPARATORS.sub(" ", plain.translate(_LETTERS)).strip()


def skeleton(text: str) -> str:
    """Reduce a name to the consonants that its romanisations share.

    Two names with one skeleton may be one name written by two ears, or two names; it is a reason to suggest,
    never to answer. Other scripts are read in Latin letters, Chinese characters as in Chinese. A name without
    consonants keeps its vowels. A name and its folded form have one skeleton.

    Examples
    --------
    >>> skeleton("Kunduz") == skeleton("Qonduz"), skeleton("al-Khadimi") == skeleton("al-Kadhimi")
    (True, True)
    >>> skeleton("Niger") == skeleton("Nigeria"), skeleton("Iran") == skeleton("Iraq")
    (True, False)
    >>> skeleton("Kunduz") == skeleton("قندوز") == skeleton("Кундуз")
    True
    """
    return skeletons((text,))[0]


def skeletons(names: Sequence[str]) -> list[str]:
    """Give the skeletons of many names, a few times faster than one by one.

    Examples
    --------
    >>> skeletons(["Kunduz", "Qonduz", "Herat"])
    ['knds', 'knds', 'hrt']
    """
    spelt = [_in_latin_letters(fold(name)) for name in names]
    # One line per name, so that each rule runs once over all of them; a folded name has no line break of its own.
    lines = _ARTICLE.sub("", "".join(f"{name}\n" for name in spelt)).replace(" ", "")
    for written, sound in _SOUNDS:
        lines = lines.replace(written, sound)
    sounds = _DOUBLED.sub(r"\1", lines.translate(_ONE_LETTER)).split("\n")
    return [sound or name for sound, name in zip(sounds, spelt, strict=False)]


def _in_latin_letters(folded: str) -> str:
    if folded.isascii():
        return folded
    return fold(anyascii(_UNSPOKEN.sub("", folded))) or folded


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
