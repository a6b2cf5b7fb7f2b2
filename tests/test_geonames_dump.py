"""Country packs out of GeoNames' dumps, made up here in their true shape."""

import zipfile
from datetime import date
from pathlib import Path

import pytest

from gazetteer import DamagedDataError, Gazetteer, MissingDataError, Name, NameKind, RadiusBasis, Verdict, installed
from gazetteer.build import geonames


def row(number, name, *, at, feature, units=("", ""), population=0, spellings="") -> str:
    """A line of a dump; `at` is longitude and latitude, `feature` class and code."""
    east, north = at
    cells = [number, name, name, spellings, north, east, *feature, "TG", "", *units, "", "", population]
    return "\t".join(map(str, [*cells, "", 120, "Africa/Lome", "2024-01-02"]))


ROWS = (
    row(2364370, "Savanes", at=(0.5, 10.5), feature=("A", "ADM1"), units=("26", "")),
    row(2597447, "Kpendjal Prefecture", at=(0.62, 10.85), feature=("A", "ADM2"), units=("26", "2597447")),
    row(2365195, "Mandouri", at=(0.81667, 10.85), feature=("P", "PPLA2"), units=("26", "2597447"), population=3000),
    row(9000001, "Tambigou", at=(0.7, 10.9), feature=("P", "PPL"), units=("26", "2597447"), spellings="Tambigu,تمبيغو"),
    row(9000002, "Oti", at=(0.6, 10.7), feature=("H", "STM"), units=("26", "")),
    row(9000003, "Old Tambigou", at=(0.7, 10.9), feature=("P", "PPLH"), units=("26", "2597447")),
    row(9000004, "Nowhere", at=(0.7, 10.9), feature=("A", "ADM2"), units=("26", "999")),
    row(9000005, "Camp de Mandouri", at=(0.82, 10.86), feature=("S", "CMPRF"), units=("26", "2597447")),
)
ALTERNATES = (
    "1\t2365195\tfr\tMandouri\t1",
    "2\t2365195\tar\tماندوري\t\t\t\t\t\t",
    "3\t2365195\tfr\tPoste de Mandouri\t\t\t\t1\t1900-01-01\t1960-04-26",
    "4\t2365195\twkdt\tQ1234567",
    "5\t2365195\tlink\tx://nowhere",
    "6\t111\tfr\tAilleurs",
)


@pytest.fixture
def dump(tmp_path: Path) -> Path:
    path = tmp_path / "TG.txt"
    path.write_text("\n".join(ROWS) + "\n", encoding="utf-8")
    return path


@pytest.fixture
def with_alternates(dump: Path) -> Path:
    (dump.parent / "alternateNamesV2.txt").write_text("\n".join(ALTERNATES) + "\n", encoding="utf-8")
    return dump


def zipped(path: Path) -> Path:
    archive = path.with_suffix(".zip")
    with zipfile.ZipFile(archive, "w") as file:
        file.writestr("readme.txt", "GeoNames")
        file.write(path, path.name)
    return archive


def by_name(path: Path):
    return {record.place.name: record for record in geonames.records(geonames.read(path))}


def test_villages_units_and_camps_are_taken_and_waters_and_what_is_gone_are_not(dump):
    assert sorted(by_name(dump)) == ["Camp de Mandouri", "Kpendjal Prefecture", "Mandouri", "Savanes", "Tambigou"]


def test_a_zip_gives_the_same_as_the_text_inside(dump):
    assert by_name(zipped(dump)) == by_name(dump)


def test_a_place_knows_the_units_that_hold_it(dump):
    place = by_name(dump)["Tambigou"].place
    assert (place.admin1, place.admin2, place.country_code) == ("Savanes", "Kpendjal Prefecture", "TG")
    assert (place.longitude, place.latitude, place.geonames_id) == (0.7, 10.9, 9000001)


def test_a_unit_reaches_beyond_its_outermost_settlement(dump):
    unit = by_name(dump)["Kpendjal Prefecture"].place
    assert unit.uncertainty_basis is RadiusBasis.MEMBERS
    assert unit.uncertainty_km == pytest.approx(1.3 * 21.5, abs=0.5)


def test_a_unit_without_settlements_has_no_size_and_is_left_out(dump):
    assert "Nowhere" not in by_name(dump)


def test_alternate_names_bring_language_kind_and_days(with_alternates):
    record = by_name(with_alternates)["Mandouri"]
    assert Name("ماندوري", "ar", NameKind.VARIANT) in record.names
    assert Name("Mandouri", "fr", NameKind.CONVENTIONAL) in record.names
    assert Name("Poste de Mandouri", "fr", NameKind.HISTORIC, date(1900, 1, 1), date(1960, 4, 26)) in record.names
    assert record.place.wikidata_id == "Q1234567"
    assert not any("nowhere" in name.text for name in record.names)


@pytest.mark.parametrize(
    ("break_it", "message"),
    [
        (lambda text: text.replace("10.85", "north"), r"TG\.txt, line 2: no row of a GeoNames dump"),
        (lambda text: text + "only\tthree\tcells\n", r"TG\.txt, line 9: no row of a GeoNames dump"),
        (lambda text: text[:0], "holds no places of GeoNames"),
    ],
)
def test_a_damaged_dump_is_refused_by_its_line(dump, break_it, message):
    dump.write_text(break_it(dump.read_text(encoding="utf-8")), encoding="utf-8")
    with pytest.raises(DamagedDataError, match=message):
        geonames.read(dump)


def test_a_damaged_archive_names_the_member(dump):
    archive = zipped(dump)
    content = archive.read_bytes()
    at = content.index(b"Mandouri")
    archive.write_bytes(content[:at] + b"X" + content[at + 1 :])
    with pytest.raises(DamagedDataError, match=r"TG\.txt"):
        geonames.read(archive)


def test_a_missing_dump_is_named(tmp_path):
    with pytest.raises(MissingDataError, match=r"XX\.zip"):
        geonames.read(tmp_path / "XX.zip")


def test_an_installed_pack_answers_what_the_world_base_has_not(with_alternates, tmp_path, gazetteer):
    folder = tmp_path / "packs"
    assert gazetteer.lookup("Tambigou", country="TG").verdict is Verdict.UNKNOWN
    found = geonames.read(with_alternates)
    installed.install(found.about, geonames.records(found), expected=len(found.rows), folder=folder)
    match = Gazetteer.open(packs=folder).lookup("Tambigou", country="TG")
    assert (match.verdict, match.place.layer, match.uncertainty_km) == (Verdict.EXACT, "geonames-tg", 5)
    assert Gazetteer.open(packs=folder).lookup("تمبيغو", country="TG").place.name == "Tambigou"
