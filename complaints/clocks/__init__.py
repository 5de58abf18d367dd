"""Deadlines: counted from the calendar, started and ended by events. docs/clocks.md tells how they work.

Only `follow` (called for every event by actions.record.write) and the two actions of actions.deadlines write clocks.
"""

from complaints.clocks.follow import extension_left, follow
from complaints.clocks.month import Day, falling_due, month_of
from complaints.clocks.policies import current_book
from complaints.clocks.show import (
    nearest,
    row_due,
    row_state,
    visible,
    window_end,
    with_clocks,
    with_nearest_clock,
)
from complaints.clocks.times import colour

__all__ = [
    "Day",
    "colour",
    "current_book",
    "extension_left",
    "falling_due",
    "follow",
    "month_of",
    "nearest",
    "row_due",
    "row_state",
    "visible",
    "window_end",
    "with_clocks",
    "with_nearest_clock",
]
