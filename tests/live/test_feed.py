"""The websocket of the served system: what arrives, at whom, and how a browser catches up."""

from __future__ import annotations

import pytest

from tests.live.people import Person, receive, send
from tests.make import MILK
from tests.stack import Stack
from tests.waiting import until


def test_a_complaint_on_the_web_reaches_the_bureau_and_nobody_else(stack: Stack):
    officer, stranger = Person(stack, "xihu_samr"), Person(stack, "xihu_mee")
    with officer.socket() as at_bureau, stranger.socket() as elsewhere:
        receive(at_bureau, "ready")
        receive(elsewhere, "ready")
        receipt = Person(stack).file(MILK)
        push = receive(at_bureau, "event", number=receipt["number"], kind="route")
        assert set(push) == {"type", "id", "number", "kind", "state", "version", "cursor"}
        assert push["state"] == "dispatched"
        other = Person(stack).file("我们小区隔壁的化工厂每天晚上排放刺鼻的废气，臭得睡不着觉，请环保局查处工厂废气")
        until(lambda: stranger.get("/cases/", queue="all")["results"][0]["number"] == other["number"])
        assert receive(elsewhere, "event")["number"] == other["number"]
    case = officer.case(receipt["number"])
    assert case["lead"]["name"] == "杭州市西湖区市场监督管理局"
    assert case["participants"]
    assert case["topic"]["code"] == "P01"
    assert case["decision"]["reasons"]


def test_a_citizen_watches_their_case_and_only_its_public_events(stack: Stack):
    officer, citizen = Person(stack, "xihu_samr"), Person(stack)
    receipt = citizen.file(MILK)
    number, code = receipt["number"], receipt["query_code"]
    until(lambda: citizen.case(number, code)["state"] == "dispatched")
    with citizen.socket() as socket:
        receive(socket, "ready")
        send(socket, type="watch", number=number, code="AAAAAAAA")
        receive(socket, "refused", number=number)
        send(socket, type="watch", number=number, code=code)
        receive(socket, "watching", number=number)
        assert officer.post(f"/cases/{number}/note/", text="内部").status_code == 200
        version = officer.case(number)["version"]
        assert officer.post(f"/cases/{number}/sign/", version=version).status_code == 200
        assert receive(socket, "event")["kind"] == "sign"


def test_what_was_missed_is_replayed_from_the_cursor(stack: Stack):
    officer = Person(stack, "xihu_samr")
    with officer.socket() as socket:
        cursor = receive(socket, "ready")["cursor"]
    receipt = Person(stack).file(MILK + "。断线期间的投诉")
    until(lambda: officer.http.get(f"/api/v1/cases/{receipt['number']}/").status_code == 200)
    with officer.socket() as socket:
        receive(socket, "ready")
        send(socket, type="replay", since=cursor)
        kinds = [receive(socket, "event", number=receipt["number"])["kind"] for _ in range(2)]
        assert kinds == ["register", "route"]
        receive(socket, "live")
        send(socket, type="replay", since="nonsense")
        receive(socket, "reload")


@pytest.mark.parametrize("sent", ["{", "[]", '"watch"', '{"type": "watch"}', '{"type": "replay", "since": null}', "😀"])
def test_nonsense_from_a_browser_does_not_end_the_socket(stack: Stack, sent: str):
    with Person(stack).socket() as socket:
        receive(socket, "ready")
        socket.send(sent)
        send(socket, type="watch", number="1", code="2")
        receive(socket, "refused", number="1")
