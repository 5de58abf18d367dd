"""People in front of browsers: a citizen's phone, and staff who log in."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page, expect

from deploy.demo_accounts import PASSWORD
from tests.browser.people import DESKTOP, PHONE, WAIT, context
from tests.stack import Stack


@pytest.fixture
def citizen(browser: Browser, stack: Stack):
    """A citizen's phone."""
    opened = context(browser, stack, PHONE)
    yield opened.new_page()
    opened.close()


@pytest.fixture
def staff(browser: Browser, stack: Stack):
    """Logs people in, each in a browser of their own."""
    opened = []

    def log_in(username: str, size: dict[str, int] = DESKTOP) -> Page:
        opened.append(context(browser, stack, size))
        page = opened[-1].new_page()
        page.goto("/staff/")
        page.get_by_test_id("username").fill(username)
        page.get_by_test_id("password").fill(PASSWORD)
        page.get_by_test_id("login").click()
        expect(page.get_by_test_id("live-state")).to_contain_text("实时", timeout=WAIT)
        return page

    yield log_in
    for made in opened:
        made.close()
