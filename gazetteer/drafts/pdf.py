"""PDF: the text layer page by page, as pypdf reads it, within bounds of work and time."""

from __future__ import annotations

import logging
import re
import time
from io import BytesIO
from typing import Final

import pypdf

from gazetteer.drafts.draft import Draft, Limits, Progress, Writer, refused, too_much

#: What pypdf does for one stream or page at most; a page of print has some thousand operators, of some thousand bytes.
_BOUNDS: Final = pypdf.Configuration(
    stream_parsing_work_maximum_count=500_000,
    zlib_maximum_output_length=30_000_000,
    lzw_maximum_output_length=30_000_000,
    run_length_maximum_output_length=30_000_000,
    array_based_stream_maximum_output_length=30_000_000,
    stream_decoding_work_maximum_length=60_000_000,
    xform_maximum_invocations_per_extraction=500,
)
_CONTROLS: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
_DAMAGED: Final = "is a damaged PDF: print it to a new PDF"

# What cannot be read is said in the error; without a handler Python would print pypdf's remarks.
logging.getLogger("pypdf").addHandler(logging.NullHandler())


def read_pdf(data: bytes, called: str, limits: Limits, progress: Progress) -> Draft:
    """Read the text layer of a PDF.

    Raises
    ------
    DraftError
        If it is damaged, encrypted, only pictures, or more than the limits.
    """
    with pypdf.apply_configuration(_BOUNDS):
        reader = _opened(data, called)
        count = len(reader.pages)
        if count > limits.pages:
            raise too_much(called, f"{count:,} pages", limits.pages)
        writer = Writer(called, limits)
        silent: list[int] = []
        begun = time.monotonic()
        for number in range(1, count + 1):
            if time.monotonic() - begun > limits.seconds:
                raise refused(called, f"takes more than {limits.seconds:g} seconds to read: check it in parts")
            progress((number - 1) / count)
            text = _text_of(reader, number, called)
            if not any(map(str.isalnum, text)):
                silent.append(number)
            writer.gap("\n\f")
            for line, written in enumerate(text.split("\n"), start=1):
                if line > 1:
                    writer.write("\n")
                writer.begin(number, line)
                writer.write(written)
    if len(silent) == count:
        raise refused(called, "holds no text, only pictures of it: have its text recognised (OCR) first")
    return writer.draft(pages_without_text=tuple(silent))


def _opened(data: bytes, called: str) -> pypdf.PdfReader:
    locked = "is encrypted: save it without a password"
    try:
        reader = pypdf.PdfReader(BytesIO(data))
        opened = not reader.is_encrypted or bool(reader.decrypt(""))
        if opened:
            len(reader.pages)
    except pypdf.errors.DependencyError as error:
        raise refused(called, locked) from error
    except Exception as error:
        raise refused(called, _DAMAGED) from error
    if not opened:
        raise refused(called, locked)
    return reader


def _text_of(reader: pypdf.PdfReader, number: int, called: str) -> str:
    try:
        text = reader.pages[number - 1].extract_text()
    except Exception as error:
        raise refused(called, f"{_DAMAGED} (page {number} cannot be read)") from error
    # What only a damaged font gives: halves of a pair, and controls.
    whole = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return _CONTROLS.sub(" ", whole.replace("\r\n", "\n"))
