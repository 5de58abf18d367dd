"""Taking a complaint in (登记): the case, its first event and the waiting work, in one transaction."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Final

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from procrastinate.contrib.django import app as jobs

import classifier
from complaints import numbers, privacy
from complaints.actions.record import Change, required_text, write
from complaints.errors import Conflict, Forbidden, Invalid
from complaints.models import Case, IntakeKey, Requester, Respondent, Role, TriageTask, User, Viewer
from complaints.models.case import Channel, Urgency
from routing.models import Region

TRIAGE_JOB: Final = "complaints.triage"
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


@dataclass(frozen=True, slots=True)
class Submitted:
    """The case; created is False when an Idempotency-Key brought back an earlier one."""

    case: Case
    created: bool


def submit(viewer: Viewer, intake: Intake, key: str = "", *, synthetic: bool = False) -> Submitted:
    """Accept a complaint durably. After it returns, the case and its waiting work are committed.

    key: an Idempotency-Key, its own for each viewer. Raises Invalid (text, region, channel), Forbidden (a role that
    takes nothing in), Conflict (the key was used for another content).
    """
    channel = _channel_for(viewer, intake.channel)
    text = required_text(intake.text, "text")
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
                return Submitted(earlier, created=False)
        case = _create(viewer, intake, text, channel, synthetic)
        if key_hash:
            # ignore_conflicts keeps the transaction usable when a twin request won the race
            IntakeKey.objects.bulk_create([IntakeKey(key=key_hash, content=content, case=case)], ignore_conflicts=True)
            winner = _earlier(key_hash, content)
            if winner and winner.pk != case.pk:
                transaction.set_rollback(True)
                return Submitted(winner, created=False)
        jobs.configure_task(TRIAGE_JOB).defer()
        return Submitted(case, created=True)


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
        region_id=intake.region or None,
        urgency=urgency if urgency in Urgency.values else Urgency.U4,
        sealed=person.anonymous,
        taken_by=staff,
        taken_by_unit_id=staff.unit_id if staff else None,
        synthetic=synthetic,
    )
    case.save()
    Requester.objects.create(
        case=case,
        name=person.name,
        phone=person.phone,
        phone_index=privacy.phone_index(person.phone),
        id_number=person.id_number,
        address=person.address,
        anonymous=person.anonymous,
    )
    Respondent.objects.create(
        case=case,
        name=respondent.name,
        name_index=privacy.keyed_hash(respondent.name, "respondent-name") if respondent.name else "",
        uscc=respondent.uscc,
        address=respondent.address,
        phone=respondent.phone,
    )
    TriageTask.objects.create(case=case)
    write(Change(case, data={"channel": channel}), "register", viewer)
    return case


def next_number() -> str:
    """A case number nobody has; taken from the sequence, so it is never given twice."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('complaints_case_running')")
        running = cursor.fetchone()[0]
    return numbers.make_number(timezone.localdate(), running)
