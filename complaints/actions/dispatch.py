"""Giving a case to its bureaus by hand, and a bureau giving it back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, cast

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from complaints import clocks, permissions
from complaints.actions import escalate
from complaints.actions.record import Change, change, ground, required_text, write
from complaints.actions.units import hand_to
from complaints.errors import Conflict, Invalid
from complaints.lifecycle import State
from complaints.models import (
    AnswerRole,
    Case,
    GroundKind,
    LabelOrigin,
    Part,
    PartyStatus,
    TopicLabel,
    TriageTask,
    User,
    Viewer,
)
from complaints.models.case import Urgency
from routing.models import Topic

RETURNS_UNTIL_RULING: Final = 3


@transaction.atomic  # the dispatch and what the escalation rules make of it are one
def dispatch(
    viewer: Viewer,
    number: str,
    version: int,
    *,
    lead: int,
    participants: Sequence[int] = (),
    topic: str = "",
    second: str = "",
    urgency: str = "",
    reason: str,
) -> None:
    """A dispatcher names the lead unit and the participants (派单), correcting topic and urgency where needed.

    A topic that is named is the dispatcher's word on it (TopicLabel), the same or another; second: a further topic
    that the case touches. No topic named: nothing was said, and no label is written. Sending
    it back to a unit that returned it after another one did (A, B, A) opens the adjudication instead.
    """
    with change(viewer, number, "dispatch", version) as doing:
        case = doing.case
        doing.reason = required_text(reason, "reason")
        set_topic(case, topic)
        if topic:
            label(case, second if second != topic else "", viewer, doing.reason)
        _change_urgency(case, urgency, viewer)
        TriageTask.objects.filter(case=case).delete()
        if _goes_in_circles(case, lead):
            doing.verb = "open_adjudication"
            doing.data = {"because": "circle", "lead": lead, "returned_by": returned_by(case)}
            return
        doing.data = hand_to(case, lead, participants, "dispatcher") | {"urgency": case.urgency}
    escalate.by_hand(doing.case)


@transaction.atomic  # the return and the adjudication that it opens are one
def return_case(viewer: Viewer, number: str, version: int, *, ground_code: str, reason: str) -> None:
    """The lead unit says, with ground and evidence, that the matter is not its own (退单); a dispatcher decides anew.

    A unit that was named by a ruling may not return. The third return opens the adjudication by itself.
    """
    with change(viewer, number, "return", version) as doing:
        case = doing.case
        doing.note = required_text(reason, "reason")
        known = ground(GroundKind.RETURN, ground_code, timezone.localdate(case.received_at))
        doing.reason = known.label
        ruling = case.rulings.order_by("-id").first()
        if ruling and ruling.lead_unit_id == case.lead_unit_id:
            raise Conflict("ruling_binds", _("A ruling gave this case to your unit; it can no longer be returned."))
        until = clocks.window_end(case, "hot.return", case.lead_unit_id)
        if until is not None and until < timezone.now():
            raise Conflict("window_closed", _("The time for returning the case is over; ask a dispatcher."))
        earlier = returned_by(case)
        doing.data = {"unit": case.lead_unit_id, "ground": known.code, "returns": len(earlier) + 1}
        case.assignments.filter(active=True, part=Part.LEAD).update(status=PartyStatus.RETURNED)
        case.assignments.filter(active=True).update(active=False, part=Part.PARTICIPANT)
        case.lead_unit = None
    if len(earlier) + 1 >= RETURNS_UNTIL_RULING:
        write(Change(case, data={"because": "returns", "returned_by": returned_by(case)}), "open_adjudication", None)


def returned_by(case: Case) -> list[int]:
    """Ids of the units that returned the case since the last ruling, oldest first."""
    since = case.events.filter(kind="adjudicate").order_by("-version").values_list("version", flat=True).first() or 0
    found = case.events.filter(kind="return", version__gt=since).order_by("version").values_list("data", flat=True)
    return [data["unit"] for data in found]


def _goes_in_circles(case: Case, lead: int) -> bool:
    returned = returned_by(case) if case.state == State.NEEDS_TRIAGE else []
    return lead in returned and returned[-1] != lead


def set_topic(case: Case, topic: str) -> None:
    """Correct what the case is about; Invalid for an unknown code, "" leaves it."""
    if topic:
        known = known_topic(topic, "topic")
        case.topic, case.domain = known.code, known.domain


def known_topic(code: str, field_name: str) -> Topic:
    """The topic, or Invalid at the field."""
    known = Topic.objects.filter(code=code).first()
    if known is None:
        message = _("There is no such topic.")
        raise Invalid("unknown_topic", message, {field_name: message})
    return known


def label(case: Case, second: str, viewer: Viewer, reason: str, ruled: bool = False) -> None:
    """Keep the person's word about the topic that the case has now, beside the served answer that it judges."""
    by = cast(User, viewer)  # the table of moves lets only staff dispatch and rule
    said = case.predictions.filter(role=AnswerRole.SERVED).order_by("-pk").first()
    if ruled:
        origin = LabelOrigin.ADJUDICATION
    elif said is None:
        origin = LabelOrigin.DISPATCH
    else:
        origin = LabelOrigin.CONFIRM if said.topic == case.topic else LabelOrigin.CORRECT
    TopicLabel.objects.create(
        case=case,
        prediction=said,
        topic=case.topic,
        second=known_topic(second, "second").code if second else "",
        domain=case.domain,
        by=by,
        unit_id=by.unit_id,
        reason=reason,
        origin=origin,
    )


def _change_urgency(case: Case, urgency: str, viewer: Viewer) -> None:
    if not urgency or urgency == case.urgency:
        return
    lowered = urgency > case.urgency
    if lowered and case.urgency in (Urgency.U1, Urgency.U2) and "supervisor" not in permissions.parts(viewer, case):
        message = _("Only a supervisor may lower the urgency of an urgent case.")
        raise Invalid("urgency_kept", message, {"urgency": message})
    case.urgency = urgency
