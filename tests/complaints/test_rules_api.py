"""The "why here" card, rule sets and simulations over HTTP."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from complaints import actions
from complaints.actions.rules import SIMULATE_JOB, latest_facts
from complaints.models import Role, RoutingDecision, RuleSimulation
from routing import card, rulesets
from routing.decide import Router
from routing.facts import Facts
from routing.models import EscalationRule, RoutingRule, RuleSet, Unit
from tests import make

pytestmark = pytest.mark.django_db
API = "/api/v1"
WHY = {"reason": "按新的职责分工"}


def supervisor(region=make.ZHEJIANG):
    return make.user(Role.SUPERVISOR, region=region)


@pytest.fixture
def settled():
    """A case that the system decided by itself or gave to a person; either way with facts."""
    case = make.case()
    while actions.triage_waiting():
        pass
    case.refresh_from_db()
    return case


@pytest.fixture
def decided():
    """A case with a decision of the rules, whatever the model of the day thinks of its text."""
    case = make.case()
    return decided_as(case, Facts("V05", make.XIHU, urgency="U1", flags=frozenset({"anonymous"})))


def decided_as(case, facts):
    decision = Router.load([facts.region], [facts.topic]).decide(facts)
    RoutingDecision.objects.create(
        case=case,
        lead_unit_id=decision.lead,
        participant_units=list(decision.participants),
        level=decision.level,
        region_id=decision.region,
        reasons=[{"code": reason.code, "params": dict(reason.params)} for reason in decision.reasons],
        **card.columns(facts, decision),
    )
    return case


def test_triage_stores_the_facts_and_what_decided(settled):
    stored = settled.decisions.get()
    assert (stored.facts["region"], stored.facts["channel"], stored.facts["flags"]) == (make.XIHU, "web", [])
    assert stored.facts["intent"] == settled.predictions.get().intent
    assert [number for number, _facts in latest_facts(None, 10)] == [settled.number]


def test_a_dispatch_by_hand_has_a_card_too():
    case = make.dispatched("samr", ("agri",))
    shown = make.client(make.dispatcher()).get(f"{API}/cases/{case.number}/why-here/").json()
    assert shown["lead"] == "杭州市西湖区市场监督管理局"
    assert shown["participants"] == [{"name": "杭州市西湖区农业农村局", "why": ""}]
    assert (shown["rule"]["code"], len(shown["notes"])) == ("", 1)


def test_the_card_says_everything(decided):
    shown = make.client(make.dispatcher()).get(f"{API}/cases/{decided.number}/why-here/").json()
    assert shown["lead"] == "杭州市西湖区综合行政执法局"
    assert shown["supervisor"] == "杭州市生态环境局西湖分局"
    assert (shown["rule"]["code"], shown["rule"]["version"], shown["rule"]["ruleset"]) == ("V05-330000", 1, 1)
    assert "大气污染防治法" in shown["basis"]
    assert shown["list_entry"]
    assert shown["source"]
    assert {"name": "标记", "value": "匿名"} in shown["facts"]
    assert {"name": "紧急程度", "value": "特急"} in shown["facts"]
    assert any("西湖区" in text for text in shown["jurisdiction"])
    assert all(part["name"] and part["why"] for part in shown["participants"])
    assert any("G1" in part["why"] for part in shown["participants"])
    page = make.client(make.dispatcher(), Accept="text/html").get(f"{API}/cases/{decided.number}/why-here.html")
    assert (page.status_code, page["Content-Type"]) == (200, "text/html; charset=utf-8")
    text = page.content.decode()
    own = [shown[name] for name in ("number", "lead", "basis", "list_entry")]
    for part in (*own, "V05-330000", "size: A4", "监管部门：杭州市生态"):
        assert part in text


def test_the_card_is_the_same_to_the_byte_after_rules_and_names_have_changed(decided):
    client = make.client(make.dispatcher())
    paths = [f"{API}/cases/{decided.number}/why-here/", f"{API}/cases/{decided.number}/why-here.html"]
    before = [client.get(path).content for path in paths]
    RoutingRule.objects.filter(code__startswith="V05").update(basis="别的", lead_id="mee", version=7, list_entry="")
    EscalationRule.objects.all().delete()
    Unit.objects.filter(region__in=[make.XIHU, make.HANGZHOU]).update(name="改名局", active=False)
    assert [client.get(path).content for path in paths] == before


def test_the_card_is_for_those_who_may_see_the_case(decided):
    for path in (f"{API}/cases/{decided.number}/why-here/", f"{API}/cases/{decided.number}/why-here.html"):
        assert make.client().get(path).status_code == 401
        assert make.client(make.officer("police", make.YINZHOU)).get(path).status_code == 404
    page = make.client(Accept="text/html").get(f"{API}/cases/{decided.number}/why-here.html")
    assert (page.status_code, page["Content-Type"]) == (401, "application/problem+json")
    undecided = make.case()
    answer = make.client(make.dispatcher()).get(f"{API}/cases/{undecided.number}/why-here/")
    assert (answer.status_code, answer.json()["code"]) == (404, "no_decision")


def test_a_decision_without_facts_still_has_a_card(decided):
    RoutingDecision.objects.update(facts={}, record={}, rule="", rule_version=0, ruleset=0)
    shown = make.client(make.dispatcher()).get(f"{API}/cases/{decided.number}/why-here/").json()
    assert (shown["lead"], shown["facts"], shown["rule"]["code"]) == ("", [], "")
    assert "V05-330000" in shown["rule"]["text"]


def test_rule_sets_are_listed_with_the_same_number_of_queries(django_assert_num_queries):
    client = make.client(supervisor())
    client.get(f"{API}/routing/rulesets/")
    for name in ("甲", "乙", "丙"):
        rulesets.draft(name)
    with django_assert_num_queries(6):  # session, account, sets, the one in force, two counts
        listed = client.get(f"{API}/routing/rulesets/").json()
    assert [(row["number"], row["state"], row["in_force"]) for row in listed][-2:] == [
        (2, "draft", False),
        (1, "active", True),
    ]
    assert listed[0]["rules"] == RoutingRule.objects.filter(ruleset=4).count() > 100
    assert (listed[0]["escalations"] > 20, listed[0]["broken"]) == (True, 0)


def states():
    return sorted(RuleSet.objects.values_list("number", "state", "effective_from"))


def test_activating_and_going_back():
    made, boss = rulesets.draft("新"), supervisor()
    client = make.client(boss)
    answer = client.post(f"{API}/routing/rulesets/{made.number}/activate/", WHY, format="json")
    assert answer.status_code == 200
    assert (answer.json()["in_force"], answer.json()["changed_by"], answer.json()["replaced"]) == (True, str(boss), 1)
    back = client.post(f"{API}/routing/rulesets/{made.number}/rollback/", WHY, format="json")
    assert (back.json()["number"], back.json()["in_force"]) == (1, True)
    again = client.post(f"{API}/routing/rulesets/{made.number}/rollback/", WHY, format="json")
    assert (again.status_code, again.json()["code"]) == (409, "not_active")


@pytest.mark.parametrize(
    ("who", "path", "body", "status", "code"),
    [
        ("province", "2/activate/", {}, 409, "coverage_falls"),
        ("province", "2/activate/", {"effective_from": "2020-01-01"}, 409, "day_past"),
        ("province", "2/activate/", {"effective_from": "tomorrow"}, 400, "invalid"),
        ("province", "1/activate/", {}, 409, "not_a_draft"),
        ("province", "9/activate/", {}, 404, "no_such_set"),
        ("province", "1/rollback/", {}, 409, "nothing_before"),
        ("city", "2/activate/", {}, 403, "not_allowed"),
        ("city", "1/rollback/", {}, 403, "not_allowed"),
        ("dispatcher", "2/activate/", {}, 403, "not_allowed"),
        ("nobody", "2/activate/", {}, 401, "not_authenticated"),
    ],
)
def test_refusals_change_nothing(who, path, body, status, code):
    made = rulesets.draft("缺一块")
    RoutingRule.objects.filter(ruleset=made, code="V02").delete()
    before = states()
    people = {"province": supervisor, "city": lambda: supervisor(make.HANGZHOU), "dispatcher": make.dispatcher}
    client = make.client(people[who]() if who in people else None)
    answer = client.post(f"{API}/routing/rulesets/{path}", WHY | body, format="json")
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert not answer.json()["detail"].isascii()
    assert states() == before


def test_a_simulation_is_asked_for_worked_off_and_read(decided):
    made = rulesets.draft("试")
    RoutingRule.objects.filter(ruleset=made, code="V05-330000").update(lead_id="mee")
    client = make.client(supervisor(make.HANGZHOU))
    asked = client.post(f"{API}/routing/simulations/", {"ruleset": made.number}, format="json")
    assert (asked.status_code, asked.json()["state"]) == (202, "waiting")
    pk = asked.json()["id"]
    assert ProcrastinateJob.objects.get(task_name=SIMULATE_JOB).args == {"simulation": pk}
    actions.run_simulation(pk)
    read = client.get(f"{API}/routing/simulations/{pk}/").json()
    assert (read["state"], read["done"], read["total"]) == ("done", 1, 1)
    assert read["report"]["changed"] == [
        {
            "case": decided.number,
            "from_unit": "杭州市西湖区综合行政执法局",
            "to_unit": "杭州市生态环境局西湖分局",
            "rule_from": "V05-330000",
            "rule_to": "V05-330000",
        }
    ]
    assert {unit["name"]: unit["change"] for unit in read["report"]["units"]} == {
        "杭州市西湖区综合行政执法局": -1,
        "杭州市生态环境局西湖分局": 1,
    }
    assert make.client(supervisor()).get(f"{API}/routing/simulations/{pk}/").status_code == 404
    report = dict(RuleSimulation.objects.values_list("pk", "report"))
    actions.run_simulation(pk)  # a job that comes twice
    assert dict(RuleSimulation.objects.values_list("pk", "report")) == report


def test_a_simulation_sees_only_what_its_owner_sees(decided):
    client = make.client(supervisor(make.YINZHOU))
    pk = client.post(f"{API}/routing/simulations/", {"ruleset": 1, "cases": 5}, format="json").json()["id"]
    actions.run_simulation(pk)
    assert client.get(f"{API}/routing/simulations/{pk}/").json()["report"]["cases"] == 0


def test_a_simulation_whose_worker_died_is_not_taken_for_alive():
    client = make.client(supervisor())
    pk = client.post(f"{API}/routing/simulations/", {"ruleset": 1}, format="json").json()["id"]
    RuleSimulation.objects.update(state="running", beat_at=timezone.now() - timedelta(minutes=5))
    assert client.get(f"{API}/routing/simulations/{pk}/").json()["state"] == "failed"


@pytest.mark.parametrize(
    ("role", "body", "status"),
    [
        (Role.SUPERVISOR, {"ruleset": 99}, 404),
        (Role.SUPERVISOR, {"ruleset": 1, "cases": 0}, 400),
        (Role.SUPERVISOR, {"ruleset": 1, "cases": 10_001}, 400),
        (Role.SUPERVISOR, {"ruleset": "x"}, 400),
        (Role.DISPATCHER, {"ruleset": 1}, 403),
    ],
)
def test_what_cannot_be_simulated(role, body, status):
    answer = make.client(make.user(role, region=make.ZHEJIANG)).post(f"{API}/routing/simulations/", body, format="json")
    assert answer.status_code == status
    assert not RuleSimulation.objects.exists()
    assert not ProcrastinateJob.objects.filter(task_name=SIMULATE_JOB).exists()


def test_the_command_prints_the_report(decided, capsys):
    made = rulesets.draft("命令行")
    call_command("simulate_rules", str(made.number))
    report = json.loads(capsys.readouterr().out)
    assert (report["ruleset"], report["cases"], report["changed_cases"]) == (made.number, 1, 0)
    with pytest.raises(CommandError, match="77"):
        call_command("simulate_rules", "77")
