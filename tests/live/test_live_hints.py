"""Hints while a complaint is typed, and the pop of a call, over the websocket of the served system."""

from __future__ import annotations

import json
import uuid
from typing import Any

import pytest

from tests.live.people import Person, receive, send
from tests.make import MILK
from tests.stack import Stack

GAS = "煤气泄漏了，已经有人晕倒"


def drafts(socket, *texts: str, **more) -> None:
    for n, text in enumerate(texts, start=1):
        send(socket, type="draft", id=n, text=text, **more)


def test_a_draft_is_answered_with_topic_urgency_and_the_unit_in_charge(stack: Stack):
    with Person(stack, "calltaker").socket() as socket:
        receive(socket, "ready")
        drafts(socket, MILK, region="330106")
        hint = receive(socket, "hint", id=1)["hint"]
        assert hint["topic"]["code"] == "P01"
        assert hint["lead"]["name"] == "杭州市西湖区市场监督管理局"
        assert hint["reasons"]
        assert (hint["available"], hint["region"]) == (True, None)
        drafts(socket, f"杭州市西湖区{GAS}")
        hint = receive(socket, "hint", id=1)["hint"]
        assert hint["urgency"] == "U1"
        assert hint["hits"]
        assert hint["region"]["code"] == "330106"


def test_an_answer_to_a_question_moves_the_unit(stack: Stack):
    words = "办了卡的店突然关门了，卡里的钱不退，联系不上老板，要求退还预付卡余额"
    with Person(stack, "calltaker").socket() as socket:
        receive(socket, "ready")
        drafts(socket, words, region="330106")
        before = receive(socket, "hint", id=1)["hint"]
        drafts(socket, words, region="330106", answers={"trade": "gym"})
        after = receive(socket, "hint", id=1)["hint"]
        assert before["topic"]["code"] == after["topic"]["code"] == "S04"
        assert before["lead"] != after["lead"]
        assert "体育局" in after["lead"]["name"]


def test_of_many_drafts_the_newest_is_answered_last_and_not_every_one_is_worked_off(stack: Stack):
    with Person(stack, "calltaker").socket() as socket:
        receive(socket, "ready")
        texts = [MILK[:length] for length in range(4, len(MILK))]
        drafts(socket, *texts)
        ids: list[int] = []
        while not ids or ids[-1] != len(texts):
            ids.append(receive(socket, "hint")["id"])
        assert ids == sorted(ids)
        assert len(ids) < len(texts)


@pytest.mark.parametrize("username", ["", "xihu_samr", "switch"])
def test_who_takes_nothing_down_gets_no_hint_and_keeps_the_socket(stack: Stack, username: str):
    with Person(stack, username).socket() as socket:
        receive(socket, "ready")
        drafts(socket, MILK)
        assert receive(socket, "error")["code"] == "not_allowed"
        send(socket, type="watch", number="1", code="2")
        receive(socket, "refused", number="1")


@pytest.mark.parametrize("sent", [{"text": 5}, {"text": "x" * 10_001}, {"answers": "no"}, {"text": None}, {}])
def test_a_strange_draft_is_answered_and_ends_nothing(stack: Stack, sent: dict):
    with Person(stack, "calltaker").socket() as socket:
        receive(socket, "ready")
        socket.send(json.dumps({"type": "draft", "id": 1, **sent}))
        while (answer := json.loads(socket.recv(timeout=20)))["type"] not in {"hint", "error"}:
            pass
        assert answer["id"] == 1
        drafts(socket, MILK)
        assert receive(socket, "hint", id=1)["hint"]["topic"]


def test_a_call_pops_up_at_its_agent_without_its_number(stack: Stack):
    taker, switch, bystander = Person(stack, "calltaker"), Person(stack, "switch"), Person(stack, "dispatcher")
    with taker.socket() as seat, bystander.socket() as elsewhere:
        receive(seat, "ready")
        receive(elsewhere, "ready")
        call = {"phone": "13712340000", "line": "12315", "agent": "calltaker"}
        body: dict[str, Any] = call | {"cti_id": uuid.uuid4().hex}
        rung = switch.post("/calls/", state="ringing", **body)
        assert rung.status_code == 201, rung.text
        push = receive(seat, "call")
        assert push == {"type": "call", "id": rung.json()["id"], "state": "ringing"}
        current = taker.get("/calls/current/")
        # an earlier test may have left an answered call, which stays on the screen before one that rings
        shown = [one for one in (current["call"], *current["ringing"]) if one["id"] == push["id"]]
        assert [one["phone"] for one in shown] == ["137****0000"]
        assert switch.post("/calls/", state="ended", **body).json()["state"] == "ended"
        assert receive(seat, "call")["state"] == "ended"
        receipt = Person(stack).file(MILK)
        while (heard := json.loads(elsewhere.recv(timeout=20))).get("number") != receipt["number"]:
            assert heard["type"] != "call"
