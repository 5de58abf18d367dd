"""An ONNX encoder in memory: token rows in, arrays out. onnxruntime and numpy only."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
import onnxruntime
from numpy.typing import NDArray

from classifier.encoder.tokens import padded

BATCH = 8


class Arrays(NamedTuple):
    """Logits [n, topics], [n, intents], [n, urgencies] and the embedding [n, hidden], fp32."""

    topic: NDArray[np.float32]
    intent: NDArray[np.float32]
    urgency: NDArray[np.float32]
    embedding: NDArray[np.float32]


class EncoderSession:
    """Runs the model over rows sorted by length, at most `BATCH` at a time: padding costs more than calls.

    Safe to use from several threads. threads: of one run. Raises what onnxruntime does for an unreadable
    file.
    """

    def __init__(self, model: Path, threads: int = 1) -> None:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1
        options.log_severity_level = 3
        # Idle threads must sleep: the worker shares its cores with the database and the web server.
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        self._session = onnxruntime.InferenceSession(str(model), options, providers=["CPUExecutionProvider"])

    def run(self, rows: Sequence[list[int]]) -> Arrays:
        """Outputs in the order of `rows`; at least one row."""
        order = np.argsort([len(row) for row in rows], kind="stable")
        parts = []
        for start in range(0, len(order), BATCH):
            ids, mask = padded([rows[i] for i in order[start : start + BATCH]])
            parts.append(self._session.run(Arrays._fields, {"input_ids": ids, "attention_mask": mask}))
        back = np.argsort(order)
        return Arrays(*(np.concatenate(columns)[back] for columns in zip(*parts, strict=True)))
