"""What a model that cannot be used or reached says of it."""

from __future__ import annotations

from typing import Literal

Trouble = Literal["missing", "damaged", "labels", "format", "libraries"]


class ArtefactError(Exception):
    """A folder from which no model can be served; the message, in English, says why.

    trouble: its kind. file: name of the file (not its path) that it lies in, or of the folder.
    """

    def __init__(self, message: str, trouble: Trouble = "damaged", file: str = "") -> None:
        super().__init__(message)
        self.trouble = trouble
        self.file = file


class ClassifierUnavailable(RuntimeError):
    """No artefact could be loaded, not even a shipped one; the message says why."""


class ClassifierBusy(ClassifierUnavailable):
    """More messages wait than the classifier's queue holds, and none found room in time; try again later."""
