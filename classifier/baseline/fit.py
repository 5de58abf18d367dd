"""Fits the linear heads. Needs scikit-learn and scipy, which serving does not.

Topic: the mean of a linear support vector machine, one against the rest, and a softmax regression that also learns
from the reader's second topic; the two err differently, and the mean of two linear models is one linear model.
Intent and urgency: softmax regression.
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import LogisticRegression
from sklearn.svm import LinearSVC

from classifier.baseline.features import Counts, Floats, Keys, SparseRows, tf_idf

SEED = 20261122
SEEN_IN = 3  # messages an n-gram must occur in to be kept
SVM_COST, SVM_SCALE = 1.0, 3.0  # the scale brings the machine's margins to the size of the regression's logits
FIRST_SHARE = 0.7  # probability mass of the reader's first topic where he gave two
SOFTMAX_PENALTY = 1e-7  # of the squared weights, beside the mean log-loss
SOFTMAX_STEPS = 80  # stopping early is part of the regularisation


@dataclass(frozen=True, slots=True)
class Head:
    """Scores are rows @ weights + bias; weights [n-grams, labels], bias [labels]."""

    labels: tuple[str, ...]
    weights: Floats
    bias: Floats


def vocabulary_of(counts: Counts, messages: int) -> tuple[Keys, Floats]:
    """The n-grams kept, ascending, and their inverse document frequency ln((1 + n) / (1 + df)) + 1."""
    once = np.unique(counts.key.astype(np.uint64) * np.uint64(messages) + counts.row.astype(np.uint64))
    keys, seen = np.unique(once // np.uint64(messages), return_counts=True)
    kept = seen >= SEEN_IN
    idf = np.log((1 + messages) / (1 + seen[kept])) + 1
    return keys[kept].astype(np.uint32), idf.astype(np.float32)


def matrix(counts: Counts, messages: int, vocabulary: Keys, idf: Floats) -> sparse.csr_matrix:
    """tf-idf rows in the form the fitting needs."""
    return as_csr(tf_idf(counts, messages, vocabulary, idf), len(vocabulary))


def as_csr(rows: SparseRows, columns: int) -> sparse.csr_matrix:
    return sparse.csr_matrix((rows.values, rows.columns, rows.starts), shape=(len(rows), columns))


def topic_head(
    rows: sparse.csr_matrix, first: Sequence[str], second: Sequence[str | None], labels: Sequence[str], steps: int
) -> Head:
    """The topic scores' weights for `labels`, one of which is each row's `first`."""
    machine = _support_vectors(rows, first, labels)
    regression = softmax_head(rows, first, second, labels, steps)
    return Head(
        tuple(labels),
        np.float32(SVM_SCALE / 2) * machine.weights + np.float32(0.5) * regression.weights,
        np.float32(SVM_SCALE / 2) * machine.bias + np.float32(0.5) * regression.bias,
    )


def softmax_head(
    rows: sparse.csr_matrix, first: Sequence[str], second: Sequence[str | None], labels: Sequence[str], steps: int
) -> Head:
    """Multinomial logistic regression. A row with a second label counts for both, by FIRST_SHARE."""
    index = {label: i for i, label in enumerate(labels)}
    target = np.array([index[label] for label in first])
    both = np.array([i for i, label in enumerate(second) if label in index and label != first[i]], dtype=np.int64)
    weight = np.ones(len(first))
    weight[both] = FIRST_SHARE
    model = LogisticRegression(
        C=1 / (SOFTMAX_PENALTY * len(first)), solver="lbfgs", max_iter=steps, tol=1e-7, random_state=SEED
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        model.fit(
            sparse.vstack([rows, rows[both]]).tocsr(),
            np.concatenate([target, [index[label] for i in both if (label := second[i]) is not None]]).astype(np.int64),
            sample_weight=np.concatenate([weight, np.full(len(both), 1 - FIRST_SHARE)]),
        )
    return _head(model, labels)


def _support_vectors(rows: sparse.csr_matrix, first: Sequence[str], labels: Sequence[str]) -> Head:
    index = {label: i for i, label in enumerate(labels)}
    model = LinearSVC(C=SVM_COST, random_state=SEED)
    model.fit(rows, np.array([index[label] for label in first]))
    return _head(model, labels)


def _head(model: LogisticRegression | LinearSVC, labels: Sequence[str]) -> Head:
    """Weights for all labels; one that the training rows lack gets the least bias seen and no weights."""
    coefficients, intercept = np.atleast_2d(model.coef_), np.atleast_1d(model.intercept_)
    if len(model.classes_) == 2:  # scikit-learn keeps one row for two classes
        coefficients, intercept = np.vstack([-coefficients, coefficients]), np.array([-intercept[0], intercept[0]])
    weights = np.zeros((coefficients.shape[1], len(labels)), dtype=np.float32)
    bias = np.full(len(labels), intercept.min() - 1.0, dtype=np.float32)
    weights[:, model.classes_] = coefficients.T
    bias[model.classes_] = intercept
    return Head(tuple(labels), weights, bias)


def scores(rows: sparse.csr_matrix, head: Head) -> NDArray[np.float32]:
    """Shape [rows, labels]."""
    result: NDArray[np.float32] = rows @ head.weights + head.bias
    return result
