"""The citizens' pages in light, dark and big letters: no serious fault, no sideways scrolling, the choice kept."""

from __future__ import annotations

import json
import re

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.people import DESKTOP, PHONE, WAIT, context, picture
from tests.browser.test_journeys import check
from tests.stack import Stack

LOOKS = {"light": ("light", "normal"), "dark": ("dark", "normal"), "big": ("light", "big")}
FUME = "楼下烧烤店的油烟直接排到我家窗户里，晚上关着窗都呛人，店名叫老张烧烤"


def opened(browser: Browser, stack: Stack, look: str, size: dict[str, int]) -> Page:
    theme, letters = LOOKS[look]
    made = context(browser, stack, size)
    chosen = json.dumps(json.dumps({"theme": theme, "size": letters}))
    made.add_init_script(f"localStorage.setItem('zst.look', {chosen})")
    return made.new_page()


@pytest.mark.parametrize("look", LOOKS)
def test_every_citizen_page_in_every_look(browser: Browser, stack: Stack, look: str):
    page = opened(browser, stack, look, PHONE)
    theme, letters = LOOKS[look]
    test_id = page.get_by_test_id

    def looked_at(step: str) -> None:
        check(page, f"{step}, {look}")
        picture(page, f"{look}-{step}-390")

    page.goto("/")
    test_id("forward").click()
    expect(test_id("text")).to_be_focused()
    expect(page.locator("html")).to_have_attribute("data-theme", theme)
    if letters == "big":
        small = page.evaluate(
            "[...document.querySelectorAll('body *')].filter(one => one.innerText && one.checkVisibility() && "
            "[...one.childNodes].some(child => child.nodeType === 3 && child.data.trim()) && "
            "parseFloat(getComputedStyle(one).fontSize) < 18).map(one => one.outerHTML.slice(0, 80))"
        )
        assert small == []
    looked_at("what, with an error")
    test_id("text").fill(FUME)
    test_id("topic-yes").click()
    looked_at("what, with a question")
    test_id("forward").click()
    for place, name in (("province", "浙江省"), ("city", "杭州市"), ("county", "西湖区")):
        test_id(f"region-{place}").select_option(label=name)
    looked_at("where")
    test_id("forward").click()
    test_id("anonymous").check()
    looked_at("who, anonymous")
    test_id("named").check()
    test_id("name").fill("王小满")
    test_id("phone").fill("13800001234")
    test_id("consent").check()
    looked_at("who")
    test_id("forward").click()
    looked_at("review")
    test_id("forward").click()
    expect(test_id("filed")).to_be_visible(timeout=WAIT)
    looked_at("filed")
    test_id("to-track").click()
    expect(test_id("state")).not_to_contain_text("已登记", timeout=WAIT)
    looked_at("track")
    page.goto("/staff/login")
    looked_at("login")
    page.context.close()


@pytest.mark.parametrize("look", ["dark", "big"])
def test_the_staff_queue_and_the_component_page_in_the_chosen_look(browser: Browser, stack: Stack, staff, look: str):
    page = staff("xihu_samr")
    page.get_by_test_id("user-menu").click()
    if look == "dark":
        page.get_by_test_id("theme").select_option("dark")
    else:
        page.get_by_test_id("big-letters").click()
    page.reload()
    html = page.locator("html")
    expect(html).to_have_attribute(*(("data-theme", "dark") if look == "dark" else ("data-size", "big")))
    expect(page.get_by_test_id("queue")).to_be_visible(timeout=WAIT)
    check(page, f"queue, {look}")
    picture(page, f"{look}-queue-1440")
    page.goto("/staff/design")
    expect(page.get_by_test_id("look-dark")).to_be_visible(timeout=WAIT)
    check(page, f"components, {look}")
    picture(page, f"{look}-design-1440")


def test_somebody_with_the_same_trouble_is_offered_it_and_the_dispatcher_reads_their_word(
    citizen: Page, browser: Browser, stack: Stack, staff
):
    for text in (FUME, "老张烧烤油烟太大了，整栋楼都是味道，希望管一管"):
        citizen.goto("/")
        citizen.get_by_test_id("text").fill(text)
        citizen.get_by_test_id("topic-unsure").click()
        citizen.get_by_test_id("forward").click()
        for place, name in (("province", "浙江省"), ("city", "杭州市"), ("county", "西湖区")):
            citizen.get_by_test_id(f"region-{place}").select_option(label=name)
        if text != FUME:
            citizen.get_by_test_id("me-too").first.click()
            expect(citizen.get_by_test_id("nearby")).not_to_contain_text("老张")
        citizen.get_by_test_id("forward").click()
        citizen.get_by_test_id("anonymous" if text != FUME else "named").check()
        if text == FUME:
            citizen.get_by_test_id("name").fill("王小满")
            citizen.get_by_test_id("phone").fill("13800001234")
            citizen.get_by_test_id("consent").check()
        citizen.get_by_test_id("forward").click()
        citizen.get_by_test_id("forward").click()
        expect(citizen.get_by_test_id("filed")).to_be_visible(timeout=WAIT)
        number = citizen.get_by_test_id("number").inner_text().strip()
        citizen.get_by_test_id("to-track").click()
        expect(citizen.get_by_test_id("state")).not_to_contain_text("已登记", timeout=WAIT)
        citizen.evaluate("sessionStorage.clear()")
    dispatcher = staff("dispatcher", DESKTOP)
    dispatcher.goto(f"/staff/cases/{number}")
    said = dispatcher.get_by_test_id("citizen-said")
    expect(said).to_contain_text("说不清是不是“餐饮油烟")
    expect(said.get_by_role("link")).to_have_text(re.compile(r"\d{8}-\d{6,}-\d"))
    picture(dispatcher, "citizen-said-1440")
