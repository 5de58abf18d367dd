"""The rule layer of urgency: trigger phrases with guards, negation, tense and condition. It knows no model.

The phrases are data (data/urgency/); levels and rules follow section 5 of the project's taxonomy:
U1 life in danger now, U2 injury, continuing hazard, supply cut or crowd, U3 vulnerable person, media, repeat,
fraud; everything else is U4. What is past, conditional, told by others or over counts less; a word of suicide or
violence always counts in full.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from pathlib import Path

from classifier.interface import Message, UrgencyHit
from classifier.labels import URGENCIES
from classifier.normalise import Normalised, normalise
from classifier.phrases import SENTENCE_END, Phrase, expand, grams_of, phrase

HITS_SHOWN = 20
MATCHES = 100  # of one phrase in one text; more say nothing new
SENTENCE = 200  # code points looked back at most for the beginning of a sentence
SCANNED = 20_000  # code points read of a text: its first three quarters and its last
ORDINARY = URGENCIES[-1]
_PHRASES = Path(__file__).parent / "data" / "urgency"

_NEGATED = re.compile(
    r"(?:(?<!有)没有?|未曾?|(?<!是)不是|并非|(?<!会)不会|不存在|无(?!证|人管|法)|(?<!特)(?<!差)别(?!人)|从不)"
    r"(?:有|人|员|人员|被|再|真的?|发生|出现|造成|导致|引起|任何|什么|闻到|闻见|看到|过|要|去|明显|我|他|她|孩子|大家|想|啥|半点|一点|丝毫)*$"
)
_NEGATED_AFTER = re.compile(r"^(?:[是,]?倒?(?:并|都|也|还)?(?:没有|未)(?:发生|出现|造成|有)|是没有|是假的|的谣言)")
# How far before a hit, in its sentence, a softening word is looked for; or how far after it.
_PAST_WITHIN, _STILL_WITHIN, _CONDITION_WITHIN, _DOUBT_WITHIN, _REPEATED_WITHIN, _OVER_WITHIN = 30, 30, 16, 8, 10, 40


@dataclass(frozen=True, slots=True)
class _Rule:
    level: int
    danger: str
    phrases: tuple[Phrase, ...]
    unless: re.Pattern[str] | None
    certain: bool


@lru_cache(maxsize=1)
def _rules() -> tuple[_Rule, ...]:
    lists = tomllib.loads((_PHRASES / "words.toml").read_text(encoding="utf-8"))
    words = {name: "|".join(choices) for name, choices in lists.items()}
    return tuple(
        _Rule(
            level=level,
            danger=danger,
            phrases=tuple(phrase(notation, words) for notation in rule["phrases"]),
            unless=re.compile(expand("|".join(rule["unless"]), words)) if rule["unless"] else None,
            certain=rule.get("certain", False),
        )
        for level, name in enumerate(URGENCIES[:-1])
        for danger, rule in tomllib.loads((_PHRASES / f"{name}.toml").read_text(encoding="utf-8")).items()
    )


@lru_cache(maxsize=1)
def _softening() -> dict[str, re.Pattern[str]]:
    lists = tomllib.loads((_PHRASES / "softening.toml").read_text(encoding="utf-8"))
    return {name: re.compile("|".join(choices)) for name, choices in lists.items()}


def urgency_of(text: str, title: str = "") -> tuple[str, tuple[UrgencyHit, ...]]:
    """Level U1..U4 by the rules alone, and what triggered it, most urgent first, at most 20."""
    hits = urgency_hits(Message(text, title))
    return min((hit.level for hit in hits), default=ORDINARY), hits


def urgency_hits(message: Message) -> tuple[UrgencyHit, ...]:
    """The trigger phrases that count, most urgent first, at most 20; offsets as UrgencyHit defines them."""
    whole = f"{message.title}\n{message.text}" if message.title else message.text
    skipped = max(0, len(whole) - SCANNED)
    head = SCANNED * 3 // 4
    normal = normalise(whole if not skipped else whole[:head] + whole[head + skipped :])
    hits = []
    for level, danger, start, end in sorted(_without_contained(_found(normal))):
        first, last = (
            place + skipped if skipped and place >= head else place for place in normal.original_span(start, end)
        )
        hits.append(UrgencyHit(URGENCIES[level], danger, normal.text[start:end], first, last))
    return tuple(hits[:HITS_SHOWN])


_Found = tuple[int, str, int, int]  # level, danger, start, end


def _found(normal: Normalised) -> Iterator[_Found]:
    text = normal.text.lower()
    if len(text) != len(normal.text):  # a letter whose small form is longer (U+0130)
        text = normal.text
    grams = grams_of(text)
    for rule in _rules():
        matches = [
            match
            for one in rule.phrases
            if one.may_occur(grams)
            for match in islice(one.pattern.finditer(text), MATCHES)
        ]
        guarded = [m.span() for m in rule.unless.finditer(text)] if matches and rule.unless else []
        for match in matches:
            start, end = match.span()
            if any(a < end and start < b for a, b in guarded):
                continue
            core = match.start(match.lastindex) if match.lastindex else start
            if _NEGATED.search(text[max(0, core - 8) : core]) or _NEGATED_AFTER.search(text[end : end + 8]):
                continue
            level = rule.level if rule.certain else rule.level + _sunk(text, rule.level, start, end)
            if level < len(URGENCIES) - 1:
                yield level, rule.danger, start, end


def _sunk(text: str, level: int, start: int, end: int) -> int:
    """Levels by which a hit at start..end sinks for being past, conditional, hearsay or over."""
    words = _softening()
    back = max(0, start - SENTENCE)
    sentence = max(back, *(text.rfind(stop, back, start) + 1 for stop in SENTENCE_END))

    def before(name: str, within: int, until: int = start) -> bool:
        return bool(words[name].search(text[max(sentence, start - within) : until]))

    sunk = 0
    if before("past", _PAST_WITHIN, end) and not words["still"].search(text[sentence : end + _STILL_WITHIN]):
        sunk += 1
    if before("condition", _CONDITION_WITHIN, end):
        sunk += 2
    elif before("doubt", _DOUBT_WITHIN):
        sunk += 1
    if words["over"].search(text[start : end + _OVER_WITHIN]):
        sunk += 1
    if level == 0 and not sunk and before("repeated", _REPEATED_WITHIN, end):
        sunk += 1
    return sunk


def _without_contained(found: Iterable[_Found]) -> Iterator[_Found]:
    """Of overlapping hits only the more urgent, then the longer one."""
    kept: list[_Found] = []
    for hit in sorted(found, key=lambda h: (h[0], h[2] - h[3], h[2])):
        if not any(a < hit[3] and hit[2] < b for _, _, a, b in kept):
            kept.append(hit)
            yield hit
