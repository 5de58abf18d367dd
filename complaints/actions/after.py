"""After the answer: publication, the citizen's grade, the follow-up call, rework, the archive."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from complaints import privacy
from complaints.actions import escalate, sampling
from complaints.actions.answers import newest_answer, sound
from complaints.actions.record import Change, change, required_text, write
from complaints.errors import Conflict
from complaints.models import Case, CaseKey, Consent, Declared, Part, PartyStatus, Satisfaction, Viewer

DISSATISFIED = 2  # grades 1 and 2 of five


def publish_reply(viewer: Viewer, number: str, version: int, text: str, override: str = "") -> None:
    """A reply that everybody may read (公开答复); numbers, and what names the citizen, are masked before it is stored.

    override: why it goes out although its check stops it.
    """
    with change(viewer, number, "publish_reply", version) as doing:
        said = Declared.of(doing.case)
        if said and Consent.PUBLISH not in said.consents:
            raise Conflict("no_consent", _("The citizen did not agree to publication."))
        shown = privacy.mask_text(required_text(text, "text"))
        doing.note = privacy.hide(shown, doing.case.requester.telltales())
        doing.data = sound(doing.case, doing.note, override, public=True)


@transaction.atomic  # the grade and what the escalation rules make of it are one
def rate(viewer: Viewer, number: str, *, grade: int, solved: str = "", comment: str = "") -> None:
    """The citizen's grade, 1 to 5, once for each answer."""
    with change(viewer, number, "rate") as doing:
        if is_rated(doing.case):
            raise Conflict("rated_already", _("You have already rated this answer. Thank you."))
        Satisfaction.objects.create(case=doing.case, grade=grade, solved=solved, comment=comment.strip())
        sampling.drop(doing.case)
        doing.note = comment.strip()
        doing.data = {"grade": grade, "solved": solved}
    if grade <= DISSATISFIED:
        escalate.later(doing.case)


def is_rated(case: Case) -> bool:
    """Whether the citizen has graded the newest answer themselves."""
    answer = newest_answer(case)
    own = case.satisfactions.filter(by_phone=False)
    return (own.filter(at__gt=answer.at) if answer else own).exists()


@transaction.atomic
def follow_up(
    viewer: Viewer, number: str, version: int, *, reached: bool, grade: int | None, solved: str, comment: str
) -> None:
    """The hotline asks on the phone how it went (回访). The first dissatisfied answer sends the case to rework, the
    second bad grade one level up (rule G6)."""
    with change(viewer, number, "follow_up", version) as doing:
        Satisfaction.objects.create(
            case=doing.case, by_phone=True, reached=reached, grade=grade, solved=solved, comment=comment.strip()
        )
        sampling.made(doing.case, reached)
        doing.note = comment.strip()
        doing.data = {"reached": reached, "grade": grade, "solved": solved}
        again = reached and grade is not None and grade <= DISSATISFIED and not _reworked(doing)
        if again:
            _back_to_work(doing)
    if again:
        write(Change(doing.case, reason=comment.strip(), data={"because": "dissatisfied"}), "reopen", None)
    if grade is not None and grade <= DISSATISFIED:
        escalate.later(doing.case)


@transaction.atomic
def reopen(viewer: Viewer, number: str, version: int, reason: str) -> None:
    """Not settled after all (重办): back to the same lead unit once; the second time one level up (rule G6).

    Citizens may ask within settings.REOPEN_DAYS after the case was closed.
    """
    with change(viewer, number, "reopen", version) as doing:
        doing.reason = required_text(reason, "reason")
        if isinstance(viewer, CaseKey) and not may_reopen(doing.case.closed_at):
            message = _("A case can be reopened within %(days)d days after it was closed. Please file a new one.")
            raise Conflict("too_late", message % {"days": settings.REOPEN_DAYS})
        _back_to_work(doing)
    escalate.later(doing.case)


def archive(viewer: Viewer, number: str, version: int) -> None:
    """Into the archive (归档); nothing changes any more."""
    with change(viewer, number, "archive", version):
        pass


def _reworked(doing: Change) -> bool:
    return doing.case.events.filter(kind="reopen").exists()


def _back_to_work(doing: Change) -> None:
    sampling.drop(doing.case)
    own = doing.case.assignments.filter(unit=doing.case.lead_unit_id)
    own.update(active=True, part=Part.LEAD, status=PartyStatus.SIGNED, replied_at=None)
    doing.case.assignments.filter(active=True, part=Part.PARTICIPANT).update(active=False)


def may_reopen(closed_at: datetime | None) -> bool:
    """Whether the window after closing is still open; None: answered and not closed yet. Later steps move nothing."""
    return closed_at is None or timezone.now() - closed_at <= timedelta(days=settings.REOPEN_DAYS)
