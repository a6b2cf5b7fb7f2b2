"""XLSX: the shown incidents as a sheet, the sources they cite as another, and the account of both as a third."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, Final

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from gazetteer.boundaries import Boundaries
from gazetteer.formulas import defused
from incidents.dataset import Dataset
from incidents.export.account import account
from incidents.export.citations import cited
from incidents.export.values import HXL_TAGS, text_cell
from incidents.filters import Filters, apply
from incidents.geocode import records
from incidents.schema import COLUMNS, DATES, DTYPES, SOURCE_COLUMNS
from incidents.statement import Overlay, statement

#: The sheets, in their order.
SHEETS: Final = ("Incidents", "Sources", "About this file")

# Excel counts 29 February 1900, a day that never was: days before it are written as text.
_FIRST_DAY: Final = date(1900, 3, 1)
# A workbook must say when it was made. It says this where the data knows of no day.
_NO_DAY: Final = date(1980, 1, 1)

_WIDE: Final = {"summary": 60, "notes": 40, "sources": 30, "place_as_reported": 28, "target": 28}
_USUAL_WIDTH: Final = 15


def to_xlsx(
    dataset: Dataset,
    filters: Filters,
    *,
    boundaries: Boundaries,
    overlays: Sequence[Overlay] = (),
    hxl: bool = False,
) -> bytes:
    """Write the shown incidents as a workbook that `readers.read_workbook` reads back.

    Every text is stored as text and never as a formula or a link, and what a spreadsheet would run, were it typed
    or saved as CSV, has an apostrophe before it (`formulas.defused`). Days are days, numbers are numbers with the 16
    digits that the format has, null is an empty cell. The time at which the workbook says that it was made is the
    last day of which the data knows: same input, same bytes.

    Parameters
    ----------
    hxl
        With a row of HXL tags below the header.
    """
    shown = apply(dataset.incidents, filters)
    told = statement(dataset, filters, boundaries=boundaries, overlays=overlays)
    target = io.BytesIO()
    options = {f"strings_to_{kind}": False for kind in ("numbers", "formulas", "urls")}
    with xlsxwriter.Workbook(target, {"in_memory": True, **options}) as book:
        made = dataset.known_to or _NO_DAY
        book.set_properties(
            {
                "title": f"Security incidents: {told['name']}",
                "comments": "; ".join(told["filters"]["in_words"]) or "Every incident of the dataset",
                "created": datetime(made.year, made.month, made.day),  # noqa: DTZ001  the format has no zone
            }
        )
        head = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
        day = book.add_format({"num_format": "yyyy-mm-dd", "align": "left"})
        grey = book.add_format({"font_color": "#5f6b7a"})
        _incidents(book.add_worksheet(SHEETS[0]), records(shown), head=head, day=day, tags=grey if hxl else None)
        _sources(book.add_worksheet(SHEETS[1]), cited(dataset, shown), head=head)
        about = book.add_worksheet(SHEETS[2])
        about.set_column(0, 0, 34, head)
        about.set_column(1, 1, 110, book.add_format({"text_wrap": True, "valign": "top"}))
        for row, line in enumerate(account(told)):
            _texts(about, row, line)
    return target.getvalue()


def _incidents(
    sheet: Worksheet, rows: Sequence[Mapping[str, Any]], *, head: Format, day: Format, tags: Format | None
) -> None:
    _texts(sheet, 0, COLUMNS, head)
    first = 1
    if tags:
        _texts(sheet, 1, [HXL_TAGS[column] for column in COLUMNS], tags)
        first = 2
    for row, incident in enumerate(rows, start=first):
        for at, column in enumerate(COLUMNS):
            value = incident[column]
            if value is None:
                continue
            if column in DATES and value.date() >= _FIRST_DAY:
                sheet.write_datetime(row, at, value.to_pydatetime(), day)
            elif column in DATES or DTYPES[column] == "str":
                sheet.write_string(row, at, text_cell(column, value))
            else:
                sheet.write_number(row, at, value)
    for at, column in enumerate(COLUMNS):
        sheet.set_column(at, at, _WIDE.get(column, _USUAL_WIDTH))
    sheet.freeze_panes(first, 1)
    sheet.autofilter(0, 0, max(first + len(rows) - 1, first), len(COLUMNS) - 1)


def _sources(sheet: Worksheet, sources: Sequence[Any], *, head: Format) -> None:
    _texts(sheet, 0, (*SOURCE_COLUMNS, "cited_by"), head)
    for row, source in enumerate(sources, start=1):
        _texts(sheet, row, [*source.record.values(), "; ".join(source.incident_ids)])
    sheet.set_column(0, 5, 28)
    sheet.set_column(6, 7, 12)
    sheet.set_column(8, 8, 60)
    sheet.freeze_panes(1, 0)


def _texts(sheet: Worksheet, row: int, texts: Sequence[str | None], dressed: Format | None = None) -> None:
    for at, text in enumerate(texts):
        if text:
            sheet.write_string(row, at, defused(text), dressed)
