"""What the examples in docstrings may use without making it: `dataset`, of eight incidents, and `boundaries`."""

from typing import Any

import pytest

from gazetteer.boundaries import Boundaries
from tests.made_up import made_up


@pytest.fixture(scope="session", autouse=True)
def _names_of_examples(doctest_namespace: dict[str, Any]) -> None:
    doctest_namespace.update(dataset=made_up(), boundaries=Boundaries.load())
