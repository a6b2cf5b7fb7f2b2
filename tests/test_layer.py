"""A layer in one file: what is written is read back whole, and nothing half-written is ever taken for a layer."""

import os
import signal
import sqlite3
import subprocess
import sys
import textwrap
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from gazetteer import DamagedDataError, Name, NameKind, Place, Precision, RadiusBasis
from gazetteer.layer import Hit, Layer
from gazetteer.names import fold
from gazetteer.place import default_radius_km
from gazetteer.tables import FORM
from gazetteer.writing import About, Record, write

ABOUT = About(
    name="made-up",
    prefix="made",
    title="Places that nobody lives in",
    licence="CC0",
    source="Made up, number {number}",
    edition="first",
    countries=("BF", "TG"),
)
HERE = Place(
    place_id="made:1",
    name="Kunduz",
    feature_class="P",
    feature_code="PPL",
    placetype="locality",
    country_code="AF",
    admin1="Kunduz",
    admin2=None,
    longitude=68.857,
    latitude=36.72895,
    geo_precision=Precision.SETTLEMENT,
    uncertainty_km=5.0,
    uncertainty_basis=RadiusBasis.DEFAULT,
    source="Made up, number 1",
    layer="made-up",
)

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=20) | st.sampled_from(
    [
        "Kunduz",
        "قندوز",
        "Кундуз",
        "昆都士",
        "Côte d’Ivoire",
        "Dasht-e Archī",
        "'; DROP TABLE places;",
        "\0",
        "...",
        "a\nb",
    ]
)
DAYS = st.none() | st.dates()
IDENTIFIERS = st.none() | st.integers(10**9, 2**53)
CODES = ("PCLI", "ADM1", "ADM2", "PPL", "PPLC", "PPLX", "RDJCT")
NAMES = st.builds(Name, TEXTS, st.sampled_from(["und", "en", "fr", "prs"]), st.sampled_from(NameKind), DAYS, DAYS)


def near(number: int, **cells) -> Place:
    return replace(HERE, place_id=f"made:{number}", source=f"Made up, number {number}", **cells)


@st.composite
def places(draw, number: int) -> Place:
    """Places with a position, its radius and the basis of that, or with none of the three."""
    code, population = draw(st.sampled_from(CODES)), draw(st.none() | st.integers(0, 2**40))
    position: tuple = (None, None, None, None)
    if draw(st.booleans()):
        radius_km, basis = draw(
            st.tuples(st.floats(0.001, 20_000), st.sampled_from(RadiusBasis))
            | st.just((default_radius_km(code, population=population), RadiusBasis.DEFAULT))
        )
        position = draw(st.floats(-180, 180)), draw(st.floats(-90, 90)), radius_km, basis
    return Place(
        f"made:{number}" if draw(st.booleans()) else f"elsewhere:{number}-{draw(TEXTS)}",
        draw(TEXTS),
        draw(st.sampled_from("APS")),
        code,
        draw(st.sampled_from(["locality", "county"])),
        draw(st.sampled_from([None, "AF", "TG"])),
        draw(st.none() | TEXTS),
        draw(st.none() | TEXTS),
        position[0],
        position[1],
        draw(st.sampled_from(Precision)),
        position[2],
        position[3],
        draw(st.none() | TEXTS),
        draw(IDENTIFIERS),
        draw(IDENTIFIERS),
        draw(st.none() | TEXTS),
        population,
        draw(DAYS),
        draw(DAYS),
        draw(TEXTS),
        "made-up",
    )


@given(st.data())
def test_places_are_read_back_as_they_were_written(data):
    written = [data.draw(places(number)) for number in range(1, data.draw(st.integers(1, 4)) + 1)]
    layer = Layer.of(ABOUT, (Record(place, number=at) for at, place in enumerate(written, start=1)))
    assert list(layer) == written
    assert len(layer) == len(written)
    for place in written:
        assert layer.place(place.place_id) == place


