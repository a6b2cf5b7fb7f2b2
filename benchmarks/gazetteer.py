"""Measure the gazetteer on corpora given on the command line, beside what the best published systems reach.

    python benchmarks/gazetteer.py --lgl lgl.xml --events events.csv --ucdp ged.geojson --pairs pairs.tsv \
        --typos AF --speed

Nothing of a corpus is in the code or the data; each file is read, asked and scored. `--packs` names a folder of
country packs other than this machine's; `--no-packs` asks the world base alone.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import random
import resource
import statistics
import string
import subprocess
import sys
import tempfile
import time
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

# Python looks beside the script first, where `gazetteer` would be this file.
sys.path[0] = str(Path(__file__).parents[1])

from gazetteer import Gazetteer, GazetteerError, Match, Place, installed
from gazetteer.document import Mention, resolve_document
from gazetteer.likeness import same_name
from gazetteer.names import fold
from gazetteer.record import resolve_record
from gazetteer.space import great_circle_km
from gazetteer.verdict import same_unit

SEED = 20211119


@dataclass(frozen=True)
class Gold:
    """Where a name is, as a corpus says; None where it does not."""

    longitude: float
    latitude: float
    geonames_id: int | None = None
    country: str | None = None
    admin1: str | None = None


@dataclass(frozen=True)
class Answer:
    """What the gazetteer said of a name: its first candidate, and how far that is from the gold."""

    match: Match | None
    gold: Gold

    @property
    def place(self) -> Place | None:
        ranked = self.match.ranked if self.match else ()
        found = [one.place for one in ranked if one.place.longitude is not None]
        return found[0] if found else None

    @property
    def distance_km(self) -> float:
        place = self.place
        if place is None:
            return float("inf")
        return great_circle_km(place.longitude, place.latitude, self.gold.longitude, self.gold.latitude)

    @property
    def in_radius(self) -> bool:
        radius_km = self.match.stated_radius_km if self.match else None
        return radius_km is not None and self.distance_km <= radius_km


def share(hits: list[bool]) -> str:
    return f"{sum(hits) / len(hits):.3f} of {len(hits)}" if hits else "none"


def report(title: str, answers: list[Answer], *, within_km: float, gazetteer: Gazetteer, target: str) -> None:
    """Print what is asked of a set of answers; whoever is not answered counts as wrong."""
    given = [answer for answer in answers if answer.place is not None]
    sure = [answer for answer in given if answer.match.verdict in ("exact", "variant")]
    print(f"\n{title}: {len(answers)} names")
    print(
        f"  right within {within_km:g} km           {share([a.distance_km <= within_km for a in answers])}   {target}"
    )
    print(f"  answered                      {share([a.place is not None for a in answers])}")
    print(f"  inside the stated radius      {share([a.in_radius for a in given])}")
    print(f"  exact or variant, and right   {share([a.distance_km <= within_km for a in sure])}")
    print(f"  median distance               {statistics.median(a.distance_km for a in given):.1f} km")
    known = [a for a in answers if a.gold.geonames_id]
    if known:
        hits = [a.place is not None and a.place.geonames_id == a.gold.geonames_id for a in known]
        print(f"  the same GeoNames identifier  {share(hits)}")
    stated = [a for a in answers if a.gold.country]
    if stated:
        hits = [a.place is not None and a.place.country_code == code(a.gold.country, gazetteer) for a in stated]
        print(f"  the same country              {share(hits)}")
    divided = [a for a in given if a.gold.admin1 and a.place.admin1]
    if divided:
        print(f"  the same first-level unit     {share([same_unit(a.gold.admin1, a.place.admin1) for a in divided])}")
    verdicts = {str(a.match.verdict) for a in given}
    for verdict in sorted(verdicts):
        hits = [a.distance_km <= within_km for a in given if a.match.verdict == verdict]
        print(f"    {verdict:<10} {share(hits)}")


def code(country: str, gazetteer: Gazetteer) -> str | None:
    try:
        return gazetteer.country_code(country)
    except GazetteerError:
        return None


def lgl(path: Path, gazetteer: Gazetteer) -> list[Answer]:
    """Resolve the places of every article of an LGL file, its spans given."""
    answers = []
    for article in ET.parse(path).getroot():
        text = article.findtext("text") or ""
        spans = [
            (Mention(one.findtext("phrase") or "", int(one.findtext("start")), int(one.findtext("end"))), gold_of(one))
            for one in article.iter("toponym")
        ]
        matches = resolve_document([mention for mention, _ in spans], gazetteer=gazetteer, text=text)
        answers += [Answer(match, gold) for match, (_, gold) in zip(matches, spans, strict=True) if gold]
    return answers


def gold_of(toponym: ET.Element) -> Gold | None:
    tag = toponym.find("gaztag")
    if tag is None or not tag.findtext("lat"):
        return None
    number = tag.get("geonameid")
    return Gold(
        float(tag.findtext("lon")),
        float(tag.findtext("lat")),
        int(number) if number else None,
        tag.findtext("country") or None,
        tag.findtext("admin1") or None,
    )


def events(path: Path, gazetteer: Gazetteer) -> list[Answer]:
    """Resolve the events of a CSV from their location, district, division and country."""
    with path.open(encoding="utf-8-sig", newline="") as lines:
        rows = [
            {key.strip().lower(): cell.strip() for key, cell in row.items() if key} for row in csv.DictReader(lines)
        ]
    return [
        answer((row["location"], row.get("admin2"), row.get("admin1"), row.get("country")), row, gazetteer)
        for row in rows
        if row.get("latitude") and row.get("longitude")
    ]


def ucdp(path: Path, gazetteer: Gazetteer) -> list[Answer]:
    """Resolve the places of a UCDP file that it places exactly, each once."""
    seen = {}
    for row in ucdp_rows(path):
        if str(row["where_prec"]) == "1":
            key = row["where_coordinates"], row["adm_2"], row["adm_1"], row["country"]
            seen.setdefault(key, row)
    return [answer(key, row, gazetteer) for key, row in seen.items()]


def ucdp_rows(path: Path) -> Iterator[dict]:
    if path.suffix == ".csv":
        with path.open(encoding="utf-8-sig", newline="") as lines:
            yield from csv.DictReader(lines)
        return
    for feature in json.loads(path.read_text(encoding="utf-8"))["features"]:
        east, north = feature["geometry"]["coordinates"][:2]
        yield {**feature["properties"], "longitude": east, "latitude": north}


def answer(key: tuple[str | None, ...], row: dict, gazetteer: Gazetteer) -> Answer:
    name, district, division, country = key
    gold = Gold(float(row["longitude"]), float(row["latitude"]), country=country, admin1=division)
    try:
        match = resolve_record(
            name, gazetteer=gazetteer, country=country or None, admin1=division or None, admin2=district or None
        )
    except GazetteerError:
        match = None
    return Answer(match, gold)


def pairs(path: Path) -> None:
    """Tell for pairs of names whether they are of one place."""
    rows = [line.split("\t") for line in path.read_text(encoding="utf-8").splitlines() if line]
    start = time.perf_counter()
    said = [(same_name(row[0], row[1]), row[2].strip().upper() == "TRUE") for row in rows]
    seconds = time.perf_counter() - start
    yes = [truth for guess, truth in said if guess]
    found = [guess for guess, truth in said if truth]
    precision, recall = sum(yes) / len(yes), sum(found) / len(found)
    print(f"\nName pairs: {len(rows)}")
    print(f"  accuracy {share([guess == truth for guess, truth in said])}   (best measured peer .829, to reach .84)")
    print(f"  precision {precision:.3f}, recall {recall:.3f}, F1 {2 * precision * recall / (precision + recall):.3f}")
    print(f"  {seconds / len(rows) * 1e6:.0f} us a pair")


def typos(country: str, gazetteer: Gazetteer, *, count: int = 2_000) -> None:
    """Ask for names of a country with one random slip each, and count those found among the first candidates."""
    chance = random.Random(SEED)
    names = sorted({fold(name) for layer in gazetteer.layers for name in layer.spelt(country=country)})
    names = [name for name in names if len(name) >= 5 and name.isascii()]
    known = set(names)
    first = fifth = asked = real = 0
    for name in chance.sample(names, min(count, len(names))):
        slipped = slip(name, chance)
        if slipped in known or fold(slipped) != slipped:
            real += 1  # a name of its own, and a name that exists is never corrected
            continue
        asked += 1
        match = gazetteer.lookup(slipped, country=country)
        right = {hit.place.place_id for hit in gazetteer.hits(name, country=country)}
        near = [candidate.place.place_id in right for candidate in match.candidates]
        first += any(near[:1])
        fifth += any(near[:5])
    print(f"\nSingle typos among {len(names):,} names of {country}: {asked} asked, {real} gave another real name")
    print(f"  recall at 1 {first / asked:.3f}, at 5 {fifth / asked:.3f}   (measured peer .917 and 1.000)")


def slip(name: str, chance: random.Random) -> str:
    at = chance.randrange(len(name))
    letter = chance.choice(string.ascii_lowercase)
    match chance.randrange(4):
        case 0:
            return name[:at] + name[at + 1 :]
        case 1:
            return name[:at] + letter + name[at:]
        case 2:
            return name[:at] + letter + name[at + 1 :]
    at = min(at, len(name) - 2)
    return name[:at] + name[at + 1] + name[at] + name[at + 2 :]


def speed(packs: Path | None) -> None:
    """Time look-ups in a warm index, in a process of their own."""
    script = Path(__file__).with_name("gazetteer_speed.py")
    command = [sys.executable, str(script), *([str(packs)] if packs else [])]
    print("\nSpeed and memory")
    print(subprocess.run(command, check=True, capture_output=True, text=True).stdout, end="")
    with tempfile.TemporaryDirectory() as folder:
        start = time.perf_counter()
        subprocess.run(
            [sys.executable, "-m", "gazetteer", "build"],
            check=True,
            env={**os.environ, "INCIDENT_DESK_CACHE": folder},
            capture_output=True,
        )
        seconds = time.perf_counter() - start
        size = sum(path.stat().st_size for path in Path(folder).glob("*.sqlite")) / 1e6
    print(f"  building the world: {seconds:.1f} s, {size:.1f} MB   (to stay under 30 s and 60 MB)")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--lgl", type=Path, action="append", default=[])
    parser.add_argument("--events", type=Path, action="append", default=[])
    parser.add_argument("--ucdp", type=Path, action="append", default=[])
    parser.add_argument("--pairs", type=Path, action="append", default=[])
    parser.add_argument("--typos", metavar="COUNTRY", action="append", default=[])
    parser.add_argument("--speed", action="store_true")
    parser.add_argument("--packs", type=Path)
    parser.add_argument("--no-packs", action="store_true")
    asked = parser.parse_args()
    installed.build()
    with tempfile.TemporaryDirectory() as nothing:
        packs = Path(nothing) if asked.no_packs else asked.packs
        gazetteer = Gazetteer.open(packs=packs)
        print("Layers: " + ", ".join(f"{one.about.name} ({len(one):,})" for one in gazetteer.layers))
        for path in asked.lgl:
            target = "(CamCoder, Edinburgh .76 published; naive .651; to reach .76)"
            report(path.name, lgl(path, gazetteer), within_km=161, gazetteer=gazetteer, target=target)
        for path in asked.events:
            target = "(exact name and country .605; to reach .80, and .90 inside the radius)"
            report(path.name, events(path, gazetteer), within_km=25, gazetteer=gazetteer, target=target)
        for path in asked.ucdp:
            target = "(best candidate of the pack .58; to reach .65, exact or variant .95)"
            report(path.name, ucdp(path, gazetteer), within_km=25, gazetteer=gazetteer, target=target)
        for path in asked.pairs:
            pairs(path)
        for country in asked.typos:
            typos(country, gazetteer)
        if asked.speed:
            speed(packs)
        print(f"\nThis process took {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3:.0f} MB at most.")


if __name__ == "__main__":
    main()
