"""Giving a case to its bureaus by hand, and a bureau giving it back."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _

from complaints import permissions
from complaints.actions.record import change, required_text
from complaints.errors import Invalid
from complaints.models import Assignment, Case, Part, RoutingDecision, TriageTask, Viewer
from complaints.models.case import Urgency
from routing.models import Topic, Unit


def dispatch(
    viewer: Viewer,
    number: str,
    version: int,
    *,
    lead: int,
    participants: Sequence[int] = (),
    topic: str = "",
    urgency: str = "",
    reason: str,
) -> None:
    """A dispatcher names the lead unit and the participants (派单), correcting topic and urgency where needed."""
    with change(viewer, number, "dispatch", version) as doing:
        case = doing.case
        doing.reason = required_text(reason, "reason")
        units = {unit.pk: unit for unit in Unit.objects.filter(pk__in=[lead, *participants])}
        if lead not in units:
            raise Invalid("unknown_unit", _("There is no such unit."), {"lead": _("There is no such unit.")})
        if any(unit not in units for unit in participants):
            message = _("There is no such unit.")
            raise Invalid("unknown_unit", message, {"participants": message})
        if topic:
            known = Topic.objects.filter(code=topic).first()
            if known is None:
                message = _("There is no such topic.")
                raise Invalid("unknown_topic", message, {"topic": message})
            case.topic, case.domain = known.code, known.domain
        _change_urgency(case, urgency, viewer)
        TriageTask.objects.filter(case=case).delete()
        others = [unit for unit in dict.fromkeys(participants) if unit != lead]
        assign(case, lead, others)
        level = units[lead].level
        RoutingDecision.objects.create(
            case=case,
            lead_unit_id=lead,
            participant_units=others,
            level=level,
            region_id=units[lead].region_id,
            reasons=[{"code": "dispatcher", "params": {"topic": case.topic}}],
        )
        doing.data = {"lead": lead, "participants": others, "topic": case.topic, "urgency": case.urgency}


def _change_urgency(case: Case, urgency: str, viewer: Viewer) -> None:
    if not urgency or urgency == case.urgency:
        return
    lowered = urgency > case.urgency
    if lowered and case.urgency in (Urgency.U1, Urgency.U2) and "supervisor" not in permissions.parts(viewer, case):
        message = _("Only a supervisor may lower the urgency of an urgent case.")
        raise Invalid("urgency_kept", message, {"urgency": message})
    case.urgency = urgency


def assign(case: Case, lead: int, participants: Sequence[int]) -> None:
    """Make these units, and only these, active on the case. Units that leave keep sight of what they did."""
    case.lead_unit_id = lead
    case.assignments.filter(active=True).update(active=False, part=Part.PARTICIPANT)
    rows = [Assignment(case=case, unit_id=lead, part=Part.LEAD, active=True)]
    rows += [Assignment(case=case, unit_id=unit, part=Part.PARTICIPANT, active=True) for unit in participants]
    Assignment.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["case", "unit"], update_fields=["part", "active"]
    )


def return_case(viewer: Viewer, number: str, version: int, reason: str) -> None:
    """The lead unit says that the matter is not its own (退单); a dispatcher decides anew."""
    with change(viewer, number, "return", version) as doing:
        doing.reason = required_text(reason, "reason")
        doing.data = {"unit": doing.case.lead_unit_id}
        doing.case.assignments.filter(active=True).update(active=False, part=Part.PARTICIPANT)
        doing.case.lead_unit = None
