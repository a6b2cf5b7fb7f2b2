"""What is said of a file's size before it is made is near what the file turns out to be."""

import pytest

from gazetteer.boundaries import Boundaries
from incidents import export
from incidents.export import about_bytes
from incidents.filters import Filters, apply

BOUNDARIES = Boundaries.load()


@pytest.mark.parametrize("ending", export.WRITTEN)
@pytest.mark.parametrize(
    "filters",
    [
        Filters(),
        Filters(families=("JNIM",)),
        Filters(families=("Iran-backed militias",)),
        Filters(countries=("AF", "PK")),
        Filters(countries=("AU",)),
        Filters(text="nowhere at all"),
    ],
    ids=["everything", "a group", "a group of many sources", "two countries", "one incident", "nothing"],
)
def test_a_file_is_about_as_large_as_was_said(desk, ending, filters):
    content = export.write(desk, filters, format=ending, boundaries=BOUNDARIES)

    assert about_bytes(apply(desk.incidents, filters), format=ending) == pytest.approx(len(content), rel=0.2)


@pytest.mark.parametrize("filters", [Filters(), Filters(families=("JNIM",))], ids=["everything", "a group"])
def test_the_statement_beside_a_csv_is_about_as_large_as_was_said(desk, filters):
    content = export.to_sidecar(desk, filters, content=b"", name="a.csv", boundaries=BOUNDARIES)

    assert about_bytes(apply(desk.incidents, filters), format="csv.json") == pytest.approx(len(content), rel=0.2)


def test_every_format_that_is_offered_has_a_size_to_tell(desk):
    for ending in ("csv.json", *export.WRITTEN):
        assert about_bytes(desk.incidents, format=ending) > 0
