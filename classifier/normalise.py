"""One spelling for every text before rules and models see it, and the way back to the original's offsets.

Code points are mapped one to one or dropped, never expanded, so each kept code point knows where it stood:
full-width and compatibility forms to their plain form (Unicode NFKC where that is one code point), traditional
to simplified Chinese, control and invisible characters dropped, runs of blanks to one, blanks between two
Chinese characters dropped. Letter case is kept.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Codes = NDArray[np.uint32]
Places = NDArray[np.int64]

_TRADITIONAL = Path(__file__).parent / "data" / "traditional.txt"
_SPACE, _NEWLINE = 0x20, 0x0A
_UNICODE_SIZE = 0x110000
# Ranges whose NFKC form may be one other code point: Latin to CJK compatibility, presentation forms, full width.
_COMPATIBILITY = ((0xA0, 0x3400), (0xF900, 0xFB00), (0xFE10, 0xFFF0), (0x1D400, 0x1D800), (0x2F800, 0x2FA20))
# Controls, joiners, direction marks, variation selectors, surrogates, private use, tags.
_INVISIBLE = (
    (0x00, 0x20), (0x7F, 0xA0), (0xAD, 0xAE), (0x180E, 0x180F), (0x200B, 0x2010), (0x202A, 0x202F),
    (0x2060, 0x2070), (0xD800, 0xF900), (0xFE00, 0xFE10), (0xFEFF, 0xFF00), (0xFFF0, 0xFFFC), (0xE0000, 0x110000),
)  # fmt: skip
_NEWLINES = (0x0A, 0x0B, 0x0C, 0x0D, 0x85, 0x2028, 0x2029)
_BLANKS = (0x09, 0xA0, 0x1680, *range(0x2000, 0x200B), 0x202F, 0x205F, 0x3000)
# Words whose traditional form holds a character that is also a simplified one (著名, but 著火 = 着火).
_WORDS = (("著火", "着火"), ("著急", "着急"), ("乾燥", "干燥"), ("饼乾", "饼干"), ("乾净", "干净"))


@dataclass(frozen=True, slots=True)
class Normalised:
    """`text` after normalisation; `codes[i]` is its code point i, which stood at `origin[i]` of the original."""

    text: str
    codes: Codes
    origin: Places

    def original_span(self, start: int, end: int) -> tuple[int, int]:
        """Offsets (end exclusive) in the original of the non-empty span start..end of `text`."""
        return int(self.origin[start]), int(self.origin[end - 1]) + 1


class _Tables(NamedTuple):
    mapping: Codes
    chinese: NDArray[np.bool_]


@lru_cache(maxsize=1)
def _tables() -> _Tables:
    mapping = np.arange(_UNICODE_SIZE, dtype=np.uint32)
    for first, last in _COMPATIBILITY:
        for code in range(first, last):
            plain = unicodedata.normalize("NFKC", chr(code))
            if len(plain) == 1:
                mapping[code] = ord(plain)
    source = _TRADITIONAL.read_text(encoding="utf-8")
    for line in source.splitlines():
        if not line.startswith("#"):
            for pair in line.split():
                mapping[ord(pair[0])] = ord(pair[1])
    mapping = mapping[mapping]  # a compatibility form of a traditional character goes both ways at once
    for first, last in _INVISIBLE:
        mapping[first:last] = 0
    mapping[list(_BLANKS)] = _SPACE
    mapping[list(_NEWLINES)] = _NEWLINE
    chinese = np.zeros(_UNICODE_SIZE, dtype=np.bool_)
    chinese[0x3400:0xA000] = True
    chinese[0x20000:0x32000] = True
    return _Tables(mapping, chinese)


def normalise(text: str) -> Normalised:
    """The normalised text with its code points and their places. Any str is accepted, lone surrogates too."""
    mapping, chinese = _tables()
    raw = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype="<u4")
    codes = mapping[raw]
    origin = np.flatnonzero(codes)
    codes = codes[origin]
    blank = (codes == _SPACE) | (codes == _NEWLINE)
    if blank.any():
        codes, kept = _collapse(codes, blank, chinese)
        origin = origin[kept]
    result = codes.astype("<u4").tobytes().decode("utf-32-le")
    for traditional, simplified in _WORDS:
        if traditional in result:
            result = result.replace(traditional, simplified)
            codes = np.frombuffer(result.encode("utf-32-le"), dtype="<u4").astype(np.uint32)
    return Normalised(result, codes, origin)


def _collapse(codes: Codes, blank: NDArray[np.bool_], chinese: NDArray[np.bool_]) -> tuple[Codes, Places]:
    """Each run of blanks becomes a newline if it holds one, else a space; none at the ends or inside Chinese."""
    edges = np.diff(np.concatenate(([0], blank.view(np.int8), [0])))
    starts, ends = np.flatnonzero(edges == 1), np.flatnonzero(edges == -1)
    newlines = np.concatenate(([0], np.cumsum(codes == _NEWLINE)))
    has_newline = newlines[ends] > newlines[starts]
    inner = (starts > 0) & (ends < len(codes))
    before, after = codes[np.maximum(starts - 1, 0)], codes[np.minimum(ends, len(codes) - 1)]
    wanted = inner & (has_newline | ~(chinese[before] & chinese[after]))
    keep = ~blank
    keep[starts[wanted]] = True
    codes = codes.copy()
    codes[starts] = np.where(has_newline, _NEWLINE, _SPACE)
    kept = np.flatnonzero(keep)
    return codes[kept], kept
