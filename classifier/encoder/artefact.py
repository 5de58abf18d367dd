"""The served artefact: one folder with everything a prediction needs, checked by hash before it is used."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from pathlib import Path

from classifier.encoder.mixture import Mixture
from classifier.errors import ArtefactError
from classifier.labels import unknown_codes

MANIFEST, MODEL, HEADS, TOKENIZER, NGRAMS = "artefact.json", "model.int8.onnx", "heads.npz", "tokenizer.json", "ngrams"
WEIGHTS = ("model.safetensors", "config.json", "labels.json")
FORMAT = 2


@dataclass(frozen=True, slots=True)
class Artefact:
    """labels: topic and disposition codes in the order of the topic head; intents and urgencies likewise.

    limit: tokens read of a message. The temperatures divide the logits of the three heads.
    """

    version: str
    labels: tuple[str, ...]
    intents: tuple[str, ...]
    urgencies: tuple[str, ...]
    limit: int
    topic_temperature: float
    intent_temperature: float
    urgency_temperature: float
    mixture: Mixture


def write_manifest(folder: Path, artefact: Artefact) -> None:
    """Hash every file of the folder and write the manifest beside them."""
    paths = [path for path in sorted(folder.rglob("*")) if path.is_file() and path != folder / MANIFEST]
    files = {path.relative_to(folder).as_posix(): _sha256(path) for path in paths}
    content = {"format": FORMAT, **asdict(artefact), "files": files}
    (folder / MANIFEST).write_text(json.dumps(content, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def open_artefact(folder: Path) -> Artefact:
    """The manifest of a whole, undamaged folder whose codes this program knows; ArtefactError otherwise."""
    try:
        content = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        if content.pop("format") != FORMAT:
            raise ArtefactError(f"{folder}: made for another version of this program", "format", MANIFEST)
        for name, expected in content.pop("files").items():
            if _sha256(folder / name) != expected:
                raise ArtefactError(f"{folder / name}: damaged, its SHA-256 is not the manifest's", file=name)
        mixture = content.pop("mixture")
        mixture["urgent_from"] = tuple(mixture["urgent_from"])
        mixture["confidence_steps"] = tuple((before, after) for before, after in mixture["confidence_steps"])
        for name in ("labels", "intents", "urgencies"):
            content[name] = tuple(content[name])
        artefact = Artefact(**content, mixture=Mixture(**mixture))
        unknown = unknown_codes(artefact.labels, artefact.intents, artefact.urgencies)
    except FileNotFoundError as error:
        raise ArtefactError(f"{error.filename}: missing", "missing", Path(error.filename).name) from error
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise ArtefactError(f"{folder / MANIFEST}: not a classifier artefact: {error!r}", file=MANIFEST) from error
    if unknown:
        raise ArtefactError(
            f"{folder}: labels that this program does not know: {', '.join(unknown)}", "labels", MANIFEST
        )
    return artefact


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
