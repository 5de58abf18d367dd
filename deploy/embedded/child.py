"""A child process that is told to stop, is waited for, and does not outlive its parent."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from deploy.embedded.place import Account

Pause = Callable[[float], None]  # seconds; may raise to break off a wait


class Child:
    """One program with its log file; start() may be called again after it died.

    It gets its own process group, so that Ctrl-C reaches only its parent, which stops its children in order.
    `death_signal`: what the kernel sends it when the parent dies without stopping it (Linux). The kernel ties this to
    the thread that called start(): call it from one that lives as long as the process.
    """

    def __init__(
        self,
        name: str,
        argv: Sequence[str | Path],
        log: Path,
        *,
        environ: Mapping[str, str] | None = None,
        account: Account | None = None,
        cwd: Path | None = None,
        stop_signal: signal.Signals = signal.SIGTERM,
        death_signal: signal.Signals = signal.SIGKILL,
    ) -> None:
        self.name = name
        self.argv = [str(word) for word in argv]
        self.log = log
        self.environ = dict(environ) if environ is not None else None
        self.account = account
        self.cwd = cwd
        self.stop_signal = stop_signal
        self.death_signal = death_signal
        self.started_at = 0.0  # time.monotonic()
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    @property
    def pid(self) -> int | None:
        return self._process.pid if self._process else None

    @property
    def exit_code(self) -> int | None:
        """None while it runs or when it never started; negative: the signal that ended it."""
        return self._process.poll() if self._process else None

    def start(self, inherit: Sequence[int] = ()) -> None:
        """Starts the program; the file descriptors in `inherit` stay open in it."""
        if self.running:
            raise RuntimeError(f"{self.name} runs already")
        with open(os.open(self.log, os.O_CREAT | os.O_APPEND | os.O_WRONLY, 0o600), "ab") as log:
            self._process = subprocess.Popen(
                [*dying_with_parent(self.death_signal), *self.argv],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                env=self.environ,
                cwd=self.cwd,
                pass_fds=inherit,
                start_new_session=True,
                user=self.account.uid if self.account else None,
                group=self.account.gid if self.account else None,
                extra_groups=[] if self.account else None,
            )
        self.started_at = time.monotonic()

    def ask_to_stop(self) -> None:
        self._signal(self.stop_signal)

    def wait(self, seconds: float) -> bool:
        """Whether it has ended within that time."""
        if self._process is None:
            return True
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(max(seconds, 0))
        return not self.running

    def stop(self, seconds: float = 10) -> None:
        """Asks it to stop, waits, and kills what is left."""
        self.ask_to_stop()
        if not self.wait(seconds):
            self.kill()

    def kill(self) -> None:
        """SIGKILL for it and the processes of its group."""
        if self._process is not None:
            with suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()

    def _signal(self, number: signal.Signals) -> None:
        if self._process is not None and self.running:
            self._process.send_signal(number)


def dying_with_parent(number: signal.Signals) -> list[str]:
    """The words before a command that make the kernel send it this signal when its parent ends: util-linux's setpriv.

    Nothing where there is no such setpriv (macOS, busybox). Our own code between fork and exec would do the same, but
    is not safe in a process with threads.
    """
    return [SETPRIV, "--pdeathsig", number.name.removeprefix("SIG"), "--"] if SETPRIV else []


def find_setpriv() -> str:
    found = shutil.which("setpriv", path=f"/usr/bin:/bin:{os.environ.get('PATH', '')}")
    if found is None:
        return ""
    tried = subprocess.run([found, "--pdeathsig", "KILL", "--", "true"], capture_output=True, check=False)
    return found if tried.returncode == 0 else ""


SETPRIV = find_setpriv()


def last_lines(log: Path, count: int, since: int = 0) -> str:
    """The end of a log file, from byte `since` on."""
    if not log.exists():
        return ""
    with log.open("rb") as file:
        file.seek(max(since, log.stat().st_size - 100_000))
        return "\n".join(file.read().decode(errors="replace").splitlines()[-count:])
