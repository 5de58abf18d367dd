"""Counting open clocks anew when the calendar or the office hours have changed, and all clocks from the log."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any, Final

from django.db.models import F, Q

from complaints.clocks.follow import nearest_due, replay
from complaints.clocks.policies import Book
from complaints.clocks.times import bring_up, iso, note, reckon, step_moments
from complaints.models import Case
from complaints.models.clock import Clock, ClockData

_COUNTED: Final = ("due_at", "amber_at", "red_at", "provisional", "told", "next_at")


def cases_to_count() -> Iterator[int]:
    """Ids of all cases with an open clock."""
    open_clocks = Clock.objects.filter(stopped_at=None)
    return Case.objects.filter(pk__in=open_clocks.values("case")).values_list("pk", flat=True).order_by("pk").iterator()


def is_waiting() -> bool:
    """Whether calendar or office hours changed since the open clocks were last counted."""
    changed = Q(counted_token=None) | ~Q(counted_token=F("calendar_token"))
    return ClockData.objects.filter(changed, calendar_token__isnull=False).exists()


def done(calendar_token: Any) -> None:
    """Remember that all open clocks were counted under this calendar."""
    ClockData.objects.filter(id=1).update(counted_token=calendar_token)


def recount(case: Case, known: Book, now: datetime) -> list[dict[str, Any]]:
    """Count the open clocks of a locked case anew; sets case.due_at. Gives what moved: [{clock, before, due}], with an
    audit line on each; the caller writes the event."""
    moved, touched = [], []
    region = case.region_id or ""
    clocks = list(case.clocks.filter(stopped_at=None).order_by("started_at", "id"))
    for clock in clocks:
        before, was = clock.due_at, _counted(clock)
        if reckon(clock, known, region).due != before:
            note(clock, "recount", now, version=case.version + 1, before=iso(before))
            bring_up(clock, known, region, now)
            clock.history[-1]["due"] = iso(clock.due_at)
            moved.append(
                {
                    "clock": known.policies[clock.policy_id].clock,
                    "before": iso(before),
                    "due": iso(clock.due_at),
                }
            )
        else:
            bring_up(clock, known, region, now)
        if _counted(clock) != was:
            touched.append(clock)
    Clock.objects.bulk_update(touched, [*_COUNTED, "history"])
    case.due_at = nearest_due(clocks, known)
    return moved


def _counted(clock: Clock) -> tuple[Any, ...]:
    return tuple(getattr(clock, name) for name in _COUNTED)


def rebuild(case: Case, known: Book, now: datetime) -> None:
    """Make the clocks of a locked case anew from its event log, for cases that are older than the clocks or were moved
    in time; saves case.due_at. Steps that lie in the past count as announced."""
    case.clocks.all().delete()
    clocks = replay(case, case.events.order_by("version"), known)
    profile = known.profile(case.region_id or "")
    for clock in clocks:
        if clock.next_at is not None:
            moments = step_moments(clock, profile, known.calendar)
            clock.told = sum(moment <= now for moment in moments)
            clock.next_at = moments[clock.told] if clock.told < len(moments) else None
    Clock.objects.bulk_create(clocks)
    Case.objects.filter(pk=case.pk).update(due_at=case.due_at)
