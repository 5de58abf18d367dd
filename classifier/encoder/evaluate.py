"""Step 6: the untouched test messages -> RUN/metrics.json and a table beside the yardsticks.

    python -m classifier.encoder.evaluate --work WORK --run RUN [--split SPLIT.jsonl]

The last classifier of the table, "as served", is what EncoderClassifier answers: n-grams first, the encoder for those
that they are not certain of, both mixed, the rules' urgency, and messages that say nothing sent to a person.
"""

from __future__ import annotations

import argparse
import hashlib
import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np

from classifier.baseline.model import model_level
from classifier.encoder import metrics
from classifier.encoder.calibrate import (
    Fitted,
    Part,
    ngram_probabilities,
    read_fitted,
    read_part,
    routing_threshold,
    rule_level,
)
from classifier.encoder.metrics import Floats
from classifier.encoder.mixture import Opinion, calibrated, certain, mixed
from classifier.frozen import FrozenFigures, split_name
from classifier.labels import INTENTS, NOTHING_SAID, URGENCIES
from classifier.substance import is_hard_to_read, says_nothing, whole_text

Numbers = dict[str, Any]
COLUMNS = (
    "topic", "domain", "top3", "first_or_second", "macro_f1_topic", "macro_f1_domain", "ece", "coverage",
    "precision_of_covered", "coverage_at_98_hindsight",
)  # fmt: skip
SERVED = "as served"
YARDSTICKS = {"svm": "TF-IDF + linear SVM", "lr": "TF-IDF + logistic regression"}


def evaluate(work: Path, run: Path) -> dict[str, Numbers]:
    """Numbers by classifier on the test part; everything fitted comes from dev."""
    dev, test, fitted = read_part(work, run, "dev"), read_part(work, run, "test"), read_fitted(run)
    at_dev, at_test = (part.encoder(fitted.temperatures) for part in (dev, test))
    results = {"encoder int8": _alone(at_dev, at_test, dev, test)}
    if dev.ngrams is not None and test.ngrams is not None:
        share = fitted.mixture.share
        results["n-grams"] = _alone(dev.ngrams, test.ngrams, dev, test)
        both = mixed(at_dev, dev.ngrams, share), mixed(at_test, test.ngrams, share)
        results[f"encoder + n-grams ({share:.2f})"] = _alone(*both, dev, test)
    results[SERVED] = served(test, fitted)
    for kind, name in YARDSTICKS.items():
        if (work / f"ngrams-{kind}.npz").exists():
            p, q = (ngram_probabilities(work, kind, part, test.labels) for part in ("dev", "test"))
            below = routing_threshold(p, dev.labels, dev.records)
            results[name] = metrics.summary(q, test.labels, test.records, below)
    return results


def served(part: Part, fitted: Fitted) -> Numbers:
    """The numbers of the answers as EncoderClassifier gives them."""
    texts = [whole_text(message) for message in part.messages()]
    silent = np.array([says_nothing(text) for text in texts])
    opinion = part.served(fitted)
    p = _with_silent(opinion.topic, part, silent)
    shown = calibrated(p, metrics.best_topics(p, part.labels), fitted.mixture)
    numbers: Numbers = metrics.summary(p, part.labels, part.records, fitted.mixture.review_below)
    guess = metrics.best_topics(p, part.labels)
    right = guess == part.topics()
    numbers["ece"] = metrics.calibration_error(shown[np.arange(len(p)), guess], right)
    by_domain = metrics.domain_probabilities(opinion.topic, part.labels)
    unclear = silent | np.array([is_hard_to_read(text) for text in texts])
    routed = (by_domain.max(1) >= fitted.mixture.review_below) & ~unclear
    in_domain = metrics.domain_probabilities(p, part.labels).argmax(1) == part.domains()
    numbers["coverage"] = float(routed.mean())
    numbers["precision_of_covered"] = float(in_domain[routed].mean()) if routed.any() else 1.0
    numbers |= _side_heads(opinion, part, fitted.mixture.urgent_from, silent)
    if part.ngrams is not None:
        alone = certain(part.ngrams, part.labels, fitted.mixture) & ~silent
        numbers["read_by_n_grams_alone"] = int(alone.sum())
        numbers["domain_of_n_grams_alone"] = float(in_domain[alone].mean()) if alone.any() else 1.0
    return numbers


