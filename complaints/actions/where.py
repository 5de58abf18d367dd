"""Where a case belongs when nobody named the region; and which platform's seat a purchase points to."""

from __future__ import annotations

import time
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from django.utils import timezone

from complaints.models import Case
from routing.address import FULL_CHAIN, Candidate, Found, Gazetteer
from routing.facts import Reason
from routing.seller import Platforms, SellerFacts, SellerKind, seat

FRESH: Final = 300  # seconds after which names changed in the admin are read again
ONLINE_SHOPPING: Final = "S02"


@dataclass(frozen=True, slots=True)
class Where:
    """The region of a case ("": to be asked), where its respondent sits, and the reasons to store with it."""

    region: str
    respondent_region: str = ""
    reasons: tuple[Reason, ...] = ()


@lru_cache(maxsize=1)
def _read(day: object, spell: int) -> tuple[Gazetteer, Platforms]:
    return Gazetteer.load(), Platforms.load()


def _known() -> tuple[Gazetteer, Platforms]:
    return _read(timezone.localdate(), int(time.monotonic() // FRESH))


def find_region(text: str, within: str = "") -> Found:
    """What a text says about where; see routing.address."""
    return _known()[0].find(text, within)


def look(case: Case) -> Where:
    """The region as given, else from the place of the event, else the respondent's address, else the text.

    The text counts only when it names one place and no other, behind the city that it lies in. A source that leaves
    several open is not passed over: what a later one says must be among them.
    """
    seated = find_region(case.respondent.address) if case.respondent.address else Found()
    answer = seated.answer
    respondent_region = answer.code if answer else ""
    if case.region_id:
        return Where(case.region_id, respondent_region)
    open_ones: tuple[Candidate, ...] = ()
    for found in (find_region(case.place), seated, _strict(find_region(f"{case.title}\n{case.text}"))):
        answer = found.answer
        if answer and _small_enough(answer) and _agrees(answer, open_ones):
            return Where(answer.code, respondent_region, (_found(answer),))
        open_ones = open_ones or found.regions
    return Where("", respondent_region, (_asked(open_ones),) if open_ones else ())


def platform_reasons(case: Case, topic: str) -> tuple[Reason, ...]:
    """For an online purchase from a seller without an address: whose platform it was and where that sits."""
    if topic != ONLINE_SHOPPING or case.respondent.address:
        return ()
    platform = _known()[1].named(f"{case.title}\n{case.text}")
    if platform is None:
        return ()
    received = timezone.localdate(case.received_at)
    return seat(SellerFacts(SellerKind.ON_PLATFORM, received, platform=platform)).reasons


def _strict(found: Found) -> Found:
    """A message tells much; only one place, fully named, may decide."""
    answer = found.answer
    if answer and answer.confidence == FULL_CHAIN and not found.passed_over and _known()[0].is_whole(answer.code):
        return found
    return Found(found.regions, ambiguous=True)


def _small_enough(answer: Candidate) -> bool:
    return not answer.code.endswith("0000")  # a province alone decides nothing


def _agrees(answer: Candidate, open_ones: tuple[Candidate, ...]) -> bool:
    return not open_ones or any(answer.name.startswith(one.name) for one in open_ones)


def _found(answer: Candidate) -> Reason:
    params = {"region": answer.code, "region_name": answer.name, "matched": answer.matched}
    return Reason("region_found", {**params, "confidence": f"{answer.confidence:.2f}"})


def _asked(candidates: tuple[Candidate, ...]) -> Reason:
    named = "、".join(candidate.name for candidate in candidates)
    return Reason("region_asked", {"candidates": named, "regions": " ".join(one.code for one in candidates)})
