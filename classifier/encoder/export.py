"""Step 4: RUN -> RUN/model.onnx (fp32, fused), RUN/model.int8.onnx, RUN/heads.npz, and the tokenizer beside them.

    python -m classifier.encoder.export --base BASE --run RUN

The tracing exporter at opset 17 with eager attention is what onnxruntime's BERT fusion recognises. The int8
model has weights per channel and activations quantised as they come; the heads stay fp32. A fifth output, the
token states, and the topic head's weights serve explanations and sentence-level reading.
"""

from __future__ import annotations

import argparse
import shutil
import warnings
from collections import Counter
from pathlib import Path

import numpy as np
import onnx
import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from onnxruntime.transformers.fusion_options import FusionOptions
from onnxruntime.transformers.optimizer import optimize_model
from torch import Tensor, nn

from classifier.encoder import network as networks

OPSET = 17
INPUTS = ("input_ids", "attention_mask")
STATES = "states"
QUANTISED = ("MatMul", "Attention", "EmbedLayerNormalization", "Gather")


class _WithStates(nn.Module):  # type: ignore[misc,unused-ignore]
    """The network's four outputs and the states that they were read from."""

    def __init__(self, network: networks.Network) -> None:
        super().__init__()
        self.network = network

    def forward(self, input_ids: Tensor, attention_mask: Tensor) -> tuple[Tensor, ...]:
        states = self.network.states(input_ids, attention_mask)
        return (*self.network.read(states, attention_mask), states)


def export(network: networks.Network, target: Path) -> Counter[str]:
    """Write the fused fp32 model; returns how many operators of each kind it has."""
    raw = target.with_suffix(".raw.onnx")
    ids = torch.tensor([[0, 5, 6, 7, 2], [0, 5, 2, 1, 1]])
    mask = torch.tensor([[1, 1, 1, 1, 1], [1, 1, 1, 0, 0]])
    outputs = (*networks.Outputs._fields, STATES)
    axes = {name: {0: "messages"} for name in networks.Outputs._fields}
    axes |= {name: {0: "messages", 1: "tokens"} for name in (*INPUTS, STATES)}
    with warnings.catch_warnings(), torch.no_grad():
        warnings.simplefilter("ignore")
        torch.onnx.export(
            _WithStates(network).eval(), (ids, mask), str(raw), dynamo=False, opset_version=OPSET,
            input_names=list(INPUTS), output_names=list(outputs), dynamic_axes=axes,
        )  # fmt: skip
    config = network.encoder.config
    fused = optimize_model(
        str(raw), model_type="bert", num_heads=config.num_attention_heads, hidden_size=config.hidden_size,
        opt_level=0, optimization_options=FusionOptions("bert"),
    )  # fmt: skip
    fused.save_model_to_file(str(target))
    raw.unlink()
    return Counter(node.op_type for node in fused.model.graph.node)


def write_heads(network: networks.Network, target: Path) -> None:
    """The topic head: `topic_weights` [labels, hidden] and `topic_bias` [labels], fp32."""
    weights, bias = (t.detach().float().numpy() for t in (network.topic.weight, network.topic.bias))
    np.savez(target, topic_weights=weights, topic_bias=bias)


def quantise(source: Path, target: Path) -> None:
    """The int8 model of an fp32 one. The heads are kept out: the quantiser would turn each Gemm into a MatMul.

    Weights have 7 bits: with 8, sums overflow on processors without VNNI; here both give the same accuracy.
    """
    heads = [f"{node.name}_MatMul" for node in onnx.load(source).graph.node if node.op_type == "Gemm"]
    quantize_dynamic(
        str(source), str(target), op_types_to_quantize=list(QUANTISED), per_channel=True, nodes_to_exclude=heads,
        weight_type=QuantType.QInt8, reduce_range=True, extra_options={"DefaultTensorType": onnx.TensorProto.FLOAT},
    )  # fmt: skip


def write(base: Path, run: Path) -> None:
    """Write RUN's two models and its heads, and BASE's tokenizer beside them."""
    network = networks.load(run)
    kinds = export(network, run / "model.onnx")
    write_heads(network, run / "heads.npz")
    quantise(run / "model.onnx", run / "model.int8.onnx")
    shutil.copyfile(base / "tokenizer.json", run / "tokenizer.json")
    size = (run / "model.int8.onnx").stat().st_size / 1e6
    print(f"{run}: int8 {size:.1f} MB; fused {kinds['Attention']} attentions", kinds, flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--base", type=Path, required=True)
    parser.add_argument("--run", type=Path, required=True)
    options = parser.parse_args()
    write(options.base, options.run)


if __name__ == "__main__":
    main()