@given(st.lists(NAMES, max_size=6, unique=True), st.lists(TEXTS, max_size=6))
@example([], ["qunduz", "Qunduz", "...", "KUNDUZ", "قندوز"])
def test_names_are_read_back_with_language_kind_and_dates_and_are_all_found(names, spellings):
    named = tuple(name for name in names if name.text != HERE.name)
    layer = Layer.of(ABOUT, [Record(HERE, (Name(HERE.name), *named), tuple(spellings), number=1)])
    own, *others = layer.names("made:1")
    assert own == Name("Kunduz")
    assert tuple(others[: len(named)]) == named
    for name in (own, *named):
        if fold(name.text):
            assert Hit(HERE, name) in layer.bearers(fold(name.text))
    # Of spellings that fold to one name the first is kept, and only if no name folds to it as well.
    known = {fold(name.text) for name in (own, *named)}
    kept: dict[str, str] = {}
    for text in spellings:
        if fold(text) and fold(text) not in known and "\n" not in text:
            kept.setdefault(fold(text), text)
    assert others[len(named) :] == [Name(text, kind=NameKind.VARIANT) for text in kept.values()]
    for key in kept:
        assert layer.bearers(key) == [Hit(HERE, Name(key, kind=NameKind.VARIANT))]


@pytest.mark.parametrize("degrees", [0.1 + 0.2, 1 / 3, 68.857, -179.99999, 5e-324, 12.345678901234567, 180.0, 1e-5])
def test_coordinates_are_kept_to_the_last_digit(degrees):
    (read,) = Layer.of(ABOUT, [Record(replace(HERE, longitude=degrees, latitude=degrees / 2))])
    assert (read.longitude, read.latitude) == (degrees, degrees / 2)
    assert isinstance(read.longitude, float)


def test_what_a_layer_says_of_itself_is_read_back():
    assert Layer.of(ABOUT, []).about == ABOUT
    assert Layer.of(replace(ABOUT, countries=()), []).about.countries == ()
    assert (len(Layer.of(ABOUT, [])), list(Layer.of(ABOUT, []))) == (0, [])


def test_a_place_without_a_source_of_its_own_cites_the_layer_s():
    (read,) = Layer.of(ABOUT, [Record(replace(HERE, source=""), number=7)])
    assert read.source == "Made up, number 7"


@pytest.mark.parametrize(("prefix", "identifier"), [("geonames", "geonames_id"), ("wof", "wof_id")])
def test_the_number_of_a_place_is_its_identifier_at_the_source(prefix, identifier):
    place = replace(HERE, place_id=f"{prefix}:1153529", **{identifier: 1153529})
    layer = Layer.of(replace(ABOUT, prefix=prefix), [Record(place, number=1153529)])
    assert list(layer) == [place]
    assert layer.place(f"{prefix}:1153529") == place
    assert layer.of_geonames(1153529) == (place if prefix == "geonames" else None)
    assert layer.place(f"{prefix}:1153530") is None
    assert layer.place(f"{prefix}:") is None
    assert layer.place("elsewhere:1153529") is None


def test_a_place_is_found_by_a_geonames_number_that_is_not_its_own():
    place = near(5, geonames_id=1153529)
    assert Layer.of(ABOUT, [Record(place, number=5)]).of_geonames(1153529) == place


def test_names_are_asked_in_a_country_or_in_the_world():
    here, there = near(1), near(2, country_code="TR")
    layer = Layer.of(ABOUT, [Record(here, number=1), Record(there, number=2)])
    assert [hit.place for hit in layer.bearers("kunduz")] == [here, there]
    assert [hit.place for hit in layer.bearers("kunduz", country="TR")] == [there]
    assert layer.bearers("kunduz", country="TG") == []
    assert layer.bearers("kundu") == layer.bearers("") == []


def test_a_place_that_is_not_listed_is_found_by_its_identifier_and_by_no_name():
    record = Record(HERE, (Name("Kunduz"), Name("Konduz", "en")), ("Qunduz",), number=1, listed=False)
    layer = Layer.of(ABOUT, [record])
    assert layer.place("made:1") == HERE
    assert list(layer) == [HERE]
    for name in ("kunduz", "konduz", "qunduz"):
        assert layer.bearers(name) == []


def test_countries_and_units_are_told_by_their_codes():
    country = near(1, name="Togo", feature_class="A", feature_code="PCLI", country_code="TG")
    stateless = near(2, name="Siachen", feature_class="A", feature_code="PCLI", country_code=None)
    first, second = (near(number, feature_class="A", feature_code=f"ADM{number - 2}") for number in (3, 4))
    layer = Layer.of(ABOUT, [Record(place) for place in (country, stateless, first, second, near(5))])
    assert layer.countries() == {"TG": "Togo"}
    assert layer.country("TG") == country
    assert layer.country("AF") is None
    assert {place.place_id: place for place in layer.units("AF")} == {
        place.place_id: place for place in (first, second)
    }
    assert layer.units("TG") == []


