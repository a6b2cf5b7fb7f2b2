"""The browser libraries that are kept here are the ones that were pinned."""

import json
import shutil

import pytest

from incidents.assets import vendor


def test_every_vendored_file_is_as_the_manifest_says():
    assert vendor.altered() == ()


@pytest.mark.parametrize("package", vendor.PACKAGES, ids=lambda package: package.folder)
def test_every_pinned_package_is_kept_whole_with_its_licence(package):
    kept = {
        (line["file"], line["licence"])
        for line in json.loads(vendor.MANIFEST.read_bytes())
        if (line["package"], line["version"]) == (package.name, package.version)
    }
    assert kept == {(f"{package.folder}/{file.removeprefix('dist/')}", package.licence) for file in package.files}
    assert any(file.upper().startswith("LICEN") for file in package.files)


def test_a_changed_a_missing_and_an_added_file_are_all_noticed(tmp_path):
    kept = tmp_path / "vendor"
    shutil.copytree(vendor.VENDORED, kept)
    folder = kept / vendor.PACKAGES[0].folder
    with (folder / "leaflet.js").open("a") as script:
        script.write("// one line more")
    (folder / "leaflet.css").unlink()
    (folder / "added.js").touch()

    assert vendor.altered(kept) == tuple(f"{folder.name}/{name}" for name in ("added.js", "leaflet.css", "leaflet.js"))


def test_an_archive_that_is_not_the_pinned_one_is_refused():
    with pytest.raises(ValueError, match="nothing was taken"):
        vendor._check(b"another archive", package=vendor.PACKAGES[0])


def test_the_style_sheet_names_only_pictures_that_are_kept():
    package = vendor.VENDORED / vendor.PACKAGES[0].folder
    named = {part.split(")")[0] for part in (package / "leaflet.css").read_text().split("url(")[1:]}
    missing = {name for name in named if not name.startswith("#") and not (package / name).is_file()}

    assert "images/layers.png" in named
    assert missing == set()
