"""The knowledge base: who reads what where, two people to a release, running out, finding, suggesting, votes."""

from __future__ import annotations

import json
from dataclasses import asdict, replace
from datetime import date, timedelta

import pytest
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import IntegrityError, transaction
from django.utils import timezone

from complaints import actions
from complaints.actions import knowledge
from complaints.errors import Conflict, Forbidden, Invalid, Missing
from complaints.models import Article, ArticleStep, ArticleVersion, ArticleVote, Role, User
from deploy.demo import load_articles
from tests import make

pytestmark = pytest.mark.django_db
URL = "/api/v1/knowledge/"
NINGBO = "330200"
CARD = knowledge.Content(
    title="预付卡商家关门怎么办",
    questions="健身房跑路了\n会员卡退余额",
    body="可以要求退回**预付款**余额。\n## 请准备\n- 合同\n- 付款记录",
    topics="S04",
    basis="《消费者权益保护法》第五十三条",
    valid_from=date(2024, 7, 1),
)


def supervisor(region: str = make.ZHEJIANG) -> User:
    return make.user(Role.SUPERVISOR, region=region)


def released(content: knowledge.Content = CARD, region: str = make.ZHEJIANG) -> Article:
    """Written by one supervisor of a region and released by another."""
    place = "" if region == make.ZHEJIANG else region
    article = knowledge.draft(supervisor(region), replace(content, region=content.region or place))
    knowledge.submit(supervisor(region), article.code, 1)
    return knowledge.release(supervisor(region), article.code, 1)


def body(**more) -> dict:
    said = asdict(CARD) | {"questions": CARD.questions.split("\n"), "topics": ["S04"]}
    sent: dict = json.loads(json.dumps(said | more, default=str))
    return sent


def found(viewer: User | None = None, **asked: str) -> list[str]:
    answer = make.client(viewer).get(URL, asked)
    assert answer.status_code == 200, answer.json()
    return [row["code"] for row in answer.json()["results"]]


def everything() -> tuple:
    return (
        list(Article.objects.order_by("pk").values_list("state", "latest", "live", "review_due")),
        ArticleVersion.objects.count(),
        ArticleStep.objects.count(),
        ArticleVote.objects.count(),
    )


def refused(error: type[Exception], act, *given, **named) -> None:
    before = everything()
    with pytest.raises(error), transaction.atomic():
        act(*given, **named)
    assert everything() == before


def test_a_province_holds_for_its_cities_and_a_city_for_itself():
    everywhere, here = released().code, released(region=make.HANGZHOU).code
    assert found() == [here, everywhere]
    assert found(region=make.XIHU) == [here, everywhere]
    assert found(region=NINGBO) == [everywhere]
    hangzhou, ningbo = (make.user(Role.CALL_TAKER, "data12345", region) for region in (make.HANGZHOU, NINGBO))
    assert found(hangzhou) == [here, everywhere]
    assert found(ningbo) == [everywhere]
    assert found(make.officer()) == [here, everywhere]
    assert make.client(ningbo).get(f"{URL}{here}/").status_code == 404


def test_drafts_are_read_by_those_who_keep_or_release_them():
    officer = make.officer()
    article = knowledge.draft(officer, replace(CARD, region=make.XIHU))
    colleague = make.officer("hurd")  # another unit of the region
    insiders = [officer, make.officer(), make.dispatcher(), supervisor()]
    outsiders = [
        None,
        make.user(Role.CALL_TAKER, region=make.HANGZHOU),
        make.dispatcher(NINGBO),
        make.officer("samr", make.YINZHOU),
    ]
    assert all(found(viewer, state="draft") == [article.code] for viewer in insiders)
    assert all(found(viewer, state="draft") == [] for viewer in [*outsiders, colleague])
    knowledge.submit(officer, article.code, 1)
    assert found(colleague, state="waiting") == [article.code]
    assert all(found(viewer, state="waiting") == [] for viewer in outsiders)
    assert found() == []
    shown = make.client(colleague).get(f"{URL}{article.code}/").json()
    assert shown["actions"] == ["release", "send_back"]
    assert "release" not in make.client(officer).get(f"{URL}{article.code}/").json()["actions"]


