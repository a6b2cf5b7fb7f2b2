"""What can go wrong with incidents, as one small tree of exceptions."""


class IncidentsError(Exception):
    """Base of every error of this package; its text says what to do next."""


class NotADatasetError(IncidentsError, ValueError):
    """The file is no incident dataset: it cannot be parsed, or it lacks the columns that every row needs."""


class UnknownIncidentError(IncidentsError, KeyError):
    """No incident has this `incident_id`."""

    def __str__(self) -> str:
        return str(self.args[0]) if self.args else ""


class ExportError(IncidentsError, ValueError):
    """An export was asked for in a format, or of a selection, that cannot be written."""


class TooManyPairsError(IncidentsError, ValueError):
    """So many incidents are near each other that listing them would fill the memory."""
