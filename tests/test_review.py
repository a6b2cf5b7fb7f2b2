"""Editors' decisions: in the log for good, over the data and never in it, none lost to a crash or to somebody else."""

import io
import json
import os
import random
import re
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from itertools import count
from pathlib import Path
from threading import Thread

import pandas as pd
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from shapely import Point

from gazetteer import Candidate, Match, Precision, Verdict, resolve
from incidents import schema
from incidents.dataset import from_bytes, reviewed
from incidents.errors import IncidentsError
from incidents.export import to_csv as export_csv
from incidents.filters import Filters
from incidents.geocode import ReportedPlace, locate, records, reported_places, why_not_mapped
from incidents.readers import read_table
from incidents.review import (
    EDITOR,
    VERSION,
    Decision,
    Kind,
    Log,
    LogError,
    Need,
    NotDecisionsError,
    Placement,
    RefusedDecisionError,
    StaleDecisionError,
    apart_km,
    differences,
    from_csv,
    lay_over,
    log_path,
    logfile,
    options,
    position_of,
    queue,
    to_csv,
    typed_number,
)
from incidents.review.placement import seen
from incidents.schema import DTYPES, LOCATED, ReviewStatus

PROJECT = Path(__file__).parents[1]
UNIT = Placement(
    place_id="curated:tg-kpendjal",
    name="Kpendjal",
    longitude=0.613603,
    latitude=10.9,
    geo_precision=Precision.ADMIN2,
    uncertainty_km=36.6,
    verdict=Verdict.UNKNOWN,
    country_code="TG",
)
HERE = Placement(
    longitude=0.61, latitude=10.98, geo_precision=Precision.SETTLEMENT, uncertainty_km=5.0, name="Sanloaga"
)
THERE = Placement(longitude=0.75, latitude=11.0, geo_precision=Precision.NEAR_SETTLEMENT, uncertainty_km=25.0)
NOWHERE = Placement(geo_precision=Precision.UNKNOWN)
OF = {"dataset": "made-up.csv", "dataset_sha256": "0" * 64}


def decide(log: Log, incident_id: str = "i0", *, version: int = 0, **said) -> Decision:
    usual = {
        "place_as_reported": "Sanloaga",
        "kind": Kind.PLACED_AT_COORDINATES,
        "old": UNIT,
        "new": HERE,
        "reason": "A map of the prefecture shows it.",
        "decided_by": "AB",
    }
    return log.decide(incident_id, **{**OF, "expected_version": version, **usual, **said})


def undo(log: Log, incident_id: str = "i0", *, version: int, **said) -> Decision:
    return log.undo(
        incident_id, **{**OF, "expected_version": version, "reason": "Wrong map.", "decided_by": "CD", **said}
    )


def history(log: Log, incident_id: str = "i0") -> tuple[Decision, ...]:
    return log.history(incident_id, dataset="made-up.csv")


@pytest.fixture
def log(tmp_path: Path):
    with Log.open(tmp_path / "reviews.sqlite") as opened:
        yield opened


def test_a_decision_is_there_for_whoever_opens_the_log(log):
    before = datetime.now(UTC)
    made = decide(log, review_status=ReviewStatus.ACCEPTED)
    assert (made.version, made.old, made.new, made.removed, made.undoes) == (1, UNIT, HERE, 0, None)
    assert before <= made.decided_at <= datetime.now(UTC)
    with Log.open(log.path) as other:
        assert history(other) == (made,)
        assert other.latest("made-up.csv") == other.decisions() == (made,)
        assert other.latest("another.csv") == history(other, "i1") == ()


def test_the_log_is_the_user_s_unless_the_environment_names_another(monkeypatch, tmp_path: Path):
    monkeypatch.delenv("INCIDENT_DESK_REVIEWS", raising=False)
    assert log_path().parts[-2:] == ("incident-desk", "reviews.sqlite")
    monkeypatch.setenv("INCIDENT_DESK_REVIEWS", str(tmp_path / "a folder" / "that is new" / "our.sqlite"))
    with Log.open() as log:
        assert log.path == log_path() == tmp_path / "a folder" / "that is new" / "our.sqlite"
        decide(log)
    assert log_path().is_file()


def test_every_commit_reaches_the_disk(log):
    asked = [log._connection.execute(f"PRAGMA {name}").fetchone()[0] for name in ("journal_mode", "synchronous")]
    assert asked == ["wal", 2]
    asked = [log._connection.execute(f"PRAGMA {name}").fetchone()[0] for name in ("foreign_keys", "busy_timeout")]
    assert asked == [1, 10_000]


def test_a_decision_on_a_version_that_somebody_has_changed_is_refused_and_told_what_changed(log):
    first = decide(log)
    theirs = decide(log, version=1, new=THERE, decided_by="CD", reason="The village lies on the river.")
    with pytest.raises(StaleDecisionError) as refused:
        decide(log, version=1, new=HERE)
    assert (refused.value.expected_version, refused.value.version, refused.value.since) == (1, 2, (theirs,))
    assert "Nothing was decided on i0" in str(refused.value)
    assert "CD placed it at 11.0000° N, 0.7500° E, near a settlement, within 25 km" in str(refused.value)
    assert "The village lies on the river." in str(refused.value)
    assert isinstance(refused.value, IncidentsError)
    with pytest.raises(StaleDecisionError) as refused:
        undo(log, version=0)
    assert refused.value.since == (first, theirs)
    with pytest.raises(StaleDecisionError, match="The log has version 2 of it") as refused:
        decide(log, version=7)
    assert refused.value.since == ()
    assert history(log) == (first, theirs)
    assert differences(first.new, theirs.new) == (
        ("name", "Sanloaga", ""),
        ("longitude", "0.61", "0.75"),
        ("latitude", "10.98", "11.0"),
        ("geo precision", "settlement", "near_settlement"),
        ("uncertainty km", "5.0", "25.0"),
    )


def test_an_undo_restores_what_was_before_and_an_undo_of_it_brings_it_back(log):
    first = decide(log, review_status=ReviewStatus.WORK_NEEDED)
    second = decide(log, version=1, kind=Kind.NOT_MAPPABLE, new=NOWHERE)
    back = undo(log, version=2)
    assert (back.kind, back.new, back.review_status) == (first.kind, first.new, first.review_status)
    assert (back.version, back.old, back.undoes, back.decided_by, back.reason) == (3, second.new, 2, "CD", "Wrong map.")
    again = undo(log, version=3)
    assert (again.kind, again.new, again.undoes) == (second.kind, second.new, 3)
    assert history(log) == (first, second, back, again)
    assert "(undoing version 3)" in again.words


def test_to_undo_the_first_decision_opens_the_case_again(log):
    first = decide(log, review_status=ReviewStatus.ISSUE)
    opened = undo(log, version=1)
    assert (opened.kind, opened.new, opened.review_status) == (Kind.REOPENED, UNIT, None)
    again = undo(log, version=2)
    assert (again.kind, again.new, again.review_status) == (first.kind, first.new, first.review_status)


def test_an_undo_needs_a_reason_and_something_to_undo(log):
    with pytest.raises(RefusedDecisionError, match="nothing to undo"):
        undo(log, version=0)
    decide(log)
    with pytest.raises(RefusedDecisionError, match="reason is missing"):
        undo(log, version=1, reason=" ")
    assert len(history(log)) == 1


def test_a_case_is_opened_again_by_a_decision_of_its_own(log):
    with pytest.raises(RefusedDecisionError, match="stands that could be opened again"):
        decide(log, kind=Kind.REOPENED, new=UNIT)
    decide(log)
    opened = decide(log, version=1, kind=Kind.REOPENED, new=UNIT)
    assert (opened.old, opened.new) == (HERE, UNIT)
    with pytest.raises(RefusedDecisionError, match="stands that could be opened again"):
        decide(log, version=2, kind=Kind.REOPENED, new=UNIT)


