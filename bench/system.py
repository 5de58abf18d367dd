"""The whole system as `make run` serves it, for one benchmark: own state folder, own port, fsync on, no demo data."""

from __future__ import annotations

import asyncio
import json
import os
import platform
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import quantiles
from typing import Any

RESULTS = Path(__file__).parent / "results"


@contextmanager
def served(demo: bool = False) -> Iterator[int]:
    """Yields the port of a fresh system."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = int(probe.getsockname()[1])
    state = Path(tempfile.mkdtemp(prefix="zst-bench-"))
    environ = {
        **os.environ,
        "ZST_STATE_DIR": str(state),
        "ZST_PORT": str(port),
        "ZST_DEMO": "1" if demo else "0",
    }
    child = subprocess.Popen([sys.executable, "-m", "deploy.supervise"], env=environ, stdout=sys.stderr)
    try:
        deadline = time.monotonic() + 240
        while True:
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=2):
                    break
            except OSError:
                assert child.poll() is None, "the system did not start"
                assert time.monotonic() < deadline, "the system was not ready in time"
                time.sleep(0.2)
        yield port
    finally:
        child.terminate()
        child.wait(30)
        shutil.rmtree(state, ignore_errors=True)


class Connection:
    """One kept-alive HTTP connection; as little client as possible, for it runs on the cores that it measures."""

    def __init__(self, port: int) -> None:
        self.port = port

    async def open(self) -> None:
        self.reader, self.writer = await asyncio.open_connection("127.0.0.1", self.port)

    async def call(self, method: str, path: str, body: Any = None, headers: str = "") -> tuple[int, bytes]:
        """(status, body)"""
        data = b"" if body is None else json.dumps(body).encode()
        head = f"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1:{self.port}\r\nContent-Length: {len(data)}\r\n"
        head += "Content-Type: application/json\r\n" + headers + "\r\n"
        self.writer.write(head.encode() + data)
        answer = await self.reader.readuntil(b"\r\n\r\n")
        status = int(answer[9:12])
        length = next(int(line[15:]) for line in answer.split(b"\r\n") if line.lower().startswith(b"content-length:"))
        return status, await self.reader.readexactly(length)


def milliseconds(seconds: list[float]) -> dict[str, float]:
    """p50, p95, p99 and the worst."""
    cuts = quantiles(seconds, n=100)
    return {
        "p50_ms": round(cuts[49] * 1e3, 1),
        "p95_ms": round(cuts[94] * 1e3, 1),
        "p99_ms": round(cuts[98] * 1e3, 1),
        "max_ms": round(max(seconds) * 1e3, 1),
    }


def record(name: str, figures: dict[str, Any]) -> None:
    """Print the figures and keep them in bench/results/<name>.json."""
    machine = {"cores": os.cpu_count(), "python": platform.python_version(), "load_before": os.getloadavg()[0]}
    RESULTS.mkdir(exist_ok=True)
    text = json.dumps({"bench": name, **figures, "machine": machine}, ensure_ascii=False, indent=1)
    (RESULTS / f"{name}.json").write_text(text + "\n", encoding="utf-8")
    print(text)
