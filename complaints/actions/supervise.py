"""Supervision (督办): a unit is ordered to see to a case by a day, answers, and is released; or it is told of one."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Final

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from complaints import permissions
from complaints.actions.record import Change, change, required_text, write
from complaints.actions.units import inform
from complaints.clocks import current_book
from complaints.errors import Conflict, Forbidden, Invalid, Missing
from complaints.models import (
    Case,
    Notice,
    NoticeKind,
    NoticeState,
    OrderKind,
    OrderLevel,
    OrderState,
    RiskSignal,
    Role,
    SignalState,
    SupervisionOrder,
    User,
    Viewer,
)
from routing.models import Unit
from routing.models.escalations import AmountUnit

logger = logging.getLogger(__name__)
BATCH: Final = 200
RUNNING: Final = (OrderState.OPEN, OrderState.ANSWERED)


def order_supervision(
    viewer: Viewer, number: str, version: int, *, level: str, unit: int | None, text: str, until: date
) -> None:
    """A supervisor orders a unit to see to the case and to answer by the end of a day (督办). unit None: the lead."""
    with change(viewer, number, "order_supervision", version) as doing:
        _issue_by_hand(viewer, doing, OrderKind.ORDER, level=level, unit=unit, text=text, until=until)


def instruct(
    viewer: Viewer, number: str, version: int, *, leader: str, level: str, unit: int | None, text: str, until: date
) -> None:
    """A leader's instruction (领导批示) is passed on as an order. leader: the office, as it is to be shown."""
    with change(viewer, number, "instruct", version) as doing:
        leader = required_text(leader, "leader")
        _issue_by_hand(
            viewer, doing, OrderKind.INSTRUCTION, level=level, unit=unit, text=text, until=until, leader=leader
        )


def answer_supervision(viewer: Viewer, number: str, *, order: int, text: str) -> None:
    """The unit that was ordered says what it did."""
    with change(viewer, number, "answer_supervision") as doing:
        found = _order(doing.case, order, (OrderState.OPEN,))
        if not isinstance(viewer, User) or found.unit_id != viewer.unit_id:
            raise Forbidden("not_your_order", _("This order is for another unit."))
        doing.note = found.answer = required_text(text, "text")
        found.state, found.answered_at = OrderState.ANSWERED, timezone.now()
        found.save(update_fields=["answer", "state", "answered_at"])
        doing.data = {"order": found.pk, "unit": found.unit_id}


def return_supervision(viewer: Viewer, number: str, *, order: int, reason: str, until: date) -> None:
    """The answer is not enough: once more, with a new day."""
    with change(viewer, number, "return_supervision") as doing:
        found = _supervised(viewer, doing.case, order, (OrderState.ANSWERED,))
        doing.reason = required_text(reason, "reason")
        found.due_at = _end_of(doing.case, until)
        found.state, found.answered_at, found.overdue_told_at = OrderState.OPEN, None, None
        found.returned += 1
        found.save(update_fields=["state", "answered_at", "due_at", "overdue_told_at", "returned"])
        doing.data = {"order": found.pk, "unit": found.unit_id, "until": until.isoformat()}


def close_supervision(viewer: Viewer, number: str, *, order: int, reason: str) -> None:
    """The supervisor is satisfied (督办办结)."""
    with change(viewer, number, "close_supervision") as doing:
        _end(viewer, doing, order, OrderState.CLOSED, reason)


def cancel_supervision(viewer: Viewer, number: str, *, order: int, reason: str) -> None:
    """The order is taken back, with a reason."""
    with change(viewer, number, "cancel_supervision") as doing:
        _end(viewer, doing, order, OrderState.CANCELLED, reason)


