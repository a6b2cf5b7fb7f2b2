"""Rows of any file as incidents: each is accepted, or rejected with the reason."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

import pandas as pd
import pandera.pandas as pa

from gazetteer.boundaries import Boundaries
from gazetteer.formulas import restored
from incidents import schema
from incidents.errors import NotADatasetError
from incidents.schema import Rejected

#: A text longer than this is no place, name or sentence; it would stop every page that shows it.
LONGEST: Final = 500
LONGEST_PROSE: Final = 5000
_PROSE: Final = ("summary", "notes", "sources")

#: More than this is no curated list; larger collections have their own importers.
MAX_BYTES: Final = 20_000_000

# More than there are people, and less than a column of integers holds.
_LARGEST_COUNT: Final = 10_000_000_000

# Overrides that make a name read differently from what it is (Unicode bidi "embedding" and "override"), and controls.
_SPOOFING: Final = re.compile("[\u202a-\u202e\u2066-\u2069\x00-\x08\x0b-\x1f\x7f]")


@dataclass(frozen=True, slots=True)
class Reading:
    """What a file held.

    Attributes
    ----------
    accepted : pandas.DataFrame
        Rows with `schema.COLUMNS`, typed by `schema.DTYPES`, in the order of the file.
    rejected : tuple of Rejected
        Rows that were not taken, by row and column.
    ignored_columns : tuple of str
        Columns that no dataset of incidents has.
    sources : pandas.DataFrame or None
        `schema.SOURCE_COLUMNS`, where the file lists its sources itself; their faults are among `rejected`.
    """

    accepted: pd.DataFrame
    rejected: tuple[Rejected, ...]
    ignored_columns: tuple[str, ...]
    sources: pd.DataFrame | None = None


def check_size(content: bytes, *, name: str) -> None:
    """Refuse a file that is too large for a curated dataset, before anything of it is read.

    Raises
    ------
    NotADatasetError
        If it is larger than `MAX_BYTES`.
    """
    if len(content) > MAX_BYTES:
        msg = f"{name} is larger than {MAX_BYTES // 1_000_000} MB, which no curated dataset is."
        raise NotADatasetError(msg)


def read_rows(
    header: Sequence[str], rows: Iterable[tuple[int, Sequence[str]]], *, name: str, is_spreadsheet: bool
) -> Reading:
    """Read rows of text cells as incidents.

    Parameters
    ----------
    header
        The columns of the file, in any order.
    rows
        Each with its number as the file counts it; an empty cell is null. HXL tags in the first are passed over.
    name
        How an error calls the file.
    is_spreadsheet
        Whether text that a spreadsheet would run has an apostrophe before it here (`formulas.defused`).

    Raises
    ------
    NotADatasetError
        If a column that every incident needs is missing, or a column comes twice.
    """
    missing = [column for column in schema.REQUIRED if column not in header]
    if missing:
        msg = f"{name} is not an incident dataset: it lacks the columns {', '.join(missing)}."
        raise NotADatasetError(msg)
    twice = [column for column in schema.COLUMNS if header.count(column) > 1]
    if twice:
        msg = f"{name} is not an incident dataset: it has these columns more than once: {', '.join(twice)}."
        raise NotADatasetError(msg)
    rejected: list[Rejected] = []
    accepted: dict[int, dict[str, object]] = {}
    for position, (number, cells) in enumerate(rows):
        if position == 0 and _are_tags(cells):
            continue
        if len(cells) != len(header):
            reason = f"expected {len(header)} cells, as in the header, found {len(cells)}"
            rejected.append(Rejected(number, "", ", ".join(cells)[:80], reason))
            continue
        faults, record = _parse(dict(zip(header, cells, strict=True)), number, is_spreadsheet=is_spreadsheet)
        rejected.extend(faults)
        if not faults:
            accepted[number] = record
    table = pd.DataFrame.from_dict(accepted, orient="index", columns=list(schema.COLUMNS)).astype(schema.DTYPES)
    for faults_of in (_invalid, _nowhere, _pointing_on):
        faults = faults_of(table)
        rejected.extend(faults)
        table = table.drop(index=sorted({fault.row for fault in faults}))
    return Reading(
        accepted=table.reset_index(drop=True),
        rejected=tuple(sorted(rejected, key=lambda fault: (fault.row, fault.column))),
        ignored_columns=tuple(column for column in header if column not in schema.COLUMNS),
    )


def _are_tags(cells: Sequence[str]) -> bool:
    """Whether a row holds HXL tags, which name the columns once more."""
    filled = [cell for cell in cells if cell.strip()]
    return bool(filled) and all(re.fullmatch(r"#[a-z]\w*(\s*\+\w+)*", cell.strip()) for cell in filled)


def clean(cell: str, *, is_spreadsheet: bool = True) -> str:
    """Give a cell without controls, overrides and outer blanks, and without the apostrophe that disarmed it."""
    plain = unicodedata.normalize("NFC", _SPOOFING.sub("", cell)).strip()
    return restored(plain) if is_spreadsheet else plain


def _parse(cells: dict[str, str], number: int, *, is_spreadsheet: bool) -> tuple[list[Rejected], dict[str, object]]:
    """One row's cells as values; what cannot be read is a fault, never a default."""
    faults: list[Rejected] = []
    record: dict[str, object] = {}
    for column in schema.COLUMNS:
        cell = clean(cells.get(column, ""), is_spreadsheet=is_spreadsheet)
        if not cell:
            record[column] = None
            if column in schema.REQUIRED:
                faults.append(Rejected(number, column, "", "expected a value, found none"))
            continue
        longest = LONGEST_PROSE if column in _PROSE else LONGEST
        if len(cell) > longest:
            reason = f"expected at most {longest} characters, found {len(cell)}"
            faults.append(Rejected(number, column, f"{cell[:60]}…", reason))
            continue
        convert, expected = _CONVERSIONS.get(_kind(column), (str, "text"))
        try:
            record[column] = convert(cell)
        except ValueError:
            faults.append(Rejected(number, column, cell, f"expected {expected}"))
    return faults, record


