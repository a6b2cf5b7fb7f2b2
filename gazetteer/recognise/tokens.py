"""A text as words with their spans, and what stands between two words: nothing, a line's end, a hyphen, a break."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from gazetteer.names import fold

# Marks that stand on a letter: of Latin letters that are written apart, of Arabic and of Hebrew.
_MARKS: Final = "\u0300-\u036f\u0591-\u05bd\u0610-\u061a\u064b-\u065f\u0670"
_LETTER: Final = rf"[^\W\d_][{_MARKS}]*"
_APOSTROPHE: Final = "'’ʼ‘ʻ`´"
_WORD: Final = re.compile(
    # "U.S.", "W.Va."; a word with apostrophes in it; a number.
    rf"(?:[A-Z]\.){{2,}}|(?:[A-Z]\.)+[A-Z][a-z]{{1,3}}\.(?=[\s,;)])|(?:{_LETTER})+(?:[{_APOSTROPHE}](?:{_LETTER})+)*|\d+(?:st|nd|rd|th)?"
)
#: What the French elide before a name: "d'Alep", "l’Irak", "jusqu'à".
_ELIDED: Final = re.compile(rf"(?:[dlnsmtjcDLNSMTJC]|[Qq]u|[Jj]usqu|[Ll]orsqu|[Pp]uisqu)[{_APOSTROPHE}](?=[^\W\d_])")
#: The Arabic and, in, so before an article: "والموصل" is "and Mosul".
_ARABIC_PREFIX: Final = re.compile("[وبف](?=ال..)")
_OWNER: Final = re.compile(rf"[{_APOSTROPHE}]s$")
#: Addresses of pages and mail, names on social networks, file names: no word of these is a place's name.
_ADDRESS: Final = re.compile(
    r"(?:https?://|www\.)\S+|[\w.+-]+@[\w-]+(?:\.[\w-]+)+|(?<!\w)[@#]\w+"
    r"|(?<![\w.])(?:[A-Za-z0-9](?:[\w-]*\w)?\.)+[a-z]{2,6}(?![\w.]*[^\W\d_]\.)(?:/[^\s,;)]*)?(?!\w)",
    re.ASCII,
)
_ADDRESS_HINT: Final = re.compile(r"[.@/#][A-Za-z0-9]")
_CHUNK: Final = re.compile(r"\S{1,400}")
_LONGEST: Final = 200
_SHORT: Final = 2
_JOINED: Final = frozenset({" ", "\u00a0", "\u202f", "  "})
#: The end of a line within a sentence, and of a page, whose number stands alone on a line.
_LINE_END: Final = re.compile(r"[ \t\u00a0]*\r?\n(?:[ \t\f]*\d{1,4}[ \t\f]*\r?\n(?:[ \t\f]*\r?\n)?)?[ \t\f]*")
_SENTENCE_END: Final = re.compile(r"[.!?:;•…\"“”«»|\u2022]|\n\s*\n|^\s*$")
#: The number of a page, alone on its line.
_PAGE: Final = re.compile(r"[ \t\f]*\d{1,4}[ \t\f]*\r?\n")
_STOPPED: Final = frozenset({". ", ".\n", "."})
_HYPHENS: Final = frozenset("-‐‑–")


@dataclass(slots=True)
class Words:
    """The words of a text, in order; every list has one entry per word.

    `folded` is the word as it is compared, `bare` the same without the "'s" of an owner, and `ends` where the word ends
    without it. `large` says that it starts with a capital letter, or with a letter of a script that has none.
    """

    text: str
    words: list[str]
    starts: list[int]
    ends: list[int]
    folded: list[str]
    bare: list[str]
    large: list[bool]

    def __len__(self) -> int:
        """Count the words."""
        return len(self.words)

    def gap(self, at: int) -> str:
        """What stands between a word and the next one; a line's end for the last word."""
        if at < 0 or at + 1 >= len(self.words):
            return "\n\n"
        return self.text[self.starts[at] + len(self.words[at]) : self.starts[at + 1]]

    def owns(self, at: int) -> bool:
        """Tell whether a word has the "'s" of an owner."""
        return self.starts[at] + len(self.words[at]) > self.ends[at]

    def join(self, at: int) -> str | None:
        """How a word and the next one may make one name: "" or " " is what folding has between them, None not at all.

        A hyphen at a line's end is "-": the word may be one that was divided there.
        """
        if at + 1 >= len(self.words):
            return None
        gap = self.gap(at)
        if not gap or gap in _JOINED or gap in _HYPHENS:
            return " " if gap else ""
        if gap in _STOPPED:
            return " " if self.folded[at] in ABBREVIATED or len(self.words[at]) == 1 else None
        if "\n" in gap and gap[0] in _HYPHENS and not gap[1:].strip():
            return "-"
        return " " if is_line_end(gap) else None

    def hyphen(self, at: int) -> bool:
        """Tell whether a hyphen binds a word to the next one."""
        if at < 0 or at + 1 >= len(self.words):
            return False
        gap = self.gap(at)
        return bool(gap) and gap[0] in _HYPHENS and gap[1:].strip() == "" and gap.count("\n") <= 1 and "  " not in gap

    def has_case(self, at: int) -> bool:
        """Tell whether a word is of a script that has capital letters."""
        first = self.words[at][0]
        return first.isupper() or first.islower()

    def begins_sentence(self, at: int) -> bool:
        """Tell whether a word is the first of a sentence, a heading or an item, so that it is large anyway."""
        if at == 0:
            return True
        gap = self.gap(at - 1)
        if gap in _JOINED or gap == ", ":
            return False
        if gap.startswith(".") and self.folded[at - 1] in ABBREVIATED:
            return False
        if self.words[at - 1].endswith(".") and gap in _JOINED:
            return False
        return _SENTENCE_END.search(gap) is not None

    def previous(self, at: int) -> str:
        """The folded word right before one in its sentence, "" if there is none."""
        if at <= 0:
            return ""
        gap = self.gap(at - 1)
        return self.folded[at - 1] if gap in _JOINED or not gap or is_line_end(gap) else ""

    def following(self, at: int) -> str:
        """The folded word right after one in its sentence, "" if there is none."""
        if at + 1 >= len(self.words):
            return ""
        gap = self.gap(at)
        owner = gap.startswith(("'", "’")) and gap[1:] in _JOINED
        return self.folded[at + 1] if gap in _JOINED or owner or is_line_end(gap) else ""


