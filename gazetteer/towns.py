"""The towns that a map names first: capitals, then the most populous, each with its present name."""

from __future__ import annotations

from typing import Final

from gazetteer.index import Gazetteer
from gazetteer.place import Place
from gazetteer.space import distance_km

# Nearer than this to a better known town, a populated place is taken for a quarter of it.
_QUARTER_KM: Final = 5.0


def largest(gazetteer: Gazetteer, bounds: tuple[float, float, float, float], *, count: int) -> tuple[Place, ...]:
    """Give the towns within a rectangle, the most important first.

    Parameters
    ----------
    bounds
        West, south, east and north edge in degrees.
    count
        At most so many.

    Returns
    -------
    tuple of Place
        A town that several layers have is there once, from the layer of most authority. Quarters come last:
        GeoNames gives some of them more inhabitants than the town that they are in, but never as many names.
    """
    seen: set[object] = set()
    found: list[Place] = []
    for place in (town for layer in gazetteer.layers for town in layer.towns(bounds, count=2 * count)):
        keys = {place.geonames_id or place.place_id, (place.name, place.country_code, place.admin1)}
        if not keys & seen:
            found.append(place)
        seen |= keys
    quarters = _quarters(gazetteer, found)
    found.sort(
        key=lambda place: (
            place.feature_code != "PPLC",
            place.place_id in quarters,
            -(place.population or 0),
            place.place_id,
        )
    )
    return tuple(found[:count])


def _quarters(gazetteer: Gazetteer, towns: list[Place]) -> frozenset[str]:
    """Of any two that lie side by side, the one that is known by fewer names."""
    northward = sorted(towns, key=lambda place: (place.latitude or 0.0, place.place_id))
    found = set()
    for number, town in enumerate(northward):
        for other in northward[number + 1 :]:
            if ((other.latitude or 0.0) - (town.latitude or 0.0)) * 111.0 > _QUARTER_KM:
                break  # and so does every other to the north
            if distance_km(town, other) < _QUARTER_KM:
                rank = {place.place_id: (len(gazetteer.names(place)), place.population or 0) for place in (town, other)}
                found.add(min(rank, key=lambda place_id: (rank[place_id], place_id)))
    return frozenset(found)
