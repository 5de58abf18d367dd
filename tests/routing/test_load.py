"""Loading: once, again, after changes, after mistakes."""

import csv
import shutil
from datetime import date

import pytest
from django.core.management import CommandError, call_command

from routing.conditions import short_form
from routing.fields import DATA
from routing.load import load, refresh_units
from routing.models import (
    Bureau,
    BureauName,
    DataLoad,
    EscalationRule,
    Origin,
    Region,
    RoutingParticipant,
    RoutingRule,
    RuleSet,
    Topic,
    Unit,
)
from routing.tables import DataError

pytestmark = pytest.mark.django_db
MODELS = (
    Topic,
    Region,
    Bureau,
    BureauName,
    Unit,
    RuleSet,
    RoutingRule,
    EscalationRule,
    RoutingParticipant,
    DataLoad,
)


def everything():
    return {model: sorted(model.objects.values_list(), key=str) for model in MODELS}


@pytest.fixture
def folder(tmp_path):
    """A copy of the shipped files, to be broken."""
    copy = tmp_path / "data"
    shutil.copytree(DATA, copy)
    return copy


def rewrite(folder, file, old, new):
    path = folder / file
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1, (file, old)
    path.write_text(text.replace(old, new), encoding="utf-8")
    return text[: text.index(old)].count("\n") + 1


def test_unchanged_files_cost_next_to_nothing(django_assert_max_num_queries):
    before = everything()
    with django_assert_max_num_queries(4):  # two of them the savepoint
        assert load().unchanged_files
    assert everything() == before


def test_loading_again_changes_nothing():
    before = everything()
    changes = load(force=True)
    assert (changes.created, changes.updated, changes.removed, changes.kept) == (0, 0, 0, 0)
    after = everything()
    before.pop(DataLoad), after.pop(DataLoad)
    assert after == before


def test_a_changed_line_changes_its_row_only(folder):
    rewrite(folder, "topics.csv", "餐饮食品安全", "餐饮安全")
    changes = load(folder)
    assert (changes.created, changes.updated, changes.removed) == (0, 1, 0)
    assert Topic.objects.get(code="P02").name == "餐饮安全"


def test_a_renamed_region_renames_what_is_below(folder):
    rewrite(folder, "regions.csv", "330100,杭州市,", "330100,新杭州市,")
    load(folder)
    assert Region.objects.get(code="330106").full_name == "浙江省新杭州市西湖区"
    assert Unit.objects.get(bureau="samr", region="330106").name == "新杭州市西湖区市场监督管理局"


def test_a_rule_taken_out_of_the_file_is_gone_and_a_new_version_comes(folder):
    path = folder / "routing_rules.csv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["code"] != "P03-stage-farm"]
    (default,) = [row for row in rows if row["code"] == "P05"]
    rows.append(default | {"version": "2", "lead": "miit_p", "valid_from": "2026-07-01"})
    default["valid_to"] = "2026-06-30"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(default))
        writer.writeheader()
        writer.writerows(rows)
    changes = load(folder)
    assert (changes.created, changes.updated, changes.removed) == (1, 1, 1)
    assert not RoutingRule.objects.filter(code="P03-stage-farm").exists()
    assert [rule.lead_id for rule in RoutingRule.objects.filter(code="P05").valid_on(date(2026, 6, 30))] == ["samr"]
    assert [rule.lead_id for rule in RoutingRule.objects.filter(code="P05").valid_on(date(2026, 7, 1))] == ["miit_p"]


def test_a_file_of_the_first_form_is_still_good(folder):
    """Field and value as the one condition, and nothing of what came later."""
    path = folder / "routing_rules.csv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = [row[:12] for row in csv.reader(file)]
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)
    load(folder)
    rule = RoutingRule.objects.get(code="P03-stage-farm")
    assert rule.conditions == short_form("stage", "farm")
    assert set(RoutingRule.objects.values_list("supervisor", "list_entry")) == {(None, "")}
    assert RoutingRule.objects.count() == len(rows) - 1