def frozen(part: Part, numbers: Numbers) -> FrozenFigures:
    """The served figures under the name of the test messages, as models are compared by."""
    return FrozenFigures(split_name(part.messages()), len(part.records), numbers["topic"], numbers["domain"])


def _alone(at_dev: Opinion, at_test: Opinion, dev: Part, test: Part) -> Numbers:
    below = routing_threshold(at_dev.topic, dev.labels, dev.records)
    numbers: Numbers = metrics.summary(at_test.topic, test.labels, test.records, below)
    return numbers | _heads(at_test.intent.argmax(1), at_test.urgency.argmax(1), test)


def _with_silent(topics: Floats, part: Part, silent: Any) -> Floats:
    """The probabilities with the fixed answer to messages that say nothing."""
    p = topics.copy()
    if NOTHING_SAID in part.labels:
        p[silent] = 0.0
        p[silent, part.labels.index(NOTHING_SAID)] = 1.0
    return p


def _side_heads(opinion: Opinion, part: Part, thresholds: tuple[float, float, float], silent: Any) -> Numbers:
    levels = []
    for message, row, empty in zip(part.messages(), opinion.urgency, silent, strict=True):
        rules = rule_level(message)
        levels.append(URGENCIES.index(rules if empty else min(rules, model_level(row, URGENCIES, thresholds))))
    return _heads(opinion.intent.argmax(1), np.array(levels), part)


def _heads(intent: Any, urgency: Any, part: Part) -> Numbers:
    intents = np.array([INTENTS.index(r.intent) for r in part.records])
    levels = np.array([URGENCIES.index(r.urgency) for r in part.records])
    grave, said = levels <= URGENCIES.index("U2"), urgency <= URGENCIES.index("U2")
    return {
        "intent": float((intent == intents).mean()),
        "macro_f1_intent": metrics.macro_f1(intents, intent),
        "urgency": float((urgency == levels).mean()),
        "recall_u1_u2": float(said[grave].mean()) if grave.any() else 1.0,
        "false_u1_u2": float(said[~grave].mean()),
    }


def table(results: dict[str, Numbers]) -> str:
    """Markdown."""
    lines = ["| classifier | " + " | ".join(COLUMNS) + " |", "|---" * (len(COLUMNS) + 1) + "|"]
    for name, numbers in results.items():
        lines.append(f"| {name} | " + " | ".join(f"{numbers[c]:.3f}" for c in COLUMNS) + " |")
    return "\n".join(lines)


def write_metrics(work: Path, run: Path, split: Path) -> dict[str, Numbers]:
    """Evaluate and write RUN/metrics.json: the numbers by classifier, the frozen figures, and the split's SHA-256."""
    results = evaluate(work, run)
    content: Numbers = frozen(read_part(work, run, "test"), results[SERVED]).as_metrics()
    if split.exists():
        content["split_sha256"] = hashlib.sha256(split.read_bytes()).hexdigest()
    content |= {"mixture": asdict(read_fitted(run).mixture), "classifiers": results}
    (run / "metrics.json").write_text(json.dumps(content, indent=1), encoding="utf-8")
    return results


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--run", type=Path, required=True)
    parser.add_argument("--split", type=Path, default=Path(__file__).with_name("split.jsonl"))
    options = parser.parse_args()
    results = write_metrics(options.work, options.run, options.split)
    print(table(results))
    print(json.dumps(results[SERVED], indent=1))


if __name__ == "__main__":
    main()
