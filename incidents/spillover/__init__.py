"""What may be spilling across a border: distances, sides, documented crossings and inferred links."""

from incidents.spillover.arrivals import Arrival, first_in_country
from incidents.spillover.bands import border_bands
from incidents.spillover.borders import BANDS_KM, band_words, measure_borders, not_measurable
from incidents.spillover.crossings import Crossing, documented_crossings
from incidents.spillover.links import (
    BORDERLAND,
    NEAR_REPEAT_4_WEEKS,
    NEAR_REPEAT_10_WEEKS,
    PRESETS,
    Link,
    Links,
    Preset,
    Rule,
    Strength,
    linkable,
    links,
    not_linkable,
)
from incidents.spillover.pairs import Pairs, near_pairs

__all__ = [
    "BANDS_KM",
    "BORDERLAND",
    "NEAR_REPEAT_4_WEEKS",
    "NEAR_REPEAT_10_WEEKS",
    "PRESETS",
    "Arrival",
    "Crossing",
    "Link",
    "Links",
    "Pairs",
    "Preset",
    "Rule",
    "Strength",
    "band_words",
    "border_bands",
    "documented_crossings",
    "first_in_country",
    "linkable",
    "links",
    "measure_borders",
    "near_pairs",
    "not_linkable",
    "not_measurable",
]
