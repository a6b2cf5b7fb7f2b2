"""Where a place of the Linked Places Format is: our own point with its radius, or what a foreign geometry can bear."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import isfinite
from typing import Any, TypeGuard

import numpy as np
import shapely
from shapely.errors import ShapelyError
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry

from gazetteer.boundaries import covering_radius_km
from gazetteer.exchange.notes import Notes, shown
from gazetteer.place import NEAR_KM, Precision, RadiusBasis, default_radius_km


@dataclass(frozen=True, slots=True)
class Position:
    """Where a place is, and the outline that came with it."""

    longitude: float | None = None
    latitude: float | None = None
    geo_precision: Precision = Precision.UNKNOWN
    uncertainty_km: float | None = None
    uncertainty_basis: RadiusBasis | None = None
    outline: BaseGeometry | None = None


def position_of(
    feature: Mapping[str, Any], properties: Mapping[str, Any], *, letter: str, code: str, notes: Notes
) -> Position:
    """Read where a place of a GeoNames class and code is."""
    shapes = ((path, geometry, _form(geometry, path, notes)) for path, geometry in notes.geometries(feature))
    drawn = [(path, geometry, form) for path, geometry, form in shapes if form is not None]
    areas = [form for _, _, form in drawn if form.area > 0]
    outline = shapely.union_all(areas) if areas else None
    said = properties.get("geo_precision")
    stated = None if said is None else notes.word(Precision, said, f"{notes.path}.properties.geo_precision")
    ours = [one for one in drawn if "uncertainty_km" in one[1]]
    if drawn and not ours and properties.get("uncertainty_km") is None:
        return _derived(
            [(geometry, form) for _, geometry, form in drawn], outline, letter=letter, code=code, notes=notes
        )
    path, holder, form = ours[0] if ours else (f"{notes.path}.properties", properties, drawn[0][2] if drawn else None)
    at = form if form is not None and form.geom_type == "Point" else None
    radius_km, basis = _radius(holder, path, notes)
    if at is not None and not ours and stated in {None, Precision.UNKNOWN}:
        stated = _precision_of(letter, code, radius_km or 0)
    east, north = (at.x, at.y) if at is not None else (None, None)
    return Position(east, north, stated or Precision.UNKNOWN, radius_km, basis, outline)


def _derived(
    drawn: Sequence[tuple[Mapping[str, Any], BaseGeometry]],
    outline: BaseGeometry | None,
    *,
    letter: str,
    code: str,
    notes: Notes,
) -> Position:
    """A position of another producer, which says nothing of its radius."""
    path = f"{notes.path}.geometry"
    whole = shapely.union_all([form for _, form in drawn])
    grades = {geometry.get("certainty") for geometry, _ in drawn}
    if "uncertain" in grades and outline is None:
        notes.remark(path, "its source calls it uncertain, and a position without a radius is not taken")
        return Position()
    point_like = letter in {"P", "S"}
    if whole.geom_type == "Point":
        if not point_like:
            notes.remark(path, "a point of what is wider than a settlement says nothing without a radius: not taken")
            return Position()
        near = "less-certain" in grades
        radius_km = NEAR_KM if near else default_radius_km(code if code.startswith("PPL") else "PPL")
        precision = Precision.NEAR_SETTLEMENT if near else Precision.SETTLEMENT
        return Position(whole.x, whole.y, precision, radius_km, RadiusBasis.NEAR if near else RadiusBasis.DEFAULT)
    points = [form for _, form in drawn if form.geom_type == "Point"]
    if outline is not None and len(points) == 1 and outline.covers(points[0]):
        at = points[0]
    else:
        at = outline.representative_point() if outline is not None else whole.convex_hull.centroid
        if len(drawn) > 1:
            notes.remark(path, f"{len(drawn)} geometries were taken as one place, whose radius holds them all")
    radius_km = round(covering_radius_km(whole, longitude=at.x, latitude=at.y), 1)
    if outline is None and point_like:
        radius_km += default_radius_km("PPL")
    precision = _precision_of(letter, code, radius_km)
    basis = RadiusBasis.EXTENT if outline is None else RadiusBasis.POLYGON
    return Position(at.x, at.y, precision, max(radius_km, 0.1), basis, outline)


def _radius(holder: Mapping[str, Any], path: str, notes: Notes) -> tuple[float | None, RadiusBasis | None]:
    value, basis = holder.get("uncertainty_km"), holder.get("uncertainty_basis")
    if value is not None and not (_is_number(value) and value > 0):
        notes.refuse(f"{path}.uncertainty_km", f"{shown(value)} is no radius in km")
    return value, None if basis is None else notes.word(RadiusBasis, basis, f"{path}.uncertainty_basis")


def _form(geometry: Mapping[str, Any], path: str, notes: Notes) -> BaseGeometry | None:
    """The geometry in EPSG:4326; of one that is also written as well-known text, that, which may be wider."""
    written = geometry.get("geowkt", geometry.get("geo_wkt"))
    try:
        with np.errstate(invalid="ignore"):  # what is not a number is refused below
            form = shapely.from_wkt(written) if isinstance(written, str) else shape(geometry)
        degrees = shapely.get_coordinates(form)
    except (ShapelyError, AttributeError, KeyError, TypeError, ValueError, IndexError):
        notes.refuse(path, "this is no geometry")
    west, south, east, north = form.bounds if len(degrees) else (0.0, 0.0, 0.0, 0.0)
    # Written so that a NaN is outside.
    if not (west >= -180 and south >= -90 and east <= 180 and north <= 90 and not np.isnan(degrees).any()):
        notes.refuse(path, "this is not in degrees of longitude and latitude")
    if form.is_empty or not form.is_valid:
        notes.remark(path, f"an empty or broken {form.geom_type} was left out")
        return None
    return form


def _is_number(value: object) -> TypeGuard[float]:
    return isinstance(value, int | float) and not isinstance(value, bool) and isfinite(value)


def _precision_of(letter: str, code: str, radius_km: float) -> Precision:
    """How finely a place of a kind is known that has an outline, or a radius of its own."""
    if code.startswith("PCL"):
        return Precision.COUNTRY
    if code in {"ADM1", "ADM2"}:
        return Precision(code.replace("ADM", "admin"))
    return Precision.SETTLEMENT if letter in {"P", "S"} and radius_km <= NEAR_KM else Precision.LINEAR_OR_FUZZY
