"""The encoder behind the Classifier interface: onnxruntime and tokenizers only, no torch, no Django."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from classifier.baseline.artefact import ArtefactError
from classifier.encoder.artefact import open_artefact
from classifier.encoder.batcher import Batcher
from classifier.encoder.metrics import Floats, Logits, best_topics, domain_probabilities, probabilities
from classifier.encoder.records import OUT_OF_SCOPE, domain_of
from classifier.encoder.session import Arrays, EncoderSession
from classifier.encoder.tokens import open_tokenizer, token_ids
from classifier.interface import Message, Prediction, TopicScore
from classifier.labels import NOTHING_SAID
from classifier.substance import is_hard_to_read, says_nothing, whole_text
from classifier.urgency import ORDINARY, urgency_hits

TOPICS_SHOWN = 5


class TopicModel(Protocol):
    """Another model whose topic probabilities can be blended in, such as the n-gram baseline's."""

    @property
    def labels(self) -> tuple[str, ...]: ...

    def topic_probabilities(self, messages: Sequence[Message]) -> Logits:
        """Shape [n, labels]; rows sum to 1."""


class EncoderClassifier:
    """Serves one artefact folder. Deterministic, safe to use from several threads, loaded in half a second.

    blend: a second topic model, which gets the share of the probabilities that calibration found best.
    threads: of one run of the model. Raises ArtefactError.
    """

    def __init__(self, folder: Path, blend: TopicModel | None = None, threads: int = 1) -> None:
        self._artefact = open_artefact(folder)
        try:
            self._run = Batcher(EncoderSession(folder / "model.int8.onnx", threads).run)
            self._tokenizer = open_tokenizer(str(folder / "tokenizer.json"))
        except Exception as error:  # both libraries raise kinds of their own; all mean one thing here
            raise ArtefactError(f"{folder}: cannot be loaded: {error}") from error
        self._blend = blend if self._artefact.ngram_share > 0 else None

    @property
    def version(self) -> str:
        return self._artefact.version + ("+ngrams" if self._blend else "")

    @property
    def labels(self) -> tuple[str, ...]:
        return self._artefact.labels

    def classify(self, messages: Sequence[Message]) -> list[Prediction]:
        """A prediction for each message, in order. One that says nothing is X11 and for a person."""
        if not messages:
            return []
        outputs = self._outputs(messages)
        topics = self._topic_probabilities(messages, outputs)
        best = best_topics(topics, self.labels)
        below = self._artefact.review_below_blended if self._blend else self._artefact.review_below
        sure = domain_probabilities(topics, self.labels).max(axis=1) >= below
        intents, levels = outputs.intent.argmax(axis=1), outputs.urgency.argmax(axis=1)
        predictions = []
        for i, message in enumerate(messages):
            text, hits = whole_text(message), urgency_hits(message)
            urgency = [hit.level for hit in hits] + [ORDINARY]
            if says_nothing(text):
                shown: tuple[TopicScore, ...] = (TopicScore(NOTHING_SAID, 1.0),)
                review = True
            else:
                shown = self._shown(topics[i], int(best[i]))
                review = not sure[i] or is_hard_to_read(text)
                urgency.append(self._artefact.urgencies[levels[i]])
            domain = domain_of(shown[0].code)
            predictions.append(
                Prediction(
                    domain=None if domain == OUT_OF_SCOPE else domain,
                    topic=shown[0].code,
                    confidence=shown[0].probability,
                    topics=shown,
                    intent=self._artefact.intents[intents[i]],
                    urgency=min(urgency),
                    urgency_hits=hits,
                    needs_review=review,
                    model_version=self.version,
                )
            )
        return predictions

    def embeddings(self, messages: Sequence[Message]) -> NDArray[np.float32]:
        """Unit vectors for similarity, shape [n, hidden]; at least one message."""
        raw = self._outputs(messages).embedding
        unit: NDArray[np.float32] = raw / np.linalg.norm(raw, axis=1, keepdims=True)
        return unit

    def _outputs(self, messages: Sequence[Message]) -> Arrays:
        titles, texts = [m.title for m in messages], [m.text for m in messages]
        return self._run(token_ids(self._tokenizer, titles, texts, self._artefact.limit))

    def _topic_probabilities(self, messages: Sequence[Message], outputs: Arrays) -> Floats:
        own = probabilities(outputs.topic, self._artefact.topic_temperature)
        if self._blend is None:
            return own
        theirs = self._blend.topic_probabilities(messages)
        other = np.zeros_like(own)
        for column, code in enumerate(self._blend.labels):
            if code in self.labels:
                other[:, self.labels.index(code)] = theirs[:, column]
        other /= np.maximum(other.sum(axis=1, keepdims=True), 1e-9)
        return (1 - self._artefact.ngram_share) * own + self._artefact.ngram_share * other

    def _shown(self, p: Floats, best: int) -> tuple[TopicScore, ...]:
        order = [best, *(int(i) for i in np.argsort(-p, kind="stable") if i != best)]
        return tuple(TopicScore(self.labels[i], float(p[i])) for i in order[:TOPICS_SHOWN])
