"""What the encoder reads of a message: <s> title </s> text </s>, of a long text the head and the tail."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

from classifier.normalise import normalise

BOS, PAD, EOS, UNK = 0, 1, 2, 3
LIMIT = 256
TITLE_SHARE = 0.25
HEAD_SHARE = 0.6
# Longer texts are cut before they are normalised: 256 tokens never need more characters at either end.
CHARACTERS = 2_000


@dataclass(frozen=True, slots=True)
class Encoded:
    """One message as the encoder reads it.

    spans: for each token where it stands in `title + "\\n" + text` (without a title in `text`), code points, end
    exclusive; None for the separators and for what stands for no character.
    """

    ids: list[int]
    spans: list[tuple[int, int] | None]


def open_tokenizer(path: str) -> Tokenizer:
    """A tokenizer.json with truncation and padding off, as `token_ids` wants it."""
    tokenizer = Tokenizer.from_file(path)
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return tokenizer


def token_ids(tokenizer: Tokenizer, titles: Sequence[str], texts: Sequence[str], limit: int = LIMIT) -> list[list[int]]:
    """Token ids of each message, between 2 and `limit` of them. Any text is accepted."""
    bodies = [piece for text in texts for piece in _ends(text)]
    plain = [normalise(text).text for text in (*(title[:CHARACTERS] for title in titles), *bodies)]
    ids = [e.ids for e in tokenizer.encode_batch(plain, add_special_tokens=False)]
    out = []
    for i in range(len(texts)):
        head, tail = ids[len(titles) + 2 * i], ids[len(titles) + 2 * i + 1]
        out.append(joined(ids[i], head + tail, limit))
    return out


def encoded(tokenizer: Tokenizer, title: str, text: str, limit: int = LIMIT) -> Encoded:
    """The same ids as `token_ids` gives, with the way back to the message."""
    before = len(title) + 1 if title else 0
    head, tail = _ends(text)
    pieces = [(title[:CHARACTERS], 0), (head, before), (tail, before + len(text) - len(tail))]
    parts = [_placed(tokenizer, piece, offset) for piece, offset in pieces]
    known = [*parts[0], *parts[1], *parts[2]]
    # Numbers of tokens instead of tokens, from 4 on, so that they are told from the separators.
    numbers = list(range(4, 4 + len(known)))
    row = joined(numbers[: len(parts[0])], numbers[len(parts[0]) :], limit)
    chosen = [known[number - 4] if number >= 4 else (number, None) for number in row]
    return Encoded([token for token, _ in chosen], [span for _, span in chosen])


def _placed(tokenizer: Tokenizer, text: str, offset: int) -> list[tuple[int, tuple[int, int] | None]]:
    """Tokens of a piece of a message that begins at `offset`, each with its place in the message."""
    plain = normalise(text)
    found = tokenizer.encode(plain.text, add_special_tokens=False)
    placed: list[tuple[int, tuple[int, int] | None]] = []
    for token, (start, end) in zip(found.ids, found.offsets, strict=True):
        if start < end:
            first, last = plain.original_span(start, end)
            placed.append((token, (first + offset, last + offset)))
        else:
            placed.append((token, None))
    return placed


def _ends(text: str) -> tuple[str, str]:
    if len(text) <= 2 * CHARACTERS:
        return text, ""
    return text[:CHARACTERS], text[-CHARACTERS:]


def joined(title: list[int], body: list[int], limit: int) -> list[int]:
    """One row: the title first and cut to its share, of the body the beginning and the end."""
    title = title[: int(limit * TITLE_SHARE)]
    start = [BOS, *title, EOS] if title else [BOS]
    room = limit - len(start) - 1
    if len(body) > room:
        head = int(room * HEAD_SHARE)
        body = body[:head] + body[len(body) - (room - head) :]
    return [*start, *body, EOS]


def padded(rows: Sequence[list[int]]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Ids and attention mask, each [rows, longest]."""
    longest = max(len(row) for row in rows)
    ids = np.full((len(rows), longest), PAD, dtype=np.int64)
    mask = np.zeros((len(rows), longest), dtype=np.int64)
    for i, row in enumerate(rows):
        ids[i, : len(row)] = row
        mask[i, : len(row)] = 1
    return ids, mask
