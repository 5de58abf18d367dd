"""Step 3c: unlabelled messages -> training messages with the label that a finished RUN is sure of.

    python -m classifier.encoder.pseudo_label --run RUN --out PSEUDO.jsonl [--sure 0.8] UNLABELLED.jsonl ...

Self-training (Lee 2013). At most `MOST` messages a topic, the surest left out last, so that the many easy ones do
not drown the rest. Needs RUN's int8 model and calibration. The texts stay outside the repository.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from classifier.encoder import metrics
from classifier.encoder.calibrate import logits_of
from classifier.encoder.records import Record, write_records
from classifier.labels import INTENTS

MOST = 120


def pseudo_labelled(run: Path, texts: Sequence[tuple[str, str]], sure: float) -> list[Record]:
    """Records of those (id, text) whose topic has at least the probability `sure`, confidence low."""
    labels = json.loads((run / "labels.json").read_text(encoding="utf-8"))
    fitted = json.loads((run / "calibration.json").read_text(encoding="utf-8"))
    arrays = logits_of(run, [Record(id=key, text=text, label=labels[0]) for key, text in texts])
    p = metrics.probabilities(arrays.topic, fitted["temperatures"][0])
    taken: Counter[int] = Counter()
    out = []
    for row in np.argsort(p.max(1), kind="stable"):
        best = int(p[row].argmax())
        if p[row, best] >= sure and taken[best] < MOST:
            taken[best] += 1
            key, text = texts[row]
            intent = INTENTS[int(arrays.intent[row].argmax())]
            out.append(
                Record(id=key, text=text, label=labels[best], intent=intent, confidence="low", source="synthetic")
            )
    return out


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("unlabelled", nargs="+", type=Path)
    parser.add_argument("--run", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--sure", type=float, default=0.8)
    options = parser.parse_args()
    texts = []
    for path in options.unlabelled:
        for line in path.read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            texts.append((str(row["id"]), str(row["text"])))
    records = pseudo_labelled(options.run, texts, options.sure)
    write_records(options.out, records)
    print(f"{options.out}: {len(records)} of {len(texts)} messages", Counter(r.label for r in records).most_common(8))


if __name__ == "__main__":
    main()
