"""Mediation of a complaint (调解), under the rules of its day of receipt: Orders 20 and 121 of the regulator."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Final

from django.utils import timezone
from django.utils.translation import gettext as _

from complaints.actions.record import Change, change, ground, required_text
from complaints.errors import Conflict, Invalid
from complaints.lifecycle import ruleset_on
from complaints.models import ClockState, GroundKind, Mediation, MediationSession, Viewer

TIME_OVER: Final = "time_over"  # a ground that needs the clock of mediation to have run out


def begin_mediation(
    viewer: Viewer,
    number: str,
    version: int,
    *,
    complainant_how: str,
    complainant_on: date | None,
    respondent_how: str,
    respondent_on: date | None,
    delegated_to: str = "",
    delegation_agreed: bool = False,
) -> None:
    """Begin to mediate an accepted complaint with the consent of both sides (Order 20 art. 16): how and when each gave
    it. delegated_to: a consumer association, with the complainant's agreement (art. 17). Reports are never mediated.
    """
    with change(viewer, number, "begin_mediation", version) as doing:
        case = doing.case
        if case.intent == "report":
            raise Conflict("not_a_complaint", _("A report is verified, not mediated."))
        if not case.events.filter(kind="accept").exists():
            raise Conflict("not_accepted", _("Accept the complaint before mediating it."))
        if case.mediations.filter(agreed_at=None, ended_at=None).exists():
            raise Conflict("mediation_open", _("A mediation is already under way."))
        ours = _consent("complainant", complainant_how, complainant_on)
        theirs = _consent("respondent", respondent_how, respondent_on)
        delegated_to = delegated_to.strip()
        if delegated_to and not delegation_agreed:
            message = _("The complainant has to agree that an association mediates.")
            raise Invalid("delegation_not_agreed", message, {"delegation_agreed": message})
        ruleset = ruleset_on(timezone.localdate(case.received_at))
        Mediation.objects.create(
            case=case,
            ruleset=ruleset,
            complainant_how=complainant_how,
            complainant_on=ours,
            respondent_how=respondent_how,
            respondent_on=theirs,
            delegated_to=delegated_to,
            delegation_agreed=bool(delegated_to),
        )
        doing.data = {"ruleset": ruleset, "delegated": bool(delegated_to)}


def mediation_session(
    viewer: Viewer,
    number: str,
    version: int,
    *,
    at: datetime,
    manner: str,
    place: str = "",
    complainant_came: bool | None = None,
    respondent_came: bool | None = None,
    notes: str = "",
) -> None:
    """A meeting, on site or by phone or video (Order 20 art. 18): planned while it lies ahead, and recorded with who
    came once it was held. The one that was planned is moved or recorded, not doubled."""
    with change(viewer, number, "mediation_session", version) as doing:
        mediation = _at_work(doing)
        came = {"complainant_came": complainant_came, "respondent_came": respondent_came}
        ahead = at > timezone.now()
        for name, value in came.items():
            if ahead != (value is None):
                message = _("Say who came once the session was held, not before.")
                raise Invalid("who_came", message, {name: message})
        session = mediation.sessions.filter(complainant_came=None).first() or MediationSession(mediation=mediation)
        session.at, session.manner, session.place, session.notes = at, manner, place.strip(), notes.strip()
        session.complainant_came, session.respondent_came = complainant_came, respondent_came
        session.save()
        doing.data = {"at": at.isoformat(), "manner": manner, "planned": ahead}


def ask_recusal(viewer: Viewer, number: str, version: int, *, side: str, reason: str) -> None:
    """A side wants another mediator; mediation rests, and its clock with it, until it is decided (art. 19)."""
    with change(viewer, number, "ask_recusal", version) as doing:
        doing.reason = required_text(reason, "reason")
        mediation = _at_work(doing)
        mediation.recusal_asked_at, mediation.recusal_asked_by = timezone.now(), side
        mediation.save(update_fields=["recusal_asked_at", "recusal_asked_by"])
        doing.data = {"side": side}


def decide_recusal(viewer: Viewer, number: str, version: int, *, granted: bool, reason: str) -> None:
    """Whether the mediator steps aside; either way mediation goes on."""
    with change(viewer, number, "decide_recusal", version) as doing:
        doing.reason = required_text(reason, "reason")
        mediation = _open(doing)
        if mediation.recusal_asked_at is None:
            raise Conflict("nothing_asked", _("Nobody asked for this."))
        mediation.recusal_asked_at, mediation.recusal_asked_by = None, ""
        mediation.save(update_fields=["recusal_asked_at", "recusal_asked_by"])
        doing.data = {"granted": granted}


def mediation_agreed(
    viewer: Viewer,
    number: str,
    version: int,
    *,
    terms: str,
    amount: Decimal | None = None,
    performed: bool = False,
    statement_number: str = "",
) -> None:
    """Both sides agree (调解书): the terms, and the amount in yuan where money is owed. A statement may be left out
    only where everything was performed at once (Order 20 art. 22)."""
    with change(viewer, number, "mediation_agreed", version) as doing:
        mediation = _at_work(doing)
        mediation.terms = required_text(terms, "terms")
        mediation.statement_number = statement_number.strip()
        if not performed and not mediation.statement_number:
            message = _("Give the number of the statement, unless everything was performed at once.")
            raise Invalid("no_statement", message, {"statement_number": message})
        mediation.agreed_at, mediation.amount, mediation.performed = timezone.now(), amount, performed
        mediation.sessions.filter(complainant_came=None).delete()
        mediation.save()
        doing.data = {"performed": performed}


def end_mediation(viewer: Viewer, number: str, version: int, *, ground_code: str, text: str) -> None:
    """Mediation ends without agreement, on a ground of the ruleset (Order 20 art. 21, Order 121 art. 23). The citizen
    reads `text`: why, and what else one can do. The time is not over before the clock says so."""
    with change(viewer, number, "end_mediation", version) as doing:
        doing.note = required_text(text, "text")
        mediation = _open(doing)
        if ground_code == TIME_OVER and _time_left(doing):
            message = _("The time for mediation is not over yet.")
            raise Invalid("time_left", message, {"ground": message})
        _end(doing, mediation, ground_code)


def tell_parties(viewer: Viewer, number: str, version: int, *, how: str, text: str = "") -> None:
    """Both sides were told of the end of mediation (within 7 working days; clock samr.tell_end)."""
    with change(viewer, number, "tell_parties", version) as doing:
        mediation = doing.case.mediations.filter(ended_at__isnull=False, told_at=None).order_by("-pk").first()
        if mediation is None:
            raise Conflict("nothing_to_tell", _("There is no ended mediation of which the parties were not told."))
        mediation.told_at, mediation.told_how = timezone.now(), how
        mediation.save(update_fields=["told_at", "told_how"])
        doing.note = text.strip()
        doing.data = {"how": how}


def require_no_mediation(doing: Change) -> None:
    """Conflict while a mediation is open: it is agreed or ended before the case is answered."""
    if doing.case.mediations.filter(agreed_at=None, ended_at=None).exists():
        raise Conflict("mediation_open", _("A mediation is under way. Record the agreement or end it first."))


def end_with_case(doing: Change, ground_code: str) -> None:
    """The case leaves the desk for another reason, and an open mediation with it."""
    mediation = doing.case.mediations.filter(agreed_at=None, ended_at=None).first()
    if mediation:
        kept = doing.reason, dict(doing.data)
        _end(doing, mediation, ground_code)
        doing.reason, doing.data = kept


def _end(doing: Change, mediation: Mediation, code: str) -> None:
    known = ground(GroundKind.MEDIATION, code, timezone.localdate(doing.case.received_at))
    mediation.sessions.filter(complainant_came=None).delete()
    mediation.ground, mediation.ended_at, mediation.recusal_asked_at = known, timezone.now(), None
    mediation.save()
    doing.reason = known.label
    doing.data = {"ground": known.code, "ruleset": mediation.ruleset}


def _open(doing: Change) -> Mediation:
    mediation = doing.case.mediations.filter(agreed_at=None, ended_at=None).first()
    if mediation is None:
        raise Conflict("no_mediation", _("No mediation is under way."))
    return mediation


def _at_work(doing: Change) -> Mediation:
    mediation = _open(doing)
    if mediation.recusal_asked_at is not None:
        raise Conflict("recusal_open", _("Decide first whether the mediator steps aside."))
    return mediation


def _time_left(doing: Change) -> bool:
    """Whether a clock of mediation still runs, or rests."""
    clocks = doing.case.clocks.filter(policy__clock__endswith=".mediate", stopped_at=None)
    return clocks.exclude(state=ClockState.RUNNING, due_at__lte=timezone.now()).exists()


def _consent(side: str, how: str, day: date | None) -> date:
    """The day on which the side agreed; Invalid where how or when is missing, or the day is still to come."""
    if not how or day is None:
        message = _("Mediation needs the consent of both sides: how and when it was given.")
        raise Invalid("consent_missing", message, {f"{side}_{'on' if how else 'how'}": message})
    if day > timezone.localdate():
        message = _("This day is still to come.")
        raise Invalid("date_future", message, {f"{side}_on": message})
    return day
