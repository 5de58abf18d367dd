"""What the wall and the reports count. Every figure carries the filter of the list of cases that shows what it counted.

`conditions` is used here to count and by `complaints.filters` to list, so a figure and its list cannot differ.
"""

from complaints.figures.conditions import COLOURS, HAPPENED, SUPERVISED, deadline, happened, repeated, supervised
from complaints.figures.periods import KINDS, Kind, period_of
from complaints.figures.report import report
from complaints.figures.scope import Scope
from complaints.figures.special import special_report
from complaints.figures.wall import wall

__all__ = [
    "COLOURS",
    "HAPPENED",
    "KINDS",
    "SUPERVISED",
    "Kind",
    "Scope",
    "deadline",
    "happened",
    "period_of",
    "repeated",
    "report",
    "special_report",
    "supervised",
    "wall",
]