def test_nobody_releases_their_own_writing():
    writer, other = supervisor(), supervisor()
    article = knowledge.draft(writer, CARD)
    refused(Conflict, knowledge.release, other, article.code, 1)
    knowledge.submit(writer, article.code, 1)
    refused(Forbidden, knowledge.release, writer, article.code, 1)
    knowledge.revise(other, article.code, 1, replace(CARD, title="预付卡退余额"))
    knowledge.submit(other, article.code, 2)
    refused(Forbidden, knowledge.release, writer, article.code, 2)  # a part of it is still theirs
    refused(Forbidden, knowledge.release, other, article.code, 2)
    knowledge.release(supervisor(), article.code, 2)
    article.refresh_from_db()
    assert (article.state, article.live.number) == ("released", 2)
    knowledge.revise(other, article.code, 2, CARD)
    knowledge.submit(other, article.code, 3)
    assert knowledge.release(writer, article.code, 3).live.number == 3  # wrote nothing since


def test_the_database_knows_the_second_person_and_forgets_nothing():
    article = released()
    version = article.latest
    step = {"article": article, "version": version, "verb": "release"}
    other = make.officer()
    with pytest.raises(IntegrityError, match="article_released_by_another"), transaction.atomic():
        ArticleStep.objects.create(**step, writer=version.written_by, actor=version.written_by)
    with pytest.raises(IntegrityError, match="article_step_names_the_writer"), transaction.atomic():
        ArticleStep.objects.create(**step, writer=other, actor=version.written_by)
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        ArticleStep.objects.all().delete()
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        ArticleVersion.objects.update(title="x")


def test_a_new_version_is_written_while_the_old_one_is_read():
    article, writer = released(), supervisor()
    client = make.client(writer)
    answer = client.patch(f"{URL}{article.code}/", body(version=1, title="预付卡退款新规"), format="json").json()
    assert (answer["state"], answer["live"]["title"], answer["latest"]["title"]) == (
        "draft",
        CARD.title,
        "预付卡退款新规",
    )
    assert make.client().get(f"{URL}{article.code}/").json()["latest"] is None
    assert found(q="新规") == []
    assert found(writer, q="新规", state="draft") == [article.code]
    refused(Conflict, knowledge.revise, writer, article.code, 1, CARD)
    knowledge.submit(writer, article.code, 2)
    refused(Invalid, knowledge.send_back, supervisor(), article.code, 2, " ")
    knowledge.send_back(supervisor(), article.code, 2, "依据不全")
    told = client.get(f"{URL}{article.code}/").json()["steps"]
    assert [step["verb"] for step in told] == ["send_back", "submit", "draft", "release", "submit", "draft"]
    assert told[0]["note"] == "依据不全"


def test_who_may_not_write_changes_nothing():
    article = released(region=make.HANGZHOU)
    nobody = [make.user(Role.CALL_TAKER, region=make.HANGZHOU), make.user(Role.PARTNER), AnonymousUser()]
    for viewer in nobody:
        refused(Forbidden, knowledge.draft, viewer, CARD)
        refused(Forbidden, knowledge.withdraw, viewer, article.code, 1, "过时")
    refused(Missing, knowledge.withdraw, make.dispatcher(NINGBO), article.code, 1, "过时")
    refused(Forbidden, knowledge.withdraw, make.officer(), article.code, 1, "过时")
    refused(Invalid, knowledge.draft, make.officer(), CARD)  # a county's unit does not speak for everywhere
    refused(Invalid, knowledge.draft, make.officer(), replace(CARD, region=make.HANGZHOU))
    before = everything()
    assert make.client().post(URL, body(), format="json").status_code in {401, 403}
    bad = {"title": " ", "topics": ["Z9"], "valid_from": "gestern", "basis": ""}
    answer = make.client(supervisor()).post(URL, body(**bad), format="json")
    assert (answer.status_code, set(answer.json()["errors"])) == (400, {"title", "topics.0", "valid_from", "basis"})
    assert everything() == before


def test_what_has_run_out_or_not_begun_is_neither_found_nor_suggested_but_watched():
    today = timezone.localdate()
    past = released(replace(CARD, valid_to=today - timedelta(days=1)))
    released(replace(CARD, valid_from=today + timedelta(days=1)))
    stale = released(replace(CARD, title="预付卡怎么办"))
    Article.objects.filter(pk=stale.pk).update(review_due=today - timedelta(days=200))
    assert found() == [stale.code]
    assert [one.code for one in knowledge.suggest(AnonymousUser(), "健身房跑路 会员卡", "S04")] == [stale.code]
    keeper = supervisor()
    assert found(keeper, state="due") == [stale.code, past.code]
    [row] = make.client().get(URL).json()["results"]
    assert (row["review_overdue"], row["expired"]) == (True, False)
    [line] = [line for line in actions.watch(keeper) if line.step.code == "article_review"]
    assert (line.waiting, line.stuck) == (2, 1)
    knowledge.review(keeper, stale.code, 1)
    assert found(keeper, state="due") == [past.code]
    knowledge.withdraw(keeper, past.code, 1, "已过有效期")
    assert found(keeper, state="due") == []
    assert make.client().get(f"{URL}{past.code}/").status_code == 404


