"""CSV in the columns of a dataset, and the statement beside it, for which a CSV has no room."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections.abc import Sequence

from gazetteer.boundaries import Boundaries
from incidents.dataset import Dataset
from incidents.export.values import HXL_TAGS, text_cell
from incidents.filters import Filters, apply
from incidents.geocode import records
from incidents.schema import COLUMNS
from incidents.statement import Overlay, statement


def to_csv(dataset: Dataset, filters: Filters, *, ordered: bool = True, hxl: bool = False) -> bytes:
    """Write the shown incidents as CSV in the columns of a dataset: `readers.read_table` reads them back.

    UTF-8 with a byte order mark, without which Excel takes é and ع for something else. A null is an empty
    cell. Text that a spreadsheet would run has an apostrophe before it (`formulas.defused`), which our reader
    takes away; numbers, negative ones too, are as they are. A CSV has no room to say which filters it answers and
    what it was made from: `to_sidecar` writes that beside it.

    Parameters
    ----------
    ordered
        In date order, as everything that shows incidents; else in the order of the dataset's file.
    hxl
        With a row of tags of the Humanitarian Exchange Language below the header; our reader passes over it.
    """
    shown = apply(dataset.incidents, filters)
    target = io.StringIO()
    writer = csv.writer(target, lineterminator="\n")
    writer.writerow(COLUMNS)
    if hxl:
        writer.writerow(HXL_TAGS[column] for column in COLUMNS)
    for incident in records(shown if ordered else shown.sort_index()):
        writer.writerow(text_cell(column, incident[column]) for column in COLUMNS)
    return target.getvalue().encode("utf-8-sig")


def to_sidecar(
    dataset: Dataset,
    filters: Filters,
    *,
    content: bytes,
    name: str,
    boundaries: Boundaries,
    overlays: Sequence[Overlay] = (),
) -> bytes:
    """Write what stands beside a CSV of the shown incidents, as JSON: the same statement that the GeoJSON carries.

    Parameters
    ----------
    content
        The CSV (`to_csv`); its hash ties the two files together.
    name
        What the CSV is called, without a folder.
    overlays
        What the desk draws besides the incidents, to be told with them.
    """
    told = {
        "file": {"name": name, "sha256": hashlib.sha256(content).hexdigest()},
        **statement(dataset, filters, boundaries=boundaries, overlays=overlays),
    }
    return f"{json.dumps(told, ensure_ascii=False, allow_nan=False, indent=2)}\n".encode()
