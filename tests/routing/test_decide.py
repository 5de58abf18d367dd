"""Who is responsible, and why: golden decisions on the shipped data."""

from datetime import date

import pytest

from routing.decide import Router
from routing.facts import Decision, Facts, Reason
from routing.models import Region, RoutingParticipant, RoutingRule, Start, Topic, Unit
from routing.reasons import SENTENCES, sentence

pytestmark = pytest.mark.django_db

XIHU, HANGZHOU, ZHEJIANG, SIP, DONGGUAN = "330106", "330100", "330000", "320576", "441900"
NOBODY = Decision(None, (), "", "", ())


def decide(topic="P01", region=XIHU, on=None, **more):
    return Router.load([region] if region else [], [topic] if topic else [], on=on).decide(Facts(topic, region, **more))


def name(unit):
    return Unit.objects.get(pk=unit).name


def names(decision):
    return name(decision.lead), [name(unit) for unit in decision.participants]


def codes(decision):
    return [reason.code for reason in decision.reasons]


def reason(decision, code):
    return next(reason.params for reason in decision.reasons if reason.code == code)


@pytest.mark.parametrize("region", [XIHU, SIP, DONGGUAN])
def test_every_topic_has_a_lead_in(region):
    topics = list(Topic.objects.values_list("code", flat=True))
    router = Router.load([region], topics)
    decided = {topic: router.decide(Facts(topic, region)) for topic in topics}
    assert len(decided) == 46
    assert [topic for topic, decision in decided.items() if decision.lead is None] == []
    for topic, decision in decided.items():
        assert decision.lead is not None
        lead = Unit.objects.get(pk=decision.lead)
        assert (
            lead.bureau_id
            == RoutingRule.objects.get(
                topic=topic, code=next(r.params["rule"] for r in decision.reasons if "rule" in r.params)
            ).lead_id
        )
        assert decision.lead not in decision.participants
        assert len(set(decision.participants)) == len(decision.participants)
        assert (decision.level, decision.region) == (lead.level, lead.region_id)


def test_food_in_a_district():
    decision = decide("P01")
    assert names(decision) == (
        "杭州市西湖区市场监督管理局",
        [
            "杭州市西湖区农业农村局",
            "杭州市西湖区卫生健康局",
            "杭州市西湖区商务局",
            "杭州市公安局西湖分局",
        ],
    )
    assert (decision.level, decision.region) == ("county", XIHU)
    assert codes(decision) == ["rule_default", "level", "region", "basis", "list_entry", *["participant"] * 4]


@pytest.mark.parametrize(
    ("topic", "fields", "lead", "level"),
    [
        ("P03", {}, "杭州市西湖区市场监督管理局", "county"),
        ("P03", {"stage": "farm"}, "杭州市西湖区农业农村局", "county"),
        ("P03", {"stage": "retail"}, "杭州市西湖区市场监督管理局", "county"),
        ("P04", {}, "杭州市西湖区市场监督管理局", "county"),
        ("P04", {"stage": "production"}, "浙江省药品监督管理局", "province"),
        ("P12", {"object": "cigarette"}, "杭州市烟草专卖局", "branch"),
        ("P14", {}, "杭州海关", "branch"),
        ("E05", {"road_class": "expressway"}, "浙江省交通运输厅", "province"),
        ("E05", {"road_class": "trunk"}, "杭州市交通运输局", "city"),
        ("S04", {}, "杭州市西湖区商务局", "county"),
        ("S04", {"trade": "gym"}, "杭州市西湖区体育局", "county"),
        ("S04", {"trade": "gym", "issue": "false_advertising"}, "杭州市西湖区体育局", "county"),
        ("S04", {"issue": "false_advertising"}, "杭州市西湖区市场监督管理局", "county"),
        ("S06", {}, "杭州市交通运输局", "city"),
        ("S06", {"mode": "rail"}, "上海铁路监督管理局", "branch"),
        ("S08", {}, "杭州市邮政管理局", "branch"),
        ("S09", {}, "浙江省通信管理局", "branch"),
        ("S10", {}, "国家金融监督管理总局浙江监管局", "branch"),
        ("S11", {"utility": "power"}, "国家能源局浙江监管办公室", "branch"),
        ("V03", {}, "杭州市西湖区属地乡镇（街道）", "township"),
        ("V03", {"source": "people"}, "杭州市公安局西湖分局", "county"),
        ("V09", {"kind": "hazardous"}, "杭州市生态环境局西湖分局", "county"),
    ],
)
def test_conditions_choose_the_lead(topic, fields, lead, level):
    decision = decide(topic, fields=fields)
    assert (name(decision.lead), decision.level) == (lead, level)


