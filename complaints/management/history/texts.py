"""What the made-up people say: sentences of the project's own synthetic complaints, put together anew."""

from __future__ import annotations

import json
import re
from collections import Counter, defaultdict
from functools import cache
from itertools import pairwise
from pathlib import Path
from random import Random
from typing import Any, Final, NamedTuple

from complaints.management.history.copy import literal
from complaints.search.words import lexemes, quoted

PROJECT: Final = Path(__file__).resolve().parents[3]
SOURCES: Final = [
    PROJECT / "complaints" / "demo" / "complaints.jsonl",
    *sorted((PROJECT / "classifier" / "data" / "synthetic").glob("*.jsonl")),
]
SHORTEST: Final = 6  # characters of a sentence
COMPANIES: Final = 4_000
PEOPLE: Final = 4_000

_FIRST = (
    "福顺兴盛鑫源和美嘉诚信达永安康乐新华东方金星银河红日蓝天青松翠竹春晖秋实晨光朝阳"
    "云海江南西溪钱塘宝石玉泉龙井梅坞桂雨荷风"
)
_TRADES: Final = {
    "P": ("食品商行", "超市", "便利店", "电器经营部", "建材经营部", "汽车用品店", "母婴用品店", "药房", "服饰店"),
    "E": ("建设工程有限公司", "房地产开发有限公司", "装饰工程有限公司", "物业服务有限公司", "市政工程有限公司"),
    "S": (
        "餐饮管理有限公司",
        "健身俱乐部",
        "教育培训中心",
        "旅行社",
        "网络科技有限公司",
        "物流有限公司",
        "美容院",
        "家政服务部",
    ),
    "V": ("洗车店", "加油站", "化工有限公司", "印染有限公司", "建筑工地项目部", "养殖场", "烧烤店", "汽修厂"),
}
_SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕"
_GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华建国志海波玲红梅春雨晴子轩欣怡浩然"
_STREETS: Final = (
    "文三路",
    "中山北路",
    "解放路",
    "人民东路",
    "环城西路",
    "建设二路",
    "学院路",
    "滨江大道",
    "新塘街",
    "香樟巷",
)
_OPENINGS: Final = ("", "", "您好，", "我要反映：", "请相关部门管一管。", "情况是这样的，", "本人反映，")
_ENDINGS: Final = ("", "", "希望尽快处理。", "请给个答复。", "要求退款并赔偿。", "盼回复。", "请核实处理。")
_REPLIES: Final = (
    "您好，执法人员已到现场核查，情况属实，已责令当事人改正，并督促其与您协商一致。",
    "经核查，商户已全额退款，并就此事向您致歉。",
    "经调查，未发现您反映的情况，已提醒当事人加强管理；如有新的线索请补充。",
    "已组织双方调解，达成一致，赔付款已到账。",
    "现场检测结果达标，已要求其调整作业时间，避免影响周边居民。",
    "施工单位已完成修复并通过复查，后续由物业负责日常维护。",
    "已立案调查，处理结果将另行告知。",
    "您咨询的政策已由工作人员电话解释，您表示清楚。",
)
_REASONS: Final = ("答复完毕", "双方达成一致", "问题已整改", "诉求人表示满意", "已依法处理")
_NUMBERED: Final = 0.3  # share of texts with a number that no other text has
_TITLED: Final = 0.25  # share of texts with a title
_TITLE: Final = 24  # characters
_NONE: Final[frozenset[str]] = frozenset()


class Said(NamedTuple):
    """A text and its title as COPY takes them, and the words by which both are found."""

    text: str
    title: str
    words: str


class Piece(NamedTuple):
    """A sentence as COPY takes it, and its words as a tsvector has them. Sentences end with a mark at which the search
    cuts anyway, so that the words of a text are those of its sentences."""

    text: str
    words: frozenset[str]


class Phrases:
    """Sentences by topic, and how often each topic comes up."""

    def __init__(self) -> None:
        self.by_topic: dict[str, list[str]] = defaultdict(list)
        seen: Counter[str] = Counter()
        for source in SOURCES:
            for line in source.read_text(encoding="utf-8").splitlines():
                row: dict[str, Any] = json.loads(line)
                topic = str(row.get("topic") or row.get("label") or "")
                if not topic or topic.startswith("X"):
                    continue
                seen[topic] += source.name == "complaints.jsonl"
                parts = (part.strip(" ，,\n") for part in re.split(r"(?<=[。！？!?；;\n])", row["text"]))
                self.by_topic[topic] += [_ended(part) for part in parts if len(part) >= SHORTEST]
        self.topics = sorted(topic for topic in self.by_topic if seen[topic])
        self.weights = [seen[topic] for topic in self.topics]

    def topic(self, random: Random) -> str:
        return random.choices(self.topics, self.weights)[0]

    def say(self, random: Random, topic: str, company: str) -> Said:
        """Two to four sentences about a topic, with the company's name in half of them."""
        chance, sentences = random.random, self.by_topic[topic]
        parts = [piece(sentences[int(chance() * len(sentences))]) for _ in range(2 + int(chance() * 3))]
        title, strong = title_of(parts[0].text) if chance() < _TITLED else ("", _NONE)
        if chance() < 0.5:
            parts.insert(0, piece(f"我在{company}遇到的事。"))
        parts.insert(0, piece(_OPENINGS[int(chance() * len(_OPENINGS))]))
        if chance() < _NUMBERED:
            number = f"{'ABDHKX'[int(chance() * 6)]}{int(chance() * 10**8):08d}"
            parts.append(Piece(f"单号{number}。", frozenset(("'单号'", f"'{number.lower()}'"))))
        parts.append(piece(_ENDINGS[int(chance() * len(_ENDINGS))]))
        words = _NONE.union(*[part.words for part in parts])
        if strong:
            words = words.difference(strong).union([f"{word}:1A" for word in strong])
        return Said("".join([part.text for part in parts]), title, " ".join(words))

    def people(self, random: Random) -> list[tuple[str, str]]:
        """Names and phone numbers. No name stands in a sentence by chance: the search leaves out who filed."""
        said = {pair for parts in self.by_topic.values() for part in parts for pair in map("".join, pairwise(part))}
        found: list[tuple[str, str]] = []
        while len(found) < PEOPLE:
            name = person(random)
            if name[:2] not in said:
                found.append((name, phone(random)))
        return found


def _ended(part: str) -> str:
    return part if part[-1] in "。！？!?；;" else f"{part}。"


@cache
def piece(text: str) -> Piece:
    """A sentence with its words; looked through once."""
    return Piece(literal(text), frozenset(literal(quoted(word)) for word in lexemes(text)))


@cache
def title_of(sentence: str) -> tuple[str, frozenset[str]]:
    """The first words of a sentence, and what they are found by."""
    return piece(sentence.rstrip("。！？!?；;")[:_TITLE])


def company(random: Random, domain_letter: str) -> str:
    return "".join(random.sample(_FIRST, 2)) + random.choice(_TRADES[domain_letter])


def person(random: Random) -> str:
    return random.choice(_SURNAMES) + "".join(random.choices(_GIVEN, k=random.randint(1, 2)))


def phone(random: Random) -> str:
    """A number of the shape of a mobile one."""
    return f"13{random.randrange(10)}{random.randrange(10**8):08d}"


def places() -> list[str]:
    return [f"{street}{number}号" for street in _STREETS for number in range(1, 901)]


def reply(random: Random) -> str:
    return random.choice(_REPLIES)


def reason(random: Random) -> str:
    return random.choice(_REASONS)
