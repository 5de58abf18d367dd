"""Clocks follow the life of a case: what starts, ends, pauses and moves them. Moments are given."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from complaints import actions, clocks, privacy
from complaints.clocks.calendar import ZONE
from complaints.clocks.policies import changed, current_book
from complaints.errors import Invalid
from complaints.lifecycle import MOVES
from complaints.models import Case, Clock, ClockPolicy, ClockProfile, Event, Role
from tests import make

pytestmark = pytest.mark.django_db


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


def received(text: str, *, intent: str = "complaint", bureau: str = "samr", region: str = make.XIHU, parts=()) -> Case:
    """A dispatched case without clocks, received at that moment, as though nothing had been counted yet."""
    case = make.dispatched(bureau, parts, region)
    case.clocks.all().delete()
    case.received_at, case.intent, case.urgency = at(text), intent, "U4"
    case.save()
    return case


def happen(case: Case, kind: str, moment: str, *, unit: int | None = None, **data: object) -> None:
    """An event of that kind at that moment, as record.write would hand it over."""
    case.version += 1
    move = MOVES.get(kind)
    state = move.target if move and move.target and move.target != "back" else case.state
    event = Event(case=case, kind=kind, at=at(moment), version=case.version, to_state=state, unit_id=unit, data=data)
    clocks.follow(case, event)
    case.save()


def clock(case: Case, name: str) -> Clock:
    return case.clocks.select_related("policy").filter(policy__clock=name).latest("started_at", "due_at")


def local(moment: datetime | None) -> str:
    return moment.astimezone(ZONE).strftime("%Y-%m-%dT%H:%M") if moment else ""


def everything(case: Case) -> list:
    return list(case.clocks.order_by("id").values())


# --- what runs, and how long


def test_receipt_starts_the_legal_clock_and_the_decision_ends_it():
    case = received("2026-09-30T10:00")
    happen(case, "route", "2026-10-09T09:30")
    accept = clock(case, "samr.accept")
    assert (local(accept.started_at), local(accept.due_at)) == ("2026-09-30T10:00", "2026-10-15T17:30")
    assert local(clock(case, "hot.sign").due_at) == "2026-10-10T12:00"
    assert case.due_at == clock(case, "hot.sign").due_at
    happen(case, "sign", "2026-10-10T11:00")
    assert (clock(case, "hot.sign").state, local(clock(case, "hot.sign").met_at)) == ("met", "2026-10-10T11:00")
    assert local(clock(case, "hot.handle").due_at) == "2026-10-23T17:30"  # 10 and 12 to 23 October
    assert case.due_at == accept.due_at
    happen(case, "accept", "2026-10-16T09:00")
    assert clock(case, "samr.accept").state == "missed"
    happen(case, "reply", "2026-10-20T09:00")
    happen(case, "close", "2026-10-20T10:00")
    assert set(case.clocks.filter(stopped_at=None).values_list("policy__clock", flat=True)) == {"hot.callback"}


@pytest.mark.parametrize(
    ("receipt", "policy", "ruleset", "due"),
    [
        ("2026-04-14T16:00", "samr.mediate.2020", "samr_2020", "2026-06-25T17:30"),  # 45 working days
        ("2026-04-15T16:00", "samr.mediate.2026", "samr_2026", "2026-06-22T17:30"),  # 60 days: 19 June is a holiday
        ("2026-04-14T23:59", "samr.mediate.2020", "samr_2020", "2026-06-25T17:30"),
    ],
)
def test_the_ruleset_of_the_day_of_receipt_holds_to_the_end(receipt, policy, ruleset, due):
    case = received(receipt)
    happen(case, "accept", "2026-04-20T10:00")
    mediation = clock(case, "samr.mediate")
    assert (mediation.policy.code, mediation.policy.ruleset, local(mediation.due_at)) == (policy, ruleset, due)


@pytest.mark.parametrize(
    ("intent", "bureau", "region", "expected"),
    [
        ("complaint", "samr", make.XIHU, {"samr.accept": 7, "hot.sign": 0.5, "hot.return": 1}),
        ("consult", "samr", make.XIHU, {"hot.sign": 0.5, "hot.return": 1}),
        ("report", "samr", make.XIHU, {"samr.verify": 15, "hot.sign": 0.5, "hot.return": 1}),
        ("complaint", "mct", make.XIHU, {"tour.accept": 5, "hot.sign": 0.5, "hot.return": 1}),
    ],
)
def test_intent_and_bureau_pick_the_clocks(intent, bureau, region, expected):
    case = received("2026-11-16T10:00", intent=intent, bureau=bureau, region=region)
    happen(case, "route", "2026-11-16T10:05")
    assert {each.policy.clock: each.amount for each in case.clocks.select_related("policy")} == expected


@pytest.mark.parametrize(
    ("region", "intent", "days"),
    [(make.XIHU, "complaint", 10), (make.XIHU, "consult", 2), (make.XIHU, "", 10), ("330902", "complaint", 7),
     ("330902", "consult", 3), ("330902", "", 10)],
)  # fmt: skip
def test_the_nearest_regions_profile_decides(region, intent, days):
    case = received("2026-11-16T10:00", intent=intent, region=region)
    happen(case, "sign", "2026-11-16T10:05")
    assert clock(case, "hot.handle").amount == days


def test_an_emergency_must_be_passed_on_within_minutes():
    case = make.case("电梯里困人了，快来")
    emergency = clock(case, "hot.emergency")
    assert emergency.due_at == case.received_at + timedelta(minutes=10)
    case.refresh_from_db()
    assert case.due_at == emergency.due_at


# --- pauses and extensions


def test_what_was_left_before_a_pause_is_left_after_it():
    case = received("2026-11-02T10:00")
    happen(case, "sign", "2026-11-02T10:00")
    assert local(clock(case, "hot.handle").due_at) == "2026-11-16T17:30"
    happen(case, "suspend", "2026-11-05T15:00")  # 15 halves are left: of the 5th the afternoon, then seven days
    assert (clock(case, "hot.handle").state, case.due_at) == ("paused", None)
    happen(case, "begin_appraisal", "2026-11-06T09:00")
    happen(case, "resume", "2026-11-10T09:00")
    assert clock(case, "hot.handle").state == "paused"  # the appraisal goes on
    happen(case, "end_appraisal", "2026-11-12T15:00")
    handle = clock(case, "hot.handle")
    assert (handle.state, local(handle.due_at)) == ("running", "2026-11-23T17:30")
    assert [line["what"] for line in handle.history] == ["start", "pause", "pause", "resume", "resume"]


def test_a_supplement_that_nobody_asked_for_changes_nothing():
    case = received("2026-11-02T10:00")
    happen(case, "sign", "2026-11-02T10:00")
    before = everything(case)
    happen(case, "supplement", "2026-11-03T10:00")
    assert everything(case) == before


def test_answering_while_paused_is_in_time():
    case = received("2026-11-02T10:00")
    happen(case, "sign", "2026-11-02T10:00")
    happen(case, "suspend", "2026-11-05T15:00")
    happen(case, "reply", "2026-11-30T15:00")
    assert clock(case, "hot.handle").state == "met"


def test_an_extension_moves_the_end_and_is_limited():
    case = received("2026-11-02T10:00")
    happen(case, "sign", "2026-11-02T10:00")
    happen(case, "grant_extension", "2026-11-13T10:00", working_days=10)
    handle = clock(case, "hot.handle")
    assert local(handle.due_at) == "2026-11-30T17:30"
    assert handle.history[-1]["before"] == at("2026-11-16T17:30").isoformat()
    assert clocks.extension_left(handle, handle.policy) == 5
    before = everything(case)
    with pytest.raises(Invalid) as refused:
        happen(case, "grant_extension", "2026-11-14T10:00", working_days=6)
    assert (refused.value.code, list(refused.value.fields)) == ("extension_too_long", ["working_days"])
    assert everything(case) == before


def test_where_nothing_can_be_extended_it_says_so():
    case = received("2026-11-02T10:00")
    with pytest.raises(Invalid) as refused:
        happen(case, "grant_extension", "2026-11-14T10:00", working_days=1)
    assert refused.value.code == "nothing_to_extend"


# --- units


def test_each_participant_has_its_own_clock():
    case = received("2026-11-02T10:00", parts=("nhc", "agri"))
    health, farm = make.unit("nhc").pk, make.unit("agri").pk
    happen(case, "dispatch", "2026-11-02T10:00", participants=[health, farm])
    happen(case, "sign_part", "2026-11-02T15:00", unit=health)
    signing = {each.assignment.unit_id: each.state for each in case.clocks.filter(policy__clock="hot.sign_part")}
    assert signing == {health: "met", farm: "running"}
    answering = case.clocks.filter(policy__clock="hot.part")
    assert [each.assignment.unit_id for each in answering] == [health, farm]
    happen(case, "reply_part", "2026-11-05T15:00", unit=health)
    happen(case, "waive", "2026-11-05T16:00", participants=[farm])
    assert sorted(answering.values_list("state", flat=True)) == ["cancelled", "met"]


def test_a_unit_that_gave_the_case_back_has_no_clock_any_more():
    case = received("2026-11-02T10:00")
    happen(case, "dispatch", "2026-11-02T10:00")
    happen(case, "return", "2026-11-02T15:00", unit=case.lead_unit_id)
    assert clock(case, "hot.sign").state == "cancelled"
    assert clock(case, "hot.return").state == "met"
    assert clock(case, "samr.accept").state == "running"  # the citizen's time runs on


def test_a_duty_that_was_done_does_not_come_back():
    case = received("2026-11-02T10:00")
    happen(case, "dispatch", "2026-11-02T10:00")
    happen(case, "accept", "2026-11-03T10:00")
    happen(case, "dispatch", "2026-11-20T10:00")
    assert case.clocks.filter(policy__clock="samr.accept").count() == 1


def test_another_bureau_is_another_law():
    case = received("2026-11-02T10:00")
    happen(case, "dispatch", "2026-11-02T10:00")
    case.lead_unit = make.unit("mct")
    happen(case, "dispatch", "2026-11-03T10:00")
    assert clock(case, "samr.accept").state == "cancelled"
    assert local(clock(case, "tour.accept").due_at) == "2026-11-09T17:30"


def test_a_merger_that_is_undone_costs_no_time():
    case = received("2026-11-02T10:00")
    happen(case, "dispatch", "2026-11-02T10:00")
    before = clock(case, "samr.accept").due_at
    happen(case, "merge", "2026-11-03T10:00")
    assert (clock(case, "samr.accept").state, case.due_at) == ("cancelled", None)
    happen(case, "unmerge", "2026-11-04T10:00")
    assert (clock(case, "samr.accept").state, clock(case, "samr.accept").due_at) == ("running", before)


# --- through the actions


def test_the_life_of_a_case_makes_meets_and_ends_the_clocks():
    case, officer = make.dispatched(), make.officer()
    running = set(case.clocks.filter(state="running").values_list("policy__clock", flat=True))
    assert {"hot.sign", "hot.return"} <= running
    case.refresh_from_db()
    assert case.due_at == clock(case, "hot.sign").due_at
    actions.sign(officer, case.number, case.version)
    assert clock(case, "hot.sign").state == "met"
    actions.start(officer, case.number, case.version + 1)
    actions.reply(officer, case.number, case.version + 2, "已责令整改")
    assert clock(case, "hot.handle").state == "met"
    actions.close(officer, case.number, case.version + 3, "了结")
    case.refresh_from_db()
    assert not case.clocks.filter(state__in=["running", "paused"], policy__outlives_case=False).exists()


def test_a_refused_move_leaves_the_clocks_alone():
    case = make.dispatched()
    before = everything(case)
    answer = make.client(make.officer()).post(f"/api/v1/cases/{case.number}/sign/", {"version": 1}, format="json")
    assert answer.status_code == 409
    assert everything(case) == before


def test_people_see_their_own_deadlines():
    case = make.dispatched("samr", ("nhc",))
    lead = make.client(make.officer()).get(f"/api/v1/cases/{case.number}/").json()
    assert {each["code"] for each in lead["clocks"]} == {"hot.sign", "hot.return", "hot.sign_part", "hot.return_part"}
    signing = next(each for each in lead["clocks"] if each["code"] == "hot.sign")
    assert signing["unit"] == {"id": make.unit().pk, "name": "杭州市西湖区市场监督管理局"}
    assert (signing["label"], signing["state"], signing["paused"]) == ("签收", "green", False)
    assert (lead["due_at"], lead["clock_state"]) == (signing["due_at"], "green")
    health = make.client(make.officer("nhc")).get("/api/v1/cases/?queue=mine").json()["results"][0]
    part = case.clocks.get(policy__clock="hot.sign_part")
    assert datetime.fromisoformat(health["due_at"]) == part.due_at
    citizen = make.client(X_Case_Code=privacy.query_code(case.number)).get(f"/api/v1/cases/{case.number}/").json()
    assert (citizen["clocks"], citizen["due_at"], citizen["clock_state"]) == ([], None, None)


def test_a_row_shows_the_deadline_that_the_case_shows():
    lead, health, desk = make.officer(), make.officer("nhc"), make.dispatcher()
    urgent, paused = make.dispatched("samr", ("nhc",)), make.dispatched("samr", ("nhc",))
    urgent.clocks.filter(policy__clock="hot.sign_part").update(red_at=urgent.received_at)
    paused.clocks.filter(policy__clock="hot.sign").update(state="paused")
    seen = set()
    for viewer in (lead, health, desk):
        client = make.client(viewer)
        rows = {row["number"]: row for row in client.get("/api/v1/cases/").json()["results"]}
        for case in (urgent, paused):
            whole = client.get(f"/api/v1/cases/{case.number}/").json()
            shown = [(of["due_at"], of["clock_state"]) for of in (rows[case.number], whole)]
            assert shown[0] == shown[1]
            seen.add((viewer.unit_id, *shown[0]))
    assert len(seen) > 2


def test_queues_by_deadline_come_page_by_page():
    officer = make.officer()
    cases = [make.dispatched() for _ in range(5)]
    for order, case in zip((3, 1, 4, 2, 2), cases, strict=True):
        Case.objects.filter(pk=case.pk).update(due_at=at(f"2026-12-0{order}T17:30"))
    Case.objects.filter(pk=make.dispatched().pk).update(due_at=None)
    client, seen, cursor = make.client(officer), [], ""
    while cursor is not None:
        page = client.get(f"/api/v1/cases/?queue=mine&order=due&limit=2&cursor={cursor}").json()
        seen += [row["number"] for row in page["results"]]
        cursor = page["next"]
    assert seen == [cases[place].number for place in (1, 3, 4, 0, 2)]
    assert client.get("/api/v1/cases/?order=due&cursor=x").status_code == 400


# --- the book of policies


def test_a_move_costs_three_queries_more_at_most():
    case = make.dispatched("samr", ("nhc",))
    for kind in ("note", "dispatch", "sign", "suspend", "resume", "reply", "close"):
        current_book()
        event = Event(case=case, kind=kind, version=case.version + 1, to_state="signed", data={})
        with CaptureQueriesContext(
            connection,
        ) as asked:
            clocks.follow(case, event)
        assert len(asked) <= 3, [query["sql"] for query in asked]


def test_a_changed_policy_reaches_the_next_case_and_spares_running_clocks():
    case = received("2026-11-02T10:00")
    happen(case, "sign", "2026-11-02T10:00")
    ClockPolicy.objects.filter(code="hot.handle.complaint").update(amount=3)
    changed(calendar=False)
    assert clock(case, "hot.handle").amount == 10
    other = received("2026-11-02T10:00")
    happen(other, "sign", "2026-11-02T10:00")
    assert local(clock(other, "hot.handle").due_at) == "2026-11-05T17:30"


def test_a_policy_ended_today_still_holds_for_cases_received_before():
    ClockPolicy.objects.filter(code="hot.handle.complaint").update(valid_to="2026-11-02")
    changed(calendar=False)
    before, after = received("2026-11-02T10:00"), received("2026-11-03T10:00")
    for case in (before, after):
        happen(case, "sign", "2026-11-04T10:00")
    assert clock(before, "hot.handle").policy.code == "hot.handle.complaint"
    assert clock(after, "hot.handle").policy.code == "hot.handle.other"


def test_office_hours_are_the_regions_own():
    ClockProfile.objects.create(code="hangzhou", region_id=make.HANGZHOU, closes="18:00", source="test")
    changed(calendar=True)
    case = received("2026-11-02T10:00")
    happen(case, "sign", "2026-11-02T17:50")
    assert local(clock(case, "hot.handle").due_at) == "2026-11-16T18:00"
    elsewhere = received("2026-11-02T10:00", region=make.YINZHOU)
    happen(elsewhere, "sign", "2026-11-02T17:50")
    assert local(clock(elsewhere, "hot.handle").due_at) == "2026-11-17T17:30"


def test_supervisors_see_every_clock_of_their_region():
    case = make.dispatched("samr", ("nhc",))
    seen = make.client(make.user(Role.SUPERVISOR, region=make.ZHEJIANG)).get(f"/api/v1/cases/{case.number}/").json()
    assert len(seen["clocks"]) == case.clocks.count()
