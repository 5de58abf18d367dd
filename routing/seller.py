"""Which authority a seller belongs to: Order 20 (until 2026-04-14) and Order 121 (from 2026-04-15) on jurisdiction.

Pure: the caller says what is known of the seller, and reads the platforms once.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from django.utils import timezone

from routing.facts import Reason
from routing.models import Platform

ORDER_121: Final = date(2026, 4, 15)  # its first day; before it Order 20, which knows no unreachable sellers


class SellerKind(StrEnum):
    """How the seller sells."""

    SHOP = "shop"  # at a place of its own
    OWN_SITE = "own_site"  # on a website of its own, or a platform itself
    ON_PLATFORM = "on_platform"  # a shop on somebody's platform


@dataclass(frozen=True, slots=True)
class Seat:
    """A platform's seat. region: a code of ours, or "" and elsewhere in words."""

    platform: str
    company: str
    region: str
    region_name: str
    elsewhere: str


@dataclass(frozen=True, slots=True)
class SellerFacts:
    """What is known of a seller. Regions are codes, "" when unknown.

    published: whether an address is published; reachable: whether the seller was found there; None: not known.
    """

    kind: SellerKind
    received_on: date
    business: str = ""
    domicile: str = ""
    platform: Seat | None = None
    published: bool | None = None
    reachable: bool | None = None


@dataclass(frozen=True, slots=True)
class Jurisdiction:
    """The regions whose authority may take the complaint, the first choice first, and why.

    hand_over: the place outside the three provinces that it has to go to; "": none. Nothing at all: ask.
    """

    regions: tuple[str, ...]
    hand_over: str
    reasons: tuple[Reason, ...]


def seat(facts: SellerFacts) -> Jurisdiction:
    """Where a complaint about this seller belongs.

    A shop: place of business or domicile. An own site: its domicile. On a platform: place of business or the
    platform's domicile; from Order 121 on, a seller that published no address or is not reachable there: the
    platform's domicile alone.
    """
    platform = facts.platform
    if facts.kind == SellerKind.ON_PLATFORM and platform:
        gone = facts.published is False or facts.reachable is False
        if gone and facts.received_on >= ORDER_121:
            return _at_platform(platform, "seat_unreachable")
        if facts.business and not gone:
            known = tuple(dict.fromkeys(filter(None, (facts.business, platform.region))))
            return Jurisdiction(known, "", (_reason("seat_business", facts.business),))
        return _at_platform(platform, "seat_platform")
    if facts.kind == SellerKind.SHOP and facts.business:
        known = tuple(dict.fromkeys(filter(None, (facts.business, facts.domicile))))
        return Jurisdiction(known, "", (_reason("seat_business", facts.business),))
    if facts.domicile:
        return Jurisdiction((facts.domicile,), "", (_reason("seat_domicile", facts.domicile),))
    return Jurisdiction((), "", (Reason("seat_unknown", {}),))


def _reason(code: str, region: str) -> Reason:
    return Reason(code, {"region": region})


def _at_platform(platform: Seat, code: str) -> Jurisdiction:
    params = {
        "platform": platform.platform,
        "company": platform.company,
        "region": platform.region,
        "region_name": platform.region_name or platform.elsewhere,
    }
    reasons = [Reason(code, params)]
    if not platform.region:
        reasons.append(Reason("seat_hand_over", params))
    return Jurisdiction((platform.region,) if platform.region else (), platform.elsewhere, tuple(reasons))


@dataclass(frozen=True, slots=True)
class Platforms:
    """The platforms of one day by the names that citizens use."""

    seats: Mapping[str, Seat]
    pattern: re.Pattern[str]

    @classmethod
    def of(cls, named: Iterable[tuple[str, Seat]]) -> Platforms:
        """From (name, seat) pairs; a longer name goes before a shorter one inside it."""
        seats = {name.lower(): seat for name, seat in named}
        words = "|".join(re.escape(name) for name in sorted(seats, key=len, reverse=True))
        # 1688 inside a number, or jd inside a word, names nothing
        return cls(seats, re.compile(rf"(?<![0-9A-Za-z])(?:{words or '(?!)'})(?![0-9A-Za-z])", re.IGNORECASE))

    @classmethod
    def load(cls, on: date | None = None) -> Platforms:
        """Read the table; one query."""
        rows = Platform.objects.valid_on(on or timezone.localdate()).select_related("region")
        return cls.of(
            (
                name,
                Seat(
                    row.names.split()[0],
                    row.company,
                    row.region.code if row.region else "",
                    row.region.full_name if row.region else "",
                    row.elsewhere,
                ),
            )
            for row in rows
            for name in row.names.split()
        )

    def named(self, text: str) -> Seat | None:
        """The platform that a text names; None where it names none or several."""
        found = {self.seats[match.group().lower()] for match in self.pattern.finditer(text)}
        return found.pop() if len(found) == 1 else None