def acknowledge(viewer: Viewer, number: str, *, notice: int) -> None:
    """The unit that was told says that it knows; a dispatcher or supervisor may say it for the unit (by telephone)."""
    with change(viewer, number, "acknowledge") as doing:
        found = doing.case.notices.select_for_update().filter(pk=notice, state=NoticeState.UNSEEN).first()
        if found is None or found.kind == NoticeKind.POLICE:
            raise Conflict("nothing_to_see", _("There is no such notice waiting to be seen."))
        if isinstance(viewer, User) and viewer.role == Role.OFFICER and found.unit_id != viewer.unit_id:
            raise Forbidden("not_your_notice", _("This notice is for another unit."))
        _seen([found], viewer)
        doing.data = {"notice": found.pk, "unit": found.unit_id}


def decline_crime(viewer: Viewer, number: str, version: int, *, reason: str) -> None:
    """The lead looked at the suspicion (rule G10) and does not hand over to the police, for a recorded reason."""
    with change(viewer, number, "decline_crime", version) as doing:
        doing.reason = required_text(reason, "reason")
        if not decide_crime(doing.case, viewer):
            raise Conflict("nothing_to_decide", _("Nobody waits for this decision."))


def decide_crime(case: Case, viewer: Viewer) -> bool:
    """The question whether the police get the case is answered, one way or the other."""
    return _seen(case.notices.filter(kind=NoticeKind.POLICE, state=NoticeState.UNSEEN), viewer)


@transaction.atomic
def settle_signal(viewer: Viewer, pk: int, conclusion: str) -> None:
    """Somebody looked at a risk signal and says what came of it; the next case about the respondent opens no new one
    within the window of the rule."""
    by = permissions.require_watch(viewer)
    visible = RiskSignal.objects.filter(case__in=Case.objects.visible_to(viewer))
    found = RiskSignal.objects.select_for_update().filter(pk__in=visible.values("pk"), pk=pk).first()
    if found is None:
        raise Missing("no_such_signal", _("There is no such risk signal."))
    if found.state != SignalState.OPEN:
        raise Conflict("signal_settled", _("Somebody settled this risk signal already."))
    found.conclusion = required_text(conclusion, "conclusion")[:500]
    found.state, found.settled_at, found.settled_by = SignalState.SETTLED, timezone.now(), by
    found.save()


def announce_supervision(now: datetime | None = None) -> int:
    """Say once of every open order whose time is over that it is; returns of how many."""
    now = now or timezone.now()
    late = SupervisionOrder.objects.filter(state=OrderState.OPEN, due_at__lte=now, overdue_told_at=None)
    told = 0
    for pk in list(late.order_by("due_at").values_list("case", flat=True).distinct()[:BATCH]):
        try:
            told += _tell_overdue(pk, now)
        except Exception:
            logger.exception("overdue orders of case %s could not be announced", pk)  # the next round tries again
    return told


@transaction.atomic
def _tell_overdue(pk: int, now: datetime) -> int:
    case = Case.objects.select_for_update(no_key=True, of=("self",), skip_locked=True).filter(pk=pk).first()
    if case is None:
        return 0  # somebody is at work on it; the next round comes back
    late = list(case.supervision.filter(state=OrderState.OPEN, due_at__lte=now, overdue_told_at=None))
    if late:
        case.supervision.filter(pk__in=[order.pk for order in late]).update(overdue_told_at=now)
        lines = [{"order": order.pk, "unit": order.unit_id} for order in late]
        write(Change(case, data={"orders": lines}), "supervision_overdue", None)
    return len(late)


def issue(case: Case, unit: Unit, *, kind: OrderKind, text: str, at: datetime, due_at: datetime, cause: str) -> bool:
    """An order that a rule makes, at the level of the unit; False where it was made before. The case is locked."""
    inform(case, unit.pk)
    level = unit.region.level if unit.region.level in OrderLevel.values else OrderLevel.COUNTY
    _order_row, made = SupervisionOrder.objects.get_or_create(
        case=case,
        cause=cause,
        defaults={"unit": unit, "level": level, "kind": kind, "text": text, "issued_at": at, "due_at": due_at},
    )
    return made


