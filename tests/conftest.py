"""Servers for the tests, started before Django reads its settings; the served system; a browser.

Run by itself or beside `make run`, a test session has its own servers in a folder of its own and removes them; under
xdist each process has.
"""

from __future__ import annotations

import atexit
import os
from collections.abc import Iterator

import django
import hypothesis
import pytest
import pytest_django
from django.conf import settings
from django.core.management import call_command
from playwright.sync_api import Browser, Page, sync_playwright

from deploy.chromium import HOW_TO_GET, find_chromium
from deploy.translations import compile_catalogues
from tests.servers import Servers, replace_environment, start_servers
from tests.stack import Stack, start_stack

SERVERS = start_servers("test", os.environ)
atexit.register(SERVERS.stop)
replace_environment(SERVERS.environ | {"DJANGO_SETTINGS_MODULE": "deploy.settings"})
compile_catalogues()
django.setup()
settings.STATIC_ROOT.mkdir(parents=True, exist_ok=True)  # WhiteNoise warns otherwise

hypothesis.settings.register_profile("patient", deadline=None)  # time is never asserted
hypothesis.settings.load_profile("patient")

CHROMIUM_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="session")
def servers() -> Servers:
    """The servers behind Django's own settings in this process."""
    return SERVERS


@pytest.fixture(scope="session")
def stack(servers: Servers) -> Iterator[Stack]:
    """The whole system with demo data, on servers and a database of its own."""
    running = start_stack(servers)
    yield running
    running.stop()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """The machine's Chromium. While it is open, Django's ORM refuses to work in this thread (Playwright runs an event
    loop in it): a module that uses it looks at the system from outside only."""
    program = find_chromium()
    assert program, HOW_TO_GET
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=str(program), headless=True, args=CHROMIUM_FLAGS)
        yield opened
        opened.close()


@pytest.fixture
def viewport() -> tuple[int, int]:
    """Width and height in CSS pixels; @pytest.mark.parametrize("viewport", [(390, 844)]) changes it."""
    return 1440, 900


@pytest.fixture
def page(browser: Browser, stack: Stack, viewport: tuple[int, int]) -> Iterator[Page]:
    """A fresh visitor's page on the served system. A script error on it fails the test."""
    width, height = viewport
    context = browser.new_context(
        base_url=stack.base_url,
        viewport={"width": width, "height": height},
        locale="zh-CN",
        timezone_id="Asia/Shanghai",
    )
    opened = context.new_page()
    errors: list[str] = []
    opened.on("pageerror", lambda error: errors.append(str(error)))
    yield opened
    context.close()
    assert errors == []


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: pytest_django.DjangoDbBlocker) -> None:
    """The test database holds the shipped reference data; every test sees it and undoes what it changes."""
    with django_db_blocker.unblock():
        call_command("load_routing", verbosity=0)
        call_command("load_clocks", verbosity=0)
