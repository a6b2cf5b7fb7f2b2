"""Fill in the radius of every curated place whose radius is measured on its outline.

`python -m gazetteer.build.curated`

Rewrites `uncertainty_km` in `places.csv` where `uncertainty_basis` is `polygon`; run it after
`build.footprints`.
"""

from __future__ import annotations

import csv
from pathlib import Path

from gazetteer.boundaries import Boundaries, covering_radius_km
from gazetteer.data import DATA
from gazetteer.place import RadiusBasis


def with_radii(rows: list[dict[str, str]], *, boundaries: Boundaries) -> list[dict[str, str]]:
    """Give the rows of `places.csv` with `uncertainty_km` measured where it is to be."""
    return [
        {**row, "uncertainty_km": _radius(row, boundaries)} if row["uncertainty_basis"] == RadiusBasis.POLYGON else row
        for row in rows
    ]


def main(folder: Path = DATA) -> None:
    """Rewrite `places.csv`."""
    path = folder / "places.csv"
    with path.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    with path.open("w", encoding="utf-8", newline="") as lines:
        writer = csv.DictWriter(lines, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(with_radii(rows, boundaries=Boundaries.load(folder)))
    print(f"{path.name}: {len(rows)} places")


def _radius(row: dict[str, str], boundaries: Boundaries) -> str:
    outline = boundaries.footprint(row["footprint"])
    longitude, latitude = float(row["longitude"]), float(row["latitude"])
    return f"{covering_radius_km(outline, longitude=longitude, latitude=latitude):.1f}"


if __name__ == "__main__":
    main()
