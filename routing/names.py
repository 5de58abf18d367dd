"""What a bureau's unit is called at a region: one pure function over the table of names.

Placeholders of a pattern: {province} {city} {county} are the names on the way up (浙江省, 杭州市, 西湖区);
{short} is the region's own name without its suffix (西湖); {region} is the name that tells it apart: 浙江省,
杭州市, 杭州市西湖区 (an urban district carries its city), 桐庐县 (a county stands by itself).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

NATIONALITY = r"(?:[\u4e00-\u9fff]{1,2}族)*"  # 景宁畲族自治县 -> 景宁
SUFFIX = re.compile(rf"(?<=..)(?:{NATIONALITY}自治县|省|市|区|县)$")
PLACEHOLDER = re.compile(r"\{(?:province|city|county|region|short)\}")


@dataclass(frozen=True, slots=True)
class Place:
    """A region with what stands above it. level: province, city, county or zone."""

    code: str
    name: str
    level: str
    above: tuple[Place, ...] = ()  # nearest first

    @property
    def naming_levels(self) -> tuple[str, ...]:
        """The levels of names that fit, best first: an urban district may be named unlike a county."""
        return ("district", "county") if self.level == "county" and self.name.endswith("区") else (self.level,)

    def words(self) -> dict[str, str]:
        """The value of every placeholder."""
        line = {place.level: place.name for place in (*self.above, self)}
        return {
            "province": line.get("province", ""),
            "city": line.get("city", ""),
            "county": self.name if self.level in ("county", "zone") else "",
            "region": line.get("city", "") * (self.naming_levels[0] == "district") + self.name,
            "short": SUFFIX.sub("", self.name),
        }


@dataclass(frozen=True, slots=True)
class NameRow:
    """A line of the table of names; region "" means everywhere, dates are inclusive."""

    bureau: str
    region: str
    level: str
    pattern: str
    valid_from: date | None
    valid_to: date | None

    def valid_on(self, on: date) -> bool:
        """Whether the name is in use on that day."""
        return (self.valid_from is None or self.valid_from <= on) and (self.valid_to is None or on <= self.valid_to)


class Names:
    """The names in use on one day."""

    def __init__(self, rows: Iterable[NameRow], on: date) -> None:
        self._rows: Mapping[tuple[str, str, str], str] = {
            (row.bureau, row.region, row.level): row.pattern for row in rows if row.valid_on(on)
        }

    def of(self, bureau: str, place: Place) -> str:
        """The name of the bureau's unit at that place; "" where it has none.

        The nearest region's row wins; in one region the row for districts wins over the one for counties.
        """
        for region in (place.code, *(above.code for above in place.above), ""):
            for level in place.naming_levels:
                pattern = self._rows.get((bureau, region, level))
                if pattern is not None:
                    return pattern.format(**place.words())
        return ""


def is_pattern(pattern: str) -> bool:
    """Whether every brace belongs to a placeholder that can be filled in."""
    return not {"{", "}"} & set(PLACEHOLDER.sub("", pattern))
