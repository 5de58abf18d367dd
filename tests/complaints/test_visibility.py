"""Who sees what: one rule for list, detail, counts, events, files and pushes."""

from __future__ import annotations

import pytest

from complaints import feed, privacy
from complaints.models import Case, CaseKey, Event, Role
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    """Viewers by name, cases by name, and which viewer sees which case."""
    call_taker = make.user(Role.CALL_TAKER, "data12345", make.HANGZHOU)
    partner = make.user(Role.PARTNER)
    cases = {
        "xihu": make.dispatched("samr", ("nhc",)),
        "yinzhou": make.dispatched("samr", region=make.YINZHOU),
        "phone": make.case("电话投诉", viewer=call_taker),
        "partner": make.case("接口投诉", viewer=partner, region=make.YINZHOU),
        "nowhere": make.case("不知道在哪里", region=""),
    }
    viewers = {
        "xihu_samr": (make.officer("samr"), {"xihu"}),
        "xihu_nhc": (make.officer("nhc"), {"xihu"}),
        "xihu_hurd": (make.officer("hurd"), set()),
        "yinzhou_samr": (make.officer("samr", make.YINZHOU), {"yinzhou"}),
        "call_taker": (call_taker, {"phone"}),
        "colleague": (make.user(Role.CALL_TAKER, "data12345", make.HANGZHOU), {"phone"}),
        "other_desk": (make.user(Role.CALL_TAKER, "data12345", "330200"), set()),
        "hangzhou": (make.dispatcher(), {"xihu", "phone", "nowhere"}),
        "ningbo": (make.user(Role.SUPERVISOR, region="330200"), {"yinzhou", "partner", "nowhere"}),
        "province": (make.user(Role.SUPERVISOR, region=make.ZHEJIANG), set(cases)),
        "jiangsu": (make.user(Role.SUPERVISOR, region="320000"), {"nowhere"}),
        "partner": (partner, {"partner"}),
        "admin": (make.user("", is_superuser=True, region=None), set(cases)),
        "no_role": (make.user("", region=None), set()),
        "locked": (make.user(Role.SUPERVISOR, region=make.ZHEJIANG, is_active=False), set()),
    }
    return cases, viewers


def test_everybody_sees_exactly_their_cases(world):
    cases, viewers = world
    names = {case.number: name for name, case in cases.items()}
    for who, (viewer, expected) in viewers.items():
        seen = {names[number] for number in Case.objects.visible_to(viewer).values_list("number", flat=True)}
        assert seen == expected, who


def test_list_detail_counts_and_events_follow_the_same_rule(world):
    cases, viewers = world
    for who, (viewer, expected) in viewers.items():
        if who == "locked":
            continue
        client = make.client(viewer)
        listed = {row["number"] for row in client.get("/api/v1/cases/?queue=all").json()["results"]}
        assert listed == {cases[name].number for name in expected}, who
        assert sum(client.get("/api/v1/cases/counts/").json()["by_state"].values()) == len(expected), who
        for name, case in cases.items():
            wanted = 200 if name in expected else 404
            assert client.get(f"/api/v1/cases/{case.number}/").status_code == wanted, (who, name)
            assert client.get(f"/api/v1/cases/{case.number}/events/").status_code == wanted, (who, name)


def test_pushes_reach_exactly_those_who_see_the_case(world):
    cases, viewers = world
    for who, (viewer, expected) in viewers.items():
        listening = set(feed.groups_of_viewer(viewer))
        for name, case in cases.items():
            sent = set(feed.groups_of_case(case, case.assignments.values_list("unit_id", flat=True)))
            assert bool(listening & sent) == (name in expected), (who, name)


def test_replay_gives_exactly_what_they_may_see(world):
    cases, viewers = world
    for who, (viewer, expected) in viewers.items():
        pushes, _cursor = feed.replay(viewer, "0.0")
        assert {push["number"] for push in pushes} == {cases[name].number for name in expected}, who
        assert [push["id"] for push in pushes] == sorted(push["id"] for push in pushes)


