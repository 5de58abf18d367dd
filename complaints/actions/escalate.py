"""Escalation rules carried out: what a rule asks for (routing.models.Do) is done here, once for each case.

`routed` follows the system's own decision, which has raised the level and added units already; `by_hand` a
dispatcher's, who has decided both; `later` looks again after the citizen spoke; `overdue` is called for every late
step of a clock (G5). What was done stands in the log as the event `escalate`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final

from django.db import transaction
from django.utils import timezone

from complaints.actions.elsewhere import higher_office, take_up
from complaints.actions.facts import WINDOWS, about_unit, facts_of, subjects
from complaints.actions.record import Change, write
from complaints.actions.supervise import issue, moment, tell
from complaints.actions.units import begin_afresh
from complaints.lifecycle import is_possible
from complaints.models import (
    Assignment,
    Case,
    NoticeKind,
    OrderKind,
    OrderState,
    Part,
    RiskSignal,
    SignalState,
)
from routing.facts import Facts
from routing.models import Region, Unit
from routing.models.escalations import LEAD, AmountUnit, At, Do
from routing.rulebook import Escalation, Rulebook

HOTLINE: Final = "data12345"
ORDER_DAYS: Final = 3  # working days for an order whose rule names no time
POLICE_DAYS: Final = 3  # working days for the decision about the police
BY_ROUTING: Final = frozenset({str(Do.RAISE_LEVEL), str(Do.ADD_PARTICIPANT)})


@dataclass(slots=True)
class Escalating:
    """One case under the rules that hold on it. slow: the unit whose clock is late, with the clock's id (G5)."""

    case: Case
    facts: Facts
    now: datetime
    slow: Unit | None = None
    clock: str = ""

    def cause(self, rule: Escalation) -> str:
        """What it is done once for."""
        return f"{rule.code}:{self.clock}" if self.clock else rule.code

    def due(self, rule: Escalation, working_days: int | None = None) -> datetime | None:
        """By when, from the rule; else so many working days; else no time."""
        if rule.amount is not None:
            return moment(self.case, rule.amount, rule.unit, self.now)
        if working_days is None:
            return None
        return moment(self.case, working_days, AmountUnit.WORKING_DAYS, self.now)

    def receiver(self) -> Unit | None:
        """Who has to act: the slow unit, else the lead."""
        return self.slow or self.case.lead_unit


def _raise_level(doing: Escalating, rule: Escalation) -> bool:
    """提级办理: the office above takes the lead (G3 over several counties, G6, G8, G11)."""
    case = doing.case
    higher = higher_office(case.lead_unit) if rule.at == At.UP else unit_above(case, LEAD, rule.at)
    if higher is None or higher.pk == case.lead_unit_id or not is_possible("level_up", case.state):
        return False
    raised = Change(case)
    take_up(raised, higher)
    raised.data["because"] = rule.code
    write(raised, "level_up", None)
    return True


def _join(doing: Escalating, rule: Escalation) -> bool:
    """Another unit takes part: the city in life and death (G1), the province across cities (G9)."""
    unit = unit_above(doing.case, rule.bureau, rule.at)
    if unit is None or doing.case.lead_unit is None:
        return False
    if not doing.case.assignments.filter(unit=unit, active=True).exists():
        begin_afresh([Assignment(case=doing.case, unit=unit, part=Part.PARTICIPANT, active=True)])
    return True


def _report(doing: Escalating, rule: Escalation) -> bool:
    """专报 to the lead bureau's office at city or province, by the rule's minutes or hours (G2)."""
    return _tell(doing, rule, unit_above(doing.case, rule.bureau or LEAD, rule.at), NoticeKind.REPORT)


def _notify(doing: Escalating, rule: Escalation) -> bool:
    """A bureau is told: the hotline body (G1), the superior of the unit that is late (G5)."""
    below = doing.receiver() if rule.at == At.UP else None
    return _tell(doing, rule, unit_above(doing.case, rule.bureau, rule.at, below), NoticeKind.NOTIFY)


