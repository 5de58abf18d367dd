"""The admin pages: everything can be found and corrected, and corrections last."""

import pytest
from django.contrib.auth import get_user_model
from django.urls import reverse

from routing import rulesets
from routing.decide import Router
from routing.facts import Facts
from routing.load import load
from routing.models import BureauName, Origin, Region, RoutingRule, RuleSet, Unit

pytestmark = pytest.mark.django_db
PAGES = ("topic", "region", "bureau", "bureauname", "unit", "routingrule", "routingparticipant", "escalationrule")


@pytest.fixture
def office(client):
    """A browser in which an administrator is logged in."""
    client.force_login(get_user_model().objects.create_superuser("root", password="x" * 12))
    return client


def form_of(response):
    """What the browser would send back if nothing was typed."""
    form = response.context["adminform"].form
    return {name: "" if form[name].value() is None else form[name].value() for name in form.fields}


def change(office, row, **values):
    url = reverse(f"admin:routing_{row._meta.model_name}_change", args=[row.pk])
    data = {key: value for key, value in form_of(office.get(url)).items() if value is not False}
    cells = {f"conditions_{at}": cell for at, cell in enumerate(data.pop("conditions", []))}
    if isinstance(data.get("participants"), list):
        data["participants"] = ",".join(data["participants"])
    return office.post(url, data | cells | values)


@pytest.fixture
def draft():
    """A draft of the shipped rules."""
    return rulesets.draft("草稿")


def step(office, action, *numbers):
    data = {"action": action, "_selected_action": numbers}
    return office.post(reverse("admin:routing_ruleset_changelist"), data, follow=True)


@pytest.mark.parametrize("page", PAGES)
def test_lists_are_searchable_and_forms_open(office, page):
    listed = reverse(f"admin:routing_{page}_changelist")
    assert office.get(listed).status_code == 200
    found = office.get(listed, {"q": "samr"}).context["cl"]
    assert found.result_count <= found.full_result_count
    first = office.get(listed).context["cl"].result_list[0]
    assert office.get(reverse(f"admin:routing_{page}_change", args=[first.pk])).status_code == 200
    assert office.get(reverse(f"admin:routing_{page}_add")).status_code == 200


def test_units_of_a_province_are_filtered(office):
    found = office.get(reverse("admin:routing_unit_changelist"), {"province": "330000", "q": "samr"})
    assert found.context["cl"].result_count == 1 + 11 + 90


def test_a_corrected_name_survives_a_reload(office):
    unit = Unit.objects.get(bureau="samr", region="330106")
    assert change(office, unit, name="西湖区市场监管局").status_code == 302
    load(force=True)
    unit.refresh_from_db()
    assert (unit.name, unit.origin) == ("西湖区市场监管局", Origin.EDITED)


def test_looking_without_changing_marks_nothing(office):
    unit = Unit.objects.get(bureau="samr", region="330106")
    assert change(office, unit).status_code == 302
    unit.refresh_from_db()
    assert unit.origin == Origin.FILE


def test_a_changed_rule_is_a_new_version_that_decides_once_activated_and_survives(office, draft):
    rule = RoutingRule.objects.get(code="P01", ruleset=draft)
    assert change(office, rule, lead="agri").status_code == 302
    assert leads("P01") == ("杭州市西湖区市场监督管理局", 1)
    assert step(office, "activate", draft.number).status_code == 200
    load()  # files are laid over the new set
    assert leads("P01") == ("杭州市西湖区农业农村局", 2)
    assert RoutingRule.objects.filter(code="P01").count() == 2
    step(office, "roll_back", draft.number)
    assert leads("P01") == ("杭州市西湖区市场监督管理局", 1)


def leads(topic):
    decision = Router.load(["330106"], [topic]).decide(Facts(topic, "330106"))
    return Unit.objects.get(pk=decision.lead).name, decision.version


def test_conditions_are_picked_line_by_line(office, draft):
    rule = RoutingRule.objects.get(code="P03-stage-farm", ruleset=draft)
    more = {"conditions_3": "urgency", "conditions_4": "at_least", "conditions_5": "U2"}
    shown = office.get(reverse("admin:routing_routingrule_change", args=[rule.pk])).content.decode()
    assert '<option value="stage" selected>' in shown
    assert 'value="farm"' in shown
    assert change(office, rule, **more).status_code == 302
    rule.refresh_from_db()
    assert rule.conditions == [
        {"field": "stage", "op": "is", "values": ["farm"]},
        {"field": "urgency", "op": "at_least", "values": ["U2"]},
    ]
    assert (rule.version, rule.origin, rule.error) == (2, Origin.EDITED, "")
    assert change(office, rule).status_code == 302
    rule.refresh_from_db()
    assert rule.version == 2


