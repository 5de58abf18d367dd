"""The encoder behind the Classifier interface: onnxruntime and tokenizers only, no torch, no Django."""

from __future__ import annotations

import importlib
import os
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from classifier.answers import prediction
from classifier.baseline.model import NgramClassifier, model_level
from classifier.encoder.artefact import HEADS, MODEL, NGRAMS, TOKENIZER, WEIGHTS, Artefact, open_artefact
from classifier.encoder.batcher import Batcher
from classifier.encoder.metrics import best_topics, domain_probabilities, probabilities
from classifier.encoder.mixture import Mixture, Opinion, calibrated, ngram_opinion, read
from classifier.encoder.session import Arrays, EncoderSession
from classifier.encoder.tokens import Encoded, encoded, open_tokenizer, token_ids
from classifier.errors import ArtefactError
from classifier.interface import Message, Prediction
from classifier.substance import whole_text

DEVICE, PRECISION = "ZST_MODEL_DEVICE", "ZST_MODEL_PRECISION"
WORKERS = min(2, os.cpu_count() or 1)
AT_ONCE = 64  # messages of one call that wait together; bounds memory and what other callers wait for


class Session(Protocol):
    """A loaded encoder: by onnxruntime, or by torch where a device is set."""

    batch: int  # rows that one run takes at best

    @property
    def output_sizes(self) -> tuple[int, ...]: ...

    def run(self, rows: Sequence[list[int]]) -> Arrays: ...

    def states(self, row: list[int]) -> NDArray[np.float32]: ...


class EncoderClassifier:
    """Serves one artefact folder, with the n-gram model inside it as partner. Safe to use from several threads.

    device: "" for int8 by onnxruntime; "cpu" or "cuda" for the folder's model.safetensors by torch, in `precision`
    fp32 or bf16. Deterministic, whatever else is asked at the same time. Raises ArtefactError; `classify` raises
    ClassifierBusy when the queue stays full (batcher.py).
    """

    def __init__(self, folder: Path, *, device: str | None = None, precision: str | None = None) -> None:
        self._artefact = open_artefact(folder)
        device = os.environ.get(DEVICE, "") if device is None else device
        precision = precision or os.environ.get(PRECISION, "") or "fp32"
        try:
            self._session = _session(folder, device, precision)
            self._tokenizer = open_tokenizer(str(folder / TOKENIZER))
            with np.load(folder / HEADS, allow_pickle=False) as heads:
                self._topic_head = heads["topic_weights"], heads["topic_bias"]
        except ArtefactError:
            raise
        except Exception as error:  # the libraries raise kinds of their own; all mean one thing here
            raise ArtefactError(f"{folder}: cannot be loaded: {error}", file=folder.name) from error
        _check_sizes(folder, self._session, self._artefact)
        self._ngrams = NgramClassifier(folder / NGRAMS) if (folder / NGRAMS).is_dir() else None
        workers = WORKERS if not device else 1
        self._run = Batcher(self._session.run, workers=workers, batch=self._session.batch)

    @property
    def version(self) -> str:
        return self._artefact.version

    @property
    def labels(self) -> tuple[str, ...]:
        return self._artefact.labels

    @property
    def review_below(self) -> float:
        return self._artefact.mixture.review_below

    @property
    def mixture(self) -> Mixture:
        return self._artefact.mixture

    def classify(self, messages: Sequence[Message]) -> list[Prediction]:
        """A prediction for each message, in order. One that says nothing is X11 and for a person."""
        predictions: list[Prediction] = []
        for start in range(0, len(messages), AT_ONCE):
            predictions += self._classify(messages[start : start + AT_ONCE])
        return predictions

    def embeddings(self, messages: Sequence[Message]) -> NDArray[np.float32]:
        """Unit vectors for similarity, shape [n, hidden]; at least one message."""
        parts = [self._outputs(messages[at : at + AT_ONCE]).embedding for at in range(0, len(messages), AT_ONCE)]
        raw = np.concatenate(parts)
        unit: NDArray[np.float32] = raw / np.linalg.norm(raw, axis=1, keepdims=True)
        return unit

    @property
    def topic_head(self) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Weights [labels, hidden] and bias [labels]: topic logits are weights @ mean(token states) + bias."""
        return self._topic_head

    @property
    def partner(self) -> NgramClassifier | None:
        """The n-gram model that answers together with the encoder."""
        return self._ngrams

    def tokenised(self, message: Message) -> Encoded:
        """The tokens that are read of a message, and where each stands in it."""
        return encoded(self._tokenizer, message.title, message.text, self._artefact.limit)

    def token_states(self, message: Message) -> NDArray[np.float32]:
        """Last hidden state of each token of `tokenised(message)`, shape [tokens, hidden]."""
        return self._session.states(self.tokenised(message).ids)

    def opinion(self, messages: Sequence[Message]) -> Opinion:
        """The probabilities that answers come from; at least one message."""
        ngrams = ngram_opinion(self._ngrams, messages, self.labels) if self._ngrams else None
        return read(messages, ngrams, self.labels, self._artefact.mixture, partial(self._encoder_opinion, messages))

    def _classify(self, messages: Sequence[Message]) -> list[Prediction]:
        mixture = self._artefact.mixture
        opinion = self.opinion(messages)
        best = best_topics(opinion.topic, self.labels)
        sure = domain_probabilities(opinion.topic, self.labels).max(axis=1) >= mixture.review_below
        shown = calibrated(opinion.topic, best, mixture)
        return [
            prediction(
                message,
                whole_text(message),
                labels=self.labels,
                topics=shown[i],
                best=int(best[i]),
                sure=bool(sure[i]),
                intent=self._artefact.intents[opinion.intent[i].argmax()],
                level=model_level(opinion.urgency[i], self._artefact.urgencies, mixture.urgent_from),
                version=self.version,
            )
            for i, message in enumerate(messages)
        ]

    def _encoder_opinion(self, messages: Sequence[Message], which: NDArray[np.int64]) -> Opinion:
        return opinion_of(self._outputs([messages[i] for i in which]), self._artefact)

    def _outputs(self, messages: Sequence[Message]) -> Arrays:
        titles, texts = [m.title for m in messages], [m.text for m in messages]
        return self._run(token_ids(self._tokenizer, titles, texts, self._artefact.limit))


def opinion_of(outputs: Arrays, artefact: Artefact) -> Opinion:
    """The encoder's probabilities, each head divided by its temperature."""
    return Opinion(
        probabilities(outputs.topic, artefact.topic_temperature),
        probabilities(outputs.intent, artefact.intent_temperature),
        probabilities(outputs.urgency, artefact.urgency_temperature),
    )


def _session(folder: Path, device: str, precision: str) -> Session:
    if not device:
        return EncoderSession(folder / MODEL)
    missing = [name for name in WEIGHTS if not (folder / name).exists()]
    if missing:
        raise ArtefactError(f"{folder / missing[0]}: missing, but {DEVICE}={device} needs it", "missing", missing[0])
    try:
        torch_session = importlib.import_module("classifier.encoder.torch_session")
    except ImportError as error:
        raise ArtefactError(f"{DEVICE}={device} needs torch and transformers: {error}", "libraries") from error
    session: Session = torch_session.TorchSession(folder, device, precision)
    return session


def _check_sizes(folder: Path, session: Session, artefact: Artefact) -> None:
    wanted = (len(artefact.labels), len(artefact.intents), len(artefact.urgencies))
    if session.output_sizes[: len(wanted)] != wanted:
        raise ArtefactError(f"{folder}: the model's outputs do not fit the labels", "labels", MODEL)