def _remind(doing: Escalating, rule: Escalation) -> bool:
    """The unit that is late is reminded (G5)."""
    return _tell(doing, rule, doing.receiver(), NoticeKind.REMIND)


def _supervise(doing: Escalating, rule: Escalation) -> bool:
    """A supervision order to the unit that is late, else to the lead (G5, G7). A leader's own order is not doubled."""
    unit, due = doing.receiver(), doing.due(rule, ORDER_DAYS)
    if unit is None or due is None:
        return False
    running = doing.case.supervision.filter(kind=OrderKind.INSTRUCTION).exclude(state=OrderState.CANCELLED)
    if not doing.clock and running.exists():
        return True
    kind = OrderKind.CLOCK if doing.clock else OrderKind.ESCALATION
    issue(doing.case, unit, kind=kind, text=rule.label, at=doing.now, due_at=due, cause=doing.cause(rule))
    return True


def _police(doing: Escalating, rule: Escalation) -> bool:
    """The lead has to decide whether the police get the case (G10): refer_crime or decline_crime answers it."""
    return _tell(doing, rule, doing.case.lead_unit, NoticeKind.POLICE, POLICE_DAYS)


def _conflict(doing: Escalating, rule: Escalation) -> bool:
    """The office above is told that a unit would judge its own doings (G11)."""
    lead = doing.case.lead_unit
    own = lead is not None and bool(about_unit(doing.case, lead.name))
    return _tell(doing, rule, higher_office(lead) if own else lead, NoticeKind.CONFLICT)


def _signal(doing: Escalating, rule: Escalation) -> bool:
    """Many cases about one subject: its open signal counts on, or begins; one that was settled within the longest
    window stays settled (G3)."""
    case, numbers = doing.case, doing.facts.numbers
    counts = [int(numbers[name]) for name in WINDOWS if name in numbers]
    window = doing.now - timedelta(days=max(WINDOWS.values()))
    for subject in subjects(case):
        settled = RiskSignal.objects.filter(subject=subject, state=SignalState.SETTLED, settled_at__gt=window)
        if settled.exists():
            continue
        RiskSignal.objects.bulk_create(
            [RiskSignal(subject=subject, case=case, rule=rule.code, why=rule.label, cases=max(counts), at=doing.now)],
            ignore_conflicts=True,
        )
        signal = RiskSignal.objects.select_for_update().get(subject=subject, state=SignalState.OPEN)
        signal.case, signal.last_at, signal.cases = case, doing.now, max(signal.cases, *counts)
        signal.counties = sorted({*signal.counties, *([case.region_id] if case.region_id else [])})
        signal.save()
    return True


def _nothing(doing: Escalating, rule: Escalation) -> bool:
    """Done where it happens: the third return, or A-B-A, opens the adjudication (G4, actions.dispatch)."""
    return True


DOES: Final[Mapping[str, Callable[[Escalating, Escalation], bool]]] = {
    Do.RAISE_LEVEL: _raise_level,
    Do.ADD_PARTICIPANT: _join,
    Do.REPORT: _report,
    Do.NOTIFY: _notify,
    Do.REMIND: _remind,
    Do.SUPERVISE: _supervise,
    Do.HAND_OVER: _police,
    Do.MARK_CONFLICT: _conflict,
    Do.RISK_SIGNAL: _signal,
    Do.ADJUDICATE: _nothing,
}


def routed(case: Case, facts: Facts, book: Rulebook) -> None:
    """After the system routed the case or gave it up to a person, in that transaction."""
    _apply(Escalating(case, facts, timezone.now()), _holding(book, facts), done_already=BY_ROUTING)


def by_hand(case: Case) -> None:
    """After a person chose the units."""
    facts = facts_of(case)
    _apply(Escalating(case, facts, timezone.now()), _holding(_book(), facts), done_already=BY_ROUTING)


