"""Findings: what the overlays that are asked for find among the incidents shown, once for page, sheet and files."""

from __future__ import annotations

from collections.abc import Collection, Sized
from dataclasses import dataclass
from typing import Final

import geopandas as gpd

from gazetteer.boundaries import Boundaries
from incidents.errors import TooManyPairsError
from incidents.spillover.arrivals import Arrival, first_in_country, first_in_days
from incidents.spillover.cells import ConflictCells, conflict_cells
from incidents.spillover.chance import ChanceRate, chance_rate
from incidents.spillover.chance_wording import chance_words, expected_words
from incidents.spillover.clusters import Clusters, clusters
from incidents.spillover.corridors import CAPTION, Corridor, corridors
from incidents.spillover.crossings import Crossing, documented_crossings
from incidents.spillover.links import READ, Links, Preset, Rule, links
from incidents.spillover.memory import Kept, fingerprint
from incidents.spillover.sentence import Drawn, clauses, sentence
from incidents.statement import Overlay

#: The overlays, by their name in a link, in the order to tell them.
OVERLAYS: Final = ("bands", "links", "corridors", "crossings", "firsts", "clusters", "cells")

_CHANCES: Final = Kept[ChanceRate](32)


@dataclass(frozen=True, slots=True, kw_only=True)
class Findings:
    """What is laid over the incidents; what is None was not asked for, and what is empty was, and found nothing.

    Attributes
    ----------
    asked : tuple of str
        Keys of `OVERLAYS`; for border bands there is nothing to find but the borders themselves.
    preset, rule : Preset, Rule
        By which links and corridors are found; clusters take the preset's distance and days.
    border_layer : str
        Citation of the borders.
    border_error_km : float
        How far their line may be off.
    links : Links or None
        Also where only corridors are asked for, which put them together.
    chance : ChanceRate or None
        What chance alone would link, beside the links.
    no_links, no_chance : str or None
        Why they could not be found.
    corridors, crossings, arrivals : tuple or None
        As the functions of `spillover` give them; so are the next two.
    clusters, cells : Clusters, ConflictCells or None
        With their parameters.
    """

    asked: tuple[str, ...]
    preset: Preset
    rule: Rule
    border_layer: str = ""
    border_error_km: float = 0.0
    links: Links | None = None
    chance: ChanceRate | None = None
    no_links: str | None = None
    no_chance: str | None = None
    corridors: tuple[Corridor, ...] | None = None
    crossings: tuple[Crossing, ...] | None = None
    arrivals: tuple[Arrival, ...] | None = None
    clusters: Clusters | None = None
    cells: ConflictCells | None = None

    @property
    def drawn(self) -> Drawn:
        """How many of each there are, and by which rule."""
        return Drawn(
            preset=self.preset,
            rule=self.rule,
            links=_number(self.links if "links" in self.asked else None),
            corridors=_number(self.corridors),
            crossings=_number(self.crossings),
            firsts=_number(self.arrivals),
            clusters=_number(None if self.clusters is None else self.clusters.found),
            cells=_number(None if self.cells is None else self.cells.found),
            bands="bands" in self.asked,
            border_layer=self.border_layer,
            border_error_km=self.border_error_km,
        )


