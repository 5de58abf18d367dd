"""The baseline behind the Classifier interface: numpy only, deterministic, safe to use from several threads."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from classifier.baseline.artefact import Quantised, load
from classifier.baseline.features import Floats, SparseRows, count, tf_idf
from classifier.interface import Message, Prediction, TopicScore
from classifier.labels import DOMAINS, NOTHING_SAID, URGENCIES, all_labels
from classifier.substance import is_hard_to_read, says_nothing, whole_text
from classifier.urgency import ORDINARY, urgency_hits

TOPICS_SHOWN = 5
BATCH = 64  # messages worked on at once; bounds memory
OUT_OF_SCOPE = len(DOMAINS)


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

    def _classify(self, messages: Sequence[Message]) -> list[Prediction]:
        rows = self._rows(messages)
        topics = softmax(self._scores("topic", rows) / self._card.temperature)
        domains = domain_probabilities(topics, self._domain_of)
        best = best_topics(topics, domains, self._domain_of)
        intents = self._scores("intent", rows).argmax(axis=1)
        urgent = softmax(self._scores("urgency", rows))
        predictions = []
        for i, message in enumerate(messages):
            text, hits = whole_text(message), urgency_hits(message)
            level = min((hit.level for hit in hits), default=ORDINARY)
            if says_nothing(text):
                shown: tuple[TopicScore, ...] = (TopicScore(NOTHING_SAID, 1.0),)
                review = True
            else:
                shown = self._shown(topics[i], int(best[i]))
                review = float(domains[i].max()) < self._card.review_below or is_hard_to_read(text)
                level = min(level, model_level(urgent[i], self._card.urgencies, self._card.urgent_from))
            predictions.append(
                Prediction(
                    domain=all_labels()[shown[0].code].domain,
                    topic=shown[0].code,
                    confidence=shown[0].probability,
                    topics=shown,
                    intent=self._card.intents[intents[i]],
                    urgency=level,
                    urgency_hits=hits,
                    needs_review=review,
                    model_version=self.version,
                )
            )
        return predictions

    def _shown(self, topics: Floats, best: int) -> tuple[TopicScore, ...]:
        order = [best, *(int(i) for i in np.argsort(-topics, kind="stable") if i != best)]
        return tuple(TopicScore(self.labels[i], float(topics[i])) for i in order[:TOPICS_SHOWN])

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
