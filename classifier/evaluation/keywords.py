"""Keyword rules, the plainest yardstick: the topic whose words fill most characters of a message wins."""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from classifier.evaluation.measures import Floats
from classifier.interface import Message
from classifier.normalise import normalise

WORDS = Path(__file__).with_name("keywords.toml")


def keywords() -> dict[str, tuple[str, ...]]:
    """The words of each topic."""
    return {code: tuple(words) for code, words in tomllib.loads(WORDS.read_text(encoding="utf-8")).items()}


def keyword_values(messages: Sequence[Message], seen: Sequence[str], labels: Sequence[str]) -> Floats:
    """Characters in the distinct words hit, [messages, labels]; under one more for how common a label is in `seen`.

    The latter decides between equal topics, and where no word is hit.
    """
    words, common = keywords(), Counter(seen)
    values = np.tile([common[code] / (len(seen) + 1) for code in labels], (len(messages), 1))
    for row, message in zip(values, messages, strict=True):
        text = normalise(f"{message.title}\n{message.text}").text.lower()
        for column, code in enumerate(labels):
            row[column] += sum(len(word) for word in words.get(code, ()) if word in text)
    return values
