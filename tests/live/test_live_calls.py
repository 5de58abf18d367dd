"""An exchange that reports its calls over the websocket: the same verb, the same rights and refusals as by HTTP."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from websockets import InvalidStatus
from websockets.sync.client import ClientConnection, connect

from tests.live.people import Person, database, one, receive, send
from tests.stack import Stack


def exchange(stack: Stack, token: str) -> ClientConnection:
    """As a program connects: with its token and without an Origin."""
    return connect(
        f"ws://127.0.0.1:{stack.port}/ws/feed/", additional_headers={"Authorization": f"Token {token}"}, origin=None
    )


@pytest.fixture
def token(stack: Stack) -> Iterator[str]:
    """Of the exchange's account; taken away again at the end."""
    key = uuid.uuid4().hex + "0" * 8
    with database(stack) as connection:
        account = "SELECT id FROM complaints_user WHERE username = 'switch'"
        connection.execute(f"DELETE FROM authtoken_token WHERE user_id = ({account})")  # noqa: S608 (fixed words)
        connection.execute(f"INSERT INTO authtoken_token SELECT %s, now(), ({account})", [key])
        yield key
        connection.execute("DELETE FROM authtoken_token WHERE key = %s", [key])


def report(socket: ClientConnection, **call: Any) -> dict[str, Any]:
    """What is answered to one report, whatever else is pushed meanwhile."""
    send(socket, type="call", **call)
    answer: dict[str, Any] = {}
    while answer.get("type") not in {"reported", "error"}:
        answer = json.loads(socket.recv(timeout=20))
    return answer


def test_a_call_is_reported_pops_up_and_goes_on_over_one_socket(stack: Stack, token: str):
    taker, cti_id = Person(stack, "calltaker"), uuid.uuid4().hex
    call = {"cti_id": cti_id, "phone": "13712341111", "line": "12315", "agent": "calltaker"}
    with taker.socket() as seat, exchange(stack, token) as switch:
        receive(seat, "ready")
        receive(switch, "ready")
        rung = report(switch, **call, state="ringing")
        assert (rung["type"], rung["cti_id"], rung["created"]) == ("reported", cti_id, True)
        assert (rung["call"]["state"], rung["call"]["phone"]) == ("ringing", "137****1111")
        assert receive(seat, "call") == {"type": "call", "id": rung["call"]["id"], "state": "ringing"}
        again = report(switch, **call, state="ringing")
        assert (again["created"], again["call"]["id"]) == (False, rung["call"]["id"])
        assert report(switch, **call, state="ended")["call"]["state"] == "ended"
        assert receive(seat, "call")["state"] == "ended"


@pytest.mark.parametrize(
    ("call", "code", "field"),
    [
        ({"state": "singing"}, "invalid", "state"),
        ({}, "invalid", "state"),
        ({"state": "ringing", "agent": "nobody"}, "unknown_agent", "agent"),
        ({"state": "answered"}, "agent_needed", "agent"),
        ({"state": "ringing", "phone": {"a": 1}}, "invalid", "phone"),
    ],
)
def test_what_is_refused_says_why_and_changes_and_ends_nothing(stack: Stack, token: str, call, code, field):
    before = one(stack, "SELECT count(*) FROM complaints_call")
    with exchange(stack, token) as switch:
        receive(switch, "ready")
        answer = report(switch, cti_id="refused", **call)
        assert (answer["type"], answer["code"], list(answer["errors"])) == ("error", code, [field])
        assert answer["errors"][field][0]
        assert one(stack, "SELECT count(*) FROM complaints_call") == before
        send(switch, type="watch", number="1", code="2")
        receive(switch, "refused", number="1")


@pytest.mark.parametrize("username", ["", "xihu_samr", "partner", "dispatcher"])
def test_accounts_that_may_not_report_by_http_may_not_here(stack: Stack, username: str):
    before = one(stack, "SELECT count(*) FROM complaints_call")
    with Person(stack, username).socket() as socket:
        receive(socket, "ready")
        answer = report(socket, cti_id="x", state="ringing", phone="13712341111")
        assert (answer["type"], answer["code"]) == ("error", "not_allowed")
        assert answer["message"]
    assert one(stack, "SELECT count(*) FROM complaints_call") == before


def test_a_right_that_is_gone_counts_at_once(stack: Stack, token: str):
    with exchange(stack, token) as switch, database(stack) as connection:
        receive(switch, "ready")
        connection.execute("UPDATE complaints_user SET is_active = false WHERE username = 'switch'")
        try:
            assert report(switch, cti_id="late", state="ringing")["code"] == "not_allowed"
        finally:
            connection.execute("UPDATE complaints_user SET is_active = true WHERE username = 'switch'")


def test_a_wrong_token_opens_nothing(stack: Stack):
    with pytest.raises(InvalidStatus) as refused, exchange(stack, "0" * 40):
        pass
    assert refused.value.response.status_code == 403
