"""What may be spilling across a border: distances, sides, documented crossings and inferred links."""

from incidents.spillover.arrivals import QUIET_DAYS, Arrival, first_in_country, first_in_days
from incidents.spillover.bands import border_bands
from incidents.spillover.borders import BANDS_KM, band_words, measure_borders, not_measurable
from incidents.spillover.cells import SCDI_WORDS, Cell, ConflictCells, conflict_cells
from incidents.spillover.chance import ChanceRate, chance_rate
from incidents.spillover.chance_wording import chance_words, expected_words, method_words
from incidents.spillover.clusters import Cluster, Clusters, clusters
from incidents.spillover.corridors import CAPTION, Corridor, Unit, corridors, geodesic
from incidents.spillover.crossings import Crossing, documented_crossings
from incidents.spillover.exposure import LEAST_FOR_PERCENT, LOW_COUNT_RULE, Window, exposure
from incidents.spillover.findings import OVERLAYS, Findings, find, overlay_statements
from incidents.spillover.link import CUSTOM, MOST_DAYS, MOST_KM, preset_of
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
    "CAPTION",
    "CUSTOM",
    "LEAST_FOR_PERCENT",
    "LOW_COUNT_RULE",
    "MOST_DAYS",
    "MOST_KM",
    "NEAR_REPEAT_4_WEEKS",
    "NEAR_REPEAT_10_WEEKS",
    "OVERLAYS",
    "PRESETS",
    "QUIET_DAYS",
    "SCDI_WORDS",
    "Arrival",
    "Cell",
    "ChanceRate",
    "Cluster",
    "Clusters",
    "ConflictCells",
    "Corridor",
    "Crossing",
    "Findings",
    "Link",
    "Links",
    "Pairs",
    "Preset",
    "Rule",
    "Strength",
    "Unit",
    "Window",
    "band_words",
    "border_bands",
    "chance_rate",
    "chance_words",
    "clusters",
    "conflict_cells",
    "corridors",
    "documented_crossings",
    "expected_words",
    "exposure",
    "find",
    "first_in_country",
    "first_in_days",
    "geodesic",
    "linkable",
    "links",
    "measure_borders",
    "method_words",
    "near_pairs",
    "not_linkable",
    "not_measurable",
    "overlay_statements",
    "preset_of",
]
