"""Incidents and overlays -> the map in the browser. The only importer of folium.

The map is built once per dataset (`base_map`); what is shown travels as one feature group (`incident_layer`), which
the browser swaps without touching zoom or centre. Precision is drawn: a settlement with its ring, "near" hollow, a
district or province as its polygon, a country not at all.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import folium
import geopandas as gpd
import shapely
from branca.element import MacroElement
from jinja2 import Template
from shapely.geometry.base import BaseGeometry

from incidents import overlays as overlaid
from incidents.basemap import pack
from incidents.filters import UNATTRIBUTED
from incidents.geocode import records
from incidents.overlays import Overlays
from incidents.safety import safe_text
from incidents.schema import GeoPrecision
from incidents.symbols import (
    PRECISION_ENTRIES,
    SEVERAL,
    SEVERAL_GROUPS_LABEL,
    SEVERAL_INCIDENTS_LABEL,
    Symbol,
    Tint,
    legend_label,
)
from incidents.wording import date_words, group_words

#: Where the app serves `incidents/assets`, as seen from the component's frame, also behind a path prefix.
ASSETS: Final = "../../assets/"

#: Furthest out, where the world fits a phone, and furthest in that the boundaries bear.
MIN_ZOOM: Final = 0
MAX_ZOOM: Final = 12

_NO_OVERLAYS: Final = Overlays()

#: Height of the map in pixels, the legend below it not counted; a phone's is a little less (`assets/desk.css`).
MAP_PX: Final = 460


@dataclass(frozen=True, slots=True)
class View:
    """Where the map is to look; it obeys each `token` once.

    Attributes
    ----------
    token : str
        Names this wish. The map moves when the token is new, and never else.
    bounds : tuple of float or None
        West, south, east, north, in degrees.
    centre : tuple of float or None
        Longitude and latitude in degrees, with `zoom`, where there are no bounds.
    zoom : float or None
        Leaflet's zoom level.
    """

    token: str
    bounds: tuple[float, float, float, float] | None = None
    centre: tuple[float, float] | None = None
    zoom: float | None = None


@dataclass(frozen=True, slots=True)
class Pin:
    """A place on a map of places, with what it may be off by.

    Attributes
    ----------
    words : str
        Its number or name, as the map writes it.
    label : str
        What is told of it at a touch.
    longitude, latitude : float
        In EPSG:4326 degrees.
    radius_km : float
        Drawn as a ring; 0 for none.
    area : shapely geometry or None
        Drawn in place of the point.
    shape, colour : str
        As `symbols.Symbol` has them.
    hollow : bool
        Whether the place is only near the point.
    """

    words: str
    label: str
    longitude: float
    latitude: float
    radius_km: float = 0.0
    area: BaseGeometry | None = None
    shape: str = "circle"
    colour: str = "#0072b2"
    hollow: bool = False


class _Script(MacroElement):
    """A call into `assets/desk.js`; `payload` is JSON in which every text went through `safe_text`."""

    def __init__(self, template: str, payload: Mapping[str, Any]) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._name = "Desk"
        self._template = Template("{% macro script(this, kwargs) %}" + template + "{% endmacro %}")
        self.payload = json.dumps(payload, separators=(",", ":"), allow_nan=False)


_DESCRIPTION: Final = "Map of the incidents shown. The list below the map has the same incidents."


def base_map(*, basemap_address: str, assets_version: str, credit: str, description: str = _DESCRIPTION) -> folium.Map:
    """Build the map without incidents: no tiles, only files that the app serves itself.

    Parameters
    ----------
    basemap_address
        Address of the base map under `ASSETS` + `basemap/` (see `basemap.basemap`).
    assets_version
        Changes with the assets, so that a browser never mixes an old script with a new page.
    credit
        Attribution of the boundaries, as text.
    description
        What the map is called where it is not seen.
    """
    chart = folium.Map(
        location=(20, 25),
        zoom_start=3,
        tiles=None,  # with it, folium leaves out the least and the greatest zoom: desk.js sets them
        max_bounds=False,
        zoom_snap=0.25,
        zoom_delta=1,
        world_copy_jump=False,
    )
    leaflet = f"{ASSETS}vendor/leaflet-1.9.4/"
    chart.default_js = [
        ("leaflet", f"{leaflet}leaflet.js"),
        ("desk", f"{ASSETS}desk.js?{assets_version}"),
    ]
    chart.default_css = [
        ("leaflet", f"{leaflet}leaflet.css"),
        ("desk", f"{ASSETS}desk.css?{assets_version}"),
    ]
    config = {
        "basemap": basemap_address,
        "credit": safe_text(credit),
        "description": safe_text(description),
        "zooms": [MIN_ZOOM, MAX_ZOOM],
    }
    chart.add_child(_Script("incidentDesk.start({{ this._parent.get_name() }}, {{ this.payload }});", config))
    return chart


def incident_layer(
    incidents: gpd.GeoDataFrame,
    *,
    symbols: Mapping[str, Symbol],
    overlays: Overlays = _NO_OVERLAYS,
    selected: str | None = None,
    outline: BaseGeometry | None = None,
    view: View | None = None,
) -> folium.FeatureGroup:
    """Draw the incidents shown and the overlays on.

    Parameters
    ----------
    incidents
        What `filters.apply` returned, EPSG:4326.
    symbols
        Symbol of each group, `UNATTRIBUTED` among them.
    selected
        The incident whose place stands out.
    outline
        A country to outline, where a selected incident is known no finer.
    view
        Where to look, if the map is to move.
    """
    content = payload(incidents, symbols=symbols, overlays=overlays, selected=selected, outline=outline, view=view)
    group = folium.FeatureGroup(control=False)
    group.add_child(_Script("incidentDesk.layer({{ this.payload }}).addTo({{ this._parent.get_name() }});", content))
    return group


def pin_layer(pins: Sequence[Pin], *, view: View | None = None) -> folium.FeatureGroup:
    """Draw places, each with its outline or its ring and the words that name it; for a map without incidents."""
    points = [pin for pin in pins if pin.area is None]
    outlined = [(pin, pin.area) for pin in pins if pin.area is not None]
    looks = {"ids": [], "selected": False}
    content = {
        "spots": [
            {
                "lat": pin.latitude,
                "lon": pin.longitude,
                "uncertainty_km": pin.radius_km,
                "shape": pin.shape,
                "colour": pin.colour,
                "hollow": pin.hollow,
                "label": safe_text(pin.label),
                "first": False,
                **looks,
            }
            for pin in points
        ],
        "areas": [
            {
                "rings": pack(area),
                "size": round(area.area, 4),
                "colour": pin.colour,
                "outlined": False,
                "hatched": False,
                "label": safe_text(pin.label),
                **looks,
            }
            for pin, area in sorted(outlined, key=lambda one: -one[1].area)
        ],
        "names": [{"words": safe_text(pin.words), "at": _named_at(pin)} for pin in pins],
        **{key: [] for key in ("lines", "bands", "outlines", "legend")},
        "view": None if view is None else _view(view),
    }
    group = folium.FeatureGroup(control=False)
    group.add_child(_Script("incidentDesk.layer({{ this.payload }}).addTo({{ this._parent.get_name() }});", content))
    return group


def _named_at(pin: Pin) -> list[float]:
    """Where a pin's name stands: at its point, or below the top of its area, so that nested areas keep theirs apart."""
    longitude, latitude = pin.longitude, pin.latitude
    if pin.area is not None:
        corners = shapely.get_coordinates(pin.area)
        longitude, latitude = corners[corners[:, 1].argmax()]
    return [round(float(latitude), 4), round(float(longitude), 4)]


