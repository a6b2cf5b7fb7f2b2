"""The words of the Linked Places Format that writing and reading it share."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

#: What identifies a place of ours; the rest is its `place_id`.
OURS: Final = "urn:incident-desk:place:"
GEONAMES_TYPE: Final = "http://www.geonames.org/ontology#"
WOF_TYPE: Final = "https://whosonfirst.org/docs/placetypes/#"
#: The format has seven of GeoNames' nine classes.
CLASSES: Final[Mapping[str, str]] = {**{letter: letter for letter in "AHLPRST"}, "U": "H", "V": "L"}
