"""Who looks at a case: colleagues who may see it hear of each other, and nobody else does."""

from __future__ import annotations

from tests.live.people import Person, receive, send
from tests.make import MILK
from tests.stack import Stack
from tests.waiting import until


def case_of(stack: Stack, officer: Person) -> tuple[str, str]:
    receipt = Person(stack).file(MILK + "，请问谁在看")
    until(lambda: officer.http.get(f"/api/v1/cases/{receipt['number']}/").status_code == 200)
    return receipt["number"], receipt["query_code"]


def test_colleagues_see_who_looks_who_writes_and_who_left(stack: Stack):
    officer, desk = Person(stack, "xihu_samr"), Person(stack, "dispatcher")
    number, code = case_of(stack, officer)
    with officer.socket() as at_bureau, desk.socket() as at_desk, Person(stack).socket() as citizen:
        for socket in (at_bureau, at_desk, citizen):
            receive(socket, "ready")
        send(citizen, type="watch", number=number, code=code)
        receive(citizen, "watching")
        send(citizen, type="look", number=number)
        receive(citizen, "refused", number=number)
        send(at_bureau, type="look", number=number)
        assert receive(at_bureau, "presence", number=number)["people"] == []
        send(at_desk, type="look", number=number)
        other = receive(at_desk, "presence", number=number)["people"]
        assert [(one["role"], one["verb"]) for one in other] == [("officer", "")]
        assert receive(at_bureau, "presence", number=number)["people"][0]["role"] == "dispatcher"
        send(at_bureau, type="typing", number=number, verb="reply")
        assert receive(at_desk, "presence", number=number)["people"][0]["verb"] == "reply"
        # that a complaint and a report are being separated stays at the desk: it would tell who reported
        send(at_desk, type="typing", number=number, verb="refuse")
        assert receive(at_bureau, "presence", number=number)["people"][0]["verb"] == "refuse"
        send(at_desk, type="typing", number=number, verb="separate_report")
        assert receive(at_bureau, "presence", number=number)["people"][0]["verb"] == ""
        send(at_bureau, type="typing", number=number, verb="<b>")
        receive(at_bureau, "error", code="unknown_verb")
        send(at_bureau, type="leave", number=number)
        assert receive(at_desk, "presence", number=number)["people"] == []
        # nothing of it reached the citizen, who hears of the next step all the same
        version = officer.case(number)["version"]
        assert officer.post(f"/cases/{number}/sign/", version=version).status_code == 200
        assert receive(citizen, "event", number=number)["kind"] == "sign"


def test_a_socket_that_drops_takes_its_person_along(stack: Stack):
    officer, desk = Person(stack, "xihu_samr"), Person(stack, "dispatcher")
    number, _code = case_of(stack, officer)
    with desk.socket() as at_desk:
        receive(at_desk, "ready")
        with officer.socket() as at_bureau:
            receive(at_bureau, "ready")
            send(at_bureau, type="look", number=number)
            receive(at_bureau, "presence")
            send(at_desk, type="look", number=number)
            assert len(receive(at_desk, "presence", number=number)["people"]) == 1
        assert receive(at_desk, "presence", number=number)["people"] == []


def test_a_case_that_somebody_may_not_see_has_no_people(stack: Stack):
    officer, stranger = Person(stack, "xihu_samr"), Person(stack, "yinzhou_samr")
    number, _code = case_of(stack, officer)
    with stranger.socket() as elsewhere:
        receive(elsewhere, "ready")
        for kind in ("look", "typing"):
            send(elsewhere, type=kind, number=number, verb="")
            receive(elsewhere, "refused", number=number)
