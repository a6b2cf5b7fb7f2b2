"""XLSX in this project's own columns: the first sheet that has them, and the first that lists sources."""

from __future__ import annotations

import io
import warnings
import zipfile
import zlib
from collections.abc import Iterator
from datetime import datetime
from typing import Final

import openpyxl
from openpyxl.worksheet._read_only import ReadOnlyWorksheet

from incidents.errors import NotADatasetError
from incidents.readers.rows import Reading, check_size, read_rows
from incidents.readers.sources import lists_sources, with_sources
from incidents.readers.values import text_of
from incidents.schema import REQUIRED

# A workbook is an archive. What it unpacks to is bounded before anything is unpacked.
_UNPACKED_BYTES: Final = 200_000_000
_MEMBERS: Final = 1000
_COLUMNS: Final = 500

# What openpyxl, the archive and the XML in it raise on a damaged or hostile file; none of them names a common base.
_BROKEN: Final = (
    ArithmeticError,
    AttributeError,
    EOFError,
    LookupError,
    OSError,
    RuntimeError,
    SyntaxError,
    TypeError,
    ValueError,
    zipfile.BadZipFile,
    zlib.error,
)


def read_workbook(content: bytes, *, name: str = "The file") -> Reading:
    """Read an XLSX of incidents: the first sheet whose header has the columns that every incident needs.

    The first sheet whose header has the columns of a source lists what the incidents cite.
    A formula counts with the value that it had when the workbook was saved.

    Raises
    ------
    NotADatasetError
        If this is no workbook, or none of its sheets has those columns.
    """
    _check(content, name)
    found: tuple[list[str], list[tuple[int, list[str]]]] | None = None
    sources: list[tuple[int, dict[str, str]]] | None = None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of styles and printers' settings, which nobody asks for here
            book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)
            for sheet in book.worksheets:
                rows = _rows(sheet)
                _, header = next(rows, (1, []))
                if found is None and set(REQUIRED) <= set(header):
                    # An empty cell at the end belongs to no column.
                    width = max(number for number, column in enumerate(header, start=1) if column)
                    cells = ((number, [*row, *[""] * width][:width]) for number, row in rows if any(row))
                    found = header[:width], list(cells)
                elif sources is None and lists_sources(header):
                    sources = [(number, dict(zip(header, row, strict=False))) for number, row in rows if any(row)]
    except _BROKEN as error:
        msg = f"{name} is not an incident dataset: it is no workbook that can be read (save it as .xlsx again)."
        raise NotADatasetError(msg) from error
    if found is not None:
        reading = read_rows(*found, name=name, is_spreadsheet=True)
        return reading if sources is None else with_sources(reading, sources, is_spreadsheet=True)
    msg = f"{name} is not an incident dataset: no sheet has the columns {', '.join(REQUIRED)}."
    raise NotADatasetError(msg)


def _check(content: bytes, name: str) -> None:
    check_size(content, name=name)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            members = archive.infolist()
    except _BROKEN as error:
        msg = f"{name} is not an incident dataset: it is no workbook (.xlsx)."
        raise NotADatasetError(msg) from error
    if len(members) > _MEMBERS or sum(member.file_size for member in members) > _UNPACKED_BYTES:
        msg = f"{name} unpacks to more than any curated dataset holds, and is not opened."
        raise NotADatasetError(msg)


def _rows(sheet: ReadOnlyWorksheet) -> Iterator[tuple[int, list[str]]]:
    """Rows as text cells, numbered as the spreadsheet does."""
    for number, row in enumerate(sheet.iter_rows(values_only=True, max_col=_COLUMNS), start=1):
        yield number, [text_of(_day(value)).strip() for value in row]


def _day(value: object) -> object:
    """A moment at midnight is a day; any other is left as it is, and rejected where a day belongs."""
    if isinstance(value, datetime) and (value.hour, value.minute, value.second, value.microsecond) == (0, 0, 0, 0):
        return value.date()
    return value
