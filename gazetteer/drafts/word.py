"""Word documents: paragraphs, tables and notes out of WordprocessingML, without unpacking more than a draft needs."""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from io import BytesIO
from types import MappingProxyType
from typing import Final
from xml.parsers import expat

from gazetteer.drafts.draft import KINDS, Draft, Limits, Progress, Writer, refused

_WORD: Final = (
    "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    "http://purl.oclc.org/ooxml/wordprocessingml/main",
)
#: What is deleted or moved away by a tracked change, and what old programs are shown in place of something new.
_UNSEEN: Final = frozenset({"del", "moveFrom", "Fallback"})
_WRITTEN: Final[Mapping[str, str]] = MappingProxyType({"tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"})
_NOTES: Final = ("footnotes.xml", "endnotes.xml")
_PAGE_BREAK: Final = re.compile(rb""":br\b[^<>]*:type=["']page""")


def read_word(data: bytes, called: str, limits: Limits, _: Progress) -> Draft:
    """Read a Word document.

    Raises
    ------
    DraftError
        If it is damaged, encrypted, no Word document, or more than the limits.
    """
    with _unpacked(data, called) as archive:
        names = set(archive.namelist())
        main = _main_part(_part(archive, "_rels/.rels", called, limits), called) if "_rels/.rels" in names else ""
        if main not in names or not main.startswith("word/"):
            raise refused(called, f"is no Word document: {KINDS}")
        parts = [main, *(f"word/{notes}" for notes in _NOTES if f"word/{notes}" in names)]
        contents = [_part(archive, part, called, limits) for part in parts]
    writer = Writer(called, limits)
    rendered, broken = b"lastRenderedPageBreak" in contents[0], _PAGE_BREAK.search(contents[0]) is not None
    body = _Paragraphs(writer, rendered=rendered, broken=broken)
    for content in contents:
        _parse(content, called, body.start, body.end, body.text)
        body.page = None  # on which pages the notes stand is not written down
    return writer.draft()


@contextmanager
def _unpacked(data: bytes, called: str) -> Iterator[zipfile.ZipFile]:
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            yield archive
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError) as error:
        raise refused(called, "is a damaged or encrypted Word document: open it in Word and save it again") from error


def _part(archive: zipfile.ZipFile, part: str, called: str, limits: Limits) -> bytes:
    told = archive.getinfo(part)
    if told.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise refused(called, "is packed in a way that Word never uses: it is not opened")
    large = told.file_size > limits.unpacked_bytes
    dense = told.file_size > 1_000_000 and told.file_size > limits.ratio * max(told.compress_size, 1)
    if large or dense:
        raise refused(called, f"would unpack to {told.file_size:,} bytes, which no draft needs: it is not opened")
    return archive.read(told)


def _parse(
    content: bytes,
    called: str,
    start: Callable[[str, dict[str, str]], None],
    end: Callable[[str], None],
    text: Callable[[str], None] = lambda _: None,
) -> None:
    """Read XML that declares nothing: without declarations there is no entity, of this file or of another one."""

    def refuse(*_: object) -> None:
        raise refused(called, "declares a document type in its XML, which Word never does: it is not opened")

    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = refuse
    parser.StartElementHandler, parser.EndElementHandler, parser.CharacterDataHandler = start, end, text
    try:
        parser.Parse(content, True)
    except expat.ExpatError as error:
        raise refused(called, "is a damaged Word document: open it in Word and save it again") from error


def _main_part(relations: bytes, called: str) -> str:
    """The part of the package that is its text."""
    found = [""]

    def start(_: str, attributes: dict[str, str]) -> None:
        if attributes.get("Type", "").endswith("/officeDocument"):
            found[0] = attributes.get("Target", "").lstrip("/")

    _parse(relations, called, start, lambda _: None)
    return found[0]


class _Paragraphs:
    """Writes the paragraphs of WordprocessingML, an empty line between two of them."""

    def __init__(self, writer: Writer, *, rendered: bool, broken: bool) -> None:
        self._writer = writer
        #: Where Word wrote down how it last set the pages, that is believed; otherwise breaks set by hand are counted.
        self._rendered = rendered
        self.page = 1 if rendered or broken else None
        self._paragraph = 0
        self._unseen = 0
        self._in_text = False

    def start(self, element: str, attributes: dict[str, str]) -> None:
        namespace, _, tag = element.rpartition(" ")
        if tag in _UNSEEN:
            self._unseen += 1
        if self._unseen or namespace not in _WORD:
            return
        if tag == "p":
            self._paragraph += 1
            self._writer.gap("\n\n")
            self._writer.begin(self.page, self._paragraph)
        elif tag == "t":
            self._in_text = True
        elif tag == "lastRenderedPageBreak" or (
            tag == "br" and not self._rendered and attributes.get(f"{namespace} type") == "page"
        ):
            self.page = (self.page or 1) + 1
            self._writer.begin(self.page, self._paragraph)
        elif tag in _WRITTEN:
            self._writer.write(_WRITTEN[tag])

    def end(self, element: str) -> None:
        _, _, tag = element.rpartition(" ")
        if tag in _UNSEEN:
            self._unseen -= 1
        elif tag == "t":
            self._in_text = False

    def text(self, written: str) -> None:
        if self._in_text and not self._unseen:
            self._writer.write(written)
