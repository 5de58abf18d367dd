"""A child is stopped, killed and restarted, and does not outlive its parent."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from deploy.embedded.child import Child, last_lines
from deploy.embedded.place import PROJECT
from tests.deploy.processes import alive
from tests.waiting import until

STUBBORN = (
    "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('up', flush=True); time.sleep(600)"
)


def test_stops_restarts_and_logs(tmp_path: Path) -> None:
    log = tmp_path / "child.log"
    child = Child("sleeper", [sys.executable, "-c", "import time; print('up', flush=True); time.sleep(600)"], log)
    assert (child.running, child.pid, child.exit_code) == (False, None, None)
    child.start()
    until(lambda: "up" in last_lines(log, 5))
    first = child.pid
    child.stop()
    assert (child.running, child.exit_code) == (False, -signal.SIGTERM)
    child.start()
    assert child.running
    assert child.pid != first
    with pytest.raises(RuntimeError, match="runs already"):
        child.start()
    child.kill()
    assert child.exit_code == -signal.SIGKILL
    assert log.stat().st_mode & 0o777 == 0o600


def test_one_that_ignores_the_request_is_killed_with_its_group(tmp_path: Path) -> None:
    log = tmp_path / "child.log"
    code = (
        "import signal, subprocess, sys; signal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
        f"inner = subprocess.Popen([sys.executable, '-c', {STUBBORN!r}]); print(inner.pid, flush=True); inner.wait()"
    )
    child = Child("parent", [sys.executable, "-c", code], log)
    child.start()
    until(lambda: "up" in last_lines(log, 5))
    grandchild = next(int(line) for line in last_lines(log, 5).splitlines() if line.isdecimal())
    child.stop(seconds=0.2)
    assert child.exit_code == -signal.SIGKILL
    until(lambda: not alive(grandchild))


@pytest.mark.skipif(sys.platform != "linux", reason="the kernel's parent-death signal is Linux's")
def test_dies_with_a_killed_parent(tmp_path: Path) -> None:
    log = tmp_path / "child.log"
    code = (
        "import sys, time; from pathlib import Path; from deploy.embedded.child import Child\n"
        f"child = Child('stubborn', [sys.executable, '-c', {STUBBORN!r}], Path({str(log)!r}))\n"
        "child.start(); print(child.pid, flush=True); time.sleep(600)"
    )
    with subprocess.Popen([sys.executable, "-c", code], cwd=PROJECT, stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        pid = int(parent.stdout.readline())
        until(lambda: "up" in last_lines(log, 5))
        parent.kill()
    until(lambda: not alive(pid))
