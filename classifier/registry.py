"""The classifier of this process: loaded once, on first use, by whichever thread comes first.

ZST_MODEL_DIR names another model folder, `use` sets one while the process runs. Where a folder cannot be used the
shipped encoder serves in its place, and where that one cannot, the shipped n-gram baseline; the error is logged, and
classifier.status() reports it.
"""

from __future__ import annotations

import importlib
import logging
import os
import threading
from dataclasses import dataclass
from pathlib import Path

from classifier.baseline.model import NgramClassifier
from classifier.errors import ArtefactError, ClassifierUnavailable
from classifier.interface import Classifier

__all__ = [
    "ClassifierUnavailable",
    "active",
    "default_folder",
    "forget",
    "in_its_place",
    "open_model",
    "trouble",
    "use",
]

logger = logging.getLogger(__name__)

MODEL_DIR = "ZST_MODEL_DIR"
SHIPPED = Path(__file__).parent / "data" / "encoder"
BASELINE = Path(__file__).parent / "data" / "baseline"
# The file that tells what a folder holds, and who opens it. The modules are imported when such a folder is opened:
# where onnxruntime does not run, or torch is not installed, the others still serve.
_KINDS = (
    ("artefact.json", "classifier.encoder.serve", "EncoderClassifier"),
    ("model.json", "classifier.baseline.model", "NgramClassifier"),
    ("config.json", "classifier.checkpoint", "TorchClassifier"),
)


@dataclass(frozen=True, slots=True)
class _Loaded:
    """`trouble`: why the folder that was wanted could not be used, where another serves in its place."""

    classifier: Classifier
    trouble: ArtefactError | None = None


_lock = threading.Lock()
_loaded: _Loaded | None = None


def open_model(folder: Path) -> Classifier:
    """The model of a folder: an encoder's or the n-grams' artefact, or a Hugging Face checkpoint; ArtefactError."""
    if not folder.is_dir():
        raise ArtefactError(f"{folder}: missing", "missing", folder.name)
    for marker, module, name in _KINDS:
        if (folder / marker).exists():
            try:
                opener = getattr(importlib.import_module(module), name)
            except ImportError as error:
                raise ArtefactError(f"{folder}: needs a library: {error}", "libraries", folder.name) from error
            model: Classifier = opener(folder)
            return model
    wanted = ", ".join(marker for marker, _, _ in _KINDS)
    raise ArtefactError(f"{folder}: no model, there is none of {wanted}", "missing", _KINDS[0][0])


def active() -> Classifier:
    """The classifier of this process. ClassifierUnavailable when there is none; the next call tries again."""
    return _load().classifier


def default_folder() -> Path:
    """The model that this process starts with, usable or not: the folder of ZST_MODEL_DIR, else the shipped encoder."""
    chosen = os.environ.get(MODEL_DIR, "")
    return Path(chosen) if chosen else SHIPPED


def use(folder: Path | None) -> Classifier:
    """From now on this process serves the model of `folder`, or with None the one that it starts with.

    Other threads see the old one or the new one, never none. ArtefactError, and nothing changed, where the folder
    cannot be used.
    """
    global _loaded  # noqa: PLW0603 (one classifier a process is the purpose of this module)
    fresh = _opened() if folder is None else _Loaded(open_model(folder))
    with _lock:
        _loaded = fresh
    return fresh.classifier


def in_its_place() -> bool:
    """True when another model serves because the one that is wanted cannot be used."""
    return trouble() is not None


def trouble() -> ArtefactError | None:
    """Why the model that is wanted does not serve."""
    return _load().trouble


def forget() -> None:
    """Let the next call load again: after ZST_MODEL_DIR or the folder's content has changed."""
    global _loaded  # noqa: PLW0603
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
    wrong: ArtefactError | None = None
    for folder in dict.fromkeys((default_folder(), SHIPPED)):
        try:
            return _Loaded(open_model(folder), wrong)
        except ArtefactError as error:
            wrong = wrong or error
            logger.exception("the model folder %s cannot be used; another serves in its place", folder)
    try:
        return _Loaded(NgramClassifier(BASELINE), wrong)
    except ArtefactError as error:
        raise ClassifierUnavailable(str(error)) from error
