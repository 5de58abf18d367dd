"""The admin pages: everything can be found and corrected, and corrections last."""

import pytest
from django.contrib.auth import get_user_model
from django.urls import reverse

from routing.decide import Router
from routing.facts import Facts
from routing.load import load
from routing.models import BureauName, Origin, Region, RoutingRule, Unit

pytestmark = pytest.mark.django_db
PAGES = ("topic", "region", "bureau", "bureauname", "unit", "routingrule", "routingparticipant")


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
    return office.post(url, data | values)


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


def test_a_changed_rule_is_a_new_version_and_survives(office):
    rule = RoutingRule.objects.get(code="P01")
    assert change(office, rule, lead="agri").status_code == 302
    load(force=True)
    decision = Router.load(["330106"], ["P01"]).decide(Facts("P01", "330106"))
    assert decision.lead is not None
    assert Unit.objects.get(pk=decision.lead).name == "杭州市西湖区农业农村局"
    assert decision.reasons[0].params["version"] == "2"
    assert RoutingRule.objects.filter(code="P01").count() == 1


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
        ("P01", {"field": "stage"}),
        ("P01", {"field": "stage", "value": "gym"}),
        ("P03-stage-farm", {"value": "market"}),
        ("P01", {"lead": "nobody"}),
    ],
)
def test_a_rule_that_cannot_be_is_refused_with_a_message(office, code, values):
    rule = RoutingRule.objects.get(code=code)
    before = RoutingRule.objects.filter(pk=rule.pk).values().get()
    answer = change(office, rule, **values)
    assert answer.status_code == 200
    assert answer.context["errors"]
    assert RoutingRule.objects.filter(pk=rule.pk).values().get() == before


def test_only_what_was_added_by_hand_can_be_deleted(office):
    loaded = RoutingRule.objects.get(code="P01")
    assert (
        office.post(reverse("admin:routing_routingrule_delete", args=[loaded.pk]), {"post": "yes"}).status_code == 403
    )
    assert RoutingRule.objects.filter(code="P01").exists()
    added = RoutingRule.objects.create(code="x", topic_id="V02", region_id="330100", lead_id="mee", level="C")
    assert office.post(reverse("admin:routing_routingrule_delete", args=[added.pk]), {"post": "yes"}).status_code == 302
    assert not RoutingRule.objects.filter(code="x").exists()


def test_nobody_else_gets_in(client):
    answer = client.get(reverse("admin:routing_unit_changelist"))
    assert answer.status_code == 302
    assert "login" in answer["Location"]
