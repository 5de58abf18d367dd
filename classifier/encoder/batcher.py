"""Requests of several threads become one run of the model: dynamic batches behind a bounded queue."""

from __future__ import annotations

import os
import queue
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future

from classifier.encoder.session import Arrays

Rows = Sequence[list[int]]
WAITING = 256
TOGETHER = 64


class Batcher:
    """Runs `run` in one thread of its own on what has come in meanwhile, about `together` rows at a time.

    At most `waiting` requests wait; a caller beyond that blocks until there is room. An error of `run` reaches
    each caller whose rows were in it. The thread starts with the first call in a process, also after a fork.
    """

    def __init__(self, run: Callable[[Rows], Arrays], waiting: int = WAITING, together: int = TOGETHER) -> None:
        self._run = run
        self._waiting = waiting
        self._together = together
        self._lock = threading.Lock()
        self._process = 0
        self._queue: queue.Queue[tuple[Rows, Future[Arrays]]]

    def __call__(self, rows: Rows) -> Arrays:
        """Outputs in the order of `rows`; at least one row."""
        self._start()
        answer: Future[Arrays] = Future()
        self._queue.put((rows, answer))
        return answer.result()

    def waiting(self) -> int:
        """How many requests wait for their turn."""
        return self._queue.qsize() if self._process == os.getpid() else 0

    def _start(self) -> None:
        if self._process == os.getpid():
            return
        with self._lock:
            if self._process != os.getpid():
                self._queue = queue.Queue(self._waiting)
                threading.Thread(target=self._work, name="encoder", daemon=True).start()
                self._process = os.getpid()

    def _work(self) -> None:
        while True:
            requests = [self._queue.get()]
            count = len(requests[0][0])
            while count < self._together and not self._queue.empty():
                requests.append(self._queue.get())
                count += len(requests[-1][0])
            try:
                outputs = self._run([row for rows, _ in requests for row in rows])
            except Exception as error:  # handed to the callers, who wait for it
                for _, answer in requests:
                    answer.set_exception(error)
                continue
            start = 0
            for rows, answer in requests:
                end = start + len(rows)
                answer.set_result(Arrays(*(column[start:end] for column in outputs)))
                start = end
