"""Messages as token rows, varied a little each time they are seen, in batches of like length."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from classifier.encoder.records import Record
from classifier.encoder.tokens import BOS, EOS, UNK, joined, open_tokenizer, token_ids

SORTED_TOGETHER = 40
SHORT = 20


class Texts:
    """Tokenised messages. untitled: share seen without their title; hidden: share of tokens masked."""

    def __init__(
        self, base: Path, records: Sequence[Record], limit: int, untitled: float = 0.0, hidden: float = 0.0
    ) -> None:
        tokenizer = open_tokenizer(str(base / "tokenizer.json"))
        blank = [""] * len(records)
        titles = token_ids(tokenizer, blank, [r.title for r in records], limit)
        bodies = token_ids(tokenizer, blank, [r.text for r in records], 4 * limit)
        self._titles = [row[1:-1] for row in titles]
        self._bodies = [row[1:-1] for row in bodies]
        self._mask = tokenizer.token_to_id("<mask>") or UNK
        self._limit, self._untitled, self._hidden = limit, untitled, hidden
        self.lengths = np.array([len(self.row(i)) for i in range(len(records))])

    def row(self, i: int) -> list[int]:
        """The tokens of message `i` as it is served."""
        return joined(self._titles[i], self._bodies[i], self._limit)

    def varied(self, i: int, rng: np.random.Generator) -> list[int]:
        """The tokens of message `i` as training sees it this time."""
        drop = len(self._bodies[i]) >= SHORT and rng.random() < self._untitled
        row = joined([] if drop else self._titles[i], self._bodies[i], self._limit)
        hide = rng.random(len(row)) < self._hidden
        return [self._mask if h and t not in (BOS, EOS) else t for h, t in zip(hide, row, strict=True)]


def batches(lengths: NDArray[np.int64], size: int, rng: np.random.Generator) -> list[NDArray[np.int64]]:
    """All rows once, in batches of like length, in random order."""
    order = rng.permutation(len(lengths))
    block = size * SORTED_TOGETHER
    out: list[NDArray[np.int64]] = []
    for start in range(0, len(order), block):
        part = order[start : start + block]
        part = part[np.argsort(lengths[part], kind="stable")]
        out += [part[i : i + size] for i in range(0, len(part), size)]
    return [out[i] for i in rng.permutation(len(out))]
