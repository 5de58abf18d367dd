"""Messages that the n-gram baseline reads per second on one core, beside scikit-learn's hashing of them.

`make bench` or `python -m bench.classify [FILE.jsonl]`: without a file, the project's own demo complaints, repeated.
Yardstick: HashingVectorizer(char 1-3) alone, without any model behind it. The served classifier: bench/classifier.py.
"""

from __future__ import annotations

import json
import os
import sys
import time
from pathlib import Path
from statistics import median

from sklearn.feature_extraction.text import HashingVectorizer

import classifier
from bench.system import milliseconds, record
from classifier.baseline.model import NgramClassifier
from classifier.registry import BASELINE

DEMO = Path(__file__).parent.parent / "complaints" / "demo" / "complaints.jsonl"


def main() -> None:
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    file = Path(sys.argv[1]) if len(sys.argv) > 1 else DEMO
    rows = [json.loads(line) for line in file.open(encoding="utf-8")]
    messages = [classifier.Message(row["text"], row.get("title") or "") for row in rows]
    messages = (messages * (2000 // len(messages) + 1))[:2000]
    begun = time.perf_counter()
    model = NgramClassifier(BASELINE)
    model.classify(messages[:1])
    start = time.perf_counter() - begun
    begun = time.perf_counter()
    for at in range(0, len(messages), 64):
        model.classify(messages[at : at + 64])
    batched = len(messages) / (time.perf_counter() - begun)
    single = []
    for message in messages[:400]:
        begun = time.perf_counter()
        model.classify([message])
        single.append(time.perf_counter() - begun)
    vectorizer = HashingVectorizer(analyzer="char", ngram_range=(1, 3), n_features=2**18)
    begun = time.perf_counter()
    vectorizer.transform([f"{message.title}\n{message.text}" for message in messages])
    yardstick = len(messages) / (time.perf_counter() - begun)
    record(
        "classify",
        {
            "command": "python -m bench.classify",
            "model": model.version,
            "median_length": median(len(message.text) for message in messages),
            "load_s": round(start, 2),
            "rows_per_s_batch_64": round(batched, 1),
            "single": milliseconds(single),
            "yardstick_hashing_only_rows_per_s": round(yardstick, 1),
        },
    )


if __name__ == "__main__":
    main()
