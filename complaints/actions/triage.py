"""Classifying and routing what waits: claim a batch by lease, one forward pass, settle each case under its token."""

from __future__ import annotations

import logging
import uuid
from dataclasses import replace
from datetime import timedelta
from typing import Final

from django.db import DatabaseError, connection, transaction
from django.utils import timezone

import classifier
from classifier import Classifier, Message, Prediction
from complaints.actions import escalate, serving, where
from complaints.actions.closer_look import CloserLook, look_closer
from complaints.actions.facts import about_unit, flags_of, same_subject, stated_numbers
from complaints.actions.questions import known_fields
from complaints.actions.record import Change, write
from complaints.actions.refilings import mark_refilings
from complaints.actions.respondents import settle_place
from complaints.actions.seal import seal
from complaints.actions.twins import COMPLAINT, REPORT, handled_apart, open_twin
from complaints.actions.units import assign
from complaints.lifecycle import State
from complaints.models import AnswerRole, Case, RoutingDecision, TriageTask
from routing import card
from routing.decide import Router
from routing.facts import Decision, Facts

logger = logging.getLogger(__name__)
BATCH: Final = 64
LEASE: Final = timedelta(seconds=60)
MAX_ATTEMPTS: Final = 5

# Materialised: as a plain subquery it may be run once for each row, and then claims more than the limit.
_CLAIM: Final = """
WITH due AS MATERIALIZED (
    SELECT task.case_id FROM complaints_triagetask task JOIN complaints_case ON complaints_case.id = task.case_id
    WHERE task.due_at <= clock_timestamp() AND (task.lease_until IS NULL OR task.lease_until < clock_timestamp())
    ORDER BY complaints_case.urgency, task.case_id
    LIMIT %(batch)s FOR UPDATE OF task SKIP LOCKED)
UPDATE complaints_triagetask
SET token = %(token)s, lease_until = clock_timestamp() + make_interval(secs => %(lease)s), attempts = attempts + 1
FROM due WHERE complaints_triagetask.case_id = due.case_id
"""


def triage_waiting() -> int:
    """Work off one batch; returns how many cases were claimed (0: nothing is due)."""
    token = uuid.uuid4()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_CLAIM, {"token": token, "lease": LEASE.total_seconds(), "batch": BATCH})
    tasks = list(
        TriageTask.objects.filter(token=token)
        .select_related("case__requester", "case__respondent")
        .prefetch_related("case__answers")
        .order_by("case_id")
    )
    if not tasks:
        return 0
    exhausted = [task for task in tasks if task.attempts > MAX_ATTEMPTS]
    for task in exhausted:
        _give_to_person(task, token)
    fresh = [task for task in tasks if task.attempts <= MAX_ATTEMPTS]
    if fresh:
        _classify_and_route(fresh, token)
    return len(tasks)


def _classify_and_route(tasks: list[TriageTask], token: uuid.UUID) -> None:
    try:
        serving.follow()
        model = classifier.active()
        messages = [Message(task.case.text, task.case.title) for task in tasks]
        predictions = model.classify(messages)
        places = [where.look(task.case) for task in tasks]
        router = Router.load(
            {place.region for place in places if place.region},
            {prediction.topic for prediction in predictions},
            on=timezone.localdate(),
        )
    except Exception as error:
        # Whatever a model or a broken table throws: the cases wait and are tried again, then a person gets them.
        logger.exception("triage of a batch of %d failed", len(tasks))
        for task in tasks:
            _put_back(task, token, error)
        return
    settled = []
    looks = look_closer(model, messages, predictions)
    for task, prediction, look, place in zip(tasks, predictions, looks, places, strict=True):
        try:
            if _settle(task, token, prediction, router=router, model=model, look=look, place=place):
                settled.append(task.case)
        except Exception as error:
            logger.exception("triage of case %s failed", task.case.number)
            _put_back(task, token, error)
    serving.shadow(settled)
    mark_refilings([case.pk for case in settled])


