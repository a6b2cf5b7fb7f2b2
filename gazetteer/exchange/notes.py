"""What of a document is not taken as it stands, with its JSON path and the reason; and plain values, checked."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final, NoReturn, TypeVar

#: A text longer than this is the name of nothing.
LONGEST: Final = 500
LONGEST_SOURCE: Final = 5_000
# Marks that turn the direction of writing, so that a name reads as what it is not (Unicode bidi "embedding", "override"
# and "isolate"), and controls.
_SPOOFING: Final = re.compile("[\u202a-\u202e\u2066-\u2069\x00-\x08\x0b-\x1f\x7f]")
_SHOWN: Final = 60

_Word = TypeVar("_Word", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class Rejection:
    """What of a document was not taken as it stands: `path` is its JSON path.

    `whole` says that the whole feature was left out. Otherwise its place was taken, and only what the path names was
    left out or changed.
    """

    path: str
    reason: str
    title: str | None = None
    whole: bool = True


class Refused(Exception):  # noqa: N818  it is no error, but how a feature is left out
    """A feature, or a part of one, cannot be taken."""

    def __init__(self, path: str, reason: str) -> None:
        super().__init__(f"{path}: {reason}")
        self.path, self.reason = path, reason


class Notes:
    """What is noted while one feature is read: each part that was left out or changed."""

    def __init__(self, path: str) -> None:
        self.path = path
        self.title: str | None = None
        self.remarks: list[Rejection] = []

    def refuse(self, path: str, reason: str) -> NoReturn:
        """Leave the feature out, or the part of it that is being read."""
        raise Refused(path, reason)

    def remark(self, path: str, reason: str) -> None:
        """Keep the feature, and note what is not as it was."""
        self.remarks.append(Rejection(path, reason, self.title, whole=False))

    def items(self, holder: Mapping[str, Any], name: str, path: str | None = None) -> list[Mapping[str, Any]]:
        """The objects of a list that may be missing."""
        found = holder.get(name)
        if found is None:
            return []
        if not isinstance(found, list) or not all(isinstance(one, Mapping) for one in found):
            self.refuse(f"{path or self.path}.{name}", "this is no list of objects")
        return found

    def text(self, value: object, path: str, *, longest: int = LONGEST) -> str | None:
        """A text without marks that make it read as what it is not."""
        if value is None:
            return None
        if not isinstance(value, str):
            self.refuse(path, f"{shown(value)} is no text")
        clean = _SPOOFING.sub("", value)
        if clean != value:
            self.remark(path, "characters that turn the direction of writing, or are no writing, were taken out")
        if len(clean) > longest:
            self.refuse(path, f"this is a text of {len(clean):,} characters, and {longest:,} are the most")
        try:
            clean.encode()
        except UnicodeEncodeError:
            self.refuse(path, "this is not Unicode text")
        return clean

    def geometries(self, feature: Mapping[str, Any]) -> list[tuple[str, Mapping[str, Any]]]:
        """Every geometry of a feature, with its path."""
        geometry, path = feature.get("geometry"), f"{self.path}.geometry"
        if not isinstance(geometry, Mapping):
            if geometry is not None:
                self.refuse(path, f"{shown(geometry)} is no geometry")
            return []
        if geometry.get("type") != "GeometryCollection":
            return [(path, geometry)]
        members = geometry.get("geometries")
        if not isinstance(members, list) or not all(
            isinstance(one, Mapping) or one in (None, "null") for one in members
        ):
            self.refuse(f"{path}.geometries", "this is no list of geometries")
        return [(f"{path}.geometries[{number}]", one) for number, one in enumerate(members) if isinstance(one, Mapping)]

    def word(self, words: type[_Word], value: object, path: str) -> _Word:
        """One of the words of an enumeration."""
        found = next((word for word in words if word == value), None)
        return found or self.refuse(path, f"{shown(value)} is none of {', '.join(words)}")


def shown(value: object) -> str:
    """A value of the document, shortened to what fits into a sentence."""
    text = repr(value)
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"
