"""The arithmetic of judging predictions, each formula once. numpy only: serving imports this through the encoder."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from math import comb

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]
Span = tuple[float, float]
BINS = 15
PRECISION = 0.98
DRAWS = 1000


@dataclass(frozen=True, slots=True)
class Bin:
    """Answers of about one confidence: how many, their mean confidence and the share that is right."""

    count: int
    confidence: float
    right: float


@dataclass(frozen=True, slots=True)
class ClassFigures:
    """One class: messages that carry it, and of the answers precision, recall and F1 (0 where there is nothing)."""

    count: int
    precision: float
    recall: float
    f1: float


def macro_f1(truth: Ints, guess: Ints) -> float:
    """Mean F1 over the classes that occur in `truth`."""
    return float(_f1_by_class(truth, guess).mean())


def class_figures(truth: Ints, guess: Ints, code: int) -> ClassFigures:
    hit = int(((truth == code) & (guess == code)).sum())
    wanted, given = int((truth == code).sum()), int((guess == code).sum())
    return ClassFigures(
        wanted,
        hit / given if given else 0.0,
        hit / wanted if wanted else 0.0,
        2 * hit / (wanted + given) if wanted + given else 0.0,
    )


def calibration_bins(confidence: Floats, right: Bools) -> list[Bin]:
    """The bins of equal width that hold any answers, from unsure to sure."""
    place = np.minimum((confidence * BINS).astype(int), BINS - 1)
    inside = [place == b for b in np.unique(place)]
    return [Bin(int(rows.sum()), float(confidence[rows].mean()), float(right[rows].mean())) for rows in inside]


def calibration_error(confidence: Floats, right: Bools) -> float:
    """Expected calibration error over 15 bins of equal width (Naeini et al. 2015; Guo et al. 2017)."""
    bins = calibration_bins(confidence, right)
    return sum(b.count * abs(b.confidence - b.right) for b in bins) / max(len(right), 1)


def precision_of_surest(confidence: Floats, right: Bools) -> tuple[NDArray[np.intp], Floats]:
    """Order of the answers, surest first, and the share of right ones among the first 1, 2, ... n."""
    order = np.argsort(-confidence, kind="stable")
    return order, np.cumsum(right[order]) / np.arange(1, len(order) + 1)


def threshold_for(confidence: Floats, right: Bools, precision: float = PRECISION) -> float:
    """The lowest confidence from which on at least `precision` of the answers are right; 1.01 if none."""
    order, share = precision_of_surest(confidence, right)
    reached = np.flatnonzero(share >= precision)
    return float(confidence[order][reached[-1]]) if len(reached) else 1.01


def interval(values: Bools | Floats, seed: int = 1) -> Span:
    """95 % bootstrap interval of a mean (percentiles; Efron 1979). Of paired differences too."""
    return _middle([float(values[rows].mean()) for rows in _draws(len(values), seed)])


def macro_f1_interval(truth: Ints, guess: Ints, seed: int = 1) -> Span:
    """95 % bootstrap interval of the macro-F1."""
    return _middle([macro_f1(truth[rows], guess[rows]) for rows in _draws(len(truth), seed)])


def mcnemar(right: Bools, other: Bools) -> float:
    """Two-sided exact p that two models of the same messages are equally often right (McNemar 1947)."""
    only, theirs = int((right & ~other).sum()), int((other & ~right).sum())
    n = only + theirs
    tail = sum(comb(n, k) for k in range(min(only, theirs) + 1))
    return min(1.0, float(Fraction(2 * tail, 2**n)))


def _f1_by_class(truth: Ints, guess: Ints) -> Floats:
    size = int(max(truth.max(), guess.max())) + 2
    wanted, given = np.bincount(truth + 1, minlength=size), np.bincount(guess + 1, minlength=size)
    hits = np.bincount(truth[truth == guess] + 1, minlength=size)
    occurs = wanted > 0
    values: Floats = 2 * hits[occurs] / (wanted[occurs] + given[occurs])
    return values


def _draws(n: int, seed: int) -> Iterator[Ints]:
    rng = np.random.default_rng(seed)
    return (rng.integers(0, n, n) for _ in range(DRAWS))


def _middle(values: list[float]) -> Span:
    low, high = np.quantile(values, (0.025, 0.975))
    return float(low), float(high)
