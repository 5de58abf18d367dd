"""Step 5: RUN/model.int8.onnx on WORK/dev.jsonl -> RUN/calibration.json; also RUN/logits-{dev,test}.npz.

    python -m classifier.encoder.calibrate --work WORK --run RUN [--ngrams FOLDER]

FOLDER is an n-gram artefact trained on WORK/train.jsonl alone (`manage.py train_baseline`); it becomes RUN/ngrams,
the encoder's partner. Fitted on dev, in this order: the temperature of each head (Guo et al. 2017); the n-grams' share;
from where on their answer stands without the encoder; isotonic steps for the confidence, if they calibrate better than
the temperature alone in five folds of dev; the probability of the domain from which a message may go without a person;
and the urgency from which the model raises the rules' level.
"""

from __future__ import annotations

import argparse
import json
import shutil
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize_scalar
from scipy.special import log_softmax
from sklearn.isotonic import IsotonicRegression

from classifier.baseline.model import NgramClassifier
from classifier.encoder import metrics
from classifier.encoder.artefact import MODEL, NGRAMS, TOKENIZER
from classifier.encoder.metrics import Floats
from classifier.encoder.mixture import GRAVE, Mixture, Opinion, certain, mixed, ngram_opinion, read
from classifier.encoder.records import DOMAINS, Record, domain_of, read_records
from classifier.encoder.session import Arrays, EncoderSession
from classifier.encoder.tokens import open_tokenizer, token_ids
from classifier.interface import Message
from classifier.labels import INTENTS, URGENCIES
from classifier.urgency import ORDINARY, urgency_hits

AIM = 0.985  # half a point above the goal of 98 %: the threshold is chosen and counted on the same dev messages
SKIPPED_RIGHT = 0.99  # of those that the encoder does not see
MAY_COST = 0.002  # accuracy that the cascade may lose
WORTH = 0.003  # of calibration error, that isotonic steps must save
FOLDS = 5
BLOCK = 30  # messages under each step of the confidence: of fewer the share that was right says nothing
DOMAIN_GRID = (0.9, 0.93, 0.95, 0.96, 0.97, 0.98, 0.985, 0.99, 0.993, 0.995, 0.997, 0.998, 0.999, 0.9995)
TOPIC_GRID = (0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.98)
LEVEL_GRID = (
    0.2,
    0.25,
    0.3,
    0.35,
    0.4,
    0.45,
    0.5,
    0.55,
    0.6,
)  # few messages are urgent: what they teach is kept in bounds


class Fitted(NamedTuple):
    """Temperatures of topic, intent and urgency, and the mixture."""

    temperatures: tuple[float, float, float]
    mixture: Mixture


@dataclass(frozen=True, slots=True)
class Part:
    """Labelled messages with what encoder and n-grams say of them, before any mixing."""

    records: Sequence[Record]
    labels: Sequence[str]
    outputs: Arrays
    ngrams: Opinion | None

    def messages(self) -> list[Message]:
        return [Message(r.text, r.title) for r in self.records]

    def encoder(self, temperatures: Sequence[float]) -> Opinion:
        logits = (self.outputs.topic, self.outputs.intent, self.outputs.urgency)
        return Opinion(*(metrics.probabilities(x, t) for x, t in zip(logits, temperatures, strict=True)))

    def served(self, fitted: Fitted) -> Opinion:
        own = self.encoder(fitted.temperatures)
        return read(self.messages(), self.ngrams, self.labels, fitted.mixture, own.of)

    def topics(self) -> NDArray[np.int64]:
        """Number of each message's label; -1 for one that the encoder does not know."""
        return np.array([self.labels.index(r.label) if r.label in self.labels else -1 for r in self.records])

    def domains(self) -> NDArray[np.int64]:
        return np.array([DOMAINS.index(domain_of(r.label)) for r in self.records])


def read_part(work: Path, run: Path, name: str) -> Part:
    """dev or test with the logits that `calibrate` kept."""
    labels = json.loads((run / "labels.json").read_text(encoding="utf-8"))
    records = list(read_records(work / f"{name}.jsonl"))
    stored = np.load(run / f"logits-{name}.npz")
    outputs = Arrays(*(stored[field] for field in Arrays._fields))
    messages = [Message(r.text, r.title) for r in records]
    ngrams = ngram_opinion(NgramClassifier(run / NGRAMS), messages, labels) if (run / NGRAMS).is_dir() else None
    return Part(records, labels, outputs, ngrams)


