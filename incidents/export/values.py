"""Values of an incident as every format writes them, and the tag that each column has in HXL, for relief agencies."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd

from gazetteer.formulas import defused
from incidents.geocode import records
from incidents.schema import COLUMNS, DTYPES
from incidents.wording import is_decided, is_files_own, placed_words

#: What a format with room for it tells of each incident: the columns of a dataset, and how it came to its place.
PROPERTIES: Final = (*COLUMNS, "place_verdict", "place_reason")

#: The HXL 1.1 tag of each column; a row of them below the header lets other people's programs find what they know.
HXL_TAGS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "incident_id": "#event+id",
        "date_start": "#date+start",
        "date_end": "#date+end",
        "date_precision": "#date+precision",
        "reported_on": "#date+reported",
        "event_type": "#event+type",
        "sub_event_type": "#event+subtype",
        "actor_primary": "#actor+name+primary",
        "actor_secondary": "#actor+name+secondary",
        "actor_family": "#actor+group",
        "attribution": "#actor+attribution",
        "target": "#affected+target",
        "launched_from": "#country+code+origin",
        "place_as_reported": "#loc+name+reported",
        "place_name": "#loc+name",
        "place_id": "#loc+code",
        "feature_class": "#loc+type",
        "country": "#country+name",
        "country_code": "#country+code+v_iso2",
        "admin1": "#adm1+name",
        "admin2": "#adm2+name",
        "longitude": "#geo+lon",
        "latitude": "#geo+lat",
        "geo_precision": "#geo+precision",
        "uncertainty_km": "#geo+radius+km",
        "geocoded_by": "#geo+source",
        "fatalities_low": "#affected+killed+min",
        "fatalities_best": "#affected+killed",
        "fatalities_high": "#affected+killed+max",
        "fatalities_joint_with": "#affected+killed+ref",
        "fatalities_as_reported": "#affected+killed+text",
        "injured": "#affected+injured",
        "injured_as_reported": "#affected+injured+text",
        "summary": "#description",
        "notes": "#description+notes",
        "sources": "#meta+source",
        "review_status": "#status",
        "dataset": "#meta+dataset",
    }
)


def with_reasons(shown: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Give incidents with the reason for the place that they have.

    Where the file or an editor says where an incident was, the gazetteer's answer was not used: `place_reason` says
    whose word it is, and there is no `place_verdict`.
    """
    rows = records(shown)
    reasons = [placed_words(row, drawn=row["geometry"] is not None) for row in rows]
    verdicts = [None if is_files_own(row) or is_decided(row) else row["place_verdict"] for row in rows]
    return shown.assign(place_verdict=pd.array(verdicts, dtype="str"), place_reason=pd.array(reasons, dtype="str"))


def text_cell(column: str, value: Any) -> str:
    """Write a value of a column as the text of a cell that no spreadsheet runs; null is empty."""
    if value is None:
        return ""
    match DTYPES[column]:
        case "str":
            return defused(value)
        case "Float64":
            return repr(float(value)).removesuffix(".0")
        case _:
            return str(plain(value))


def plain(value: Any) -> Any:
    """A value as JSON has it; a day is its ISO date."""
    if isinstance(value, pd.Timestamp):
        return value.date().isoformat()
    if isinstance(value, np.generic):
        return value.item()
    return value
