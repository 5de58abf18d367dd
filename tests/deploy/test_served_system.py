"""The whole system as tests and users meet it: every part well, pages in a real browser."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page

from tests.stack import Stack


def test_every_part_is_well(stack: Stack) -> None:
    parts = {name: part["status"] for name, part in stack.ready().items()}
    classifier = parts.pop("classifier")
    assert parts == dict.fromkeys(["database", "migrations", "worker", "waiting", "valkey", "rules"], "ok")
    assert classifier == "ok"


@pytest.mark.parametrize("viewport", [(1440, 900), (390, 844)])
@pytest.mark.parametrize("path", ["/", "/track", "/staff/", "/api/docs/"])
def test_pages_open_without_script_errors_and_fit(page: Page, path: str, viewport: tuple[int, int]) -> None:
    answer = page.goto(path)
    assert answer is not None
    assert answer.status == 200
    page.wait_for_load_state("networkidle")
    assert page.locator("body").inner_text().strip()
    assert page.evaluate("document.documentElement.scrollWidth") <= viewport[0]
