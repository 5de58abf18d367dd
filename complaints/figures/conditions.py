"""Conditions on single cases that figures count and lists of cases show."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Final

from django.db.models import Case as Choose
from django.db.models import CharField, Exists, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Coalesce
from django.db.models.lookups import In

from complaints.lifecycle import OPEN
from complaints.models import Clock, ClockState, Event, OrderState, Refiling, SupervisionOrder

COLOURS: Final = ("green", "amber", "red", "overdue", "paused", "none")
HAPPENED: Final = ("return", "reopen", "level_up")
SUPERVISED: Final = ("running", "overdue")
RUNNING_ORDERS: Final = (OrderState.OPEN, OrderState.ANSWERED)


def colour(now: datetime) -> Coalesce:
    """Of each case, as a row of a supervisor's list shows it: of the running clock that ends next, else paused; none
    where no clock is open (complaints.clocks.nearest; complaints.clocks.times.colour)."""
    each = Choose(
        When(state=ClockState.PAUSED, then=Value("paused")),
        When(due_at__lt=now, then=Value("overdue")),
        When(red_at__lte=now, then=Value("red")),
        When(amber_at__lte=now, then=Value("amber")),
        default=Value("green"),
        output_field=CharField(),
    )
    clocks = Clock.objects.filter(case=OuterRef("pk"), stopped_at=None, policy__is_window=False)
    first = clocks.annotate(shown=each).order_by(
        "-state", "due_at", "red_at", "amber_at", "id"
    )  # running before paused
    nearest = first.values("shown")[:1]
    return Coalesce(Subquery(nearest), Value("none"))


def deadline(colours: Iterable[str], now: datetime) -> Q:
    """Open cases whose nearest deadline has one of these colours."""
    return Q(state__in=sorted(OPEN)) & Q(In(colour(now), list(colours)))


def happened(kind: str, unit: int | None = None) -> Exists:
    """Cases that were returned, reopened or raised a level at some time; by that unit, where one is named."""
    events = Event.objects.filter(case=OuterRef("pk"), kind=kind)
    return Exists(events.filter(unit=unit) if unit is not None else events)


def repeated() -> Exists:
    """Cases that say again what was closed as solved before, and nobody dismissed the signal."""
    return Exists(Refiling.objects.standing().filter(again=OuterRef("pk")))


def supervised(name: str, now: datetime) -> Exists:
    """Cases with a supervision order that is not ended; overdue: one that nobody answered in time."""
    orders = SupervisionOrder.objects.filter(case=OuterRef("pk"))
    if name == "overdue":
        return Exists(orders.filter(state=OrderState.OPEN, due_at__lt=now))
    return Exists(orders.filter(state__in=RUNNING_ORDERS))
