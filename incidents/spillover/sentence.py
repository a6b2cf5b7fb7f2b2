"""What the overlays draw, in one sentence with preset, rule, border layer and sources, for page, sheet and export."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from incidents.spillover.arrivals import QUIET_DAYS
from incidents.spillover.links import Preset, Rule


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """What is drawn besides the incidents; what is None is not drawn at all, and 0 is drawn and found nothing.

    Attributes
    ----------
    preset, rule : Preset, Rule
        By which links and corridors are found; clusters take the preset's distance and days.
    links, corridors, crossings, firsts, clusters, cells : int or None
        How many of each there are.
    bands : bool
        Whether strips along the borders are drawn.
    border_layer : str
        Citation of the borders.
    border_error_km : float
        How far their line may be off.
    """

    preset: Preset
    rule: Rule
    links: int | None = None
    corridors: int | None = None
    crossings: int | None = None
    firsts: int | None = None
    clusters: int | None = None
    cells: int | None = None
    bands: bool = False
    border_layer: str = ""
    border_error_km: float = 0.0


def clauses(drawn: Drawn) -> Mapping[str, str]:
    """Say of each overlay that is drawn what it is and by which rule, by the overlay's name in a link.

    Examples
    --------
    >>> from incidents.spillover.links import BORDERLAND
    >>> clauses(Drawn(preset=BORDERLAND, rule=Rule.OPEN, crossings=1))
    {'crossings': '1 documented crossing that a source states'}
    """
    near = f"within {drawn.preset.distance_km:g} km and {_counted(drawn.preset.days, 'day')}"
    by = f"{near} (preset {drawn.preset.name}: {drawn.preset.source}; rule {drawn.rule})"
    said: dict[str, str] = {}
    if drawn.bands:
        said["bands"] = "bands to 10, 20, 50 and 100 km from land borders"
    if drawn.links is not None:
        said["links"] = f"{_counted(drawn.links, 'inferred link')} {by}"
    if drawn.corridors is not None:
        joined = "of these links" if drawn.links is not None else f"of links {by}"
        said["corridors"] = f"{_counted(drawn.corridors, 'corridor')} {joined}, no observed route"
    if drawn.crossings is not None:
        said["crossings"] = f"{_counted(drawn.crossings, 'documented crossing')} that a source states"
    if drawn.firsts is not None:
        said["firsts"] = (
            f"{_counted(drawn.firsts, 'first incident')} of a group in a country, or its first in {QUIET_DAYS} days"
        )
    if drawn.clusters is not None:
        said["clusters"] = f"{_counted(drawn.clusters, 'cluster')} (ST-DBSCAN) {near}"
    if drawn.cells is not None:
        said["cells"] = f"{_counted(drawn.cells, 'cell')} of 50 by 50 km with its SCDi class (OECD/SWAC)"
    return said


def sentence(drawn: Drawn, *, where: str = "Drawn besides the incidents") -> str:
    """Say in one sentence what is drawn besides the incidents, and against which borders it was measured.

    Parameters
    ----------
    where
        How it begins; a file in which nothing of this is drawn says that it is on the desk's map.

    Examples
    --------
    >>> from incidents.spillover.links import BORDERLAND
    >>> sentence(Drawn(preset=BORDERLAND, rule=Rule.OPEN, crossings=1, border_layer="Ours 2021", border_error_km=2.5))
    'Drawn besides the incidents: 1 documented crossing that a source states; borders: Ours 2021, true to about 2.5 km.'
    >>> sentence(Drawn(preset=BORDERLAND, rule=Rule.OPEN))
    'Nothing is drawn besides the incidents.'
    """
    said = list(clauses(drawn).values())
    if not said:
        return "Nothing is drawn besides the incidents."
    borders = f"borders: {drawn.border_layer.rstrip('.')}, true to about {drawn.border_error_km:g} km"
    return f"{where}: {'; '.join([*said, borders])}."


def _counted(number: int, noun: str) -> str:
    return f"1 {noun}" if number == 1 else f"{number} {noun}s"
