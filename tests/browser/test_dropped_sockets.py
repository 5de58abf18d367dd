"""Sockets die at random while thousands of changes are made: at the end every list on screen is the database's.

CHANGES_TO_MAKE=10000 makes it the ten thousand of docs/frontend.md: nine minutes on two cores.
"""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, WebSocketRoute

from complaints.lifecycle import ENDED, State
from tests.live.people import database
from tests.stack import Stack
from tests.waiting import until

CHANGES, SEED = int(os.environ.get("CHANGES_TO_MAKE", "1000")), 20261122
WATCHERS = {"xihu_samr": 1, "xihu_mee": 1}  # browsers each
STRANGER = "yinzhou_samr"


class Line:
    """Between one browser and the server: cuts the socket, and notes what came through it."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.open: list[WebSocketRoute] = []
        self.heard: set[str] = set()  # numbers of the cases that events told of
        self.cuts = 0
        page.route_web_socket("**/ws/feed/", self._between)

    def _between(self, browser: WebSocketRoute) -> None:
        server = browser.connect_to_server()

        def down(text: str | bytes) -> None:
            message = json.loads(text)
            if message["type"] == "event":
                self.heard.add(message["number"])
            browser.send(text)

        server.on_message(down)
        self.open = [browser, server]

    def cut(self) -> None:
        """As a dead network does: both ends at once, whatever was on its way is lost."""
        for end in self.open:
            end.close(code=4000)
        self.cuts += bool(self.open)
        self.open = []


@pytest.fixture
def churn(stack: Stack) -> Iterator[subprocess.Popen[str]]:
    program = [sys.executable, "-W", "ignore", "-m", "tests.browser.churn", str(CHANGES), str(SEED)]
    environ = stack.environ | {"DJANGO_SETTINGS_MODULE": "deploy.settings"}
    with subprocess.Popen(program, env=environ, stdout=subprocess.PIPE, text=True) as running:
        yield running
        running.kill()


def at_work(stack: Stack, username: str) -> dict[str, str]:
    """Number -> state (Chinese) of the open cases at the unit of that account, from the database."""
    query = """SELECT c.number, c.state FROM complaints_case c JOIN complaints_assignment a ON a.case_id = c.id
               JOIN complaints_user u ON u.unit_id = a.unit_id
               WHERE u.username = %s AND a.active AND c.state <> ALL (%s)"""
    with database(stack) as connection:
        rows = connection.execute(query, (username, sorted(ENDED))).fetchall()
    return {number: str(State(state).label) for number, state in rows}


def on_screen(page: Page) -> dict[str, str]:
    """Number -> state, as the rows of the queue say."""
    rows: dict[str, str] = page.evaluate(
        """() => Object.fromEntries([...document.querySelectorAll('[data-testid^="row-"]')].map((row) =>
             [row.dataset.testid.slice(4), row.querySelector('.state')?.innerText.trim() ?? ""]))"""
    )
    return rows


def test_no_list_misses_a_change_when_sockets_drop(stack: Stack, staff, churn: subprocess.Popen[str]):
    chance = random.Random(SEED)
    assert churn.stdout
    numbers = set(churn.stdout.readline().split())
    pages = [(name, staff(name)) for name, browsers in WATCHERS.items() for _ in range(browsers)]
    pages.append((STRANGER, staff(STRANGER)))
    lines = [Line(page) for _, page in pages]
    for _, page in pages:
        page.goto("/staff/queue/mine")

    def still_changing() -> bool:
        line = chance.choice(lines)
        line.page.wait_for_timeout(chance.uniform(20, 400))  # lets Playwright carry messages, too
        if chance.random() < 0.5:
            line.cut()
        return churn.poll() is not None

    until(still_changing, seconds=1800, every=0)
    assert churn.returncode == 0
    assert churn.stdout.read().split() == ["done"]
    assert all(line.cuts >= 5 for line in lines), [line.cuts for line in lines]
    for (name, page), line in zip(pages, lines, strict=True):
        if name == STRANGER:
            assert not line.heard & numbers
            assert not set(on_screen(page)) & numbers
            continue
        assert line.heard & numbers

        def agree(name: str = name, page: Page = page) -> bool:
            page.wait_for_timeout(50)
            shown, known = on_screen(page), at_work(stack, name)
            return {n: s for n, s in shown.items() if n in numbers} == {n: s for n, s in known.items() if n in numbers}

        until(agree, seconds=90, what=f"the queue of {name} equals the database")
