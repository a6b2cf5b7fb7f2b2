"""The committed data of the gazetteer, and where it lies; SOURCES.md says what each file is."""

from pathlib import Path
from typing import Final

#: The folder of this package's data.
DATA: Final = Path(__file__).parent

#: What the world base is built from, beside the packages that it comes out of.
WORLD_FILES: Final = (
    "countries.parquet",
    "divisions.parquet",
    "units.parquet",
    "unit-members.parquet",
    "abbreviations.csv",
)
