"""Taking a complaint in (登记): the case, its first event and the waiting work, in one transaction."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _
from procrastinate.contrib.django import app as jobs

import classifier
from complaints import privacy
from complaints.actions.calls import transfer
from complaints.actions.hints import same_as
from complaints.actions.opening import TRIAGE_JOB, next_number
from complaints.actions.questions import checked
from complaints.actions.record import Change, required_text, write
from complaints.actions.respondents import find_entries, place_index
from complaints.actions.seal import seal
from complaints.actions.twins import COMPLAINT, REPORT, open_twin, report_beside
from complaints.errors import Conflict, Forbidden, Invalid
from complaints.models import (
    Answer,
    Call,
    Case,
    Consent,
    Declared,
    IntakeKey,
    Requester,
    Respondent,
    Role,
    TriageTask,
    User,
    Viewer,
)
from complaints.models.case import Channel, Urgency
from routing.models import Region

_LINES: Final = frozenset(Channel.values) - {Channel.WEB, Channel.API, Channel.IMPORT}
_CHANNELS: Final[dict[str, frozenset[str]]] = {
    Role.CALL_TAKER: _LINES,
    Role.DISPATCHER: _LINES,
    Role.SUPERVISOR: _LINES,
    Role.PARTNER: frozenset(Channel.values) - {Channel.WEB},
}
_USUAL_CHANNEL: Final = {Role.PARTNER: Channel.API}


@dataclass(frozen=True, slots=True)
class Person:
    """The requester as given; every part may be empty."""

    name: str = ""
    phone: str = ""
    id_number: str = ""
    address: str = ""
    anonymous: bool = False


@dataclass(frozen=True, slots=True)
class RespondentFacts:
    """Who is complained about, as given."""

    name: str = ""
    uscc: str = ""
    address: str = ""
    phone: str = ""
    product_name: str = ""
    gtin: str = ""
    lot_number: str = ""


@dataclass(frozen=True, slots=True)
class Intake:
    """A complaint as it arrives. region: six-digit code or "". channel "": the usual one for the viewer."""

    text: str
    title: str = ""
    channel: str = ""
    source_line: str = ""
    event_at: datetime | None = None
    place: str = ""
    region: str = ""
    requester: Person = field(default_factory=Person)
    respondent: RespondentFacts = field(default_factory=RespondentFacts)
    declared: Declared = field(default_factory=Declared)  # its same_as: a key of hints.nearby
    asks: tuple[str, ...] = ()  # what the citizen ticked: complaint (a remedy), report (punishment), or both
    call: int | None = None  # the call-taker's own call, whose number is the requester's when none is given
    answers: tuple[tuple[int, str], ...] = ()  # (id of the question, answer)
    transferred_to: str = ""  # 110, 119, 120 or 122: the caller was passed on, the case is an emergency


@dataclass(frozen=True, slots=True)
class Submitted:
    """The case; created is False when an Idempotency-Key brought back an earlier one."""

    case: Case
    created: bool
    twin: Case | None = None  # the report, where both were asked for


def submit(viewer: Viewer, intake: Intake, key: str = "", *, synthetic: bool = False) -> Submitted:
    """Accept a complaint durably. After it returns, the case and its waiting work are committed.

    key: an Idempotency-Key, its own for each viewer. Raises Invalid (text, region, channel), Forbidden (a role that
    takes nothing in), Conflict (the key was used for another content).
    """
    channel = _channel_for(viewer, intake.channel)
    text = required_text(intake.text, "text")
    if not isinstance(viewer, User) and intake.requester.id_number:
        _require_consent(intake.declared)
    if intake.region and not Region.objects.filter(pk=intake.region).exists():
        message = _("There is no region with this code.")
        raise Invalid("unknown_region", message, {"region": message})
    owner = f"{viewer.pk}" if isinstance(viewer, User) else ""
    key_hash = privacy.keyed_hash(f"{owner}|{key}", "intake-key") if key else ""
    content = hashlib.sha256(json.dumps(asdict(intake), default=str, sort_keys=True).encode()).hexdigest()
    with transaction.atomic():
        if key_hash:
            earlier = _earlier(key_hash, content)
            if earlier:
                return Submitted(earlier, created=False, twin=report_beside(earlier))
        case = _create(viewer, intake, text, channel, synthetic)
        if key_hash:
            # ignore_conflicts keeps the transaction usable when a twin request won the race
            IntakeKey.objects.bulk_create([IntakeKey(key=key_hash, content=content, case=case)], ignore_conflicts=True)
            winner = _earlier(key_hash, content)
            if winner and winner.pk != case.pk:
                beside = report_beside(winner)
                transaction.set_rollback(True)  # no question to the database after this
                return Submitted(winner, created=False, twin=beside)
        jobs.configure_task(TRIAGE_JOB).defer()
        return Submitted(case, created=True, twin=open_twin(case) if len(set(intake.asks)) > 1 else None)


def _intent_of(intake: Intake) -> str:
    """What the citizen ticked, "" for nothing. A complaint needs somebody to mediate for (Order 121 art. 10)."""
    if COMPLAINT in intake.asks and intake.requester.anonymous:
        message = _("An anonymous person can report, but not complain.")
        raise Invalid("anonymous_complaint", message, {"asks": message})
    return COMPLAINT if COMPLAINT in intake.asks else REPORT if intake.asks else ""


def _require_consent(declared: Declared) -> None:
    """A citizen's identity number is taken with a consent of its own only (PIPL art. 29)."""
    if Consent.SENSITIVE not in declared.consents:
        message = _("The identity number may only be sent with a separate consent.")
        raise Invalid("consent_missing", message, {"requester.id_number": message})


