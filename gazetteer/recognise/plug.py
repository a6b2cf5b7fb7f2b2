"""Another recogniser beside this one: what it finds, read from whatever form it gives."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any, Final

from gazetteer.place import GazetteerError

#: Any callable that gives, for a text, spans with a label: tuples of start, end and label, or spaCy's entities.
Recogniser = Callable[[str], Any]

#: Labels of places and of peoples, as spaCy, OntoNotes, CoNLL and the models trained on them write them.
_PLACES: Final = frozenset(
    {"GPE", "LOC", "FAC", "LOCATION", "PLACE", "TOPONYM", "CITY", "COUNTRY", "STATE_OR_PROVINCE"}
)
_PEOPLES: Final = frozenset({"NORP", "NATIONALITY", "DEMONYM"})


class SpanError(GazetteerError, ValueError):
    """A recogniser gave a span that is not in the text."""


def spans(recogniser: Recogniser, text: str) -> Iterator[tuple[int, int, str]]:
    """Give what a recogniser finds of places and peoples: start, end and "place" or "demonym".

    Raises
    ------
    SpanError
        If a span is not inside the text.
    """
    found = recogniser(text)
    entries: Iterable[Any] = found.ents if hasattr(found, "ents") else found
    for entry in entries:
        start, end, label = _read(entry)
        if not 0 <= start < end <= len(text):
            message = f"{name_of(recogniser)} gave the span {start}:{end}, which is not in the text"
            raise SpanError(message)
        plain = label.upper().removeprefix("B-").removeprefix("I-")
        if plain in _PLACES:
            yield start, end, "place"
        elif plain in _PEOPLES:
            yield start, end, "demonym"


def name_of(recogniser: Recogniser) -> str:
    """Give the name that marks what a recogniser adds.

    spaCy's pipelines have a language and a name of their own: "en_core_web_sm".
    """
    meta = getattr(recogniser, "meta", None)
    if isinstance(meta, dict) and meta.get("name"):
        return f"{meta.get('lang', '')}_{meta['name']}".strip("_")
    name = getattr(recogniser, "name", None) or getattr(recogniser, "__name__", None)
    return name if isinstance(name, str) else type(recogniser).__name__


def _read(entry: Any) -> tuple[int, int, str]:
    if hasattr(entry, "start_char"):
        return int(entry.start_char), int(entry.end_char), str(entry.label_)
    start, end, label = entry
    return int(start), int(end), str(label)
