"""What every test may ask for."""

import csv
import io
import os
import tempfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import pytest
from hypothesis import settings

from gazetteer import Gazetteer, installed
from incidents.dataset import Dataset, curated
from incidents.schema import COLUMNS, DTYPES

# The same examples every time: a failure seen once is a failure that everyone can see.
settings.register_profile("desk", derandomize=True, deadline=None)
settings.load_profile("desk")

# What this machine's own desk has is none of a test's business: neither its country packs nor its editors' decisions.
_OWN = tempfile.TemporaryDirectory(prefix="incident-desk-", ignore_cleanup_errors=True)
os.environ["INCIDENT_DESK_PACKS"] = f"{_OWN.name}/packs"
os.environ["INCIDENT_DESK_REVIEWS"] = f"{_OWN.name}/reviews.sqlite"


@pytest.fixture(scope="session")
def project() -> Path:
    """The folder that holds `pyproject.toml`."""
    return Path(__file__).parents[1]


@pytest.fixture(scope="session")
def gazetteer(tmp_path_factory: pytest.TempPathFactory) -> Gazetteer:
    """The layers that ship with the package, and none of the packs that this machine may have."""
    installed.build()
    return Gazetteer.open(packs=tmp_path_factory.mktemp("packs"))


@pytest.fixture(scope="session")
def desk(gazetteer: Gazetteer) -> Dataset:
    """The curated dataset, located."""
    return curated(gazetteer=gazetteer)


USUAL_CELLS = {
    "date_start": "2021-11-02",
    "date_end": "2021-11-02",
    "date_precision": "day",
    "event_type": "Battles",
    "attribution": "none",
    "place_as_reported": "Kompienga",
    "country": "Burkina Faso",
    "country_code": "BF",
    "summary": "Somebody attacked.",
}


@pytest.fixture(scope="session")
def a_file() -> Callable[..., bytes]:
    """Write a CSV of incidents that are in order but for what each row says of itself; cells are text."""

    def write(*rows: dict[str, str], delimiter: str = ",") -> bytes:
        text = io.StringIO()
        writer = csv.DictWriter(text, COLUMNS, delimiter=delimiter)
        writer.writeheader()
        writer.writerows({"incident_id": f"i{number}", **USUAL_CELLS, **row} for number, row in enumerate(rows))
        return text.getvalue().encode()

    return write


@pytest.fixture(scope="session")
def incidents_of() -> Callable[..., gpd.GeoDataFrame]:
    """Make located incidents of a few values each: on one day, of nobody, in Burkina Faso, drawn nowhere."""

    def make(*rows: dict[str, Any]) -> gpd.GeoDataFrame:
        usual = {**USUAL_CELLS, "geo_precision": "country", "geometry": None}
        full = [{"incident_id": f"i{number}", **usual, **row} for number, row in enumerate(rows)]
        table = pd.DataFrame(full, columns=[*COLUMNS, "geometry"]).astype(DTYPES)
        return gpd.GeoDataFrame(table, geometry="geometry", crs="EPSG:4326")

    return make


# What folium turned into running code, in the browser or on the server, when it was tried.
HOSTILE_TEXTS = {
    "picture": "<img src=x onerror=alert(1)>",
    "script": "</script><script>alert(1)</script>",
    "attribute": "\"><svg onload='alert(1)'>",
    "template literal": "${alert(1)}",
    "end of a template literal": "`+alert(1)+`",
    "escaped end of it": "\\`+alert(1)+`",
    "jinja expression": "{{ 7*7 }}",
    "jinja attribute": "{{ self.__init__.__globals__.__builtins__ }}",
    "jinja statement": "100 {% of",
    "jinja comment": "{# never closed",
    "entity that was escaped once": "&lt;img src=x onerror=alert(1)&gt;",
    "javascript address": "javascript:alert(1)//'\"",
    "line that JavaScript ends": "a\u2028alert(1)\u2029\n",
}


@pytest.fixture(scope="session")
def hostile_texts() -> tuple[str, ...]:
    """Every text that once ran as code."""
    return tuple(HOSTILE_TEXTS.values())


@pytest.fixture(params=HOSTILE_TEXTS.values(), ids=HOSTILE_TEXTS)
def hostile_text(request: pytest.FixtureRequest) -> str:
    """Each text that once ran as code, one after the other."""
    return str(request.param)


@pytest.hookimpl(trylast=True)
def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say once per reason what was skipped, however many tests it was."""
    skipped = Counter(report.longrepr[2] for report in terminalreporter.stats.get("skipped", []))
    for reason, count in skipped.items():
        terminalreporter.line(f"{reason} ({count} tests)", yellow=True)
