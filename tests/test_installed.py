"""What is installed on this machine: the index of the world, which one process builds once, and country packs."""

import fcntl
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from shutil import copytree

import pytest

from gazetteer import (
    DamagedDataError,
    Gazetteer,
    GazetteerError,
    MissingDataError,
    MissingIndexError,
    Name,
    Place,
    Precision,
    RadiusBasis,
    UnknownPlaceError,
    installed,
)
from gazetteer.data import DATA
from gazetteer.layer import Layer
from gazetteer.writing import About, Record

# The one slow part: three real builds of the index, of which one is killed and two start at once. They are done once,
# whatever the number of workers, and every test of the index reads what they left.
OLD = "world-0123456789abcdef.sqlite"
BUILDER = """
import json, sys, time
from gazetteer import installed

shares = []

def note(share):
    shares.append(share)
    print(share, flush=True)

print("ready", flush=True)
sys.stdin.readline()
built = installed.build(progress=note)
print(json.dumps({"built": built, "shares": shares, "at": time.time(), "name": installed.world().about.name}))
"""


@dataclass(frozen=True)
class Built:
    """What the builds left, and what they said."""

    cache: Path
    after_killed: list[str]  # the names of the files when the first build had been killed
    told: list[dict]  # what the two that started at once said, in the order in which they ended

    @property
    def index(self) -> Path:
        (path,) = self.cache.glob("*.sqlite")
        return path


def builder(cache: Path) -> subprocess.Popen[str]:
    """A process that is ready to build, and waits for a line."""
    process = subprocess.Popen(
        [sys.executable, "-c", BUILDER],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[1],
        env={**os.environ, "INCIDENT_DESK_CACHE": str(cache)},
    )
    assert process.stdout.readline() == "ready\n"
    return process


