"""What a classifier takes and gives. No Django, no model library: every implementation stands behind this."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol, runtime_checkable


@dataclass(frozen=True, slots=True)
class Message:
    """One citizen's message. `title` may be empty; `text` may be anything, also empty."""

    text: str
    title: str = ""


@dataclass(frozen=True, slots=True)
class TopicScore:
    """A topic or disposition code (P01..V10, X01..X12) with its calibrated probability, 0..1."""

    code: str
    probability: float


@dataclass(frozen=True, slots=True)
class UrgencyHit:
    """A trigger phrase found in the text: level U1..U3, class of danger, and where (code points, end exclusive).

    Offsets refer to `title + "\\n" + text` when there is a title, else to `text`.
    """

    level: str
    danger: str
    phrase: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Prediction:
    """What the model says of one message.

    domain: product, engineering, service, environment, or None when the topic is an X code (out of scope).
    topics: the most probable codes, best first, at most five. confidence: the calibrated probability of `topic`.
    urgency: U1 (life in danger) .. U4 (ordinary), the higher of rules and model. needs_review: a person decides.
    """

    domain: str | None
    topic: str
    confidence: float
    topics: tuple[TopicScore, ...]
    intent: str
    urgency: str
    urgency_hits: tuple[UrgencyHit, ...]
    needs_review: bool
    model_version: str


class Classifier(Protocol):
    """Deterministic for a version; `classify` keeps the order and never raises on any text."""

    @property
    def version(self) -> str: ...

    @property
    def labels(self) -> tuple[str, ...]: ...

    def classify(self, messages: Sequence[Message]) -> list[Prediction]: ...


@runtime_checkable
class Abstaining(Protocol):
    """A classifier that leaves a message to a person below one probability of the domain, 0..1."""

    @property
    def review_below(self) -> float: ...