def payload(
    incidents: gpd.GeoDataFrame,
    *,
    symbols: Mapping[str, Symbol],
    overlays: Overlays,
    selected: str | None,
    outline: BaseGeometry | None,
    view: View | None,
) -> dict[str, Any]:
    """Give what `incident_layer` sends to the browser, before it is written as JSON."""
    places = list(_places(incidents))
    spots = [_spot(rows, symbols, overlays, selected) for rows, area in places if area is None]
    areas = [_area(rows, area, symbols, selected) for rows, area in places if area is not None]
    where = {row["incident_id"]: row for row in records(incidents)}
    lines = overlaid.lines(overlays, where=where)
    on_map = {row["incident_id"] for rows, _ in places for row in rows}
    return {
        "spots": spots,
        # the largest first, so that a district stays in sight and clickable inside its province
        "areas": sorted(areas, key=lambda area: -area["size"]),
        "lines": lines,
        "bands": overlaid.surfaces(overlays),
        "outlines": [] if outline is None else [{"rings": pack(outline)}],
        "names": [*overlaid.names(overlays), *_names(places, overlays)],  # where two collide, the first is written
        "legend": [*_legend(places, symbols), *overlaid.legend(overlays, drawn=lines, shown=on_map)],
        "view": None if view is None else _view(view),
    }


Rows = list[dict[str, Any]]


def _places(incidents: gpd.GeoDataFrame) -> Iterator[tuple[Rows, BaseGeometry | None]]:
    """Incidents by the place they are drawn at, with its area, or None for a point; unmapped ones are left out."""
    mapped = incidents.loc[incidents.geometry.notna()]
    found: dict[bytes, tuple[Rows, BaseGeometry | None]] = {}
    for row, geometry in zip(records(mapped.drop(columns="geometry")), mapped.geometry, strict=True):
        area = None if geometry.geom_type == "Point" else geometry
        found.setdefault(geometry.wkb, ([], area))[0].append(row)
    yield from found.values()


def _group(row: Mapping[str, Any]) -> str:
    return row["actor_family"] or UNATTRIBUTED


