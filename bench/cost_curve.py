"""Documents per second of the shipped int8 encoder against length and batch, one thread; drawn as SVG.

python -m bench.cost_curve        prints {"<tokens>": {"<batch>": documents per CPU second}}
"""

from __future__ import annotations

import io
import json
import math
import time

import matplotlib as mpl
import numpy as np
import onnxruntime
from matplotlib.figure import Figure
from matplotlib.ticker import FixedLocator, NullLocator

from classifier.encoder.artefact import MODEL
from classifier.registry import SHIPPED

TOKENS = (16, 32, 64, 128, 256)
BATCHES = (1, 4, 8, 16)
DOCUMENTS = 16
Curve = dict[str, dict[str, float]]


def measure() -> Curve:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    session = onnxruntime.InferenceSession(str(SHIPPED / MODEL), options, providers=["CPUExecutionProvider"])
    random = np.random.default_rng(1)
    curve: Curve = {}
    for tokens in TOKENS:
        rows = random.integers(4, 5000, (DOCUMENTS, tokens))
        curve[str(tokens)] = {str(batch): _speed(session, rows, batch) for batch in BATCHES}
    return curve


def _speed(session: onnxruntime.InferenceSession, rows, batch: int) -> float:
    """Documents per CPU second: the best of three, for other work on the machine only ever slows it down."""
    best = math.inf
    for _ in range(3):
        used = time.process_time()
        for start in range(0, len(rows), batch):
            part = rows[start : start + batch]
            session.run(["topic"], {"input_ids": part, "attention_mask": np.ones_like(part)})
        best = min(best, time.process_time() - used)
    return round(len(rows) / best, 1)


def draw(curve: Curve) -> str:
    """SVG text; both axes logarithmic, one line a batch size."""
    with mpl.rc_context({"svg.fonttype": "none", "svg.hashsalt": "cost", "font.size": 9}):
        figure = Figure(figsize=(7, 4))
        axes = figure.subplots()
        for batch in BATCHES:
            speeds = [row[str(batch)] for row in curve.values()]
            axes.plot([int(tokens) for tokens in curve], speeds, marker="o", label=f"batch {batch}")
        axes.set(xscale="log", yscale="log", xlabel="tokens a document", ylabel="documents per CPU second")
        for axis, ticks in ((axes.xaxis, TOKENS), (axes.yaxis, (10, 20, 50, 100, 200, 500))):
            axis.set_major_locator(FixedLocator(ticks))
            axis.set_major_formatter("{x:g}")
            axis.set_minor_locator(NullLocator())
        axes.grid(color="#ddd")
        axes.legend()
        axes.set_title("int8 encoder, one thread")
        figure.tight_layout()
        drawn = io.StringIO()
        figure.savefig(drawn, format="svg", metadata={"Creator": None, "Date": None, "Format": None, "Type": None})
    return drawn.getvalue()


if __name__ == "__main__":
    print(json.dumps(measure()))