def test_what_an_incident_was_is_what_the_log_says_where_a_decision_stands(log):
    decide(log)
    assert decide(log, version=1, old=NOWHERE, new=THERE).old == HERE
    # The data's words have changed, so what the desk showed is no decision.
    assert decide(log, version=2, old=NOWHERE, new=HERE, place_as_reported="near Sanloaga").old == NOWHERE


def test_incidents_of_two_datasets_and_two_incidents_have_versions_of_their_own(log):
    decide(log)
    decide(log, "i1")
    decide(log, dataset="another.csv")
    decide(log, version=1, new=THERE)
    assert [(one.incident_id, one.version) for one in log.latest("made-up.csv")] == [("i1", 1), ("i0", 2)]
    assert [one.version for one in log.decisions()] == [1, 1, 1, 2]
    assert len(log.decisions("made-up.csv")) == 3
    assert log.verify() == ()


UNWRITTEN = {
    "no reason": ({"reason": ""}, "The reason is missing"),
    "spaces": ({"reason": " \t\n "}, "The reason is missing"),
    "characters that nobody sees": ({"reason": "\u202e\u200b\x00\u200e"}, "The reason is missing"),
    "no words": ({"reason": "..."}, "The reason is missing: write it in words"),
    "a document": ({"reason": "x" * 10_000}, "The reason has 10,000 characters, and may have 2,000"),
    "nobody": ({"decided_by": "\u2066"}, "The name of the editor is missing"),
    "a speech for a name": ({"decided_by": "x" * 101}, "The name of the editor has 101 characters, and may have 100"),
    "no text": ({"place_as_reported": "\ud800"}, "place_as_reported is no text that can be written down"),
    "no incident": ({"incident_id": ""}, "incident_id is missing"),
}


@pytest.mark.parametrize(("said", "why"), UNWRITTEN.values(), ids=UNWRITTEN)
def test_what_says_nothing_or_too_much_is_refused_in_a_sentence(log, said, why):
    with pytest.raises(RefusedDecisionError, match=why):
        decide(log, said.pop("incident_id", "i0"), **said)
    assert log.decisions() == ()


HOSTILE = {
    "a name turned round": ("Kabul\u202e lubaK\u202c is meant", "Kabul lubaK is meant", 2),
    "control characters": ("Kabul\x00\x1b[31m\x7f is meant", "Kabul[31m is meant", 3),
    "lines": ("Two\r\nlines\u2028and three", "Two lines and three", 0),
    "zero width": ("Ka\u200bbul\ufeff", "Kabul", 2),
    "half a character": ("Kabul\ud83d!", "Kabul!", 1),
    "a formula": ("=HYPERLINK(A1)", "=HYPERLINK(A1)", 0),
    "Persian": ("می\u200cشود", "می\u200cشود", 0),
    "decomposed": ("Sanloaga\u0301", "Sanloagá", 0),
}


@pytest.mark.parametrize(("typed", "kept", "removed"), HOSTILE.values(), ids=HOSTILE)
def test_what_nobody_sees_is_taken_out_of_a_reason_and_counted(log, typed, kept, removed):
    made = decide(log, reason=typed)
    assert (made.reason, made.removed) == (kept, removed)
    assert history(log) == (made,)


def test_hostile_text_stays_text(log, hostile_text):
    made = decide(log, reason=hostile_text + "x", decided_by=hostile_text + "x", new=replace(HERE, name=hostile_text))
    assert history(log) == (made,)
    assert from_csv(to_csv([made])).accepted == (made,)


@given(st.text())
@example("\u00a0a\u2029b\x85c\x1f")
def test_what_is_seen_of_a_text_is_all_that_is_seen_of_it(text):
    once, removed = seen(text)
    assert seen(once) == (once, 0)
    assert 0 <= removed <= len(text)
    once.encode()


IMPOSSIBLE = {
    "half a position": ({"longitude": 1.0}, "give both, or none"),
    "not on the Earth": ({"longitude": 181.0, "latitude": 1.0, "uncertainty_km": 1.0}, "are not on the Earth"),
    "no number": ({"longitude": float("nan"), "latitude": 1.0, "uncertainty_km": 1.0}, "are numbers"),
    "null island": ({"longitude": 0.0, "latitude": -0.0, "uncertainty_km": 1.0}, "0, 0 is a missing value"),
    "no radius": ({"longitude": 1.0, "latitude": 1.0}, "Coordinates need a radius above 0 km"),
    "a point": ({"longitude": 1.0, "latitude": 1.0, "uncertainty_km": 0.0}, "Coordinates need a radius above 0 km"),
    "a planet": ({"longitude": 1.0, "latitude": 1.0, "uncertainty_km": 5001.0}, "up to 5000 km"),
    "a radius around nothing": ({"uncertainty_km": 1.0}, "A radius without coordinates"),
    "a country in words": ({"country_code": "Togo"}, "two capital letters, not 'Togo'"),
    "a novel": ({"name": "x" * 501}, "name of a place has 501 characters"),
}


@pytest.mark.parametrize(("parts", "why"), IMPOSSIBLE.values(), ids=IMPOSSIBLE)
def test_a_placement_that_cannot_be_is_refused_in_a_sentence(parts, why):
    with pytest.raises(RefusedDecisionError, match=why):
        Placement(**parts)


UNFITTING = {
    "no candidate": (Kind.PLACED_AT_CANDIDATE, HERE, "with its place_id"),
    "a candidate of unknown position": (
        Kind.PLACED_AT_CANDIDATE,
        Placement(place_id="made:1", name="Zzyx", geo_precision=Precision.SETTLEMENT),
        "has no coordinates of Zzyx",
    ),
    "no coordinates": (Kind.PLACED_AT_COORDINATES, NOWHERE, "Coordinates are missing"),
    "coordinates of unknown precision": (
        Kind.PLACED_AT_COORDINATES,
        replace(HERE, geo_precision=Precision.UNKNOWN),
        "Say how finely",
    ),
    "no unit": (Kind.LEFT_AS_UNIT, NOWHERE, "No unit holds it"),
    "not mappable, and here": (Kind.NOT_MAPPABLE, HERE, "cannot be mapped has no coordinates"),
}


@pytest.mark.parametrize(("kind", "new", "why"), UNFITTING.values(), ids=UNFITTING)
def test_a_decision_that_contradicts_itself_is_refused_in_a_sentence(log, kind, new, why):
    with pytest.raises(RefusedDecisionError, match=why):
        decide(log, kind=kind, new=new)
    assert log.decisions() == ()


def test_the_time_of_a_decision_is_in_utc_and_its_version_counted_from_1(log):
    made = decide(log)
    for parts in (
        {"decided_at": datetime(2021, 11, 19)},  # noqa: DTZ001  that is what is refused
        {"decided_at": datetime(2021, 11, 19, tzinfo=timezone(timedelta(hours=1)))},
        {"version": 0},
        {"undoes": 1},
        {"removed": -1},
        {"removed": 10**30},
        {"reason": "Hidden\u202e"},
    ):
        with pytest.raises(RefusedDecisionError):
            replace(made, **parts)


