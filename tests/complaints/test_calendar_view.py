"""The month of a unit: what falls due on which day, in which colour, and the list behind each day."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from complaints.clocks.calendar import ZONE
from complaints.models import Case, Clock
from tests import make

pytestmark = pytest.mark.django_db
API = "/api/v1/deadlines/calendar/"
DAY = "2026-10-22"
NOON = datetime(2026, 10, 22, 12, tzinfo=ZONE)


def due(case: Case, at: datetime, party: str = "") -> None:
    """Every running deadline of the case, or that of one party, ends then."""
    clocks = Clock.objects.filter(case=case, policy__is_window=False)
    if party:
        clocks = clocks.filter(policy__party=party)
    clocks.update(due_at=at, amber_at=at - timedelta(days=2), red_at=at - timedelta(days=1))


def month(viewer, **asked):
    answer = make.client(viewer).get(API, asked)
    assert answer.status_code == 200, answer.json()
    return {day["day"]: day for day in answer.json()["days"]}


def listed(viewer, **asked):
    return {row["number"] for row in make.client(viewer).get("/api/v1/cases/", asked).json()["results"]}


def test_days_count_cases_by_colour_and_reconcile_with_the_list(django_assert_max_num_queries):
    officer = make.officer()
    mine, another, elsewhere = make.dispatched(), make.dispatched("mee", ("samr",)), make.dispatched("mee")
    for case in (mine, another, elsewhere):
        due(case, NOON)
    client = make.client(officer)
    with django_assert_max_num_queries(8):
        days = {day["day"]: day for day in client.get(API, {"month": "2026-10"}).json()["days"]}
    assert len(days) == 31
    assert days[DAY]["counts"] == {"overdue": 2, "red": 0, "amber": 0, "green": 0}
    assert sum(sum(day["counts"].values()) for day in days.values()) == 2
    assert listed(officer, queue="mine", due_on=DAY) == {mine.number, another.number}
    assert listed(officer, queue="mine", due_on="2026-10-23") == set()


def test_colours_are_those_of_the_most_pressing_deadline_of_the_day():
    officer, case = make.officer(), make.dispatched()
    future = datetime.now(ZONE).replace(hour=12) + timedelta(days=40)
    due(case, future)
    key, wanted = f"{future:%Y-%m-%d}", f"{future:%Y-%m}"
    assert month(officer, month=wanted)[key]["counts"]["green"] == 1
    Clock.objects.filter(case=case).update(amber_at=future - timedelta(days=60))
    assert month(officer, month=wanted)[key]["counts"]["amber"] == 1
    one = Clock.objects.filter(case=case, policy__is_window=False).first()
    Clock.objects.filter(pk=one.pk).update(red_at=future - timedelta(days=50))
    counts = month(officer, month=wanted)[key]["counts"]
    assert (counts["red"], sum(counts.values())) == (1, 1)


def test_a_participant_does_not_answer_for_the_leads_deadline():
    case = make.dispatched("mee", ("samr",))
    due(case, NOON + timedelta(days=5))
    due(case, NOON, "lead")
    assert sum(month(make.officer("mee"), month="2026-10")[DAY]["counts"].values()) == 1
    assert sum(month(make.officer(), month="2026-10")[DAY]["counts"].values()) == 0
    assert listed(make.officer(), due_on=DAY) == set()


def test_what_has_ended_or_rests_is_not_counted():
    officer, ended, resting = make.officer(), make.dispatched(), make.dispatched()
    due(ended, NOON)
    due(resting, NOON)
    Case.objects.filter(pk=ended.pk).update(state="withdrawn")
    ended.assignments.update(active=False)
    Clock.objects.filter(case=resting).update(state="paused")
    assert sum(month(officer, month="2026-10")[DAY]["counts"].values()) == 0


def test_rest_days_and_make_up_days_are_marked():
    days = month(make.officer(), month="2026-10")
    assert (days["2026-10-01"]["working"], days["2026-10-01"]["kind"]) == (False, "holiday")
    assert days["2026-10-01"]["name"]
    assert (days[DAY]["working"], days[DAY]["kind"]) == (True, "")
    assert not days["2026-10-24"]["working"]
    assert any(day["working"] and day["kind"] == "makeup" for day in days.values())


@pytest.mark.parametrize("asked", ["2026", "2026-13", "1999-01", "明天"])
def test_what_is_no_month_is_refused(asked):
    answer = make.client(make.officer()).get(API, {"month": asked})
    assert (answer.status_code, answer.json()["code"]) == (400, "not_a_month")


def test_the_calendar_is_the_officers():
    assert make.client(make.dispatcher()).get(API).status_code == 403
    assert make.client().get(API).status_code in {401, 403}
    assert make.client(make.officer()).get("/api/v1/cases/", {"due_on": "soon"}).status_code == 400
