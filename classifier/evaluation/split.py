"""The parts of a frozen split (classifier/encoder/split.jsonl), found again among labelled messages by their text."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from classifier.baseline.examples import Example, ExamplesError
from classifier.encoder.prepare import PARTS, read_split, text_hash, without_copies
from classifier.encoder.records import Record


def parts_of(examples: Sequence[Example], split: Path) -> dict[str, list[Example]]:
    """Examples by part, one of each text; what the split does not name trains. ExamplesError for a bad split file."""
    try:
        frozen = read_split(split)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ExamplesError(f"{split}: {error}") from error
    parts: dict[str, list[Example]] = {part: [] for part in PARTS}
    for record in without_copies(_record(i, e) for i, e in enumerate(examples) if e.label):
        parts[frozen.get(text_hash(record), "train")].append(examples[int(record.id)])
    return parts


def _record(number: int, example: Example) -> Record:
    message, sureness = example.message, example.confidence
    known = sureness if sureness in ("high", "medium", "low") else "high"
    return Record(str(number), message.text, example.label or "", message.title, confidence=known)
