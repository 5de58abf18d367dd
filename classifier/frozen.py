"""Accuracy on the frozen test messages: the ones that no training may see, so that models can be compared.

A set of messages has a name made of its texts (`split_name`); figures of different sets are never compared. Figures
travel in the artefact's metrics.json: {"frozen": {"split", "messages", "topic", "domain"}, ...}.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from classifier.baseline.examples import Example, ExamplesError
from classifier.interface import Classifier, Message
from classifier.labels import all_labels
from classifier.near_duplicates import plain

METRICS = "metrics.json"
BATCH = 64


@dataclass(frozen=True, slots=True)
class FrozenFigures:
    """split: name of the set. messages: how many. topic, domain: share that is right, 0..1 (out of scope is one
    domain)."""

    split: str
    messages: int
    topic: float
    domain: float

    def as_metrics(self) -> dict[str, Any]:
        """What metrics.json holds."""
        return {"frozen": asdict(self)}


def frozen_figures(folder: Path) -> FrozenFigures | None:
    """The figures in the folder's metrics.json; None where it holds none that can be read."""
    try:
        found = json.loads((folder / METRICS).read_text(encoding="utf-8"))["frozen"]
        figures = FrozenFigures(
            str(found["split"]), int(found["messages"]), float(found["topic"]), float(found["domain"])
        )
    except (OSError, ValueError, KeyError, TypeError):
        return None
    shares_fit = 0 <= figures.topic <= 1 and 0 <= figures.domain <= 1
    return figures if shares_fit and figures.messages > 0 and figures.split else None


def measured(classifier: Classifier, examples: Sequence[Example]) -> FrozenFigures:
    """The figures of a model, as it serves, on labelled messages. ExamplesError when none carries a label."""
    labelled = [example for example in examples if example.label]
    if not labelled:
        raise ExamplesError("no row carries a label")
    topic = domain = 0
    for start in range(0, len(labelled), BATCH):
        batch = labelled[start : start + BATCH]
        for example, said in zip(batch, classifier.classify([e.message for e in batch]), strict=True):
            topic += said.topic == example.label
            domain += said.domain == all_labels()[example.label or ""].domain
    count = len(labelled)
    return FrozenFigures(split_name([e.message for e in labelled]), count, topic / count, domain / count)


def split_name(messages: Sequence[Message]) -> str:
    """Sixteen hex digits of the set's texts, whatever their order; blanks, punctuation and width do not count."""
    hashes = sorted(hashlib.sha256(plain(m.title + m.text).encode()).hexdigest()[:16] for m in messages)
    return hashlib.sha256("\n".join(hashes).encode()).hexdigest()[:16]
