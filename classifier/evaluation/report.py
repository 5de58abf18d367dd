"""One evaluation, from labelled messages and models to a report ready for JSON."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from classifier.baseline.examples import Example, ExamplesError, read_examples
from classifier.evaluation.answers import of_classifier
from classifier.evaluation.figures import compared, figures_of
from classifier.evaluation.split import parts_of
from classifier.evaluation.yardsticks import cross_validated, held_out, without_neighbours
from classifier.interface import Classifier

FORMAT = 1
Report = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to evaluate. models: by name, the one in question first, then the one it is compared with.

    split, part: judge only this part of the files. train: more messages for the yardsticks to learn from, beside
    the part `train` of a split. folds: of the yardsticks' cross-validation over all of the files; 0 for none.
    """

    files: Sequence[Path]
    models: dict[str, Classifier]
    yardsticks: Sequence[str] = ()
    train: Sequence[Path] = ()
    split: Path | None = None
    part: str = "test"
    folds: int = 0


def evaluate(wanted: Wanted, say: Callable[[str], None]) -> Report:
    """The report; `say` is told what is being done. ExamplesError when the files do not serve."""
    examples, more = read_examples(wanted.files), read_examples(wanted.train)
    parts = parts_of(examples, wanted.split) if wanted.split else {}
    judged = parts[wanted.part] if parts else examples
    if not any(e.label or e.intent or e.urgency for e in judged):
        raise ExamplesError("no labelled messages to judge by")
    answers = []
    for name, model in wanted.models.items():
        say(f"{name}: {len(judged)}")
        answers.append(of_classifier(name, model, judged))
    known = [*(parts["train"] if parts and wanted.part != "train" else []), *more]
    if wanted.yardsticks and known and any(e.label for e in judged):
        aside = parts["dev"] if parts and wanted.part != "dev" else []
        material = without_neighbours(known, judged, aside)
        for kind in wanted.yardsticks:
            say(f"{kind}: {len(material.known)} -> {len(judged)}")
            answers.append(held_out(kind, material, judged))
    elif wanted.yardsticks and not wanted.folds:
        raise ExamplesError("the yardsticks need messages to learn from: give --train, --split or --folds")
    return {
        "format": FORMAT,
        "created": datetime.now(UTC).isoformat(timespec="seconds"),
        "files": [path.name for path in wanted.files],
        "part": wanted.part if parts else None,
        "messages": len(judged),
        "models": [figures_of(judged, a) for a in answers],
        "served": len(wanted.models),
        "comparisons": [compared(judged, answers[0], a) for a in answers[1:] if any(e.label for e in judged)],
        "cross_validation": _cross_validation(wanted, [*examples, *more], say) if wanted.folds else None,
    }


def _cross_validation(wanted: Wanted, rows: Sequence[Example], say: Callable[[str], None]) -> Report:
    models: list[Report] = []
    for answers, judged in cross_validated(wanted.yardsticks, rows, wanted.folds, say):
        models.append(figures_of(judged, answers))
    return {"folds": wanted.folds, "messages": models[0]["messages"] if models else 0, "models": models}
