"""What a client asks of the reconciliation service, read with distrust: batches of queries, and data extensions."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, TypeVar

from gazetteer.place import GazetteerError

#: How many queries one batch may have, and how many places one data extension.
MOST_QUERIES: Final = 100
MOST_PLACES: Final = 1_000
#: A text of more characters than this is refused; one that is only longer than a name is not found.
LONGEST_TEXT: Final = 10_000
#: How many candidates a query gets that does not say, and at most.
USUAL_LIMIT: Final = 10
MOST_CANDIDATES: Final = 50

_FIELDS: Final = frozenset({"query", "type", "type_strict", "limit", "properties"})
_STRICT: Final = ("any", "all", "should")
# How many types, properties, or values of a property are read.
_MOST_PARTS: Final = 50
_UNSPEAKABLE: Final = re.compile("[\x00\ud800-\udfff]")
_KINDS: Final[Mapping[type, str]] = {
    dict: "an object",
    list: "a list",
    str: "a text",
    bool: "true or false",
    type(None): "null",
}

_Kind = TypeVar("_Kind")


class RefusedError(GazetteerError, ValueError):
    """A request that is not answered: `status` is the HTTP status, the message one sentence for the client."""

    def __init__(self, message: str, *, status: int = 400) -> None:
        super().__init__(message)
        self.status = status


@dataclass(frozen=True, slots=True)
class Value:
    """A value of a property: a text, or the identifier and the name of a place that was reconciled before."""

    text: str
    place_id: str | None = None


@dataclass(frozen=True, slots=True)
class Query:
    """One reconciliation query; `values` are those of each of its properties."""

    text: str = ""
    types: tuple[str, ...] = ()
    strict: str = "any"
    limit: int = USUAL_LIMIT
    values: Mapping[str, tuple[Value, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Extension:
    """A data extension query: places and properties by their identifiers."""

    place_ids: tuple[str, ...]
    properties: tuple[str, ...]


def read_batch(text: str) -> dict[str, Query]:
    """Read a reconciliation query batch from JSON.

    Raises
    ------
    RefusedError
        If it is no batch as the specification has it, or is larger than the limits of this module.

    Examples
    --------
    >>> read_batch('{"q0": {"query": "Kunduz", "type": "ADM1"}}')["q0"].types
    ('ADM1',)
    """
    batch = _checked(_json(text, "queries"), dict, "the batch of queries")
    if len(batch) > MOST_QUERIES:
        message = f"The batch has {len(batch):,} queries; at most {MOST_QUERIES} are answered at once."
        raise RefusedError(message, status=413)
    return {_text(key, "the key of a query"): _query(query, key) for key, query in batch.items()}


def read_extension(text: str) -> Extension:
    """Read a data extension query from JSON.

    Raises
    ------
    RefusedError
        If it is no data extension query as the specification has it, or is larger than the limits of this module.

    Examples
    --------
    >>> read_extension('{"ids": ["naturalearth:ne"], "properties": [{"id": "country_code"}]}').properties
    ('country_code',)
    """
    asked = _checked(_json(text, "extend"), dict, "the data extension")
    ids = _checked(asked.get("ids"), list, 'the "ids" of the data extension')
    properties = _checked(asked.get("properties"), list, 'the "properties" of the data extension')
    if len(ids) > MOST_PLACES or len(properties) > _MOST_PARTS:
        message = f"At most {MOST_PLACES:,} places and {_MOST_PARTS} properties are answered at once."
        raise RefusedError(message, status=413)
    wanted = [_checked(one, dict, "a property of the data extension").get("id") for one in properties]
    return Extension(
        tuple(_text(one, 'a member of "ids"') for one in ids),
        tuple(dict.fromkeys(_text(one, 'the "id" of a property') for one in wanted)),
    )


def _query(query: Any, key: str) -> Query:
    where = f"query {key[:50]!r}"
    _checked(query, dict, where)
    unknown = sorted(set(query) - _FIELDS)
    if unknown:
        message = f"{_capital(where)} has a field {unknown[0][:50]!r}; the fields are {', '.join(sorted(_FIELDS))}."
        raise RefusedError(message)
    if "query" not in query and not query.get("properties"):
        message = f'{_capital(where)} has neither a "query" nor "properties".'
        raise RefusedError(message)
    types = query.get("type", [])
    strict = query.get("type_strict", "any")
    if strict not in _STRICT:
        message = f'The "type_strict" of {where} is not one of {", ".join(_STRICT)}.'
        raise RefusedError(message)
    return Query(
        _text(query.get("query", ""), f'the "query" of {where}'),
        tuple(_text(one, f'the "type" of {where}') for one in _parts(types, f"types in {where}")),
        strict,
        _limit(query.get("limit", USUAL_LIMIT), where),
        _properties(query.get("properties", []), where),
    )


def _limit(limit: Any, where: str) -> int:
    whole = (isinstance(limit, int) and not isinstance(limit, bool)) or (
        isinstance(limit, float) and limit.is_integer()
    )
    if not whole or limit < 1:
        message = f'The "limit" of {where} is not a whole number from 1 on.'
        raise RefusedError(message)
    return min(int(limit), MOST_CANDIDATES)


def _properties(properties: Any, where: str) -> dict[str, tuple[Value, ...]]:
    read: dict[str, tuple[Value, ...]] = {}
    for one in _parts(_checked(properties, list, f'the "properties" of {where}'), f"properties in {where}"):
        if not isinstance(one, dict) or "pid" not in one or "v" not in one:
            message = f'A property of {where} is not an object with "pid" and "v".'
            raise RefusedError(message)
        pid = _text(one["pid"], f'the "pid" of a property of {where}')
        what = f"property {pid[:50]!r} of {where}"
        read[pid] = read.get(pid, ()) + tuple(_value(value, what) for value in _parts(one["v"], f"values of {what}"))
    return read


def _value(value: Any, what: str) -> Value:
    if isinstance(value, dict):
        place_id = _text(value.get("id"), f'the "id" of {what}')
        return Value(_text(value.get("name", place_id), f'the "name" of {what}'), place_id)
    return Value(str(value) if isinstance(value, int | float) else _text(value, what))


def _parts(parts: Any, what: str) -> list[Any]:
    """Take one of a kind for a list of one."""
    listed = parts if isinstance(parts, list) else [parts]
    if len(listed) > _MOST_PARTS:
        message = f"There are {len(listed):,} {what}; at most {_MOST_PARTS} are read."
        raise RefusedError(message)
    return listed


def _text(value: Any, what: str) -> str:
    text = _checked(value, str, what)
    if len(text) > LONGEST_TEXT:
        message = f"{_capital(what)} has {len(text):,} characters; at most {LONGEST_TEXT:,} are read."
        raise RefusedError(message)
    return spoken(text, what)


def _checked(value: Any, kind: type[_Kind], what: str) -> _Kind:
    if not isinstance(value, kind):
        message = f"{_capital(what)} is not {_KINDS[kind]}, but {_KINDS.get(type(value), 'a number')}."
        raise RefusedError(message)
    return value


def _capital(text: str) -> str:
    return f"{text[0].upper()}{text[1:]}"


def spoken(text: str, what: str) -> str:
    """Give a text back.

    Raises
    ------
    RefusedError
        If it has what no text has, and what the index cannot be asked: a null character, or half a character.
    """
    if _UNSPEAKABLE.search(text):
        message = f"{_capital(what)} has a null character, or half of a character."
        raise RefusedError(message)
    return text


def _json(text: str, name: str) -> Any:
    try:
        return json.loads(text, parse_constant=_no_number)
    except json.JSONDecodeError as error:
        message = f'The field "{name}" is not JSON: {error.msg}, at line {error.lineno}, column {error.colno}.'
    except RecursionError:
        message = f'The field "{name}" is nested too deeply.'
    except ValueError:
        message = f'The field "{name}" has a number that JSON does not have, or one of too many digits.'
    raise RefusedError(message)


def _no_number(constant: str) -> float:
    raise ValueError(constant)
