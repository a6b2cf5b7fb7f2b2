"""How alike two written names are, whatever scripts they are written in, and whether they may be names of one place."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from math import exp
from typing import Final, NamedTuple

from anyascii import anyascii
from rapidfuzz.distance import Indel, LCSseq, Prefix
from rapidfuzz.fuzz import token_set_ratio

from gazetteer.names import fold, skeleton

# What the measures are worth to the log-odds that two names are one place's: a logistic regression (scikit-learn 1.9,
# C = 10) on 5,000 pairs of GeoNames names, half of them of one place (DeezyMatch's data set, its training part).
_BASE: Final = -2.17
_WEIGHTS: Final = (1.51, 3.00, 1.02, 0.72, -1.51, 6.53, -2.68)
#: Likeness from which two names may be one place's: as likely as not.
_MAY_BE: Final = 0.5
# The fourth power of a share of common letters: half of them in common is what unrelated names have as well.
_SHARPER: Final = 4

# What an ear keeps apart in romanisations of any system, in the order of replacement: sibilants; k, p, t and l, each
# with its neighbours; three vowels; no h. An x is a sibilant between vowels and before i and u, as in Mexico and Xi'an;
# elsewhere it is the letter that carries a vowel in transliterated Thai.
_EAR: Final = tuple(
    (re.compile(pattern), sound)
    for pattern, sound in (
        (r"(?<![aeiou])x(?![iu])|x(?![aeiou])", "o"),
        (r"t?s?ch|[sz]h|t[sz]h?|d[jz]h?|[jxz]|c(?=[eiy]|uo)", "s"),
        (r"[kgqc]+h?", "k"),
        (r"[bpfv]h?", "p"),
        (r"[td]h?", "t"),
        (r"r", "l"),
        (r"h", ""),
        (r"[eiy]+", "i"),
        (r"[ouw]+", "u"),
        (r"([a-z])\1+", r"\1"),
    )
)
_VOWELS: Final = str.maketrans("", "", "aiu")
# Thai writes some vowels before the consonant that they are spoken after.
_WRITTEN_BEFORE: Final = re.compile("([เแโใไ])([ก-ฮ])")

# A short name within a longer one is another name if the longer one has this many sounds more: Mali and Malawi. Where
# the shorter one has more than six sounds, most such pairs are one place's.
_SHORT: Final = 6
_MORE: Final = 2
# With less than this share of vowels a name is written in consonants, as Arabic is, and is longer than it looks.
_SPOKEN: Final = 0.2


def _heard(romanised: str) -> str:
    for pattern, sound in _EAR:
        romanised = pattern.sub(sound, romanised)
    return romanised


# Words that tell neighbours apart, as heard: of two names, one with the first and one with the second are two places'.
_OPPOSITES: Final = tuple(
    (frozenset(_heard(one).split()), frozenset(_heard(other).split()))
    for one, other in (
        (
            "north nord norte shamali shamaliyah shomali severnyy severnaya severnoye",
            "south sud sur janubi janubiyah jonubi yuzhnyy yuzhnaya yuzhnoye",
        ),
        (
            "east est este sharqi sharqiyah vostochnyy vostochnaya vostochnoye",
            "west ouest oeste gharbi gharbiyah zapadnyy zapadnaya zapadnoye",
        ),
        (
            "upper haut haute alto bala olya ulya verkhniy verkhnyaya verkhneye",
            "lower bas basse bajo pain sofla sufla nizhniy nizhnyaya nizhneye",
        ),
        (
            "great big grand grande kabir bozorg kalan bolshoy bolshaya bolshoye",
            "little small petit petite saghir kuchek khord malyy malaya maloye",
        ),
        (
            "new nouveau nouvelle nuevo nueva jadid now naw novyy novaya novoye",
            "old vieux vieille viejo vieja qadim kohneh staryy staraya staroye",
        ),
    )
)


class _Spelling(NamedTuple):
    """A name as the measures need it."""

    folded: str
    romanised: str
    letters: str
    heard: str
    sounds: str
    consonants: str
    words: str
    spoken: float
    script: str


def likeness(left: str, right: str) -> float:
    """Say how likely two written names are names of one place, from 0 to 1, by what is written alone.

    Names that fold to the same are 1, as a text is to itself; a text without letter or digit is like no other.
    The names may be in different scripts: both are read in Latin letters, Chinese characters as in Chinese. The
    number is calibrated on pairs of which half are one place's; among all the names of a country far fewer are.

    Examples
    --------
    >>> round(likeness("Qonduz", "Kundūz"), 2), round(likeness("Кабул", "کابل"), 2), round(likeness("Iran", "Iraq"), 2)
    (0.95, 0.99, 0.15)
    """
    if left == right:
        return 1.0
    one, other = _spelling(left), _spelling(right)
    if one.folded == other.folded:
        return float(bool(one.folded))
    if not one.letters or not other.letters:
        return 0.0
    odds = _BASE + sum(weight * measure for weight, measure in zip(_WEIGHTS, _measures(one, other), strict=True))
    return 1 / (1 + exp(-odds))


def same_name(left: str, right: str) -> bool:
    """Tell whether two written names may be names of one place.

    They are alike, and nothing tells them apart that tells neighbours apart: a number, an opposite, or, of short
    names, a syllable more.

    Examples
    --------
    >>> same_name("Wādī Qānī", "Uàdi Gani"), same_name("Шартюг", "Shartyug")
    (True, True)
    >>> same_name("Niger", "Nigeria"), same_name("Nord-Kivu", "Sud-Kivu")
    (False, False)
    """
    alike = likeness(left, right)
    return alike == 1.0 or (alike >= _MAY_BE and not _told_apart(_spelling(left), _spelling(right)))


def _measures(one: _Spelling, other: _Spelling) -> tuple[float, ...]:
    """Measure what is common to two names; each measure is the same both ways round."""
    shorter = min(len(one.letters), len(other.letters))
    consonants = Indel.normalized_similarity(one.consonants, other.consonants) ** _SHARPER
    return (
        # Of the shorter name's letters, those that the other one has in the same order.
        (LCSseq.similarity(one.letters, other.letters) / shorter) ** _SHARPER,
        # Of all sounds, of the consonants, and of the consonants of the words in any order, those that both have.
        Indel.normalized_similarity(one.sounds, other.sounds) ** _SHARPER,
        consonants,
        (token_set_ratio(one.words, other.words) / 100) ** _SHARPER,
        # How far two different names begin alike: often with the word for a village or a lake, which says less.
        Prefix.normalized_similarity(one.romanised, other.romanised) if one.romanised != other.romanised else 0.0,
        # Where only one name is written with vowels, letters and sounds say less than they should, consonants more.
        consonants * abs(one.spoken - other.spoken),
        # Romanisations differ by habit; in its own script a place has one spelling.
        float(one.script == other.script != "LATIN"),
    )


def _told_apart(one: _Spelling, other: _Spelling) -> bool:
    words, others = set(one.heard.split()), set(other.heard.split())
    if any((words & here and others & there) or (words & there and others & here) for here, there in _OPPOSITES):
        return True
    numbers, other_numbers = (set(filter(str.isdigit, name.romanised.split())) for name in (one, other))
    if numbers and other_numbers and numbers != other_numbers:
        return True
    shorter, longer = sorted((one.sounds, other.sounds), key=len)
    return (
        " " not in one.romanised + other.romanised
        and min(one.spoken, other.spoken) >= _SPOKEN
        and len(shorter) <= _SHORT
        and len(longer) - len(shorter) >= _MORE
        and LCSseq.similarity(shorter, longer) == len(shorter)
    )


@lru_cache(maxsize=4096)
def _spelling(name: str) -> _Spelling:
    romanised = _romanised(name)
    letters = romanised.replace(" ", "")
    heard = _heard(romanised)
    return _Spelling(
        folded=fold(name),
        romanised=romanised,
        letters=letters,
        heard=heard,
        sounds=heard.replace(" ", ""),
        consonants=skeleton(name),
        words=" ".join(word.translate(_VOWELS) or word for word in heard.split()),
        spoken=sum(map(letters.count, "aeiou")) / max(len(letters), 1),
        script=next((unicodedata.name(letter, "").split(" ")[0] for letter in name if letter.isalpha()), ""),
    )


def _romanised(name: str) -> str:
    """Write a name in folded Latin letters; pictures, which `anyascii` would spell out, are left out."""
    if name.isascii():
        return fold(name)
    spoken = _WRITTEN_BEFORE.sub(r"\2\1", unicodedata.normalize("NFKC", name))
    return fold(anyascii("".join(letter for letter in spoken if unicodedata.category(letter) != "So")))
