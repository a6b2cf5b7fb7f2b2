"""The gazetteer's command line, as a process of its own."""

import csv
import io
import json
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest

from gazetteer import Gazetteer
from gazetteer.cli import as_json


@pytest.fixture
def run(tmp_path: Path, gazetteer: Gazetteer, monkeypatch: pytest.MonkeyPatch):
    """Run `gazetteer`, with a folder of packs of its own; the index of the world is there, as the fixture built it."""
    monkeypatch.setenv("INCIDENT_DESK_PACKS", str(tmp_path / "packs"))

    def run(*arguments: object) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "gazetteer", *map(str, arguments)]
        return subprocess.run(command, capture_output=True, text=True, check=False)

    return run


def test_one_name_is_one_object_with_the_best_candidate_first(run):
    done = run("lookup", "Cologne", "--country", "DE", "--json")
    answer = json.loads(done.stdout)
    assert done.returncode == 0
    assert (answer["query"], answer["verdict"], answer["uncertainty_km"]) == ("Cologne", "exact", 15)
    first = answer["candidates"][0]
    assert {key: first[key] for key in ("name", "country_code", "feature_class", "layer")} == {
        "name": "Cologne",
        "country_code": "DE",
        "feature_class": "P",
        "layer": "curated",
    }
    assert {"admin1", "longitude", "latitude", "uncertainty_km", "score", "geonames_id", "wof_id"} <= first.keys()


@pytest.mark.parametrize(
    ("arguments", "verdict"),
    [
        (("Sanloaga", "--country", "TG"), "unknown"),
        (("Springfield", "--country", "US"), "ambiguous"),
        (("Mandourri", "--country", "TG"), "misspelt"),
    ],
)
def test_a_doubtful_name_ends_with_1_and_says_why(run, arguments, verdict):
    done = run("lookup", *arguments)
    assert done.returncode == 1
    assert f"({verdict})" in done.stdout


def test_a_file_of_names_is_answered_line_by_line_with_the_count_on_the_side(run, tmp_path):
    names = tmp_path / "names.csv"
    with names.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(
            [
                ("location", "admin2", "admin1", "country"),
                ("Kunduz", "", "Kunduz", "Afghanistan"),
                ("Tambigou", "Kpendjal", "Savanes", "TG"),
            ]
        )
    done = run("lookup", "--file", names, "--json")
    first, second = map(json.loads, done.stdout.splitlines())
    assert (first["verdict"], first["candidates"][0]["name"]) == ("exact", "Kunduz")
    assert (second["verdict"], second["uncertainty_km"]) == ("unknown", 36.6)
    assert done.returncode == 1
    assert "2 names, 1 of them unknown or ambiguous" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (("lookup",), 2, "give a name"),
        (("lookup", "Kabul", "--country", "Atlantis"), 2, "no country has the code or name 'Atlantis'"),
        (("lookup", "--file", "nowhere.csv"), 3, "nowhere.csv"),
        (("install", "whosonfirst", "nowhere.tar.xz"), 3, "nowhere.tar.xz"),
        (("remove", "geonames-xx"), 3, "no pack 'geonames-xx' is installed"),
        (("conquer",), 2, "invalid choice"),
    ],
)
def test_wrong_use_is_one_sentence_and_no_traceback(run, arguments, code, words):
    done = run(*arguments)
    assert done.returncode == code
    assert words in done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout == ""


def test_a_pack_is_installed_listed_asked_and_removed(run, tmp_path):
    archive = tmp_path / "whosonfirst-data-admin-tg.tar.xz"
    properties = {
        "wof:id": 1,
        "wof:name": "Tambigou",
        "wof:placetype": "locality",
        "wof:country": "TG",
        "wof:lastmodified": 1700000000,
        "name:fra_x_preferred": ["Tambigou"],
    }
    record = {
        "id": 1,
        "type": "Feature",
        "properties": properties,
        "geometry": {"type": "Point", "coordinates": [0.7, 10.9]},
    }
    content = json.dumps(record).encode()
    with tarfile.open(archive, "w:xz") as file:
        member = tarfile.TarInfo("whosonfirst-data-admin-tg/data/1/1.geojson")
        member.size = len(content)
        file.addfile(member, io.BytesIO(content))
    installed = run("install", "whosonfirst", archive)
    assert (installed.returncode, installed.stderr.splitlines()[-1]) == (
        0,
        "whosonfirst-tg: 1 places, edition 2023-11-14",
    )
    assert "whosonfirst-tg" in run("list").stdout
    assert run("lookup", "Tambigou", "--country", "TG").returncode == 0
    assert run("remove", "whosonfirst-tg").returncode == 0
    assert run("lookup", "Tambigou", "--country", "TG").returncode == 1


def test_an_answer_in_json_has_no_radius_where_nothing_is_known(gazetteer):
    assert as_json(gazetteer.lookup("Xyzzyland"))["uncertainty_km"] is None


def test_a_draft_is_checked_and_its_findings_decide_the_exit_code(run, tmp_path):
    draft = tmp_path / "draft.txt"
    draft.write_text("The Taliban took Kabul. Afghanisitan fell, and Afghanistan changed.", encoding="utf-8")
    done = run("check", draft, "--json")
    found = [one for one in json.loads(done.stdout) if one["text"] == "Afghanisitan"]
    assert (done.returncode, [(one["verdict"], one["line"]) for one in found]) == (1, [("misspelt", 1)])
    assert {"start", "end", "page", "advice", "candidates", "confidence"} <= found[0].keys()
    draft.write_text("The Taliban took Kabul in Afghanistan.", encoding="utf-8")
    assert run("check", draft, "--least", "warning").returncode == 0
    assert run("check", tmp_path / "nothing.txt").returncode == 3
    assert run("check", draft, draft, "--json").returncode == 2


def test_places_go_out_as_linked_places_and_come_back_as_a_pack(run, tmp_path):
    document = tmp_path / "edited.json"
    done = run("export", "--layer", "curated", "--country", "TG", "--on", "2021-11-19", "--output", document)
    assert (done.returncode, f"places in {document}" in done.stderr) == (0, True)
    edited = json.loads(document.read_text(encoding="utf-8"))
    (mandouri,) = (one for one in edited["features"] if one["properties"]["title"] == "Mandouri")
    mandouri["@id"] = "desk:mandoury-camp"
    del mandouri["links"]  # it is another place now
    mandouri["properties"]["title"] = "Mandoury Camp"
    mandouri["names"] = [{"toponym": "Mandoury Camp", "lang": "en"}]
    document.write_text(json.dumps({**edited, "features": [mandouri]}), encoding="utf-8")
    done = run("install", "linkedplaces", document)
    assert (done.returncode, "linkedplaces-edited: 1 places" in done.stderr) == (0, True)
    assert "relations: 3 of them are not kept" in done.stderr
    found = json.loads(run("lookup", "Mandoury Camp", "--country", "TG", "--json").stdout)
    assert (found["verdict"], found["candidates"][0]["layer"]) == ("exact", "linkedplaces-edited")
