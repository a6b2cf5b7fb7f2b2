"""Files in, accepted and rejected rows out: one module per format."""

from incidents.readers.table import Reading, read_sources, read_table

__all__ = ["Reading", "read_sources", "read_table"]
