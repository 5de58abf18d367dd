"""How well several matters are found, and the fit of the borders' weights, on data/matters/messages.jsonl.

Those 200 messages were written for this project: 120 with two to four matters, 80 long ones with one. Beside them
stand 200 ordinary ones with one matter, of data/synthetic, to be left alone. What is fitted is fitted on one half of
each and measured on the other.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from itertools import product
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from classifier.interface import Classifier, Message
from classifier.matters import SHORTEST, Borders, Matter, Reading, Topics, chosen, cut, evidence, read, said

SYNTHETIC: Final = Path(__file__).parent / "data" / "synthetic"
ORDINARY: Final = 200
MESSAGES: Final = Path(__file__).parent / "data" / "matters" / "messages.jsonl"
OVERLAP: Final = 0.5  # intersection over union, in characters
_STRENGTH, _STEPS = 1.0, 30  # of the ridge; steps of Newton's method


@dataclass(frozen=True, slots=True)
class Written:
    """A message with the matters that it was written with (one: it must not be split)."""

    half: str
    message: Message
    matters: tuple[Matter, ...]


@dataclass(frozen=True, slots=True)
class Figures:
    """precision, recall, f1: of spans with the right topic and enough overlap. split: share of messages rightly split
    or rightly left whole. topics_f1: of the topics found, wherever they stand."""

    messages: int
    precision: float
    recall: float
    f1: float
    split: float
    split_missed: int
    split_wrongly: int
    topics_f1: float


def written_messages(path: Path = MESSAGES) -> list[Written]:
    """Offsets of the matters are those of Matter: in title + "\\n" + text."""
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    return [
        Written(
            row["half"],
            Message(row["text"], row["title"]),
            tuple(
                Matter(m["start"] + base, m["end"] + base, m["topic"], 1.0)
                for base in [len(row["title"]) + 1 if row["title"] else 0]
                for m in row["matters"]
            ),
        )
        for row in rows
    ]


def ordinary_messages(folder: Path = SYNTHETIC, count: int = ORDINARY) -> list[Written]:
    """Messages about one topic, spread evenly over the folder's files, alternately of either half."""
    rows = [
        json.loads(line)
        for path in sorted(folder.glob("*.jsonl"))
        for line in path.read_text(encoding="utf-8").splitlines()
    ]
    rows = [row for row in rows if not row.get("second") and len(row["text"]) >= SHORTEST]
    step = max(len(rows) // count, 1)
    return [
        Written("tune" if i % 2 else "report", Message(row["text"], row.get("title") or ""), ())
        for i, row in enumerate(rows[::step][:count])
    ]


def measure(messages: Sequence[Written], found: Sequence[Sequence[Matter]]) -> Figures:
    """Figures of what was found in messages, in their order."""
    right = spans = wanted = rightly = missed = wrongly = 0
    topics_right = topics_found = topics_wanted = 0
    for one, got in zip(messages, found, strict=True):
        true = one.matters if len(one.matters) > 1 else ()
        right += _matched(true, got)
        spans, wanted = spans + len(got), wanted + len(true)
        rightly += bool(true) == bool(got)
        missed += bool(true) and not got
        wrongly += bool(got) and not true
        ours, theirs = {m.topic for m in got}, {m.topic for m in true}
        topics_right += len(ours & theirs)
        topics_found, topics_wanted = topics_found + len(ours), topics_wanted + len(theirs)
    return Figures(
        messages=len(messages),
        precision=right / max(spans, 1),
        recall=right / max(wanted, 1),
        f1=2 * right / max(spans + wanted, 1),
        split=rightly / max(len(messages), 1),
        split_missed=missed,
        split_wrongly=wrongly,
        topics_f1=2 * topics_right / max(topics_found + topics_wanted, 1),
    )


def fit(
    classifier: Classifier,
    written: Sequence[Written],
    ordinary: Sequence[Written],
    progress: Callable[[str], object],
) -> Borders:
    """Weights by ridge logistic regression, then the three thresholds that serve these messages best."""
    messages = [*written, *ordinary]
    readings = read(classifier, [one.message for one in messages])
    examples = [
        (evidence(reading, i), _is_border(one, reading, i))
        for one, reading in zip(messages, readings, strict=True)
        if reading
        for i in range(len(reading.units) - 1)
    ]
    names = list(examples[0][0])
    weights = _logistic(
        np.array([[features[name] for name in names] for features, _ in examples]),
        np.array([is_border for _, is_border in examples], dtype=np.float64),
    )
    progress(f"{len(examples)} borders, {sum(is_border for _, is_border in examples)} of them between matters")
    by_name = {name: round(float(weight), 4) for name, weight in zip(names, weights, strict=True)}
    known: dict[str, Topics] = {}
    best: tuple[float, Borders] | None = None
    for split_from in (0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5):
        trial = Borders(by_name, split_from, 0.0, 0.0)
        pieces = [cut(reading, trial) if reading else [] for reading in readings]
        texts = [one.message.text[a:b] for one, cuts in zip(messages, pieces, strict=True) for a, b in cuts]
        new = [text for text in dict.fromkeys(texts) if text not in known]
        known |= dict(zip(new, said(classifier, new), strict=True))
        for least, outside in product((0.0, 0.1, 0.15, 0.2, 0.25, 0.3, 0.4), (0.3, 0.5, 0.7)):
            borders = Borders(by_name, split_from, least, outside)
            found = [
                chosen(one.message, [((a, b), known[one.message.text[a:b]]) for a, b in cuts], borders)
                for one, cuts in zip(messages, pieces, strict=True)
            ]
            figures, alone = measure(written, found[: len(written)]), measure(ordinary, found[len(written) :])
            # A message wrongly cut up costs the reader more than one that he has to cut himself.
            worth = figures.f1 + figures.split - 0.5 * figures.split_wrongly / figures.messages + 2 * alone.split
            if best is None or worth > best[0]:
                best = worth, borders
        progress(f"cut from {split_from}: {best[0]:.3f} at best so far" if best else "")
    if best is None:
        raise ValueError("there is nothing to fit on")
    return best[1]


def write_borders(borders: Borders, path: Path) -> None:
    path.write_text(json.dumps(asdict(borders), indent=1) + "\n", encoding="utf-8")


def _matched(true: Sequence[Matter], got: Iterable[Matter]) -> int:
    """How many of the true matters were found, each by one."""
    left = list(true)
    for one in got:
        hit = next((m for m in left if m.topic == one.topic and _overlap(m, one) >= OVERLAP), None)
        if hit is not None:
            left.remove(hit)
    return len(true) - len(left)


def _overlap(one: Matter, other: Matter) -> float:
    common = min(one.end, other.end) - max(one.start, other.start)
    return max(common, 0) / (max(one.end, other.end) - min(one.start, other.start))


def _is_border(one: Written, reading: Reading, i: int) -> bool:
    """Whether the units i and i + 1 belong to two matters, each to the one that it shares most characters with."""
    if len(one.matters) < 2:
        return False
    base = len(one.message.title) + 1 if one.message.title else 0
    owners = []
    for start, end in reading.units[i : i + 2]:
        shared = [min(end + base, m.end) - max(start + base, m.start) for m in one.matters]
        owners.append(int(np.argmax(shared)) if max(shared) > 0 else None)
    return None not in owners and owners[0] != owners[1]


def _logistic(features: NDArray[np.float64], truth: NDArray[np.float64]) -> list[float]:
    """Weights of a logistic regression; the first column is the constant, the others are scaled for the ridge."""
    middle, scale = features.mean(axis=0), features.std(axis=0)
    middle[0], scale[0] = 0.0, 1.0
    scale[scale == 0] = 1.0
    scaled = (features - middle) / scale
    ridge = np.full(features.shape[1], _STRENGTH)
    weights = np.zeros(features.shape[1])
    for _ in range(_STEPS):
        p = 1 / (1 + np.exp(-scaled @ weights))
        slope = scaled.T @ (p - truth) + ridge * weights * (np.arange(len(weights)) > 0)
        curve = (scaled * (p * (1 - p))[:, None]).T @ scaled + np.diag(ridge)
        weights -= np.linalg.solve(curve, slope)
    plain = weights / scale
    plain[0] -= float((weights * middle / scale)[1:].sum())
    return [float(weight) for weight in plain]