def test_the_names_to_guess_among_are_a_country_s_all_or_the_world_s_well_known_ones():
    layer = Layer.of(
        ABOUT,
        [
            Record(near(1, population=90_000), (Name("Kunduz"), Name("Konduz", "en")), ("Qunduz",)),
            Record(near(2, name="Hamlet", population=80)),
            Record(near(3, name="Kpendjal", feature_class="A", feature_code="ADM2", country_code="TG")),
        ],
    )
    assert sorted(layer.spelt(country="AF")) == ["Hamlet", "Konduz", "Kunduz", "Qunduz"]
    assert set(layer.spelt(least_population=15_000)) == {"Kunduz", "Konduz", "Kpendjal"}


@pytest.mark.parametrize(
    ("longitude", "latitude", "found"),
    [
        (68.9, 36.7, {"made:1"}),
        (69.9, 36.7, {"made:1"}),
        (68.9, 38.7, set()),
        (70.5, 36.7, set()),
        (-179.9, 0.0, {"made:2", "made:3"}),
        (179.9, 0.0, {"made:2", "made:3"}),
        (0.0, 89.9, {"made:4"}),
    ],
)
def test_what_lies_around_a_point_is_found_across_the_antimeridian_and_at_the_pole(longitude, latitude, found):
    layer = Layer.of(
        ABOUT,
        [
            Record(near(1), number=1),
            Record(near(2, longitude=179.7, latitude=0.1), number=2),
            Record(near(3, longitude=-179.7, latitude=-0.1), number=3),
            Record(near(4, longitude=20.0, latitude=89.5), number=4),
            Record(near(5, longitude=None, latitude=None, uncertainty_km=None, uncertainty_basis=None), number=5),
            Record(near(6, feature_class="A", feature_code="PCLI"), number=6),
        ],
    )
    assert {place.place_id for place in layer.around(longitude, latitude)} == found


def test_an_outline_is_kept_under_its_footprint():
    layer = Layer.of(ABOUT, [Record(replace(HERE, footprint="made:square"), outline_wkb=b"\x01\x02\x00")])
    assert layer.outline("made:square") == b"\x01\x02\x00"
    assert layer.outline("made:circle") is None


def test_a_file_holds_what_a_layer_in_memory_holds(tmp_path: Path):
    records = [
        Record(near(number, name=f"Place {number}"), spellings=(f"Platz {number}",), number=number)
        for number in range(1, 12_001)
    ]
    path = tmp_path / "a folder that is not there yet" / "50% of #1?.sqlite"
    write(path, ABOUT, records)
    written, kept = Layer.open(path), Layer.of(ABOUT, records)
    assert written.about == kept.about
    assert list(written) == list(kept)
    assert [hit.place.place_id for hit in written.bearers("platz 11999")] == ["made:11999"]
    assert [file.name for file in path.parent.iterdir()] == [path.name]
    with pytest.raises(sqlite3.OperationalError, match="readonly"):
        written._connection.execute("DELETE FROM places")
    written.close()


def test_the_same_places_are_written_as_the_same_bytes(tmp_path: Path):
    records = [Record(near(at), (Name("Kunduz"), Name("Konduz", "en")), ("Qunduz", "قندوز")) for at in range(1, 50)]
    for file in ("one", "other"):
        write(tmp_path / file, ABOUT, records)
    assert (tmp_path / "one").read_bytes() == (tmp_path / "other").read_bytes()


def broken_off(after: int):
    yield from (Record(near(number, name=f"Place {number}"), number=number) for number in range(1, after + 1))
    message = "the source breaks off"
    raise RuntimeError(message)


@pytest.mark.parametrize("after", [0, 1, 12_000])
def test_records_that_break_off_leave_no_file(tmp_path: Path, after):
    with pytest.raises(RuntimeError, match="breaks off"):
        write(tmp_path / "layer.sqlite", ABOUT, broken_off(after))
    assert list(tmp_path.iterdir()) == []


