"""The network: any transformers encoder, mean pooling, and three linear heads in one pass."""

from __future__ import annotations

import json
from pathlib import Path
from typing import NamedTuple

from safetensors.torch import load_file, save_file
from torch import Tensor, nn
from transformers import AutoConfig, AutoModel

from classifier.labels import INTENTS, URGENCIES


class Outputs(NamedTuple):
    """Logits [n, topics], [n, intents], [n, urgencies], and the pooled embedding [n, hidden], all fp32."""

    topic: Tensor
    intent: Tensor
    urgency: Tensor
    embedding: Tensor


class Network(nn.Module):  # type: ignore[misc,unused-ignore]
    """`encoder` is a bare AutoModel; attention is eager: it trains fastest in bf16 on a CPU."""

    def __init__(self, encoder: nn.Module, labels: tuple[str, ...], dropout: float = 0.1) -> None:
        super().__init__()
        self.encoder = encoder
        self.labels = labels
        hidden = encoder.config.hidden_size
        self.dropout = nn.Dropout(dropout)
        self.topic = nn.Linear(hidden, len(labels))
        self.intent = nn.Linear(hidden, len(INTENTS))
        self.urgency = nn.Linear(hidden, len(URGENCIES))

    def forward(self, input_ids: Tensor, attention_mask: Tensor) -> Outputs:
        return self.read(self.states(input_ids, attention_mask), attention_mask)

    def states(self, input_ids: Tensor, attention_mask: Tensor) -> Tensor:
        """The encoder's last hidden states, [n, tokens, hidden]."""
        states: Tensor = self.encoder(input_ids=input_ids, attention_mask=attention_mask).last_hidden_state
        return states

    def read(self, states: Tensor, attention_mask: Tensor) -> Outputs:
        """What the heads say of the mean of the states that are not padding."""
        weights = attention_mask.unsqueeze(-1).to(states.dtype)
        pooled = ((states * weights).sum(1) / weights.sum(1)).float()
        seen = self.dropout(pooled)
        return Outputs(self.topic(seen), self.intent(seen), self.urgency(seen), pooled)

    def heads(self) -> tuple[nn.Linear, nn.Linear, nn.Linear]:
        return self.topic, self.intent, self.urgency


def from_base(base: Path, labels: tuple[str, ...]) -> Network:
    """A network with new heads on the encoder of a checkpoint directory."""
    encoder = AutoModel.from_pretrained(base, attn_implementation="eager", add_pooling_layer=False)
    return Network(encoder, labels)


def save(network: Network, state: dict[str, Tensor], folder: Path) -> None:
    """Write weights (`state`, as fp32), encoder config and labels; `load` reads them."""
    folder.mkdir(parents=True, exist_ok=True)
    network.encoder.config.save_pretrained(folder)
    weights = {name: value.detach().float().contiguous() for name, value in state.items()}
    save_file(weights, folder / "model.safetensors")
    (folder / "labels.json").write_text(json.dumps(list(network.labels)), encoding="utf-8")


def load(folder: Path) -> Network:
    """The network that `save` wrote, fp32, in eval mode."""
    labels = tuple(json.loads((folder / "labels.json").read_text(encoding="utf-8")))
    config = AutoConfig.from_pretrained(folder)
    config._attn_implementation = "eager"
    network = Network(AutoModel.from_config(config, add_pooling_layer=False), labels)
    network.load_state_dict(load_file(folder / "model.safetensors"), strict=True)
    network.eval()
    return network
