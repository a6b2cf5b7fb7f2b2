"""The command line: what it takes, what it prints where, and how it ends."""

import hashlib
import json

import pytest

from incidents.cli import FAULTY, FINE, STOPPED, UNREADABLE, WRONG_USE, geocode, main
from incidents.cli.asking import BESIDE_FILTERS
from incidents.filters import KEYS
from incidents.review import Kind, Log, Placement, from_csv
from incidents.schema import GeoPrecision
from incidents.views.link import _KNOWN

OLD = Placement(geo_precision=GeoPrecision.COUNTRY)
NEW = Placement(longitude=0.7, latitude=11.1, geo_precision=GeoPrecision.SETTLEMENT, uncertainty_km=5.0, name="Here")


@pytest.fixture
def data(a_file, tmp_path):
    """A dataset of two incidents."""
    path = tmp_path / "march.csv"
    path.write_bytes(a_file({}, {"actor_family": "JNIM", "attribution": "claimed"}))
    return path


@pytest.fixture
def log(tmp_path, monkeypatch):
    """A log with one decision on the dataset, which is the one that this machine's commands find."""
    path = tmp_path / "log.sqlite"
    monkeypatch.setenv("INCIDENT_DESK_REVIEWS", str(path))
    with Log.open(path) as opened:
        opened.decide(
            "i0",
            dataset="march.csv",
            dataset_sha256="0" * 64,
            expected_version=0,
            place_as_reported="Kompienga",
            kind=Kind.PLACED_AT_COORDINATES,
            old=OLD,
            new=NEW,
            reason="A map shows it.",
            decided_by="AB",
        )
    return path


def exported(data, *options):
    out = data.with_name("out.geojson")
    code = main(["export", str(data), "--format", "geojson", "--out", str(out), *options])
    return code, json.loads(out.read_bytes())


def longitude_of(collection):
    return collection["features"][0]["properties"]["longitude"]


def test_an_export_lays_the_decisions_of_the_machines_log_over_the_data_and_says_so(data, log, gazetteer, capsys):
    code, collection = exported(data)

    assert code == FINE
    assert longitude_of(collection) == 0.7
    told = collection["provenance"]["decisions"]
    assert (told["applied"], told["set_aside"], len(told["sha256"])) == (1, 0, 64)
    assert "decisions of editors: 1 applied, 0 set aside" in capsys.readouterr().err


def test_an_export_without_decisions_shows_the_data_as_it_is(data, log, gazetteer):
    _, collection = exported(data, "--no-decisions")

    assert longitude_of(collection) != 0.7
    assert collection["provenance"]["decisions"] == {"sha256": None, "applied": 0, "set_aside": 0}


def test_decisions_of_a_file_are_laid_over_like_those_of_the_log(data, log, gazetteer, monkeypatch, tmp_path):
    file = tmp_path / "decisions.csv"
    assert main(["decisions", "export", "--out", str(file)]) == FINE
    _, by_log = exported(data)
    monkeypatch.setenv("INCIDENT_DESK_REVIEWS", str(tmp_path / "none.sqlite"))

    assert exported(data, "--decisions", str(file)) == (FINE, by_log)


def test_a_file_of_decisions_with_a_faulty_row_is_not_believed(data, log, gazetteer, tmp_path, capsys):
    file = tmp_path / "decisions.csv"
    main(["decisions", "export", "--out", str(file)])
    file.write_bytes(file.read_bytes().replace(b"settlement", b"somewhere"))

    assert main(["export", str(data), "--format", "csv", "--decisions", str(file)]) == FAULTY
    assert "Row 2, new_geo_precision" in capsys.readouterr().err


def test_geocoding_never_writes_a_decision_into_the_data(data, log, gazetteer, tmp_path):
    with_log, without = tmp_path / "a.csv", tmp_path / "b.csv"
    main(["geocode", str(data), "--out", str(with_log)])
    log.unlink()
    main(["geocode", str(data), "--out", str(without)])

    assert with_log.read_bytes() == without.read_bytes()


def test_decisions_go_from_one_log_to_another_and_are_known_the_second_time(log, tmp_path, capsysbinary):
    other, file = tmp_path / "other.sqlite", tmp_path / "decisions.csv"
    assert main(["decisions", "export"]) == FINE
    file.write_bytes(capsysbinary.readouterr().out)
    assert len(from_csv(file.read_bytes()).accepted) == 1

    assert main(["decisions", "import", str(file), "--log", str(other)]) == FINE
    assert main(["decisions", "import", str(file), "--log", str(other), "--json"]) == FINE
    told = json.loads(capsysbinary.readouterr().out)
    assert told == {"taken": 0, "known": 1, "set_aside": [], "rejected": []}
    with Log.open(log) as one, Log.open(other) as two:
        assert one.decisions() == two.decisions()