def test_records_that_break_off_leave_the_layer_that_was_there(tmp_path: Path):
    path = tmp_path / "layer.sqlite"
    write(path, ABOUT, [Record(HERE, number=1)])
    before = path.read_bytes()
    with pytest.raises(RuntimeError, match="breaks off"):
        write(path, ABOUT, broken_off(12_000))
    assert path.read_bytes() == before
    assert [file.name for file in tmp_path.iterdir()] == ["layer.sqlite"]


def test_who_reads_a_layer_keeps_it_while_another_takes_its_place(tmp_path: Path):
    path = tmp_path / "layer.sqlite"
    write(path, ABOUT, (Record(near(number), number=number) for number in range(1, 3001)))
    reader = Layer.open(path)
    write(path, ABOUT, [Record(near(1, name="Konduz"), number=1)])
    assert len(reader.bearers("kunduz")) == len(list(reader)) == 3000
    assert [place.name for place in Layer.open(path)] == ["Konduz"]
    reader.close()


def test_a_writer_that_is_killed_leaves_nothing_that_opens_as_a_layer(tmp_path: Path):
    code = """
        import sys, time
        from pathlib import Path
        from tests.test_layer import ABOUT, Record, near, write

        def slow():
            yield from (Record(near(number), number=number) for number in range(1, 12_001))
            print("written", flush=True)
            time.sleep(60)

        write(Path(sys.argv[1]) / "layer.sqlite", ABOUT, slow())
    """
    with subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(code), str(tmp_path)],
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[1],
    ) as writer:
        assert writer.stdout.readline() == "written\n"
        os.kill(writer.pid, signal.SIGKILL)
    left = list(tmp_path.iterdir())
    assert left, "the writer was killed before it wrote"
    assert list(tmp_path.glob("*.sqlite")) == []
    for file in left:
        with pytest.raises(DamagedDataError, match="remove it"):
            Layer.open(file)
    write(tmp_path / "layer.sqlite", ABOUT, [Record(HERE, number=1)])
    assert list(Layer.open(tmp_path / "layer.sqlite")) == [HERE]


def of_another_release(path: Path) -> None:
    write(path, ABOUT, [Record(HERE)])
    connection = sqlite3.connect(path)
    connection.execute(f"PRAGMA user_version = {FORM + 1}")
    connection.close()


def of_another_program(path: Path) -> None:
    connection = sqlite3.connect(path)
    connection.executescript(f"CREATE TABLE moz_places (url TEXT); PRAGMA user_version = {FORM};")
    connection.close()


def cut_in_half(path: Path) -> None:
    write(path, ABOUT, (Record(near(number, name=f"Place {number}")) for number in range(1, 3001)))
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])


@pytest.mark.parametrize(
    "make",
    [
        of_another_release,
        of_another_program,
        cut_in_half,
        lambda path: path.write_text("place_id,name\n" * 100),
        lambda path: path.write_bytes(b""),
    ],
    ids=["of another release", "of another program", "cut in half", "a text", "empty"],
)
def test_what_is_no_layer_is_refused_in_one_sentence(tmp_path: Path, make: Callable[[Path], object]):
    make(tmp_path / "layer.sqlite")
    with pytest.raises(DamagedDataError) as refused:
        Layer.open(tmp_path / "layer.sqlite")
    message = str(refused.value)
    assert message.startswith("layer.sqlite ")
    assert message.endswith("remove it and install or build it again")
    assert "\n" not in message


def test_threads_may_ask_one_layer_at_once(tmp_path: Path):
    path = tmp_path / "layer.sqlite"
    write(
        path,
        ABOUT,
        [
            Record(near(number, name=f"Place {number % 40}"), spellings=(f"Platz {number % 40}",), number=number)
            for number in range(1, 2001)
        ],
    )
    layer = Layer.open(path)

    def right(at: int) -> bool:
        asked = at % 40
        bearers = layer.bearers(f"place {asked}") if at % 2 else layer.bearers(f"platz {asked}")
        numbers = {int(hit.place.place_id.removeprefix("made:")) for hit in bearers}
        names = [name.text for name in layer.names(f"made:{at + 1}")]
        return (
            numbers == {number for number in range(1, 2001) if number % 40 == asked}
            and layer.place(f"made:{at + 1}").place_id == f"made:{at + 1}"
            and names == [f"Place {(at + 1) % 40}", f"Platz {(at + 1) % 40}"]
        )

    with ThreadPoolExecutor(4) as threads:
        assert all(threads.map(right, range(1200)))
    layer.close()
