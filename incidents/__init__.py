"""Security incidents across borders: from reports to a map, a timeline and a sheet that can be defended."""

__version__ = "0.1.0"
