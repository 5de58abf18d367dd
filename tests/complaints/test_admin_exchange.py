"""Tables of the admin as files: out and in again changes nothing, bad rows are named, and nothing is half done."""

from __future__ import annotations

import csv
import io
from datetime import date

import pytest
from django.apps import apps
from django.contrib.admin.models import LogEntry
from django.urls import reverse
from openpyxl import load_workbook

from complaints.actions import knowledge
from complaints.models import Article, ArticleVersion, CalendarDay, Ground, ReplyTemplate, Role, User
from routing import rulesets
from routing.models import Origin, Region, RoutingRule, Unit
from tests import make

pytestmark = pytest.mark.django_db
TABLES = [
    "routing_unit", "routing_topic", "routing_bureau", "routing_bureauname", "routing_routingparticipant",
    "routing_routingrule", "routing_escalationrule", "complaints_user", "complaints_question",
    "complaints_calendarday", "complaints_clockprofile", "complaints_clockpolicy", "complaints_ground",
    "complaints_rewardlevel", "complaints_samplingrule", "complaints_followupquestion", "complaints_article",
    "complaints_waitinglimit", "complaints_replytemplate", "routing_region", "routing_regionsuccession",
    "routing_township", "routing_placename", "routing_platform",
]  # fmt: skip
CSV, XLSX = 0, 1


@pytest.fixture
def office(client):
    client.force_login(User.objects.create_superuser("root", password="x" * 12))
    return client


def taken_out(office, table: str, form: int = CSV) -> bytes:
    answer = office.post(reverse(f"admin:{table}_export"), {"format": form})
    assert answer.status_code == 200, answer.context and answer.context["form"].errors
    return bytes(answer.content)


def rows_of(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))


def as_file(rows: list[dict[str, str]]) -> bytes:
    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()


def tried(office, table: str, content: bytes, form: int = CSV):
    """The answer of the dry run."""
    file = io.BytesIO(content)
    file.name = f"rows.{'csv' if form == CSV else 'xlsx'}"
    return office.post(reverse(f"admin:{table}_import"), {"format": form, "import_file": file})


def taken_in(office, table: str, content: bytes):
    """The dry run and its confirmation."""
    confirm = tried(office, table, content).context["confirm_form"]
    return office.post(reverse(f"admin:{table}_process_import"), confirm.initial)


