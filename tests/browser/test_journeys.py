"""What people do, in a real browser on the served system: file, see it arrive, sign, answer, close, follow."""

from __future__ import annotations

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.browser.people import DESKTOP, PHONE, WAIT, act, context, file_complaint
from tests.make import MILK
from tests.stack import Stack


def test_from_the_citizens_phone_to_the_officers_screen_and_back(citizen: Page, staff):
    officer = staff("xihu_samr")
    expect(officer.get_by_test_id("queue")).to_be_visible()
    officer.evaluate("window.neverReloaded = true")
    number, code = file_complaint(citizen, MILK)
    row = officer.get_by_test_id(f"row-{number}")
    expect(row).to_be_visible(timeout=WAIT)
    expect(row).to_contain_text("今天在超市买的牛奶")
    assert officer.evaluate("window.neverReloaded") is True
    row.get_by_role("link").first.click()
    expect(officer.get_by_test_id("requester")).to_contain_text("138****1234")
    act(officer, "sign")
    expect(officer.get_by_test_id("state")).to_contain_text("已签收")
    citizen.get_by_test_id("to-track").click()
    expect(citizen.get_by_test_id("state")).to_contain_text("已签收")
    act(officer, "start")
    act(officer, "reply", text="已责令下架并退一赔十，请凭小票领取。")
    expect(citizen.get_by_test_id("replies")).to_contain_text("退一赔十", timeout=WAIT)
    act(officer, "waive", participant="every", text="由本单位独立处理完毕")
    act(officer, "close", text="双方和解", solved="yes")
    expect(citizen.get_by_test_id("state")).to_contain_text("已办结", timeout=WAIT)
    assert re.fullmatch(r"\d{8}-\d{6,}-\d", number)
    assert len(code) == 8


def test_what_the_model_is_not_sure_of_waits_for_a_dispatcher_who_gives_it_on(citizen: Page, staff):
    dispatcher, officer = staff("dispatcher"), staff("xihu_hurd")
    number, _code = file_complaint(citizen, "有个事情想反映一下，希望有关部门管一管")
    row = dispatcher.get_by_test_id(f"row-{number}")
    expect(row).to_be_visible(timeout=WAIT)
    row.click()
    expect(dispatcher.get_by_test_id("triage-case")).to_contain_text("希望有关部门管一管")
    topic = dispatcher.get_by_test_id("topic")
    topic.click()
    topic.locator("input").fill("物业")
    dispatcher.get_by_role("option").filter(has_text="物业服务").click()
    expect(dispatcher.get_by_test_id("suggested-units")).to_contain_text("杭州市西湖区住房和城乡建设局")
    expect(dispatcher.get_by_test_id("lead-unit")).to_contain_text("杭州市西湖区住房和城乡建设局")
    dispatcher.get_by_test_id("preset-duty").click()
    dispatcher.get_by_test_id("dispatch").click()
    expect(dispatcher.get_by_test_id("triage-list").get_by_test_id(f"row-{number}")).to_have_count(0, timeout=WAIT)
    expect(officer.get_by_test_id(f"row-{number}")).to_be_visible(timeout=WAIT)


def test_bad_input_is_said_at_the_field_and_nothing_typed_is_lost(citizen: Page):
    citizen.goto("/")
    citizen.get_by_test_id("forward").click()
    expect(citizen.get_by_test_id("field-error").first).to_be_visible()
    expect(citizen.get_by_test_id("text")).to_be_focused()
    citizen.get_by_test_id("text").fill("路灯坏了")
    citizen.get_by_test_id("forward").click()
    citizen.get_by_test_id("region-province").select_option(label="浙江省")
    citizen.get_by_test_id("region-city").select_option(label="杭州市")
    citizen.get_by_test_id("region-county").select_option(label="西湖区")
    citizen.get_by_test_id("forward").click()
    citizen.get_by_test_id("phone").fill("123")
    citizen.get_by_test_id("forward").click()
    expect(citizen.get_by_test_id("field-error").first).to_be_visible()
    expect(citizen.get_by_test_id("phone")).to_have_value("123")
    citizen.reload()
    expect(citizen.get_by_test_id("phone")).to_have_value("123")
    expect(citizen.get_by_text("已恢复您上次没有写完的内容")).to_be_visible()


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["1440", "390"])
def test_no_page_has_a_serious_accessibility_fault_or_scrolls_sideways(browser: Browser, stack: Stack, staff, size):
    opened = context(browser, stack, size)
    visitor = opened.new_page()
    for path in ("/", "/track", "/staff/login"):
        visitor.goto(path)
        visitor.wait_for_load_state("networkidle")
        check(visitor, path)
    opened.close()
    for username, paths in (
        ("supervisor", ("/staff/queue/all",)),
        ("dispatcher", ("/staff/triage",)),
        ("calltaker", ("/staff/call",)),
        ("xihu_samr", ("/staff/queue/mine",)),
    ):
        page = staff(username, size)
        for path in paths:
            page.goto(path)
            page.wait_for_load_state("networkidle")
            check(page, path)
    page.locator("[data-testid^=row-] a").first.click()
    expect(page.get_by_test_id("case-text")).to_be_visible()
    check(page, "case")


def check(page: Page, name: str) -> None:
    found = Axe().run(page).response["violations"]
    serious = [
        (fault["id"], fault["nodes"][0]["html"]) for fault in found if fault["impact"] in ("serious", "critical")
    ]
    assert serious == [], name
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), f"{name} scrolls sideways"
