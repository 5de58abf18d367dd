"""Long commands with readable progress: one line a step, the last words and the way out when one fails.

Standard library only: it runs before anything is installed.
"""

from __future__ import annotations

import os
import re
import selectors
import subprocess
import sys
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

COLOUR = re.compile(r"\x1b\[[0-9;]*m")
HEARTBEAT_SECONDS = 15.0  # where the output is not a terminal


class SetupError(Exception):
    """A step failed; the message (Chinese) names the command, its last words and what to do."""


class Progress:
    """Numbers the steps that really run and times them. Everything the commands print goes to `log`."""

    def __init__(self, log: Path) -> None:
        self.log = log
        self.begun = time.monotonic()
        self.steps = 0

    def step(self, title: str, work: Callable[[], None]) -> None:
        self.steps += 1
        begun = time.monotonic()
        self._line(f"[{self.steps}] {title} …")
        work()
        self._line(f"[{self.steps}] {title}：完成，用时 {time.monotonic() - begun:.1f} 秒")

    def finish(self) -> None:
        if self.steps:
            self._line(f"环境已就绪，共用时 {time.monotonic() - self.begun:.0f} 秒")

    def run(self, argv: Sequence[str | Path], hint: str, cwd: Path, environ: Mapping[str, str] | None = None) -> None:
        """Runs a command to its end. Raises SetupError with `hint` when it fails or does not exist."""
        words = [str(word) for word in argv]
        self.log.parent.mkdir(parents=True, exist_ok=True)
        last: deque[str] = deque(maxlen=25)
        with self.log.open("a", encoding="utf-8") as log:
            log.write(f"$ {' '.join(words)}\n")
            try:
                with subprocess.Popen(
                    words,
                    cwd=cwd,
                    env=None if environ is None else dict(environ),
                    stdin=subprocess.DEVNULL,
                    stdout=subprocess.PIPE,
                    stderr=subprocess.STDOUT,
                ) as process:
                    assert process.stdout is not None  # noqa: S101
                    for line in self._lines(process.stdout.fileno()):
                        log.write(line + "\n")
                        last.append(line)
                    code = process.wait()
            except OSError as error:
                code, last = 127, deque([str(error)])
        self._status("")
        if code:
            said = "\n".join(f"    {line}" for line in last)
            raise SetupError(f"命令失败（退出码 {code}）：{' '.join(words)}\n{said}\n完整输出：{self.log}\n{hint}")

    def _lines(self, descriptor: int) -> Iterator[str]:
        """The lines of a pipe until its end, with a sign of life meanwhile."""
        begun = shown = time.monotonic()
        last, rest = "", b""
        with selectors.DefaultSelector() as selector:
            selector.register(descriptor, selectors.EVENT_READ)
            while True:
                if selector.select(timeout=1):
                    chunk = os.read(descriptor, 65536)
                    if not chunk:
                        break
                    *whole, rest = (rest + chunk).split(b"\n")
                    for line in whole:
                        last = COLOUR.sub("", line.decode(errors="replace")).rstrip()
                        yield last
                now = time.monotonic()
                if sys.stdout.isatty():
                    self._status(f"    {now - begun:4.0f} 秒  {last.strip()}")
                elif now - shown > HEARTBEAT_SECONDS:
                    self._line(f"    {now - begun:4.0f} 秒  {last.strip()[:100]}")
                    shown = now
        if rest:
            yield rest.decode(errors="replace")

    def _status(self, text: str) -> None:
        """A line that the next one overwrites; only on a terminal."""
        if sys.stdout.isatty():
            width = os.get_terminal_size().columns - 12  # Chinese characters take two columns
            sys.stdout.write(f"\r\x1b[K{text[:width]}")
            sys.stdout.flush()

    def _line(self, text: str) -> None:
        self._status("")
        sys.stdout.write(text + "\n")
        sys.stdout.flush()
