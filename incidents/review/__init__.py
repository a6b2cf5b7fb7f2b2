"""Editors' decisions on where incidents are: a log that only grows, laid over the data and never written into it."""

from incidents.review.decision import Decision, Kind, SetAside, StaleDecisionError
from incidents.review.exchange import NotDecisionsError, Reading, from_csv, to_csv
from incidents.review.log import BroughtIn, Log, log_path
from incidents.review.logfile import Damage, Head, LogError
from incidents.review.needs import LARGE_KM, Need, Task, queue
from incidents.review.overlay import EDITOR, VERSION, LaidOver, apart_km, lay_over
from incidents.review.placement import Placement, RefusedDecisionError, differences

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
    "Placement",
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
    "queue",
    "to_csv",
]
