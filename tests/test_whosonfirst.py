"""A country pack out of a Who's On First repository, from a small one that was made up for these tests."""

import json
import shutil
import tarfile
import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
import shapely
from pyproj import Geod

from gazetteer import (
    DamagedDataError,
    Gazetteer,
    MissingDataError,
    Name,
    NameKind,
    Precision,
    RadiusBasis,
    Verdict,
    installed,
)
from gazetteer.build.whosonfirst import read, records
from gazetteer.record import resolve_record
from gazetteer.writing import Record

REPOSITORY = Path(__file__).parent / "data" / "whosonfirst" / "whosonfirst-data-admin-tg"
REGION, COUNTY, SEAT, VILLAGE, AIRFIELD = 900000011, 900000021, 900000031, 900000032, 900000051


@pytest.fixture(scope="module")
def made() -> dict[int, Record]:
    return {record.number: record for record in records(read(REPOSITORY))}


def folder(to: Path, source: Path = REPOSITORY) -> Path:
    return Path(shutil.copytree(source, to / source.name))


def tar(mode: str) -> Callable[..., Path]:
    def pack(to: Path, source: Path = REPOSITORY) -> Path:
        path = to / f"{source.name}.tar{mode.replace(':', '.')}"
        with tarfile.open(path, f"w{mode}") as archive:
            archive.add(source, source.name)
        return path

    return pack


def zipped(to: Path, source: Path = REPOSITORY) -> Path:
    path = to / f"{source.name}.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in sorted(source.rglob("*")):
            archive.write(file, file.relative_to(source.parent))
    return path


FORMS = {
    "folder": folder,
    ".tar": tar(""),
    ".tar.xz": tar(":xz"),
    ".tar.gz": tar(":gz"),
    ".tar.bz2": tar(":bz2"),
    ".zip": zipped,
}
# What these hold is checked by a sum, or by a directory at the end.
ARCHIVES = {form: FORMS[form] for form in (".tar.xz", ".tar.gz", ".tar.bz2", ".zip")}


def install(path: Path, to: Path) -> Path:
    pack = read(path)
    return installed.install(pack.about, records(pack), expected=len(pack.records), folder=to)


def edit(copy: Path, number: int, change: Callable[[dict], object]) -> None:
    """Change a record of a copied repository."""
    (file,) = copy.rglob(f"{number}.geojson")
    feature = json.loads(file.read_text(encoding="utf-8"))
    change(feature)
    file.write_text(json.dumps(feature), encoding="utf-8")


@pytest.mark.parametrize("pack", FORMS.values(), ids=FORMS)
def test_a_folder_and_every_archive_give_the_same_places(tmp_path: Path, made, pack):
    shares: list[float] = []
    packed = read(pack(tmp_path), progress=shares.append)
    assert sorted(record.number for record in records(packed)) == sorted(made)
    assert {record.number: record for record in records(packed)} == made
    assert shares == sorted(shares)
    assert len(shares) == 10
    assert 0 < shares[0] <= shares[-1] <= 1


def test_deprecated_superseded_and_alternative_records_are_skipped_and_so_are_countries_and_units_without_an_extent(
    made,
):
    assert set(made) == {REGION, COUNTY, SEAT, VILLAGE, AIRFIELD}
    texts = {text for record in made.values() for text in (*record.spellings, *(name.text for name in record.names))}
    assert not texts & {"Togo", "Vieux Puits", "Puits", "Trois Collines"}


def test_a_pack_says_what_it_is_and_of_which_day():
    about = read(REPOSITORY).about
    assert (about.name, about.prefix, about.countries) == ("whosonfirst-tg", "wof", ("TG",))
    assert about.edition == "2023-09-28"
    assert "CC BY 4.0" in about.licence


