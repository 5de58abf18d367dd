"""A citizen's case from the phone to the officer's screen and back; and what is said of bad input."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.people import WAIT, act, at_west_lake, picture
from tests.make import MILK


@pytest.mark.journey
def test_from_the_citizens_phone_to_the_officers_screen_and_back(citizen: Page, staff):
    officer = staff("xihu_samr")
    expect(officer.get_by_test_id("queue")).to_be_visible()
    officer.evaluate("window.neverReloaded = true")
    step = citizen.get_by_test_id

    citizen.goto("/")
    step("text").fill(MILK)
    expect(step("topic-question")).to_be_visible(timeout=WAIT)
    step("topic-yes").click()
    picture(citizen, "citizen-1-what", whole=True)
    step("forward").click()
    with citizen.expect_response("**/hints/nearby/**"):
        at_west_lake(citizen)
    step("place").fill("文三路 8 号 · 好又多超市")
    picture(citizen, "citizen-2-where", whole=True)
    step("forward").click()
    step("name").fill("王小满")
    step("phone").fill("13800001234")
    step("consent").check()
    picture(citizen, "citizen-3-who", whole=True)
    step("forward").click()
    step("forward").click()
    expect(step("filed")).to_be_visible(timeout=WAIT)
    number, code = step("number").inner_text().strip(), step("code").inner_text().strip()
    assert re.fullmatch(r"\d{8}-\d{6,}-\d", number)
    assert len(code) == 8
    picture(citizen, "citizen-4-receipt", whole=True)

    row = officer.get_by_test_id(f"row-{number}")
    expect(row).to_be_visible(timeout=WAIT)
    expect(row).to_contain_text("今天在超市买的牛奶")
    assert officer.evaluate("window.neverReloaded") is True
    row.get_by_role("link").first.click()
    expect(officer.get_by_test_id("requester")).to_contain_text("138****1234")
    act(officer, "sign")
    expect(officer.get_by_test_id("state")).to_contain_text("已签收")
    step("to-track").click()
    expect(step("state")).to_contain_text("已签收")
    expect(step("clocks")).to_be_visible()
    picture(citizen, "citizen-5-track", whole=True)
    act(officer, "start")
    act(officer, "reply", text="已责令下架并退一赔十，请凭小票领取。")
    expect(step("replies")).to_contain_text("退一赔十", timeout=WAIT)
    act(officer, "waive", participant="every", text="由本单位独立处理完毕")
    act(officer, "close", text="双方和解", solved="yes")
    expect(step("state")).to_contain_text("已办结", timeout=WAIT)
    step("grade-4").click()
    step("solved-partly").click()
    step("rate-comment").fill("处理得还算快")
    picture(citizen, "citizen-6-rate", whole=True)
    step("rate").click()
    expect(step("rated")).to_contain_text("满意", timeout=WAIT)
    expect(officer.get_by_test_id("outcome")).to_contain_text("处理得还算快", timeout=WAIT)


def test_bad_input_is_said_at_the_field_and_nothing_typed_is_lost(citizen: Page):
    citizen.goto("/")
    citizen.get_by_test_id("forward").click()
    expect(citizen.get_by_test_id("field-error").first).to_be_visible()
    expect(citizen.get_by_test_id("text")).to_be_focused()
    citizen.get_by_test_id("text").fill("路灯坏了")
    citizen.get_by_test_id("forward").click()
    at_west_lake(citizen)
    citizen.get_by_test_id("forward").click()
    citizen.get_by_test_id("phone").fill("123")
    citizen.get_by_test_id("forward").click()
    expect(citizen.get_by_test_id("field-error").first).to_be_visible()
    expect(citizen.get_by_test_id("phone")).to_have_value("123")
    citizen.reload()
    expect(citizen.get_by_test_id("phone")).to_have_value("123")
    expect(citizen.get_by_text("已恢复您上次没有写完的内容")).to_be_visible()
