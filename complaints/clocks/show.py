"""What people see of the clocks of a case."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import Prefetch, QuerySet

from complaints.clocks.times import colour
from complaints.models import Case, CaseKey, Role, User, Viewer
from complaints.models.case import CaseQuerySet
from complaints.models.clock import Clock, ClockParty, ClockState


def with_open_clocks(cases: QuerySet[Any]) -> QuerySet[Any]:
    """For rows of a queue: the open clocks in one more query."""
    return cases.prefetch_related(open_clocks())


def open_clocks() -> Prefetch[Any]:
    """What `with_open_clocks` fetches, for other queries: as much as `nearest` and `colour` read."""
    clocks = Clock.objects.filter(stopped_at=None, policy__is_window=False).select_related("policy", "assignment")
    columns = ("case", "state", "due_at", "amber_at", "red_at", "stopped_at")
    return Prefetch("clocks", clocks.only(*columns, "policy__party", "policy__is_window", "assignment__unit"))


def with_clocks(cases: CaseQuerySet) -> CaseQuerySet:
    """For one case: all its clocks in one more query."""
    clocks = Clock.objects.select_related("policy", "assignment__unit").order_by("started_at", "due_at", "id")
    return cases.prefetch_related(Prefetch("clocks", clocks))


def visible(viewer: Viewer, case: Case) -> list[Clock]:
    """The clocks a viewer may know of. Citizens: the public ones. A participant: those of the case and its own. The
    lead unit: those of all units. The hotline: all. The case must be visible to the viewer."""
    clocks = list(case.clocks.all())
    if isinstance(viewer, CaseKey):
        return [clock for clock in clocks if clock.policy.public]
    if not isinstance(viewer, User):
        return []
    if viewer.role != Role.OFFICER or viewer.is_superuser:
        return clocks
    clocks = [clock for clock in clocks if clock.policy.party != ClockParty.HOTLINE]
    if case.lead_unit_id != viewer.unit_id:
        own = [clock for clock in clocks if clock.assignment and clock.assignment.unit_id == viewer.unit_id]
        return [clock for clock in clocks if clock.policy.party == ClockParty.CASE or clock in own]
    return clocks


def nearest(viewer: Viewer, case: Case) -> Clock | None:
    """The visible clock by which a row is judged: the running one that ends next, else a paused one."""
    open_clocks = [clock for clock in visible(viewer, case) if clock.runs and not clock.policy.is_window]
    return min(open_clocks, key=lambda clock: (clock.state == ClockState.PAUSED, clock.due_at), default=None)


def row_due(viewer: Viewer, case: Case) -> datetime | None:
    """When the nearest visible running clock ends."""
    clock = nearest(viewer, case)
    return clock.due_at if clock and clock.state == ClockState.RUNNING else None


def row_state(viewer: Viewer, case: Case, now: datetime) -> str | None:
    """green, amber, red, overdue, paused, or null where nothing runs."""
    clock = nearest(viewer, case)
    return colour(clock, now) if clock else None


def window_end(case: Case, name: str, unit: int | None = None) -> datetime | None:
    """Until when a window of that clock code (hot.return) is open for a unit; null where there is none."""
    found = Clock.objects.filter(case=case, policy__clock=name, policy__is_window=True, stopped_at=None)
    if unit is not None:
        found = found.filter(assignment__unit=unit)
    return found.order_by("due_at").values_list("due_at", flat=True).first()