def test_a_polygon_gives_the_outline_and_the_radius_that_holds_it(made):
    geod = Geod(ellps="WGS84")
    for number, area in ((REGION, 1.0), (COUNTY, 0.234375), (VILLAGE, 0.0005)):
        record = made[number]
        place, outline = record.place, shapely.from_wkb(record.outline_wkb)
        assert outline.area == pytest.approx(area)
        assert outline.contains(shapely.Point(place.longitude, place.latitude))
        corners = shapely.get_coordinates(outline)
        _, _, metres = geod.inv(
            [place.longitude] * len(corners), [place.latitude] * len(corners), corners[:, 0], corners[:, 1]
        )
        assert place.uncertainty_km == pytest.approx(max(metres) / 1000, abs=0.051)
        assert (place.uncertainty_basis, place.footprint) == (RadiusBasis.POLYGON, f"wof:{number}")


def test_a_point_inside_its_outline_is_kept_and_one_outside_is_moved_into_it(made):
    assert (made[REGION].place.longitude, made[REGION].place.latitude) == (1.5, 8.5)
    assert (made[COUNTY].place.longitude, made[COUNTY].place.latitude) != (1.4375, 8.4375)


def test_a_point_has_the_radius_of_its_kind_and_population_and_no_outline(made):
    town, airfield = made[SEAT].place, made[AIRFIELD].place
    assert (town.longitude, town.latitude, town.population) == (1.06333, 8.50123, 104_200)
    assert (town.uncertainty_km, town.uncertainty_basis, town.footprint) == (10.0, RadiusBasis.DEFAULT, None)
    assert (airfield.uncertainty_km, airfield.geo_precision) == (0.5, Precision.EXACT)
    assert made[VILLAGE].place.population is None


def test_levels_classes_and_identifiers_are_those_of_the_source(made):
    region, county, seat, village, airfield = (made[number].place for number in sorted(made))
    assert [(place.feature_class, place.feature_code) for place in (region, county, seat, village, airfield)] == [
        ("A", "ADM1"),
        ("A", "ADM2"),
        ("P", "PPLA2"),
        ("P", "PPL"),
        ("S", "SCH"),
    ]
    assert [place.geo_precision for place in (region, county, seat)] == ["admin1", "admin2", "settlement"]
    assert (seat.place_id, seat.wof_id, seat.geonames_id, seat.wikidata_id) == (
        f"wof:{SEAT}",
        SEAT,
        99000031,
        "Q99000031",
    )
    assert (airfield.geonames_id, airfield.wikidata_id) == (None, None)
    assert {place.country_code for place in (region, county, seat, village, airfield)} == {"TG"}


def test_the_units_that_hold_a_place_come_by_name(made):
    holders = {number: (record.place.admin1, record.place.admin2) for number, record in made.items()}
    assert holders == {
        REGION: ("Rive Haute", None),
        COUNTY: ("Rive Haute", "Prefecture des Deux Collines"),
        SEAT: ("Rive Haute", "Prefecture des Deux Collines"),
        VILLAGE: ("Rive Haute", "Prefecture des Deux Collines"),
        AIRFIELD: ("Rive Haute", None),
    }
    assert made[COUNTY].spellings == ("Deux Collines",)


@pytest.mark.parametrize(
    "name",
    [
        Name("Grand Puits"),
        Name("Grand Puits", "fr", NameKind.CONVENTIONAL),
        Name("Great Well", "en", NameKind.CONVENTIONAL),
        Name("البئر الكبير", "ar", NameKind.CONVENTIONAL),
        Name("چاه بزرگ", "fa", NameKind.CONVENTIONAL),
        Name("Большой Колодец", "ru", NameKind.CONVENTIONAL),
        Name("大井", "zh", NameKind.CONVENTIONAL),
        Name("Babban Rijiya", "ha", NameKind.CONVENTIONAL),
        Name("Grand-Puits", "fr", NameKind.VARIANT),
        Name("Grands Puits", "fr", NameKind.VARIANT),
        Name("Le Puits", "fr", NameKind.VARIANT),
        Name("Gran Pui", "und", NameKind.VARIANT),
        Name("Fort Wells", "en", NameKind.HISTORIC),
    ],
    ids=lambda name: f"{name.text} {name.language} {name.kind}",
)
def test_names_keep_their_language_and_kind(made, name):
    assert name in made[SEAT].names
    assert len(made[SEAT].names) == 13


