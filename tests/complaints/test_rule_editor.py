"""The rule editor over HTTP: drafts written, checked, compared, tried and thrown away."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from complaints.models import Role
from routing import rulesets
from routing.models import RoutingRule, RuleSet
from tests import make

pytestmark = pytest.mark.django_db
API = "/api/v1/routing"
YESTERDAY = str(timezone.localdate() - timedelta(days=1))
TOMORROW = str(timezone.localdate() + timedelta(days=1))
ASKS = {"field": "issue", "op": "is", "values": ["label"]}
WANTED = {"topic": "P05", "lead": "agri", "level": "C", "priority": 10, "conditions": [ASKS]}


def supervisor(region=make.ZHEJIANG):
    return make.user(Role.SUPERVISOR, region=region)


@pytest.fixture
def editor():
    return make.client(supervisor())


@pytest.fixture
def draft():
    return rulesets.draft("草稿")


def url(draft, *parts):
    return f"{API}/rulesets/{draft.number}/" + "".join(f"{part}/" for part in parts)


def rules(draft, topic=None):
    found = RoutingRule.objects.filter(ruleset=draft, **({"topic": topic} if topic else {}))
    return sorted(found.values_list("code", "priority", "lead_id", "valid_to", "version", "origin"))


def add(editor, draft, **more):
    return editor.post(url(draft, "rules"), WANTED | more, format="json")


def shown(editor, draft, topic):
    detail = editor.get(url(draft)).json()
    stamp = next(row["stamp"] for row in detail["topics"] if row["topic"] == topic)
    return [rule for rule in detail["rules"] if rule["topic"] == topic], stamp


def body_of(rule, **more):
    """What the form would send back."""
    sent = {name: rule[name] for name in (*WANTED, "region", "supervisor", "enforcer", "basis", "list_entry", "source")}
    dates = {name: rule[name] for name in ("valid_from", "valid_to")}
    parts = [part["id"] for part in rule["participants"]]
    conditions = [{name: one[name] for name in ("field", "op", "values")} for one in rule["conditions"]]
    return sent | dates | {"participants": parts, "conditions": conditions, "stamp": rule["stamp"]} | more


def test_what_can_be_chosen_is_named_in_chinese(editor):
    words = editor.get(f"{API}/vocabulary/").json()
    fields = {field["field"]: field for field in words["fields"]}
    assert fields["stage"]["name"] == "环节"
    assert {"code": "farm", "name": "种植养殖"} in fields["stage"]["values"]
    assert [op["code"] for op in fields["deaths"]["ops"]] == ["at_least"]
    assert (fields["respondent_region"]["kind"], fields["deaths"]["kind"]) == ("region", "number")
    assert {"code": "samr", "name": "市场监督管理局"} in words["bureaus"]
    named = [*words["levels"], *words["templates"], *(op for field in words["fields"] for op in field["ops"])]
    assert not [one for one in named if one["name"].isascii()]


def test_a_draft_is_made_filled_compared_and_thrown_away(editor):
    made = editor.post(f"{API}/rulesets/", {"name": "明年分工"}, format="json")
    assert (made.status_code, made.json()["state"]) == (201, "draft")
    assert made.json()["actions"] == ["simulate", "copy", "edit", "discard", "activate"]
    draft = RuleSet.objects.get(number=made.json()["number"])
    added = add(editor, draft, supervisor="samr", participants=["police"], region=make.HANGZHOU)
    assert (added.status_code, added.json()["code"]) == (201, "P05-330100-issue-label")
    for part in ("如果 主题：", "杭州市", "问题性质：标签标识", "牵头 农业农村局", "参与 公安局"):
        assert part in added.json()["sentence"]
    [line] = editor.get(url(draft, "diff")).json()
    assert (line["kind"], line["before"], line["after"]) == ("added", "", added.json()["sentence"])
    assert editor.get(url(RuleSet.objects.in_force(), "diff")).json() == []
    detail = editor.get(url(draft)).json()
    assert detail["history"][0]["said"].startswith("新增规则 P05-330100-issue-label")
    assert editor.delete(url(draft)).status_code == 204
    assert not RuleSet.objects.filter(number=draft.number).exists()


@pytest.mark.parametrize(
    ("more", "fields"),
    [
        ({"topic": "Z99"}, {"topic"}),
        ({"topic": "", "lead": ""}, {"topic", "lead"}),
        ({"region": "339999"}, {"region"}),
        ({"lead": "nobody", "participants": ["ghost"]}, {"lead", "participants"}),
        ({"supervisor": "x", "enforcer": "y"}, {"supervisor", "enforcer"}),
        ({"conditions": [ASKS, {"field": "issue", "op": "is", "values": []}]}, {"conditions.1"}),
        ({"conditions": [{"field": "", "op": "", "values": []}]}, {"conditions.0"}),
        ({"conditions": [{"field": "issue", "op": "at_least", "values": ["label"]}]}, {"conditions.0"}),
        ({"conditions": [{"field": "issue", "op": "is", "values": ["nonsense"]}]}, {"conditions.0"}),
        ({"conditions": [{"field": "region", "op": "is", "values": ["339999"]}]}, {"conditions.0"}),
        ({"conditions": [ASKS] * 9}, {"conditions"}),
        ({"conditions": []}, {"conditions"}),  # asks for nothing, before the default
        ({"valid_from": YESTERDAY}, {"valid_from"}),
        ({"valid_to": YESTERDAY}, {"valid_to"}),
        ({"valid_from": TOMORROW, "valid_to": str(timezone.localdate())}, {"valid_to"}),
        ({"valid_to": "someday"}, {"valid_to"}),
        ({"level": "Q"}, {"level"}),
        ({"priority": 0}, {"priority"}),
        ({"conditions": [], "priority": 100}, {"conditions"}),  # overlaps the default that is there
    ],
)
def test_a_wrong_rule_is_refused_at_its_field(editor, draft, more, fields):
    before = rules(draft)
    answer = add(editor, draft, **more)
    assert answer.status_code == 400
    assert set(answer.json()["errors"]) == fields
    assert not [said for field in answer.json()["errors"].values() for said in field if said.isascii()]
    assert rules(draft) == before


def test_a_rule_is_changed_by_who_saw_it(editor, draft):
    [rule, *_rest], _stamp = shown(editor, draft, "P05")
    address = url(draft, "rules", rule["id"])
    answer = editor.put(address, body_of(rule, lead="mofcom"), format="json")
    assert (answer.status_code, answer.json()["lead"], answer.json()["version"]) == (200, "mofcom", 2)
    before = rules(draft)
    late = editor.put(address, body_of(rule, lead="police"), format="json")
    assert (late.status_code, late.json()["code"]) == (409, "stale_version")
    gone = editor.delete(f"{address}?stamp={rule['stamp']}")
    assert (gone.status_code, gone.json()["code"]) == (409, "stale_version")
    assert rules(draft) == before
    same = editor.put(address, body_of(answer.json()), format="json")
    assert (same.status_code, same.json()["version"]) == (200, 2)
    [line] = editor.get(url(draft, "diff")).json()
    assert (line["kind"], line["fields"]) == ("changed", ["牵头部门"])


def test_a_shipped_rule_ends_and_an_own_one_goes(editor, draft):
    own = add(editor, draft).json()
    assert editor.delete(f"{url(draft, 'rules', own['id'])}?stamp={own['stamp']}").status_code == 204
    assert not RoutingRule.objects.filter(pk=own["id"]).exists()
    [rule, *_rest], _stamp = shown(editor, draft, "P05")
    assert editor.delete(f"{url(draft, 'rules', rule['id'])}?stamp={rule['stamp']}").status_code == 204
    ended = RoutingRule.objects.get(pk=rule["id"])
    assert (str(ended.valid_to), ended.origin) == (YESTERDAY, "edited")


def test_rules_are_put_in_another_order(editor, draft):
    for value in ("price", "label", "content"):
        assert add(editor, draft, conditions=[ASKS | {"values": [value]}]).status_code == 201
    listed, stamp = shown(editor, draft, "P05")
    wanted = [listed[2], listed[0], listed[1], *listed[3:]]
    body = {"topic": "P05", "rules": [rule["id"] for rule in wanted], "stamp": stamp}
    assert editor.post(url(draft, "order"), body, format="json").status_code == 204
    after, _stamp = shown(editor, draft, "P05")
    assert [rule["code"] for rule in after] == [rule["code"] for rule in wanted]
    assert after[-1]["priority"] == 100
    before = rules(draft)
    late = editor.post(url(draft, "order"), body, format="json")
    assert (late.status_code, late.json()["code"]) == (409, "stale_version")
    short = editor.post(url(draft, "order"), body | {"rules": body["rules"][:-1]}, format="json")
    assert short.status_code == 409
    assert rules(draft) == before


def test_the_check_names_what_stands_against_activating(editor, draft):
    good = editor.get(url(draft, "check")).json()
    assert (good["ready"], good["lost_cells_count"]) == (True, 0)
    RoutingRule.objects.filter(ruleset=draft, code="V02").delete()
    RoutingRule.objects.filter(ruleset=draft, topic="P05").update(conditions=[{"field": "x"}])
    bad = editor.get(url(draft, "check")).json()
    assert (bad["ready"], bad["lost_cells_count"] > 200) == (False, True)
    row = next(row for row in bad["grid"]["rows"] if row["topic"] == "V02")
    hangzhou = [city["code"] for city in bad["grid"]["cities"]].index(make.HANGZHOU)
    assert row["lost"][hangzhou] == row["uncovered"][hangzhou] == bad["grid"]["cities"][hangzhou]["places"] > 10
    assert {one["rule"] for one in bad["broken"]} >= {"P05"}


def test_a_case_is_tried_by_draft_and_by_the_set_in_force(editor, draft):
    add(editor, draft)
    facts = {"topic": "P05", "region": make.XIHU, "sub_fields": {"issue": "label"}}
    leads = [
        editor.post(url(one, "try"), facts, format="json").json() for one in (draft, RuleSet.objects.get(number=1))
    ]
    assert [lead["lead"] for lead in leads] == ["杭州市西湖区农业农村局", "杭州市西湖区市场监督管理局"]
    assert (leads[0]["rule"]["code"], leads[0]["rule"]["ruleset"]) == ("P05-issue-label", draft.number)
    nowhere = editor.post(url(draft, "try"), {"topic": "P05"}, format="json").json()
    assert (nowhere["lead"], len(nowhere["jurisdiction"])) == ("", 1)
    wrong = {"sub_fields": {"issue": "?"}, "flags": ["?"], "numbers": {"?": 1}, "intent": "?"}
    answer = editor.post(url(draft, "try"), facts | wrong, format="json")
    assert (answer.status_code, set(answer.json()["errors"])) == (
        400,
        {"sub_fields.issue", "flags", "numbers.?", "intent"},
    )


def test_only_drafts_are_edited(editor):
    active = RuleSet.objects.get(number=1)
    [rule, *_rest], stamp = shown(editor, active, "P05")
    before = rules(active)
    order = {"topic": "P05", "rules": [rule["id"]], "stamp": stamp}
    answers = [
        add(editor, active),
        editor.put(url(active, "rules", rule["id"]), body_of(rule, lead="police"), format="json"),
        editor.delete(f"{url(active, 'rules', rule['id'])}?stamp={rule['stamp']}"),
        editor.post(url(active, "order"), order, format="json"),
        editor.delete(url(active)),
    ]
    assert [(answer.status_code, answer.json()["code"]) for answer in answers] == [(409, "not_a_draft")] * 5
    assert rules(active) == before


@pytest.mark.parametrize(
    ("who", "reads", "writes"),
    [("city", 200, 403), ("dispatcher", 403, 403), ("officer", 403, 403), ("nobody", 401, 401)],
)
def test_who_may_edit(draft, who, reads, writes):
    people = {
        "city": lambda: supervisor(make.HANGZHOU),
        "dispatcher": make.dispatcher,
        "officer": make.officer,
        "nobody": lambda: None,
    }
    client, before = make.client(people[who]()), rules(draft)
    for address in (url(draft), url(draft, "diff"), url(draft, "check"), f"{API}/vocabulary/"):
        assert client.get(address).status_code == reads
    assert client.post(url(draft, "try"), {"topic": "P05"}, format="json").status_code == reads
    rule = RoutingRule.objects.filter(ruleset=draft).first()
    answers = [
        add(client, draft),
        client.put(url(draft, "rules", rule.pk), WANTED | {"stamp": "x"}, format="json"),
        client.delete(f"{url(draft, 'rules', rule.pk)}?stamp=x"),
        client.post(url(draft, "order"), {"topic": "P05", "rules": [], "stamp": "x"}, format="json"),
        client.delete(url(draft)),
        client.post(f"{API}/rulesets/", {"name": "x"}, format="json"),
    ]
    assert [answer.status_code for answer in answers] == [writes] * 6
    assert rules(draft) == before
    assert RuleSet.objects.count() == 2


def test_a_set_is_read_with_the_same_number_of_queries(editor, draft, django_assert_max_num_queries):
    editor.get(url(draft))
    for value in ("price", "label", "content"):
        add(editor, draft, conditions=[ASKS | {"values": [value]}])
    with django_assert_max_num_queries(13):
        editor.get(url(draft))


def test_the_reason_of_an_activation_stays(editor, draft):
    bare = editor.post(url(draft, "activate"), {}, format="json")
    assert (bare.status_code, set(bare.json()["errors"])) == (400, {"reason"})
    assert RuleSet.objects.get(number=draft.number).state == "draft"
    assert editor.post(url(draft, "activate"), {"reason": "机构改革"}, format="json").json()["in_force"]
    back = editor.post(url(draft, "rollback"), {"reason": "有误"}, format="json").json()
    history = [editor.get(f"{API}/rulesets/{number}/").json()["history"] for number in (draft.number, back["number"])]
    assert ["机构改革" in history[0][0]["said"], "有误" in history[1][0]["said"]] == [True, True]


def test_the_latest_simulation_is_found_again(editor, draft):
    address = f"{API}/simulations/"
    assert editor.get(address, {"ruleset": draft.number}).json() == []
    made = editor.post(address, {"ruleset": draft.number, "cases": 5}, format="json").json()
    assert [one["id"] for one in editor.get(address, {"ruleset": draft.number}).json()] == [made["id"]]
    assert make.client(supervisor()).get(address, {"ruleset": draft.number}).json() == []
