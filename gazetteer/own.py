"""The places that a desk adds itself: a pack of its own, each place with the source of its coordinates."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import isfinite
from pathlib import Path
from time import time_ns
from types import MappingProxyType
from typing import Final

from gazetteer.curated import OWN
from gazetteer.installed import install, packs_folder
from gazetteer.layer import About, Layer, Record
from gazetteer.place import GazetteerError, Name, Place, Precision, RadiusBasis, UnknownPlaceError

ABOUT: Final = About(
    name=OWN,
    prefix=OWN,
    title="places of this desk",
    licence="Each place cites its source",
    source="",
)

_LONGEST: Final = 200
_LARGEST_KM: Final = 1_000.0


class RefusedPlaceError(GazetteerError, ValueError):
    """A place cannot be added as it is described; the text says what is missing or wrong."""


@dataclass(frozen=True, slots=True)
class Kind:
    """What an added place may be: GeoNames' class and code, and how finely its point stands for it."""

    words: str
    feature_class: str
    feature_code: str
    geo_precision: Precision


#: What may be added, by GeoNames' feature code.
KINDS: Final = MappingProxyType(
    {
        kind.feature_code: kind
        for kind in (
            Kind("Settlement", "P", "PPL", Precision.SETTLEMENT),
            Kind("Part of a settlement", "P", "PPLX", Precision.SETTLEMENT),
            Kind("Post, camp or building", "S", "BLDG", Precision.EXACT),
            Kind("Road junction", "R", "RDJCT", Precision.EXACT),
            Kind("District", "A", "ADM2", Precision.ADMIN2),
            Kind("Road", "R", "RD", Precision.LINEAR_OR_FUZZY),
            Kind("Region, forest or other area", "L", "RGN", Precision.LINEAR_OR_FUZZY),
        )
    }
)


def add(
    name: str,
    *,
    longitude: float,
    latitude: float,
    uncertainty_km: float,
    feature_code: str,
    source: str,
    country_code: str | None,
    admin1: str | None = None,
    folder: Path | None = None,
) -> Place:
    """Add a place to the desk's own; from then on every `Gazetteer.open` of this machine has it.

    Parameters
    ----------
    name
        Its name, as the desk writes it.
    longitude, latitude
        In EPSG:4326 degrees, kept to the digit.
    uncertainty_km
        The radius around them that holds the whole place.
    feature_code
        One of `KINDS`.
    source
        Who gives the coordinates, so that others can check them.
    country_code, admin1
        ISO 3166-1 code of its country, and its first-level division.
    folder
        The folder of the packs; this machine's without.

    Raises
    ------
    RefusedPlaceError
        If something is missing, or not on the Earth.
    OSError
        If the folder of the packs cannot be written.
    """
    kind = KINDS.get(feature_code)
    if kind is None:
        message = f"a place is one of {', '.join(KINDS)}, not {feature_code!r}"
        raise RefusedPlaceError(message)
    name, source = (_checked(label, text) for label, text in (("name", name), ("source", source)))
    if not (isfinite(longitude) and isfinite(latitude) and abs(longitude) <= 180 and abs(latitude) <= 90):
        message = f"longitude {longitude:g}, latitude {latitude:g} are not on the Earth"
        raise RefusedPlaceError(message)
    if longitude == 0 and latitude == 0:
        message = "0, 0 is a missing value, not a place"
        raise RefusedPlaceError(message)
    if not 0 < uncertainty_km <= _LARGEST_KM:
        message = f"the radius is above 0 km and up to {_LARGEST_KM:g} km"
        raise RefusedPlaceError(message)
    added: list[Place] = []

    def records() -> Iterator[Record]:
        """What is there, read while nobody else writes, and the new one."""
        kept = list(_records(folder))
        yield from kept
        # Never given twice, even after the newest was taken away: decisions name places by it.
        number = max(time_ns() // 1_000_000, 1 + max((record.number or 0 for record in kept), default=0))
        place = Place(
            place_id=f"{OWN}:{number}",
            name=name,
            feature_class=kind.feature_class,
            feature_code=kind.feature_code,
            placetype="",
            country_code=country_code,
            admin1=admin1,
            admin2=None,
            longitude=longitude,
            latitude=latitude,
            geo_precision=kind.geo_precision,
            uncertainty_km=uncertainty_km,
            uncertainty_basis=RadiusBasis.NEAR,
            source=source,
            layer=OWN,
        )
        added.append(place)
        yield Record(place, (Name(name),), number=number)

    install(ABOUT, records(), expected=100, folder=folder)
    return added[0]


def remove(place_id: str, *, folder: Path | None = None) -> None:
    """Take a place of the desk's own away again.

    Raises
    ------
    UnknownPlaceError
        If the desk has not added it.
    """

    def records() -> Iterator[Record]:
        """What is left, read while nobody else writes."""
        kept = list(_records(folder))
        left = [one for one in kept if one.place.place_id != place_id]
        if len(left) == len(kept):
            message = f"the desk has added no place {place_id!r}"
            raise UnknownPlaceError(message)
        yield from left

    install(ABOUT, records(), expected=100, folder=folder)


def places(*, folder: Path | None = None) -> tuple[Place, ...]:
    """Give the places that the desk has added."""
    return tuple(record.place for record in _records(folder))


def _records(folder: Path | None) -> Iterator[Record]:
    path = (folder or packs_folder()) / f"{OWN}.sqlite"
    if not path.is_file():
        return
    layer = Layer.open(path)
    try:
        for place in layer:
            number = int(place.place_id.removeprefix(f"{OWN}:"))
            yield Record(place, layer.names(place.place_id), number=number)
    finally:
        layer.close()


def _checked(label: str, text: str) -> str:
    text = " ".join(text.split())
    if not any(map(str.isalnum, text)):
        message = f"the {label} is missing"
        raise RefusedPlaceError(message)
    if len(text) > _LONGEST:
        message = f"the {label} has more than {_LONGEST} characters"
        raise RefusedPlaceError(message)
    return text
