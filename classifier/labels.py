"""What a message can be about, wanted for, and how urgent: the codes that every model's labels are checked against.

Facts of the project's taxonomy (its sections 1, 3, 4 and 5); data/labels.csv holds the 46 topics and the twelve
dispositions for messages outside the four domains.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

DOMAINS = ("product", "engineering", "service", "environment")
INTENTS = ("complaint", "report", "consult", "suggest", "help", "praise", "follow_up", "withdraw")
URGENCIES = ("U1", "U2", "U3", "U4")
NOTHING_SAID = "X11"
_LABELS = Path(__file__).parent / "data" / "labels.csv"


@dataclass(frozen=True, slots=True)
class Label:
    """A topic (domain is one of DOMAINS) or a disposition code (domain is None). `name` is Chinese."""

    code: str
    domain: str | None
    slug: str
    name: str


@lru_cache(maxsize=1)
def all_labels() -> dict[str, Label]:
    """Every label by its code, in the taxonomy's order: P01..P14, E01..E07, S01..S15, V01..V10, X01..X12."""
    rows = csv.DictReader(_LABELS.read_text(encoding="utf-8").splitlines())
    return {row["code"]: Label(row["code"], row["domain"] or None, row["slug"], row["name"]) for row in rows}


def unknown_codes(topics: Iterable[str], intents: Iterable[str] = (), urgencies: Iterable[str] = ()) -> list[str]:
    """Those that this program does not know, sorted: a model that says them cannot be served."""
    return sorted({*topics} - {*all_labels()} | {*intents} - {*INTENTS} | {*urgencies} - {*URGENCIES})


def disposition_names() -> dict[str, str]:
    """Chinese names of the X codes."""
    return {label.code: label.name for label in all_labels().values() if label.domain is None}
