"""Make the boundary files from Natural Earth: countries, divisions, disputed lines and land borders.

`python -m gazetteer.build.naturalearth GPKG WORLD_ATLAS_JSON`

GPKG is Natural Earth 4.1 as the desktop GIS QGIS ships it (`world_map.gpkg`); WORLD_ATLAS_JSON is
`countries-10m.json` of the npm package world-atlas 2.0.2, the same release unsimplified. The same input
gives the same bytes.
"""

from __future__ import annotations

import argparse
import json
from collections import defaultdict
from collections.abc import Iterator
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from shapely.geometry import MultiPolygon, Polygon
from shapely.geometry.base import BaseGeometry

from gazetteer.boundaries import covering_radius_km
from gazetteer.data import DATA
from gazetteer.names import fold, skeleton

#: Coordinates are rounded to 2**-14 degree, 7 m: fine enough that no outline becomes invalid, and the short
#: binary fractions compress well.
STEP_DEGREES: Final = 2.0**-14

# The source gives these no ISO code. Which state a territory belongs to follows ISO 3166-1, not who holds
# it; None where ISO leaves that open.
_WITHOUT_CODE: Final[dict[str, str | None]] = {
    "CCK": "CC",
    "CXR": "CX",
    "USG": "CU",
    "CYN": "CY",
    "CLP": "FR",
    "ESB": "GB",
    "WSB": "GB",
    "KAB": "KZ",
    "SOL": "SO",
    "KAS": None,
    "PGA": None,
}
_NAMES_WITHOUT_CODE: Final = {"KAS": "Siachen Glacier", "PGA": "Spratly Islands"}
_NAMES_OF_CODES: Final = {"CC": "Cocos (Keeling) Islands", "CX": "Christmas Island", "TK": "Tokelau"}

# The source abbreviates, or writes a name that is no longer the country's.
_COUNTRY_NAMES: Final = {
    "AG": "Antigua and Barbuda",
    "AX": "Åland Islands",
    "BA": "Bosnia and Herzegovina",
    "BL": "Saint Barthélemy",
    "CD": "Democratic Republic of the Congo",
    "CF": "Central African Republic",
    "CG": "Republic of the Congo",
    "CK": "Cook Islands",
    "DO": "Dominican Republic",
    "EH": "Western Sahara",
    "FK": "Falkland Islands",
    "FO": "Faroe Islands",
    "GQ": "Equatorial Guinea",
    "GS": "South Georgia and the South Sandwich Islands",
    "HM": "Heard Island and McDonald Islands",
    "IO": "British Indian Ocean Territory",
    "KN": "Saint Kitts and Nevis",
    "KY": "Cayman Islands",
    "MF": "Saint Martin",
    "MH": "Marshall Islands",
    "MK": "North Macedonia",
    "MP": "Northern Mariana Islands",
    "PF": "French Polynesia",
    "PM": "Saint Pierre and Miquelon",
    "PN": "Pitcairn Islands",
    "SB": "Solomon Islands",
    "SS": "South Sudan",
    "ST": "São Tomé and Príncipe",
    "SZ": "Eswatini",
    "TC": "Turks and Caicos Islands",
    "TF": "French Southern Territories",
    "UM": "United States Minor Outlying Islands",
    "US": "United States",
    "VC": "Saint Vincent and the Grenadines",
    "VG": "British Virgin Islands",
    "VI": "United States Virgin Islands",
    "WF": "Wallis and Futuna",
}
_COUNTRY_VARIANTS: Final = {
    "CD": ("Congo", "DR Congo", "DRC", "Congo-Kinshasa"),
    "CG": ("Congo-Brazzaville",),
    "CI": ("Ivory Coast",),
    "CV": ("Cape Verde",),
    "CZ": ("Czech Republic",),
    "GB": ("UK", "Great Britain"),
    "MM": ("Burma",),
    "SZ": ("Swaziland",),
    "TL": ("East Timor",),
    "TR": ("Türkiye",),
    "US": ("United States of America", "USA", "U.S."),
}

