"""Step 2b: training messages whose label the out-of-fold teacher doubts, for a second reading.

    python -m classifier.encoder.suspects --work WORK --out SUSPECTS.jsonl

Confident learning (Northcutt et al. 2021) in its plainest form: where the teacher, which has not seen the
message, prefers another label than the reader's first and second, or the reader was unsure himself, the message
is read again by somebody who sees both labels but not whose they are. The answers become a file of revisions
(see prepare). SUSPECTS holds texts: it stays outside the repository.
"""

from __future__ import annotations

import argparse
import json
import random
from pathlib import Path

import numpy as np

from classifier.encoder import metrics
from classifier.encoder.prepare import text_hash
from classifier.encoder.records import read_records

SEED = 5


def suspects(work: Path) -> list[dict[str, str | list[str]]]:
    """Rows {id, hash, title, text, options: two codes in alphabetical order, reply}, shuffled."""
    rows = list(read_records(work / "train.jsonl"))
    stored = np.load(work / "ngrams-teacher.npz")
    labels = stored["labels"].tolist()
    best = metrics.best_topics(np.exp(stored["train"].astype(np.float64)), labels)
    out: list[dict[str, str | list[str]]] = []
    for record, place in zip(rows, best, strict=True):
        other = labels[place]
        doubted = other not in (record.label, record.second) or (other != record.label and record.confidence == "low")
        if doubted and record.source != "synthetic":
            options = sorted({record.label, other})
            row = {"id": record.id, "hash": text_hash(record), "title": record.title, "text": record.text}
            out.append({**row, "options": options, "reply": record.reply[:160]})
    random.Random(SEED).shuffle(out)  # noqa: S311 (an order, not a secret)
    return out


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    rows = suspects(options.work)
    options.out.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    print(f"{options.out}: {len(rows)} messages to read again")


if __name__ == "__main__":
    main()