def test_nobody_and_a_wrong_code_see_nothing(world):
    cases, _viewers = world
    case, other = cases["xihu"], cases["yinzhou"]
    code = privacy.query_code(case.number)
    assert make.client().get("/api/v1/cases/").status_code == 401
    assert make.client().get(f"/api/v1/cases/{case.number}/").status_code == 404
    for typed in ("", "AAAAAAAA", code[:-1], privacy.query_code(other.number)):
        answer = make.client(X_Case_Code=typed).get(f"/api/v1/cases/{case.number}/")
        assert (answer.status_code, answer.json()["code"]) == (404, "no_such_case")
    assert make.client(X_Case_Code=code).get(f"/api/v1/cases/{case.number}/").status_code == 200
    assert not Case.objects.visible_to(CaseKey.check("不是编号", code)).exists()


def test_a_citizen_replays_public_events_only(world):
    case = world[0]["xihu"]
    make.client(make.officer("samr")).post(f"/api/v1/cases/{case.number}/note/", {"text": "内部"}, format="json")
    key = CaseKey.check(case.number, privacy.query_code(case.number))
    assert [push["kind"] for push in feed.replay(key, "0.0")[0]] == ["register", "dispatch"]
    assert [push["kind"] for push in feed.replay(make.officer("samr"), "0.0")[0]] == [
        "register",
        "dispatch",
        "note",
    ]


@pytest.mark.parametrize("cursor", ["", "abc", "1.x", "'; --"])
def test_a_bad_cursor_is_an_error(cursor):
    with pytest.raises(ValueError, match="invalid literal"):
        feed.replay(make.dispatcher(), cursor)


def test_more_than_a_replay_holds_asks_for_a_reload(world, settings):
    first = Event.objects.order_by("txid", "id").first()
    pushes, cursor = feed.replay(make.user("", is_superuser=True, region=None), f"{first.txid}.{first.pk}")
    assert first.pk not in [push["id"] for push in pushes]
    assert cursor is not None


def test_a_queue_page_costs_a_fixed_number_of_queries(world, django_assert_num_queries):
    viewer = world[1]["province"][0]
    client = make.client(viewer)
    client.get("/api/v1/cases/")
    with django_assert_num_queries(5):  # session, account, topics, cases, deadlines
        page = client.get("/api/v1/cases/?limit=5").json()
    assert len(page["results"]) == 5
    officer = make.client(make.officer())
    for _ in range(3):
        make.dispatched()
    officer.get("/api/v1/cases/")
    with django_assert_num_queries(6):  # and the part that its own unit has in them
        rows = officer.get("/api/v1/cases/").json()["results"]
    assert {row["my_part"] for row in rows} >= {"lead"}


def test_pages_follow_each_other_without_gaps(world):
    client = make.client(world[1]["province"][0])
    whole = [row["number"] for row in client.get("/api/v1/cases/").json()["results"]]
    paged, cursor = [], ""
    while cursor is not None:
        page = client.get(f"/api/v1/cases/?limit=2&cursor={cursor}").json()
        paged += [row["number"] for row in page["results"]]
        cursor = page["next"]
    assert paged == whole
    assert len(whole) == 5


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("limit=x", "not_a_number"),
        ("limit=-1", "not_a_number"),
        ("cursor=abc", "bad_cursor"),
        ("cursor=" + "9" * 40, "bad_cursor"),
    ],
)
def test_bad_page_parameters_are_refused(query, code):
    answer = make.client(make.dispatcher()).get(f"/api/v1/cases/?{query}")
    assert answer.status_code == 400
    assert answer.json()["code"] == code


def test_filters_narrow_and_never_widen(world):
    cases, viewers = world
    client = make.client(viewers["province"][0])

    def numbers(query):
        return {row["number"] for row in client.get(f"/api/v1/cases/?{query}").json()["results"]}

    assert numbers("state=dispatched") == {cases["xihu"].number, cases["yinzhou"].number}
    assert numbers("state=dispatched,registered") == {case.number for case in cases.values()}
    assert numbers("region=330200") == {cases["yinzhou"].number, cases["partner"].number}
    assert numbers("q=接口") == {cases["partner"].number}
    assert numbers(f"q={cases['phone'].number.replace('-', '')}") == {cases["phone"].number}
    assert numbers("q=%25&state=closed") == set()