# Rows that bear a neighbour's name, or one that is no longer used: country, name in the source, and a column
# whose value singles the row out.
_DIVISION_NAMES: Final = {
    ("AF", "Parwan", "gn_name", "Panjshir"): "Panjshir",
    ("AF", "Uruzgan", "woe_name", "Daykundi"): "Daykundi",
    ("AL", "Durrës", "gn_name", "Qarku i Tiranes"): "Tiranë",
    ("AZ", "Lankaran", "gn_name", "Lacin Rayonu"): "Laçın",
    ("GB", "Halton", "gn_name", "Metropolitan Borough of Wirral"): "Wirral",
    ("HR", "Brodsko-Posavska", "fips", "HR11"): "Požeško-Slavonska",
    ("IQ", "At-Ta'mim", "fips", "IZ13"): "Kirkuk",
    ("MW", "Chitipa", "woe_label", "Karonga, MW, Malawi"): "Karonga",
    ("PH", "Cotabato", "gn_name", "Cotabato City"): "Cotabato City",
    ("PK", "F.C.T.", "fips", "PK08"): "Islamabad Capital Territory",
    ("PK", "K.P.", "fips", "PK03"): "Khyber Pakhtunkhwa",
    ("RS", "Pomoravski", "gn_name", "Rasinski Okrug"): "Rasinski",
    ("UG", "Mbarara", "gn_name", "Kiruhura District"): "Kiruhura",
}

# In the TopoJSON, and not in the GeoPackage.
_TOO_SMALL: Final = {"Vatican": "VA"}

# Countries whose second level the source draws: provinces or départements below regions.
_SECOND_LEVEL: Final = frozenset({"BF", "ES", "FR", "IT", "PH"})


def countries_and_divisions(states: gpd.GeoDataFrame, names: pd.Series) -> tuple[gpd.GeoDataFrame, gpd.GeoDataFrame]:
    """Make both tables from the first-level divisions, so that they share every line.

    Parameters
    ----------
    states
        The source's `states_provinces`, EPSG:4326.
    names
        Country names by ISO code.
    """
    divisions = gpd.GeoDataFrame(geometry=shapely.transform(states.geometry.to_numpy(), rounded), crs=states.crs)
    open_code = states["iso_a2"] == "-1"
    unit = states["gu_a3"].where(states["gu_a3"].isin(_WITHOUT_CODE), states["adm0_a3"])
    divisions["country_code"] = states["iso_a2"].where(~open_code, unit.map(_WITHOUT_CODE))
    owner = divisions["country_code"].where(divisions["country_code"].notna(), unit)
    country_names = {**names, **_COUNTRY_NAMES, **_NAMES_OF_CODES, **_NAMES_WITHOUT_CODE}
    divisions["name"] = [
        _division_name(row, country_names[code]) for row, code in zip(states.to_dict("records"), owner, strict=True)
    ]
    divisions["variants"] = [
        _variants(name, row) for name, row in zip(divisions["name"], states.to_dict("records"), strict=True)
    ]
    divisions["feature_code"] = np.where(divisions["country_code"].isin(_SECOND_LEVEL), "ADM2", "ADM1")
    divisions["local_code"] = states["fips"]
    divisions["key"] = _keys(divisions, owner)

    whole = divisions.dissolve(owner, method="coverage").geometry
    countries = gpd.GeoDataFrame(geometry=whole.to_numpy(), crs=states.crs)
    countries["country_code"] = [None if code in _NAMES_WITHOUT_CODE else code for code in whole.index]
    countries["name"] = [country_names[code] for code in whole.index]
    countries["variants"] = [
        tuple(v for v in (*_COUNTRY_VARIANTS.get(code, ()), names.get(code)) if v and v != country_names[code])
        for code in whole.index
    ]
    countries["key"] = [f"naturalearth:{code.lower()}" for code in whole.index]
    return _finished(countries), _finished(divisions)


