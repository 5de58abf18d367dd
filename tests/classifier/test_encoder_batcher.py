"""Callers get their own rows back, however requests were put together."""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from classifier.encoder.batcher import Batcher
from classifier.encoder.session import Arrays
from classifier.errors import ClassifierBusy

DEADLINE = 30


def lengths(rows: Sequence[list[int]]) -> Arrays:
    """Stands in for the model: each output is the row's length."""
    column = np.array([[len(row)] for row in rows], dtype=np.float32)
    return Arrays(column, column, column, column)


def test_each_caller_gets_its_own_rows() -> None:
    batcher = Batcher(lengths)
    asked = [[[0] * (i + j + 1) for j in range(3)] for i in range(200)]
    with ThreadPoolExecutor(16) as callers:
        answers = list(callers.map(batcher, asked, timeout=DEADLINE))
    assert [a.topic[:, 0].tolist() for a in answers] == [[i + 1, i + 2, i + 3] for i in range(200)]


def test_requests_that_wait_run_together() -> None:
    sizes: list[int] = []
    gate, busy = threading.Event(), threading.Event()

    def slow(rows: Sequence[list[int]]) -> Arrays:
        sizes.append(len(rows))
        busy.set()
        assert gate.wait(DEADLINE)
        return lengths(rows)

    batcher = Batcher(slow, batch=8)
    with ThreadPoolExecutor(5) as callers:
        first = callers.submit(batcher, [[1]])
        assert busy.wait(DEADLINE)
        rest = [callers.submit(batcher, [[1, 2]]) for _ in range(4)]
        deadline = time.monotonic() + DEADLINE
        while batcher.waiting() < 4 and time.monotonic() < deadline:
            time.sleep(0.001)
        gate.set()
        assert first.result(DEADLINE).topic.tolist() == [[1.0]]
        assert [f.result(DEADLINE).topic.tolist() for f in rest] == [[[2.0]]] * 4
    assert sizes == [1, 4]


def test_an_error_reaches_its_caller_and_the_next_call_works() -> None:
    def picky(rows: Sequence[list[int]]) -> Arrays:
        if not rows[0]:
            raise ValueError("empty row")
        return lengths(rows)

    batcher = Batcher(picky)
    with pytest.raises(ValueError, match="empty row"):
        batcher([[]])
    assert batcher([[4, 4]]).topic.tolist() == [[2.0]]


def test_rows_of_like_length_run_together() -> None:
    sizes: list[list[int]] = []

    def note(rows: Sequence[list[int]]) -> Arrays:
        sizes.append([len(row) for row in rows])
        return lengths(rows)

    asked = [[0] * n for n in (50, 3, 52, 4, 51, 5)]
    assert Batcher(note, batch=3)(asked).topic[:, 0].tolist() == [50, 3, 52, 4, 51, 5]
    assert sizes == [[3, 4, 5], [50, 51, 52]]


def test_a_full_queue_makes_callers_wait_and_then_refuses() -> None:
    gate, busy = threading.Event(), threading.Event()
    ran: list[int] = []

    def slow(rows: Sequence[list[int]]) -> Arrays:
        busy.set()
        assert gate.wait(DEADLINE)
        ran.extend(len(row) for row in rows)
        return lengths(rows)

    batcher = Batcher(slow, waiting=2, patience=0.05)
    with ThreadPoolExecutor(3) as callers:
        first = callers.submit(batcher, [[1]])
        assert busy.wait(DEADLINE)
        second = callers.submit(batcher, [[1, 2], [1, 2]])
        deadline = time.monotonic() + DEADLINE
        while batcher.waiting() < 2 and time.monotonic() < deadline:
            time.sleep(0.001)
        with pytest.raises(ClassifierBusy, match="no room for 1"):
            batcher([[1, 2, 3]])
        assert batcher.waiting() == 2
        patient = Batcher(slow, waiting=1)
        late = callers.submit(patient, [[9] * 4] * 5)  # more than the queue holds: let in, as nothing else waits
        gate.set()
        assert first.result(DEADLINE).topic.tolist() == [[1.0]]
        assert second.result(DEADLINE).topic.tolist() == [[2.0], [2.0]]
        assert len(late.result(DEADLINE).topic) == 5
    assert 3 not in ran


def test_two_threads_run_at_the_same_time() -> None:
    both = threading.Barrier(2, timeout=DEADLINE)

    def meet(rows: Sequence[list[int]]) -> Arrays:
        both.wait()
        return lengths(rows)

    assert Batcher(meet, workers=2)([[1], [2, 3]]).topic[:, 0].tolist() == [1.0, 2.0]
