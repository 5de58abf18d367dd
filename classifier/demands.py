"""What a text asks of the authority: a remedy for the writer, punishment of the other side, or both. Rules, no model.

Conservative: a demand counts only where somebody asks for it in the same clause and nobody denies it; what merely
names it is a hint.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from classifier.normalise import normalise

_FILE = Path(__file__).parent / "data" / "demands.toml"
_SENTENCE_END = re.compile("[。；！？;!?\n]")
KINDS = ("remedy", "punishment")
SCANNED = 20_000  # code points
WITHIN = 30  # code points before a clause in which the asking may stand


@dataclass(frozen=True, slots=True)
class Demands:
    """asked: kinds that are asked for in so many words; named: kinds that are at least named."""

    asked: frozenset[str]
    named: frozenset[str]

    @property
    def both_asked(self) -> bool:
        return self.asked >= set(KINDS)

    @property
    def both_named(self) -> bool:
        return self.named >= set(KINDS)


@lru_cache(maxsize=1)
def _rules() -> dict[str, re.Pattern[str]]:
    lists = tomllib.loads(_FILE.read_text(encoding="utf-8"))
    return {name: re.compile("|".join(choices)) for name, choices in lists.items()}


def demands_of(text: str) -> Demands:
    """The demands of a message; whatever is denied ("不要求赔偿") is neither asked nor named."""
    rules = _rules()
    asked, named = set(), set()
    for sentence in _SENTENCE_END.split(normalise(text[:SCANNED]).text):
        for kind in KINDS:
            for found in rules[kind].finditer(sentence):
                start = max(sentence.rfind(comma, 0, found.start()) for comma in ",，") + 1
                clause = sentence[start : found.start()]
                if rules["denies"].search(clause):
                    continue
                named.add(kind)
                # "要求退款,并依法查处": what a clause goes on with is still asked for
                goes_on = rules["goes_on"].fullmatch(clause) and rules["asks"].search(sentence[:start][-WITHIN:])
                if rules["asks"].search(clause) or goes_on:
                    asked.add(kind)
    return Demands(frozenset(asked), frozenset(named))
