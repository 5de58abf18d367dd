"""Bringing a clock's own columns up to what its history says: end, colours, and the next step to announce."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Final

from complaints.clocks.calendar import ZONE, Calendar, local_day
from complaints.clocks.due import Reckoning, Times
from complaints.clocks.policies import Book
from complaints.models.clock import RUNS, Clock, ClockProfile, ClockState

STEPS: Final = ("amber", "red", "overdue_1", "overdue_2", "overdue_3")


def reckon(clock: Clock, book: Book, region: str) -> Times:
    """What start, amount and history say under this book. region: of the case, "" where nobody knows it."""
    profile = book.profile(region)
    reckoning = Reckoning(book.office(region), clock.started_at, clock.amount, clock.unit)
    reckoning.follow(clock.history)
    return reckoning.times(profile.amber_below, profile.red_below)


def bring_up(clock: Clock, book: Book, region: str, now: datetime) -> None:
    """Set due_at, colours, state (running or paused) and next_at; what was announced for an earlier end is forgotten
    as far as the new one has not come to it. A window is never announced."""
    times = reckon(clock, book, region)
    clock.due_at, clock.amber_at, clock.red_at = times.due, times.amber, times.red
    clock.state = ClockState.PAUSED if times.resting else ClockState.RUNNING
    clock.provisional = book.calendar.is_provisional(clock.started_at, times.due)
    if clock.state == ClockState.PAUSED or book.policies[clock.policy_id].is_window:
        clock.next_at = None
        return
    moments = step_moments(clock, book.profile(region), book.calendar)
    clock.told = min(clock.told, sum(moment <= now for moment in moments))
    clock.next_at = moments[clock.told] if clock.told < len(moments) else None


def step_moments(clock: Clock, profile: ClockProfile, calendar: Calendar) -> list[datetime]:
    """When each of STEPS is reached: amber, red, and so many working days after the end (G5)."""
    after = (profile.remind_after, profile.supervise_after, profile.superior_after)
    due = clock.due_at.astimezone(ZONE)
    late = (
        datetime.combine(calendar.add_working_days(local_day(due), days), due.time(), ZONE) + timedelta(seconds=1)
        for days in after
    )
    return [clock.amber_at, clock.red_at, *late]


def note(clock: Clock, what: str, at: datetime, **more: Any) -> None:
    """Append an audit line."""
    clock.history.append({"what": what, "at": iso(at), **more})


def iso(moment: datetime) -> str:
    """A moment as audit lines and events hold it: in the time of China."""
    return moment.astimezone(ZONE).isoformat()


def colour(clock: Clock, now: datetime, *, window: bool) -> str:
    """green, amber, red, overdue (of a window: lapsed) or paused while it runs; met, missed or cancelled afterwards."""
    if clock.state not in RUNS or clock.state == ClockState.PAUSED:
        return str(clock.state)
    if now > clock.due_at:
        return "lapsed" if window else "overdue"
    return "red" if now >= clock.red_at else "amber" if now >= clock.amber_at else "green"