def tell(
    case: Case, unit: Unit, *, kind: NoticeKind, why: str, at: datetime, due_at: datetime | None, cause: str
) -> bool:
    """A notice that a rule makes; False where it was made before. The case is locked."""
    inform(case, unit.pk)
    _notice, made = Notice.objects.get_or_create(
        case=case, unit=unit, cause=cause, defaults={"kind": kind, "why": why, "at": at, "due_at": due_at}
    )
    return made


def moment(case: Case, amount: int, unit: str, now: datetime) -> datetime:
    """So much later: minutes and hours by the clock, working days to the end of the office day."""
    if unit == AmountUnit.MINUTES:
        return now + timedelta(minutes=amount)
    if unit == AmountUnit.HOURS:
        return now + timedelta(hours=amount)
    book = current_book()
    office = book.office(case.region_id or "")
    return office.closing(book.calendar.add_working_days(office.day_of_receipt(now), amount))


def _issue_by_hand(
    viewer: Viewer,
    doing: Change,
    kind: OrderKind,
    *,
    level: str,
    unit: int | None,
    text: str,
    until: date,
    leader: str = "",
) -> None:
    case = doing.case
    if not permissions.supervises(viewer, level):
        message = _("This level is above your own.")
        raise Invalid("level_too_high", message, {"level": message})
    text = required_text(text, "text")
    receiver = unit or case.lead_unit_id
    if receiver is None:
        message = _("Name the unit that has to act: the case has no lead unit.")
        raise Invalid("no_unit", message, {"unit": message})
    if receiver not in Unit.objects.filter(pk=receiver, active=True).values_list("pk", flat=True):
        message = _("There is no such unit.")
        raise Invalid("unknown_unit", message, {"unit": message})
    due_at = _end_of(case, until)
    inform(case, receiver)
    made = SupervisionOrder.objects.create(
        case=case, kind=kind, level=level, unit_id=receiver, text=text, leader=leader, due_at=due_at,
        issuer=viewer if isinstance(viewer, User) else None,
    )  # fmt: skip
    doing.note = text
    doing.data = {"order": made.pk, "unit": receiver, "level": level, "until": until.isoformat()}


def _end_of(case: Case, day: date) -> datetime:
    """The end of that office day; Invalid when it is past."""
    due_at = current_book().office(case.region_id or "").closing(day)
    if due_at <= timezone.now():
        message = _("This day is already past.")
        raise Invalid("date_past", message, {"until": message})
    return due_at


def _order(case: Case, pk: int, states: tuple[OrderState, ...]) -> SupervisionOrder:
    found = case.supervision.select_for_update().filter(pk=pk).first()
    if found is None:
        raise Missing("no_such_order", _("There is no such supervision order on this case."))
    if found.state not in states:
        raise Conflict(
            "order_moved_on", _("The supervision order is “%(state)s” now.") % {"state": found.get_state_display()}
        )
    return found


def _supervised(viewer: Viewer, case: Case, pk: int, states: tuple[OrderState, ...]) -> SupervisionOrder:
    found = _order(case, pk, states)
    if not permissions.supervises(viewer, found.level):
        raise Forbidden("level_too_high", _("This order was given by a higher level than yours."))
    return found


def _end(viewer: Viewer, doing: Change, pk: int, state: OrderState, reason: str) -> None:
    found = _supervised(viewer, doing.case, pk, RUNNING)
    doing.reason = found.reason = required_text(reason, "reason")
    found.state, found.ended_at = state, timezone.now()
    found.save(update_fields=["state", "ended_at", "reason"])
    doing.data = {"order": found.pk, "unit": found.unit_id}


def _seen(notices: Iterable[Notice], viewer: Viewer) -> bool:
    pks = [notice.pk for notice in notices]
    by = viewer if isinstance(viewer, User) else None
    return bool(Notice.objects.filter(pk__in=pks).update(state=NoticeState.SEEN, seen_at=timezone.now(), seen_by=by))