# What nobody may do, tried on the file itself: by our own connection, and by a stranger's.
FORBIDDEN = {
    "change": "UPDATE decisions SET reason = 'Another.'",
    "change, come what may": "UPDATE OR REPLACE decisions SET version = 1",
    "delete": "DELETE FROM decisions",
    "replace": "INSERT OR REPLACE INTO decisions SELECT * FROM decisions WHERE number = 1",
    "replace by version": f"INSERT OR REPLACE INTO decisions SELECT 3, hash, {', '.join(logfile._COLUMNS[2:])}, 'x' "
    "FROM decisions WHERE number = 2",
    "replace by hash": "INSERT OR REPLACE INTO decisions SELECT 3, hash, dataset, dataset_sha256, incident_id, 3, "
    f"{', '.join(logfile._COLUMNS[6:])}, (SELECT hash FROM decisions WHERE number = 1) FROM decisions WHERE number = 2",
    "leave a gap": f"INSERT INTO decisions SELECT 4, hash, {', '.join(logfile._COLUMNS[2:])}, 'x' FROM decisions "
    "WHERE number = 2",
}


@pytest.mark.parametrize("statement", FORBIDDEN.values(), ids=FORBIDDEN)
def test_a_line_of_the_log_is_never_changed_or_taken_out(log, statement):
    made = decide(log), decide(log, version=1, new=THERE)
    with closing(sqlite3.connect(log.path, isolation_level=None)) as stranger:
        for connection in (log._connection, stranger):
            with pytest.raises(sqlite3.IntegrityError, match=r"never changed|never deleted|follows the last one"):
                connection.execute(statement)
    assert log.decisions() == made
    assert log.verify() == ()


def forged(path: Path, *statements: str) -> None:
    """What somebody does who has taken the guards away."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        for number in (1, 2, 3):
            connection.execute(f"DROP TRIGGER guard_{number}")
        for statement in statements:
            connection.execute(statement)


@pytest.mark.parametrize("column", logfile._COLUMNS[2:])
def test_a_line_that_was_changed_is_found(log, column):
    for version in range(3):
        decide(log, version=version, new=(HERE, THERE)[version % 2])
    forged(log.path, f"UPDATE decisions SET {column} = 'x' WHERE number = 2")
    assert {damage.number for damage in log.verify()} >= {2}
    assert "Line 2 was changed after it was written." in [damage.reason for damage in log.verify()]


@pytest.mark.parametrize(
    ("gone", "reason"),
    [
        (1, "Line 1 is missing."),
        (2, "Line 2 is missing."),
        (4, "Line 4 is missing."),
        ("3, 4", "Lines 3 to 4 are missing."),
    ],
)
def test_a_line_that_is_missing_is_found_the_last_one_too(log, gone, reason):
    for number in range(4):
        decide(log, f"i{number}")
    forged(log.path, f"DELETE FROM decisions WHERE number IN ({gone})")
    assert [damage.reason for damage in log.verify()] == [reason]


def test_a_line_that_was_changed_with_its_hash_no_longer_fits_the_next_one(log):
    for number in range(3):
        decide(log, f"i{number}")
    (*row, _) = log._connection.execute(f"{logfile._SELECT} WHERE number = 2").fetchone()
    row[logfile._COLUMNS.index("reason")] = "Another."
    forged(log.path, f"UPDATE decisions SET reason = 'Another.', hash = '{logfile._hash(row)}' WHERE number = 2")
    assert [(one.number, one.reason) for one in log.verify()] == [
        (3, "Line 3 does not follow the one before it: one of them was changed.")
    ]


def test_a_head_that_was_kept_elsewhere_finds_a_log_that_was_written_anew(log, tmp_path: Path):
    assert log.head() is None
    decide(log)
    kept = log.head()
    decide(log, version=1, new=THERE)
    assert log.head() != kept
    assert log.verify(head=kept) == log.verify(head=log.head()) == ()
    with Log.open(tmp_path / "anew.sqlite") as anew:
        decide(anew)
        assert anew.verify() == ()
        assert [one.reason for one in anew.verify(head=kept)] == ["Line 1 is not the one that was kept elsewhere."]


def test_guards_that_were_taken_away_are_back_when_the_log_is_opened(log):
    decide(log)
    forged(log.path)
    with Log.open(log.path) as opened, pytest.raises(sqlite3.IntegrityError):
        opened._connection.execute("DELETE FROM decisions")


def test_a_line_that_says_nothing_is_named(log):
    decide(log)
    forged(log.path, "UPDATE decisions SET new = '{}'")
    with pytest.raises(LogError, match="damaged at line 1"):
        log.decisions()


def test_a_damaged_file_is_found(log):
    for number in range(60):
        decide(log, f"i{number}", reason="x" * 1000)
    log.close()
    content = bytearray(log.path.read_bytes())
    content[8192:8300] = bytes(108)
    log.path.write_bytes(content)
    with Log.open(log.path) as opened:
        assert opened.verify()[0].number == 0
        assert "The file itself is damaged" in opened.verify()[0].reason


def another_database(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE theirs (x)")


def a_newer_log(path: Path) -> None:
    Log.open(path).close()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA user_version = 2")


STRANGE = {
    "text": (lambda path: path.write_text("This is no database. " * 100), "is no log of decisions"),
    "another database": (another_database, "is no log of decisions"),
    "a newer log": (a_newer_log, "made by another release"),
    "a folder": (lambda path: path.mkdir(), "cannot be opened"),
}


@pytest.mark.parametrize(("make", "why"), STRANGE.values(), ids=STRANGE)
def test_a_file_that_is_no_log_is_refused_and_left_as_it_is(tmp_path: Path, make: Callable, why):
    path = tmp_path / "strange"
    make(path)
    before = path.read_bytes() if path.is_file() else None
    with pytest.raises(LogError, match=why):
        Log.open(path)
    assert (path.read_bytes() if path.is_file() else None) == before


def test_a_log_that_cannot_be_made_is_an_error_in_a_sentence(tmp_path: Path):
    (tmp_path / "file").write_text("")
    with pytest.raises(LogError, match="cannot be made"):
        Log.open(tmp_path / "file" / "reviews.sqlite")


def test_a_log_that_somebody_keeps_is_an_error_after_a_while_and_nothing_is_written(tmp_path: Path, monkeypatch):
    monkeypatch.setattr(logfile, "PATIENCE_S", 0.1)
    with (
        Log.open(tmp_path / "reviews.sqlite") as log,
        closing(sqlite3.connect(log.path, isolation_level=None)) as other,
    ):
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(LogError, match=r"another program has kept it for 0\.1 seconds; try again\. Nothing was"):
            decide(log)
        assert log.decisions() == (), "whoever writes keeps nobody from reading"
        other.execute("ROLLBACK")
        decide(log)
        assert len(log.decisions()) == 1


# What the other processes do. The first import takes a second, so one process imports and its children write.
KILLED = """
import os, sys
from itertools import count
from pathlib import Path
from incidents.review import Kind, Log, Placement, StaleDecisionError

path = Path(sys.argv[1])
here = Placement(longitude=0.61, latitude=10.98, geo_precision="settlement", uncertainty_km=5.0)

def write(life):
    log = Log.open(path)
    for turn in count():
        of = {"dataset": "d", "dataset_sha256": "s"}
        log.decide(f"{life} {turn}", **of, expected_version=0, place_as_reported="Sanloaga", decided_by="AB",
                   kind=Kind.PLACED_AT_COORDINATES, old=here, new=here, reason=f"It is turn {turn}.")
        os.write(1, f"{life} {turn}\\n".encode())

for life, _ in enumerate(iter(sys.stdin.readline, "")):
    child = os.fork()
    if not child:
        write(life)
    os.write(1, f"born {child}\\n".encode())
    os.waitpid(child, 0)
    os.write(1, b"dead\\n")