def find(
    shown: gpd.GeoDataFrame,
    *,
    whole: gpd.GeoDataFrame,
    asked: Collection[str],
    preset: Preset,
    rule: Rule,
    boundaries: Boundaries,
) -> Findings:
    """Find what the overlays that are asked for lay over the incidents shown.

    Parameters
    ----------
    shown, whole
        The incidents shown (`filters.apply`), and all of the dataset: a group's first in a country is the first of
        all that is known, and not of what happens to be shown.
    asked
        Keys of `OVERLAYS`; another one is passed over.

    Returns
    -------
    Findings
        Where there are too many links to be listed, with the reason in their place.

    Examples
    --------
    >>> from incidents.spillover.links import BORDERLAND
    >>> shown, asked = dataset.incidents, ("links", "crossings")
    >>> found = find(shown, whole=shown, asked=asked, preset=BORDERLAND, rule=Rule.OPEN, boundaries=boundaries)
    >>> len(found.links), len(found.crossings), found.corridors is None
    (2, 1, True)
    """
    inferred, joined, chance, no_links, no_chance = None, None, None, None, None
    if {"links", "corridors"} & set(asked):
        try:
            inferred = links(shown, preset=preset, rule=rule)
        except TooManyPairsError as error:
            no_links = str(error)
    if inferred is not None:
        joined = corridors(inferred, incidents=shown, boundaries=boundaries) if "corridors" in asked else None
        try:
            chance = _chance(shown, preset=preset, rule=rule)
        except TooManyPairsError as error:  # pairs of any days are more than the links
            no_chance = str(error)
    arrivals = None
    if "firsts" in asked:
        arrivals = (*first_in_country(shown, within=whole), *first_in_days(shown, within=whole))
    return Findings(
        asked=tuple(key for key in OVERLAYS if key in asked),
        preset=preset,
        rule=rule,
        border_layer=boundaries.layer_citation,
        border_error_km=boundaries.positional_error_km,
        links=inferred,
        chance=chance,
        no_links=no_links,
        no_chance=no_chance,
        corridors=joined,
        crossings=documented_crossings(shown, boundaries=boundaries) if "crossings" in asked else None,
        arrivals=arrivals,
        clusters=clusters(shown, distance_km=preset.distance_km, days=preset.days) if "clusters" in asked else None,
        cells=conflict_cells(shown) if "cells" in asked else None,
    )


def overlay_statements(found: Findings, *, in_full: bool) -> tuple[Overlay, ...]:
    """Say of each overlay that was asked for what it lays over the incidents, for files that are handed over.

    Parameters
    ----------
    in_full
        With how the chance rate was found, and all in one sentence at the end, under the key `all`. Without, the
        figure alone stands beside the links, and the rest is among their parameters.
    """
    said = [
        Overlay(key, _words(key, clause, found, in_full=in_full), _parameters(key, found))
        for key, clause in clauses(found.drawn).items()
    ]
    if in_full and said:
        said.append(Overlay("all", sentence(found.drawn, where="Besides the incidents, on the desk's map")))
    if found.no_links:
        keys = [key for key in ("links", "corridors") if key in found.asked]
        said += [
            Overlay(key, f"{key.capitalize()} were asked for, and cannot be given. {found.no_links}") for key in keys
        ]
    return tuple(said)


def _words(key: str, clause: str, found: Findings, *, in_full: bool) -> str:
    if key != "links":
        return f"{clause}."
    if found.chance is None:
        beside = f"No chance rate can be given. {found.no_chance}"
    else:
        beside = (chance_words if in_full else expected_words)(found.chance)
    return f"{clause}. {CAPTION} {beside}"


def _parameters(key: str, found: Findings) -> dict[str, str | int | float | None]:
    """Give what a program needs to lay it over again, and how many there were."""
    parameters: dict[str, str | int | float | None] = {}
    if key != "bands":
        parameters["count"] = getattr(found.drawn, key)
    if key not in ("links", "corridors", "clusters"):
        return parameters
    preset, chance = found.preset, found.chance
    parameters["preset"], parameters["source"] = preset.name, preset.source
    parameters["distance_km"], parameters["days"] = preset.distance_km, preset.days
    if key != "clusters":
        parameters["rule"] = str(found.rule)
    if key == "links" and chance is not None:
        parameters |= {
            "expected_by_chance": round(chance.expected, 6),
            "expected_low": chance.low,
            "expected_high": chance.high,
            "eligible": chance.eligible,
            "chance": chance_words(chance),
        }
    return parameters


def _number(found: Sized | None) -> int | None:
    return None if found is None else len(found)


def _chance(shown: gpd.GeoDataFrame, *, preset: Preset, rule: Rule) -> ChanceRate:
    key = fingerprint(shown, columns=READ), preset, rule
    return _CHANCES.get(key, lambda: chance_rate(shown, preset=preset, rule=rule))
