"""Measure how places are recognised in texts, alone and end to end, beside what published systems reach.

    python benchmarks/recognise.py lgl.xml [--halves] [--packs FOLDER]

A file is of LGL's form: articles with a text and the spans of its toponyms, with coordinates where the corpus knows
them. A toponym is found if anything recognised overlaps it, and what overlaps no toponym is a false alarm. End to end,
it is found, and what `resolve_document` makes of the first name that overlaps it lies within 161 km of where the corpus
has it; toponyms without coordinates are not asked for there.

Two sets of toponyms are asked for in recognition: all that the corpus marks; and those with coordinates, of which LGL
has the 4,462 that the peers were asked for, where what overlaps only a toponym without coordinates is a false alarm.

Corpora differ in what they mark, so three answers are scored: everything; places, without the names of peoples; and
places that the gazetteer lists, without streets, rivers and other names that only their wording shows to be places'.
The star is at the answer that fits what the corpus marks: names of peoples, and names not listed, belong to it if the
corpus marks at least half of those that are recognised.
"""

from __future__ import annotations

import argparse
import resource
import sys
import time
import xml.etree.ElementTree as ET
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

# Python looks beside the script first.
sys.path[0] = str(Path(__file__).parents[1])

from gazetteer import Gazetteer, Place, installed
from gazetteer.document import resolve_document
from gazetteer.recognise import GAZETTEER, Recognised, recognise
from gazetteer.space import great_circle_km

WITHIN_KM = 161
HALF = 0.5
#: Overlap F and end to end, as the best of nine systems reach them on the same texts, each figure by its best system.
PEERS = {
    "lgl": "best of nine systems: F .747 (DBpedia Spotlight), end to end .473 (Yahoo); names and capitals alone F .656",
    "geovirus": "best of nine systems: F .928 (StanfordNER), end to end .624 (CamCoder)",
    "trnews": "best of nine systems: F .826, end to end .528 (StanfordNER)",
    "gwn": "best of nine systems: F .761 (StanfordNER), end to end .499 (Edinburgh)",
    "geowebnews": "best of nine systems: F .761 (StanfordNER), end to end .499 (Edinburgh)",
    "geocorpora": "best of nine systems: F .737 (Yahoo), end to end .470 (GeoTxt)",
    "humset": "fine-tuned model F .92, names and capitals alone .757",
}


@dataclass(frozen=True)
class Toponym:
    """What a corpus marks: a span, and where the place is, if it says so."""

    start: int
    end: int
    point: tuple[float, float] | None

    def overlaps(self, one: Recognised) -> bool:
        return one.start < self.end and one.end > self.start


@dataclass(frozen=True)
class Article:
    """A text with its toponyms, and what was recognised and resolved in it."""

    text: str
    toponyms: tuple[Toponym, ...]
    found: tuple[Recognised, ...]
    places: tuple[Place | None, ...]


@dataclass(frozen=True)
class Answer:
    """Which of the recognised names are asked for."""

    title: str
    takes: Callable[[Recognised], bool]


ANSWERS = (
    Answer("everything", lambda _: True),
    Answer("places", lambda one: one.kind == "place"),
    Answer("places that are listed", lambda one: one.kind == "place" and one.marked_by == GAZETTEER),
)


def articles(path: Path) -> list[tuple[str, tuple[Toponym, ...]]]:
    """Read a file of LGL's form."""
    read = []
    for article in ET.parse(path).getroot().iter("article"):
        text = article.findtext("text") or ""
        read.append((text, tuple(map(toponym_of, article.iter("toponym")))))
    return read


def toponym_of(element: ET.Element) -> Toponym:
    east, north = (element.findtext(f".//{name}") for name in ("lon", "lat"))
    point = (float(east), float(north)) if east and north else None
    return Toponym(int(element.findtext("start") or 0), int(element.findtext("end") or 0), point)


def read_all(
    texts: Sequence[tuple[str, tuple[Toponym, ...]]], gazetteer: Gazetteer
) -> tuple[list[Article], float, float]:
    """Recognise and resolve every text; the seconds that the two took."""
    start = time.process_time()
    recognised = [recognise(text, gazetteer=gazetteer) for text, _ in texts]
    middle = time.process_time()
    read = []
    for (text, toponyms), found in zip(texts, recognised, strict=True):
        matches = resolve_document([one.mention for one in found], gazetteer=gazetteer, text=text)
        ranked = [[one.place for one in match.ranked if one.place.longitude is not None] for match in matches]
        read.append(Article(text, toponyms, found, tuple(places[0] if places else None for places in ranked)))
    return read, middle - start, time.process_time() - middle + 1e-9


