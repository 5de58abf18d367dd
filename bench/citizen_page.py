"""The filing page on a throttled phone: largest contentful paint, beside a bare static page in the same run.

`make bench-citizen` or `python -m bench.citizen_page [runs]`. Profile: 1.6 Mbit/s down, 0.75 up, 150 ms round trip, CPU
four times slower (the usual "slow 4G" of phone audits), cold cache each time. Issue's goal: LCP < 2 s.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

from playwright.sync_api import Browser, sync_playwright

from bench.system import record, served
from deploy.chromium import HOW_TO_GET, find_chromium

PHONE = {"width": 390, "height": 844}
NETWORK = {"offline": False, "latency": 150, "downloadThroughput": 1_600_000 / 8, "uploadThroughput": 750_000 / 8}
SLOWER = 4
BARE = """<!doctype html><html lang="zh-CN"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>bare</title><h1>反映质量问题</h1><p>三步填完，一般不超过三分钟。</p></html>"""
PAINTED = """new Promise(done => new PerformanceObserver(list => {
    const last = list.getEntries().at(-1); done([last.startTime, last.element?.tagName ?? ""]);
}).observe({type: "largest-contentful-paint", buffered: true}))"""
FETCHED = """performance.getEntriesByType("resource").concat(performance.getEntriesByType("navigation"))
    .map(one => [one.name.endsWith(".js") ? "scripts" : "rest", one.transferSize])"""


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:
        """One line a request would be in the way of the figures."""


@contextmanager
def bare_page() -> Iterator[int]:
    """The port of a page with nothing but a heading and a line."""
    with TemporaryDirectory() as folder:
        Path(folder, "index.html").write_text(BARE, encoding="utf-8")
        server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=folder))
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield server.server_address[1]
        finally:
            server.shutdown()


def visit(browser: Browser, url: str) -> tuple[float, str, dict[str, int]]:
    """Milliseconds to the largest paint, the element painted, and bytes fetched; a visitor with an empty cache."""
    context = browser.new_context(viewport=PHONE, device_scale_factor=2, is_mobile=True, has_touch=True, locale="zh-CN")  # type: ignore[arg-type]
    page = context.new_page()
    devtools = context.new_cdp_session(page)
    devtools.send("Network.enable")
    devtools.send("Network.emulateNetworkConditions", NETWORK)
    devtools.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    page.goto(url, wait_until="networkidle")
    at, element = page.evaluate(PAINTED)
    sizes: dict[str, int] = {"scripts": 0, "rest": 0}
    for kind, size in page.evaluate(FETCHED):
        sizes[kind] += size
    context.close()
    return at, element, sizes


def figures(browser: Browser, url: str, runs: int) -> dict[str, Any]:
    """Median and worst of several first visits."""
    visits = [visit(browser, url) for _ in range(runs)]
    times = [at for at, _element, _sizes in visits]
    _at, element, sizes = visits[-1]
    return {
        "lcp_median_ms": round(median(times)),
        "lcp_worst_ms": round(max(times)),
        "largest": element,
        "bytes": sizes,
    }


def main() -> None:
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 7
    program = find_chromium()
    assert program, HOW_TO_GET
    with served() as port, bare_page() as bare, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(program), args=["--no-sandbox", "--disable-gpu"])
        pages = {"bare": f"http://127.0.0.1:{bare}/", "file": f"http://127.0.0.1:{port}/"}
        pages["track"] = f"{pages['file']}track"
        visit(browser, pages["file"])  # the server's own first answer is not measured
        measured = {name: figures(browser, url, runs) for name, url in pages.items()}
        browser.close()
    record(
        "citizen_page",
        {
            "command": f"python -m bench.citizen_page {runs}",
            "runs": runs,
            "network": "1.6 Mbit/s down, 750 kbit/s up, 150 ms",
            "cpu_slowdown": SLOWER,
            **measured,
        },
    )


if __name__ == "__main__":
    main()