#: Short forms that end in a full stop and go on: "St. Louis", "Gen. Smith".
ABBREVIATED: Final = frozenset(
    [
        *(
            "st",
            "ste",
            "mt",
            "ft",
            "pt",
            "gen",
            "gov",
            "sen",
            "rep",
            "sens",
            "reps",
            "dr",
            "mr",
            "mrs",
            "ms",
            "mm",
            "mme",
        ),
        *(
            "lt",
            "col",
            "sgt",
            "capt",
            "maj",
            "cmdr",
            "adm",
            "prof",
            "rev",
            "hon",
            "jr",
            "sr",
            "cpl",
            "pvt",
            "brig",
            "supt",
        ),
        *("n", "s", "e", "w", "ne", "nw", "se", "sw", "no", "nos", "vs", "dept", "messrs", "pres", "dist", "co"),
    ]
)


def is_line_end(gap: str) -> bool:
    """Tell whether a gap is the end of a line, or of a page, inside a sentence."""
    return "\n" in gap and _LINE_END.fullmatch(gap) is not None


def words_of(text: str) -> Words:
    """Cut a text into words; addresses are left out."""
    addresses = _addresses(text)
    firsts = [start for start, _ in addresses]
    found = Words(text, [], [], [], [], [], [])
    for match in _WORD.finditer(text):
        start = match.start()
        if addresses:
            inside = bisect_right(firsts, start) - 1
            if inside >= 0 and start < addresses[inside][1]:
                continue
        if match[0].isdigit() and _PAGE.match(text, text.rfind("\n", 0, start) + 1, start + _LONGEST):
            continue
        for piece, offset, length, key, bare, large in _pieces(match[0]):
            found.words.append(piece)
            found.starts.append(start + offset)
            found.ends.append(start + offset + length)
            found.folded.append(key)
            found.bare.append(bare)
            found.large.append(large)
    return found


@lru_cache(maxsize=65_536)
def _pieces(word: str) -> tuple[tuple[str, int, int, str, str, bool], ...]:
    """A word, after what is elided before it: its text, offset, length without an owner's "'s", keys and case."""
    return tuple(_cut(word))


