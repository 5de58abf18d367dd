"""Finding cases: by words, number and name, with filters, and never beyond what somebody may see."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from django.contrib.auth.models import AnonymousUser

from complaints import actions, search
from complaints.models import Case, Role, SearchEntry
from complaints.search import lookup
from complaints.search.words import Query, highlight, lexemes
from tests import make

pytestmark = pytest.mark.django_db
API = "/api/v1/cases/"
SYNTHETIC = Path(__file__).parents[2] / "classifier" / "data" / "synthetic"


@pytest.fixture
def province():
    return make.client(make.user(Role.SUPERVISOR, region=make.ZHEJIANG))


def numbers(client, q, **filters):
    page = client.get(API, {"q": q, **filters}).json()
    return [row["number"] for row in page["results"]]


def test_words_of_text_title_place_region_and_company(province):
    case = make.case(
        "监督员说新鲜牛奶已经过期三天",
        title="超市卖过期奶",
        place="文三路90号3幢201室",
        respondent=actions.RespondentFacts(name="杭州蜜橙便利店有限公司"),
    )
    make.case("楼下夜间施工噪声扰民", region=make.YINZHOU)
    for q in ("牛奶", "鲜牛奶", "过期", "监督", "牛奶 三天", "超市", "文三路", "西湖区", "便利店", "新鲜牛", "卖过期"):
        assert numbers(province, q) == [case.number], q
    for q in ("90", "201", "油烟", "牛奶 噪声", "牛"):
        assert numbers(province, q) == [], q


def test_traditional_full_width_and_capital_letters_are_the_same_words(province):
    case = make.case("在ＡＰＰ上買的Phone手机壳，監督管理局說不管")
    for q in ("app", "APP", "phone", "监督", "監督", "手机"):
        assert numbers(province, q) == [case.number], q


def test_a_number_finds_by_its_beginning(province):
    first, second = make.case("甲"), make.case("乙")
    for typed in (first.number, first.number.replace("-", ""), first.number.replace("-", "－")):
        assert numbers(province, typed) == [first.number]
    assert numbers(province, first.number[:8]) == [second.number, first.number]
    assert numbers(province, first.number[:15]) == [first.number]
    assert numbers(province, "20010101") == []


def test_newest_first_or_best_first_in_pages(province):
    titled = make.case("买到不好的东西", title="牛奶")
    cases = [titled, *(make.case(f"第{n}次买的牛奶坏了，店家说不管") for n in range(4))]
    newest = [case.number for case in reversed(cases)]
    assert numbers(province, "牛奶") == newest
    assert numbers(province, "牛奶", order="best")[0] == titled.number
    for order in ("newest", "best"):
        paged, cursor = [], ""
        while cursor is not None:
            page = province.get(API, {"q": "牛奶", "limit": 2, "order": order, "cursor": cursor}).json()
            paged += [row["number"] for row in page["results"]]
            cursor = page["next"]
        assert paged == numbers(province, "牛奶", order=order)
        assert len(paged) == 5


def test_what_supplements_and_replies_say_is_found_and_notes_are_not(province):
    case = make.dispatched()
    officer = make.officer()
    actions.note(officer, case.number, "内部讨论乌龙茶")
    case.refresh_from_db()
    actions.sign(officer, case.number, case.version)
    case.refresh_from_db()
    actions.start(officer, case.number, case.version)
    case.refresh_from_db()
    actions.reply(officer, case.number, case.version, "已责令商户下架全部酸枣糕")
    assert numbers(province, "酸枣糕") == [case.number]
    assert numbers(province, "乌龙茶") == []
    SearchEntry.objects.all().delete()
    assert numbers(province, "酸枣糕") == []
    assert actions.index_unindexed() == Case.objects.count()
    assert numbers(province, "酸枣糕") == [case.number]
    assert actions.index_unindexed() == 0


def test_a_supplement_of_the_citizen_is_found(province):
    taker = make.user(Role.CALL_TAKER, "data12345", make.HANGZHOU)
    case = make.case("电话投诉", viewer=taker)
    actions.supplement(taker, case.number, "补充：购物小票在榴莲盒子里")
    assert numbers(province, "榴莲") == [case.number]


def test_who_filed_it_is_never_a_word(province):
    person = actions.Person(name="欧阳菲菲", phone="13812341234", address="翠苑街道", anonymous=True)
    make.case(
        "我叫欧阳菲菲，电话13812341234，举报厂里掺假，身份证330106199001011234", requester=person, title="欧阳菲菲举报"
    )
    for q in ("欧阳菲菲", "欧阳", "菲菲", "13812341234", "1234", "138", "翠苑", "330106199001011234", "330"):
        assert numbers(province, q) == [], q
    assert len(numbers(province, "掺假")) == 1
    assert Case.objects.get().sealed


def test_a_person_complained_about_is_found_by_the_whole_name_only(province):
    case = make.case("上门维修乱收费", respondent=actions.RespondentFacts(name="诸葛大力"))
    assert numbers(province, "诸葛大力") == [case.number]
    assert numbers(province, "诸葛") == []
    assert "诸葛" not in SearchEntry.objects.get().words


def test_only_what_the_viewer_may_see():
    xihu = make.dispatched("samr", ("nhc",))
    yinzhou = make.dispatched("samr", region=make.YINZHOU)
    nowhere = make.case(region="")
    viewers = {
        make.officer("samr"): [xihu],
        make.officer("nhc"): [xihu],
        make.officer("hurd"): [],
        make.dispatcher(): [nowhere, xihu],
        make.user(Role.SUPERVISOR, region="330200"): [nowhere, yinzhou],
        make.user(Role.SUPERVISOR, region=make.ZHEJIANG): [nowhere, yinzhou, xihu],
        make.user("", is_superuser=True, region=None): [nowhere, yinzhou, xihu],
        make.user(Role.PARTNER): [],
    }
    for viewer, expected in viewers.items():
        for q in ("牛奶", xihu.number[:8]):
            assert numbers(make.client(viewer), q) == [case.number for case in expected], (viewer, q)
    assert make.client().get(API, {"q": "牛奶"}).status_code == 401


def test_a_unit_that_comes_and_goes_keeps_what_it_may_see():
    case = make.dispatched("samr")
    first, second = make.officer("samr"), make.officer("chengguan")
    actions.dispatch(
        make.user(Role.DISPATCHER, region=make.ZHEJIANG), case.number, case.version, lead=second.unit_id, reason="改派"
    )
    for officer in (first, second):
        assert numbers(make.client(officer), "牛奶") == [case.number]
        assert numbers(make.client(officer), "牛奶", queue="mine") == ([case.number] if officer is second else [])


def test_filters_narrow_a_search(province):
    xihu, yinzhou, waiting = make.dispatched(), make.dispatched(region=make.YINZHOU), make.case()
    both = [yinzhou.number, xihu.number]
    unit = make.unit().pk
    for filters, expected in [
        ({"state": "dispatched"}, both),
        ({"state": "dispatched,registered", "region": "330200"}, [yinzhou.number]),
        ({"topic": "P01"}, both),
        ({"domain": "product", "urgency": "U1"}, []),
        ({"unit": unit}, [xihu.number]),
        ({"channel": "web"}, [waiting.number, *both]),
        ({"channel": "phone"}, []),
        ({"due": "overdue"}, []),
        ({"due": "week", "unit": unit}, [xihu.number]),
        ({"since": "2020-01-01", "until": "2020-12-31"}, []),
        ({"since": "2020-01-01", "state": "registered"}, [waiting.number]),
    ]:
        assert numbers(province, "牛奶", **filters) == expected, filters
    Case.objects.filter(pk=xihu.pk).update(due_at="2020-01-01T00:00:00Z")
    assert numbers(province, "牛奶", due="overdue") == [xihu.number]


@pytest.mark.parametrize(
    "q", ["😀", "的", "，。！", "' & | ! ( ) :* <->", "\\", "%", "_", "\x00", "'; DROP TABLE x; --", "\ud800"]
)
def test_odd_queries_find_nothing_and_break_nothing(province, q):
    make.case("普通的投诉'引号\\反斜杠&与")
    page = province.get(API, {"q": q.encode("utf-8", "replace")})
    assert page.status_code == 200
    if q.strip("\x00"):
        assert page.json()["results"] == []


def test_a_query_too_long_is_told_at_its_field(province):
    answer = province.get(API, {"q": "牛" * 10_000})
    assert (answer.status_code, answer.json()["code"]) == (400, "query_too_long")
    assert "q" in answer.json()["errors"]


def test_words_longer_than_the_database_takes_are_left_out(province):
    case = make.case("链接 https://example.com/" + "a" * 5000 + " 打不开牛奶")
    assert numbers(province, "牛奶") == [case.number]


def test_hits_are_shown_where_they_stand(province):
    make.case("我在超市買的鲜牛奶已经过期三天" + "，店家说不管" * 40, title="牛奶<b>过期</b>")
    row = province.get(API, {"q": "牛奶 过期"}).json()["results"][0]
    title, text = row["highlights"]["title"], row["highlights"]["text"]
    assert [piece["text"] for piece in title if piece["hit"]] == ["牛奶", "过期"]
    assert "".join(piece["text"] for piece in title) == "牛奶<b>过期</b>"
    assert [piece["text"] for piece in text if piece["hit"]] == ["牛奶", "过期"]
    assert "".join(piece["text"] for piece in text).startswith("我在超市買的鲜牛奶已经过期三天，店家")
    assert text[-1] == {"text": text[-1]["text"], "hit": False}
    assert text[-1]["text"].endswith("…")
    assert province.get(API).json()["results"][0]["highlights"] is None


def test_a_late_hit_is_shown_with_what_stands_before_it():
    pieces = highlight("甲" * 500 + "牛奶" + "乙" * 500, Query.parse("牛奶"))
    assert [piece.text for piece in pieces if piece.hit] == ["牛奶"]
    assert pieces[0].text == "…" + "甲" * 24
    assert highlight("什么也没有", Query.parse("牛奶")) == []


def test_only_what_is_no_word_yet_may_go_on():
    asked = {typed: Query.parse(typed).tsquery for typed in ("牛奶", "超市牛奶", "施工扰", "iphon", "奶")}
    assert asked == {
        "牛奶": "'牛奶'", "超市牛奶": "'超市' & '牛奶'", "施工扰": "'施工' & '扰':*",
        "iphon": "'iphon':*", "奶": "'奶'",
    }  # fmt: skip


def test_a_dictionary_word_is_a_word_of_every_text_that_has_it():
    lines = (SYNTHETIC / "P01.jsonl").read_text(encoding="utf-8").splitlines()[:150]
    for text in (json.loads(line)["text"] for line in lines):
        pieces = {text[at : at + size] for at in range(len(text)) for size in (2, 3, 4)}
        known = {piece for piece in pieces if not Query(words=(piece,)).tsquery.endswith(":*") and len(piece) > 1}
        assert known - lexemes(text) == set()
        assert known


def test_a_common_word_gives_the_newest_and_says_that_there_are_more(province, monkeypatch):
    monkeypatch.setattr(lookup, "CAP", 3)
    monkeypatch.setattr(lookup, "AT_ONCE", 2)
    monkeypatch.setattr(lookup, "COMMON", 1)
    cases = [make.case(f"第{n}瓶牛奶") for n in range(7)]
    for weeks, case in enumerate(reversed(cases)):
        Case.objects.filter(pk=case.pk).update(received_at=f"2026-{11 - weeks:02}-01T00:00:00Z")
    actions.index_cases([case.pk for case in cases])
    page = province.get(API, {"q": "牛奶"}).json()
    assert [row["number"] for row in page["results"]] == [case.number for case in reversed(cases[-3:])]
    assert page["capped"] is True
    monkeypatch.setattr(lookup, "CAP", 7)
    page = province.get(API, {"q": "牛奶"}).json()
    assert [row["number"] for row in page["results"]] == [case.number for case in reversed(cases)]
    assert page["capped"] is False


def test_a_rare_filter_over_a_common_word_looks_behind_the_first_candidates(province, monkeypatch):
    monkeypatch.setattr(lookup, "AT_ONCE", 2)
    monkeypatch.setattr(lookup, "COMMON", 1)
    oldest = make.case("第一瓶牛奶", viewer=make.user(Role.CALL_TAKER, "data12345", make.HANGZHOU), channel="phone")
    for n in range(8):
        make.case(f"第{n}瓶牛奶")
    assert numbers(province, "牛奶", channel="phone") == [oldest.number]


def test_a_search_costs_a_fixed_number_of_queries(province, django_assert_max_num_queries):
    for _ in range(5):
        make.case()
    province.get(API, {"q": "牛奶"})
    with django_assert_max_num_queries(16):  # session, account, topics, rows, units, deadlines; the search: 10 at most
        assert len(numbers(province, "牛奶")) == 5


def test_scopes_hold_what_visibility_asks_for():
    """No viewer's scope leaves out a case that visible_to gives them."""
    taker = make.user(Role.CALL_TAKER, "data12345", make.HANGZHOU)
    make.case("电话投诉牛奶", viewer=taker)
    make.dispatched("samr", ("nhc",))
    make.case(region="")
    viewers = [taker, make.officer("samr"), make.officer("nhc"), make.dispatcher(), make.dispatcher("330200")]
    for viewer in viewers:
        visible = Case.objects.visible_to(viewer)
        found = search.find(viewer, visible, Query.parse("牛奶"))
        assert {pk for pk, _at in found.hits} == set(visible.values_list("pk", flat=True))
    assert not search.find(AnonymousUser(), Case.objects.none(), Query.parse("牛奶")).hits
