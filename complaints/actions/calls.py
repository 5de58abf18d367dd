"""Calls: what the exchange reports of them, and what the call-taker does while one is on the line."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from complaints import feed, permissions, privacy
from complaints.actions.record import change, required_text
from complaints.errors import Conflict, Forbidden, Invalid, Missing
from complaints.lifecycle import State
from complaints.models import Call, CallerNote, CallState, Case, CaseKey, Role, User, Viewer
from complaints.models.case import Urgency

_ORDER: Final = list(CallState.values)
_ON_SCREEN: Final[list[str]] = [CallState.ANSWERED, CallState.ENDED, CallState.RINGING]
TRANSFER_TO: Final = ("110", "119", "120", "122")


@dataclass(frozen=True, slots=True)
class Reported:
    """The call as it is now; created is False when the exchange spoke of it before."""

    call: Call
    created: bool


def report_call(
    viewer: Viewer, *, cti_id: str, state: str, phone: str = "", line: str = "", agent: str = ""
) -> Reported:
    """What an exchange says of a call; saying it again changes nothing, and a late earlier state is passed over.

    agent: user name or extension of a call-taker of the reporter's unit, "" while nobody was found; a call-taker
    reports calls of their own. phone: as the exchange shows it, "" when withheld. Raises Forbidden, Invalid (agent).
    """
    reporter = permissions.require_switch(viewer)
    taker = _agent(reporter, agent)
    with transaction.atomic():
        call, created = Call.objects.get_or_create(
            reported_by=reporter,
            cti_id=cti_id,
            defaults={
                "agent": taker,
                "unit_id": reporter.unit_id,
                "line": line,
                "phone": privacy.normalise_phone(phone),
                "phone_index": privacy.phone_index(phone),
            },
        )
        call = Call.objects.select_for_update(no_key=True).get(pk=call.pk)
        before = (call.state, call.agent_id)
        if taker and call.agent_id != taker.pk and call.state == CallState.RINGING:
            call.agent = taker
        _go_on(call, state, timezone.now())
        call.save()
        if created or before != (call.state, call.agent_id):
            for agent_pk in {before[1], call.agent_id}:
                if agent_pk is not None:
                    feed.ring(agent_pk, call.pk, call.state)
    return Reported(call, created)


def move_call(viewer: Viewer, pk: int, state: str) -> Call:
    """The call-taker says it where the exchange does not: answered, ended, wrapped. Raises Missing, Conflict."""
    with transaction.atomic():
        call = Call.objects.of(viewer).select_for_update(no_key=True).by_id(pk)
        if _ORDER.index(state) < _ORDER.index(call.state):
            raise Conflict("call_went_on", _("The call is already further on."))
        if call.state != state:
            _go_on(call, state, timezone.now())
            call.save()
            feed.ring(call.agent_id or 0, call.pk, call.state)
    return call


def call_back(viewer: Viewer, pk: int) -> str:
    """Take a missed call over and get its number in clear to dial; who did and when stays with the call."""
    with transaction.atomic():
        call = Call.objects.missed_by(viewer).select_for_update(no_key=True, of=("self",)).by_id(pk)
        if not isinstance(viewer, User):
            raise Forbidden("not_allowed", _("Your role does not take in complaints."))
        now = timezone.now()
        call.agent, call.state, call.answered_at, call.ended_at = viewer, CallState.ANSWERED, now, None
        call.called_back_by, call.called_back_at = viewer, now
        _wrap_others(call, now)
        call.save()
        feed.ring(viewer.pk, call.pk, call.state)
    return call.phone or ""


def supplement_by_call(viewer: Viewer, pk: int, number: str, text: str) -> None:
    """More facts to a case of the very caller who is on the line, also when another desk took it down.

    The caller speaks, so the event is the citizen's; `data` says who wrote it. A case that the call-taker may see
    anyhow is supplemented in their own name. Raises Missing where the case is not this caller's.
    """
    call = Call.objects.of(viewer).live().by_id(pk)
    words = required_text(text, "text")
    case = Case.objects.of_caller(call.phone_index, viewer).filter(number=number).first()
    if case is None:
        raise Missing("no_such_case", _("There is no such case, or you may not see it."))
    speaker = viewer if getattr(case, "mine", False) else CaseKey(case.number)
    with change(speaker, case.number, "supplement") as doing:
        doing.note = words
        doing.data = {"call": call.pk, "by": call.agent_id}
        if doing.case.state == State.WAITING_CITIZEN:
            doing.case.state, doing.case.held_from = doing.case.held_from, ""


def note_caller(viewer: Viewer, pk: int, kind: str, note: str) -> None:
    """What the next call-taker should know of this number; an empty note takes it away. Raises Invalid, Missing."""
    taker = permissions.require_call_taker(viewer)
    call = Call.objects.of(taker).live().by_id(pk)
    if not call.phone_index:
        message = _("The caller's number is not known.")
        raise Invalid("number_withheld", message, {"note": message})
    words = note.strip()
    if not words:
        CallerNote.objects.filter(phone_index=call.phone_index, kind=kind).delete()
        return
    CallerNote.objects.update_or_create(
        phone_index=call.phone_index, kind=kind, defaults={"note": words, "by": taker, "at": timezone.now()}
    )


def transfer(viewer: Viewer, number: str, to: str) -> None:
    """The caller was passed on to 110, 119, 120 or 122: life first, so the case is an emergency from then on."""
    if to not in TRANSFER_TO:
        message = _("Calls are passed on to 110, 119, 120 or 122.")
        raise Invalid("unknown_service", message, {"to": message})
    with change(viewer, number, "transfer") as doing:
        doing.case.urgency = Urgency.U1
        doing.data = {"to": to}


def current(viewer: Viewer) -> tuple[Call | None, list[Call]]:
    """The call on the call-taker's screen, and others that ring meanwhile. Answered before ended before ringing."""
    calls = list(Call.objects.of(viewer).live().select_related("case").order_by("-pk")[:10])
    ranked = sorted(calls, key=lambda call: _ON_SCREEN.index(call.state))
    # an abandoned call leaves nothing to write down: it is on the list of those to be called back
    ranked = [call for call in ranked if call.answered_at or call.state == CallState.RINGING]
    shown = ranked[0] if ranked else None
    return shown, [call for call in ranked[1:] if call.state == CallState.RINGING]


