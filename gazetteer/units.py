"""The administrative units of one country, found by the names that sources give them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from gazetteer.kinds import bare
from gazetteer.names import fold, skeleton
from gazetteer.place import Place


class Units:
    """The first- and second-level units of a country, by the words that remain when their kind is left out."""

    def __init__(self, places: Iterable[Place]) -> None:
        """Index units; one that comes twice, in two layers, is that of the first."""
        self._by_words: defaultdict[frozenset[str], list[Place]] = defaultdict(list)
        self._by_sound: defaultdict[str, list[Place]] = defaultdict(list)
        for place in places:
            words = _words(place.name)
            known = self._by_words[frozenset(words)]
            if words and not any(same_unit(place, other) for other in known):
                known.append(place)
                self._by_sound[skeleton(" ".join(words))].append(place)

    def named(self, name: str, *, level: str) -> tuple[Place, ...]:
        """Give the units that a name may mean: the same words, else the same sound, else one in the other's words.

        Units of `level` come alone if there are any.
        """
        words = frozenset(_words(name))
        if not words:
            return ()
        sound = skeleton(" ".join(_words(name)))
        found = self._by_words.get(words) or (self._by_sound.get(sound) if len(sound) > 1 else None)
        if not found:
            found = [
                place for known, places in self._by_words.items() if known < words or words < known for place in places
            ]
        return tuple(place for place in found if place.feature_code == level) or tuple(found)


def _words(name: str) -> list[str]:
    return fold(bare(name)).split()


def same_unit(one: Place, other: Place) -> bool:
    """Tell whether two units of one name are one, as two layers have it."""
    if one.feature_code != other.feature_code:
        return False
    if not (one.admin1 and other.admin1):
        return True
    return skeleton(" ".join(_words(one.admin1))) == skeleton(" ".join(_words(other.admin1)))
