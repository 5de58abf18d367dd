"""The supervisor's day: the wall and the cases behind a figure, report and rates, an order, what waits, the model."""

from __future__ import annotations

import re
from datetime import date, timedelta
from urllib.parse import parse_qsl

import pytest
from playwright.sync_api import Page, expect

from tests.browser.looks import check
from tests.browser.people import WAIT, act, give, picture
from tests.live.people import Person
from tests.make import MILK
from tests.stack import Stack

BUREAU = "杭州市西湖区市场监督管理局"


def go(page: Page, menu: str, name: str) -> None:
    page.get_by_test_id(f"nav-{menu}").click()
    page.get_by_test_id(f"nav-{name}").click()


def drawn(page: Page) -> None:
    """The first chart stands."""
    expect(page.locator("[role=img] svg").first).to_be_visible(timeout=WAIT)


def found(person: Person, filters: str) -> int:
    """How many cases there are behind an address of the queue."""
    count, asked = 0, dict(parse_qsl(filters))
    while True:
        answer = person.get("/cases/", **asked)
        count += len(answer["results"])
        if not answer["next"]:
            return count
        asked["cursor"] = answer["next"]


@pytest.mark.journey
def test_from_a_figure_on_the_wall_and_in_the_reports_to_its_cases(staff, stack: Stack):
    page, colleague = staff("supervisor"), Person(stack, "supervisor")
    go(page, "watch", "wall")
    page.get_by_test_id("days-30").click()
    total = page.get_by_test_id("total-overdue")
    expect(total).to_be_visible(timeout=WAIT)
    drawn(page)
    picture(page, "supervisor-1-wall")
    said = int(total.locator("strong").inner_text())
    filters = (total.get_attribute("href") or "").partition("?")[2]
    total.click()
    expect(page).to_have_url(re.compile("/staff/queue/all"))
    expect(page.get_by_test_id("queue").get_by_test_id("due").first).to_contain_text("已超", timeout=WAIT)
    picture(page, "supervisor-2-cases-behind")
    assert (said, said > 0) == (found(colleague, filters), True)

    go(page, "watch", "reports")
    page.get_by_test_id("kind-weekly").click()
    expect(page.get_by_test_id("title")).to_contain_text("周报", timeout=WAIT)
    expect(page.locator("[data-testid^=section-]").first).to_be_visible()
    picture(page, "supervisor-3-report")
    with page.expect_download() as paper:
        page.get_by_test_id("pdf").click()
    assert paper.value.path().read_bytes().startswith(b"%PDF")

    go(page, "watch", "rates")
    expect(page.get_by_test_id("groups")).to_be_visible(timeout=WAIT)
    drawn(page)
    picture(page, "supervisor-4-rates")
    page.locator("[data-testid^=figure-] a").first.click()
    expect(page).to_have_url(re.compile("/staff/queue/all"))
    expect(page.get_by_test_id("queue")).to_be_visible(timeout=WAIT)


@pytest.mark.journey
def test_an_order_reaches_the_bureau_and_stands_on_the_desk_until_it_is_answered(staff, stack: Stack):
    number = Person(stack).file(MILK)["number"]
    give(Person(stack, "dispatcher"), number, BUREAU)
    page, officer = staff("supervisor"), staff("xihu_samr")
    page.goto(f"/staff/cases/{number}")
    words = "涉及儿童食品安全，请于期限内查清来源并报告处置情况。"
    until = (date.today() + timedelta(days=10)).isoformat()
    act(page, "order_supervision", level="county", text=words, until=until)
    expect(page.get_by_test_id("supervision")).to_contain_text(words, timeout=WAIT)
    picture(page, "supervisor-5-order")
    officer.goto(f"/staff/cases/{number}")
    expect(officer.get_by_test_id("supervision")).to_contain_text(words, timeout=WAIT)
    act(officer, "answer_supervision", text="已查封同批次牛奶，正在追查进货来源。")
    go(page, "watch", "supervision")
    orders = page.get_by_test_id("orders")
    expect(orders).to_contain_text("已查封同批次牛奶", timeout=WAIT)
    picture(page, "supervisor-6-orders")

    go(page, "watch", "watchdog")
    step = page.locator("[data-testid^=step-]:enabled").first
    step.click()
    expect(page.get_by_test_id("waiting").get_by_role("link").first).to_be_visible(timeout=WAIT)
    picture(page, "supervisor-7-watchdog")


@pytest.mark.journey
def test_a_supervisor_reads_how_the_model_does(staff):
    page = staff("supervisor")
    go(page, "watch", "quality")
    expect(page.get_by_test_id("figure-topic")).to_be_visible(timeout=WAIT)
    expect(page.get_by_test_id("figure-review")).to_contain_text(re.compile(r"\d+\.\d%.*件中", re.DOTALL))
    page.get_by_role("img").first.scroll_into_view_if_needed()
    drawn(page)
    expect(page.get_by_test_id("versions")).to_contain_text("正在使用")
    page.evaluate("window.scrollTo(0, 0)")
    picture(page, "supervisor-8-quality")
    page.get_by_test_id("by-channel").click()
    expect(page).to_have_url(re.compile(r"/staff/quality\?by=channel$"))
    expect(page.get_by_test_id("groups")).to_contain_text("来源", timeout=WAIT)
    page.reload()
    expect(page.get_by_test_id("by-channel")).to_have_attribute("aria-pressed", "true")
    expect(page.get_by_test_id("groups").locator("tbody tr").first).to_be_visible(timeout=WAIT)
    check(page, "quality by channel")
