"""Names that are a slip or an ear away: a deletion index, and one of sounds, over the names of one country."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Final, overload

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import OSA

from gazetteer.names import fold, skeletons

#: Names shorter than this have too many neighbours for a guess.
SHORTEST_GUESS: Final = 4
#: Longer names are indexed by this many letters, which tell them apart well enough.
_LETTERS: Final = 32
#: A skeleton of fewer letters is that of too many names.
_SHORTEST_SOUND: Final = 3
#: How many names are hashed at once.
_AT_ONCE: Final = 8_192
# Odd, so that every power of it is as well and multiplying loses nothing; otherwise of no meaning.
_BASE: Final = np.uint64(0x9E3779B97F4A7C15)


_Hashed = Callable[[Sequence[str]], tuple[NDArray[np.uint32], NDArray[np.uint32]]]


@dataclass(frozen=True, slots=True)
class Near:
    """A name of the index: `distance` is the number of slips to it, None where it only sounds alike.

    `rarity` is 0 for the slips that can happen in few ways, so that each is likely: a letter left out, two swapped; 1
    for those that can happen in many, since any letter may stand in the name by mistake.
    """

    key: str
    distance: int | None
    rarity: int = 0


class NearNames:
    """The folded names of a country, found by what a slip or another romanisation makes of them.

    Two names one slip apart (a letter left out, added or changed, or two swapped) become the same text when at most one
    letter is left out of each. So every name stands in the index once for each of its letters, as a 32-bit hash of what
    is left without it; asking is as many searches as the asked name has letters. The same one for every sound.

    Examples
    --------
    >>> names = NearNames(["Mandouri", "Mango", "Kpendjal"])
    >>> [(near.key, near.distance) for near in names.near("Mandourri")]
    [('mandouri', 1)]
    """

    def __init__(self, names: Iterable[str]) -> None:
        """Index names as they are written."""
        self.keys = _Texts(sorted({key for key in map(fold, names) if len(key) >= SHORTEST_GUESS}))
        self._slips = _Hashes.of(self.keys, _deletions)
        self._sounds = _Hashes.of(self.keys, lambda keys: _whole(skeletons(keys)))

    def __len__(self) -> int:
        """Count the names."""
        return len(self.keys)

    def near(self, name: str) -> list[Near]:
        """Give the names one slip away, the more alike first, and then those that sound alike.

        A name of the index that is asked for itself is not among them.
        """
        asked = fold(name)
        if len(asked) < SHORTEST_GUESS:
            return []
        found = (self.keys[owner] for owner in self._slips.owners_of(_deletions([asked])[0]))
        slips = sorted(
            (_rarity(asked, key), -_alike(asked, key), key)
            for key in found
            if key != asked and OSA.distance(asked, key, score_cutoff=1) <= 1
        )
        known = {asked, *(key for *_, key in slips)}
        alike = sorted((OSA.distance(asked, key), key) for key in self._heard_as(asked) if key not in known)
        return [Near(key, 1, rarity) for rarity, _, key in slips] + [Near(key, None) for _, key in alike]

    def _heard_as(self, asked: str) -> list[str]:
        (sound,) = skeletons([asked])
        if len(sound) < _SHORTEST_SOUND:
            return []
        keys = [self.keys[owner] for owner in self._sounds.owners_of(_whole([sound])[0])]
        return [key for key, other in zip(keys, skeletons(keys), strict=True) if other == sound]


class _Texts(Sequence[str]):
    """Texts in one piece of memory, a fifth of what as many strings take."""

    def __init__(self, texts: Sequence[str]) -> None:
        encoded = [text.encode() for text in texts]
        self._ends = np.cumsum([0, *map(len, encoded)], dtype=np.uint32)
        self._bytes = b"".join(encoded)

    def __len__(self) -> int:
        return len(self._ends) - 1

    @overload
    def __getitem__(self, at: int) -> str: ...

    @overload
    def __getitem__(self, at: slice) -> list[str]: ...

    def __getitem__(self, at: int | slice) -> str | list[str]:
        if isinstance(at, slice):
            return [self[number] for number in range(*at.indices(len(self)))]
        if not -len(self) <= at < len(self):
            raise IndexError(at)
        number = at % len(self)
        return self._bytes[self._ends[number] : self._ends[number + 1]].decode()


@dataclass(frozen=True, slots=True)
class _Hashes:
    """Hashes in order, and the number of the name that each belongs to."""

    hashes: NDArray[np.uint32]
    owners: NDArray[np.uint32]

    @classmethod
    def of(cls, texts: Sequence[str], hashed: _Hashed) -> _Hashes:
        """Hash texts, some at a time: as numbers they take many times the memory."""
        parts = [hashed(texts[at : at + _AT_ONCE]) for at in range(0, len(texts), _AT_ONCE)] or [hashed([])]
        hashes = np.concatenate([part for part, _ in parts])
        owners = np.concatenate([owner + at * _AT_ONCE for at, (_, owner) in enumerate(parts)]).astype(np.uint32)
        order = np.argsort(hashes, kind="stable")
        return cls(hashes[order], owners[order])

    def owners_of(self, asked: NDArray[np.uint32]) -> set[int]:
        """Give whose any of the asked hashes is."""
        first = np.searchsorted(self.hashes, asked, side="left")
        last = np.searchsorted(self.hashes, asked, side="right")
        return {int(owner) for low, high in zip(first, last, strict=True) for owner in self.owners[low:high]}


def _rarity(asked: str, key: str) -> int:
    return 0 if len(key) > len(asked) or sorted(key) == sorted(asked) else 1


def _alike(left: str, right: str) -> int:
    """Letters in common at the beginning and the end: slips are rarer in the first letter than inside."""
    return (left[:1] == right[:1]) + (left[-1:] == right[-1:])


def _codes(texts: Sequence[str]) -> NDArray[np.uint64]:
    """The letters of each text as numbers, 0 behind its end; cut at `_LETTERS`."""
    cut = np.array(texts, dtype=f"<U{_LETTERS}")
    return cut.view(np.uint32).reshape(len(texts), _LETTERS).astype(np.uint64)


def _powers() -> NDArray[np.uint64]:
    with np.errstate(over="ignore"):
        return np.cumprod(np.full(_LETTERS, _BASE), dtype=np.uint64)


def _whole(texts: Sequence[str]) -> tuple[NDArray[np.uint32], NDArray[np.uint32]]:
    """The hash of each text, and its number."""
    with np.errstate(over="ignore"):
        hashes = (_codes(texts) * _powers()).sum(axis=1, dtype=np.uint64)
    return _narrow(hashes), np.arange(len(texts), dtype=np.uint32)


def _deletions(texts: Sequence[str]) -> tuple[NDArray[np.uint32], NDArray[np.uint32]]:
    """The hashes of each text and of what is left of it without each of its letters, and its number."""
    codes, powers = _codes(texts), _powers()
    present = codes > 0
    with np.errstate(over="ignore"):
        weighed = codes * powers
        # Behind the letter that is left out, every letter moves up by one place.
        moved = np.zeros_like(codes)
        moved[:, 1:] = codes[:, 1:] * powers[:-1]
        before = np.cumsum(weighed, axis=1, dtype=np.uint64) - weighed
        after = np.cumsum(moved[:, ::-1], axis=1, dtype=np.uint64)[:, ::-1] - moved
        hashes = np.concatenate([weighed.sum(axis=1, dtype=np.uint64), (before + after)[present]])
    owners = np.concatenate([np.arange(len(texts)), np.nonzero(present)[0]])
    return _narrow(hashes), owners.astype(np.uint32)


def _narrow(hashes: NDArray[np.uint64]) -> NDArray[np.uint32]:
    """64 bits to 32; what then meets by chance is told apart by the distance."""
    return (hashes ^ (hashes >> np.uint64(32))).astype(np.uint32)
