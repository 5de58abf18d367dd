"""What tests of models share: a process that starts with a model of known version and figures."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from classifier import registry
from complaints.actions import serving
from tests.complaints.artefacts import artefact


@pytest.fixture
def shipped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The version that serves when nobody chose; afterwards the process is as before."""
    monkeypatch.setenv(registry.MODEL_DIR, str(artefact(tmp_path / "shipped", "shipped-1")))
    registry.forget()
    serving.look_again()
    yield "shipped-1"
    monkeypatch.undo()
    registry.forget()
    serving.look_again()