def test_several_conditions_and_all_columns_come_in(folder):
    path = folder / "routing_rules.csv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    more = '[{"field": "urgency", "op": "at_least", "values": ["U2"]}]'
    rows.append(
        rows[0]
        | {"code": "new", "priority": "1", "field": "harm", "value": "illness", "conditions": more}
        | {
            "supervisor": "nhc",
            "enforcer": "police",
            "participants": "grain forest",
            "list_entry": "第1项",
            "source": "x",
        }
    )
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    assert load(folder).created == 1
    rule = RoutingRule.objects.get(code="new")
    assert [condition["field"] for condition in rule.conditions] == ["harm", "urgency"]
    assert (rule.supervisor_id, rule.enforcer_id, rule.participants) == ("nhc", "police", ["grain", "forest"])
    assert load(folder, force=True).updated == 0


def test_units_are_those_of_the_day():
    load(on=date(2016, 5, 1), force=True)
    nhc = Unit.objects.get(bureau="nhc", region="330000")
    assert nhc.name == "浙江省卫生和计划生育委员会"
    assert Unit.objects.get(bureau="qts", region="330000").active
    assert not Unit.objects.get(bureau="samr", region="330106").active
    assert DataLoad.objects.get().units_until == date(2018, 4, 20)  # the inspection bureaus end
    assert not load(on=date(2026, 11, 1)).unchanged_files  # the files did not change, the day did
    nhc.refresh_from_db()
    assert nhc.name == "浙江省卫生健康委员会"
    assert not Unit.objects.get(bureau="qts", region="330000").active
    assert Unit.objects.get(bureau="samr", region="330106").active


def test_what_a_person_changed_stays(folder):
    Unit.objects.filter(bureau="samr", region="330106").update(name="西湖市监局", origin=Origin.EDITED)
    Topic.objects.filter(code="P01").update(name="食品", origin=Origin.EDITED)
    RoutingRule.objects.filter(code="P03-stage-market").delete()
    at_market = short_form("stage", "market")
    RoutingRule.objects.filter(code="P03-stage-farm").update(
        lead_id="forest", version=2, conditions=at_market, origin=Origin.EDITED
    )
    RoutingParticipant.objects.create(topic_id="P01", bureau_id="grain", position=9)
    rewrite(folder, "topics.csv", "食品（预包装、散装、保健食品）", "包装食品")
    changes = load(folder)
    assert changes.kept == 4  # unit, topic, and the files' lines for the rule: its old code and its new condition
    assert Unit.objects.get(bureau="samr", region="330106").name == "西湖市监局"
    assert Topic.objects.get(code="P01").name == "食品"
    assert [
        (rule.code, rule.version, rule.lead_id)
        for rule in RoutingRule.objects.filter(topic="P03").exclude(conditions=[])
    ] == [("P03-stage-farm", 2, "forest")]
    assert RoutingParticipant.objects.filter(topic="P01", bureau="grain").exists()


def test_a_name_given_by_hand_makes_a_unit_and_keeps_it(folder):
    BureauName.objects.create(bureau_id="samr", region_id="320576", level="zone", pattern="{region}市场监督管理局")
    assert refresh_units().created == 1
    unit = Unit.objects.get(bureau="samr", region="320576")
    assert (unit.name, unit.level) == ("苏州工业园区市场监督管理局", "county")
    load(folder, force=True)
    unit.refresh_from_db()
    assert unit.active


