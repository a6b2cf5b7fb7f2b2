"""What may be spilling across a border: distances, sides, documented crossings and inferred links."""

from incidents.spillover.arrivals import Arrival, first_in_country
from incidents.spillover.bands import border_bands
from incidents.spillover.borders import BANDS_KM, band_words, measure_borders
from incidents.spillover.chance import ChanceRate, chance_rate
from incidents.spillover.corridors import CAPTION, Corridor, Unit, corridors, geodesic
from incidents.spillover.crossings import Crossing, documented_crossings
from incidents.spillover.exposure import LEAST_FOR_PERCENT, LOW_COUNT_RULE, Window, exposure
from incidents.spillover.links import (
    BORDERLAND,
    NEAR_REPEAT_4_WEEKS,
    NEAR_REPEAT_10_WEEKS,
    PRESETS,
    Link,
    Preset,
    Rule,
    Strength,
    linkable,
    links,
)
from incidents.spillover.statement import chance_words

__all__ = [
    "BANDS_KM",
    "BORDERLAND",
    "CAPTION",
    "LEAST_FOR_PERCENT",
    "LOW_COUNT_RULE",
    "NEAR_REPEAT_4_WEEKS",
    "NEAR_REPEAT_10_WEEKS",
    "PRESETS",
    "Arrival",
    "ChanceRate",
    "Corridor",
    "Crossing",
    "Link",
    "Preset",
    "Rule",
    "Strength",
    "Unit",
    "Window",
    "band_words",
    "border_bands",
    "chance_rate",
    "chance_words",
    "corridors",
    "documented_crossings",
    "exposure",
    "first_in_country",
    "geodesic",
    "linkable",
    "links",
    "measure_borders",
]