def _kind(column: str) -> str:
    return schema.DTYPES[column]


def _count(cell: str) -> int:
    value = int(cell)
    if abs(value) > _LARGEST_COUNT:
        raise ValueError(cell)
    return value


def _measure(cell: str) -> float:
    value = float(cell)
    if not math.isfinite(value):
        raise ValueError(cell)
    return value


def _day(cell: str) -> date:
    """A day as ISO has it, or as GDAL writes it into a CSV: with slashes in the same order, and perhaps midnight."""
    slashed = re.fullmatch(r"(\d{4})/(\d\d)/(\d\d)( 00:00:00)?", cell, re.ASCII)
    return date.fromisoformat("-".join(slashed.groups()[:3]) if slashed else cell)


_CONVERSIONS: Final[dict[str, tuple[Callable[[str], object], str]]] = {
    "datetime64[s]": (_day, "a date like 2021-11-19"),
    "Int64": (_count, "a whole number"),
    "Float64": (_measure, "a number"),
}


def _invalid(table: pd.DataFrame) -> list[Rejected]:
    """Rows that break the schema: one fault per row and column, rules on several columns under the one to mend."""
    try:
        schema.INCIDENTS.validate(table, lazy=True)
    except pa.errors.SchemaErrors as error:
        cases = error.failure_cases
    else:
        return []
    column_of_rule = {str(check.error): str(check.name) for check in schema.INCIDENTS.checks}
    cells = table.astype("str").fillna("").to_dict()
    faults: dict[tuple[int, str], Rejected] = {}
    for case in cases.itertuples():
        number = int(case.index)
        column = column_of_rule.get(str(case.check), str(case.column))
        faults[number, column] = Rejected(number, column, cells[column][number], str(case.check))
    return list(faults.values())


def _nowhere(table: pd.DataFrame) -> list[Rejected]:
    """Rows of a country, or launched from one, that the boundary layer does not know."""
    known = set(Boundaries.load().countries["country_code"].dropna())
    reason = "expected the ISO 3166-1 code of a country that the boundaries have"
    return [
        Rejected(number, column, code, reason)
        for column in ("country_code", "launched_from")
        for number, code in zip(table.index, table[column], strict=True)
        if not (pd.isna(code) or code in known)
    ]


def _pointing_on(table: pd.DataFrame) -> list[Rejected]:
    """Rows whose figure is said to stand on a row that points elsewhere itself, so that it stands nowhere.

    A row that is not in the file is no fault: a selection may hold one of two incidents that share a figure.
    """
    joint = table["fatalities_joint_with"]
    lost = joint.isin(table.loc[joint.notna(), "incident_id"])
    reason = "expected the incident_id of the row that carries the joint figure"
    return [
        Rejected(int(number), "fatalities_joint_with", str(value), reason)
        for number, value in zip(joint.index[lost], joint[lost], strict=True)
    ]
