"""The served artefact: one folder with everything a prediction needs, checked by hash before it is used."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from pathlib import Path

from classifier.baseline.artefact import ArtefactError

MANIFEST = "artefact.json"
FORMAT = 1


@dataclass(frozen=True, slots=True)
class Artefact:
    """labels: topic and disposition codes in the order of the topic head; intents and urgencies likewise.

    limit: tokens read of a message. review_below: probability of the domain under which a person decides;
    review_below_blended: the same when `ngram_share` of the probabilities is the n-gram model's.
    """

    version: str
    labels: tuple[str, ...]
    intents: tuple[str, ...]
    urgencies: tuple[str, ...]
    limit: int
    topic_temperature: float
    intent_temperature: float
    urgency_temperature: float
    review_below: float
    ngram_share: float
    review_below_blended: float


def write_manifest(folder: Path, artefact: Artefact) -> None:
    """Hash every file of the folder and write the manifest beside them."""
    files = {path.name: _sha256(path) for path in sorted(folder.iterdir()) if path.name != MANIFEST}
    content = {"format": FORMAT, **asdict(artefact), "files": files}
    (folder / MANIFEST).write_text(json.dumps(content, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def open_artefact(folder: Path) -> Artefact:
    """The manifest of a whole, undamaged folder; ArtefactError otherwise."""
    try:
        content = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        if content.pop("format") != FORMAT:
            raise ArtefactError(f"{folder}: made for another version of this program")
        for name, expected in content.pop("files").items():
            if _sha256(folder / name) != expected:
                raise ArtefactError(f"{folder / name}: damaged, its SHA-256 is not the manifest's")
        for name in ("labels", "intents", "urgencies"):
            content[name] = tuple(content[name])
        return Artefact(**content)
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise ArtefactError(f"{folder}: not a classifier artefact: {error}") from error


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
