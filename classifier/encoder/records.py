"""Labelled messages as the training steps read and write them: one JSON object a line."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from classifier import labels
from classifier.labels import INTENTS, URGENCIES

OUT_OF_SCOPE = "out_of_scope"
SYNTHETIC = "synthetic"  # the source of messages that were written for training
DOMAINS = (*labels.DOMAINS, OUT_OF_SCOPE)


@dataclass(frozen=True, slots=True)
class Record:
    """One message with a reader's labels. `second` is another topic the reader also saw, or None.

    confidence: the reader's own, high, medium or low. reply: the agency's answer, known only afterwards: a
    teacher may read it, the served model never does.
    """

    id: str
    text: str
    label: str
    title: str = ""
    second: str | None = None
    intent: str = "complaint"
    urgency: str = "U4"
    confidence: str = "high"
    source: str = ""
    reply: str = ""


def domain_of(code: str) -> str:
    """Domain of a topic, OUT_OF_SCOPE of a disposition code; KeyError for an unknown code."""
    return labels.all_labels()[code].domain or OUT_OF_SCOPE


def read_records(path: Path) -> Iterator[Record]:
    """Records of a JSONL file; unknown fields are ignored. ValueError names the line that does not fit."""
    with path.open(encoding="utf-8") as lines:
        for number, line in enumerate(lines, 1):
            if not line.strip():
                continue
            try:
                yield _record(json.loads(line))
            except (KeyError, TypeError, AttributeError, json.JSONDecodeError) as error:
                raise ValueError(f"{path}:{number}: not a labelled message: {error!r}") from error


def _record(row: dict[str, str | None]) -> Record:
    label, intent, urgency = str(row["label"]), row.get("intent") or "complaint", row.get("urgency") or "U4"
    domain_of(label)
    if intent not in INTENTS or urgency not in URGENCIES:
        raise KeyError(f"intent {intent}, urgency {urgency}")
    return Record(
        id=str(row["id"]),
        text=str(row["text"]),
        label=label,
        title=row.get("title") or "",
        second=row.get("second"),
        intent=intent,
        urgency=urgency,
        confidence=row.get("confidence") or "high",
        source=row.get("source") or (SYNTHETIC if row.get("synthetic") else ""),
        reply=row.get("reply") or "",
    )


def write_records(path: Path, records: Iterable[Record]) -> None:
    """Replace `path` with the records, one JSON object a line."""
    with path.open("w", encoding="utf-8") as out:
        for record in records:
            out.write(json.dumps(asdict(record), ensure_ascii=False) + "\n")
