"""Standalone HTML: map, timeline, list and filters in one file that works from a USB stick, without any network."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Sequence
from importlib.resources import files
from typing import Any, Final

import geopandas as gpd
import shapely

from gazetteer.boundaries import Boundaries
from incidents.basemap import clipped_basemap, pack
from incidents.dataset import Dataset
from incidents.export.account import account
from incidents.export.citations import cited
from incidents.export.values import plain
from incidents.filters import UNATTRIBUTED, Filters, apply
from incidents.geocode import disc, records, why_not_mapped
from incidents.safety import safe_text
from incidents.statement import Overlay, statement
from incidents.symbols import (
    PRECISION_ENTRIES,
    SEVERAL,
    SEVERAL_GROUPS_LABEL,
    SEVERAL_INCIDENTS_LABEL,
    Symbol,
    Tint,
    legend_label,
    symbols,
)
from incidents.timeline import counts, fitting_period
from incidents.wording import (
    date_words,
    figures_words,
    group_words,
    interval_words,
    joint_figures,
    place_words,
    placed_words,
    precision_words,
)

_LEAFLET: Final = "vendor/leaflet-1.9.4/leaflet"
# What the map's script expects of the page that it was written for.
_STAGE: Final = "window.Streamlit={setFrameHeight(){},events:new EventTarget()};window.__GLOBAL_DATA__={};"


def to_html(
    dataset: Dataset,
    filters: Filters,
    *,
    boundaries: Boundaries,
    overlays: Sequence[Overlay] = (),
) -> bytes:
    """Write the shown incidents as one HTML file with all that it needs: Leaflet, outlines, data, scripts.

    It asks no host for anything, and its content security policy lets it ask none: only the scripts and styles that
    it was written with run, each named by its hash. Data travels as JSON in which no character can end the element
    that holds it; the page shows it as text.
    """
    shown = apply(dataset.incidents, filters)
    told = statement(dataset, filters, boundaries=boundaries, overlays=overlays)
    title = f"Security incidents: {dataset.name}"
    styles = [_asset(f"{_LEAFLET}.css"), _asset("desk.css"), _asset("page.css")]
    scripts = [_asset(f"{_LEAFLET}.js"), _STAGE, _asset("desk.js"), _asset("page.js")]
    policy = (
        "default-src 'none'; img-src data:; base-uri 'none'; form-action 'none'; "
        f"style-src {' '.join(map(_hash, styles))}; script-src {' '.join(map(_hash, scripts))}"
    )
    parts = {
        "policy": policy,
        "title": safe_text(title),
        "styles": "\n".join(f"<style>{style}</style>" for style in styles),
        "scripts": "\n".join(f"<script>{script}</script>" for script in scripts),
        "data": _as_script(_data(dataset, shown, told, title=title, boundaries=boundaries)),
    }
    # All at once, so that no part is looked for within another one.
    page = re.sub("@(" + "|".join(parts) + ")@", lambda found: parts[found[1]], _asset("page.html"))
    return page.encode()


def _asset(name: str) -> str:
    """A file of ours or Leaflet's, without its addresses: of pictures that no control here shows, of a source map."""
    text = (files("incidents") / "assets" / name).read_text("utf-8")
    text = re.sub(r"url\([^)]*\)", "none", text) if name.endswith(".css") else text
    return re.sub(r"//# sourceMappingURL=\S+", "", text)


def _hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def _as_script(value: dict[str, Any]) -> str:
    """JSON that stays data within a script element: nothing in it opens or ends one, or ends a line of JavaScript."""
    written = json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    for character in "<>&\u2028\u2029":
        written = written.replace(character, f"\\u{ord(character):04x}")
    return written