def test_decisions_that_contradict_the_log_are_set_aside_with_the_reason(log, tmp_path, capsys):
    file = tmp_path / "decisions.csv"
    main(["decisions", "export", "--out", str(file)])
    file.write_bytes(file.read_bytes().replace(b"A map shows it.", b"Another map does."))

    assert main(["decisions", "import", str(file)]) == FAULTY
    assert "set aside, i0 version 1: Version 1 is another one here." in capsys.readouterr().out


def test_a_whole_log_is_told_by_its_last_line_and_a_lost_line_is_found(log, tmp_path, capsys):
    assert main(["decisions", "verify"]) == FINE
    head = capsys.readouterr().out.split()[-1]
    assert main(["decisions", "verify", "--head", head]) == FINE

    empty = tmp_path / "empty.sqlite"
    Log.open(empty).close()
    capsys.readouterr()
    assert main(["decisions", "verify", "--log", str(empty), "--head", head, "--json"]) == FAULTY
    assert json.loads(capsys.readouterr().out)["head"] is None


@pytest.mark.parametrize("action", ["export", "verify"])
def test_a_log_that_is_not_there_is_an_error_and_not_begun(tmp_path, capsys, action):
    path = tmp_path / "nowhere.sqlite"

    assert main(["decisions", action, "--log", str(path)]) == UNREADABLE
    assert f"There is no log of decisions at {path}" in capsys.readouterr().err
    assert not path.exists()


