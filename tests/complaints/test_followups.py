"""The follow-up queue: what is drawn, one caller at a time, three tries, rework, and the survey behind a link."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from complaints import actions
from complaints.actions import followups, sampling
from complaints.models import (
    Case,
    CaseKey,
    FollowUpState,
    FollowUpTask,
    Role,
    SamplingRule,
    Satisfaction,
    User,
)
from tests import make

pytestmark = pytest.mark.django_db
ANSWER = "经现场核查属实，已责令商家退款并整改。"


def answered(share: int = 100, phone: str = "13800001234", **more) -> Case:
    """A case whose answer has just gone out, drawn with that share."""
    SamplingRule.objects.update(share=share)
    case, officer = make.dispatched(requester=citizen(phone), **more), make.officer()
    Case.objects.filter(pk=case.pk).update(urgency="U3", intent="complaint")
    actions.sign(officer, case.number, case.version)
    actions.start(officer, case.number, case.version + 1)
    actions.reply(officer, case.number, case.version + 2, ANSWER)
    case.refresh_from_db()
    return case


def citizen(phone: str) -> actions.Person:
    return actions.Person(name="王小满", phone=phone)


def said(**more) -> dict:
    return {"reached": True, "grade": 5, "solved": "yes", "comment": "", "answers": {}} | more


@pytest.fixture
def caller() -> User:
    return make.dispatcher()


def test_an_answer_is_drawn_by_the_first_rule_that_fits():
    assert answered(100).follow_ups.get().rule.name == "投诉"
    assert not answered(0).follow_ups.exists()
    assert not answered(100, phone="").follow_ups.exists()


@pytest.mark.parametrize(
    ("intents", "drawn"),
    [("", True), ("complaint", True), ("report complaint", True), ("complaints", False), ("a.complaint", False)],
)
def test_one_query_finds_the_rule_by_whole_codes(intents, drawn, django_assert_num_queries):
    case = answered(0)
    SamplingRule.objects.exclude(name="投诉").delete()
    SamplingRule.objects.update(intents=intents)
    assert SamplingRule.objects.fitting(case).exists() == drawn
    with django_assert_num_queries(1):
        sampling.draw(case)  # a share of 0 draws nobody
    SamplingRule.objects.update(intents="")
    Case.objects.filter(pk=case.pk).update(intent="")
    case.refresh_from_db()
    assert SamplingRule.objects.fitting(case).exists()


def test_the_share_is_kept_and_nobody_draws_twice():
    case = answered(0)
    rule = SamplingRule.objects.get(name="投诉")
    rule.share = 30
    rule.save()
    drawn = 0
    for version in range(1000):
        case.version = 1000 + version
        sampling.draw(case)
        drawn += case.follow_ups.filter(answer_version=case.version).exists()
    assert 240 <= drawn <= 360
    assert case.follow_ups.filter(state=FollowUpState.WAITING).count() == 1  # the newest answer's


def test_the_queue_shows_what_is_due_to_those_who_may_ask(caller: User, django_assert_max_num_queries):
    cases = [answered() for _ in range(3)]
    client = make.client(caller)
    with django_assert_max_num_queries(8):
        page = client.get("/api/v1/followups/").json()
    assert [row["number"] for row in page["results"]] == [case.number for case in cases]
    assert page["waiting"] == 3
    assert "13800001234" not in str(page)
    other_city = make.client(make.user(Role.DISPATCHER, region="330200"))
    assert other_city.get("/api/v1/followups/").json()["results"] == []
    assert make.client(make.officer()).get("/api/v1/followups/").json()["results"] == []
    assert make.client().get("/api/v1/followups/").status_code in {401, 403}


def test_one_caller_at_a_time(caller: User):
    task = answered().follow_ups.get()
    script = make.client(caller).post(f"/api/v1/followups/{task.pk}/claim/").json()
    assert script["answer"] == ANSWER
    assert [one["code"] for one in script["questions"]] == ["contacted", "kept", "wish"]
    other = make.client(make.user(Role.SUPERVISOR, region="330100"))
    assert other.post(f"/api/v1/followups/{task.pk}/claim/").status_code == 409
    assert other.get("/api/v1/followups/").json()["results"] == []
    task.refresh_from_db()
    assert task.claimed_by == caller
    FollowUpTask.objects.update(claimed_until=timezone.now() - timedelta(seconds=1))
    assert other.post(f"/api/v1/followups/{task.pk}/claim/").status_code == 200


def test_a_call_ends_the_task_and_keeps_what_was_said(caller: User):
    case = answered()
    task = case.follow_ups.get()
    body = said(version=case.version, grade=4, answers={"contacted": "yes", "wish": " 多巡查 "})
    done = make.client(caller).post(f"/api/v1/followups/{task.pk}/called/", body, format="json")
    assert (done.status_code, done.json()["state"]) == (200, "done")
    task.refresh_from_db()
    assert task.answers == {"contacted": "yes", "wish": "多巡查"}
    assert Satisfaction.objects.get(case=case).grade == 4
    again = make.client(caller).post(f"/api/v1/followups/{task.pk}/called/", body, format="json")
    assert again.status_code == 409
    assert Satisfaction.objects.count() == 1


def test_an_unknown_question_changes_nothing(caller: User):
    case = answered()
    task = case.follow_ups.get()
    body = said(version=case.version, answers={"shoe_size": "42"})
    assert make.client(caller).post(f"/api/v1/followups/{task.pk}/called/", body, format="json").status_code == 400
    task.refresh_from_db()
    assert (task.state, task.answers, Satisfaction.objects.count()) == ("waiting", {}, 0)


def test_who_is_not_reached_is_tried_three_times(caller: User):
    case = answered()
    task = case.follow_ups.get()
    for attempt in (1, 2, 3):
        case.refresh_from_db()
        followups.called(caller, task.pk, case.version, **said(reached=False, grade=None, solved=""))
        task.refresh_from_db()
        assert task.attempts == attempt
        assert not followups.due(caller).exists()
        FollowUpTask.objects.update(next_at=timezone.now())
    assert task.state == FollowUpState.UNREACHED


def test_dissatisfied_goes_to_rework_and_the_next_answer_is_asked_about_for_sure(caller: User):
    case = answered()
    followups.called(caller, case.follow_ups.get().pk, case.version, **said(grade=1, solved="no", comment="没人来"))
    case.refresh_from_db()
    assert case.state == "in_progress"
    SamplingRule.objects.filter(reworked=False).update(share=0)
    actions.reply(make.officer(), case.number, case.version, "已再次上门核查，商家当面退款。")
    assert case.follow_ups.get(state=FollowUpState.WAITING).rule.reworked


def test_who_has_graded_is_not_called():
    case = answered()
    actions.rate(CaseKey(case.number), case.number, grade=5)
    assert case.follow_ups.get().state == FollowUpState.DROPPED


def test_a_survey_link_takes_one_grade_for_one_answer(caller: User):
    case = answered()
    task = case.follow_ups.get()
    url = make.client(caller).post(f"/api/v1/followups/{task.pk}/link/").json()["url"]
    token = url.partition("?t=")[2]
    anyone = make.client()
    shown = anyone.get("/api/v1/survey/", {"t": token}).json()
    assert case.lead_unit
    assert shown["unit"] == case.lead_unit.name
    assert set(shown) == {"topic", "unit", "received_at", "rated"}
    body = {"t": token, "grade": 2, "solved": "no", "comment": "还在漏水"}
    assert anyone.post("/api/v1/survey/", body, format="json").status_code == 204
    assert anyone.post("/api/v1/survey/", body, format="json").status_code == 409
    assert Satisfaction.objects.get(case=case).grade == 2
    assert case.follow_ups.get().state == FollowUpState.DROPPED


def test_a_forged_old_or_overtaken_link_shows_nothing(caller: User, settings):
    case = answered()
    token = followups.survey_link(caller, case.follow_ups.get().pk).partition("?t=")[2]
    client = make.client()
    assert client.get("/api/v1/survey/", {"t": token[:-1] + "x"}).status_code == 404
    case.refresh_from_db()
    actions.reopen(caller, case.number, case.version, "还没好")
    actions.reply(make.officer(), case.number, case.version + 1, "已再次上门核查，商家当面退款。")
    assert client.get("/api/v1/survey/", {"t": token}).status_code == 404
    assert client.post("/api/v1/survey/", {"t": token, "grade": 5}, format="json").status_code == 404
    assert not Satisfaction.objects.exists()


def test_an_officer_can_neither_claim_nor_send_a_link():
    task = answered().follow_ups.get()
    for path in ("claim", "link"):
        assert make.client(make.officer()).post(f"/api/v1/followups/{task.pk}/{path}/").status_code == 404
    task.refresh_from_db()
    assert task.claimed_by is None