def _data(
    dataset: Dataset, shown: gpd.GeoDataFrame, told: dict[str, Any], *, title: str, boundaries: Boundaries
) -> dict[str, Any]:
    looks = symbols(dataset.facets.families)
    rows = records(shown)
    families = [row["actor_family"] or UNATTRIBUTED for row in rows]
    reasons = why_not_mapped(shown)
    why = dict(zip(shown.loc[reasons.index, "incident_id"], reasons, strict=True))
    drawn = shown.loc[shown.geometry.notna()]
    bounds = None if drawn.empty else _around(drawn)
    bins = _bins(shown)
    joint = joint_figures(dataset.incidents)
    number = {row["incident_id"]: at for at, row in enumerate(rows)}
    days = [plain(row[end]) for row in rows for end in ("date_start", "date_end") if row[end] is not None]
    return {
        "title": title,
        "answers": f"Filters of this file: {'; '.join(told['filters']['in_words']) or 'none'}",
        "account": account(told),
        "credit": safe_text(f"Borders: {boundaries.layer_citation}. They imply no endorsement."),
        "description": "Map of the incidents shown. Arrow keys move it, plus and minus zoom. Enter goes to the list, "
        "which has the same incidents.",
        "base": clipped_basemap(
            bounds, boundaries=boundaries, country_codes=tuple(sorted(shown["country_code"].dropna().unique()))
        ),
        "bounds": bounds,
        "first": min(days, default=None),
        "last": max(days, default=None),
        **bins,
        "several": {"shape": SEVERAL.shape, "groups": SEVERAL_GROUPS_LABEL, "incidents": SEVERAL_INCIDENTS_LABEL},
        "precisions": [{"precision": code, **entry} for code, entry in PRECISION_ENTRIES.items()],
        "looks": {family: _look(family, looks[family]) for family in dict.fromkeys(families)},
        "groups": [
            {"name": family, "incidents": families.count(family)}
            for family in dataset.facets.families
            if family in families
        ],
        "rows": [
            {
                "key": safe_text(row["incident_id"]),
                "group": family,
                "start": plain(row["date_start"]),
                "end": plain(row["date_end"]),
                "bin": _bin(row, bins["bins"]),
                "when": date_words(row),
                "where": place_words(row),
                "who": group_words(row),
                "precision": row["geo_precision"],
                "radius": row["uncertainty_km"] or 0,
                "mapped": row["geometry"] is not None,
                "why": why.get(row["incident_id"]),
                "at": safe_text(row["place_name"] or row["place_as_reported"]),
                # The place is isolated, so that one written from right to left does not draw the group into itself.
                "tip": safe_text(f"{date_words(row)}: \u2068{row['place_as_reported']}\u2069, {group_words(row)}"),
                "told": [
                    ("Summary", row["summary"]),
                    ("Event", " / ".join(filter(None, (row["event_type"], row["sub_event_type"])))),
                    ("Figures", figures_words(row, joint=joint)),
                    ("Place", precision_words(row)),
                    ("How it came there", placed_words(row, drawn=row["geometry"] is not None)),
                    ("Sources", "; ".join(str(one) for one in dataset.citations(row["sources"])) or "not stated"),
                    ("Incident", row["incident_id"]),
                ],
            }
            for row, family in zip(rows, families, strict=True)
        ],
        "places": _places(drawn, number),
        "sources": [
            {
                "words": [source.publisher or source.source_id, source.title, source.published_on, *source.grades],
                "url": source.url,
                "passages": source.passages,
                "rows": [number[incident_id] for incident_id in source.incident_ids],
            }
            for source in cited(dataset, shown)
        ],
    }


def _around(drawn: gpd.GeoDataFrame) -> tuple[float, float, float, float]:
    """West, south, east and north of what is drawn with its rings, and a margin that keeps marks off the edges."""
    reach = [
        row["geometry"] if row["geometry"].geom_type != "Point"
        else disc(row["geometry"].x, row["geometry"].y, radius_km=float(row["uncertainty_km"]))
        for row in records(drawn)
    ]  # fmt: skip
    west, south, east, north = (float(edge) for edge in shapely.total_bounds(reach))
    margin = 0.06 * max(east - west, north - south)
    return west - margin, max(south - margin, -85.0), east + margin, min(north + margin, 85.0)


def _look(family: str, symbol: Symbol) -> dict[str, Any]:
    return {
        "label": safe_text(legend_label(family, symbol)),
        "shape": symbol.shape,
        "colour": symbol.colour,
        "areaColour": symbol.flat.colour,
        "outlined": symbol.flat.tint is Tint.OUTLINED,
    }


def _places(drawn: gpd.GeoDataFrame, number: dict[str, int]) -> list[dict[str, Any]]:
    """Each place that incidents are drawn at, the largest first, so that a district stays in sight in its province."""
    places: dict[bytes, dict[str, Any]] = {}
    for incident_id, geometry in zip(drawn["incident_id"], drawn.geometry, strict=True):
        if geometry.wkb not in places:
            inside = geometry.representative_point()
            place: dict[str, Any] = {"at": [round(inside.y, 5), round(inside.x, 5)], "rows": [], "size": geometry.area}
            if geometry.geom_type != "Point":
                place["rings"] = pack(geometry)
            places[geometry.wkb] = place
        places[geometry.wkb]["rows"].append(number[incident_id])
    ordered = sorted(places.values(), key=lambda place: -float(place["size"]))
    return [{key: value for key, value in place.items() if key != "size"} for place in ordered]


def _bins(shown: gpd.GeoDataFrame) -> dict[str, Any]:
    """The periods of the timeline, from the first day to the last."""
    first, last = shown["date_start"].min(), shown["date_end"].max()
    if shown["date_start"].isna().all():
        return {"period": "day", "bins": []}
    period = fitting_period(first.date(), last.date())
    table = counts(shown, period=period).drop_duplicates("period_start")
    bins = [
        {
            "start": plain(start),
            "end": plain(end),
            "words": interval_words(start.date(), end.date()),
            "label": f"{start:%Y}" if period == "year" else f"{start.day} {start:%b}" if period in ("day", "week")
            else f"{start:%b %y}",
        }
        for start, end in zip(table["period_start"], table["period_end"], strict=True)
    ]  # fmt: skip
    return {"period": str(period), "bins": bins}


def _bin(row: dict[str, Any], bins: list[dict[str, Any]]) -> int | None:
    start, end = plain(row["date_start"]), plain(row["date_end"])
    if start is None:
        return None
    return next((at for at, one in enumerate(bins) if one["start"] <= start and end <= one["end"]), None)
