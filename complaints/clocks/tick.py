"""Which clocks have come to a step that is to be announced, and whom it concerns (G5: unit, supervision, superior)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from complaints.clocks.policies import Book
from complaints.clocks.times import STEPS, iso, note, step_moments
from complaints.models import Case
from complaints.models.clock import Clock, ClockParty
from routing.models import Region, Unit

FIRST_LATE: Final = STEPS.index("overdue_1")
OWNERS: Final = ("unit", "unit", "unit", "supervisor", "superior")


def cases_to_announce(now: datetime, limit: int) -> list[int]:
    """Ids of cases with a clock that has come to its next step, the longest waiting first."""
    due = Clock.objects.filter(next_at__lte=now, stopped_at=None).order_by("next_at").values_list("case_id", flat=True)
    return list(dict.fromkeys(due[:limit]))


@dataclass(frozen=True, slots=True)
class Reached:
    """A step that a clock has come to: one of times.STEPS."""

    clock: Clock
    step: str

    @property
    def kind(self) -> str:
        """The verb of the event that tells it."""
        return "overdue" if self.step in STEPS[FIRST_LATE:] else "remind"


def reach(case: Case, known: Book, now: datetime) -> list[Reached]:
    """Move the case's clocks on to the last step they have come to, and say which ones moved. Steps that were slept
    through are not announced one by one. The case must be locked."""
    reached = []
    clocks = list(
        case.clocks.filter(next_at__lte=now, stopped_at=None).select_related("assignment").order_by("due_at", "id")
    )
    for clock in clocks:
        moments = step_moments(clock, known.profile(case.region_id or ""), known.calendar)
        count = sum(moment <= now for moment in moments)
        clock.next_at = moments[count] if count < len(moments) else None
        if count > clock.told:
            clock.told = count
            note(clock, STEPS[count - 1], now)
            reached.append(Reached(clock, STEPS[count - 1]))
    Clock.objects.bulk_update(clocks, ["told", "next_at", "history"])
    return reached


def told(case: Case, known: Book, reached: Iterable[Reached]) -> list[dict[str, Any]]:
    """What the event says: the clock, the step, the unit that is slow (null: the hotline body), and who has to see to
    it now: that unit or the hotline, the supervisors of the region, or the superior unit."""
    lines = []
    for one in reached:
        policy = known.policies[one.clock.policy_id]
        unit = one.clock.assignment.unit_id if one.clock.assignment else case.lead_unit_id
        owner = OWNERS[STEPS.index(one.step)]
        if policy.party == ClockParty.HOTLINE:
            unit, owner = None, "hotline" if owner == "unit" else owner
        line = {
            "clock": policy.clock, "step": one.step, "slow": unit, "owner": owner,
            "due": iso(one.clock.due_at),
        }  # fmt: skip
        if owner == "superior":
            line["superior"] = superior_of(unit)
        lines.append(line)
    return lines


def superior_of(unit: int | None) -> int | None:
    """The unit of the same bureau in the nearest region above; null where there is none (a province, no unit)."""
    own = Unit.objects.select_related("region").filter(pk__in=[unit]).first()
    above = own.region.parent_id if own else None
    while own and above:
        found = Unit.objects.filter(bureau=own.bureau_id, region=above, active=True).first()
        if found:
            return found.pk
        above = Region.objects.values_list("parent_id", flat=True).get(pk=above)
    return None
