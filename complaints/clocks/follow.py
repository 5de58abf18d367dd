"""What an event does to the clocks of its case: ends, cancels, pauses, moves and starts them. Three queries at most."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any, Final

from django.db import connection
from django.utils.translation import gettext as _

from complaints.clocks.calendar import local_day
from complaints.clocks.policies import Book, Facts, book, fits
from complaints.clocks.times import bring_up, iso, note
from complaints.errors import Invalid
from complaints.lifecycle import ENDED
from complaints.models import Assignment, Case, Event, Part
from complaints.models.clock import Clock, ClockParty, ClockPolicy, ClockState, CountsFrom
from routing.models import Unit

EXTENSION: Final = "grant_extension"  # its data: {"working_days": n} or {"days": n}, and "clock" where several may move
OF_ONE_PARTICIPANT: Final = frozenset({"sign_part", "reply_part", "return_part", "waive"})
MERGED: Final = "merge"
UNMERGED: Final = "unmerge"
_LASTING: Final = ("pause", "resume", "extend")  # lines that a policy taking over inherits
_COLUMNS: Final = [field.attname for field in Clock._meta.concrete_fields]
_CHANGING: Final = [
    field.name for field in Clock._meta.concrete_fields if field.name not in ("id", "case", "assignment", "started_at")
]


@dataclass(frozen=True, slots=True)
class Runner:
    """For whom a clock may run: the case, or a unit at work on it."""

    party: str
    assignment: int | None = None
    unit: int | None = None
    bureau: str = ""


def follow(case: Case, event: Event) -> None:
    """Bring the clocks of a case up to an event that is about to be written; sets case.due_at, which the caller saves.

    Reads the event's kind, at, version, to_state, unit_id and data. Raises Invalid when an extension is longer than its
    policy allows, or there is nothing to extend.
    """
    meeting = _read(case)
    meeting.go(event)
    if meeting.touched:
        Clock.objects.bulk_create(
            meeting.touched.values(), update_conflicts=True, unique_fields=["id"], update_fields=_CHANGING
        )
    case.due_at = nearest_due(meeting.clocks, meeting.book)


def replay(case: Case, events: Iterable[Event], known: Book) -> list[Clock]:
    """The clocks that the events of a case would have made, unsaved. What the case is now (intent, units at work ...)
    is taken to have been so all the time. Sets case.due_at."""
    lead = Unit.objects.filter(pk__in=[case.lead_unit_id]).values_list("bureau_id", flat=True).first()
    meeting = Meeting(case, known, lead or "")
    for event in events:
        meeting.go(event)
    case.due_at = nearest_due(meeting.clocks, known)
    return meeting.clocks


def nearest_due(clocks: Iterable[Clock], known: Book) -> datetime | None:
    """The end of the clock that ends next; paused ones and windows do not count."""
    running = (clock for clock in clocks if clock.state == ClockState.RUNNING)
    return min((clock.due_at for clock in running if not known.policies[clock.policy_id].is_window), default=None)


# Written out, for every event asks it and the ORM would take longer to word it than PostgreSQL to answer.
_READ: Final = f"""
SELECT (SELECT token FROM complaints_clockdata WHERE id = 1), (SELECT bureau_id FROM routing_unit WHERE id = %s),
       assignment.unit_id, {", ".join(f"clock.{name}" for name in _COLUMNS)}
