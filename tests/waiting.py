"""Waiting for something to become true, with a deadline instead of a sleep."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


def until(question: Callable[[], T | None], seconds: float = 30, every: float = 0.05, what: str = "") -> T:
    """The first true answer. Fails with `what` and the last answer when none comes in time."""
    deadline = time.monotonic() + seconds
    while True:
        answer = question()
        if answer:
            return answer
        if time.monotonic() > deadline:
            raise AssertionError(f"not within {seconds:g} s: {what or question}; last answer: {answer!r}")
        time.sleep(every)
