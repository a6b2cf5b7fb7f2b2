"""How long a sheet takes: drawn and written, for 300 incidents on one map and on three, and for the curated dataset.

    python benchmarks/sheet.py

Each figure is the median of several runs in one process after a first one, which is given beside it: it opens fonts and
projections. Data, gazetteer and boundaries are open already, as they are on a desk.
"""

from __future__ import annotations

import os
import statistics
import sys
import time
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import shapely

sys.path[0] = str(Path(__file__).parents[1])  # not this folder, whose `gazetteer.py` is no package

from gazetteer.boundaries import Boundaries
from gazetteer.terminal import opened
from incidents import dataset as datasets
from incidents.dataset import Dataset
from incidents.filters import Filters, facets
from incidents.frames import FRAMES
from incidents.sheet import Order, draw_sheet, frames_of, render

TIMES = 5
COUNT = 300


def spread(found: Dataset, count: int) -> Dataset:
    """Repeat the drawn incidents of a dataset, points and areas alike, the points moved about within the theatres.

    Each has a summary of its own, of made-up words that are as frequent as words are: a key of one text over and over
    would be drawn faster than any real one.
    """
    drawn = found.incidents.loc[found.incidents.geometry.notna()]
    rows = drawn.iloc[np.arange(count) % len(drawn)].copy()
    rows["incident_id"] = [f"many-{number}" for number in range(count)]
    random = np.random.default_rng(7)
    frames = list(FRAMES.values())
    chosen = [frames[number % len(frames)] for number in range(count)]
    points = (rows.geometry.geom_type == "Point").to_numpy()
    longitude = np.array([random.uniform(frame.west, frame.east) for frame in chosen])
    latitude = np.array([random.uniform(frame.south, frame.north) for frame in chosen])
    rows["longitude"] = np.where(points, longitude, rows["longitude"])
    rows["latitude"] = np.where(points, latitude, rows["latitude"])
    moved = rows.geometry.copy()
    moved[points] = shapely.points(longitude[points], latitude[points])
    syllables = ["ba", "ke", "tion", "ra", "mi", "ing", "sol", "de", "un", "ter", "gha", "vil"]
    vocabulary = ["".join(random.choice(syllables, size=1 + number % 4)) for number in range(5000)]
    often = 1 / np.arange(1, len(vocabulary) + 1)
    rows["summary"] = [
        f"{' '.join(random.choice(vocabulary, size=22, p=often / often.sum())).capitalize()}." for _ in range(count)
    ]
    rows = rows.set_geometry(moved, crs=found.incidents.crs).reset_index(drop=True)
    rows["date_start"] = rows["date_end"] = pd.Timestamp("2021-01-01") + pd.to_timedelta(
        random.integers(0, 300, count), unit="D"
    )
    return replace(found, incidents=rows, facets=facets(rows))


def main() -> None:
    """Print a table."""
    gazetteer, boundaries = opened(), Boundaries.load()
    curated = datasets.curated(gazetteer=gazetteer)
    many = spread(curated, COUNT)
    cases = (
        ("curated, one frame, PDF", curated, "sahel", "a4-landscape", "pdf"),
        (f"{COUNT}, one frame, PDF", many, "sahel", "a4-landscape", "pdf"),
        (f"{COUNT}, one frame of all, PDF", many, "all", "a4-landscape", "pdf"),
        (f"{COUNT}, three frames, PDF", many, "theatres", "a4-landscape", "pdf"),
        (f"{COUNT}, three frames, PNG", many, "theatres", "a4-landscape", "png"),
        (f"{COUNT}, three frames, slide", many, "theatres", "slide", "pptx"),
    )
    print(f"{os.cpu_count()} cores, load average {os.getloadavg()[0]:.1f}")
    print("| what | first, s | median, s | most, s | least of the processor, s | bytes |")
    print("|---|---|---|---|---|---|")
    for words, found, frame, page, form in cases:
        order = Order(
            title="Benchmark",
            as_of=date(2021, 11, 19),
            produced_on=date(2021, 11, 20),
            frames=frames_of(frame),
            page=page,
            overlays=("crossings", "links"),
        )
        seconds, worked = [], []
        for _ in range(TIMES + 1):
            start, working = time.perf_counter(), time.process_time()
            sheet = draw_sheet(
                found,
                Filters(),
                order=order,
                boundaries=boundaries,
                gazetteer=gazetteer,
            )
            content = render(sheet, format=form)
            seconds.append(time.perf_counter() - start)
            worked.append(time.process_time() - working)
        first, *rest = seconds
        times = f"{first:.2f} | {statistics.median(rest):.2f} | {max(rest):.2f} | {min(worked):.2f}"
        print(f"| {words} | {times} | {len(content):,} |")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
