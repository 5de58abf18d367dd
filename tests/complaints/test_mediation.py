"""Mediation of complaints under both rulesets: consent, sessions, statement, grounds of the end, notice, clocks."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from complaints import actions, clocks
from complaints.clocks.calendar import ZONE
from complaints.lifecycle import MOVES
from complaints.models import Case, ClockState, Event, Ground, Mediation, MediationSession
from tests import make
from tests.complaints.at_work import Desk, citizen, clock, day, hotline, lead

pytestmark = pytest.mark.django_db
OLD, NEW = "2026-03-02T10:00", "2026-09-02T10:00"


def accepted(received: str = NEW, intent: str = "complaint") -> Case:
    """A complaint that the market regulator accepted at its desk, received at that moment."""
    case = make.dispatched("samr")
    case.clocks.all().delete()
    case.received_at, case.intent, case.urgency = datetime.fromisoformat(received).replace(tzinfo=ZONE), intent, "U4"
    case.save()
    lead(case).do("sign")
    lead(case).do("accept")
    return case


def consents(**more):
    today = timezone.localdate().isoformat()
    return {
        "complainant_how": "phone", "complainant_on": today,
        "respondent_how": "on_site", "respondent_on": today, **more,
    }  # fmt: skip


def begun(received: str = NEW) -> Case:
    case = accepted(received)
    lead(case).do("begin_mediation", **consents())
    return case


def ahead(**delta) -> str:
    return (timezone.now() + timedelta(**delta)).isoformat()


def test_a_mediation_from_consent_to_statement_as_all_sides_see_it():
    case = accepted()
    office = lead(case)
    assert "begin_mediation" in office.see()["actions"]
    seen = office.do("begin_mediation", **consents(delegated_to="西湖区消费者权益保护委员会", delegation_agreed=True))
    assert seen["mediation"]["complainant_how_name"] == "电话"
    assert (seen["mediation"]["delegated_to"], seen["state"]) == ("西湖区消费者权益保护委员会", "in_progress")
    assert "begin_mediation" not in seen["actions"]
    assert {"mediation_session", "mediation_agreed", "end_mediation", "ask_recusal"} <= set(seen["actions"])
    assert "reply" not in seen["actions"]
    office.do("mediation_session", at=ahead(days=3), manner="on_site", place="西湖区调解室")
    told = citizen(case).see()["mediation"]["sessions"]
    assert [(one["place"], one["complainant_came"]) for one in told] == [("西湖区调解室", None)]
    held = {"at": ahead(hours=-1), "manner": "video", "complainant_came": True, "respondent_came": True}
    office.do("mediation_session", **held, notes="双方同意退一赔三，电话13900001111")
    sessions = office.see()["mediation"]["sessions"]
    assert [(one["manner"], one["respondent_came"], one["notes"]) for one in sessions] == [
        ("video", True, "双方同意退一赔三，电话139****1111")
    ]
    assert citizen(case).see()["mediation"]["sessions"][0]["notes"] == ""
    office.do("mediation_agreed", terms="商家当场退款并赔偿", amount="120.50", statement_number="西市监调〔2026〕第8号")
    seen = citizen(case).see()["mediation"]
    assert (seen["terms"], seen["amount"], seen["ended_at"]) == ("商家当场退款并赔偿", "120.50", None)
    assert seen["statement_number"] == "西市监调〔2026〕第8号"
    assert [step["kind"] for step in citizen(case).steps()][-4:] == [
        "begin_mediation", "mediation_session", "mediation_session", "mediation_agreed",
    ]  # fmt: skip
    assert clock(case, "samr.mediate").state == ClockState.MET
    assert not case.clocks.filter(policy__clock="samr.tell_end").exists()
    assert "reply" in office.see()["actions"]


def test_both_sides_have_to_agree_first():
    office = lead(accepted())
    for missing in ("complainant_how", "respondent_how", "complainant_on", "respondent_on"):
        told = office.refused(
            "begin_mediation", 400, "consent_missing", **consents(**{missing: None if "on" in missing[-2:] else ""})
        )
        assert missing in told["errors"]
    tomorrow = (timezone.localdate() + timedelta(days=1)).isoformat()
    office.refused("begin_mediation", 400, "date_future", **consents(respondent_on=tomorrow))
    office.refused("begin_mediation", 400, "delegation_not_agreed", **consents(delegated_to="消费者协会"))
    hotline(office.case).refused("begin_mediation", 403, "not_allowed", **consents())


def test_only_accepted_complaints_are_mediated_and_never_reports():
    report = accepted(intent="report")
    lead(report).refused("begin_mediation", 409, "not_a_complaint", **consents())
    begun_only = make.dispatched("samr")
    office = lead(begun_only)
    office.do("sign")
    office.refused("begin_mediation", 409, "wrong_state", **consents())
    office.do("start")
    office.refused("begin_mediation", 409, "not_accepted", **consents())
    assert "begin_mediation" not in office.see()["actions"]


def test_a_second_mediation_waits_for_the_first():
    office = lead(begun())
    office.refused("begin_mediation", 409, "mediation_open", **consents())
    office.refused("reply", 409, "mediation_open", text="已调解")
    office.do("end_mediation", ground="says_no", text="未能达成一致")
    assert office.do("begin_mediation", **consents())["mediation"]["ended_at"] is None


def test_a_planned_session_is_moved_or_recorded_and_never_doubled():
    case = begun()
    office = lead(case)
    office.do("mediation_session", at=ahead(days=2), manner="on_site")
    office.do("mediation_session", at=ahead(days=5), manner="phone")
    assert MediationSession.objects.filter(mediation__case=case).count() == 1
    office.refused("mediation_session", 400, "who_came", at=ahead(days=1), manner="phone", complainant_came=True)
    office.refused("mediation_session", 400, "who_came", at=ahead(hours=-1), manner="phone", complainant_came=True)
    office.do("mediation_session", at=ahead(hours=-2), manner="phone", complainant_came=True, respondent_came=False)
    office.do("end_mediation", ground="absent", text="被投诉人未到场")
    assert [one["respondent_came"] for one in office.see()["mediation"]["sessions"]] == [False]


@pytest.mark.parametrize(
    ("received", "ruleset", "only_here", "not_here"),
    [(OLD, "samr_2020", "第20号令第二十一条", "party_gone"), (NEW, "samr_2026", "party_gone", "")],
)
def test_grounds_of_the_end_follow_the_day_of_receipt(received, ruleset, only_here, not_here):
    case = begun(received)
    office = lead(case)
    day_of_receipt = received[:10]
    offered = office.client.get(f"/api/v1/grounds/?kind=mediation&received_on={day_of_receipt}").json()
    assert {row["ruleset"] for row in offered} == {ruleset}
    assert len(offered) == {"samr_2020": 7, "samr_2026": 8}[ruleset]
    assert not not_here or not_here not in [row["code"] for row in offered]
    office.refused("end_mediation", 400, "unknown_ground", ground=not_here or "gone_fishing", text="终止")
    office.refused("end_mediation", 400, "unknown_ground", ground="not_our_duty", text="终止")
    ended = office.do("end_mediation", ground="settled", text="双方已自行和解")
    assert ended["mediation"]["ground"] == "投诉人撤回投诉，或双方自行和解"
    assert Mediation.objects.get(case=case).ruleset == ruleset
    assert Event.objects.get(case=case, kind="end_mediation").data == {"ground": "settled", "ruleset": ruleset}


def test_the_parties_are_told_once_and_only_of_an_end():
    case = begun()
    office = lead(case)
    office.refused("tell_parties", 409, "nothing_to_tell", how="sms")
    assert "tell_parties" not in office.see()["actions"]
    office.do("end_mediation", ground="says_no", text="您还可以申请仲裁或者起诉")
    running = clock(case, "samr.tell_end")
    assert (running.state, running.amount, running.unit) == (ClockState.RUNNING, 7, "wd")
    told = office.do("tell_parties", how="letter", text="已寄送终止调解决定书")
    assert told["mediation"]["told_how_name"] == "信函"
    assert clock(case, "samr.tell_end").state == ClockState.MET
    office.refused("tell_parties", 409, "nothing_to_tell", how="sms")
    seen = citizen(case)
    assert [step["note"] for step in seen.steps() if step["kind"] == "end_mediation"] == ["您还可以申请仲裁或者起诉"]
    assert office.do("reply", text="调解未成，已告知其他途径。")["state"] == "replied"


def test_recusal_stops_mediation_until_it_is_decided():
    case = begun()
    office = lead(case)
    office.refused("decide_recusal", 409, "nothing_asked", granted=True, reason="无人申请")
    office.do("ask_recusal", side="respondent", reason="调解员与投诉人是亲属")
    assert clock(case, "samr.mediate").state == ClockState.PAUSED
    actions_now = office.see()["actions"]
    assert "decide_recusal" in actions_now
    assert not {"mediation_session", "mediation_agreed", "ask_recusal"} & set(actions_now)
    office.refused("mediation_session", 409, "recusal_open", at=ahead(days=1), manner="phone")
    office.refused("mediation_agreed", 409, "recusal_open", terms="退款", performed=True)
    office.do("decide_recusal", granted=True, reason="更换调解员")
    assert clock(case, "samr.mediate").state == ClockState.RUNNING
    office.do("mediation_agreed", terms="退款", performed=True)


def test_a_statement_needs_its_number_unless_all_was_performed_at_once():
    case = begun()
    office = lead(case)
    told = office.refused("mediation_agreed", 400, "no_statement", terms="退款")
    assert "statement_number" in told["errors"]
    office.do("mediation_agreed", terms="当场退款", performed=True, amount="99999999999.99")
    assert Mediation.objects.get(case=case).amount == Decimal("99999999999.99")
    office.refused("end_mediation", 409, "no_mediation", ground="settled", text="终止")


@pytest.mark.parametrize(("verb", "who", "body", "ground"), [
    ("withdraw", "citizen", {"reason": "已和解"}, "settled"),
    ("refuse", "lead", {"ground": "too_late", "text": "已超过三年"}, "refusal_ground"),
    ("hand_over", "lead", {"to": "authority", "to_name": "西湖区人民法院", "text": "已起诉"}, "other_law"),
])  # fmt: skip
def test_a_case_that_leaves_the_desk_ends_its_mediation(verb, who, body, ground):
    case = begun()
    {"citizen": citizen, "lead": lead}[who](case).do(verb, **body)
    ended = Mediation.objects.get(case=case)
    assert (ended.ground.code, ended.is_open) == (ground, False)


def happen(case: Case, kind: str, moment: str, **data: object) -> None:
    """An event of that kind at that moment, as record.write would hand it over."""
    case.version += 1
    state = MOVES[kind].target or case.state
    at = datetime.fromisoformat(moment).replace(tzinfo=ZONE)
    clocks.follow(case, Event(case=case, kind=kind, at=at, version=case.version, to_state=state, data=data))
    case.save()


def clockless(received: str) -> Case:
    case = make.dispatched("samr")
    case.clocks.all().delete()
    case.received_at, case.intent, case.urgency = (
        datetime.fromisoformat(received).replace(tzinfo=ZONE),
        "complaint",
        "U4",
    )
    case.save()
    return case


@pytest.mark.parametrize(
    ("received", "accept", "policy", "due"),
    [
        ("2025-09-01T10:00", "2025-09-03T10:00", "samr.mediate.2020", "2025-11-11"),  # 45 working days
        ("2026-04-14T16:00", "2026-04-20T10:00", "samr.mediate.2020", "2026-06-25"),
        ("2026-04-15T09:00", "2026-04-20T10:00", "samr.mediate.2026", "2026-06-22"),  # 60 days end in a holiday
        ("2026-09-02T10:00", "2026-09-03T10:00", "samr.mediate.2026", "2026-11-02"),
    ],
)
def test_the_time_for_mediation_by_ruleset(received, accept, policy, due):
    case = clockless(received)
    happen(case, "accept", accept)
    running = clock(case, "samr.mediate")
    assert (running.policy.code, day(running.due_at)) == (policy, due)


@pytest.mark.parametrize(("received", "before", "after"), [
    ("2025-09-01T10:00", "2025-11-11", "2025-11-18"), ("2026-09-02T10:00", "2026-11-02", "2026-11-09"),
])  # fmt: skip
@pytest.mark.parametrize(("stop", "go"), [("begin_appraisal", "end_appraisal"), ("ask_recusal", "decide_recusal")])
def test_appraisal_and_recusal_are_not_counted(received, before, after, stop, go):
    """A week in which nothing runs moves the end by five working days, or by seven days."""
    case = clockless(received)
    happen(case, "accept", f"{received[:8]}03T10:00")
    assert day(clock(case, "samr.mediate").due_at) == before
    happen(case, stop, f"{received[:8]}08T10:00")
    happen(case, go, f"{received[:8]}15T10:00")
    assert day(clock(case, "samr.mediate").due_at) == after


def test_the_time_is_not_over_before_the_clock_says_so():
    case = accepted()
    office = lead(case)
    office.do("begin_mediation", **consents())
    told = office.refused("end_mediation", 400, "time_left", ground="time_over", text="六十日已满")
    assert "ground" in told["errors"]
    case.clocks.filter(policy__clock="samr.mediate").update(due_at=timezone.now() - timedelta(days=1))
    office.do("end_mediation", ground="time_over", text="六十日已满")
    assert clock(case, "samr.mediate").state == ClockState.MISSED


def test_the_database_itself_refuses_half_mediations():
    case = begun()
    kept = Mediation.objects.get(case=case)
    for broken in (
        {"complainant_how": ""}, {"delegated_to": "消协"}, {"ended_at": timezone.now()}, {"amount": Decimal(5)},
        {"agreed_at": timezone.now()}, {"told_at": timezone.now(), "told_how": "sms"},
        {"agreed_at": timezone.now(), "performed": True, "amount": Decimal(-1)},
        {"agreed_at": timezone.now(), "performed": True, "ended_at": timezone.now(),
         "ground": Ground.objects.get(kind="mediation", code="settled", ruleset="samr_2026")},
    ):  # fmt: skip
        with pytest.raises(IntegrityError), transaction.atomic():
            Mediation.objects.filter(pk=kept.pk).update(**broken)
    with pytest.raises(IntegrityError), transaction.atomic():
        Mediation.objects.create(**{**{f.name: getattr(kept, f.name) for f in Mediation._meta.fields}, "id": None})
    assert list(Mediation.objects.filter(case=case)) == [kept]


def test_participants_and_strangers_stay_out():
    case = begun()
    actions.invite(make.dispatcher(), case.number, case.version, participants=[make.unit("nhc").pk], reason="涉及伤害")
    Desk(case, make.officer("nhc")).refused("end_mediation", 403, "not_allowed", ground="settled", text="终止")
    Desk(case, make.officer("hurd")).refused("end_mediation", 404, "no_such_case", ground="settled", text="终止")
    citizen(case).refused("end_mediation", 403, "not_allowed", ground="settled", text="终止")
