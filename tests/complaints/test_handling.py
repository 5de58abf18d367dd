"""The life of a case through the API: each step once, by the right people, recorded; refusals change nothing."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, connection, transaction

from complaints import privacy
from complaints.actions import Person
from complaints.lifecycle import MOVES
from complaints.models import Assignment, Case, CaseLink, Event, Role, RoutingDecision, TriageTask
from tests import make

pytestmark = pytest.mark.django_db


def url(case: Case, verb: str = "") -> str:
    return f"/api/v1/cases/{case.number}/" + (f"{verb}/" if verb else "")


def state_of(case: Case) -> tuple:
    case.refresh_from_db()
    return (
        case.state,
        case.version,
        case.lead_unit_id,
        case.urgency,
        case.events.count(),
        case.assignments.count(),
    )


def citizen(case: Case):
    return make.client(X_Case_Code=privacy.query_code(case.number))


def test_from_dispatch_to_close_and_the_citizen_follows():
    case = make.case()
    officer = make.officer()
    desk, bureau = make.client(make.dispatcher()), make.client(officer)
    body = {
        "version": 1,
        "lead": officer.unit_id,
        "participants": [make.unit("nhc").pk],
        "topic": "P01",
        "reason": "食品",
    }
    assert desk.post(url(case, "dispatch"), body, format="json").json()["state"] == "dispatched"
    assert bureau.post(url(case, "sign"), {"version": 2}, format="json").json()["state"] == "signed"
    assert bureau.post(url(case, "start"), {"version": 3}, format="json").json()["state"] == "in_progress"
    reply = {"version": 4, "text": "已责令下架并退赔，联系人13900001111。"}
    answered = bureau.post(url(case, "reply"), reply, format="json").json()
    assert answered["state"] == "replied"
    assert {"close", "waive", "note", "reveal"} <= set(answered["actions"])
    assert not {"sign", "start", "reply", "sign_part"} & set(answered["actions"])
    waiver = {"version": 5, "participant": make.unit("nhc").pk, "reason": "不涉及"}
    assert bureau.post(url(case, "waive"), waiver, format="json").status_code == 200
    closed = bureau.post(url(case, "close"), {"version": 6, "reason": "双方和解"}, format="json").json()
    assert (closed["state"], closed["version"], closed["state_name"]) == ("closed", 7, "已办结")
    seen = citizen(case).get(url(case)).json()
    assert seen["replies"][0]["text"] == "已责令下架并退赔，联系人139****1111。"
    assert seen["lead"]["name"] == "杭州市西湖区市场监督管理局"
    assert seen["prediction"] is seen["decision"] is None
    timeline = citizen(case).get(url(case, "events")).json()
    assert [event["kind"] for event in timeline] == [
        "register",
        "dispatch",
        "sign",
        "start",
        "reply",
        "close",
    ]
    assert [event["version"] for event in timeline] == [1, 2, 3, 4, 5, 7]  # the waiver is internal
    assert {event["actor"] for event in timeline} == {""}
    assert not Assignment.objects.filter(active=True).exists()
    assert not TriageTask.objects.exists()


def test_dispatch_stores_why_and_who():
    case = make.dispatched("samr", ("nhc",))
    decision = RoutingDecision.objects.get(case=case)
    assert decision.reasons == [{"code": "dispatcher", "params": {"topic": "P01"}}]
    assert (decision.lead_unit, decision.participant_units) == (make.unit("samr"), [make.unit("nhc").pk])
    assert case.domain == "product"


def test_a_stale_version_is_a_conflict_and_changes_nothing():
    case = make.dispatched()
    before = state_of(case)
    answer = make.client(make.officer()).post(url(case, "sign"), {"version": 1}, format="json")
    assert (answer.status_code, answer.json()["code"]) == (409, "stale_version")
    assert state_of(case) == before


@pytest.mark.parametrize(
    ("verb", "body"),
    [
        ("start", {"version": 2}),
        ("reply", {"version": 2, "text": "答复"}),
        ("close", {"version": 2, "reason": "了结"}),
    ],
)
def test_a_step_out_of_order_is_a_conflict_in_words(verb, body):
    case = make.dispatched()
    before = state_of(case)
    answer = make.client(make.officer()).post(url(case, verb), body, format="json")
    assert answer.status_code == 409
    assert "已派单" in answer.json()["detail"]
    assert state_of(case) == before


@pytest.mark.parametrize("verb", ["sign", "return", "reveal", "dispatch"])
def test_a_participant_may_look_and_note_but_not_lead(verb):
    case = make.dispatched("samr", ("nhc",))
    before = state_of(case)
    participant = make.client(make.officer("nhc"))
    body = {"version": 2, "reason": "试试", "lead": make.unit("nhc").pk, "ground": "not_our_duty"}
    answer = participant.post(url(case, verb), body, format="json")
    assert (answer.status_code, answer.json()["code"]) == (403, "not_allowed")
    assert state_of(case) == before
    assert participant.post(url(case, "note"), {"text": "已电话沟通"}, format="json").status_code == 200


@pytest.mark.parametrize(
    "body",
    [
        {"lead": 10**12, "reason": "x"},
        {"lead": "samr", "reason": "x"},
        {"lead": None, "reason": "x"},
        {"reason": "x"},
        {"lead": 0, "reason": ""},
        {"lead": 0, "reason": "x", "topic": "Z99"},
        {"lead": 0, "reason": "x", "participants": [10**12]},
        {"lead": 0, "reason": "x", "urgency": "U9"},
    ],
)
def test_a_dispatch_with_bad_values_is_refused_at_the_field(body):
    case = make.case()
    before = state_of(case)
    if body.get("lead") == 0:
        body = {**body, "lead": make.unit().pk}
    answer = make.client(make.dispatcher()).post(url(case, "dispatch"), {"version": 1, **body}, format="json")
    assert answer.status_code == 400
    assert len(answer.json()["errors"]) == 1
    assert state_of(case) == before


def test_only_a_supervisor_lowers_an_urgent_case():
    case = make.case("电梯里困人了，快来")
    assert case.urgency == "U1"
    body = {"version": 1, "lead": make.unit().pk, "urgency": "U3", "reason": "已脱险"}
    refused = make.client(make.dispatcher()).post(url(case, "dispatch"), body, format="json")
    assert list(refused.json()["errors"]) == ["urgency"]
    assert state_of(case)[:2] == ("registered", 1)
    supervisor = make.client(make.user(Role.SUPERVISOR, region=make.ZHEJIANG))
    assert supervisor.post(url(case, "dispatch"), body, format="json").json()["urgency"] == "U3"


def test_a_returned_case_waits_for_a_dispatcher_and_may_go_elsewhere():
    case = make.dispatched("samr")
    first, second = make.client(make.officer("samr")), make.client(make.officer("agri"))
    answer = first.post(
        url(case, "return"), {"version": 2, "ground": "not_our_duty", "reason": "属于农业农村部门"}, format="json"
    ).json()
    assert (answer["state"], answer["lead"], answer["actions"]) == ("needs_triage", None, [])
    queue = make.client(make.dispatcher()).get("/api/v1/cases/?queue=triage").json()["results"]
    assert [row["number"] for row in queue] == [case.number]
    body = {"version": 3, "lead": make.unit("agri").pk, "reason": "改派"}
    assert make.client(make.dispatcher()).post(url(case, "dispatch"), body, format="json").status_code == 200
    assert second.get(url(case)).json()["my_part"] == "lead"
    assert {"return", "sign"} <= set(second.get(url(case)).json()["actions"])
    assert first.get(url(case)).json()["actions"] == []
    assert first.get("/api/v1/cases/?queue=mine").json()["results"] == []


def test_a_citizen_supplements_and_withdraws_and_internal_notes_stay_internal():
    case = make.dispatched()
    me = citizen(case)
    make.client(make.officer()).post(url(case, "note"), {"text": "内部：该店屡犯"}, format="json")
    assert me.post(url(case, "supplement"), {"text": "小票找到了"}, format="json").status_code == 200
    kinds = [event["kind"] for event in me.get(url(case, "events")).json()]
    assert kinds == ["register", "dispatch", "supplement"]
    case.refresh_from_db()
    done = me.post(url(case, "withdraw"), {"version": case.version, "reason": "已和解"}, format="json").json()
    assert (done["state"], done["actions"]) == ("withdrawn", [])
    before = state_of(case)
    again = me.post(url(case, "supplement"), {"text": "还有"}, format="json")
    assert again.status_code == 409
    assert state_of(case) == before


@pytest.mark.parametrize("verb", ["note", "reveal", "sign", "dispatch", "close"])
def test_a_citizen_cannot_act_for_the_offices(verb):
    case = make.dispatched()
    before = state_of(case)
    body = {"version": 2, "reason": "我要看", "text": "我要写", "lead": make.unit().pk}
    assert citizen(case).post(url(case, verb), body, format="json").status_code in (401, 403, 404)
    assert state_of(case) == before


def test_every_reveal_is_logged_with_its_reason():
    case = make.dispatched(requester=Person(name="李小四", phone="13700001234"))
    bureau = make.client(make.officer())
    assert bureau.post(url(case, "reveal"), {"reason": ""}, format="json").status_code == 400
    shown = bureau.post(url(case, "reveal"), {"reason": "电话核实"}, format="json").json()
    assert (shown["name"], shown["phone"]) == ("李小四", "13700001234")
    event = case.events.get(kind="reveal")
    assert (event.reason, event.public, event.actor.role) == ("电话核实", False, "officer")


def test_a_sealed_reporter_stays_sealed_from_the_bureau():
    person = Person(name="李小四", phone="13700001234", anonymous=True)
    case = make.dispatched(requester=person)
    bureau = make.client(make.officer())
    assert set(bureau.get(url(case)).json()["requester"].values()) == {"", True}
    before = state_of(case)
    assert bureau.post(url(case, "reveal"), {"reason": "想知道是谁"}, format="json").status_code == 403
    assert state_of(case) == before


def test_the_log_can_only_grow():
    event = make.case().events.get()
    for change in (
        lambda: Event.objects.filter(pk=event.pk).update(kind="sign"),
        lambda: Event.objects.filter(pk=event.pk).delete(),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()
    event.refresh_from_db()
    assert event.kind == "register"


def test_the_database_refuses_a_case_at_work_without_a_lead():
    case = make.case()
    with pytest.raises(DatabaseError), transaction.atomic():
        Case.objects.filter(pk=case.pk).update(state="signed")
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE complaints_case SET state = 'lost' WHERE id = %s", [case.pk])
    assert state_of(case)[0] == "registered"


def test_every_verb_has_a_chinese_name():
    for move in MOVES.values():
        assert any("\u4e00" <= char <= "\u9fff" for char in str(move.label)), move.verb


def test_a_program_asks_for_nothing_back_and_goes_on_with_the_version():
    case = make.case()
    officer = make.officer()
    desk, bureau = (
        make.client(make.dispatcher(), Prefer="return=minimal"),
        make.client(officer, Prefer="return=minimal"),
    )
    body = {"version": 1, "lead": officer.unit_id, "topic": "P01", "reason": "食品"}
    done = desk.post(url(case, "dispatch"), body, format="json")
    assert (done.status_code, done.content, done["ETag"], done["Preference-Applied"]) == (
        204, b"", '"2"', "return=minimal",
    )  # fmt: skip
    signed = bureau.post(url(case, "sign"), {"version": 2}, format="json")
    assert (signed.status_code, signed["ETag"]) == (204, '"3"')
    before = state_of(case)
    refused = bureau.post(url(case, "sign"), {"version": 3}, format="json")
    assert (refused.status_code, refused.json()["code"]) == (409, "wrong_state")
    assert state_of(case) == before


def test_a_case_costs_no_question_for_what_it_has_not(django_assert_num_queries):
    case, officer = make.case(), make.officer()
    make.client(make.dispatcher()).post(
        url(case, "dispatch"), {"version": 1, "lead": officer.unit_id, "topic": "P01", "reason": "食品"}, format="json"
    )
    bureau = make.client(officer)
    # account and session; case; clocks; what it has; parties and their units; topics; filed again; decision;
    # prediction; replies; what was declared
    with django_assert_num_queries(13):
        plain = bureau.get(url(case)).json()
    assert (plain["notices"], plain["linked"], plain["mediation"]) == ([], [], None)
    child = make.case()
    CaseLink.objects.create(case=child, other=case, kind="split_from")
    with django_assert_num_queries(15):  # the link and its case
        linked = bureau.get(url(case)).json()
    assert [link["number"] for link in linked["linked"]] == [child.number]