@pytest.mark.parametrize(
    ("file", "old", "new", "problem"),
    [
        (
            "topics.csv",
            "P05,product.appliance_electronics,product,",
            "P05,product.appliance_electronics,goods,",
            "domain",
        ),
        ("topics.csv", "P05,product.appliance_electronics", "P04,product.appliance_electronics", "6"),
        ("topics.csv", "P05,product.appliance_electronics", "Z05,product.appliance_electronics", "code"),
        ("regions.csv", "330106,西湖区,county,330100", "330106,西湖区,county,330900", ""),
        ("regions.csv", "330106,西湖区,county,330100", "330106,西湖区,county,339999", "339999"),
        ("regions.csv", "330106,西湖区,county,330100", "330106,西湖区,zone,330100", ""),
        ("regions.csv", "330106,西湖区", "33010,西湖区", "code"),
        ("regions.csv", "2019-09-25", "2019-13-25", "valid_from"),
        ("bureaus.csv", "customs,2018年4月并入海关", "douane,2018年4月并入海关", "douane"),
        ("bureau_names.csv", "mpa,,province,{province}药品", "mpa,,province,{provice}药品", ""),
        ("bureau_names.csv", "mpa,,province,", "mpaa,,province,", "mpaa"),
        (
            "routing_rules.csv",
            "P03-stage-farm,1,P03,,stage,farm,10,agri",
            "P03-stage-farm,1,P03,,stage,farm,10,agrl",
            "agrl",
        ),
        ("routing_rules.csv", "P03-stage-farm,1,P03,,stage,farm", "P03-stage-farm,1,P03,,stage,", ""),
        ("routing_rules.csv", "P03-stage-farm,1,P03,,stage,farm", "P03-stage-farm,1,P03,,stage,fram", "fram"),
        ("routing_rules.csv", "P03-stage-farm,1,P03,,stage,farm", "P03-stage-farm,1,P03,,stage,market", ""),
        ("routing_rules.csv", "P03-stage-farm,1,P03", "P03-stage-farm,one,P03", "version"),
        ("escalations.csv", "两个单位退回,", "两个单位退回,[],", "13"),
        ("escalations.csv", ",adjudicate,data12345,,1,wd", ",adjudicate,data12345,,1,weeks", "unit"),
        ("escalations.csv", ",hand_over,police,", ",hand_over,polis,", "polis"),
        ("escalations.csv", ",hand_over,police,", ",hand_over,,", ""),
        ("escalations.csv", '""refusals"", ""op"": ""at_least""', '""refusals"", ""op"": ""is""', "refusals"),
        ("escalations.csv", '""values"": [""suspected_crime""]', '""values"": []', "flag"),
        ("escalations.csv", '""suspected_crime""]}]"', '""suspected_crime""]"', "JSON"),
        ("routing_rules.csv", "V05-330000,1,V05,330000,,,50", "V05-330000,1,V05,,,,50", ""),
        ("routing_rules.csv", "府确定部门,,,,mee,chengguan", "府确定部门,,,,mee,chenguan", "chenguan"),
        ("routing_participants.csv", "P01,agri,,,1,,", "P01,agri,,,1,2026-02-01,2026-01-01", ""),
        ("routing_participants.csv", "P01,agri,,,1,,", "P01,agri,,,1", "7"),
        ("field_phrases.csv", "P03,stage,farm,大棚", "P03,stage,frm,大棚", "stage=frm"),
        ("field_phrases.csv", "P03,stage,farm,大棚", "P93,stage,farm,大棚", "P93"),
    ],
)
def test_a_broken_line_is_named_and_nothing_changes(folder, file, old, new, problem):
    rewrite(folder, "topics.csv", "餐饮食品安全", "餐饮安全")  # a good change that must not slip through
    line = rewrite(folder, file, old, new)
    before = everything()
    with pytest.raises(DataError) as raised:
        load(folder)
    named = [text for text in str(raised.value).splitlines() if file in text and str(line) in text]
    assert named, str(raised.value)
    assert problem in " ".join(named)
    assert everything() == before


def test_the_command_ends_with_the_error(folder):
    rewrite(folder, "topics.csv", "P05,product", "P05 product")
    with pytest.raises(CommandError, match=r"topics\.csv"):
        call_command("load_routing", folder=folder)


@pytest.mark.parametrize("break_it", ["missing", "header", "encoding"])
def test_a_broken_file_is_named(folder, break_it):
    path = folder / "bureaus.csv"
    before = everything()
    if break_it == "missing":
        path.unlink()
    elif break_it == "header":
        path.write_text(path.read_text(encoding="utf-8").replace("short_name", "short"), encoding="utf-8")
    else:
        path.write_bytes(path.read_text(encoding="utf-8").encode("gb18030"))
    with pytest.raises(DataError, match=r"bureaus\.csv"):
        load(folder)
    assert everything() == before


def test_what_is_in_use_cannot_be_taken_out_of_a_file(folder):
    lines = (folder / "regions.csv").read_text(encoding="utf-8").splitlines()
    kept = [line for line in lines if not line.startswith("330106,")]
    (folder / "regions.csv").write_text("\n".join(kept) + "\n", encoding="utf-8")
    before = everything()
    with pytest.raises(DataError, match="330106"):
        load(folder)
    assert everything() == before


def test_a_spreadsheet_may_add_a_mark_and_its_line_ends(folder):
    path = folder / "topics.csv"
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n"))
    changes = load(folder)
    assert (changes.created, changes.updated, changes.removed) == (0, 0, 0)
