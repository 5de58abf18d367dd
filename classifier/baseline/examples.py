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
    """One message and what a reader says of it; None where he says nothing. `second` is another topic he also saw."""

    message: Message
    label: str | None = None
    second: str | None = None
    intent: str | None = None
    urgency: str | None = None
    synthetic: bool = False


def read_examples(paths: Iterable[Path]) -> list[Example]:
    """The rows of all files in order; blank lines are skipped. ExamplesError for a file or row that does not fit."""
    examples = []
    for path in paths:
        try:
            with path.open(encoding="utf-8-sig") as lines:
                for number, line in enumerate(lines, 1):
                    if line.strip():
                        examples.append(_example(json.loads(line), f"{path}:{number}"))
        except (OSError, UnicodeDecodeError, json.JSONDecodeError) as error:
            raise ExamplesError(f"{path}: {error}") from error
    return examples


def _example(row: Any, place: str) -> Example:
    if not isinstance(row, dict) or not isinstance(row.get("text"), str):
        raise ExamplesError(f"{place}: a JSON object with a text is wanted")

    def one_of(field: str, allowed: Iterable[str]) -> str | None:
        value = row.get(field) or None
        if value is not None and value not in allowed:
            raise ExamplesError(f"{place}: {field} {value!r} is not one of {', '.join(allowed)}")
        return value

    return Example(
        message=Message(row["text"], str(row.get("title") or "")),
        label=one_of("label", all_labels()),
        second=one_of("second", all_labels()),
        intent=one_of("intent", INTENTS),
        urgency=one_of("urgency", URGENCIES),
        synthetic=bool(row.get("synthetic")),
    )
