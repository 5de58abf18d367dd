"""Complaint and report in one text become two cases, each with its own rules and clocks (Order 20 art. 7, 121 art. 9).

The report is sealed, and neither case names the other to a bureau: only the hotline and the citizen see the link.
"""

from __future__ import annotations

from typing import Final

from django.db.models import Q
from django.utils.translation import gettext as _
from procrastinate.contrib.django import app as jobs

from complaints import privacy
from complaints.actions.links import copy_people
from complaints.actions.opening import TRIAGE_JOB, next_number
from complaints.actions.record import Change, change, required_text, write
from complaints.actions.seal import seal
from complaints.clocks.policies import current_book
from complaints.errors import Conflict
from complaints.models import Case, CaseLink, LinkKind, TriageTask, Viewer

COMPLAINT, REPORT = "complaint", "report"
VERIFY_CLOCK: Final = "samr.verify"


def separate_report(viewer: Viewer, number: str, version: int, reason: str) -> str:
    """The dispatcher says that the text asks for both: the half that is missing gets a case of its own, which triage
    gives out like any other. Returns its number."""
    with change(viewer, number, "separate_report", version) as doing:
        doing.reason = required_text(reason, "reason")
        case = doing.case
        if case.requester.anonymous:
            raise Conflict("anonymous_reporter", _("An anonymous person can report, but not complain."))
        if has_twin(case):
            raise Conflict("has_twin", _("Complaint and report were already separated."))
        if case.intent != REPORT:
            case.intent = COMPLAINT
        twin = open_twin(case)
        doing.data = {"twin": twin.number}
        return twin.number


def has_twin(case: Case) -> bool:
    """Whether the other half of the text has its own case."""
    return CaseLink.objects.filter(Q(case=case) | Q(other=case), kind=LinkKind.TWIN, active=True).exists()


def report_beside(case: Case) -> Case | None:
    """The report that stands beside a complaint of the same text."""
    link = case.linked_from.filter(kind=LinkKind.TWIN, active=True).select_related("case").first()
    return link.case if link else None


def handled_apart(bureau: str) -> bool:
    """Whether reports at this bureau have rules of their own, so that one text must become two cases by itself."""
    verify = [policy for policy in current_book().policies.values() if policy.clock == VERIFY_CLOCK]
    return any(bureau in policy.conditions.get("bureau", {bureau}) for policy in verify)


def open_twin(case: Case) -> Case:
    """The other half of the same text: a sealed report beside a complaint, or the complaint beside a report. It shares
    people, place and day of receipt, has its own number and waits for triage. In the caller's transaction."""
    reports = case.intent != REPORT
    original = case.original_text
    twin = Case(
        number=next_number(),
        channel=case.channel,
        source_line=case.source_line,
        title=case.title,
        text=privacy.mask_text(original),
        sealed_text=original if privacy.mask_text(original) != original else None,
        event_at=case.event_at,
        place=case.place,
        region_id=case.region_id,
        intent=REPORT if reports else COMPLAINT,
        urgency=case.urgency,
        taken_by_id=case.taken_by_id,
        taken_by_unit_id=case.taken_by_unit_id,
        received_at=case.received_at,
        synthetic=case.synthetic,
    )
    if reports:
        seal(twin, case.requester)
    else:
        twin.place_index = case.place_index
    twin.save()
    copy_people(case, twin)
    report, complaint = (twin, case) if reports else (case, twin)
    CaseLink.objects.create(case=report, other=complaint, kind=LinkKind.TWIN)
    TriageTask.objects.create(case=twin)
    write(Change(twin, data={"channel": twin.channel}), "register", None)
    jobs.configure_task(TRIAGE_JOB).defer()
    return twin
