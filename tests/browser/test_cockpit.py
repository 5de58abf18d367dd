"""The cockpit by keyboard alone: a call pops up, is written down and saved; a killed browser loses nothing."""

from __future__ import annotations

import os
import re
import signal
import uuid
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.sync_api import Browser, BrowserContext, BrowserType, Page, expect

from deploy.chromium import find_chromium
from tests.browser.looks import LOOKS, check, put_on
from tests.browser.people import DESKTOP, PHONE, WAIT, log_in, picture
from tests.conftest import CHROMIUM_FLAGS
from tests.live.people import Person
from tests.stack import Stack

WORDS = "我在健身房办了两年的卡，上个月店突然关门了，卡里的钱不退，老板电话也打不通，要求退还预付卡余额。"
CHINESE_LETTERS = 4  # keys that one Chinese character takes with a pinyin input method, the choice included


class Keyboard:
    """Counts every key that is pressed, chords by their keys; free text is not counted (`dictate`)."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.count = 0

    def press(self, *chords: str) -> None:
        for chord in chords:
            self.count += len(chord.split("+"))
            self.page.keyboard.press(chord)

    def type(self, text: str) -> None:
        self.count += sum(CHINESE_LETTERS if ord(letter) > 0x2E80 else 1 for letter in text)
        self.page.keyboard.type(text)

    def dictate(self, text: str) -> None:
        self.page.keyboard.type(text)


def on_the_line(page: Page) -> None:
    """The form belongs to the call."""
    expect(page.get_by_test_id("line-state")).to_have_text("通话中")
    expect(page.get_by_test_id("call-form")).to_have_attribute("data-call", re.compile(r"\d+"))


class Exchange:
    """The telephone exchange of the demo data: says over HTTP what happens to one call."""

    def __init__(self, switch: Person, phone: str, line: str = "12345") -> None:
        self.person = switch
        self.call: dict[str, Any] = {"cti_id": uuid.uuid4().hex, "phone": phone, "line": line, "agent": "calltaker"}

    def says(self, state: str) -> httpx.Response:
        answer = self.person.post("/calls/", state=state, **self.call)
        assert answer.status_code in {200, 201}, answer.text
        return answer


@pytest.fixture(scope="module")
def switch(stack: Stack):
    """Logged in once: logins are throttled."""
    person = Person(stack, "switch")
    yield person
    person.http.close()


@pytest.fixture(scope="module")
def taker(stack: Stack):
    person = Person(stack, "calltaker")
    yield person
    person.http.close()


@pytest.fixture(autouse=True)
def idle(taker: Person) -> None:
    """Whatever a test left on the line is over when the next one begins."""
    while call := taker.get("/calls/current/")["call"]:
        taker.post(f"/calls/{call['id']}/state/", state="wrapped")


@pytest.fixture
def seat(staff) -> Page:
    """A call-taker's screen with an idle line."""
    page: Page = staff("calltaker")
    expect(page.get_by_test_id("text")).to_be_focused()
    return page


@pytest.mark.journey
def test_a_call_is_written_down_by_keyboard_in_sixty_keystrokes(seat: Page, taker: Person, switch: Person):
    keys, exchange = Keyboard(seat), Exchange(switch, "13512345678")
    exchange.says("ringing")
    expect(seat.get_by_test_id("line-state")).to_have_text("来电振铃")
    expect(seat.get_by_test_id("line-number")).to_have_text("135****5678")
    keys.press("Alt+a")
    on_the_line(seat)
    expect(seat.get_by_test_id("text")).to_be_focused()
    keys.dictate(WORDS)
    expect(seat.get_by_test_id("hint-topic")).to_contain_text("预付式消费")
    expect(seat.get_by_test_id("questions")).to_be_visible()
    keys.press("Alt+5")
    expect(seat.get_by_test_id("answer-trade-gym")).to_be_focused()
    keys.press("1")
    expect(seat.get_by_test_id("answer-trade-gym")).to_be_checked()
    expect(seat.get_by_test_id("answer-prepaid_left")).to_be_focused()
    keys.type("1200")
    keys.press("Alt+2")
    keys.type("西湖区文三路8号")
    expect(seat.get_by_test_id("heard-region")).to_contain_text("西湖区")
    keys.press("Alt+r")
    expect(seat.get_by_test_id("hint-lead")).to_contain_text("西湖区")
    expect(seat.get_by_test_id("hint-lead")).to_contain_text("体育")
    keys.press("Alt+3")
    keys.type("王小满")
    seat.evaluate("window.scrollTo(0, 0)")
    picture(seat, "call-taker-1-call")
    keys.press("Control+Enter")
    expect(seat.get_by_test_id("saved")).to_be_visible()
    number = seat.get_by_test_id("number").inner_text().strip()
    exchange.says("ended")
    expect(seat.get_by_test_id("line-state")).to_have_text("话后处理")
    picture(seat, "call-taker-2-wrap-up")
    keys.press("Alt+n")
    expect(seat.get_by_test_id("line-state")).to_have_text("等待来电")
    expect(seat.get_by_test_id("text")).to_be_focused()
    expect(seat.get_by_test_id("text")).to_have_value("")
    assert keys.count <= 60, keys.count
    case = taker.case(number)
    assert case["requester"]["phone"] == "135****5678"
    assert [answer["answer"] for answer in case["answers"]] == ["健身", "1200"]


