"""Encoder and n-grams as one model: which messages need the encoder, and how the two opinions are mixed. numpy only.

Calibration and evaluation call the same `read` as serving does, so that what is measured is what is served.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from classifier.baseline.model import NgramClassifier
from classifier.encoder.metrics import Floats, best_topics, domain_probabilities
from classifier.interface import Message
from classifier.labels import INTENTS, URGENCIES
from classifier.substance import says_nothing, whole_text

NEVER = 1.01
GRAVE = 2  # U1 and U2


@dataclass(frozen=True, slots=True)
class Mixture:
    """share: of the n-grams in every probability of a message that both read.

    skip_domain, skip_topic: probabilities of the n-grams' best domain and best topic from which on, both reached,
    the encoder need not run; skip_grave: unless they give U1 and U2 together more than this. review_below: probability
    of the domain under which a person decides. urgent_from: for U1, U2, U3 the probability of that level or a higher
    one from which the model says so. confidence_steps: from a topic's mixed to its calibrated probability, a line
    through these points (isotonic regression); none: it is left as it is.
    """

    share: float = 0.0
    skip_domain: float = NEVER
    skip_topic: float = NEVER
    skip_grave: float = 0.05
    review_below: float = NEVER
    urgent_from: tuple[float, float, float] = (0.5, 0.4, 0.6)
    confidence_steps: tuple[tuple[float, float], ...] = ()


class Opinion(NamedTuple):
    """Probabilities [n, labels], [n, intents], [n, urgencies] in the order of the artefact, INTENTS, URGENCIES."""

    topic: Floats
    intent: Floats
    urgency: Floats

    def of(self, which: NDArray[np.int64]) -> Opinion:
        return Opinion(*(column[which] for column in self))


def ngram_opinion(model: NgramClassifier, messages: Sequence[Message], labels: Sequence[str]) -> Opinion:
    """At least one message."""
    heads = model.head_probabilities(messages)
    return Opinion(
        _aligned(heads.topic, model.labels, labels),
        _aligned(heads.intent, model.intents, INTENTS),
        _aligned(heads.urgency, model.urgencies, URGENCIES),
    )


def certain(ngrams: Opinion, labels: Sequence[str], mixture: Mixture) -> NDArray[np.bool_]:
    """True where the n-grams alone answer."""
    chosen: NDArray[np.bool_] = domain_probabilities(ngrams.topic, labels).max(axis=1) >= mixture.skip_domain
    chosen &= ngrams.topic.max(axis=1) >= mixture.skip_topic
    chosen &= ngrams.topic.argmax(axis=1) == best_topics(ngrams.topic, labels)
    chosen &= ngrams.urgency[:, :GRAVE].sum(axis=1) <= mixture.skip_grave
    return chosen


def mixed(encoder: Opinion, ngrams: Opinion, share: float) -> Opinion:
    return Opinion(*((1 - share) * own + share * theirs for own, theirs in zip(encoder, ngrams, strict=True)))


def read(
    messages: Sequence[Message],
    ngrams: Opinion | None,
    labels: Sequence[str],
    mixture: Mixture,
    encoder: Callable[[NDArray[np.int64]], Opinion],
) -> Opinion:
    """The opinion that is served. encoder: its opinion of the messages with these numbers, asked at most once.

    It is not asked about messages that say nothing (whose answer is X11 anyway) or that are certain without it.
    """
    asked = ~np.array([says_nothing(whole_text(message)) for message in messages], dtype=np.bool_)
    if ngrams is not None:
        asked &= ~certain(ngrams, labels, mixture)
        served = Opinion(*(column.copy() for column in ngrams))
    else:
        sizes = (len(labels), len(INTENTS), len(URGENCIES))
        served = Opinion(*(np.full((len(messages), size), 1 / size) for size in sizes))
    which = np.flatnonzero(asked)
    if len(which):
        answer = encoder(which)
        if ngrams is not None:
            answer = mixed(answer, ngrams.of(which), mixture.share)
        for column, found in zip(served, answer, strict=True):
            column[which] = found
    return served


def calibrated(topics: Floats, best: NDArray[np.int64], mixture: Mixture) -> Floats:
    """Topic probabilities as they are shown: that of the answer calibrated, the others sharing what it leaves."""
    if not mixture.confidence_steps:
        return topics
    steps = np.array(mixture.confidence_steps)
    rows = np.arange(len(topics))
    before = topics[rows, best]
    after = np.interp(before, steps[:, 0], steps[:, 1])
    shown: Floats = topics * ((1 - after) / np.maximum(1 - before, 1e-9))[:, None]
    shown[rows, best] = after
    return shown


def _aligned(p: NDArray[np.float32], codes: Sequence[str], wanted: Sequence[str]) -> Floats:
    """Columns in the order of `wanted`; what is not wanted is shared out, rows sum to 1."""
    out = np.zeros((len(p), len(wanted)))
    for column, code in enumerate(codes):
        if code in wanted:
            out[:, wanted.index(code)] = p[:, column]
    out += 1e-9
    out /= out.sum(axis=1, keepdims=True)
    return out
