"""Columns and vocabularies of an incident, and what a valid table of incidents is.

The names follow ACLED and UCDP where they have one; `incidents/data/CODEBOOK.md` explains each to a reader.
A table of incidents is a `pandas.DataFrame` with `COLUMNS`, typed by `DTYPES`; located, it is a
`geopandas.GeoDataFrame` in EPSG:4326.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import pandas as pd
import pandera.pandas as pa

from gazetteer.place import Precision

#: How finely the place of an incident is known, finest first: the gazetteer's own scale.
GeoPrecision = Precision


class DatePrecision(StrEnum):
    """How finely the date of an incident is known; the interval itself is `date_start` to `date_end`."""

    DAY = "day"
    DAY_RANGE = "day_range"
    WEEK = "week"
    MONTH = "month"
    YEAR = "year"
    UNKNOWN = "unknown"


class Attribution(StrEnum):
    """How sure it is that `actor_family` is behind the incident, surest first."""

    CLAIMED = "claimed"
    OFFICIAL = "official"
    ATTRIBUTED = "attributed"
    SUSPECTED = "suspected"
    NONE = "none"


class ReviewStatus(StrEnum):
    """Where an incident stands with its editors (Security Force Monitor's words)."""

    ACCEPTED = "accepted"
    WORK_NEEDED = "work_needed"
    CONFLICT = "conflict"
    ISSUE = "issue"


#: ACLED's event types, each with its sub-event types.
EVENT_TYPES: Final[dict[str, tuple[str, ...]]] = {
    "Battles": (
        "Armed clash",
        "Government regains territory",
        "Non-state actor overtakes territory",
    ),
    "Explosions/Remote violence": (
        "Chemical weapon",
        "Air/drone strike",
        "Suicide bomb",
        "Shelling/artillery/missile attack",
        "Remote explosive/landmine/IED",
        "Grenade",
    ),
    "Violence against civilians": (
        "Sexual violence",
        "Attack",
        "Abduction/forced disappearance",
    ),
    "Protests": (
        "Peaceful protest",
        "Protest with intervention",
        "Excessive force against protesters",
    ),
    "Riots": ("Violent demonstration", "Mob violence"),
    "Strategic developments": (
        "Agreement",
        "Arrests",
        "Change to group/activity",
        "Disrupted weapons use",
        "Headquarters or base established",
        "Looting/property destruction",
        "Non-violent transfer of territory",
        "Other",
    ),
}

#: How finely a place must be known to be drawn as a point, and as an area; anything coarser is not drawn.
AS_POINT: Final = (GeoPrecision.EXACT, GeoPrecision.SETTLEMENT, GeoPrecision.NEAR_SETTLEMENT)
AS_AREA: Final = (GeoPrecision.ADMIN2, GeoPrecision.ADMIN1, GeoPrecision.LINEAR_OR_FUZZY)

#: What a precision means, in words for a card, a legend or a sheet.
GEO_PRECISION_WORDS: Final[dict[GeoPrecision, str]] = {
    GeoPrecision.EXACT: "exact place",
    GeoPrecision.SETTLEMENT: "settlement",
    GeoPrecision.NEAR_SETTLEMENT: "near a settlement",
    GeoPrecision.ADMIN2: "district",
    GeoPrecision.ADMIN1: "province",
    GeoPrecision.LINEAR_OR_FUZZY: "road or loosely named area",
    GeoPrecision.COUNTRY: "country only",
    GeoPrecision.SEA_OR_AIR: "sea or air",
    GeoPrecision.UNKNOWN: "place unknown",
}

#: What a grade of attribution means, in words for a card, a legend or a sheet.
ATTRIBUTION_WORDS: Final[dict[Attribution, str]] = {
    Attribution.CLAIMED: "claimed by the group",
    Attribution.OFFICIAL: "named by authorities",
    Attribution.ATTRIBUTED: "named by analysts or press",
    Attribution.SUSPECTED: "suspected",
    Attribution.NONE: "no claim, no attribution",
}

#: Families that are a milieu and no organisation: people who share a view and act on their own. The group filter offers
#: them, but nobody arrives in a country with one of them.
MILIEUS: Final = frozenset({"Far right", "IS supporters"})

DATES: Final = ("date_start", "date_end", "reported_on")
COUNTS: Final = ("fatalities_low", "fatalities_best", "fatalities_high", "injured")
MEASURES: Final = ("longitude", "latitude", "uncertainty_km")

#: Every column of a dataset, in the order of its file.
COLUMNS: Final = (
    "incident_id",
    "date_start",
    "date_end",
    "date_precision",
    "reported_on",
    "event_type",
    "sub_event_type",
    "actor_primary",
    "actor_secondary",
    "actor_family",
    "attribution",
    "target",
    "launched_from",
    "place_as_reported",
    "place_name",
    "place_id",
    "feature_class",
    "country",
    "country_code",
    "admin1",
    "admin2",
    "longitude",
    "latitude",
    "geo_precision",
    "uncertainty_km",
    "geocoded_by",
    "fatalities_low",
    "fatalities_best",
    "fatalities_high",
    "fatalities_joint_with",
    "fatalities_as_reported",
    "injured",
    "injured_as_reported",
    "summary",
    "notes",
    "sources",
    "review_status",
    "dataset",
)

#: The columns without which a file is no dataset of incidents.
REQUIRED: Final = (
    "incident_id",
    "date_precision",
    "event_type",
    "attribution",
    "place_as_reported",
    "summary",
)

#: The columns that a geocoder fills; the others are what a source said.
LOCATED: Final = (
    "place_name",
    "place_id",
    "longitude",
    "latitude",
    "geo_precision",
    "uncertainty_km",
    "geocoded_by",
)

SOURCE_COLUMNS: Final = (
    "source_id",
    "publisher",
    "published_on",
    "title",
    "url",
    "language",
    "reliability",
    "credibility",
)

DTYPES: Final[dict[str, str]] = {
    **dict.fromkeys(COLUMNS, "str"),
    **dict.fromkeys(DATES, "datetime64[s]"),
    **dict.fromkeys(COUNTS, "Int64"),
    **dict.fromkeys(MEASURES, "Float64"),
}


@dataclass(frozen=True, slots=True)
class Rejected:
    """A row, or a whole file, that was not taken in, and why.

    Attributes
    ----------
    row : int
        Line of the row as a spreadsheet counts it: the header is 1, the first incident 2.
    column : str
        The column that could not be accepted, or an empty string if the row as a whole could not.
    value : str
        What stands there.
    reason : str
        What was expected, as a sentence.
    """

    row: int
    column: str
    value: str
    reason: str


def _one_of(words: type[StrEnum]) -> pa.Check:
    return pa.Check.isin([str(word) for word in words], error="expected one of " + ", ".join(words))


def _or_null(holds: pd.Series) -> pd.Series:
    """A comparison with a null decides nothing: the row holds, and another rule says whether null is allowed."""
    return holds.fillna(True).astype(bool)


def _dates_ordered(table: pd.DataFrame) -> pd.Series:
    return (table["date_start"] <= table["date_end"]) | table["date_start"].isna() | table["date_end"].isna()


def _dates_as_precise_as_said(table: pd.DataFrame) -> pd.Series:
    unknown = table["date_precision"] == DatePrecision.UNKNOWN
    dated = table["date_start"].notna() & table["date_end"].notna()
    undated = table["date_start"].isna() & table["date_end"].isna()
    return (unknown & undated) | (~unknown & dated)


def _first_of_its_id(table: pd.DataFrame) -> pd.Series:
    return ~table["incident_id"].duplicated()


def _day_is_one_day(table: pd.DataFrame) -> pd.Series:
    undated = table["date_start"].isna() | table["date_end"].isna()
    return (table["date_precision"] != DatePrecision.DAY) | (table["date_start"] == table["date_end"]) | undated


def _fatalities_ordered(table: pd.DataFrame) -> pd.Series:
    low, best, high = (table[f"fatalities_{bound}"] for bound in ("low", "best", "high"))
    return _or_null(low <= best) & _or_null(best <= high) & _or_null(low <= high)


def _joint_figure_stands_once(table: pd.DataFrame) -> pd.Series:
    figures = table[[column for column in COUNTS if column.startswith("fatalities")]]
    return table["fatalities_joint_with"].isna() | figures.isna().all(axis="columns")


def _sub_event_belongs(table: pd.DataFrame) -> pd.Series:
    known = {(event, sub) for event, subs in EVENT_TYPES.items() for sub in subs}
    pairs = zip(table["event_type"], table["sub_event_type"], strict=True)
    return pd.Series([pd.isna(sub) or (event, sub) in known for event, sub in pairs], index=table.index)


def _coordinates_paired(table: pd.DataFrame) -> pd.Series:
    return table["longitude"].isna() == table["latitude"].isna()


def _coordinates_with_radius(table: pd.DataFrame) -> pd.Series:
    return table["longitude"].isna() | (table["uncertainty_km"].notna() & table["geo_precision"].notna())


def _not_null_island(table: pd.DataFrame) -> pd.Series:
    return _or_null((table["longitude"] != 0) | (table["latitude"] != 0))


def _unnamed_family_is_ungraded(table: pd.DataFrame) -> pd.Series:
    return table["actor_family"].notna() | (table["attribution"] == Attribution.NONE)


_COUNTRY_CODE = pa.Check.str_matches(r"^[A-Z]{2}$", error="expected an ISO 3166-1 code of two capital letters")

#: What every accepted row keeps. Checks on several columns are named by the column that a reader would mend.
INCIDENTS = pa.DataFrameSchema(
    {
        "incident_id": pa.Column("str", pa.Check.str_matches(r"^\S.*$", error="expected an identifier")),
        "date_precision": pa.Column("str", _one_of(DatePrecision)),
        "event_type": pa.Column(
            "str", pa.Check.isin(list(EVENT_TYPES), error="expected one of " + ", ".join(EVENT_TYPES))
        ),
        "attribution": pa.Column("str", _one_of(Attribution)),
        "geo_precision": pa.Column("str", _one_of(GeoPrecision), nullable=True),
        "review_status": pa.Column("str", _one_of(ReviewStatus), nullable=True),
        "country_code": pa.Column("str", _COUNTRY_CODE, nullable=True),
        "launched_from": pa.Column("str", _COUNTRY_CODE, nullable=True),
        "longitude": pa.Column(
            "Float64", pa.Check.in_range(-180, 180, error="expected degrees from -180 to 180"), nullable=True
        ),
        "latitude": pa.Column(
            "Float64", pa.Check.in_range(-90, 90, error="expected degrees from -90 to 90"), nullable=True
        ),
        "uncertainty_km": pa.Column(
            "Float64",
            pa.Check.in_range(0, 5000, include_min=False, error="expected kilometres above 0, up to 5000"),
            nullable=True,
        ),
        **{
            column: pa.Column("Int64", pa.Check.ge(0, error="expected a count, 0 or more"), nullable=True)
            for column in COUNTS
        },
        **{
            column: pa.Column(
                "datetime64[s]",
                pa.Check.in_range("1900-01-01", "2100-12-31", error="expected a day from 1900 to 2100"),
                nullable=True,
            )
            for column in DATES
        },
        "place_as_reported": pa.Column("str"),
        "summary": pa.Column("str"),
    },
    checks=[
        pa.Check(_first_of_its_id, name="incident_id", error="expected an incident_id that no earlier row has"),
        pa.Check(_dates_ordered, name="date_end", error="expected a day not before date_start"),
        pa.Check(
            _dates_as_precise_as_said,
            name="date_start",
            error="expected date_start and date_end, or date_precision 'unknown' and neither",
        ),
        pa.Check(_day_is_one_day, name="date_end", error="expected one day, as date_precision says 'day'"),
        pa.Check(_fatalities_ordered, name="fatalities_best", error="expected low <= best <= high"),
        pa.Check(
            _joint_figure_stands_once,
            name="fatalities_joint_with",
            error="expected no figure here, as it stands on the incident that this one points to",
        ),
        pa.Check(_sub_event_belongs, name="sub_event_type", error="expected a sub-event type of this event type"),
        pa.Check(_coordinates_paired, name="latitude", error="expected longitude and latitude together"),
        pa.Check(
            _coordinates_with_radius,
            name="uncertainty_km",
            error="expected geo_precision and uncertainty_km beside coordinates",
        ),
        pa.Check(_not_null_island, name="longitude", error="expected a place; 0, 0 is a missing value"),
        pa.Check(
            _unnamed_family_is_ungraded,
            name="attribution",
            error="expected 'none' where no actor_family is named",
        ),
    ],
)