def temperature(logits: metrics.Logits, truth: NDArray[np.int64]) -> float:
    """The T that makes softmax(logits / T) the most likely, between 0.3 and 5. Truth -1 is left out."""
    known = truth >= 0

    def loss(log_t: float) -> float:
        logp = log_softmax(logits[known] / np.exp(log_t), axis=1)
        return float(-logp[np.arange(known.sum()), truth[known]].mean())

    return float(np.exp(minimize_scalar(loss, bounds=(np.log(0.3), np.log(5.0)), method="bounded").x))


def logits_of(run: Path, records: Sequence[Record]) -> Arrays:
    tokenizer = open_tokenizer(str(run / TOKENIZER))
    rows = token_ids(tokenizer, [r.title for r in records], [r.text for r in records])
    return EncoderSession(run / MODEL).run(rows)


def ngram_probabilities(work: Path, kind: str, part: str, labels: Sequence[str]) -> Floats:
    """A yardstick's probabilities in the order of `labels`."""
    stored = np.load(work / f"ngrams-{kind}.npz")
    columns = [stored["labels"].tolist().index(code) for code in labels]
    p: Floats = np.exp(stored[part][:, columns].astype(np.float64))
    p /= p.sum(axis=1, keepdims=True)
    return p


def routing_threshold(p: Floats, labels: Sequence[str], records: Sequence[Record], aim: float = 0.98) -> float:
    by_domain = metrics.domain_probabilities(p, labels)
    truth = np.array([DOMAINS.index(domain_of(r.label)) for r in records])
    return metrics.threshold_for(by_domain.max(1), by_domain.argmax(1) == truth, aim)


def best_share(encoder: Floats, ngrams: Floats, truth: NDArray[np.int64]) -> float:
    """The n-grams' share with the highest likelihood on dev, in steps of 0.05."""
    rows = np.flatnonzero(truth >= 0)

    def likelihood(share: float) -> float:
        blend = (1 - share) * encoder[rows, truth[rows]] + share * ngrams[rows, truth[rows]]
        return float(np.log(blend + 1e-9).mean())

    return max((round(0.05 * i, 2) for i in range(20)), key=likelihood)


def accuracies(p: Floats, part: Part) -> tuple[float, float]:
    """Of topic and of domain."""
    domains = metrics.domain_probabilities(p, part.labels).argmax(1)
    topics = metrics.best_topics(p, part.labels)
    return float((topics == part.topics()).mean()), float((domains == part.domains()).mean())


def with_cascade(fitted: Fitted, part: Part) -> Mixture:
    """The mixture that spares the encoder most messages at the cost and precision allowed; perhaps none."""
    assert part.ngrams is not None  # noqa: S101 (the caller asks only with n-grams)
    full = accuracies(mixed(part.encoder(fitted.temperatures), part.ngrams, fitted.mixture.share).topic, part)
    right = metrics.domain_probabilities(part.ngrams.topic, part.labels).argmax(1) == part.domains()
    best, most = fitted.mixture, 0
    for domain in DOMAIN_GRID:
        for topic in TOPIC_GRID:
            tried = replace(fitted.mixture, skip_domain=domain, skip_topic=topic)
            alone = certain(part.ngrams, part.labels, tried)
            if alone.sum() <= most or right[alone].mean() < SKIPPED_RIGHT:
                continue
            cascade = accuracies(part.served(Fitted(fitted.temperatures, tried)).topic, part)
            if all(now >= before - MAY_COST for now, before in zip(cascade, full, strict=True)):
                best, most = tried, int(alone.sum())
    return best


def confidence_steps(p: Floats, part: Part) -> tuple[tuple[float, float], ...]:
    """Isotonic regression of being right on the answer's probability; empty where it does not pay."""
    guess = metrics.best_topics(p, part.labels)
    before, right = p[np.arange(len(p)), guess], guess == part.topics()
    fold = np.random.default_rng(1).integers(0, FOLDS, len(p))
    after = np.zeros(len(p))
    for number in range(FOLDS):
        steps = np.array(isotonic(before[fold != number], right[fold != number]))
        after[fold == number] = np.interp(before[fold == number], steps[:, 0], steps[:, 1])
    if metrics.calibration_error(after, right) > metrics.calibration_error(before, right) - WORTH:
        return ()
    return isotonic(before, right)


