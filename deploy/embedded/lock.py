"""A lock on a file that ends with its last holder, however that ends."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path


class Lock:
    """flock(2): held while its descriptor is open, here or in a process that inherited it. A left-over file is free."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.descriptor: int | None = None

    @property
    def held(self) -> bool:
        return self.descriptor is not None

    def take(self) -> bool:
        """Tries once; true when it is ours. The file then names our process."""
        if self.held:
            return True
        descriptor = os.open(self.path, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(descriptor)
            return False
        os.ftruncate(descriptor, 0)
        os.write(descriptor, str(os.getpid()).encode())
        self.descriptor = descriptor
        return True

    def release(self) -> None:
        """Lets go of it here; processes that inherited it keep it."""
        if self.descriptor is not None:
            os.close(self.descriptor)
            self.descriptor = None

    def taken_by(self) -> str:
        """The process number that the last holder wrote, or ''."""
        return self.path.read_text().strip() if self.path.exists() else ""
