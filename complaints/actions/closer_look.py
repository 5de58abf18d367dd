"""What is read of a case beside its prediction: the matters in it, and where it lies among the others."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Final

from django.db.models import Q

import classifier
from classifier import Classifier, Message, Prediction
from complaints.actions import serving
from complaints.models import Case, CaseEmbedding
from complaints.models.embedding import DIMENSIONS

logger = logging.getLogger(__name__)
BATCH: Final = 64


@dataclass(frozen=True, slots=True)
class CloserLook:
    """matters: as Prediction.matters stores them. vector: None where the model has no embeddings that fit."""

    version: str
    matters: list[dict[str, Any]] = field(default_factory=list)
    vector: list[float] | None = None

    def store(self, case: Case) -> None:
        """Write the embedding, in the caller's transaction; the matters go with the prediction."""
        if self.vector is not None:
            _store([CaseEmbedding(case=case, model_version=self.version, vector=self.vector)])


def look_closer(
    model: Classifier, messages: Sequence[Message], predictions: Sequence[Prediction] = ()
) -> list[CloserLook]:
    """One look for each message, in order. It never stands in the way: what fails is logged and left empty.

    predictions: the model's of these messages, where they are known.
    """
    vectors: list[list[float] | None] = [None] * len(messages)
    matters: list[list[dict[str, Any]]] = [[] for _ in messages]
    try:
        vectors = _vectors(model, messages)
    except Exception:
        logger.exception("no embeddings for a batch of %d", len(messages))
    try:
        found = classifier.matters_of(model, messages, predictions)
        matters = [[asdict(matter) for matter in of] for of in found]
    except Exception:
        logger.exception("no matters for a batch of %d", len(messages))
    return [CloserLook(model.version, of, vector) for of, vector in zip(matters, vectors, strict=True)]


def embed_batch(batch: int = BATCH) -> int:
    """Embed cases that have none of the model in service, newest first; returns how many (0: all are done).

    Each batch is committed, so that a run which was stopped goes on where it was. A model without embeddings that
    fit: ValueError.
    """
    serving.follow()
    model = classifier.active()
    missing = Case.objects.filter(Q(embedding__isnull=True) | ~Q(embedding__model_version=model.version))
    cases = list(missing.order_by("-pk")[:batch])
    if not cases:
        return 0
    vectors = _vectors(model, [Message(case.text, case.title) for case in cases])
    rows = [
        CaseEmbedding(case=case, model_version=model.version, vector=vector)
        for case, vector in zip(cases, vectors, strict=True)
        if vector is not None
    ]
    if not rows:
        raise ValueError(f"{model.version} has no embeddings of {DIMENSIONS} dimensions")
    _store(rows)
    return len(cases)


def vector_of(case: Case) -> tuple[str, list[float] | None]:
    """The stored embedding of a case with its version, or one made now by the model in service."""
    stored = CaseEmbedding.objects.filter(case=case).first()
    if stored is not None:
        return stored.model_version, stored.vector
    return vector_for(Message(case.text, case.title))


def vector_for(message: Message) -> tuple[str, list[float] | None]:
    """The embedding of words that are no case yet, by the model in service; None where it has none that fit."""
    serving.follow()
    model = classifier.active()
    [vector] = _vectors(model, [message])
    return model.version, vector


def _store(rows: list[CaseEmbedding]) -> None:
    """Insert or replace, in one statement."""
    CaseEmbedding.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["case"], update_fields=["model_version", "vector"]
    )


def _vectors(model: Classifier, messages: Sequence[Message]) -> list[list[float] | None]:
    found = classifier.embeddings(model, messages)
    if found is None or any(len(vector) != DIMENSIONS for vector in found):
        return [None] * len(messages)
    return list(found)
