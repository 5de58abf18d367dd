"""Filters and orders of lists: each narrows, pages follow each other, and a page costs a fixed number of queries."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from complaints.models import Case, Role
from tests import make

pytestmark = pytest.mark.django_db
API = "/api/v1/cases/"


@pytest.fixture
def province():
    return make.client(make.user(Role.SUPERVISOR, region=make.ZHEJIANG))


def numbers(client, **asked):
    return [row["number"] for row in client.get(API, asked).json()["results"]]


def paged(client, **asked):
    found, cursor = [], ""
    while cursor is not None:
        page = client.get(API, {**asked, "limit": 2, "cursor": cursor}).json()
        found += [row["number"] for row in page["results"]]
        cursor = page["next"]
    return found


def change(case, **columns):
    Case.objects.filter(pk=case.pk).update(**columns)


def test_urgent_first_then_by_arrival(province):
    cases = [make.case(f"第{n}件") for n in range(6)]
    for case, urgency in zip(cases, ("U4", "U2", "U4", "U1", "U2", "U4"), strict=True):
        change(case, urgency=urgency, state="needs_triage")
    expected = [cases[n].number for n in (3, 1, 4, 0, 2, 5)]
    assert numbers(province, queue="triage", order="urgent") == expected
    assert paged(province, queue="triage", order="urgent") == expected


def test_by_deadline_without_those_that_have_none(province):
    cases = [make.case(f"第{n}件") for n in range(5)]
    now = timezone.now()
    for case, hours in zip(cases, (3, 1, None, 1, 2), strict=True):
        change(case, due_at=None if hours is None else now + timedelta(hours=hours))
    expected = [cases[n].number for n in (1, 3, 4, 0)]
    assert numbers(province, order="due") == paged(province, order="due") == expected


def test_newest_is_the_usual_order(province):
    cases = [make.case(f"第{n}件").number for n in range(5)]
    assert numbers(province) == paged(province, order="newest") == cases[::-1]


def test_by_deadline_left(province):
    late, today, week, closed, none = (make.case(f"第{n}件") for n in range(5))
    now = timezone.now()
    midnight = timezone.localtime(now).replace(hour=23, minute=59, second=59)
    change(late, due_at=now - timedelta(minutes=1))
    change(closed, due_at=now - timedelta(minutes=1), state="withdrawn")
    change(today, due_at=midnight)
    change(week, due_at=midnight + timedelta(days=5))
    assert numbers(province, due="overdue") == [late.number]
    assert numbers(province, due="today") == [today.number]
    assert numbers(province, due="three_days") == [today.number]
    assert numbers(province, due="week") == [week.number, today.number]
    assert none.number in numbers(province)


def test_by_unit_channel_and_day_of_receipt(province):
    taker = make.user(Role.CALL_TAKER, "data12345", make.HANGZHOU)
    joint, phone = make.dispatched("samr", ("nhc",)), make.case("电话", viewer=taker, channel="12315")
    samr, nhc = make.unit("samr").pk, make.unit("nhc").pk
    assert numbers(province, unit=nhc) == numbers(province, unit=f"{samr},{nhc}") == [joint.number]
    assert numbers(province, channel="12315,phone") == [phone.number]
    change(joint, received_at="2026-02-28T15:59:59Z")
    change(phone, received_at="2026-02-28T16:00:00Z")  # midnight in Beijing
    assert numbers(province, until="2026-02-28") == [joint.number]
    assert numbers(province, since="2026-03-01", until="2026-03-01") == [phone.number]
    assert paged(province, since="2026-02-01") == numbers(province, since="2026-02-01") == [phone.number, joint.number]
    more = [make.case(f"第{n}件") for n in range(4)]
    for case in more:
        change(case, received_at="2026-02-28T16:00:00Z")
    expected = [*(case.number for case in reversed(more)), phone.number]
    assert paged(province, since="2026-03-01", until="2026-03-01") == expected


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ({"order": "random"}, "unknown_order"),
        ({"due": "never"}, "unknown_filter"),
        ({"since": "gestern"}, "not_a_day"),
        ({"until": "2026-02-30"}, "not_a_day"),
        ({"unit": "samr"}, "not_a_number"),
        ({"order": "due", "cursor": "x"}, "bad_cursor"),
        ({"order": "urgent", "cursor": "U1"}, "bad_cursor"),
        ({"q": "牛奶", "cursor": "x"}, "not_a_number"),
    ],
)
def test_what_cannot_be_read_is_told_at_its_parameter(province, asked, code):
    answer = province.get(API, asked)
    assert (answer.status_code, answer.json()["code"]) == (400, code)
    assert set(answer.json()["errors"]) & set(asked) if code != "not_a_number" else answer.json()["errors"]


def test_filters_never_widen_what_somebody_sees():
    make.dispatched("samr")
    stranger = make.client(make.officer("hurd"))
    for asked in ({"unit": make.unit("samr").pk}, {"state": "dispatched"}, {"region": make.XIHU}, {"order": "urgent"}):
        assert numbers(stranger, **asked) == []


@pytest.mark.parametrize("asked", [{}, {"order": "due"}, {"order": "urgent"}, {"unit": "1,2", "state": "dispatched"}])
def test_a_page_costs_a_fixed_number_of_queries(asked, django_assert_max_num_queries):
    for _ in range(4):
        make.dispatched()
    client = make.client(make.officer())
    client.get(API, asked)
    with django_assert_max_num_queries(6):  # session, account, topics, cases, units at work, deadlines
        client.get(API, {"queue": "mine", **asked})


def test_triage_shows_what_waits_for_a_person(province):
    held, urgent, waiting = make.case("甲"), make.case("乙"), make.case("丙")
    change(held, state="needs_triage")
    change(urgent, urgency="U1")
    assert numbers(province, queue="triage", order="urgent") == [urgent.number, held.number]
    assert waiting.number not in numbers(province, queue="triage")
