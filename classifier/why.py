"""Which phrases of a message carried its topic, fast enough to be asked for on demand.

With mean pooling and a linear head the topic's logit is the mean over the tokens of (weights of the topic . state of
the token), so one pass of the encoder gives each token's part exactly. It is read against the topics that come next,
for what speaks for all of them explains nothing.
Models without such a head are asked what they say when a piece is left out (occlusion, Zeiler and Fergus 2014).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from classifier.interface import Classifier, Message, TopicScore

SHOWN = 6
SHORTEST, LONGEST = 2, 20  # code points of a phrase
LEAST_WEIGHT = 0.15  # of the strongest phrase's
_BREAK = re.compile(r"[\s，。！？；：、,.!?;:…—~()（）\[\]【】《》<>\"'“”‘’|/\\]+")
_PIECE, _PIECES = 6, 64  # occlusion: code points left out at once at least, times that the model is asked at most
_TEMPER = 3.0
_UNSEEN = 1e-3  # probability of a topic that an answer does not name

Weights = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Phrase:
    """A phrase that spoke for the topic. Offsets as UrgencyHit's. weight: 0..1, of the strongest phrase's part."""

    start: int
    end: int
    weight: float


class Spans(Protocol):
    """For each token where it stands, None for separators."""

    @property
    def spans(self) -> Sequence[tuple[int, int] | None]: ...


@runtime_checkable
class TokenReader(Protocol):
    """A model of which each token's part in the topic can be told: mean pooling under one linear layer."""

    @property
    def labels(self) -> tuple[str, ...]: ...

    @property
    def topic_head(self) -> tuple[NDArray[np.float32], NDArray[np.float32]]: ...

    @property
    def partner(self) -> Classifier | None: ...

    def tokenised(self, message: Message) -> Spans: ...

    def token_states(self, message: Message) -> NDArray[np.float32]: ...


def phrases(model: Classifier, message: Message, topic: str) -> tuple[Phrase, ...]:
    """At most six phrases of 2 to 20 code points that spoke most for `topic`, strongest first.

    None where nothing speaks for it. Raises ValueError for a topic that the model does not know.
    """
    if topic not in model.labels:
        raise ValueError(f"{model.version} does not know {topic}")
    whole = f"{message.title}\n{message.text}" if message.title else message.text
    weights = _speaking(model, message, topic, whole)
    runs = sorted(_runs(whole, weights), key=lambda run: -run[2])[:SHOWN]
    if not runs:
        return ()
    strongest = runs[0][2]
    return tuple(
        Phrase(start, end, round(total / strongest, 4))
        for start, end, total in runs
        if total >= LEAST_WEIGHT * strongest
    )


def _speaking(model: Classifier, message: Message, topic: str, whole: str) -> Weights:
    """How much each code point speaks for the topic: of a model with a partner, in the eyes of both."""
    if not isinstance(model, TokenReader):
        return _by_leaving_out(model, message, topic, whole)
    own = _by_token(model, message, topic, whole)
    partner = model.partner
    if partner is None or topic not in partner.labels:
        return own
    return _scaled(own) + _scaled(_by_leaving_out(partner, message, topic, whole))


def _scaled(weights: Weights) -> Weights:
    """So that what speaks for the topic sums to 1."""
    total = float(weights[weights > 0].sum())
    return weights / total if total > 0 else weights


def _by_token(model: TokenReader, message: Message, topic: str, whole: str) -> Weights:
    """Each code point's part in the topic's lead over the others, above the average token's.

    The others weigh by how near they come, tempered: against the nearest alone, what two like topics share would
    explain nothing.
    """
    head, bias = model.topic_head
    states = model.token_states(message)
    logits = states.mean(axis=0) @ head.T + bias
    column = model.labels.index(topic)
    near = np.exp((logits - logits.max()) / _TEMPER)
    near[column] = 0.0
    parts = states @ (head[column] - (near / near.sum()) @ head)
    weights = np.zeros(len(whole))
    placed = [(span, part) for span, part in zip(model.tokenised(message).spans, parts, strict=True) if span]
    if not placed:
        return weights
    average = float(np.mean([part for _, part in placed]))
    for (start, end), part in placed:
        weights[start:end] = (part - average) / len(parts) / max(end - start, 1)
    return weights


def _by_leaving_out(model: Classifier, message: Message, topic: str, whole: str) -> Weights:
    """What the topic's log odds lose without each piece, spread over its code points."""
    weights = np.zeros(len(whole))
    size = max(_PIECE, -(-len(whole) // _PIECES))
    base = len(whole) - len(message.text)
    pieces = [
        (at, min(at + size, end)) for start, end in ((0, base), (base, len(whole))) for at in range(start, end, size)
    ]
    shorter = [
        Message(whole[base:start] + whole[end:], message.title)
        if start >= base
        else Message(message.text, whole[:start] + whole[end : base - 1])
        for start, end in pieces
    ]
    before, *after = (_log_odds(topic, said.topics) for said in model.classify([message, *shorter]))
    for (start, end), left in zip(pieces, after, strict=True):
        weights[start:end] = max(before - left, 0.0) / (end - start)
    return weights


def _log_odds(topic: str, scores: Sequence[TopicScore]) -> float:
    """Of a topic in an answer, which names only the most probable ones."""
    p = next((score.probability for score in scores if score.code == topic), _UNSEEN)
    p = min(max(p, _UNSEEN), 1 - _UNSEEN)
    return float(np.log(p / (1 - p)))


def _runs(whole: str, weights: Weights) -> list[tuple[int, int, float]]:
    """Stretches of positive weight between marks and blanks: start, end, sum. Longer ones keep their best part."""
    found = []
    for start, end in _clauses(whole):
        at = start
        while at < end:
            if weights[at] <= 0:
                at += 1
                continue
            stop = at
            while stop < end and (weights[stop] > 0 or (stop + 1 < end and weights[stop + 1] > 0)):
                stop += 1
            first, last = _best_part(weights, at, stop)
            if last - first >= SHORTEST:
                found.append((first, last, float(weights[first:last].sum())))
            at = stop
    return [run for run in found if run[2] > 0]


def _clauses(whole: str) -> list[tuple[int, int]]:
    marks = [(match.start(), match.end()) for match in _BREAK.finditer(whole)]
    starts = [0, *(end for _, end in marks)]
    ends = [*(start for start, _ in marks), len(whole)]
    return [(start, end) for start, end in zip(starts, ends, strict=True) if end - start >= SHORTEST]


def _best_part(weights: Weights, start: int, end: int) -> tuple[int, int]:
    if end - start <= LONGEST:
        return start, end
    sums = np.convolve(weights[start:end], np.ones(LONGEST), mode="valid")
    first = start + int(sums.argmax())
    return first, first + LONGEST
