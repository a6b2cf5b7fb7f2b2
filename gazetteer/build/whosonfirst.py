"""Country packs out of Who's On First: a `whosonfirst-data-admin-xx` repository, as a folder or an archive."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Final

import shapely
from babel.core import get_global
from shapely.geometry import shape

from gazetteer.boundaries import covering_radius_km
from gazetteer.build.archive import Member, members
from gazetteer.kinds import bare
from gazetteer.layer import About, Record
from gazetteer.place import DamagedDataError, Name, NameKind, Place, Precision, RadiusBasis, default_radius_km

#: GeoNames feature class and code of what the source's place types are, where the record does not say.
_FEATURES: Final = {
    "region": ("A", "ADM1"),
    "macrocounty": ("A", "ADM2"),
    "county": ("A", "ADM2"),
    "localadmin": ("A", "ADM3"),
    "locality": ("P", "PPL"),
    "borough": ("P", "PPLX"),
    "macrohood": ("P", "PPLX"),
    "neighbourhood": ("P", "PPLX"),
    "microhood": ("P", "PPLX"),
    "campus": ("S", "SCH"),
}
_PRECISIONS: Final = {"A": Precision.ADMIN2, "P": Precision.SETTLEMENT, "S": Precision.EXACT}
_KINDS: Final = {
    "preferred": NameKind.CONVENTIONAL,
    "variant": NameKind.VARIANT,
    "colloquial": NameKind.VARIANT,
    "historical": NameKind.HISTORIC,
}
_COUNTRY: Final = re.compile(r"[A-Z]{2}")
# A coordinate of this many decimals is right within 1 m, far less than the outlines are.
_DECIMALS: Final = 5


@dataclass(frozen=True, slots=True)
class Pack:
    """What a repository holds, read and checked; whole countries are left to the world base."""

    about: About
    records: tuple[Record, ...]


def read(path: Path, *, progress: Callable[[float], None] = lambda _: None) -> Pack:
    """Read a repository, without the records that are deprecated or superseded.

    Raises
    ------
    MissingDataError
        If there is no such folder or archive.
    DamagedDataError
        If the archive or a record is broken, or holds no places; the message says which member it is.
    """
    features: list[dict[str, Any]] = []
    members_of: dict[int, str] = {}
    for member in members(path, suffix=".geojson"):
        progress(member.share)
        if "-alt-" not in member.name:
            feature = _feature(member, path)
            if _is_current(feature["properties"]):
                if int(feature["properties"]["wof:id"]) in members_of:
                    raise _damaged(path, member.name, ValueError("its identifier is another record's"))
                features.append(feature)
                members_of[int(feature["properties"]["wof:id"])] = member.name
    countries = sorted({code for f in features if _COUNTRY.fullmatch(code := str(f["properties"].get("wof:country")))})
    if not countries:
        message = f"{path.name} holds no records of Who's On First"
        raise DamagedDataError(message)
    last = max(int(f["properties"].get("wof:lastmodified") or 0) for f in features)
    edition = datetime.fromtimestamp(last, UTC).date().isoformat()
    about = About(
        name="whosonfirst-" + "-".join(countries).lower(),
        prefix="wof",
        title=f"Who's On First: {', '.join(countries)}",
        licence="Who's On First: CC0 and the licences of its sources; most of it GeoNames, CC BY 4.0",
        source="Who's On First {number}",
        edition=edition,
        countries=tuple(countries),
    )
    names = {f["properties"]["wof:id"]: f["properties"]["wof:name"] for f in features}
    found = []
    for feature in sorted(features, key=lambda f: int(f["properties"]["wof:id"])):
        try:
            record = _record(feature, names)
        # What a record may hold in place of what belongs there has no end; shapely has errors of its own.
        except (ValueError, KeyError, TypeError, RecursionError, shapely.errors.ShapelyError) as error:
            name = members_of[int(feature["properties"]["wof:id"])]
            raise _damaged(path, name, error) from error
        if record is not None:
            found.append(record)
    return Pack(about, tuple(found))


def records(pack: Pack) -> Iterator[Record]:
    """Give the places of a pack, in order of their numbers."""
    yield from pack.records


def _feature(member: Member, path: Path) -> dict[str, Any]:
    try:
        feature: dict[str, Any] = json.loads(member.content)
        properties = feature["properties"]
        _ = properties["wof:id"], properties["wof:placetype"], feature["geometry"]["type"]
        texts = [properties.get(key) for key in ("wof:name", "wof:country", "edtf:deprecated")]
        if not all(text is None or isinstance(text, str) for text in texts):
            message = f"its name, country or end is no text: {texts}"
            raise TypeError(message)  # noqa: TRY301  told like every other fault of a record
        properties["wof:name"] = properties.get("wof:name") or ""
        _ = int(properties["wof:id"]), int(properties.get("wof:lastmodified") or 0), properties["wof:name"].encode()
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise _damaged(path, member.name, error) from error
    return feature


def _damaged(path: Path, member: str, error: BaseException) -> DamagedDataError:
    why = " ".join(str(error).split())
    return DamagedDataError(f"{path.name} is damaged: {member} is no record ({why}); nothing was installed")


def _is_current(properties: dict[str, Any]) -> bool:
    deprecated = properties.get("edtf:deprecated") not in {None, "", "uuuu", "..", "open"}
    return not (deprecated or properties.get("wof:superseded_by"))


def _record(feature: dict[str, Any], names: dict[int, str]) -> Record | None:
    properties = feature["properties"]
    own = properties["wof:name"]
    features = _FEATURES.get(properties["wof:placetype"])
    if features is None or not own or feature["geometry"]["type"] not in {"Point", "Polygon", "MultiPolygon"}:
        return None
    feature_class, code = features
    told = properties.get("gn:feature_code") or properties.get("gn:fcode")
    if told and feature_class != "A" and str(told).startswith(code[:3]):
        code = str(told)
    placed = _position(feature, code, _population(properties))
    if placed is None:
        return None
    longitude, latitude, radius_km, basis, outline = placed
    number = int(properties["wof:id"])
    holders = _holders(properties, names)
    place = Place(
        place_id=f"wof:{number}",
        name=own,
        feature_class=feature_class,
        feature_code=code,
        placetype=properties["wof:placetype"],
        country_code=properties.get("wof:country") or properties.get("iso:country") or None,
        admin1=own if code == "ADM1" else holders[0],
        admin2=own if code == "ADM2" else holders[1],
        longitude=longitude,
        latitude=latitude,
        geo_precision=Precision.ADMIN1 if code == "ADM1" else _PRECISIONS[feature_class],
        uncertainty_km=radius_km,
        uncertainty_basis=basis,
        footprint=f"wof:{number}" if outline is not None else None,
        geonames_id=_identifier(properties, "gn:id"),
        wof_id=number,
        wikidata_id=_wikidata(properties),
        population=_population(properties),
        valid_to=_ended(properties),
    )
    spellings = (bare(own),) if feature_class == "A" and bare(own) != own else ()
    return Record(place, _names(own, properties), spellings=spellings, number=number, outline_wkb=outline)


def _position(
    feature: dict[str, Any], code: str, population: int | None
) -> tuple[float, float, float, RadiusBasis, bytes | None] | None:
    """The point, its radius and the outline; None where a unit has no outline, so that its extent is not known."""
    geometry = shape(feature["geometry"])
    west, south, east, north = geometry.bounds
    if not (-180 <= west <= east <= 180 and -90 <= south <= north <= 90):
        message = f"its coordinates {west}, {south} to {east}, {north} are no position in degrees"
        raise ValueError(message)
    if geometry.geom_type == "Point":
        if code.startswith("ADM"):
            return None
        point = geometry
        return point.x, point.y, default_radius_km(code, population=population), RadiusBasis.DEFAULT, None
    outline = shapely.make_valid(shapely.set_precision(geometry, 10.0**-_DECIMALS))
    properties = feature["properties"]
    point = shapely.Point(float(properties["geom:longitude"]), float(properties["geom:latitude"]))
    if not outline.contains(point):
        point = shapely.point_on_surface(outline)
    radius_km = covering_radius_km(outline, longitude=point.x, latitude=point.y)
    wkb = shapely.to_wkb(outline, byte_order=1)
    return round(point.x, 6), round(point.y, 6), max(round(radius_km, 1), 0.1), RadiusBasis.POLYGON, wkb


def _holders(properties: dict[str, Any], names: dict[int, str]) -> tuple[str | None, str | None]:
    """The names of the division and of the district that hold the place, as far as they are in the pack."""
    hierarchies = properties.get("wof:hierarchy") or [{}]
    first = hierarchies[0]
    region, county = (names.get(first.get(key, -1)) or None for key in ("region_id", "county_id"))
    return region, county


def _names(own: str, properties: dict[str, Any]) -> tuple[Name, ...]:
    found = {Name(own): None}
    for key, texts in properties.items():
        if not key.startswith("name:"):
            continue
        language, _, kind = key.removeprefix("name:").partition("_x_")
        for text in texts if isinstance(texts, list) else [texts]:
            if isinstance(text, str) and text.strip():
                found[Name(text.strip(), _language(language), _KINDS.get(kind, NameKind.VARIANT))] = None
    return tuple(found)


def _language(code: str) -> str:
    """ISO 639-1 where there is such a code, else the source's ISO 639-3."""
    language, _, _ = (get_global("language_aliases").get(code) or code).partition("_")
    return "und" if language in {"", "unk"} else language


def _population(properties: dict[str, Any]) -> int | None:
    for key in ("wof:population", "gn:population", "gn:pop"):
        value = properties.get(key)
        if value not in {None, "", 0, "0"} and int(float(value)) > 0:
            return int(float(value))
    return None


def _identifier(properties: dict[str, Any], source: str) -> int | None:
    value = (properties.get("wof:concordances") or {}).get(source)
    return int(value) if value and int(value) > 0 else None


def _wikidata(properties: dict[str, Any]) -> str | None:
    value = (properties.get("wof:concordances") or {}).get("wd:id")
    return str(value) if value else None


def _ended(properties: dict[str, Any]) -> date | None:
    """The day on which the place ceased, where the record says a whole day."""
    try:
        return date.fromisoformat(str(properties.get("edtf:cessation")))
    except ValueError:
        return None  # an open or unknown end, or one that is known to the year only