"""


def test_kill_9_in_the_middle_of_a_decision_loses_no_acknowledged_decision_and_leaves_a_readable_log(tmp_path: Path):
    path = tmp_path / "reviews.sqlite"
    chance = random.Random(4)
    acknowledged: list[str] = []
    kills = 25
    with subprocess.Popen(
        [sys.executable, "-c", KILLED, path], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=PROJECT
    ) as writer:
        for _ in range(kills):
            writer.stdin.write("\n")
            writer.stdin.flush()
            lines = [writer.stdout.readline()]
            while not lines[-1].startswith("born"):
                lines.append(writer.stdout.readline())
            time.sleep(chance.uniform(0, 0.12))
            os.kill(int(lines[-1].split()[1]), signal.SIGKILL)
            while lines[-1] != "dead\n":
                lines.append(writer.stdout.readline())
            acknowledged += [line.strip() for line in lines if line[0].isdigit()]
            with Log.open(path) as log:
                assert log.verify() == ()
                there = [decision.incident_id for decision in log.decisions()]
            assert set(acknowledged) <= set(there)
        writer.stdin.close()
    assert acknowledged
    assert len(there) <= len(acknowledged) + kills, "at most the one that was being written came without its word"


RIVAL = """
import sys
from pathlib import Path
from incidents.review import Kind, Log, Placement, StaleDecisionError

here = Placement(longitude=0.61, latitude=10.98, geo_precision="settlement", uncertainty_km=5.0)
print("ready", flush=True)
log = None
for incident in iter(sys.stdin.readline, ""):
    log = log or Log.open(Path(sys.argv[1]))
    try:
        log.decide(incident.strip(), dataset="d", dataset_sha256="s", expected_version=0, decided_by=sys.argv[2],
                   place_as_reported="Sanloaga", kind=Kind.PLACED_AT_COORDINATES, old=here, new=here, reason="Mine.")
        print("decided", flush=True)
    except StaleDecisionError as error:
        print(*[decision.decided_by for decision in error.since], flush=True)
"""


def test_of_two_processes_that_decide_on_one_incident_at_once_one_wins_and_the_other_is_told(tmp_path: Path):
    path, rounds = tmp_path / "new" / "reviews.sqlite", 60
    names = ("AB", "CD")
    rivals = [
        subprocess.Popen(
            [sys.executable, "-c", RIVAL, path, name],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=PROJECT,
        )
        for name in names
    ]
    with rivals[0], rivals[1]:
        assert [rival.stdout.readline() for rival in rivals] == ["ready\n", "ready\n"]
        winners = []
        for turn in range(rounds):  # in the first, both make the log
            for rival in random.Random(turn).sample(rivals, 2):
                rival.stdin.write(f"i{turn}\n")
                rival.stdin.flush()
            said = [rival.stdout.readline().strip() for rival in rivals]
            winner = names[said.index("decided")]
            assert sorted(said) == sorted(["decided", winner])
            winners.append(winner)
        for rival in rivals:
            rival.stdin.close()
    with Log.open(path) as log:
        assert [(one.incident_id, one.version, one.decided_by) for one in log.decisions()] == [
            (f"i{turn}", 1, winner) for turn, winner in enumerate(winners)
        ]
        assert log.verify() == ()


CROWD = """
import os, sys
from pathlib import Path
from incidents.review import Kind, Log, Placement

here = Placement(longitude=0.61, latitude=10.98, geo_precision="settlement", uncertainty_km=5.0)

def start(path, name, gate):
    os.read(gate, 1)
    log = Log.open(path)
    log.decide(name, dataset="d", dataset_sha256="s", expected_version=0, decided_by=name, reason="Mine.",
               place_as_reported="Sanloaga", kind=Kind.PLACED_AT_COORDINATES, old=here, new=here)
    os._exit(0)

for turn in range(8):
    gate, shut = os.pipe()
    children = []
    for name in "abcde":
        children.append(os.fork())
        if not children[-1]:
            os.close(shut)
            try:
                start(Path(sys.argv[1]) / f"{turn}.sqlite", name, gate)
            finally:
                os._exit(1)
    os.close(shut)
    os.close(gate)
    assert [os.waitpid(child, 0)[1] for child in children] == [0] * 5, turn
