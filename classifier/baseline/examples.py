"""Labelled messages for training: one JSON object a line. Each head learns from the rows that carry its label."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from classifier.interface import Message
from classifier.labels import INTENTS, URGENCIES, all_labels


class ExamplesError(ValueError):
    """A training file that cannot be used; the message names file and line."""


@dataclass(frozen=True, slots=True)
class Example:
    """One message and what a reader says of it; None where he says nothing. `second` is another topic he also saw.

    source: where the message comes from. confidence: the reader's own, high, medium or low. Both may be empty.
    """

    message: Message
    label: str | None = None
    second: str | None = None
    intent: str | None = None
    urgency: str | None = None
    synthetic: bool = False
    source: str = ""
    confidence: str = ""


def read_examples(paths: Iterable[Path]) -> list[Example]:
    """The rows of all files in order; blank lines are skipped. ExamplesError for a file or row that does not fit."""
    examples = []
    for path in paths:
        try:
            with path.open("rb") as lines:
                for number, line in enumerate(lines, 1):
                    if line.strip():
                        examples.append(_example(_row(line, f"{path}:{number}"), f"{path}:{number}"))
        except OSError as error:
            raise ExamplesError(f"{path}: {error.strerror}") from error
    return examples


def _row(line: bytes, place: str) -> Any:
    try:
        return json.loads(line.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:  # not UTF-8, not JSON, or nested without end
        raise ExamplesError(f"{place}: {error}") from error


def _example(row: Any, place: str) -> Example:
    if not isinstance(row, dict) or not isinstance(row.get("text"), str):
        raise ExamplesError(f"{place}: a JSON object with a text is wanted")

    def one_of(field: str, allowed: Iterable[str]) -> str | None:
        value = row.get(field) or None
        if value is not None and (not isinstance(value, str) or value not in allowed):
            raise ExamplesError(f"{place}: {field} {value!r} is not one of {', '.join(allowed)}")
        return value

    return Example(
        message=Message(row["text"], str(row.get("title") or "")),
        label=one_of("label", all_labels()),
        second=one_of("second", all_labels()),
        intent=one_of("intent", INTENTS),
        urgency=one_of("urgency", URGENCIES),
        synthetic=bool(row.get("synthetic")),
        source=str(row.get("source") or ""),
        confidence=str(row.get("confidence") or ""),
    )
