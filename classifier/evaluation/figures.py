"""All figures of one model on labelled messages, and of one model against another; ready for JSON."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from classifier.baseline.examples import Example
from classifier.encoder.records import DOMAINS, domain_of
from classifier.evaluation import measures
from classifier.evaluation.answers import Answers
from classifier.evaluation.measures import Bools, Floats, Ints
from classifier.labels import INTENTS, all_labels

LENGTH_BANDS = (0, 30, 100, 200, 500)  # characters of title and text, from each on
BANDS = (*(f"{low}–{high - 1}" for low, high in pairwise(LENGTH_BANDS)), f"≥ {LENGTH_BANDS[-1]}")
CONFUSIONS = 30
CURVE = 100  # points of a coverage curve
URGENT = ("U1", "U2")
DIGITS = 4
Figures = dict[str, Any]


def figures_of(examples: Sequence[Example], answers: Answers) -> Figures:
    """Topic figures count the messages with a label; those of intent and urgency the messages that carry them."""
    labelled = np.array([i for i, e in enumerate(examples) if e.label], dtype=np.intp)
    result: Figures = {"name": answers.name, "version": answers.version, "messages": len(labelled)}
    if len(labelled):
        rows = [examples[i] for i in labelled]
        result |= _topic_figures(rows, answers.of(labelled))
    if answers.intents is not None:
        result |= _intent_figures(examples, answers.intents)
    if answers.urgencies is not None:
        result |= _urgency_figures(examples, answers.urgencies)
    return result


def compared(examples: Sequence[Example], ours: Answers, theirs: Answers) -> Figures:
    """Ours minus theirs on the same labelled messages: paired bootstrap interval, and McNemar's exact p."""
    labelled = np.array([i for i, e in enumerate(examples) if e.label], dtype=np.intp)
    rows = [examples[i] for i in labelled]
    result: Figures = {"ours": ours.name, "theirs": theirs.name, "messages": len(rows)}
    theirs_right = _right(rows, theirs.of(labelled))
    for name, right in _right(rows, ours.of(labelled)).items():
        other = theirs_right[name]
        difference = right.astype(np.float64) - other
        result[name] = {
            "difference": round(float(difference.mean()), DIGITS),
            "interval": _span(measures.interval(difference)),
            "only_ours": int((right & ~other).sum()),
            "only_theirs": int((other & ~right).sum()),
            "p": float(f"{measures.mcnemar(right, other):.3g}"),
        }
    return result


def _right(rows: Sequence[Example], answers: Answers) -> dict[str, Bools]:
    """For each way to count, which answers are right."""
    truth = [e.label or "" for e in rows]
    return {
        "topic": np.array([a == t for a, t in zip(answers.topics, truth, strict=True)]),
        "domain": np.array([a == domain_of(t) for a, t in zip(answers.domains, truth, strict=True)]),
        "first_or_second": np.array([a in (e.label, e.second) for a, e in zip(answers.topics, rows, strict=True)]),
        "top3": np.array([t in shown for t, shown in zip(truth, answers.shown, strict=True)]),
    }


def _topic_figures(rows: Sequence[Example], answers: Answers) -> Figures:
    codes = tuple(all_labels())
    place = {code: i for i, code in enumerate(codes)}
    truth = np.array([place[e.label or ""] for e in rows])
    guess = np.array([place[code] for code in answers.topics])
    true_domain = np.array([DOMAINS.index(domain_of(e.label or "")) for e in rows])
    domain = np.array([DOMAINS.index(name) for name in answers.domains])
    right = _right(rows, answers)
    routed = answers.routed
    return {
        **{name: _share(values) for name, values in right.items()},
        "macro_f1_topic": _macro_f1(truth, guess),
        "macro_f1_domain": _macro_f1(true_domain, domain),
        "calibration": {
            "topic": _calibration(answers.confidence, right["topic"]),
            "domain": _calibration(answers.domain_confidence, right["domain"]),
        },
        "coverage": {
            "topic": _curve(answers.confidence, right["topic"]),
            "domain": _curve(answers.domain_confidence, right["domain"]),
        },
        "routed": {"share": _share(routed), "domain": _share(right["domain"][routed])},
        "by_topic": _by_class(truth, guess, codes),
        "by_domain": _by_class(true_domain, domain, DOMAINS),
        "matrix": _matrix(truth, guess, codes),
        "confusions": _confusions(rows, answers),
        "by_source": _groups([e.source or "-" for e in rows], right, routed),
        "by_length": _groups([_band(e) for e in rows], right, routed, BANDS),
    }


def _calibration(confidence: Floats, right: Bools) -> Figures:
    bins = measures.calibration_bins(confidence, right)
    return {
        "ece": round(measures.calibration_error(confidence, right), DIGITS),
        "bins": [
            {"messages": b.count, "confidence": round(b.confidence, DIGITS), "right": round(b.right, DIGITS)}
            for b in bins
        ],
    }


