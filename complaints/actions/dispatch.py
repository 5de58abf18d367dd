"""Giving a case to its bureaus by hand, and a bureau giving it back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, cast

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from complaints import clocks, permissions
from complaints.actions.facts import facts_of
from complaints.actions.record import Change, change, ground, required_text, write
from complaints.errors import Conflict, Invalid
from complaints.lifecycle import State
from complaints.models import (
    AnswerRole,
    Assignment,
    Case,
    GroundKind,
    LabelOrigin,
    Part,
    PartyStatus,
    RoutingDecision,
    TopicLabel,
    TriageTask,
    User,
    Viewer,
)
from complaints.models.case import Urgency
from routing import card
from routing.models import Topic, Unit

RETURNS_UNTIL_RULING: Final = 3


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
        units = known_units(lead, participants)
        set_topic(case, topic)
        if topic:
            label(case, second if second != topic else "", viewer, doing.reason)
        _change_urgency(case, urgency, viewer)
        TriageTask.objects.filter(case=case).delete()
        if _goes_in_circles(case, lead):
            doing.verb = "open_adjudication"
            doing.data = {"because": "circle", "lead": lead, "returned_by": returned_by(case)}
            return
        others = give_to(case, units[lead], participants, "dispatcher", {"topic": case.topic})
        doing.data = {"lead": lead, "participants": others, "topic": case.topic, "urgency": case.urgency}


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


def known_units(lead: int, participants: Sequence[int]) -> dict[int, Unit]:
    """The units by id; Invalid at the field that names one that does not exist."""
    units = {unit.pk: unit for unit in Unit.objects.filter(pk__in=[lead, *participants])}
    message = _("There is no such unit.")
    if lead not in units:
        raise Invalid("unknown_unit", message, {"lead": message})
    if any(unit not in units for unit in participants):
        raise Invalid("unknown_unit", message, {"participants": message})
    return units


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


def give_to(case: Case, lead: Unit, participants: Sequence[int], code: str, params: dict[str, str]) -> list[int]:
    """Put the lead and the others to work, and keep why; returns the others, each once and without the lead."""
    others = [unit for unit in dict.fromkeys(participants) if unit != lead.pk]
    assign(case, lead.pk, others)
    names = dict(Unit.objects.filter(pk__in=others).values_list("pk", "name"))
    RoutingDecision.objects.create(
        case=case,
        lead_unit_id=lead.pk,
        participant_units=others,
        level=lead.level,
        region_id=lead.region_id,
        reasons=[{"code": code, "params": params}],
        **card.by_hand(facts_of(case), lead.name, [names[unit] for unit in others]),
    )
    return others


def assign(case: Case, lead: int, participants: Sequence[int]) -> None:
    """Make these units, and only these, active on the case. Units that leave keep sight of what they did."""
    case.lead_unit_id = lead
    case.assignments.filter(active=True).update(active=False, part=Part.PARTICIPANT)
    rows = [Assignment(case=case, unit_id=lead, part=Part.LEAD, active=True)]
    rows += [Assignment(case=case, unit_id=unit, part=Part.PARTICIPANT, active=True) for unit in participants]
    begin_afresh(rows)


def begin_afresh(rows: Sequence[Assignment]) -> None:
    """Write parties that start, or start again, without anything signed or answered."""
    fresh = ["part", "active", "since", "status", "signed_at", "replied_at", "reason"]
    Assignment.objects.bulk_create(rows, update_conflicts=True, unique_fields=["case", "unit"], update_fields=fresh)
