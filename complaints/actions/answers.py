"""Before an answer goes out: what reply_check finds in it, and the reason of a sender who sends it all the same."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from complaints import permissions
from complaints.errors import Invalid
from complaints.models import AnswerRole, Case, Event, Viewer
from complaints.reply_check import Finding, check_reply


def check_answer(viewer: Viewer, number: str, text: str, *, public: bool = False) -> list[Finding]:
    """What is to be said about a draft; nothing is stored. For those who may reply to the case, or publish."""
    case = Case.objects.visible_to(viewer).by_number(number)
    permissions.require(viewer, "publish_reply" if public else "reply", case)
    return _findings(case, text, public)


def sound(case: Case, text: str, override: str, *, public: bool = False) -> dict[str, Any]:
    """What the event of the answer keeps of its check. Invalid at `text` when something stops it without a reason.

    override: the sender's reason for sending it all the same.
    """
    stops = [finding for finding in _findings(case, text, public) if finding.stops]
    if not stops:
        return {}
    if not override.strip():
        message = " ".join([*(finding.message for finding in stops), _("Or say why it shall go out as it is.")])
        raise Invalid("answer_stopped", message, {"text": message})
    return {"stops": [finding.code for finding in stops], "override": override.strip()}


def newest_answer(case: Case) -> Event | None:
    """The reply that stands."""
    return case.events.filter(kind="reply").order_by("-version").first()


def _findings(case: Case, text: str, public: bool) -> list[Finding]:
    said = case.predictions.filter(role=AnswerRole.SERVED).order_by("-pk").first()
    begins = len(case.title) + 1 if case.title else 0  # offsets count from the title
    spans = said.matters if said else []
    matters = [case.text[max(0, span["start"] - begins) : max(0, span["end"] - begins)] for span in spans]
    return check_reply(text, matters=matters if len(matters) > 1 else (), intent=case.intent, public=public)
