"""HTML: what a browser shows of a page, each block apart, read once from beginning to end."""

from __future__ import annotations

import re
from collections.abc import Mapping
from html import unescape
from types import MappingProxyType
from typing import Final

from gazetteer.drafts.draft import Draft, Limits, Progress, Writer, refused

#: What a browser shows nothing of; of the first ones not even tags are read.
_RAW: Final = re.compile("script|style|title|iframe|noembed|noframes")
_SILENT: Final = re.compile(f"{_RAW.pattern}|template|noscript|object|svg|math|datalist")
_APART: Final = re.compile(
    "p|div|h[1-6]|li|ul|ol|dl|dt|dd|table|caption|thead|tbody|tfoot|tr|td|th|hr|section|article|aside|header|footer|nav|"
    "main|body|blockquote|pre|figure|figcaption|form|fieldset|legend|address|details|summary|option"
)
_VOID: Final = re.compile("area|base|br|col|embed|hr|img|input|link|meta|source|track|wbr")
#: These end where the next one of them begins.
_UNCLOSED: Final = re.compile("p|li|dt|dd|tr|td|th|option")
# Quotes count only after "=", as in browsers. Nothing is read twice, also in what never ends.
_TAG: Final = re.compile(
    r"""<(?P<closes>/?+)(?P<name>[a-zA-Z][^\s/>]*+)(?P<rest>(?:[^>=]++|=\s*+(?:"[^"]*"|'[^']*'|))*+)>"""
)
_QUOTED: Final = re.compile(r""""[^"]*"|'[^']*'""")
_UNDISPLAYED: Final = re.compile(r"""\bstyle\s*=\s*["'][^"']*\bdisplay\s*:\s*none""", re.IGNORECASE)
_CHARSET: Final = re.compile(rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([\w.:-]{1,40})""", re.IGNORECASE)
#: The encodings of pages that are text in every byte.
_ENCODINGS: Final = re.compile(
    r"utf-?8|windows-125\d|cp125\d|iso-8859-\d{1,2}|koi8-[ru]|gb2312|gbk|gb18030|big5|shift_jis|euc-(?:jp|kr)"
)
_AS_BROWSERS_READ: Final[Mapping[str, str]] = MappingProxyType(
    {"iso-8859-1": "windows-1252", "us-ascii": "windows-1252", "iso-8859-9": "windows-1254", "gb2312": "gb18030"}
)
_FIRST: Final = re.compile("[a-zA-Z]")
_SPACE: Final = re.compile(r"[ \t\r\n\f]+")


def read_webpage(data: bytes, called: str, limits: Limits, _: Progress) -> Draft:
    """Read a page of HTML.

    Raises
    ------
    DraftError
        If it is in another encoding than it says, or more than the limits.
    """
    writer = Writer(called, limits)
    _Page(writer).read(_markup(data, called))
    return writer.draft()


def _markup(data: bytes, called: str) -> str:
    told = _CHARSET.search(data[:2048])
    encoding = told[1].decode("ascii").lower() if told else "utf-8"
    encoding = _AS_BROWSERS_READ.get(encoding, encoding)
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        encoding = "utf-16"
    elif data.startswith(b"\xef\xbb\xbf") or encoding in ("utf8", "utf-8"):
        encoding = "utf-8-sig"
    elif not _ENCODINGS.fullmatch(encoding):
        raise refused(called, f"says that it is written in {encoding}: save it as UTF-8")
    try:
        markup = data.decode(encoding)
    except (UnicodeDecodeError, LookupError) as error:
        raise refused(called, f"is not written in {encoding.removesuffix('-sig')}: save it as UTF-8") from error
    if "\0" in markup:
        raise refused(called, "is no text: it holds characters that no text has")
    return markup


class _Page:
    """Writes what a browser shows of markup, each block apart, and the line of the file that it comes from."""

    def __init__(self, writer: Writer) -> None:
        self._writer = writer
        self._line = 1
        self._apart = False
        self._spaced = False
        self._kept = 0  # how many elements around keep their line ends
        self._skipped = ""  # the element that is not shown
        self._depth = 0

    def read(self, markup: str) -> None:
        """Read a whole page."""
        at = 0
        while at < len(markup):
            opens = markup.find("<", at)
            if opens != at:
                opens = opens if opens >= 0 else len(markup)
                self._text(markup[at:opens])
                at = opens
                continue
            end = self._markup(markup, at)
            self._line += markup.count("\n", at, end)
            at = end

    def _markup(self, markup: str, at: int) -> int:
        """Read what begins with "<"; give where it ends. What never ends takes the rest, as in a browser."""
        following = markup[at + 1 : at + 2]
        if following in ("!", "?") or (following == "/" and not _FIRST.match(markup, at + 2)):
            closing = "-->" if markup.startswith("<!--", at) else ">"
            found = markup.find(closing, at + 1)
            return found + len(closing) if found >= 0 else len(markup)
        if following != "/" and not _FIRST.match(following):
            self._text("<")
            return at + 1
        tag = _TAG.match(markup, at)
        if tag is None:
            return len(markup)
        name = tag["name"].lower()
        if tag["closes"]:
            self._close(name)
            return tag.end()
        self._open(name, tag["rest"])
        if _RAW.fullmatch(name):
            ends = re.compile(f"</{name}", re.IGNORECASE).search(markup, tag.end())
            return ends.start() if ends else len(markup)
        return tag.end()

    def _open(self, name: str, rest: str) -> None:
        if self._skipped:
            again = name == self._skipped
            if (again and _UNCLOSED.fullmatch(name)) or (self._skipped in ("svg", "math") and _APART.fullmatch(name)):
                self._skipped = ""
            else:
                self._depth += again
                return
        if _APART.fullmatch(name):
            self._apart = True
        if name == "br":
            self._writer.write("\n")
            self._spaced = False
        self._kept += name == "pre"
        empty = name in ("svg", "math") and rest.endswith("/")
        silent = _SILENT.fullmatch(name) is not None and not empty
        if silent or (_is_hidden(rest) and not _VOID.fullmatch(name)):
            self._skipped, self._depth = name, 1

    def _close(self, name: str) -> None:
        if self._skipped:
            self._depth -= name == self._skipped
            if self._depth == 0:
                self._skipped = ""
        if not self._skipped:
            self._apart = self._apart or _APART.fullmatch(name) is not None
            self._kept = max(self._kept - (name == "pre"), 0)

    def _text(self, raw: str) -> None:
        for number, written in enumerate(raw.split("\n")):
            if number:
                self._line += 1
                self._spaced = True
                if self._kept and not self._apart and not self._skipped:
                    self._writer.write("\n")
            if not self._skipped and written:
                self._words(unescape(written))

    def _words(self, written: str) -> None:
        """Write a part of a line; runs of space are one, and none where a block begins."""
        text = written if self._kept else _SPACE.sub(" ", written)
        shown = text if self._kept else text.strip(" ")
        self._spaced = self._spaced or text.startswith(" ")
        if not shown:
            return
        if self._apart:
            self._writer.gap("\n\n")
        elif self._spaced and not self._kept:
            self._writer.gap(" ")
        self._writer.begin(None, self._line)
        self._writer.write(shown)
        self._apart, self._spaced = False, text.endswith(" ")


def _is_hidden(rest: str) -> bool:
    """Tell whether the attributes of a tag hide what it holds."""
    folded = rest.lower()
    if "hidden" in folded and re.search(r"(?<![\w-])hidden(?![\w-])", _QUOTED.sub("", folded)):
        return True
    return "display" in folded and _UNDISPLAYED.search(rest) is not None
