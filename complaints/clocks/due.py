"""When a clock ends: a function of its start, its amount, what happened to it, and the calendar. Nothing is guessed.

Working days end at noon or at closing time; the day of receipt does not count. Calendar days count from the day after
(Civil Code art. 201) and end at closing time, on the next working day where the last one is a rest day (art. 203).
Hours and minutes run day and night. Whatever was left when a clock stopped is left when it goes on.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from complaints.clocks.calendar import OfficeTime, local_day

_LENGTH = {"h": timedelta(hours=1), "min": timedelta(minutes=1)}
History = Iterable[Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Times:
    """The end, and from when on less than the amber or red share of the time is left. resting: it is paused."""

    due: datetime
    amber: datetime
    red: datetime
    resting: bool


class Reckoning:
    """Works off a clock's history. unit: wd, d, h or min; amount in that unit, working days may be halves."""

    def __init__(self, office: OfficeTime, start: datetime, amount: Decimal, unit: str) -> None:
        self.office, self.start, self.unit = office, start, unit
        self._last_day: date = local_day(start)  # of calendar days, before it rolls over
        self._stops: set[str] = set()
        self._stopped_at: datetime | None = None
        self._rested = 0  # seconds, in the measure of the unit
        if unit == "wd":
            first = 2 * office.calendar.number(office.day_of_receipt(start))
            self.due = office.end_of_half(first + int(amount * 2))
        elif unit == "d":
            self.due = self._end_of(self._last_day + timedelta(days=int(amount)))
        else:
            self.due = start + int(amount) * _LENGTH[unit]

    def _end_of(self, last_day: date) -> datetime:
        self._last_day = last_day
        return self.office.closing(self.office.calendar.roll(last_day))

    def stop(self, at: datetime, why: str) -> None:
        """A ground to pause: nothing runs until every ground has gone."""
        if not self._stops:
            self._stopped_at = at
        self._stops.add(why)

    def go_on(self, at: datetime, why: str) -> None:
        """A ground to pause has gone. What was left is left; what was overdue stays overdue."""
        self._stops.discard(why)
        if self._stops or self._stopped_at is None:
            return
        stopped, self._stopped_at = self._stopped_at, None
        self._rested += self.measure(at) - self.measure(stopped)
        if stopped >= self.due:
            return
        if self.unit == "wd":
            left = self.office.halves(self.due) - self.office.halves(stopped)
            self.due = self.office.end_of_half(self.office.halves(at) + left)
        elif self.unit == "d":
            days_left = max(self._last_day - local_day(stopped), timedelta(0))
            self.due = self._end_of(local_day(at) + days_left)
        else:
            self.due += at - stopped

    def extend(self, working_days: int = 0, days: int = 0) -> None:
        """Move the end by whole working days, or by calendar days."""
        calendar = self.office.calendar
        if self.unit == "wd":
            last = self.office.end_of_half(self.office.halves(self.due) + 2 * working_days)
            self.due = last if not days else self._end_of(local_day(last) + timedelta(days=days))
        elif self.unit == "d":
            last_day = self._last_day + timedelta(days=days)
            self.due = self._end_of(
                calendar.add_working_days(calendar.roll(last_day), working_days) if working_days else last_day
            )
        else:
            last_day = calendar.add_working_days(local_day(self.due), working_days) + timedelta(days=days)
            self.due = datetime.combine(last_day, self.due.timetz(), self.due.tzinfo)

    def follow(self, history: History) -> None:
        """Everything that a clock's audit lines say about pauses and extensions, in their order."""
        for line in history:
            match line["what"]:
                case "pause":
                    self.stop(datetime.fromisoformat(line["at"]), line["kind"])
                case "resume":
                    self.go_on(datetime.fromisoformat(line["at"]), line["ends"])
                case "extend":
                    self.extend(line.get("working_days", 0), line.get("days", 0))

    def measure(self, at: datetime) -> int:
        """Seconds up to a moment: of office time for working days, of the day and night for the rest."""
        return self.office.seconds(at) if self.unit == "wd" else int(at.timestamp())

    def below(self, percent: int) -> datetime:
        """From when on less than this share of the whole time is left."""
        end = self.measure(self.due)
        whole = max(end - self.measure(self.start) - self._rested, 1)
        left = (whole * percent - 1) // 100
        if self.unit == "wd":
            return self.office.at_second(end - left)
        return self.due - timedelta(seconds=left)

    def times(self, amber: int, red: int) -> Times:
        return Times(self.due, self.below(amber), self.below(red), bool(self._stops))
