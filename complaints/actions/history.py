"""A model reads history: a run over old cases in batches, which stores answers and changes no case.

Cursor and answers of a batch are one transaction, so that a worker that dies loses and repeats nothing. The present
goes first: while a case waits for triage, history waits.
"""

from __future__ import annotations

import logging
import time
from datetime import datetime
from typing import Final

from django.db import IntegrityError, transaction
from django.db.models import F, Max, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from procrastinate.contrib.django import app as jobs

from classifier import Message
from complaints import permissions
from complaints.actions import gate, serving
from complaints.actions.models import active_version
from complaints.errors import Conflict, Missing
from complaints.lifecycle import State
from complaints.models import (
    AnswerRole,
    Case,
    ModelEvent,
    ModelVersion,
    Prediction,
    ReclassifyRun,
    RunState,
    TriageTask,
    Viewer,
)

logger = logging.getLogger(__name__)
RECLASSIFY_JOB: Final = "complaints.reclassify"
BATCH: Final = 64
MOVES: Final = {
    # move -> (from which states, to which)
    "pause": ((RunState.RUNNING,), RunState.PAUSED),
    "resume": ((RunState.PAUSED, RunState.FAILED), RunState.RUNNING),
    "cancel": ((RunState.RUNNING, RunState.PAUSED, RunState.FAILED), RunState.CANCELLED),
}


def reclassify(
    viewer: Viewer, version: str = "", since: datetime | None = None, until: datetime | None = None, reason: str = ""
) -> ReclassifyRun:
    """Begin to read the cases received from `since` until before `until` with a model ("": the active one)."""
    staff = permissions.require_models(viewer)
    active = active_version()
    model = ModelVersion.objects.filter(version=version).first() if version else active
    if model is None:
        raise Missing("no_such_model", _("There is no model “%(version)s”.") % {"version": version})
    gate.opened(model)
    bounds = _cases(since, until).aggregate(last=Max("pk"))
    try:
        with transaction.atomic():
            run = ReclassifyRun.objects.create(
                model=model,
                since=since,
                until=until,
                last=bounds["last"] or 0,
                total=_cases(since, until).filter(pk__lte=bounds["last"] or 0).count(),
                created_by=staff,
            )
            ModelEvent.objects.create(model=model, kind="reclassify", by=staff, reason=reason, data={"run": run.pk})
            jobs.configure_task(RECLASSIFY_JOB).defer()
    except IntegrityError as error:
        message = _("A run of the model %(version)s is not finished yet.")
        raise Conflict("run_open", message % {"version": model.version}) from error
    return run


def move_run(viewer: Viewer, run: int, move: str, reason: str = "") -> ReclassifyRun:
    """Pause, resume or cancel a run; the batch at work is finished first."""
    staff = permissions.require_models(viewer)
    sources, target = MOVES[move]
    with transaction.atomic():
        row = ReclassifyRun.objects.select_for_update(no_key=True).filter(pk=run).first()
        if row is None:
            raise Missing("no_such_run", _("There is no such run."))
        if row.state not in sources:
            message = _("The run is “%(state)s” now; this step no longer fits.")
            raise Conflict("wrong_state", message % {"state": RunState(row.state).label})
        row.state, row.error = target, ""
        row.save(update_fields=["state", "error", "updated_at"])
        ModelEvent.objects.create(model_id=row.model_id, kind=move, by=staff, reason=reason, data={"run": row.pk})
        if target == RunState.RUNNING:
            jobs.configure_task(RECLASSIFY_JOB).defer()
    return row


def reclassify_for(seconds: float) -> int:
    """Work on runs for about so long; returns the batches done. Several workers at once do not disturb each other."""
    end, batches = time.monotonic() + seconds, 0
    while time.monotonic() < end and reclassify_batch():
        batches += 1
    return batches


def reclassify_batch() -> bool:
    """One batch of the oldest run under way. False: no run is under way, or cases wait for triage."""
    waiting = TriageTask.objects.filter(
        Q(lease_until=None) | Q(lease_until__lt=timezone.now()), due_at__lte=timezone.now()
    )
    if waiting.exists():
        return False
    with transaction.atomic():
        running = ReclassifyRun.objects.filter(state=RunState.RUNNING).order_by("pk")
        locked = running.select_for_update(skip_locked=True, no_key=True, of=("self",))
        run = locked.select_related("model").first()
        if run is None:
            return False
        try:
            with transaction.atomic():
                _read_on(run)
        except Exception as error:
            # Whatever a model throws: the run stops with the reason, and a person may resume it where it stood.
            logger.exception("reclassification %s failed after case %s", run.pk, run.cursor)
            run.refresh_from_db(fields=["cursor", "done"])
            run.state, run.error = RunState.FAILED, f"{type(error).__name__}: {error}"[:500]
        run.save()
    return True


def _read_on(run: ReclassifyRun) -> None:
    cases = list(
        _cases(run.since, run.until)
        .filter(pk__gt=run.cursor, pk__lte=run.last)
        .only("pk", "title", "text")
        .order_by("pk")[:BATCH]
    )
    if cases:
        model = serving.model_of(run.model)
        said = model.classify([Message(case.text, case.title) for case in cases])
        rows = [
            serving.answer_row(case, one, model, AnswerRole.RECLASSIFIED) for case, one in zip(cases, said, strict=True)
        ]
        Prediction.objects.bulk_create(rows, ignore_conflicts=True)
        run.cursor, run.done = cases[-1].pk, run.done + len(cases)
    if len(cases) < BATCH:
        run.state = RunState.DONE


def _cases(since: datetime | None, until: datetime | None) -> QuerySet[Case]:
    """What has been classified once and was received in the period."""
    cases = Case.objects.exclude(state=State.REGISTERED)
    if since:
        cases = cases.filter(received_at__gte=since)
    return cases.filter(received_at__lt=until) if until else cases


def would_differ(run: ReclassifyRun, viewer: Viewer) -> QuerySet[Prediction]:
    """Answers of the run's model over history with another topic than the case has, newest case first."""
    return (
        Prediction.objects.filter(role=AnswerRole.RECLASSIFIED, model_version=run.model.version)
        .filter(case__in=Case.objects.visible_to(viewer), case_id__lte=run.cursor)
        .exclude(topic=F("case__topic"))
        .select_related("case")
        .order_by("-pk")
    )
