"""The life of a made-up case: its facts, routed by the rules in force, its events, and the clocks that follow them.

A life is reckoned once and then lived by several cases of the same day, each with words and people of its own.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property
from random import Random
from typing import Any, Final

from complaints.clocks.follow import Meeting, nearest_due
from complaints.clocks.policies import Book
from complaints.clocks.times import step_moments
from complaints.lifecycle import BACK, ENDED, HELD, MOVES, State
from complaints.management.history import texts
from complaints.models import Assignment, Case, Clock, Event, Part, PartyStatus
from complaints.models.case import Channel, Urgency
from routing import card
from routing.decide import Router
from routing.facts import Decision, Facts
from routing.models import Unit

INTENTS: Final = (("complaint", 68), ("report", 10), ("consult", 8), ("help", 8), ("suggest", 6))
URGENCIES: Final = ((Urgency.U4, 86), (Urgency.U3, 9), (Urgency.U2, 4), (Urgency.U1, 1))
CHANNELS: Final = (
    (Channel.L12345, 38), (Channel.WEB, 24), (Channel.L12315, 16), (Channel.PHONE, 9), (Channel.API, 6),
    (Channel.L12369, 4), (Channel.IMPORT, 3),
)  # fmt: skip
ENDINGS: Final = (("close", 89), ("refuse", 4), ("withdraw", 4), ("hand_over", 2), ("stuck", 1))
SYSTEM, STAFF, CITIZEN = "system", "staff", "citizen"


@dataclass(slots=True)
class Life:
    """What a case lived through up to now. Events, assignments and clocks are unsaved and belong to `case`."""

    case: Case
    facts: Facts
    decision: Decision
    events: list[Event] = field(default_factory=list)
    assignments: list[Assignment] = field(default_factory=list)
    clocks: list[Clock] = field(default_factory=list)
    grade: int | None = None
    closed_at: datetime | None = None


@dataclass(frozen=True)
class World:
    """What lives are made in: regions (counties), units by id, rules, deadlines, accounts by unit, and the end."""

    regions: list[str]
    units: dict[int, Unit]
    router: Router
    book: Book
    officers: dict[int, int]
    dispatcher: int
    domains: dict[str, str]
    now: datetime

    @cached_property
    def markets(self) -> dict[str, int]:
        """Where a dispatcher sends what the rules leave open: the market regulator of the region."""
        return {unit.region_id: pk for pk, unit in self.units.items() if unit.bureau_id == "samr"}

    @cached_property
    def everywhere(self) -> list[int]:
        return sorted(self.units)


def _one(random: Random, weighted: Any) -> Any:
    return random.choices([value for value, _weight in weighted], [weight for _value, weight in weighted])[0]


def live(world: World, random: Random, topic: str, received: datetime) -> Life:
    """One life, begun at `received` and cut off at the world's now."""
    region = random.choice(world.regions) if random.random() > 0.002 else ""
    case = Case(
        topic=topic, domain=world.domains[topic], region_id=region or None, intent=_one(random, INTENTS),
        urgency=_one(random, URGENCIES), channel=_one(random, CHANNELS), received_at=received, synthetic=True,
        state=State.REGISTERED,
    )  # fmt: skip
    case.sealed = case.intent == "report"
    confidence = round(random.uniform(0.35, 0.99), 4)
    facts = Facts(topic, region, case.urgency, case.channel, confidence, confidence < 0.5, intent=case.intent)
    life = Life(case, facts, world.router.decide(facts))
    lead = life.decision.lead
    clocks = Meeting(case, world.book, world.units[lead].bureau_id if lead else "")
    for at, kind, actor, more in _steps(world, random, life):
        if at >= world.now:
            break
        _happen(life, world, at, (kind, actor, more))
        clocks._at_work = sorted((row for row in life.assignments if row.active), key=lambda row: row.pk)
        clocks.go(life.events[-1])
    life.clocks = clocks.clocks
    case.due_at = nearest_due(clocks.clocks, world.book)
    for clock in life.clocks:
        _announced(clock, world, region)
    return life


