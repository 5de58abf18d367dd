"""Step 2: what character n-grams reach on the same split, and their out-of-fold probabilities to distil from.

    python -m classifier.encoder.yardsticks --work WORK

Reads WORK/{train,dev,test}.jsonl; writes WORK/ngrams-{svm,lr,teacher}.npz with log-probabilities `train` (out
of fold; not for lr), `dev` and `test`, shape [n, labels], and the labels. The first two see TF-IDF of character
1-3-grams; the logistic regression is what Signalen classifies with, the SVM the stronger of the two. The
teacher, an SVM on characters 1-2, is no yardstick: of training messages it also reads the agency's reply, which
often names the responsible body (learning with privileged information, Lopez-Paz et al. 2016).
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize_scalar
from scipy.sparse import hstack
from scipy.special import log_softmax
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedGroupKFold
from sklearn.multiclass import OneVsRestClassifier
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.svm import LinearSVC

from classifier.encoder.records import Record, read_records
from classifier.near_duplicates import group_ids

SEED = 20261122
FOLDS = 5
REPLY = "\x1e"


def ngram_model(kind: str) -> Pipeline | Privileged:
    """Unfitted model: `svm` (one against the rest), `lr` or `teacher`."""
    if kind == "teacher":
        return Privileged()
    features = TfidfVectorizer(analyzer="char", ngram_range=(1, 3), min_df=2, sublinear_tf=True, dtype=np.float32)
    if kind == "svm":
        return make_pipeline(features, LinearSVC(C=0.5, random_state=SEED))
    regression = LogisticRegression(C=30.0, solver="liblinear", tol=1e-3)
    return make_pipeline(features, OneVsRestClassifier(regression))


class Privileged:
    """The teacher: message and reply are features of their own; fit and decision_function as in scikit-learn.

    Takes lines of message, `REPLY`, reply.
    """

    def __init__(self) -> None:
        self._features = [
            TfidfVectorizer(analyzer="char", ngram_range=(1, 2), min_df=2, sublinear_tf=True, dtype=np.float32)
            for _ in range(2)
        ]
        self._svm = LinearSVC(C=1.0, random_state=SEED)

    def fit(self, lines: Sequence[str], labels: Sequence[str]) -> Privileged:
        parts = zip(self._features, _split(lines), strict=True)
        self._svm.fit(hstack([f.fit_transform(part) for f, part in parts]).tocsr(), labels)
        self.classes_ = self._svm.classes_
        return self

    def decision_function(self, lines: Sequence[str]) -> NDArray[np.float64]:
        parts = zip(self._features, _split(lines), strict=True)
        values: NDArray[np.float64] = self._svm.decision_function(hstack([f.transform(p) for f, p in parts]).tocsr())
        return values


def _split(lines: Sequence[str]) -> tuple[list[str], list[str]]:
    pairs = [line.partition(REPLY) for line in lines]
    return [message for message, _, _ in pairs], [reply for _, _, reply in pairs]


def scores(model: Pipeline | Privileged, texts: Sequence[str], labels: Sequence[str]) -> NDArray[np.float64]:
    """Decision values [n, labels] in the order of `labels`; a label never seen gets the row's least."""
    raw = model.decision_function(list(texts))
    out = np.repeat(raw.min(axis=1, keepdims=True), len(labels), axis=1)
    for column, code in enumerate(model.classes_):
        out[:, labels.index(code)] = raw[:, column]
    return out


def sharpness(values: NDArray[np.float64], truth: NDArray[np.int64]) -> float:
    """Factor that makes softmax(factor * values) the most likely, between 0.2 and 20."""

    def loss(log_factor: float) -> float:
        logp = log_softmax(np.exp(log_factor) * values, axis=1)
        return float(-logp[np.arange(len(truth)), truth].mean())

    return float(np.exp(minimize_scalar(loss, bounds=(np.log(0.2), np.log(20)), method="bounded").x))


def run(kind: str, work: Path) -> None:
    parts = {part: list(read_records(work / f"{part}.jsonl")) for part in ("train", "dev", "test")}
    texts = {part: [as_line(r) for r in rows] for part, rows in parts.items()}
    if kind == "teacher":
        texts = {part: [as_line(r) + REPLY + r.reply for r in rows] for part, rows in parts.items()}
    labels = sorted({record.label for rows in parts.values() for record in rows})
    truth = {part: np.array([labels.index(r.label) for r in rows]) for part, rows in parts.items()}
    started = time.monotonic()
    saved: dict[str, NDArray[np.float64]] = {}
    if kind != "lr":
        saved["train"] = np.zeros((len(texts["train"]), len(labels)))
        folds = StratifiedGroupKFold(FOLDS, shuffle=True, random_state=SEED)
        rows, groups = texts["train"], group_ids([as_line(r) for r in parts["train"]])
        for fold, (seen, unseen) in enumerate(folds.split(rows, truth["train"], groups)):
            model = ngram_model(kind).fit([rows[i] for i in seen], [parts["train"][i].label for i in seen])
            saved["train"][unseen] = scores(model, [rows[i] for i in unseen], labels)
            right = (saved["train"][unseen].argmax(1) == truth["train"][unseen]).mean()
            spent = time.monotonic() - started
            print(f"{kind} fold {fold + 1}/{FOLDS}: {right:.4f}, {spent:.0f} s", flush=True)
    model = ngram_model(kind).fit(texts["train"], [record.label for record in parts["train"]])
    for part in ("dev", "test"):
        saved[part] = scores(model, texts[part], labels)
        print(f"{kind} {part}: {(saved[part].argmax(1) == truth[part]).mean():.4f}", flush=True)
    factor = sharpness(saved["dev"], truth["dev"])
    logp = {part: log_softmax(factor * values, axis=1).astype(np.float32) for part, values in saved.items()}
    np.savez_compressed(work / f"ngrams-{kind}.npz", labels=np.array(labels), **logp)


def as_line(record: Record) -> str:
    return f"{record.title}\n{record.text}" if record.title else record.text


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--kind", nargs="+", choices=("svm", "lr", "teacher"), default=("svm", "lr"))
    options = parser.parse_args()
    for kind in options.kind:
        run(kind, options.work)


if __name__ == "__main__":
    main()
