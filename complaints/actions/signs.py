"""What a text says beyond doubt, for the escalation rules: people dead, hurt or poisoned, the press, a crime.

Only plain statements count; a negated or feared one does not (没有人员伤亡, 会出人命的). Numbers: digits and Chinese
numerals up to 99; "several" counts as none, for nobody said how many.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

_N: Final = r"(?P<n>\d{1,3}|[一二两三四五六七八九十]{1,3})"
_WHO: Final = r"(?:多)?[名个位]?(?:人|工人|老人|孩子|小孩|儿童|学生|乘客|居民|顾客|群众|同学|员工|业主)"
_DEAD: Final = r"(?:当场|不幸|已经|已)?(?:死亡|身亡|遇难|丧生|死了|去世)"
_HURT: Final = r"(?:受|被)?(?:严重)?(?:重伤|骨折|截肢|昏迷)"
_SICK: Final = r"(?:食物|煤气|一氧化碳|出现|发生|集体|疑似)*(?:中毒)"
_COUNTED: Final[Mapping[str, tuple[re.Pattern[str], ...]]] = {
    name: (
        re.compile(rf"{_N}{_WHO}[^，。！？；,;\d]{{0,6}}?{done}"),
        re.compile(rf"{done}(?:了|人数)?(?:达|为|共)?{_N}[名个位]?人"),
    )
    for name, done in (("deaths", _DEAD), ("serious_injuries", _HURT), ("poisoned", _SICK))
}
_STATED: Final[Mapping[str, re.Pattern[str]]] = {
    "dead": re.compile(rf"(?:有|致|造成|导致)?(?:{_WHO}|人员){_DEAD}|死了?人了|致死|出了人命|(?:人员)?死亡事故"),
    "injured": re.compile(r"(?:受伤|烧伤|烫伤|炸伤|砸伤|摔伤|骨折|重伤|送医|送进医院)"),
    "media": re.compile(
        r"(?:媒体|电视台|报社|日报|晚报|记者|新闻)[^，。！？；]{0,6}(?:报道|曝光|采访|播出)|上了?热搜|被媒体|(?:登|上)报了"
    ),
    "suspected_crime": re.compile(r"涉嫌[^，。！？；]{0,8}(?:犯罪|诈骗|集资|传销|洗钱)|构成犯罪|已(?:经)?报警立案"),
}
_NOT: Final = re.compile(
    r"(?:没有|没|无|未|不是|并非|以免|避免|防止|担心|害怕|怕|万一|可能|会|要|差点|险些)[^，。！？；,;]{0,6}$"
)
_DIGITS: Final = {char: value for value, char in enumerate("零一二三四五六七八九")} | {"两": 2}
_TEN: Final = "十"


def flags_in(text: str) -> frozenset[str]:
    """dead, injured, media, suspected_crime, as routing/data/facts.csv names them."""
    return frozenset(
        flag for flag, pattern in _STATED.items() if any(_meant(text, found) for found in pattern.finditer(text))
    )


def numbers_in(text: str) -> dict[str, float]:
    """deaths, serious_injuries, poisoned: the largest number stated; absent where none is."""
    found: dict[str, float] = {}
    for name, patterns in _COUNTED.items():
        for pattern in patterns:
            for match in pattern.finditer(text):
                if _meant(text, match):
                    found[name] = max(found.get(name, 0), _number(match["n"]))
    return {name: count for name, count in found.items() if count}


def _meant(text: str, match: re.Match[str]) -> bool:
    """Not denied or feared, neither before the words nor inside them."""
    return not _NOT.search(text, max(0, match.start() - 8), match.start()) and not re.search("没有|未", match.group())


def _number(words: str) -> int:
    if words.isdigit():
        return int(words)
    if _TEN not in words:
        return _DIGITS.get(words, 0)
    tens, _ten, ones = words.partition(_TEN)
    return 10 * (_DIGITS.get(tens, 0) if tens else 1) + (_DIGITS.get(ones, 0) if ones else 0)
