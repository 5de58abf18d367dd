"""One process that serves the texts of a JSON file, as a worker does; prints its figures as JSON.

python -m bench.serve_texts TEXTS.json
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from statistics import quantiles

import psutil

import classifier
from classifier.encoder.mixture import certain, ngram_opinion
from classifier.encoder.serve import EncoderClassifier

BATCH = 64
SINGLE = 150


def main() -> None:
    texts = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    messages = [classifier.Message(text) for text in texts]
    begun = time.perf_counter()
    model = classifier.active()
    load = time.perf_counter() - begun
    assert isinstance(model, EncoderClassifier), "the shipped encoder does not serve"
    model.classify(messages[:4])
    wall, cpu = timed(lambda: [model.classify(messages[at : at + BATCH]) for at in range(0, len(messages), BATCH)])
    encoder_wall, _ = timed(lambda: model.embeddings(messages))
    single = [timed(lambda message=message: model.classify([message]))[0] for message in messages[:SINGLE]]
    cuts = quantiles(single, n=100)
    figures = {
        "model": model.version,
        "labels": len(model.labels),
        "docs_per_s": len(texts) / wall,
        "docs_per_cpu_s": len(texts) / cpu,
        "encoder_docs_per_s": len(texts) / encoder_wall,
        "n_grams_alone": alone(model, messages),
        "p50_ms": cuts[49] * 1e3,
        "p95_ms": cuts[94] * 1e3,
        "load_s": load,
        "rss_mb": psutil.Process().memory_info().rss / 1e6,
    }
    print(json.dumps(figures))


def timed(work) -> tuple[float, float]:
    """Wall seconds and CPU seconds of this process."""
    begun, used = time.perf_counter(), time.process_time()
    work()
    return time.perf_counter() - begun, time.process_time() - used


def alone(model: EncoderClassifier, messages: list[classifier.Message]) -> float:
    """Share of the messages that the encoder does not see."""
    if model.partner is None:
        return 0.0
    own = ngram_opinion(model.partner, messages, model.labels)
    return float(certain(own, model.labels, model.mixture).mean())


if __name__ == "__main__":
    main()
