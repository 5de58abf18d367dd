"""Periods of reports: a day, a week from Monday, a calendar month. Days of Beijing."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta
from typing import Final, Literal

from django.utils.formats import date_format
from django.utils.translation import gettext as _

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


def period_words(since: date, until: date) -> str:
    """A period as it is said: a day, or the first and the last one."""
    if since == until:
        return date_format(since)
    return _("%(since)s to %(until)s") % {"since": date_format(since), "until": date_format(until)}