def test_a_place_that_ceased_to_be_has_its_last_day(made):
    assert made[VILLAGE].place.valid_to == date(2019, 5, 31)
    assert made[SEAT].place.valid_to is None


@pytest.mark.parametrize("pack", ARCHIVES.values(), ids=ARCHIVES)
@pytest.mark.parametrize("share", [0.05, 0.5, 0.95])
def test_an_archive_that_breaks_off_is_named_and_installs_nothing(tmp_path: Path, pack, share):
    path = pack(tmp_path)
    whole = path.read_bytes()
    path.write_bytes(whole[: int(len(whole) * share)])
    with pytest.raises(DamagedDataError) as refused:
        install(path, tmp_path / "packs")
    assert str(refused.value).startswith(f"{path.name} is damaged after ")
    assert not list(tmp_path.glob("packs/*"))


def test_an_archive_that_breaks_off_names_the_last_whole_member(tmp_path: Path):
    path = tar("")(tmp_path)
    whole = path.read_bytes()
    path.write_bytes(whole[: whole.index(b'"wof:name": "Grand Puits"')])
    with pytest.raises(DamagedDataError, match=r"damaged after \S+/data/900/000/0\d\d\b.* nothing was installed"):
        read(path)


def test_a_member_of_a_zip_that_does_not_hold_what_was_packed_is_named(tmp_path: Path):
    path = zipped(tmp_path)
    whole = bytearray(path.read_bytes())
    with zipfile.ZipFile(path) as archive:
        entry = next(entry for entry in archive.infolist() if entry.filename.endswith(f"/{SEAT}.geojson"))
    whole[entry.header_offset + len(entry.filename) + 30 + entry.compress_size // 2] ^= 0xFF
    path.write_bytes(whole)
    with pytest.raises(DamagedDataError, match=rf"{SEAT}\.geojson .*cannot be read.*; nothing was installed"):
        install(path, tmp_path / "packs")
    assert not list(tmp_path.glob("packs/*"))


def without(*keys: str) -> Callable[[str], str]:
    def leave_out(text: str) -> str:
        feature = json.loads(text)
        holder = feature
        for key in keys[:-1]:
            holder = holder[key]
        del holder[keys[-1]]
        return json.dumps(feature)

    return leave_out


DAMAGES = {
    "empty": lambda _: "",
    "cut": lambda text: text[:400],
    "a list": lambda _: "[1, 2, 3]",
    "nothing": lambda _: "null",
    "a page": lambda _: "<html>404</html>",
    "no text": lambda text: "\x00" + text,
    "no properties": without("properties"),
    "no identifier": without("properties", "wof:id"),
    "no type": without("properties", "wof:placetype"),
    "no geometry": without("geometry"),
    "no type of geometry": without("geometry", "type"),
}


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES)
@pytest.mark.parametrize("pack", [folder, tar(":xz"), zipped], ids=["folder", ".tar.xz", ".zip"])
def test_a_record_that_is_none_is_named_and_installs_nothing(tmp_path: Path, damage, pack):
    copy = folder(tmp_path)
    (file,) = copy.rglob(f"{SEAT}.geojson")
    file.write_text(damage(file.read_text(encoding="utf-8")), encoding="utf-8")
    (tmp_path / "to").mkdir()
    with pytest.raises(DamagedDataError, match=rf"{SEAT}\.geojson is no record .*; nothing was installed"):
        install(pack(tmp_path / "to", copy), tmp_path / "packs")
    assert not list(tmp_path.glob("packs/*"))


def test_a_source_without_records_is_refused(tmp_path: Path):
    (tmp_path / "empty").mkdir()
    with pytest.raises(DamagedDataError, match="empty holds no records of Who's On First"):
        read(tmp_path / "empty")
    (tmp_path / "a text.tar.xz").write_text("This is not an archive.")
    with pytest.raises(DamagedDataError, match=r"a text\.tar\.xz is damaged"):
        read(tmp_path / "a text.tar.xz")
    with pytest.raises(MissingDataError, match=r"there is no folder or file .*nowhere"):
        read(tmp_path / "nowhere")


