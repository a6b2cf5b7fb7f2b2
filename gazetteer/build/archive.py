"""Files out of a folder or an archive, one after the other, with how far it has been read."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import tarfile
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final, cast

from gazetteer.place import DamagedDataError, MissingDataError

_START: Final = "its beginning"
_SUFFIXES: Final = frozenset({".zip", ".tar", ".xz", ".gz", ".tgz", ".bz2"})
#: A tar archive is made of blocks of this many bytes, and ends with two of zeros.
_BLOCK: Final = 512
#: More than the reader of archives takes at once.
_KEPT: Final = 1 << 15
_AT_ONCE: Final = 1 << 20


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
    name = "its directory"
    try:
        with zipfile.ZipFile(path) as archive:
            entries = [entry for entry in archive.infolist() if entry.filename.endswith(suffix)]
            total = sum(entry.file_size for entry in entries) or 1
            done = 0
            for entry in entries:
                name = entry.filename
                content = archive.read(entry)
                done += entry.file_size
                yield Member(name, content, done / total)
    # The last two: a way of packing that Python does not know, and an archive that asks for a password.
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
        raise _damaged(path, f"at {name}", f"it cannot be read: {error}") from error


def _tar(path: Path, suffix: str) -> Iterator[Member]:
    size = path.stat().st_size or 1
    last = _START
    try:
        with path.open("rb") as file:
            stream = _Stream(_unpacked(file))
            with tarfile.open(fileobj=cast("IO[bytes]", stream), mode="r|") as archive:
                for entry in archive:
                    handle = archive.extractfile(entry) if entry.isfile() and entry.name.endswith(suffix) else None
                    if handle is not None:
                        content = handle.read()
                        if len(content) != entry.size:
                            raise _damaged(path, f"at {entry.name}", "it is cut short")
                        yield Member(entry.name, content, min(file.tell() / size, 1.0))
                    last = entry.name
            if not stream.ends_at(archive.offset):
                raise _damaged(path, f"after {last}", "it breaks off there")
    except (tarfile.TarError, lzma.LZMAError, zlib.error, EOFError, OSError) as error:
        if last == _START and path.suffix not in _SUFFIXES:
            message = f"{path.name} is no archive: expected .zip, or .tar with or without compression"
            raise DamagedDataError(message) from error
        raise _damaged(path, f"after {last}", " ".join(str(error).split())) from error


def _unpacked(file: io.BufferedReader) -> io.BufferedIOBase:
    """The archive without its compression, which its first bytes tell."""
    start = file.read(6)
    file.seek(0)
    if start.startswith(b"\x1f\x8b"):
        return gzip.GzipFile(fileobj=file)
    if start.startswith(b"BZh"):
        return bz2.BZ2File(file)
    if start == b"\xfd7zXZ\x00":
        return lzma.LZMAFile(file)
    return file


class _Stream:
    """A stream that remembers how it ended: a whole archive ends with blocks of zeros."""

    def __init__(self, file: io.BufferedIOBase) -> None:
        self._file = file
        self._tail = b""
        self._read = 0

    def read(self, size: int = -1) -> bytes:
        content = self._file.read(size)
        self._read += len(content)
        self._tail = (self._tail + content)[-_KEPT:]
        return content

    def ends_at(self, offset: int) -> bool:
        """Read the rest, which proves its checksum, and tell whether the archive's end was where reading stopped."""
        start = offset - (self._read - len(self._tail))
        stopped_at = self._tail[start : start + _BLOCK]
        while self.read(_AT_ONCE):
            pass
        return stopped_at == bytes(_BLOCK) == self._tail[-_BLOCK:]


def _damaged(path: Path, where: str, why: str) -> DamagedDataError:
    return DamagedDataError(f"{path.name} is damaged {where} ({why}); nothing was installed")
