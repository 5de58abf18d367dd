"""What the lead unit does: sign for the case, begin, reply, close; and notes among colleagues."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from complaints.actions import sampling
from complaints.actions.answers import sound
from complaints.actions.links import require_children_ended
from complaints.actions.mediate import require_no_mediation
from complaints.actions.parties import require_answers
from complaints.actions.record import Change, change, ground, required_text
from complaints.actions.reports import require_no_verification
from complaints.errors import Invalid
from complaints.models import GroundKind, Outcome, PartyStatus, Solved, Viewer


@dataclass(frozen=True, slots=True)
class Result:
    """What became of the matter. solved: yes, partly, no or "" (not stated); amounts in yuan.

    ground_code: why it is not, or only partly, solved: a ground of that kind; why_not: the same in words.
    """

    solved: str = ""
    ground_code: str = ""
    why_not: str = ""
    claimed: Decimal | None = None
    recovered: Decimal | None = None
    advance_compensation: bool = False
    sanction_number: str = ""
    mediation_number: str = ""


def sign(viewer: Viewer, number: str, version: int) -> None:
    """The lead unit acknowledges the case (签收)."""
    with change(viewer, number, "sign", version) as doing:
        _own(doing, status=PartyStatus.SIGNED, signed_at=timezone.now())


def start(viewer: Viewer, number: str, version: int) -> None:
    """Work begins (办理)."""
    with change(viewer, number, "start", version):
        pass


@transaction.atomic  # the answer, and whether the hotline asks about it, are one
def reply(viewer: Viewer, number: str, version: int, text: str, override: str = "") -> None:
    """The answer to the citizen (答复), shown to them at once. Where units took part, it is the joint answer.

    override: why it goes out although its check stops it.
    """
    with change(viewer, number, "reply", version) as doing:
        require_no_mediation(doing)
        require_no_verification(doing)
        doing.note = required_text(text, "text")
        doing.data = sound(doing.case, doing.note, override)
        _own(doing, status=PartyStatus.REPLIED, replied_at=timezone.now())
    sampling.draw(doing.case)


def close(viewer: Viewer, number: str, version: int, reason: str, result: Result | None = None) -> None:
    """The matter is settled (结案), with what became of it; the units at work are released.

    Refused until each participant has answered, returned or been waived, and each matter split off has ended.
    """
    with change(viewer, number, "close", version) as doing:
        doing.reason = required_text(reason, "reason")
        require_answers(doing)
        require_children_ended(doing)
        if result and result.solved:
            _state_outcome(doing, result)


def _state_outcome(doing: Change, result: Result) -> None:
    if result.solved != Solved.YES and not result.why_not.strip():
        message = _("Say why the matter is not, or only partly, solved.")
        raise Invalid("why_not_missing", message, {"why_not": message})
    facts = {name: getattr(result, name) for name in Result.__dataclass_fields__ if name != "ground_code"}
    why = None
    if result.solved == Solved.YES:
        facts["why_not"] = ""
    else:
        received = timezone.localdate(doing.case.received_at)
        why = ground(GroundKind.UNSOLVED, result.ground_code, received)
    Outcome.objects.update_or_create(case=doing.case, defaults={**facts, "ground": why, "at": timezone.now()})
    doing.data = {"solved": result.solved} | ({"ground": why.code} if why else {})


def _own(doing: Change, **facts: object) -> None:
    doing.case.assignments.filter(unit=doing.case.lead_unit_id, active=True).update(**facts)


def note(viewer: Viewer, number: str, text: str) -> None:
    """An internal note; citizens never see it."""
    with change(viewer, number, "note") as doing:
        doing.note = required_text(text, "text")
