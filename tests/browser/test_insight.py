"""What officers see of the model, in a real browser: behind one case, and nothing of how it does as a whole."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.looks import check
from tests.browser.people import DESKTOP, PHONE, WAIT
from tests.live.people import Person
from tests.make import MILK
from tests.stack import Stack


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["1440", "390"])
def test_an_officer_asks_why_and_what_is_like_it(stack: Stack, staff, size):
    number = Person(stack).file(MILK)["number"]
    page = staff("xihu_samr", size)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    expect(page.get_by_test_id(f"row-{number}")).to_be_visible(timeout=WAIT)
    page.get_by_test_id(f"row-{number}").get_by_role("link").first.click()
    expect(page.get_by_test_id("insight")).to_be_visible()
    assert not [url for url in asked if re.search(r"/(why|matters|similar)/", url)]

    why = page.get_by_test_id("insight-why")
    why.get_by_role("button", name="为什么这样判断").click()
    expect(page.get_by_test_id("phrases").locator("li").first).to_be_visible(timeout=WAIT)
    expect(page.get_by_test_id("case-text").locator("mark.strong").first).to_be_visible()
    expect(why).to_contain_text("模型 ")
    other = why.locator("[data-testid^=why-][aria-pressed=false]").first
    name = other.get_attribute("data-testid") or ""
    other.click()
    expect(page.get_by_test_id(name)).to_have_attribute("aria-pressed", "true", timeout=WAIT)

    page.get_by_test_id("insight-matters").get_by_role("button", name="可能含多个事项").click()
    expect(page.get_by_test_id("insight-matters")).to_contain_text(re.compile("模型(没有)?看出"), timeout=WAIT)
    page.get_by_test_id("insight-similar").get_by_role("button", name="相似诉求").click()
    found = page.get_by_test_id("similar").or_(page.get_by_test_id("similar-none"))
    expect(found).to_be_visible(timeout=WAIT)
    check(page, "case with insight")


def test_figures_are_for_supervisors_only(staff):
    page = staff("xihu_samr")
    page.get_by_test_id("nav-watch").click()
    expect(page.get_by_test_id("nav-supervision")).to_be_visible()
    expect(page.get_by_test_id("nav-quality")).to_have_count(0)
    page.keyboard.press("Escape")
    page.goto("/staff/quality")
    expect(page.get_by_text("没有加载成功")).to_be_visible(timeout=WAIT)
    expect(page.get_by_test_id("figure-topic")).to_have_count(0)
    expect(page.get_by_test_id("versions")).to_have_count(0)