@pytest.mark.parametrize(
    ("change", "kept"),
    [
        ({"edtf:deprecated": "2020-01-01"}, False),
        ({"edtf:deprecated": "2020"}, False),
        ({"wof:superseded_by": [1]}, False),
        ({"wof:name": ""}, False),
        ({"wof:name": None}, False),
        ({"wof:placetype": "ocean"}, False),
        ({"edtf:deprecated": "uuuu"}, True),
        ({"edtf:deprecated": ""}, True),
        ({"edtf:deprecated": None}, True),
        ({"wof:superseded_by": []}, True),
        ({"wof:superseded_by": None}, True),
        ({"wof:hierarchy": []}, True),
        ({"wof:concordances": None}, True),
        ({"wof:lastmodified": None}, True),
    ],
    ids=str,
)
def test_what_a_record_leaves_open_does_not_matter_and_what_it_rules_out_does(tmp_path: Path, change, kept):
    copy = folder(tmp_path)
    edit(copy, SEAT, lambda feature: feature["properties"].update(change))
    assert (SEAT in {record.number for record in records(read(copy))}) is kept


@pytest.mark.usefixtures("gazetteer")
@pytest.mark.parametrize("pack", FORMS.values(), ids=FORMS)
def test_an_installed_pack_answers_names_in_every_script(tmp_path: Path, pack):
    install(pack(tmp_path), tmp_path / "packs")
    gazetteer = Gazetteer.open(packs=tmp_path / "packs")
    assert [layer.about.name for layer in gazetteer.layers] == ["curated", "whosonfirst-tg", "world"]
    for name in ("Grand Puits", "GRAND-PUITS", "البئر الكبير", "Большой Колодец", "大井"):
        match = gazetteer.lookup(name, country="TG")
        assert (match.place.place_id, match.place.layer) == (f"wof:{SEAT}", "whosonfirst-tg")
        assert match.answered
    assert gazetteer.lookup("Fort Wells", country="TG").verdict is Verdict.HISTORIC
    assert gazetteer.lookup("Vieux Puits", country="TG").verdict is Verdict.UNKNOWN
    county = gazetteer.place(f"wof:{COUNTY}")
    assert gazetteer.footprint(county).area == pytest.approx(0.234375)


@pytest.mark.usefixtures("gazetteer")
def test_an_unknown_village_of_a_pack_s_district_is_the_district_with_its_radius(tmp_path: Path, made):
    install(REPOSITORY, tmp_path / "packs")
    gazetteer = Gazetteer.open(packs=tmp_path / "packs")
    match = resolve_record("Zzyxgou", gazetteer=gazetteer, country="Togo", admin1="Rive Haute", admin2="Deux Collines")
    assert (match.verdict, match.place.place_id) == (Verdict.UNKNOWN, f"wof:{COUNTY}")
    assert match.uncertainty_km == made[COUNTY].place.uncertainty_km
    assert (match.geo_precision, match.ucdp_where_prec) == (Precision.ADMIN2, 3)


@pytest.mark.usefixtures("gazetteer")
def test_an_outline_tells_better_than_a_radius_what_lies_outside(tmp_path: Path):
    copy = folder(tmp_path)
    # Within the radius of the L and far from its arms.
    edit(copy, SEAT, lambda feature: feature["geometry"].update(coordinates=[1.5, 8.6]))
    install(copy, tmp_path / "packs")
    gazetteer = Gazetteer.open(packs=tmp_path / "packs")
    match = resolve_record("Grand Puits", gazetteer=gazetteer, country="TG", admin2="Deux Collines")
    assert (match.verdict, match.place.place_id) == (Verdict.UNKNOWN, f"wof:{COUNTY}")
    assert [candidate.place.place_id for candidate in match.candidates] == [f"wof:{SEAT}"]
    assert match.conflict.startswith(
        "the source puts Grand Puits in Prefecture des Deux Collines, the gazetteer a town"
    )
