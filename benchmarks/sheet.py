"""Measure how long a briefing sheet takes: 300 incidents, one frame and three, each format, the first and the next.

    python benchmarks/sheet.py [--incidents 300] [--runs 5]

The incidents are those of the curated dataset that have a point, again and again, each moved by up to two degrees, so
that marks, rings and labels lie as densely as on a crowded map. A run draws the sheet and writes its bytes. The first
run of a process also opens boundaries and fonts. Reading the data and placing the incidents is not counted.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import time
from dataclasses import replace
from datetime import date
from pathlib import Path

# Python looks beside the script first.
sys.path[0] = str(Path(__file__).parents[1])

import geopandas as gpd
import pandas as pd
from shapely.geometry import Point

from gazetteer import Gazetteer, installed
from gazetteer.boundaries import Boundaries
from incidents.dataset import Dataset, curated
from incidents.filters import Filters, facets
from incidents.sheet import Format, Order, draw_sheet, frames_of, render

#: What is asked of a sheet of 300 incidents on two cores, in seconds.
WANTED: dict[str, float] = {"one frame": 3.0, "three frames": 8.0}


def many(dataset: Dataset, count: int) -> Dataset:
    """Give a dataset of `count` incidents around those that are points."""
    points = dataset.incidents.loc[dataset.incidents.geometry.geom_type == "Point"]
    copies = []
    for number in range(count):
        row = points.iloc[[number % len(points)]].copy()
        east, north = 4 * ((number * 37) % 101) / 101 - 2, 4 * ((number * 53) % 97) / 97 - 2
        place = row.geometry.iloc[0]
        moved = Point(place.x + east, place.y + north)
        copies.append(row.assign(incident_id=f"made-{number}", longitude=moved.x, latitude=moved.y, geometry=[moved]))
    incidents = gpd.GeoDataFrame(pd.concat(copies, ignore_index=True), geometry="geometry", crs="EPSG:4326")
    return replace(dataset, incidents=incidents, facets=facets(incidents))


def seconds(dataset: Dataset, *, frames: str, form: Format, gazetteer: Gazetteer) -> tuple[float, int]:
    """Draw a sheet once; give the seconds and the number of pages."""
    order = Order(
        title="Security incidents",
        as_of=date(2021, 11, 19),
        produced_on=date(2021, 11, 20),
        frames=frames_of(frames),
        page="slide" if form == "pptx" else "a4-landscape",
        overlays=("crossings", "links"),
        rule="open",
    )
    start = time.perf_counter()
    sheet = draw_sheet(
        dataset,
        Filters(),
        order=order,
        boundaries=Boundaries.load(),
        gazetteer=gazetteer,
        places_from=dataset.places_from,
    )
    render(sheet, format=form)
    return time.perf_counter() - start, len(sheet.pages)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--incidents", type=int, default=300)
    parser.add_argument("--runs", type=int, default=5)
    asked = parser.parse_args()
    installed.build()
    gazetteer = Gazetteer.open()
    dataset = many(curated(gazetteer=gazetteer), asked.incidents)
    print(f"{asked.incidents} incidents, load average {os.getloadavg()[0]:.1f} at the start\n")
    print("| | wanted | first | min | median | max | pages |\n|---|---|---|---|---|---|---|")
    missed = 0
    sheets: list[tuple[str, str, Format]] = [
        ("one frame", "sahel", "pdf"),
        ("one frame", "sahel", "png"),
        ("one frame", "sahel", "svg"),
        ("one frame", "sahel", "pptx"),
        ("three frames", "theatres", "pdf"),
        ("three frames", "theatres", "png"),
    ]
    for words, frames, form in sheets:
        runs = [seconds(dataset, frames=frames, form=form, gazetteer=gazetteer) for _ in range(asked.runs)]
        times = [run for run, _ in runs]
        missed += min(times) > WANTED[words]
        figures = " | ".join(f"{one:.2f}" for one in (times[0], min(times), statistics.median(times), max(times)))
        print(f"| {words}, {form.upper()} | under {WANTED[words]:g} | {figures} | {runs[0][1]} |")
    return int(bool(missed))


if __name__ == "__main__":
    sys.exit(main())
