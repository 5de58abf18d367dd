"""Whether and on what material a matter is taken on: accept, not accept with the ground, ask the citizen for more."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

from django.utils import timezone
from django.utils.translation import gettext as _

from complaints.actions.mediate import end_with_case
from complaints.actions.record import change, ground, required_text
from complaints.errors import Invalid
from complaints.models import GroundKind, TriageTask, Viewer

LONGEST_WAIT: Final = timedelta(days=60)  # for a citizen's supplement; the clocks stand still meanwhile


def accept(viewer: Viewer, number: str, version: int) -> None:
    """The authority takes the complaint on (受理); the statutory clocks of the matter itself begin."""
    with change(viewer, number, "accept", version):
        pass


def refuse(viewer: Viewer, number: str, version: int, *, ground_code: str, text: str) -> None:
    """Not accepted (不予受理). The citizen sees the ground and `text`: why, and where else to go."""
    with change(viewer, number, "refuse", version) as doing:
        doing.note = required_text(text, "text")
        received = timezone.localdate(doing.case.received_at)
        known = ground(GroundKind.REFUSAL, ground_code, received)
        doing.reason = known.label
        doing.data = {"ground": known.code, "ruleset": known.ruleset}
        end_with_case(doing, "refusal_ground")
        TriageTask.objects.filter(case=doing.case).delete()


def ask_supplement(viewer: Viewer, number: str, version: int, *, text: str, until: date) -> None:
    """Ask the citizen for what is missing (补正), by a day at most 60 days off. The case waits and comes back with the
    answer."""
    with change(viewer, number, "ask_supplement", version) as doing:
        doing.note = required_text(text, "text")
        if until < timezone.localdate():
            message = _("This day is already past.")
            raise Invalid("date_past", message, {"until": message})
        if until > timezone.localdate() + LONGEST_WAIT:
            message = _("This day is too far away; at most %(days)d days.") % {"days": LONGEST_WAIT.days}
            raise Invalid("date_far", message, {"until": message})
        doing.data = {"until": until.isoformat()}


def go_on(viewer: Viewer, number: str, version: int, reason: str) -> None:
    """Nothing came, or nothing more is needed: the case goes on with what there is."""
    with change(viewer, number, "go_on", version) as doing:
        doing.reason = required_text(reason, "reason")
