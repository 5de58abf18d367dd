"""`python -m deploy.supervise`, as `make run` starts it: serves, restarts what dies, leaves nothing behind."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from functools import partial
from pathlib import Path

import psutil
import psycopg
import pytest

from deploy.embedded.child import Child, last_lines
from deploy.embedded.place import PROJECT, Place, place_of
from deploy.readiness import ask_ready
from tests.deploy.processes import alive, all_gone, descendants
from tests.stack import HOST, free_port
from tests.waiting import until

Run = tuple[Child, Place, int]


def supervisor(place: Place, port: int, **more: str) -> Child:
    """ZST_DEMO=0: these tests are about processes; the demo data is made in the tests of the served system."""
    environ = {
        name: value
        for name, value in os.environ.items()
        if name not in {"DATABASE_URL", "REDIS_URL"} and not name.startswith(("PG", "ZST_"))
    }
    environ |= {"ZST_STATE_DIR": str(place.state), "ZST_PORT": str(port), "ZST_DEMO": "0", **more}
    log = place.state.with_name(place.state.name + ".terminal")
    return Child("run", [sys.executable, "-m", "deploy.supervise"], log, environ=environ, cwd=PROJECT)


@pytest.fixture(scope="module")
def place() -> Iterator[Place]:
    made = place_of(Path(tempfile.mkdtemp(prefix="zst-run-")))
    yield made
    made.erase()
    made.state.with_name(made.state.name + ".terminal").unlink(missing_ok=True)


@pytest.fixture
def run(place: Place) -> Iterator[Run]:
    """The system, serving; its data lasts from one test to the next, as between two `make run`."""
    port = free_port()
    child = supervisor(place, port)
    before = said(child)
    child.start()
    until(lambda: "按 Ctrl-C" in said(child)[len(before) :] or not child.running, 120, what=said(child))
    assert child.running, said(child)
    yield child, place, port
    child.stop(30)


def said(child: Child) -> str:
    return last_lines(child.log, 10_000)


def named(child: Child, word: str) -> psutil.Process | None:
    """The process of this run whose command line contains the word."""
    for process in descendants(child.pid or 0):
        with suppress(psutil.NoSuchProcess):
            if word in " ".join(process.cmdline()):
                return process
    return None


def other_than(first: psutil.Process, child: Child, word: str) -> psutil.Process | None:
    found = named(child, word)
    return found if found and found.pid != first.pid else None


def ready(port: int) -> bool:
    return ask_ready(HOST, port, {}).ready


def test_serves_and_stops_on_ctrl_c_without_a_trace(run: Run) -> None:
    child, place, port = run
    assert child.pid
    assert ready(port)
    assert f"http://127.0.0.1:{port}/staff/" in said(child)
    everything = descendants(child.pid)
    assert len(everything) > 4
    os.killpg(child.pid, signal.SIGINT)  # what a terminal does
    assert child.wait(30)
    assert child.exit_code == 0
    all_gone(everything, seconds=1)
    assert "已停止" in said(child)
    assert not list(place.sockets.glob("*.sock"))
    with pytest.raises(OSError, match="refused"):
        socket.create_connection((HOST, port), 5)


def test_parts_that_die_are_started_again(run: Run) -> None:
    child, _place, port = run
    for word in ("procrastinate", "uvicorn", "valkey-server", "postgres -D"):
        first = named(child, word)
        assert first
        first.kill()
        second = until(partial(other_than, first, child, word), what=f"a new {word}")
        assert second.ppid() == child.pid
        until(partial(ready, port), 60, what=said(child))
    assert said(child).count("意外退出（信号 SIGKILL）") >= 4


def test_data_and_keys_are_kept_between_runs(run: Run) -> None:
    child, place, port = run
    with psycopg.connect(place.database_url(), autocommit=True) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 1 AS id")
    keys = (place.state / "keys").read_bytes()
    child.stop(30)
    child.start()
    until(lambda: ready(port), 60)
    with psycopg.connect(place.database_url(), autocommit=True) as connection:
        assert connection.execute("SELECT id FROM kept").fetchall() == [(1,)]
        connection.execute("DROP TABLE kept")
    assert (place.state / "keys").read_bytes() == keys


def test_kill_9_of_the_supervisor_takes_everything_with_it(run: Run) -> None:
    child, place, port = run
    everything = descendants(child.pid or 0)
    os.kill(child.pid or 0, signal.SIGKILL)
    assert child.wait(5)
    all_gone(everything)
    again = supervisor(place, port)
    again.start()
    until(lambda: ready(port) or not again.running, 60)
    assert again.running, said(again)
    again.stop(30)


def test_a_second_run_and_a_reset_are_refused_while_one_runs(run: Run) -> None:
    child, place, port = run
    second = supervisor(place, free_port())
    second.start()
    assert second.wait(30)
    assert second.exit_code == 1
    assert f"已在运行（进程 {child.pid}" in said(second)
    reset = subprocess.run(
        [sys.executable, "-m", "deploy.embedded.reset"],
        cwd=PROJECT,
        env=os.environ | {"ZST_STATE_DIR": str(place.state)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert reset.returncode == 1
    assert "仍在运行" in reset.stderr
    assert ready(port)


def test_a_taken_port_is_named_and_nothing_is_started() -> None:
    place = place_of(Path(tempfile.mkdtemp(prefix="zst-run-")))
    with socket.create_server((HOST, 0)) as taken:
        child = supervisor(place, taken.getsockname()[1])
        child.start()
        assert child.wait(30)
    assert child.exit_code == 1
    assert re.search(r"ZST_PORT=\d+ make run", said(child))
    assert not (place.servers / "postgres").exists()
    reset = [sys.executable, "-m", "deploy.embedded.reset"]
    subprocess.run(reset, cwd=PROJECT, env=os.environ | {"ZST_STATE_DIR": str(place.state)}, check=True)
    assert not place.state.exists()
    child.log.unlink()


def test_a_real_database_without_keys_is_refused() -> None:
    place = place_of(Path(tempfile.mkdtemp(prefix="zst-run-")))
    child = supervisor(
        place, free_port(), DATABASE_URL="postgresql://127.0.0.1:1/none", REDIS_URL="redis://127.0.0.1:1"
    )
    child.start()
    assert child.wait(30)
    assert child.exit_code == 1
    assert "ZST_SECRET_KEY、ZST_DATA_KEY" in said(child)
    assert not (place.state / "keys").exists()
    place.erase()
    child.log.unlink()


def test_an_unreachable_real_database_ends_the_start_with_its_reason() -> None:
    place = place_of(Path(tempfile.mkdtemp(prefix="zst-run-")))
    child = supervisor(
        place,
        free_port(),
        DATABASE_URL="postgresql://127.0.0.1:1/none",
        REDIS_URL="redis://127.0.0.1:1",
        ZST_SECRET_KEY="x" * 50,
        ZST_DATA_KEY="MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=",
    )
    child.start()
    assert child.wait(90)
    assert child.exit_code == 1
    assert "准备失败" in said(child)
    assert not alive(child.pid or 0)
    place.erase()
    child.log.unlink()
