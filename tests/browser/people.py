"""What people do on the pages, step by step."""

from __future__ import annotations

import os
from io import BytesIO
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page, expect

from deploy.demo_accounts import PASSWORD
from tests.live.people import Person
from tests.stack import Stack
from tests.waiting import until

DESKTOP, PHONE = {"width": 1440, "height": 900}, {"width": 390, "height": 844}
WAIT = 20_000  # milliseconds; a limit, not a measurement
UNSURE = "有个事情想反映一下，希望有关部门管一管"  # so that a dispatcher decides, whatever the model


def context(browser: Browser, stack: Stack, size: dict[str, int]) -> BrowserContext:
    made = browser.new_context(
        base_url=stack.base_url,
        viewport=size,  # type: ignore[arg-type]
        locale="zh-CN",
        timezone_id="Asia/Shanghai",
        reduced_motion="reduce",
    )
    made.set_default_timeout(WAIT)
    return made


def log_in(page: Page, username: str) -> Page:
    """Through the login page, to where that role begins its day; the live connection stands."""
    page.goto("/staff/")
    page.get_by_test_id("username").fill(username)
    page.get_by_test_id("password").fill(PASSWORD)
    page.get_by_test_id("login").click()
    expect(page.get_by_test_id("live-state")).to_contain_text("实时", timeout=WAIT)
    return page


def at_west_lake(page: Page) -> None:
    """Choose the region of a case."""
    for level, name in (("province", "浙江省"), ("city", "杭州市"), ("county", "西湖区")):
        page.get_by_test_id(f"region-{level}").select_option(label=name)


def follow(page: Page, number: str, code: str) -> None:
    """Open a case with what the receipt says."""
    page.goto("/track")
    page.get_by_test_id("number").fill(number)
    page.get_by_test_id("code").fill(code)
    page.get_by_test_id("track").click()
    expect(page.get_by_test_id("story")).to_contain_text(number)


def give(dispatcher: Person, number: str, lead: str, *participants: str) -> None:
    """To these units, by name, whatever the model made of it."""
    until(lambda: dispatcher.case(number)["state"] != "registered", seconds=60, what=f"{number} has been read")
    units = {unit: dispatcher.get("/units/", q=unit)[0]["id"] for unit in (lead, *participants)}
    answer = dispatcher.post(
        f"/cases/{number}/dispatch/",
        version=dispatcher.case(number)["version"],
        lead=units[lead],
        participants=[units[name] for name in participants],
        topic="P02",
        reason="按职责分派",
    )
    assert answer.status_code == 200, answer.text


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


def picture(page: Page, name: str, *, whole: bool = False) -> None:
    """Kept as <SCREENS_TO>/<name>.png where that folder is named (`make screens`): what is on screen, or the page.

    256 colours are plenty for pages, and a third of the size.
    """
    folder = os.environ.get("SCREENS_TO")
    if not folder:
        return
    Path(folder).mkdir(parents=True, exist_ok=True)
    if whole:  # else what sticks to the top stands in the middle
        page.evaluate("window.scrollTo(0, 0)")
    shot = Image.open(BytesIO(page.screenshot(full_page=whole, animations="disabled")))
    colours = shot.convert("RGB").quantize(256, dither=Image.Dither.NONE)
    colours.save(Path(folder) / f"{name}.png", optimize=True)
