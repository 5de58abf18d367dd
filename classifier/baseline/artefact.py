"""The artefact: a folder of two files, model.json (the card, with the labels) and weights.npz, checked when opened."""

from __future__ import annotations

import hashlib
import json
import zipfile
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from classifier.baseline.features import Floats, Keys
from classifier.errors import ArtefactError
from classifier.labels import unknown_codes

CARD, WEIGHTS = "model.json", "weights.npz"
FORMAT = 1
HEADS = ("topic", "intent", "urgency")


@dataclass(frozen=True, slots=True)
class Card:
    """What the weights mean. temperature: what topic scores are divided by before the softmax.

    review_below: probability of the best domain under which a person decides. urgent_from: for U1, U2 and U3 the
    probability of that level or a higher one from which the model says so. metrics: cross-validated, see train.py.
    made_from: rows by file name and the SHA-256 of the training rows.
    """

    version: str
    labels: tuple[str, ...]
    intents: tuple[str, ...]
    urgencies: tuple[str, ...]
    temperature: float
    review_below: float
    urgent_from: tuple[float, float, float]
    made_from: dict[str, Any] = field(default_factory=dict)
    metrics: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Quantised:
    """One head: weights are steps * scale; steps int8 [n-grams, labels], scale and bias [labels]."""

    steps: NDArray[np.int8]
    scale: Floats
    bias: Floats


@dataclass(frozen=True, slots=True)
class Artefact:
    card: Card
    vocabulary: Keys
    idf: Floats
    heads: dict[str, Quantised]


def quantise(weights: Floats, bias: Floats) -> Quantised:
    """Weights of each label in 255 steps. The largest 0.01 % are cut off, which costs less than coarser steps."""
    most = np.quantile(np.abs(weights), 0.9999, axis=0)
    scale = (np.maximum(most, 1e-6) / 127).astype(np.float32)
    steps = np.clip(np.round(weights / scale), -127, 127).astype(np.int8)
    return Quantised(steps, scale, bias.astype(np.float32))


def save(folder: Path, artefact: Artefact) -> None:
    """Write the folder; the card last, so that a folder with a card is whole."""
    folder.mkdir(parents=True, exist_ok=True)
    arrays = {
        f"{name}_{part}": getattr(head, part)
        for name, head in artefact.heads.items()
        for part in ("steps", "scale", "bias")
    }
    np.savez_compressed(folder / WEIGHTS, vocabulary=artefact.vocabulary, idf=artefact.idf.astype(np.float16), **arrays)
    card = {"format": FORMAT, **asdict(artefact.card), "sha256": _sha256(folder / WEIGHTS)}
    (folder / CARD).write_text(json.dumps(card, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def load(folder: Path) -> Artefact:
    """The artefact of a whole folder whose labels this program knows; ArtefactError otherwise."""
    try:
        card = _card(json.loads((folder / CARD).read_text(encoding="utf-8")), folder)
        with np.load(folder / WEIGHTS, allow_pickle=False) as arrays:
            artefact = Artefact(
                card,
                arrays["vocabulary"],
                arrays["idf"].astype(np.float32),
                {
                    name: Quantised(arrays[f"{name}_steps"], arrays[f"{name}_scale"], arrays[f"{name}_bias"])
                    for name in HEADS
                },
            )
    except FileNotFoundError as error:
        name = Path(error.filename).name
        raise ArtefactError(f"{error.filename}: missing", "missing", name) from error
    except (OSError, ValueError, KeyError, TypeError, AttributeError, EOFError, zipfile.BadZipFile) as error:
        raise ArtefactError(f"{folder}: not a classifier artefact: {error}", file=CARD) from error
    for name, labels in zip(HEADS, (card.labels, card.intents, card.urgencies), strict=True):
        if artefact.heads[name].steps.shape != (len(artefact.vocabulary), len(labels)):
            raise ArtefactError(f"{folder}: the {name} weights do not fit the labels", "labels", WEIGHTS)
    return artefact


def _card(content: dict[str, Any], folder: Path) -> Card:
    if content.pop("format") != FORMAT:
        raise ArtefactError(f"{folder}: made for another version of this program", "format", CARD)
    if content.pop("sha256") != _sha256(folder / WEIGHTS):
        raise ArtefactError(f"{folder / WEIGHTS}: damaged, its SHA-256 is not the card's", file=WEIGHTS)
    for name in ("labels", "intents", "urgencies", "urgent_from"):
        content[name] = tuple(content[name])
    card = Card(**content)
    if unknown := unknown_codes(card.labels, card.intents, card.urgencies):
        raise ArtefactError(f"{folder}: labels that this program does not know: {', '.join(unknown)}", "labels", CARD)
    return card


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
