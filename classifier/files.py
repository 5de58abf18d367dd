"""Classifies a JSONL file row by row: every line in gives one line out, in order, whatever the line holds."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import Enum
from itertools import islice
from typing import IO, Any

from classifier.interface import Classifier, Message
from classifier.rows import as_row

BATCH = 64
_BOM = b"\xef\xbb\xbf"


class Fault(Enum):
    """What is wrong with a line. With NOT_UTF8 the unreadable bytes were replaced, and the row was still read."""

    NOT_JSON = "not_json"
    NO_TEXT = "no_text"
    NOT_UTF8 = "not_utf8"


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the input; `message` is None where the line is no row."""

    number: int
    row_id: Any
    message: Message | None
    fault: Fault | None = None


@dataclass(slots=True)
class Tally:
    """Lines written so far, and how many of them carry an error."""

    rows: int = 0
    bad: int = 0


def classify_lines(
    source: IO[bytes],
    write: Callable[[str], object],
    classifier: Classifier,
    explain: Callable[[Fault], str],
    progress: Callable[[Tally], None],
) -> Tally:
    """Reads rows {"id", "title", "text"} and writes the rows of `as_row`, one a line. Blank lines are skipped.

    A line that is no row becomes {"id", "line": its number, "error", "needs_review": true}; one with broken UTF-8 is
    classified and carries line, error and needs_review besides. explain: a fault in the reader's language. progress:
    told the tally after each batch.
    """
    lines, tally = read_lines(source), Tally()
    while batch := list(islice(lines, BATCH)):
        predictions = iter(classifier.classify([line.message for line in batch if line.message is not None]))
        for line in batch:
            row = {"id": line.row_id} if line.message is None else as_row(line.row_id, next(predictions))
            if line.fault:
                row |= {"line": line.number, "error": explain(line.fault), "needs_review": True}
                tally.bad += 1
            tally.rows += 1
            write(_json(row) + "\n")
        progress(tally)
    return tally


def read_lines(source: IO[bytes]) -> Iterator[Line]:
    """The lines of a JSONL file; a BOM and blank lines are left out. Bytes that are no UTF-8 become U+FFFD."""
    for number, raw in enumerate(source, 1):
        content = raw.removeprefix(_BOM) if number == 1 else raw
        try:
            text, fault = content.decode("utf-8"), None
        except UnicodeDecodeError:
            text, fault = content.decode("utf-8", errors="replace"), Fault.NOT_UTF8
        if text.strip():
            yield _line(number, text, fault)


def _line(number: int, text: str, fault: Fault | None) -> Line:
    try:
        row = json.loads(text)
    except (ValueError, RecursionError):
        return Line(number, None, None, Fault.NOT_JSON)
    if not isinstance(row, dict):
        return Line(number, None, None, Fault.NOT_JSON)
    row_id = _safe_id(row.get("id"))
    if not isinstance(row.get("text"), str):
        return Line(number, row_id, None, Fault.NO_TEXT)
    title = row.get("title")
    return Line(number, row_id, Message(row["text"], title if isinstance(title, str) else ""), fault)


def _safe_id(value: Any) -> str | int | float | bool | None:
    """An id that JSON can hold: as it came, or as text."""
    if value is None or isinstance(value, str | int) or (isinstance(value, float) and math.isfinite(value)):
        return value
    return str(value)


def _json(row: dict[str, Any]) -> str:
    """One line of JSON in UTF-8; lone surrogates, which UTF-8 cannot hold, make it ASCII with escapes."""
    line = json.dumps(row, ensure_ascii=False, allow_nan=False)
    try:
        line.encode("utf-8")
    except UnicodeEncodeError:
        return json.dumps(row, allow_nan=False)
    return line
