"""Whose matter it is, when units disagree: the question is taken out of their hands, and the ruling binds."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

from django.db import transaction

from complaints.actions import escalate
from complaints.actions.dispatch import label, returned_by, set_topic
from complaints.actions.record import change, required_text
from complaints.actions.units import hand_to
from complaints.models import Part, Ruling, User, Viewer


def open_adjudication(viewer: Viewer, number: str, version: int, reason: str) -> None:
    """The hotline body takes the question whose matter it is out of the units' hands."""
    with change(viewer, number, "open_adjudication", version) as doing:
        doing.reason = required_text(reason, "reason")
        doing.data = {"because": "asked", "returned_by": returned_by(doing.case)}
        doing.case.assignments.filter(active=True).update(active=False, part=Part.PARTICIPANT)
        doing.case.lead_unit = None


@transaction.atomic  # the ruling and what the escalation rules make of it are one
def adjudicate(
    viewer: Viewer,
    number: str,
    version: int,
    *,
    lead: int,
    participants: Sequence[int] = (),
    topic: str = "",
    basis: str,
    reason: str,
) -> None:
    """The ruling (裁定): binding, with its basis. It is also a labelled example of what the text is about."""
    with change(viewer, number, "adjudicate", version) as doing:
        case = doing.case
        doing.reason = required_text(reason, "reason")
        basis = required_text(basis, "basis")
        set_topic(case, topic)
        label(case, "", viewer, doing.reason, ruled=True)
        doing.data = hand_to(case, lead, participants, "ruling", basis=basis)
        Ruling.objects.create(
            case=case,
            by=cast(User, viewer),
            lead_unit_id=lead,
            participant_units=doing.data["participants"],
            topic=case.topic,
            basis=basis,
        )
    escalate.by_hand(doing.case)
