"""Hashed characters and character pairs of a batch of messages, weighted by tf-idf, as sparse rows.

A title's n-grams count double, once with the text's and once as a kind of their own. Term weight is
(1 + ln tf) * idf, each row of length 1 (Salton and Buckley 1988; sublinear tf). All steps work on the whole batch.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from classifier.interface import Message
from classifier.normalise import normalise

READ = 4_000  # code points of a text: three quarters from its beginning, the rest from its end
TITLE_WEIGHT = 2.0
_START, _END = 2, 3  # marks around title and text; no normalised text holds them
_TITLE_SEED, _SHARED_SEED = 0x51ED270B, 0

Floats = NDArray[np.float32]
Keys = NDArray[np.uint32]


@dataclass(frozen=True, slots=True)
class Counts:
    """N-grams of a batch: message number, hash and weight of each, shape [m]; the same one may come repeatedly."""

    row: NDArray[np.int64]
    key: Keys
    weight: Floats


@dataclass(frozen=True, slots=True)
class SparseRows:
    """Row i has the columns[starts[i]:starts[i + 1]] with those values, columns ascending; others are zero."""

    starts: NDArray[np.int64]
    columns: NDArray[np.int64]
    values: Floats

    def __len__(self) -> int:
        return len(self.starts) - 1


def codes_of(text: str) -> NDArray[np.uint32]:
    """Code points of the part of a text that is read, normalised and in small letters."""
    kept = text if len(text) <= READ else text[: READ * 3 // 4] + text[-READ // 4 :]
    codes = normalise(kept).codes
    capital = (codes >= ord("A")) & (codes <= ord("Z"))
    return codes + capital.astype(np.uint32) * np.uint32(32)


def count(messages: Sequence[Message]) -> Counts:
    """All n-grams of the messages, unaware of any vocabulary."""
    rows, keys, weights = [], [], []
    parts = ((_TITLE_SEED, TITLE_WEIGHT, True), (_SHARED_SEED, TITLE_WEIGHT, True), (_SHARED_SEED, 1.0, False))
    titles = _joined([codes_of(m.title) for m in messages])
    texts = _joined([codes_of(m.text) for m in messages])
    for seed, weight, is_title in parts:
        codes, row = titles if is_title else texts
        for key, where in _hashes(codes, seed):
            rows.append(row[where])
            keys.append(key)
            weights.append(np.full(len(key), weight, dtype=np.float32))
    return Counts(np.concatenate(rows), np.concatenate(keys), np.concatenate(weights))


def tf_idf(counts: Counts, messages: int, vocabulary: Keys, idf: Floats) -> SparseRows:
    """Rows of unit length over the columns of `vocabulary` (ascending hashes); unknown n-grams are left out."""
    column = np.searchsorted(vocabulary, counts.key)
    column[column == len(vocabulary)] = 0
    known = vocabulary[column] == counts.key
    cell = counts.row[known] * len(vocabulary) + column[known]
    cell, inverse = np.unique(cell, return_inverse=True)
    frequency = np.bincount(inverse, counts.weight[known], minlength=len(cell))
    row, columns = np.divmod(cell, len(vocabulary))
    values = (1.0 + np.log(frequency)) * idf[columns]
    length = np.sqrt(np.bincount(row, values * values, minlength=messages))
    starts = np.searchsorted(row, np.arange(messages + 1))
    return SparseRows(starts, columns, (values / length[row]).astype(np.float32))


def _joined(parts: Sequence[NDArray[np.uint32]]) -> tuple[NDArray[np.uint64], NDArray[np.int64]]:
    """All parts in one array, each between its marks, empty ones left out; and the part that each place is of."""
    marked = [np.concatenate(([_START], codes, [_END])) if len(codes) else codes for codes in parts]
    lengths = [len(codes) for codes in marked]
    return np.concatenate(marked).astype(np.uint64), np.repeat(np.arange(len(parts)), lengths)


def _hashes(codes: NDArray[np.uint64], seed: int) -> list[tuple[Keys, NDArray[np.int64]]]:
    """Hashes of the characters, and of the pairs that do not reach over an end, with their places."""
    inner = np.flatnonzero((codes != _START) & (codes != _END))
    single = codes[inner] * np.uint64(0x9E3779B97F4A7C15)
    pair = np.flatnonzero(codes[:-1] != _END)
    double = (codes[pair] * np.uint64(0x9E3779B97F4A7C15) + codes[pair + 1]) * np.uint64(0xC2B2AE3D27D4EB4F)
    return [(_mixed(single, seed + 1), inner), (_mixed(double, seed + 2), pair)]


def _mixed(values: NDArray[np.uint64], seed: int) -> Keys:
    """32 well-spread bits of each value (the finaliser of SplitMix64, Steele et al. 2014)."""
    z = values + np.uint64(seed) * np.uint64(0x9E3779B97F4A7C15 % 2**32)
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return (z >> np.uint64(32)).astype(np.uint32)
