"""Cross-validation of the whole way: every labelled message read by a model that neither saw it nor was tuned on it.

    python -m classifier.encoder.folds MINE.jsonl ... --base BASE --work WORK [--folds 5] [--epochs 4]

Each fold is a `retrain` of its own under WORK/fold1, WORK/fold2, ...: the fold is its test part, half as many of the
other messages are its dev part, the rest and the written texts train. Near-duplicates stay on one side. What the
packaged model answers is counted, beside the SVM that learnt the same messages, with paired intervals; printed, and
written to WORK/folds.json. Folds that are finished are not run again.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from classifier.baseline.examples import Example, read_examples
from classifier.baseline.fit import SOFTMAX_STEPS
from classifier.encoder.calibrate import ngram_probabilities, routing_threshold
from classifier.encoder.prepare import parts_by_group, without_copies, write_split
from classifier.encoder.records import read_records
from classifier.encoder.retrain import SYNTHETIC, Work, copied, retrain
from classifier.encoder.train import Options
from classifier.evaluation.answers import Answers, of_classifier, of_probabilities, together
from classifier.evaluation.figures import compared, figures_of
from classifier.near_duplicates import group_ids
from classifier.registry import open_model

SHOWN = ("topic", "domain", "top3", "first_or_second")


@dataclass(frozen=True, slots=True)
class Fold:
    """What the two models of a fold say of its test messages."""

    messages: list[Example]
    served: Answers
    svm: Answers


def write_splits(labelled: Sequence[Path], work: Path, folds: int) -> list[Path]:
    """One split a fold, as `prepare` reads it; those that are there are kept."""
    paths = [work / f"fold{number}" / "split.jsonl" for number in range(1, folds + 1)]
    if not all(path.exists() for path in paths):
        records = without_copies(record for path in labelled for record in read_records(path))
        groups = group_ids([record.title + record.text for record in records])
        halves = parts_by_group(records, groups.tolist(), 2 * folds)
        for number, path in enumerate(paths):
            test = halves[2 * number] + halves[2 * number + 1]
            parts = dict.fromkeys((r.id for r in test), "test")
            parts |= dict.fromkeys((r.id for r in halves[(2 * number + 2) % len(halves)]), "dev")
            path.parent.mkdir(parents=True, exist_ok=True)
            write_split(path, records, parts)
    return paths


def read_fold(folder: Path) -> Fold:
    """What a finished fold answers."""
    data, model = folder / "data", open_model(folder / "model")
    messages = read_examples([data / "test.jsonl"])
    records = {part: list(read_records(data / f"{part}.jsonl")) for part in ("dev", "test")}
    labels = sorted({record.label for record in read_records(data / "train.jsonl")})
    dev, test = (ngram_probabilities(data, "svm", part, labels) for part in ("dev", "test"))
    svm = of_probabilities("svm", "", test, labels, routing_threshold(dev, labels, records["dev"]))
    return Fold(messages, of_classifier("encoder", model, messages), svm)


def report(folds: Sequence[Fold]) -> dict[str, Any]:
    """Figures over all folds together, with intervals, and of the served model in each."""
    messages = [message for fold in folds for message in fold.messages]
    served, svm = together([fold.served for fold in folds]), together([fold.svm for fold in folds])
    return {
        "folds": len(folds),
        "messages": len(messages),
        "models": [figures_of(messages, served), figures_of(messages, svm)],
        "comparison": compared(messages, served, svm),
        "each": [figures_of(fold.messages, fold.served) for fold in folds],
    }


def cross_validate(
    labelled: Sequence[Path],
    work: Path,
    options: Options,
    *,
    build_base: Callable[[Path], object],
    folds: int = 5,
    teacher: str = "teacher",
    ngram_steps: int = SOFTMAX_STEPS,
) -> dict[str, Any]:
    """Train and judge every fold; returns the report over those that are finished, which WORK/folds.json also holds."""
    done: list[Fold] = []
    for split in write_splits(labelled, work, folds):
        folder = split.parent

        def train(folder: Path = folder) -> object:
            steps, out = Work(folder), folder / "model"
            return retrain(
                labelled, steps, out, options, build_base=build_base, teacher=teacher, ngram_steps=ngram_steps
            )

        Work(folder).step("model", train)
        done.append(read_fold(folder))
        (work / "folds.json").write_text(json.dumps(report(done), indent=1, ensure_ascii=False), encoding="utf-8")
    return report(done)


def table(results: dict[str, Any]) -> str:
    """Markdown: the two models, and the served one's lead, in percent with intervals."""
    lines = [f"| {results['folds']} folds, {results['messages']} messages | " + " | ".join(SHOWN) + " |"]
    lines.append("|---" * (len(SHOWN) + 1) + "|")
    for model in results["models"]:
        lines.append(f"| {model['name']} | " + " | ".join(_percent(model[name], "value") for name in SHOWN) + " |")
    lead = results["comparison"]
    lines.append("| lead | " + " | ".join(_percent(lead[name], "difference") for name in SHOWN) + " |")
    routed = results["models"][0]["routed"]
    lines.append(f"auto-routed {_percent(routed['share'], 'value')}, right {_percent(routed['domain'], 'value')}")
    return "\n".join(lines)


def _percent(figure: dict[str, Any], name: str) -> str:
    if figure[name] is None:
        return "-"
    low, high = (100 * value for value in figure["interval"])
    return f"{100 * figure[name]:.1f} ({low:.1f} to {high:.1f})"


def main() -> None:
    defaults = Options()
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("labelled", nargs="+", type=Path)
    parser.add_argument("--base", type=Path, required=True)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--folds", type=int, default=5)
    parser.add_argument("--epochs", type=float, default=4.0)
    parser.add_argument("--teacher", choices=("none", "svm", "teacher"), default="teacher")
    parser.add_argument("--without-synthetic", action="store_true", help="only your own messages")
    given = parser.parse_args()
    labelled = [*given.labelled, *([] if given.without_synthetic else sorted(SYNTHETIC.glob("[!u]*.jsonl")))]
    options = replace(defaults, epochs=given.epochs)
    results = cross_validate(
        labelled, given.work, options, build_base=copied(given.base), folds=given.folds, teacher=given.teacher
    )
    print(table(results))


if __name__ == "__main__":
    main()
