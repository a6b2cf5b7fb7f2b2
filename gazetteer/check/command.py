"""The check of one file, as a command runs it: what it prints, and its exit code."""

from __future__ import annotations

import sys
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Final, TextIO

from gazetteer.check import Severity, check
from gazetteer.check.table import to_json, to_line
from gazetteer.drafts import DraftError, read_draft
from gazetteer.drafts.draft import Progress
from gazetteer.house import House, HouseError
from gazetteer.index import Gazetteer
from gazetteer.place import MissingDataError, MissingIndexError
from gazetteer.recognise import recognise

#: Exit codes: nothing found; findings; wrong use, such as a house style that says what it cannot; no draft to read.
CLEAN: Final = 0
FINDINGS: Final = 1
WRONG_USE: Final = 2
UNREADABLE: Final = 3


def main_check(
    path: Path,
    house_path: Path | None = None,
    *,
    as_json: bool = False,
    stdout: TextIO | None = None,
    stderr: TextIO | None = None,
    gazetteer: Gazetteer | None = None,
    on: date | None = None,
    least: Severity = Severity.NOTE,
    progress: Progress = lambda _: None,
) -> int:
    """Check a file, print what is found and give the exit code.

    Parameters
    ----------
    path
        The draft.
    house_path
        The file of house style; None is the one that ships with the package.
    as_json
        Whether a JSON list is printed, else one line for each finding.
    stdout, stderr
        Where findings, and where errors and the count are printed; None is the process's own.
    gazetteer
        Where names are looked up; None opens this machine's.
    on
        The day of the draft; None is today.
    least
        The least severity that counts and is printed.
    progress
        Is told the share of the work that is done, 0 to 1.

    Returns
    -------
    int
        0 nothing found, 1 findings, 2 the house style is wrong, 3 the draft or the gazetteer cannot be read.
    """
    out, complaints = stdout or sys.stdout, stderr or sys.stderr
    try:
        house = House.read(house_path) if house_path is not None else House.read()
        draft = read_draft(path, progress=lambda share: progress(share * _READ))
        known = gazetteer or Gazetteer.open()
        mentions = recognise(draft.text, gazetteer=known)
        progress(_RECOGNISED)
        found = check(draft.text, mentions=mentions, gazetteer=known, house=house, on=on, where=draft.where)
    except HouseError as error:
        complaints.write(f"{error}\n")
        return WRONG_USE
    except (DraftError, MissingDataError, MissingIndexError) as error:
        complaints.write(f"{error}\n")
        return UNREADABLE
    progress(1.0)
    told = [one for one in found if one.severity.rank <= least.rank]
    out.write(to_json(told) if as_json else "".join(f"{to_line(one, path.name)}\n" for one in told))
    if draft.pages_without_text:
        pages = ", ".join(map(str, draft.pages_without_text))
        complaints.write(f"{draft.name}: no text on page {pages}, which was not checked.\n")
    counts = Counter(one.severity for one in told)
    parts = [f"{counts[one]} {one}{'' if counts[one] == 1 else 's'}" for one in Severity if counts[one]]
    complaints.write(f"{draft.name}: {', '.join(parts) or 'nothing found'}\n")
    return FINDINGS if told else CLEAN


#: The shares of the work that are done when the draft is read, and when its places are recognised.
_READ: Final = 0.4
_RECOGNISED: Final = 0.7