"""


def test_processes_that_open_a_new_log_at_once_make_one_log(tmp_path: Path):
    crowd = subprocess.run(
        [sys.executable, "-c", CROWD, tmp_path], capture_output=True, text=True, cwd=PROJECT, check=False
    )
    assert crowd.returncode == 0, crowd.stderr
    for turn in range(8):
        with Log.open(tmp_path / f"{turn}.sqlite") as log:
            assert sorted(one.incident_id for one in log.decisions()) == list("abcde")
            assert log.verify() == ()


def test_threads_share_a_log_and_one_of_those_that_decide_at_once_wins(log):
    outcomes: list[str] = []

    def run(name: str) -> None:
        for turn in range(10):
            try:
                decide(log, f"i{turn}", decided_by=name)
                outcomes.append("decided")
            except StaleDecisionError:
                outcomes.append("told")

    threads = [Thread(target=run, args=(name,)) for name in ("AB", "CD", "EF")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["decided"] * 10 + ["told"] * 20
    assert len(log.decisions()) == 10
    assert log.verify() == ()


STEPS = st.sampled_from(["here", "there", "nowhere", "unit", "reopen", "undo", "stale"])
CHOICES = {
    "here": (Kind.PLACED_AT_COORDINATES, HERE),
    "there": (Kind.PLACED_AT_COORDINATES, THERE),
    "nowhere": (Kind.NOT_MAPPABLE, NOWHERE),
    "unit": (Kind.LEFT_AS_UNIT, UNIT),
    "reopen": (Kind.REOPENED, UNIT),
}
NUMBER = count()


@settings(max_examples=40)
@given(st.lists(st.tuples(st.sampled_from(["i0", "i1"]), STEPS), max_size=14))
@example([("i0", "here"), ("i0", "there"), ("i0", "undo"), ("i0", "undo"), ("i0", "reopen"), ("i0", "undo")])
def test_any_sequence_of_decisions_and_undos_keeps_versions_gapless_and_ends_as_a_simple_model_says(
    tmp_path_factory, steps
):
    model = {"i0": [(Kind.REOPENED, UNIT)], "i1": [(Kind.REOPENED, UNIT)]}
    with Log.open(tmp_path_factory.getbasetemp() / f"model-{next(NUMBER)}.sqlite") as log:
        for incident_id, step in steps:
            states = model[incident_id]
            version = len(states) - 1
            if step == "stale":
                with pytest.raises(StaleDecisionError):
                    decide(log, incident_id, version=version + 1)
            elif (step == "undo" and version == 0) or (step == "reopen" and states[-1][0] is Kind.REOPENED):
                with pytest.raises(RefusedDecisionError):
                    undo(log, incident_id, version=0) if step == "undo" else decide(
                        log, incident_id, version=version, kind=Kind.REOPENED, new=UNIT
                    )
            elif step == "undo":
                undo(log, incident_id, version=version)
                states.append(states[-2])
            else:
                kind, new = CHOICES[step]
                decide(log, incident_id, version=version, kind=kind, new=new)
                states.append(CHOICES[step])
        latest = {one.incident_id: one for one in log.latest("made-up.csv")}
        for incident_id, states in model.items():
            told = history(log, incident_id)
            assert [one.version for one in told] == list(range(1, len(states)))
            assert [(one.kind, one.new) for one in told] == states[1:]
            assert [one.old for one in told] == [new for _, new in states[:-1]]
            assert latest.get(incident_id) == (told[-1] if told else None)
        assert log.verify() == ()


# Decisions as CSV


TEXTS = st.text(min_size=1, max_size=30).filter(str.strip).filter(lambda text: not re.search("[\ud800-\udfff]", text))
NAMES = TEXTS.map(lambda text: seen(text)[0]).filter(bool)
DEGREES = st.floats(-90, 90).filter(lambda number: abs(number) > 1e-9)
PLACED = st.builds(
    Placement,
    place_id=st.none() | TEXTS,
    name=st.none() | NAMES,
    longitude=DEGREES,
    latitude=DEGREES,
    geo_precision=st.sampled_from(["exact", "settlement", "admin1", "sea_or_air"]).map(Precision),
    uncertainty_km=st.floats(0.001, 5000),
    verdict=st.none() | st.sampled_from(Verdict),
    country_code=st.sampled_from([None, "TG", "BF"]),
)
DECISIONS = st.builds(
    Decision,
    incident_id=TEXTS,
    dataset=TEXTS,
    dataset_sha256=st.just("0" * 64),
    version=st.just(1),
    decided_by=NAMES.map(lambda text: f"{text}x"),
    decided_at=st.datetimes(min_value=datetime(1990, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001  the zone is beside it
    kind=st.just(Kind.PLACED_AT_COORDINATES),
    old=PLACED,
    new=PLACED,
    reason=NAMES.map(lambda text: f"{text}x"),
    place_as_reported=TEXTS,
    review_status=st.none() | st.sampled_from(ReviewStatus),
    removed=st.integers(0, 9),
)


@given(st.lists(DECISIONS, max_size=4, unique_by=lambda one: (one.dataset, one.incident_id)))
def test_whatever_was_decided_is_read_back_from_its_csv_to_the_digit(decisions):
    content = to_csv(decisions)
    assert from_csv(content).accepted == tuple(decisions)
    assert from_csv(content).rejected == ()
    assert to_csv(from_csv(content).accepted) == content


def test_no_cell_of_an_export_is_a_formula(log):
    of = {"reason": "=1+1 is no reason", "decided_by": "@AB", "new": replace(HERE, name="+Sanloaga", longitude=-0.61)}
    made = decide(log, "-i0", dataset="=cmd", place_as_reported="\t=x", **of)
    (row,) = pd.read_csv(io.BytesIO(to_csv([made])), dtype=str, keep_default_na=False).to_dict("records")
    assert [
        row[name] for name in ("incident_id", "dataset", "decided_by", "place_as_reported", "reason", "new_name")
    ] == [*("'-i0", "'=cmd", "'@AB", "'\t=x", "'=1+1 is no reason", "'+Sanloaga")]
    assert row["new_longitude"] == "-0.61", "a number is no formula"
    assert from_csv(to_csv([made])).accepted == (made,)


def edited(made: Decision, **cells: str) -> bytes:
    table = pd.read_csv(io.BytesIO(to_csv([made])), dtype=str, keep_default_na=False)
    return table.assign(**cells).to_csv(index=False).encode()


FAULTS = {
    "no reason": ({"reason": ""}, "reason", "expected a value, found none"),
    "a long reason": ({"reason": "x" * 10_000}, "", "The reason has 10,000 characters, and may have 2,000."),
    "no time": ({"decided_at": "yesterday"}, "decided_at", "expected a time like"),
    "no time zone": ({"decided_at": "2021-11-19T10:00:00"}, "", "is in UTC"),
    "a word for a number": ({"new_longitude": "east"}, "new_longitude", "expected a number"),
    "not on the Earth": ({"new_longitude": "500"}, "", "are not on the Earth"),
    "not a number": ({"new_latitude": "nan"}, "", "are numbers"),
    "another kind": ({"kind": "moved"}, "kind", "expected one of placed_at_candidate, "),
    "another precision": ({"old_geo_precision": "rough"}, "old_geo_precision", "expected one of exact, "),
    "no version": ({"version": "0"}, "", "counted from 1"),
    "a kind that does not fit": ({"kind": "not_mappable"}, "", "cannot be mapped has no coordinates"),
}


@pytest.mark.parametrize(("cells", "column", "reason"), FAULTS.values(), ids=FAULTS)
def test_a_row_that_is_no_decision_is_rejected_with_the_reason(log, cells, column, reason):
    reading = from_csv(edited(decide(log), **cells))
    assert reading.accepted == ()
    (fault,) = reading.rejected
    assert (fault.row, fault.column) == (2, column)
    assert reason in fault.reason


def test_a_version_that_comes_twice_a_short_row_and_what_nobody_sees_are_told(log):
    made = decide(log)
    head, row = to_csv([made]).decode("utf-8-sig").splitlines()
    reading = from_csv("\n".join([head, row, "", "i9,d", row]).encode())
    assert reading.accepted == (made,)
    assert [(fault.row, fault.column) for fault in reading.rejected] == [(4, ""), (5, "version")]
    (read,) = from_csv(edited(made, reason="Turned\u202e round.")).accepted
    assert (read.reason, read.removed) == ("Turned round.", 1)
    semicolons = pd.read_csv(io.BytesIO(to_csv([made])), dtype=str, keep_default_na=False).to_csv(index=False, sep=";")
    assert from_csv(semicolons.encode()).accepted == (made,)


NO_LISTS = {
    "nothing": (b"", "must have once"),
    "other columns": (b"incident_id,reason\n1,2\n", "must have once, and has not, dataset, "),
    "no text": (b"\xff\xfe\x00", "not UTF-8"),
    "too much": (b"x" * 20_000_001, "larger than 20 MB"),
}


@pytest.mark.parametrize(("content", "why"), NO_LISTS.values(), ids=NO_LISTS)
def test_a_file_that_is_no_list_of_decisions_is_refused_in_a_sentence(content, why):
    with pytest.raises(NotDecisionsError, match=why):
        from_csv(content)


def test_decisions_are_brought_into_another_log_once_as_they_were_made(log, tmp_path: Path):
    decide(log)
    decide(log, "i1")
    decide(log, version=1, new=THERE, decided_by="CD")
    undo(log, version=2)
    made = from_csv(to_csv(reversed(log.decisions()))).accepted
    with Log.open(tmp_path / "elsewhere.sqlite") as elsewhere:
        assert set(elsewhere.bring_in(made).taken) == set(log.decisions())
        assert history(elsewhere) == history(log)
        again = elsewhere.bring_in(made)
        assert (again.taken, set(again.known), again.set_aside) == ((), set(made), ())
        assert elsewhere.verify() == ()
        decide(elsewhere, version=3)


def test_a_decision_that_contradicts_this_log_is_set_aside_with_those_that_follow_it(log, tmp_path: Path):
    theirs = [
        decide(log),
        decide(log, version=1, new=THERE),
        decide(log, "i1"),
        decide(log, "i1", version=1, new=THERE),
    ]
    with Log.open(tmp_path / "elsewhere.sqlite") as elsewhere:
        ours = decide(elsewhere, new=replace(HERE, latitude=10.5), decided_by="CD")
        brought = elsewhere.bring_in(theirs)
        assert brought.taken == tuple(theirs[2:])
        assert [one.decision for one in brought.set_aside] == theirs[:2]
        assert "Version 1 is another one here. CD placed it at Sanloaga, 10.5000° N" in brought.set_aside[0].reason
        (alone,) = elsewhere.bring_in(theirs[1:2]).set_aside
        assert "It was made on another version 1 than the one that is here." in alone.reason
        same = [replace(theirs[0], incident_id="i3"), replace(theirs[1], incident_id="i3")]
        decide(elsewhere, "i3", decided_by="CD")
        assert [one.reason[:29] for one in elsewhere.bring_in(same).set_aside] == [
            "Version 1 is another one here",
            "An earlier one was set aside.",
        ]
        (gap,) = elsewhere.bring_in([replace(theirs[1], incident_id="i2", version=3)]).set_aside
        assert "What is between version 0, the last one here, and version 3 is missing." in gap.reason
        assert history(elsewhere) == (ours,)


# Decisions over the data


SANLOAGA = {
    "place_as_reported": "Sanloaga",
    "country": "Togo",
    "country_code": "TG",
    "admin1": "Savanes",
    "admin2": "Kpendjal",
}
KUNDUZ = {"place_as_reported": "Kunduz", "country": "Afghanistan", "country_code": "AF"}
AT = {"longitude": "0.7", "latitude": "11.1", "geo_precision": "settlement", "uncertainty_km": "2.5"}
KUNDUZ_CITY = "curated:af-kunduz-city"


@pytest.fixture(scope="module")
def located(a_file, gazetteer):
    """Locate rows of cells."""
    return lambda *rows: locate(read_table(a_file(*rows)).accepted, gazetteer=gazetteer)


@pytest.fixture
def laid(log, located, gazetteer):
    """Decide on the first of some rows, and give what it is then, as a record."""

    def lay(*rows: dict[str, str], **said) -> dict:
        incidents = located(*rows)
        row = records(incidents)[0]
        decide(log, place_as_reported=row["place_as_reported"], old=Placement.read(row), **said)
        over = lay_over(incidents, log.latest("made-up.csv"), gazetteer=gazetteer)
        assert over.applied == log.latest("made-up.csv")
        assert over.set_aside == ()
        schema.INCIDENTS.validate(over.incidents)
        return records(over.incidents)[0]

    return lay


def city(gazetteer) -> Placement:
    match = resolve("Kunduz", gazetteer=gazetteer, country="AF", feature_class="P")
    return Placement.of(match.place)


def test_an_incident_that_an_editor_put_at_a_candidate_is_there_with_the_reason(laid, gazetteer):
    new = city(gazetteer)
    row = laid(KUNDUZ, kind=Kind.PLACED_AT_CANDIDATE, new=new, reason="The article speaks of the mosque")
    assert (row["place_id"], row["place_name"], row["uncertainty_km"]) == (new.place_id, "Kunduz", new.uncertainty_km)
    assert row["geometry"].equals(Point(new.longitude, new.latitude))
    assert (row["geocoded_by"], row["review_status"], row[VERSION]) == (EDITOR, "accepted", 1)
    assert re.fullmatch(
        r"AB placed it at Kunduz, 36\.\d+° N, 68\.\d+° E, settlement, within 10 km on \d+ \w+ \d{4}, \d\d:\d\d UTC: "
        r"The article speaks of the mosque\.",
        row["place_reason"],
    )
    assert row["place_verdict"] == "ambiguous", "what the gazetteer said stays beside it"
    assert row["place_as_reported"] == "Kunduz"


def test_coordinates_are_kept_to_the_digit(laid):
    new = replace(HERE, longitude=0.1 + 0.2, latitude=10.987654321012345)
    row = laid(SANLOAGA, new=new)
    assert (row["longitude"], row["latitude"]) == (new.longitude, new.latitude)
    assert row["geometry"].equals(Point(new.longitude, new.latitude))


def test_an_incident_that_is_left_in_its_unit_is_drawn_as_its_outline(laid, located, gazetteer):
    unit = Placement.read(records(located(SANLOAGA))[0])
    row = laid(SANLOAGA, kind=Kind.LEFT_AS_UNIT, new=unit)
    assert row["geometry"].equals(gazetteer.footprint(gazetteer.place("curated:tg-kpendjal")))
    assert (row["geo_precision"], row["geocoded_by"], row["review_status"]) == ("admin2", EDITOR, "accepted")


def test_an_area_without_an_outline_is_a_disc_cut_at_the_border(laid, gazetteer):
    new = replace(THERE, geo_precision=Precision.LINEAR_OR_FUZZY, uncertainty_km=40.0)
    drawn = laid(SANLOAGA, new=new)["geometry"]
    assert 0 < drawn.area < 0.5
    assert drawn.difference(gazetteer.boundaries.country("TG").geometry).area < 1e-9


@pytest.mark.parametrize("precision", ["unknown", "country", "sea_or_air"])
def test_what_cannot_be_mapped_is_listed_with_the_reason(log, located, gazetteer, precision):
    incidents = located(SANLOAGA)
    decide(
        log, kind=Kind.NOT_MAPPABLE, new=Placement(geo_precision=Precision(precision)), reason="The source retracts."
    )
    over = lay_over(incidents, log.latest("made-up.csv"), gazetteer=gazetteer).incidents
    (row,) = records(over)
    assert (row["geometry"], row["longitude"], row["uncertainty_km"], row["place_id"]) == (None, None, None, None)
    (why,) = why_not_mapped(over)
    words = {"unknown": "The source retracts", "country": "Only the country is known", "sea_or_air": "At sea"}
    assert words[precision] in why


def test_what_is_opened_again_is_what_the_gazetteer_says(log, located, gazetteer):
    incidents = located(SANLOAGA)
    decide(log)
    undo(log, version=1)
    over = lay_over(incidents, log.latest("made-up.csv"), gazetteer=gazetteer)
    assert over.applied == over.set_aside == ()
    assert over.incidents.drop(columns=VERSION).equals(incidents)


def test_of_a_whole_history_the_last_decision_counts(log, located, gazetteer):
    decide(log)
    decide(log, version=1, new=THERE)
    over = lay_over(located(SANLOAGA), reversed(history(log)), gazetteer=gazetteer)
    assert records(over.incidents)[0]["longitude"] == THERE.longitude
    assert [one.version for one in over.applied] == [2]


def test_a_decision_on_a_place_that_reads_differently_now_is_told_and_not_applied(log, located, gazetteer):
    decide(log)
    gone = decide(log, "i7")
    incidents = located(SANLOAGA | {"place_as_reported": "near Sanloaga"})
    over = lay_over(incidents, log.latest("made-up.csv"), gazetteer=gazetteer)
    assert over.applied == ()
    assert [one.reason for one in over.set_aside] == [
        "It was decided when its place read “Sanloaga”; now it reads “near Sanloaga”.",
        "The data has no incident i7 any more.",
    ]
    assert over.set_aside[1].decision == gone
    assert over.incidents.drop(columns=VERSION).equals(incidents)


def test_a_decision_for_another_country_takes_country_and_divisions_with_it(laid, gazetteer):
    stated = KUNDUZ | {"country": "Iraq", "country_code": "IQ", "admin1": "Najaf"}
    row = laid(stated, kind=Kind.PLACED_AT_CANDIDATE, new=city(gazetteer))
    assert (row["country_code"], row["country"], row["admin1"]) == ("AF", "Afghanistan", "Kunduz")
    assert row["geometry"].geom_type == "Point"


def test_a_country_that_no_boundary_knows_keeps_a_decision_from_being_applied(log, located, gazetteer):
    decide(log, new=replace(HERE, country_code="ZZ"))
    over = lay_over(located(SANLOAGA), log.latest("made-up.csv"), gazetteer=gazetteer)
    assert [one.reason for one in over.set_aside] == ["The boundaries have no country ZZ."]


def test_a_conflict_of_coordinates_and_country_is_settled_by_a_decision(laid):
    row = laid(AT | {"country": "Afghanistan", "country_code": "AF"}, new=replace(HERE, country_code="TG"))
    assert (row["review_status"], row["country_code"], row["country"]) == ("accepted", "TG", "Togo")
    assert row["geometry"].geom_type == "Point"


@pytest.mark.parametrize("status", ["work_needed", "conflict", "issue"])
def test_what_the_file_finds_open_stays_open_unless_the_editor_says_otherwise(laid, status):
    assert laid(SANLOAGA | {"review_status": status})["review_status"] == status
    assert laid(SANLOAGA | {"review_status": status}, version=1, review_status=ReviewStatus.ACCEPTED)[
        "review_status"
    ] == "accepted"  # fmt: skip


def test_laying_over_writes_nothing_into_the_data_and_touches_no_other_row(log, located, gazetteer):
    incidents = located(SANLOAGA, KUNDUZ, {}, {"place_as_reported": "Togo", "country_code": "TG", "country": "Togo"})
    before = incidents.copy(deep=True)
    decide(log)
    over = lay_over(incidents, log.latest("made-up.csv"), gazetteer=gazetteer).incidents
    assert incidents.equals(before)
    assert over.iloc[1:].drop(columns=VERSION).equals(before.iloc[1:])
    assert over.crs == before.crs
    assert {name: str(over[name].dtype) for name in DTYPES} == {name: str(before[name].dtype) for name in DTYPES}
    assert list(over[VERSION].isna()) == [False, True, True, True]


def test_laid_over_incidents_survive_an_export_and_a_new_reading(log, a_file, gazetteer):
    data = from_bytes(a_file(SANLOAGA, KUNDUZ), name="made-up.csv", gazetteer=gazetteer)
    decide(log, new=replace(HERE, place_id="made:1"))
    over = lay_over(data.incidents, log.latest(data.name), gazetteer=gazetteer).incidents
    content = export_csv(replace(data, incidents=over), Filters(), ordered=False)
    again = from_bytes(content, name="made-up.csv", gazetteer=gazetteer).incidents
    assert records(again[list(LOCATED)]) == records(over[list(LOCATED)])
    assert records(again[["review_status"]]) == records(over[["review_status"]])
    assert again.geometry.iloc[0].equals(over.geometry.iloc[0])


@settings(max_examples=15)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["i0", "i1", "i2", "i9"]),
            st.builds(
                replace,
                st.just(HERE),
                longitude=st.floats(-3, 3).filter(bool),
                geo_precision=st.sampled_from([p for p in Precision if p.rank not in (6, 8)]),
                uncertainty_km=st.floats(0.1, 300),
                country_code=st.sampled_from([None, "TG", "BF", "AF"]),
                place_id=st.sampled_from([None, "curated:tg-kpendjal", "made:1"]),
            ),
        ),
        max_size=3,
        unique_by=lambda one: one[0],
    )
)
def test_whatever_is_decided_what_is_drawn_is_what_its_precision_allows(tmp_path_factory, located, gazetteer, decided):
    incidents = located(SANLOAGA, SANLOAGA | {"country_code": "", "country": ""}, SANLOAGA)
    with Log.open(tmp_path_factory.getbasetemp() / f"drawn-{next(NUMBER)}.sqlite") as log:
        for incident_id, new in decided:
            decide(log, incident_id, new=new)
        over = lay_over(incidents, log.latest("made-up.csv"), gazetteer=gazetteer)
    assert {one.incident_id for one in over.applied} == {incident_id for incident_id, _ in decided} - {"i9"}
    schema.INCIDENTS.validate(over.incidents)
    for row in records(over.incidents):
        drawn = row["geometry"] and row["geometry"].geom_type
        if row["geo_precision"] in ("exact", "settlement", "near_settlement"):
            assert drawn == "Point"
        elif row["geo_precision"] in ("admin1", "admin2", "linear_or_fuzzy"):
            assert drawn in {"Polygon", "MultiPolygon"}
        else:
            assert drawn is None


# The queue


def two_places(match: Match, *, apart: float) -> Match:
    """A match of two villages of one name, `apart` km from each other, in the unit that the source names."""
    north = replace(match.place, place_id="made:1", name="Zzyx", longitude=0.6, latitude=10.8, uncertainty_km=5.0)
    south = replace(north, place_id="made:2", latitude=10.8 + apart / 111.195)
    return replace(
        match, verdict=Verdict.AMBIGUOUS, candidates=(Candidate(north, "Zzyx", 0.5), Candidate(south, "Zzyx", 0.5))
    )


def test_an_incident_with_two_possible_places_40_km_apart_carries_at_least_that_radius_until_decided(
    log, located, gazetteer
):
    incidents = located(SANLOAGA)
    (place,) = reported_places(incidents, gazetteer=gazetteer)
    match = two_places(place.match, apart=40)
    places = (ReportedPlace("Sanloaga", match, ("i0",)),)
    assert apart_km(match) == pytest.approx(40, abs=0.01)
    assert incidents["uncertainty_km"].iloc[0] < 40
    (task,) = queue(incidents, places)
    assert task.radius_km >= 40
    assert "The farthest two are 40 km apart." in task.needs[Need.AMBIGUOUS]
    (row,) = records(lay_over(incidents, (), gazetteer=gazetteer, places=places).incidents)
    assert row["uncertainty_km"] == 40
    assert row["place_reason"].endswith("Until an editor decides, it may be off by 40 km.")
    assert row["geometry"].equals(incidents.geometry.iloc[0]), "the unit stays what is drawn"
    decide(log)
    latest = log.latest("made-up.csv")
    (row,) = records(lay_over(incidents, latest, gazetteer=gazetteer, places=places).incidents)
    assert row["uncertainty_km"] == HERE.uncertainty_km
    assert queue(incidents, places, decisions=latest) == ()


def test_a_radius_that_is_wide_enough_stays(located, gazetteer):
    incidents = located(KUNDUZ, AT | {"place_as_reported": "Kunduz", "country_code": "BF"})
    places = reported_places(incidents, gazetteer=gazetteer)
    over = lay_over(incidents, (), gazetteer=gazetteer, places=places).incidents
    assert over.drop(columns=VERSION).equals(incidents)


MISSPELT = {"place_as_reported": "Kompiengaa", "admin2": "Kompienga"}
STRAY = AT | {"country": "Afghanistan", "country_code": "AF"}
FUZZY = AT | {"geo_precision": "linear_or_fuzzy", "uncertainty_km": "60"}
TOWN = {"feature_class": "P"}


def queued(located, gazetteer, *rows: dict[str, str], **said):
    incidents = located(*rows)
    return queue(incidents, reported_places(incidents, gazetteer=gazetteer), **said)


NEEDS = {
    "a place that nobody has": (SANLOAGA, Need.UNKNOWN, "no coordinates in any gazetteer layer"),
    "a slip": (MISSPELT, Need.UNKNOWN, "misspelling of Kompienga"),
    "several places": (KUNDUZ, Need.AMBIGUOUS, "The farthest two are 17 km apart."),
    "another country": (KUNDUZ | {"country_code": "IQ", "country": "Iraq"}, Need.CONFLICT, "The source puts Kunduz in"),
    "coordinates of another country": (STRAY, Need.CONFLICT, "Its coordinates lie in Burkina Faso"),
    "a conflict of the file": (TOWN | {"review_status": "conflict"}, Need.CONFLICT, "The data says of it: conflict."),
    "work": (TOWN | {"review_status": "work_needed"}, Need.WORK_NEEDED, "The data says of it: work needed."),
    "a large radius": (FUZZY, Need.LARGE_RADIUS, "Its place may be off by 60 km."),
    "a new one": (TOWN, Need.NEVER_REVIEWED, "No editor has looked at it."),
}


@pytest.mark.parametrize(("cells", "need", "words"), NEEDS.values(), ids=NEEDS)
def test_an_incident_is_queued_with_the_reason_in_words(located, gazetteer, cells, need, words):
    (task,) = queued(located, gazetteer, cells)
    assert words in task.needs[need]
    assert words in task.reason
    assert (task.incident_id, task.version) == ("i0", 0)


def test_the_most_needed_comes_first(located, gazetteer):
    accepted = TOWN | {"review_status": "accepted"}
    rows = [accepted, TOWN, FUZZY, TOWN | {"review_status": "issue"}, STRAY, KUNDUZ, SANLOAGA, MISSPELT]
    tasks = queued(located, gazetteer, *rows)
    assert [(task.incident_id, str(task.need)) for task in tasks] == [
        ("i7", "unknown"),
        ("i6", "unknown"),
        ("i5", "ambiguous"),
        ("i4", "conflict"),
        ("i3", "work_needed"),
        ("i2", "large_radius"),
        ("i1", "never_reviewed"),
    ]
    assert tasks[0].radius_km > tasks[1].radius_km


def test_a_place_of_which_nothing_is_known_comes_before_those_of_a_known_radius(located, gazetteer):
    lost = {"place_as_reported": "Sanlobaka", "country": "", "country_code": ""}
    first, second = queued(located, gazetteer, SANLOAGA, lost)
    assert (first.place_as_reported, first.radius_km) == ("Sanlobaka", None)
    assert second.radius_km == 36.6


def test_what_is_decided_leaves_the_queue_and_what_is_open_again_comes_first(log, located, gazetteer):
    rows = [SANLOAGA] * 5
    decide(log)
    decide(log, "i1", review_status=ReviewStatus.ISSUE, reason="Is it one act or two?")
    decide(log, "i2", place_as_reported="Sanlouaga")
    decide(log, "i3")
    undo(log, "i3", version=1, reason="The map was of another year.")
    tasks = queued(located, gazetteer, *rows, decisions=log.latest("made-up.csv"))
    assert [(task.incident_id, str(task.need), task.version) for task in tasks] == [
        ("i2", "open_again", 1),
        ("i3", "open_again", 2),
        ("i4", "unknown", 0),
        ("i1", "work_needed", 1),
    ]
    assert "now it reads “Sanloaga”" in tasks[0].reason
    assert "The map was of another year." in tasks[1].reason
    assert "Is it one act or two?" in tasks[3].reason


def test_the_curated_dataset_has_a_queue_of_the_places_that_are_open(desk, gazetteer):
    tasks = queue(desk.incidents, reported_places(desk.incidents, gazetteer=gazetteer))
    unknown = ["marching towards Islamabad", "marched to the Pakistani capital Islamabad", "Sanloaga"]
    assert [task.place_as_reported for task in tasks[:3]] == unknown
    assert [task.place_as_reported for task in tasks[3:]][:5] == ["Herat", "Kandahar", "Balkh", "Bamiyan", "Kunduz"]
    assert {task.need for task in tasks[3:8]} == {Need.AMBIGUOUS}
    assert all(task.reason.endswith(".") for task in tasks)


def test_a_place_of_the_gazetteer_is_a_placement_as_the_gazetteer_answers(gazetteer):
    for name, country in (("Kompienga", "BF"), ("Kpendjal", "TG"), ("Togo", "TG"), ("Djibo", "BF")):
        match = resolve(name, gazetteer=gazetteer, country=country, feature_class=None)
        place = Placement.of(match.place)
        assert (place.place_id, place.longitude, place.latitude) == (
            match.place.place_id,
            match.longitude,
            match.latitude,
        )
        assert (place.geo_precision, place.uncertainty_km) == (match.geo_precision, match.uncertainty_km)
    with pytest.raises(RefusedDecisionError, match="how large Djibo is"):
        Placement.of(replace(match.place, uncertainty_km=None))


def test_a_log_says_what_a_placement_was_in_plain_json(log):
    decide(log)
    (text,) = log._connection.execute("SELECT new FROM decisions").fetchone()
    assert json.loads(text)["longitude"] == 0.61


# ---- a case: what may be decided -------------------------------------------------------------------------------------


def case_of(desk, gazetteer, incident_id: str):
    (row,) = records(desk.incidents.loc[desk.incidents["incident_id"] == incident_id])
    place = next(one for one in reported_places(desk.incidents, gazetteer=gazetteer) if incident_id in one.incident_ids)
    return row, options(row, place.match, gazetteer=gazetteer)


def test_an_editor_chooses_among_the_places_that_a_name_may_mean_and_the_units_that_hold_it(desk, gazetteer):
    _, found = case_of(desk, gazetteer, "TM-2021-11-19-11")
    assert [(one.number, one.place.kind, one.kind) for one in found] == [
        (1, "city", Kind.PLACED_AT_CANDIDATE),
        (2, "district", Kind.PLACED_AT_CANDIDATE),
        (3, "province", Kind.LEFT_AS_UNIT),
        (4, "country", Kind.LEFT_AS_UNIT),
    ]
    assert [one.agrees for one in found] == [True] * 4
    assert found[0].from_first_km == 0
    assert found[1].from_first_km == pytest.approx(7, abs=1)
    assert found[3].from_first_km is None  # a country has no position


def test_of_a_place_that_no_layer_has_only_its_units_are_offered(desk, gazetteer):
    _, found = case_of(desk, gazetteer, "TM-2021-11-19-01")
    assert [(one.place.name, one.kind) for one in found] == [
        ("Kpendjal", Kind.LEFT_AS_UNIT),
        ("Savanes", Kind.LEFT_AS_UNIT),
        ("Togo", Kind.LEFT_AS_UNIT),
    ]


def test_every_option_is_a_decision_that_the_log_takes(desk, gazetteer, log):
    for incident_id in desk.incidents["incident_id"]:
        row, found = case_of(desk, gazetteer, incident_id)
        assert found, incident_id
        for version, one in enumerate(option for option in found if option.placement is not None):
            log.decide(
                incident_id,
                dataset=desk.name,
                dataset_sha256=desk.sha256,
                expected_version=version,
                place_as_reported=row["place_as_reported"],
                kind=one.kind,
                old=Placement.read(row),
                new=one.placement,
                reason="It is so.",
                decided_by="ed",
            )
    over = reviewed(desk, log.latest(desk.name), gazetteer=gazetteer)
    assert len(over.decisions) == len(desk.incidents)
    assert over.set_aside == ()
    assert set(over.incidents["geocoded_by"]) == {EDITOR}


@pytest.mark.parametrize(
    ("at", "stated", "expected"),
    [
        ((0.72, 11.08), "BF", ("BF", True)),
        ((0.72, 11.08), "TG", ("BF", False)),
        ((0.72, 11.08), None, ("BF", None)),
        ((-30.0, 0.5), "BF", (None, None)),  # at sea
        ((0.5, 11.005), "TG", ("TG", True)),  # so near to the border that the line itself may be off
    ],
)
def test_a_position_says_its_country_and_whether_the_source_states_it(gazetteer, at, stated, expected):
    found = position_of(*at, stated=stated, boundaries=gazetteer.boundaries)
    assert (found.country_code, found.agrees) == expected


def test_a_dataset_without_decisions_is_known_apart_from_one_with_them(desk, gazetteer, log):
    assert desk.decisions_sha256 is None
    row, found = case_of(desk, gazetteer, "TM-2021-11-19-11")
    log.decide(
        row["incident_id"],
        dataset=desk.name,
        dataset_sha256=desk.sha256,
        expected_version=0,
        place_as_reported=row["place_as_reported"],
        kind=found[0].kind,
        old=Placement.read(row),
        new=found[0].placement,
        reason="It is so.",
        decided_by="ed",
    )
    over = reviewed(desk, log.latest(desk.name), gazetteer=gazetteer)
    assert over.decisions_sha256 is not None
    assert over.sha256 == desk.sha256
    assert reviewed(desk, log.latest("another"), gazetteer=gazetteer).decisions_sha256 is None


@pytest.mark.parametrize("text", ["", "11,08", "north", "1e3", "nan", "11.0 N", "12345"])
def test_a_number_that_is_none_is_refused_in_a_sentence(text):
    with pytest.raises(RefusedDecisionError, match="latitude"):
        typed_number("latitude", text)
