"""The wall over planted cases: counts made by hand, and every figure leads to exactly the cases that it counted."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.utils import timezone

from complaints import actions
from complaints.models import Case, Clock, ClockState, Role, SupervisionOrder
from tests import make
from tests.complaints.planted import ended

pytestmark = pytest.mark.django_db
API = "/api/v1/wall/"
MOST_QUERIES = 19  # two of them: session and account


@pytest.fixture(autouse=True)
def uncounted():
    """What another test counted a second ago is forgotten."""
    cache.clear()


def change(case: Case, **columns) -> Case:
    Case.objects.filter(pk=case.pk).update(**columns)
    case.refresh_from_db()
    return case


def deadline(case: Case, *, due: timedelta, red: timedelta, amber: timedelta) -> None:
    """The one running clock that is not a window ends then; the list and the wall judge by it."""
    now = timezone.now()
    clock = case.clocks.filter(state=ClockState.RUNNING, policy__is_window=False).order_by("due_at")[0]
    case.clocks.filter(stopped_at=None).exclude(pk=clock.pk).update(state="cancelled", stopped_at=now)
    Clock.objects.filter(pk=clock.pk).update(due_at=now + due, red_at=now + red, amber_at=now + amber)
    change(case, due_at=now + due)


@pytest.fixture
def planted() -> dict[str, Case]:
    """Eight cases received in the last three days, one long ago and still open, one whose place nobody knows."""
    hour = timedelta(hours=1)
    cases = {
        "green": make.dispatched(),
        "amber": make.dispatched(),
        "red": make.dispatched("nhc"),
        "late": make.dispatched(region=make.YINZHOU),
        "emergency": make.case("无关"),
        "nowhere": make.case("不知在哪", region=""),
        "city itself": make.case("在杭州某地", region=make.HANGZHOU),
        "returned": make.dispatched(channel=""),
        "closed": ended(days_ago=0, grade=5, recovered="88.00"),
        "old": make.dispatched(),
    }
    deadline(cases["green"], due=9 * hour, red=7 * hour, amber=5 * hour)
    deadline(cases["amber"], due=9 * hour, red=7 * hour, amber=-hour)
    deadline(cases["red"], due=9 * hour, red=-hour, amber=-2 * hour)
    deadline(cases["late"], due=-hour, red=-2 * hour, amber=-3 * hour)
    Case.objects.update(urgency="U4")  # the text about milk is an urgent one
    change(cases["emergency"], urgency="U1", topic="P02", domain="product")
    change(cases["old"], received_at=timezone.now() - timedelta(days=200), domain="service", topic="S01")
    returned = cases["returned"]
    back = {"ground_code": "not_our_duty", "reason": "不属于本单位职责"}
    actions.return_case(make.officer(), returned.number, returned.version, **back)
    order(cases["late"], timezone.now() - hour)
    order(cases["red"], timezone.now() + hour)
    for case in cases.values():
        case.refresh_from_db()
    return cases


def order(case: Case, due) -> None:
    assert case.lead_unit_id
    SupervisionOrder.objects.create(
        case=case, level="city", kind="order", unit_id=case.lead_unit_id, due_at=due, issued_at=due - timedelta(days=1)
    )


def period() -> dict[str, str]:
    today = timezone.localdate()
    return {"since": str(today - timedelta(days=3)), "until": str(today)}


def asked(covers: str = make.ZHEJIANG, **more):
    client = make.client(make.user(Role.SUPERVISOR, region=covers))
    answer = client.get(API, period() | more)
    assert answer.status_code == 200, answer.json()
    return client, answer.json()


def filters_in(node, where=""):
    """Every figure of an answer: where it stands, its count, its filter."""
    if isinstance(node, dict):
        if "filter" in node and "count" in node:
            yield where, node["count"], node["filter"]
        if "cases" in node and isinstance(node["cases"], dict):
            yield f"{where}.of", node["of"], node["cases"]["of"]
            yield f"{where}.count", node["count"], node["cases"]["count"]
            yield f"{where}.rest", node["of"] - node["count"], node["cases"]["rest"]
        for name, inner in node.items():
            if name not in ("filter", "cases"):
                yield from filters_in(inner, f"{where}.{name}")
    elif isinstance(node, list):
        for n, inner in enumerate(node):
            yield from filters_in(inner, f"{where}[{n}]")


def listed(client, shown_by) -> set[str]:
    answer = client.get("/api/v1/cases/", shown_by | {"limit": 200})
    assert answer.status_code == 200, answer.json()
    return {row["number"] for row in answer.json()["results"]}


def test_the_wall_counts_what_was_planted(planted):
    _client, told = asked()
    count = {name: one["count"] for name, one in told["figures"].items()}
    assert count == {
        "received": 9, "dispatched": 5, "returned": 1, "reopened": 0, "raised": 0, "repeated": 0,
        "open": 9, "overdue": 1, "urgent": 1, "supervised": 2, "supervised_late": 1,
    }  # fmt: skip
    colours = {line["key"]: line["count"] for line in told["deadlines"]}
    assert (colours["amber"], colours["red"], colours["overdue"]) == (1, 1, 1)
    assert sum(colours.values()) == 9
    assert {line["key"]: line["received"]["count"] for line in told["regions"] if line["received"]["count"]} == {
        make.HANGZHOU: 7, "330200": 1, "": 1,
    }  # fmt: skip
    assert {line["key"]: line["count"] for line in told["domains"]}["service"] == 0
    assert sum(line["count"] for line in told["domains"]) == sum(line["count"] for line in told["channels"]) == 9
    assert sum(point["count"] for point in told["inflow"]["points"]) == 9
    satisfaction = next(line for line in told["rates"] if line["key"] == "satisfaction")
    assert (satisfaction["count"], satisfaction["of"]) == (1, 1)
    samr = next(line for line in told["units"] if line["key"] == str(make.unit().pk))
    assert {name: samr[name]["count"] for name in ("open", "overdue", "given", "returned")} == {
        "open": 3, "overdue": 0, "given": 4, "returned": 1,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("covers", "more"),
    [(make.ZHEJIANG, {}), (make.ZHEJIANG, {"region": make.HANGZHOU}), (make.XIHU, {}),
     (make.HANGZHOU, {"since": str(timezone.localdate())})],
)  # fmt: skip
def test_every_figure_shows_exactly_its_cases(planted, covers, more):
    client, told = asked(covers, **more)
    found = list(filters_in(told))
    assert len(found) > 60
    wrong = {where: (count, shown) for where, count, shown in found if len(listed(client, shown)) != count}
    assert wrong == {}


def test_the_cases_behind_figures_are_the_planted_ones(planted):
    client, told = asked()
    names = {case.number: name for name, case in planted.items()}
    behind = {name: {names[n] for n in listed(client, one["filter"])} for name, one in told["figures"].items()}
    assert (behind["overdue"], behind["returned"], behind["urgent"]) == ({"late"}, {"returned"}, {"emergency"})
    assert (behind["supervised"], behind["supervised_late"]) == ({"late", "red"}, {"late"})
    colours = {one["key"]: {names[n] for n in listed(client, one["filter"])} for one in told["deadlines"]}
    assert colours["amber"] == {"amber"}
    assert colours["red"] == {"red"}
    rows = client.get("/api/v1/cases/", {"state": "open", "limit": 200}).json()["results"]
    assert {names[row["number"]]: row["clock_state"] or "none" for row in rows} == {
        name: colour for colour, cases in colours.items() for name in cases
    }
    assert [one["number"] for one in told["urgent"]] == [planted["emergency"].number]


def test_a_city_sees_its_own_and_what_nobody_can_place(planted):
    _client, told = asked(make.HANGZHOU)
    assert told["figures"]["received"]["count"] == 8
    assert told["figures"]["overdue"]["count"] == 0
    parts = {line["key"]: line["received"]["count"] for line in told["regions"] if line["received"]["count"]}
    assert parts == {make.XIHU: 6, make.HANGZHOU: 1, "": 1}


def test_others_are_refused_and_nobody_looks_beyond_the_own_region(planted):
    for viewer in (make.officer(), make.dispatcher(), make.user(Role.CALL_TAKER, "data12345", region=make.HANGZHOU)):
        assert make.client(viewer).get(API).status_code == 403
    assert make.client().get(API).status_code in (401, 403)
    xihu = make.client(make.user(Role.SUPERVISOR, region=make.XIHU))
    assert xihu.get(API, {"region": make.ZHEJIANG}).status_code == 403
    assert xihu.get(API, {"region": "999999"}).json()["code"] == "unknown_region"
    assert xihu.get(API, {"since": "2026-01-01", "until": "2026-06-01"}).status_code == 400


def test_the_ticker_tells_steps_and_nobodys_words(planted):
    _client, told = asked()
    assert {"dispatch", "return", "close"} <= {one["kind"] for one in told["events"]}
    assert set(told["events"][0]) == {"id", "at", "number", "kind", "name", "urgency", "region"}
    assert make.MILK not in str(told)


def test_a_topic_is_hot_when_it_outgrows_the_four_periods_before():
    today = timezone.now()
    for day, often in ((0, 8), (1, 1), (2, 1), (3, 1), (4, 1)):
        for _ in range(often):
            change(make.case(), topic="P01", received_at=today - timedelta(days=day, seconds=1))
    for _ in range(2):
        change(make.case(), topic="P02")
    _client, told = asked(since=str(timezone.localdate()))
    first, second = told["topics"]
    assert (first["key"], first["count"], first["mean"], first["change"], first["hot"]) == ("P01", 8, 1.0, 7.0, True)
    assert (second["key"], second["hot"]) == ("P02", False)


def test_the_number_of_queries_does_not_grow_with_the_cases(planted, django_assert_max_num_queries):
    client = make.client(make.user(Role.SUPERVISOR, region=make.ZHEJIANG))
    client.get(API, period())
    cache.clear()
    with django_assert_max_num_queries(MOST_QUERIES):
        client.get(API, period())


def test_a_count_is_shared_for_seconds_and_only_among_those_who_see_the_same(planted, django_assert_max_num_queries):
    _client, first = asked()
    again = make.client(make.user(Role.SUPERVISOR, region=make.ZHEJIANG))
    with django_assert_max_num_queries(2):  # session and account
        assert again.get(API, period()).json() == first
    _client, city = asked(make.HANGZHOU)
    assert city["figures"]["received"]["count"] == first["figures"]["received"]["count"] - 1
    assert make.client(make.officer()).get(API, period()).status_code == 403


@pytest.mark.parametrize(
    ("bent", "code"),
    [({"deadline": "pink"}, "unknown_filter"), ({"happened": "party"}, "unknown_filter"),
     ({"happened": "return.x"}, "not_a_number"), ({"supervised": "1"}, "unknown_filter"),
     ({"hour": "2026-11-22"}, "not_an_hour"), ({"lead": "samr"}, "not_a_number")],
)  # fmt: skip
def test_a_bent_filter_is_refused_in_words(bent, code):
    answer = make.client(make.dispatcher()).get("/api/v1/cases/", bent)
    assert (answer.status_code, answer.json()["code"]) == (400, code)
    assert set(answer.json()["errors"]) == set(bent)