def isotonic(before: Floats, right: NDArray[np.bool_]) -> tuple[tuple[float, float], ...]:
    """Points of a rising line from probability to share that was right, each resting on at least BLOCK messages."""
    order = np.argsort(before)
    blocks = np.array_split(order, max(len(order) // BLOCK, 1))
    x, y = (np.array([column[block].mean() for block in blocks]) for column in (before, right))
    line = IsotonicRegression(y_min=0.01, y_max=0.995).fit_transform(x, y, sample_weight=[len(b) for b in blocks])
    return tuple((round(float(at), 4), round(float(share), 4)) for at, share in zip(x, line, strict=True))


def urgent_from(p: Floats, part: Part) -> tuple[float, float, float]:
    """For U1, U2, U3 the probability of it or higher that gives the best F score, with the rules.

    F2 for the first two, whose recall counts double, F1 for U3.
    """
    truth = np.array([URGENCIES.index(r.urgency) for r in part.records])
    rules = np.array([URGENCIES.index(rule_level(message)) for message in part.messages()])

    def score(level: int, threshold: float) -> float:
        said = (rules <= level) | (p[:, : level + 1].sum(1) >= threshold)
        wanted = truth <= level
        weight = 4 if level < GRAVE else 1
        return float((1 + weight) * (said & wanted).sum() / max(weight * wanted.sum() + said.sum(), 1))

    def best(level: int) -> float:
        return max(LEVEL_GRID, key=lambda threshold: score(level, threshold))

    return best(0), best(1), best(2)


def rule_level(message: Message) -> str:
    return min((hit.level for hit in urgency_hits(message)), default=ORDINARY)


def calibrate(work: Path, run: Path, ngrams: Path | None = None) -> Fitted:
    """Writes the logits, unless they are newer than model and messages, RUN/ngrams and RUN/calibration.json."""
    shutil.rmtree(run / NGRAMS, ignore_errors=True)
    if ngrams:
        shutil.copytree(ngrams, run / NGRAMS)
    for name in ("dev", "test"):
        source, kept = work / f"{name}.jsonl", run / f"logits-{name}.npz"
        if not kept.exists() or kept.stat().st_mtime < max(p.stat().st_mtime for p in (source, run / MODEL)):
            np.savez_compressed(kept, **logits_of(run, list(read_records(source)))._asdict())
    fitted = fit(read_part(work, run, "dev"))
    content = {"temperatures": fitted.temperatures, "mixture": asdict(fitted.mixture)}
    (run / "calibration.json").write_text(json.dumps(content, indent=1), encoding="utf-8")
    return fitted


def fit(dev: Part) -> Fitted:
    intents = np.array([INTENTS.index(r.intent) for r in dev.records])
    urgencies = np.array([URGENCIES.index(r.urgency) for r in dev.records])
    temperatures = (
        temperature(dev.outputs.topic, dev.topics()),
        temperature(dev.outputs.intent, intents),
        temperature(dev.outputs.urgency, urgencies),
    )
    mixture = Mixture()
    if dev.ngrams is not None:
        share = best_share(dev.encoder(temperatures).topic, dev.ngrams.topic, dev.topics())
        mixture = with_cascade(Fitted(temperatures, replace(mixture, share=share)), dev)
    served = dev.served(Fitted(temperatures, mixture))
    below = routing_threshold(served.topic, dev.labels, dev.records, AIM)
    steps = confidence_steps(served.topic, dev)
    mixture = replace(mixture, review_below=below, confidence_steps=steps, urgent_from=urgent_from(served.urgency, dev))
    return Fitted(temperatures, mixture)


def read_fitted(run: Path) -> Fitted:
    """What `calibrate` wrote."""
    content = json.loads((run / "calibration.json").read_text(encoding="utf-8"))
    mixture = content["mixture"]
    mixture["urgent_from"] = tuple(mixture["urgent_from"])
    mixture["confidence_steps"] = tuple((x, y) for x, y in mixture["confidence_steps"])
    first, second, third = content["temperatures"]
    return Fitted((first, second, third), Mixture(**mixture))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--run", type=Path, required=True)
    parser.add_argument("--ngrams", type=Path)
    options = parser.parse_args()
    print(calibrate(options.work, options.run, options.ngrams))


if __name__ == "__main__":
    main()
