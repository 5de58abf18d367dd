"""The encoder by torch instead of onnxruntime: fp32 or bf16, on a GPU or the CPU, from a folder with its weights."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from classifier.encoder import network as networks
from classifier.encoder.session import Arrays
from classifier.encoder.tokens import padded

BATCH = 64
PRECISIONS = {"fp32": torch.float32, "bf16": torch.bfloat16}


class TorchSession:
    """The same outputs as EncoderSession within the rounding of its int8. KeyError for another precision."""

    batch = BATCH

    def __init__(self, folder: Path, device: str, precision: str = "fp32") -> None:
        self._network = networks.load(folder).to(device)
        self._network.encoder.to(PRECISIONS[precision])
        self._device = device

    @property
    def output_sizes(self) -> tuple[int, ...]:
        hidden = int(self._network.encoder.config.hidden_size)
        return (*(int(head.out_features) for head in self._network.heads()), hidden)

    def run(self, rows: Sequence[list[int]]) -> Arrays:
        """Outputs in the order of `rows`; at least one row."""
        order = np.argsort([len(row) for row in rows], kind="stable")
        parts = []
        with torch.inference_mode():
            for start in range(0, len(order), BATCH):
                ids, mask = self._tensors([rows[i] for i in order[start : start + BATCH]])
                parts.append([output.float().cpu().numpy() for output in self._network(ids, mask)])
        back = np.argsort(order)
        return Arrays(*(np.concatenate(columns)[back] for columns in zip(*parts, strict=True)))

    def states(self, row: list[int]) -> NDArray[np.float32]:
        """The last hidden state of each token of one row, [tokens, hidden]."""
        with torch.inference_mode():
            states: NDArray[np.float32] = self._network.states(*self._tensors([row]))[0].float().cpu().numpy()
        return states

    def _tensors(self, rows: Sequence[list[int]]) -> tuple[torch.Tensor, torch.Tensor]:
        ids, mask = padded(rows)
        return torch.from_numpy(ids).to(self._device), torch.from_numpy(mask).to(self._device)
