"""Values of a typed file as the text of a cell, so that one reader of rows judges them all."""

from __future__ import annotations

import json
from datetime import date, datetime


def text_of(value: object) -> str:
    """Write a value as a cell has it: null is empty, a day its ISO date, a whole number without a point.

    Examples
    --------
    >>> [text_of(value) for value in (None, 5.0, 0.1, True, date(2021, 11, 19), " a ")]
    ['', '5', '0.1', 'true', '2021-11-19', ' a ']
    """
    match value:
        case None:
            return ""
        case bool():
            return str(value).lower()
        case float():
            return repr(value).removesuffix(".0")
        case datetime() | date():
            return value.isoformat()
        case dict() | list():
            return json.dumps(value, ensure_ascii=False)
        case _:
            return str(value)