@pytest.mark.parametrize("table", TABLES)
def test_out_and_in_again_changes_nothing(office, table):
    if table == "complaints_article":
        article()
    rows = rows_of(taken_out(office, table))
    assert rows
    result = tried(office, table, as_file(rows[:: len(rows) // 40 + 1])).context["result"]
    assert not result.has_errors(), [(line, [str(one.error) for one in errors]) for line, errors in result.row_errors()]
    assert not result.has_validation_errors(), [str(row.error) for row in result.invalid_rows[:3]]
    assert {row.import_type for row in result} == {"skip"}
    log = LogEntry.objects.get()
    assert (log.user.username, "CSV" in log.change_message) == ("root", True)


def article() -> Article:
    content = knowledge.Content(title="路灯", body="报修", basis="条例", valid_from=date(2024, 1, 1), topics="E04")
    return knowledge.draft(make.user(Role.SUPERVISOR, region=make.ZHEJIANG), content)


def test_a_spreadsheet_works_as_well(office):
    content = taken_out(office, "complaints_ground", XLSX)
    assert load_workbook(io.BytesIO(content)).active.max_row == Ground.objects.count() + 1
    result = tried(office, "complaints_ground", content, XLSX).context["result"]
    assert not result.has_validation_errors(), [str(row.error) for row in result.invalid_rows[:3]]
    assert {row.import_type for row in result} == {"skip"}


def test_a_change_comes_in_once_and_is_kept(office):
    rows = [row for row in rows_of(taken_out(office, "routing_unit")) if row["region"] == make.XIHU][:1]
    rows[0]["name"] = "西湖新名"
    taken_in(office, "routing_unit", as_file(rows))
    unit = Unit.objects.get(name="西湖新名")
    assert unit.origin == Origin.EDITED
    result = tried(office, "routing_unit", as_file(rows)).context["result"]
    assert [row.import_type for row in result] == ["skip"]


def test_bad_rows_are_named_and_nothing_is_half_done(office):
    good = {"date": "2027-10-01", "kind": "holiday", "name": "国庆节", "source": "测试"}
    file = as_file([good, good | {"date": "昨天"}, good | {"date": "2027-10-02", "kind": "feast"}])
    before = CalendarDay.objects.count()
    answer = tried(office, "complaints_calendarday", file)
    result = answer.context["result"]
    assert [row.number for row in result.invalid_rows] == [2, 3]
    assert "confirm_form" not in answer.context
    assert "昨天" in answer.content.decode()
    assert CalendarDay.objects.count() == before
    unit = {"bureau": "nobody", "region": make.XIHU, "name": "x", "level": "county", "active": "1"}
    assert "没有" in tried(office, "routing_unit", as_file([unit])).content.decode()
    assert "缺少" in tried(office, "routing_unit", as_file([{"name": "x"}])).content.decode()


WORDS = {"verb": "reply", "title": "新模板", "unit": "", "body": "编号{编号}已办理", "topics": "", "intents": ""}


@pytest.mark.parametrize(
    ("table", "row", "said"),
    [
        (
            "complaints_waitinglimit",
            {"step": "nowhere", "amount": "1", "unit": "days", "source": "测试"},
            "没有这个环节",
        ),
        ("complaints_waitinglimit", {"step": "signed", "amount": "0", "unit": "days", "source": "测试"}, "大于或等于"),
        ("complaints_replytemplate", WORDS | {"body": "{姓名}您好", "position": "1", "active": "1"}, "姓名"),
        ("complaints_replytemplate", WORDS | {"unit": "samr/999999", "position": "1", "active": "1"}, "samr/999999"),
        (
            "routing_region",
            {"code": "330199", "name": "新区", "level": "county", "parent": "330200", "host": ""},
            "上级",
        ),
        (
            "routing_region",
            {"code": "330199", "name": "新区", "level": "county", "parent": "339999", "host": ""},
            "339999",
        ),
    ],
)
def test_each_table_names_what_is_wrong_in_its_rows(office, table, row, said):
    model = apps.get_model(table.replace("_", ".", 1))
    before = list(model.objects.order_by("pk").values())
    good = rows_of(taken_out(office, table))[0]
    changed = {name: good[name] for name in row}
    answer = tried(office, table, as_file([changed | {next(iter({"source", "body", "name"} & set(row))): "改"}, row]))
    result = answer.context["result"]
    assert [bad.number for bad in result.invalid_rows] == [2]
    assert said in answer.content.decode()
    assert "confirm_form" not in answer.context
    assert list(model.objects.order_by("pk").values()) == before


def test_a_region_and_a_template_come_in_from_a_file(office):
    row = {"code": "330199", "name": "未来区", "level": "county", "parent": "330100", "host": ""}
    taken_in(office, "routing_region", as_file([row]))
    region = Region.objects.get(pk="330199")
    assert (region.full_name, region.origin) == ("浙江省杭州市未来区", Origin.HAND)
    taken_in(office, "complaints_replytemplate", as_file([WORDS | {"position": "1", "active": "1"}]))
    template = ReplyTemplate.objects.get(title="新模板")
    assert (template.body, template.changed_by) == (WORDS["body"], User.objects.get(username="root"))


def test_accounts_come_without_passwords_and_cannot_log_in(office):
    make.officer()
    content = taken_out(office, "complaints_user")
    assert b"argon2" not in content
    assert set(rows_of(content)[0]) == {
        "username", "display_name", "role", "unit", "region", "extension", "is_active",
    }  # fmt: skip
    new = {"username": "neu", "display_name": "新人", "role": "officer", "unit": "samr/330106", "region": ""}
    bad = new | {"username": "ohne", "unit": ""}
    tried_both = tried(office, "complaints_user", as_file([new, bad])).context["result"]
    assert [row.number for row in tried_both.invalid_rows] == [2]
    assert not User.objects.filter(username="neu").exists()
    taken_in(office, "complaints_user", as_file([new]))
    made = User.objects.get(username="neu")
    assert (made.has_usable_password(), made.unit_id, made.is_superuser) == (False, make.unit().pk, False)
    assert LogEntry.objects.filter(object_id=str(made.pk)).exists()


def test_rules_change_in_drafts_only(office):
    rows = rows_of(taken_out(office, "routing_routingrule"))[:1]
    before = RoutingRule.objects.get(ruleset=rows[0]["ruleset"], code=rows[0]["code"]).basis
    rows[0]["basis"] = "新依据"
    assert tried(office, "routing_routingrule", as_file(rows)).context["result"].has_validation_errors()
    assert RoutingRule.objects.get(ruleset=rows[0]["ruleset"], code=rows[0]["code"]).basis == before
    rows[0]["ruleset"] = str(rulesets.draft("草稿").number)
    taken_in(office, "routing_routingrule", as_file(rows))
    assert RoutingRule.objects.get(ruleset=rows[0]["ruleset"], code=rows[0]["code"]).basis == "新依据"


def test_an_article_that_comes_in_is_a_draft_of_whoever_brings_it(office):
    made = article()
    rows = rows_of(taken_out(office, "complaints_article"))
    rows[0]["title"] = "路灯不亮"
    taken_in(office, "complaints_article", as_file([*rows, rows[0] | {"code": "neu"}]))
    made.refresh_from_db()
    assert (made.latest.number, made.latest.title, made.latest.written_by.username) == (2, "路灯不亮", "root")
    assert (made.state, made.live) == ("draft", None)
    assert Article.objects.get(code="neu").latest.number == 1
    count = ArticleVersion.objects.count()
    assert (
        tried(office, "complaints_article", as_file([rows[0] | {"valid_to": "2000-01-01"}]))
        .context["result"]
        .has_validation_errors()
    )
    assert ArticleVersion.objects.count() == count


def test_superusers_only(client):
    clerk = make.user(Role.SUPERVISOR, region=make.ZHEJIANG, is_staff=True)
    client.force_login(clerk)
    for table in TABLES:
        assert client.get(reverse(f"admin:{table}_export")).status_code == 403
        assert client.post(reverse(f"admin:{table}_export"), {"format": CSV}).status_code == 403
        assert client.get(reverse(f"admin:{table}_import")).status_code == 403
    assert not LogEntry.objects.exists()