def test_rules_that_decide_are_looked_at_not_edited(office):
    rule = RoutingRule.objects.get(code="P01")
    url = reverse("admin:routing_routingrule_change", args=[rule.pk])
    assert office.get(url).status_code == 200
    before = RoutingRule.objects.filter(pk=rule.pk).values().get()
    assert office.post(url, {"code": "P01", "lead": "agri"}).status_code == 403
    assert RoutingRule.objects.filter(pk=rule.pk).values().get() == before


def test_a_draft_that_loses_coverage_is_refused_in_the_list_and_a_broken_rule_is_shown(office, draft):
    RoutingRule.objects.filter(ruleset=draft, code="V02").delete()
    refused = step(office, "activate", draft.number)
    assert "V02" in str(next(iter(refused.context["messages"])))
    assert RuleSet.objects.get(pk=draft.pk).state == "draft"
    RoutingRule.objects.filter(ruleset=draft, code="P01").update(participants=["nobody"])
    rulesets.check()
    listed = office.get(reverse("admin:routing_routingrule_changelist"), {"error__isempty": "0"})
    assert [row.code for row in listed.context["cl"].result_list] == ["P01"]
    assert "nobody" in listed.content.decode()
    step(office, "make_draft", draft.number)
    assert RuleSet.objects.count() == 3
    both = step(office, "activate", 2, 3)
    assert len(list(both.context["messages"])) == 1
    assert set(RuleSet.objects.values_list("number", "state")) == {(1, "active"), (2, "draft"), (3, "draft")}


def test_a_changed_pattern_renames_the_units(office):
    pattern = BureauName.objects.get(bureau="samr", level="county")
    assert change(office, pattern, pattern="{region}市监局").status_code == 302
    assert Unit.objects.get(bureau="samr", region="330106").name == "杭州市西湖区市监局"


def test_a_renamed_city_renames_its_counties(office):
    assert change(office, Region.objects.get(code="330100"), name="临安府").status_code == 302
    assert Region.objects.get(code="330106").full_name == "浙江省临安府西湖区"
    assert Unit.objects.get(bureau="samr", region="330106").name == "临安府西湖区市场监督管理局"


@pytest.mark.parametrize(
    ("code", "values"),
    [
        ("P01", {"valid_from": "2026-02-01", "valid_to": "2026-01-01"}),
        ("P01", {"conditions_0": "stage"}),
        ("P01", {"conditions_0": "stage", "conditions_1": "is", "conditions_2": "gym"}),
        ("P01", {"conditions_0": "stage", "conditions_1": "is", "conditions_2": ""}),
        ("P01", {"priority": "10"}),
        ("P01", {"participants": "agri,nobody"}),
        ("P03-stage-farm", {"conditions_2": "market"}),
        ("P01", {"lead": "nobody"}),
    ],
)
def test_a_rule_that_cannot_be_is_refused_with_a_message(office, draft, code, values):
    rule = RoutingRule.objects.get(code=code, ruleset=draft)
    before = RoutingRule.objects.filter(pk=rule.pk).values().get()
    answer = change(office, rule, **values)
    assert answer.status_code == 200
    assert answer.context["errors"]
    assert RoutingRule.objects.filter(pk=rule.pk).values().get() == before


def test_only_what_was_added_by_hand_can_be_deleted(office, draft):
    loaded = RoutingRule.objects.get(code="P01", ruleset=draft)
    assert (
        office.post(reverse("admin:routing_routingrule_delete", args=[loaded.pk]), {"post": "yes"}).status_code == 403
    )
    assert RoutingRule.objects.filter(code="P01").exists()
    added = RoutingRule.objects.create(
        ruleset=draft, code="x", topic_id="V02", region_id="330100", lead_id="mee", level="C"
    )
    assert office.post(reverse("admin:routing_routingrule_delete", args=[added.pk]), {"post": "yes"}).status_code == 302
    assert not RoutingRule.objects.filter(code="x").exists()


def test_nobody_else_gets_in(client):
    answer = client.get(reverse("admin:routing_unit_changelist"))
    assert answer.status_code == 302
    assert "login" in answer["Location"]
