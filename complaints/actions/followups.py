"""The follow-up queue (回访): which answers are drawn, who calls when, and the survey behind a link."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Final

from django.conf import settings
from django.core import signing
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from complaints import permissions
from complaints.actions.after import follow_up, rate
from complaints.actions.answers import newest_answer
from complaints.errors import Conflict, Invalid, Missing
from complaints.models import (
    Case,
    CaseKey,
    FollowUpQuestion,
    FollowUpState,
    FollowUpTask,
    User,
    Viewer,
)

HELD: Final = timedelta(minutes=15)  # a claimed call belongs to one person
_SURVEY: Final = "complaints.survey"


def tasks_of(viewer: Viewer) -> QuerySet[FollowUpTask]:
    """The calls about cases that the viewer may see and may ask about; none for others."""
    if not permissions.asks_citizens(viewer):
        return FollowUpTask.objects.none()
    return FollowUpTask.objects.filter(case__in=Case.objects.visible_to(viewer))


def claim(viewer: User, task: int) -> FollowUpTask:
    """Take a call for a quarter of an hour. Missing when not seen, Conflict when another has it or it is over."""
    with transaction.atomic():
        found = _visible(viewer, task)
        now = timezone.now()
        if found.state != FollowUpState.WAITING:
            raise Conflict("follow_up_over", _("This call is no longer needed."))
        if found.claimed_by_id not in {None, viewer.pk} and found.claimed_until and found.claimed_until > now:
            raise Conflict("follow_up_taken", _("A colleague is calling just now."))
        found.claimed_by, found.claimed_until = viewer, now + HELD
        found.save(update_fields=["claimed_by", "claimed_until"])
    return found


def called(
    viewer: User,
    task: int,
    version: int,
    *,
    reached: bool,
    grade: int | None,
    solved: str,
    comment: str,
    answers: Mapping[str, str],
) -> FollowUpTask:
    """How the call went: the verb follow_up of the case and the end, or the next try, of the task, in one."""
    with transaction.atomic():
        found = _visible(viewer, task)
        if found.state != FollowUpState.WAITING:
            raise Conflict("follow_up_over", _("This call is no longer needed."))
        known = set(FollowUpQuestion.objects.filter(active=True).values_list("code", flat=True))
        if unknown := sorted(set(answers) - known):
            message = _("There is no such question: %(codes)s") % {"codes": ", ".join(unknown)}
            raise Invalid("unknown_question", message, {"answers": message})
        found.answers = {code: said.strip() for code, said in answers.items() if said.strip()} if reached else {}
        found.save(update_fields=["answers"])
        follow_up(viewer, found.case.number, version, reached=reached, grade=grade, solved=solved, comment=comment)
        found.refresh_from_db()
    return found


def survey_link(viewer: User, task: int) -> str:
    """An address where the citizen grades this one answer, without code and without seeing the case."""
    with transaction.atomic():
        found = _visible(viewer, task)
    token = signing.dumps({"number": found.case.number, "answer": found.answer_version}, salt=_SURVEY, compress=True)
    return f"{settings.PUBLIC_URL}/survey?t={token}"


def surveyed(token: str) -> Case:
    """The case behind a survey's token. Missing when it is forged, too old, or about an answer that was replaced."""
    try:
        said = signing.loads(token, salt=_SURVEY, max_age=timedelta(days=settings.REOPEN_DAYS))
    except signing.BadSignature as error:
        raise Missing("no_such_survey", _("This link is not valid or has expired.")) from error
    case = Case.objects.visible_to(CaseKey(said["number"])).by_number(said["number"])
    answer = newest_answer(case)
    if answer is None or answer.version != said["answer"]:
        raise Missing("no_such_survey", _("This link is not valid or has expired."))
    return case


def answer_survey(token: str, *, grade: int, solved: str, comment: str) -> None:
    """The citizen's grade through the link: the same as `rate`."""
    number = surveyed(token).number
    rate(CaseKey(number), number, grade=grade, solved=solved, comment=comment)


def _visible(viewer: User, task: int) -> FollowUpTask:
    found: FollowUpTask | None = (
        tasks_of(viewer).select_for_update(no_key=True, of=("self",)).select_related("case").filter(pk=task).first()
    )
    if found is None:
        raise Missing("no_such_follow_up", _("There is no such call, or you may not see it."))
    return found


def due(viewer: Viewer) -> QuerySet[FollowUpTask]:
    """The calls to make now: it is time, the answer still stands, and nobody else has taken it."""
    now = timezone.now()
    free = Q(claimed_until__isnull=True) | Q(claimed_until__lte=now)
    mine = Q(claimed_by=viewer.pk) if isinstance(viewer, User) else Q()
    return tasks_of(viewer).filter(free | mine, state=FollowUpState.WAITING, next_at__lte=now)


def ended(viewer: Viewer) -> QuerySet[FollowUpTask]:
    """The calls that were made, or that are needed no more."""
    return tasks_of(viewer).exclude(state=FollowUpState.WAITING)
