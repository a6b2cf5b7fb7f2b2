"""Which reader reads a document: by its ending, which its content must not contradict; and plain text itself."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path, PurePath
from types import MappingProxyType
from typing import Final

from gazetteer.drafts.draft import KINDS, Draft, Limits, Progress, refused, too_much
from gazetteer.drafts.pdf import read_pdf
from gazetteer.drafts.webpage import read_webpage
from gazetteer.drafts.word import read_word

#: How the bytes of a format begin, what it is called, and its ending if it is read.
_SIGNS: Final = (
    (b"%PDF-", "a PDF", ".pdf"),
    (b"PK\x03\x04", "a Word document or a packed file", ".docx"),
    (b"\xd0\xcf\x11\xe0", "encrypted, or of Word before 2007,", ""),
    (b"{\\rtf", "rich text (RTF)", ""),
    (b"\x89PNG", "a picture", ""),
    (b"\xff\xd8\xff", "a picture", ""),
    (b"GIF8", "a picture", ""),
    (b"\x1f\x8b", "a packed file", ""),
)
#: Characters that stand in no text, and the share of them from which on it is none.
_NEVER_WRITTEN: Final = tuple(map(chr, (*range(1, 9), *range(14, 32), 127)))
_STRANGE: Final = 0.001


def read_draft(
    source: Path | bytes,
    *,
    name: str | None = None,
    limits: Limits | None = None,
    progress: Progress = lambda _: None,
) -> Draft:
    r"""Read a document: `.txt`, `.md`, `.docx`, `.pdf` with a text layer, `.html`.

    Nothing is fetched for it and nothing in it runs. Of a Word document the paragraphs, tables, foot- and endnotes are
    read, as they stand when every tracked change is accepted; of a page of HTML what a browser shows.

    Parameters
    ----------
    source
        The file, or its bytes.
    name
        The name of the file whose bytes are given; its ending says what the document is.
    limits
        How much is read; None is the usual limits.
    progress
        Is told the share of the pages of a PDF that is read, 0 to 1.

    Raises
    ------
    DraftError
        If it cannot be read, with one sentence: no such file, too large, encrypted, only pictures, another format than
        its name says.

    Examples
    --------
    >>> draft = read_draft(b"<p>From <b>Kabul</b></p><p>to Herat</p>", name="draft.html")
    >>> draft.text
    'From Kabul\n\nto Herat'
    """
    bounds = limits or Limits()
    called = PurePath(name or (source.name if isinstance(source, PurePath) else "")).name or "A draft without a name"
    ending = PurePath(called).suffix.lower()
    reader = _READERS.get(ending)
    if reader is None:
        raise refused(called, f"is no kind of document that is read: {KINDS}")
    data = source if isinstance(source, bytes) else _bytes_of(source, called, bounds)
    if len(data) > bounds.file_bytes:
        raise too_much(called, f"{len(data):,} bytes", bounds.file_bytes)
    if not data.strip():
        raise refused(called, "is empty")
    for opening, what, right in _SIGNS:
        if data.startswith(opening) and ending != right:
            advice = f"rename it to {PurePath(called).stem}{right}" if right else KINDS
            raise refused(called, f"is {what} by its content, not what its ending says: {advice}")
    draft = reader(data, called, bounds, progress)
    if not any(map(str.isalnum, draft.text)):
        raise refused(called, "holds no text")
    progress(1.0)
    return draft


def _bytes_of(path: Path, called: str, limits: Limits) -> bytes:
    try:
        size = path.stat().st_size
        data = path.read_bytes() if size <= limits.file_bytes else b""
    except FileNotFoundError as error:
        raise refused(called, f"is not there: no file is at {path}") from error
    except OSError as error:
        raise refused(called, f"cannot be opened: {error.strerror or 'it is no file'}") from error
    if size > limits.file_bytes:
        raise too_much(called, f"{size:,} bytes", limits.file_bytes)
    return data


def _read_plain(data: bytes, called: str, limits: Limits, _: Progress) -> Draft:
    wide = data.startswith((b"\xff\xfe", b"\xfe\xff"))
    encoding = "utf-16" if wide else "utf-8-sig"
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        why = f"is no text in {encoding.removesuffix('-sig').upper()} (byte {error.start + 1:,} is none)"
        raise refused(called, f"{why}: save it as UTF-8") from error
    strange = sum(map(text.count, _NEVER_WRITTEN))
    if "\0" in text or strange > len(text) * _STRANGE:
        raise refused(called, "is no text: it holds characters that no text has")
    return Draft.of(text, name=called, limits=limits)


_READERS: Final[Mapping[str, Callable[[bytes, str, Limits, Progress], Draft]]] = MappingProxyType(
    {
        ".txt": _read_plain,
        ".md": _read_plain,
        ".markdown": _read_plain,
        ".docx": read_word,
        ".pdf": read_pdf,
        ".html": read_webpage,
        ".htm": read_webpage,
    }
)
