"""Messages of several callers become runs of the model: batches of like length behind a bounded queue."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field

import numpy as np

from classifier.encoder.session import Arrays
from classifier.errors import ClassifierBusy

Rows = Sequence[list[int]]
WAITING = 1024  # messages; two cores read about 60 a second, so the last of them waits 20 seconds
PATIENCE = 60.0  # seconds


@dataclass(slots=True)
class _Request:
    """What one caller asked for; `missing` rows of `parts` are still to come."""

    answer: Future[Arrays]
    parts: list[Arrays | None]
    missing: int


@dataclass(slots=True)
class _Row:
    ids: list[int]
    request: _Request
    place: int


@dataclass(slots=True)
class _Process:
    """The queue and the threads of one process; a fork begins anew."""

    pid: int
    changed: threading.Condition = field(default_factory=threading.Condition)
    rows: list[_Row] = field(default_factory=list)


class Batcher:
    """Runs `run` in threads of its own on up to `batch` waiting rows: the oldest and those nearest to it in length.

    At most `waiting` rows wait. A caller beyond that blocks until there is room and gets ClassifierBusy when there
    is none within `patience` seconds; nothing of its call has then run. A call of more rows than that is let in when
    nothing else waits. An error of `run` reaches each caller whose rows were in it. The threads start with the first
    call in a process, also after a fork.
    """

    def __init__(
        self,
        run: Callable[[Rows], Arrays],
        *,
        workers: int = 1,
        batch: int = 1,
        waiting: int = WAITING,
        patience: float = PATIENCE,
    ) -> None:
        self._run = run
        self._workers = workers
        self._batch = batch
        self._most = waiting
        self._patience = patience
        self._lock = threading.Lock()
        self._process = _Process(0)

    def __call__(self, rows: Rows) -> Arrays:
        """Outputs in the order of `rows`; at least one row."""
        process = self._started()
        request = _Request(Future(), [None] * len(rows), len(rows))
        asked = [_Row(ids, request, place) for place, ids in enumerate(rows)]
        asked.sort(key=lambda row: len(row.ids))
        with process.changed:
            if not process.changed.wait_for(lambda: self._has_room(process, len(rows)), self._patience):
                raise ClassifierBusy(f"{len(process.rows)} messages wait, no room for {len(rows)} more")
            process.rows += asked
            process.changed.notify_all()
        return request.answer.result()

    def waiting(self) -> int:
        """Rows that wait for a thread."""
        return len(self._process.rows)

    def _has_room(self, process: _Process, count: int) -> bool:
        return not process.rows or len(process.rows) + count <= self._most

    def _started(self) -> _Process:
        with self._lock:
            if self._process.pid != os.getpid():
                self._process = _Process(os.getpid())
                for number in range(self._workers):
                    name = f"encoder-{number}"
                    threading.Thread(target=self._work, args=(self._process,), name=name, daemon=True).start()
            return self._process

    def _work(self, process: _Process) -> None:
        while True:
            with process.changed:
                process.changed.wait_for(lambda: process.rows)
                rows = _taken(process.rows, self._batch)
                process.changed.notify_all()
            try:
                outputs = self._run([row.ids for row in rows])
            except Exception as error:  # handed to the callers, who wait for it
                with process.changed:
                    _fail(process, rows, error)
                    process.changed.notify_all()
                continue
            with process.changed:
                for i, row in enumerate(rows):
                    _deliver(row, Arrays(*(column[i] for column in outputs)))


def _taken(waiting: list[_Row], count: int) -> list[_Row]:
    """Removes the oldest row and those nearest to it in length."""
    length = len(waiting[0].ids)
    order = sorted(range(1, len(waiting)), key=lambda i: abs(len(waiting[i].ids) - length))
    chosen = {0, *order[: count - 1]}
    rows = [row for i, row in enumerate(waiting) if i in chosen]
    waiting[:] = [row for i, row in enumerate(waiting) if i not in chosen]
    return rows


def _deliver(row: _Row, output: Arrays) -> None:
    request = row.request
    request.parts[row.place] = output
    request.missing -= 1
    if not request.missing and not request.answer.done():
        whole = [part for part in request.parts if part is not None]
        request.answer.set_result(Arrays(*(np.stack(column) for column in zip(*whole, strict=True))))


def _fail(process: _Process, failed: Sequence[_Row], error: Exception) -> None:
    """Tells each caller once; what else it asked for need not run."""
    requests = {id(row.request): row.request for row in failed}
    process.rows[:] = [row for row in process.rows if id(row.request) not in requests]
    for request in requests.values():
        if not request.answer.done():
            request.answer.set_exception(error)