@pytest.mark.journey
def test_the_next_call_shows_the_callers_case_and_takes_more_facts(seat: Page, stack: Stack, switch: Person):
    keys, exchange = Keyboard(seat), Exchange(switch, "13587654321")
    citizen = Person(stack)
    receipt = citizen.file("小区门口烧烤店油烟太大", requester={"name": "李四", "phone": "13587654321"})
    exchange.says("answered")
    history = seat.get_by_test_id("history")
    expect(history).to_contain_text(receipt["number"])
    expect(seat.get_by_test_id("caller")).to_contain_text("李**")
    expect(seat.get_by_test_id("caller")).not_to_contain_text("13587654321")
    picture(seat, "call-taker-3-known-caller")
    button = seat.get_by_test_id(f"supplement-{receipt['number']}")
    keys.press("Alt+6")
    for _ in range(6):
        if button.evaluate("one => one === document.activeElement"):
            break
        keys.press("Tab")
    keys.press("Enter")
    expect(seat.get_by_test_id("supplement-text")).to_be_focused()
    keys.dictate("昨晚十点还在营业")
    keys.press("Control+Enter")
    expect(seat.get_by_test_id("caller")).to_contain_text(f"已记入 {receipt['number']}")
    events = (
        Person(stack)
        .http.get(f"/api/v1/cases/{receipt['number']}/events/", headers={"X-Case-Code": receipt["query_code"]})
        .json()
    )
    assert [event["note"] for event in events if event["kind"] == "supplement"] == ["昨晚十点还在营业"]


def test_an_emergency_is_passed_on_with_one_key_and_a_digit(seat: Page, taker: Person, switch: Person):
    keys, exchange = Keyboard(seat), Exchange(switch, "13511112222")
    exchange.says("answered")
    on_the_line(seat)
    keys.press("Alt+t", "2")
    expect(seat.get_by_test_id("transferred")).to_contain_text("119")
    number = seat.get_by_test_id("number").inner_text().strip()
    case = taker.case(number)
    assert (case["urgency"], keys.count) == ("U1", 3)


def test_required_questions_are_asked_for_once_and_never_stand_in_the_way(seat: Page):
    keys = Keyboard(seat)
    keys.dictate(WORDS)
    expect(seat.get_by_test_id("answer-trade-gym")).to_be_visible()
    keys.press("Control+Enter")
    expect(seat.get_by_text("必问项没有答案")).to_be_visible()
    expect(seat.get_by_test_id("answer-trade-gym")).to_be_focused()
    keys.press("Control+Enter")
    expect(seat.get_by_test_id("saved")).to_be_visible()


def opened(chromium: BrowserType, stack: Stack, folder: Path) -> BrowserContext:
    """A browser of its own with a profile on disk; a kill hits it alone."""
    context = chromium.launch_persistent_context(
        str(folder), executable_path=str(find_chromium()), headless=True, args=CHROMIUM_FLAGS, base_url=stack.base_url,
        viewport={"width": 1440, "height": 900}, locale="zh-CN",
    )  # fmt: skip
    context.set_default_timeout(WAIT)
    return context


def processes_of(folder: Path) -> list[int]:
    """The browser processes that work on this profile, and on no other."""
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            command = (entry / "cmdline").read_bytes()
        except OSError:
            continue
        if f"--user-data-dir={folder}".encode() in command:
            found.append(int(entry.name))
    return found


@pytest.mark.skipif(not Path("/proc/self/cmdline").exists(), reason="finds the browser's processes in /proc")
def test_every_keystroke_outlives_a_killed_browser(browser: Browser, stack: Stack, switch: Person, tmp_path: Path):
    exchange = Exchange(switch, "13533334444")
    context = opened(browser.browser_type, stack, tmp_path)
    page = context.pages[0]
    log_in(page, "calltaker")
    expect(page.get_by_test_id("text")).to_be_focused()
    exchange.says("answered")
    on_the_line(page)
    cookies = context.cookies()
    page.keyboard.type(WORDS)
    page.keyboard.press("Alt+2")
    page.keyboard.type("文三路8号")
    expect(page.get_by_test_id("kept")).to_have_attribute("data-kept", "true")
    for pid in processes_of(tmp_path):
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            continue
    with pytest.raises(Exception, match=r"closed|crashed"):
        page.wait_for_timeout(WAIT)
    again = opened(browser.browser_type, stack, tmp_path)
    again.add_cookies(_plain(cookies, stack.base_url))
    page = again.pages[0]
    page.goto("/staff/call")
    expect(page.get_by_test_id("line-state")).to_have_text("通话中")
    expect(page.get_by_test_id("text")).to_have_value(WORDS)
    expect(page.get_by_test_id("place")).to_have_value("文三路8号")
    again.close()


def _plain(cookies, url: str) -> list[Any]:
    return [{"name": cookie["name"], "value": cookie["value"], "url": url} for cookie in cookies]


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["1440", "390"])
def test_the_cockpit_in_the_middle_of_a_call_is_accessible_and_fits(staff, switch: Person, size):
    page: Page = staff("calltaker", size)
    Exchange(switch, "13500009999").says("answered")
    on_the_line(page)
    page.get_by_test_id("text").fill(WORDS)
    expect(page.get_by_test_id("hint-topic")).to_be_visible()
    expect(page.get_by_test_id("questions")).to_be_visible()
    for look in LOOKS:
        put_on(page, look)
        check(page, f"{look}, {size['width']}", look)