def _cut(word: str) -> Iterator[tuple[str, int, int, str, str, bool]]:
    offset = 0
    elided = _ELIDED.match(word) or _ARABIC_PREFIX.match(word)
    if elided and len(word) > elided.end() + 1 and not _is_whole(word):
        offset = elided.end()
        yield word[:offset], 0, offset, fold(word[:offset]), fold(word[:offset]), word[0].isupper()
    rest = word[offset:]
    key = fold(rest)
    if not key:
        return
    owner = _OWNER.search(rest) if len(rest) > _SHORT else None
    length = owner.start() if owner else len(rest)
    first = rest[0]
    large = first.isupper() or not (first.islower() or first.isdigit()) or rest[1:2].isupper()
    yield rest, offset, length, key, fold(rest[:length]) if owner else key, large


def _addresses(text: str) -> list[tuple[int, int]]:
    """Give the spans of addresses, looked for in what stands between spaces and has a sign of one in it."""
    found: list[tuple[int, int]] = []
    read = 0
    for hint in _ADDRESS_HINT.finditer(text):
        if hint.start() < read:
            continue
        least = max(hint.start() - _LONGEST, read)
        chunk = _CHUNK.match(text, max(least, max(text.rfind(space, least, hint.start()) for space in " \n\t(") + 1))
        if chunk is None:
            continue
        read = chunk.end()
        found += [one.span() for one in _ADDRESS.finditer(text, chunk.start(), read) if _is_address(one[0])]
    return found


def _is_whole(word: str) -> bool:
    """Names that begin as if something were elided: "N'Djamena", "L'Aquila" stay whole where they stand large."""
    return word[0] in "NS" and word[2:3].isupper()


def _is_address(found: str) -> bool:
    if "." not in found or found.startswith(("http", "www.")) or "@" in found or "/" in found:
        return True
    ending = found.rsplit(".", 1)[1]
    return ending in _DOMAINS


#: Endings of addresses and of file names.
_DOMAINS: Final = frozenset(
    [
        *("com", "net", "org", "info", "int", "gov", "edu", "mil", "tv", "co", "io", "biz", "app", "dev", "news"),
        *("media", "press", "online", "site", "xyz", "eu", "africa", "asia"),
        *("ac", "ad", "ae", "af", "ag", "ai", "al", "am", "ao", "ar", "at", "au", "az", "ba", "bb", "bd", "be"),
        *("bf", "bg", "bh", "bi", "bj", "bn", "bo", "br", "bs", "bt", "bw", "by", "bz", "ca", "cd", "cf", "cg"),
        *("ch", "ci", "cl", "cm", "cn", "cr", "cu", "cv", "cy", "cz", "de", "dj", "dk", "dm", "do", "dz", "ec"),
        *("ee", "eg", "er", "es", "et", "fi", "fj", "fm", "fr", "ga", "gb", "gd", "ge", "gh", "gm", "gn", "gq"),
        *("gr", "gt", "gw", "gy", "hk", "hn", "hr", "ht", "hu", "id", "ie", "il", "in", "iq", "ir", "is", "it"),
        *("jm", "jo", "jp", "ke", "kg", "kh", "ki", "km", "kp", "kr", "kw", "ky", "kz", "la", "lb", "lc", "li"),
        *("lk", "lr", "ls", "lt", "lu", "lv", "ly", "ma", "mc", "md", "me", "mg", "mk", "ml", "mm", "mn", "mr"),
        *("mt", "mu", "mv", "mw", "mx", "my", "mz", "na", "ne", "ng", "ni", "nl", "no", "np", "nz", "om", "pa"),
        *("pe", "pg", "ph", "pk", "pl", "ps", "pt", "pw", "py", "qa", "ro", "rs", "ru", "rw", "sa", "sb", "sc"),
        *("sd", "se", "sg", "si", "sk", "sl", "sm", "sn", "so", "sr", "ss", "st", "sv", "sy", "sz", "td", "tg"),
        *("th", "tj", "tl", "tm", "tn", "to", "tr", "tt", "tw", "tz", "ua", "ug", "uk", "us", "uy", "uz", "va"),
        *("vc", "ve", "vn", "vu", "ws", "ye", "za", "zm", "zw"),
        *("pdf", "doc", "docx", "html", "htm", "csv", "xls", "xlsx", "txt", "jpg", "png"),
    ]
)
