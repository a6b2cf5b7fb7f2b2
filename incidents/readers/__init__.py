"""Files in, accepted and rejected rows out: one module per format."""

from incidents.readers.rows import MAX_BYTES, Reading
from incidents.readers.table import read_sources, read_table

__all__ = ["MAX_BYTES", "Reading", "read_sources", "read_table"]
