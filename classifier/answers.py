"""What every model does with its probabilities: from one row of numbers to one prediction, rules included."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from classifier.interface import Message, Prediction, TopicScore
from classifier.labels import NOTHING_SAID, all_labels
from classifier.substance import is_hard_to_read, says_nothing
from classifier.urgency import ORDINARY, urgency_hits

TOPICS_SHOWN = 5
Numbers = NDArray[np.float32] | NDArray[np.float64]


def prediction(
    message: Message,
    text: str,
    *,
    labels: Sequence[str],
    topics: Numbers,
    best: int,
    sure: bool,
    intent: str,
    level: str,
    version: str,
) -> Prediction:
    """text: `whole_text(message)`. topics: probability of each label; best: the number of the answer among them.

    sure: probable enough to go without a person. level: the model's urgency; rules may raise it. A message that
    says nothing is X11 and for a person, whatever the model makes of it.
    """
    hits = urgency_hits(message)
    urgency = min((hit.level for hit in hits), default=ORDINARY)
    if says_nothing(text):
        shown: tuple[TopicScore, ...] = (TopicScore(NOTHING_SAID, 1.0),)
        review = True
    else:
        order = [best, *(int(i) for i in np.argsort(-topics, kind="stable") if i != best)]
        shown = tuple(TopicScore(labels[i], float(topics[i])) for i in order[:TOPICS_SHOWN])
        review = not sure or is_hard_to_read(text)
        urgency = min(urgency, level)
    return Prediction(
        domain=all_labels()[shown[0].code].domain,
        topic=shown[0].code,
        confidence=shown[0].probability,
        topics=shown,
        intent=intent,
        urgency=urgency,
        urgency_hits=hits,
        needs_review=review,
        model_version=version,
    )
