"""The names that addresses are read with: every region, its short forms, former names, townships, false friends."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import IntEnum
from typing import Final, Self

from routing.models import NameKind, PlaceName, Region, RegionLevel, RegionSuccession, Township

_SUFFIX: Final = re.compile(r"(?:省|市|区|县|地区|盟|(?:维吾尔|壮族|回族)?自治区|特别行政区)$")
_STATE: Final = re.compile(r"(?:[一-鿿]{1,4}族)+自治[州县]$")


class Kind(IntEnum):
    """What a name proves. Smaller wins where one name means the same region twice."""

    FULL = 1  # its official name
    FORMER = 2  # the name of an abolished region that this one took over
    ALIAS = 3
    TOWNSHIP = 4  # a town or street in the region
    SHORT = 5  # without its ending; may stand alone
    CHAINED = 6  # counts only behind the region above it
    ELSEWHERE = 7  # in another province
    NOWHERE = 8  # no place at all


@dataclass(frozen=True, slots=True)
class Sense:
    """One meaning of a name. code: the region of ours, "" for ELSEWHERE and NOWHERE."""

    code: str
    kind: Kind


Add = Callable[[str, str, Kind], None]


def short_form(name: str) -> str:
    """The name without its ending (省 市 区 县 ...), or "" where less than two characters would be left."""
    short = _STATE.sub("", name)
    short = _SUFFIX.sub("", name) if short == name else short
    return short if short != name and len(short) >= 2 else ""


@dataclass(slots=True)
class Names:
    """name -> its meanings, as in force on one day; and which region lies in which."""

    senses: dict[str, tuple[Sense, ...]] = field(default_factory=dict)
    full_names: dict[str, str] = field(default_factory=dict)  # code -> name with everything above
    levels: dict[str, str] = field(default_factory=dict)
    above: dict[str, tuple[str, ...]] = field(default_factory=dict)  # code -> itself and all above
    once_in: Mapping[str, frozenset[str]] = field(default_factory=dict)  # code -> living regions that gave it ground
    divided: set[str] = field(default_factory=set)  # regions that have counties
    lengths: dict[str, tuple[int, ...]] = field(default_factory=dict)  # first two characters -> lengths, longest first

    @classmethod
    def read(cls, on: date) -> Self:
        """Read the tables; four queries."""
        made = cls()
        found: dict[str, dict[str, Kind]] = defaultdict(dict)

        def add(name: str, code: str, kind: Kind) -> None:
            found[name][code] = min(kind, found[name].get(code, kind))

        words = list(PlaceName.objects.valid_on(on).values_list("name", "kind", "region_id"))
        chained = {name for name, kind, _region in words if kind == NameKind.CHAINED}
        made._regions(on, chained, add)
        once: dict[str, set[str]] = defaultdict(set)
        for old_code, old_name, new in RegionSuccession.objects.filter(valid_from__lte=on).values_list(
            "old_code", "old_name", "new_id"
        ):
            if new not in made.above:
                continue
            if old_code in made.above and made.full_names[old_code].endswith(old_name):
                once[new].add(old_code)
                continue
            add(old_name, new, Kind.CHAINED if old_name in chained else Kind.FORMER)
            short = short_form(old_name)
            if short and not old_name.endswith("区"):
                add(short, new, Kind.CHAINED if short in chained else Kind.SHORT)
        made.once_in = {code: frozenset(old) for code, old in once.items()}
        townships = Township.objects.valid_on(on).values_list("name", "region_id", "twins")
        for name, region, twins in townships:
            if region in made.above:
                add(name, region, Kind.TOWNSHIP)
                if twins:
                    add(name, "", Kind.ELSEWHERE)
        for name, kind, region in words:
            if kind == NameKind.ALIAS and region in made.above:
                add(name, region, Kind.ALIAS)
            elif kind == NameKind.NOWHERE:
                found[name] = {"": Kind.NOWHERE}
            elif kind == NameKind.ELSEWHERE:
                add(name, "", Kind.ELSEWHERE)
                if short := short_form(name):
                    add(short, "", Kind.ELSEWHERE)
        made._finish(found)
        return made

    def _regions(self, on: date, chained: set[str], add: Add) -> None:
        rows = Region.objects.valid_on(on).order_by("code").values_list("code", "name", "full_name", "level", "parent")
        regions = {code: (name, full_name, level, parent) for code, name, full_name, level, parent in rows}
        for code, (name, full_name, level, upper) in regions.items():
            parent = upper
            if level == RegionLevel.COUNTY and upper:
                self.divided.add(upper)
            self.full_names[code], self.levels[code] = full_name, level
            way = [code]
            while parent:
                way.append(parent)
                parent = regions[parent][3] if parent in regions else None
            self.above[code] = tuple(way)
            add(name, code, Kind.CHAINED if name in chained else Kind.FULL)
            short = short_form(name)
            if level == RegionLevel.ZONE:
                city = short_form(regions[way[1]][0]) if way[1] in regions else ""
                short = name.removeprefix(city) if city and name.startswith(city) else ""
                if short:
                    add(short, code, Kind.CHAINED)
            elif short:
                alone = not (level == RegionLevel.COUNTY and name.endswith("区")) and short not in chained
                add(short, code, Kind.SHORT if alone else Kind.CHAINED)

    def _finish(self, found: Mapping[str, Mapping[str, Kind]]) -> None:
        lengths: dict[str, set[int]] = defaultdict(set)
        for name, codes in found.items():
            if len(name) >= 2:
                self.senses[name] = tuple(Sense(code, kind) for code, kind in sorted(codes.items()))
                lengths[name[:2]].add(len(name))
        self.lengths = {head: tuple(sorted(known, reverse=True)) for head, known in lengths.items()}

    def below(self, code: str, scope: str) -> bool:
        """Whether a region is, or lies in, or once belonged to the other one."""
        return scope in self.above[code] or scope in self.once_in.get(code, ())

    def deepest(self, codes: Iterable[str]) -> list[str]:
        """Without those that hold another one of them."""
        codes = list(dict.fromkeys(codes))
        return [code for code in codes if not any(other != code and code in self.above[other] for other in codes)]
