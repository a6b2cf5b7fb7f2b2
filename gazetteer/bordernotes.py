"""What has to be said beside a border that one of its sides does not accept, from `data/border-notes.csv`."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import lru_cache

from shapely.geometry import Polygon, box

from gazetteer.boundaries import Boundaries
from gazetteer.data import DATA

Bounds = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class _Note:
    """A sentence on the border of two countries, in order of the alphabet, as far as it runs within `part`."""

    countries: tuple[str, str]
    part: Polygon
    words: str


def border_notes(bounds: Bounds, *, boundaries: Boundaries) -> tuple[str, ...]:
    """Give what must stand beside a map that shows a border which one of its sides does not accept.

    Parameters
    ----------
    bounds
        West, south, east and north edge of the map, in degrees (EPSG:4326).
    boundaries
        The borders that the map draws.

    Returns
    -------
    tuple of str
        A sentence for each such border that runs within the bounds.

    Examples
    --------
    >>> borders = Boundaries.load()
    >>> border_notes((60, 29, 72, 39), boundaries=borders)
    ('Afghanistan does not recognise its border with Pakistan, the Durand Line of 1893.',)
    >>> border_notes((-6, 5, 4, 17), boundaries=borders)
    ()
    """
    shown = box(*bounds)
    return tuple(note.words for note in _notes() if _runs_through(shown & note.part, note.countries, boundaries))


def _runs_through(area: Polygon, countries: tuple[str, str], boundaries: Boundaries) -> bool:
    borders = boundaries.land_borders
    between = borders["country_a"].eq(countries[0]) & borders["country_b"].eq(countries[1])
    return bool(borders.loc[between].intersects(area).any())


@lru_cache(maxsize=1)
def _notes() -> tuple[_Note, ...]:
    with (DATA / "border-notes.csv").open(encoding="utf-8", newline="") as file:
        return tuple(
            _Note(
                (row["country_a"], row["country_b"]),
                box(*(float(row[edge]) for edge in ("west", "south", "east", "north"))),
                row["note"],
            )
            for row in csv.DictReader(file)
        )