def overlap(read: Sequence[Article], answer: Answer, *, placed_only: bool) -> tuple[float, float, float]:
    """Give precision, recall and F."""
    given = right = asked = found = 0
    for article in read:
        toponyms = [one for one in article.toponyms if one.point or not placed_only]
        names = [one for one in article.found if answer.takes(one)]
        given += len(names)
        right += sum(any(toponym.overlaps(one) for toponym in toponyms) for one in names)
        asked += len(toponyms)
        found += sum(any(toponym.overlaps(one) for one in names) for toponym in toponyms)
    precision, recall = right / max(given, 1), found / max(asked, 1)
    return precision, recall, 2 * precision * recall / max(precision + recall, 1e-9)


def end_to_end(read: Sequence[Article], answer: Answer) -> float:
    """Give the share of the toponyms with coordinates that are found and resolved within 161 km."""
    asked = right = 0
    for article in read:
        names = [(one, place) for one, place in zip(article.found, article.places, strict=True) if answer.takes(one)]
        for toponym in article.toponyms:
            if toponym.point is None:
                continue
            asked += 1
            first = next((place for one, place in names if toponym.overlaps(one)), None)
            right += first is not None and distance_km(first, toponym.point) <= WITHIN_KM
    return right / max(asked, 1)


def distance_km(place: Place, point: tuple[float, float]) -> float:
    return great_circle_km(place.longitude or 0.0, place.latitude or 0.0, *point)


def marked(read: Sequence[Article], takes: Callable[[Recognised], bool]) -> float:
    """Give the share of some of the recognised names that the corpus marks."""
    names = [any(toponym.overlaps(one) for toponym in a.toponyms) for a in read for one in a.found if takes(one)]
    return sum(names) / max(len(names), 1)


def fitting(read: Sequence[Article]) -> Answer:
    """Choose the answer that fits what a corpus marks."""
    peoples = marked(read, lambda one: one.kind == "demonym") >= HALF
    unlisted = marked(read, lambda one: one.kind == "place" and one.marked_by != GAZETTEER) >= HALF
    return ANSWERS[0] if peoples else ANSWERS[1] if unlisted else ANSWERS[2]


def report(title: str, read: Sequence[Article]) -> None:
    toponyms = [one for article in read for one in article.toponyms]
    placed = sum(one.point is not None for one in toponyms)
    print(f"\n{title}: {len(read)} texts, {len(toponyms)} toponyms, {placed} of them with coordinates")
    print(f"  {'':26}{'all toponyms':>18}{'with coordinates':>22}{'end to end':>14}")
    print(f"  {'':26}{'P     R     F':>18}{'P     R     F':>22}{'161 km':>14}")
    fits = fitting(read)
    for answer in ANSWERS:
        every = "  ".join(f"{value:.3f}"[1:] for value in overlap(read, answer, placed_only=False))
        known = "  ".join(f"{value:.3f}"[1:] for value in overlap(read, answer, placed_only=True))
        star = "*" if answer is fits else " "
        print(f"{star} {answer.title:26}{every:>18}{known:>22}{end_to_end(read, answer):>14.3f}")


def plain(path: Path) -> str:
    return "".join(filter(str.isalnum, path.stem.lower()))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("files", type=Path, nargs="+", metavar="FILE")
    parser.add_argument("--halves", action="store_true", help="score every second text apart, and the others")
    parser.add_argument("--packs", type=Path)
    asked = parser.parse_args()
    installed.build()
    start = time.perf_counter()
    gazetteer = Gazetteer.open(packs=asked.packs)
    recognise("Kabul", gazetteer=gazetteer)
    print(f"Ready after {time.perf_counter() - start:.2f} s: {', '.join(one.about.name for one in gazetteer.layers)}")
    for path in asked.files:
        texts = articles(path)
        read, recognising, resolving = read_all(texts, gazetteer)
        report(path.name, read)
        if asked.halves:
            report("  first, third, ... text", read[::2])
            report("  second, fourth, ... text", read[1::2])
        print("  " + next((line for name, line in PEERS.items() if name in plain(path)), "no peer measured"))
        size = sum(len(text.encode()) for text, _ in texts) / 1e6
        print(f"  {size:.2f} MB: recognised at {size / recognising:.2f} MB/s, resolved at {size / resolving:.2f} MB/s")
        print("  (megabytes of text per second of this process's own time, from a cold start)")
    print(f"\nThis process took {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3:.0f} MB at most.")


if __name__ == "__main__":
    main()
