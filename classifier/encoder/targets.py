"""What the heads are trained towards: soft topic targets, class and record weights, and the losses."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional

from classifier.encoder.network import Outputs
from classifier.encoder.records import DOMAINS, Record, domain_of
from classifier.labels import INTENTS, URGENCIES

SECOND_SHARE = 0.25
SMOOTHING = 0.03
WEIGHT_OF_CONFIDENCE = {"high": 1.0, "medium": 0.9, "low": 0.6}
DOMAIN_LOSS, INTENT_LOSS, URGENCY_LOSS = 0.3, 0.3, 0.2
LARGEST_CLASS_WEIGHT = 6.0


def topic_targets(records: Sequence[Record], labels: Sequence[str]) -> NDArray[np.float32]:
    """Target distribution of each record, shape [n, labels], rows sum to 1.

    The reader's second topic gets `SECOND_SHARE`, every label a little (label smoothing).
    """
    place = {code: i for i, code in enumerate(labels)}
    target = np.full((len(records), len(labels)), SMOOTHING / len(labels), dtype=np.float32)
    for row, record in enumerate(records):
        second = place.get(record.second or "")
        if second is None or record.second == record.label:
            target[row, place[record.label]] += 1 - SMOOTHING
        else:
            target[row, place[record.label]] += (1 - SMOOTHING) * (1 - SECOND_SHARE)
            target[row, second] += (1 - SMOOTHING) * SECOND_SHARE
    return target


def domain_matrix(labels: Sequence[str]) -> Tensor:
    """1 where a label belongs to a domain, shape [labels, domains]: sums topic probabilities into domains."""
    matrix = torch.zeros(len(labels), len(DOMAINS))
    for row, code in enumerate(labels):
        matrix[row, DOMAINS.index(domain_of(code))] = 1.0
    return matrix


def class_weights(classes: Tensor, count: int) -> Tensor:
    """Rare classes count more: inverse square root of their number, 1 for the most common."""
    counts = torch.bincount(classes, minlength=count).clamp(min=1)
    return (counts.max() / counts).sqrt().clamp(max=LARGEST_CLASS_WEIGHT)


class Targets:
    """The targets of `records`. teacher: probabilities [n, labels], out of fold, that replace `share` of the
    topic targets (distillation, Hinton et al. 2015)."""

    def __init__(
        self,
        records: Sequence[Record],
        labels: Sequence[str],
        teacher: NDArray[np.float32] | None = None,
        share: float = 0.0,
    ) -> None:
        hard = topic_targets(records, labels)
        self._topic = torch.from_numpy(hard if teacher is None else (1 - share) * hard + share * teacher)
        self._intent = torch.tensor([INTENTS.index(r.intent) for r in records])
        self._urgency = torch.tensor([URGENCIES.index(r.urgency) for r in records])
        self._weight = torch.tensor([WEIGHT_OF_CONFIDENCE[r.confidence] for r in records])
        self._urgency_weight = class_weights(self._urgency, len(URGENCIES))
        self._domains = domain_matrix(labels)

    def loss(self, outputs: Outputs, rows: NDArray[np.int64]) -> Tensor:
        """Mean over the batch of the topic, domain, intent and urgency losses, weighted by confidence."""
        at = torch.from_numpy(rows)
        topic = self._topic[at]
        logp = functional.log_softmax(outputs.topic, dim=1)
        domain_logp = (logp.exp() @ self._domains).clamp_min(1e-6).log()
        total = -(topic * logp).sum(1)
        total = total - DOMAIN_LOSS * ((topic @ self._domains) * domain_logp).sum(1)
        total = total + INTENT_LOSS * functional.cross_entropy(outputs.intent, self._intent[at], reduction="none")
        total = total + URGENCY_LOSS * functional.cross_entropy(
            outputs.urgency, self._urgency[at], weight=self._urgency_weight, reduction="none"
        )
        return (self._weight[at] * total).mean()