def test_a_condition_is_a_stored_and_worded_fact():
    decision = decide("P03", fields={"stage": "farm"})
    assert decision.reasons[0] == Reason(
        "rule_condition",
        {
            "topic": "P03",
            "topic_name": "食用农产品",
            "rule": "P03-stage-farm",
            "version": "1",
            "bureau": "agri",
            "bureau_name": "农业农村局",
            "field": "stage",
            "value": "farm",
            "field_name": "环节",
            "value_name": "种植养殖",
        },
    )
    worded = sentence(decision.reasons[0])
    for part in ("P03", "食用农产品", "环节", "种植养殖", "农业农村局", "P03-stage-farm"):
        assert part in worded
    assert "农产品质量安全法" in sentence(decision.reasons[3])


@pytest.mark.parametrize(
    ("topic", "fields", "joins", "not_joins"),
    [
        ("P02", {}, [], ["杭州市西湖区教育局", "杭州市西湖区卫生健康局"]),
        ("P02", {"place": "school", "harm": "illness"}, ["杭州市西湖区教育局", "杭州市西湖区卫生健康局"], []),
        ("P01", {"origin": "import"}, ["杭州海关"], []),
        ("P01", {}, [], ["杭州海关"]),
        ("P03", {"stage": "farm"}, ["杭州市西湖区林业局"], ["杭州市西湖区农业农村局"]),
    ],
)
def test_participants_join_on_their_condition(topic, fields, joins, not_joins):
    _lead, participants = names(decide(topic, fields=fields))
    assert set(joins) <= set(participants)
    assert not set(not_joins) & set(participants)


@pytest.mark.parametrize(
    ("topic", "region", "lead", "code"),
    [
        ("P01", XIHU, "杭州市西湖区市场监督管理局", "region"),
        ("P01", HANGZHOU, "杭州市市场监督管理局", "region_city_only"),
        ("P01", DONGGUAN, "东莞市市场监督管理局", "region_no_counties"),
        ("P01", SIP, "苏州市市场监督管理局", "region_host"),
        ("V03", SIP, "苏州工业园区属地乡镇（街道）", "region"),
        ("V03", DONGGUAN, "东莞市属地乡镇（街道）", "region_no_counties"),
        ("S06", XIHU, "杭州市交通运输局", "region_level"),
        ("S06", SIP, "苏州市交通运输局", "region_host"),
        ("S08", XIHU, "杭州市邮政管理局", "region_above"),
        ("S09", SIP, "江苏省通信管理局", "region_above"),
        ("S08", ZHEJIANG, "浙江省邮政管理局", "region"),
        ("P14", "330212", "宁波海关", "region_above"),
        ("P14", DONGGUAN, "海关总署广东分署", "region_above"),
    ],
)
def test_the_unit_is_found_by_walking_up(topic, region, lead, code):
    decision = decide(topic, region)
    assert name(decision.lead) == lead
    assert code in codes(decision)
    where = reason(decision, code)
    assert where["region"] == region
    assert where["unit_region"] == decision.region
    assert where["unit_region_name"] == Region.objects.get(code=decision.region).full_name


def test_a_switched_off_unit_receives_nothing():
    Unit.objects.filter(bureau="samr", region=XIHU).update(active=False)
    decision = decide("P01")
    assert name(decision.lead) == "杭州市市场监督管理局"
    assert "region_above" in codes(decision)


def test_a_zone_with_its_own_unit_uses_it():
    own = Unit.objects.create(bureau_id="samr", region_id=SIP, name="苏州工业园区市场监督管理局", level="county")
    decision = decide("P01", SIP)
    assert (decision.lead, decision.region) == (own.id, SIP)


def test_life_in_danger_brings_the_city_in():
    decision = decide("P10", urgency="U1")
    assert name(decision.participants[-1]) == "杭州市市场监督管理局"
    assert reason(decision, "escalation_participant")["unit"] == str(decision.participants[-1])
    assert "escalation_participant" not in codes(decide("P10", urgency="U2"))
    assert "escalation_participant" not in codes(decide("P10", HANGZHOU, urgency="U1"))  # the city leads already


def test_a_local_rule_goes_before_the_general_one_and_only_there():
    assert reason(decide("V01", "330212"), "rule_local")["scope_name"] == "浙江省宁波市"
    assert reason(decide("V01", XIHU), "rule_local")["scope_name"] == "浙江省"
    assert codes(decide("V01", SIP))[0] == "rule_default"
    RoutingRule.objects.create(
        code="V01-hz", topic_id="V01", region_id=HANGZHOU, priority=50, lead_id="mee", level="C", basis="杭州市分工"
    )
    assert name(decide("V01", XIHU).lead) == "杭州市生态环境局西湖分局"
    assert name(decide("V01", "330212").lead) == "宁波市鄞州区综合行政执法局"


