"""Templates for answers: the server fills its own facts, never a person's; supervisors keep them."""

from __future__ import annotations

import pytest
from django.utils import timezone

from complaints import actions
from complaints.models import ReplyTemplate, Role
from tests import make

pytestmark = pytest.mark.django_db
API = "/api/v1/reply-templates/"


def offered(viewer, case, verb="reply"):
    answer = make.client(viewer).get(f"/api/v1/cases/{case.number}/reply-templates/", {"verb": verb})
    assert answer.status_code == 200, answer.json()
    return answer.json()


def template(**more):
    return {"verb": "reply", "title": "测试用", "body": "{编号} {主题} {单位}", **more}


def province():
    return make.user(Role.SUPERVISOR, region=make.ZHEJIANG)


def test_a_dozen_is_there_and_none_has_a_misspelt_placeholder():
    rows = list(ReplyTemplate.objects.all())
    assert len(rows) == 12
    for row in rows:
        row.full_clean(exclude=["unit"])
    assert {row.verb for row in rows} == {"reply", "reply_part", "refuse", "ask_supplement"}


def test_facts_of_the_case_are_filled_in_and_nothing_personal(django_assert_max_num_queries):
    person = actions.Person(name="欧阳测试", phone="13812341234")
    about = actions.RespondentFacts(name="王小二")
    case = make.dispatched("samr", ("nhc",), requester=person, respondent=about)
    ReplyTemplate.objects.create(
        verb="reply", title="全部", position=1,
        body="{编号}|{收件日期}|{主题}|{单位}|{参与单位}|{来源}|{办理期限}|{今天}",
    )  # fmt: skip
    client = make.client(make.officer())
    with django_assert_max_num_queries(11):
        rows = client.get(f"/api/v1/cases/{case.number}/reply-templates/", {"verb": "reply"}).json()
    filled = next(row for row in rows if row["title"] == "全部")["text"].split("|")
    today = timezone.localdate()
    day = f"{today.year}年{today.month}月{today.day}日"
    assert filled[:2] == [case.number, day]
    assert filled[3:6] == [make.unit().name, make.unit("nhc").name, "网页"]
    assert filled[7] == day
    assert filled[2]
    assert filled[6].endswith("日")
    said = "".join(row["text"] for row in rows)
    assert not any(word in said for word in ("欧阳", "1381234", "王小二", "{"))


def test_a_fact_that_is_not_there_is_left_to_the_writer():
    ReplyTemplate.objects.create(verb="reply", title="期限", body="于{参与单位}办结")
    row = next(row for row in offered(make.officer(), make.dispatched()) if row["title"] == "期限")
    assert (row["text"], row["missing"]) == ("于【请填写参与单位】办结", ["参与单位"])


def test_only_what_fits_the_case_its_step_and_the_own_unit_is_offered():
    case = make.dispatched()  # P01, a complaint
    for title, more in {
        "工程": {"topics": "E"}, "食品": {"topics": "P01 P02"}, "停用": {"active": False},
        "咨询用": {"intents": "consult"}, "本局": {"unit": make.unit()}, "别局": {"unit": make.unit("mee")},
        "补正用": {"verb": "ask_supplement"},
    }.items():  # fmt: skip
        ReplyTemplate.objects.create(**{"verb": "reply", "title": title, "body": "话", **more})
    titles = [row["title"] for row in offered(make.officer(), case)]
    assert titles[0] == "食品"
    assert {"食品", "本局"} <= set(titles)
    assert set(titles).isdisjoint({"工程", "停用", "咨询用", "别局", "补正用"})
    assert "补正用" in [row["title"] for row in offered(make.officer(), case, "ask_supplement")]


def test_templates_of_a_case_are_for_staff_who_see_it():
    case = make.dispatched()
    path = f"/api/v1/cases/{case.number}/reply-templates/?verb=reply"
    assert make.client(make.officer("mee")).get(path).status_code == 404
    assert make.client().get(path).status_code in {401, 403}
    assert make.client(make.officer()).get(path.replace("=reply", "=close")).status_code == 400


def test_a_supervisor_writes_changes_and_removes_them():
    client = make.client(province())
    made = client.post(API, template(topics="P01"), format="json")
    assert made.status_code == 201, made.json()
    one = f"{API}{made.json()['id']}/"
    changed = client.put(one, template(title="改过", unit=make.unit().pk), format="json").json()
    assert (changed["title"], changed["unit"]["id"], changed["may_change"]) == ("改过", make.unit().pk, True)
    listed = client.get(API).json()
    assert "编号" in listed["placeholders"]
    assert "改过" in [row["title"] for row in listed["results"]]
    assert client.delete(one).status_code == 204
    assert ReplyTemplate.objects.count() == 12


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"body": "{姓名}"}, "body"),
        ({"body": "请联系13812341234"}, "body"),
        ({"topics": "Q99"}, "topics"),
        ({"unit": 0}, "unit"),
        ({"verb": "close"}, "verb"),
        ({"title": "咨询答复"}, "title"),
    ],
)
def test_a_bad_template_is_refused_at_its_field(more, field):
    before = list(ReplyTemplate.objects.order_by("pk").values())
    answer = make.client(province()).post(API, template(**more), format="json")
    assert answer.status_code == 400
    assert field in answer.json()["errors"]
    assert list(ReplyTemplate.objects.order_by("pk").values()) == before


def test_a_city_keeps_its_own_and_not_everyones():
    city = make.client(make.user(Role.SUPERVISOR, region=make.HANGZHOU))
    before = list(ReplyTemplate.objects.order_by("pk").values())
    everyones = ReplyTemplate.objects.filter(unit=None).first()
    assert city.post(API, template(), format="json").status_code == 403
    assert city.put(f"{API}{everyones.pk}/", template(unit=make.unit().pk), format="json").status_code == 403
    assert city.post(API, template(unit=make.unit("samr", make.YINZHOU).pk), format="json").status_code == 403
    assert make.client(make.officer()).get(API).status_code == 403
    assert make.client(make.officer()).post(API, template(), format="json").status_code == 403
    assert list(ReplyTemplate.objects.order_by("pk").values()) == before
    assert city.post(API, template(unit=make.unit().pk), format="json").status_code == 201
