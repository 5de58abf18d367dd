"""Supervision orders and leader instructions through the API; what rules make by themselves is in test_escalate."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from complaints import actions, privacy
from complaints.models import (
    Assignment,
    Case,
    Event,
    Notice,
    NoticeKind,
    OrderState,
    Part,
    RiskSignal,
    Role,
    SupervisionOrder,
)
from tests import make
from tests.complaints.test_life import Desk, lead

pytestmark = pytest.mark.django_db
TEXT = "限期查清并答复诉求人，电话13900001111"


def day(ahead: int) -> str:
    return str(timezone.localdate() + timedelta(days=ahead))


def supervisor(region: str = make.HANGZHOU):
    return make.user(Role.SUPERVISOR, region=region)


def ordered(case: Case, desk: Desk | None = None, **more) -> SupervisionOrder:
    (desk or Desk(case, supervisor())).do(
        "order_supervision", **{"level": "city", "text": TEXT, "until": day(7), **more}
    )
    return SupervisionOrder.objects.filter(case=case).latest("pk")


def refused(desk: Desk, verb: str, status: int, code: str, **body):
    """As Desk.refused; and no order has changed."""
    fields = ("pk", "state", "due_at", "returned", "answered_at")
    before = list(SupervisionOrder.objects.order_by("pk").values(*fields))
    told = desk.refused(verb, status, code, **body)
    assert list(SupervisionOrder.objects.order_by("pk").values(*fields)) == before
    return told


def test_an_order_is_given_answered_sent_back_answered_and_closed():
    case = make.dispatched()
    boss, office = Desk(case, supervisor()), lead(case)
    order = ordered(case, boss)
    assert (order.unit, order.level, order.kind, order.state) == (make.unit(), "city", "order", "open")
    seen = office.see()
    assert [(row["text"], row["overdue"]) for row in seen["supervision"]] == [
        ("限期查清并答复诉求人，电话139****1111", False)
    ]
    assert "answer_supervision" in seen["actions"]
    assert "close_supervision" not in seen["actions"]
    office.do("answer_supervision", order=order.pk, text="已约谈经营者")
    refused(office, "answer_supervision", 409, "order_moved_on", order=order.pk, text="再答")
    boss.do("return_supervision", order=order.pk, reason="没有结论", until=day(9))
    office.do("answer_supervision", order=order.pk, text="已责令退款")
    last = boss.do("close_supervision", order=order.pk, reason="已落实")["supervision"][0]
    assert (last["state"], last["returned"], last["answer"], last["reason"]) == ("closed", 1, "已责令退款", "已落实")
    refused(boss, "cancel_supervision", 409, "order_moved_on", order=order.pk, reason="撤")
    kinds = list(
        Event.objects.filter(case=case, kind__contains="supervision").order_by("version").values_list("kind", "public")
    )
    assert [kind for kind, _public in kinds] == [
        "order_supervision", "answer_supervision", "return_supervision", "answer_supervision", "close_supervision",
    ]  # fmt: skip
    assert not any(public for _kind, public in kinds)


def test_the_citizen_sees_nothing_of_it():
    case = make.dispatched()
    ordered(case)
    citizen = make.client(X_Case_Code=privacy.query_code(case.number))
    seen = citizen.get(f"/api/v1/cases/{case.number}/").json()
    assert (seen["supervision"], seen["notices"]) == ([], [])
    assert TEXT[:6] not in citizen.get(f"/api/v1/cases/{case.number}/events/").content.decode()


def test_nobody_orders_above_their_own_level_or_without_being_a_supervisor():
    case = make.dispatched()
    county, city = Desk(case, supervisor(make.XIHU)), Desk(case, supervisor())
    body = {"text": TEXT, "until": day(3)}
    told = refused(county, "order_supervision", 400, "level_too_high", level="city", **body)
    assert "level" in told["errors"]
    refused(city, "order_supervision", 400, "level_too_high", level="province", **body)
    refused(city, "order_supervision", 400, "invalid", level="country", **body)
    refused(Desk(case, make.dispatcher()), "order_supervision", 403, "not_allowed", level="county", **body)
    refused(lead(case), "instruct", 403, "not_allowed", level="county", leader="市领导", **body)
    order = ordered(case, city)
    refused(county, "close_supervision", 403, "level_too_high", order=order.pk, reason="我来结")
    assert "close_supervision" not in county.see()["actions"]
    province = Desk(case, supervisor(make.ZHEJIANG))
    assert ordered(case, province, level="province").level == "province"


def test_a_bad_order_is_refused_at_its_field():
    case = make.dispatched()
    boss = Desk(case, supervisor())
    refused(boss, "order_supervision", 400, "date_past", level="city", text=TEXT, until=day(-1))
    refused(boss, "order_supervision", 400, "unknown_unit", level="city", text=TEXT, until=day(3), unit=999999)
    refused(boss, "order_supervision", 400, "invalid", level="city", text=" ", until=day(3))
    refused(boss, "close_supervision", 404, "no_such_order", order=999999, reason="无")
    waiting = Desk(make.case(), supervisor())
    told = refused(waiting, "order_supervision", 400, "no_unit", level="city", text=TEXT, until=day(3))
    assert "unit" in told["errors"]
    other = ordered(make.dispatched())
    refused(boss, "close_supervision", 404, "no_such_order", order=other.pk, reason="别人的")


def test_a_unit_outside_the_case_sees_it_answers_and_owes_nothing_else():
    case = make.dispatched()
    city = make.unit("samr", make.HANGZHOU)
    order = ordered(case, unit=city.pk)
    officer = make.officer("samr", make.HANGZHOU)
    told = Desk(case, officer)
    assert told.see()["actions"] == ["answer_supervision"]
    refused(lead(case), "answer_supervision", 403, "not_your_order", order=order.pk, text="代答")
    told.do("answer_supervision", order=order.pk, text="市局已督导")
    row = Assignment.objects.get(case=case, unit=city)
    assert (row.part, row.active) == (Part.INFORMED, False)
    assert make.client(officer).get("/api/v1/cases/?queue=mine").json()["results"] == []
    assert lead(case).see()["participants"] == []


def test_a_participant_sees_only_the_orders_to_itself():
    case = make.dispatched(participants=("nhc",))
    mine, other = ordered(case, unit=make.unit("nhc").pk), ordered(case)
    health = Desk(case, make.officer("nhc")).see()
    assert [row["id"] for row in health["supervision"]] == [mine.pk]
    assert [row["id"] for row in lead(case).see()["supervision"]] == [mine.pk, other.pk]


def test_a_leaders_instruction_names_the_office_and_is_no_second_order_by_rule():
    case = make.dispatched()
    boss = Desk(case, supervisor())
    refused(boss, "instruct", 400, "invalid", level="city", text=TEXT, until=day(3))
    boss.do("instruct", level="city", leader="市政府主要领导", text=TEXT, until=day(3))
    desk = Desk(case, make.dispatcher())
    desk.do("dispatch", lead=make.unit("nhc").pk, reason="改派")
    orders = SupervisionOrder.objects.filter(case=case)
    assert [(order.kind, order.leader) for order in orders] == [("instruction", "市政府主要领导")]
    [rules] = [event.data["rules"] for event in Event.objects.filter(case=case, kind="escalate")]
    assert [line["rule"] for line in rules] == ["G7"]


def test_the_tick_says_once_that_an_order_is_overdue():
    case = make.dispatched()
    order = ordered(case)
    assert actions.announce_supervision(order.due_at - timedelta(minutes=1)) == 0
    assert actions.announce_supervision(order.due_at + timedelta(minutes=1)) == 1
    assert actions.announce_supervision(order.due_at + timedelta(days=1)) == 0
    [told] = Event.objects.filter(case=case, kind="supervision_overdue")
    assert (told.data, told.public) == ({"orders": [{"order": order.pk, "unit": order.unit_id}]}, False)
    lead(case).do("answer_supervision", order=order.pk, text="已办")
    Desk(case, supervisor()).do("return_supervision", order=order.pk, reason="不够", until=day(12))
    order.refresh_from_db()
    assert actions.announce_supervision(order.due_at + timedelta(minutes=1)) == 1


def test_the_database_takes_no_order_that_makes_no_sense():
    case, now = make.dispatched(), timezone.now()
    facts = {"case": case, "unit": make.unit(), "level": "city", "kind": "order", "issued_at": now}
    for wrong in (
        {"due_at": now},
        {"due_at": now + timedelta(1), "level": "country"},
        {"due_at": now + timedelta(1), "state": OrderState.ANSWERED},
        {"due_at": now + timedelta(1), "state": OrderState.CLOSED},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            SupervisionOrder.objects.create(**{**facts, **wrong})


def test_the_desk_lists_by_deadline_what_the_viewer_may_see(django_assert_max_num_queries):
    near, far = make.dispatched(), make.dispatched(participants=("nhc",))
    away = make.dispatched(region=make.YINZHOU)
    province = supervisor(make.ZHEJIANG)
    second = ordered(far, unit=make.unit("nhc").pk, until=day(9))
    first = ordered(near)
    third = ordered(away, Desk(away, province))
    SupervisionOrder.objects.filter(pk=first.pk).update(
        issued_at=timezone.now() - timedelta(days=9), due_at=timezone.now() - timedelta(hours=1)
    )
    url = "/api/v1/supervision/orders/"
    boss = make.client(supervisor())
    with django_assert_max_num_queries(6):
        page = boss.get(url).json()
    assert [(row["id"], row["overdue"], row["case"]["number"]) for row in page["results"]] == [
        (first.pk, True, near.number), (second.pk, False, far.number),
    ]  # fmt: skip
    assert (page["counts"], page["next"]) == ({"open": 2, "answered": 0, "overdue": 1}, None)
    ask = lambda query: [row["id"] for row in boss.get(url + query).json()["results"]]  # noqa: E731
    assert ask("?overdue=1") == [first.pk]
    assert ask(f"?unit={make.unit('nhc').pk}") == [second.pk]
    assert (ask("?state=closed"), ask("?level=province"), ask("?state=running")) == ([], [], [first.pk, second.pk])
    assert {row["id"] for row in make.client(province).get(url).json()["results"]} == {first.pk, second.pk, third.pk}
    assert [row["id"] for row in make.client(make.officer("nhc")).get(url).json()["results"]] == [second.pk]
    assert make.client(make.user(Role.CALL_TAKER, region=make.HANGZHOU)).get(url).status_code == 403
    assert boss.get(url + "?cursor=x").status_code == 400


def test_pages_of_orders_have_neither_gaps_nor_doubles(monkeypatch):
    monkeypatch.setattr("complaints.views.supervision.PAGE", 2)
    case = make.dispatched()
    made = [ordered(case, until=day(5)).pk for _ in range(5)]
    client, seen, cursor = make.client(supervisor()), [], ""
    while cursor is not None:
        page = client.get(f"/api/v1/supervision/orders/?cursor={cursor}").json()
        seen += [row["id"] for row in page["results"]]
        cursor = page["next"]
    assert seen == made


def test_a_notice_is_seen_by_its_unit_or_by_the_hotline_for_it():
    case = make.dispatched()
    city = make.unit("samr", make.HANGZHOU)
    rows = [
        Notice.objects.create(case=case, unit=unit, kind=NoticeKind.REPORT, why="死亡1人以上", cause=f"G2-{unit.pk}")
        for unit in (city, make.unit())
    ]
    Assignment.objects.create(case=case, unit=city, part=Part.INFORMED, active=False)
    told = Desk(case, make.officer("samr", make.HANGZHOU))
    told.refused("acknowledge", 403, "not_your_notice", notice=rows[1].pk)
    told.do("acknowledge", notice=rows[0].pk)
    told.refused("acknowledge", 409, "nothing_to_see", notice=rows[0].pk)
    Desk(case, make.dispatcher()).do("acknowledge", notice=rows[1].pk)
    url = "/api/v1/supervision/notices/"
    assert make.client(supervisor()).get(url + "?state=unseen").json() == {"results": [], "next": None, "unseen": 0}
    mine = make.client(make.officer("samr", make.HANGZHOU)).get(url).json()["results"]
    assert [(row["id"], row["state"], row["case"]["number"]) for row in mine] == [(rows[0].pk, "seen", case.number)]


def test_a_risk_signal_is_settled_once_with_its_conclusion():
    case = make.dispatched()
    made = RiskSignal.objects.create(
        subject="name:x", case=case, rule="G3-24h", why="24小时内同一对象5件", cases=5, counties=[make.XIHU]
    )
    boss = make.client(supervisor())
    url = "/api/v1/supervision/signals/"
    assert [(row["cases"], row["counties"]) for row in boss.get(url).json()["results"]] == [(5, ["西湖区"])]
    assert boss.post(f"{url}{made.pk}/settle/", {"conclusion": ""}, format="json").status_code == 400
    stranger = make.client(supervisor("330200"))
    assert stranger.get(url).json()["results"] == []
    assert stranger.post(f"{url}{made.pk}/settle/", {"conclusion": "x"}, format="json").status_code == 404
    done = boss.post(f"{url}{made.pk}/settle/", {"conclusion": "已约谈"}, format="json").json()
    assert (done["state"], done["conclusion"]) == ("settled", "已约谈")
    assert boss.post(f"{url}{made.pk}/settle/", {"conclusion": "再"}, format="json").status_code == 409
    assert make.client(make.officer()).get(url).status_code == 403
