"""What may be spilling across a border: distances, sides, documented crossings and inferred links."""

from incidents.spillover.arrivals import Arrival, first_in_country
from incidents.spillover.bands import border_bands
from incidents.spillover.borders import BANDS_KM, band_words, measure_borders
from incidents.spillover.chance import ChanceRate, chance_rate
from incidents.spillover.crossings import Crossing, documented_crossings
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
    "NEAR_REPEAT_4_WEEKS",
    "NEAR_REPEAT_10_WEEKS",
    "PRESETS",
    "Arrival",
    "ChanceRate",
    "Crossing",
    "Link",
    "Preset",
    "Rule",
    "Strength",
    "band_words",
    "border_bands",
    "chance_rate",
    "chance_words",
    "documented_crossings",
    "first_in_country",
    "linkable",
    "links",
    "measure_borders",
]
