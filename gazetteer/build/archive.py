"""Files out of a folder or an archive, one after the other, with how far it has been read."""

from __future__ import annotations

import lzma
import tarfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from gazetteer.place import DamagedDataError, MissingDataError


@dataclass(frozen=True, slots=True)
class Member:
    """A file of an archive: its path inside, what it holds, and the share (0 to 1) of the archive read with it."""

    name: str
    content: bytes
    share: float


def members(path: Path, *, suffix: str) -> Iterator[Member]:
    """Read the files with a suffix out of a folder, a `.zip`, or a `.tar` with any compression.

    Raises
    ------
    MissingDataError
        If there is no such folder or file.
    DamagedDataError
        If the archive is broken; the message names the last whole file before the fault, or the broken one.
    """
    if path.is_dir():
        yield from _folder(path, suffix)
    elif not path.is_file():
        message = f"there is no folder or file {path}"
        raise MissingDataError(message)
    elif zipfile.is_zipfile(path):
        yield from _zip(path, suffix)
    else:
        yield from _tar(path, suffix)


def _folder(path: Path, suffix: str) -> Iterator[Member]:
    files = sorted(path.rglob(f"*{suffix}"))
    for count, file in enumerate(files, start=1):
        yield Member(str(file.relative_to(path)), file.read_bytes(), count / len(files))


def _zip(path: Path, suffix: str) -> Iterator[Member]:
    with zipfile.ZipFile(path) as archive:
        entries = [entry for entry in archive.infolist() if entry.filename.endswith(suffix)]
        total = sum(entry.file_size for entry in entries) or 1
        done = 0
        for entry in entries:
            try:
                content = archive.read(entry)
            except (zipfile.BadZipFile, zlib.error, EOFError, OSError) as error:
                message = f"{path.name} is damaged: {entry.filename} cannot be read ({error}); nothing was installed"
                raise DamagedDataError(message) from error
            done += entry.file_size
            yield Member(entry.filename, content, done / total)


def _tar(path: Path, suffix: str) -> Iterator[Member]:
    size = path.stat().st_size or 1
    last = "its beginning"
    with path.open("rb") as file, _told(path, lambda: last), tarfile.open(fileobj=file, mode="r:*") as archive:
        for entry in archive:
            if entry.isfile() and entry.name.endswith(suffix):
                handle: IO[bytes] | None = archive.extractfile(entry)
                if handle is not None:
                    content = handle.read()
                    if len(content) != entry.size:
                        message = f"{path.name} is damaged: {entry.name} is cut short; nothing was installed"
                        raise DamagedDataError(message)
                    yield Member(entry.name, content, min(file.tell() / size, 1.0))
            last = entry.name


@contextmanager
def _told(path: Path, last: object) -> Iterator[None]:
    """Say after which file an archive is broken."""
    try:
        yield
    except (tarfile.TarError, lzma.LZMAError, zlib.error, EOFError) as error:
        where = last() if callable(last) else last
        message = f"{path.name} is damaged after {where} ({error}); nothing was installed"
        raise DamagedDataError(message) from error
