"""Working days, counted exactly: whole days and halves, no fractions of anything.

Counting is arithmetic on two running numbers, both made once per calendar: of working days, and, within office hours,
of their halves (one ends at noon, one at closing time) and seconds.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Asia/Shanghai")  # the one legal time of China; it knows no summer time
FIRST, LAST = date(2010, 1, 1), date(2060, 12, 31)
ONE_DAY = timedelta(days=1)
NATIONAL_DAY_MONTH = 10
SATURDAY = 5


class Calendar:
    """Which days are worked. exceptions: day -> True (make-up day) or False (holiday); other days: Monday to Friday.

    Days from 2010 to 2060; a count that leaves them raises ValueError.
    """

    def __init__(self, exceptions: Mapping[date, bool]) -> None:
        self._exceptions = dict(exceptions)
        # every year has three days of National Day on weekdays or weekends, of which one at least is a weekday
        self.known_years = frozenset(
            day.year for day, worked in exceptions.items() if not worked and day.month == NATIONAL_DAY_MONTH
        )
        self._worked: list[date] = []  # all working days
        self._upto: list[int] = []  # for each day from FIRST: how many working days there were, itself included
        day = FIRST
        while day <= LAST:
            if self._exceptions.get(day, day.weekday() < SATURDAY):
                self._worked.append(day)
            self._upto.append(len(self._worked))
            day += ONE_DAY

    def is_working(self, day: date) -> bool:
        return self.number(day) != self.number(day - ONE_DAY)

    def number(self, day: date) -> int:
        """How many working days there were from the beginning of the calendar up to and with this day."""
        if not FIRST < day <= LAST:
            raise ValueError(f"{day} lies outside the calendar, {FIRST} to {LAST}")
        return self._upto[(day - FIRST).days]

    def nth(self, number: int) -> date:
        """The working day with that number: the inverse of `number`."""
        if not 0 < number <= len(self._worked):
            raise ValueError(f"working day {number} lies outside the calendar, {FIRST} to {LAST}")
        return self._worked[number - 1]

    def working_days_between(self, day: date, until: date) -> int:
        """Working days after `day`, up to and with `until`."""
        return self.number(until) - self.number(day)

    def add_working_days(self, day: date, count: int) -> date:
        """The count-th working day after `day`, which itself does not count; for 0 the day itself."""
        if count < 0:
            raise ValueError("working days are counted forward only")
        return self.nth(self.number(day) + count) if count else day

    def roll(self, day: date) -> date:
        """The day itself, or the next working day when nobody works on it (Civil Code art. 203)."""
        return day if self.is_working(day) else self.nth(self.number(day) + 1)

    def add_days(self, day: date, count: int) -> date:
        """The count-th calendar day after `day`; a last day on which nobody works rolls over (Civil Code 201, 203)."""
        return self.roll(day + timedelta(days=count))

    def is_provisional(self, start: datetime, end: datetime) -> bool:
        """Whether some day of the span lies in a year whose official calendar is missing: only weekends were known."""
        years = range(start.astimezone(ZONE).year, end.astimezone(ZONE).year + 1)
        return not self.known_years.issuperset(years)


def local_day(at: datetime) -> date:
    return at.astimezone(ZONE).date()


@dataclass(frozen=True, slots=True)
class OfficeTime:
    """A calendar with office hours: moments as running numbers of half working days and of seconds of office time."""

    calendar: Calendar
    opens: time
    noon_from: time
    noon_to: time
    closes: time
    late_is_next_day: bool = True

    def closing(self, day: date) -> datetime:
        """The end of that office day."""
        return datetime.combine(day, self.closes, ZONE)

    def day_of_receipt(self, at: datetime) -> date:
        """The day from which working days are counted; after closing or on a rest day it is the next working day."""
        day = local_day(at)
        if not self.late_is_next_day or (self.calendar.is_working(day) and at <= self.closing(day)):
            return day
        return self.calendar.nth(self.calendar.number(day) + 1)

    def halves(self, at: datetime) -> int:
        """How many half working days have ended at that moment."""
        day = local_day(at)
        ended = 2 * self.calendar.number(day)
        if self.calendar.is_working(day):
            clock = at.astimezone(ZONE).time()
            ended -= (clock < self.noon_from) + (clock < self.closes)
        return ended

    def end_of_half(self, number: int) -> datetime:
        """When that half working day ends: at noon or at closing time. The inverse of `halves`."""
        day = self.calendar.nth((number + 1) // 2)
        return datetime.combine(day, self.noon_from if number % 2 else self.closes, ZONE)

    def seconds(self, at: datetime) -> int:
        """Office time from the beginning of the calendar to that moment."""
        day = local_day(at)
        before = self.calendar.number(day - ONE_DAY)
        passed = 0
        if self.calendar.is_working(day):
            clock = _second(at.astimezone(ZONE).time())
            for begin, end in self._spans:
                passed += min(max(clock - begin, 0), end - begin)
        return before * self._full_day + passed

    def at_second(self, number: int) -> datetime:
        """The first moment at which that much office time has passed."""
        days, rest = divmod(number, self._full_day)
        if rest == 0:
            return self.closing(self.calendar.nth(days))
        (begin, end), (afternoon, _end) = self._spans
        second = begin + rest if rest <= end - begin else afternoon + rest - (end - begin)
        midnight = datetime.combine(self.calendar.nth(days + 1), time(0), ZONE)
        return midnight + timedelta(seconds=second)

    @property
    def _spans(self) -> tuple[tuple[int, int], tuple[int, int]]:
        morning = _second(self.opens), _second(self.noon_from)
        return morning, (_second(self.noon_to), _second(self.closes))

    @property
    def _full_day(self) -> int:
        return sum(end - begin for begin, end in self._spans)


def _second(clock: time) -> int:
    return clock.hour * 3600 + clock.minute * 60 + clock.second
