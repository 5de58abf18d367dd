"""Sets of rules: drafts, activation and the way back, and the simulator."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from routing import rulesets
from routing.analysis import Finding, conflicts, unreachable
from routing.decide import Router
from routing.facts import Facts
from routing.models import DataLoad, EscalationRule, RoutingRule, RuleSet, RuleSetState, Topic
from routing.rulebook import Rulebook
from routing.rulesets import RuleSetError
from routing.simulate import simulate
from tests.routing.test_rules import HANGZHOU, SIP, XIHU, condition, decide, name, rule

pytestmark = pytest.mark.django_db


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
