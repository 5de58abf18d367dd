"""Step 5: RUN/model.int8.onnx on WORK/dev.jsonl -> RUN/calibration.json; also RUN/logits-{dev,test}.npz.

    python -m classifier.encoder.calibrate --work WORK --run RUN

Temperature of each head (Guo et al. 2017), the share that the n-grams get in a blend, and the probability
of the domain from which a message may be routed without a person: 98 % of the dev messages above it are
right in domain.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize_scalar
from scipy.special import log_softmax

from classifier.encoder import metrics
from classifier.encoder.records import DOMAINS, Record, domain_of, read_records
from classifier.encoder.session import Arrays, EncoderSession
from classifier.encoder.tokens import open_tokenizer, token_ids
from classifier.labels import INTENTS, URGENCIES


def temperature(logits: metrics.Logits, truth: NDArray[np.int64]) -> float:
    """The T that makes softmax(logits / T) the most likely, between 0.3 and 5."""

    def loss(log_t: float) -> float:
        logp = log_softmax(logits / np.exp(log_t), axis=1)
        return float(-logp[np.arange(len(truth)), truth].mean())

    return float(np.exp(minimize_scalar(loss, bounds=(np.log(0.3), np.log(5.0)), method="bounded").x))


def logits_of(run: Path, records: Sequence[Record]) -> Arrays:
    tokenizer = open_tokenizer(str(run / "tokenizer.json"))
    rows = token_ids(tokenizer, [r.title for r in records], [r.text for r in records])
    return EncoderSession(run / "model.int8.onnx").run(rows)


def ngram_probabilities(work: Path, kind: str, part: str, labels: Sequence[str]) -> NDArray[np.float64]:
    """A yardstick's probabilities in the order of `labels`."""
    stored = np.load(work / f"ngrams-{kind}.npz")
    columns = [stored["labels"].tolist().index(code) for code in labels]
    p: NDArray[np.float64] = np.exp(stored[part][:, columns].astype(np.float64))
    p /= p.sum(axis=1, keepdims=True)
    return p


def routing_threshold(p: NDArray[np.float64], labels: Sequence[str], records: Sequence[Record]) -> float:
    by_domain = metrics.domain_probabilities(p, labels)
    truth = np.array([DOMAINS.index(domain_of(r.label)) for r in records])
    return metrics.threshold_for(by_domain.max(1), by_domain.argmax(1) == truth)


def best_share(encoder: NDArray[np.float64], ngrams: NDArray[np.float64], truth: NDArray[np.int64]) -> float:
    """The n-grams' share with the highest likelihood on dev, in steps of 0.05."""

    def likelihood(share: float) -> float:
        blend = (1 - share) * encoder + share * ngrams
        return float(np.log(blend[np.arange(len(truth)), truth] + 1e-9).mean())

    return max((round(0.05 * i, 2) for i in range(21)), key=likelihood)


def calibrate(work: Path, run: Path) -> dict[str, float]:
    labels = json.loads((run / "labels.json").read_text(encoding="utf-8"))
    parts = {part: list(read_records(work / f"{part}.jsonl")) for part in ("dev", "test")}
    outputs = {part: logits_of(run, rows) for part, rows in parts.items()}
    for part, arrays in outputs.items():
        np.savez_compressed(run / f"logits-{part}.npz", **arrays._asdict())
    dev, arrays = parts["dev"], outputs["dev"]
    truth = np.array([labels.index(r.label) for r in dev])
    intents = np.array([INTENTS.index(r.intent) for r in dev])
    urgencies = np.array([URGENCIES.index(r.urgency) for r in dev])
    fitted = {
        "topic_temperature": temperature(arrays.topic, truth),
        "intent_temperature": temperature(arrays.intent, intents),
        "urgency_temperature": temperature(arrays.urgency, urgencies),
    }
    p = metrics.probabilities(arrays.topic, fitted["topic_temperature"])
    fitted["review_below"] = routing_threshold(p, labels, dev)
    if (work / "ngrams-svm.npz").exists():
        ngrams = ngram_probabilities(work, "svm", "dev", labels)
        share = best_share(p, ngrams, truth)
        fitted["ngram_share"] = share
        fitted["review_below_blended"] = routing_threshold((1 - share) * p + share * ngrams, labels, dev)
    (run / "calibration.json").write_text(json.dumps(fitted, indent=1), encoding="utf-8")
    return fitted


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--run", type=Path, required=True)
    options = parser.parse_args()
    print(json.dumps(calibrate(options.work, options.run), indent=1))


if __name__ == "__main__":
    main()
