"""People in front of browsers: a citizen's phone, and staff who log in."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.people import DESKTOP, PHONE, WAIT, context, log_in
from tests.stack import Stack

expect.set_options(timeout=WAIT)  # milliseconds; a busy machine is no failure


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

    def sit_down(username: str, size: dict[str, int] = DESKTOP) -> Page:
        opened.append(context(browser, stack, size))
        return log_in(opened[-1].new_page(), username)

    yield sit_down
    for made in opened:
        made.close()
