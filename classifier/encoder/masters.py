"""Training a bf16 network on a CPU: fp32 master weights, layer-wise learning rates, checkpoints."""

from __future__ import annotations

from pathlib import Path

import torch
from torch import Tensor, nn

from classifier.encoder.network import Network

HEAD_RATE = 8.0
WARM_UP = 0.06
WEIGHT_DECAY = 0.01
LARGEST_GRADIENT = 1.0


class Masters:
    """fp32 copies of the trained weights, with AdamW on them; gradients arrive in bf16, weights go back in
    bf16.

    rate: peak learning rate of the top layer; each layer below learns `decay` times as fast, heads 8 times.
    """

    def __init__(self, network: Network, rate: float, decay: float) -> None:
        self._trained = {n: p for n, p in network.named_parameters() if p.requires_grad}
        self.copies: dict[str, Tensor] = {n: p.detach().float().clone() for n, p in self._trained.items()}
        layers = network.encoder.config.num_hidden_layers
        groups = []
        for name, copy in self.copies.items():
            peak = rate * _rate_factor(name, layers, decay)
            weight_decay = WEIGHT_DECAY if copy.dim() > 1 else 0.0
            groups.append({"params": [copy], "lr": peak, "peak": peak, "weight_decay": weight_decay})
        self._adam = torch.optim.AdamW(groups, betas=(0.9, 0.98), fused=True)

    def step(self, scale: float) -> None:
        """One update at `scale` times the peak rates, the gradient clipped."""
        for name, parameter in self._trained.items():
            if parameter.grad is not None:
                self.copies[name].grad = parameter.grad.float()
                parameter.grad = None
        nn.utils.clip_grad_norm_(list(self.copies.values()), LARGEST_GRADIENT)
        for group in self._adam.param_groups:
            group["lr"] = group["peak"] * scale
        self._adam.step()
        self._copy_down()

    def save(self, path: Path, step: int) -> None:
        """Replace the checkpoint at `path`; an interruption leaves the old one whole."""
        fresh = path.with_suffix(".new")
        torch.save({"copies": self.copies, "adam": self._adam.state_dict(), "step": step}, fresh)
        fresh.replace(path)

    def restore(self, path: Path) -> int:
        """Continue from a checkpoint; returns the number of steps done."""
        state = torch.load(path, weights_only=True)
        with torch.no_grad():
            for name, copy in self.copies.items():
                copy.copy_(state["copies"][name])
        self._adam.load_state_dict(state["adam"])
        self._copy_down()
        return int(state["step"])

    def _copy_down(self) -> None:
        with torch.no_grad():
            for name, parameter in self._trained.items():
                parameter.copy_(self.copies[name])


def schedule(step: int, steps: int) -> float:
    """Share of the peak learning rate at `step` of `steps`: linear up, then linear down to 0."""
    warm = max(1, int(WARM_UP * steps))
    return min((step + 1) / warm, max(0.0, (steps - step) / max(1, steps - warm)))


def _rate_factor(name: str, layers: int, decay: float) -> float:
    if not name.startswith("encoder."):
        return HEAD_RATE
    layer = next((int(part) for part in name.split(".") if part.isdigit()), 0)
    return float(decay ** (layers - 1 - layer))
