"""What can be said of a complaint while it is still being typed: topic, urgency, who would handle it, cases like it."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import Any, Final

from django.utils import timezone

import classifier
from classifier import ClassifierBusy, ClassifierUnavailable, Message
from complaints import privacy
from complaints.actions import serving, where
from complaints.actions.closer_look import vector_for
from complaints.actions.questions import routing_fields
from complaints.models import Call, Case, Requester, Respondent, Viewer
from complaints.models.embedding import Similar, similar_to
from complaints.serializers.outgoing import topic_names
from routing.decide import Router
from routing.facts import Facts
from routing.fields import recognise
from routing.reasons import sentence

FRESH: Final = 30  # seconds for which rules and names are kept; the saved case is routed by what holds then
TOPICS: Final = 3
SIMILAR: Final = 5
SHORTEST: Final = 4  # characters; less text says nothing about a topic


@dataclass(frozen=True, slots=True)
class Draft:
    """A complaint in the making. region: chosen by the call-taker, "" when open. answers: by field."""

    text: str
    region: str = ""
    place: str = ""
    answers: Mapping[str, str] = field(default_factory=dict)


def hint(draft: Draft) -> dict[str, Any]:
    """One pass of the model and one decision of the rules; `HintOut` says what is in it. Writes nothing.

    Without a topic: the text is too short, or no model answers (`available` is False then).
    """
    text = draft.text.strip()
    urgency, hits = classifier.urgency_of(text)
    found = _nothing(urgency, hits) | {"region": _region(draft)}
    if len(text) < SHORTEST:
        return found
    try:
        serving.follow()
        [said] = classifier.active().classify([Message(text)])
    except (ClassifierBusy, ClassifierUnavailable):
        return found | {"available": False}
    names = _names(_spell())
    region = draft.region or (found["region"] or {}).get("code", "")
    decision = _router(region, said.topic, timezone.localdate(), _spell()).decide(
        Facts(
            topic=said.topic,
            region=region,
            urgency=min(urgency, said.urgency),
            channel="phone",
            confidence=said.confidence,
            fields=recognise(text, said.topic) | routing_fields(draft.answers),
            intent=said.intent,
        )
    )
    everybody = [unit for unit in (decision.lead, *decision.participants) if unit]
    units = [{"id": unit, "name": decision.names.get(unit, "")} for unit in everybody]
    return found | {
        "topic": {"code": said.topic, "name": names.get(said.topic, "")},
        "domain": said.domain,
        "confidence": said.confidence,
        "sure": not said.needs_review,
        "topics": [
            {"code": score.code, "name": names.get(score.code, ""), "probability": score.probability}
            for score in said.topics[:TOPICS]
        ],
        "intent": said.intent,
        "urgency": min(urgency, said.urgency),
        "lead": units[0] if decision.lead else None,
        "participants": units[1:] if decision.lead else [],
        "reasons": [{"code": reason.code, "text": sentence(reason)} for reason in decision.reasons],
    }


def similar_draft(viewer: Viewer, draft: Draft, *, phone: str = "", call: int | None = None) -> list[Similar]:
    """Cases that the viewer may see and that may be about the same; one of the same caller or place ranks as such."""
    text = draft.text.strip()
    if len(text) < SHORTEST:
        return []
    index = privacy.phone_index(phone)
    if call is not None and not index:
        index = Call.objects.of(viewer).live().by_id(call).phone_index
    case = Case(text=privacy.mask_text(text), place=draft.place, received_at=timezone.now())
    case.requester = Requester(phone_index=index)
    case.respondent = Respondent()
    version, vector = vector_for(Message(case.text))
    return similar_to(case, version, vector, Case.objects.visible_to(viewer), SIMILAR) if vector else []


def _nothing(urgency: str, hits: tuple[classifier.UrgencyHit, ...]) -> dict[str, Any]:
    shown = [{"level": hit.level, "danger": hit.danger, "phrase": hit.phrase} for hit in hits]
    return {
        "available": True, "topic": None, "domain": None, "confidence": 0.0, "sure": False, "topics": [], "intent": "",
        "urgency": urgency, "hits": shown, "region": None, "lead": None, "participants": [], "reasons": [],
    }  # fmt: skip


def _region(draft: Draft) -> dict[str, str] | None:
    """What place or words name, when nobody chose and there is but one; the call-taker takes it over, or asks."""
    if draft.region:
        return None
    for words in (draft.place, draft.text):
        named = where.find_region(words).regions if words.strip() else ()
        if len(named) == 1:
            return {"code": named[0].code, "name": named[0].name}
    return None


def _spell() -> int:
    return int(time.monotonic() // FRESH)


@lru_cache(maxsize=256)
def _router(region: str, topic: str, day: date, spell: int) -> Router:
    return Router.load({region} if region else set(), {topic}, on=day)


@lru_cache(maxsize=1)
def _names(spell: int) -> dict[str, str]:
    return topic_names() | classifier.disposition_names()
