"""Words that say what kind of unit a name names, in the languages of the sources, and the name without them."""

from __future__ import annotations

import re
from typing import Final

from gazetteer.names import fold

# Read off the names of GeoNames' 51,000 units: the words that stand first or last in many of them. Folded.
_FIRST: Final = frozenset(
    [
        "province",
        "provincia",
        "provincie",
        "region",
        "regiao",
        "regione",
        "region",
        "governorate",
        "state",
        "department",
        "departement",
        "departamento",
        "district",
        "distrito",
        "distretto",
        "prefecture",
        "comuna",
        "commune",
        "municipio",
        "municipality",
        "municipiul",
        "municipalidad",
        "amphoe",
        "muang",
        "huyen",
        "quan",
        "thi",
        "thanh",
        "pho",
        "xa",
        "srok",
        "khum",
        "kabupaten",
        "kota",
        "shahrestan",
        "shahrestane",
        "powiat",
        "gemeente",
        "obshtina",
        "oras",
        "okres",
        "partido",
        "markaz",
        "grad",
        "bezirk",
        "politischer",
        "landkreis",
        "kreis",
        "opcina",
        "opstina",
        "daira",
        "wilaya",
        "wilayat",
        "muhafazat",
        "mintaqat",
        "liwa",
        "bashkia",
        "nomos",
        "nohiyai",
        "gorodskoy",
        "okrug",
        "cercle",
        "canton",
        "parish",
        "republic",
        "city",
        "county",
        "arrondissement",
        "concelho",
        "judet",
        "sub",
        "prefecture",
    ]
)
_LAST: Final = frozenset(
    [
        "province",
        "region",
        "governorate",
        "state",
        "department",
        "district",
        "county",
        "prefecture",
        "municipality",
        "rayon",
        "raion",
        "ili",
        "ilcesi",
        "pagasts",
        "novads",
        "kommun",
        "kommune",
        "okrug",
        "tumani",
        "jaras",
        "audany",
        "vald",
        "parish",
        "zone",
        "gun",
        "sum",
        "shi",
        "qu",
        "xian",
        "zizhizhou",
        "oblast",
        "sub",
        "prefecture",
        "krai",
        "kray",
        "atoll",
        "cercle",
        "subregion",
        "division",
        "territory",
        "borough",
        "township",
        "republic",
        "city",
        "administratsiya",
    ]
)
_LINKS: Final = frozenset({"de", "du", "des", "d", "di", "of", "do", "da", "dos", "das", "del", "della", "e", "ye"})
_ELIDED: Final = re.compile(r"d'(?=\w)", re.IGNORECASE)
_ARTICLES: Final = frozenset({"la", "le", "les", "l", "el"})


def bare(name: str) -> str:
    """Give the name of a unit without the words for its kind; the name itself if nothing else is left.

    Examples
    --------
    >>> bare("Province de la Kompienga"), bare("DeKalb County"), bare("Departamento de La Paz"), bare("Huyện Ba Vì")
    ('Kompienga', 'DeKalb', 'La Paz', 'Ba Vì')
    """
    words = name.replace("’", "'").split()
    first, last = 0, len(words)
    while first < last and _is_kind(words[first], _FIRST):
        first += 1
    if 0 < first < last:
        elided = _ELIDED.match(words[first])
        if elided:
            words[first] = words[first][elided.end() :]
        elif fold(words[first]) in _LINKS:
            first += 1
            # An article that is part of the name is written large: "La Paz".
            if first < last - 1 and fold(words[first]) in _ARTICLES and words[first][0].islower():
                first += 1
    while last > first and _is_kind(words[last - 1], _LAST):
        last -= 1
    return " ".join(words[first:last]) if first < last else name


def _is_kind(word: str, kinds: frozenset[str]) -> bool:
    """Tell whether a word says a kind; "sub-prefecture" is two of them."""
    parts = fold(word).split()
    return bool(parts) and all(part in kinds for part in parts)
