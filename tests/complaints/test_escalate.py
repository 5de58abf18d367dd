"""The escalation rules G1 to G11 of routing/data/escalations.csv, carried out once for each case."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from complaints import actions
from complaints.actions import signs
from complaints.actions.facts import facts_of, same_subject
from complaints.models import Case, Clock, Event, Notice, RiskSignal, Role, SupervisionOrder
from routing.decide import Router
from routing.models import EscalationRule
from tests import make
from tests.complaints.test_life import Desk, citizen, closed, hotline, in_progress, lead

pytestmark = pytest.mark.django_db
CITY = ("samr", make.HANGZHOU)
PROVINCE = ("samr", make.ZHEJIANG)


def triaged(text: str, **more) -> Case:
    case = make.case(text, **more)
    while actions.triage_waiting():
        pass
    case.refresh_from_db()
    return case


def rules_done(case: Case) -> list[str]:
    events = Event.objects.filter(case=case, kind="escalate").order_by("version")
    return [line["rule"] for event in events for line in event.data["rules"]]


def notices(case: Case) -> list[tuple]:
    rows = Notice.objects.filter(case=case).order_by("pk").select_related("unit")
    return [(row.kind, row.unit.bureau_id, row.unit.region_id) for row in rows]


def test_every_thing_a_rule_may_ask_for_is_done_here():
    asked = set(EscalationRule.objects.values_list("do", flat=True))
    assert asked == {str(do) for do in actions.escalate.DOES}


def test_deaths_are_reported_to_city_and_province_in_time():
    before = timezone.now()
    case = triaged("在西湖区某饭店聚餐，2人死亡，5人食物中毒送医")
    reports = Notice.objects.filter(case=case, kind="report").order_by("due_at", "pk")
    levels = {row.unit.level: (row.due_at - row.at) for row in reports}
    assert {level: round(length.total_seconds() / 60) for level, length in levels.items()} == {
        "city": 30,
        "province": 120,
    }
    assert all(row.at >= before and row.state == "unseen" for row in reports)
    assert {"G2-deaths", "G2-deaths-province", "G2-poisoned"} <= set(rules_done(case))
    count, version = Notice.objects.count(), case.version
    actions.escalate.by_hand(case)
    case.refresh_from_db()
    assert (Notice.objects.count(), case.version) == (count, version)


def test_life_in_danger_is_told_to_the_hotline_of_the_city():
    case = triaged("天然气泄漏，有人昏迷，快来救人")
    assert case.urgency == "U1"
    assert ("notify", "data12345", make.HANGZHOU) in notices(case)


@pytest.mark.parametrize(
    ("text", "flags", "numbers"),
    [
        ("工地塌方，三名工人死亡，十二人重伤", {"dead", "injured"}, {"deaths": 3, "serious_injuries": 12}),
        ("火灾造成2人死亡", {"dead"}, {"deaths": 2}),
        ("学生集体食物中毒，已有23名学生出现食物中毒症状", set(), {"poisoned": 23}),
        ("煤气爆炸死亡3人", set(), {"deaths": 3}),
        ("没有人员死亡，也没有人受伤", set(), {}),
        ("担心会有人死亡", set(), {}),
        ("鱼塘里的鱼死了五十条", set(), {}),
        ("店家涉嫌诈骗，记者已经报道", {"suspected_crime", "media"}, {}),
        ("牛奶过期三天", set(), {}),
    ],
)
def test_a_text_proves_only_what_it_says(text, flags, numbers):
    assert (set(signs.flags_in(text)), signs.numbers_in(text)) == (flags, numbers)


def about(name: str, region: str = make.XIHU) -> Case:
    return make.dispatched(region=region, respondent=actions.RespondentFacts(name=name))


def test_many_cases_about_one_respondent_raise_one_signal_that_counts_on():
    for _ in range(4):
        about("大食代超市")
    assert not RiskSignal.objects.exists()
    fifth = about("大食代超市")
    [signal] = RiskSignal.objects.all()
    assert (signal.cases, signal.counties, signal.case, signal.rule) == (5, [make.XIHU], fifth, "G3-24h")
    assert "G3-24h" in rules_done(fifth)
    sixth = about("大食代超市", "330102")
    signal.refresh_from_db()
    assert (signal.cases, signal.counties, signal.case) == (6, ["330102", make.XIHU], sixth)
    actions.settle_signal(make.user(Role.SUPERVISOR, region=make.ZHEJIANG), signal.pk, "已约谈")
    about("大食代超市")
    assert RiskSignal.objects.count() == 1


def test_a_signal_over_two_counties_raises_the_level_by_routing():
    about("大食代超市", "330102")
    for _ in range(4):
        about("大食代超市")
    numbers = same_subject(Case.objects.latest("pk"))
    assert numbers == {"same_subject_24h": 5, "same_subject_7d": 5, "same_subject_30d": 5, "same_subject_counties": 2}
    case = about("大食代超市")
    facts = facts_of(case)
    decision = Router.load({facts.region}, {facts.topic}).decide(facts)
    assert decision.level == "city"


def test_two_bad_grades_raise_the_case_one_level_and_once():
    case = closed()
    caller = Desk(case, make.dispatcher())
    citizen(case).do("rate", grade=1)
    again = caller.do("follow_up", reached=True, grade=2, solved="no", comment="没解决")
    assert (again["state"], again["lead"]["name"]) == ("dispatched", "杭州市市场监督管理局")
    raised = Event.objects.filter(case=case, kind="level_up")
    assert [event.data["because"] for event in raised] == ["G6-dissatisfied"]


def test_media_or_a_crime_in_the_text_make_an_order_and_a_question_to_the_lead():
    case = make.dispatched(text="商家涉嫌诈骗，电视台记者已经报道")
    [order] = SupervisionOrder.objects.filter(case=case)
    assert (order.kind, order.unit, order.cause, order.issuer) == ("escalation", make.unit(), "G7", None)
    assert notices(case) == [("police", "samr", make.XIHU)]
    office = lead(case)
    assert "decline_crime" in office.see()["actions"]
    office.refused("acknowledge", 409, "nothing_to_see", notice=Notice.objects.get(case=case).pk)
    office.do("decline_crime", reason="金额未达立案标准")
    assert Notice.objects.get(case=case).state == "seen"
    office.refused("decline_crime", 409, "nothing_to_decide", reason="再来")
    assert "decline_crime" not in office.see()["actions"]


def test_handing_over_to_the_police_answers_the_question():
    case = in_progress_about("商家涉嫌合同诈骗")
    lead(case).do("refer_crime", to_name="西湖区公安分局", text="证据三页")
    assert Notice.objects.get(case=case, kind="police").state == "seen"


def in_progress_about(text: str) -> Case:
    case = make.dispatched(text=text)
    lead(case).do("sign")
    lead(case).do("start")
    return case


def test_a_complaint_about_the_handling_unit_is_told_to_the_level_above():
    case = about("西湖区市场监督管理局")
    assert "about_handling_unit" in facts_of(case).flags
    assert notices(case) == [("conflict", *CITY)]
    other = about("某某超市")
    assert notices(other) == []


@pytest.mark.parametrize(
    ("name", "flag"),
    [
        ("浙江省交通投资集团有限公司", True),
        ("浙江省农业农村厅", True),
        ("浙江省杭州市某某超市", False),
        ("杭州某集团有限公司", False),
    ],
)
def test_bodies_of_the_province_are_known_by_their_names(name, flag):
    assert ("respondent_is_state_body" in facts_of(about(name)).flags) is flag


def test_a_respondent_in_another_city_or_province_is_told_by_its_region():
    case = make.dispatched()
    assert facts_of(case, "330200").flags >= {"cross_city"}
    assert facts_of(case, "320100").flags >= {"cross_province"}
    assert not facts_of(case, make.HANGZHOU).flags & {"cross_city", "cross_province"}


def test_a_seller_in_another_city_brings_the_province_in_once():
    shop = actions.RespondentFacts(name="好又多超市", uscc="", address="宁波市鄞州区中山东路1号", phone="")
    case = triaged("在超市买的牛奶已经过期三天，要求退款赔偿", respondent=shop)
    coordinates = case.assignments.filter(active=True, unit=make.unit(*PROVINCE)).values_list("part", flat=True)
    assert (list(coordinates), rules_done(case).count("G9")) == (["participant"], 1)
    here = actions.RespondentFacts(name="好又多超市", uscc="", address="杭州市西湖区天目山路1号", phone="")
    other = triaged("在超市买的牛奶已经过期三天，要求退款赔偿。", respondent=here)
    assert "G9" not in rules_done(other)
    assert not other.assignments.filter(unit=make.unit(*PROVINCE)).exists()


def test_lateness_reminds_then_orders_then_tells_the_superior_each_once():
    case = in_progress()
    clock = Clock.objects.get(case=case, policy__clock="hot.handle", stopped_at=None)
    Clock.objects.filter(case=case).exclude(pk=clock.pk).update(next_at=None)
    seen = []
    for day in range(1, 30):
        actions.announce_deadlines(clock.due_at + timedelta(days=day, minutes=1))
        seen.append((notices(case), SupervisionOrder.objects.filter(case=case).count()))
    steps = [step for before, step in zip([None, *seen], seen, strict=False) if step != before]
    reminder, superior = ("remind", "samr", make.XIHU), ("notify", *CITY)
    assert [step for step in steps if step != ([], 0)] == [([reminder], 0), ([reminder], 1), ([reminder, superior], 1)]
    order = SupervisionOrder.objects.get(case=case)
    assert (order.kind, order.level, order.unit, order.cause) == ("clock", "county", make.unit(), f"G5-3:{clock.pk}")
    assert rules_done(case) == ["G5-1", "G5-3", "G5-5"]
    assert make.client(make.officer(*CITY)).get(f"/api/v1/cases/{case.number}/").status_code == 200


def test_a_late_participant_is_reminded_itself_and_not_the_lead():
    case = in_progress(("nhc",))
    Desk(case, make.officer("nhc")).do("sign_part")
    clock = Clock.objects.get(case=case, policy__clock="hot.part", stopped_at=None)
    Clock.objects.filter(case=case).exclude(pk=clock.pk).update(next_at=None)
    actions.announce_deadlines(clock.due_at + timedelta(days=9))
    assert [row[:2] for row in notices(case)] == [("remind", "nhc"), ("notify", "nhc")]
    assert SupervisionOrder.objects.get(case=case).unit == make.unit("nhc")


def test_a_rule_that_is_no_longer_there_does_nothing():
    EscalationRule.objects.filter(code="G7").delete()
    case = make.dispatched(text="电视台记者已经报道")
    assert not SupervisionOrder.objects.filter(case=case).exists()


def test_refusals_are_counted_since_the_last_ruling():
    case = make.dispatched()
    lead(case).do("return", ground="not_our_duty", reason="不属本局")
    hotline(case).do("dispatch", lead=make.unit("nhc").pk, reason="转办")
    assert facts_of(case).numbers["refusals"] == 1
