"""What people do on the pages, step by step."""

from __future__ import annotations

import os
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.stack import Stack

DESKTOP, PHONE = {"width": 1440, "height": 900}, {"width": 390, "height": 844}
WAIT = 20_000  # milliseconds; a limit, not a measurement


def context(browser: Browser, stack: Stack, size: dict[str, int]) -> BrowserContext:
    made = browser.new_context(base_url=stack.base_url, viewport=size, locale="zh-CN")  # type: ignore[arg-type]
    made.set_default_timeout(WAIT)
    return made


def file_complaint(page: Page, text: str) -> tuple[str, str]:
    """Through the three steps and the review; number and query code of the receipt."""
    page.goto("/")
    page.get_by_test_id("text").fill(text)
    page.get_by_test_id("forward").click()
    page.get_by_test_id("region-province").select_option(label="浙江省")
    page.get_by_test_id("region-city").select_option(label="杭州市")
    page.get_by_test_id("region-county").select_option(label="西湖区")
    page.get_by_test_id("forward").click()
    page.get_by_test_id("name").fill("王小满")
    page.get_by_test_id("phone").fill("13800001234")
    page.get_by_test_id("consent").check()
    page.get_by_test_id("forward").click()
    page.get_by_test_id("forward").click()
    expect(page.get_by_test_id("filed")).to_be_visible(timeout=WAIT)
    return page.get_by_test_id("number").inner_text().strip(), page.get_by_test_id("code").inner_text().strip()


def act(page: Page, verb: str, **fields: str) -> None:
    """One action of a case: its button, and its form filled in and sent; without fields it is done by the click."""
    begin(page, verb)
    for name, value in fields.items():
        control = page.get_by_test_id(f"dialog-{name}").locator("visible=true")
        if control.evaluate("control => control.tagName") == "SELECT":
            control.select_option(value)
        else:
            control.fill(value)
    if fields:
        page.get_by_test_id("dialog-confirm").locator("visible=true").click()
    else:
        expect(page.get_by_test_id(f"act-{verb}")).to_have_count(0)


def begin(page: Page, verb: str) -> None:
    """Press the button of an action, wherever it stands."""
    expect(page.get_by_test_id("dialog-confirm").locator("visible=true")).to_have_count(0)
    button, menu = page.get_by_test_id(f"act-{verb}"), page.get_by_test_id("act-more")
    expect(button.or_(menu).first).to_be_visible()
    if not button.is_visible():
        menu.click()
    button.click()


def picture(page: Page, name: str) -> None:
    """Kept in the folder SCREENS_TO, where that is set: screens are there to be looked at."""
    if folder := os.environ.get("SCREENS_TO"):
        Path(folder).mkdir(parents=True, exist_ok=True)
        page.screenshot(path=f"{folder}/{name}.png", full_page=True)
