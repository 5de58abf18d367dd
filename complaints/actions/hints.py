"""What the filing page asks back while a citizen writes: is it about this, is there danger, is it one of these?

Nothing is stored. A hint never stands in the way: where the model or the index cannot say, there is none.
"""

from __future__ import annotations

import base64
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from cryptography.exceptions import InvalidTag
from django.utils import timezone

import classifier
from classifier import Message
from complaints import privacy
from complaints.actions import serving
from complaints.actions.closer_look import vector_for
from complaints.models import Case
from complaints.models.case import Urgency
from complaints.models.embedding import nearest
from routing.models import Topic

ASK_FROM: Final = 0.4  # confidence; below it the question would confuse more than it helps
ALIKE_FROM: Final = 0.6  # cosine; texts of two people about one nuisance lie above it, other matters below 0.4
NEARBY: Final = 3
RECENT: Final = timedelta(days=60)
KEY_LASTS: Final = timedelta(days=8)  # a draft is kept for seven
_PURPOSE: Final = "nearby-case"


@dataclass(frozen=True, slots=True)
class TopicHint:
    """topic: code and name to ask about, or None. danger: words that mean danger to life."""

    topic: tuple[str, str] | None
    danger: bool


@dataclass(frozen=True, slots=True)
class Near:
    """A like case as a stranger may know it. key: names the case to `same_as`, unreadable and good for eight days."""

    key: str
    case: Case


def topic_hint(text: str) -> TopicHint:
    """What to ask the writer of this text."""
    serving.follow()
    [said] = classifier.active().classify([Message(text)])
    name = Topic.objects.filter(code=said.topic).values_list("name", flat=True).first()
    asked = (said.topic, name) if name and said.confidence >= ASK_FROM else None
    return TopicHint(asked, said.urgency == Urgency.U1)


def nearby(text: str, region: str) -> list[Near]:
    """Open cases of the county (or city) that this text is much like, most alike first; none of a sealed reporter."""
    if region.endswith("0000"):  # a whole province is not nearby
        return []
    version, vector = vector_for(Message(text))
    if vector is None:
        return []
    among = Case.objects.hinted_in(region).filter(received_at__gte=timezone.now() - RECENT).select_related("region")
    return [Near(key_of(case), case) for case, alike in nearest(version, vector, among, NEARBY) if alike >= ALIKE_FROM]


def key_of(case: Case) -> str:
    """The key of a case for `same_as`."""
    sealed = privacy.encrypt(f"{case.number} {int(timezone.now().timestamp())}", _PURPOSE)
    return base64.urlsafe_b64encode(sealed).decode()


def same_as(key: str) -> str:
    """The number behind a key of `nearby`; "" when it is no such key or too old: a hint lost refuses no complaint."""
    try:
        number, moment = privacy.decrypt(base64.urlsafe_b64decode(key), _PURPOSE).split()
    except (InvalidTag, LookupError, ValueError):
        return ""
    return number if timezone.now().timestamp() - int(moment) <= KEY_LASTS.total_seconds() else ""
