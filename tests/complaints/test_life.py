"""The further life of a case through the API: joint handling, time, refusal, rework, merging, splitting."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from complaints import actions, privacy
from complaints.lifecycle import ANY, MOVES, State
from complaints.models import (
    Assignment,
    Case,
    CaseKey,
    CaseLink,
    Event,
    Ground,
    Outcome,
    Request,
    Role,
    Ruling,
    Satisfaction,
)
from tests import make

pytestmark = pytest.mark.django_db


class Desk:
    """One person at work on one case: `do` posts a verb with the version that stands now."""

    def __init__(self, case: Case, viewer=None, **headers: str):
        self.case, self.client = case, make.client(viewer, **headers)

    def post(self, verb: str, **body):
        self.case.refresh_from_db()
        body.setdefault("version", self.case.version)
        return self.client.post(f"/api/v1/cases/{self.case.number}/{verb}/", body, format="json")

    def do(self, verb: str, **body):
        answer = self.post(verb, **body)
        assert answer.status_code == 200, answer.json()
        self.case.refresh_from_db()
        return answer.json()

    def refused(self, verb: str, status: int, code: str, **body):
        """The step is refused, in words, and nothing has changed."""
        before = snapshot(self.case)
        answer = self.post(verb, **body)
        assert (answer.status_code, answer.json()["code"]) == (status, code), answer.json()
        assert any("\u4e00" <= char <= "\u9fff" for char in answer.json()["detail"])
        assert snapshot(self.case) == before
        return answer.json()

    def see(self):
        return self.client.get(f"/api/v1/cases/{self.case.number}/").json()


def snapshot(case: Case) -> tuple:
    case.refresh_from_db()
    parties = list(case.assignments.order_by("unit_id").values_list("unit_id", "part", "active", "status"))
    return (
        case.state, case.version, case.lead_unit_id, case.topic, parties, case.events.count(), Request.objects.count(),
        CaseLink.objects.filter(active=True).count(), Satisfaction.objects.count(), Case.objects.count(),
        Outcome.objects.count(), Ruling.objects.count(),
    )  # fmt: skip


def lead(case: Case) -> Desk:
    return Desk(case, make.officer())


def hotline(case: Case) -> Desk:
    return Desk(case, make.dispatcher())


def citizen(case: Case) -> Desk:
    return Desk(case, X_Case_Code=privacy.query_code(case.number))


def in_progress(participants: tuple[str, ...] = ()) -> Case:
    case = make.dispatched("samr", participants)
    office = lead(case)
    office.do("sign")
    office.do("accept")
    return case


def test_joint_handling_each_party_signs_and_answers_for_itself():
    case = in_progress(("nhc", "agri"))
    office, health, farms = lead(case), Desk(case, make.officer("nhc")), Desk(case, make.officer("agri"))
    assert {"sign_part", "reply_part", "return_part"} <= set(health.see()["actions"])
    health.do("sign_part")
    health.do("reply_part", text="经检查，无公共卫生问题。联系人13900001111")
    assert "reply_part" not in health.see()["actions"]
    farms.do("return_part", reason="不涉及农业投入品")
    assert case.state == State.IN_PROGRESS
    parties = {row["unit"]["name"]: row for row in office.see()["parties"]}
    assert parties["杭州市西湖区卫生健康局"]["answer"] == "经检查，无公共卫生问题。联系人139****1111"
    assert parties["杭州市西湖区农业农村局"]["status"] == "returned"
    office.do("reply", text="已责令整改并退赔。")
    closed = office.do("close", reason="办结", solved="yes", recovered="120.50")
    assert (closed["state"], closed["outcome"]["recovered"]) == ("closed", "120.50")
    assert citizen(case).see()["parties"] == []


def test_closing_waits_for_every_participant_or_a_recorded_waiver():
    case = in_progress(("nhc",))
    office = lead(case)
    office.do("reply", text="已责令退款。")
    told = office.refused("close", 409, "answers_missing", reason="办结")
    assert "杭州市西湖区卫生健康局" in told["detail"]
    health = make.unit("nhc").pk
    office.refused("waive", 400, "owes_nothing", participant=make.unit("agri").pk, reason="无关")
    office.do("waive", participant=health, reason="不影响处理结果")
    assert office.do("close", reason="办结")["state"] == "closed"
    waived = Event.objects.get(case=case, kind="waive")
    assert (waived.reason, waived.data) == ("不影响处理结果", {"participants": [health]})
    assert not waived.public


def test_all_who_still_owe_an_answer_can_be_waived_at_once():
    case = in_progress(("nhc", "agri", "mee"))
    office = lead(case)
    Desk(case, make.officer("nhc")).do("reply_part", text="无意见")
    office.do("waive", participant=None, reason="与本件处理无关")
    statuses = {row["unit"]["id"]: row["status"] for row in office.see()["parties"]}
    assert statuses[make.unit("nhc").pk] == "replied"
    assert statuses[make.unit("agri").pk] == statuses[make.unit("mee").pk] == "waived"
    office.refused("waive", 400, "owes_nothing", participant=None, reason="再来一次")


def test_a_participant_cannot_act_twice_or_for_another():
    case = in_progress(("nhc",))
    health = Desk(case, make.officer("nhc"))
    health.do("reply_part", text="已回复")
    health.refused("reply_part", 409, "part_done", text="再回复")
    health.refused("waive", 403, "not_allowed", participant=make.unit("nhc").pk, reason="算了")
    lead(case).refused("sign_part", 403, "not_allowed")


def test_more_units_can_be_asked_in_while_work_goes_on():
    case = in_progress()
    hotline(case).do("invite", participants=[make.unit("mee").pk], reason="涉及油烟排放")
    assert Desk(case, make.officer("mee")).see()["my_part"] == "participant"
    lead(case).refused("invite", 400, "no_new_unit", participants=[make.unit("mee").pk], reason="再请一次")
    lead(case).refused("invite", 400, "unknown_unit", participants=[999999], reason="没有的单位")


def test_time_is_extended_once_after_approval_and_never_more_than_asked():
    case = in_progress()
    office, desk = lead(case), hotline(case)
    desk.refused("grant_extension", 409, "nothing_asked", working_days=5, reason="同意")
    office.refused("request_extension", 400, "too_long", working_days=60, reason="复杂")
    assert "grant_extension" not in desk.see()["actions"]
    office.do("request_extension", working_days=5, reason="需要检测")
    office.refused("request_extension", 409, "already_asked", working_days=5, reason="再要")
    office.refused("grant_extension", 403, "not_allowed", working_days=5, reason="自己批")
    assert "grant_extension" in desk.see()["actions"]
    desk.refused("grant_extension", 400, "too_long", working_days=6, reason="多给")
    desk.do("grant_extension", working_days=3, reason="同意三天")
    told = Event.objects.get(case=case, kind="grant_extension")
    assert (told.public, told.data) == (True, {"working_days": 3})
    office.refused("request_extension", 409, "extended_already", working_days=2, reason="再延")


def test_a_refused_extension_may_be_asked_for_again():
    case = in_progress()
    lead(case).do("request_extension", working_days=5, reason="需要检测")
    hotline(case).do("refuse_extension", reason="理由不足")
    lead(case).do("request_extension", working_days=5, reason="附检测委托书")
    assert [row["state"] for row in lead(case).see()["requests"]] == ["refused", "asked"]


def test_a_pause_comes_back_to_where_it_began():
    case = in_progress()
    lead(case).refused("request_suspension", 400, "date_past", until="2020-01-01", reason="等待法院")
    lead(case).do("request_suspension", until=str(timezone.localdate() + timedelta(30)), reason="等待法院裁定")
    assert hotline(case).do("suspend", reason="同意")["state"] == "suspended"
    lead(case).refused("reply", 409, "wrong_state", text="先答复")
    assert lead(case).do("resume", reason="法院已裁定")["state"] == "in_progress"


def test_an_appraisal_begins_once_and_ends():
    case = in_progress()
    office = lead(case)
    office.refused("end_appraisal", 409, "no_appraisal", reason="没有")
    office.do("begin_appraisal", reason="送检")
    office.refused("begin_appraisal", 409, "appraisal_running", reason="再送")
    assert "end_appraisal" in office.see()["actions"]
    office.do("end_appraisal", reason="结果合格")
    assert not case.appraising


@pytest.mark.parametrize(
    ("received", "ground", "there"),
    [("2026-04-14", "identity", False), ("2026-04-15", "identity", True), ("2026-04-14", "too_late", True)],
)
def test_the_grounds_of_refusal_are_those_of_the_day_of_receipt(received, ground, there):
    listed = make.client(make.officer()).get(f"/api/v1/grounds/?kind=refusal&received_on={received}").json()
    assert (ground in {row["code"] for row in listed}) is there
    assert Ground.objects.filter(kind="refusal", ruleset="samr_2026").count() == 7


def test_a_refusal_tells_the_citizen_why_and_ends_the_case():
    case = make.dispatched()
    lead(case).refused("refuse", 400, "unknown_ground", ground="whatever", text="不受理")
    lead(case).do("refuse", ground="taken_elsewhere", text="法院已受理，请等待判决。")
    assert case.state == State.REJECTED
    told = make.client(X_Case_Code=privacy.query_code(case.number)).get(f"/api/v1/cases/{case.number}/events/").json()
    assert told[-1]["note"] == "法院已受理，请等待判决。"
    assert "已受理或处理" in told[-1]["reason"]
    assert not Assignment.objects.filter(case=case, active=True).exists()


def test_a_case_waits_for_the_citizen_and_goes_on_with_the_answer():
    case = in_progress()
    lead(case).refused("ask_supplement", 400, "date_past", text="请提供小票", until="2026-01-01")
    until = str(timezone.localdate() + timedelta(5))
    assert lead(case).do("ask_supplement", text="请提供购物小票", until=until)["state"] == "waiting_citizen"
    asked = citizen(case).client.get(f"/api/v1/cases/{case.number}/events/").json()[-1]
    assert (asked["note"], asked["until"]) == ("请提供购物小票", until)
    lead(case).refused("reply", 409, "wrong_state", text="先答复")
    assert citizen(case).do("supplement", text="小票已上传")["state"] == "in_progress"
    answered = Event.objects.get(case=case, kind="supplement")
    assert (answered.from_state, answered.to_state) == ("waiting_citizen", "in_progress")
    lead(case).do("ask_supplement", text="还缺合同", until=until)
    assert lead(case).do("go_on", reason="逾期未补充")["state"] == "in_progress"


def closed() -> Case:
    case = in_progress()
    lead(case).do("reply", text="已退款")
    lead(case).do("close", reason="办结")
    return case


def test_the_citizen_rates_an_answer_once():
    case = closed()
    citizen(case).refused("rate", 400, "invalid", grade=6)
    citizen(case).do("rate", grade=2, solved="no", comment="没有退")
    citizen(case).refused("rate", 409, "rated_already", grade=5)
    assert [row["grade"] for row in lead(case).see()["satisfaction"]] == [2]


def test_reopened_once_it_goes_back_to_the_lead_twice_one_level_up():
    case = closed()
    again = citizen(case).do("reopen", reason="仍未退款")
    assert (again["state"], again["lead"]["name"]) == ("in_progress", "杭州市西湖区市场监督管理局")
    assert lead(case).see()["my_part"] == "lead"
    lead(case).do("reply", text="已再次上门维修")
    lead(case).do("close", reason="办结")
    raised = citizen(case).do("reopen", reason="还是没退")
    assert (raised["state"], raised["lead"]["name"]) == ("dispatched", "杭州市市场监督管理局")
    assert lead(case).see()["my_part"] == "participant"


def test_the_window_for_reopening_ends(settings):
    case = closed()
    settings.REOPEN_DAYS = 0
    citizen(case).refused("reopen", 409, "too_late", reason="仍未退款")


def test_a_public_answer_names_nobody():
    person = actions.Person(name="欧阳静怡", phone="13812345678", address="文三路90号3幢201室")
    case = make.dispatched(requester=person)
    lead(case).do("sign")
    lead(case).do("start")
    text = "欧阳静怡（13812345678）反映的商品经核查确已过期，依法责令下架，赔款已送到文三路90号3幢201室。"
    lead(case).do("reply", text=text.replace("13812345678", "来电人"))
    lead(case).do("publish_reply", text=text, override="已核对")
    said = case.events.get(kind="publish_reply").note
    assert [word for word in ("欧阳", "静怡", "13812345678", "3幢") if word in said] == []
    assert "确已过期" in said


def test_what_is_noted_after_closing_does_not_lengthen_the_window():
    case = closed()
    Case.objects.filter(pk=case.pk).update(closed_at=timezone.now() - timedelta(days=31))
    lead(case).do("note", text="已归卷")
    citizen(case).refused("reopen", 409, "too_late", reason="仍未退款")
    Case.objects.filter(pk=case.pk).update(closed_at=timezone.now() - timedelta(days=29))
    assert citizen(case).do("reopen", reason="仍未退款")["state"] == "in_progress"


def test_a_dissatisfied_follow_up_sends_it_to_rework_once():
    case = closed()
    caller = Desk(case, make.dispatcher())
    caller.refused("follow_up", 400, "invalid", reached=False, grade=1)
    again = caller.do("follow_up", reached=True, grade=1, solved="no", comment="电话里说没人联系")
    assert again["state"] == "in_progress"
    lead(case).do("reply", text="已联系商家退款")
    lead(case).do("close", reason="办结")
    raised = caller.do("follow_up", reached=True, grade=2, solved="no", comment="不满意")
    assert (raised["state"], raised["lead"]["name"]) == ("dispatched", "杭州市市场监督管理局")


def test_merging_keeps_each_receipt_and_can_be_undone():
    first, second = in_progress(), make.dispatched()
    desk = hotline(second)
    desk.refused("merge", 400, "no_such_case", into="ZST-0", reason="同一事项")
    desk.refused("merge", 400, "not_open", into=second.number, reason="自己")
    assert desk.do("merge", into=first.number, reason="同一事项")["state"] == "merged"
    lead(first).do("reply", text="已统一处理")
    seen = citizen(second).see()
    assert seen["linked"][0]["number"] == first.number
    assert [reply["text"] for reply in seen["replies"]] == ["已统一处理"]
    assert citizen(first).see()["linked"] == []
    assert hotline(second).do("unmerge", reason="不是同一家店")["state"] == "dispatched"
    assert lead(second).see()["my_part"] == "lead"


def test_splitting_gives_every_matter_its_own_case_and_the_citizen_one_place():
    case = make.dispatched()
    matter = {"text": "楼下油烟直排，电话13900001111", "topic": "V05", "lead": make.unit("chengguan").pk}
    hotline(case).refused("split", 400, "unknown_topic", matters=[{**matter, "topic": "Z99"}], reason="两件事")
    hotline(case).refused("split", 400, "unknown_unit", matters=[{**matter, "lead": 999999}], reason="两件事")
    parent = hotline(case).do("split", matters=[matter], reason="两件事")
    [link] = parent["linked"]
    child = Case.objects.get(number=link["number"])
    assert (child.state, child.topic, child.domain, child.received_at) == (
        "dispatched", "V05", "environment", case.received_at,
    )  # fmt: skip
    assert "13900001111" not in child.text
    assert child.requester.phone == case.requester.phone
    lead(case).do("sign")
    lead(case).do("start")
    lead(case).do("reply", text="食品问题已处理")
    assert child.number in lead(case).refused("close", 409, "matters_open", reason="办结")["detail"]
    other = Desk(child, make.officer("chengguan"))
    other.do("sign")
    other.do("reply", text="油烟已整改")
    other.do("close", reason="办结")
    assert [reply["text"] for reply in citizen(case).see()["replies"]] == ["食品问题已处理", "油烟已整改"]
    assert lead(case).do("close", reason="办结")["state"] == "closed"


def test_handing_over_ends_it_here_and_crime_goes_to_the_police_without_ending_it():
    case = in_progress()
    lead(case).do("refer_crime", to_name="杭州市公安局西湖分局", text="涉嫌诈骗，移送证据清单三页")
    assert case.state == State.IN_PROGRESS
    assert not Event.objects.get(case=case, kind="refer_crime").public
    lead(case).do("hand_over", to="province", to_name="江苏省市场监督管理局", text="经营者住所地在江苏")
    assert case.state == State.HANDED_OVER
    assert citizen(case).see()["actions"] == []


def test_an_outcome_without_its_reason_is_refused_at_the_field():
    case = in_progress()
    lead(case).do("reply", text="已调解")
    told = lead(case).refused("close", 400, "why_not_missing", reason="办结", solved="no")
    assert "why_not" in told["errors"]
    lead(case).refused("close", 400, "invalid", reason="办结", solved="yes", recovered="-1")


def test_every_state_is_reached_and_every_verb_has_an_action_and_a_state():
    reached = {move.target for move in MOVES.values()} | {"registered"}
    assert set(State.values) <= reached
    system = {
        "register",
        "route",
        "hold",
        "take_in",
        "remind",
        "overdue",
        "recount",
        "refiled",
        "escalate",
        "supervision_overdue",
    }
    named = {"return": "return_case", "hand_over_receipt": "record_receipt", "clue_receipt": "record_receipt"}
    assert all(hasattr(actions, named.get(verb, verb)) for verb in set(MOVES) - system - {"reveal"})
    assert all(move.sources <= ANY for move in MOVES.values())


def test_only_the_tables_parts_may_act(django_assert_num_queries):
    case = in_progress(("nhc",))
    stranger = Desk(case, make.officer("agri"))
    for verb, body in {"waive": {"participant": 1, "reason": "x"}, "accept": {}, "archive": {}}.items():
        assert stranger.post(verb, **body).status_code == 404
    caller = Desk(case, make.user(Role.CALL_TAKER, "data12345", region=make.HANGZHOU))
    assert caller.post("archive").status_code == 404
    office = lead(case)
    office.see()
    with django_assert_num_queries(14):
        office.see()


def test_a_key_holder_of_another_case_reaches_nothing():
    case = closed()
    other = CaseKey(make.case().number)
    with pytest.raises(Exception, match="no_such_case"):
        actions.rate(other, case.number, grade=5)
    assert not Satisfaction.objects.exists()
