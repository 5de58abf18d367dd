"""What the citizen does after filing: add facts, withdraw."""

from __future__ import annotations

from complaints.actions.mediate import end_with_case
from complaints.actions.record import change, required_text
from complaints.lifecycle import State
from complaints.models import TriageTask, Viewer


def supplement(viewer: Viewer, number: str, text: str) -> None:
    """More facts from the citizen, or taken down for them. A case that waited for them goes on where it stood."""
    with change(viewer, number, "supplement") as doing:
        doing.note = required_text(text, "text")
        if doing.case.state == State.WAITING_CITIZEN:
            doing.case.state, doing.case.held_from = doing.case.held_from, ""


def withdraw(viewer: Viewer, number: str, version: int, reason: str) -> None:
    """The citizen no longer pursues the matter (撤回); waiting work on it is dropped."""
    with change(viewer, number, "withdraw", version) as doing:
        doing.reason = reason.strip()
        end_with_case(doing, "settled")
        TriageTask.objects.filter(case=doing.case).delete()
