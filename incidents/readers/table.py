"""CSV in this project's own columns, of incidents and of sources."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

import pandas as pd

from incidents import schema
from incidents.errors import NotADatasetError
from incidents.readers.rows import MAX_BYTES, Reading, check_size, clean, read_rows


def read_table(content: bytes, *, name: str = "The file") -> Reading:
    r"""Read a CSV of incidents.

    Parameters
    ----------
    content
        The file, UTF-8, separated by comma, semicolon or tab, with a header.
    name
        How an error calls the file.

    Raises
    ------
    NotADatasetError
        If this is no text, no table, or a table without the columns that every incident needs.

    Examples
    --------
    >>> reading = read_table(b"incident_id,date_start\n")
    Traceback (most recent call last):
    ...
    incidents.errors.NotADatasetError: The file is not an incident dataset: it lacks the columns date_precision,
    event_type, attribution, place_as_reported, summary.
    """
    header, rows = _split(content, name=name)
    return read_rows(header, rows, name=name, is_spreadsheet=True)


def read_sources(content: bytes, *, name: str = "The file") -> pd.DataFrame:
    """Read a CSV of sources, one per `source_id`, as text.

    Raises
    ------
    NotADatasetError
        If the columns of a source are not there, a row is cut short, or a `source_id` is missing
        or comes twice.
    """
    header, rows = _split(content, name=name)
    if set(schema.SOURCE_COLUMNS) - set(header):
        msg = f"{name} is not a list of sources: it lacks the columns that `incidents/data/CODEBOOK.md` names."
        raise NotADatasetError(msg)
    records = []
    for number, cells in rows:
        if len(cells) != len(header):
            msg = f"{name}, row {number}: expected {len(header)} cells, as in the header, found {len(cells)}."
            raise NotADatasetError(msg)
        records.append({column: clean(cell) or None for column, cell in zip(header, cells, strict=True)})
    sources = pd.DataFrame(records, columns=list(schema.SOURCE_COLUMNS), dtype="str")
    if sources["source_id"].isna().any():
        msg = f"{name}: a source lacks its source_id."
        raise NotADatasetError(msg)
    twice = sources.loc[sources["source_id"].duplicated(), "source_id"].tolist()
    if twice:
        msg = f"{name}: these source_id come more than once: {', '.join(twice)}."
        raise NotADatasetError(msg)
    return sources


def _split(content: bytes, *, name: str) -> tuple[list[str], Iterator[tuple[int, list[str]]]]:
    """Header, and the rows numbered as a spreadsheet does; blank rows are passed over."""
    check_size(content, name=name)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        msg = f"{name} is not an incident dataset: it is not UTF-8 text (save it as 'CSV UTF-8')."
        raise NotADatasetError(msg) from error
    first = text.partition("\n")[0]
    delimiter = max(",;\t", key=first.count)
    csv.field_size_limit(MAX_BYTES)  # a long cell is that row's fault, not the file's
    try:
        rows = list(csv.reader(io.StringIO(text), delimiter=delimiter))
    except csv.Error as error:
        msg = f"{name} is not an incident dataset: it is no CSV ({error})."
        raise NotADatasetError(msg) from error
    if not rows:
        msg = f"{name} is not an incident dataset: it is empty."
        raise NotADatasetError(msg)
    header = [column.strip() for column in rows[0]]
    return header, ((number, row) for number, row in enumerate(rows[1:], start=2) if any(row))
