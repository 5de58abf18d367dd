"""Step 6: the untouched test messages -> RUN/metrics.json and a table beside the yardsticks.

python -m classifier.encoder.evaluate --work WORK --run RUN
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from classifier.encoder import metrics
from classifier.encoder.calibrate import ngram_probabilities, routing_threshold
from classifier.encoder.records import Record, read_records
from classifier.labels import INTENTS, URGENCIES

Numbers = dict[str, float | tuple[float, float]]
COLUMNS = (
    "topic", "domain", "top3", "first_or_second", "macro_f1_topic", "macro_f1_domain", "ece", "coverage",
    "precision_of_covered", "coverage_at_98_hindsight",
)  # fmt: skip
YARDSTICKS = {"svm": "TF-IDF + linear SVM", "lr": "TF-IDF + logistic regression"}


def evaluate(work: Path, run: Path) -> dict[str, Numbers]:
    """Numbers by classifier on the test part; thresholds and shares come from dev."""
    labels = json.loads((run / "labels.json").read_text(encoding="utf-8"))
    fitted = json.loads((run / "calibration.json").read_text(encoding="utf-8"))
    dev, test = (list(read_records(work / f"{part}.jsonl")) for part in ("dev", "test"))
    arrays = np.load(run / "logits-test.npz")
    p = metrics.probabilities(arrays["topic"], fitted["topic_temperature"])
    results = {"encoder int8": metrics.summary(p, labels, test, fitted["review_below"])}
    results["encoder int8"] |= _side_heads(arrays["intent"], arrays["urgency"], test)
    for kind, name in YARDSTICKS.items():
        if (work / f"ngrams-{kind}.npz").exists():
            at_dev = ngram_probabilities(work, kind, "dev", labels)
            ngrams = ngram_probabilities(work, kind, "test", labels)
            results[name] = metrics.summary(ngrams, labels, test, routing_threshold(at_dev, labels, dev))
            if kind == "svm":
                share = fitted["ngram_share"]
                blend = (1 - share) * p + share * ngrams
                below = fitted["review_below_blended"]
                results[f"encoder + SVM ({share:.2f})"] = metrics.summary(blend, labels, test, below)
    return results


def _side_heads(
    intent: NDArray[np.float32], urgency: NDArray[np.float32], records: Sequence[Record]
) -> dict[str, float]:
    intents = np.array([INTENTS.index(r.intent) for r in records])
    levels = np.array([URGENCIES.index(r.urgency) for r in records])
    grave = levels <= URGENCIES.index("U2")
    return {
        "intent": float((intent.argmax(1) == intents).mean()),
        "macro_f1_intent": metrics.macro_f1(intents, intent.argmax(1)),
        "urgency": float((urgency.argmax(1) == levels).mean()),
        "recall_u1_u2": float((urgency.argmax(1)[grave] <= URGENCIES.index("U2")).mean()),
    }


def table(results: dict[str, Numbers]) -> str:
    """Markdown."""
    lines = ["| classifier | " + " | ".join(COLUMNS) + " |", "|---" * (len(COLUMNS) + 1) + "|"]
    for name, numbers in results.items():
        lines.append(f"| {name} | " + " | ".join(f"{numbers[c]:.3f}" for c in COLUMNS) + " |")
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--run", type=Path, required=True)
    options = parser.parse_args()
    results = evaluate(options.work, options.run)
    (options.run / "metrics.json").write_text(json.dumps(results, indent=1), encoding="utf-8")
    print(table(results))
    print(json.dumps(results["encoder int8"]))


if __name__ == "__main__":
    main()
