"""The looks of a page (light, dark, big letters) and what must hold in each: axe's word, no sideways scrolling."""

from __future__ import annotations

import json
from typing import Any

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page, expect

LOOKS = {"light": ("light", "normal"), "dark": ("dark", "normal"), "big": ("light", "big")}
KEPT = "zst.look"
# What is drawn darker has the same names, order and sizes; what is drawn bigger has the same colours.
COLOURS = ["color-contrast", "link-in-text-block"]
RULES: dict[str, Any] = {
    "light": {},
    "dark": {"runOnly": COLOURS},
    "big": {"rules": {rule: {"enabled": False} for rule in COLOURS}},
}
AXE = """rules => axe.run(document, {resultTypes: ["violations"], ...rules}).then(({violations}) => violations
    .filter(({impact}) => impact === "serious" || impact === "critical")
    .map(({id, nodes}) => [id, ...nodes.slice(0, 5).map(({html}) => html.slice(0, 200))]))"""
SMALL = """least => [...document.querySelectorAll("body *")].filter(one => one.innerText && one.checkVisibility() &&
    [...one.childNodes].some(child => child.nodeType === 3 && child.data.trim()) &&
    parseFloat(getComputedStyle(one).fontSize) < least).map(one => one.outerHTML.slice(0, 80))"""


def kept(look: str) -> str:
    """The choice as the device keeps it."""
    theme, size = LOOKS[look]
    return json.dumps({"theme": theme, "size": size})


def put_on(page: Page, look: str) -> None:
    """As when it is chosen in another tab of the site: the page follows at once, charts included."""
    page.evaluate(
        """([key, chosen]) => {
            localStorage.setItem(key, chosen);
            window.dispatchEvent(new StorageEvent("storage", {key}));
        }""",
        [KEPT, kept(look)],
    )
    theme, size = LOOKS[look]
    expect(page.locator("html")).to_have_attribute("data-theme", theme)
    expect(page.locator("html")).to_have_attribute("data-size", size)
    page.evaluate("new Promise(drawn => requestAnimationFrame(() => requestAnimationFrame(drawn)))")


def check(page: Page, name: str, look: str = "light") -> None:
    """No serious or critical finding of axe, and nothing sticks out at the side; in the light look by every rule."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    found: list[Any] = page.evaluate(AXE, RULES[look])
    assert found == [], f"{name}: {found}"
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), f"{name} scrolls sideways"


def letters_are_big(page: Page, least: int = 18) -> None:
    """No text on screen is smaller than that many CSS pixels."""
    assert page.evaluate(SMALL, least) == []
