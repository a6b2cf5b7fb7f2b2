"""House style: which of a place's names a desk writes, what it never flags, and how it spells persons and groups."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

from gazetteer.curated import VOUCHED
from gazetteer.data import DATA
from gazetteer.names import fold
from gazetteer.place import GazetteerError, Name, NameKind, Place

_KEYS: Final = ("kind", "languages", "places", "never", "persons", "groups")
_KINDS: Final = ("conventional", "standard")
_LANGUAGE: Final = re.compile("[a-z]{2,3}")
#: As the layers write the identifiers of places: "curated:af-bamyan", "geonames:1147242".
_PLACE_ID: Final = re.compile(r"[a-z][\w-]*:\S+")
_NEVER_TABLE: Final = re.compile(r"^[ \t]*\[[ \t]*never[ \t]*\][^\n]*$", re.MULTILINE)
_LATIN: Final = re.compile(r"[A-Za-z]")
_NONE: Final[Mapping[str, str]] = MappingProxyType({})


class HouseError(GazetteerError, ValueError):
    """A file of house style says something that it cannot say; the message names the key."""


@dataclass(frozen=True, slots=True)
class Form:
    """The name of a place in house style.

    `sure` says that the house, a curated layer or a name's language says so; without it the form is only what the
    gazetteer calls the place. `accepted` are the folded spellings that are as good.
    """

    text: str
    sure: bool
    accepted: frozenset[str]


@dataclass(frozen=True, slots=True)
class House:
    r"""A desk's style.

    `kind` and `languages` choose among a place's names. `places` and `names` are overrides, by identifier and by folded
    name. `never` gives the reason for each folded word that is never flagged. `persons` and `groups` give the spelling
    for each folded spelling that it replaces.

    Examples
    --------
    >>> house = House.of('kind = "standard"\n[places]\n"Kiev" = "Kyiv"')
    >>> str(house.kind), house.languages, dict(house.names)
    ('standard', ('en',), {'kiev': 'Kyiv'})
    """

    kind: NameKind = NameKind.CONVENTIONAL
    languages: tuple[str, ...] = ("en",)
    places: Mapping[str, str] = field(default_factory=lambda: _NONE)
    names: Mapping[str, str] = field(default_factory=lambda: _NONE)
    never: Mapping[str, str] = field(default_factory=lambda: _NONE)
    persons: Mapping[str, str] = field(default_factory=lambda: _NONE)
    groups: Mapping[str, str] = field(default_factory=lambda: _NONE)

    @classmethod
    def read(cls, path: Path = DATA / "house.toml") -> House:
        """Read a file of house style; without one, the style that ships with the package.

        Raises
        ------
        HouseError
            If it cannot be read, or says something that it cannot say; the message names the key.
        """
        try:
            text = path.read_text(encoding="utf-8-sig")
        except FileNotFoundError as error:
            message = f"no house style is at {path}"
            raise HouseError(message) from error
        except (OSError, UnicodeDecodeError) as error:
            message = f"{path.name} cannot be read as UTF-8 text"
            raise HouseError(message) from error
        return cls.of(text, called=path.name)

    @classmethod
    def of(cls, text: str, *, called: str = "the house style") -> House:
        """Take a house style as it stands in a file.

        Raises
        ------
        HouseError
            As `read`.
        """
        try:
            told = tomllib.loads(text)
        except tomllib.TOMLDecodeError as error:
            message = f"{called} is no TOML: {error}"
            raise HouseError(message) from error
        except RecursionError as error:
            message = f"{called} is nested too deeply"
            raise HouseError(message) from error
        return _Reader(called, told).house()

    def form(self, place: Place, names: Sequence[Name], *, on: date | None = None, written: str = "") -> Form:
        """Give the name that the house writes for a place.

        Parameters
        ----------
        place
            The place.
        names
            Its names, as `Gazetteer.names` gives them.
        on
            The day of the text: names that are not in force then are not written.
        written
            The name in the text, for which the house may have an override.
        """
        override = self.places.get(place.place_id) or self.names.get(fold(written)) or self.names.get(fold(place.name))
        if override is not None:
            return Form(override, sure=True, accepted=frozenset({fold(override)}))
        good = sorted(
            (name for name in names if name.in_force(on) and name.kind in _WRITTEN[self.kind]),
            key=lambda name: _WRITTEN[self.kind].index(name.kind),
        )
        spoken = (tuple(one for one in good if _language(one, place) == language) for language in self.languages)
        ours = next(filter(None, spoken), ())
        accepted = frozenset(fold(part) for name in ours for part in (name.text, _outside(name.text)))
        sure = place.layer in VOUCHED or place.feature_code == "PCLI"
        if fold(place.name) in accepted or (not ours and (not good or place.name in {name.text for name in good})):
            return Form(place.name, sure, accepted | {fold(place.name)})
        best = next((_outside(name.text) for name in ours or good if _LATIN.search(name.text)), place.name)
        return Form(best, sure or bool(ours), accepted | {fold(best)})


def with_never(style: str, words: Mapping[str, str]) -> str:
    r"""Give a file of house style with more words that are never flagged, all else as it stands in it.

    Parameters
    ----------
    style
        The file's text.
    words
        The reason for each word. One that is never flagged already keeps its own.

    Raises
    ------
    HouseError
        If the file says what it cannot say, or has no room for a table `[never]`.

    Examples
    --------
    >>> print(with_never('kind = "standard"', {"Green Zone": "usual name of the quarter"}).rstrip())
    kind = "standard"
    <BLANKLINE>
    [never]
    "Green Zone" = "usual name of the quarter"
    """
    known = House.of(style).never
    lines = [f"{_quoted(word)} = {_quoted(reason)}" for word, reason in words.items() if fold(word) not in known]
    if not lines:
        return style
    added = "\n".join(lines)
    head = _NEVER_TABLE.search(style)
    before, after = (style[: head.end()], style[head.end() :]) if head else (f"{style.rstrip()}\n\n[never]", "\n")
    told = f"{before}\n{added}{after}"
    House.of(told)
    return told


def _quoted(text: str) -> str:
    """A text as TOML writes it; its escapes are those of JSON."""
    return json.dumps(" ".join(text.split()), ensure_ascii=False).replace("\x7f", "\\u007F")


def _language(name: Name, place: Place) -> str:
    """The language of a name; the boundary layer calls countries by their English names and does not say so."""
    own = place.feature_code == "PCLI" and name.language == "und" and name.text == place.name
    return "en" if own else name.language


def _outside(name: str) -> str:
    """A name without the other one that stands in parentheses behind it: "Myanmar (Burma)"."""
    return name.partition(" (")[0]


#: The kinds of names that each kind of house writes, the better one first.
_WRITTEN: Final[Mapping[NameKind, tuple[NameKind, ...]]] = MappingProxyType(
    {
        NameKind.CONVENTIONAL: (NameKind.CONVENTIONAL, NameKind.STANDARD),
        NameKind.STANDARD: (NameKind.STANDARD,),
    }
)


@dataclass(frozen=True, slots=True)
class _Reader:
    """Reads what a file says, and names the key that is wrong."""

    called: str
    told: dict[str, Any]

    def house(self) -> House:
        for key in self.told:
            if key not in _KEYS:
                raise _wrong(self.called, key, f"is no key of a house style: it has {', '.join(_KEYS)}")
        kind = self.told.get("kind", "conventional")
        if kind not in _KINDS:
            raise _wrong(self.called, "kind", 'must be "conventional" or "standard"')
        places = self._texts("places", "the name that the house writes")
        return House(
            kind=NameKind(kind),
            languages=self._languages(),
            places={key: form for key, form in places.items() if _PLACE_ID.fullmatch(key)},
            names={fold(key): form for key, form in places.items() if not _PLACE_ID.fullmatch(key)},
            never={fold(word): reason for word, reason in self._texts("never", "the reason").items()},
            persons=self._spellings("persons"),
            groups=self._spellings("groups"),
        )

    def _languages(self) -> tuple[str, ...]:
        languages = self.told.get("languages", ["en"])
        is_list = isinstance(languages, list) and bool(languages)
        if not is_list or not all(isinstance(one, str) and _LANGUAGE.fullmatch(one) for one in languages):
            raise _wrong(self.called, "languages", 'must be a list of ISO 639-1 codes, such as ["en", "fr"]')
        return tuple(dict.fromkeys(languages))

    def _table(self, key: str) -> dict[str, Any]:
        table = self.told.get(key, {})
        if not isinstance(table, dict):
            raise _wrong(self.called, key, f"must be a table: write it as [{key}]")
        for name in table:
            if not fold(name):
                raise _wrong(self.called, f"{key}.{name!r}", "has no letter and no digit")
        return table

    def _texts(self, key: str, what: str) -> dict[str, str]:
        table = self._table(key)
        for name, text in table.items():
            if not isinstance(text, str) or not text.strip() or "\n" in text:
                raise _wrong(self.called, f"{key}.{name!r}", f"must be {what}, as a text of one line")
        return table

    def _spellings(self, key: str) -> dict[str, str]:
        replaced: dict[str, str] = {}
        for right, wrong in self._table(key).items():
            if not isinstance(wrong, list) or not all(isinstance(one, str) and fold(one) for one in wrong):
                raise _wrong(self.called, f"{key}.{right!r}", "must be a list of the spellings that it replaces")
            for one in wrong:
                if replaced.setdefault(fold(one), right) != right:
                    raise _wrong(
                        self.called, f"{key}.{right!r}", f"replaces {one!r}, which {replaced[fold(one)]!r} replaces too"
                    )
        return replaced


def _wrong(called: str, key: str, why: str) -> HouseError:
    return HouseError(f"{called}: {key} {why}")
