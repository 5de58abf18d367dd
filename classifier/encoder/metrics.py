"""Numbers of a classifier on labelled messages, from its probabilities. numpy only."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from classifier.encoder.records import DOMAINS, Record, domain_of
from classifier.evaluation.measures import Floats, calibration_error, interval, macro_f1, threshold_for

__all__ = [
    "Floats",
    "Logits",
    "best_topics",
    "calibration_error",
    "domain_probabilities",
    "interval",
    "macro_f1",
    "probabilities",
    "summary",
    "threshold_for",
]

Logits = NDArray[np.float32] | NDArray[np.float64]


def probabilities(logits: Logits, t: float = 1.0) -> Floats:
    """softmax(logits / t) along the last axis."""
    scaled = logits.astype(np.float64) / t
    scaled -= scaled.max(axis=-1, keepdims=True)
    p: Floats = np.exp(scaled)
    p /= p.sum(axis=-1, keepdims=True)
    return p


def domain_probabilities(p: Floats, labels: Sequence[str]) -> Floats:
    """Topic probabilities summed by domain: [n, labels] -> [n, domains], in the order of DOMAINS."""
    out = np.zeros((len(p), len(DOMAINS)))
    for column, code in enumerate(labels):
        out[:, DOMAINS.index(domain_of(code))] += p[:, column]
    return out


def best_topics(p: Floats, labels: Sequence[str]) -> NDArray[np.int64]:
    """The most probable topic of the most probable domain: the two never contradict each other."""
    domain = domain_probabilities(p, labels).argmax(1)
    own = np.array([DOMAINS.index(domain_of(code)) for code in labels])
    best: NDArray[np.int64] = np.where(own[None, :] == domain[:, None], p, -1.0).argmax(1)
    return best


def summary(
    p: Floats, labels: Sequence[str], records: Sequence[Record], threshold: float
) -> dict[str, float | tuple[float, float]]:
    """All numbers of one classifier; `threshold` (on the domain's probability) comes from other messages."""
    place = {code: i for i, code in enumerate(labels)}
    truth = np.array([place.get(r.label, -1) for r in records])
    true_domain = np.array([DOMAINS.index(domain_of(r.label)) for r in records])
    by_domain = domain_probabilities(p, labels)
    guess, domain = best_topics(p, labels), by_domain.argmax(1)
    right, domain_right = guess == truth, domain == true_domain
    either = np.array([labels[g] in (r.label, r.second) for g, r in zip(guess, records, strict=True)])
    top3 = (np.argsort(-p, axis=1)[:, :3] == truth[:, None]).any(1)
    routed = by_domain.max(1) >= threshold
    best = threshold_for(by_domain.max(1), domain_right)
    return {
        "messages": len(records),
        "topic": float(right.mean()),
        "topic_95": interval(right),
        "topic_plain_argmax": float((p.argmax(1) == truth).mean()),
        "domain": float(domain_right.mean()),
        "domain_95": interval(domain_right),
        "top3": float(top3.mean()),
        "first_or_second": float(either.mean()),
        "macro_f1_topic": macro_f1(truth, guess),
        "macro_f1_domain": macro_f1(true_domain, domain),
        "ece": calibration_error(p[np.arange(len(p)), guess], right),
        "ece_domain": calibration_error(by_domain.max(1), domain_right),
        "coverage": float(routed.mean()),
        "precision_of_covered": float(domain_right[routed].mean()) if routed.any() else 1.0,
        "coverage_at_98_hindsight": float((by_domain.max(1) >= best).mean()),
    }
