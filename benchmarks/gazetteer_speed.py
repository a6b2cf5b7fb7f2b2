"""Time the gazetteer's look-ups in a warm index, in a process that does nothing else: see `gazetteer.py --speed`."""

import statistics
import sys
import time
from collections.abc import Callable, Iterable
from pathlib import Path

sys.path[0] = str(Path(__file__).parents[1])  # not this folder, whose `gazetteer.py` is no package

START = time.perf_counter()
from gazetteer import Gazetteer

IMPORTED = time.perf_counter() - START


def memory_mb() -> float:
    status = Path("/proc/self/status").read_text(encoding="utf-8")
    return int(next(line for line in status.splitlines() if line.startswith("VmRSS")).split()[1]) / 1e3


def median_us(ask: Callable[[str], object], names: Iterable[str]) -> float:
    taken = []
    for name in names:
        start = time.perf_counter()
        ask(name)
        taken.append(time.perf_counter() - start)
    return statistics.median(taken) * 1e6


def main() -> None:
    packs = Path(sys.argv[1]) if len(sys.argv) > 1 else None
    start = time.perf_counter()
    gazetteer = Gazetteer.open(packs=packs)
    opened = time.perf_counter() - start
    world = [place.name for place in gazetteer.layers[-1].around(2.3, 48.7)][:1000]
    afghan = [place.name for place in gazetteer.layers[-1].around(68.8, 36.7) if place.country_code == "AF"][:300]
    slipped = [name[:3] + "x" + name[3:] for name in afghan if len(name) > 5]
    median_us(gazetteer.lookup, world)  # warm
    print(f"  import {IMPORTED:.2f} s, opening {opened:.2f} s   (import to stay under 0.3 s)")
    print(f"  exact, world: {median_us(gazetteer.lookup, world):.0f} us   (to stay under 100 us)")
    print(f"  exact, one country: {median_us(lambda name: gazetteer.lookup(name, country='AF'), afghan):.0f} us")
    start = time.perf_counter()
    gazetteer.lookup("Qxunduz", country="AF")
    print(f"  first fuzzy look-up of a country: {time.perf_counter() - start:.2f} s, once")
    fuzzy = median_us(lambda name: gazetteer.lookup(name, country="AF"), slipped)
    names = len(gazetteer.near_names("AF").keys)
    print(f"  fuzzy, one country of {names:,} names: {fuzzy / 1e3:.2f} ms   (to stay under 5 ms)")
    print(f"  fuzzy, world: {median_us(gazetteer.lookup, slipped) / 1e3:.2f} ms")
    print(f"  memory after all of it: {memory_mb():.0f} MB   (to stay under 150 MB)")


main()