def _curve(confidence: Floats, right: Bools) -> list[list[float]]:
    """[share of the messages, the surest first; share of them that is right]."""
    _, precision = measures.precision_of_surest(confidence, right)
    places = np.unique(np.ceil(np.linspace(0, len(right), CURVE + 1)[1:]).astype(int))
    return [[round(k / len(right), DIGITS), round(float(precision[k - 1]), DIGITS)] for k in places.tolist()]


def _by_class(truth: Ints, guess: Ints, codes: Sequence[str]) -> list[Figures]:
    rows = []
    for number in np.union1d(truth, guess).tolist():
        f = measures.class_figures(truth, guess, number)
        figures = {name: round(getattr(f, name), DIGITS) for name in ("precision", "recall", "f1")}
        rows.append({"code": codes[number], "messages": f.count, **figures})
    return rows


def _matrix(truth: Ints, guess: Ints, codes: Sequence[str]) -> Figures:
    """Counts [true, answered] of the codes that occur as either."""
    seen = np.union1d(truth, guess)
    counts = np.zeros((len(seen), len(seen)), dtype=int)
    np.add.at(counts, (np.searchsorted(seen, truth), np.searchsorted(seen, guess)), 1)
    return {"codes": [codes[i] for i in seen], "counts": counts.tolist()}


def _confusions(rows: Sequence[Example], answers: Answers) -> list[Figures]:
    """The commonest wrong answers; `second` counts those that the reader saw too."""
    wrong = [(e.label, a, a == e.second) for e, a in zip(rows, answers.topics, strict=True) if a != e.label]
    pairs, also = Counter((t, a) for t, a, _ in wrong), Counter((t, a) for t, a, second in wrong if second)
    common = sorted(pairs.items(), key=lambda item: (-item[1], item[0]))[:CONFUSIONS]
    return [{"label": t, "answer": a, "messages": n, "second": also[t, a]} for (t, a), n in common]


def _groups(keys: Sequence[str], right: dict[str, Bools], routed: Bools, order: Sequence[str] = ()) -> list[Figures]:
    """Figures of each group that occurs, in the given order, else the largest first."""
    counts = Counter(keys)
    result = []
    for key in order or sorted(counts, key=lambda k: (-counts[k], k)):
        if key not in counts:
            continue
        inside = np.array([k == key for k in keys])
        shares = {name: _share(values[inside]) for name, values in right.items()}
        covered = {"share": _share(routed[inside]), "domain": _share(right["domain"][inside & routed])}
        result.append({"group": key, "messages": counts[key], **shares, "routed": covered})
    return result


def _band(example: Example) -> str:
    length = len(example.message.title) + len(example.message.text)
    return BANDS[int(np.searchsorted(LENGTH_BANDS, length, side="right")) - 1]


def _intent_figures(examples: Sequence[Example], intents: Sequence[str]) -> Figures:
    pairs = [(INTENTS.index(e.intent), INTENTS.index(a)) for e, a in zip(examples, intents, strict=True) if e.intent]
    if not pairs:
        return {}
    truth, guess = np.array(pairs).T
    return {
        "intent": {"messages": len(pairs), **_share(truth == guess), "macro_f1": _macro_f1(truth, guess)},
        "by_intent": _by_class(truth, guess, INTENTS),
    }


def _urgency_figures(examples: Sequence[Example], urgencies: Sequence[str]) -> Figures:
    """Recall counts messages whose reader said U1 or U2, false alarms the others."""
    pairs = [(e.urgency, a) for e, a in zip(examples, urgencies, strict=True) if e.urgency]
    if not pairs:
        return {}
    urgent, alarm = (np.array([pair[side] in URGENT for pair in pairs]) for side in (0, 1))
    return {
        "urgency": {
            "messages": len(pairs),
            "urgent": int(urgent.sum()),
            "alarms": int(alarm.sum()),
            "recall": _share(alarm[urgent]),
            "false_alarms": _share(alarm[~urgent]),
            "same_level": _share(np.array([a == b for a, b in pairs])),
        }
    }


def _share(right: NDArray[np.bool_]) -> Figures:
    """A share with its interval; null where there is nothing to count."""
    if not len(right):
        return {"value": None, "interval": None}
    return {"value": round(float(right.mean()), DIGITS), "interval": _span(measures.interval(right))}


def _macro_f1(truth: Ints, guess: Ints) -> Figures:
    value, span = measures.macro_f1(truth, guess), measures.macro_f1_interval(truth, guess)
    return {"value": round(value, DIGITS), "interval": _span(span)}


def _span(values: measures.Span) -> list[float]:
    return [round(value, DIGITS) for value in values]
