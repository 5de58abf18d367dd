"""People in front of the served system: HTTP with a session, and a websocket."""

from __future__ import annotations

import json
from typing import Any, ClassVar

import httpx
import psycopg
from websockets import Origin
from websockets.sync.client import ClientConnection, connect

from deploy.demo_accounts import PASSWORD
from tests.stack import Stack

API = "/api/v1"


class Person:
    """A visitor, or staff when a user name is given. Everybody leaves at the end of the test (conftest)."""

    here: ClassVar[list[Person]] = []

    def __init__(self, stack: Stack, username: str = "") -> None:
        self.stack = stack
        self.http = httpx.Client(base_url=stack.base_url, timeout=30)
        self.here.append(self)
        if username:
            self.http.get(f"{API}/session/")
            answer = self.post("/session/", username=username, password=PASSWORD)
            assert answer.status_code == 200, answer.text

    def get(self, path: str, **params: Any) -> Any:
        answer = self.http.get(API + path, params=params)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def post(self, path: str, headers: dict[str, str] | None = None, **body: Any) -> httpx.Response:
        token = self.http.cookies.get("csrftoken") or ""
        return self.http.post(API + path, json=body, headers={"X-CSRFToken": token, **(headers or {})})

    def file(self, text: str, region: str = "330106", **more: Any) -> dict[str, str]:
        answer = self.post("/cases/", text=text, region=region, **more)
        assert answer.status_code == 201, answer.text
        receipt: dict[str, str] = answer.json()
        return receipt

    def case(self, number: str, code: str = "") -> Any:
        answer = self.http.get(f"{API}/cases/{number}/", headers={"X-Case-Code": code} if code else {})
        assert answer.status_code == 200, answer.text
        return answer.json()

    def socket(self) -> ClientConnection:
        cookies = "; ".join(f"{name}={value}" for name, value in self.http.cookies.items())
        return connect(
            f"ws://127.0.0.1:{self.stack.port}/ws/feed/",
            additional_headers={"Cookie": cookies},
            origin=Origin(self.stack.base_url),
        )


def receive(socket: ClientConnection, type_: str, seconds: float = 20, **wanted: Any) -> dict[str, Any]:
    """The next message of this type with these values; others are passed over. TimeoutError when none comes."""
    while True:
        message: dict[str, Any] = json.loads(socket.recv(timeout=seconds))
        if message["type"] == type_ and all(message.get(name) == value for name, value in wanted.items()):
            return message


def send(socket: ClientConnection, **message: Any) -> None:
    socket.send(json.dumps(message))


def database(stack: Stack) -> psycopg.Connection[Any]:
    """A connection of our own to look behind the scenes."""
    return psycopg.connect(stack.environ["DATABASE_URL"], autocommit=True)


def one(stack: Stack, query: str, *params: Any) -> Any:
    """The first column of the first row."""
    with database(stack) as connection:
        row = connection.execute(query, params).fetchone()
        return row[0] if row else None