def built_three_times(cache: Path) -> dict:
    cache.mkdir()
    (cache / OLD).write_bytes(b"an index of an older release")
    with builder(cache) as killed:
        killed.stdin.write("\n")
        killed.stdin.flush()
        while float(killed.stdout.readline()) < 0.1:
            pass
        killed.kill()
    after_killed = sorted(path.name for path in cache.iterdir())
    with builder(cache) as one, builder(cache) as other:
        outputs = []
        for process in (one, other):
            process.stdin.write("\n")
            process.stdin.flush()
        for process in (one, other):
            said, _ = process.communicate(timeout=300)
            assert process.returncode == 0
            outputs.append(json.loads(said.splitlines()[-1]))
    return {"after_killed": after_killed, "told": sorted(outputs, key=lambda one: one["at"])}


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Built:
    """An index that was really built: the slow part of these tests."""
    root = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        root = root.parent  # the workers of one run share it
    cache, told = root / "built-index", root / "built-index.json"
    with (root / "built-index.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not told.is_file():
            told.write_text(json.dumps(built_three_times(cache)), encoding="utf-8")
    return Built(cache, **json.loads(told.read_text(encoding="utf-8")))


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A cache with nothing in it."""
    monkeypatch.setenv("INCIDENT_DESK_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


@pytest.fixture
def packs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder for packs that is not there yet."""
    monkeypatch.setenv("INCIDENT_DESK_PACKS", str(tmp_path / "the packs"))
    return tmp_path / "the packs"


def village(number: int, **cells) -> Place:
    place = Place(
        place_id=f"made:{number}",
        name=f"Zzyx {number}",
        feature_class="P",
        feature_code="PPL",
        placetype="locality",
        country_code="TG",
        admin1="Savanes",
        admin2=None,
        longitude=0.5,
        latitude=10.5,
        geo_precision=Precision.SETTLEMENT,
        uncertainty_km=5.0,
        uncertainty_basis=RadiusBasis.DEFAULT,
    )
    return replace(place, **cells)


def pack(name: str) -> About:
    return About(name, "made", f"Pack {name}", "CC0", "Made up {number}", countries=("TG",))


def install(name: str, *villages: Place, **options) -> Path:
    records = [Record(place, number=at) for at, place in enumerate(villages, start=1)]
    return installed.install(pack(name), records, expected=len(records), **options)


def test_a_killed_build_leaves_nothing_that_anybody_takes_for_an_index(built):
    assert OLD in built.after_killed
    left = [name for name in built.after_killed if name.startswith(".world-")]
    assert len(left) == 1
    assert [name for name in built.after_killed if name.endswith(".sqlite")] == [OLD]


def test_of_two_processes_that_start_at_once_one_builds_and_the_other_uses_what_it_made(built):
    assert sorted(one["built"] for one in built.told) == [False, True]
    assert [one["name"] for one in built.told] == ["world", "world"]
    builder, waiter = sorted(built.told, key=lambda one: not one["built"])
    assert waiter["shares"] == []
    assert waiter["at"] > builder["at"] - 1


def test_a_build_clears_the_drafts_of_killed_ones_and_old_indexes(built):
    assert {path.name for path in built.cache.iterdir()} == {built.index.name, ".lock"}
    assert built.index.name != OLD


def test_progress_goes_from_nothing_to_all_and_never_back(built):
    (shares,) = [one["shares"] for one in built.told if one["built"]]
    assert shares[0] == 0
    assert shares[-1] == 1
    assert shares == sorted(shares)
    assert len(shares) > 200
    assert all(0 <= share <= 0.95 for share in shares[:-1])
    assert shares[-2] > 0.9


def test_the_index_is_small(built):
    assert 30e6 < built.index.stat().st_size < 60e6


def test_an_index_that_is_there_is_not_built_again(built, monkeypatch):
    monkeypatch.setenv("INCIDENT_DESK_CACHE", str(built.cache))
    before = built.index.stat()
    began = time.perf_counter()
    shares: list[float] = []
    assert installed.build(progress=shares.append) is False
    assert time.perf_counter() - began < 1
    assert shares == []
    assert built.index.stat().st_mtime_ns == before.st_mtime_ns


def test_a_gazetteer_opens_on_the_built_index(built, packs, monkeypatch, gazetteer):
    monkeypatch.setenv("INCIDENT_DESK_CACHE", str(built.cache))
    opened = Gazetteer.open()
    assert opened.layers[-1].path == built.index
    assert len(opened) == len(gazetteer)
    assert opened.lookup("Ouagadougou").place == gazetteer.lookup("Ouagadougou").place


def test_a_missing_index_is_an_error_that_says_the_command(cache):
    for opening in (installed.world, Gazetteer.open):
        with pytest.raises(MissingIndexError, match="run `gazetteer build`"):
            opening()
    assert issubclass(MissingIndexError, GazetteerError)
    assert not cache.exists(), "asking makes nothing"


def test_the_index_belongs_to_its_data_and_to_the_code_that_makes_it(cache, tmp_path: Path):
    first = installed.index_path()
    assert first == installed.index_path()
    assert first.parent == cache
    data = copytree(DATA, tmp_path / "data")
    assert installed.index_path(data) == first
    with (data / "abbreviations.csv").open("a", encoding="utf-8") as file:
        file.write("TG,Savanes,Sav.\n")
    assert installed.index_path(data) != first
    (data / "units.parquet").unlink()
    with pytest.raises(MissingDataError, match=r"units\.parquet"):
        installed.index_path(data)
    with pytest.raises(MissingDataError, match=r"units\.parquet"):
        installed.build(data)


def test_an_index_that_is_none_is_refused_in_one_sentence(cache):
    path = installed.index_path()
    path.parent.mkdir()
    path.write_text("This is no index.")
    with pytest.raises(
        DamagedDataError, match=rf"^{path.name} is no layer .*: remove it and install or build it again$"
    ):
        installed.world()


def test_the_folders_are_the_user_s_unless_the_environment_names_others(monkeypatch, tmp_path: Path):
    for variable in ("INCIDENT_DESK_CACHE", "INCIDENT_DESK_PACKS"):
        monkeypatch.delenv(variable, raising=False)
    assert installed.cache_folder().name == "incident-desk"
    assert installed.packs_folder().parts[-2:] == ("incident-desk", "gazetteer")
    assert installed.cache_folder() != installed.packs_folder()
    monkeypatch.setenv("INCIDENT_DESK_CACHE", str(tmp_path / "c"))
    monkeypatch.setenv("INCIDENT_DESK_PACKS", str(tmp_path / "p"))
    assert (installed.cache_folder(), installed.packs_folder()) == (tmp_path / "c", tmp_path / "p")
    monkeypatch.setenv("INCIDENT_DESK_CACHE", "")
    assert installed.cache_folder().name == "incident-desk"


def test_packs_are_installed_replaced_listed_and_removed(packs):
    assert installed.packs() == ()
    path = install("tg", village(1), village(2))
    assert path == packs / "tg.sqlite"
    install("bf", village(3))
    assert [(layer.about.name, len(layer)) for layer in installed.packs()] == [("bf", 1), ("tg", 2)]
    install("tg", village(1))
    assert [(layer.about.name, len(layer)) for layer in installed.packs()] == [("bf", 1), ("tg", 1)]
    assert installed.packs()[1].about == pack("tg")
    installed.remove("bf")
    assert [layer.about.name for layer in installed.packs()] == ["tg"]
    installed.remove("tg")
    assert installed.packs() == ()
    assert [file.name for file in packs.iterdir()] == [".lock"]


def test_a_folder_may_be_given_instead(packs, tmp_path: Path):
    install("tg", village(1), folder=tmp_path / "elsewhere")
    assert installed.packs() == ()
    assert [layer.about.name for layer in installed.packs(tmp_path / "elsewhere")] == ["tg"]
    with pytest.raises(UnknownPlaceError):
        installed.remove("tg")
    installed.remove("tg", folder=tmp_path / "elsewhere")
    assert installed.packs(tmp_path / "elsewhere") == ()


@pytest.mark.parametrize("name", ["", "TG", "tg.sqlite", "../tg", "../the packs/tg", "*", ".lock", "\0", "\ud800"])
def test_a_pack_that_is_not_installed_cannot_be_removed_and_the_others_are_listed(packs, name):
    with pytest.raises(UnknownPlaceError, match="is installed; installed: none is"):
        installed.remove(name)
    install("tg", village(1))
    install("bf", village(1))
    with pytest.raises(UnknownPlaceError, match=r"installed: bf, tg$"):
        installed.remove(name)
    assert len(installed.packs()) == 2


def test_the_progress_of_a_pack_goes_from_nothing_to_all(packs):
    shares: list[float] = []
    records = (Record(village(number), number=number) for number in range(1, 5001))
    installed.install(pack("tg"), records, expected=2500, progress=shares.append)
    assert shares == [0.0, 0.38, 0.76, 0.95, 0.95, 1.0]


def broken() -> Iterator[Record]:
    yield Record(village(1), number=1)
    message = "member 2 is damaged"
    raise DamagedDataError(message)


def test_a_pack_that_breaks_off_leaves_what_was_there(packs):
    with pytest.raises(DamagedDataError, match="member 2"):
        installed.install(pack("tg"), broken(), expected=2)
    assert installed.packs() == ()
    install("tg", village(1), village(2))
    with pytest.raises(DamagedDataError, match="member 2"):
        installed.install(pack("tg"), broken(), expected=2)
    assert [len(layer) for layer in installed.packs()] == [2]
    assert {file.name for file in packs.iterdir()} == {".lock", "tg.sqlite"}


def test_a_damaged_pack_is_named(packs):
    install("tg", village(1))
    (packs / "bf.sqlite").write_text("This is no pack.")
    with pytest.raises(DamagedDataError, match=r"^bf\.sqlite is no layer"):
        installed.packs()


@pytest.mark.usefixtures("gazetteer")
def test_packs_come_between_the_curated_places_and_the_world(packs):
    kara = village(2, name="Kara", place_id="made:2", longitude=1.18613, latitude=9.55111)
    install("tg", village(1), kara)
    gazetteer = Gazetteer.open()
    assert [layer.about.name for layer in gazetteer.layers] == ["curated", "tg", "world"]
    assert gazetteer.lookup("Zzyx 1", country="TG").place.layer == "tg"
    # The pack's town is the world's, and outranks it.
    assert [place.place_id for place in gazetteer.candidates("Kara", country="TG", feature_class="P")] == ["made:2"]
    installed.remove("tg")
    assert [place.layer for place in Gazetteer.open().candidates("Kara", country="TG", feature_class="P")] == ["world"]


def test_whoever_has_a_pack_open_keeps_it_when_it_is_removed(packs):
    install("tg", village(1, name="Zzyx"))
    (layer,) = installed.packs()
    installed.remove("tg")
    assert [hit.name for hit in layer.bearers("zzyx")] == [Name("Zzyx")]


def test_a_second_process_waits_until_the_first_is_done(packs):
    code = """
        from gazetteer import installed
        from tests.test_installed import install, village
        print("ready", flush=True)
        install("tg", village(1))
        print("installed", flush=True)
    """
    with installed._alone(packs):
        other = subprocess.Popen(
            [sys.executable, "-c", "\n".join(line.strip() for line in code.splitlines())],
            stdout=subprocess.PIPE,
            text=True,
            cwd=Path(__file__).parents[1],
        )
        assert other.stdout.readline() == "ready\n"
        time.sleep(0.3)
        assert other.poll() is None
        assert list(packs.glob("*.sqlite")) == []
    with other:
        assert other.stdout.readline() == "installed\n"
    assert [layer.about.name for layer in installed.packs()] == ["tg"]
    assert isinstance(installed.packs()[0], Layer)
