"""Participating units: each signs, answers or returns its own part; none of them moves or freezes the case."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils import timezone
from django.utils.translation import gettext as _

from complaints.actions.record import Change, change, required_text
from complaints.actions.units import begin_afresh, known_units
from complaints.errors import Conflict, Invalid
from complaints.models import OWING, Assignment, Part, PartyStatus, User, Viewer


def invite(viewer: Viewer, number: str, version: int, *, participants: Sequence[int], reason: str) -> None:
    """More units take part (会办)."""
    with change(viewer, number, "invite", version) as doing:
        case = doing.case
        doing.reason = required_text(reason, "reason")
        at_work = {row.unit_id for row in case.assignments.filter(active=True)}
        new = [unit for unit in dict.fromkeys(participants) if unit not in at_work]
        if not new:
            message = _("Name at least one unit that does not take part yet.")
            raise Invalid("no_new_unit", message, {"participants": message})
        known_units(None, new)
        begin_afresh([Assignment(case=case, unit_id=unit, part=Part.PARTICIPANT, active=True) for unit in new])
        doing.data = {"participants": new}


def sign_part(viewer: Viewer, number: str) -> None:
    """The participant acknowledges its part."""
    with change(viewer, number, "sign_part") as doing:
        own = _own(viewer, doing, (PartyStatus.WAITING,))
        own.status, own.signed_at = PartyStatus.SIGNED, timezone.now()
        own.save(update_fields=["status", "signed_at"])


def reply_part(viewer: Viewer, number: str, text: str) -> None:
    """The participant's answer, for the lead unit's joint reply; never shown to the citizen by itself."""
    with change(viewer, number, "reply_part") as doing:
        own = _own(viewer, doing, OWING)
        doing.note = own.answer = required_text(text, "text")
        own.status, own.replied_at = PartyStatus.REPLIED, timezone.now()
        own.signed_at = own.signed_at or own.replied_at
        own.save(update_fields=["status", "signed_at", "replied_at", "answer"])


def return_part(viewer: Viewer, number: str, reason: str) -> None:
    """The participant says that the matter has nothing to do with it; the case goes on."""
    with change(viewer, number, "return_part") as doing:
        own = _own(viewer, doing, OWING)
        doing.reason = own.reason = required_text(reason, "reason")
        own.status = PartyStatus.RETURNED
        own.save(update_fields=["status", "reason"])


def waive(viewer: Viewer, number: str, version: int, *, participant: int | None, reason: str) -> None:
    """The lead or the hotline goes on without a participant's answer, for a recorded reason. None: without any more."""
    with change(viewer, number, "waive", version) as doing:
        doing.reason = required_text(reason, "reason")
        owing = doing.case.assignments.filter(active=True, part=Part.PARTICIPANT, status__in=OWING)
        rows = list(owing if participant is None else owing.filter(unit=participant))
        if not rows:
            message = _("This unit owes no answer.")
            raise Invalid("owes_nothing", message, {"participant": message})
        for row in rows:
            row.status, row.reason = PartyStatus.WAIVED, doing.reason
        Assignment.objects.bulk_update(rows, ["status", "reason"])
        doing.data = {"participants": [row.unit_id for row in rows]}


def require_answers(doing: Change) -> None:
    """Conflict, naming them, while a participant has neither answered, returned nor been waived."""
    owing = doing.case.assignments.filter(active=True, part=Part.PARTICIPANT, status__in=OWING).select_related("unit")
    names = "、".join(row.unit.name for row in owing)
    if names:
        message = _("These units have not answered yet: %(units)s. Wait for them, or waive their answer with a reason.")
        raise Conflict("answers_missing", message % {"units": names})


def _own(viewer: Viewer, doing: Change, statuses: Sequence[str]) -> Assignment:
    unit = viewer.unit_id if isinstance(viewer, User) else None
    own = doing.case.assignments.select_for_update().filter(unit=unit, active=True, part=Part.PARTICIPANT).first()
    if own is None or own.status not in statuses:
        raise Conflict("part_done", _("Your unit's part no longer allows this step."))
    doing.data = {"unit": unit}
    return own
