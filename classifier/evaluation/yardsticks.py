"""Simple classifiers to stand beside a model: fitted on the same messages, judged on the same unseen ones.

svm, lr: TF-IDF of character 1-3-grams with a linear SVM or a logistic regression (classifier/encoder/yardsticks.py).
keywords: see keywords.py. ngrams: the topic layer of the shipped baseline, trained anew. Needs scikit-learn.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sklearn.model_selection import StratifiedGroupKFold

from classifier.baseline.examples import Example, ExamplesError
from classifier.baseline.train import topic_scores
from classifier.encoder.metrics import domain_probabilities, probabilities
from classifier.encoder.records import DOMAINS, domain_of
from classifier.encoder.yardsticks import ngram_model, scores, sharpness
from classifier.evaluation.answers import Answers, of_probabilities
from classifier.evaluation.keywords import keyword_values
from classifier.evaluation.measures import Floats, Ints, threshold_for
from classifier.near_duplicates import group_ids

RULES = "keywords"
SEED = 20261122
LEAST_LABELS = 3
SET_ASIDE = 10  # one group of near-duplicates in so many fits the confidence instead of the model
Rows = Sequence[Example]
Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Material:
    """Labelled messages to learn from: `known` fit a model, `aside` its confidence and threshold."""

    known: Rows
    aside: Rows


def without_neighbours(known: Rows, unseen: Rows, aside: Rows = ()) -> Material:
    """Material without near-duplicates of the unseen messages. Without an `aside`, part of `known` becomes it."""
    groups = groups_of([*known, *unseen, *aside])
    forbidden = set(groups[len(known) :].tolist())
    kept = [i for i in range(len(known)) if known[i].label and groups[i] not in forbidden]
    if aside:
        return Material([known[i] for i in kept], [e for e in aside if e.label])
    numbers = {group: n for n, group in enumerate(dict.fromkeys(groups[kept].tolist()))}
    tenth = [numbers[groups[i]] % SET_ASIDE == SET_ASIDE - 1 and not known[i].synthetic for i in kept]
    return Material(
        [known[i] for i, out in zip(kept, tenth, strict=True) if not out],
        [known[i] for i, out in zip(kept, tenth, strict=True) if out],
    )


def held_out(kind: str, material: Material, unseen: Rows) -> Answers:
    """Answers to the unseen messages, which neither model nor confidence has been fitted on."""
    labels = sorted({e.label for e in (*material.known, *material.aside) if e.label})
    raw = _values(kind, material.known, [*material.aside, *unseen], labels)
    own, other = raw[: len(material.aside)], raw[len(material.aside) :]
    factor, below = _confidence(own, _truth(material.aside, labels), labels)
    return of_probabilities(kind, "", probabilities(factor * other), labels, below, domain_first=kind != RULES)


def cross_validated(kinds: Sequence[str], rows: Rows, folds: int, say: Say) -> Iterator[tuple[Answers, Rows]]:
    """Answers of each kind to every labelled message that is not synthetic, each by a model that has not seen it.

    Folds keep near-duplicates together and topics in proportion; synthetic messages are only learnt from. The
    confidence of a fold is fitted on the out-of-fold answers of the other folds.
    """
    rows = [e for e in rows if e.label]
    groups, labels = groups_of(rows), sorted({e.label for e in rows if e.label})
    real = np.array([i for i, e in enumerate(rows) if not e.synthetic], dtype=np.intp)
    judged = [rows[i] for i in real]
    truth = _truth(judged, labels)
    parts = _folds(truth, groups[real], folds)
    for kind in kinds:
        raw = np.zeros((len(judged), len(labels)))
        for number, unseen in enumerate(parts, 1):
            shut = np.isin(groups, groups[real[unseen]])
            raw[unseen] = _values(kind, [e for e, out in zip(rows, shut, strict=True) if not out],
                                  [judged[i] for i in unseen], labels)  # fmt: skip
            say(f"{kind} {number}/{folds}: {(raw[unseen].argmax(axis=1) == truth[unseen]).mean():.4f}")
        p, below = np.zeros_like(raw), np.zeros(len(judged))
        for unseen in parts:
            others = np.setdiff1d(np.arange(len(judged)), unseen)
            factor, below[unseen] = _confidence(raw[others], truth[others], labels)
            p[unseen] = probabilities(factor * raw[unseen])
        yield of_probabilities(kind, "", p, labels, below, domain_first=kind != RULES), judged


def _folds(truth: Ints, groups: Ints, folds: int) -> list[NDArray[np.intp]]:
    """The unseen rows of each fold. ExamplesError when there are too few messages."""
    if len(np.unique(groups)) < folds:
        raise ExamplesError(f"{folds} folds need at least {folds} different messages")
    splitter = StratifiedGroupKFold(folds, shuffle=True, random_state=SEED)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # thin topics cannot be in every fold
        try:
            return [unseen for _, unseen in splitter.split(truth, truth, groups) if len(unseen)]
        except ValueError as error:  # no topic has as many messages as there are folds
            raise ExamplesError(str(error)) from error


def groups_of(rows: Rows) -> NDArray[np.int64]:
    return group_ids([f"{e.message.title}\n{e.message.text}" for e in rows])


def _values(kind: str, known: Rows, unseen: Rows, labels: Sequence[str]) -> Floats:
    first = [e.label for e in known if e.label]
    if kind == RULES:
        return keyword_values([e.message for e in unseen], first, labels)
    if kind == "ngrams":
        return topic_scores(known, unseen, labels).astype(np.float64)
    if len(set(first)) < LEAST_LABELS:
        raise ExamplesError(f"{kind}: messages of at least {LEAST_LABELS} topics are needed to learn from")
    return scores(ngram_model(kind).fit([_line(e) for e in known], first), [_line(e) for e in unseen], labels)


def _confidence(values: Floats, truth: Ints, labels: Sequence[str]) -> tuple[float, float]:
    """Factor before the softmax, and the domain's probability from which on 98 % are right; cautious without rows."""
    if not len(values):
        return 1.0, 1.01
    factor = sharpness(values, truth)
    by_domain = domain_probabilities(probabilities(factor * values), labels)
    true_domain = np.array([DOMAINS.index(domain_of(labels[t])) for t in truth])
    return factor, threshold_for(by_domain.max(axis=1), by_domain.argmax(axis=1) == true_domain)


def _truth(rows: Rows, labels: Sequence[str]) -> Ints:
    return np.array([labels.index(e.label or "") for e in rows], dtype=np.int64)


def _line(example: Example) -> str:
    title, text = example.message.title, example.message.text
    return f"{title}\n{text}" if title else text
