"""Rates equal counts made by hand over a planted set, and every figure shows exactly its cases."""

from __future__ import annotations

from datetime import timedelta
from itertools import product

import pytest
from django.utils import timezone

from complaints import actions, rates
from complaints.models import Case, Refiling, Role
from complaints.quality import share
from tests import make
from tests.complaints.planted import ended, received

pytestmark = pytest.mark.django_db

PHONE = actions.Person(name="张三", phone="13812345678")
# of the planted set: numerator and denominator, counted by hand
BY_HAND = {"response": (5, 7), "resolution": (3, 6), "resolution_net": (2, 6), "satisfaction": (2, 4)}


@pytest.fixture
def planted() -> dict[str, Case]:
    """Six cases closed in the period, one long ago, one open one that nobody signed in time."""
    cases = {
        "solved, very satisfied": ended(grade=5, recovered="120.50"),
        "solved, filed again": ended(requester=PHONE, grade=4),
        "solved, signed late": ended(late=True, topic="P02"),
        "solved says the unit, not so the citizen": ended(says="no", grade=1),
        "partly solved": ended("partly", grade=3, channel=""),
        "not solved, elsewhere": ended("no", region=make.YINZHOU),
        "closed long ago": ended(days_ago=200, grade=5),
        "reopened": ended(),
    }
    reopened = cases["reopened"]
    actions.reopen(make.dispatcher(), reopened.number, reopened.version, "没有解决")
    Case.objects.filter(pk=reopened.pk).update(received_at=timezone.now() - timedelta(days=150))
    waiting = cases["nobody signed"] = make.dispatched()
    waiting.clocks.filter(policy__clock="hot.sign").update(due_at=timezone.now() - timedelta(hours=1))
    received(make.case(requester=PHONE), timezone.now() - timedelta(days=1))
    assert actions.mark_refilings() == 1
    return cases


def asked(by: str = "none", viewer=None, **more):
    client = make.client(viewer or make.user(Role.SUPERVISOR, region=make.ZHEJIANG))
    answer = client.get("/api/v1/rates/", {"by": by, **more})
    assert answer.status_code == 200, answer.json()
    return client, answer.json()


def behind(client, token: str) -> set[str]:
    return {row["number"] for row in client.get("/api/v1/cases/", {"rate": token, "limit": 200}).json()["results"]}


def counts(group: dict) -> dict[str, tuple[int, int]]:
    return {figure: (group[figure]["count"], group[figure]["of"]) for figure in rates.FIGURES}


def test_the_rates_of_a_planted_set_are_those_counted_by_hand(planted):
    _client, told = asked()
    assert counts(told["whole"]) == BY_HAND
    whole = told["whole"]
    assert (whole["closed"], whole["refiled"], whole["recovered"]) == (6, 1, "120.50")
    expected = share(3, 6)
    assert [whole["resolution"][name] for name in ("share", "low", "high")] == [
        expected.share, expected.low, expected.high,
    ]  # fmt: skip


@pytest.mark.parametrize("by", rates.BY)
def test_every_figure_of_every_group_shows_exactly_its_cases(planted, by):
    client, told = asked(by)
    groups = told["groups"] or [told["whole"]]
    for figure in rates.FIGURES:
        assert sum(group[figure]["of"] for group in groups) == BY_HAND[figure][1]
        assert sum(group[figure]["count"] for group in groups) == BY_HAND[figure][0]
    for group, figure in product(groups, rates.FIGURES):
        one = group[figure]
        of, count, rest = (behind(client, one["cases"][part]) for part in ("of", "count", "rest"))
        assert (len(of), len(count)) == (one["of"], one["count"])
        assert count | rest == of
        assert not count & rest


def test_the_cases_behind_the_figures_are_the_planted_ones(planted):
    client, told = asked()
    names = {case.number: name for name, case in planted.items()}
    shown = {
        figure: {names[number] for number in behind(client, told["whole"][figure]["cases"]["rest"])}
        for figure in rates.FIGURES
    }
    unsolved = {"solved says the unit, not so the citizen", "partly solved", "not solved, elsewhere"}
    assert shown == {
        "response": {"solved, signed late", "nobody signed"},
        "resolution": unsolved,
        "resolution_net": unsolved | {"solved, filed again"},
        "satisfaction": {"solved says the unit, not so the citizen", "partly solved"},
    }


def test_a_planted_refiling_lowers_the_rate_and_a_dismissed_one_does_not(planted):
    assert counts(asked()[1]["whole"])["resolution_net"] == (2, 6)
    Refiling.objects.update(dismissed_at=timezone.now())
    assert counts(asked()[1]["whole"])["resolution_net"] == (3, 6)


def test_what_was_said_before_a_rework_does_not_count():
    case = ended(grade=1, says="no")
    officer = make.officer()
    actions.reopen(make.dispatcher(), case.number, case.version, "没有解决")
    actions.reply(officer, case.number, case.version + 1, "已退款。")
    actions.close(officer, case.number, case.version + 2, "办结", actions.Result(solved="yes"))
    whole = asked()[1]["whole"]
    assert counts(whole)["resolution"] == (1, 1)
    assert counts(whole)["satisfaction"] == (0, 0)
    assert whole["satisfaction"]["share"] is None


def test_supervisors_see_their_region_only_and_others_nothing(planted):
    _client, told = asked("region", make.user(Role.SUPERVISOR, region=make.HANGZHOU))
    assert {group["key"] for group in told["groups"]} == {make.XIHU}
    assert told["whole"]["closed"] == 5
    for viewer in (make.officer(), make.dispatcher(), make.user(Role.CALL_TAKER, "data12345", region=make.HANGZHOU)):
        assert make.client(viewer).get("/api/v1/rates/").status_code == 403
    assert make.client().get("/api/v1/rates/").status_code in (401, 403)


def test_a_token_widens_nobodys_sight(planted):
    _client, told = asked()
    token = told["whole"]["resolution"]["cases"]["of"]
    agri = make.client(make.officer("agri"))
    assert behind(agri, token) == set()


def test_the_number_of_queries_does_not_grow_with_the_cases(planted, django_assert_num_queries):
    viewer = make.user(Role.SUPERVISOR, region=make.ZHEJIANG)
    today = timezone.localdate()
    with django_assert_num_queries(3):
        rates.rates(viewer, "unit", today - timedelta(days=90), today)
    with django_assert_num_queries(2):
        rates.rates(viewer, "week", today - timedelta(days=90), today)


@pytest.mark.parametrize(
    "token",
    ["x", "resolution.of.none..2026-01-01", "resolution.of.unit.x.2026-01-01.2026-02-01",
     "a.of.none..2026-01-01.2026-02-01",
     "resolution.of.week.1.2026-01-01.2026-02-01", "resolution.of.none..2026-13-01.2026-02-01"],
)  # fmt: skip
def test_a_bent_token_is_refused_in_words(token):
    client = make.client(make.dispatcher())
    answer = client.get("/api/v1/cases/", {"rate": token})
    assert (answer.status_code, answer.json()["code"]) == (400, "unknown_figure")


def test_a_period_that_ends_before_it_begins_is_refused():
    client = make.client(make.user(Role.SUPERVISOR, region=make.ZHEJIANG))
    answer = client.get("/api/v1/rates/", {"since": "2026-03-01", "until": "2026-02-01"})
    assert answer.status_code == 400
    assert "until" in answer.json()["errors"]
