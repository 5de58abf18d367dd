"""Step 3b: several RUNs that started from the same weights -> one RUN with their mean weights.

    python -m classifier.encoder.average --out RUN RUN1 RUN2 ...

Runs that differ in seed only lie in one basin; the mean of their weights answers like their ensemble at the cost
of one (model soups, Wortsman et al. 2022).
"""

from __future__ import annotations

import argparse
import json
import shutil
from collections.abc import Sequence
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file


def average(runs: Sequence[Path], out: Path) -> None:
    """Write the mean network. ValueError when the runs do not have the same labels."""
    labels = {(run / "labels.json").read_text(encoding="utf-8") for run in runs}
    if len(labels) != 1:
        raise ValueError("the runs do not have the same labels")
    weights = [load_file(run / "model.safetensors") for run in runs]
    mean = {name: torch.stack([w[name] for w in weights]).mean(0).contiguous() for name in weights[0]}
    out.mkdir(parents=True, exist_ok=True)
    save_file(mean, out / "model.safetensors")
    for name in ("labels.json", "config.json"):
        shutil.copyfile(runs[0] / name, out / name)
    used = [json.loads((run / "options.json").read_text(encoding="utf-8")) for run in runs]
    (out / "options.json").write_text(json.dumps({**used[0], "mean_of": [u["seed"] for u in used]}), encoding="utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("runs", nargs="+", type=Path)
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    average(options.runs, options.out)


if __name__ == "__main__":
    main()
