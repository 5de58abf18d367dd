"""What people see of the clocks of a case."""

from __future__ import annotations

from datetime import datetime
from operator import attrgetter
from typing import Any, Final, TypeVar

from django.db.models import F, Prefetch, Q, QuerySet

from complaints.clocks.times import colour
from complaints.models import Case, CaseKey, Role, User, Viewer
from complaints.models.case import CaseQuerySet
from complaints.models.clock import Clock, ClockParty, ClockState

Cases = TypeVar("Cases", bound=QuerySet[Case])
_PRESSING: Final = ("due_at", "red_at", "amber_at", "id")  # the most pressing clock first
_pressing = attrgetter(*_PRESSING)


def seen_by(viewer: Viewer) -> Q:
    """The clocks a viewer may know of, of cases that are visible to them. Citizens: the public ones. A participant:
    those of the case and its own. The lead unit: those of all units. The hotline: all."""
    if isinstance(viewer, CaseKey):
        return Q(policy__public=True)
    if not isinstance(viewer, User):
        return Q(pk__in=())
    if viewer.role != Role.OFFICER or viewer.is_superuser:
        return Q()
    unit = viewer.unit_id or 0
    own = Q(policy__party=ClockParty.CASE) | Q(assignment__unit=unit) | Q(case__lead_unit=unit)
    return own & ~Q(policy__party=ClockParty.HOTLINE)


def with_nearest_clock(cases: Cases, viewer: Viewer) -> Cases:
    """For rows of a queue: of each case the one clock by which it is judged, in one more query."""
    running = Clock.objects.filter(seen_by(viewer), stopped_at=None, policy__is_window=False)
    first = running.order_by("case", "-state", *_PRESSING).distinct("case")  # running before paused
    columns = ("case", "state", "due_at", "amber_at", "red_at", "stopped_at")
    return cases.prefetch_related(Prefetch("clocks", _told(first).only(*columns), to_attr="seen_clocks"))


def with_clocks(cases: CaseQuerySet, viewer: Viewer) -> CaseQuerySet:
    """For one case: all its clocks that the viewer may know of, in one more query."""
    seen = Clock.objects.filter(seen_by(viewer)).select_related("policy", "assignment__unit")
    ordered = _told(seen).order_by("started_at", "due_at", "id")
    return cases.prefetch_related(Prefetch("clocks", ordered, to_attr="seen_clocks"))


def _told(clocks: QuerySet[Clock]) -> QuerySet[Any]:
    """With what `nearest` asks of the policy."""
    return clocks.annotate(is_window=F("policy__is_window"))


def visible(case: Case) -> list[Clock]:
    """What `with_clocks` or `with_nearest_clock` found for its viewer."""
    found: list[Clock] = vars(case)["seen_clocks"]
    return found


def nearest(case: Case) -> Clock | None:
    """The visible clock by which a row is judged: the running one that ends next, else a paused one."""
    ahead = [clock for clock in visible(case) if clock.runs and not clock.is_window]  # type: ignore[attr-defined]
    return min(ahead, key=lambda clock: (clock.state == ClockState.PAUSED, *_pressing(clock)), default=None)


def row_due(case: Case) -> datetime | None:
    """When the nearest visible running clock ends."""
    clock = nearest(case)
    return clock.due_at if clock and clock.state == ClockState.RUNNING else None


def row_state(case: Case, now: datetime) -> str | None:
    """green, amber, red, overdue, paused, or null where nothing runs."""
    clock = nearest(case)
    return colour(clock, now, window=False) if clock else None


def window_end(case: Case, name: str, unit: int | None = None) -> datetime | None:
    """Until when a window of that clock code (hot.return) is open for a unit; null where there is none."""
    found = Clock.objects.filter(case=case, policy__clock=name, policy__is_window=True, stopped_at=None)
    if unit is not None:
        found = found.filter(assignment__unit=unit)
    return found.order_by("due_at").values_list("due_at", flat=True).first()
