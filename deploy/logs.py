"""The log files of child processes: following them, and keeping them from growing for ever."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

LARGEST = 20 * 1024 * 1024  # bytes


class Tail:
    """The lines that were added to a file since the last look and that match a pattern."""

    def __init__(self, log: Path, wanted: re.Pattern[str]) -> None:
        self.log = log
        self.wanted = wanted
        self._offset = log.stat().st_size if log.exists() else 0

    def new_lines(self) -> Iterator[str]:
        """Whole lines only; an unfinished one is seen next time."""
        if not self.log.exists():
            return
        with self.log.open("rb") as file:
            if self._offset > os.fstat(file.fileno()).st_size:  # it was trimmed
                self._offset = 0
            file.seek(self._offset)
            text = file.read(1_000_000)
        whole = text[: text.rfind(b"\n") + 1]
        self._offset += len(whole)
        for line in whole.decode(errors="replace").splitlines():
            if self.wanted.search(line):
                yield line


def trim(log: Path) -> None:
    """Past the limit, keeps the old content as <name>.1 and empties the file, which its writer has open for append."""
    if log.exists() and log.stat().st_size > LARGEST:
        shutil.copyfile(log, log.with_name(log.name + ".1"))
        os.truncate(log, 0)
