"""Rules with several conditions, escalation rules, broken rules, rule sets and the simulator."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from routing import rulesets
from routing.analysis import Finding, conflicts, unreachable
from routing.conditions import Condition, ConditionError, compiled, known, parse, worded
from routing.decide import Router
from routing.facts import Facts
from routing.models import Bureau, DataLoad, EscalationRule, RoutingRule, RuleSet, RuleSetState, Topic, Unit
from routing.reasons import sentence
from routing.rulebook import Rulebook
from routing.rulesets import RuleSetError
from routing.simulate import simulate

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


def everything():
    sets = sorted(RuleSet.objects.values_list())
    return sets, *(sorted(model.objects.values_list(), key=str) for model in (RoutingRule, EscalationRule))


def test_a_draft_decides_nothing_until_it_is_activated_and_one_step_leads_back():
    made = rulesets.draft("试行", by="主任")
    assert (made.number, made.state, made.created_by) == (2, "draft", "主任")
    assert RoutingRule.objects.filter(ruleset=made).count() == RoutingRule.objects.filter(ruleset=1).count()
    RoutingRule.objects.filter(ruleset=made, code="P05").update(lead_id="agri", version=2)
    assert (decide().ruleset, name(decide().lead)) == (1, "杭州市西湖区市场监督管理局")
    assert decide(ruleset=made).version == 2
    rulesets.activate(made.number, by="主任")
    now = decide()
    assert (now.rule, now.version, now.ruleset) == ("P05", 2, 2)
    assert RuleSet.objects.get(pk=1).state == RuleSetState.RETIRED
    assert DataLoad.objects.get().fingerprint == ""  # the next start lays the files over the new set
    assert rulesets.roll_back(2, by="主任").number == 1
    assert (decide().ruleset, RuleSet.objects.get(pk=2).state) == (1, "retired")


def test_a_draft_may_begin_on_a_later_day():
    made = rulesets.draft("下月起")
    RoutingRule.objects.filter(ruleset=made, code="P05").update(lead_id="agri")
    day = timezone.localdate() + timedelta(days=9)
    rulesets.activate(made.number, effective_from=day)
    assert decide().ruleset == 1
    later = Router.load([XIHU], ["P05"], on=day).decide(Facts("P05", XIHU))
    assert (later.ruleset, name(later.lead)) == (made.number, "杭州市西湖区农业农村局")
    rulesets.roll_back(made.number)
    assert Router.load([XIHU], ["P05"], on=day).decide(Facts("P05", XIHU)).ruleset == 1


@pytest.mark.parametrize(
    ("spoil", "code"),
    [
        (lambda made: RoutingRule.objects.filter(ruleset=made, code="V02").delete(), "coverage_falls"),
        (lambda made: RoutingRule.objects.filter(ruleset=made, code="V02").update(lead_id="court"), "coverage_falls"),
        (lambda made: RoutingRule.objects.filter(ruleset=made, code="V02").update(participants=["?"]), "broken_rules"),
        (lambda made: EscalationRule.objects.filter(ruleset=made, code="G4").update(conditions=[]), "broken_rules"),
        (lambda made: RuleSet.objects.filter(pk=made.pk).update(state="retired"), "not_a_draft"),
    ],
)
def test_a_draft_that_would_lose_something_is_refused_and_nothing_changes(spoil, code):
    made = rulesets.draft("坏的")
    spoil(made)
    before = everything()
    with pytest.raises(RuleSetError) as raised:
        rulesets.activate(made.number)
    assert raised.value.code == code
    assert raised.value.message
    assert everything() == before


def test_what_cannot_be_activated_or_rolled_back():
    before = everything()
    made = rulesets.draft("草稿")
    for refused, code in (
        (lambda: rulesets.activate(99), "no_such_set"),
        (lambda: rulesets.activate(made.pk, effective_from=timezone.localdate() - timedelta(days=1)), "day_past"),
        (lambda: rulesets.roll_back(1), "nothing_before"),
        (lambda: rulesets.roll_back(made.pk), "not_active"),
    ):
        with pytest.raises(RuleSetError) as raised, transaction.atomic():
            refused()
        assert raised.value.code == code
    made.delete()
    assert everything() == before


def book(ruleset=None):
    return Rulebook.read(set(Topic.objects.values_list("code", flat=True)), timezone.localdate(), ruleset)


def test_the_shipped_rules_are_whole():
    shipped = book()
    assert (unreachable(shipped), conflicts(shipped)) == ([], [])
    report = simulate(RuleSet.objects.get(pk=1), [])
    assert (report.broken, report.uncovered, report.lost_cells) == ([], [], [])


def test_seeded_faults_of_a_draft_are_all_found():
    made = rulesets.draft("有错")
    fire, web = condition("harm", "is", "fire"), condition("channel", "in", "web", "phone")
    rule("wide", conditions=[web], ruleset=made)
    rule("shadowed", conditions=[condition("channel", "is", "web"), fire], priority=2, ruleset=made)
    rule("reached", conditions=[condition("channel", "in", "web", "api"), fire], priority=2, ruleset=made)
    rule("never", conditions=[fire, condition("harm", "is", "illness")], priority=3, ruleset=made)
    rule("left", topic="P06", conditions=[fire], lead_id="fire", ruleset=made)
    rule("right", topic="P06", conditions=[web], lead_id="police", ruleset=made)
    rule("apart", topic="P06", conditions=[condition("harm", "is", "illness"), web], lead_id="nhc", ruleset=made)
    rule("local", topic="P06", conditions=[web], lead_id="nhc", region_id=HANGZHOU, ruleset=made)
    RoutingRule.objects.filter(ruleset=made, code="V02").update(region_id="330000")
    report = simulate(made, [])
    assert report.unreachable == [Finding("P05", "shadowed", "wide"), Finding("P05", "never", "")]
    assert report.conflicts == [Finding("P06", "left", "right")]
    assert {topic for topic, _region in report.lost_cells} == {"V02"}
    assert (("V02", SIP) in report.lost_cells, ("V02", XIHU) in report.lost_cells) == (True, False)
    assert len(report.lost_cells) == len(report.uncovered) == 95 + 9 + 122 + 2


def test_a_simulation_counts_who_gains_and_who_loses_and_writes_nothing():
    made = rulesets.draft("试算")
    RoutingRule.objects.filter(ruleset=made, code="P05").update(lead_id="agri")
    RoutingRule.objects.filter(ruleset=made, code="P07").delete()
    cases = [(f"c{n}", Facts("P05" if n % 2 else "P06", XIHU)) for n in range(600)]
    cases += [("lost", Facts("P07", XIHU)), ("unsure", Facts("", XIHU))]
    before, told = everything(), []
    report = simulate(made, cases, lambda done, total: told.append((done, total)))
    assert everything() == before
    assert (report.cases, report.changed_cases, report.to_triage, report.from_triage) == (602, 301, 1, 0)
    assert len(report.changed) == 200
    assert report.changed[0] == {
        "case": "c1",
        "from": "杭州市西湖区市场监督管理局",
        "to": "杭州市西湖区农业农村局",
        "rule_from": "P05",
        "rule_to": "P05",
    }
    assert [(shift.name, shift.before, shift.after) for shift in report.units] == [
        ("杭州市西湖区市场监督管理局", 601, 300),
        ("杭州市西湖区农业农村局", 0, 300),
    ]
    assert [shift.after - shift.before for shift in report.bureaus] == [-301, 300]
    assert told == [(250, 602), (500, 602), (602, 602)]
    assert report.as_json()["lost_cells_count"] == len(report.lost_cells) > 300


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
