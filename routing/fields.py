"""Sub-fields of a case (stage, trade, utility ...) that conditional rules ask for, recognised in the text.

Only phrases that leave no doubt are listed (data/field_phrases.csv). Two values of one field in one text, or
none: the field stays unknown, and the topic's default rule applies.
"""

from __future__ import annotations

import csv
import re
from collections import defaultdict
from functools import cache
from pathlib import Path

DATA = Path(__file__).resolve().parent / "data"
NEGATED = re.compile(r"(?:不是|并非|而非|没在|不在)[^，。！？；,.!?;\s]{0,4}$")


@cache
def vocabulary() -> dict[tuple[str, str], tuple[str, str]]:
    """(field, value) -> their Chinese names; a rule may only ask for what is listed here."""
    with (DATA / "fields.csv").open(encoding="utf-8", newline="") as lines:
        return {(row["field"], row["value"]): (row["field_name"], row["value_name"]) for row in csv.DictReader(lines)}


@cache
def _phrases() -> dict[str, dict[str, list[tuple[str, str]]]]:
    """topic -> phrase -> the (field, value) pairs it proves."""
    topics: dict[str, dict[str, list[tuple[str, str]]]] = defaultdict(lambda: defaultdict(list))
    with (DATA / "field_phrases.csv").open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            for topic in row["topics"].split():
                topics[topic][row["phrase"].lower()].append((row["field"], row["value"]))
    return {topic: dict(phrases) for topic, phrases in topics.items()}


@cache
def _pattern(topic: str) -> re.Pattern[str]:
    """All phrases of a topic, longest first: a phrase inside a longer one does not count by itself."""
    phrases = sorted(_phrases().get(topic, {}), key=len, reverse=True)
    return re.compile("|".join(map(re.escape, phrases)) or r"(?!)", re.IGNORECASE)


def recognise(text: str, topic: str) -> dict[str, str]:
    """The sub-fields that a text on that topic states beyond doubt: field -> value; often empty."""
    found: dict[str, set[str]] = defaultdict(set)
    known = _phrases().get(topic, {})
    for match in _pattern(topic).finditer(text):
        if not NEGATED.search(text, max(0, match.start() - 12), match.start()):
            for field, value in known[match.group().lower()]:
                found[field].add(value)
    return {field: values.pop() for field, values in found.items() if len(values) == 1}
