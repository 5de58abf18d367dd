"""Any Hugging Face checkpoint directory as the classifier: its topics, with the rules' urgency. Needs torch."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from transformers import AutoModelForSequenceClassification, AutoTokenizer

from classifier.answers import prediction
from classifier.baseline.model import best_topics, domain_numbers, domain_probabilities
from classifier.errors import ArtefactError
from classifier.interface import Message, Prediction
from classifier.labels import unknown_codes
from classifier.normalise import normalise
from classifier.substance import whole_text
from classifier.urgency import ORDINARY

BATCH = 16
TOKENS = 512
CHARACTERS = 4_000
INTENT = "complaint"  # a topic model says nothing of it; most messages are one
REVIEW_BELOW = 0.95


class TorchClassifier:
    """Serves a text-classification checkpoint whose id2label are the codes of classifier/data/labels.csv.

    Its probabilities are taken as they are: a message goes without a person from `zst_review_below` of config.json
    on (probability of the domain, 0.95 if absent). ZST_MODEL_DEVICE: cpu or cuda. Raises ArtefactError.
    """

    def __init__(self, folder: Path) -> None:
        try:
            self._tokenizer = AutoTokenizer.from_pretrained(folder, local_files_only=True)
            self._model = AutoModelForSequenceClassification.from_pretrained(folder, local_files_only=True)
        except Exception as error:  # transformers raises kinds of its own; all mean one thing here
            raise ArtefactError(f"{folder}: cannot be loaded: {error}", file="config.json") from error
        config = self._model.config
        self._labels = tuple(config.id2label[i] for i in range(config.num_labels))
        if unknown := unknown_codes(self._labels):
            text = f"{folder}: labels that this program does not know: {', '.join(unknown)}"
            raise ArtefactError(text, "labels", "config.json")
        self._device = os.environ.get("ZST_MODEL_DEVICE", "") or "cpu"
        self._model.eval().to(self._device)
        self._version = f"{config.model_type}-{folder.name}"
        self._review_below = float(getattr(config, "zst_review_below", REVIEW_BELOW))
        self._domain_of = domain_numbers(self._labels)

    @property
    def version(self) -> str:
        return self._version

    @property
    def labels(self) -> tuple[str, ...]:
        return self._labels

    def classify(self, messages: Sequence[Message]) -> list[Prediction]:
        """A prediction for each message, in order. One that says nothing is X11 and for a person."""
        predictions: list[Prediction] = []
        for start in range(0, len(messages), BATCH):
            batch = messages[start : start + BATCH]
            topics = self._topics(batch)
            domains = domain_probabilities(topics, self._domain_of)
            best = best_topics(topics, domains, self._domain_of)
            predictions += [
                prediction(
                    message,
                    whole_text(message),
                    labels=self._labels,
                    topics=topics[i],
                    best=int(best[i]),
                    sure=float(domains[i].max()) >= self._review_below,
                    intent=INTENT,
                    level=ORDINARY,
                    version=self._version,
                )
                for i, message in enumerate(batch)
            ]
        return predictions

    def _topics(self, messages: Sequence[Message]) -> NDArray[np.float32]:
        texts = [normalise(f"{m.title}\n{m.text}".strip()[:CHARACTERS]).text for m in messages]
        inputs = self._tokenizer(texts, truncation=True, max_length=TOKENS, padding=True, return_tensors="pt")
        with torch.inference_mode():
            logits = self._model(**inputs.to(self._device)).logits.float()
        topics: NDArray[np.float32] = torch.softmax(logits, dim=-1).cpu().numpy()
        return topics
