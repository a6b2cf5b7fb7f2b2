"""A map of places: what a name may mean, and a click that says where something is."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import shapely
import streamlit as st
from streamlit_folium import st_folium

from incidents import webmap
from incidents.geocode import disc
from incidents.views import state
from incidents.views.http import assets_version, basemap_address
from incidents.webmap import Pin, View

# A click says no more than where its pixel is: 1e-4 degrees are 11 m.
_DECIMALS = 4


def place_map(
    pins: Sequence[Pin],
    *,
    country_codes: Iterable[str],
    token: str,
    key: str,
    height: int = 380,
) -> tuple[float, float] | None:
    """Draw places; give the longitude and latitude of a click that was not yet told, in EPSG:4326 degrees.

    Parameters
    ----------
    pins
        What to draw.
    country_codes
        The countries whose divisions the base map draws; it looks at them where there is nothing to draw.
    token
        Names what is looked at: with a new one the map goes there, with the same one it stays where it is.
    key
        Of the map on its page.
    height
        In pixels.
    """
    codes = tuple(sorted(set(country_codes)))
    chart = webmap.base_map(
        basemap_address=basemap_address(codes),
        assets_version=assets_version(),
        credit=state.boundaries().layer_citation,
        description="Map of the places that may be meant. The table has the same places.",
    )
    bounds = _bounds(pins, codes)
    view = View(token=token, bounds=bounds) if bounds else None
    told = st_folium(
        chart,
        key=key,
        height=height,
        use_container_width=True,
        feature_group_to_add=webmap.pin_layer(pins, view=view),
        returned_objects=["last_clicked"],
    )
    clicked = (told or {}).get("last_clicked")
    if not clicked or clicked == st.session_state.get(f"{key}-heard"):
        return None
    st.session_state[f"{key}-heard"] = clicked
    longitude = (clicked["lng"] + 180) % 360 - 180
    return round(longitude, _DECIMALS), round(clicked["lat"], _DECIMALS)


def _bounds(pins: Sequence[Pin], country_codes: Iterable[str]) -> tuple[float, float, float, float] | None:
    """West, south, east and north edge of everything that the pins may mean, or else of the countries."""
    shapes = [pin.area or disc(pin.longitude, pin.latitude, radius_km=max(pin.radius_km, 5.0)) for pin in pins]
    shapes = shapes or [state.boundaries().country(code).geometry for code in country_codes]
    if not shapes:
        return None
    west, south, east, north = shapely.total_bounds(shapes)
    return float(west), float(south), float(east), float(north)