def _channel_for(viewer: Viewer, wanted: str) -> str:
    if not isinstance(viewer, User):
        allowed, usual = frozenset({Channel.WEB.value}), Channel.WEB
    elif viewer.is_superuser:
        allowed, usual = frozenset(Channel.values), Channel.PHONE
    else:
        allowed = _CHANNELS.get(viewer.role, frozenset())
        usual = _USUAL_CHANNEL.get(Role(viewer.role), Channel.PHONE) if viewer.role else Channel.PHONE
    if not allowed:
        raise Forbidden("not_allowed", _("Your role does not take in complaints."))
    if wanted and wanted not in allowed:
        message = _("You may not file through this channel.")
        raise Invalid("channel_not_allowed", message, {"channel": message})
    return wanted or usual


def _earlier(key_hash: str, content: str) -> Case | None:
    used = IntakeKey.objects.select_related("case").filter(key=key_hash).first()
    if used is None:
        return None
    if used.content != content:
        raise Conflict("key_reused", _("This Idempotency-Key was already used for another content."))
    return used.case


def _create(viewer: Viewer, intake: Intake, text: str, channel: str, synthetic: bool) -> Case:
    person, respondent = intake.requester, intake.respondent
    answers = checked(intake.answers)
    staff = viewer if isinstance(viewer, User) else None
    masked = privacy.mask_text(text)
    # Life first: the phrases that mean danger are looked for here, before any model has run (taxonomy, rule U1).
    urgency, _hits = classifier.urgency_of(text, intake.title)
    case = Case(
        number=next_number(),
        channel=channel,
        source_line=intake.source_line,
        title=privacy.mask_text(intake.title),
        text=masked,
        sealed_text=text if masked != text else None,
        event_at=intake.event_at,
        place=intake.place,
        place_index=place_index(intake.place, intake.region),
        region_id=intake.region or None,
        urgency=urgency if urgency in Urgency.values else Urgency.U4,
        intent=_intent_of(intake),
        taken_by=staff,
        taken_by_unit_id=staff.unit_id if staff else None,
        synthetic=synthetic,
    )
    call = _call_of(viewer, intake.call)
    phone = person.phone or (call.phone or "" if call and not person.anonymous else "")
    requester = Requester(
        name=person.name,
        phone=phone,
        phone_index=privacy.phone_index(phone),
        id_number=person.id_number,
        address=person.address,
        anonymous=person.anonymous,
    )
    if person.anonymous or case.intent == REPORT:
        seal(case, requester)
    case.save()
    requester.case = case
    requester.save(force_insert=True)
    told = Respondent(
        case=case,
        **asdict(respondent),
        name_index=privacy.keyed_hash(respondent.name, "respondent-name") if respondent.name else "",
    )
    find_entries(told, intake.region)
    told.save(force_insert=True)
    Answer.objects.bulk_create([_of(case, answer) for answer in answers])
    TriageTask.objects.create(case=case)
    said = replace(intake.declared, same_as=same_as(intake.declared.same_as))
    write(Change(case, data={"channel": channel} | said.data()), "register", viewer)
    if call and call.case_id is None:
        Call.objects.filter(pk=call.pk).update(case=case)
    if intake.transferred_to:
        transfer(viewer, case.number, intake.transferred_to)
        case.refresh_from_db()
    return case


def _call_of(viewer: Viewer, pk: int | None) -> Call | None:
    return Call.objects.of(viewer).by_id(pk) if pk is not None else None


def _of(case: Case, answer: Answer) -> Answer:
    answer.case = case
    return answer
