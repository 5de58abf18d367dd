"""The dispatcher's desk: confirm with a key, correct, many at once, a second matter set apart."""

from __future__ import annotations

from itertools import islice
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.people import UNSURE, WAIT, begin, picture
from tests.live.people import Person
from tests.stack import Stack
from tests.waiting import until

BOTH = "小区门口路灯坏了半个月没人修，晚上出门一片漆黑。另外楼下烧烤店每天排油烟，关着窗都呛人。"


@pytest.fixture
def desk(staff) -> Page:
    page: Page = staff("dispatcher")
    expect(page.get_by_test_id("triage-case")).to_be_visible(timeout=WAIT)
    return page


@pytest.fixture
def colleague(stack: Stack) -> Person:
    """Looks at the same cases, without a page."""
    return Person(stack, "dispatcher")


def waiting(stack: Stack, colleague: Person, text: str = UNSURE) -> str:
    """A case on the triage desk."""
    number = Person(stack).file(text)["number"]
    until(lambda: colleague.case(number)["state"] == "needs_triage", seconds=60, what=f"{number} waits")
    return number


def choose(select: Locator, words: str, option: str) -> None:
    """In a searchable select."""
    select.click()
    select.locator("input").fill(words)
    select.page.get_by_role("option").filter(has_text=option).locator("visible=true").first.click()


def clearest(colleague: Person, most: int) -> list[str]:
    """Of the cases that wait, those that the model is surest of, where the rules name a unit for its topic."""

    def sure(case: dict[str, Any]) -> float:
        return float(case["prediction"]["topics"][0]["probability"])

    def has_unit(case: dict[str, Any]) -> bool:
        topic, region = case["prediction"]["topics"][0]["code"], case["region"]["code"]
        return bool(colleague.get("/suggestion/", topic=topic, region=region)["lead"])

    rows = colleague.get("/cases/", state="needs_triage")["results"]
    cases = [colleague.case(row["number"]) for row in rows if row["region"]]
    known = [case for case in cases if case["prediction"] and case["prediction"]["topics"]]
    found = (case["number"] for case in sorted(known, key=sure, reverse=True) if has_unit(case))
    return list(islice(found, most))


@pytest.mark.journey
def test_what_the_model_suggests_is_confirmed_without_the_mouse(desk: Page, colleague: Person):
    number = clearest(colleague, 1)[0]
    desk.goto(f"/staff/triage/{number}")
    expect(desk.get_by_test_id("triage-case")).to_contain_text(number)
    desk.keyboard.press("1")
    expect(desk.get_by_test_id("suggested-units")).to_be_visible()
    desk.get_by_test_id("preset-model").press("Enter")
    picture(desk, "dispatcher-1-triage")
    desk.keyboard.press("Control+Enter")
    expect(desk.get_by_test_id("triage-list").get_by_test_id(f"row-{number}")).to_have_count(0, timeout=WAIT)
    case = colleague.case(number)
    assert (case["state"], case["topic"]["code"]) == ("dispatched", case["prediction"]["topics"][0]["code"])


@pytest.mark.journey
def test_what_the_model_got_wrong_is_corrected_and_goes_to_the_right_bureau(
    desk: Page, stack: Stack, colleague: Person, staff
):
    officer = staff("xihu_hurd")
    number = waiting(stack, colleague, f"{UNSURE}，是关于我们小区的")
    row = desk.get_by_test_id(f"row-{number}")
    expect(row).to_be_visible(timeout=WAIT)
    row.click()
    expect(desk.get_by_test_id("triage-case")).to_contain_text("希望有关部门管一管")
    choose(desk.get_by_test_id("topic"), "物业", "物业服务")
    expect(desk.get_by_test_id("suggested-units")).to_contain_text("杭州市西湖区住房和城乡建设局")
    expect(desk.get_by_test_id("lead-unit")).to_contain_text("杭州市西湖区住房和城乡建设局")
    desk.get_by_test_id("preset-duty").click()
    picture(desk, "dispatcher-2-correct")
    desk.get_by_test_id("dispatch").click()
    expect(desk.get_by_test_id("triage-list").get_by_test_id(f"row-{number}")).to_have_count(0, timeout=WAIT)
    expect(officer.get_by_test_id(f"row-{number}")).to_be_visible(timeout=WAIT)


@pytest.mark.journey
def test_many_are_confirmed_at_once_and_what_needs_thought_stays(desk: Page, stack: Stack, colleague: Person):
    """Nobody knows what one of them is about: it is refused beside its number and goes on waiting."""
    stays = waiting(stack, colleague)
    chosen = {*clearest(colleague, 4), stays}
    desk.get_by_test_id("triage-bulk").click()
    for number in chosen:
        desk.get_by_test_id(f"choose-{number}").check()
    desk.get_by_test_id("bulk-dispatch").click()
    desk.get_by_test_id("bulk-reason").fill("按模型建议批量确认")
    desk.get_by_test_id("bulk-go").click()
    refused = desk.get_by_test_id("bulk-refused")
    expect(refused).to_contain_text(stays, timeout=WAIT)
    desk.get_by_test_id("bulk").scroll_into_view_if_needed()
    picture(desk, "dispatcher-3-many")
    left = {number for number in chosen if colleague.case(number)["state"] == "needs_triage"}
    assert left == {number for number in chosen if number in refused.inner_text()}


@pytest.mark.journey
def test_a_second_matter_in_one_message_becomes_a_case_of_its_own(desk: Page, stack: Stack, colleague: Person):
    number = Person(stack).file(BOTH, place="文三路 8 号")["number"]
    until(lambda: "split" in colleague.case(number)["actions"], seconds=60, what=f"{number} can be split")
    desk.goto(f"/staff/cases/{number}")
    begin(desk, "split")
    form = desk.get_by_test_id("split-form")
    form.get_by_test_id("matter-text").fill("楼下烧烤店每天排油烟，关着窗都呛人。")
    choose(form.get_by_test_id("topic"), "餐饮油烟", "餐饮油烟")
    expect(form.get_by_test_id("lead-unit").locator(".el-select__placeholder")).to_contain_text("杭州市", timeout=WAIT)
    form.get_by_test_id("split-reason").fill("油烟与路灯由不同单位办理，拆为两件。")
    picture(desk, "dispatcher-4-split")
    form.get_by_test_id("split-confirm").click()
    linked = desk.get_by_test_id("linked").get_by_role("link")
    expect(linked).to_have_count(1, timeout=WAIT)
    child = colleague.case(linked.inner_text().strip())
    assert (child["topic"]["name"], child["state"]) == ("餐饮油烟", "dispatched")
    assert [other["number"] for other in child["linked"]] == [number]
