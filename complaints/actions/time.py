"""More time and stopped clocks: asked for by the lead unit, decided by the hotline body, told to the citizen."""

from __future__ import annotations

from datetime import date
from typing import Final, cast

from django.utils import timezone
from django.utils.translation import gettext as _

from complaints.actions.record import Change, change, required_text
from complaints.actions.twins import VERIFY_CLOCK
from complaints.errors import Conflict, Invalid
from complaints.models import Decided, Request, RequestKind, User, Viewer
from routing.models import Unit

MOST_EXTENSIONS: Final = 1
MOST_WORKING_DAYS: Final = 20


def request_extension(viewer: Viewer, number: str, version: int, *, working_days: int, reason: str) -> None:
    """Ask for more working days (延期申请), at most 20 and once a case (hotline practice; docs/lifecycle.md)."""
    with change(viewer, number, "request_extension", version) as doing:
        doing.reason = required_text(reason, "reason")
        if not 1 <= working_days <= MOST_WORKING_DAYS:
            message = _("Between 1 and %(most)d working days can be asked for.") % {"most": MOST_WORKING_DAYS}
            raise Invalid("too_long", message, {"working_days": message})
        _refuse_second(doing)
        _ask(doing, RequestKind.EXTENSION, working_days=working_days)
        doing.data = {"working_days": working_days}


def grant_extension(viewer: Viewer, number: str, version: int, *, working_days: int, reason: str) -> None:
    """Allow as many working days or fewer; only now the deadline moves."""
    with change(viewer, number, "grant_extension", version) as doing:
        doing.reason = required_text(reason, "reason")
        asked = _decide(viewer, doing, RequestKind.EXTENSION, Decided.GRANTED)
        if not 1 <= working_days <= (asked.working_days or 0):
            message = _("Not more than was asked for: %(days)d working days.") % {"days": asked.working_days}
            raise Invalid("too_long", message, {"working_days": message})
        asked.working_days = working_days
        asked.save()
        doing.data = {"working_days": working_days}
        # a report has its time of verification; the hotline's own deadline gives way to it
        if doing.case.clocks.filter(policy__clock=VERIFY_CLOCK, stopped_at=None).exists():
            doing.data["clock"] = VERIFY_CLOCK


def refuse_extension(viewer: Viewer, number: str, version: int, reason: str) -> None:
    """The deadline stays."""
    with change(viewer, number, "refuse_extension", version) as doing:
        doing.reason = required_text(reason, "reason")
        _decide(viewer, doing, RequestKind.EXTENSION, Decided.REFUSED).save()


def request_suspension(viewer: Viewer, number: str, version: int, *, until: date | None, reason: str) -> None:
    """Ask for a pause (挂起), because the matter cannot go on for a reason outside the unit."""
    with change(viewer, number, "request_suspension", version) as doing:
        doing.reason = required_text(reason, "reason")
        if until is not None and until <= timezone.localdate():
            message = _("This day is already past.")
            raise Invalid("date_past", message, {"until": message})
        _ask(doing, RequestKind.SUSPENSION, until=until)


def suspend(viewer: Viewer, number: str, version: int, reason: str) -> None:
    """Allow the pause; the clocks stop."""
    with change(viewer, number, "suspend", version) as doing:
        doing.reason = required_text(reason, "reason")
        asked = _decide(viewer, doing, RequestKind.SUSPENSION, Decided.GRANTED)
        asked.save()
        doing.data = {"until": asked.until.isoformat() if asked.until else None}


def refuse_suspension(viewer: Viewer, number: str, version: int, reason: str) -> None:
    """Work goes on."""
    with change(viewer, number, "refuse_suspension", version) as doing:
        doing.reason = required_text(reason, "reason")
        _decide(viewer, doing, RequestKind.SUSPENSION, Decided.REFUSED).save()


def resume(viewer: Viewer, number: str, version: int, reason: str) -> None:
    """The pause ends; the clocks go on with what was left."""
    with change(viewer, number, "resume", version) as doing:
        doing.reason = required_text(reason, "reason")


def begin_appraisal(viewer: Viewer, number: str, version: int, reason: str) -> None:
    """An appraisal or test is commissioned (鉴定); its time does not count (Order 20 art. 20)."""
    with change(viewer, number, "begin_appraisal", version) as doing:
        doing.reason = required_text(reason, "reason")
        if doing.case.appraising:
            raise Conflict("appraisal_running", _("An appraisal is already under way."))
        doing.case.appraising = True


def end_appraisal(viewer: Viewer, number: str, version: int, reason: str) -> None:
    """The result is there; the clocks go on."""
    with change(viewer, number, "end_appraisal", version) as doing:
        doing.reason = required_text(reason, "reason")
        if not doing.case.appraising:
            raise Conflict("no_appraisal", _("No appraisal is under way."))
        doing.case.appraising = False


def _refuse_second(doing: Change) -> None:
    granted = doing.case.requests.filter(kind=RequestKind.EXTENSION, state=Decided.GRANTED).count()
    if granted >= MOST_EXTENSIONS:
        raise Conflict("extended_already", _("The time was already extended once; the rules allow no more."))


def _ask(doing: Change, kind: RequestKind, *, working_days: int | None = None, until: date | None = None) -> None:
    case = doing.case
    if case.requests.filter(kind=kind, state=Decided.ASKED).exists():
        raise Conflict("already_asked", _("The same request is already waiting for a decision."))
    # a case at work has a lead: the database holds it
    Request.objects.create(
        case=case,
        kind=kind,
        unit=cast(Unit, case.lead_unit),
        reason=doing.reason,
        working_days=working_days,
        until=until,
    )


def _decide(viewer: Viewer, doing: Change, kind: RequestKind, outcome: Decided) -> Request:
    asked = doing.case.requests.filter(kind=kind, state=Decided.ASKED).first()
    if asked is None:
        raise Conflict("nothing_asked", _("Nobody asked for this."))
    asked.state, asked.decided_at = outcome, timezone.now()
    asked.decided_by = viewer if isinstance(viewer, User) else None
    return asked
