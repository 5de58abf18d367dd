"""Calls: what the exchange may report, whose screen it reaches, and what a call-taker learns of the caller."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone

from complaints import actions, feed
from complaints.models import Call, CallState, Case, Role
from tests import make

pytestmark = pytest.mark.django_db
CALLS = "/api/v1/calls/"
PHONE, OTHER = "13800001234", "13900005678"


@pytest.fixture
def taker():
    return make.user(Role.CALL_TAKER, "data12345", make.HANGZHOU, extension="8001")


@pytest.fixture
def switch():
    return make.user(Role.PARTNER, "data12345", make.HANGZHOU)


@pytest.fixture
def rung(monkeypatch, django_capture_on_commit_callbacks):
    """What was sent to which group, from the moment it is asked for."""
    sent: list[tuple[list[str], dict]] = []

    async def keep(groups, message):
        sent.append((groups, message))

    monkeypatch.setattr(feed, "_deliver", keep)
    return sent


def report(viewer, agent="", **more):
    body = {"cti_id": "c-1", "state": "ringing", "phone": PHONE, "line": "12345", "agent": agent, **more}
    return make.client(viewer).post(CALLS, body, format="json")


def on_the_line(taker, phone=PHONE, cti_id="c-1") -> Call:
    return actions.report_call(taker, cti_id=cti_id, state="answered", phone=phone, line="12345").call


def current(viewer):
    answer = make.client(viewer).get(f"{CALLS}current/")
    assert answer.status_code == 200
    return answer.json()


def post(viewer, call, verb, **body):
    return make.client(viewer).post(f"{CALLS}{call.pk}/{verb}/", body, format="json")


def of_caller(phone=PHONE, **more) -> Case:
    return make.case(requester=actions.Person(name="王小满", phone=phone), **more)


def test_the_exchange_may_say_a_thing_twice_and_late(switch, taker):
    first = report(switch, "8001")
    again = report(switch, taker.username)
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json()["id"] == again.json()["id"]
    assert report(switch, "8001", state="ended").json()["state"] == "ended"
    late = report(switch, "8001", state="answered")
    assert late.json()["state"] == "ended"
    assert Call.objects.count() == 1


def test_a_call_reaches_its_agent_and_nobody_else(switch, taker, rung, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        pk = report(switch, "8001").json()["id"]
        report(switch, "8001")
    assert rung == [([f"agent.{taker.pk}"], {"type": "ring", "call": {"id": pk, "state": "ringing"}})]
    colleague = make.user(Role.CALL_TAKER, "data12345", make.HANGZHOU)
    with django_capture_on_commit_callbacks(execute=True):
        report(switch, colleague.username)
    assert sorted(groups for groups, _message in rung[1:]) == [[f"agent.{taker.pk}"], [f"agent.{colleague.pk}"]]
    assert current(taker)["call"] is None
    assert current(colleague)["call"]["id"] == pk


def test_the_number_is_sealed_and_shown_masked(switch, taker):
    shown = report(switch, "8001").json()
    assert shown["phone"] == "138****1234"
    assert PHONE not in str(current(taker))
    assert (
        Call.objects.filter(pk=shown["id"]).extra(where=["position(%s in phone) > 0"], params=[b"1380000"]).count() == 0
    )
    assert Call.objects.get(pk=shown["id"]).phone == PHONE


@pytest.mark.parametrize("role", ["", Role.OFFICER, Role.DISPATCHER, Role.SUPERVISOR, Role.PARTNER])
def test_only_an_exchange_or_the_call_taker_reports(role):
    viewer = make.officer() if role == Role.OFFICER else make.user(role, region=make.HANGZHOU if role else None)
    assert report(viewer).status_code == 403
    assert make.client().post(CALLS, {}, format="json").status_code == 401
    assert not Call.objects.exists()


def test_nobody_rings_at_another_desk(switch, taker):
    stranger = make.user(Role.CALL_TAKER, "data12345", "330200", extension="9001")
    refused = report(switch, "9001")
    assert refused.status_code == 400
    assert list(refused.json()["errors"]) == ["agent"]
    assert report(taker, stranger.username).status_code == 403
    assert not Call.objects.exists()


def test_a_foreign_call_does_not_exist(taker):
    call = on_the_line(taker)
    colleague = make.user(Role.CALL_TAKER, "data12345", make.HANGZHOU)
    of_caller()
    for verb, body in (
        ("state", {"state": "wrapped"}),
        ("supplement", {"number": "1", "text": "补充"}),
        ("notes", {"kind": "caution", "note": "x"}),
        ("call_back", {}),
    ):
        assert post(colleague, call, verb, **body).status_code == 404, verb
    filed = make.client(colleague).post("/api/v1/cases/", {"text": "漏气", "call": call.pk}, format="json")
    assert filed.status_code == 404
    call.refresh_from_db()
    assert (call.state, call.case) == ("answered", None)


def test_states_go_forward_only_and_answering_wraps_up_the_last_call(taker):
    first = on_the_line(taker)
    assert post(taker, first, "state", state="ended").json()["ended_at"]
    assert current(taker)["call"]["id"] == first.pk
    assert post(taker, first, "state", state="answered").status_code == 409
    second = on_the_line(taker, OTHER, "c-2")
    first.refresh_from_db()
    assert (first.state, current(taker)["call"]["id"]) == (CallState.WRAPPED, second.pk)
    assert post(taker, second, "state", state="wrapped").status_code == 200
    assert current(taker) == {"call": None, "card": None, "ringing": []}


def test_a_call_that_rings_meanwhile_waits_beside_the_one_on_the_line(taker):
    call = on_the_line(taker)
    waiting = actions.report_call(taker, cti_id="c-2", state="ringing", phone=OTHER).call
    shown = current(taker)
    assert shown["call"]["id"] == call.pk
    assert [one["id"] for one in shown["ringing"]] == [waiting.pk]
    Call.objects.filter(pk=waiting.pk).update(rang_at=timezone.now() - timedelta(minutes=6))
    assert current(taker)["ringing"] == []


def test_the_card_shows_the_callers_cases_open_ones_first_and_masked(taker):
    ended = of_caller(viewer=taker)
    actions.withdraw(make.user(Role.CALL_TAKER, "data12345", make.HANGZHOU), ended.number, ended.version, "不办了")
    mine, elsewhere = of_caller(viewer=taker), of_caller(region=make.YINZHOU)
    of_caller(OTHER)
    on_the_line(taker)
    card = current(taker)["card"]
    assert [row["number"] for row in card["cases"]] == [elsewhere.number, mine.number, ended.number]
    assert [row["mine"] for row in card["cases"]] == [False, True, True]
    assert set(card["cases"][0]) == {"number", "state", "state_name", "topic", "received_at", "open", "mine"}
    assert (card["phone"], card["name"], card["region"]) == ("138****1234", "王**", None)
    assert (card["filed"], card["still_open"], card["frequent"]) == (3, 2, False)
    for _ in range(2):
        of_caller()
    assert current(taker)["card"]["frequent"] is True
    assert len(current(taker)["card"]["cases"]) == 5


def test_a_number_does_not_tell_who_reported(taker):
    sealed = of_caller()
    Case.objects.filter(pk=sealed.pk).update(sealed=True)
    own = of_caller(viewer=taker)
    Case.objects.filter(pk=own.pk).update(sealed=True)
    on_the_line(taker)
    card = current(taker)["card"]
    assert [row["number"] for row in card["cases"]] == [own.number]
    assert card["filed"] == 1


def test_a_landline_says_its_city_and_a_withheld_number_nothing(taker):
    call = on_the_line(taker, "0571-88881234")
    assert current(taker)["card"]["region"]["code"] == make.HANGZHOU
    post(taker, call, "state", state="wrapped")
    of_caller("")
    hidden = on_the_line(taker, "", "c-2")
    card = current(taker)["card"]
    assert (card["phone"], card["region"], card["cases"]) == ("", None, [])
    assert post(taker, hidden, "notes", kind="caution", note="x").status_code == 400


def test_the_card_costs_a_fixed_number_of_queries(taker, django_assert_max_num_queries):
    for _ in range(6):
        of_caller()
    on_the_line(taker)
    client = make.client(taker)
    with django_assert_max_num_queries(9):
        assert len(client.get(f"{CALLS}current/").json()["card"]["cases"]) == 5


def test_more_facts_go_into_a_case_of_the_caller_and_of_nobody_else(taker):
    case, foreign = of_caller(region=make.YINZHOU), of_caller(OTHER)
    call = on_the_line(taker)
    assert post(taker, call, "supplement", number=case.number, text="又发了一次烧").status_code == 204
    event = case.events.get(kind="supplement")
    assert (event.note, event.actor_kind, event.data) == ("又发了一次烧", "citizen", {"call": call.pk, "by": taker.pk})
    assert post(taker, call, "supplement", number=foreign.number, text="x").status_code == 404
    assert post(taker, call, "supplement", number=case.number, text=" ").status_code == 400
    assert foreign.events.count() == 1
    own = of_caller(viewer=taker)
    post(taker, call, "supplement", number=own.number, text="补充")
    assert own.events.get(kind="supplement").actor == taker


def test_a_note_on_a_caller_is_read_at_the_next_call(taker):
    call = on_the_line(taker)
    assert post(taker, call, "notes", kind="vulnerable", note="听力不好，请慢些说").status_code == 204
    post(taker, call, "state", state="wrapped")
    colleague = make.user(Role.CALL_TAKER, "data12345", make.HANGZHOU)
    call = on_the_line(colleague, cti_id="c-2")
    [note] = current(colleague)["card"]["notes"]
    assert (note["kind"], note["note"]) == ("vulnerable", "听力不好，请慢些说")
    post(colleague, call, "notes", kind="vulnerable", note="")
    assert current(colleague)["card"]["notes"] == []


def test_a_missed_call_is_called_back_by_one_who_is_remembered(switch, taker):
    pk = report(switch, state="ringing").json()["id"]
    assert make.client(taker).get(f"{CALLS}missed/").json() == []
    report(switch, state="ended")
    [missed] = make.client(taker).get(f"{CALLS}missed/").json()
    assert (missed["id"], missed["phone"]) == (pk, "138****1234")
    for stranger in (make.user(Role.CALL_TAKER, "data12345", "330200"), make.dispatcher(), switch):
        assert make.client(stranger).get(f"{CALLS}missed/").json() == []
        assert post(stranger, Call.objects.get(pk=pk), "call_back").status_code == 404
    assert post(taker, Call.objects.get(pk=pk), "call_back").json() == {"phone": PHONE}
    assert Call.objects.get(pk=pk).called_back_by == taker
    assert make.client(taker).get(f"{CALLS}missed/").json() == []
    assert current(taker)["call"]["state"] == "answered"


def test_the_case_takes_the_callers_number_which_the_browser_never_had(taker):
    call = on_the_line(taker)
    body = {"text": "电梯困人", "call": call.pk, "requester": {"name": "王小满"}}
    receipt = make.client(taker).post("/api/v1/cases/", body, format="json").json()
    case = Case.objects.get(number=receipt["number"])
    assert case.requester.phone == PHONE
    assert current(taker)["call"]["case"] == case.number
    body = {"text": "举报黑作坊", "call": call.pk, "requester": {"anonymous": True}}
    receipt = make.client(taker).post("/api/v1/cases/", body, format="json").json()
    assert Case.objects.get(number=receipt["number"]).requester.phone == ""
    assert current(taker)["call"]["case"] == case.number


def test_an_emergency_is_passed_on_and_marked_in_one_step(taker):
    call = on_the_line(taker)
    body = {"text": "来电即转接", "call": call.pk, "transferred_to": "119"}
    receipt = make.client(taker).post("/api/v1/cases/", body, format="json").json()
    case = Case.objects.get(number=receipt["number"])
    assert case.urgency == "U1"
    assert [(event.kind, event.data.get("to")) for event in case.events.order_by("version")] == [
        ("register", None),
        ("transfer", "119"),
    ]
    later = of_caller(viewer=taker)
    answer = make.client(taker).post(f"/api/v1/cases/{later.number}/transfer/", {"to": "120"}, format="json")
    assert (answer.status_code, answer.json()["urgency"]) == (200, "U1")
    bad = make.client(taker).post(f"/api/v1/cases/{later.number}/transfer/", {"to": "114"}, format="json")
    assert bad.status_code == 400
    assert later.events.filter(kind="transfer").count() == 1


def test_a_citizen_cannot_call_a_complaint_an_emergency():
    assert (
        make.client().post("/api/v1/cases/", {"text": "快来", "transferred_to": "110"}, format="json").status_code > 399
    )
    assert not Case.objects.exists()


def test_the_simulator_rings(taker, capsys):
    call_command("ring", PHONE, "--agent", "8001")
    cti_id, state, username = capsys.readouterr().out.split()
    assert (state, username) == ("ringing", taker.username)
    call_command("ring", PHONE, "--agent", "8001", "--cti-id", cti_id, "--state", "ended")
    assert Call.objects.get().state == "ended"
