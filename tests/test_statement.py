"""The statement says what an output answers, what it lacks, and what it was made from."""

import json
import shutil
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gazetteer.boundaries import DATA, Boundaries
from gazetteer.index import Gazetteer
from gazetteer.layer import Layer
from incidents.dataset import from_bytes
from incidents.filters import Filters, apply, from_query
from incidents.statement import Overlay, statement
from tests.made_up import DATA as TESTS_DATA
from tests.made_up import made_up

BOUNDARIES = Boundaries.load()
DATASET = made_up()
FILTERS = st.builds(
    Filters,
    families=st.lists(st.sampled_from(DATASET.facets.families), unique=True).map(tuple),
    date_from=st.none() | st.dates(date(2019, 1, 1), date(2021, 6, 1)),
    date_to=st.none() | st.dates(date(2021, 6, 1), date(2022, 1, 1)),
    countries=st.lists(st.sampled_from(list(DATASET.facets.countries)), unique=True).map(tuple),
)


@given(FILTERS)
def test_the_filters_of_a_statement_read_back_give_the_incidents_that_it_counts(filters):
    told = statement(DATASET, filters, boundaries=BOUNDARIES)
    again, problems = from_query(told["filters"]["query"], DATASET.facets)
    shown = apply(DATASET.incidents, again)

    assert (again, problems) == (filters, ())
    assert len(shown) == told["incidents_shown"] <= told["incidents_in_dataset"] == len(DATASET.incidents)
    unmapped = shown.loc[shown.geometry.isna(), "incident_id"]
    assert [gone["incident_id"] for gone in told["not_mappable"]] == list(unmapped)


def test_what_nobody_stated_is_null_and_not_an_empty_text():
    provenance = statement(DATASET, Filters(), boundaries=BOUNDARIES)["provenance"]

    assert {key for key, value in provenance.items() if value is None} == {
        "sources_sha256",
        "places",
        "places_sha256",
    }
    assert "" not in provenance.values()


def test_overlays_and_decisions_are_told_with_their_rules_and_hashes():
    told = statement(
        DATASET,
        Filters(),
        boundaries=BOUNDARIES,
        overlays=[Overlay("links", "Links within 50 km and 30 days.", {"distance_km": 50.0, "days": 30})],
    )

    assert told["overlays"] == [
        {
            "key": "links",
            "words": "Links within 50 km and 30 days.",
            "parameters": {"distance_km": 50.0, "days": 30},
        }
    ]
    assert told["provenance"]["decisions"] == {"sha256": None, "applied": 0, "set_aside": 0}
    json.dumps(told, allow_nan=False)


def test_the_hash_of_the_borders_changes_with_each_of_their_files(tmp_path):
    copy = tmp_path / "borders"
    copy.mkdir()
    names = ("countries", "divisions", "land-borders", "disputed-borders")
    for name in names:
        shutil.copy(DATA / f"{name}.parquet", copy)
    seen = {Boundaries(copy).sha256}
    assert seen == {BOUNDARIES.sha256}
    for name in names:
        (copy / f"{name}.parquet").write_bytes(b"changed")
        seen.add(Boundaries(copy).sha256)

    assert len(seen) == 1 + len(names)


def test_the_hash_of_the_gazetteer_changes_with_a_place(gazetteer, a_file):
    curated, *others = gazetteer.layers
    fewer = Gazetteer([Layer.of(curated.about, []), *others])
    hashes = [
        from_bytes(a_file({}), name="one.csv", gazetteer=one).places_sha256
        for one in (gazetteer, Gazetteer(gazetteer.layers), fewer)
    ]

    assert hashes[0] == hashes[1] != hashes[2]


@pytest.mark.parametrize("sources", [None, (TESTS_DATA / "made-up-sources.csv").read_bytes()], ids=["without", "with"])
def test_a_dataset_knows_the_hashes_of_its_gazetteer_and_its_sources(gazetteer, a_file, sources):
    dataset = from_bytes(a_file({}), name="one.csv", gazetteer=gazetteer, sources=sources)
    provenance = statement(dataset, Filters(), boundaries=BOUNDARIES)["provenance"]

    assert provenance["places_sha256"] == dataset.places_sha256
    assert (provenance["sources_sha256"] is None) == (sources is None)
