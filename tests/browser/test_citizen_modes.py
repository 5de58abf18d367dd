"""Filing step by step in light, dark and big letters; what the same trouble nearby offers; the look is kept."""

from __future__ import annotations

import json
import re

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.looks import KEPT, LOOKS, check, kept, letters_are_big
from tests.browser.people import PHONE, WAIT, at_west_lake, context, picture
from tests.stack import Stack

FUME = "楼下烧烤店的油烟直接排到我家窗户里，晚上关着窗都呛人，店名叫老张烧烤"


@pytest.mark.journey
@pytest.mark.parametrize("look", LOOKS)
def test_every_step_of_filing_in_every_look(browser: Browser, stack: Stack, look: str):
    opened = context(browser, stack, PHONE)
    opened.add_init_script(f"localStorage.setItem({json.dumps(KEPT)}, {json.dumps(kept(look))})")
    page = opened.new_page()
    theme, letters = LOOKS[look]
    test_id = page.get_by_test_id

    def looked_at(step: str) -> None:
        check(page, f"{step}, {look}", look)
        if letters == "big":
            letters_are_big(page)

    page.goto("/")
    test_id("forward").click()
    expect(test_id("text")).to_be_focused()
    expect(page.locator("html")).to_have_attribute("data-theme", theme)
    looked_at("what, with an error")
    test_id("text").fill(FUME)
    test_id("topic-yes").click()
    looked_at("what, with a question")
    if look != "light":
        picture(page, f"citizen-7-{look}", whole=True)
    test_id("forward").click()
    at_west_lake(page)
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
    opened.close()


def test_the_chosen_look_is_kept(staff):
    page = staff("xihu_samr")
    page.get_by_test_id("user-menu").click()
    page.get_by_test_id("theme").select_option("dark")
    page.get_by_test_id("big-letters").click()
    page.reload()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    expect(page.locator("html")).to_have_attribute("data-size", "big")


def test_somebody_with_the_same_trouble_is_offered_it_and_the_dispatcher_reads_their_word(
    citizen: Page, browser: Browser, stack: Stack, staff
):
    for text in (FUME, "老张烧烤油烟太大了，整栋楼都是味道，希望管一管"):
        citizen.goto("/")
        citizen.get_by_test_id("text").fill(text)
        citizen.get_by_test_id("topic-unsure").click()
        citizen.get_by_test_id("forward").click()
        at_west_lake(citizen)
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
    dispatcher = staff("dispatcher")
    dispatcher.goto(f"/staff/cases/{number}")
    said = dispatcher.get_by_test_id("citizen-said")
    expect(said).to_contain_text("说不清是不是“餐饮油烟")
    expect(said.get_by_role("link")).to_have_text(re.compile(r"\d{8}-\d{6,}-\d"))
