"""A wait with a day on it ends by itself on that day, once, and its clocks run again."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from complaints import actions
from complaints.models import Case, Clock
from complaints.models.clock import ClockState
from tests.complaints.test_life import citizen, hotline, in_progress, lead

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()


def day(days: int) -> str:
    return (TODAY + timedelta(days=days)).isoformat()


def paused(until: str | None) -> Case:
    case = in_progress()
    lead(case).do("request_suspension", reason="等待法院裁定", until=until)
    hotline(case).do("suspend", reason="同意")
    return case


def states(case: Case) -> set[str]:
    return set(Clock.objects.filter(case=case, policy__clock="hot.handle").values_list("state", flat=True))


def test_a_pause_ends_on_its_day_and_not_before():
    case = paused(day(5))
    version = case.version
    assert (actions.end_waits(), actions.end_waits(TODAY + timedelta(days=4))) == (0, 0)
    case.refresh_from_db()
    assert (case.state, case.version, states(case)) == ("suspended", version, {ClockState.PAUSED})
    assert actions.end_waits(TODAY + timedelta(days=5)) == 1
    case.refresh_from_db()
    assert (case.state, states(case)) == ("in_progress", {ClockState.RUNNING})
    event = case.events.latest("version")
    assert (event.kind, event.actor, event.public, event.data) == ("resume", None, True, {"because": "day"})
    assert event.reason == "约定的日期已到。"
    assert actions.end_waits(TODAY + timedelta(days=6)) == 0


def test_the_citizen_has_their_whole_last_day():
    case = in_progress()
    lead(case).do("ask_supplement", text="请提供小票", until=day(3))
    assert actions.end_waits(TODAY + timedelta(days=3)) == 0
    assert actions.end_waits(TODAY + timedelta(days=4)) == 1
    case.refresh_from_db()
    assert case.state == "in_progress"
    steps = citizen(case).client.get(f"/api/v1/cases/{case.number}/events/").json()
    assert steps[-1]["kind"] == "go_on"
    citizen(case).do("supplement", text="小票在这里")  # late is still welcome


def test_a_wait_without_a_day_lasts_and_the_latest_day_counts():
    case = paused(None)
    assert actions.end_waits(TODAY + timedelta(days=400)) == 0
    hotline(case).do("resume", reason="裁定已到")
    lead(case).do("ask_supplement", text="请提供小票", until=day(1))
    citizen(case).do("supplement", text="小票在这里")
    lead(case).do("ask_supplement", text="还要发票", until=day(9))
    assert actions.end_waits(TODAY + timedelta(days=9)) == 0
    assert actions.end_waits(TODAY + timedelta(days=10)) == 1
