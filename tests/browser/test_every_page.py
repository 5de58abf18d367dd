"""Every page of both applications, light, dark and in big letters: no serious finding of axe, no sideways scrolling.

The pages are read out of the frontend's own lists of addresses: one that nobody put down here fails the first test.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.looks import check, letters_are_big, put_on
from tests.browser.people import DESKTOP, PHONE, UNSURE, context, log_in
from tests.live.people import Person
from tests.make import MILK
from tests.stack import Stack
from tests.waiting import until

FRONTEND = Path(__file__).resolve().parents[2] / "frontend" / "src"


class Place(NamedTuple):
    """route: as the router has it. who: user name, "" for visitors. shows: what is on the page once it is all there."""

    route: str
    who: str
    address: str
    shows: str


STAFF = [  # with few rows where a page has many: axe looks at each
    Place("/login", "", "/staff/login", "username"),
    Place("/design", "", "/staff/design", "look-big"),
    Place("queue/:queue(mine|all)", "xihu_samr", "/staff/queue/mine", "queue"),
    Place("queue/:queue(mine|all)", "supervisor", "/staff/queue/all?urgency=U2", "queue"),
    Place("cases/:number", "xihu_samr", "/staff/cases/{case}", "timeline"),
    Place("triage/:number?", "dispatcher", "/staff/triage/{unsure}", "lead-unit"),
    Place("quality", "supervisor", "/staff/quality", "versions"),
    Place("rules/:number(\\\\d+)?", "supervisor", "/staff/rules", "rules"),
    Place("followup", "dispatcher", "/staff/followup", "followup-count"),
    Place("rates", "supervisor", "/staff/rates?by=channel", "groups"),
    Place("wall", "supervisor", "/staff/wall", "deadlines"),
    Place("reports", "supervisor", "/staff/reports?kind=daily&region=330106", "title"),
    Place("respondents", "xihu_samr", "/staff/respondents", "entries"),
    Place("respondents/:id(\\\\d+)", "supervisor", "/staff/respondents/{company}", "counts"),
    Place("supervision", "dispatcher", "/staff/supervision", "counts"),
    Place("calendar", "xihu_samr", "/staff/calendar", "calendar"),
    Place("templates", "supervisor", "/staff/templates", "template-add"),
    Place("knowledge", "supervisor", "/staff/knowledge", "articles"),
    Place("knowledge/new", "supervisor", "/staff/knowledge/new", "article-body"),
    Place("knowledge/:code([-\\\\w]+)", "supervisor", "/staff/knowledge/{article}", "article-actions"),
    Place("knowledge/:code([-\\\\w]+)/edit", "supervisor", "/staff/knowledge/{article}/edit", "article-body"),
    Place("watchdog", "dispatcher", "/staff/watchdog", "steps"),
    Place("search", "xihu_samr", "/staff/search?q=牛奶", "search-count"),
    Place("call", "calltaker", "/staff/call", "text"),
    Place(":rest(.*)*", "xihu_samr", "/staff/nowhere", "live-state"),
]
CITIZEN = [
    Place("/", "", "/", "text"),
    Place("/track", "", "/track", "number"),
    Place("/survey", "", "/survey{survey}", "rate-form"),
    Place("/help", "", "/help", "help-list"),
    Place("/help", "", "/help?a={article}", "help-article"),
    Place("/check", "", "/check?code=ZS-0000", "check-code"),
]
NEVER_SHOWN = {"/", ""}  # the frame of the staff pages, and the way to where a role begins its day


def test_no_page_is_forgotten():
    router = (FRONTEND / "staff" / "router.ts").read_text(encoding="utf-8").partition("routes: [")[2]
    assert {place.route for place in STAFF} == set(re.findall(r'\bpath: "([^"]*)"', router)) - NEVER_SHOWN
    pages = (FRONTEND / "citizen" / "shell" / "CitizenApp.vue").read_text(encoding="utf-8")
    assert {place.route for place in CITIZEN} == set(re.findall(r'"(/[^"]*)": \{ title', pages))


@pytest.fixture(scope="module")
def known(stack: Stack) -> Iterator[dict[str, str]]:
    """What stands in the addresses: a case at work, one that waits on the triage desk, a company ..."""
    citizen, dispatcher, supervisor = Person(stack), Person(stack, "dispatcher"), Person(stack, "supervisor")
    case = citizen.file(MILK, requester={"name": "王小满", "phone": "13800001234"})["number"]
    unsure = citizen.file(UNSURE)["number"]
    until(lambda: "dispatch" in dispatcher.case(unsure)["actions"], seconds=60, what="waits on the triage desk")
    officer = Person(stack, "xihu_samr")
    until(lambda: officer.http.get(f"/api/v1/cases/{case}/").is_success, seconds=60, what="is with the bureau")
    task = dispatcher.get("/followups/")["results"][0]["id"]
    yield {
        "case": case,
        "unsure": unsure,
        "company": str(supervisor.get("/respondents/")["results"][0]["company"]["id"]),
        "article": supervisor.get("/knowledge/")["results"][0]["code"],
        "survey": dispatcher.post(f"/followups/{task}/link/").json()["url"].partition("/survey")[2],
    }
    for person in (citizen, dispatcher, supervisor, officer):
        person.http.close()


@pytest.fixture(scope="module")
def seat(browser: Browser, stack: Stack) -> Iterator[Callable[[str], Page]]:
    """One browser a person for all pages; logins take time."""
    pages: dict[str, Page] = {}

    def of(who: str) -> Page:
        if who not in pages:
            page = context(browser, stack, DESKTOP).new_page()
            pages[who] = log_in(page, who) if who else page
        return pages[who]

    yield of
    for page in pages.values():
        page.context.close()


@pytest.mark.parametrize("place", STAFF + CITIZEN, ids=lambda place: f"{place.who}{place.address}")
def test_every_page_is_accessible_in_every_look(seat: Callable[[str], Page], known: dict[str, str], place: Place):
    page, address = seat(place.who), place.address.format(**known)
    page.set_viewport_size(DESKTOP)  # type: ignore[arg-type]
    page.goto(address)
    expect(page.get_by_test_id(place.shows).first).to_be_visible()
    if place.route != "/design":  # which shows what loading looks like
        expect(page.locator(".loading, [aria-busy=true]")).to_have_count(0)
    for size in (DESKTOP, PHONE):
        page.set_viewport_size(size)  # type: ignore[arg-type]
        for look in ("light", "dark", "big"):
            put_on(page, look)
            check(page, f"{address}, {look}, {size['width']}", look)
    if place in CITIZEN:
        letters_are_big(page)