def _settle(
    task: TriageTask,
    token: uuid.UUID,
    prediction: Prediction,
    *,
    router: Router,
    model: Classifier,
    look: CloserLook,
    place: where.Where,
) -> bool:
    """Write prediction, decision, state and event of one case; False when the lease was lost or the case moved on."""
    with transaction.atomic():
        if not TriageTask.objects.filter(pk=task.pk, token=token).delete()[0]:
            return False
        case = (
            Case.objects.select_related("requester", "respondent")
            .select_for_update(no_key=True, of=("self",))
            .get(pk=task.pk)
        )
        if case.state != State.REGISTERED:
            return False
        case.region_id = place.region or None
        settle_place(task.case, case)
        text = f"{case.title}\n{case.text}" if case.title else case.text
        intent, apart = _intent_of(case, prediction)
        facts = Facts(
            topic=prediction.topic,
            region=place.region,
            urgency=min(case.urgency, prediction.urgency),
            channel=case.channel,
            confidence=prediction.confidence,
            needs_review=prediction.needs_review,
            fields=known_fields(task.case, text, prediction.topic),
            intent=intent,
            respondent_region=place.respondent_region,
            flags=flags_of(case, intent, place.respondent_region),
            numbers=stated_numbers(case) | same_subject(case),
        )
        decision = router.decide(facts)
        if decision.lead and (conflict := about_unit(case, decision.names[decision.lead])):
            facts = replace(facts, flags=facts.flags | conflict)
            decision = router.decide(facts)
        more = (*place.reasons, *where.platform_reasons(task.case, prediction.topic))
        decision = replace(decision, reasons=(*decision.reasons, *more))
        _record(case, prediction, facts, decision, model=model, look=look)
        doing = Change(
            case,
            data={
                "topic": prediction.topic,
                "model": prediction.model_version,
                "lead": decision.lead,
                "participants": list(decision.participants),
                "reasons": [reason.code for reason in decision.reasons],
            },
        )
        if decision.lead is None:
            write(doing, "hold", None)
        else:
            assign(case, decision.lead, decision.participants)
            write(doing, "route", None)
        escalate.routed(case, facts, router.book)
        if apart and case.lead_unit and handled_apart(case.lead_unit.bureau_id):
            open_twin(case)
    return True


def _intent_of(case: Case, prediction: Prediction) -> tuple[str, bool]:
    """The citizen's own word, else the model's; and whether the text asks for remedy and punishment in so many words,
    so that a report has to be opened beside the complaint (Order 20 art. 7)."""
    if case.intent:
        return case.intent, False
    both = prediction.intent in (COMPLAINT, REPORT) and not case.requester.anonymous
    if both and classifier.demands_of(case.text).both_asked:
        return COMPLAINT, True
    return prediction.intent, False


def _record(
    case: Case, prediction: Prediction, facts: Facts, decision: Decision, *, model: Classifier, look: CloserLook
) -> None:
    case.domain = prediction.domain or ""
    case.topic = prediction.topic
    case.intent = facts.intent
    case.urgency = min(case.urgency, prediction.urgency)  # U1 sorts first: the higher urgency stays
    if facts.intent == REPORT:
        seal(case, case.requester)
    answer = serving.answer_row(case, prediction, model, AnswerRole.SERVED)
    answer.auto_routed = decision.lead is not None
    answer.matters = look.matters
    answer.save()
    look.store(case)
    RoutingDecision.objects.create(
        case=case,
        lead_unit_id=decision.lead,
        participant_units=list(decision.participants),
        level=decision.level,
        region_id=decision.region or None,
        reasons=[{"code": reason.code, "params": dict(reason.params)} for reason in decision.reasons],
        **card.columns(facts, decision),
    )


def _put_back(task: TriageTask, token: uuid.UUID, error: Exception) -> None:
    """Release the lease with a growing pause; the fifth failure gives the case to a person at once."""
    task.last_error = f"{type(error).__name__}: {error}"[:500]
    try:
        if task.attempts >= MAX_ATTEMPTS:
            _give_to_person(task, token)
            return
        TriageTask.objects.filter(pk=task.pk, token=token).update(
            token=None,
            lease_until=None,
            due_at=timezone.now() + timedelta(seconds=2**task.attempts),
            last_error=task.last_error,
        )
    except DatabaseError:
        logger.exception("case %s stays leased until %s", task.case.number, task.lease_until)


def _give_to_person(task: TriageTask, token: uuid.UUID) -> None:
    with transaction.atomic():
        if not TriageTask.objects.filter(pk=task.pk, token=token).delete()[0]:
            return
        case = Case.objects.select_for_update(no_key=True, of=("self",)).get(pk=task.pk)
        if case.state == State.REGISTERED:
            error = task.last_error or "lease expired: the worker died"
            write(Change(case, data={"attempts": task.attempts, "error": error}), "hold", None)
