"""Reports (举报): verified, decided on, told to the reporter; never answered to the respondent (Order 20)."""

from __future__ import annotations

from typing import Final

from django.utils import timezone
from django.utils.translation import gettext as _

from complaints.actions.links import require_children_ended
from complaints.actions.parties import require_answers
from complaints.actions.record import Change, change, ground, required_text
from complaints.actions.twins import VERIFY_CLOCK
from complaints.errors import Conflict, Invalid
from complaints.models import Case, GroundKind, Verification, Viewer

NOTICE_CLOCK: Final = "samr.tell_reporter"


def begin_verification(viewer: Viewer, number: str, version: int) -> None:
    """The lead unit begins to verify a report (核查): 15 working days, 15 more with approval (clock samr.verify)."""
    with change(viewer, number, "begin_verification", version) as doing:
        _require_report(doing.case)
        if not doing.case.clocks.filter(policy__clock=VERIFY_CLOCK, stopped_at=None).exists():
            raise Conflict("no_verification_rules", _("No rules of verification apply to this report."))
        if doing.case.verifications.filter(decided_at=None).exists():
            raise Conflict("verification_open", _("The verification is already under way."))
        Verification.objects.create(case=doing.case)


def decide_report(
    viewer: Viewer,
    number: str,
    version: int,
    *,
    filed: bool,
    ground_code: str,
    text: str,
    penalty_number: str = "",
) -> None:
    """Whether a penalty case is opened (立案), on which ground and after what findings. A named reporter is told within
    5 working days; an anonymous one cannot be, so no such clock starts."""
    with change(viewer, number, "decide_report", version) as doing:
        findings = required_text(text, "text")
        verification = doing.case.verifications.filter(decided_at=None).first()
        if verification is None:
            raise Conflict("no_verification", _("No verification is under way."))
        received = timezone.localdate(doing.case.received_at)
        known = ground(GroundKind.FILE if filed else GroundKind.NO_FILE, ground_code, received)
        if filed and not penalty_number.strip():
            message = _("Give the number of the penalty case.")
            raise Invalid("no_penalty_number", message, {"penalty_number": message})
        verification.decided_at, verification.filed, verification.ground = timezone.now(), filed, known
        verification.penalty_number = penalty_number.strip() if filed else ""
        verification.findings = findings
        verification.save()
        doing.reason, doing.note = known.label, findings
        doing.data = {"filed": filed, "ground": known.code}
        if not doing.case.requester.is_named:
            doing.data["without"] = [NOTICE_CLOCK]


def tell_reporter(viewer: Viewer, number: str, version: int, *, how: str, text: str) -> None:
    """A named reporter is told whether a penalty case was opened, and how that was served (Order 20 art. 31)."""
    with change(viewer, number, "tell_reporter", version) as doing:
        doing.note = required_text(text, "text")
        if not doing.case.requester.is_named:
            raise Conflict("anonymous_reporter", _("The report is anonymous; there is nobody to tell."))
        verification = _decided(doing)
        if verification.told_at is not None:
            raise Conflict("told_already", _("The reporter was told already."))
        verification.told_at, verification.told_how = timezone.now(), how
        verification.save(update_fields=["told_at", "told_how"])
        doing.data = {"how": how}


def tell_result(viewer: Viewer, number: str, version: int, *, how: str, basis: str, text: str) -> None:
    """The result is told where a law or rule demands it (form 10 of Order 121); basis: which one."""
    with change(viewer, number, "tell_result", version) as doing:
        doing.note = required_text(text, "text")
        basis = required_text(basis, "basis")
        if not doing.case.requester.is_named:
            raise Conflict("anonymous_reporter", _("The report is anonymous; there is nobody to tell."))
        verification = _decided(doing)
        if verification.result_told_at is not None:
            raise Conflict("told_already", _("The reporter was told already."))
        verification.result_told_at, verification.result_how, verification.result_basis = timezone.now(), how, basis
        verification.save(update_fields=["result_told_at", "result_how", "result_basis"])
        doing.reason, doing.data = basis, {"how": how}


def close_report(viewer: Viewer, number: str, version: int, reason: str) -> None:
    """A verified report is settled without an answer: decided on, and a named reporter told."""
    with change(viewer, number, "close_report", version) as doing:
        doing.reason = required_text(reason, "reason")
        verification = _decided(doing)
        if doing.case.requester.is_named and verification.told_at is None:
            raise Conflict("reporter_not_told", _("Tell the reporter of the decision first."))
        require_answers(doing)
        require_children_ended(doing)


def require_no_verification(doing: Change) -> None:
    """Conflict for a report that is verified: it is decided on and settled, not answered."""
    if doing.case.intent == "report" and doing.case.verifications.exists():
        raise Conflict("report_verified", _("A report under verification is decided on, not answered."))


def _require_report(case: Case) -> None:
    if case.intent != "report":
        raise Conflict("not_a_report", _("This is not a report."))


def _decided(doing: Change) -> Verification:
    _require_report(doing.case)
    found = doing.case.verifications.order_by("-pk").select_for_update().first()
    if found is None or found.decided_at is None:
        raise Conflict("not_decided", _("The report has not been decided on yet."))
    return found