def _agent(reporter: User, named: str) -> User | None:
    if reporter.role == Role.CALL_TAKER:
        if named not in {"", reporter.username, reporter.extension}:
            raise Forbidden("not_allowed", _("This account may not report calls."))
        return reporter
    if not named:
        return None
    seat = Q(username=named) | Q(extension=named)
    found = User.objects.filter(seat, role=Role.CALL_TAKER, unit=reporter.unit_id, is_active=True).first()
    if found is None:
        message = _("There is no call-taker with this name or extension at this desk.")
        raise Invalid("unknown_agent", message, {"agent": message})
    return found


def _go_on(call: Call, state: str, now: datetime) -> None:
    """Forward only; what the exchange left out in between is filled in."""
    if _ORDER.index(state) <= _ORDER.index(call.state):
        return
    if state in {CallState.ANSWERED, CallState.WRAPPED} and call.agent_id is None:
        message = _("An answered call needs the call-taker who answered it.")
        raise Invalid("agent_needed", message, {"agent": message})
    call.state = state
    if state == CallState.ANSWERED:
        call.answered_at = now
        _wrap_others(call, now)
    elif state == CallState.ENDED:
        call.ended_at = now
    elif state == CallState.WRAPPED:
        call.ended_at = call.ended_at or now
        call.wrapped_at = now


def _wrap_others(call: Call, now: datetime) -> None:
    """Whoever answers the next call is done with the one before."""
    talked = Call.objects.filter(agent=call.agent_id, state=CallState.ENDED, answered_at__isnull=False)
    talked.exclude(pk=call.pk).update(state=CallState.WRAPPED, wrapped_at=now)
