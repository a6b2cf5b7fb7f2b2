"""What a valid table of incidents is: one rule at a time, and the scales that filters and legends go by."""

from pathlib import Path

import pandas as pd
import pytest

from incidents import schema
from incidents.readers import read_table
from incidents.schema import Attribution, GeoPrecision


def test_precision_runs_from_an_exact_place_to_no_place_at_all():
    assert sorted(GeoPrecision, key=lambda precision: precision.rank) == [
        "exact",
        "settlement",
        "near_settlement",
        "admin2",
        "admin1",
        "linear_or_fuzzy",
        "country",
        "sea_or_air",
        "unknown",
    ]


def test_attribution_runs_from_a_claim_to_nothing():
    assert list(Attribution) == ["claimed", "official", "attributed", "suspected", "none"]


def test_every_precision_and_every_grade_has_words_for_a_reader():
    assert set(schema.GEO_PRECISION_WORDS) == set(GeoPrecision)
    assert set(schema.ATTRIBUTION_WORDS) == set(Attribution)


def test_event_types_are_acleds_six_and_no_sub_event_belongs_to_two():
    subs = [sub for of_one_type in schema.EVENT_TYPES.values() for sub in of_one_type]
    assert len(schema.EVENT_TYPES) == 6
    assert len(subs) == len(set(subs)) == 25


def test_every_column_has_a_type_and_is_explained_in_the_codebook(project: Path):
    codebook = (project / "incidents" / "data" / "CODEBOOK.md").read_text(encoding="utf-8")
    assert list(schema.DTYPES) == list(schema.COLUMNS)
    assert [name for name in (*schema.COLUMNS, *schema.SOURCE_COLUMNS) if f"`{name}`" not in codebook] == []


def test_a_row_in_order_is_accepted(a_file):
    reading = read_table(a_file({}))
    assert (len(reading.accepted), reading.rejected) == (1, ())


LOCATED = {"longitude": "0.7", "latitude": "11.1", "geo_precision": "settlement", "uncertainty_km": "5.0"}

BROKEN = {
    "an identifier is not blank": ({"incident_id": ""}, "incident_id"),
    "a word outside the scale of date precision": ({"date_precision": "hour"}, "date_precision"),
    "an event type that ACLED does not have": ({"event_type": "Attack"}, "event_type"),
    "a sub-event of another type": ({"sub_event_type": "Arrests"}, "sub_event_type"),
    "a grade outside the scale": ({"attribution": "rumoured"}, "attribution"),
    "a grade without a group": ({"attribution": "claimed"}, "attribution"),
    "a precision outside the scale": ({"geo_precision": "village"}, "geo_precision"),
    "a review status outside the list": ({"review_status": "done"}, "review_status"),
    "a country by its name": ({"country_code": "Togo"}, "country_code"),
    "a country code in small letters": ({"launched_from": "bf"}, "launched_from"),
    "a country code that nobody bears": ({"country_code": "XX"}, "country_code"),
    "an origin that nobody bears": ({"launched_from": "ZZ"}, "launched_from"),
    "a longitude beyond the globe": (LOCATED | {"longitude": "181.0"}, "longitude"),
    "a latitude beyond the globe": (LOCATED | {"latitude": "-90.5"}, "latitude"),
    "half a coordinate": (LOCATED | {"latitude": ""}, "latitude"),
    "coordinates without a radius": (LOCATED | {"uncertainty_km": ""}, "uncertainty_km"),
    "coordinates without a precision": (LOCATED | {"geo_precision": ""}, "uncertainty_km"),
    "a radius of nothing": (LOCATED | {"uncertainty_km": "0.0"}, "uncertainty_km"),
    "null island": (LOCATED | {"longitude": "0.0", "latitude": "0.0"}, "longitude"),
    "a negative count": ({"injured": "-1"}, "injured"),
    "low above best": ({"fatalities_low": "8", "fatalities_best": "7"}, "fatalities_best"),
    "best above high": ({"fatalities_best": "7", "fatalities_high": "6"}, "fatalities_best"),
    "low above high without best": (
        {"fatalities_low": "7", "fatalities_best": "", "fatalities_high": "6"},
        "fatalities_best",
    ),
    "an end before the start": ({"date_precision": "week", "date_end": "2021-11-01"}, "date_end"),
    "a day of two days": ({"date_end": "2021-11-03"}, "date_end"),
    "an interval without an end": ({"date_precision": "week", "date_end": ""}, "date_start"),
    "a precise date that is not there": ({"date_start": "", "date_end": ""}, "date_start"),
    "an unknown date that is there": ({"date_precision": "unknown"}, "date_start"),
    "no place in the source's words": ({"place_as_reported": ""}, "place_as_reported"),
    "no summary": ({"summary": ""}, "summary"),
}


@pytest.mark.parametrize(("cells", "column"), BROKEN.values(), ids=BROKEN)
def test_a_row_that_breaks_a_rule_is_rejected_under_the_column_to_mend(a_file, cells, column):
    reading = read_table(a_file({}, cells))
    (fault,) = reading.rejected
    assert (fault.row, fault.column, fault.value) == (3, column, cells.get(column, "2021-11-02"))
    assert fault.reason.startswith("expected ")
    assert list(reading.accepted["incident_id"]) == ["i0"]


NULLS = {
    "no group and no grade": {"actor_family": "", "attribution": "none"},
    "no date, and said so": {"date_start": "", "date_end": "", "date_precision": "unknown"},
    "only a lower bound": {"fatalities_low": "7"},
    "only an upper bound": {"fatalities_high": "7"},
    "a figure in words alone": {"fatalities_as_reported": "dozens"},
    "no country": {"country": "", "country_code": ""},
    "a group without a grade": {"actor_family": "JNIM", "attribution": "none"},
}


@pytest.mark.parametrize("cells", NULLS.values(), ids=NULLS)
def test_what_a_source_does_not_say_may_stay_null(a_file, cells):
    reading = read_table(a_file(cells))
    assert reading.rejected == ()
    row = reading.accepted.iloc[0]
    assert all(pd.isna(row[column]) for column, cell in cells.items() if cell == "")


def test_null_is_not_zero(a_file):
    accepted = read_table(a_file({"fatalities_best": "0"}, {"fatalities_best": ""})).accepted
    assert accepted["fatalities_best"].tolist() == [0, pd.NA]
    assert accepted["fatalities_best"].count() == 1


def test_the_second_row_of_an_identifier_is_rejected_and_the_first_stays(a_file):
    reading = read_table(a_file({"incident_id": "A"}, {"incident_id": "B"}, {"incident_id": "A"}))
    assert [(fault.row, fault.column, fault.value) for fault in reading.rejected] == [(4, "incident_id", "A")]
    assert list(reading.accepted["incident_id"]) == ["A", "B"]
