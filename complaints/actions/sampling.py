"""Drawing answers for a follow-up call, and ending the draw when the call was made or is needed no more."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from django.db.models import Exists, QuerySet
from django.utils import timezone

from complaints import privacy
from complaints.models import Case, FollowUpState, FollowUpTask, Requester, SamplingRule

TRIES: Final = 3
PAUSE: Final = timedelta(hours=4)  # between two tries


def draw(case: Case) -> None:
    """Decide, once for each answer, whether the hotline asks about it; called in the answer's transaction.

    Nobody can foresee the draw: it hangs on a keyed hash of number and version. Whoever left no phone is not asked.
    """
    phones = Requester.objects.filter(case=case).exclude(phone_index="")
    rule = SamplingRule.objects.in_force(timezone.localdate()).fitting(case).filter(Exists(phones)).first()
    lot = int(privacy.keyed_hash(f"{case.number}/{case.version}", "follow-up")[:8], 16) % 100
    if rule is None or lot >= rule.share:
        return
    drop(case)
    FollowUpTask.objects.create(case=case, answer_version=case.version, rule=rule, next_at=timezone.now())


def drop(case: Case) -> None:
    """No call any more: the citizen said it themselves, or the answer no longer stands."""
    _waiting(case).update(state=FollowUpState.DROPPED, ended_at=timezone.now())


def made(case: Case, reached: bool) -> None:
    """A call was made. Not reached: again in four hours, three times in all."""
    for task in _waiting(case).select_for_update(no_key=True):
        task.attempts += 1
        task.claimed_by = task.claimed_until = None
        if reached or task.attempts >= TRIES:
            task.state = FollowUpState.DONE if reached else FollowUpState.UNREACHED
            task.ended_at = timezone.now()
        else:
            task.next_at = timezone.now() + PAUSE
        task.save()


def _waiting(case: Case) -> QuerySet[FollowUpTask]:
    return FollowUpTask.objects.filter(case=case, state=FollowUpState.WAITING)