def _symbol(rows: Rows, symbols: Mapping[str, Symbol]) -> Symbol:
    groups = {_group(row) for row in rows}
    return symbols[groups.pop()] if len(groups) == 1 else SEVERAL


def _label(rows: Rows) -> str:
    if len(rows) > 1:
        place = rows[0]["place_name"] or rows[0]["place_as_reported"]
        return safe_text(f"{len(rows)} incidents at {place}. Click to read them.")
    (row,) = rows
    return safe_text(f"{date_words(row)}: {row['place_as_reported']}, {group_words(row)}")


def _spot(rows: Rows, symbols: Mapping[str, Symbol], overlays: Overlays, selected: str | None) -> dict[str, Any]:
    symbol = _symbol(rows, symbols)
    ids = [row["incident_id"] for row in rows]
    exact = all(row["geo_precision"] == GeoPrecision.EXACT for row in rows)
    return {
        "lat": rows[0]["latitude"],
        "lon": rows[0]["longitude"],
        "uncertainty_km": 0 if exact else max(row["uncertainty_km"] for row in rows),
        **_look(symbol),
        "hollow": any(row["geo_precision"] == GeoPrecision.NEAR_SETTLEMENT for row in rows),
        "ids": [safe_text(incident_id) for incident_id in ids],
        "label": _label(rows),
        "selected": selected in ids,
        "first": any(incident_id in overlays.first_ids for incident_id in ids),
    }


def _area(rows: Rows, area: BaseGeometry, symbols: Mapping[str, Symbol], selected: str | None) -> dict[str, Any]:
    ids = [row["incident_id"] for row in rows]
    look = _symbol(rows, symbols).flat
    return {
        "rings": pack(area),
        "size": round(area.area, 4),
        "colour": _look(look)["colour"],
        "outlined": look.tint is Tint.OUTLINED,
        "hatched": any(row["geo_precision"] == GeoPrecision.LINEAR_OR_FUZZY for row in rows),
        "ids": [safe_text(incident_id) for incident_id in ids],
        "label": _label(rows),
        "selected": selected in ids,
    }


def _names(places: Sequence[tuple[Rows, BaseGeometry | None]], overlays: Overlays) -> list[dict[str, Any]]:
    """Labels of the places drawn: a settlement's name; an area's with how many incidents it stands for."""
    names = []
    for rows, area in places:
        name = rows[0]["place_name"] or rows[0]["place_as_reported"]
        if area is None:
            at = [rows[0]["latitude"], rows[0]["longitude"]]
        else:
            inside = area.representative_point()
            at = [inside.y, inside.x]
            name = f"{name} ({len(rows)})"
            if any(row["incident_id"] in overlays.first_ids for row in rows):
                name += ", first there"
        names.append({"words": safe_text(name), "at": [round(degrees, 4) for degrees in at]})
    return names


def _groups_in_legend(
    places: Sequence[tuple[Rows, BaseGeometry | None]], symbols: Mapping[str, Symbol]
) -> list[dict[str, Any]]:
    """Entries for the groups on the map, with the tint of their areas; groups that look alike share one."""
    drawn = {_group(row) for found, _ in places for row in found}
    in_areas = {_group(row) for found, area in places for row in found if area is not None}
    entries: dict[str, dict[str, Any]] = {}
    for name in (name for name in symbols if name in drawn):
        symbol = symbols[name]
        label = legend_label(name, symbol)
        entry = entries.setdefault(label, {"kind": "symbol", "label": safe_text(label), **_look(symbol)})
        if name in in_areas:
            entry["area"] = {"colour": symbol.flat.colour, "outlined": symbol.flat.tint is Tint.OUTLINED}
    return list(entries.values())


def _legend(places: Sequence[tuple[Rows, BaseGeometry | None]], symbols: Mapping[str, Symbol]) -> list[dict[str, Any]]:
    """Entries for what is on the map, and for nothing else, in the order to read them."""
    rows = [row for found, _ in places for row in found]
    entries = _groups_in_legend(places, symbols)
    if any(len({_group(row) for row in found}) > 1 for found, _ in places):
        entries.append({"kind": "symbol", "label": SEVERAL_GROUPS_LABEL, **_look(SEVERAL)})
    if any(len(found) > 1 for found, area in places if area is None):
        entries.append({"kind": "symbol", "label": SEVERAL_INCIDENTS_LABEL, "count": 2, **_look(SEVERAL)})
    drawn = {row["geo_precision"] for row in rows}
    return entries + [dict(entry) for code, entry in PRECISION_ENTRIES.items() if code in drawn]


def _look(symbol: Symbol) -> dict[str, str | None]:
    """Shape and colour; several groups at one place take the colour that the theme has for text."""
    return {"shape": symbol.shape, "colour": None if symbol == SEVERAL else symbol.colour}


def _view(view: View) -> dict[str, Any]:
    look = {"bounds": view.bounds} if view.bounds else {"centre": view.centre, "zoom": view.zoom}
    return {"token": safe_text(view.token), **look}
