"""The classifier of this process: loaded once, on first use, by whichever thread comes first.

ZST_MODEL_DIR names another artefact folder. Where that one cannot be used the shipped baseline serves in its
place, the error is logged, and classifier.status() reports it.
"""

from __future__ import annotations

import logging
import os
import threading
from dataclasses import dataclass
from pathlib import Path

from classifier.baseline.artefact import ArtefactError
from classifier.baseline.model import NgramClassifier
from classifier.interface import Classifier

logger = logging.getLogger(__name__)

MODEL_DIR = "ZST_MODEL_DIR"
SHIPPED = Path(__file__).parent / "data" / "baseline"


class ClassifierUnavailable(RuntimeError):
    """No artefact could be loaded, not even the shipped one; the message says why."""


@dataclass(frozen=True, slots=True)
class _Loaded:
    """`wanted` is the folder that could not be used, where the shipped one serves in its place."""

    classifier: Classifier
    wanted: Path | None = None


_lock = threading.Lock()
_loaded: _Loaded | None = None


def active() -> Classifier:
    """The classifier of this process. ClassifierUnavailable when there is none; the next call tries again."""
    return _load().classifier


def in_its_place() -> bool:
    """True when the shipped model serves because the one that ZST_MODEL_DIR names cannot."""
    return _load().wanted is not None


def forget() -> None:
    """Let the next call load again: after ZST_MODEL_DIR or the folder's content has changed."""
    global _loaded  # noqa: PLW0603 (one classifier a process is the purpose of this module)
    with _lock:
        _loaded = None


def _load() -> _Loaded:
    global _loaded  # noqa: PLW0603
    loaded = _loaded
    if loaded is None:
        with _lock:
            loaded = _loaded = _loaded or _opened()
    return loaded


def _opened() -> _Loaded:
    chosen = os.environ.get(MODEL_DIR, "")
    if chosen:
        try:
            return _Loaded(NgramClassifier(Path(chosen)))
        except ArtefactError:
            logger.exception("%s=%s cannot be used; the shipped model serves in its place", MODEL_DIR, chosen)
    try:
        return _Loaded(NgramClassifier(SHIPPED), Path(chosen) if chosen else None)
    except ArtefactError as error:
        raise ClassifierUnavailable(str(error)) from error
