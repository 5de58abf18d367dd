"""One verb on many cases, each in its own transaction: what is refused stays as it was, the rest is done."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from django.db.models import Prefetch
from django.utils.translation import gettext as _

from complaints import permissions
from complaints.actions.after import archive
from complaints.actions.dispatch import dispatch, returned_by
from complaints.actions.facts import facts_of
from complaints.actions.handle import sign
from complaints.errors import Conflict, DomainError
from complaints.lifecycle import State
from complaints.models import AnswerRole, Case, Prediction, Viewer
from complaints.numbers import normalise_number
from routing.decide import Router

MOST: Final = 100  # cases of one request
SURE: Final = 0.6  # probability of its topic from which a case may be confirmed without being opened


@dataclass(frozen=True, slots=True)
class Done:
    """What became of one case. code and message: why it was refused, "" when it was done."""

    number: str
    code: str = ""
    message: str = ""


def bulk(viewer: Viewer, verb: str, numbers: Sequence[str], versions: Mapping[str, int], reason: str) -> list[Done]:
    """The verb (sign, dispatch, archive) on each case once, in their order; never raises for one of them.

    versions: what the viewer saw, by number; a case that moved on since is refused. Without: as it stands.
    dispatch confirms: the model's topic, and the unit that the rules name for it.
    """
    run = VERBS[verb]
    done = []
    for number in dict.fromkeys(normalise_number(number) or number for number in numbers[:MOST]):
        try:
            case = _seen(viewer, number)
            run(viewer, case, versions.get(number, case.version), reason)
            done.append(Done(number))
        except DomainError as refused:
            done.append(Done(number, refused.code, refused.message))
    return done


def _seen(viewer: Viewer, number: str) -> Case:
    served = Prediction.objects.filter(role=AnswerRole.SERVED).order_by("-pk")
    return (
        Case.objects.visible_to(viewer)
        .select_related("lead_unit", "requester", "respondent")
        .prefetch_related("assignments", Prefetch("predictions", served, to_attr="said"))
        .by_number(number)
    )


def _sign(viewer: Viewer, case: Case, version: int, _reason: str) -> None:
    sign(viewer, case.number, version)


def _archive(viewer: Viewer, case: Case, version: int, _reason: str) -> None:
    archive(viewer, case.number, version)


def _confirm(viewer: Viewer, case: Case, version: int, reason: str) -> None:
    """Only what nobody has to think about: one matter, a sure topic, a unit by the rules, never returned before."""
    permissions.require(viewer, "dispatch", case)
    if case.state != State.NEEDS_TRIAGE:
        raise Conflict("not_waiting", _("Only cases that wait for a dispatcher are confirmed together."))
    said: Prediction | None = next(iter(case.said), None)  # type: ignore[attr-defined]
    if said is None or said.topic != case.topic or said.confidence < SURE:
        raise Conflict("not_sure", _("The model is not sure of the topic; open this case and decide."))
    if said.matters:
        raise Conflict("several_matters", _("The case holds several matters; open it and decide."))
    if returned_by(case):
        raise Conflict("was_returned", _("A unit returned this case; open it and decide."))
    facts = facts_of(case)
    decision = Router.load({facts.region}, {facts.topic}).decide(facts)
    if decision.lead is None:
        raise Conflict("no_unit", _("The rules name no unit for this topic and place; open it and decide."))
    dispatch(
        viewer,
        case.number,
        version,
        lead=decision.lead,
        participants=decision.participants,
        topic=case.topic,
        reason=reason.strip() or _("Confirmed together: topic by the model, unit by the rules"),
    )


VERBS: Final[Mapping[str, Callable[[Viewer, Case, int, str], None]]] = {
    "sign": _sign,
    "dispatch": _confirm,
    "archive": _archive,
}
