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

import psycopg

from deploy.embedded.environment import fill_in
from deploy.embedded.place import place_of
from deploy.embedded.postgres import Postgres

RESULTS = Path(__file__).parent / "results"


class System:
    """A system of its own that can be stopped, filled with a made-up past, and started again."""

    def __init__(self, demo: bool = False) -> None:
        with socket.create_server(("127.0.0.1", 0)) as probe:
            self.port = int(probe.getsockname()[1])
        self.state = Path(tempfile.mkdtemp(prefix="zst-bench-"))
        self.environ = {
            **os.environ,
            "ZST_STATE_DIR": str(self.state),
            "ZST_PORT": str(self.port),
            "ZST_DEMO": "1" if demo else "0",
        }
        self.child: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        child = subprocess.Popen([sys.executable, "-m", "deploy.supervise"], env=self.environ, stdout=sys.stderr)
        self.child = child
        deadline = time.monotonic() + 240
        while True:
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/readyz", timeout=2):
                    return
            except OSError:
                assert child.poll() is None, "the system did not start"
                assert time.monotonic() < deadline, "the system was not ready in time"
                time.sleep(0.2)

    def stop(self) -> None:
        if self.child:
            self.child.terminate()
            self.child.wait(60)
            self.child = None

    def seed(self, cases: int) -> float:
        """Make so many cases while nothing but the database runs; returns the seconds that it took.

        Then what autovacuum would do during the measurement is done before it.
        """
        begun = time.monotonic()
        database = Postgres(place_of(self.state))
        database.start()
        try:
            self.run("manage.py", "seed_history", "--cases", str(cases), "--yes")
            environ = dict(self.environ)
            fill_in(environ)
            with psycopg.connect(environ["DATABASE_URL"], autocommit=True) as connection:
                connection.execute("VACUUM (ANALYZE)")
        finally:
            database.stop()
        return time.monotonic() - begun

    def run(self, *words: str) -> None:
        """A program of ours on this system."""
        subprocess.run([sys.executable, *words], env=self.environ, stdout=sys.stderr, check=True)


@contextmanager
def system(demo: bool = False) -> Iterator[System]:
    """A fresh system, stopped and removed at the end."""
    made = System(demo)
    try:
        made.start()
        yield made
    finally:
        made.stop()
        shutil.rmtree(made.state, ignore_errors=True)


@contextmanager
def served(demo: bool = False) -> Iterator[int]:
    """Yields the port of a fresh system."""
    with system(demo) as made:
        yield made.port


class Connection:
    """One kept-alive HTTP connection; as little client as possible, for it runs on the cores that it measures."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.cookies: dict[str, str] = {}
        self.session = ""  # headers

    async def open(self) -> None:
        self.reader, self.writer = await asyncio.open_connection("127.0.0.1", self.port)

    async def log_in(self, username: str, password: str) -> None:
        """From now on this connection speaks for the account."""
        await self._learn("GET", None)
        await self._learn("POST", {"username": username, "password": password})

    async def _learn(self, method: str, body: Any) -> None:
        await self._send(method, "/api/v1/session/", body)
        status, head, _body = await self._answer()
        assert status == 200, head
        for line in head.splitlines():
            if line.lower().startswith("set-cookie:"):
                name, value = line[11:].strip().split(";")[0].split("=", 1)
                self.cookies[name] = value
        cookie = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        self.session = f"Cookie: {cookie}\r\nX-CSRFToken: {self.cookies['csrftoken']}\r\n"

    async def get(self, path: str) -> Any:
        """The answer's content; it must be 200."""
        status, answer = await self.call("GET", path)
        assert status == 200, (path, answer[:500])
        return json.loads(answer)

    async def post(self, path: str, body: Any, expected: int = 200) -> Any:
        status, answer = await self.call("POST", path, body)
        assert status == expected, (path, status, answer[:500].decode())
        return json.loads(answer)

    async def step(self, path: str, body: Any) -> int:
        """A verb of a case, for which nothing is asked back; returns the version that it made."""
        await self._send("POST", path, body, "Prefer: return=minimal\r\n")
        status, head, answer = await self._answer()
        assert status == 204, (path, status, answer[:500].decode())
        return int(_header(head, "etag").strip('"'))

    async def call(self, method: str, path: str, body: Any = None, headers: str = "") -> tuple[int, bytes]:
        """(status, body)"""
        await self._send(method, path, body, headers)
        status, _head, answer = await self._answer()
        return status, answer

    async def _answer(self) -> tuple[int, str, bytes]:
        head = (await self.reader.readuntil(b"\r\n\r\n")).decode()
        return int(head[9:12]), head, await self.reader.readexactly(int(_header(head, "content-length") or 0))

    async def _send(self, method: str, path: str, body: Any, headers: str = "") -> None:
        if self.reader.at_eof():  # the server closes what was idle for five seconds
            await self.open()
        data = b"" if body is None else json.dumps(body).encode()
        head = f"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1:{self.port}\r\nContent-Length: {len(data)}\r\n"
        head += "Content-Type: application/json\r\n" + self.session + headers + "\r\n"
        self.writer.write(head.encode() + data)


def _header(head: str, name: str) -> str:
    """The value of a header, "" without it."""
    return next(
        (line[len(name) + 1 :].strip() for line in head.splitlines() if line.lower().startswith(f"{name}:")), ""
    )


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
