"""The facts on a document: gathered from the case, frozen as JSON, masked for printing."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import Any, Final

from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _

from complaints.documents.forms import Ask, Form
from complaints.lifecycle import ruleset_on
from complaints.models import (
    Case,
    Clock,
    Consent,
    Declared,
    Event,
    Ground,
    GroundKind,
    Mediation,
    Outcome,
    PartyStatus,
    RoutingDecision,
    Verification,
)
from routing import card
from routing.models import Topic, Unit

Section = dict[str, Any]
_TOLD: Final = ("accept", "refuse", "reply")
_MOST: Final = {"text": 200, "long": 3000}  # characters
_ITEM: Final = re.compile(r"art\. (?:15|16|21)\((\d+)\)$")  # articles whose numbered items our grounds name
_NUMERALS: Final = "一二三四五六七八九十"


class Sources:
    """One case and what is known of it, each read at most once. The case must be visible to whoever asks."""

    def __init__(self, case: Case):
        self.case = case
        self.received_on: date = timezone.localdate(case.received_at)
        self.ruleset = ruleset_on(self.received_on)

    @cached_property
    def events(self) -> list[Event]:
        """What was decided and told, oldest first."""
        return list(self.case.events.filter(kind__in=_TOLD).select_related("unit").order_by("version"))

    def last(self, kind: str) -> Event | None:
        return next((event for event in reversed(self.events) if event.kind == kind), None)

    @cached_property
    def decision(self) -> RoutingDecision | None:
        return self.case.decisions.order_by("-pk").first()

    @cached_property
    def mediation(self) -> Mediation | None:
        return self.case.mediations.select_related("ground").order_by("-pk").first()

    @cached_property
    def verification(self) -> Verification | None:
        return self.case.verifications.order_by("-pk").first()

    @cached_property
    def clocks(self) -> list[Clock]:
        open_ones = self.case.clocks.filter(stopped_at=None, policy__is_window=False, policy__public=True)
        return list(open_ones.select_related("policy").order_by("due_at", "pk"))

    @cached_property
    def outcome(self) -> Outcome | None:
        return Outcome.objects.filter(case=self.case).first()

    @cached_property
    def topic_name(self) -> str:
        found = Topic.objects.filter(code=self.case.topic).values_list("name", flat=True).first()
        return found or self.case.topic

    @cached_property
    def participants(self) -> list[str]:
        rows = self.case.assignments.exclude(status=PartyStatus.RETURNED).exclude(unit=self.case.lead_unit_id)
        return list(rows.order_by("pk").values_list("unit__name", flat=True))


@dataclass(frozen=True, slots=True)
class Facts:
    """What a sheet would say. missing: names of facts that are not there yet. bad: messages by asked field."""

    content: Section
    missing: list[str] = field(default_factory=list)
    bad: dict[str, str] = field(default_factory=dict)


def freeze(content: Section) -> tuple[str, str]:
    """The content as the text that is stored, and its SHA-256 in hex."""
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return text, hashlib.sha256(text.encode()).hexdigest()


def in_words(day: date) -> str:
    """2026年11月22日"""
    return f"{day.year}年{day.month}月{day.day}日"


def moment_in_words(at: datetime) -> str:
    """2026年11月22日9时05分"""
    at = timezone.localtime(at)
    return f"{in_words(at)}{at.hour}时{at.minute:02d}分"


def gather(form: Form, sources: Sources, issuer: Unit, given: Mapping[str, Any] | None) -> Facts:
    """What the form would say about the case, issued by that unit. given: answers to the form's asks; None: not yet
    asked, so that only what the case itself lacks is missing."""
    case = sources.case
    answers, bad = _answers(form, given or {})
    content: Section = {
        "form": form.code,
        "title": form.title,
        "style": form.style,
        "unit": issuer.name,
        "ruleset": sources.ruleset,
        "basis": form.basis(sources.ruleset),
        "case": {
            "number": case.number,
            "received": in_words(sources.received_on),
            "channel": case.get_channel_display(),
        },
        "given": answers,
    }
    missing: list[str] = []
    for need in form.needs:
        section, lacking = NEEDS[need](sources)
        content.update(section)
        missing += lacking
    return Facts(content, missing, {} if given is None else bad)


def _answers(form: Form, given: Mapping[str, Any]) -> tuple[Section, dict[str, str]]:
    answers: Section = {}
    bad = {name: _("This form does not ask for this.") for name in given if name not in {ask.name for ask in form.asks}}
    for ask in form.asks:
        value = given.get(ask.name)
        if value in (None, ""):
            answers[ask.name] = ""
            if ask.required:
                bad[ask.name] = _("This field may not be empty.")
        else:
            try:
                answers[ask.name] = _answer(ask, str(value).strip())
            except ValueError as error:
                bad[ask.name] = str(error)
    return answers, bad


def _answer(ask: Ask, value: str) -> str:
    """The answer as it is printed; ValueError in words."""
    if ask.kind == "date":
        day = parse_date(value)
        if day is None:
            raise ValueError(_("This is not a date."))
        if day < timezone.localdate():
            raise ValueError(_("This day is already past."))
        return in_words(day)
    most = _MOST[ask.kind]
    if len(value) > most:
        raise ValueError(_("At most %(most)s characters.") % {"most": most})
    return value


# --- what a form may need: (sections of the content, names of what is missing) -----------------------------------


def _person(sources: Sources) -> Section:
    person = sources.case.requester
    return {
        "name": person.name,
        "phone": person.phone,
        "id_number": person.id_number,
        "address": person.address,
        "anonymous": person.anonymous,
        "sealed": sources.case.sealed,
    }


def _requester(sources: Sources) -> tuple[Section, list[str]]:
    person = _person(sources)
    needed = {"name": _("the complainant's name"), "phone": _("the complainant's phone")}
    return {"requester": person}, [label for name, label in needed.items() if not person[name]]


def _requester_any(sources: Sources) -> tuple[Section, list[str]]:
    return {"requester": _person(sources)}, []


def _reporter_known(sources: Sources) -> tuple[Section, list[str]]:
    person = _person(sources)
    known = person["name"] and not person["anonymous"]
    return {"requester": person}, [] if known else [_("the reporter's name (an anonymous reporter cannot be told)")]


def _agrees(sources: Sources) -> tuple[Section, list[str]]:
    """What the complainant agreed to; null where nobody asked, as on the phone."""
    said = Declared.of(sources.case)
    asked = {"publish": Consent.PUBLISH, "delegate": Consent.MEDIATION}
    return {"agrees": {name: consent in said.consents if said else None for name, consent in asked.items()}}, []


def _respondent_any(sources: Sources) -> tuple[Section, list[str]]:
    found = sources.case.respondent
    shown = {"name": found.name, "uscc": found.uscc, "address": found.address, "phone": found.phone}
    return {"respondent": shown}, []


def _respondent(sources: Sources) -> tuple[Section, list[str]]:
    section, _nothing = _respondent_any(sources)
    return section, [] if section["respondent"]["name"] else [_("the respondent's name")]


def _text(sources: Sources) -> tuple[Section, list[str]]:
    case = sources.case
    return {
        "matter": {
            "title": case.title,
            "text": case.original_text,
            "event_at": moment_in_words(case.event_at) if case.event_at else "",
            "place": case.place,
            "region": case.region.full_name if case.region else "",
            "topic": sources.topic_name,
            "intent": case.intent,
        }
    }, []


def _evidence(sources: Sources) -> tuple[Section, list[str]]:
    return {"evidence": [file.name for file in sources.case.evidence()]}, []


def _lead(sources: Sources) -> tuple[Section, list[str]]:
    lead = sources.case.lead_unit
    return {"lead": lead.name if lead else ""}, [] if lead else [_("the lead unit")]


def _accepted(sources: Sources) -> tuple[Section, list[str]]:
    event = sources.last("accept")
    on = in_words(timezone.localdate(event.at)) if event else ""
    return {"accepted": on}, [] if event else [_("the decision to accept the complaint")]


def _refused(sources: Sources) -> tuple[Section, list[str]]:
    event = sources.last("refuse")
    if event is None:
        return {}, [_("the decision not to accept the complaint")]
    code, ruleset = event.data.get("ground", ""), event.data.get("ruleset", "")
    ground = Ground.objects.filter(kind=GroundKind.REFUSAL, code=code, ruleset=ruleset).first()
    refused = {
        "on": in_words(timezone.localdate(event.at)),
        "ground": event.reason,
        "item": _item(ground),
        "text": event.note,
    }
    return {"refused": refused}, []


def _item(ground: Ground | None) -> str:
    """第（二）项, where the ground is a numbered item of an article."""
    found = _ITEM.search(ground.source) if ground else None
    return f"第（{_NUMERALS[int(found[1]) - 1]}）项" if found else ""


def _session(sources: Sources) -> tuple[Section, list[str]]:
    mediation = sources.mediation
    planned = mediation.sessions.filter(complainant_came=None).first() if mediation and mediation.is_open else None
    if planned is None:
        return {}, [_("a planned session of the mediation")]
    where = "，".join(filter(None, (planned.get_manner_display(), planned.place)))
    return {"session": {"at": moment_in_words(planned.at), "where": where}}, []


def _end(sources: Sources) -> tuple[Section, list[str]]:
    mediation = sources.mediation
    if mediation is None or mediation.ended_at is None or mediation.ground is None:
        return {}, [_("the end of the mediation with its ground")]
    on = in_words(timezone.localdate(mediation.ended_at))
    return {"end": {"ground": mediation.ground.label, "item": _item(mediation.ground), "on": on}}, []


def _agreement(sources: Sources) -> tuple[Section, list[str]]:
    mediation = sources.mediation
    if mediation is None or mediation.agreed_at is None or not mediation.terms:
        return {}, [_("an agreement reached in mediation")]
    amount = f"{mediation.amount:.2f}" if mediation.amount is not None else ""
    on = in_words(timezone.localdate(mediation.agreed_at))
    said = {"terms": mediation.terms, "amount": amount, "on": on, "performed": mediation.performed}
    return {"agreement": said}, []


def _decided(sources: Sources) -> tuple[Section, list[str]]:
    found = sources.verification
    if found is None or found.decided_at is None:
        return {}, [_("the decision on the report")]
    return {"decided": {"on": in_words(timezone.localdate(found.decided_at)), "filed": found.filed}}, []


def _handling(sources: Sources) -> tuple[Section, list[str]]:
    case, outcome = sources.case, sources.outcome
    replies = [event for event in sources.events if event.kind == "reply"]
    return {
        "handling": {
            "state": case.get_state_display(),
            "urgency": f"{case.urgency} {case.get_urgency_display()}",
            "source_line": case.source_line,
            "lead": case.lead_unit.name if case.lead_unit else "",
            "participants": sources.participants,
            "clocks": [{"name": clock.policy.label, "due": moment_in_words(clock.due_at)} for clock in sources.clocks],
            "replies": [
                {"unit": event.unit.name if event.unit else "", "at": moment_in_words(event.at), "text": event.note}
                for event in replies
            ],
            "outcome": _outcome_in_words(outcome) if outcome else "",
        }
    }, []


def _outcome_in_words(outcome: Outcome) -> str:
    said = [outcome.get_solved_display()]
    if outcome.claimed is not None:
        said.append(f"涉及金额{outcome.claimed}元")
    if outcome.recovered is not None:
        said.append(f"挽回损失{outcome.recovered}元")
    return "，".join(said)


def _decision(sources: Sources) -> tuple[Section, list[str]]:
    decision = sources.decision
    if decision is None:
        return {}, [_("the routing decision")]
    names = ("reasons", "level", "record", "rule", "rule_version", "ruleset")
    stored = {name: getattr(decision, name) for name in names}
    return {"card": card.build(sources.case.number, decision.at, stored)}, []


Need = Callable[[Sources], tuple[Section, list[str]]]
NEEDS: Final[dict[str, Need]] = {
    "requester": _requester,
    "requester_any": _requester_any,
    "reporter": _requester_any,
    "reporter_known": _reporter_known,
    "agrees": _agrees,
    "respondent": _respondent,
    "respondent_any": _respondent_any,
    "text": _text,
    "evidence": _evidence,
    "lead": _lead,
    "accepted": _accepted,
    "refused": _refused,
    "session": _session,
    "end": _end,
    "agreement": _agreement,
    "decided": _decided,
    "handling": _handling,
    "decision": _decision,
}
