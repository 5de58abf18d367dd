"""Real models for tests: copies of the shipped n-gram artefact under other names, as good as it or spoilt."""

from __future__ import annotations

import hashlib
import json
import shutil
from pathlib import Path
from typing import Any

import numpy as np

from classifier.baseline.artefact import CARD, WEIGHTS
from classifier.registry import BASELINE

SPLIT = "0123456789abcdef"
MESSAGES = 1000


def artefact(
    folder: Path,
    version: str,
    *,
    topic: float | None = 0.8,
    domain: float = 0.86,
    split: str = SPLIT,
    spoilt: bool = False,
    **card: Any,
) -> Path:
    """A model folder with figures on frozen messages (topic None: without). spoilt: topics answer for each other."""
    shutil.copytree(BASELINE, folder)
    if spoilt:
        with np.load(folder / WEIGHTS) as found:
            arrays = dict(found)
        for part in ("steps", "scale", "bias"):
            arrays[f"topic_{part}"] = np.roll(arrays[f"topic_{part}"], 20, axis=-1)
        np.savez_compressed(folder / WEIGHTS, **arrays)
    sha256 = hashlib.sha256((folder / WEIGHTS).read_bytes()).hexdigest()
    content = json.loads((folder / CARD).read_text(encoding="utf-8")) | {"version": version, "sha256": sha256} | card
    (folder / CARD).write_text(json.dumps(content), encoding="utf-8")
    if topic is not None:
        frozen = {"split": split, "messages": MESSAGES, "topic": topic, "domain": domain}
        (folder / "metrics.json").write_text(json.dumps({"frozen": frozen}), encoding="utf-8")
    return folder
