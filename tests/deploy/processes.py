"""Looking at processes from outside."""

from __future__ import annotations

import psutil

from tests.waiting import until


def alive(pid: int) -> bool:
    """Whether it still runs; one that only waits to be reaped does not."""
    try:
        return bool(psutil.Process(pid).status() != psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return False


def descendants(pid: int) -> list[psutil.Process]:
    return [child for child in psutil.Process(pid).children(recursive=True) if alive(child.pid)]


def all_gone(processes: list[psutil.Process], seconds: float = 20) -> None:
    """Waits until none of them runs."""
    until(
        lambda: not [process for process in processes if alive(process.pid)],
        seconds,
        what=f"the end of {[process.pid for process in processes]}",
    )


def running_as(pid: int) -> int:
    return int(psutil.Process(pid).uids().effective)
