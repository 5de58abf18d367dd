"""Who is told of a deadline, when, and that nobody is told twice."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from complaints import actions, clocks
from complaints.models import Case
from tests import make
from tests.complaints.test_clocks import at, clock, happen, received

pytestmark = pytest.mark.django_db


# --- reminders


def steps(case: Case) -> list[tuple[str, str, str]]:
    told = case.events.filter(kind__in=["remind", "overdue"]).order_by("version")
    return [(event.kind, line["clock"], line["step"]) for event in told for line in event.data["clocks"]]


def test_every_step_is_said_once_to_its_owner():
    case = received("2026-11-02T10:00", intent="consult")
    happen(case, "sign", "2026-11-02T10:00")  # due 2026-11-04T17:30
    for moment in ("2026-11-03T14:00", "2026-11-03T15:00", "2026-11-04T13:45", "2026-11-05T09:00", "2026-11-05T18:00",
                   "2026-11-09T18:00", "2026-11-11T18:00", "2026-11-20T18:00"):  # fmt: skip
        actions.announce_deadlines(at(moment))
    assert steps(case) == [
        ("remind", "hot.handle", "amber"),
        ("remind", "hot.handle", "red"),
        ("overdue", "hot.handle", "overdue_1"),
        ("overdue", "hot.handle", "overdue_2"),
        ("overdue", "hot.handle", "overdue_3"),
    ]
    lines = [event.data["clocks"][0] for event in case.events.filter(kind="overdue").order_by("version")]
    assert [line["owner"] for line in lines] == ["unit", "supervisor", "superior"]
    assert lines[2]["superior"] == make.unit("samr", make.HANGZHOU).pk
    assert {event.actor_kind for event in case.events.filter(kind="overdue")} == {"system"}
    assert not case.events.filter(kind__in=["remind", "overdue"], public=True).exists()


def test_steps_that_were_slept_through_are_not_said_one_by_one():
    case = received("2026-11-02T10:00", intent="consult")
    happen(case, "sign", "2026-11-02T10:00")
    actions.announce_deadlines(at("2026-11-30T10:00"))
    actions.announce_deadlines(at("2026-11-30T10:01"))
    assert steps(case) == [("overdue", "hot.handle", "overdue_3")]


def test_nobody_is_reminded_of_a_window_a_pause_or_an_end():
    case = received("2026-11-02T10:00")
    happen(case, "dispatch", "2026-11-02T10:00")
    happen(case, "sign", "2026-11-02T10:10")
    happen(case, "accept", "2026-11-02T10:15")
    happen(case, "suspend", "2026-11-02T10:20")
    happen(case, "begin_appraisal", "2026-11-02T10:20")
    assert clock(case, "hot.return").state == "paused"
    happen(case, "resume", "2026-11-02T10:30")
    assert clocks.colour(clock(case, "hot.return"), at("2026-11-04T10:00"), window=True) == "lapsed"
    happen(case, "suspend", "2026-11-02T10:40")
    actions.announce_deadlines(at("2026-12-30T10:00"))
    assert steps(case) == []


def test_a_new_end_is_announced_anew():
    case = received("2026-11-02T10:00", intent="consult")
    happen(case, "sign", "2026-11-02T10:00")
    actions.announce_deadlines(at("2026-11-04T16:00"))
    case.refresh_from_db()
    happen(case, "grant_extension", "2026-11-04T16:30", working_days=5)  # due 2026-11-11T17:30
    actions.announce_deadlines(at("2026-11-04T17:00"))
    actions.announce_deadlines(at("2026-11-11T17:00"))
    assert [step for _kind, _clock, step in steps(case)] == ["red", "red"]


def test_the_tick_forgets_nobody_when_the_clock_has_moved_on():
    """A clock found past its step is moved on even where nothing is left to say."""
    case = received("2026-11-02T10:00", intent="consult")
    happen(case, "sign", "2026-11-02T10:00")
    assert actions.announce_deadlines(timezone.now() + timedelta(days=60)) == 1
    assert clock(case, "hot.handle").next_at is None
    assert actions.announce_deadlines(timezone.now() + timedelta(days=90)) == 0
