"""Where messages lie: unit vectors whose cosine says how alike two messages are, from models that have them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from classifier.interface import Classifier, Message


@runtime_checkable
class Embedder(Protocol):
    """A classifier that has embeddings: unit vectors [messages, hidden] of at least one message."""

    def embeddings(self, messages: Sequence[Message]) -> NDArray[np.float32]: ...


def embeddings(model: Classifier, messages: Sequence[Message]) -> list[list[float]] | None:
    """A unit vector for each message, in order; None when the model has none (the n-gram baseline)."""
    if not isinstance(model, Embedder):
        return None
    vectors: list[list[float]] = model.embeddings(messages).tolist() if messages else []
    return vectors