def test_of_equal_rules_the_narrowest_region_decides():
    for code, region, lead in (("a", ZHEJIANG, "mee"), ("z", XIHU, "police")):
        RoutingRule.objects.create(code=code, topic_id="V02", region_id=region, priority=50, lead_id=lead, level="C")
    assert name(decide("V02", XIHU).lead) == "杭州市公安局西湖分局"


def test_a_rule_counts_on_its_days_only():
    RoutingRule.objects.filter(code="P01").update(valid_to=date(2026, 6, 30))
    RoutingRule.objects.create(
        code="P01", version=2, topic_id="P01", lead_id="agri", level="C", valid_from=date(2026, 7, 1)
    )
    before, after = decide("P01", on=date(2026, 6, 30)), decide("P01", on=date(2026, 7, 1))
    assert (name(before.lead), reason(before, "rule_default")["version"]) == ("杭州市西湖区市场监督管理局", "1")
    assert (name(after.lead), reason(after, "rule_default")["version"]) == ("杭州市西湖区农业农村局", "2")


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({"topic": ""}, ["no_topic"]),
        ({"topic": "P77"}, ["unknown_topic"]),
        ({"topic": "X01"}, ["out_of_scope"]),
        ({"region": ""}, ["no_region"]),
        ({"region": "330103"}, ["unknown_region"]),
        ({"region": "110101"}, ["unknown_region"]),
        ({"region": "not a code"}, ["unknown_region"]),
        ({"needs_review": True, "confidence": 0.31}, ["needs_review"]),
        ({"topic": "", "region": "", "needs_review": True}, ["no_topic", "needs_review", "no_region"]),
        ({"region": ZHEJIANG}, ["rule_default", "region_too_coarse"]),
        ({"region": ZHEJIANG, "topic": "S06"}, ["rule_default", "region_too_coarse"]),
        ({"region": HANGZHOU, "topic": "V03"}, ["rule_default", "no_unit"]),
    ],
)
def test_doubt_goes_to_a_dispatcher_and_nothing_is_invented(facts, expected):
    decision = decide(**facts)
    assert (decision.lead, decision.participants, decision.level, decision.region) == (None, (), "", "")
    assert codes(decision) == expected
    assert all(sentence(reason) for reason in decision.reasons)


def test_no_rule_and_no_participants_left():
    RoutingRule.objects.filter(topic="P01").delete()
    assert codes(decide("P01")) == ["no_rule"]
    RoutingParticipant.objects.filter(topic="P07").delete()
    assert decide("P07").participants == ()


def test_a_participant_without_any_unit_is_said_not_skipped():
    RoutingParticipant.objects.create(topic_id="P07", bureau_id="court", position=9)
    assert reason(decide("P07"), "participant_missing")["bureau"] == "court"


def test_a_router_is_only_asked_what_it_was_loaded_for():
    router = Router.load([XIHU], ["P01"])
    with pytest.raises(ValueError, match="P02"):
        router.decide(Facts("P02", XIHU))
    with pytest.raises(ValueError, match=HANGZHOU):
        router.decide(Facts("P01", HANGZHOU))


def test_the_number_of_queries_does_not_grow(django_assert_num_queries):
    regions = list(Region.objects.exclude(level="province").values_list("code", flat=True))[:64]
    topics = list(Topic.objects.values_list("code", flat=True))
    with django_assert_num_queries(8):
        one = Router.load([XIHU], ["P01"])
        one.decide(Facts("P01", XIHU))
    with django_assert_num_queries(8):
        many = Router.load(regions, topics)
        for at, region in enumerate(regions):
            many.decide(Facts(topics[at % len(topics)], region))


def test_the_same_facts_give_the_same_decision():
    facts = Facts("S01", XIHU, urgency="U1", fields={"issue": "price"})
    first = Router.load([XIHU], ["S01"]).decide(facts)
    assert first == Router.load([XIHU, SIP], ["S01", "P01"]).decide(facts)


def test_old_and_unknown_reasons_stay_readable():
    for code in SENTENCES:
        assert sentence(Reason(code, {}))
    assert sentence(Reason("from_another_century", {"a": "b"})) == "from_another_century"
    for level in Start.values:
        assert sentence(Reason("level", {"level": level})) != sentence(Reason("level", {}))