@transaction.atomic
def later(case: Case) -> None:
    """After the citizen spoke, or a leader: rules that begin to hold now (reopened or dissatisfied twice, G6; G7)."""
    facts = facts_of(case)
    _apply(Escalating(case, facts, timezone.now()), _holding(_book(), facts))


def overdue(case: Case, slow: int | None, clock: str, working_days: int, now: datetime) -> None:
    """A clock is so many working days late: what the rules ask for on that ground and no other (G5).

    slow: id of the unit; None: the hotline body. clock: its id, for each clock counts by itself.
    """
    unit = Unit.objects.select_related("region").filter(pk__in=[slow] if slow else []).first()
    unit = unit or unit_above(case, HOTLINE, "")
    facts = facts_of(case)
    late = replace(facts, numbers={**facts.numbers, "overdue_working_days": working_days})
    book = _book()
    otherwise = {rule.code for rule in _holding(book, facts)}
    rules = [rule for rule in _holding(book, late) if rule.code not in otherwise]
    _apply(Escalating(case, late, now, unit, clock), rules)


def unit_above(case: Case, bureau: str, at: str, below: Unit | None = None) -> Unit | None:
    """The bureau's unit at that level or the next one up that has any; the hotline body's where there is none.

    bureau LEAD: that of the lead unit. at UP: above `below`, by default the lead unit.
    """
    lead = below or case.lead_unit
    wanted = lead.bureau_id if bureau == LEAD and lead else HOTLINE if bureau == LEAD else bureau
    own = lead.region if at == At.UP and lead else case.region or (lead.region if lead else None)
    regions = _way_up(own)
    if at == At.UP:
        regions = regions[1:]
    elif at:
        levels = {At.CITY.value, At.PROVINCE.value} if at == At.CITY else {At.PROVINCE.value}
        regions = [region for region in regions if region.level in levels]
    units = Unit.objects.filter(bureau__in={wanted, HOTLINE}, region__in=regions, active=True).select_related("region")
    order = {region.pk: place for place, region in enumerate(regions)}
    return min(units, key=lambda unit: (unit.bureau_id != wanted, order[unit.region_id]), default=None)


def _way_up(region: Region | None) -> list[Region]:
    way: list[Region] = []
    while region is not None:
        way.append(region)
        region = region.host or region.parent
    return way


def _book() -> Rulebook:
    return Rulebook.read((), timezone.localdate())


def _holding(book: Rulebook, facts: Facts) -> list[Escalation]:
    return [rule for rule in book.escalations if not rule.error and rule.holds(facts)]


def _tell(
    doing: Escalating, rule: Escalation, unit: Unit | None, kind: NoticeKind, working_days: int | None = None
) -> bool:
    if unit is None:
        return False
    due_at = doing.due(rule, working_days)
    tell(doing.case, unit, kind=kind, why=rule.label, at=doing.now, due_at=due_at, cause=doing.cause(rule))
    return True


def _apply(doing: Escalating, rules: list[Escalation], done_already: frozenset[str] = frozenset()) -> None:
    """Carry out what was not done before, and write it down. A rule that finds no unit yet is tried again later."""
    if not rules:
        return
    case = doing.case
    before = {
        line["cause"]
        for data in case.events.filter(kind="escalate").values_list("data", flat=True)
        for line in data["rules"]
    }
    lines: list[dict[str, Any]] = []
    labels: list[str] = []
    for rule in rules:
        cause = doing.cause(rule)
        if cause in before or (rule.do in done_already and case.lead_unit_id is None):
            continue
        if rule.do in done_already or DOES[rule.do](doing, rule):
            lines.append({"rule": rule.code, "version": rule.version, "do": rule.do, "cause": cause})
            labels.append(rule.label)
    if lines:
        write(Change(case, reason="；".join(dict.fromkeys(labels)), data={"rules": lines}), "escalate", None)