def land_borders(topology: dict[str, Any], countries: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Give the lines that two countries share, from a TopoJSON whose arcs they share.

    A country of the TopoJSON is the one of `countries` whose area it overlaps most, because its own numbers
    are missing for the territories that matter here.
    """
    arcs = list(_arcs(topology))
    users: defaultdict[int, set[str]] = defaultdict(set)
    for geometry in topology["objects"]["countries"]["geometries"]:
        rings = list(_rings(geometry))
        owner = _TOO_SMALL.get(geometry["properties"]["name"]) or _owner(_polygon(rings, arcs), countries)
        for arc in {~index if index < 0 else index for ring in rings for index in ring}:
            users[arc].add(owner)
    shared: defaultdict[tuple[str, str], list[BaseGeometry]] = defaultdict(list)
    for arc, owners in sorted(users.items()):
        if len(owners) == 2:
            first, second = sorted(owners)
            shared[first, second].append(shapely.linestrings(arcs[arc]))
    rows = [(*_codes(pair), shapely.line_merge(shapely.union_all(lines))) for pair, lines in sorted(shared.items())]
    return gpd.GeoDataFrame(rows, columns=["country_a", "country_b", "geometry"], crs="EPSG:4326")


def disputed_borders(lines: gpd.GeoDataFrame, codes: dict[str, str]) -> gpd.GeoDataFrame:
    """Give the claimed lines with the ISO code of the side that holds the land."""
    return gpd.GeoDataFrame(
        {"name": lines["name"], "country_code": lines["adm0_a3_l"].map(codes)},
        geometry=shapely.transform(lines.geometry.to_numpy(), rounded),
        crs=lines.crs,
    )


def write(table: gpd.GeoDataFrame, path: Path) -> None:
    """Write GeoParquet, small and the same each time."""
    table.reset_index(drop=True).to_parquet(path, compression="zstd", compression_level=19)
    print(f"{path.name}: {len(table):,} rows, {path.stat().st_size:,} bytes")


def rounded(coordinates: NDArray[np.float64]) -> NDArray[np.float64]:
    """Round coordinates to `STEP_DEGREES`."""
    return np.round(coordinates / STEP_DEGREES) * STEP_DEGREES


def main(arguments: list[str] | None = None) -> None:
    """Read both sources and write the four boundary files."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("gpkg", type=Path)
    parser.add_argument("world_atlas", type=Path)
    parser.add_argument("--to", type=Path, default=DATA, help="folder to write to")
    given = parser.parse_args(arguments)
    source = gpd.read_file(given.gpkg, layer="countries")
    codes = {"SDS": "SS", **dict(zip(source["ISO_A3"], source["iso_a2"], strict=True))}
    names = source.loc[source["iso_a2"] != "-1"].set_index("iso_a2")["NAME"].dropna()
    countries, divisions = countries_and_divisions(gpd.read_file(given.gpkg, layer="states_provinces"), names)
    topology = json.loads(given.world_atlas.read_text(encoding="utf-8"))
    write(countries, given.to / "countries.parquet")
    write(divisions, given.to / "divisions.parquet")
    write(land_borders(topology, countries), given.to / "land-borders.parquet")
    disputed = gpd.read_file(given.gpkg, layer="disputed_borders")
    write(disputed_borders(disputed, codes), given.to / "disputed-borders.parquet")


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _division_name(row: dict[str, Any], country: str) -> str:
    name = _text(row["name"]) or country
    for (code, old, column, value), new in _DIVISION_NAMES.items():
        if (row["iso_a2"], name, _text(row[column])) == (code, old, value):
            return new
    return name


def _variants(name: str, row: dict[str, Any]) -> tuple[str, ...]:
    """Spellings that the row lists beside its name, without those of a neighbour that strayed into it."""
    label = _text(row["woe_label"]).split(",")[0]
    if "Ã" in label or "Å" in label:
        label = label.encode("cp1252", errors="ignore").decode("utf-8", errors="ignore")
    found: dict[str, str] = {}
    for text in (_text(row["name"]), _text(row["woe_name"]), label, _text(row["gn_name"])):
        close = SequenceMatcher(None, skeleton(name), skeleton(text)).ratio() >= 0.7
        if text and fold(text) != fold(name) and (close or fold(name) in fold(text)):
            found.setdefault(fold(text), text)
    return tuple(found.values())


def _keys(divisions: gpd.GeoDataFrame, owner: pd.Series) -> list[str]:
    """`naturalearth:country-name`, with a number, from west to east, where a country has the name twice."""
    stems = [
        f"naturalearth:{code.lower()}-{fold(name).replace(' ', '-')}"
        for code, name in zip(owner, divisions["name"], strict=True)
    ]
    west = divisions.geometry.bounds["minx"]
    order = pd.DataFrame({"stem": stems, "west": west}).sort_values(["stem", "west"], kind="stable")
    number = order.groupby("stem").cumcount().reindex(divisions.index)
    return [stem if count == 0 else f"{stem}-{count + 1}" for stem, count in zip(stems, number, strict=True)]


def _finished(table: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Add the label point and the radius that holds the unit, check the outlines, sort."""
    if table["name"].isna().any():
        message = f"no name for {', '.join(table.loc[table['name'].isna(), 'key'])}"
        raise ValueError(message)
    outlines = table.geometry.to_numpy()
    if not shapely.is_valid(outlines).all() or not shapely.coverage_is_valid(outlines):
        message = "rounding broke an outline or a shared border: use a finer step"
        raise ValueError(message)
    centre = shapely.centroid(outlines)
    point = np.where(shapely.contains(outlines, centre), centre, shapely.point_on_surface(outlines))
    table["longitude"], table["latitude"] = (
        np.round(shapely.get_x(point), 5),
        np.round(shapely.get_y(point), 5),
    )
    table["uncertainty_km"] = [
        round(covering_radius_km(row.geometry, longitude=row.longitude, latitude=row.latitude), 1)
        for row in table.itertuples()
    ]
    first = [column for column in ("key", "country_code", "name") if column in table]
    rest = [column for column in table if column not in (*first, "geometry")]
    return table[[*first, *rest, "geometry"]].sort_values("key", kind="stable")


def _arcs(topology: dict[str, Any]) -> Iterator[NDArray[np.float64]]:
    scale, origin = topology["transform"]["scale"], topology["transform"]["translate"]
    for arc in topology["arcs"]:
        yield np.round(np.cumsum(np.array(arc, dtype=np.int64), axis=0) * scale + origin, 6)


def _rings(geometry: dict[str, Any]) -> Iterator[list[int]]:
    polygons = geometry["arcs"] if geometry["type"] == "MultiPolygon" else [geometry["arcs"]]
    for polygon in polygons:
        yield from polygon


def _polygon(rings: list[list[int]], arcs: list[NDArray[np.float64]]) -> BaseGeometry:
    """The area inside an odd number of the rings, which need not be valid."""
    lines = [np.concatenate([arcs[i] if i >= 0 else arcs[~i][::-1] for i in ring]) for ring in rings]
    # The TopoJSON's own rounding leaves a few islets with too few corners to have an area.
    return shapely.make_valid(MultiPolygon([Polygon(line) for line in lines if len(line) >= 4]))


def _owner(area: BaseGeometry, countries: gpd.GeoDataFrame) -> str:
    near = countries.iloc[countries.sindex.query(area, predicate="intersects")]
    if near.empty:
        return ""
    overlap = shapely.area(shapely.intersection(near.geometry.to_numpy(), area))
    return str(near["key"].iloc[int(np.argmax(overlap))]).removeprefix("naturalearth:").upper()


def _codes(pair: tuple[str, str]) -> tuple[str | None, str | None]:
    first, second = (None if len(code) != 2 else code for code in pair)
    return (first, second) if first is not None else (second, first)


if __name__ == "__main__":
    main()
