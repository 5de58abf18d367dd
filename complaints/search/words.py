"""Chinese text as search words, what somebody typed as a query, and where a text holds it. No database here.

The same two functions serve any text that is to be found: `lexemes` on the way in, `Query.typed` on the way out.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, NamedTuple

import rjieba

from classifier.normalise import normalise
from complaints.numbers import normalise_number

MAX_TYPED: Final = 100  # characters of a query
MAX_WORDS: Final = 12  # of a query; further ones are not looked at
LONGEST: Final = 40  # characters of a word; PostgreSQL refuses lexemes beyond 2 KB
SNIPPET: Final = 96  # characters
BEFORE: Final = 24  # characters of a snippet before the first hit

# Words of the trade that the general dictionary would cut apart. After a change: manage.py index_cases --all
_TRADE = (
    "三无产品 不予受理 假一赔三 假一赔十 退一赔三 充电桩 共享单车 加装电梯 医疗美容 噪声扰民 夜间施工 工程质量 "
    "电动自行车 直播带货 职业闭店 缺斤少两 网约车 油烟扰民 物业费 维修资金 虚假宣传 质保金 预付卡 "
    "预付费 预制菜 餐厨垃圾 餐饮油烟 霸王条款 飞线充电 黑臭水体 七天无理由 七日无理由"
)
for _word in _TRADE.split():
    rjieba.add_word(_word, rjieba.suggest_freq(_word), "n")

# Single characters that say nothing by themselves
_EMPTY: Final = frozenset(
    "的了在是我你他她它们就都也和与及或而但不没有把被给让对为以于从到由向着过吧吗呢啊呀哦又还很太这那其之"
)
_MASKED: Final = re.compile(r"[\dXx-]*\*{3,}[\dXx]*")
_NUMBER: Final = re.compile(r"(20\d{6})(\d{0,11})")


class Segment(NamedTuple):
    """A piece of a text, and whether it is what was looked for."""

    text: str
    hit: bool


@dataclass(frozen=True, slots=True)
class Query:
    """What was looked for. number: the beginning of a case number as stored, else "". words: all must occur, the last
    one may go on. Neither: nothing can be found."""

    number: str = ""
    words: tuple[str, ...] = ()
    typed: str = ""

    @classmethod
    def parse(cls, typed: str) -> Query:
        """Any text at all; what is longer than MAX_TYPED is for the caller to refuse."""
        typed = typed.replace("\x00", "").strip()
        if number := _number(typed):
            return cls(number=number, typed=typed)
        words = dict.fromkeys(word for word in rjieba.cut(_plain(typed)) if _says_something(word))
        return cls(words=tuple(words)[:MAX_WORDS], typed=typed)

    def __bool__(self) -> bool:
        return bool(self.number or self.words)

    @property
    def tsquery(self) -> str:
        """The words in PostgreSQL's own notation (documentation 8.11.2). A single character stays as it is: what begins
        with it would be half of all cases. So does a word of the dictionary, which stands by itself wherever a text has
        it (`lexemes`): an open end would find nothing more, and reads every longer word's list."""
        exact, last = self.words[:-1], self.words[-1]
        open_end = ":*" if (exact or len(last) > 1) and not _is_known(last) else ""
        return " & ".join([*map(quoted, exact), quoted(last) + open_end])


def _number(typed: str) -> str:
    if whole := normalise_number(typed):
        return whole
    digits = re.sub(r"[\s\-—－_]", "", unicodedata.normalize("NFKC", typed))
    found = _NUMBER.fullmatch(digits) if digits.isascii() else None
    return f"{found[1]}-{found[2]}" if found else ""


def lexemes(text: str, leave_out: Iterable[str] = ()) -> set[str]:
    """The words of a text: those of the search cut, and every dictionary word at any place, so that a query is found
    whatever its surroundings were cut into. leave_out: what must not
    become words, such as a name; masked numbers never do."""
    for telltale in leave_out:
        text = text.replace(telltale, " ")
    plain = _plain(_MASKED.sub(" ", text))
    found = {word for word in rjieba.cut_for_search(plain) if _says_something(word)}
    found.update(word for word in rjieba.cut_all(plain) if len(word) > 1 and _says_something(word))
    return found


def vector(text: Iterable[str], title: Iterable[str] = ()) -> str:
    """Words as a tsvector literal; those of the title weigh more."""
    strong = set(title)
    return " ".join([*(f"{quoted(word)}:1A" for word in strong), *map(quoted, set(text) - strong)])


def quoted(word: str) -> str:
    return "'" + word.replace("\\", "\\\\").replace("'", "''") + "'"


def highlight(text: str, query: Query) -> list[Segment]:
    """A snippet of the text round its first hit, cut into hits and what lies between; [] when it holds none."""
    if not query.words:
        return []
    normal = normalise(text)
    longest_first = sorted(query.words, key=len, reverse=True)
    pattern = re.compile("|".join(map(re.escape, longest_first)))
    spans = [normal.original_span(*found.span()) for found in pattern.finditer(_lower(normal.text))]
    if not spans:
        return []
    start = max(spans[0][0] - BEFORE, 0)
    end = min(start + SNIPPET, len(text))
    segments = [Segment("…", False)] if start else []
    at = start
    for first, last in spans:
        if last > end:
            break
        if first < at:
            continue
        segments += [Segment(text[at:first], False), Segment(text[first:last], True)]
        at = last
    segments += [Segment(text[at:end], False), Segment("…" if end < len(text) else "", False)]
    return _joined(segments)


def _joined(segments: Iterable[Segment]) -> list[Segment]:
    """Neighbours of one kind become one piece; empty ones go."""
    joined: list[Segment] = []
    for segment in segments:
        if joined and joined[-1].hit == segment.hit:
            joined[-1] = Segment(joined[-1].text + segment.text, segment.hit)
        elif segment.text:
            joined.append(segment)
    return joined


def _is_known(word: str) -> bool:
    """Whether it is a Chinese word of the dictionary, longer than a character."""
    return len(word) > 1 and all("\u4e00" <= letter <= "\u9fff" for letter in word) and word in rjieba.cut_all(word)


def _plain(text: str) -> str:
    return _lower(normalise(text).text)


def _lower(text: str) -> str:
    """Small letters, with every character at its place."""
    lowered = text.lower()
    return lowered if len(lowered) == len(text) else "".join(c.lower() if len(c.lower()) == 1 else c for c in text)


def _says_something(word: str) -> bool:
    return word[:1].isalnum() and word not in _EMPTY and len(word) <= LONGEST
