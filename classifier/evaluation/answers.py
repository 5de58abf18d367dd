"""What one model says of a set of messages, in the form in which all models are judged."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeVar, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from classifier.baseline.examples import Example
from classifier.encoder.metrics import best_topics, domain_probabilities
from classifier.encoder.records import DOMAINS, domain_of
from classifier.evaluation.measures import Bools, Floats
from classifier.interface import Classifier, Message, Prediction

SHOWN = 3
Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class Answers:
    """One model's answers, all in the messages' order.

    shown: the first three codes, best first. confidence, domain_confidence: probabilities of the topic and of
    its domain. routed: not held back for a person. intents, urgencies: None for a model that does not say them.
    """

    name: str
    version: str
    topics: tuple[str, ...]
    shown: tuple[tuple[str, ...], ...]
    confidence: Floats
    domains: tuple[str, ...]
    domain_confidence: Floats
    routed: Bools
    intents: tuple[str, ...] | None = None
    urgencies: tuple[str, ...] | None = None

    def of(self, rows: NDArray[np.intp]) -> Answers:
        """The answers to some of the messages."""
        return Answers(
            self.name,
            self.version,
            _some(self.topics, rows),
            _some(self.shown, rows),
            self.confidence[rows],
            _some(self.domains, rows),
            self.domain_confidence[rows],
            self.routed[rows],
            _some(self.intents, rows) if self.intents else None,
            _some(self.urgencies, rows) if self.urgencies else None,
        )


def together(parts: Sequence[Answers]) -> Answers:
    """The answers of several models of one name to one part of the messages each, as one model's to all of them."""

    def joined(values: Iterable[tuple[Value, ...] | None]) -> tuple[Value, ...] | None:
        given = list(values)
        return None if None in given else tuple(value for some in given if some for value in some)

    return Answers(
        parts[0].name,
        "",
        topics=tuple(topic for part in parts for topic in part.topics),
        shown=tuple(codes for part in parts for codes in part.shown),
        confidence=np.concatenate([part.confidence for part in parts]),
        domains=tuple(domain for part in parts for domain in part.domains),
        domain_confidence=np.concatenate([part.domain_confidence for part in parts]),
        routed=np.concatenate([part.routed for part in parts]),
        intents=joined(part.intents for part in parts),
        urgencies=joined(part.urgencies for part in parts),
    )


@runtime_checkable
class TellsProbabilities(Protocol):
    """A classifier that also gives the probability of every topic, shape [messages, labels]."""

    @property
    def labels(self) -> tuple[str, ...]: ...

    def topic_probabilities(self, messages: Sequence[Message]) -> NDArray[np.floating]: ...


def of_classifier(name: str, classifier: Classifier, examples: Sequence[Example]) -> Answers:
    """What a served model answers. Without all probabilities its domain's is the sum over the five topics shown."""
    messages = [e.message for e in examples]
    predictions = classifier.classify(messages)
    sure = np.array([_shown_domain_probability(p) for p in predictions])
    if isinstance(classifier, TellsProbabilities):
        every = np.asarray(classifier.topic_probabilities(messages), dtype=np.float64)
        by_domain = domain_probabilities(every, classifier.labels)
        for i, prediction in enumerate(predictions):
            if len(prediction.topics) > 1:  # else a rule decided, not the probabilities
                sure[i] = by_domain[i, DOMAINS.index(domain_of(prediction.topic))]
    return Answers(
        name,
        classifier.version,
        topics=tuple(p.topic for p in predictions),
        shown=tuple(tuple(t.code for t in p.topics[:SHOWN]) for p in predictions),
        confidence=np.array([p.confidence for p in predictions], dtype=np.float64),
        domains=tuple(domain_of(p.topic) for p in predictions),
        domain_confidence=sure,
        routed=np.array([not p.needs_review for p in predictions]),
        intents=tuple(p.intent for p in predictions),
        urgencies=tuple(p.urgency for p in predictions),
    )


def of_probabilities(
    name: str, version: str, p: Floats, labels: Sequence[str], below: Floats | float, *, domain_first: bool = True
) -> Answers:
    """Answers that follow from topic probabilities [messages, labels]; domains surer than `below` are routed.

    domain_first: the best topic of the best domain, as served models answer; else simply the best topic.
    """
    by_domain = domain_probabilities(p, labels)
    best = best_topics(p, labels) if domain_first else p.argmax(axis=1)
    domains = [domain_of(labels[i]) for i in best]
    sure = by_domain[np.arange(len(p)), [DOMAINS.index(d) for d in domains]]
    order = np.argsort(-p, axis=1, kind="stable")
    shown = [[b, *(i for i in row if i != b)][:SHOWN] for row, b in zip(order, best, strict=True)]
    return Answers(
        name,
        version,
        topics=tuple(labels[i] for i in best),
        shown=tuple(tuple(labels[i] for i in row) for row in shown),
        confidence=p[np.arange(len(p)), best],
        domains=tuple(domains),
        domain_confidence=sure,
        routed=sure >= below,
    )


def _some(values: tuple[Value, ...], rows: NDArray[np.intp]) -> tuple[Value, ...]:
    return tuple(values[i] for i in rows)


def _shown_domain_probability(prediction: Prediction) -> float:
    own = domain_of(prediction.topic)
    return min(1.0, sum(t.probability for t in prediction.topics if domain_of(t.code) == own))
