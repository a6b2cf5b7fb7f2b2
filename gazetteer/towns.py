"""The towns that a map names first: capitals, then the most populous, each with its present name."""

from __future__ import annotations

from gazetteer.index import Gazetteer
from gazetteer.place import Place


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
        A town that several layers have is there once, from the layer of most authority.
    """
    seen: set[object] = set()
    found: list[Place] = []
    for place in (town for layer in gazetteer.layers for town in layer.towns(bounds, count=count)):
        keys = {place.geonames_id or place.place_id, (place.name, place.country_code, place.admin1)}
        if not keys & seen:
            found.append(place)
        seen |= keys
    found.sort(key=lambda place: (place.feature_code != "PPLC", -(place.population or 0), place.place_id))
    return tuple(found[:count])
