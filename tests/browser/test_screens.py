"""docs/screens shows every picture that the journeys keep, and no other."""

from __future__ import annotations

import re
from pathlib import Path

from tests.browser.looks import LOOKS

HERE = Path(__file__).resolve().parent
SCREENS = HERE.parents[1] / "docs" / "screens"


def test_every_picture_is_kept_and_shown_in_order():
    source = "\n".join(path.read_text(encoding="utf-8") for path in sorted(HERE.glob("test_*.py")))
    taken = {
        f"{name.format(look=look)}.png"
        for name in re.findall(r'picture\(\w+, f?"([^"]+)"', source)
        for look in LOOKS
        if look != "light" or "{look}" not in name
    }
    shown = re.findall(r'(?:\]\(|src=")([^")]+\.png)', (SCREENS / "README.md").read_text(encoding="utf-8"))
    assert set(shown) == taken == {path.name for path in SCREENS.glob("*.png")}
    assert len(shown) == len(taken)
