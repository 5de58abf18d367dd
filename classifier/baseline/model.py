"""The baseline behind the Classifier interface: numpy only, deterministic, safe to use from several threads."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from classifier.answers import prediction
from classifier.baseline.artefact import Quantised, load
from classifier.baseline.features import Floats, SparseRows, count, tf_idf
from classifier.interface import Message, Prediction
from classifier.labels import DOMAINS, URGENCIES, all_labels
from classifier.substance import whole_text
from classifier.urgency import ORDINARY

BATCH = 64  # messages worked on at once; bounds memory
OUT_OF_SCOPE = len(DOMAINS)


class HeadProbabilities(NamedTuple):
    """Shapes [messages, labels], [messages, intents] and [messages, urgencies]; rows sum to 1."""

    topic: Floats
    intent: Floats
    urgency: Floats


class NgramClassifier:
    """Serves one artefact folder. Raises ArtefactError where the folder does not hold a whole one."""

    def __init__(self, folder: Path) -> None:
        self._artefact = load(folder)
        self._card = self._artefact.card
        self._domain_of = domain_numbers(self._card.labels)

    @property
    def version(self) -> str:
        return self._card.version

    @property
    def labels(self) -> tuple[str, ...]:
        return self._card.labels

    @property
    def intents(self) -> tuple[str, ...]:
        return self._card.intents

    @property
    def urgencies(self) -> tuple[str, ...]:
        return self._card.urgencies

    @property
    def review_below(self) -> float:
        return self._card.review_below

    def classify(self, messages: Sequence[Message]) -> list[Prediction]:
        """A prediction for each message, in order. One that says nothing is X11 and for a person."""
        predictions: list[Prediction] = []
        for start in range(0, len(messages), BATCH):
            predictions += self._classify(messages[start : start + BATCH])
        return predictions

    def topic_probabilities(self, messages: Sequence[Message]) -> Floats:
        """Calibrated, shape [messages, labels]; rows sum to 1."""
        parts = [
            softmax(self._scores("topic", self._rows(messages[start : start + BATCH])) / self._card.temperature)
            for start in range(0, len(messages), BATCH)
        ]
        return np.concatenate(parts) if parts else np.zeros((0, len(self.labels)), dtype=np.float32)

    def head_probabilities(self, messages: Sequence[Message]) -> HeadProbabilities:
        """Of all three heads, calibrated as `topic_probabilities`; from one count of the n-grams."""
        parts = [self._heads(self._rows(messages[at : at + BATCH])) for at in range(0, max(len(messages), 1), BATCH)]
        return HeadProbabilities(*(np.concatenate(columns) for columns in zip(*parts, strict=True)))

    def _classify(self, messages: Sequence[Message]) -> list[Prediction]:
        topics, intents, urgent = self._heads(self._rows(messages))
        domains = domain_probabilities(topics, self._domain_of)
        best = best_topics(topics, domains, self._domain_of)
        return [
            prediction(
                message,
                whole_text(message),
                labels=self.labels,
                topics=topics[i],
                best=int(best[i]),
                sure=float(domains[i].max()) >= self._card.review_below,
                intent=self._card.intents[intents[i].argmax()],
                level=model_level(urgent[i], self._card.urgencies, self._card.urgent_from),
                version=self.version,
            )
            for i, message in enumerate(messages)
        ]

    def _heads(self, rows: SparseRows) -> HeadProbabilities:
        topics = softmax(self._scores("topic", rows) / self._card.temperature)
        return HeadProbabilities(topics, softmax(self._scores("intent", rows)), softmax(self._scores("urgency", rows)))

    def _rows(self, messages: Sequence[Message]) -> SparseRows:
        return tf_idf(count(messages), len(messages), self._artefact.vocabulary, self._artefact.idf)

    def _scores(self, name: str, rows: SparseRows) -> Floats:
        return head_scores(rows, self._artefact.heads[name])


def head_scores(rows: SparseRows, head: Quantised) -> Floats:
    """Shape [rows, labels]. Row by row: gathering a row's weights as int8 first is what keeps this fast."""
    sums = np.empty((len(rows), len(head.bias)), dtype=np.float32)
    for i, (start, end) in enumerate(zip(rows.starts[:-1], rows.starts[1:], strict=True)):
        sums[i] = rows.values[start:end] @ head.steps[rows.columns[start:end]].astype(np.float32)
    return sums * head.scale + head.bias


def softmax(scores: Floats) -> Floats:
    """Row by row."""
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))
    probabilities: Floats = powers / powers.sum(axis=1, keepdims=True)
    return probabilities


def domain_numbers(labels: Sequence[str]) -> NDArray[np.int64]:
    """For each label the number of its domain in DOMAINS, or OUT_OF_SCOPE."""
    domains = [all_labels()[code].domain for code in labels]
    return np.array([OUT_OF_SCOPE if domain is None else DOMAINS.index(domain) for domain in domains])


def domain_probabilities(topics: Floats, domain_of: NDArray[np.int64]) -> Floats:
    """Sums over each domain's topics, shape [rows, 5]: DOMAINS, then out of scope."""
    return np.stack([topics[:, domain_of == d].sum(axis=1) for d in range(OUT_OF_SCOPE + 1)], axis=1)


def best_topics(topics: Floats, domains: Floats, domain_of: NDArray[np.int64]) -> NDArray[np.int64]:
    """Column of each row's most probable topic within its most probable domain."""
    allowed = domains.argmax(axis=1)[:, None] == domain_of
    best: NDArray[np.int64] = np.where(allowed, topics, -1.0).argmax(axis=1)
    return best


def model_level(urgent: Floats, levels: Sequence[str], urgent_from: Sequence[float]) -> str:
    """The highest level whose probability, with that of the levels above it, reaches its threshold.

    urgent: the probabilities of `levels`, most urgent first; a level that the model does not know has none.
    """
    reached = 0.0
    for level, needed in zip(URGENCIES, urgent_from, strict=False):
        if level in levels:
            reached += float(urgent[levels.index(level)])
        if reached >= needed:
            return level
    return ORDINARY