def test_words_are_found_and_shown_where_they_stand(django_assert_max_num_queries):
    load_articles(supervisor(), supervisor())
    for typed, code in [
        ("电梯", "elevator"),
        ("路灯", "street-light"),
        ("漏水", "water-leak"),
        ("三包", "three-guarantees"),
    ]:
        assert code in found(q=typed)[:3]
    assert found(q="没有这样的词语组合啊") == []
    with django_assert_max_num_queries(4):
        page = make.client().get(URL, {"q": "电梯"}).json()
    assert {"text": "电梯", "hit": True} in page["results"][0]["highlights"]["title"]
    everyone = found()
    first = make.client().get(URL).json()
    second = make.client().get(URL, {"cursor": first["next"]}).json()
    both = [row["code"] for row in [*first["results"], *second["results"]]]
    assert (len(both), len(set(both)), second["next"]) == (31, 31, None)
    assert everyone == both[:30]
    assert "prepaid-card-zhejiang" not in found(q="预付", region="320100")
    assert make.client().get(URL, {"q": "字" * 101}).status_code == 400
    assert make.client().get(URL, {"cursor": "x"}).status_code == 400


def test_a_complaint_is_answered_by_what_fits(django_assert_max_num_queries):
    load_articles(supervisor(), supervisor())
    asked = [
        ("我家楼上漏水，把天花板泡坏了，楼上不配合", "", "water-leak"),
        ("工地半夜还在施工，吵得睡不着", "V01", "noise-construction-night"),
        ("老板拖欠工资三个月不发", "", "unpaid-wages"),
        ("电梯困人了", "P10", "elevator"),
        ("健身房突然关门，会员卡余额不退", "S04", "prepaid-card"),
    ]
    client = make.client()
    for text, topic, code in asked:
        with django_assert_max_num_queries(4):
            answer = client.post(f"{URL}suggest/", {"text": text, "topic": topic}, format="json").json()
        assert code in [row["code"] for row in answer["results"]], answer
        assert len(answer["results"]) <= 3
    assert client.post(f"{URL}suggest/", {"text": "你好"}, format="json").json()["results"] == []
    assert (settings.BASE_DIR / "complaints" / "demo" / "knowledge.jsonl").exists()


def test_one_vote_a_person_and_a_reason_when_it_did_not_help():
    article, officer = released(), make.officer()
    url = f"{URL}{article.code}/vote/"
    client, visitor = make.client(), "a" * 20
    assert client.post(url, {"helpful": True}, format="json").status_code == 400
    assert client.post(url, {"helpful": False, "visitor": visitor}, format="json").status_code == 400
    assert not ArticleVote.objects.exists()
    assert client.post(url, {"helpful": True, "visitor": visitor}, format="json").status_code == 204
    bad = {"helpful": False, "reason": "outdated", "visitor": visitor, "comment": "打13800001234没人接"}
    assert client.post(url, bad, format="json").status_code == 204
    assert make.client(officer).post(url, {"helpful": True}, format="json").status_code == 204
    knowledge.vote(officer, article.code, helpful=True)
    votes = make.client(supervisor()).get(f"{URL}{article.code}/").json()["votes"]
    assert (votes["helped"], votes["failed"], votes["reasons"]) == (1, 1, {"outdated": 1})
    assert "13800001234" not in str(votes)
    assert make.client().get(f"{URL}{article.code}/").json()["votes"]["comments"] == []
    assert visitor not in str(list(ArticleVote.objects.values_list("visitor", flat=True)))
    refused(Missing, knowledge.vote, AnonymousUser(), knowledge.draft(supervisor(), CARD).code, helpful=True)


def test_reading_is_counted_and_a_page_costs_the_same_for_many(django_assert_max_num_queries):
    article, client = released(), make.client(supervisor())
    with django_assert_max_num_queries(11):
        client.get(f"{URL}{article.code}/")
    make.client().get(f"{URL}{article.code}/")
    article.refresh_from_db()
    assert article.hits == 2
