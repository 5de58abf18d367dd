"""The Chromium that browser tests drive: the machine's own. Standard library only."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
APT_PACKAGES = ("chromium", "fonts-noto-cjk")
HOW_TO_GET = (
    "浏览器测试需要 Chromium，请安装：sudo apt-get install -y chromium fonts-noto-cjk"
    "（Ubuntu：.venv/bin/playwright install --with-deps chromium；已装在别处：设置 ZST_CHROMIUM=路径）"
)


def find_chromium() -> Path | None:
    """ZST_CHROMIUM, else the first of the usual names in PATH, else Playwright's own download; one that starts."""
    named = os.environ.get("ZST_CHROMIUM")
    if named:
        candidates = [Path(named)]
    else:
        candidates = [Path(found) for found in map(shutil.which, NAMES) if found]
        cache = Path(os.environ.get("PLAYWRIGHT_BROWSERS_PATH") or Path.home() / ".cache" / "ms-playwright")
        candidates += sorted(cache.glob("chromium-*/chrome-linux*/chrome"), reverse=True)
    return next((path for path in candidates if starts(path)), None)


def starts(path: Path) -> bool:
    """Whether the program runs at all: on Ubuntu the package `chromium-browser` is only a pointer to a snap."""
    try:
        return subprocess.run([path, "--version"], capture_output=True, timeout=60, check=False).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False
