"""The deadlines of one unit by day: what its calendar counts, and the list behind a day."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any, Final

from django.db.models import Q, QuerySet
from django.utils import timezone

from complaints.clocks.calendar import ONE_DAY, local_day
from complaints.clocks.policies import current_book
from complaints.models import Assignment
from complaints.models.clock import CalendarDay, Clock, ClockParty, ClockState

COLOURS: Final = ("overdue", "red", "amber", "green")  # the most pressing first


@dataclass(slots=True)
class Day:
    """counts: cases by the colour of their most pressing deadline of that day. kind and name: holiday or makeup and
    what it is called, "" for a day like any other."""

    day: date
    working: bool
    kind: str = ""
    name: str = ""
    counts: dict[str, int] = field(default_factory=dict)


def falling_due(unit: int, since: date, until: date) -> QuerySet[Clock]:
    """Running clocks of the unit's cases that end on those days, the last one included: those of the case, its own,
    and where it leads also those of the other units. For a unit what clocks.seen_by is for its officers."""
    at_work = Assignment.objects.filter(unit=unit, active=True).values("case")
    own = Q(policy__party=ClockParty.CASE) | Q(assignment__unit=unit) | Q(case__lead_unit=unit)
    return (
        Clock.objects.filter(own, case__in=at_work, state=ClockState.RUNNING, policy__is_window=False)
        .filter(due_at__gte=_midnight(since), due_at__lt=_midnight(until + ONE_DAY))
        .exclude(policy__party=ClockParty.HOTLINE)
    )


def month_of(unit: int, first: date) -> list[Day]:
    """Every day of the month that begins on `first`, with how many cases of the unit fall due."""
    last = (first + timedelta(days=31)).replace(day=1) - ONE_DAY
    book = current_book()
    special = {row.date: (row.kind, row.name) for row in CalendarDay.objects.filter(date__range=(first, last))}
    rows = falling_due(unit, first, last).values_list("case", "due_at", "amber_at", "red_at")
    counts = _by_day(rows, timezone.now())
    days = (first + timedelta(days=n) for n in range((last - first).days + 1))
    return [Day(day, book.calendar.is_working(day), *special.get(day, ("", "")), dict(counts[day])) for day in days]


def _by_day(rows: Iterable[tuple[Any, datetime, datetime, datetime]], now: datetime) -> dict[date, Counter[str]]:
    worst: dict[tuple[date, Any], int] = {}
    for case, due, amber, red in rows:
        colour = 0 if due < now else 1 if red <= now else 2 if amber <= now else 3
        key = local_day(due), case
        worst[key] = min(worst.get(key, colour), colour)
    counts: dict[date, Counter[str]] = defaultdict(Counter)
    for (day, _case), colour in worst.items():
        counts[day][COLOURS[colour]] += 1
    return counts


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
