"""Free text -> region, offline: names of the division table, townships, former names; it asks and never guesses.

Confidence says what the answer rests on:
  1.0  the region is named behind the one above it (杭州西湖区, 浙江省宁波市, 杭州西湖 and a street)
  0.9  its official name alone, and no other place has it; a former name behind its city; a county and its township
  0.8  a township's name or an alias alone; a name that several places share, decided by another place in the text
  0.7  its short name behind the one above it, or alone with the bounds of a place (义乌, 义乌 and a street)
  0.5 and less  it may be meant: a person has to be asked
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final, Self

from django.utils import timezone

from routing.gazetteer import Kind, Names, Sense

FULL_CHAIN: Final = 1.0
NAMED: Final = 0.9
DECIDED: Final = 0.8
SHORT: Final = 0.7
DOUBT: Final = 0.5
SURE: Final = SHORT  # below that somebody has to be asked
SHOWN: Final = 10
READ: Final = 5_000  # characters of a text that are looked at

_STREET: Final = re.compile(
    r"[东西南北中]{0,2}[一二三四五六七八九十]?(?:路|大街|街(?!道)|大道|巷|弄|大?桥|高速|线(?![上下]))"
)
_NO_ENDING: Final = re.compile(r"(?<=市)[场面部值价盈率]|(?<=区)[域别间分]|(?<=省)[钱心事力电油]|(?<=[镇乡])[长静]")
_GAP: Final = re.compile(r"[\s,，、·/\-—>|]{0,3}|的")
_TAIL: Final = re.compile(
    r"$|[^\w]|市区|城区|境内|附近|本地|当地|汽车站|火车站|高铁站|机场"
    r"|[^\W菜馆店包面饭饺鸭鸡茶]{1,3}?(?:路|街|大道|巷|弄|小区|花园|新村|公寓|大厦|镇|乡|村)"
)
_MARKS: Final = "在于到从去来往至住是"
_ORIGIN: Final = re.compile(r"(?:籍贯|户籍|户口|老家|祖籍|出生)[^，。；,;]{0,4}$")  # a person's, not the matter's
_NATIVE: Final = re.compile(r"人(?=[，。、；,;）)\s]|$)")
_FOREIGN: Final = re.compile(r"(?<![本我全])[省县州旗盟市]$")


@dataclass(frozen=True, slots=True)
class Candidate:
    """A region that may be meant; matched: the words, at start to end of the text."""

    code: str
    name: str
    confidence: float
    matched: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Found:
    """What a text says about where. Not ambiguous and one region: that is the answer. Else ask."""

    regions: tuple[Candidate, ...] = ()
    ambiguous: bool = False
    passed_over: tuple[str, ...] = ()  # names of places elsewhere in the text that did not look meant

    @property
    def answer(self) -> Candidate | None:
        """The one region that the text names without doubt."""
        return self.regions[0] if self.regions and not self.ambiguous else None


@dataclass(slots=True)
class _Chain:
    """Names that stand together, each inside the one before: what they can mean."""

    start: int
    end: int
    senses: list[Sense]
    steps: int = 1  # of names, each below the one before
    headed: bool = False  # begins with a city or province
    former: bool = False
    elsewhere: bool = False  # also, or only, the name of a place in another province
    beside: bool = False  # stands right behind another name, but does not lie in it
    confidence: float = 0.0
    asks: bool = False  # a doubt that must not be passed over

    @property
    def codes(self) -> list[str]:
        return list(dict.fromkeys(sense.code for sense in self.senses))


@dataclass(frozen=True, slots=True)
class Gazetteer:
    """All names of one day. Loading reads four tables; keep it for many texts."""

    names: Names

    @classmethod
    def load(cls, on: date | None = None) -> Self:
        """The names in force on that day, today by default."""
        return cls(Names.read(on or timezone.localdate()))

    def is_whole(self, code: str) -> bool:
        """Whether nothing smaller has units: a county or zone, or a city without counties (东莞)."""
        return code in self.names.above and not code.endswith("0000") and code not in self.names.divided

    def find(self, text: str, within: str = "") -> Found:
        """The regions that a text names; within: only there (a region's code), which also decides shared names."""
        names = self.names
        if within and within not in names.above:
            return Found()
        text = text[:READ]
        chains = [self._weigh(chain, text, within) for chain in self._chains(text)]
        abroad = any(chain.asks and not chain.senses for chain in chains)
        named = [chain for chain in chains if chain.senses]
        chains = [chain for chain in named if chain.confidence]
        self._decide_by_others(chains)
        if any(chain.confidence >= SURE for chain in chains):
            chains = [chain for chain in chains if chain.confidence >= SURE or chain.asks]
        best: dict[str, Candidate] = {}
        for chain in chains:
            codes = chain.codes
            shared = len(codes) > 1 or chain.elsewhere
            confidence = min(chain.confidence, DOUBT, 1 / len(codes)) if shared else chain.confidence
            for code in codes:
                if code not in best or best[code].confidence < confidence:
                    best[code] = Candidate(
                        code,
                        names.full_names[code],
                        round(confidence, 2),
                        text[chain.start : chain.end],
                        chain.start,
                        chain.end,
                    )
        kept = [best[code] for code in names.deepest(best)]
        kept.sort(key=lambda candidate: (-candidate.confidence, candidate.start, candidate.code))
        doubt = abroad or any(candidate.confidence < SURE for candidate in kept)
        passed_over = tuple(
            text[chain.start : chain.end]
            for chain in named
            if chain not in chains and not any(self._one_way(code, best) for code in chain.codes)
        )
        return Found(tuple(kept[:SHOWN]), bool(kept) and (len(kept) > 1 or doubt), passed_over)

    def _one_way(self, code: str, others: Iterable[str]) -> bool:
        """Whether a region is one of the others, or above or below one."""
        above = self.names.above
        return any(code in above[other] or other in above[code] for other in others)

    def _mentions(self, text: str) -> Iterator[tuple[int, int, str]]:
        """Names from left to right, at each place the longest."""
        at, last = 0, len(text) - 1
        while at < last:
            name = self._name_at(text, at)
            if name:
                yield at, at + len(name), name
            at += len(name) or 1

    def _name_at(self, text: str, at: int) -> str:
        for length in self.names.lengths.get(text[at : at + 2], ()):
            name = text[at : at + length]
            if name in self.names.senses and not _NO_ENDING.match(text, at + length):
                return name
        return ""

    def _is_street(self, text: str, end: int, name: str) -> bool:
        """中山路, 南京东路: a name that goes on as a street; but 台州路桥区 goes on with a name of its own."""
        return name[-1] not in "省市区县镇乡道" and bool(_STREET.match(text, end)) and not self._name_at(text, end)

    def _chains(self, text: str) -> Iterator[_Chain]:
        names = self.names
        chain: _Chain | None = None
        for start, end, name in self._mentions(text):
            senses = names.senses[name]
            if senses[0].kind == Kind.NOWHERE or self._is_street(text, end, name):
                continue
            beside = chain is not None and bool(_GAP.fullmatch(text, chain.end, start))
            if chain and beside:
                if not chain.senses and not text[chain.end : start].strip():
                    chain.end = end  # in another province, as what stood before
                    continue
                joined = [s for s in senses if s.code and any(names.below(s.code, code) for code in chain.codes)]
                if joined:
                    self._join(chain, joined, end)
                    continue
            if chain:
                yield chain
            chain = None
            heads = [sense for sense in senses if sense.code]
            elsewhere = any(sense.kind == Kind.ELSEWHERE for sense in senses)
            if heads or elsewhere:
                levels = {names.levels[sense.code] for sense in heads}
                chain = _Chain(
                    start,
                    end,
                    heads,
                    headed=bool(levels) and levels <= {"province", "city"},
                    former=any(sense.kind == Kind.FORMER for sense in heads),
                    elsewhere=elsewhere,
                    beside=beside,
                )
        if chain:
            yield chain

    def _join(self, chain: _Chain, joined: list[Sense], end: int) -> None:
        """The next name lies in what the chain may mean: it says which of its meanings holds."""
        deeper = any(sense.code not in chain.codes or sense.kind == Kind.TOWNSHIP for sense in joined)
        chain.steps += deeper
        chain.former = any(sense.kind == Kind.FORMER for sense in joined)
        chain.senses, chain.end, chain.elsewhere = joined, end, False

    def _weigh(self, chain: _Chain, text: str, within: str) -> _Chain:
        """Drop what cannot be meant where the names stand, and say how sure the rest is."""
        names = self.names
        if not chain.senses:  # another province: worth a question when its full name is there
            chain.asks = text[chain.start : chain.end][-1] in "省市区县州"
            return chain
        before = text[chain.start - 1 : chain.start]
        bounded = not before or not before.isalpha() or before in _MARKS or chain.beside
        if within:
            chain.senses = [sense for sense in chain.senses if within in names.above[sense.code]]
        if chain.steps == 1:
            chain.senses = [sense for sense in chain.senses if sense.kind != Kind.CHAINED]
            if not chain.beside and _FOREIGN.search(text, max(0, chain.start - 2), chain.start):
                chain.senses = []
        if not chain.senses:
            return chain
        kind = min(sense.kind for sense in chain.senses)
        chain.confidence = self._confidence(chain, kind, bounded, text)
        if chain.steps == 1 and kind == Kind.SHORT and bounded:
            chain.asks = chain.beside or (bool(before) and before in _MARKS)
        if _NATIVE.match(text, chain.end) or _ORIGIN.search(text, max(0, chain.start - 8), chain.start):
            chain.confidence = 0.0
        if within and len(chain.codes) == 1 and kind != Kind.SHORT:
            chain.elsewhere = False
        return chain

    def _confidence(self, chain: _Chain, kind: Kind, bounded: bool, text: str) -> float:
        """What the names rest on; bounded: no word runs into them from the left. 0: no place is meant."""
        tail = bool(_TAIL.match(text, chain.end))
        if chain.steps > 1:
            if kind >= Kind.SHORT and not tail:
                return SHORT
            return FULL_CHAIN if chain.headed and not chain.former else NAMED
        part_of_more = kind == Kind.FORMER or chain.end - chain.start == 2  # 咸丰县 is not 丰县
        if kind in (Kind.FULL, Kind.FORMER):
            return NAMED if bounded or not part_of_more else 0.0
        if kind == Kind.ALIAS:
            return DECIDED
        if not bounded:
            return 0.0
        if kind == Kind.TOWNSHIP:
            return DECIDED
        return SHORT if tail else DOUBT

    def _decide_by_others(self, chains: list[_Chain]) -> None:
        """A name that several places share means the one inside another place that the text names."""
        known = {chain.codes[0] for chain in chains if len(chain.codes) == 1 and not chain.elsewhere}
        for chain in chains:
            if len(chain.codes) > 1 or chain.elsewhere:
                inside = [
                    sense
                    for sense in chain.senses
                    if any(code != sense.code and code in self.names.above[sense.code] for code in known)
                ]
                if len({sense.code for sense in inside}) == 1:
                    chain.senses, chain.elsewhere, chain.confidence = inside, False, min(chain.confidence, DECIDED)
