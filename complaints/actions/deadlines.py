"""What the system says about deadlines by itself: reminders and overdue steps, and a change of the calendar."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from datetime import datetime
from typing import Final

from django.db import transaction
from django.utils import timezone

from complaints.actions import escalate
from complaints.actions.record import Change, write
from complaints.clocks import recount, tick
from complaints.clocks.calendar import local_day
from complaints.clocks.policies import Book, current_book
from complaints.lifecycle import OPEN, is_possible
from complaints.models import Case
from complaints.models.clock import Clock, ClockData, ClockParty

logger = logging.getLogger(__name__)
BATCH: Final = 500  # clocks
RECOUNT_JOB: Final = "complaints.recount"


def announce_deadlines(now: datetime | None = None) -> int:
    """Write a system event for every case with a clock that has come to a step (amber, red, overdue); each step once,
    however many run this at the same time. Returns how many cases were told, at most about BATCH."""
    now = now or timezone.now()
    told = 0
    for pk in tick.cases_to_announce(now, BATCH):
        try:
            told += _announce(pk, now)
        except Exception:
            logger.exception("deadlines of case %s could not be announced", pk)  # the next round tries again
    return told


@transaction.atomic
def _announce(pk: int, now: datetime) -> bool:
    case = _locked(pk)
    if case is None:
        return False  # somebody is at work on it; the next round comes back
    known = current_book()
    reached = tick.reach(case, known, now)
    for kind in ("remind", "overdue"):
        lines = tick.told(case, known, [one for one in reached if one.kind == kind])
        if lines and is_possible(kind, case.state):
            write(Change(case, data={"clocks": lines}), kind, None)
    for one in reached:
        if one.kind == "overdue":
            _escalate(case, known, one.clock, now)
    return bool(reached)


def _escalate(case: Case, known: Book, clock: Clock, now: datetime) -> None:
    """What the escalation rules make of a clock that is late (G5)."""
    slow = clock.assignment.unit_id if clock.assignment else case.lead_unit_id
    if known.policies[clock.policy_id].party == ClockParty.HOTLINE:
        slow = None
    days = known.calendar.working_days_between(local_day(clock.due_at), local_day(now))
    escalate.overdue(case, slow, str(clock.pk), days, now)


def recount_deadlines(*, force: bool = False) -> int:
    """Count every open clock anew if calendar or office hours changed since the last time (or force). Each case whose
    deadline moved gets a system event, each clock an audit line. Returns how many cases moved."""
    data = ClockData.objects.first()
    if data is None or not (force or recount.is_waiting()):
        return 0
    moved = 0
    for pk in list(recount.cases_to_count()):
        with transaction.atomic():
            case = Case.objects.select_for_update(no_key=True, of=("self",)).get(pk=pk)
            lines = recount.recount(case, current_book(), timezone.now())
            if lines:
                write(Change(case, data={"clocks": lines}), "recount", None)
                moved += 1
    recount.done(data.calendar_token)
    return moved


def rebuild_clocks(cases: Iterable[int]) -> int:
    """Make the clocks of these cases (ids) anew from their event log; returns how many."""
    known, made = current_book(), 0
    for pk in cases:
        with transaction.atomic():
            case = Case.objects.select_for_update(no_key=True, of=("self",)).get(pk=pk)
            recount.rebuild(case, known, timezone.now())
        made += 1
    return made


def cases_without_clocks() -> list[int]:
    """Open cases that are older than the clocks: they were given to a unit, and no clock was ever made."""
    return list(Case.objects.filter(state__in=OPEN, lead_unit__isnull=False, clocks=None).values_list("pk", flat=True))


def _locked(pk: int) -> Case | None:
    return Case.objects.select_for_update(no_key=True, of=("self",), skip_locked=True).filter(pk=pk).first()
