"""Fetches the pinned browser libraries of the map, and checks the ones that are kept here.

Run as `python -m incidents.assets.vendor` by whoever raises a version: the files it writes are committed, so
neither an installation nor the dashboard fetches anything. It needs `npm`.
"""

import base64
import hashlib
import json
import shutil
import subprocess
import tarfile
import tempfile
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

VENDORED = Path(__file__).with_name("vendor")
MANIFEST = VENDORED / "MANIFEST.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Package:
    """One pinned package: what is taken from it, and what its archive must be."""

    name: str
    version: str
    licence: str
    integrity: str
    """Of the whole archive, as the registry states it: ``sha512-`` and the digest in base64."""
    files: tuple[str, ...]
    """Paths inside the package; the licence is one of them."""

    @property
    def folder(self) -> str:
        """Name of the folder that keeps the files; its version keeps a browser from mixing two."""
        return f"{self.name}-{self.version}"


PACKAGES = (
    # Leaflet alone: jQuery is only for folium's Popup, Bootstrap and Font Awesome only for its icon markers,
    # and the map uses none of these. The pictures are the ones that the style sheet names.
    Package(
        name="leaflet",
        version="1.9.4",
        licence="BSD-2-Clause",
        integrity="sha512-nxS1ynzJOmOlHp+iL3FyWqK89GtNL8U8rvlMOsQdTTssxZwCXh8N2NB3GDQOL+YR3XnWyZAxwQixURb+FA74PA==",
        files=(
            "LICENSE",
            "dist/leaflet.js",
            "dist/leaflet.css",
            "dist/images/layers.png",
            "dist/images/layers-2x.png",
            "dist/images/marker-icon.png",
        ),
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class VendoredFile:
    """One line of the manifest: a file kept here, where it is from, and its checksum."""

    package: str
    version: str
    licence: str
    file: str
    """Path below the ``vendor`` folder."""
    sha256: str


def altered(folder: Path = VENDORED) -> tuple[str, ...]:
    """Name the files of a vendor folder that are not as its manifest says: changed, missing, or not listed.

    Examples
    --------
    >>> altered()
    ()
    """
    listed = {line["file"]: line["sha256"] for line in json.loads((folder / MANIFEST.name).read_bytes())}
    found = {
        path.relative_to(folder).as_posix(): _sha256(path.read_bytes())
        for path in folder.rglob("*")
        if path.is_file() and path.name != MANIFEST.name
    }
    return tuple(sorted(name for name in listed | found if listed.get(name) != found.get(name)))


def fetch(package: Package, *, into: Path) -> Iterator[VendoredFile]:
    """Fetch one package with npm, check the archive, and write its files below a folder.

    Raises
    ------
    ValueError
        If the archive is not the one that was pinned.
    subprocess.CalledProcessError
        If npm cannot deliver it.
    """
    with tempfile.TemporaryDirectory() as scratch:
        subprocess.run(
            ["npm", "pack", "--silent", "--pack-destination", scratch, f"{package.name}@{package.version}"],
            check=True,
            stdout=subprocess.DEVNULL,
        )
        (archive,) = Path(scratch).iterdir()
        _check(archive.read_bytes(), package=package)
        with tarfile.open(archive) as members:
            for file in package.files:
                member = members.extractfile(f"package/{file}")
                if member is None:
                    msg = f"{package.folder} holds {file!r}, but not as a file."
                    raise ValueError(msg)
                content = member.read()
                kept = Path(package.folder, file.removeprefix("dist/"))
                (into / kept).parent.mkdir(parents=True, exist_ok=True)
                (into / kept).write_bytes(content)
                yield VendoredFile(
                    package=package.name,
                    version=package.version,
                    licence=package.licence,
                    file=kept.as_posix(),
                    sha256=_sha256(content),
                )


def _check(archive: bytes, *, package: Package) -> None:
    digest = "sha512-" + base64.b64encode(hashlib.sha512(archive).digest()).decode()
    if digest != package.integrity:
        msg = f"{package.folder} is {digest}, but {package.integrity} is pinned: nothing was taken."
        raise ValueError(msg)


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def main() -> None:
    """Fetch every pinned package into a new vendor folder, and put it in the old one's place."""
    with tempfile.TemporaryDirectory() as scratch:
        fresh = Path(scratch, VENDORED.name)
        fresh.mkdir()
        lines = [asdict(line) for package in PACKAGES for line in fetch(package, into=fresh)]
        (fresh / MANIFEST.name).write_text(json.dumps(lines, indent=2) + "\n", encoding="utf-8")
        shutil.rmtree(VENDORED, ignore_errors=True)
        shutil.copytree(fresh, VENDORED)
    print(f"{len(lines)} files in {VENDORED}")


if __name__ == "__main__":
    main()
