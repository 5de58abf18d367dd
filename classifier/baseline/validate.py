"""Figures of out-of-fold predictions: accuracy, calibration, the threshold of review, the recall of urgency."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize_scalar

from classifier.baseline.features import Floats
from classifier.baseline.model import best_topics, domain_numbers, domain_probabilities, softmax
from classifier.evaluation.measures import calibration_error, macro_f1, threshold_for
from classifier.labels import URGENCIES

SURE = 0.98  # part of the messages not sent to a person whose domain must be right
SURE_MARGIN = 0.003  # asked of the cross-validated messages on top
Truth = NDArray[np.int64]


def best_temperature(scores: Floats, truth: Truth) -> float:
    """What to divide scores by so that the softmax gives the true labels the highest likelihood (Guo et al. 2017)."""

    def loss(log_temperature: float) -> float:
        p = softmax(scores / np.float32(np.exp(log_temperature)))
        return float(-np.log(p[np.arange(len(truth)), truth] + 1e-12).mean())

    return float(np.exp(minimize_scalar(loss, bounds=(np.log(0.2), np.log(5.0)), method="bounded").x))


def review_threshold(sure: Floats, right: NDArray[np.bool_]) -> float:
    """The least probability from which on messages are right often enough; above 1 where there is none."""
    return threshold_for(_exact(sure), right, SURE + SURE_MARGIN)


def topic_figures(
    p: Floats, truth: Truth, second: Sequence[str | None], labels: Sequence[str], below: float
) -> dict[str, Any]:
    """Topic and domain figures of calibrated out-of-fold probabilities, with a table of recall by topic."""
    numbers = domain_numbers(labels)
    domains = domain_probabilities(p, numbers)
    found, domain, true_domain = best_topics(p, domains, numbers), domains.argmax(axis=1), numbers[truth]
    right, domain_right = found == truth, domain == true_domain
    either = right | np.array([labels[f] == s for f, s in zip(found, second, strict=True)])
    top3 = (np.argsort(-p, axis=1, kind="stable")[:, :3] == truth[:, None]).any(axis=1)
    sure = domains.max(axis=1)
    passed = sure >= below
    return {
        "rows": len(truth),
        "topic_accuracy": _share(right),
        "topic_first_or_second": _share(either),
        "topic_top3": _share(top3),
        "topic_macro_f1": round(macro_f1(truth, found), 4),
        "topic_ece": round(calibration_error(_exact(p[np.arange(len(p)), found]), right), 4),
        "domain_accuracy": _share(domain_right),
        "domain_macro_f1": round(macro_f1(true_domain, domain), 4),
        "domain_ece": round(calibration_error(_exact(sure), domain_right), 4),
        "coverage": _share(passed),
        "domain_accuracy_covered": _share(domain_right[passed]),
        "domain_accuracy_by_coverage": {
            f"{c:.0%}": _share(domain_right[np.argsort(-sure, kind="stable")[: int(c * len(sure))]])
            for c in (0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9)
        },
        "recall_by_topic": {
            labels[t]: {"rows": int((truth == t).sum()), "recall": _share(right[truth == t])} for t in np.unique(truth)
        },
    }


def urgency_figures(levels: dict[str, Sequence[str]], truth: Sequence[str]) -> dict[str, Any]:
    """For each way of deciding (rules, model, both): recall and alarms at U1/U2, and the share given each level."""
    urgent = np.array([level in URGENCIES[:2] for level in truth])
    figures = {}
    for name, found in levels.items():
        alarm = np.array([level in URGENCIES[:2] for level in found])
        figures[name] = {
            "recall_u1_u2": _share(alarm[urgent]),
            "false_alarms": _share(alarm[~urgent]),
            "same_level": _share(np.array([a == b for a, b in zip(found, truth, strict=True)])),
            "levels": {level: list(found).count(level) for level in URGENCIES},
        }
    return {"rows": len(truth), "urgent": int(urgent.sum()), **figures}


def _exact(values: Floats) -> NDArray[np.float64]:
    return values.astype(np.float64)


def _share(values: NDArray[np.bool_]) -> float:
    return round(float(values.mean()), 4) if len(values) else 0.0
