"""Editors' decisions on where incidents are: a log that only grows, laid over the data and never written into it."""

from incidents.review.case import Option, Position, options, position_of
from incidents.review.decision import Decision, Kind, SetAside, StaleDecisionError
from incidents.review.exchange import NotDecisionsError, Reading, from_csv, to_csv
from incidents.review.log import BroughtIn, Log, log_path
from incidents.review.logfile import Damage, Head, LogError
from incidents.review.needs import LARGE_KM, Need, Task, queue
from incidents.review.overlay import EDITOR, VERSION, LaidOver, apart_km, lay_over
from incidents.review.placement import Placement, RefusedDecisionError, differences, typed_number

__all__ = [
    "EDITOR",
    "LARGE_KM",
    "VERSION",
    "BroughtIn",
    "Damage",
    "Decision",
    "Head",
    "Kind",
    "LaidOver",
    "Log",
    "LogError",
    "Need",
    "NotDecisionsError",
    "Option",
    "Placement",
    "Position",
    "Reading",
    "RefusedDecisionError",
    "SetAside",
    "StaleDecisionError",
    "Task",
    "apart_km",
    "differences",
    "from_csv",
    "lay_over",
    "log_path",
    "options",
    "position_of",
    "queue",
    "to_csv",
    "typed_number",
]
