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
    [Filters(), Filters(families=("JNIM",)), Filters(countries=("AF", "PK")), Filters(text="nowhere at all")],
    ids=["everything", "a group", "two countries", "nothing"],
)
def test_a_file_is_about_as_large_as_was_said(desk, ending, filters):
    options = {"boundaries": BOUNDARIES}
    size = len(export.write(desk, filters, format=ending, **options))

    assert 0.5 < about_bytes(apply(desk.incidents, filters), format=ending) / size < 2


def test_every_format_that_is_offered_has_a_size_to_tell(desk):
    for ending in ("csv.json", *export.WRITTEN):
        assert about_bytes(desk.incidents, format=ending) > 0
