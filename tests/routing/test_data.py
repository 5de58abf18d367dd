"""The shipped data: regions, names, units, rules."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction
from django.db.models import Count

from routing.load import places
from routing.models import (
    Bureau,
    BureauName,
    EscalationRule,
    Region,
    RoutingRule,
    RuleSet,
    Topic,
    Unit,
    scope_prefix,
)
from routing.names import NameRow, Names, is_pattern

pytestmark = pytest.mark.django_db
IMPORTED = [{"field": "origin", "op": "is", "values": ["import"]}]


def test_every_county_and_city_is_there():
    counted = {
        (row["level"], province): row["n"]
        for province in ("33", "32", "44")
        for row in Region.objects.within(province).values("level").annotate(n=Count("code")).order_by()
    }
    assert counted == {
        ("province", "33"): 1,
        ("city", "33"): 11,
        ("county", "33"): 90,
        ("province", "32"): 1,
        ("city", "32"): 13,
        ("county", "32"): 95,
        ("zone", "32"): 9,
        ("province", "44"): 1,
        ("city", "44"): 21,
        ("county", "44"): 122,
    }


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("330113", "浙江省杭州市临平区"),
        ("330114", "浙江省杭州市钱塘区"),
        ("330383", "浙江省温州市龙港市"),
        ("320613", "江苏省南通市崇川区"),
        ("320614", "江苏省南通市海门区"),
        ("320576", "江苏省苏州市苏州工业园区"),
        ("441900", "广东省东莞市"),
    ],
)
def test_todays_codes(code, name):
    assert Region.objects.get(code=code).full_name == name


def test_abolished_codes_are_gone_and_new_ones_begin_on_their_day():
    assert not Region.objects.filter(code__in=["330103", "330104", "320602", "320684"]).exists()
    linping = Region.objects.filter(code="330113")
    assert not linping.valid_on(date(2021, 4, 8)).exists()
    assert linping.valid_on(date(2021, 4, 9)).exists()


def test_a_scope_is_a_region_and_all_below_it():
    hangzhou = set(Region.objects.within("3301").values_list("code", flat=True))
    assert hangzhou == set(Region.objects.within("330100").values_list("code", flat=True))
    assert len(hangzhou) == 14
    assert {"330100", "330106", "330182"} <= hangzhou
    assert "330200" not in hangzhou
    assert list(Region.objects.within("330106").values_list("code", flat=True)) == ["330106"]
    assert Region.objects.within("330000").count() == 102
    assert [scope_prefix(code) for code in ("330000", "330100", "330106", "441900")] == ["33", "3301", "330106", "4419"]


@pytest.mark.parametrize(
    ("bureau", "region", "name", "level"),
    [
        ("samr", "330106", "杭州市西湖区市场监督管理局", "county"),
        ("samr", "330122", "桐庐县市场监督管理局", "county"),
        ("samr", "330000", "浙江省市场监督管理局", "province"),
        ("samr", "441900", "东莞市市场监督管理局", "city"),
        ("mee", "330106", "杭州市生态环境局西湖分局", "county"),
        ("mee", "320102", "南京市玄武生态环境局", "county"),
        ("mee", "331127", "丽水市生态环境局景宁分局", "county"),
        ("mee", "440000", "广东省生态环境厅", "province"),
        ("chengguan", "330000", "浙江省综合行政执法指导办公室", "province"),
        ("street", "330106", "杭州市西湖区属地乡镇（街道）", "township"),
        ("street", "320576", "苏州工业园区属地乡镇（街道）", "township"),
        ("street", "442000", "中山市属地乡镇（街道）", "township"),
        ("post", "330100", "杭州市邮政管理局", "branch"),
        ("nfra", "330200", "国家金融监督管理总局宁波监管局", "branch"),
        ("customs", "330200", "宁波海关", "branch"),
        ("police", "330106", "杭州市公安局西湖分局", "county"),
        ("police", "330122", "桐庐县公安局", "county"),
    ],
)
def test_units_are_named_as_people_know_them(bureau, region, name, level):
    unit = Unit.objects.get(bureau=bureau, region=region)
    assert (unit.name, unit.level, unit.active) == (name, level, True)


@pytest.mark.parametrize(
    ("bureau", "region"),
    [
        ("mpa", "330100"),
        ("post", "330106"),
        ("nfra", "330100"),
        ("chengguan", "320000"),
        ("street", "330100"),
        ("samr", "320576"),
        ("qts", "330000"),
        ("court", "330000"),
    ],
)
def test_no_unit_where_the_bureau_has_none(bureau, region):
    assert Bureau.objects.filter(id=bureau).exists()
    assert not Unit.objects.filter(bureau=bureau, region=region).exists()


def test_every_name_is_whole_and_a_bureau_has_one_at_a_place():
    assert not Unit.objects.filter(name__regex=r"[{}]").exists()
    assert not Unit.objects.filter(name__startswith="市").exists()
    assert Unit.objects.filter(bureau="samr").count() == 3 + 45 + 307


def names_on(day):
    rows = BureauName.objects.values_list("bureau", "region", "level", "pattern", "valid_from", "valid_to")
    return Names((NameRow(b, r or "", level, pattern, f, t) for b, r, level, pattern, f, t in rows), day)


@pytest.mark.parametrize(
    ("bureau", "year", "name"),
    [
        ("qts", 2013, "浙江省质量技术监督局"),
        ("qts", 2026, ""),
        ("mee", 2013, "浙江省环境保护厅"),
        ("mee", 2026, "浙江省生态环境厅"),
        ("nhc", 2013, "浙江省卫生厅"),
        ("nhc", 2016, "浙江省卫生和计划生育委员会"),
        ("nhc", 2026, "浙江省卫生健康委员会"),
        ("cbrc", 2013, "中国银行业监督管理委员会浙江监管局"),
        ("cbirc", 2020, "中国银行保险监督管理委员会浙江监管局"),
        ("ciq", 2013, "浙江出入境检验检疫局"),
    ],
)
def test_a_name_is_the_one_of_its_day(bureau, year, name):
    assert names_on(date(year, 6, 1)).of(bureau, places()["330000"]) == name


@pytest.mark.parametrize(
    ("past", "today"), [("qts", "samr"), ("aic", "samr"), ("cbrc", "nfra"), ("ciq", "customs"), ("samr", "samr")]
)
def test_an_abolished_bureau_leads_to_the_one_of_today(past, today):
    assert Bureau.objects.get(id=past).today().id == today


def test_every_topic_has_one_default_rule():
    defaults = RoutingRule.objects.filter(conditions=[], region=None).values_list("topic", flat=True)
    assert sorted(defaults) == sorted(Topic.objects.values_list("code", flat=True))
    assert len(defaults) == 46


@pytest.mark.parametrize("pattern", ["{regoin}局", "{region}局}", "{}局", "{region!r}局"])
def test_a_pattern_with_a_wrong_placeholder_is_refused(pattern):
    assert not is_pattern(pattern)
    assert is_pattern("{city}生态环境局{short}分局")


@pytest.mark.parametrize(
    "row",
    [
        Region(code="33010", name="x", full_name="x", level="county", parent_id="330100"),
        Region(code="330199", name="x", full_name="x", level="county"),
        Region(code="330199", name="x", full_name="x", level="zone", parent_id="330100"),
        Region(code="330199", name="x", full_name="x", level="village", parent_id="330100"),
        Topic(code="Q01", slug="x", domain="product", name="x"),
        Unit(bureau_id="samr", region_id="330106", name="x", level="county"),
        RoutingRule(ruleset_id=1, code="x", topic_id="P01", lead_id="samr", level="C"),
        RoutingRule(code="x", topic_id="P01", conditions=IMPORTED, lead_id="samr", level="C"),
        RoutingRule(ruleset_id=1, code="x", topic_id="P01", conditions=IMPORTED, lead_id="samr", level="Z"),
        EscalationRule(ruleset_id=1, code="x", conditions=IMPORTED, label="x", do="nothing"),
        RuleSet(number=0, name="x"),
        RuleSet(number=9, name="x", state="asleep"),
        RoutingRule(
            ruleset_id=1,
            code="x",
            topic_id="P01",
            conditions=IMPORTED,
            lead_id="samr",
            level="C",
            valid_from=date(2026, 2, 1),
            valid_to=date(2026, 1, 1),
        ),
        BureauName(bureau_id="samr", level="county", pattern="x", valid_from=date(2026, 1, 1)),
    ],
)
def test_the_database_refuses_what_must_never_be(row):
    with pytest.raises(IntegrityError), transaction.atomic():
        type(row).objects.bulk_create([row])
