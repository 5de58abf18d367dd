"""Groups of messages that say nearly the same, so that none of a group is tested on what another taught.

MinHash over character 4-grams with locality-sensitive hashing (Broder 1997; Indyk and Motwani 1998):
candidate pairs share one of 16 bands of 4 minima, and count as near-duplicates from a Jaccard similarity of
0.5.
"""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

SHINGLE = 4
BANDS, ROWS = 16, 4
SIMILAR = 0.5


def plain(text: str) -> str:
    """The letters and digits of a text, full-width forms folded: what two copies of a message share."""
    return "".join(c for c in unicodedata.normalize("NFKC", text).lower() if c.isalnum())


def group_ids(texts: Sequence[str]) -> NDArray[np.int64]:
    """Group number of each text, shape [n]; near-duplicates share one, also through others."""
    shingles = [_shingles(plain(text)) for text in texts]
    parent = list(range(len(texts)))

    def root(i: int) -> int:
        while parent[i] != i:
            parent[i] = parent[parent[i]]
            i = parent[i]
        return i

    rng = np.random.default_rng(20261122)
    odd = rng.integers(0, 2**63, BANDS * ROWS, dtype=np.uint64) * np.uint64(2) + np.uint64(1)
    minima = np.stack([((s[:, None] * odd) >> np.uint64(16)).min(axis=0) for s in shingles])
    for band in range(BANDS):
        buckets: dict[bytes, list[int]] = defaultdict(list)
        for i, row in enumerate(minima[:, band * ROWS : (band + 1) * ROWS]):
            buckets[row.tobytes()].append(i)
        for members in buckets.values():
            for i in members[1:]:
                a, b = root(members[0]), root(i)
                if a != b and _jaccard(shingles[members[0]], shingles[i]) >= SIMILAR:
                    parent[b] = a
    return np.array([root(i) for i in range(len(texts))], dtype=np.int64)


def _shingles(text: str) -> NDArray[np.uint64]:
    """Sorted distinct hashes of the text's 4-grams; a shorter text is one shingle."""
    points = np.frombuffer(text.encode("utf-32-le"), dtype=np.uint32).astype(np.uint64)
    if len(points) < SHINGLE:
        points = np.pad(points, (0, SHINGLE - len(points)))
    hashed = np.zeros(len(points) - SHINGLE + 1, dtype=np.uint64)
    for offset in range(SHINGLE):
        hashed = hashed * np.uint64(0x9E3779B97F4A7C15) + points[offset : offset + len(hashed)]
    return np.unique(hashed ^ (hashed >> np.uint64(29)))


def _jaccard(a: NDArray[np.uint64], b: NDArray[np.uint64]) -> float:
    both = len(np.intersect1d(a, b, assume_unique=True))
    return both / (len(a) + len(b) - both)