def test_the_exit_code_says_what_went_wrong(data, gazetteer, tmp_path, monkeypatch):
    out = str(tmp_path / "out.csv")
    assert main(["export", str(data), "--format", "csv", "--out", out]) == FINE
    assert main(["validate", str(tmp_path / "no-such-file.csv")]) == UNREADABLE
    (tmp_path / "notes.csv").write_text("a,b\n1,2\n")
    assert main(["validate", str(tmp_path / "notes.csv")]) == FAULTY
    with pytest.raises(SystemExit, match=str(WRONG_USE)):
        main(["export", "--format", "no such format"])

    def stop(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr(geocode.dataset, "load", stop)
    assert main(["geocode", str(data)]) == STOPPED


def ids_of(collection):
    return [feature["id"] for feature in collection["features"]]


@pytest.mark.parametrize(
    "asked",
    [
        ["--group", "JNIM", "--from", "2021-11-01"],
        ["--link", "https://desk.example/?page=briefing&group=JNIM&from=2021-11-01&at=11.0,0.7,6"],
        ["--link", "?group=JNIM", "--from", "2021-11-01"],
    ],
    ids=["options", "link", "both"],
)
def test_a_desks_link_and_the_options_ask_for_the_same(data, gazetteer, asked):
    code, collection = exported(data, *asked)

    assert code == FINE
    assert ids_of(collection) == ["i1"]
    assert collection["filters"]["query"] == {"group": ["JNIM"], "from": ["2021-11-01"]}


def test_a_link_of_another_dataset_is_told_and_one_that_nothing_answers_is_refused(data, gazetteer, capsys):
    assert exported(data, "--link", "?group=JNIM&data=01234567")[0] == FINE
    assert "the link was made on another dataset (01234567)" in capsys.readouterr().err
    assert main(["export", str(data), "--format", "csv", "--link", "?from=soon"]) == WRONG_USE
    assert "The filter says from 'soon'" in capsys.readouterr().err


@pytest.mark.parametrize("link", ["https://desk.example/?grop=JNIM", "https://desk.example/?JNIM=", "grop=JNIM"])
def test_a_link_with_a_parameter_that_means_nothing_shows_nothing(data, gazetteer, capsys, link):
    assert main(["export", str(data), "--format", "csv", "--out", "-", "--link", link]) == WRONG_USE
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize("link", ["https://desk.example/?grop=JNIM", "grop=JNIM"])
def test_no_sheet_is_drawn_of_a_link_with_a_parameter_that_means_nothing(data, gazetteer, tmp_path, link):
    out = tmp_path / "out.pdf"
    assert main(["sheet", str(data), "--out", str(out), "--link", link]) == WRONG_USE
    assert not out.exists()


def test_a_sheet_with_letters_that_no_font_has_is_written_and_they_are_named(data, gazetteer, tmp_path, capsys):
    out = tmp_path / "out.pdf"
    codes, said = {}, {}
    for title in ("日本語 X", "X"):
        codes[title] = main(["sheet", str(data), "--out", str(out), "--title", title])
        said[title] = capsys.readouterr().err

    assert codes == {"日本語 X": FAULTY, "X": FINE}
    assert said["X"] == "reading the data\ndrawing the sheet\n"
    assert said["日本語 X"] == f"{said['X']}No font of a sheet has these letters, which are boxes on it: 日 本 語\n"
    assert out.read_bytes().startswith(b"%PDF")


def test_the_part_of_a_link_behind_the_question_mark_is_enough(data, gazetteer):
    assert ids_of(exported(data, "--link", "group=JNIM&from=2021-11-01")[1]) == ["i1"]


def test_whatever_a_link_of_the_desk_may_hold_is_known_to_the_command():
    assert {*KEYS, *BESIDE_FILTERS} == _KNOWN


@pytest.mark.parametrize("country", ["BF", "bf", "burkina faso"])
def test_a_country_is_asked_for_by_code_or_name(data, gazetteer, country):
    assert ids_of(exported(data, "--country", country)[1]) == ["i0", "i1"]


def test_a_machine_is_told_what_was_written_as_json(data, gazetteer, capsys):
    out = data.with_name("out.gpkg")
    main(["export", str(data), "--format", "gpkg", "--out", str(out), "--json"])
    told = json.loads(capsys.readouterr().out)

    assert told["files"] == [str(out)]
    assert told["bytes"] == out.stat().st_size
    assert told["sha256"] == hashlib.sha256(out.read_bytes()).hexdigest()
    assert told["incidents_shown"] == 2


def test_a_file_without_a_name_is_called_by_day_theatre_subject_and_version(data, gazetteer, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    main(["export", str(data), "--format", "kml", "--group", "JNIM", "--country", "BF", "--number", "2"])

    assert (tmp_path / "20211102_burkina-faso_jnim_v02.kml").is_file()


def test_a_file_without_a_name_never_takes_the_place_of_another(data, gazetteer, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    asked = ["export", str(data), "--format", "csv"]
    assert main(asked) == 0
    (first,) = tmp_path.glob("*_v01.csv")
    before = first.stat().st_mtime_ns
    assert main(asked) == 2
    assert f"{first.name} is there already and stays as it is." in capsys.readouterr().err
    first.unlink()
    assert main(asked) == 2  # what stands beside it is that of the first
    assert main([*asked, "--number", "2"]) == 0
    assert main([*asked, "--out", str(first)]) == main([*asked, "--out", str(first)]) == 0

    assert first.stat().st_mtime_ns > before


def test_standard_output_has_the_file_and_nothing_else(data, gazetteer, capsysbinary):
    assert main(["export", str(data), "--format", "csv", "--hxl", "--out", "-"]) == FINE
    first, tags, *_ = capsysbinary.readouterr().out.splitlines()
    assert first.startswith(b"\xef\xbb\xbfincident_id,")
    assert tags.startswith(b"#event+id,")


@pytest.mark.parametrize(
    "command", [("export", "--format", "csv"), ("export", "--format", "csv", "--group", "JNIM"), ("geocode",)]
)
def test_a_command_never_writes_over_the_dataset_that_it_reads(command, data, gazetteer, tmp_path, capsys):
    before = data.read_bytes()
    link = tmp_path / "another-name.csv"
    link.symlink_to(data)

    for name in (data, link):
        assert main([*command, str(data), "--out", str(name)]) == WRONG_USE
        assert "is what is read here, and stays as it is" in capsys.readouterr().err
    assert data.read_bytes() == before


def test_a_file_of_one_format_is_not_written_under_the_name_of_another(data, gazetteer, tmp_path, capsys):
    out = tmp_path / "out.xlsx"
    assert main(["export", str(data), "--format", "csv", "--out", str(out)]) == WRONG_USE
    assert "--out ends in .xlsx, and the file is csv" in capsys.readouterr().err
    assert not out.exists()


@pytest.mark.parametrize("command", [("export", "--format", "csv"), ("sheet", "--format", "svg")])
def test_standard_output_is_the_file_or_the_account_of_it_and_never_both(command, data, gazetteer, capsys):
    assert main([*command, str(data), "--out", "-", "--json"]) == WRONG_USE
    assert "choose one" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "advice"),
    [
        (("export", "--format", "csv", "--as-of", "19.11.2021"), "no day such as 2021-11-19"),
        (("sheet", "--as-of", "soon"), "no day such as 2021-11-19"),
        (("sheet", "--produced-on", "2021-11-19 at six"), "nor a moment such as 2021-11-19T06:30+00:00"),
        (("decisions", "verify", "--head", "last"), "no NUMBER:HASH"),
    ],
)
def test_a_value_that_cannot_be_read_is_answered_with_one_that_can(arguments, advice, capsys):
    with pytest.raises(SystemExit, match="2"):
        main(arguments)
    assert advice in capsys.readouterr().err


def test_hxl_tags_are_refused_where_there_is_no_row_for_them(data, gazetteer, capsys):
    assert main(["export", str(data), "--format", "kml", "--hxl"]) == WRONG_USE
    assert "csv and xlsx have room for it" in capsys.readouterr().err


@pytest.mark.parametrize("command", ["", "validate", "geocode", "export", "decisions", "decisions import"])
def test_every_command_explains_itself(command, capsys):
    with pytest.raises(SystemExit, match="0"):
        main([*command.split(), "-h"])
    assert capsys.readouterr().out.startswith("usage: ")
