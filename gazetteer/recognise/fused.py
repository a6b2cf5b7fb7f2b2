"""Names to which a lost hyphen has glued the next word, as columns of a page do: "Iranbacked" is Iran, and "backed"."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Final

from gazetteer.recognise.listed import Listed
from gazetteer.recognise.tokens import Words

_GLUED: Final = ("backed", "based", "born", "led", "held", "controlled", "occupied", "sponsored", "allied", "aligned")
#: Only of places this prominent is so much said that the pair is no word of its own.
_LEAST: Final = 5.5
_SHORTEST: Final = 4


def fused(words: Words, listed: Listed, *, taken: Collection[int]) -> Iterator[tuple[int, int]]:
    """Give the spans of prominent places' names that such a word is glued to, but for words that start at `taken`."""
    for word, start in zip(words.words, words.starts, strict=True):
        if word[-1] != "d" or not word[0].isupper() or start in taken:
            continue
        glued = next((tail for tail in _GLUED if word.endswith(tail)), "")
        name = word[: -len(glued)] if glued else ""
        standing = listed.standing(name.casefold()) if len(name) >= _SHORTEST else None
        if standing is not None and standing.best >= _LEAST:
            yield start, start + len(name)
