"""Step 4: RUN -> RUN/model.onnx (fp32, fused) and RUN/model.int8.onnx, with the tokenizer beside them.

    python -m classifier.encoder.export --base BASE --run RUN

The tracing exporter at opset 17 with eager attention is what onnxruntime's BERT fusion recognises. The int8
model has weights per channel and activations quantised as they come; the heads stay fp32.
"""

from __future__ import annotations

import argparse
import shutil
import warnings
from collections import Counter
from pathlib import Path

import onnx
import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from onnxruntime.transformers.fusion_options import FusionOptions
from onnxruntime.transformers.optimizer import optimize_model

from classifier.encoder import network as networks

OPSET = 17
INPUTS = ("input_ids", "attention_mask")
QUANTISED = ("MatMul", "Attention", "EmbedLayerNormalization", "Gather")


def export(network: networks.Network, target: Path) -> Counter[str]:
    """Write the fused fp32 model; returns how many operators of each kind it has."""
    raw = target.with_suffix(".raw.onnx")
    ids = torch.tensor([[0, 5, 6, 7, 2], [0, 5, 2, 1, 1]])
    mask = torch.tensor([[1, 1, 1, 1, 1], [1, 1, 1, 0, 0]])
    outputs = networks.Outputs._fields
    axes = {name: {0: "messages"} for name in outputs} | {name: {0: "messages", 1: "tokens"} for name in INPUTS}
    with warnings.catch_warnings(), torch.no_grad():
        warnings.simplefilter("ignore")
        torch.onnx.export(
            network.eval(), (ids, mask), str(raw), dynamo=False, opset_version=OPSET,
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


def quantise(source: Path, target: Path) -> None:
    """The int8 model of an fp32 one."""
    quantize_dynamic(
        str(source), str(target), op_types_to_quantize=list(QUANTISED), per_channel=True,
        weight_type=QuantType.QInt8, extra_options={"DefaultTensorType": onnx.TensorProto.FLOAT},
    )  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--base", type=Path, required=True)
    parser.add_argument("--run", type=Path, required=True)
    options = parser.parse_args()
    kinds = export(networks.load(options.run), options.run / "model.onnx")
    quantise(options.run / "model.onnx", options.run / "model.int8.onnx")
    shutil.copyfile(options.base / "tokenizer.json", options.run / "tokenizer.json")
    size = (options.run / "model.int8.onnx").stat().st_size / 1e6
    print(f"{options.run}: int8 {size:.1f} MB; fused {kinds['Attention']} attentions", kinds)


if __name__ == "__main__":
    main()
