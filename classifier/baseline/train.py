"""Trains, cross-validates and writes the baseline's artefact. The same rows and settings give the same artefact."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.model_selection import GroupKFold

from classifier.baseline import fit, validate
from classifier.baseline.artefact import HEADS, Artefact, Card, quantise, save
from classifier.baseline.examples import Example, ExamplesError
from classifier.baseline.features import Counts, Floats, Keys, count
from classifier.baseline.model import domain_numbers, domain_probabilities, model_level, softmax
from classifier.evaluation.measures import macro_f1
from classifier.labels import INTENTS, URGENCIES, all_labels
from classifier.near_duplicates import group_ids
from classifier.urgency import urgency_of

LEAST_ROWS = 20
# The model says U1, U2 or U3 from these probabilities of the level or a higher one (docs/classifier-log.md).
URGENT_FROM = (0.5, 0.4, 0.6)
Say = Callable[[str], None]
Labelled = Callable[[Example], str | None]
_LABEL_OF: dict[str, Labelled] = {
    "topic": lambda e: e.label,
    "intent": lambda e: e.intent,
    "urgency": lambda e: e.urgency,
}


@dataclass(frozen=True, slots=True)
class _Data:
    """Examples with their n-grams, which are counted once; names are the labels of each head that occur."""

    examples: Sequence[Example]
    counts: Counts
    names: dict[str, tuple[str, ...]]

    def part(self, which: NDArray[np.int64]) -> Counts:
        """The n-grams of some examples, numbered from 0 in the order of `which` (ascending)."""
        position = np.full(len(self.examples), -1)
        position[which] = np.arange(len(which))
        kept = position[self.counts.row] >= 0
        return Counts(position[self.counts.row[kept]], self.counts.key[kept], self.counts.weight[kept])


def train(examples: Sequence[Example], out: Path, folds: int, steps: int, say: Say) -> dict[str, Any]:
    """Writes the artefact to `out` and returns the cross-validated figures, which its card holds too.

    steps: of each regression. say: told what is being done. ExamplesError when there is too little to learn from.
    """
    data = _prepared(examples)
    groups = group_ids([f"{e.message.title}\n{e.message.text}" for e in examples])
    say(f"{len(examples)} rows in {len(set(groups.tolist()))} groups of near-duplicates")
    if len(set(groups.tolist())) < folds:
        raise ExamplesError(f"{folds} folds need at least {folds} different messages")
    scores = {name: np.zeros((len(examples), len(data.names[name])), dtype=np.float32) for name in HEADS}
    splits = GroupKFold(folds, shuffle=True, random_state=fit.SEED).split(groups, groups, groups)
    for number, (known, unseen) in enumerate(splits, 1):
        say(f"fold {number} of {folds}: {len(known)} rows to learn from, {len(unseen)} to be tested on")
        vocabulary, idf, heads = _fitted(data, np.sort(known), steps)
        rows = fit.matrix(data.part(np.sort(unseen)), len(unseen), vocabulary, idf)
        for name, head in heads.items():
            scores[name][np.sort(unseen)] = fit.scores(rows, head)
    card = _judged(data, scores)
    say("all rows")
    vocabulary, idf, heads = _fitted(data, np.arange(len(examples)), steps)
    card = replace(card, version=_version(vocabulary, heads), made_from=_made_from(examples, folds, steps))
    save(out, Artefact(card, vocabulary, idf, {n: quantise(h.weights, h.bias) for n, h in heads.items()}))
    return card.metrics


def topic_scores(
    learnt: Sequence[Example], unseen: Sequence[Example], labels: Sequence[str], steps: int = fit.SOFTMAX_STEPS
) -> Floats:
    """Scores [unseen, labels] of a topic layer fitted on `learnt`, whose labels are among `labels`."""
    known, other = count([e.message for e in learnt]), count([e.message for e in unseen])
    vocabulary, idf = fit.vocabulary_of(known, len(learnt))
    rows = fit.matrix(known, len(learnt), vocabulary, idf)
    first = [e.label for e in learnt if e.label]
    head = fit.topic_head(rows, first, [e.second for e in learnt], labels, steps)
    return fit.scores(fit.matrix(other, len(unseen), vocabulary, idf), head)


def _prepared(examples: Sequence[Example]) -> _Data:
    names = {}
    orders = {"topic": tuple(all_labels()), "intent": INTENTS, "urgency": URGENCIES}
    for name, order in orders.items():
        given = [label for e in examples if (label := _LABEL_OF[name](e))]
        names[name] = tuple(label for label in order if label in given)
        if len(given) < LEAST_ROWS or len(names[name]) < 2:
            raise ExamplesError(f"{name}: at least {LEAST_ROWS} rows and two labels are needed, got {len(given)} rows")
    return _Data(examples, count([e.message for e in examples]), names)


def _fitted(data: _Data, known: NDArray[np.int64], steps: int) -> tuple[Keys, Floats, dict[str, fit.Head]]:
    part = data.part(known)
    vocabulary, idf = fit.vocabulary_of(part, len(known))
    rows = fit.matrix(part, len(known), vocabulary, idf)
    heads = {}
    for name in HEADS:
        labels = [_LABEL_OF[name](data.examples[i]) for i in known]
        used = np.array([i for i, label in enumerate(labels) if label])
        first = [label for label in labels if label]
        if name == "topic":
            second = [data.examples[known[i]].second for i in used]
            heads[name] = fit.topic_head(rows[used], first, second, data.names[name], steps)
        else:
            heads[name] = fit.softmax_head(rows[used], first, [None] * len(first), data.names[name], steps)
    return vocabulary, idf, heads


def _judged(data: _Data, scores: dict[str, Floats]) -> Card:
    """The card with temperature and thresholds of the out-of-fold scores, measured on rows that people wrote."""
    examples, labels = data.examples, data.names["topic"]
    real = np.array([i for i, e in enumerate(examples) if e.label and not e.synthetic])
    if not len(real):
        real = np.array([i for i, e in enumerate(examples) if e.label])
    truth = np.array([labels.index(examples[i].label or "") for i in real])
    temperature = validate.best_temperature(scores["topic"][real], truth)
    p = softmax(scores["topic"][real] / np.float32(temperature))
    numbers = domain_numbers(labels)
    domains = domain_probabilities(p, numbers)
    below = validate.review_threshold(domains.max(axis=1), domains.argmax(axis=1) == numbers[truth])
    intents = np.array([i for i in real if examples[i].intent])
    found = scores["intent"][intents].argmax(axis=1)
    wanted = np.array([data.names["intent"].index(examples[i].intent or "") for i in intents])
    metrics = {
        **validate.topic_figures(p, truth, [examples[i].second for i in real], labels, below),
        "intent_accuracy": round(float((found == wanted).mean()), 4),
        "intent_macro_f1": round(macro_f1(wanted, found), 4),
        "urgency": {
            "written by people": _urgency(data, scores, synthetic=False),
            "synthetic": _urgency(data, scores, synthetic=True),
        },
    }
    return Card("", labels, data.names["intent"], data.names["urgency"], temperature, below, URGENT_FROM, {}, metrics)


def _urgency(data: _Data, scores: dict[str, Floats], synthetic: bool) -> dict[str, Any]:
    rows = [i for i, e in enumerate(data.examples) if e.urgency and e.synthetic == synthetic]
    if not rows:
        return {}
    messages = [data.examples[i].message for i in rows]
    rules = [urgency_of(m.text, m.title)[0] for m in messages]
    model = [model_level(p, data.names["urgency"], URGENT_FROM) for p in softmax(scores["urgency"][rows])]
    both = [min(pair) for pair in zip(rules, model, strict=True)]
    truth = [data.examples[i].urgency or "" for i in rows]
    return validate.urgency_figures({"rules": rules, "model": model, "both": both}, truth)


def _version(vocabulary: Keys, heads: dict[str, fit.Head]) -> str:
    digest = hashlib.sha256(vocabulary.tobytes())
    for head in heads.values():
        digest.update(head.weights.tobytes() + head.bias.tobytes())
    return f"ngrams-1-{digest.hexdigest()[:8]}"


def _made_from(examples: Sequence[Example], folds: int, steps: int) -> dict[str, Any]:
    digest = hashlib.sha256()
    for e in examples:
        row = [e.message.title, e.message.text, e.label, e.second, e.intent, e.urgency]
        digest.update(json.dumps(row, ensure_ascii=True).encode())
    return {
        "rows": len(examples),
        "synthetic": sum(e.synthetic for e in examples),
        "sha256": digest.hexdigest(),
        "folds": folds,
        "steps": steps,
        "seed": fit.SEED,
    }
