"""The book of deadlines: calendar, office hours and policies, kept in memory until somebody changes them."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from threading import Lock

from django.utils import timezone

from complaints.clocks.calendar import Calendar, OfficeTime
from complaints.models.clock import CalendarDay, ClockData, ClockPolicy, ClockProfile, DayKind
from routing.models.places import scope_prefix


@dataclass(frozen=True, slots=True)
class Facts:
    """What policies ask about a case. region: six-digit code or ""; bureau: of the unit for which the clock runs."""

    received_on: date
    region: str = ""
    intent: str = ""
    channel: str = ""
    domain: str = ""
    urgency: str = ""
    bureau: str = ""


class Book:
    """Everything that decides a deadline, as it was under one token."""

    def __init__(self) -> None:
        days = CalendarDay.objects.values_list("date", "kind")
        self.calendar = Calendar({day: kind == DayKind.MAKEUP for day, kind in days})
        self.policies = {policy.pk: policy for policy in ClockPolicy.objects.all()}
        self._profiles = {profile.region_id or "": profile for profile in ClockProfile.objects.all()}
        self._offices: dict[str, OfficeTime] = {}

    @cached_property
    def _started_by(self) -> Mapping[str, list[ClockPolicy]]:
        """Kind of event -> the policies that it may start, best first: near regions, then small priorities."""
        found: dict[str, list[ClockPolicy]] = defaultdict(list)
        best_first = sorted(
            self.policies.values(),
            key=lambda policy: (-len(scope_prefix(policy.region_id or "")), policy.priority, policy.code),
        )
        for policy in best_first:
            for kind in policy.start_kinds:
                found[kind].append(policy)
        return found

    def starting(self, kind: str) -> list[ClockPolicy]:
        return self._started_by.get(kind, [])

    def profile(self, region: str) -> ClockProfile:
        """Office hours and thresholds of the place: its own, its city's, its province's, or everybody's."""
        for scope in (region, region[:4].ljust(6, "0"), region[:2].ljust(6, "0"), ""):
            if scope in self._profiles:
                return self._profiles[scope]
        return _EVERYWHERE

    def office(self, region: str) -> OfficeTime:
        profile = self.profile(region)
        if profile.code not in self._offices:
            self._offices[profile.code] = OfficeTime(
                self.calendar, profile.opens, profile.noon_from, profile.noon_to, profile.closes,
                profile.late_is_next_day,
            )  # fmt: skip
        return self._offices[profile.code]


_EVERYWHERE = ClockProfile(code="")  # the defaults of the table, where nothing was loaded


def in_force(policy: ClockPolicy, day: date) -> bool:
    return (policy.valid_from is None or policy.valid_from <= day) and (
        policy.valid_to is None or day <= policy.valid_to
    )


def fits(policy: ClockPolicy, facts: Facts) -> bool:
    """Whether the policy speaks of such a case."""
    if not in_force(policy, facts.received_on):
        return False
    if policy.region_id and not facts.region.startswith(scope_prefix(policy.region_id)):
        return False
    return all(getattr(facts, fact) in allowed for fact, allowed in policy.conditions.items())


_lock = Lock()
_kept: tuple[uuid.UUID | None, Book] | None = None


def current_token() -> uuid.UUID | None:
    return ClockData.objects.values_list("token", flat=True).first()


def book(token: uuid.UUID | None) -> Book:
    """The book under that token, from memory where it is the one this process read last (three queries otherwise)."""
    global _kept  # noqa: PLW0603 (a cache of one)
    with _lock:
        if _kept is None or _kept[0] != token or token is None:
            _kept = (token, Book())
        return _kept[1]


def current_book() -> Book:
    return book(current_token())


def missing_years() -> list[int]:
    """This year and the next, as far as their official calendar is not loaded."""
    year = timezone.localdate().year
    known = current_book().calendar.known_years
    return [each for each in (year, year + 1) if each not in known]


def changed(*, calendar: bool) -> None:
    """To be called in the transaction that changed calendar days, profiles (calendar=True) or policies."""
    token = uuid.uuid4()
    values = {"token": token} | ({"calendar_token": token} if calendar else {})
    ClockData.objects.update_or_create(id=1, defaults=values)