def _steps(
    world: World, random: Random, life: Life
) -> Iterator[tuple[datetime, str, tuple[str, int | None], dict[str, Any]]]:
    """When, what, who (kind of actor, unit), and what the event says beside."""
    at, decision = life.case.received_at, life.decision
    yield at, "register", (CITIZEN, None), {"data": {"channel": life.case.channel}}
    at += timedelta(seconds=random.randint(2, 40))
    given: dict[str, Any] = {
        "topic": life.case.topic,
        "lead": decision.lead,
        "participants": list(decision.participants),
    }
    codes = [reason.code for reason in decision.reasons]
    if decision.lead is None:
        yield at, "hold", (SYSTEM, None), {"data": {**given, "model": MODEL, "reasons": codes}}
        at += timedelta(days=random.expovariate(1 / 0.3))
        lead = _any_unit(world, random, life.case.region_id or "")
        given |= {"lead": lead, "participants": [], "urgency": life.case.urgency}
        yield at, "dispatch", (STAFF, None), {"data": given, "reason": "按职责分派"}
    else:
        lead = decision.lead
        yield at, "route", (SYSTEM, None), {"data": {**given, "model": MODEL, "reasons": codes}}
    ending = _one(random, ENDINGS)
    if ending == "withdraw":
        at += timedelta(hours=random.uniform(0.5, 40))
        yield at, "withdraw", (CITIZEN, None), {"reason": "已自行解决"}
        return
    at += timedelta(hours=random.expovariate(1 / 3) + 0.1)
    yield at, "sign", (STAFF, lead), {}
    at += timedelta(hours=random.expovariate(1 / 6) + 0.1)
    if ending in ("refuse", "hand_over"):
        more = {"note": "经审查，不属于本机关受理范围，请按告知的途径提出。", "reason": "不属于职责范围"}
        yield (
            at,
            ending,
            (STAFF, lead),
            more if ending == "refuse" else {"note": more["note"], "data": {"to": "authority"}},
        )
        return
    yield at, "start", (STAFF, lead), {}
    for participant in given["participants"]:
        yield at + timedelta(minutes=10), "sign_part", (STAFF, participant), {"data": {"unit": participant}}
        at += timedelta(hours=random.expovariate(1 / 20) + 1)
        yield at, "reply_part", (STAFF, participant), {"data": {"unit": participant}}
    at += timedelta(days=random.gammavariate(2.0, 2.2) if ending != "stuck" else 900)
    yield at, "reply", (STAFF, lead), {"note": texts.reply(random)}
    if random.random() < 0.35:
        at += timedelta(hours=random.expovariate(1 / 12) + 0.2)
        life.grade = random.choices((5, 4, 3, 2, 1), (46, 30, 12, 7, 5))[0]
        yield at, "rate", (CITIZEN, None), {"data": {"grade": life.grade}}
    at += timedelta(hours=random.expovariate(1 / 24) + 0.2)
    yield at, "close", (STAFF, lead), {"reason": texts.reason(random), "data": {"solved": "yes"}}
    at += timedelta(hours=random.uniform(2, 40))
    yield at, "follow_up", (STAFF, None), {"data": {"reached": True}}


MODEL: Final = "history"


def _any_unit(world: World, random: Random, region: str) -> int:
    return world.markets.get(region) or random.choice(world.everywhere)


def _happen(life: Life, world: World, at: datetime, step: tuple[str, tuple[str, int | None], dict[str, Any]]) -> None:
    """What the action and the frame of all changes (actions.record.write) would have done."""
    kind, (actor_kind, unit), more = step
    case, move = life.case, MOVES[kind]
    before = case.state
    if kind in ("route", "dispatch"):
        _give(life, world, at, more["data"])
    if move.target and move.target != BACK:
        case.state = move.target
    if case.state in HELD and case.state != before:
        case.held_from = before
    _mark(life, kind, unit, at)
    account = world.officers.get(unit) if unit else world.dispatcher if actor_kind == STAFF else None
    case.version += 1
    case.updated_at = at
    life.events.append(
        Event(
            version=case.version, kind=kind, at=at, actor_kind=actor_kind, actor_id=account, unit_id=unit,
            from_state=before if case.version > 1 else "", to_state=case.state, public=move.public,
            reason=more.get("reason", ""), note=more.get("note", ""), data=more.get("data", {}),
        )
    )  # fmt: skip
    if kind == "close":
        life.closed_at = at
    if case.state in ENDED:
        for row in life.assignments:
            row.active = False


def _give(life: Life, world: World, at: datetime, data: dict[str, Any]) -> None:
    life.case.lead_unit_id = data["lead"]
    for pk, unit in enumerate([data["lead"], *data["participants"]], start=1):
        part = Part.LEAD if pk == 1 else Part.PARTICIPANT
        life.assignments.append(Assignment(pk=pk, unit=world.units[unit], part=part, active=True, since=at))


def _mark(life: Life, kind: str, unit: int | None, at: datetime) -> None:
    mine = next((row for row in life.assignments if row.unit_id == unit and row.active), None)
    if mine is None:
        return
    if kind in ("sign", "sign_part"):
        mine.status, mine.signed_at = PartyStatus.SIGNED, at
    if kind in ("reply", "reply_part"):
        mine.status, mine.replied_at = PartyStatus.REPLIED, at


def _announced(clock: Clock, world: World, region: str) -> None:
    """The steps that an open clock has come to count as told, so that the worker has none to tell of years ago."""
    if clock.next_at is None or not clock.runs:
        return
    moments = step_moments(clock, world.book.profile(region), world.book.calendar)
    clock.told = sum(moment <= world.now for moment in moments)
    clock.next_at = moments[clock.told] if clock.told < len(moments) else None


def decision_columns(life: Life) -> dict[str, Any]:
    """The row of RoutingDecision beside its case."""
    decision = life.decision
    return {
        "lead_unit_id": decision.lead,
        "participant_units": list(decision.participants),
        "level": decision.level,
        "region_id": decision.region or None,
        "reasons": [{"code": reason.code, "params": dict(reason.params)} for reason in decision.reasons],
        **card.columns(life.facts, decision),
    }
