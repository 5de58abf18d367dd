"""Rules with several conditions, escalation rules and broken rules; sets of rules are in test_rulesets."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from routing import rulesets
from routing.conditions import Condition, ConditionError, compiled, known, parse, worded
from routing.decide import Router
from routing.facts import Facts
from routing.models import Bureau, EscalationRule, RoutingRule, Topic, Unit
from routing.reasons import sentence

pytestmark = pytest.mark.django_db
XIHU, HANGZHOU, SIP, YINZHOU = "330106", "330100", "320576", "330212"


def condition(field, op, *values):
    return {"field": field, "op": op, "values": list(values)}


def rule(code="x", topic="P05", conditions=(), **more):
    values = {"lead_id": "agri", "level": "C", "priority": 1} | more
    return RoutingRule.objects.create(code=code, topic_id=topic, conditions=list(conditions), **values)


def decide(topic="P05", region=XIHU, ruleset=None, **more):
    return Router.load([region], [topic], ruleset=ruleset).decide(Facts(topic, region, **more))


def codes(decision):
    return [reason.code for reason in decision.reasons]


def params(decision, code):
    return next(reason.params for reason in decision.reasons if reason.code == code)


def name(unit):
    return Unit.objects.get(pk=unit).name


@pytest.mark.parametrize(
    ("asked", "holds", "fails"),
    [
        (condition("trade", "is", "gym"), {"fields": {"trade": "gym"}}, {"fields": {"trade": "retail"}}),
        (condition("trade", "in", "gym", "retail"), {"fields": {"trade": "retail"}}, {}),
        (condition("trade", "not_in", "gym"), {"fields": {"trade": "retail"}}, {"fields": {"trade": "gym"}}),
        (condition("trade", "not_in", "gym"), {"fields": {"trade": "retail"}}, {}),  # unknown: does not hold
        (condition("trade", "prefix", "tutoring"), {"fields": {"trade": "tutoring_culture"}}, {}),
        (condition("urgency", "at_least", "U2"), {"urgency": "U1"}, {"urgency": "U3"}),
        (condition("urgency", "is", "U2"), {"urgency": "U2"}, {"urgency": "U1"}),
        (condition("channel", "in", "12345", "12315"), {"channel": "12315"}, {"channel": "web"}),
        (condition("intent", "is", "report"), {"intent": "report"}, {"intent": "complaint"}),
        (condition("region", "prefix", "3301"), {"region": XIHU}, {"region": YINZHOU}),
        (condition("topic", "in", "P05", "P06"), {"topic": "P05"}, {"topic": "P07"}),
        (condition("respondent_region", "prefix", "44"), {"respondent_region": "440100"}, {}),
        (condition("flag", "is", "anonymous"), {"flags": frozenset({"anonymous", "report"})}, {}),
        (condition("flag", "not_in", "anonymous"), {}, {"flags": frozenset({"anonymous", "report"})}),
        (condition("deaths", "at_least", "1"), {"numbers": {"deaths": 1}}, {"numbers": {"deaths": 0}}),
        (condition("deaths", "at_least", "1"), {"numbers": {"deaths": 3}}, {}),
    ],
)
def test_a_condition_holds_or_not(asked, holds, fails):
    (made,) = parse([asked], known())
    test = compiled(made, known())
    plain = {"topic": "P01", "region": YINZHOU}
    assert test(Facts(**(plain | holds)))
    assert not test(Facts(**(plain | fails)))
    assert worded((made,), known()).isascii() is False


@pytest.mark.parametrize(
    "raw",
    [
        {},
        "stage",
        [{}],
        [condition("stage", "is", "farm") | {"more": 1}],
        [condition("stadium", "is", "farm")],
        [condition("stage", "like", "farm")],
        [condition("stage", "is")],
        [condition("stage", "is", "")],
        [condition("stage", "is", "gym")],
        [condition("stage", "is", "farm", "market")],
        [condition("stage", "at_least", "farm")],
        [condition("deaths", "is", "1")],
        [condition("deaths", "at_least", "many")],
        [condition("deaths", "at_least", "-1")],
        [condition("urgency", "at_least", "U5")],
        [condition("flag", "prefix", "an")],
        [condition("flag", "is", "lonely")],
        [condition("region", "is", "3301")],
        [condition("region", "prefix", "hz")],
        [{"field": "stage", "op": "in", "values": "farm"}],
        [{"field": "stage", "op": "in", "values": [1]}],
        [condition("stage", "is", "farm")] * 9,
    ],
)
def test_a_condition_that_cannot_be_is_refused_in_words(raw):
    with pytest.raises(ConditionError) as raised:
        parse(raw, known())
    assert len(str(raised.value)) > 5


def test_all_conditions_must_hold_and_are_told():
    rule(conditions=[condition("harm", "is", "fire"), condition("urgency", "at_least", "U2")], lead_id="fire")
    both = decide(fields={"harm": "fire"}, urgency="U2")
    assert (params(both, "rule_conditions")["conditions"], both.rule) == ("后果：起火；紧急程度≥紧急", "x")
    assert "起火" in sentence(both.reasons[0])
    assert decide(fields={"harm": "fire"}, urgency="U3").rule == "P05"
    assert decide(urgency="U2").rule == "P05"


def test_of_equal_priority_the_one_that_asks_for_more_decides():
    rule("a", conditions=[condition("harm", "is", "fire")], lead_id="fire")
    rule("b", conditions=[condition("harm", "is", "fire"), condition("channel", "is", "web")], lead_id="mofcom")
    assert decide(fields={"harm": "fire"}).rule == "b"
    assert decide(fields={"harm": "fire"}, channel="phone").rule == "a"


def test_supervisor_enforcer_and_own_participants_take_part():
    decision = decide("V05")  # shipped for Zhejiang
    assert (decision.rule, name(decision.lead)) == ("V05-330000", "杭州市西湖区综合行政执法局")
    assert name(decision.supervisor) == "杭州市生态环境局西湖分局"
    assert decision.enforcer == decision.lead
    assert decision.participants[0] == decision.supervisor
    assert params(decision, "supervisor")["unit_name"] == "杭州市生态环境局西湖分局"
    assert params(decision, "list_entry")["entry"]
    assert "supervisor" not in codes(decide("V05", SIP))
    rule(participants=["grain"], enforcer_id="police", lead_id="samr", conditions=[condition("channel", "is", "web")])
    more = decide()
    assert params(more, "participant_rule")["bureau"] == "grain"
    assert (name(more.enforcer), more.supervisor) == ("杭州市公安局西湖分局", more.lead)


@pytest.mark.parametrize(
    ("facts", "lead", "escalation"),
    [
        ({"flags": frozenset({"respondent_is_state_body"})}, "浙江省市场监督管理局", "G8"),
        ({"flags": frozenset({"about_handling_unit"})}, "杭州市市场监督管理局", "G11"),
        ({"numbers": {"reopened": 2}}, "杭州市市场监督管理局", "G6-reopened"),
        ({"numbers": {"same_subject_24h": 5, "same_subject_counties": 2}}, "杭州市市场监督管理局", "G3-24h-spread"),
    ],
)
def test_an_escalation_raises_the_level_and_says_why(facts, lead, escalation):
    decision = decide("P05", **facts)
    assert name(decision.lead) == lead
    assert params(decision, "escalation_level")["rule"] == escalation
    assert decision.lead not in decision.participants
    assert name(decide("P05").lead) == "杭州市西湖区市场监督管理局"


def test_an_escalation_adds_a_unit_or_tells_the_caller():
    urgent = decide("P10", urgency="U1")
    assert [action.rule for action in urgent.actions] == ["G1-notify"]
    assert params(urgent, "escalation_participant")["rule"] == "G1"
    dead = decide("P10", numbers={"deaths": 1})
    assert [(a.do, a.at, a.amount, a.unit) for a in dead.actions] == [
        ("report", "city", 30, "min"),
        ("report", "province", 2, "h"),
    ]
    assert [a.do for a in decide("P10", flags=frozenset({"suspected_crime"})).actions] == ["hand_over"]
    across = decide("P10", flags=frozenset({"cross_city"}))
    assert name(across.participants[-1]) == "浙江省市场监督管理局"


def test_a_caller_may_ask_which_escalations_hold_now():
    router = Router.load([XIHU], ["P05"])
    facts = Facts("P05", XIHU, numbers={"overdue_working_days": 3, "refusals": 2})
    assert [(action.rule, action.do) for action in router.escalations(facts)] == [
        ("G4", "adjudicate"),
        ("G5-1", "remind"),
        ("G5-3", "supervise"),
    ]
    EscalationRule.objects.filter(code="G4").update(conditions=[condition("refusals", "at_least", "3")])
    assert "G4" not in [action.rule for action in Router.load([XIHU], ["P05"]).escalations(facts)]


BREAK = [
    {"conditions": [condition("stadium", "is", "x")]},
    {"conditions": [condition("stage", "about", "farm")]},
    {"conditions": [condition("stage", "is", "fram")]},
    {"conditions": [{"field": "stage", "op": "in", "values": []}]},
    {"conditions": {"stage": "farm"}},
    {"participants": ["nobody"]},
]


@pytest.mark.parametrize("change", BREAK)
def test_a_broken_rule_stays_says_so_and_sends_its_cases_to_a_person(change):
    RoutingRule.objects.filter(code="P03-stage-farm").update(**change)
    decision = decide("P03", fields={"stage": "farm"})
    assert (decision.lead, decision.participants, codes(decision)) == (None, (), ["broken_rule"])
    assert (decision.rule, decision.ruleset) == ("P03-stage-farm", 1)
    assert "P03-stage-farm" in sentence(decision.reasons[0])
    assert rulesets.check() == 1
    row = RoutingRule.objects.get(code="P03-stage-farm")
    assert row.error
    assert row.error in params(decision, "broken_rule")["error"]
    assert decide("P05").lead  # other topics go on


def test_a_rule_before_the_default_that_asks_for_nothing_is_broken():
    RoutingRule.objects.filter(code="P05").update(priority=10)
    assert codes(decide()) == ["broken_rule"]


def test_a_rule_that_names_a_bureau_of_the_past_is_broken_from_its_last_day_on():
    assert rulesets.check() == 0
    Bureau.objects.filter(pk="tobacco").update(valid_to=timezone.localdate() - timedelta(days=1))
    assert codes(decide("P12", fields={"object": "cigarette"})) == ["broken_rule"]
    assert decide("P12").lead
    assert rulesets.check() == 1
    Bureau.objects.filter(pk="tobacco").update(valid_to=None)
    assert rulesets.check() == 0
    assert not RoutingRule.objects.exclude(error="").exists()


def test_a_broken_rule_only_takes_the_cases_it_could_have_decided():
    bad = [condition("harm", "is", "fire"), condition("nonsense", "is", "x")]
    rule(conditions=bad)
    assert codes(decide(fields={"harm": "fire"})) == ["broken_rule"]
    assert decide().rule == "P05"


def test_a_broken_escalation_is_said_and_the_case_still_finds_its_unit():
    EscalationRule.objects.filter(code="G8").update(at="nowhere")
    decision = decide(flags=frozenset({"respondent_is_state_body"}))
    assert name(decision.lead) == "杭州市西湖区市场监督管理局"
    assert params(decision, "broken_escalation")["error"]
    assert rulesets.check() == 1
    EscalationRule.objects.filter(code="G8").update(at="province", conditions=[])
    assert EscalationRule.objects.get(code="G8").fault({"samr"})


def test_a_rule_that_does_not_speak_of_a_case_never_changes_its_decision():
    """A rule of another topic, another region or a condition that does not hold: whatever the seed."""
    chance = random.Random(7)
    topics = sorted(Topic.objects.values_list("code", flat=True))
    fields = [field for field, _value in known().values if field not in ("urgency", "channel", "intent", "flag")]
    for _round in range(40):
        topic, region = chance.choice(topics), chance.choice([XIHU, SIP, YINZHOU])
        facts = Facts(topic, region, urgency=chance.choice(["U1", "U4"]), fields={"stage": "farm"})
        before = Router.load([region], [topic]).decide(facts)
        elsewhere = {XIHU: "320000", SIP: "330000", YINZHOU: HANGZHOU}[region]
        here = [condition("channel", "in", "web", "phone")]
        field = chance.choice([name for name in fields if name != "stage"])
        value = next(value for name, value in known().values if name == field)
        unrelated = chance.choice(
            [
                {"topic": chance.choice([other for other in topics if other != topic]), "conditions": here},
                {"topic": topic, "region_id": elsewhere, "conditions": here},
                {"topic": topic, "conditions": [condition(field, "is", value)]},
                {"topic": topic, "conditions": [condition("flag", "is", "media"), condition("stage", "is", "farm")]},
            ]
        )
        with transaction.atomic():
            rule(f"u{_round}", **unrelated)
            assert Router.load([region], [topic]).decide(facts) == before
            transaction.set_rollback(True)


def test_facts_survive_their_storage():
    facts = Facts(
        "P01",
        XIHU,
        urgency="U2",
        confidence=0.91234567,
        fields={"stage": "farm"},
        flags=frozenset({"report", "anonymous"}),
        numbers={"deaths": 1},
    )
    stored = facts.as_json()
    assert Facts.from_json(stored) == replace(facts, confidence=0.9123)
    assert Facts.from_json(stored).as_json() == stored
    assert Facts.from_json({"topic": "P01", "region": XIHU, "older": "x"}) == Facts("P01", XIHU)
    assert Condition("a", "is", ("b",)).as_json() == condition("a", "is", "b")
