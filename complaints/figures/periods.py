"""Periods of reports: a day, a week from Monday, a calendar month. Days of Beijing."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta
from typing import Final, Literal

Kind = Literal["daily", "weekly", "monthly"]
KINDS: Final[tuple[Kind, ...]] = ("daily", "weekly", "monthly")


def period_of(kind: Kind, day: date) -> tuple[date, date]:
    """First and last day of the period that a day lies in."""
    if kind == "daily":
        return day, day
    if kind == "weekly":
        monday = day - timedelta(days=day.weekday())
        return monday, monday + timedelta(days=6)
    return day.replace(day=1), day.replace(day=monthrange(day.year, day.month)[1])
