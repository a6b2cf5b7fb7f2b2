"""Which names the gazetteer lists, asked a million times; and how much a listed name stands for."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from math import log10
from typing import Final
from urllib.parse import quote
from weakref import WeakKeyDictionary, ref

import numpy as np

from gazetteer.curated import VOUCHED
from gazetteer.index import Gazetteer
from gazetteer.layer import Layer
from gazetteer.names import fold
from gazetteer.place import NameKind, Place
from gazetteer.tables import key_of

_BITS: Final = 1 << 26
_MASK: Final = _BITS - 1
_BATCH: Final = 100_000
_KEPT: Final = 100_000
#: How much a unit stands for, in magnitudes of a town's population.
_UNITS: Final = {"PCLI": 8.0, "ADM1": 6.5, "ADM2": 4.0}
_CURATED: Final = 5.0
_UNCOUNTED: Final = 2.0
_MOST_PLACES: Final = 60


@dataclass(frozen=True, slots=True)
class Standing:
    """What a listed name stands for: how prominent its best bearer is, by one of its own names or only by a spelling.

    `called` is how prominent the best one is that the gazetteer itself calls so.
    """

    called: float
    magnitude: float
    spelling: float
    unit: str
    countries: frozenset[str]
    divisions: frozenset[tuple[str, str]]

    @property
    def best(self) -> float:
        """The prominence that counts: a listed spelling counts less than a name."""
        return max(self.magnitude, self.spelling - 1.0)


class Listed:
    """The names of a gazetteer's layers.

    Every name is one bit of eight megabytes, so that asking costs a quarter of a microsecond; of what no layer has, one
    in 70 is taken for listed and then found to be nothing.
    """

    def __init__(self, gazetteer: Gazetteer) -> None:
        """Read the names of every layer."""
        # What is read of a gazetteer must not keep it from being let go of.
        self._gazetteer = ref(gazetteer)
        bits = np.zeros(_BITS // 8, dtype=np.uint8)
        for layer in gazetteer.layers:
            for keys in _keys(layer):
                spots = keys & _MASK
                np.bitwise_or.at(bits, spots >> 3, (1 << (spots & 7)).astype(np.uint8))
        self._bits = bits.tobytes()
        self.standing = lru_cache(maxsize=_KEPT)(self._standing)

    @classmethod
    def of(cls, gazetteer: Gazetteer) -> Listed:
        """Give the names of a gazetteer, which are read once as long as it is in use."""
        known = _OPEN.get(gazetteer)
        if known is None:
            known = _OPEN[gazetteer] = cls(gazetteer)
        return known

    def __contains__(self, folded: str) -> bool:
        """Tell whether a folded name may be listed; where not, it is not."""
        spot = key_of(folded) & _MASK
        return bool(self._bits[spot >> 3] & (1 << (spot & 7)))

    def _standing(self, folded: str) -> Standing | None:
        if folded not in self:
            return None
        gazetteer = self._gazetteer()
        hits = gazetteer.hits(folded) if gazetteer is not None else ()
        if not hits:
            return None
        called = own = spelt = 0.0
        unit = ""
        for hit in hits:
            worth = _magnitude(hit.place)
            if worth > called and fold(hit.place.name) == folded:
                called = worth
            if hit.name.kind in {NameKind.STANDARD, NameKind.CONVENTIONAL}:
                own = max(own, worth)
            else:
                spelt = max(spelt, worth)
            if hit.place.feature_code in _UNITS and worth > _UNITS.get(unit, 0.0):
                unit = hit.place.feature_code
        places = [hit.place for hit in hits[:_MOST_PLACES]]
        return Standing(
            called,
            own,
            spelt,
            unit,
            frozenset(place.country_code for place in places if place.country_code),
            frozenset((place.country_code, place.admin1) for place in places if place.country_code and place.admin1),
        )


_OPEN: WeakKeyDictionary[Gazetteer, Listed] = WeakKeyDictionary()


def _magnitude(place: Place) -> float:
    if place.feature_code in _UNITS:
        return _UNITS[place.feature_code]
    counted = log10(place.population) if place.population else _UNCOUNTED
    return max(counted, _CURATED) if place.layer in VOUCHED else counted


def _keys(layer: Layer) -> Iterator[np.ndarray[tuple[int], np.dtype[np.int64]]]:
    """The hashed names of a layer, many at a time: from its file, or one by one if it is in memory."""
    if layer.path is None:
        names = {name.text for place in layer for name in layer.names(place.place_id)}
        yield np.array(sorted(key_of(fold(name)) for name in names), dtype=np.int64)
        return
    address = f"file:{quote(str(layer.path))}?mode=ro&immutable=1"
    with closing(sqlite3.connect(address, uri=True)) as connection:
        rows = connection.execute("SELECT key FROM names")
        while batch := list(islice(rows, _BATCH)):
            yield np.fromiter((key for (key,) in batch), dtype=np.int64, count=len(batch))
