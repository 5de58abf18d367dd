"""An ONNX encoder in memory: token rows in, arrays out. onnxruntime and numpy only."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
import onnxruntime
from numpy.typing import NDArray

from classifier.encoder.tokens import padded


class Arrays(NamedTuple):
    """Logits [n, topics], [n, intents], [n, urgencies] and the embedding [n, hidden], fp32."""

    topic: NDArray[np.float32]
    intent: NDArray[np.float32]
    urgency: NDArray[np.float32]
    embedding: NDArray[np.float32]


class EncoderSession:
    """Runs the model row by row.

    The activations of a run share one scale when they are rounded to int8: in batches of 8 a message's topic hung
    on its neighbours for 4 % of 160 messages, and at their mean of 148 tokens batches were slower by a quarter
    (faster only under 100 tokens). One row a run gives the same answer always; two cores are used by two runs at once.
    Safe to use from several threads. threads: of one run. Raises what onnxruntime does for an unreadable file.
    """

    batch = 1

    def __init__(self, model: Path, threads: int = 1) -> None:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1
        options.log_severity_level = 3
        # Idle threads must sleep: the worker shares its cores with the database and the web server.
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        self._session = onnxruntime.InferenceSession(str(model), options, providers=["CPUExecutionProvider"])

    @property
    def output_sizes(self) -> tuple[int, ...]:
        """Width of each output, for a check against the labels."""
        by_name = {output.name: output.shape[1] for output in self._session.get_outputs()}
        return tuple(int(by_name[name]) for name in Arrays._fields)

    def run(self, rows: Sequence[list[int]]) -> Arrays:
        """Outputs in the order of `rows`; at least one row."""
        outputs = [self._session.run(Arrays._fields, _inputs(row)) for row in rows]
        return Arrays(*(np.concatenate(columns) for columns in zip(*outputs, strict=True)))

    def states(self, row: list[int]) -> NDArray[np.float32]:
        """The last hidden state of each token of one row, [tokens, hidden]."""
        [states] = self._session.run(["states"], _inputs(row))
        found: NDArray[np.float32] = states[0]
        return found


def _inputs(row: list[int]) -> dict[str, NDArray[np.int64]]:
    ids, mask = padded([row])
    return {"input_ids": ids, "attention_mask": mask}