FROM (VALUES (%s::bigint)) AS asked (id)
LEFT JOIN complaints_clock clock ON clock.case_id = asked.id
LEFT JOIN complaints_assignment assignment ON assignment.id = clock.assignment_id
ORDER BY clock.started_at, clock.id
"""  # noqa: S608 (column names of the model)


def _read(case: Case) -> Meeting:
    """The book in force, the lead's bureau and the case's clocks: one query when the book is in memory."""
    with connection.cursor() as cursor:
        cursor.execute(_READ, [case.lead_unit_id, case.pk])
        rows = cursor.fetchall()
    token, bureau = rows[0][:2]
    meeting = Meeting(case, book(token), bureau or "")
    for _token, _bureau, unit, *values in rows:
        if values[0] is not None:
            clock = Clock(**dict(zip(_COLUMNS, values, strict=True)))
            clock.history = json.loads(clock.history)
            meeting.clocks.append(clock)
            meeting.units[clock.pk] = unit
    return meeting


class Meeting:
    """Events and the clocks they meet. bureau: of the lead unit; touched: what has to be written."""

    event: Event

    def __init__(self, case: Case, known: Book, bureau: str) -> None:
        self.case, self.book, self.bureau = case, known, bureau
        self.region = case.region_id or ""
        self.clocks: list[Clock] = []
        self.units: dict[Any, int | None] = {}  # unit of the clock's assignment
        self.touched: dict[Any, Clock] = {}

    def go(self, event: Event) -> None:
        """Let the event do to the clocks what their policies say."""
        self.event = event
        kind, ended = event.kind, event.to_state in ENDED
        for clock in self._open():
            policy = self.book.policies[clock.policy_id]
            concerned = kind not in OF_ONE_PARTICIPANT or self.units[clock.pk] in self._units()
            if concerned and kind in policy.end_kinds:
                self._finish(clock)
            elif (ended and not policy.outlives_case) or (concerned and kind in policy.cancel_kinds):
                self._cancel(clock)
            elif concerned:
                self._pause_or_resume(clock, policy)
        if kind == EXTENSION:
            self._extend()
        if kind == UNMERGED:
            self._revive()
        if not ended:
            self._start()

    def _open(self) -> list[Clock]:
        return [clock for clock in self.clocks if clock.runs]

    def _units(self) -> set[int | None]:
        """The participants of which the event speaks; else the unit that acted."""
        data = self.event.data
        if self.event.kind == "waive":
            return set(data["participants"])
        return {data.get("unit") or self.event.unit_id}

    def _note(self, clock: Clock, what: str, **more: Any) -> None:
        self.touched[clock.pk] = clock
        note(clock, what, self.event.at, kind=self.event.kind, version=self.event.version, **more)

    def _finish(self, clock: Clock) -> None:
        ran_until = min(_grounds(clock).values(), default=self.event.at)
        in_time = min(ran_until, self.event.at) <= clock.due_at
        clock.state = ClockState.MET if in_time else ClockState.MISSED
        clock.met_at = clock.stopped_at = self.event.at
        clock.next_at = None
        self._note(clock, clock.state)

    def _cancel(self, clock: Clock) -> None:
        clock.state = ClockState.CANCELLED
        clock.stopped_at = self.event.at
        clock.next_at = None
        self._note(clock, "cancelled")

    def _pause_or_resume(self, clock: Clock, policy: ClockPolicy) -> None:
        kind, grounds = self.event.kind, _grounds(clock)
        lines = [("resume", {"ends": stop}) for stop in grounds if kind in policy.pause_pairs.get(stop, ())]
        if kind in policy.pause_pairs and kind not in grounds:
            lines.append(("pause", {}))
        for what, more in lines:
            self._note(clock, what, **more)
        if lines:
            self._bring_up(clock)

    def _bring_up(self, clock: Clock) -> None:
        """Count the clock anew; the last audit line says what came out."""
        bring_up(clock, self.book, self.region, self.event.at)
        clock.history[-1]["due"] = iso(clock.due_at)

    def _extend(self) -> None:
        asked = {name: int(self.event.data.get(name) or 0) for name in ("working_days", "days")}
        name, policies = self.event.data.get("clock"), self.book.policies
        may_move = [
            clock for clock in self._open()
            if policies[clock.policy_id].extension_limit and name in (None, "", policies[clock.policy_id].clock)
        ]  # fmt: skip
        if not may_move:
            raise Invalid("nothing_to_extend", _("No deadline of this case can be extended."))
        clock = min(may_move, key=lambda clock: clock.due_at)
        left = extension_left(clock, policies[clock.policy_id])
        if not 0 < sum(asked.values()) <= left or min(asked.values()) < 0:
            message = _("The deadline may be extended by %(left)d days at most.") % {"left": left}
            raise Invalid("extension_too_long", message, {"working_days": message})
        self._note(clock, "extend", **asked, before=iso(clock.due_at))
        self._bring_up(clock)

    def _revive(self) -> None:
        """A merger was undone: its clocks go on as if they had never stopped, for the law's time ran on."""
        for clock in self.clocks:
            if clock.history[-1]["what"] == "cancelled" and clock.history[-1]["kind"] == MERGED:
                clock.stopped_at = None
                self._note(clock, "revive")
                self._bring_up(clock)

    def _start(self) -> None:
        starting = self.book.starting(self.event.kind)
        runners = list(self._runners({policy.party for policy in starting}))
        self._drop_those_who_left(starting, runners)
        without = self.event.data.get("without", ())  # clocks that have no sense here: nobody to tell
        newcomers = self.event.data.get("participants")  # invited ones begin; those who were there go on
        for runner in runners:
            if runner.party == ClockParty.PARTICIPANT and newcomers is not None and runner.unit not in newcomers:
                continue
            facts = Facts(
                local_day(self.case.received_at), self.region, self.case.intent, self.case.channel, self.case.domain,
                self.case.urgency, runner.bureau,
            )  # fmt: skip
            best: dict[str, ClockPolicy | None] = {}
            for policy in starting:
                if policy.party == runner.party and policy.clock not in without:
                    best[policy.clock] = best.get(policy.clock) or (policy if fits(policy, facts) else None)
            for name, fitting in best.items():
                self._let_run(name, fitting, runner)

    def _runners(self, parties: set[str]) -> Iterator[Runner]:
        for party in sorted(parties & {ClockParty.CASE, ClockParty.HOTLINE}):
            yield Runner(party, bureau=self.bureau)
        if parties & {ClockParty.LEAD, ClockParty.PARTICIPANT}:
            for assignment in self._at_work:
                party = ClockParty.LEAD if assignment.part == Part.LEAD else ClockParty.PARTICIPANT
                yield Runner(party, assignment.pk, assignment.unit_id, assignment.unit.bureau_id)

    @cached_property
    def _at_work(self) -> list[Assignment]:
        return list(Assignment.objects.filter(case=self.case, active=True).select_related("unit").order_by("pk"))

    def _drop_those_who_left(self, starting: list[ClockPolicy], runners: list[Runner]) -> None:
        """Units that no longer have their part lose the clocks that this event gives out."""
        here = {(runner.party, runner.assignment) for runner in runners}
        names = {(policy.clock, policy.party) for policy in starting}
        for clock in self._open():
            policy = self.book.policies[clock.policy_id]
            if (policy.clock, policy.party) in names and (policy.party, clock.assignment_id) not in here:
                self._cancel(clock)

    def _let_run(self, name: str, policy: ClockPolicy | None, runner: Runner) -> None:
        """Start the clock unless it runs already; another policy takes over what the old one had counted."""
        same = [
            clock for clock in self.clocks
            if self.book.policies[clock.policy_id].clock == name and clock.assignment_id == runner.assignment
        ]  # fmt: skip
        old = next((clock for clock in same if clock.runs), None)
        if policy is None or (old and old.policy_id == policy.pk):
            if old and policy is None:
                self._cancel(old)
            return
        if policy.counts_from == CountsFrom.RECEIPT and any(clock.met_at for clock in same):
            return  # the duty towards this receipt was done
        started_at = self.case.received_at if policy.counts_from == CountsFrom.RECEIPT else self.event.at
        clock = Clock(
            case=self.case, assignment_id=runner.assignment, policy=policy, amount=policy.amount, unit=policy.unit,
            started_at=started_at,
        )  # fmt: skip
        if old:
            self._cancel(old)
            clock.started_at = old.started_at if policy.counts_from == CountsFrom.EVENT else started_at
            clock.history = [line for line in old.history if line["what"] in _LASTING]
        self.clocks.append(clock)
        self.units[clock.pk] = runner.unit
        self._note(clock, "start", policy=policy.code)
        self._bring_up(clock)


def _grounds(clock: Clock) -> dict[str, datetime]:
    """The steps that stopped the clock and have not been undone -> since when nothing runs because of any of them."""
    grounds: dict[str, datetime] = {}
    since = clock.started_at
    for line in clock.history:
        if line["what"] == "pause":
            since = since if grounds else datetime.fromisoformat(line["at"])
            grounds[line["kind"]] = since
        elif line["what"] == "resume":
            grounds.pop(line["ends"], None)
    return grounds


def extension_left(clock: Clock, policy: ClockPolicy) -> int:
    """By how much the clock may still be extended, in the unit of its policy."""
    used = sum(line["working_days"] + line["days"] for line in clock.history if line["what"] == "extend")
    return max(int(policy.extension_limit) - int(used), 0)
