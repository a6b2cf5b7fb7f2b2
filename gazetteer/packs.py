"""Country packs as they are read from their sources, ready to be installed: one shape for all of them."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from gazetteer.build import geonames, whosonfirst
from gazetteer.exchange import from_linked_places
from gazetteer.layer import About, Record
from gazetteer.place import DamagedDataError

Progress = Callable[[float], None]

#: What packs can be made of.
SOURCES: Final = ("whosonfirst", "geonames", "linkedplaces")


@dataclass(frozen=True, slots=True)
class Pack:
    """A pack that was read: what it says of itself, its places and about how many.

    `faults` say what of it was not taken as it stands; `is_whole` tells whether every place was taken.
    """

    about: About
    records: Iterable[Record]
    expected: int
    faults: tuple[str, ...] = ()
    is_whole: bool = True


def read(source: str, path: Path, *, progress: Progress = lambda _: None) -> Pack:
    """Read a pack from one of `SOURCES`.

    Raises
    ------
    MissingDataError, DamagedDataError, NotLinkedPlacesError
        If there is nothing to read, or it is broken or something else; the message says which file and where.
    """
    if source == "whosonfirst":
        pack = whosonfirst.read(path, progress=progress)
        return Pack(pack.about, pack.records, len(pack.records))
    if source == "geonames":
        dump = geonames.read(path, progress=progress)
        return Pack(dump.about, geonames.records(dump), len(dump.rows))
    return _linked_places(path)


def _linked_places(path: Path) -> Pack:
    """Places of an editor or of another gazetteer; what of them cannot be taken is said, feature by feature."""
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        message = f"{path.name} is no JSON ({error}); nothing was installed"
        raise DamagedDataError(message) from error
    records, rejections = from_linked_places(document)
    about = About(
        name=f"linkedplaces-{path.stem.split('.')[0].lower()}",
        prefix="linkedplaces",
        title=f"Linked Places: {path.name}",
        licence="as the document says",
        source=path.name,
        countries=tuple(sorted({record.place.country_code or "" for record in records} - {""})),
    )
    faults = tuple(f"{rejection.title or 'a place'}, {rejection.path}: {rejection.reason}" for rejection in rejections)
    return Pack(about, records, len(records), faults, is_whole=not any(rejection.whole for rejection in rejections))
